-- What a mark is worth on a transcript, how repeats count, and the lists made of it. A school without a row of its own uses the district's.
create table transcript_policy (
  id uuid primary key default uuidv7(),
  school_id uuid,
  -- [{"mark", "points": decimal text or null, "attempts", "earns", "pending"}]
  marks jsonb not null check (jsonb_typeof(marks) = 'array'),
  -- courses with one of these among their subject codes are weighted
  weighted_codes text[] not null,
  weight_bonus numeric(4, 2) not null check (weight_bonus >= 0),
  -- the fewest points of a mark that has the bonus
  weight_from numeric(4, 2) not null,
  repeats text not null check (repeats in ('BEST', 'LATEST', 'BOTH')),
  -- more classes than these at once are asked about
  most_at_once integer not null check (most_at_once > 0),
  -- [{"name", "over": "SESSION" | "ALL", "weighted", "leastGpa", "leastCredits", "leastPoints"}]
  lists jsonb not null check (jsonb_typeof(lists) = 'array'),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint transcript_policy_school unique nulls not distinct (school_id)
);
insert into transcript_policy (marks, weighted_codes, weight_bonus, weight_from, repeats, most_at_once, lists, recorded_by, reason)
  select jsonb_agg(jsonb_build_object('mark', m.mark, 'points', m.points, 'attempts', m.attempts, 'earns', m.earns, 'pending', m.pending) order by m.n),
         '{AP,IB,HN}', 1, 2, 'BEST', 9,
         '[{"name": "Honor roll", "over": "SESSION", "weighted": false, "leastGpa": "3.5", "leastCredits": "20", "leastPoints": "2"},
           {"name": "Athletics", "over": "SESSION", "weighted": false, "leastGpa": "2", "leastCredits": "20", "leastPoints": null}]',
         '00000000-0000-8000-8000-000000000000', 'what a district begins with'
    from (values (1, 'A+', '4', true, true, false), (2, 'A', '4', true, true, false), (3, 'A-', '4', true, true, false),
      (4, 'B+', '3', true, true, false), (5, 'B', '3', true, true, false), (6, 'B-', '3', true, true, false),
      (7, 'C+', '2', true, true, false), (8, 'C', '2', true, true, false), (9, 'C-', '2', true, true, false),
      (10, 'D+', '1', true, true, false), (11, 'D', '1', true, true, false), (12, 'D-', '1', true, true, false),
      (13, 'F', '0', true, false, false), (14, 'P', null, true, true, false), (15, 'NP', null, true, false, false),
      (16, 'I', null, false, false, true), (17, 'NM', null, false, false, true), (18, 'W', null, false, false, false),
      (19, 'WF', '0', true, false, false)) m (n, mark, points, attempts, earns, pending);
select keep_history('transcript_policy');
select protect_public('transcript_policy', 'school_id');

-- Which grading periods of a school year have the marks that go on the transcript. A school's own list stands instead of the district's.
create table final_period (
  id uuid primary key default uuidv7(),
  school_id uuid,
  school_year integer not null,
  grading_period_id uuid not null,
  -- the session as a transcript calls it: "Fall 2026"
  session text not null check (session <> ''),
  summer boolean not null,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint final_period_once unique nulls not distinct (school_id, grading_period_id)
);
select keep_history('final_period');
select protect_public('final_period', 'school_id');

create function is_final_period(school uuid, period uuid) returns boolean language sql stable as $$
  select exists (select from final_period f where f.grading_period_id = period and f.school_id = school)
      or exists (select from final_period f where f.grading_period_id = period and f.school_id is null
            and not exists (select from final_period own where own.school_id = school and own.school_year = f.school_year))
$$;

-- Up to which save the records follow the postings, and the sections that are to be looked at. Neither is ever waited for by a save.
create table transcript_pickup (
  id integer primary key check (id = 1),
  tx bigint not null
);
insert into transcript_pickup values (1, pg_current_xact_id()::text::bigint);
select protect('transcript_pickup');
create table transcript_due (
  section_id uuid not null,
  grading_period_id uuid not null,
  primary key (section_id, grading_period_id)
);
select protect('transcript_due');

-- Where a student's records are kept: the schools they are in today, else the last one. Runs as the owner, since a school does not see the
-- enrollments at others; answers no more than ids of schools.
create policy keepers on enrolled_student for select to current_user using (true);
create function record_schools(student uuid) returns uuid[] language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return (select coalesce(array_agg(distinct e.school_id), '{}') from enrolled_student e
    where e.student_id = student and coalesce(e.ends, 'infinity') > e.begins
      and coalesce(e.ends, 'infinity') >= least(current_date + 1, (
        select max(coalesce(l.ends, 'infinity')) from enrolled_student l where l.student_id = student and coalesce(l.ends, 'infinity') > l.begins)));
end $$;
create function keeps_records_of(student uuid) returns boolean language plpgsql stable as $$
begin
  return viewer_schools() && record_schools(student);
end $$;

