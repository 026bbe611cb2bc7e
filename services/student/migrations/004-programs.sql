-- What a student may be entitled to or served by. Data: a district adds its own.
create table program (
  code text primary key check (code <> ''),
  name text not null check (name <> '')
);
select protect_public('program');
select set_config('rollbook.district', 'on', true);
insert into program (code, name) values
  ('EL', 'English learner'),
  ('SPED', 'Special education'),
  ('504', 'Section 504 plan'),
  ('FOSTER', 'Foster care'),
  ('HOMELESS', 'McKinney-Vento: homeless'),
  ('GATE', 'Gifted and talented education'),
  ('MIGRANT', 'Migrant education');

create table program_participation (
  id uuid primary key default uuidv7(),
  student_id uuid not null references student,
  program_code text not null constraint participation_program references program,
  begins date not null,
  ends date,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint participation_range check (ends >= begins),
  constraint participation_once exclude using gist (student_id with =, program_code with =, daterange(begins, ends) with &&)
);
select keep_history('program_participation');
select protect_by_student('program_participation');
