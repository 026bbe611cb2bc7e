import { columnsOf, type Context, type Transaction } from '@rollbook/subgraph';
import { TranscriptPolicy, TranscriptRecord, type PolicyRow, type RecordRow } from './entities.ts';

type Query = Context['read'] | Transaction['query'];

/** A record `r` with who wrote it, when and why. */
export const recordColumns = `${columnsOf(TranscriptRecord, 'r')}, r.recorded_at as "recordedAt", r.recorded_by as "recordedBy", r.reason`;

/** Of a record `r`: it stands, since nothing replaced it and it voids nothing. */
export const stands = `not r.voided and not exists (select from transcript_record c where c.replaces = r.id)`;

/** What stands of what students earned, the oldest session first. */
export function recordsOf(query: Query, studentIds: readonly string[]): Promise<RecordRow[]> {
  return query<RecordRow>(
    `select ${recordColumns} from transcript_record r where r.student_id = any($1) and ${stands}
       order by r.student_id, r.ended_on, r.session, r.course_title, r.id`,
    [studentIds],
  );
}

/** The policies of schools: each its own, or else the district's. */
export async function policiesOf(query: Query, schoolIds: readonly string[]): Promise<Map<string, PolicyRow>> {
  const rows = await query<PolicyRow>(
    `select ${columnsOf(TranscriptPolicy, 't')} from transcript_policy t where t.school_id is null or t.school_id = any($1)`,
    [schoolIds],
  );
  const districts = rows.find(({ schoolId }) => schoolId === null)!;
  return new Map(schoolIds.map((id) => [id, rows.find(({ schoolId }) => schoolId === id) ?? districts]));
}

export const policyOf = async (query: Query, schoolId: string): Promise<PolicyRow> => (await policiesOf(query, [schoolId])).get(schoolId)!;

export type NewRecord = Omit<RecordRow, 'id' | 'recordedAt' | 'recordedBy' | 'reason'>;

/** Writes records; each with a reason of its own, and in the name of whoever writes. A posting that has its record already makes none. */
export async function writeRecords(
  query: Transaction['query'],
  records: readonly NewRecord[],
  reasonOf: (record: NewRecord) => string | null,
): Promise<RecordRow[]> {
  const rows = records.map((record) => ({ ...record, reason: reasonOf(record) }));
  return query<RecordRow>(
    `insert into transcript_record as r (student_id, school_id, school_name, school_year, session, ended_on, summer, course_id, course_number,
         course_title, subjects, subject_codes, part, parts, repeatable, mark, credits_attempted, credits_earned, points, weighted_points,
         weighted, pending, source, section_id, grading_period_id, mark_revision, replaces, voided, reason)
       select "studentId", "schoolId", "schoolName", "schoolYear", session, "endedOn", summer, "courseId", "courseNumber",
         "courseTitle", array(select jsonb_array_elements_text(subjects)), array(select jsonb_array_elements_text("subjectCodes")), part, parts,
         repeatable, mark, "creditsAttempted", "creditsEarned", points, "weightedPoints", weighted, pending, source, "sectionId",
         "gradingPeriodId", "markRevision", replaces, voided, reason
       from jsonb_to_recordset($1) as n ("studentId" uuid, "schoolId" uuid, "schoolName" text, "schoolYear" integer, session text,
         "endedOn" date, summer boolean, "courseId" uuid, "courseNumber" text, "courseTitle" text, subjects jsonb, "subjectCodes" jsonb,
         part integer, parts integer, repeatable boolean, mark text, "creditsAttempted" numeric, "creditsEarned" numeric, points numeric,
         "weightedPoints" numeric, weighted boolean, pending boolean, source text, "sectionId" uuid, "gradingPeriodId" uuid,
         "markRevision" integer, replaces uuid, voided boolean, reason text)
     on conflict on constraint transcript_record_posting do nothing
     returning ${recordColumns}`,
    [JSON.stringify(rows)],
  );
}
