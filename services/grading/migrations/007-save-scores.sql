-- Saves scores of one section: each assignment and student once, in the order of (assignment_id, student_id). The rest is as in
-- save_marks; scores know no window and no draft.
create function save_scores(
  p_save uuid, p_content bytea, p_at timestamptz, p_reason text, p_offices uuid[], p_section uuid,
  p_n integer[], p_assignments uuid[], p_students uuid[], p_bases integer[], p_points text[], p_texts text[], p_statuses text[],
  p_lates boolean[], p_missings boolean[], p_incompletes boolean[], p_comments text[], p_malformed jsonb,
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
  select r.school_id, r.cancelled, students_at(r, p_at) as students, viewer_subject() = any (teachers_at(r, p_at)) as teaches,
         p_offices is null or r.school_id = any (p_offices) as leads, (p_at at time zone s.time_zone)::date as today
    into section
    from section_roster r join school s on s.id = r.school_id where r.section_id = p_section and works_at(r.school_id);
  if not found then outcome := 'SECTION_UNKNOWN'; return; end if;

  insert into save (id, kind, content, school_id, section_id, received_at, reason, places, assignment_ids, student_ids, base_revisions,
                    cell_values, text_scores, statuses, lates, missings, incompletes, comments, exceptions)
    values (p_save, 'SCORES', p_content, section.school_id, p_section, p_at, p_reason, p_n, p_assignments, p_students, p_bases,
            p_points, p_texts, p_statuses, p_lates, p_missings, p_incompletes, p_comments, p_malformed)
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

  select array_agg(c.n) filter (where c.code is null),
         jsonb_agg(jsonb_build_object('n', c.n, 'code', c.code)) filter (where c.code is not null)
    into allowed, refused
    from (select c.n, case
            when not section.teaches and not section.leads then 'FORBIDDEN'
            when not section.teaches and p_reason is null then 'REASON_REQUIRED'
            when section.cancelled then 'SECTION_CANCELLED'
            when a.id is null then 'ASSIGNMENT_UNKNOWN'
            when not c.student_id = any (section.students) then 'NOT_ENROLLED'
            when c.points::numeric < a.lowest then 'SCORE_BELOW_MINIMUM'
          end as code
          from unnest(p_n, p_assignments, p_students, p_points) c (n, assignment_id, student_id, points)
          left join assignment a on a.id = c.assignment_id and a.section_id = p_section and a.withdrawn_on is null) c;

  if not 0 = all (p_bases) then
    update score m set points = trim_scale(c.points::numeric), text_score = c.text_score, status = c.status, late = c.late, missing = c.missing,
                       incomplete = c.incomplete, comment = c.comment, scored_on = section.today, withdrawn_on = null,
                       revision = m.revision + 1, saved_at = p_at, saved_by = viewer_subject(), save_id = p_save
      from unnest(p_n, p_assignments, p_students, p_bases, p_points, p_texts, p_statuses, p_lates, p_missings, p_incompletes, p_comments)
             c (n, assignment_id, student_id, base, points, text_score, status, late, missing, incomplete, comment)
     where c.n = any (allowed) and m.assignment_id = c.assignment_id and m.student_id = c.student_id and m.revision = c.base;
    get diagnostics done = row_count;
  end if;
  if 0 = any (p_bases) then
    insert into score (school_id, section_id, assignment_id, student_id, points, text_score, status, late, missing, incomplete, comment,
                       scored_on, revision, saved_at, save_id)
      select section.school_id, p_section, c.assignment_id, c.student_id, trim_scale(c.points::numeric), c.text_score, c.status, c.late,
             c.missing, c.incomplete, c.comment, section.today, 1, p_at, p_save
        from unnest(p_n, p_assignments, p_students, p_bases, p_points, p_texts, p_statuses, p_lates, p_missings, p_incompletes, p_comments)
               c (n, assignment_id, student_id, base, points, text_score, status, late, missing, incomplete, comment)
       where c.n = any (allowed) and c.base = 0 order by c.assignment_id, c.student_id
      on conflict (assignment_id, student_id) do nothing;
    get diagnostics step = row_count;
    done := done + step;
  end if;

  -- Those whose cell was not as they had seen it. Read by a statement of its own, which sees what the winners committed.
  if done < coalesce(cardinality(allowed), 0) then
    select jsonb_agg(jsonb_build_object('n', c.n, 'code', case
        when m.revision is null or c.base > m.revision then 'REVISION_UNKNOWN'
        when m.withdrawn_on is null and (m.points, m.text_score, m.status, m.late, m.missing, m.incomplete, m.comment) is not distinct from
          (c.points::numeric, c.text_score, c.status, c.late, c.missing, c.incomplete, c.comment) then 'SAME'
        else 'CONFLICT' end,
        'revision', m.revision, 'by', m.saved_by, 'at', m.saved_at,
        'found', jsonb_build_object('value', m.points::text, 'textScore', m.text_score, 'status', m.status, 'late', m.late,
          'missing', m.missing, 'incomplete', m.incomplete, 'comment', m.comment)))
      into lost
      from unnest(p_n, p_assignments, p_students, p_bases, p_points, p_texts, p_statuses, p_lates, p_missings, p_incompletes, p_comments)
             c (n, assignment_id, student_id, base, points, text_score, status, late, missing, incomplete, comment)
      left join score m on m.assignment_id = c.assignment_id and m.student_id = c.student_id
     where c.n = any (allowed) and m.save_id is distinct from p_save;
    insert into conflict (save_id, school_id, section_id, student_id, assignment_id, base_revision, lost,
                          found, found_revision, found_by, received_at)
      select p_save, section.school_id, p_section, c.student_id, c.assignment_id, c.base,
             jsonb_build_object('value', c.points, 'textScore', c.text_score, 'status', c.status, 'late', c.late, 'missing', c.missing,
               'incomplete', c.incomplete, 'comment', c.comment),
             x.found, x.revision, x.by, p_at
        from jsonb_to_recordset(lost) x (n integer, code text, revision integer, "by" uuid, found jsonb)
        join unnest(p_n, p_assignments, p_students, p_bases, p_points, p_texts, p_statuses, p_lates, p_missings, p_incompletes, p_comments)
               c (n, assignment_id, student_id, base, points, text_score, status, late, missing, incomplete, comment) on c.n = x.n
       where x.code = 'CONFLICT';
  end if;

  if refused is not null or lost is not null then
    exceptions := coalesce(p_malformed, '[]') || coalesce(refused, '[]') || coalesce(lost, '[]');
    update save s set exceptions = save_scores.exceptions where s.id = p_save;
  end if;
end $$;
