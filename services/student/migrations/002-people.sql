-- One graph serves one district.
create unique index one_district on district ((true));

-- The day it is at a school at an instant; without a school, the day in UTC.
create function day_at(school uuid, at timestamptz) returns date language sql stable as
$$ select (at at time zone coalesce((select s.time_zone from school s where s.id = school), 'UTC'))::date $$;

-- Row-level security in conditions of the table's own: who may read its rows, and who may write them. The owner reads all, so that
-- the functions below, which run as the owner, decide without being asked themselves.
create function protect_rows(t regclass, readable text, writable text) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy owner on %s for select to current_user using (true)', t);
  execute format('create policy readers on %s for select using ((select viewer_is_district()) or %s)', t, readable);
  execute format('create policy adders on %s for insert with check ((select viewer_is_district()) or %s)', t, writable);
  execute format('create policy changers on %s for update using ((select viewer_is_district()) or %s)', t, writable);
  execute format('create policy removers on %s for delete using ((select viewer_is_district()) or %s)', t, writable);
end $$;

create table student (
  id uuid primary key default uuidv7(),
  username text,
  given_name text not null,
  middle_name text,
  family_name text not null,
  preferred_given_name text,
  preferred_family_name text,
  pronouns text,
  email text,
  phone text,
  sms text,
  -- the number the district knows the student by
  local_id text constraint student_local_id unique,
  -- Lists are ordered by it and searched by how it begins. Its collation compares bytes: only such comparisons may use an index
  -- under row-level security.
  sort_name text collate "C" not null generated always as (lower(family_name || ', ' || given_name)) stored,
  -- Every school in which the student is or was enrolled, kept by a trigger on enrollment: staff of these see the student.
  school_ids uuid[] not null default '{}',
  -- may sign in
  enabled boolean not null default true,
  -- the day from which the source no longer knows the student
  ended_on date,
  source text,
  sourced_id text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint student_source unique (source, sourced_id),
  constraint student_name check (trim(given_name || family_name) <> '')
);
create index student_sort_name on student (sort_name, id);
select keep_history('student');
select protect_rows('student',
  'school_ids && (select viewer_schools())::uuid[] or id = any ((select viewer_students())::uuid[])',
  'school_ids && (select viewer_schools())::uuid[]');

-- Does the viewer see the student; is the viewer of the staff of one of the student's schools? Functions, since a policy that asks a
-- table with policies that ask a table ... is unfolded into every plan: milliseconds of planning for each statement.
create function sees_student(student_id uuid) returns boolean language plpgsql stable security definer set search_path = public as $$
begin
  return exists (select from student s where s.id = student_id and (s.school_ids && viewer_schools() or s.id = any (viewer_students())));
end $$;
create function keeps_student(student_id uuid) returns boolean language plpgsql stable security definer set search_path = public as $$
begin
  return exists (select from student s where s.id = student_id and s.school_ids && viewer_schools());
end $$;

-- What is about a student is seen by those who see the student, and written by the staff of the student's schools.
create function protect_by_student(t regclass) returns void language sql as $$
  select protect_rows(t, 'sees_student(student_id)', 'keeps_student(student_id)');
$$;

create table demographics (
  student_id uuid primary key references student,
  birth_date date,
  sex text,
  hispanic_or_latino boolean,
  races text[] not null default '{}',
  country_of_birth text,
  state_of_birth text,
  city_of_birth text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true)
);
select keep_history('demographics', 'student_id');
select protect_by_student('demographics');

create table staff (
  id uuid primary key default uuidv7(),
  username text,
  given_name text not null,
  middle_name text,
  family_name text not null,
  preferred_given_name text,
  preferred_family_name text,
  pronouns text,
  email text,
  phone text,
  sms text,
  local_id text,
  sort_name text collate "C" not null generated always as (lower(family_name || ', ' || given_name)) stored,
  enabled boolean not null default true,
  ended_on date,
  source text,
  sourced_id text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint staff_source unique (source, sourced_id),
  constraint staff_name check (trim(given_name || family_name) <> '')
);
create index staff_sort_name on staff (sort_name, id);
select keep_history('staff');

-- The staff directory: for everybody who works at a school, has a child in one, or learns there. A vendor is none of these.
create function viewer_belongs() returns boolean language sql stable parallel safe as
$$ select cardinality(viewer_schools()) > 0 or cardinality(viewer_students()) > 0 $$;
select protect_rows('staff', '(select viewer_belongs()) or id = (select viewer_subject())', 'false');

