-- What scheduling tells of a course, and the student service of an enrollment, as far as a record of what was earned needs them. Copies:
-- their history is kept where they are written.
create table course (
  id uuid primary key,
  -- the school that offers it; null, or the id of no school: the district does
  school_id uuid,
  number text,
  title text not null,
  -- for the whole course
  credits numeric(6, 3),
  subjects text[] not null,
  -- codes of subjects, the A-G areas among them
  subject_codes text[] not null,
  repeatable boolean not null
);
create index course_number on course (number);
select protect_public('course', 'school_id');

alter table section_roster
  add column course_id uuid,
  add column number text,
  add column session_ids uuid[] not null default '{}';

create table enrolled_student (
  -- the enrollment's
  id uuid primary key,
  school_id uuid not null,
  student_id uuid not null,
  grade_level text,
  is_primary boolean not null,
  begins date not null,
  ends date
);
create index enrolled_at_school on enrolled_student (school_id, student_id);
create index enrolled_by_student on enrolled_student (student_id);
select protect('enrolled_student', 'school_id', 'student_id');
