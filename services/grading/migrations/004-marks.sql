-- The marks a school gives. A school without a row of its own uses the district's (no school).
create table mark_scale (
  id uuid primary key default uuidv7(),
  school_id uuid,
  mark_values text[] not null check (cardinality(mark_values) > 0 and array_position(mark_values, null) is null),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint mark_scale_school unique nulls not distinct (school_id)
);
insert into mark_scale (mark_values, recorded_by, reason)
  values ('{A+,A,A-,B+,B,B-,C+,C,C-,D+,D,D-,F,P,NP,I,NM,4,3,2,1}', '00000000-0000-8000-8000-000000000000', 'what a district begins with');
select keep_history('mark_scale');
select protect_public('mark_scale', 'school_id');

-- What a student earned in a section in a grading period. A new value is a draft until it is posted.
create table mark (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  section_id uuid not null,
  student_id uuid not null,
  grading_period_id uuid not null,
  value text check (value <> ''),
  comment text,
  status text not null check (status in ('DRAFT', 'POSTED')),
  revision integer not null check (revision > 0),
  saved_at timestamptz not null,
  saved_by uuid not null default viewer_subject(),
  posted_at timestamptz,
  -- the save that made this revision
  save_id uuid not null,
  check ((status = 'POSTED') = (posted_at is not null)),
  check (status = 'DRAFT' or value is not null),
  constraint mark_cell unique (section_id, student_id, grading_period_id)
) with (fillfactor = 85);
create index mark_student on mark (student_id);
select protect('mark', 'school_id', null, $$status = 'POSTED' and student_id = any ((select viewer_students())::uuid[])$$);

-- Drafts are for those who teach the section today, and for the office of its school (null: every school).
create function sees_drafts(r section_roster, at timestamptz, offices uuid[]) returns boolean language sql stable as $$
  select offices is null or r.school_id = any (offices) or viewer_subject() = any (teachers_at(r, at))
$$;
