create type clock_range as range (subtype = time);

-- What the school calls a part of its day: "1", "Homeroom", "Lunch".
create table period (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  name text not null check (name <> ''),
  sort_order integer not null,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint period_name unique (school_id, name),
  unique (id, school_id)
);
select keep_history('period');
select protect_public('period', 'school_id');

-- One kind of day: "Block A", "Minimum day", "Finals Tuesday". A kind of day without any times is a day off.
create table bell_schedule (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  name text not null check (name <> ''),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint bell_schedule_name unique (school_id, name),
  unique (id, school_id)
);
select keep_history('bell_schedule');
select protect_public('bell_schedule', 'school_id');

-- Two bells and what is between them. Lunch, passing time and the like have a label and no period; two periods that share a block
-- (odd and even days, first and second semester) are two rows with the same times; a period may come twice in a day.
create table bell_schedule_time (
  id uuid primary key default uuidv7(),
  bell_schedule_id uuid not null,
  school_id uuid not null,
  period_id uuid,
  label text not null check (label <> ''),
  starts_at time not null,
  ends_at time not null,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint bell_times_forward check (ends_at > starts_at),
  constraint bell_time_schedule foreign key (bell_schedule_id, school_id) references bell_schedule (id, school_id),
  constraint bell_time_period foreign key (period_id, school_id) references period (id, school_id),
  constraint period_once_at_a_time
    exclude using gist (bell_schedule_id with =, period_id with =, clock_range(starts_at, ends_at) with &&) where (period_id is not null)
);
create index bell_time_of_schedule on bell_schedule_time (bell_schedule_id, period_id);
select keep_history('bell_schedule_time');
select protect_public('bell_schedule_time', 'school_id');

-- Which kind of day a weekday, or a day of the rotation ("A", "B"), is as a rule. A date of the calendar may name another.
create table bell_schedule_use (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  bell_schedule_id uuid not null,
  weekday text check (weekday in ('MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY')),
  day_label text check (day_label <> ''),
  begins date not null,
  ends date,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint bell_use_one_rule check (num_nonnulls(weekday, day_label) = 1),
  constraint bell_use_dates check (ends >= begins),
  constraint bell_use_schedule foreign key (bell_schedule_id, school_id) references bell_schedule (id, school_id),
  constraint weekday_has_one_schedule
    exclude using gist (school_id with =, weekday with =, daterange(begins, ends) with &&) where (weekday is not null),
  constraint day_label_has_one_schedule
    exclude using gist (school_id with =, day_label with =, daterange(begins, ends) with &&) where (day_label is not null)
);
create index bell_use_school on bell_schedule_use (school_id, weekday, day_label);
select keep_history('bell_schedule_use');
select protect_public('bell_schedule_use', 'school_id');
