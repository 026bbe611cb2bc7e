-- Why an enrollment begins and why it ends, as the state asks (Ed-Fi: EntryType, ExitWithdrawType). Data: a district adds its state's.
create table entry_code (
  code text primary key check (code <> ''),
  description text not null check (description <> '')
);
create table exit_code (
  code text primary key check (code <> ''),
  description text not null check (description <> '')
);
select protect_public('entry_code');
select protect_public('exit_code');
-- The migration writes as the district, whose hand row-level security asks for.
select set_config('rollbook.district', 'on', true);
insert into entry_code (code, description) values
  ('ORIGINAL', 'First enrollment in a school of the United States'),
  ('PROMOTED', 'Goes on from a lower grade or school of the district'),
  ('RETURNED', 'Comes back after the summer to the same school'),
  ('REENTERED', 'Comes back after having been withdrawn'),
  ('FROM_DISTRICT', 'Transfer from a public school of the district'),
  ('FROM_STATE', 'Transfer from a public school of another district of the state'),
  ('FROM_OTHER_STATE', 'Transfer from a public school of another state'),
  ('FROM_PRIVATE', 'Transfer from a private school'),
  ('FROM_HOME', 'Was taught at home'),
  ('FROM_ABROAD', 'Transfer from a school outside the United States'),
  ('FROM_INSTITUTION', 'Comes from an institution'),
  ('IMPORTED', 'Told by another system without a reason');
insert into exit_code (code, description) values
  ('NO_SHOW', 'Was expected and never came'),
  ('TO_DISTRICT', 'Transfer to a public school of the district'),
  ('TO_STATE', 'Transfer to a public school of another district of the state'),
  ('TO_OTHER_STATE', 'Transfer to a public school of another state'),
  ('TO_PRIVATE', 'Transfer to a private school'),
  ('TO_HOME', 'Is taught at home'),
  ('ABROAD', 'Left the United States'),
  ('TO_INSTITUTION', 'Goes to an institution'),
  ('YEAR_END', 'The school year is over'),
  ('GRADUATED', 'Graduated with a diploma'),
  ('COMPLETED', 'Completed school with another credential'),
  ('DROPPED_OUT', 'Discontinued schooling'),
  ('EXPELLED', 'Expelled'),
  ('DECEASED', 'Died'),
  ('UNKNOWN', 'Left, not known where to'),
  ('IMPORTED', 'No longer told by the other system');

create table enrollment (
  id uuid primary key default uuidv7(),
  student_id uuid not null references student,
  school_id uuid not null references school,
  -- null: the source does not tell
  grade_level text,
  is_primary boolean not null,
  begins date not null,
  -- The first day on which the student is no longer enrolled. As early as `begins` for a student who never came: such an
  -- enrollment covers no day and counts nowhere.
  ends date,
  entry_code text constraint enrollment_entry_code references entry_code,
  exit_code text constraint enrollment_exit_code references exit_code,
  source text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint enrollment_range check (ends >= begins),
  constraint enrollment_exit_has_day check (exit_code is null or ends is not null),
  -- A child counts once: one primary enrollment at a time, and one at each school.
  constraint enrollment_one_primary exclude using gist (student_id with =, daterange(begins, ends) with &&) where (is_primary),
  constraint enrollment_once_in_school exclude using gist (student_id with =, school_id with =, daterange(begins, ends) with &&)
);
create index enrollment_student on enrollment (student_id);
create index enrollment_school on enrollment (school_id, begins);
select keep_history('enrollment');
select protect_rows('enrollment',
  'school_id = any ((select viewer_schools())::uuid[]) or sees_student(student_id)',
  'school_id = any ((select viewer_schools())::uuid[])');

-- The schools of a student follow the enrollments, whoever writes them: the receiving school's clerk does not see the student before.
-- So the trigger runs as the owner of the tables, who may see and write them for this. The rows are locked first, so that two
-- enrollments at once both find the other's school.
create policy school_ids on student for update to current_user using (true);
create function keep_school_ids() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform from student s where s.id in (select student_id from new_rows) order by s.id for no key update;
  update student s set school_ids = n.ids
    from (select e.student_id, array_agg(distinct e.school_id order by e.school_id) as ids
            from enrollment e where e.student_id in (select student_id from new_rows) group by e.student_id) n
    where s.id = n.student_id and s.school_ids is distinct from n.ids;
  return null;
end $$;
create trigger school_ids after insert on enrollment referencing new table as new_rows for each statement execute function keep_school_ids();
