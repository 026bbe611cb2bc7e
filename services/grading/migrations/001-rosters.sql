-- What other services told, as far as a save must know it. No foreign keys among these: the facts come from different services.

create table school (
  id uuid primary key,
  name text not null,
  -- IANA name: decides what day it is at the school
  time_zone text not null
);
select protect_public('school', 'id');

create table grading_period (
  id uuid primary key,
  school_year integer not null,
  title text not null,
  begins date not null,
  ends date not null,
  session_id uuid,
  check (ends > begins)
);
select protect_public('grading_period');

-- One row per section. Each person's n-th range is at the same place of three arrays; an end is exclusive, null while open.
create table section_roster (
  section_id uuid primary key,
  school_id uuid not null,
  title text not null,
  begins date,
  ends date,
  cancelled boolean not null,
  teacher_ids uuid[] not null,
  teacher_begins date[] not null,
  teacher_ends date[] not null,
  student_ids uuid[] not null,
  student_begins date[] not null,
  student_ends date[] not null,
  check (cardinality(teacher_ids) = cardinality(teacher_begins) and cardinality(teacher_ids) = cardinality(teacher_ends)),
  check (cardinality(student_ids) = cardinality(student_begins) and cardinality(student_ids) = cardinality(student_ends))
);
create index section_roster_students on section_roster using gin (student_ids);
-- Students and parents see the row of a section they have part in; the graph shows them nothing of the others in it.
select protect('section_roster', 'school_id', null, 'student_ids && (select viewer_students())');

-- May the viewer see the section at all? A function, so that the roster's own policy is not unfolded into the plans of other tables.
create function sees_section(section uuid) returns boolean language plpgsql stable as $$
begin
  return exists (select from section_roster r where r.section_id = section);
end $$;

-- Is the viewer of the school's staff? A family sees the rows of its sections too, and saves nothing in them.
create function works_at(school uuid) returns boolean language sql stable as $$
  select viewer_is_district() or school = any (viewer_schools())
$$;

-- The day a section is judged on at an instant: the school's today; once the section has ended, its last day, so that marks can
-- be given in the week after it.
create function roster_day(r section_roster, at timestamptz) returns date language sql stable as $$
  select least((at at time zone coalesce((select time_zone from school where id = r.school_id), 'UTC'))::date, r.ends - 1)
$$;
create function teachers_at(r section_roster, at timestamptz) returns uuid[] language sql stable as $$
  select coalesce(array_agg(distinct t.id), '{}')
    from roster_day(r, at) day, unnest(r.teacher_ids, r.teacher_begins, r.teacher_ends) t (id, begins, ends)
   where t.begins <= day and (t.ends is null or t.ends > day)
$$;
create function students_at(r section_roster, at timestamptz) returns uuid[] language sql stable as $$
  select coalesce(array_agg(distinct s.id), '{}')
    from roster_day(r, at) day, unnest(r.student_ids, r.student_begins, r.student_ends) s (id, begins, ends)
   where s.begins <= day and (s.ends is null or s.ends > day)
$$;
