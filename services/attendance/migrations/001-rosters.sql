-- What the save of a roll needs to know, fed by the events of the student and the scheduling service.

create table school (
  id uuid primary key,
  name text not null,
  time_zone text not null
);
select protect_public('school', 'id');

create table calendar (
  id uuid primary key,
  school_id uuid not null,
  school_year integer not null
);
create index calendar_school on calendar (school_id, school_year);
select protect_public('calendar', 'school_id');

create table calendar_day (
  calendar_id uuid not null references calendar,
  date date not null,
  school_id uuid not null,
  kind text not null,
  -- the rotating day ("A"), where the school has them
  day_label text,
  primary key (calendar_id, date)
);
create index calendar_day_school on calendar_day (school_id, date);
select protect_public('calendar_day', 'school_id');

-- One row per section, so that a save reads one row. Parallel arrays; an end is exclusive, null while open.
create table section_roster (
  section_id uuid primary key,
  school_id uuid not null,
  teacher_ids uuid[] not null,
  teacher_begins date[] not null,
  teacher_ends date[] not null,
  student_ids uuid[] not null,
  student_begins date[] not null,
  student_ends date[] not null,
  constraint section_roster_parallel check (
    cardinality(teacher_ids) = cardinality(teacher_begins) and cardinality(teacher_ids) = cardinality(teacher_ends)
    and cardinality(student_ids) = cardinality(student_begins) and cardinality(student_ids) = cardinality(student_ends))
);
create index section_roster_school on section_roster (school_id);
select protect('section_roster', 'school_id');

-- The same seats by student: under row-level security no index reaches into an array, and a family may see its own seats only.
create table section_seat (
  section_id uuid not null,
  student_id uuid not null,
  school_id uuid not null,
  begins date not null,
  ends date,
  primary key (section_id, student_id, begins)
);
create index section_seat_student on section_seat (student_id);
select protect('section_seat', 'school_id', 'student_id');

-- When a section meets. A section whose pattern is not known has one row without a period: it meets once on every school day.
create table section_meeting (
  section_id uuid not null,
  ordinal integer not null,
  school_id uuid not null,
  period_id uuid,
  period_name text,
  -- rotating days or weekdays; empty: every school day
  days text[] not null,
  begins date not null,
  ends date,
  primary key (section_id, ordinal)
);
create index section_meeting_school on section_meeting (school_id);
select protect_public('section_meeting', 'school_id');

create function is_within(day date, begins date, ends date) returns boolean immutable parallel safe language sql
return begins <= day and (ends is null or day < ends);

-- A school year is named by the year it ends in and turns on 1 July.
create function school_year_of(day date) returns integer immutable parallel safe language sql
return extract(year from day)::integer + (extract(month from day) >= 7)::integer;

create function teachers_on(section section_roster, day date) returns uuid[] stable parallel safe language sql
return array(select distinct t.id from unnest(section.teacher_ids, section.teacher_begins, section.teacher_ends) t (id, begins, ends)
  where is_within(day, t.begins, t.ends) order by t.id);

create function students_on(section section_roster, day date) returns uuid[] stable parallel safe language sql
return array(select distinct s.id from unnest(section.student_ids, section.student_begins, section.student_ends) s (id, begins, ends)
  where is_within(day, s.begins, s.ends) order by s.id);

-- Is it a school day, and by which labels do meeting patterns know it? With several calendars (tracks) a day is a school day when
-- one of them holds school. A school without a calendar for that school year holds school on every weekday: a calendar that
-- nobody has entered yet must not stop teachers from taking roll.
create function school_day(p_school uuid, p_date date, out is_open boolean, out labels text[]) stable parallel safe language sql
begin atomic
  select
    case when exists (select from calendar c where c.school_id = p_school and c.school_year = school_year_of(p_date))
      then exists (select from calendar_day d where d.school_id = p_school and d.date = p_date and d.kind in ('INSTRUCTIONAL', 'MINIMUM_DAY'))
      else extract(isodow from p_date) < 6 end,
    array(select d.day_label from calendar_day d where d.school_id = p_school and d.date = p_date and d.day_label is not null)
      || to_char(p_date, 'FMDAY');
