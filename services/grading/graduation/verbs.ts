import { holds, isUuid, refuse } from '@rollbook/school';
import { columnsOf, type Context } from '@rollbook/subgraph';
import type { GrantDiplomaExceptionInput, SetDiplomaPlanInput, WithdrawDiplomaExceptionInput } from '../schema.types.ts';
import { checkLeads, keepers } from '../transcripts/verbs.ts';
import { isCredits } from '../transcripts/rules.ts';
import { auditOf, exceptionColumns, type ShownException } from './audits.ts';
import { DiplomaPlan, type PlanRow } from './entities.ts';
import { checkPlan } from './rules.ts';

/** Who: a district administrator; a principal for the own school. */
export async function setDiplomaPlan(input: SetDiplomaPlanInput, context: Context): Promise<PlanRow> {
  const { schoolId = null, classYear, name, creditsPerYear } = input;
  const requirements = input.requirements.map(({ courses, subjects, codes, leastPoints, passCounts, ...rest }) => ({
    ...{ ...rest, courses: courses ?? [], subjects: subjects ?? [], codes: codes ?? [] },
    ...{ leastPoints: leastPoints ?? null, passCounts: passCounts ?? true },
  }));
  await checkLeads(schoolId, context);
  checkPlan(name, creditsPerYear, requirements);
  return context.write(async ({ query }) => {
    const [plan] = await query<PlanRow>(
      `insert into diploma_plan as d (school_id, class_year, name, credits_per_year, requirements) values ($1, $2, $3, $4, $5)
         on conflict on constraint diploma_plan_once do update set (name, credits_per_year, requirements) =
           (excluded.name, excluded.credits_per_year, excluded.requirements)
         returning ${columnsOf(DiplomaPlan, 'd')}`,
      [schoolId, classYear, name.trim(), creditsPerYear, JSON.stringify(requirements)],
    );
    return plan!;
  });
}

const reasonOf = (reason: string) => reason.trim() || refuse('REASON_REQUIRED', 'Say why; the reason is kept.');

/** Who: the office of a school that the student is in. */
export async function grantDiplomaException(input: GrantDiplomaExceptionInput, context: Context): Promise<ShownException> {
  const reason = reasonOf(input.reason);
  const { schoolId, studentId, requirement, kind } = input;
  const courseNumber = input.courseNumber?.trim() || null;
  const credits = input.credits ?? null;
  const isMine = isUuid(schoolId) && isUuid(studentId) && holds(context.viewer, keepers, schoolId);
  const [here] = isMine
    ? await context.read<object>('select from school s where s.id = $1 and s.id = any (record_schools($2))', [schoolId, studentId])
    : [];
  if (!here) refuse('NOT_FOUND', `There is no student ${studentId} in the school ${schoolId} of yours.`);
  if (kind === 'SUBSTITUTION' ? !courseNumber || credits !== null : courseNumber || (credits !== null && !isCredits(credits)))
    refuse('EXCEPTION_INVALID', 'A substitution names the course that counts; a waiver names no course, and credits above zero or none.');
  const found = (await auditOf(studentId, [], context)) ?? refuse('PLAN_MISSING', 'No plan holds for the class of this student.');
  const known = found.plan.requirements.map(({ key }) => key);
  if (!known.includes(requirement)) refuse('REQUIREMENT_UNKNOWN', `The plan has no requirement "${requirement}": ${known.join(', ')}.`);
  return context.write(async ({ query }) => {
    const [exception] = await query<ShownException>(
      `insert into diploma_exception as x (school_id, student_id, requirement, kind, course_number, credits, why)
         values ($1, $2, $3, $4, $5, $6, $7) returning ${exceptionColumns}`,
      [schoolId, studentId, requirement, kind, courseNumber, credits, reason],
    );
    return exception!;
  }, reason);
}

/** Who: the office of the school that granted it. Done twice, it is withdrawn once. */
export async function withdrawDiplomaException(
  { exceptionId, reason }: WithdrawDiplomaExceptionInput,
  context: Context,
): Promise<ShownException> {
  const why = reasonOf(reason);
  return context.write(async ({ query }) => {
    const [found] = isUuid(exceptionId)
      ? await query<ShownException>(`select ${exceptionColumns} from diploma_exception x where x.id = $1 for update`, [exceptionId])
      : [];
    if (!found || !holds(context.viewer, keepers, found.schoolId))
      refuse('NOT_FOUND', `There is no substitution or waiver ${exceptionId} that your school granted.`);
    if (found.withdrawn) return found;
    const [withdrawn] = await query<ShownException>(
      `update diploma_exception x set withdrawn = true where x.id = $1 returning ${exceptionColumns}`,
      [exceptionId],
    );
    return withdrawn!;
  }, why);
}
