-- What students ask to take in a school year, what they took before, what they must take, and who could teach it.

-- may be taken again after it was passed: choir, a team sport
alter table course add column repeatable boolean not null default false;
-- periods of the day it fills over the whole year: a year course 1, a semester course 0.5, a double period 2
alter table course add column period_load numeric(4, 2) not null default 1 constraint course_period_load check (period_load > 0);

create table graduation_plan (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  name text not null constraint plan_name_given check (name <> ''),
  -- [{"subject": "English", "credits": 40, "courses": ["course number", ...]}]: the courses in the order in which they are taken
  requirements jsonb not null check (jsonb_typeof(requirements) = 'array'),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint plan_name unique (school_id, name),
  unique (id, school_id)
);
select keep_history('graduation_plan');
select protect_public('graduation_plan', 'school_id');

-- A student's requests for a school year at a school, as a whole: what decides about them besides the courses, and how often it changed.
create table request_sheet (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  student_id uuid not null,
  -- named by the year it ends in
  school_year integer not null constraint sheet_year check (school_year between 1900 and 2200),
  -- the grade of that year: KG, 01 to 12
  grade_level text,
  programs text[] not null default '{}',
  -- a team or house, and the track of a year-round school
  team text,
  track text,
  plan_id uuid,
  -- counts the saves of the sheet; a save that has not seen the last one is refused
  revision integer not null default 0,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint sheet_once unique (school_id, student_id, school_year),
  constraint sheet_plan foreign key (plan_id, school_id) references graduation_plan (id, school_id),
  unique (id, school_id, student_id, school_year)
);
create index sheets_of_year on request_sheet (school_id, school_year, student_id);
create index sheets_of_student on request_sheet (student_id);
select keep_history('request_sheet');
select protect('request_sheet', 'school_id', 'student_id');

create table course_request (
  id uuid primary key default uuidv7(),
  sheet_id uuid not null,
  school_id uuid not null,
  student_id uuid not null,
  school_year integer not null,
  course_id uuid not null,
  -- 1 must not be missed, 2 was chosen, 3 would be nice
  priority integer not null constraint request_priority check (priority between 1 and 3),
  -- where it stands on the sheet, from 1; what is taken first stands first
  place integer not null check (place > 0),
  -- courses that would do instead, the best first
  alternates uuid[] not null default '{}',
  status text not null default 'REQUESTED' check (status in ('REQUESTED', 'WITHDRAWN')),
  source text not null check (source in ('ENTERED', 'GENERATED', 'MASS_EDIT', 'IMPORTED')),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint request_once unique (school_id, student_id, school_year, course_id),
  constraint request_sheet_of foreign key (sheet_id, school_id, student_id, school_year)
    references request_sheet (id, school_id, student_id, school_year),
  constraint request_course foreign key (course_id) references course,
  constraint request_alternates check (not course_id = any (alternates))
);
create index requests_of_sheet on course_request (sheet_id);
create index requests_of_course on course_request (school_id, school_year, course_id) where status = 'REQUESTED';
create index requests_of_student on course_request (student_id);
select keep_history('course_request');
select protect('course_request', 'school_id', 'student_id');

-- What a student has taken. A copy of another system's records, filled by import.
create table course_history (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  student_id uuid not null,
  -- the catalog's, where it has the course
  course_id uuid,
  course_number text not null check (course_number <> ''),
  school_year integer not null,
  -- 'S1', 'Fall'; empty: the whole year
  term text not null default '',
  mark text,
  -- null: in progress
  passed boolean,
  credits numeric(6, 3) not null default 0 constraint history_credits check (credits >= 0),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint history_once unique (school_id, student_id, school_year, term, course_number),
  constraint history_course foreign key (course_id) references course
);
create index history_of_student on course_history (student_id);
select keep_history('course_history');
select protect('course_history', 'school_id', 'student_id');

-- Who could teach what in a school year, and how much.
create table teaching_capacity (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  staff_id uuid not null,
  school_year integer not null,
  -- qualified for these courses, and for every course of these subjects
  course_ids uuid[] not null default '{}',
  subjects text[] not null default '{}',
  -- at the same time of the year
  max_sections integer not null constraint capacity_sections check (max_sections >= 0),
  -- periods of the day that stay free of classes
  preparation_periods integer not null default 0 constraint capacity_preparation check (preparation_periods >= 0),
  -- [{"periodId", "days": ["A", ...]}]: never then; no days: on none of them
  unavailable jsonb not null default '[]' check (jsonb_typeof(unavailable) = 'array'),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint capacity_once unique (school_id, staff_id, school_year)
);
select keep_history('teaching_capacity');
select protect('teaching_capacity', 'school_id');