-- One result of one student in one course, as it was. Never changed: what was wrong is replaced by another record, which says why.
create table transcript_record (
  id uuid primary key default uuidv7(),
  student_id uuid not null,
  -- the school of the district that gave it, or that took the transfer credit over
  school_id uuid not null,
  -- as it was called, or the school outside the district
  school_name text not null,
  school_year integer not null,
  session text not null,
  -- the last day of the session
  ended_on date not null,
  summer boolean not null,
  course_id uuid,
  course_number text,
  course_title text not null check (course_title <> ''),
  subjects text[] not null,
  subject_codes text[] not null,
  -- the n-th of so many parts of the course, each with its own mark: a semester of a year's course
  part integer not null,
  parts integer not null,
  repeatable boolean not null,
  mark text not null check (mark <> ''),
  credits_attempted numeric(6, 3) not null check (credits_attempted >= 0),
  credits_earned numeric(6, 3) not null check (credits_earned between 0 and credits_attempted),
  -- null: not in the grade point average
  points numeric(4, 2),
  weighted_points numeric(4, 2),
  weighted boolean not null,
  -- a mark is still to come
  pending boolean not null,
  source text not null check (source in ('POSTED', 'TRANSFER', 'CORRECTION')),
  section_id uuid,
  grading_period_id uuid,
  -- the posting it was made from
  mark_revision integer,
  replaces uuid references transcript_record,
  -- it replaces a record that ought not to be there
  voided boolean not null default false,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint transcript_record_parts check (part between 1 and parts),
  constraint transcript_record_points check ((points is null) = (weighted_points is null)),
  constraint transcript_record_replaced_once unique (replaces),
  constraint transcript_record_correction check ((source = 'CORRECTION') = (replaces is not null) and (replaces is null or btrim(reason) <> '')),
  constraint transcript_record_posting unique (section_id, student_id, grading_period_id, mark_revision)
);
create index transcript_record_student on transcript_record (student_id);
create index transcript_record_school on transcript_record (school_id);
create function transcript_record_is_frozen() returns trigger language plpgsql as $$
begin raise exception 'a transcript record is never changed; replace it with a correction' using errcode = '42501'; end $$;
create trigger transcript_record_frozen before update or delete on transcript_record for each row execute function transcript_record_is_frozen();
create trigger transcript_record_no_truncate before truncate on transcript_record for each statement execute function transcript_record_is_frozen();
select keep_history('transcript_record');
select protect('transcript_record', 'school_id', 'student_id', 'keeps_records_of(student_id)');

-- An order of transcripts, and how far it is. One of one student is an order like any other.
create table transcript_order (
  id uuid primary key default uuidv7(),
  -- null: of the whole district
  school_id uuid,
  official boolean not null,
  -- to whom they go; null: to the students
  issued_to text,
  -- why transcripts with more classes at once than are possible are issued all the same
  despite text,
  -- the day at the school: what had been earned by then, and the class as it was
  ordered_on date not null,
  status text not null check (status in ('WAITING', 'RUNNING', 'DONE')),
  wanted integer not null,
  done integer not null default 0,
  ordered_at timestamptz not null,
  ordered_by uuid not null default viewer_subject(),
  why text
);
create index transcript_order_open on transcript_order (id) where status <> 'DONE';
select protect('transcript_order', 'school_id');

create table transcript_ordered (
  order_id uuid not null references transcript_order,
  student_id uuid not null,
  school_id uuid not null,
  grade_level text,
  -- the request for the facts of the heading; it is gone when they were used
  request_id uuid,
  -- why there is no document: a code, and words
  fault text,
  fault_message text,
  number text,
  primary key (order_id, student_id)
);
create index transcript_ordered_open on transcript_ordered (order_id, request_id) where number is null and fault is null;
select protect('transcript_ordered', 'school_id');

create sequence transcript_number;
-- A transcript as it was issued. Never changed.
create table transcript_document (
  -- printed on it
  number text primary key,
  student_id uuid not null,
  school_id uuid not null,
  order_id uuid not null references transcript_order,
  official boolean not null,
  -- to whom; shown to who verifies it
  issued_to text,
  issued_at timestamptz not null,
  -- the text that was hashed, byte for byte
  snapshot text not null,
  -- the first 128 bits of the SHA-256 of the snapshot, which has the number in it
  code text not null,
  pdf bytea not null,
  constraint transcript_document_once unique (order_id, student_id)
);
create index transcript_document_student on transcript_document (student_id);
create function transcript_document_is_frozen() returns trigger language plpgsql as $$
begin raise exception 'an issued transcript is never changed; issue another' using errcode = '42501'; end $$;
create trigger transcript_document_frozen before update or delete on transcript_document for each row execute function transcript_document_is_frozen();
create trigger transcript_document_no_truncate before truncate on transcript_document for each statement execute function transcript_document_is_frozen();
select protect('transcript_document', 'school_id', null,
  'not official and student_id = any ((select viewer_students())::uuid[]) or keeps_records_of(student_id)');

-- Is this document genuine, and to whom was it issued? Nothing else of it, so anybody may ask; runs as the owner for them.
create policy keepers on transcript_document for select to current_user using (true);
create function verified_transcript(asked_number text, asked_code text, out issued_to text, out issued_at timestamptz, out official boolean)
returns setof record language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query select d.issued_to, d.issued_at, d.official from transcript_document d where d.number = asked_number and d.code = asked_code
    and upper(left(encode(sha256(convert_to(d.snapshot, 'UTF8')), 'hex'), 32)) = d.code;
end $$;
