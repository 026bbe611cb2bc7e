/**
 * A district of so many students as far as transcripts need it: everybody with a name and an enrollment in the student service, which tells
 * grading; and of the seniors the records of three years at their school and elsewhere, with repetitions, passes, withdrawals, incompletes and
 * weighted courses among them. Made in bulk, as an import would leave it.
 */
import type { Client } from 'pg';

/** The day of the bench. */
export const today = '2026-11-18';

const nobody = '00000000-0000-8000-8000-000000000000';
const grades = ['KG', ...Array.from({ length: 12 }, (_, n) => String(n + 1).padStart(2, '0'))];

/** Schools of about 900 students, each with all grades; every student is enrolled since August. */
export async function enrollEverybody(student: Client, grading: Client, students: number): Promise<void> {
  const schools = Math.max(2, Math.round(students / 900));
  for (const client of [student, grading]) await client.query(`select set_config('rollbook.subject', '${nobody}', false)`);
  await student.query(`with d as (insert into district (name) values ('A district') returning id)
    insert into school (district_id, name, time_zone, lowest_grade, highest_grade)
      select d.id, 'School ' || n, 'America/Los_Angeles', 'KG', '12' from d, generate_series(1, ${schools}) n`);
  const { rows } = await student.query<{ id: string; name: string }>('select id, name from school order by id');
  await grading.query(
    `insert into school (id, name, time_zone) select id, name, 'America/Los_Angeles' from jsonb_to_recordset($1) s (id uuid, name text)`,
    [JSON.stringify(rows)],
  );
  await student.query(`insert into student (given_name, family_name, local_id)
    select 'Given' || n, 'Family' || n, n::text from generate_series(1, ${students}) n`);
  await student.query(
    `insert into enrollment (student_id, school_id, grade_level, is_primary, begins)
       select s.id, ($1::uuid[])[1 + (s.local_id::int % $2)], ($3::text[])[1 + (s.local_id::int / $2) % $4], true, '2026-08-17' from student s`,
    [rows.map(({ id }) => id), rows.length, grades, grades.length],
  );
}

/** @returns how many records were made of the seniors; the same for the same seed but for their ids */
export async function earnRecords(grading: Client, seed: number): Promise<number> {
  await grading.query('select setseed($1)', [((seed % 1000) + 0.5) / 1001]);
  const { rowCount } = await grading.query(recordsSql);
  return rowCount!;
}

const recordsSql = `
  with session as (
      select y as school_year, t.term, t.name || ' ' || (y - 1 + t.later) as session, make_date(y - 1 + t.later, t.month, t.day) as ended_on,
             t.term = 3 as summer
        from generate_series(2024, 2026) y,
             (values (1, 'Fall', 0, 12, 19), (2, 'Spring', 1, 6, 5), (3, 'Summer', 1, 6, 28)) t (term, name, later, month, day)),
    taken as materialized (
      select m.student_id as student, m.school_id as school, s.*, c, random() as dice, random() as luck, random() as again,
             random() as moved, random() as size
        from (select * from enrolled_student where grade_level = '12' order by student_id) m, session s, generate_series(1, 7) c
       where s.term < 3 or c = 1),
    result as (
      select *, (array['A', 'A-', 'B+', 'B', 'B-', 'C+', 'C', 'D', 'F', 'P', 'NP', 'W', 'I'])[1 + floor(power(dice, 1.6) * 13)::int] as mark,
             case when luck < 0.2 then '{AP}'::text[] else '{}' end || (array['A', 'B', 'C', 'D', 'E', 'F', 'G'])[c] as codes,
             -- of a hundred results six are of a course that was taken in the first year already
             case when again < 0.06 then 2024 else school_year end as course_year,
             case when size < 0.1 then 2.5 when size < 0.15 then 7.5 else 5 end as credits
        from taken)
  insert into transcript_record (student_id, school_id, school_name, school_year, session, ended_on, summer, course_number, course_title, subjects,
      subject_codes, part, parts, repeatable, mark, credits_attempted, credits_earned, points, weighted_points, weighted, pending, source)
    select student, school, 'a school', school_year, session, ended_on, summer, format('C%s-%s-%s', c, course_year, term), format('Course %s', c),
           '{}', codes, 1, 1, c = 7, mark, case when (w.meaning ->> 'attempts')::boolean then credits else 0 end,
           case when (w.meaning ->> 'earns')::boolean then credits else 0 end, (w.meaning ->> 'points')::numeric,
           (w.meaning ->> 'points')::numeric + case when 'AP' = any (codes) and (w.meaning ->> 'points')::numeric >= 2 then 1 else 0 end,
           'AP' = any (codes), (w.meaning ->> 'pending')::boolean, case when moved > 0.95 then 'TRANSFER' else 'POSTED' end
      from result r join lateral (select m as meaning from transcript_policy t, jsonb_array_elements(t.marks) m
        where t.school_id is null and m ->> 'mark' = r.mark) w on true`;
