-- The meetings that a school held up to a day and has no roll of. A missing roll is never anything but missing.
create function missing_rolls(p_school uuid, p_from date, p_to date, p_section uuid default null)
returns table (section_id uuid, date date, period_id uuid, period_name text) stable language sql
begin atomic
  select distinct s.section_id, d.date, m.period_id, m.period_name
  from (select g::date as date, day.*
      from generate_series(p_from, p_to, '1 day'::interval) g cross join lateral school_day(p_school, g::date) day) d
    join section_meeting m on m.school_id = p_school and (p_section is null or m.section_id = p_section)
    join section_roster s on s.section_id = m.section_id
  where d.is_open and is_meeting_on(m, d.date, d.labels)
    and cardinality(students_on(s, d.date)) > 0
    and not exists (select from roll r where r.section_id = m.section_id and r.date = d.date
      and (r.period_id = m.period_id or m.period_id is null));
end;

-- The meetings a student was expected in, whether or not roll was taken.
create function expected_meetings(p_student uuid, p_from date, p_to date)
returns table (section_id uuid, school_id uuid, date date, period_id uuid) stable language sql
begin atomic
  with day as materialized (
    select s.school_id, g::date as date, day.*
    from (select distinct t.school_id from section_seat t where t.student_id = p_student) s
      cross join generate_series(p_from, p_to, '1 day'::interval) g
      cross join lateral school_day(s.school_id, g::date) day)
  select distinct t.section_id, t.school_id, d.date, m.period_id
  from section_seat t
    join section_meeting m on m.section_id = t.section_id
    join day d on d.school_id = t.school_id and is_within(d.date, t.begins, t.ends)
  where t.student_id = p_student and d.is_open and is_meeting_on(m, d.date, d.labels);
end;