end;

create function is_meeting_on(meeting section_meeting, day date, labels text[]) returns boolean immutable parallel safe language sql
return is_within(day, meeting.begins, meeting.ends) and (meeting.days = '{}' or meeting.days && labels);

-- The day it is at a school at an instant.
create function school_today(p_school uuid, p_now timestamptz) returns date stable parallel safe language sql
return (select (p_now at time zone s.time_zone)::date from school s where s.id = p_school);

-- Applies scheduling's SectionChanged.
create function keep_section(p jsonb) returns void language plpgsql as $$
declare
  v_section uuid := p ->> 'id';
  v_school uuid := p ->> 'schoolId';
begin
  insert into section_roster
    select v_section, v_school, t.ids, t.begins, t.ends, s.ids, s.begins, s.ends
    from (select coalesce(array_agg("staffId"), '{}') ids, coalesce(array_agg(begins), '{}') begins, coalesce(array_agg(ends), '{}') ends
        from jsonb_to_recordset(p -> 'teachers') as x ("staffId" uuid, begins date, ends date)) t,
      (select coalesce(array_agg("studentId"), '{}') ids, coalesce(array_agg(begins), '{}') begins, coalesce(array_agg(ends), '{}') ends
        from jsonb_to_recordset(p -> 'students') as x ("studentId" uuid, begins date, ends date)) s
    on conflict (section_id) do update set school_id = excluded.school_id,
      teacher_ids = excluded.teacher_ids, teacher_begins = excluded.teacher_begins, teacher_ends = excluded.teacher_ends,
      student_ids = excluded.student_ids, student_begins = excluded.student_begins, student_ends = excluded.student_ends;

  delete from section_seat d where d.section_id = v_section and not exists (
    select from jsonb_to_recordset(p -> 'students') as x ("studentId" uuid, begins date, ends date)
      where (x."studentId", x.begins, x.ends, v_school) is not distinct from (d.student_id, d.begins, d.ends, d.school_id));
  insert into section_seat
    select v_section, x."studentId", v_school, x.begins, x.ends
    from jsonb_to_recordset(p -> 'students') as x ("studentId" uuid, begins date, ends date)
    on conflict do nothing;

  delete from section_meeting where section_id = v_section;
  -- within the section's own days (a cancelled section ends on the day it was cancelled: until then it met);
  -- without a pattern the section itself, from its first to its last day, is the one meeting
  insert into section_meeting
    select v_section, row_number() over (), v_school, m."periodId", m."periodName", coalesce(m.days, '{}'),
      greatest(m.begins, (p ->> 'begins')::date), least(m.ends, (p ->> 'ends')::date)
    from jsonb_to_recordset(
      case when jsonb_array_length(p -> 'meetings') > 0 then p -> 'meetings' else jsonb_build_array(p) end
    ) as m ("periodId" uuid, "periodName" text, days text[], begins date, ends date);
end $$;

-- Applies scheduling's CalendarChanged.
create function keep_calendar(p jsonb) returns void language plpgsql as $$
declare
  v_calendar uuid := p ->> 'id';
  v_school uuid := p ->> 'schoolId';
begin
  insert into calendar values (v_calendar, v_school, (p ->> 'schoolYear')::integer)
    on conflict (id) do update set school_id = excluded.school_id, school_year = excluded.school_year;
  delete from calendar_day where calendar_id = v_calendar
    and date not in (select x.date from jsonb_to_recordset(p -> 'days') as x (date date));
  insert into calendar_day as d
    select v_calendar, x.date, v_school, x.kind, x."dayLabel"
    from jsonb_to_recordset(p -> 'days') as x (date date, kind text, "dayLabel" text)
    on conflict (calendar_id, date) do update set school_id = excluded.school_id, kind = excluded.kind, day_label = excluded.day_label
      where (d.school_id, d.kind, d.day_label) is distinct from (excluded.school_id, excluded.kind, excluded.day_label);
end $$;
