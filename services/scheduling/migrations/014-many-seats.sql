-- Thousands of seats given in one statement, as a commit of a whole school's schedule gives them, while everybody who adds or drops waits.

-- Of these roster rows, those of students who have two classes in the same period in overlapping days, whatever the days of the rotation:
-- all that could be a clash, found in one pass in the order of time.
create function crowded_rows(rows uuid[]) returns uuid[] language sql volatile as $$
  with booked as (
    select e.student_id, m.period_id, greatest(e.begins, s.begins, m.begins) as begins,
      coalesce(least(e.ends, s.ends, s.cancelled_on, m.ends), 'infinity') as ends
    from section_enrollment e
    join section s on s.id = e.section_id
    join meeting_pattern m on m.section_id = e.section_id
    where e.student_id in (select student_id from section_enrollment where id = any(rows))
  ), in_order as (
    select student_id, begins < max(ends) over (
      partition by student_id, period_id order by begins, ends rows between unbounded preceding and 1 preceding) as is_crowded
    from booked where begins < ends
  )
  select coalesce(array_agg(id), '{}') from section_enrollment
  where id = any(rows) and student_id in (select student_id from in_order where is_crowded)
$$;

-- As before. Of many rows only those are compared one with another that could clash.
create or replace function check_students(rows uuid[]) returns void language plpgsql as $$
begin
  perform from section where id in (select section_id from section_enrollment where id = any(rows)) order by id for no key update;
  insert into placed_student (student_id, school_id)
    select distinct student_id, school_id from section_enrollment where id = any(rows) order by 1, 2 on conflict do nothing;
  perform from placed_student p where (p.student_id, p.school_id) in (
    select student_id, school_id from section_enrollment where id = any(rows)) order by p.student_id, p.school_id for no key update;
  if cardinality(rows) > 100 then rows := crowded_rows(rows); end if;
  update placed_student p set twice_at_once = true from student_clashes(rows) c
    where p.student_id = c.student_id and p.school_id = c.school_id;
end $$;
