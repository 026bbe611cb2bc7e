-- A schedule as a school plans it, beside the live one: nobody's day changes until it is committed.
create table scenario (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  school_year integer not null check (school_year between 1900 and 2200),
  name text not null check (btrim(name) <> ''),
  -- the scenario it was copied from
  based_on_id uuid,
  status text not null default 'DRAFT' check (status in ('DRAFT', 'COMMITTED', 'REPLACED')),
  -- one more with every change
  revision integer not null default 0,
  -- when the live sections were last looked at; what each was then is its section's live_fingerprint
  taken_at timestamptz not null default now(),
  committed_at timestamptz,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint scenario_school foreign key (school_id) references school,
  constraint scenario_name unique (school_id, school_year, name),
  constraint scenario_committed check ((status = 'DRAFT') = (committed_at is null)),
  unique (id, school_id)
);
select keep_history('scenario');
select protect('scenario', 'school_id');

-- A section as the scenario has it. Its history is scenario_change.
create table scenario_section (
  scenario_id uuid not null,
  -- the live section's id; of one that the scenario adds, the id it will have
  section_id uuid not null default uuidv7(),
  school_id uuid not null,
  revision integer not null default 0,
  course_id uuid not null,
  number text not null,
  session_ids uuid[] not null,
  -- null: as many as come
  seats integer,
  -- cells of the timetable, "session/day/period" (the day is empty where all days are alike); null: open
  meets text[],
  -- how many periods in a row it takes on a day, and the sets of days on which it could meet; an empty set: every day
  periods_in_row integer not null default 1,
  day_choices jsonb not null default '[[]]' check (jsonb_typeof(day_choices) = 'array' and day_choices <> '[]'),
  teacher_id uuid,
  co_teacher_ids uuid[] not null default '{}',
  room_id uuid,
  -- [{"program": "SPECIAL_EDUCATION", "seats": 8}]
  reservations jsonb not null default '[]' check (jsonb_typeof(reservations) = 'array'),
  combined_with text,
  link text,
  team text,
  track text not null default '',
  -- what no run may change
  locks text[] not null default '{}',
  -- the scenario does without it; the row stays, so that the commit knows what to cancel
  taken_out boolean not null default false,
  -- what the live section was when it was taken; null: the scenario adds it
  live_fingerprint text,
  primary key (scenario_id, section_id),
  constraint scenario_section_of foreign key (scenario_id, school_id) references scenario (id, school_id),
  constraint scenario_section_course foreign key (course_id) references course,
  constraint scenario_section_room foreign key (room_id, school_id) references room (id, school_id),
  constraint scenario_section_seats check (seats > 0),
  constraint scenario_section_row check (periods_in_row between 1 and 4),
  constraint scenario_section_meets check (meets <> '{}'),
  constraint scenario_section_locks check (locks <@ array['PLACEMENT', 'TEACHER', 'ROOM'])
);
select protect('scenario_section', 'school_id');

-- A seat as the scenario gives it. Its history is scenario_change.
create table scenario_seat (
  scenario_id uuid not null,
  student_id uuid not null,
  section_id uuid not null,
  school_id uuid not null,
  -- the request it answers, if any: 0 with the course itself, n with its n-th alternate
  request_id uuid,
  alternate integer not null default 0 check (alternate >= 0),
  locked boolean not null default false,
  primary key (scenario_id, student_id, section_id),
  constraint scenario_seat_section foreign key (scenario_id, section_id) references scenario_section
);
create index scenario_seat_of_section on scenario_seat (scenario_id, section_id);
select protect('scenario_seat', 'school_id');

-- Every change of a scenario: the rows it touched, before and after. So each version can be had again, and a change be undone.
create table scenario_change (
  id uuid primary key default uuidv7(),
  scenario_id uuid not null,
  school_id uuid not null,
  -- the scenario's revision with this change
  revision integer not null,
  kind text not null check (kind in ('SECTION_CHANGED', 'SECTION_ADDED', 'SECTION_REMOVED', 'SEATS_CHANGED', 'RUN_APPLIED', 'TAKEN_AGAIN', 'UNDONE')),
  -- what was done, in words
  what text not null,
  section_ids uuid[] not null,
  student_ids uuid[] not null,
  -- {"sections": [rows], "seats": [rows]}: these sections, and all seats of these students
  before jsonb not null,
  after jsonb not null,
  -- the change that this one takes back
  undoes_id uuid,
  made_at timestamptz not null default now(),
  made_by uuid not null default viewer_subject(),
  constraint scenario_change_of foreign key (scenario_id, school_id) references scenario (id, school_id),
  constraint scenario_change_revision unique (scenario_id, revision),
  constraint scenario_change_undone_once unique (undoes_id),
  constraint scenario_change_undoes foreign key (undoes_id) references scenario_change
);
create trigger scenario_change_append_only before update or delete or truncate on scenario_change
  for each statement execute function history_is_append_only();
