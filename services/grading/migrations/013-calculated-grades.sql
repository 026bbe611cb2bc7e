-- How a section's grade is calculated, and what somebody said against it.
alter table category
  -- so many scores of a student do not count, those that hurt most
  add column drop_lowest integer not null default 0 check (drop_lowest between 0 and 100),
  -- comes on top of the other categories
  add column extra_credit boolean not null default false;
alter table assignment add column extra_credit boolean not null default false;

-- Which percentages give which mark: [{"mark", "from", "below"}], the highest first, without a gap. A school without a row of its own
-- uses the district's (no school).
create table grading_scale (
  id uuid primary key default uuidv7(),
  school_id uuid,
  cutoffs jsonb not null check (jsonb_typeof(cutoffs) = 'array' and cutoffs <> '[]'),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint grading_scale_school unique nulls not distinct (school_id)
);
insert into grading_scale (cutoffs, recorded_by, reason) values (
  '[{"mark": "A", "from": "90", "below": null}, {"mark": "B", "from": "80", "below": "90"}, {"mark": "C", "from": "70", "below": "80"},
    {"mark": "D", "from": "60", "below": "70"}, {"mark": "F", "from": "0", "below": "60"}]',
  '00000000-0000-8000-8000-000000000000', 'what a district begins with');
select keep_history('grading_scale');
select protect_public('grading_scale', 'school_id');

-- The levels on which standards are marked: as cut-offs, in the rubric's own numbers. Of a school, or of the district.
create table rubric (
  id uuid primary key default uuidv7(),
  school_id uuid,
  title text not null check (title <> ''),
  levels jsonb not null check (jsonb_typeof(levels) = 'array' and levels <> '[]'),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint rubric_title unique nulls not distinct (school_id, title)
);
select keep_history('rubric');
select protect_public('rubric', 'school_id');

-- What students should know and be able to do. Of a school, or of the district.
create table standard (
  id uuid primary key default uuidv7(),
  school_id uuid,
  code text not null check (code <> ''),
  title text not null check (title <> ''),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint standard_code unique nulls not distinct (school_id, code)
);
select keep_history('standard');
select protect_public('standard', 'school_id');
alter table assignment add column standard_id uuid references standard;

-- A section's own settings; a section without a row adds up points.
create table gradebook_rules (
  section_id uuid primary key,
  school_id uuid not null,
  -- as GradingRules of gradebook/gradingRules.ts has them; what is not there is as in plainRules
  rules jsonb not null,
  -- null: the school's or the district's
  cutoffs jsonb,
  rubric_id uuid references rubric,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true)
);
select keep_history('gradebook_rules', 'section_id');
select protect('gradebook_rules', 'school_id', null, 'sees_section(section_id)');

-- A mark that a person set against the calculated one, or (no mark) that the calculated one holds again. The last one is in force; none is
-- ever changed.
create table grade_override (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  section_id uuid not null,
  student_id uuid not null,
  -- null: of the whole section
  grading_period_id uuid,
  mark text check (mark <> ''),
  -- what was calculated at that moment, for whoever compares
  calculated_mark text,
  calculated_percent text,
  said text not null check (said <> ''),
  overridden_at timestamptz not null,
  overridden_by uuid not null default viewer_subject()
);
create index grade_override_student on grade_override (section_id, student_id, id);
create function override_is_kept() returns trigger language plpgsql as $$
begin
  raise exception 'an override is history' using errcode = '42501';
end $$;
create trigger override_append_only before update or delete on grade_override for each row execute function override_is_kept();
create trigger override_no_truncate before truncate on grade_override for each statement execute function history_is_append_only();
-- For those who teach and for the school: a family sees the mark once it is posted.
select protect('grade_override', 'school_id');
