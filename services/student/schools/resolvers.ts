import { refuse } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type PageArguments, type Slice } from '@rollbook/subgraph';
import { schoolChanged } from '../events.ts';
import { District, School, type DistrictRow, type SchoolRow } from './entities.ts';
import { checkGradeSpan, checkTimeZone } from './rules.ts';

const schoolColumns = columnsOf(School, 's');

export const schoolById = batch<string, SchoolRow>(
  (ids, { read }) => read(`select ${schoolColumns} from school s where s.id = any($1)`, [ids]),
  (school) => school.id,
);
const districtById = batch<string, DistrictRow>(
  (ids, { read }) => read(`select ${columnsOf(District, 'd')} from district d where d.id = any($1)`, [ids]),
  (district) => district.id,
);

async function findDistrict({ read }: Context): Promise<DistrictRow | null> {
  const [district] = await read<DistrictRow>(`select ${columnsOf(District, 'd')} from district d order by d.id limit 1`);
  return district ?? null;
}

async function listSchools(page: PageArguments, { read }: Context) {
  const { after, limit } = pageArguments(page);
  const rows = await read<SchoolRow>(
    `select ${schoolColumns} from school s where $1::text[] is null or (s.name, s.id) > ($1[1], $1[2]::uuid) order by s.name, s.id limit $2`,
    [after, limit],
  );
  return connectionOf(rows, limit, (school) => [school.name, school.id]);
}

interface OpenSchoolInput {
  readonly name: string;
  readonly identifier?: string | null;
  readonly timeZone: string;
  readonly lowestGrade: string;
  readonly highestGrade: string;
}

/** Who: a district administrator. Tells SchoolChanged. */
async function openSchool(input: OpenSchoolInput, context: Context): Promise<SchoolRow> {
  checkTimeZone(input.timeZone);
  checkGradeSpan(input.lowestGrade, input.highestGrade);
  const district = (await findDistrict(context)) ?? refuse('NO_DISTRICT', 'There is no district yet; import one first.');
  return context.write(async ({ em, tell }) => {
    const school = em.create(School, { ...input, districtId: district.id });
    await em.flush();
    await tell(schoolChanged({ id: school.id, districtId: district.id, name: school.name, timeZone: school.timeZone }));
    return school as unknown as SchoolRow;
  });
}

export const schools: Slice = {
  entities: [District, School],
  subjects: {
    District: () => ({ schoolIds: null }),
    School: (school: SchoolRow) => ({ schoolIds: [school.id] }),
  },
  resolvers: {
    Query: {
      district: (_, __, context) => findDistrict(context),
      schools: (_, page: PageArguments, context) => listSchools(page, context),
      school: (_, { id }: { id: string }, { load }) => load(schoolById, id),
    },
    Mutation: {
      openSchool: (_, { input }: { input: OpenSchoolInput }, context) => openSchool(input, context),
    },
    District: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(districtById, id),
    },
    School: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(schoolById, id),
      district: (school: SchoolRow, _, { load }) => load(districtById, school.districtId),
    },
  },
};
