-- What a section asks of the schedule besides its seats, in scenarios and live.

-- what a room is fit for: "science", "gym"
alter table room add column groups text[] not null default '{}';

alter table scenario_section
  -- a room of one of these groups; none: any room
  add column room_groups text[] not null default '{}',
  -- it runs in one of these sessions, and a run may choose which; none: in all of session_ids
  add column session_choices uuid[] not null default '{}',
  -- somebody said periods_in_row and day_choices; else they are read off the live meetings
  add column pattern_given boolean not null default false;

-- What a live section asks of the schedule, for the next scenario that takes it. A section without a row asks for nothing.
create table section_need (
  section_id uuid primary key,
  school_id uuid not null,
  -- [{"program": "SPECIAL_EDUCATION", "seats": 8}]
  reservations jsonb not null default '[]' check (jsonb_typeof(reservations) = 'array'),
  -- sections of the same value meet as one class
  combined_with text,
  -- whoever is in one section of a link is in the others of it
  link text,
  -- only for students of this team or house
  team text,
  room_groups text[] not null default '{}',
  session_choices uuid[] not null default '{}',
  -- both, when somebody said how it may meet
  periods_in_row integer,
  day_choices jsonb check (jsonb_typeof(day_choices) = 'array' and day_choices <> '[]'),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint section_need_of foreign key (section_id, school_id) references section (id, school_id),
  constraint section_need_row check (periods_in_row between 1 and 4),
  constraint section_need_pattern check ((periods_in_row is null) = (day_choices is null))
);
create index section_need_of_school on section_need (school_id);
select keep_history('section_need', 'section_id');
select protect('section_need', 'school_id');

-- Rows as a change of a scenario kept them, as they are kept now: sections of before have what was added to them since as it is by default.
create function scenario_rows(kept jsonb) returns jsonb language sql immutable parallel safe as $$
  select jsonb_set(kept, '{sections}', coalesce((
    select jsonb_agg('{"room_groups": [], "session_choices": [], "pattern_given": false}'::jsonb || section order by place)
    from jsonb_array_elements(kept -> 'sections') with ordinality as s (section, place)), '[]'))
$$;

-- As before, and with what the section asks for; the fingerprint of one that asks for nothing stays what it was.
drop function live_sections(uuid, integer);
create function live_sections(school uuid, year integer)
  returns table (section_id uuid, course_id uuid, number text, session_ids uuid[], track text, seats integer,
    teacher_id uuid, co_teacher_ids uuid[], room_id uuid, meetings jsonb, students uuid[], reservations jsonb, combined_with text, link text,
    team text, room_groups text[], session_choices uuid[], periods_in_row integer, day_choices jsonb, fingerprint text)
  language sql stable as $$
  select l.id, l.course_id, l.number, l.session_ids, l.track, l.seat_limit, t.teacher_id, coalesce(t.co_teacher_ids, '{}'),
    m.room_id, coalesce(m.meetings, '[]'), coalesce(e.students, '{}'), coalesce(n.reservations, '[]'), n.combined_with, n.link,
    n.team, coalesce(n.room_groups, '{}'), coalesce(n.session_choices, '{}'), n.periods_in_row, n.day_choices,
    md5(jsonb_build_array(l.course_id, l.number, l.session_ids, l.track, l.seat_limit, t.teacher_id, t.co_teacher_ids, m.meetings, e.students)::text
      || coalesce(nullif(jsonb_strip_nulls(jsonb_build_object('reservations', nullif(n.reservations, '[]'), 'combined', n.combined_with,
        'link', n.link, 'team', n.team, 'rooms', nullif(n.room_groups, '{}'), 'sessions', nullif(n.session_choices, '{}'),
        'row', n.periods_in_row, 'days', n.day_choices)), '{}')::text, ''))
  from section l
  left join section_need n on n.section_id = l.id
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
