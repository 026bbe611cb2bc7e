-- What a diploma asks for, by class: a version holds from the class of its year on, until a later one. Where a school has none of its own
-- for a class, the district's holds.
create table diploma_plan (
  id uuid primary key default uuidv7(),
  school_id uuid,
  -- the first class it holds for, named by the year in which it graduates
  class_year integer not null constraint diploma_plan_year check (class_year between 1900 and 2200),
  name text not null check (btrim(name) <> ''),
  -- so many credits can be earned in a year: what is missing must fit into the years that are left
  credits_per_year numeric(6, 3) not null check (credits_per_year > 0),
  -- [{"key", "name", "credits", "courses": [numbers], "subjects": [], "codes": [], "leastPoints": text or null, "passCounts"}]
  requirements jsonb not null check (jsonb_typeof(requirements) = 'array'),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint diploma_plan_once unique nulls not distinct (school_id, class_year)
);
select keep_history('diploma_plan');
select protect_public('diploma_plan', 'school_id');

-- What the office decided for one student: a course counts for a requirement it is not meant for, or credits of it are not asked for.
create table diploma_exception (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  student_id uuid not null,
  requirement text not null,
  kind text not null check (kind in ('SUBSTITUTION', 'WAIVER')),
  course_number text,
  -- a waiver of all of it: null
  credits numeric(6, 3) check (credits > 0),
  why text not null check (btrim(why) <> ''),
  withdrawn boolean not null default false,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  check ((kind = 'SUBSTITUTION') = (course_number is not null) and (kind = 'WAIVER' or credits is null))
);
create index diploma_exception_student on diploma_exception (student_id);
select keep_history('diploma_exception');
select protect('diploma_exception', 'school_id', 'student_id', 'keeps_records_of(student_id)');
