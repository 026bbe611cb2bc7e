import { mayRead, refuse, type Viewer } from '@rollbook/school';
import type { Transaction } from '@rollbook/subgraph';
import { courseConcerns, type Concern, type CourseForStudent } from './rules.ts';

type Query = Transaction['query'];

/** What speaks against these courses for a student: what was passed or is missing, by the history of courses and the present classes. */
export async function concernsOf(query: Query, studentId: string, courseIds: readonly string[]): Promise<Concern[]> {
  const courses = await query<CourseForStudent>(
    `with taken as materialized (
       select h.course_number as number, h.course_id, h.passed from course_history h where h.student_id = $1
       union all
       select c.number, c.id, null from section_enrollment e join section s on s.id = e.section_id join course c on c.id = s.course_id
         where e.student_id = $1 and (e.ends is null or e.ends > e.begins)
     )
     select c.title, c.prerequisites,
       not c.repeatable and exists (select from taken t where t.passed and (t.course_id = c.id or t.number = c.number)) as passed,
       array(
         select coalesce(k.number, t.number) from taken t left join course k on k.id = t.course_id where t.passed is not false
         union select t.number from taken t where t.passed is not false and t.number is not null
       ) as taken
     from course c where c.id = any($2) order by c.title, c.id`,
    [studentId, courseIds],
  );
  return courses.flatMap(courseConcerns);
}

/** The names of the periods in which a student who counts at the school has no class on a day. */
export async function emptyPeriods(query: Query, schoolId: string, studentId: string, day: string): Promise<string[]> {
  const [row] = await query<{ names: string[] }>(
    `select coalesce(array_agg(p.name order by p.sort_order, p.name), '{}') as names
       from schedule_gaps($1, $2, $3) g cross join unnest(g.period_ids) as empty (period_id) join period p on p.id = empty.period_id`,
    [schoolId, day, studentId],
  );
  return row!.names;
}

/** Refuses what speaks against a change. To whom the student's grades are not shown, the refusal tells nothing of them either. */
export function refuseConcerns(concerns: readonly Concern[], viewer: Viewer, about: { schoolId: string; studentId: string }): void {
  const [first] = concerns;
  if (!first) return;
  const isTold = mayRead(viewer, 'GRADES', { schoolIds: [about.schoolId], studentId: about.studentId });
  if (!isTold && concerns.some(({ code }) => code === 'ALREADY_PASSED' || code === 'PREREQUISITE_UNMET'))
    refuse('COUNSELOR_NEEDED', 'What the student took before speaks against a class of this change; a counselor should look at it.');
  refuse(first.code, `${concerns.map(({ sentence }) => sentence).join(' ')} A principal or a counselor may override it, with a reason.`);
}
