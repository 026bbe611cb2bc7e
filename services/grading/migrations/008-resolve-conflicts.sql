-- A conflict is resolved by a person, once: the value that stands is accepted, or the one that lost is saved on what stands now.
alter table conflict
  add column resolution text check (resolution in ('TAKE_THEIRS', 'KEEP_MINE')),
  add column resolved_at timestamptz,
  add column resolved_by uuid,
  -- the save that resolved it
  add column resolving_save_id uuid references save,
  add constraint conflict_resolved check (num_nonnulls(resolution, resolved_at, resolved_by, resolving_save_id) in (0, 4));

create function conflict_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.resolution is null then return new; end if;
  raise exception 'a conflict is kept, and resolved once' using errcode = '42501';
end $$;
create trigger conflict_kept before update or delete on conflict for each row execute function conflict_is_kept();
create trigger conflict_no_truncate before truncate on conflict for each statement execute function history_is_append_only();

-- RESOLVE: a conflict was resolved by accepting what stands; no cell was written.
alter table save drop constraint save_kind_check,
  add constraint save_kind_check check (kind in ('MARKS', 'POST', 'SCORES', 'IMPORT', 'RESOLVE'));

-- Resolves a conflict. KEEP_MINE is a save of one cell like any other, on the revision that the viewer saw now (p_base): the same rules,
-- the same answers. Saved, or lost once more (then a new conflict keeps the value), it resolves the old conflict; refused, it does not.
-- outcome: as of save_marks, or CONFLICT_UNKNOWN, FORBIDDEN, REASON_REQUIRED, RESOLVED (by p_save's elder); these leave nothing behind.
create function resolve_conflict(
  p_save uuid, p_content bytea, p_at timestamptz, p_reason text, p_offices uuid[], p_conflict uuid, p_resolution text, p_base integer,
  out outcome text, out exceptions jsonb, out received_at timestamptz
) language plpgsql as $$
#variable_conflict use_column
declare
  c conflict;
  teaches boolean;
  leads boolean;
  code text;
begin
  -- Whoever resolves the same conflict at this moment waits here, and then sees that it is resolved.
  select * into c from conflict where id = p_conflict for update;
  if not found then outcome := 'CONFLICT_UNKNOWN'; return; end if;
  if exists (select from save s where s.id = p_save) then
    select e.* into outcome, exceptions, received_at from earlier_save(p_save, p_content) e;
    return;
  end if;
  select viewer_subject() = any (teachers_at(r, p_at)), p_offices is null or r.school_id = any (p_offices) into teaches, leads
    from section_roster r where r.section_id = c.section_id and works_at(r.school_id);
  outcome := case
    when teaches is null then 'CONFLICT_UNKNOWN'
    when not teaches and not leads then 'FORBIDDEN'
    when not teaches and p_reason is null then 'REASON_REQUIRED'
    when c.resolution is not null then 'RESOLVED' end;
  if outcome is not null then return; end if;

  if p_resolution = 'TAKE_THEIRS' then
    insert into save (id, kind, content, school_id, section_id, grading_period_id, received_at, reason, student_ids, base_revisions)
      values (p_save, 'RESOLVE', p_content, c.school_id, c.section_id, c.grading_period_id, p_at, p_reason, '{}', '{}')
      on conflict (id) do nothing;
    if not found then
      select e.* into outcome, exceptions, received_at from earlier_save(p_save, p_content) e;
      return;
    end if;
    outcome := 'SAVED';
    received_at := p_at;
  elsif c.assignment_id is null then
    select s.* into outcome, exceptions, received_at
      from save_marks(p_save, p_content, p_at, p_reason, p_offices, c.section_id, c.grading_period_id, '{0}', array[c.student_id],
             array[p_base], array[c.lost ->> 'value'], array[c.lost ->> 'comment'], null) s;
  else
    select s.* into outcome, exceptions, received_at
      from save_scores(p_save, p_content, p_at, p_reason, p_offices, c.section_id, '{0}', array[c.assignment_id], array[c.student_id],
             array[p_base], array[c.lost ->> 'value'], array[c.lost ->> 'textScore'], array[c.lost ->> 'status'],
             array[(c.lost ->> 'late')::boolean], array[(c.lost ->> 'missing')::boolean], array[(c.lost ->> 'incomplete')::boolean],
             array[c.lost ->> 'comment'], null) s;
  end if;
  if outcome <> 'SAVED' then return; end if;
  code := exceptions -> 0 ->> 'code';
  if code is null or code in ('SAME', 'CONFLICT') then
    update conflict set resolution = p_resolution, resolved_at = p_at, resolved_by = viewer_subject(), resolving_save_id = p_save
      where id = p_conflict;
  end if;
end $$;
