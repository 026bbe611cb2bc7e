-- save_marks as in 005, said with less work: who sits in the section and who teaches it come from one look at its roster, and the cells
-- are judged as a whole first. What it decides is the same.
create or replace function save_marks(
  p_save uuid, p_content bytea, p_at timestamptz, p_reason text, p_offices uuid[], p_section uuid, p_period uuid,
  p_n integer[], p_students uuid[], p_bases integer[], p_values text[], p_comments text[], p_malformed jsonb,
  out outcome text, out exceptions jsonb, out received_at timestamptz
) language plpgsql as $$
#variable_conflict use_column
declare
  section record;
  allowed integer[];
  refused jsonb;
  lost jsonb;
  done integer := 0;
  step integer;
begin
  -- The day as in roster_day, worked out once; the functions of the roster cost more than all that is asked of it here.
  select r.school_id, r.cancelled,
         array (select x.id from unnest(r.student_ids, r.student_begins, r.student_ends) x (id, begins, ends)
                 where x.begins <= d.day and (x.ends is null or x.ends > d.day)) as students,
         exists (select from unnest(r.teacher_ids, r.teacher_begins, r.teacher_ends) x (id, begins, ends)
                  where x.id = viewer_subject() and x.begins <= d.day and (x.ends is null or x.ends > d.day)) as teaches,
         p_offices is null or r.school_id = any (p_offices) as leads,
         window_open(p_period, r.school_id, r.section_id, viewer_subject(), p_at) as open,
         exists (select from grading_period p where p.id = p_period) as has_period,
         (select m.mark_values from mark_scale m where m.school_id = r.school_id or m.school_id is null order by m.school_id nulls last limit 1) as scale
    into section
    from section_roster r join school s on s.id = r.school_id
         cross join lateral (select least((p_at at time zone s.time_zone)::date, r.ends - 1)) d (day)
   where r.section_id = p_section and works_at(r.school_id);
  if not found then outcome := 'SECTION_UNKNOWN'; return; end if;
  if not section.has_period then outcome := 'GRADING_PERIOD_UNKNOWN'; return; end if;

  insert into save (id, kind, content, school_id, section_id, grading_period_id, received_at, reason, places,
                    student_ids, base_revisions, cell_values, comments, exceptions)
    values (p_save, 'MARKS', p_content, section.school_id, p_section, p_period, p_at, p_reason, p_n,
            p_students, p_bases, p_values, p_comments, p_malformed)
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

  -- Judged as a whole; cell by cell only when there is something to say of one.
  if (section.teaches or section.leads and p_reason is not null) and not section.cancelled and section.open
     and p_students <@ section.students and (p_values is null or array_remove(p_values, null) <@ section.scale) then
    allowed := p_n;
  else
    select array_agg(c.n) filter (where c.code is null),
           jsonb_agg(jsonb_build_object('n', c.n, 'code', c.code)) filter (where c.code is not null)
      into allowed, refused
      from (select c.n, case
              when not section.teaches and not section.leads then 'FORBIDDEN'
              when not section.teaches and p_reason is null then 'REASON_REQUIRED'
              when section.cancelled then 'SECTION_CANCELLED'
              when not c.student_id = any (section.students) then 'NOT_ENROLLED'
              when not section.open then 'WINDOW_CLOSED'
              when not c.value = any (section.scale) then 'VALUE_NOT_ON_SCALE'
            end as code
            from unnest(p_n, p_students, p_values) c (n, student_id, value)) c;
  end if;

  if not 0 = all (p_bases) then
    update mark m set value = c.value, comment = c.comment, status = 'DRAFT', revision = m.revision + 1,
                      saved_at = p_at, saved_by = viewer_subject(), posted_at = null, save_id = p_save
      from unnest(p_n, p_students, p_bases, p_values, p_comments) c (n, student_id, base, value, comment)
     where c.n = any (allowed) and m.section_id = p_section and m.student_id = c.student_id
       and m.grading_period_id = p_period and m.revision = c.base;
    get diagnostics done = row_count;
  end if;
  if 0 = any (p_bases) then
    insert into mark (school_id, section_id, student_id, grading_period_id, value, comment, status, revision, saved_at, save_id)
      select section.school_id, p_section, c.student_id, p_period, c.value, c.comment, 'DRAFT', 1, p_at, p_save
        from unnest(p_n, p_students, p_bases, p_values, p_comments) c (n, student_id, base, value, comment)
       where c.n = any (allowed) and c.base = 0 order by c.student_id
      on conflict (section_id, student_id, grading_period_id) do nothing;
    get diagnostics step = row_count;
    done := done + step;
  end if;

  -- Those whose cell was not as they had seen it. Read by a statement of its own, which sees what the winners committed.
  if done < coalesce(cardinality(allowed), 0) then
    select jsonb_agg(jsonb_build_object('n', c.n, 'code', case
        when m.revision is null or c.base > m.revision then 'REVISION_UNKNOWN'
        when (m.value, m.comment) is not distinct from (c.value, c.comment) then 'SAME'
        else 'CONFLICT' end,
        'revision', m.revision, 'by', m.saved_by, 'at', m.saved_at,
        'found', jsonb_build_object('value', m.value, 'comment', m.comment, 'status', m.status)))
      into lost
      from unnest(p_n, p_students, p_bases, p_values, p_comments) c (n, student_id, base, value, comment)
      left join mark m on m.section_id = p_section and m.student_id = c.student_id and m.grading_period_id = p_period
     where c.n = any (allowed) and m.save_id is distinct from p_save;
    insert into conflict (save_id, school_id, section_id, student_id, grading_period_id, base_revision, lost,
                          found, found_revision, found_by, received_at)
      select p_save, section.school_id, p_section, c.student_id, p_period, c.base, jsonb_build_object('value', c.value, 'comment', c.comment),
             x.found, x.revision, x.by, p_at
        from jsonb_to_recordset(lost) x (n integer, code text, revision integer, "by" uuid, found jsonb)
        join unnest(p_n, p_students, p_bases, p_values, p_comments) c (n, student_id, base, value, comment) on c.n = x.n
       where x.code = 'CONFLICT';
  end if;

  if refused is not null or lost is not null then
    exceptions := coalesce(p_malformed, '[]') || coalesce(refused, '[]') || coalesce(lost, '[]');
    update save s set exceptions = save_marks.exceptions where s.id = p_save;
  end if;
end $$;
