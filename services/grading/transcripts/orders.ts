import { holds, isUuid, refuse, todayIn } from '@rollbook/school';
import { columnsOf, type Context, type Transaction } from '@rollbook/subgraph';
import type { IssueTranscriptsInput } from '../schema.types.ts';
import { TranscriptOrder, type OrderRow } from './entities.ts';
import { keepers } from './verbs.ts';

const mostStudents = 500;

/**
 * Orders transcripts; they are made in the background. Who: the office of a school for its own students; a district administrator for a grade
 * of the whole district. Somebody who left is asked for by id at the last school.
 */
export async function issueTranscripts(input: IssueTranscriptsInput, context: Context): Promise<OrderRow> {
  const { schoolId = null, studentIds = null, gradeLevel = null } = input;
  const today = await dayOf(schoolId, context);
  if ((studentIds === null) === (gradeLevel === null))
    refuse('WHO_INVALID', 'Name the students, or the grade whose students they are for.');
  if (studentIds && (!studentIds.length || studentIds.length > mostStudents || new Set(studentIds).size < studentIds.length))
    refuse('WHO_INVALID', `Name between 1 and ${mostStudents} students, each once.`);
  if (studentIds && schoolId === null) refuse('WHO_INVALID', 'Name the school whose students they are.');
  return context.write(async ({ query }) => {
    const students = studentIds
      ? await theseStudents(query, schoolId!, studentIds)
      : await query<Wanted>(
          `select distinct on (student_id) student_id as "studentId", school_id as "schoolId", grade_level as "gradeLevel" from enrolled_student
            where ($1::uuid is null or school_id = $1) and grade_level = $2 and is_primary and begins <= $3 and (ends is null or ends > $3)
            order by student_id, begins desc`,
          [schoolId, gradeLevel, today],
        );
    if (!students.length) refuse('NOBODY', `Nobody is in grade ${gradeLevel} today.`);
    const [order] = await query<OrderRow>(
      `insert into transcript_order as o (school_id, official, issued_to, despite, ordered_on, status, wanted, ordered_at)
         values ($1, $2, $3, $4, $5, 'WAITING', $6, $7) returning ${columnsOf(TranscriptOrder, 'o')}`,
      [
        ...[schoolId, input.official, input.issuedTo?.trim() || null, input.despiteTooMany?.trim() || null, today, students.length],
        context.now().toISOString(),
      ],
    );
    await query(
      `insert into transcript_ordered (order_id, student_id, school_id, grade_level)
         select $1, "studentId", "schoolId", "gradeLevel"
           from jsonb_to_recordset($2) as s ("studentId" uuid, "schoolId" uuid, "gradeLevel" text)`,
      [order!.id, JSON.stringify(students)],
    );
    return order!;
  });
}

interface Wanted {
  readonly studentId: string;
  readonly schoolId: string;
  readonly gradeLevel: string | null;
}

/** Today at the school, or anywhere. Refuses NOT_FOUND for a school, and FORBIDDEN for a district, whose transcripts the viewer does not keep. */
async function dayOf(schoolId: string | null, { viewer, read, now }: Context): Promise<string> {
  if (schoolId === null) {
    if (!viewer.grants.some((grant) => grant.role === 'DISTRICT_ADMINISTRATOR' && grant.schoolId === null))
      refuse('FORBIDDEN', 'Transcripts of the whole district are ordered by a district administrator; name your school.');
    return todayIn('UTC', now());
  }
  const [school] =
    isUuid(schoolId) && holds(viewer, keepers, schoolId)
      ? await read<{ timeZone: string }>('select time_zone as "timeZone" from school where id = $1', [schoolId])
      : [];
  if (!school) refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
  return todayIn(school.timeZone, now());
}

/** Students by id, with the grade they are or were last in at the school. Refuses NOT_FOUND for anybody whose records are kept elsewhere. */
async function theseStudents(query: Transaction['query'], schoolId: string, studentIds: readonly string[]): Promise<Wanted[]> {
  const found = await query<Wanted>(
    `select s.id as "studentId", $1::uuid as "schoolId",
            (select e.grade_level from enrolled_student e where e.student_id = s.id and e.school_id = $1 order by e.begins desc limit 1) as "gradeLevel"
       from unnest($2::uuid[]) s (id) where $1 = any (record_schools(s.id))`,
    [schoolId, studentIds.filter(isUuid)],
  );
  const missing = studentIds.find((id) => !found.some(({ studentId }) => studentId === id));
  if (missing !== undefined) refuse('NOT_FOUND', `There is no student ${missing} whose records the school ${schoolId} keeps.`);
  return found;
}
