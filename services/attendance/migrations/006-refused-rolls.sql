-- A roll that is refused as a whole has a receipt too: a copy of the save that comes late, after the day has begun or a rule was changed,
-- is answered as the first was, and cannot save what its sender was told is refused. It is a roll_save without a revision, as one that
-- lost is; its answer tells them apart. SCHOOL_NOT_KNOWN has none: nothing is known to judge the save by, and the same save is to be sent
-- again. Nor have errors, as FORBIDDEN and NOT_FOUND: of a section that is not the viewer's nothing is kept or told.

drop function lost_save;
-- A save that changed nothing. Either it is this very save, answered by another road while this copy waited; or what it said is kept
-- beside what stands, with its answer.
create function unapplied_save(
  p_answer jsonb, p_save uuid, p_client text, p_roll uuid, p_school uuid, p_base integer, p_reason text, p_roster uuid[],
  p_students uuid[], p_codes text[], p_minutes integer[], p_comments text[]
) returns jsonb language plpgsql as $$
begin
  insert into roll_save (save_id, roll_id, school_id, revision, base_revision, is_correction, correction_reason, roster,
      student_ids, codes, minutes, comments, answer, client_id)
    values (p_save, p_roll, p_school, null, p_base, p_reason is not null, p_reason, p_roster,
      p_students, p_codes, p_minutes, p_comments, p_answer, p_client)
    on conflict do nothing;
  if found then return p_answer; end if;
  -- no receipt to be seen: it is another school's
  return coalesce(earlier_answer(p_save, p_roll, p_base, p_reason, p_students, p_codes, p_minutes, p_comments),
    '{"outcome": "ERROR", "code": "SAVE_ID_REUSED"}');
end $$;

