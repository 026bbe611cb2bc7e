create table room (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  name text not null check (name <> ''),
  capacity integer check (capacity > 0),
  -- a gym or a library may hold several sections at once
  shared boolean not null default false,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint room_name unique (school_id, name),
  unique (id, school_id)
);
select keep_history('room');
select protect_public('room', 'school_id');

create table section (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  course_id uuid not null,
  number text not null,
  title text not null check (title <> ''),
  session_ids uuid[] not null default '{}',
  track text not null default '',
  homeroom boolean not null default false,
  grade_levels text[] not null default '{}',
  begins date not null,
  -- the first day after it
  ends date,
  cancelled_on date,
  -- null: as many as come
  seat_limit integer check (seat_limit > 0),
  -- roster rows without an end; kept by the roster's trigger alone
  seats_taken integer not null default 0,
  -- seats that somebody who may do so gave beyond the limit
  seats_over integer not null default 0 check (seats_over >= 0),
  source text,
  sourced_id text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint section_course foreign key (course_id) references course,
  constraint section_dates check (ends > begins),
  constraint section_cancelled check (cancelled_on >= begins),
  constraint section_seats check (seats_taken >= 0 and (seat_limit is null or seats_taken <= seat_limit + seats_over)),
  constraint section_source unique (source, sourced_id),
  unique (id, school_id)
);
create index section_of_school on section (school_id, number, id);
create index section_of_course on section (course_id);
select protect_public('section', 'school_id');

-- As keep_history does it, but a seat that is taken or freed is told by the roster's own history, not by a copy of the section.
create function keep_section_before() returns trigger language plpgsql security definer set search_path = public as $$
begin
  insert into history (table_name, row_id, operation, before)
    select 'section', o.id::text, 'UPDATE', to_jsonb(o) from old_rows o join new_rows n using (id)
    where o.seats_taken = n.seats_taken;
  return null;
end $$;
create trigger stamp before update on section for each row
  when (old.seats_taken = new.seats_taken) execute function stamp_row();
create trigger history_update after update on section referencing old table as old_rows new table as new_rows
  for each statement execute function keep_section_before();
create trigger history_delete after delete on section referencing old table as old_rows for each statement execute function keep_before('id');

-- The days a pattern meets, as a span of labels: every day overlaps each single label, and a label only itself.
create type label_range as range (subtype = text, collation = "C");
create function label_span(day_label text) returns label_range language sql immutable parallel safe as
$$ select case when day_label = '' then public.label_range(null, null) else public.label_range(day_label, day_label, '[]') end $$;

create table meeting_pattern (
  id uuid primary key default uuidv7(),
  section_id uuid not null,
  school_id uuid not null,
  period_id uuid not null,
  -- a day of the rotation ("A") or a weekday ("TUESDAY"); empty: every school day
  day_label text not null default '',
  room_id uuid,
  -- nobody else has the room at that time (false in a shared room, and for what another system scheduled)
  room_alone boolean not null default true,
  begins date not null,
  ends date,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint pattern_dates check (ends >= begins),
  constraint pattern_section foreign key (section_id, school_id) references section (id, school_id),
  constraint pattern_period foreign key (period_id, school_id) references period (id, school_id),
  constraint pattern_room foreign key (room_id, school_id) references room (id, school_id),
  constraint section_meets_once
    exclude using gist (section_id with =, period_id with =, label_span(day_label) with &&, daterange(begins, ends) with &&)
    deferrable initially immediate,
  constraint room_taken
    exclude using gist (room_id with =, period_id with =, label_span(day_label) with &&, daterange(begins, ends) with &&)
    where (room_alone and room_id is not null) deferrable initially immediate
);
create index pattern_of_section on meeting_pattern (section_id);
select keep_history('meeting_pattern');
select protect_public('meeting_pattern', 'school_id');

create table teacher_assignment (
  id uuid primary key default uuidv7(),
  section_id uuid not null,
  school_id uuid not null,
  staff_id uuid not null,
  role text not null check (role in ('TEACHER_OF_RECORD', 'CO_TEACHER', 'SUBSTITUTE')),
  begins date not null,
  -- null: until the section ends; a substitute's is always set
  ends date,
  source text,
  sourced_id text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint teaching_dates check (ends >= begins),
  constraint substitute_has_end check (role <> 'SUBSTITUTE' or ends is not null),
  constraint teaching_section foreign key (section_id, school_id) references section (id, school_id),
  constraint teacher_once
    exclude using gist (section_id with =, staff_id with =, daterange(begins, ends) with &&) deferrable initially immediate,
  constraint one_teacher_of_record
    exclude using gist (section_id with =, daterange(begins, ends) with &&) where (role = 'TEACHER_OF_RECORD') deferrable initially immediate,
  constraint teaching_source unique (source, sourced_id)
);
create index teachers_of_section on teacher_assignment (section_id);
create index sections_of_teacher on teacher_assignment (staff_id);
select keep_history('teacher_assignment');
select protect_public('teacher_assignment', 'school_id');
