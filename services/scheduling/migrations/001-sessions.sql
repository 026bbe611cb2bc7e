-- The schools, as the student service tells of them. A copy, so it keeps no history of its own.
create table school (
  id uuid primary key,
  name text not null,
  time_zone text not null
);
select protect_public('school', 'id');

-- The day it is at a school. Until the school has been told of, its day is taken to turn in UTC.
create function school_today(school uuid, at timestamptz) returns date language sql stable as
$$ select (at at time zone coalesce((select s.time_zone from school s where s.id = school), 'UTC'))::date $$;

-- Parts of the school year: the year itself, its semesters or terms, and the grading periods in them. They hold in the whole district.
create table academic_session (
  id uuid primary key default uuidv7(),
  title text not null check (title <> ''),
  type text not null check (type in ('SCHOOL_YEAR', 'SEMESTER', 'TERM', 'GRADING_PERIOD')),
  -- named by the year it ends in
  school_year integer not null check (school_year between 1900 and 2200),
  begins date not null,
  -- the first day after it; a session that ends the day it begins never took place
  ends date not null,
  -- no foreign key: a file may name a parent that comes further down
  parent_id uuid,
  source text,
  sourced_id text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint session_dates check (ends >= begins),
  constraint session_source unique (source, sourced_id)
);
create index session_year on academic_session (school_year, begins);
create index session_parent on academic_session (parent_id);
select keep_history('academic_session');
select protect_public('academic_session');
