/** Averages, credits and ranks by another route: one SQL statement over the raw records, which shares nothing with how they are worked out. */
import type { Client } from 'pg';

export interface Checked {
  readonly studentId: string;
  readonly attempted: string;
  readonly earned: string;
  readonly gpa: string | null;
  readonly weightedGpa: string | null;
  readonly place: number | null;
}

export async function recompute(grading: Client): Promise<Map<string, Checked>> {
  const { rows } = await grading.query<Checked>(sql);
  return new Map(rows.map((row) => [row.studentId, row]));
}

/**
 * The best of the attempts at a part of a course: what earned credit before what did not, then by points, what has none last, then the last one.
 * numeric division is exact to far more places than the four that are kept, and round() goes up at the half.
 */
const sql = `
  with live as (
      select r.* from transcript_record r left join transcript_record n on n.replaces = r.id where n.id is null and not r.voided),
    attempt as (
      select *, case when repeatable or credits_attempted = 0 then 1 else row_number() over (
          partition by student_id, coalesce(course_number, 'title ' || course_title), part, parts, repeatable, credits_attempted = 0
          order by (credits_earned > 0) desc, points desc nulls last, ended_on desc, id::text collate "C" desc) end as nth
        from live),
    best as (select * from attempt where nth = 1),
    total as (
      select student_id, sum(credits_attempted) as attempted, sum(credits_earned) as earned,
             round(sum(points * credits_attempted) / nullif(sum(credits_attempted) filter (where points is not null), 0), 4) as gpa,
             round(sum(weighted_points * credits_attempted) / nullif(sum(credits_attempted) filter (where points is not null), 0), 4) as weighted
        from best group by student_id)
  select t.student_id as "studentId", t.attempted::text, t.earned::text, t.gpa::text, t.weighted::text as "weightedGpa",
         case when t.weighted is not null
           then rank() over (partition by e.school_id, t.weighted is null order by t.weighted desc)::int end as place
    from total t join enrolled_student e on e.student_id = t.student_id`;
