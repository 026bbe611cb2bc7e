-- Days on which parents and teachers meet. What families read of them is public; who meets whom is theirs and the school's.
create table conference (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  title text not null check (title <> ''),
  -- whose marks the packets tell of
  grading_period_id uuid not null,
  booking_opens_at timestamptz not null,
  booking_closes_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint conference_booking_span check (booking_closes_at > booking_opens_at),
  constraint conference_title unique (school_id, title)
);
select keep_history('conference');
select protect_public('conference', 'school_id');

create table conference_slot (
  id uuid primary key default uuidv7(),
  conference_id uuid not null references conference,
  school_id uuid not null,
  staff_id uuid not null,
  begins_at timestamptz not null,
  ends_at timestamptz not null,
  -- a room, or how to call
  place text not null check (place <> ''),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint conference_slot_span check (ends_at > begins_at),
  constraint conference_slot_teacher exclude using gist (staff_id with =, tstzrange(begins_at, ends_at) with &&)
);
create index conference_slot_order on conference_slot (conference_id, begins_at, id);
select keep_history('conference_slot');
select protect_public('conference_slot', 'school_id');

-- A slot that a family took. What it takes of the slot is copied, for the constraints: nobody is in two places at once, and a slot
-- is one family's.
create table conference_booking (
  id uuid primary key default uuidv7(),
  conference_id uuid not null references conference,
  school_id uuid not null,
  slot_id uuid not null references conference_slot,
  staff_id uuid not null,
  student_id uuid not null,
  -- who comes: the parent who booked, or for whom the office did
  parent_id uuid not null,
  begins_at timestamptz not null,
  ends_at timestamptz not null,
  -- the language in which an interpreter is wanted (BCP 47); null: none
  interpreter text,
  cancelled_at timestamptz,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint conference_booking_slot exclude using gist (slot_id with =) where (cancelled_at is null),
  constraint conference_booking_student exclude using gist (student_id with =, tstzrange(begins_at, ends_at) with &&) where (cancelled_at is null),
  constraint conference_booking_parent exclude using gist (parent_id with =, tstzrange(begins_at, ends_at) with &&) where (cancelled_at is null)
);
create index conference_booking_order on conference_booking (conference_id, staff_id, begins_at);
create index conference_booking_family on conference_booking (student_id);
select keep_history('conference_booking');
-- A family writes its own: of its children, and in its own name.
alter table conference_booking enable row level security;
alter table conference_booking force row level security;
create policy staff on conference_booking for all
  using ((select viewer_is_district()) or school_id = any ((select viewer_schools())::uuid[]))
  with check ((select viewer_is_district()) or school_id = any ((select viewer_schools())::uuid[]));
create policy family_reads on conference_booking for select using (student_id = any ((select viewer_students())::uuid[]));
create policy family_books on conference_booking for insert
  with check (student_id = any ((select viewer_students())::uuid[]) and parent_id = viewer_subject());
create policy family_moves on conference_booking for update using (student_id = any ((select viewer_students())::uuid[]))
  with check (student_id = any ((select viewer_students())::uuid[]));
-- Whether a slot is taken is everybody's to see; by whom is not. It runs as the owner, who may look.
create policy owner_looks on conference_booking for select to current_user using (true);
create function slot_taken(slot uuid) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from conference_booking b where b.slot_id = slot and b.cancelled_at is null)
$$;
