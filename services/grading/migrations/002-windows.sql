-- When marks of a grading period may be posted. A row says it for the district (no other column set), a school, a section or a
-- teacher; what applies to a section is open while any of the rows that apply to it is. So an extension can only give time.
create table grading_window (
  id uuid primary key default uuidv7(),
  grading_period_id uuid not null references grading_period,
  school_id uuid,
  section_id uuid,
  teacher_id uuid,
  opens_at timestamptz not null,
  closes_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint grading_window_span check (closes_at > opens_at),
  constraint grading_window_level check (section_id is null or teacher_id is null),
  -- row-level security of a section's and of a teacher's row goes by the school
  check (school_id is not null or (section_id is null and teacher_id is null)),
  constraint grading_window_once unique nulls not distinct (grading_period_id, school_id, section_id, teacher_id)
);
select keep_history('grading_window');
select protect_public('grading_window', 'school_id');

create function window_open(period uuid, school uuid, section uuid, teacher uuid, at timestamptz) returns boolean language sql stable as $$
  select exists (
    select from grading_window w
     where w.grading_period_id = period
       and (w.school_id is null or w.school_id = school)
       and (w.section_id is null or w.section_id = section)
       and (w.teacher_id is null or w.teacher_id = teacher)
       and w.opens_at <= at and at < w.closes_at)
$$;
