import { isUuid, refuse } from '@rollbook/school';
import type { Context, Transaction } from '@rollbook/subgraph';
import { calculationOf } from '../gradebook/calculationOf.ts';
import { findEnrollment } from '../marks/enrollments.ts';
import { sectionToGrade } from '../rosters/resolvers.ts';
import { reasonOf } from '../saves/rules.ts';
import type { GradeRow } from './calculatedGrades.ts';
import { checkMarks } from './rules.ts';
import { marksGivenIn } from './scales.ts';
import type { OverrideGradeInput } from '../schema.types.ts';

/** Who: those who teach the section today; the office. Overrides of one section follow one another. */
export async function overrideGrade(input: OverrideGradeInput, context: Context): Promise<GradeRow> {
  const { sectionId, studentId, gradingPeriodId = null, mark = null } = input;
  const section = await sectionToGrade(sectionId, context);
  const enrolled = isUuid(studentId) && (await findEnrollment({ sectionId, studentId }, context));
  if (!enrolled) refuse('NOT_ENROLLED', 'This student does not sit in this section, and never did.');
  const said = reasonOf(input.reason) ?? refuse('REASON_REQUIRED', 'An override says why.');
  const at = context.now();
  return context.write(async ({ query }) => {
    await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [sectionId]);
    await checkPeriod(gradingPeriodId, query);
    if (mark !== null) checkMarks([mark], await marksGivenIn(section.schoolId, query));
    const grade = async () => (await calculationOf(query, sectionId, gradingPeriodId, [studentId], at)).get(studentId)!;
    const found = await grade();
    const [newest] = found.overrides;
    if ((newest?.id ?? null) !== (input.seenOverrideId ?? null))
      refuse('OVERRIDE_CHANGED', 'Somebody set or cleared an override after you read this grade; read it again.');
    if (mark === null && !newest?.mark) refuse('NOTHING_TO_CLEAR', 'The calculated mark holds already.');
    await query(
      `insert into grade_override (school_id, section_id, student_id, grading_period_id, mark, calculated_mark, calculated_percent, said, overridden_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [section.schoolId, sectionId, studentId, gradingPeriodId, mark, found.mark, found.percent, said, at.toISOString()],
    );
    const { schoolId, teacherIds } = section;
    return { ...(await grade()), sectionId, studentId, gradingPeriodId, schoolId, teacherIds };
  }, said);
}

async function checkPeriod(id: string | null, query: Transaction['query']): Promise<void> {
  if (id !== null && !(isUuid(id) && (await query('select from grading_period where id = $1', [id])).length))
    refuse('GRADING_PERIOD_UNKNOWN', `There is no grading period ${id}.`);
}
