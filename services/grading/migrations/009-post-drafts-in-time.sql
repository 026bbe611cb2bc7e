-- As in 005, but for one thing: whether a draft was received in time is decided by the windows of who gave it, not of who posts it.
-- A teacher's own extension counts also when a co-teacher or the office posts what was typed in it.
create or replace function post_marks(
  p_save uuid, p_content bytea, p_at timestamptz, p_reason text, p_offices uuid[], p_section uuid, p_period uuid,
  p_n integer[], p_students uuid[], p_bases integer[], p_malformed jsonb,
  out outcome text, out exceptions jsonb, out received_at timestamptz
) language plpgsql as $$
#variable_conflict use_column
declare
  section record;
  refusal text;
  refused jsonb;
  done integer := 0;
begin
  select r.school_id, r.cancelled, viewer_subject() = any (teachers_at(r, p_at)) as teaches,
         p_offices is null or r.school_id = any (p_offices) as leads,
         window_open(p_period, r.school_id, r.section_id, viewer_subject(), p_at) as open,
         exists (select from grading_period p where p.id = p_period) as has_period
    into section
    from section_roster r join school s on s.id = r.school_id where r.section_id = p_section and works_at(r.school_id);
  if not found then outcome := 'SECTION_UNKNOWN'; return; end if;
  if not section.has_period then outcome := 'GRADING_PERIOD_UNKNOWN'; return; end if;

  insert into save (id, kind, content, school_id, section_id, grading_period_id, received_at, reason, places, student_ids, base_revisions, exceptions)
    values (p_save, 'POST', p_content, section.school_id, p_section, p_period, p_at, p_reason, p_n, p_students, p_bases, p_malformed)
    on conflict (id) do nothing;
  if not found then
    select e.* into outcome, exceptions, received_at from earlier_save(p_save, p_content) e;
    return;
  end if;
  -- Saves of one section follow one another: no two can each hold a cell that the other needs.
  perform pg_advisory_xact_lock(hashtextextended(p_section::text, 0));
  outcome := 'SAVED';
  received_at := p_at;
  exceptions := p_malformed;

  refusal := case
    when not section.teaches and not section.leads then 'FORBIDDEN'
    when not section.teaches and p_reason is null then 'REASON_REQUIRED'
    when section.cancelled then 'SECTION_CANCELLED' end;
  if refusal is null then
    update mark m set status = 'POSTED', posted_at = p_at, revision = m.revision + 1, save_id = p_save
      from unnest(p_students, p_bases) c (student_id, base)
     where m.section_id = p_section and m.student_id = c.student_id and m.grading_period_id = p_period and m.revision = c.base
       and m.status = 'DRAFT' and m.value is not null
       and (section.open or window_open(p_period, section.school_id, p_section, m.saved_by, m.saved_at));
    get diagnostics done = row_count;
  end if;

  if done < cardinality(p_n) then
    select jsonb_agg(jsonb_build_object('n', c.n, 'code', coalesce(refusal, case
        when m.value is null then 'NOTHING_TO_POST'
        when c.base > m.revision then 'REVISION_UNKNOWN'
        when m.status = 'POSTED' and c.base >= m.revision - 1 then 'SAME'
        when c.base < m.revision then 'CONFLICT'
        else 'WINDOW_CLOSED' end)) ||
        case when refusal is null and m.id is not null then jsonb_build_object('revision', m.revision, 'by', m.saved_by, 'at', m.saved_at,
          'found', jsonb_build_object('value', m.value, 'comment', m.comment, 'status', m.status)) else '{}' end)
      into refused
      from unnest(p_n, p_students, p_bases) c (n, student_id, base)
      left join mark m on m.section_id = p_section and m.student_id = c.student_id and m.grading_period_id = p_period
     where m.save_id is distinct from p_save;
    exceptions := coalesce(p_malformed, '[]') || refused;
    update save s set exceptions = post_marks.exceptions where s.id = p_save;
  end if;
end $$;
