-- What kind of work an assignment is, and how much it counts. A category of an imported package belongs to no section or school.
create table category (
  id uuid primary key default uuidv7(),
  school_id uuid,
  section_id uuid,
  title text not null check (title <> ''),
  -- percent of the whole
  weight integer check (weight between 0 and 100),
  source text,
  sourced_id text,
  withdrawn_on date,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  check (section_id is null or school_id is not null),
  constraint category_source unique (source, sourced_id)
);
create unique index category_title on category (section_id, lower(title)) where section_id is not null and withdrawn_on is null;
select keep_history('category');
-- A category of the whole district is everybody's to read; one of a section, the school's and of the families of those who sit in it.
select protect('category', 'school_id', null, 'school_id is null and viewer_subject() is not null or sees_section(section_id)');

create table assignment (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  -- no reference: an imported one may come before scheduling told of its section
  section_id uuid not null,
  category_id uuid references category,
  grading_period_id uuid,
  title text not null check (title <> ''),
  description text,
  assigned_on date,
  due_on date,
  lowest numeric not null default 0,
  -- full marks; a score above is extra credit
  highest numeric,
  source text,
  sourced_id text,
  withdrawn_on date,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint assignment_dates check (due_on >= assigned_on),
  constraint assignment_range check (highest >= lowest),
  constraint assignment_source unique (source, sourced_id)
);
create index assignment_section on assignment (section_id, due_on);
create index assignment_category on assignment (category_id);
select keep_history('assignment');
select protect('assignment', 'school_id', null, 'sees_section(section_id)');

-- What a student earned for an assignment. Its history is in save.
create table score (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  section_id uuid not null,
  assignment_id uuid not null references assignment,
  student_id uuid not null,
  -- exact, without trailing zeros
  points numeric check (points = trim_scale(points) and scale(points) <= 4 and abs(points) < 1000000),
  text_score text,
  status text not null check (status in ('EXEMPT', 'FULLY_GRADED', 'NOT_SUBMITTED', 'PARTIALLY_GRADED', 'SUBMITTED')),
  late boolean not null,
  missing boolean not null,
  incomplete boolean not null,
  comment text,
  scored_on date not null,
  revision integer not null check (revision > 0),
  saved_at timestamptz not null,
  saved_by uuid not null default viewer_subject(),
  save_id uuid not null,
  source text,
  sourced_id text,
  withdrawn_on date,
  constraint score_cell unique (assignment_id, student_id),
  constraint score_source unique (source, sourced_id)
) with (fillfactor = 85);
create index score_student on score (student_id, section_id);
select protect('score', 'school_id', 'student_id');
