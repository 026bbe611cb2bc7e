create table district (
  id uuid primary key default uuidv7(),
  name text not null check (name <> ''),
  source text,
  sourced_id text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint district_source unique (source, sourced_id)
);
select keep_history('district');
select protect_public('district');

create table school (
  id uuid primary key default uuidv7(),
  district_id uuid not null references district,
  name text not null check (name <> ''),
  -- the number the state knows the school by
  identifier text,
  time_zone text not null,
  lowest_grade text not null,
  highest_grade text not null,
  source text,
  sourced_id text,
  -- a school that left the district keeps its records
  closed_on date,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint school_source unique (source, sourced_id)
);
create index school_district on school (district_id);
select keep_history('school');
select protect_public('school', 'id');
