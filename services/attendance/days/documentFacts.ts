import type { Event } from '@rollbook/events';
import type { Transaction } from '@rollbook/subgraph';
import { attendanceTold, type AttendanceTold } from '../events.ts';

/** What grading asks for when it is about to print documents about students of one school. */
interface DocumentFactsAsked {
  readonly requestId: string;
  readonly schoolId: string;
  readonly studentIds: readonly string[];
  /** The first day that counts, and the first that does no more (no later than today at the school); null: nothing is asked of attendance. */
  readonly begins: string | null;
  readonly ends: string | null;
}

/**
 * grading: documents about these students are to be printed. Answers with the days of each at this school, from `begins` to the day
 * before `ends`.
 */
export async function hearDocumentFactsAsked({ query, tell }: Transaction, { payload }: Event): Promise<void> {
  const { requestId, schoolId, studentIds, begins, ends } = payload as DocumentFactsAsked;
  if (begins === null || ends === null) return;
  const students = await query<AttendanceTold['students'][number]>(summaries, [schoolId, studentIds, begins, ends]);
  await tell(attendanceTold({ requestId, students }));
}

/** By the same rule as `dayState`, for all students at once: reading them one by one takes a minute for a school of 3,000. */
const summaries = `
  with day as materialized (
      select g::date as date, s.labels
        from generate_series($3::date, $4::date - 1, '1 day'::interval) g cross join lateral school_day($1, g::date) s
        where s.is_open),
    held as materialized (
      select distinct m.section_id, d.date, m.period_id from section_meeting m join day d on is_meeting_on(m, d.date, d.labels) where m.school_id = $1),
    said as materialized (
      select e.student_id, e.section_id, e.date, e.period_id, coalesce(e.office_state, e.taken_state) as state
        from roll_entry e where e.student_id = any($2) and e.school_id = $1 and e.date >= $3 and e.date in (select date from day)),
    expected as materialized (
      select distinct t.student_id, h.section_id, h.date, h.period_id
        from section_seat t join held h on h.section_id = t.section_id and is_within(h.date, t.begins, t.ends)
        where t.student_id = any($2)),
    meeting as (
      select student_id, date, state from said
      union all
      select e.student_id, e.date, null from expected e
        where e.period_id is not null and not exists (select from said s
          where (s.student_id, s.section_id, s.date, s.period_id) = (e.student_id, e.section_id, e.date, e.period_id))
      union all
      select e.student_id, e.date, null from expected e
        where e.period_id is null and not exists (select from said s
          where (s.student_id, s.section_id, s.date) = (e.student_id, e.section_id, e.date))),
    counted as (
      select student_id, date, count(*) as meetings, count(*) filter (where state is null) as missing,
             count(*) filter (where state = 'ABSENT') as absent, count(*) filter (where state = 'TARDY') as tardy
        from meeting group by student_id, date),
    judged as (
      select c.*, c.absent > 0 and c.absent * 100 >= r.percent * c.meetings as is_absent,
             c.absent + c.missing > 0 and (c.absent + c.missing) * 100 >= r.percent * c.meetings as may_be_absent
        from counted c cross join (select (rule_of($1)).absent_from_percent as percent) r)
  select s.id, count(j.date)::integer as "daysEnrolled", (count(*) filter (where is_absent))::integer as "daysAbsent",
         (count(*) filter (where tardy > 0 and not may_be_absent))::integer as "daysTardy", coalesce(sum(missing), 0)::integer as "rollsMissing"
    from unnest($2::uuid[]) s (id) left join judged j on j.student_id = s.id group by s.id order by s.id`;
