-- Who is enrolled was told while grading did not listen yet: told again, five hundred enrollments in a fact. Whoever heard it hears
-- nothing new.
select set_config('rollbook.district', 'on', true);
insert into outbox (type, aggregate, payload)
  select 'EnrollmentsChanged', school_id::text, jsonb_build_object('schoolId', school_id, 'enrollments', jsonb_agg(told order by id))
  from (
    select e.id, e.school_id, told_enrollment(e) as told, (row_number() over (partition by e.school_id order by e.id) - 1) / 500 as part
    from enrollment e) e
  group by school_id, part order by school_id, part;
