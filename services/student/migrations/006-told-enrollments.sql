-- Who is enrolled where, in which grade, from when to when: told to the others by whatever statement writes it, so that no verb and no
-- import can forget it. A fact holds all that one statement changed at one school.
create function told_enrollment(e enrollment) returns jsonb language sql immutable as $$
  select jsonb_build_object('id', e.id, 'studentId', e.student_id, 'gradeLevel', e.grade_level, 'primary', e.is_primary,
    'begins', e.begins, 'ends', e.ends)
$$;
create function tell_enrollments() returns trigger language plpgsql as $$
begin
  insert into outbox (type, aggregate, payload)
    select 'EnrollmentsChanged', school_id::text, jsonb_build_object('schoolId', school_id, 'enrollments', jsonb_agg(told order by id))
    from (
      select n.id, n.school_id, told_enrollment(n::enrollment) as told from new_rows n
      except
      select o.id, o.school_id, told_enrollment(o::enrollment) from old_rows o
    ) changed
    group by school_id order by school_id;
  return null;
end $$;
create function tell_new_enrollments() returns trigger language plpgsql as $$
begin
  insert into outbox (type, aggregate, payload)
    select 'EnrollmentsChanged', n.school_id::text,
      jsonb_build_object('schoolId', n.school_id, 'enrollments', jsonb_agg(told_enrollment(n::enrollment) order by n.id))
    from new_rows n group by n.school_id order by n.school_id;
  return null;
end $$;
create trigger tell_insert after insert on enrollment referencing new table as new_rows
  for each statement execute function tell_new_enrollments();
create trigger tell_update after update on enrollment referencing old table as old_rows new table as new_rows
  for each statement execute function tell_enrollments();

-- What was enrolled before anybody was told: the same facts, five hundred enrollments in each.
select set_config('rollbook.district', 'on', true);
insert into outbox (type, aggregate, payload)
  select 'EnrollmentsChanged', school_id::text, jsonb_build_object('schoolId', school_id, 'enrollments', jsonb_agg(told order by id))
  from (
    select e.id, e.school_id, told_enrollment(e) as told, (row_number() over (partition by e.school_id order by e.id) - 1) / 500 as part
    from enrollment e) e
  group by school_id, part order by school_id, part;
