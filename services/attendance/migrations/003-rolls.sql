-- A roll: one section, one day, one period. No row: not submitted.
create table roll (
  -- derived from section, day and period, so that a roll has its id before it is taken
  id uuid primary key,
  section_id uuid not null,
  date date not null,
  period_id uuid not null,
  school_id uuid not null,
  revision integer not null check (revision > 0),
  taken_at timestamptz not null,
  taken_by uuid not null,
  constraint roll_once unique (section_id, date, period_id)
);
select protect('roll', 'school_id');

-- What is true of each student who was on the roll, present ones included. What the roll says and what the office says are kept
-- side by side; the office's word stands. No row: nothing was submitted about the student.
create table roll_entry (
  section_id uuid not null,
  date date not null,
  period_id uuid not null,
  student_id uuid not null,
  roll_id uuid not null references roll,
  school_id uuid not null,
  -- the roll's revision that last changed this row
  revision integer not null,
  taken_state text check (taken_state in ('PRESENT', 'ABSENT', 'TARDY')),
  taken_code text,
  taken_excused boolean,
  taken_minutes integer,
  taken_comment text,
  office_state text check (office_state in ('PRESENT', 'ABSENT', 'TARDY')),
  office_code text,
  office_excused boolean,
  office_minutes integer,
  office_comment text,
  primary key (section_id, date, student_id, period_id),
  constraint roll_entry_said check (taken_state is not null or office_state is not null)
);
create index roll_entry_student on roll_entry (student_id, date);
create index roll_entry_roll on roll_entry (roll_id);
select protect('roll_entry', 'school_id', 'student_id');

-- Everything that was ever said about a roll: the receipt of the save, the history of the roll and the fact of the change are one row.
create table roll_save (
  save_id uuid primary key,
  roll_id uuid not null,
  school_id uuid not null,
  -- the revision this save made; null when it lost against another save and was kept, not applied
  revision integer,
  base_revision integer not null,
  -- false: the roll was taken; true: the office corrected it
  is_correction boolean not null,
  correction_reason text,
  -- who was on the roster at that moment
  roster uuid[] not null,
  -- the exceptions, or the corrections
  student_ids uuid[] not null,
  codes text[] not null,
  minutes integer[] not null,
  comments text[] not null,
  answer jsonb not null,
  client_id text,
  saved_at timestamptz not null default now(),
  saved_by uuid not null default viewer_subject(),
  constraint roll_save_revision unique (roll_id, revision),
  constraint roll_save_reason check (is_correction = (correction_reason is not null))
);
select protect('roll_save', 'school_id');
create trigger roll_save_append_only before update or delete or truncate on roll_save
  for each statement execute function history_is_append_only();

-- Is this save id known? Then what it was answered, or that it stands for something else. Tells nothing of another person's save.
create function earlier_answer(
  p_save uuid, p_roll uuid, p_base integer, p_reason text, p_students uuid[], p_codes text[], p_minutes integer[], p_comments text[]
) returns jsonb stable language sql
begin atomic
  select case
    when s.saved_by = viewer_subject()
      and (s.roll_id, s.base_revision, s.correction_reason, s.student_ids, s.codes, s.minutes, s.comments)
        is not distinct from (p_roll, p_base, p_reason, p_students, p_codes, p_minutes, p_comments)
    then s.answer || '{"replayed": true}'
    else '{"outcome": "ERROR", "code": "SAVE_ID_REUSED"}' end
  from roll_save s where s.save_id = p_save;
end;

-- Rows that cannot be said: about somebody who is not on the roster, or with a letter that is not valid on that day.
create function refused_rows(p_school uuid, p_date date, p_known uuid[], p_students uuid[], p_codes text[]) returns jsonb stable language sql
begin atomic
  select coalesce(jsonb_agg(jsonb_build_object('studentId', x.student_id,
      'code', case when x.student_id = any(p_known) then 'CODE_NOT_VALID' else 'NOT_ENROLLED' end) order by x.n), '[]')
  from unnest(p_students, p_codes) with ordinality x (student_id, code, n)
  where x.student_id <> all(p_known)
    or x.code is not null and not exists (select from codes_on(p_school, p_date) c where c.code = x.code);
end;

-- Why this viewer may not take this roll at this moment; null when they may. In the order in which a person would ask.
create function roll_refusal(
  section section_roster, p_date date, p_period uuid, p_office uuid[], p_everywhere boolean, p_now timestamptz
) returns text stable language plpgsql as $$
declare
  in_office boolean := p_everywhere or section.school_id = any(p_office);
  today date := school_today(section.school_id, p_now);
  day record;
