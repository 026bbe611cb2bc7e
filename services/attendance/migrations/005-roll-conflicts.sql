-- What a person made of a saving that lost: accepted what stands, or said it again on what stands now. No row: not resolved.
create table roll_conflict_resolution (
  lost_save_id uuid primary key references roll_save,
  school_id uuid not null,
  resolution text not null check (resolution in ('TAKE_THEIRS', 'KEEP_MINE')),
  -- with KEEP_MINE: the revision of the roll that the person saw
  base_revision integer check ((base_revision is null) = (resolution = 'TAKE_THEIRS')),
  -- the id of the resolution itself, and with KEEP_MINE of the saving that came of it
  save_id uuid not null,
  resolved_at timestamptz not null,
  resolved_by uuid not null default viewer_subject(),
  constraint roll_conflict_resolution_save unique (save_id)
);
select protect('roll_conflict_resolution', 'school_id');
create trigger roll_conflict_resolution_append_only before update or delete or truncate on roll_conflict_resolution
  for each statement execute function history_is_append_only();

-- Is this resolution known? Then what it was answered, or that its id stands for something else.
create function earlier_resolution(p_save uuid, p_lost uuid, p_resolution text, p_base integer) returns jsonb stable language sql
begin atomic
  select case
    when r.resolved_by = viewer_subject() and (r.lost_save_id, r.resolution, r.base_revision) is not distinct from (p_lost, p_resolution, p_base)
    then coalesce(s.answer, '{"outcome": "SAVED", "rows": []}') || '{"replayed": true}'
    else '{"outcome": "ERROR", "code": "SAVE_ID_REUSED"}' end
  from (values (p_save)) k (id)
    left join roll_conflict_resolution r on r.save_id = k.id
    left join roll_save s on s.save_id = k.id
  where r.save_id is not null or s.save_id is not null;
end;

-- Resolves a saving that lost. KEEP_MINE takes (or corrects) the roll once more with what was said, on the revision that was seen now
-- (p_base), by the same rules and with the same answers. Saved, or lost again (then the new saving is kept as the conflict), it resolves
-- the old one; refused, it does not. TAKE_THEIRS writes nothing but that.
create function resolve_roll_conflict(
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
  select * into lost from roll_save s where s.save_id = p_lost and s.revision is null;
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
