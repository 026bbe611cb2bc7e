import { isUuid, refuse } from '@rollbook/school';
import { columnsOf, type Context } from '@rollbook/subgraph';
import type { Query } from '../gradebook/calculationOf.ts';
import { isOffice, officesOf } from '../rosters/resolvers.ts';
import { GradingScale, type GradingScaleRow } from './entities.ts';
import { checkMarks, scaleOf } from './rules.ts';
import type { SetGradingScaleInput } from '../schema.types.ts';

/** Who may set what is a school's, or (null) the district's: refuses FORBIDDEN, NOT_FOUND. */
export function checkOffice(schoolId: string | null, context: Context): void {
  if (schoolId === null && officesOf(context))
    refuse('FORBIDDEN', "What is the district's is set by a district administrator; name your school.");
  if (schoolId !== null && (!isUuid(schoolId) || !isOffice(context, schoolId)))
    refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
}

/** The marks that may be given in a school: its own scale, or else the district's. */
export async function marksGivenIn(schoolId: string | null, query: Query): Promise<readonly string[]> {
  const [scale] = await query<{ marks: string[] }>(
    `select mark_values as marks from mark_scale where school_id = $1 or school_id is null order by school_id nulls last limit 1`,
    [schoolId],
  );
  return scale!.marks;
}

export async function gradingScale(schoolId: string, { read }: Context): Promise<GradingScaleRow> {
  const [scale] = await read<GradingScaleRow>(
    `select ${columnsOf(GradingScale, 's')} from grading_scale s where s.school_id = $1 or s.school_id is null
      order by s.school_id nulls last limit 1`,
    [isUuid(schoolId) ? schoolId : null],
  );
  return scale!;
}

/** Who: a district administrator; a principal for the own school. */
export async function setGradingScale({ schoolId = null, cutoffs }: SetGradingScaleInput, context: Context): Promise<GradingScaleRow> {
  checkOffice(schoolId, context);
  const scale = scaleOf(cutoffs);
  return context.write(async ({ query }) => {
    checkMarks(
      scale.map(({ mark }) => mark),
      await marksGivenIn(schoolId, query),
    );
    await query(
      `insert into grading_scale (school_id, cutoffs) values ($1, $2) on conflict (school_id) do update set cutoffs = excluded.cutoffs`,
      [schoolId, JSON.stringify(scale)],
    );
    return { schoolId, cutoffs: scale };
  });
}