begin
  if not in_office and viewer_subject() <> all(teachers_on(section, p_date)) then return 'FORBIDDEN'; end if;
  if today is null then return 'SCHOOL_NOT_KNOWN'; end if;
  if p_date > today then return 'FUTURE_DATE'; end if;
  select * into day from school_day(section.school_id, p_date);
  if not day.is_open then return 'NOT_A_SCHOOL_DAY'; end if;
  if not exists (select from section_meeting m where m.section_id = section.section_id
      and (m.period_id = p_period or m.period_id is null) and is_meeting_on(m, p_date, day.labels)) then
    return 'NOT_MEETING';
  end if;
  if not in_office and p_date < today - (rule_of(section.school_id)).teacher_days then return 'ROLL_CLOSED'; end if;
  return null;
end $$;

-- A save whose roll had moved on. Either it is this very save, applied by another road while this copy waited; or somebody else was
-- first, and what this save said is kept beside it.
create function lost_save(
  p_save uuid, p_client text, p_roll uuid, p_school uuid, p_base integer, p_reason text, p_roster uuid[],
  p_students uuid[], p_codes text[], p_minutes integer[], p_comments text[]
) returns jsonb language plpgsql as $$
declare
  answer jsonb := jsonb_build_object('outcome', 'CONFLICT', 'rows', '[]'::jsonb);
begin
  insert into roll_save (save_id, roll_id, school_id, revision, base_revision, is_correction, correction_reason, roster,
      student_ids, codes, minutes, comments, answer, client_id)
    values (p_save, p_roll, p_school, null, p_base, p_reason is not null, p_reason, p_roster,
      p_students, p_codes, p_minutes, p_comments, answer, p_client)
    on conflict do nothing;
  if found then return answer; end if;
  -- no receipt to be seen: it is another school's
  return coalesce(earlier_answer(p_save, p_roll, p_base, p_reason, p_students, p_codes, p_minutes, p_comments),
    '{"outcome": "ERROR", "code": "SAVE_ID_REUSED"}');
end $$;