-- As in 003, but for the receipts of refusals.
create or replace function take_roll(
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
  on_roster := students_on(section, p_date);
  if refusal is not null then
    answer := jsonb_build_object('outcome', 'REFUSED', 'code', refusal, 'rows', '[]'::jsonb);
    if refusal = 'SCHOOL_NOT_KNOWN' then return answer; end if;
    return unapplied_save(answer, p_save, p_client, p_roll, section.school_id, p_base, null, on_roster,
      p_students, p_codes, p_minutes, p_comments);
  end if;

  if p_base = 0 then
    insert into roll values (p_roll, p_section, p_date, p_period, section.school_id, 1, p_now, viewer_subject()) on conflict do nothing;
  else
    update roll set revision = p_base + 1, taken_at = p_now, taken_by = viewer_subject() where id = p_roll and revision = p_base;
  end if;
  if not found then
    return unapplied_save('{"outcome": "CONFLICT", "rows": []}', p_save, p_client, p_roll, section.school_id, p_base, null, on_roster,
      p_students, p_codes, p_minutes, p_comments);
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

-- As in 003, but for the receipts of refusals.
create or replace function correct_attendance(
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
  if not found then
    return unapplied_save('{"outcome": "REFUSED", "code": "ROLL_NOT_TAKEN", "rows": []}', p_save, p_client, p_roll, section.school_id,
      p_base, p_reason, '{}', p_students, p_codes, p_minutes, p_comments);
  end if;
  -- who is on the roster by now, and who was when the roll was taken
  known := students_on(section, taken.date)
    || array(select e.student_id from roll_entry e where e.roll_id = p_roll order by e.student_id);
  refused := refused_rows(section.school_id, taken.date, known, p_students, p_codes);
  if jsonb_array_length(refused) = cardinality(p_students) then
    return unapplied_save(jsonb_build_object('outcome', 'REFUSED', 'code', 'NOTHING_TO_CORRECT', 'rows', refused), p_save, p_client,
      p_roll, section.school_id, p_base, p_reason, known, p_students, p_codes, p_minutes, p_comments);
  end if;

  update roll set revision = p_base + 1 where id = p_roll and revision = p_base;
  if not found then
    return unapplied_save('{"outcome": "CONFLICT", "rows": []}', p_save, p_client, p_roll, section.school_id, p_base, p_reason, known,
      p_students, p_codes, p_minutes, p_comments);
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

-- As in 005, and a resolution that was refused is answered again: it has left the receipt of its save, and no resolution.
create or replace function earlier_resolution(p_save uuid, p_lost uuid, p_resolution text, p_base integer) returns jsonb stable language sql
begin atomic
  select case
    when r.resolved_by = viewer_subject() and (r.lost_save_id, r.resolution, r.base_revision) is not distinct from (p_lost, p_resolution, p_base)
    then coalesce(s.answer, '{"outcome": "SAVED", "rows": []}') || '{"replayed": true}'
    when r.save_id is null and p_resolution = 'KEEP_MINE' and s.answer ->> 'outcome' = 'REFUSED'
    then earlier_answer(p_save, l.roll_id, p_base, l.correction_reason, l.student_ids, l.codes, l.minutes, l.comments)
    else '{"outcome": "ERROR", "code": "SAVE_ID_REUSED"}' end
  from (values (p_save, p_lost)) k (id, lost_id)
    left join roll_conflict_resolution r on r.save_id = k.id
    left join roll_save s on s.save_id = k.id
    left join roll_save l on l.save_id = k.lost_id
  where r.save_id is not null or s.save_id is not null;
end;

-- As in 005, but that what was refused has not lost, and cannot be kept.
create or replace function resolve_roll_conflict(
  p_save uuid, p_client text, p_lost uuid, p_resolution text, p_base integer, p_office uuid[], p_everywhere boolean, p_now timestamptz,
  out answer jsonb, out section_id uuid, out date date, out period_id uuid
) language plpgsql as $$
#variable_conflict use_column
declare
  lost roll_save;
  about roll;
  section section_roster;
  in_office boolean;
begin
  -- Whoever resolves the same saving at this moment waits here, and then sees that it is resolved.
  perform pg_advisory_xact_lock(hashtextextended(p_lost::text, 0));
  select * into lost from roll_save s where s.save_id = p_lost and s.answer ->> 'outcome' = 'CONFLICT';
  if found then select * into about from roll r where r.id = lost.roll_id; end if;
  if found then select * into section from section_roster s where s.section_id = about.section_id; end if;
  if not found then answer := '{"outcome": "ERROR", "code": "CONFLICT_NOT_FOUND"}'; return; end if;
  section_id := about.section_id;
  date := about.date;
  period_id := about.period_id;
  answer := earlier_resolution(p_save, p_lost, p_resolution, p_base);
  if answer is not null then return; end if;

  in_office := p_everywhere or lost.school_id = any (p_office);
  if not in_office and (lost.is_correction or viewer_subject() <> all (teachers_on(section, about.date))) then
    answer := '{"outcome": "ERROR", "code": "FORBIDDEN"}';
    return;
  end if;
  if exists (select from roll_conflict_resolution r where r.lost_save_id = p_lost) then
    answer := '{"outcome": "ERROR", "code": "CONFLICT_RESOLVED"}';
    return;
  end if;

  answer := case
    when p_resolution = 'TAKE_THEIRS' then '{"outcome": "SAVED", "rows": []}'
    when lost.is_correction then correct_attendance(p_save, p_client, about.id, about.section_id, p_base, lost.correction_reason,
      lost.student_ids, lost.codes, lost.minutes, lost.comments, p_office, p_everywhere)
    else take_roll(p_save, p_client, about.id, about.section_id, about.date, about.period_id, p_base,
      lost.student_ids, lost.codes, lost.minutes, lost.comments, p_office, p_everywhere, p_now) end;
  if answer ->> 'outcome' not in ('SAVED', 'CONFLICT') then return; end if;
  insert into roll_conflict_resolution (lost_save_id, school_id, resolution, base_revision, save_id, resolved_at)
    values (p_lost, lost.school_id, p_resolution, p_base, p_save, p_now);
end $$;
