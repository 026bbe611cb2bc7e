-- A course as the catalog describes it; a section is one group that takes it. Numbers are not keys: districts use them again.
create table course (
  id uuid primary key default uuidv7(),
  -- the school that offers it; null, or an organization that is no school: the district offers it to all its schools
  org_id uuid,
  number text,
  title text not null check (title <> ''),
  credits numeric(6, 3) check (credits >= 0),
  subjects text[] not null default '{}',
  subject_codes text[] not null default '{}',
  grade_levels text[] not null default '{}',
  -- [{"anyOf": ["course number", ...], "note": "text"}]: every entry must be met, by any one of its courses
  prerequisites jsonb not null default '[]' check (jsonb_typeof(prerequisites) = 'array'),
  school_year integer,
  -- no longer offered from this day
  ended_on date,
  source text,
  sourced_id text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint course_source unique (source, sourced_id)
);
create index course_list on course (title, id);
select keep_history('course');
select protect_public('course', 'org_id');