-- Takes a roll: everybody on the roster is present, except as said. One call, one transaction, one row lock (the roll's), so two
-- saves of one roll wait for each other and cannot deadlock. Each statement below sees what was committed before it began (READ
-- COMMITTED): a copy of a save that waited for its twin finds the twin's receipt.
create function take_roll(
  p_save uuid, p_client text, p_roll uuid, p_section uuid, p_date date, p_period uuid, p_base integer,
  p_students uuid[], p_codes text[], p_minutes integer[], p_comments text[],
  p_office uuid[], p_everywhere boolean, p_now timestamptz
) returns jsonb language plpgsql as $$
declare
  answer jsonb := earlier_answer(p_save, p_roll, p_base, null, p_students, p_codes, p_minutes, p_comments);
  section section_roster;
  on_roster uuid[];
  refusal text;
begin
  if answer is not null then return answer; end if;
  select * into section from section_roster s where s.section_id = p_section;
  if not found then return '{"outcome": "ERROR", "code": "NOT_FOUND"}'; end if;
  refusal := roll_refusal(section, p_date, p_period, p_office, p_everywhere, p_now);
  if refusal = 'FORBIDDEN' then return '{"outcome": "ERROR", "code": "FORBIDDEN"}'; end if;
  if refusal is not null then return jsonb_build_object('outcome', 'REFUSED', 'code', refusal, 'rows', '[]'::jsonb); end if;
  on_roster := students_on(section, p_date);

  if p_base = 0 then
    insert into roll values (p_roll, p_section, p_date, p_period, section.school_id, 1, p_now, viewer_subject()) on conflict do nothing;
  else
    update roll set revision = p_base + 1, taken_at = p_now, taken_by = viewer_subject() where id = p_roll and revision = p_base;
  end if;
  if not found then
    return lost_save(p_save, p_client, p_roll, section.school_id, p_base, null, on_roster, p_students, p_codes, p_minutes, p_comments);
  end if;

  -- A student whose row is refused is left as before: silence about a mistyped letter must not read as "present".
  insert into roll_entry as e (section_id, date, period_id, student_id, roll_id, school_id, revision,
      taken_state, taken_code, taken_excused, taken_minutes, taken_comment)
    select p_section, p_date, p_period, s.id, p_roll, section.school_id, p_base + 1,
      case when x.student_id is null then 'PRESENT' else c.kind end, x.code, c.excused, x.minutes, x.comment
    from unnest(on_roster) s (id)
      left join unnest(p_students, p_codes, p_minutes, p_comments) x (student_id, code, minutes, comment) on x.student_id = s.id
      left join codes_on(section.school_id, p_date) c on c.code = x.code
    where x.student_id is null or c.code is not null
    on conflict (section_id, date, student_id, period_id) do update set revision = excluded.revision,
      taken_state = excluded.taken_state, taken_code = excluded.taken_code, taken_excused = excluded.taken_excused,
      taken_minutes = excluded.taken_minutes, taken_comment = excluded.taken_comment
    where (e.taken_state, e.taken_code, e.taken_excused, e.taken_minutes, e.taken_comment) is distinct from
      (excluded.taken_state, excluded.taken_code, excluded.taken_excused, excluded.taken_minutes, excluded.taken_comment);

  answer := jsonb_build_object('outcome', 'SAVED', 'revision', p_base + 1,
    'rows', refused_rows(section.school_id, p_date, on_roster, p_students, p_codes));
  insert into roll_save (save_id, roll_id, school_id, revision, base_revision, is_correction, roster,
      student_ids, codes, minutes, comments, answer, client_id)
    values (p_save, p_roll, section.school_id, p_base + 1, p_base, false, on_roster,
      p_students, p_codes, p_minutes, p_comments, answer, p_client);
  return answer;
end $$;

-- The office corrects what a taken roll says about some students (a code of null: present). The roll's own words stay beside it.
create function correct_attendance(
  p_save uuid, p_client text, p_roll uuid, p_section uuid, p_base integer, p_reason text,
  p_students uuid[], p_codes text[], p_minutes integer[], p_comments text[],
  p_office uuid[], p_everywhere boolean
) returns jsonb language plpgsql as $$
declare
  answer jsonb := earlier_answer(p_save, p_roll, p_base, p_reason, p_students, p_codes, p_minutes, p_comments);
  section section_roster;
  taken roll;
  known uuid[];
  refused jsonb;
begin
  if answer is not null then return answer; end if;
  select * into section from section_roster s where s.section_id = p_section;
  if not found then return '{"outcome": "ERROR", "code": "NOT_FOUND"}'; end if;
  if not (p_everywhere or section.school_id = any(p_office)) then return '{"outcome": "ERROR", "code": "FORBIDDEN"}'; end if;
  select * into taken from roll r where r.id = p_roll;
  if not found then return '{"outcome": "REFUSED", "code": "ROLL_NOT_TAKEN", "rows": []}'; end if;
  -- who is on the roster by now, and who was when the roll was taken
  known := students_on(section, taken.date)
    || array(select e.student_id from roll_entry e where e.roll_id = p_roll order by e.student_id);
  refused := refused_rows(section.school_id, taken.date, known, p_students, p_codes);
  if jsonb_array_length(refused) = cardinality(p_students) then
    return jsonb_build_object('outcome', 'REFUSED', 'code', 'NOTHING_TO_CORRECT', 'rows', refused);
  end if;

  update roll set revision = p_base + 1 where id = p_roll and revision = p_base;
  if not found then
    return lost_save(p_save, p_client, p_roll, section.school_id, p_base, p_reason, known, p_students, p_codes, p_minutes, p_comments);
  end if;

  insert into roll_entry as e (section_id, date, period_id, student_id, roll_id, school_id, revision,
      office_state, office_code, office_excused, office_minutes, office_comment)
    select taken.section_id, taken.date, taken.period_id, x.student_id, p_roll, section.school_id, p_base + 1,
      coalesce(c.kind, 'PRESENT'), x.code, c.excused, x.minutes, x.comment
    from unnest(p_students, p_codes, p_minutes, p_comments) x (student_id, code, minutes, comment)
      left join codes_on(section.school_id, taken.date) c on c.code = x.code
    where x.student_id = any(known) and (x.code is null or c.code is not null)
    on conflict (section_id, date, student_id, period_id) do update set revision = excluded.revision,
      office_state = excluded.office_state, office_code = excluded.office_code, office_excused = excluded.office_excused,
      office_minutes = excluded.office_minutes, office_comment = excluded.office_comment;

  answer := jsonb_build_object('outcome', 'SAVED', 'revision', p_base + 1, 'rows', refused);
  insert into roll_save (save_id, roll_id, school_id, revision, base_revision, is_correction, correction_reason, roster,
      student_ids, codes, minutes, comments, answer, client_id)
    values (p_save, p_roll, section.school_id, p_base + 1, p_base, true, p_reason, known,
      p_students, p_codes, p_minutes, p_comments, answer, p_client);
  return answer;
end $$;
