-- The catalog's courses: told to the others by whatever statement writes them, so that no verb and no import can forget it. `schoolId` is
-- the school that offers the course; null, or the id of no school, says that the district does.
create function told_course(c course) returns jsonb language sql immutable as $$
  select jsonb_build_object('id', c.id, 'schoolId', c.org_id, 'number', c.number, 'title', c.title, 'credits', c.credits::text,
    'subjects', c.subjects, 'subjectCodes', c.subject_codes, 'repeatable', c.repeatable)
$$;
create function tell_courses() returns trigger language plpgsql as $$
begin
  insert into outbox (type, aggregate, payload)
    select 'CourseChanged', n.id::text, told_course(n::course) from new_rows n join old_rows o using (id)
     where told_course(n::course) <> told_course(o::course) order by n.id;
  return null;
end $$;
create function tell_new_courses() returns trigger language plpgsql as $$
begin
  insert into outbox (type, aggregate, payload) select 'CourseChanged', n.id::text, told_course(n::course) from new_rows n order by n.id;
  return null;
end $$;
create trigger tell_insert after insert on course referencing new table as new_rows
  for each statement execute function tell_new_courses();
create trigger tell_update after update on course referencing old table as old_rows new table as new_rows
  for each statement execute function tell_courses();

-- What was there before anybody was told. Which section is of which course was told long ago, to listeners that did not keep it: told
-- again, five hundred sections in a fact.
select set_config('rollbook.district', 'on', true);
insert into outbox (type, aggregate, payload) select 'CourseChanged', id::text, told_course(c) from course c order by id;
insert into outbox (type, aggregate, payload)
  select 'SectionCoursesTold', school_id::text, jsonb_build_object('schoolId', school_id, 'sections', jsonb_agg(
      jsonb_build_object('id', id, 'courseId', course_id, 'number', number, 'sessionIds', to_jsonb(session_ids)) order by id))
  from (
    select s.*, (row_number() over (partition by school_id order by id) - 1) / 500 as part from section s) s
  group by school_id, part order by school_id, part;
