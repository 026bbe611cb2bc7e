-- Report cards and conference packets: what they look like, the batches that print them, and what was printed.

-- Which fields a document has, by grade: the district's, unless a school has its own. Without grades, for all that no other one names.
create table report_card_template (
  id uuid primary key default uuidv7(),
  school_id uuid,
  kind text not null check (kind in ('REPORT_CARD', 'CONFERENCE_PACKET')),
  layout text not null check (layout in ('SECONDARY', 'ELEMENTARY', 'PACKET') and (layout = 'PACKET') = (kind = 'CONFERENCE_PACKET')),
  grade_levels text[] not null,
  fields text[] not null,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint report_card_template_once unique nulls not distinct (school_id, kind, layout)
);
insert into report_card_template (kind, layout, grade_levels, fields, recorded_by, reason)
  select t.kind, t.layout, t.grade_levels, t.fields, '00000000-0000-8000-8000-000000000000', 'what a district begins with' from (values
    ('REPORT_CARD', 'ELEMENTARY', '{TK,KG,01,02,03,04,05}'::text[],
      '{studentNumber,gradeLevel,guardians,address,teacher,effort,conduct,comments,attendance,legend}'::text[]),
    ('REPORT_CARD', 'SECONDARY', '{}', '{studentNumber,gradeLevel,guardians,address,teacher,credits,effort,conduct,comments,attendance,legend}'),
    ('CONFERENCE_PACKET', 'PACKET', '{}', '{studentNumber,gradeLevel,guardians,teacher,effort,conduct,comments,attendance}')
  ) t (kind, layout, grade_levels, fields);
select keep_history('report_card_template');
select protect_public('report_card_template', 'school_id');

-- What the families and the attendance of students are, asked of the services that know it for the documents that are being printed, and
-- forgotten with them.
create table document_request (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  student_ids uuid[] not null,
  asked_at timestamptz not null default clock_timestamp(),
  -- the answers as they came; null: not yet
  families jsonb,
  attendance jsonb,
  -- the batch that asks, and whom of it for
  batch_id uuid,
  first_place integer,
  last_place integer
);
create index document_request_batch on document_request (batch_id, first_place);
select protect('document_request');

-- A batch: documents of a school, or of the district, for one grading period. Who works on it holds a lease, and whoever finds it lapsed
-- takes it up.
create table report_batch (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in ('REPORT_CARD', 'CONFERENCE_PACKET')),
  -- null: every school
  school_id uuid,
  grading_period_id uuid not null,
  -- null: everybody
  student_ids uuid[],
  status text not null check (status in ('WAITING', 'RUNNING', 'PAUSED', 'DONE', 'CANCELLED', 'FAILED')),
  -- print without attendance when it is not told in time, instead of pausing
  without_attendance boolean not null,
  -- services whose facts it waits for
  waiting_for text[] not null default '{}',
  failure text,
  -- null until the students are listed
  total integer,
  printed integer not null default 0,
  unchanged integer not null default 0,
  faulty integer not null default 0,
  pages integer not null default 0,
  -- time at work, waiting for facts left out
  worked_ms integer not null default 0,
  cancel_requested boolean not null default false,
  lease_holder uuid,
  lease_until timestamptz,
  attempts integer not null default 0,
  started_at timestamptz not null default clock_timestamp(),
  started_by uuid not null default viewer_subject(),
  ended_at timestamptz,
  check ((status in ('DONE', 'CANCELLED', 'FAILED')) = (ended_at is not null))
);
create index report_batch_school on report_batch (school_id, id);
create index report_batch_open on report_batch (id) where ended_at is null;
select protect('report_batch', 'school_id');

create table report_batch_student (
  batch_id uuid not null references report_batch,
  place integer not null,
  student_id uuid not null,
  school_id uuid not null,
  state text not null check (state in ('LISTED', 'PRINTED', 'UNCHANGED', 'FAULTY')),
  -- why there is no document, or what the office should know of the one there is
  code text,
  message text,
  primary key (batch_id, place),
  constraint report_batch_student_once unique (batch_id, student_id, school_id)
);
create index report_batch_student_told on report_batch_student (batch_id, place) where code is not null;
select protect('report_batch_student', 'school_id');

-- What was printed. Nothing of it is ever changed: a correction is a next version.
create table report_card (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in ('REPORT_CARD', 'CONFERENCE_PACKET')),
  student_id uuid not null,
  school_id uuid not null,
  grading_period_id uuid not null,
  version integer not null check (version > 0),
  -- everything that is printed, as text: its bytes are what sha256 is of
  snapshot json not null,
  sha256 bytea not null check (length(sha256) = 32),
  -- the same without the day of printing: equal means that nothing changed
  content_sha256 bytea not null check (length(content_sha256) = 32),
  template_version text not null,
  language text not null,
  pages integer not null,
  pdf bytea not null,
  published_at timestamptz not null,
  batch_id uuid not null references report_batch,
  constraint report_card_version unique (student_id, grading_period_id, school_id, kind, version)
);
-- It is compressed in part already; squeezing it again would take a batch longer than what it frees is worth.
alter table report_card alter column pdf set storage external;
select protect('report_card', 'school_id', 'student_id');
create trigger report_card_append_only before update or delete or truncate on report_card
  for each statement execute function history_is_append_only();
