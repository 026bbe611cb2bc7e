import { LockMode } from '@mikro-orm/core';
import { refuse } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type PageArguments, type Slice } from '@rollbook/subgraph';
import { schoolChanged } from '../events.ts';
import { District, School, type DistrictRow, type SchoolRow } from './entities.ts';
import { importOrgs } from './importOrgs.ts';
import { checkGradeSpan, checkSchoolName, checkTimeZone, type Checked } from './rules.ts';
import type { Arguments, ChangeSchoolInput, CloseSchoolInput, OpenDistrictInput, OpenSchoolInput } from '../schema.types.ts';

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
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  const rows = await read<SchoolRow>(
    `select ${schoolColumns} from school s where $1::text[] is null or (s.name, s.id) > ($1[1], $1[2]::uuid) order by s.name, s.id limit $2`,
    [after, limit],
  );
  return connectionOf(rows, limit, (school) => [school.name, school.id]);
}

/** Who: a district administrator. Tells SchoolChanged. */
async function openSchool(input: OpenSchoolInput, context: Context): Promise<SchoolRow> {
  checkSchoolName(input.name);
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

/** Who: a district administrator, once: a graph serves one district. */
async function openDistrict(input: OpenDistrictInput, context: Context): Promise<DistrictRow> {
  checkSchoolName(input.name);
  return context.write(async ({ em }) => {
    const district = em.create(District, { ...input });
    await em.flush();
    return district as unknown as DistrictRow;
  });
}

/** Who: a district administrator. What is not named stays as it is. Tells SchoolChanged. */
async function changeSchool({ schoolId, reason, ...changes }: ChangeSchoolInput, context: Context): Promise<SchoolRow> {
  await context.write(async ({ em, tell }) => {
    // Locked, which row-level security grants only to who may change it: nothing is told that was not written.
    const school =
      (await em.findOne(School, { id: schoolId }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ??
      refuse('NOT_FOUND', `There is no school ${schoolId}.`);
    const wanted = { ...school, ...changes };
    checkSchoolName(wanted.name);
    checkTimeZone(wanted.timeZone);
    checkGradeSpan(wanted.lowestGrade, wanted.highestGrade);
    em.assign(school, changes as Checked<typeof changes>);
    await em.flush();
    await tell(schoolChanged({ id: schoolId, districtId: school.districtId, name: school.name, timeZone: school.timeZone }));
  }, reason);
  return schoolNow(schoolId, context);
}

/** Who: a district administrator. A school that still has students does not close: they would be in none. */
async function closeSchool({ schoolId, on, reason }: CloseSchoolInput, context: Context): Promise<SchoolRow> {
  await context.write(async ({ query }) => {
    // Locked, so that nobody is enrolled between the count and the closing: an enrollment's foreign key waits for this row.
    const known = await query('select 1 from school where id = $1 for update', [schoolId]);
    if (!known.length) refuse('NOT_FOUND', `There is no school ${schoolId}.`);
    const [{ count }] = (await query<{ count: number }>(
      'select count(*)::int as count from enrollment where school_id = $1 and (ends is null or ends > $2)',
      [schoolId, on],
    )) as [{ count: number }];
    if (count)
      refuse('SCHOOL_HAS_STUDENTS', `${count} enrollments at the school go on after ${on}: end or transfer them first.`, { count });
    await query('update school set closed_on = $2 where id = $1', [schoolId, on]);
  }, reason);
  return schoolNow(schoolId, context);
}

/** What a verb answers: the school as it is now. */
async function schoolNow(id: string, context: Context): Promise<SchoolRow> {
  const [school] = await schoolById.fetch([id], context);
  return school ?? refuse('NOT_FOUND', `There is no school ${id}.`);
}

export const schools: Slice<Arguments> = {
  entities: [District, School],
  subjects: {
    District: () => ({ schoolIds: null }),
    // Facts of an institution: whoever is signed in reads them, wherever they work.
    School: () => ({ schoolIds: null }),
  },
  refusals: {
    one_district: ['DISTRICT_EXISTS', 'There is a district already; a graph serves one.'],
  },
  resolvers: {
    Query: {
      district: (_, __, context) => findDistrict(context),
      schools: (_, page, context) => listSchools(page, context),
      school: (_, { id }, { load }) => load(schoolById, id),
    },
    Mutation: {
      openDistrict: (_, { input }, context) => openDistrict(input, context),
      openSchool: (_, { input }, context) => openSchool(input, context),
      changeSchool: (_, { input }, context) => changeSchool(input, context),
      closeSchool: (_, { input }, context) => closeSchool(input, context),
      importOrgs: (_, { input }, context) => importOrgs(input, context),
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
