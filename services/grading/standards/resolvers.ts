import { isUuid, refuse } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type Slice } from '@rollbook/subgraph';
import { checkTitle } from '../gradebook/rules.ts';
import { scaleOf } from '../grades/rules.ts';
import { checkOffice } from '../grades/scales.ts';
import { isStorable } from '../saves/rules.ts';
import { Rubric, Standard, type RubricRow, type StandardRow } from './entities.ts';
import type { Arguments, QueryRubricsArguments, QueryStandardsArguments, SetRubricInput, SetStandardInput } from '../schema.types.ts';

const rubricColumns = columnsOf(Rubric, 'r');
const standardColumns = columnsOf(Standard, 's');

const rubricById = batch<string, RubricRow>(
  (ids, { read }) => read(`select ${rubricColumns} from rubric r where r.id = any ($1)`, [ids]),
  ({ id }) => id,
);
const standardById = batch<string, StandardRow>(
  (ids, { read }) => read(`select ${standardColumns} from standard s where s.id = any ($1)`, [ids]),
  ({ id }) => id,
);

export const findRubric = (id: string, { load }: Context): Promise<RubricRow | null> => load(rubricById, id);
export const findStandard = (id: string, { load }: Context): Promise<StandardRow | null> => load(standardById, id);

/** The school's own and the district's: null and what is no id is of the district alone. */
const schoolOf = (schoolId: string | null | undefined) => (isUuid(schoolId) ? schoolId : null);

async function listRubrics({ schoolId, ...page }: QueryRubricsArguments, { read }: Context) {
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  const rows = await read<RubricRow>(
    `select ${rubricColumns} from rubric r where (r.school_id is null or r.school_id = $1)
       and ($2::text[] is null or (r.title, r.id) > ($2[1], $2[2]::uuid)) order by r.title, r.id limit $3`,
    [schoolOf(schoolId), after, limit],
  );
  return connectionOf(rows, limit, ({ title, id }) => [title, id]);
}

async function listStandards({ schoolId, ...page }: QueryStandardsArguments, { read }: Context) {
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  const rows = await read<StandardRow>(
    `select ${standardColumns} from standard s where (s.school_id is null or s.school_id = $1)
       and ($2::text[] is null or (s.code, s.id) > ($2[1], $2[2]::uuid)) order by s.code, s.id limit $3`,
    [schoolOf(schoolId), after, limit],
  );
  return connectionOf(rows, limit, ({ code, id }) => [code, id]);
}

/** Who: a district administrator; a principal for the own school. */
async function setRubric({ schoolId = null, title, levels }: SetRubricInput, context: Context): Promise<RubricRow> {
  checkOffice(schoolId, context);
  checkTitle(title);
  const checked = scaleOf(levels);
  return context.write(async ({ query }) => {
    const [rubric] = await query<RubricRow>(
      `insert into rubric as r (school_id, title, levels) values ($1, $2, $3)
         on conflict (school_id, title) do update set levels = excluded.levels returning ${rubricColumns}`,
      [schoolId, title.trim(), JSON.stringify(checked)],
    );
    return rubric!;
  });
}

/** Who: a district administrator; a principal for the own school. */
async function setStandard({ schoolId = null, code, title }: SetStandardInput, context: Context): Promise<StandardRow> {
  checkOffice(schoolId, context);
  checkTitle(title);
  if (!code.trim() || code.length > 100 || !isStorable(code))
    refuse('CODE_INVALID', 'The code of a standard has between 1 and 100 characters.');
  return context.write(async ({ query }) => {
    const [standard] = await query<StandardRow>(
      `insert into standard as s (school_id, code, title) values ($1, $2, $3)
         on conflict (school_id, code) do update set title = excluded.title returning ${standardColumns}`,
      [schoolId, code.trim(), title.trim()],
    );
    return standard!;
  });
}

const school = ({ schoolId }: { schoolId: string | null }) => (schoolId ? { id: schoolId } : null);
// Also a school's own is a fact of the institution: every signed-in person may read it.
const ofEverybody = () => ({ schoolIds: null });

export const standards: Slice<Arguments> = {
  entities: [Rubric, Standard],
  subjects: { Rubric: ofEverybody, Standard: ofEverybody },
  resolvers: {
    Query: {
      rubrics: (_, args, context) => listRubrics(args, context),
      standards: (_, args, context) => listStandards(args, context),
    },
    Mutation: {
      setRubric: (_, { input }, context) => setRubric(input, context),
      setStandard: (_, { input }, context) => setStandard(input, context),
    },
    Rubric: {
      __resolveReference: ({ id }: { id: string }, context: Context) => findRubric(id, context),
      school,
    },
    Standard: {
      __resolveReference: ({ id }: { id: string }, context: Context) => findStandard(id, context),
      school,
    },
  },
};