select protect('scenario_change', 'school_id');

-- A run of the builder or the loader on a scenario. Whoever holds the lease works on it; when the lease is over, anybody may go on from
-- the checkpoint. It keeps no history: it is a record of its own.
create table schedule_run (
  id uuid primary key default uuidv7(),
  scenario_id uuid not null,
  school_id uuid not null,
  kind text not null check (kind in ('BUILD', 'LOAD')),
  seconds integer not null,
  seed integer not null,
  status text not null default 'WAITING' check (status in ('WAITING', 'RUNNING', 'DONE', 'CANCELLED', 'FAILED')),
  -- the scenario that it began with; what it proposes is for this one
  scenario_revision integer not null,
  best double precision,
  bound double precision,
  unmet integer,
  seconds_left double precision not null,
  -- {"sections": [...], "seats": [...]}: the best so far, as of checkpoint_at; in the end, what it proposes
  checkpoint jsonb,
  checkpoint_at timestamptz,
  lease_holder uuid,
  lease_until timestamptz,
  -- how many processes began or took it up
  attempts integer not null default 0,
  cancel_requested boolean not null default false,
  -- why it failed
  failure text,
  -- the change by which its proposal is in the scenario
  change_id uuid,
  started_at timestamptz not null default now(),
  started_by uuid not null default viewer_subject(),
  ended_at timestamptz,
  constraint run_of foreign key (scenario_id, school_id) references scenario (id, school_id),
  constraint run_change foreign key (change_id) references scenario_change,
  constraint run_seconds check (seconds between 1 and 3600),
  constraint run_ended check ((status in ('DONE', 'CANCELLED', 'FAILED')) = (ended_at is not null)),
  constraint run_failure check ((status = 'FAILED') = (failure is not null))
);
-- one at a time on a scenario
create unique index run_alone on schedule_run (scenario_id) where status in ('WAITING', 'RUNNING');
create index run_of_scenario on schedule_run (scenario_id, started_at);
select protect('schedule_run', 'school_id');

-- The live sections of a school that take place in a school year or still will, as a scenario takes them, and what tells one state
-- of them from another: sessions, seats, meetings, teachers (no substitutes) and who has a seat.
create function live_sections(school uuid, year integer)
  returns table (section_id uuid, course_id uuid, number text, session_ids uuid[], track text, seats integer,
    teacher_id uuid, co_teacher_ids uuid[], room_id uuid, meetings jsonb, students uuid[], fingerprint text) language sql stable as $$
  select l.id, l.course_id, l.number, l.session_ids, l.track, l.seat_limit, t.teacher_id, coalesce(t.co_teacher_ids, '{}'),
    m.room_id, coalesce(m.meetings, '[]'), coalesce(e.students, '{}'),
    md5(jsonb_build_array(l.course_id, l.number, l.session_ids, l.track, l.seat_limit, t.teacher_id, t.co_teacher_ids, m.meetings, e.students)::text)
  from section l
  left join lateral (
    select (array_agg(a.staff_id order by a.begins desc) filter (where a.role = 'TEACHER_OF_RECORD'))[1] as teacher_id,
      array_agg(a.staff_id order by a.staff_id) filter (where a.role = 'CO_TEACHER') as co_teacher_ids
    from teacher_assignment a
    where a.section_id = l.id and a.role <> 'SUBSTITUTE' and coalesce(a.ends, 'infinity') >= coalesce(l.ends, 'infinity')) t on true
  left join lateral (
    select (array_agg(p.room_id order by p.begins desc) filter (where p.room_id is not null))[1] as room_id,
      jsonb_agg(jsonb_build_array(p.period_id, p.day_label, p.room_id, p.begins, p.ends) order by p.begins, p.period_id, p.day_label) as meetings
    from meeting_pattern p where p.section_id = l.id and coalesce(p.ends, 'infinity') > p.begins) m on true
  left join lateral (
    select array_agg(r.student_id order by r.student_id) as students from section_enrollment r where r.section_id = l.id and r.ends is null) e on true
  where l.school_id = school and l.cancelled_on is null
    and l.session_ids && array(select a.id from academic_session a where a.school_year = year)
$$;
