-- A school's year, day by day. A year-round school has one for each track; elsewhere the track is empty.
create table calendar (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  school_year integer not null check (school_year between 1900 and 2200),
  track text not null default '',
  title text not null check (title <> ''),
  begins date not null,
  ends date not null,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint calendar_dates check (ends > begins),
  unique (id, school_id, track),
  constraint calendar_once exclude using gist (school_id with =, track with =, daterange(begins, ends) with &&)
);
select keep_history('calendar');
select protect_public('calendar', 'school_id');

create table calendar_date (
  id uuid primary key default uuidv7(),
  calendar_id uuid not null,
  school_id uuid not null,
  track text not null,
  date date not null,
  kind text not null check (kind in ('INSTRUCTIONAL', 'HOLIDAY', 'STUDENT_FREE', 'MINIMUM_DAY', 'EMERGENCY')),
  -- the day of the rotation ("A"), where the school has one
  day_label text check (day_label <> ''),
  -- the kind of day, when it is not the rule's
  bell_schedule_id uuid,
  note text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint calendar_date_calendar foreign key (calendar_id, school_id, track) references calendar (id, school_id, track),
  constraint calendar_date_schedule foreign key (bell_schedule_id, school_id) references bell_schedule (id, school_id),
  -- a day means one thing at a school (on a track), whatever calendar it is in
  constraint calendar_date_once unique (school_id, track, date)
);
create index calendar_date_of on calendar_date (calendar_id, date);
select keep_history('calendar_date');
select protect_public('calendar_date', 'school_id');

-- What a day is at a school: one row when there is school, none when there is not. A day inside a calendar that the calendar does
-- not list is no school day; a school without a calendar for the day has school from Monday to Friday.
-- The kind of day: the date's own, else that of its place in the rotation, else that of its weekday.
create function school_day(school uuid, school_track text, day date)
  returns table (weekday text, day_label text, bell_schedule_id uuid) language sql stable as $$
  select w.weekday, d.day_label,
    coalesce(
      d.bell_schedule_id,
      (select u.bell_schedule_id from bell_schedule_use u
        where u.school_id = school and u.day_label = d.day_label and u.begins <= day and (u.ends is null or day < u.ends)),
      (select u.bell_schedule_id from bell_schedule_use u
        where u.school_id = school and u.weekday = w.weekday and u.begins <= day and (u.ends is null or day < u.ends)))
  from (select rtrim(to_char(day, 'DAY')) as weekday) w
  left join calendar_date d on d.school_id = school and d.track = school_track and d.date = day
  where case
    when d.id is not null then d.kind in ('INSTRUCTIONAL', 'MINIMUM_DAY')
    else w.weekday not in ('SATURDAY', 'SUNDAY') and not exists (
      select from calendar c where c.school_id = school and c.track = school_track and c.begins <= day and day < c.ends)
  end
$$;