create table role_grant (
  id uuid primary key default uuidv7(),
  staff_id uuid not null references staff,
  role text not null check (role in ('TEACHER', 'COUNSELOR', 'CLERK', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR')),
  -- null: in the whole district
  school_id uuid references school,
  begins date not null,
  ends date,
  source text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint role_grant_range check (ends >= begins),
  constraint role_grant_place check ((role = 'DISTRICT_ADMINISTRATOR') = (school_id is null)),
  constraint role_grant_once exclude using gist (
    staff_id with =, role with =, (coalesce(school_id, '00000000-0000-0000-0000-000000000000')) with =, daterange(begins, ends) with &&)
);
create index role_grant_school on role_grant (school_id);
create index role_grant_staff on role_grant (staff_id);
select keep_history('role_grant');
select protect_rows('role_grant', '(select viewer_belongs()) or staff_id = (select viewer_subject())', 'false');

create table contact (
  id uuid primary key default uuidv7(),
  username text,
  given_name text not null,
  middle_name text,
  family_name text not null,
  preferred_given_name text,
  preferred_family_name text,
  pronouns text,
  email text,
  phone text,
  sms text,
  local_id text,
  -- what this person is to children, unless the relation to one of them says otherwise
  relation text not null check (relation in ('PARENT', 'GUARDIAN', 'RELATIVE', 'OTHER')),
  -- BCP 47 tags, the best one first
  languages text[] not null default '{}',
  enabled boolean not null default true,
  ended_on date,
  source text,
  sourced_id text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint contact_source unique (source, sourced_id),
  constraint contact_name check (trim(given_name || family_name) <> '')
);
select keep_history('contact');

-- Who is a contact of whom. contact_id has no foreign key: in a package a student names contacts who come in a later row, and so in
-- a later transaction, than the student. A relation whose contact never comes is shown to nobody, since lists join the contact.
create table contact_relation (
  id uuid primary key default uuidv7(),
  student_id uuid not null references student,
  contact_id uuid not null,
  -- null: as the contact's own row says
  relation text check (relation in ('PARENT', 'GUARDIAN', 'RELATIVE', 'OTHER')),
  -- LEGAL: has a parent's rights, records included. NONE: to be called, no more. BARRED: a court says no.
  -- null: LEGAL for a parent or guardian, NONE for others
  custody text check (custody in ('LEGAL', 'NONE', 'BARRED')),
  -- 1 is called first
  priority smallint not null check (priority > 0),
  lives_with boolean,
  may_pick_up boolean,
  ended_on date,
  source text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint contact_relation_once unique (student_id, contact_id),
  constraint contact_relation_barred check (custody <> 'BARRED' or may_pick_up is not true)
);
create index contact_relation_contact on contact_relation (contact_id);
select keep_history('contact_relation');
select protect_by_student('contact_relation');
create function sees_contact(contact_id uuid) returns boolean language plpgsql stable security definer set search_path = public as $$
begin
  return contact_id = viewer_subject()
    or exists (select from contact_relation r where r.contact_id = sees_contact.contact_id and sees_student(r.student_id));
end $$;
create function keeps_contact(contact_id uuid) returns boolean language plpgsql stable security definer set search_path = public as $$
begin
  return exists (select from contact_relation r where r.contact_id = keeps_contact.contact_id and keeps_student(r.student_id));
end $$;
select protect_rows('contact', 'sees_contact(id)', 'keeps_contact(id)');

-- What custody a relation amounts to.
create function custody_of(r contact_relation, c contact) returns text language sql immutable as
$$ select coalesce(r.custody, case when coalesce(r.relation, c.relation) in ('PARENT', 'GUARDIAN') then 'LEGAL' else 'NONE' end) $$;

create table household (
  id uuid primary key default uuidv7(),
  street text not null,
  unit text,
  city text not null,
  state text not null,
  postal_code text not null,
  phone text,
  -- BCP 47
  home_language text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true)
);
select keep_history('household');

-- Where a student lives, from when to when; with parents apart, in two households at once. The foreign key waits for the commit, so
-- that a household is written after the residences that say whose it is.
create table residence (
  id uuid primary key default uuidv7(),
  student_id uuid not null references student,
  household_id uuid not null references household deferrable initially deferred,
  begins date not null,
  ends date,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint residence_range check (ends > begins),
  constraint residence_once exclude using gist (student_id with =, household_id with =, daterange(begins, ends) with &&)
);
create index residence_household on residence (household_id);
select keep_history('residence');
select protect_by_student('residence');
create function sees_household(household_id uuid) returns boolean language plpgsql stable security definer set search_path = public as $$
begin
  return exists (select from residence r where r.household_id = sees_household.household_id and sees_student(r.student_id));
end $$;
create function keeps_household(household_id uuid) returns boolean language plpgsql stable security definer set search_path = public as $$
begin
  return exists (select from residence r where r.household_id = keeps_household.household_id and keeps_student(r.student_id));
end $$;
select protect_rows('household', 'sees_household(id)', 'keeps_household(id)');
