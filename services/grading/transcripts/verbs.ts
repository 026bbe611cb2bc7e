import { holds, isDate, isUuid, refuse, type Role } from '@rollbook/school';
import { columnsOf, type Context, type Transaction } from '@rollbook/subgraph';
import type {
  CorrectTranscriptRecordInput,
  RecordTransferCreditInput,
  SetFinalPeriodsInput,
  SetTranscriptPolicyInput,
} from '../schema.types.ts';
import { isOffice, officesOf } from '../rosters/resolvers.ts';
import { FinalPeriod, TranscriptPolicy, type FinalPeriodRow, type PolicyRow, type RecordRow } from './entities.ts';
import { lockPickup } from './pickup.ts';
import { policyOf, recordColumns, writeRecords, type NewRecord } from './records.ts';
import { checkPolicy, isCredits, worthOf } from './rules.ts';

/** Who works with transcripts in an office. */
export const keepers: readonly Role[] = ['COUNSELOR', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'];

/** Refuses NOT_FOUND and FORBIDDEN unless the viewer leads the school, or without one the district. */
export async function checkLeads(schoolId: string | null, context: Context): Promise<void> {
  if (schoolId === null) {
    if (officesOf(context)) refuse('FORBIDDEN', 'What holds in the whole district is set by a district administrator; name your school.');
  } else if (
    !isUuid(schoolId) ||
    !isOffice(context, schoolId) ||
    !(await context.read('select from school where id = $1', [schoolId])).length
  )
    refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
}

/** Who: a district administrator; a principal for the own school. */
export async function setTranscriptPolicy({ schoolId = null, ...input }: SetTranscriptPolicyInput, context: Context): Promise<PolicyRow> {
  const policy = {
    ...input,
    marks: input.marks.map(({ points = null, pending = false, ...mark }) => ({ ...mark, points, pending: pending ?? false })),
    lists: input.lists.map(({ leastPoints = null, ...list }) => ({ ...list, leastPoints })),
  };
  await checkLeads(schoolId, context);
  checkPolicy(policy);
  const { marks, weightedCodes, weightBonus, weightFrom, repeats, mostAtOnce, lists } = policy;
  return context.write(async ({ query }) => {
    const [row] = await query<PolicyRow>(
      `insert into transcript_policy as t (school_id, marks, weighted_codes, weight_bonus, weight_from, repeats, most_at_once, lists)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict on constraint transcript_policy_school do update set
           (marks, weighted_codes, weight_bonus, weight_from, repeats, most_at_once, lists) = (excluded.marks, excluded.weighted_codes,
            excluded.weight_bonus, excluded.weight_from, excluded.repeats, excluded.most_at_once, excluded.lists)
         returning ${columnsOf(TranscriptPolicy, 't')}`,
      [schoolId, JSON.stringify(marks), weightedCodes, weightBonus, weightFrom, repeats, mostAtOnce, JSON.stringify(lists)],
    );
    return row!;
  });
}

/** Who: as for setTranscriptPolicy. What was posted into these periods is looked at again by the pickup. */
export async function setFinalPeriods(
  { schoolId = null, schoolYear, periods }: SetFinalPeriodsInput,
  context: Context,
): Promise<FinalPeriodRow[]> {
  await checkLeads(schoolId, context);
  const ids = periods.map(({ gradingPeriodId }) => gradingPeriodId);
  if (periods.some(({ session }) => !session.trim()) || new Set(ids).size < ids.length)
    refuse('SESSION_INVALID', 'Each grading period is there once, and its session has a name.');
  return context.write(async ({ query }) => {
    const known = await query<{ id: string }>('select id from grading_period where id = any($1) and school_year = $2', [
      ids.filter(isUuid),
      schoolYear,
    ]);
    const unknown = ids.find((id) => !known.some((period) => period.id === id));
    if (unknown !== undefined) refuse('GRADING_PERIOD_UNKNOWN', `There is no grading period ${unknown} in the school year ${schoolYear}.`);
    await lockPickup(query, 'pg_advisory_xact_lock');
    await query('delete from final_period where school_id is not distinct from $1 and school_year = $2', [schoolId, schoolYear]);
    const rows = await query<FinalPeriodRow>(
      `insert into final_period as f (school_id, school_year, grading_period_id, session, summer)
         select $1, $2, "gradingPeriodId", btrim(session), coalesce(summer, false)
           from jsonb_to_recordset($3) as p ("gradingPeriodId" uuid, session text, summer boolean)
         returning ${columnsOf(FinalPeriod, 'f')}`,
      [schoolId, schoolYear, JSON.stringify(periods)],
    );
    await query(
      `insert into transcript_due (section_id, grading_period_id)
         select distinct p.section_id, p.grading_period_id from mark_posting p
          where p.grading_period_id = any($1) and ($2::uuid is null or p.school_id = $2) and is_final_period(p.school_id, p.grading_period_id)
       on conflict do nothing`,
      [ids, schoolId],
    );
    return rows;
  });
}

const reasonOf = (reason: string) => reason.trim() || refuse('REASON_REQUIRED', 'Say why, and by what it is proven; the reason is kept.');

/** Who: the office of a school that the student is in. */
export async function recordTransferCredit(input: RecordTransferCreditInput, context: Context): Promise<RecordRow> {
  const reason = reasonOf(input.reason);
  if (!isCredits(input.credits)) refuse('CREDITS_INVALID', `"${input.credits}" is not a number of credits such as 5 or 0.5.`);
  if (!isDate(input.endedOn)) refuse('BAD_USER_INPUT', `${input.endedOn} is no day.`);
  const isMine = isUuid(input.schoolId) && isUuid(input.studentId) && holds(context.viewer, keepers, input.schoolId);
  const [here] = isMine
    ? await context.read<{ name: string }>(`select s.name from school s where s.id = $1 and s.id = any (record_schools($2))`, [
        input.schoolId,
        input.studentId,
      ])
    : [];
  if (!here) refuse('NOT_FOUND', `There is no student ${input.studentId} in the school ${input.schoolId} of yours.`);
  return context.write(async ({ query }) => {
    const course = await transferredCourse(query, input);
    const policy = await policyOf(query, input.schoolId);
    const worth = worthOf(input.mark, input.credits, course.subjectCodes, policy);
    const record: NewRecord = {
      ...{ studentId: input.studentId, schoolId: input.schoolId, schoolName: input.fromSchool.trim() || here.name },
      ...{ schoolYear: input.schoolYear, session: input.session.trim(), endedOn: input.endedOn, summer: input.summer ?? false },
      ...{ ...course, part: 1, parts: 1, mark: input.mark, ...worth, source: 'TRANSFER' },
      ...{ sectionId: null, gradingPeriodId: null, markRevision: null, replaces: null, voided: false },
    };
    if (!record.session) refuse('COURSE_INVALID', 'A course was taken in a session.');
    const [written] = await writeRecords(query, [record], () => reason);
    return written!;
  }, reason);
}

type CourseAsItWas = Pick<NewRecord, 'courseId' | 'courseNumber' | 'courseTitle' | 'subjects' | 'subjectCodes' | 'repeatable'>;

/** The course of the catalog that was named, with what the office says of it; or what it says alone. Refuses COURSE_INVALID. */
async function transferredCourse(query: Transaction['query'], input: RecordTransferCreditInput): Promise<CourseAsItWas> {
  const { courseId, courseNumber, courseTitle, subjects, subjectCodes } = input;
  const [known] =
    courseId != null && isUuid(courseId)
      ? await query<CourseAsItWas>(
          `select id as "courseId", number as "courseNumber", title as "courseTitle", subjects, subject_codes as "subjectCodes", repeatable
             from course where id = $1`,
          [courseId],
        )
      : [];
  if (courseId != null && !known) refuse('COURSE_INVALID', `There is no course ${courseId} in the catalog.`);
  const title = courseTitle?.trim() || known?.courseTitle;
  if (!title) refuse('COURSE_INVALID', 'Name the course, or the course of the catalog that it stands for.');
  return {
    ...{ courseId: known?.courseId ?? null, courseNumber: courseNumber ?? known?.courseNumber ?? null, courseTitle: title },
    ...{ subjects: subjects ?? known?.subjects ?? [], subjectCodes: subjectCodes ?? known?.subjectCodes ?? [] },
    repeatable: known?.repeatable ?? false,
  };
}

/** Who: the office of the school that gave the record. Two at once: one is written, the other is told what stands. */
export async function correctTranscriptRecord(input: CorrectTranscriptRecordInput, context: Context): Promise<RecordRow> {
  const reason = reasonOf(input.reason);
  if (input.credits != null && !isCredits(input.credits))
    refuse('CREDITS_INVALID', `"${input.credits}" is not a number of credits such as 5 or 0.5.`);
  return context.write(async ({ query }) => {
    const [record] = isUuid(input.recordId)
      ? await query<RecordRow>(`select ${recordColumns} from transcript_record r where r.id = $1`, [input.recordId])
      : [];
    if (!record || !holds(context.viewer, keepers, record.schoolId))
      refuse('NOT_FOUND', `There is no record ${input.recordId} that your school gave.`);
    const [after] = await query<{ id: string }>('select id from transcript_record where replaces = $1', [record.id]);
    if (after) refuse('ALREADY_CORRECTED', 'This record was replaced; correct the one that stands.', { recordId: after.id });
    const [written] = await writeRecords(query, [corrected(record, input, await policyOf(query, record.schoolId))], () => reason);
    return written!;
  }, reason);
}

function corrected(before: RecordRow, input: CorrectTranscriptRecordInput, policy: PolicyRow): NewRecord {
  const { id, recordedAt: _at, recordedBy: _by, reason: _why, ...as } = before;
  const mark = input.mark ?? as.mark;
  const voided = input.voided ?? as.voided;
  const subjectCodes = input.subjectCodes ?? as.subjectCodes;
  const courseTitle = input.courseTitle?.trim() || as.courseTitle;
  const rewritten = input.credits != null || mark !== as.mark || input.subjectCodes != null;
  // A withdrawal attempted nothing: its correction needs the credits said.
  if (rewritten && input.credits == null && as.creditsAttempted === '0.000' && mark !== as.mark)
    refuse('CREDITS_INVALID', 'This record attempted no credits; say how many the mark is of.');
  const worth = rewritten ? worthOf(mark, input.credits ?? as.creditsAttempted, subjectCodes, policy) : {};
  if (!rewritten && voided === as.voided && courseTitle === as.courseTitle)
    refuse('NOTHING_CHANGED', 'The correction says what the record says already.');
  return { ...as, ...worth, mark, subjectCodes, courseTitle, voided, source: 'CORRECTION', replaces: id, markRevision: null };
}
