-- The letters of attendance, as data: of the district (school_id null) or of one school, where a school's own comes before the district's.
create table attendance_code (
  id uuid primary key default uuidv7(),
  school_id uuid,
  code text not null check (code ~ '^[A-Z0-9]{1,4}$'),
  title text not null check (title <> ''),
  kind text not null check (kind in ('PRESENT', 'ABSENT', 'TARDY')),
  excused boolean not null,
  -- what the state's report calls it
  state_code text,
  begins date not null,
  ends date,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint attendance_code_span check (ends > begins),
  constraint attendance_code_once exclude using gist (
    (coalesce(school_id, '00000000-0000-0000-0000-000000000000')) with =, code with =, daterange(begins, ends) with &&)
);
create index attendance_code_school on attendance_code (school_id);
select keep_history('attendance_code');

-- What every district starts with. Suspensions and long tardies are letters of their own because California counts them apart
-- (CALPADS student absence summary; truancy by tardies of more than 30 minutes, EC 48260).
insert into attendance_code (school_id, code, title, kind, excused, state_code, begins, recorded_by, reason)
  select null, code, title, kind, excused, state_code, '1900-01-01', '00000000-0000-8000-8000-000000000000', 'the set a district starts with'
  from (values
    ('A', 'Absent, not yet verified', 'ABSENT', false, 'UNEXCUSED'),
    ('E', 'Excused absence', 'ABSENT', true, 'EXCUSED'),
    ('U', 'Unexcused absence', 'ABSENT', false, 'UNEXCUSED'),
    ('S', 'Suspended', 'ABSENT', true, 'SUSPENSION'),
    ('T', 'Tardy', 'TARDY', false, 'ATTENDED'),
    ('L', 'Tardy by more than 30 minutes', 'TARDY', false, 'ATTENDED_TRUANT_TARDY'),
    ('D', 'Tardy, excused', 'TARDY', true, 'ATTENDED'),
    ('F', 'At a school activity', 'PRESENT', true, 'ATTENDED')
  ) as start (code, title, kind, excused, state_code);
select protect_public('attendance_code', 'school_id');

-- The letters of a school on a day.
create function codes_on(p_school uuid, p_date date) returns table (code text, kind text, excused boolean) stable parallel safe language sql
begin atomic
  select distinct on (c.code) c.code, c.kind, c.excused from attendance_code c
  where (c.school_id = p_school or c.school_id is null) and is_within(p_date, c.begins, c.ends)
  order by c.code, c.school_id nulls last;
end;

-- A school's own rules, or the district's (school_id null).
create table attendance_rule (
  id uuid primary key default uuidv7(),
  school_id uuid,
  -- for how many days after a class its teacher may take or change the roll; the office may later
  teacher_days integer not null check (teacher_days between 0 and 366),
  -- a student is absent for the day who was absent from at least this percentage of the day's periods
  absent_from_percent integer not null check (absent_from_percent between 1 and 100),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint attendance_rule_once unique nulls not distinct (school_id)
);
select keep_history('attendance_rule');
-- For apportionment a pupil is present unless absent for the whole day (EC 46010; 5 CCR 404): 100 percent.
insert into attendance_rule (school_id, teacher_days, absent_from_percent, recorded_by, reason)
  values (null, 7, 100, '00000000-0000-8000-8000-000000000000', 'what a district starts with');
select protect_public('attendance_rule', 'school_id');

create function rule_of(p_school uuid) returns attendance_rule stable parallel safe language sql
begin atomic
  select r from attendance_rule r where r.school_id = p_school or r.school_id is null order by r.school_id nulls last limit 1;
end;
