-- How many days late a work was: what a penalty for each day is made of. Null while nobody said.
alter table score add column days_late integer check (days_late is null or days_late between 1 and 366 and late);
alter table save add column days_lates integer[];

-- As in 007, with the days; who sits in the section and who teaches it come from one look at its roster, as in save_marks.
drop function save_scores(uuid, bytea, timestamptz, text, uuid[], uuid, integer[], uuid[], uuid[], integer[], text[], text[], text[],
  boolean[], boolean[], boolean[], text[], jsonb);
create function save_scores(
  p_save uuid, p_content bytea, p_at timestamptz, p_reason text, p_offices uuid[], p_section uuid,
  p_n integer[], p_assignments uuid[], p_students uuid[], p_bases integer[], p_points text[], p_texts text[], p_statuses text[],
  p_lates boolean[], p_missings boolean[], p_incompletes boolean[], p_comments text[], p_malformed jsonb, p_days integer[] default null,
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
  select r.school_id, r.cancelled,
         array (select x.id from unnest(r.student_ids, r.student_begins, r.student_ends) x (id, begins, ends)
                 where x.begins <= d.day and (x.ends is null or x.ends > d.day)) as students,
         exists (select from unnest(r.teacher_ids, r.teacher_begins, r.teacher_ends) x (id, begins, ends)
                  where x.id = viewer_subject() and x.begins <= d.day and (x.ends is null or x.ends > d.day)) as teaches,
         p_offices is null or r.school_id = any (p_offices) as leads, d.today
    into section
    from section_roster r join school s on s.id = r.school_id
         cross join lateral (select t.today, least(t.today, r.ends - 1) from (select (p_at at time zone s.time_zone)::date) t (today)) d (today, day)
   where r.section_id = p_section and works_at(r.school_id);
  if not found then outcome := 'SECTION_UNKNOWN'; return; end if;

  -- Saves of one section follow one another: no two can each hold a cell that the other needs. Before the receipt, as in save_marks.
  perform pg_advisory_xact_lock(hashtextextended(p_section::text, 0));

  insert into save (id, kind, content, school_id, section_id, received_at, reason, places, assignment_ids, student_ids, base_revisions,
                    cell_values, text_scores, statuses, lates, missings, incompletes, comments, days_lates, exceptions)
    values (p_save, 'SCORES', p_content, section.school_id, p_section, p_at, p_reason, p_n, p_assignments, p_students, p_bases,
            p_points, p_texts, p_statuses, p_lates, p_missings, p_incompletes, p_comments, p_days, p_malformed)
    on conflict (id) do nothing;
  if not found then
    select e.* into outcome, exceptions, received_at from earlier_save(p_save, p_content) e;
    return;
  end if;
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
                       incomplete = c.incomplete, comment = c.comment, days_late = c.days_late, scored_on = section.today, withdrawn_on = null,
                       revision = m.revision + 1, saved_at = p_at, saved_by = viewer_subject(), save_id = p_save
      from unnest(p_n, p_assignments, p_students, p_bases, p_points, p_texts, p_statuses, p_lates, p_missings, p_incompletes, p_comments,
                  p_days)
             c (n, assignment_id, student_id, base, points, text_score, status, late, missing, incomplete, comment, days_late)
     where c.n = any (allowed) and m.assignment_id = c.assignment_id and m.student_id = c.student_id and m.revision = c.base;
    get diagnostics done = row_count;
  end if;
  if 0 = any (p_bases) then
    insert into score (school_id, section_id, assignment_id, student_id, points, text_score, status, late, missing, incomplete, comment,
                       days_late, scored_on, revision, saved_at, save_id)
      select section.school_id, p_section, c.assignment_id, c.student_id, trim_scale(c.points::numeric), c.text_score, c.status, c.late,
             c.missing, c.incomplete, c.comment, c.days_late, section.today, 1, p_at, p_save
        from unnest(p_n, p_assignments, p_students, p_bases, p_points, p_texts, p_statuses, p_lates, p_missings, p_incompletes, p_comments,
                  p_days)
               c (n, assignment_id, student_id, base, points, text_score, status, late, missing, incomplete, comment, days_late)
       where c.n = any (allowed) and c.base = 0 order by c.assignment_id, c.student_id
      on conflict (assignment_id, student_id) do nothing;
    get diagnostics step = row_count;
    done := done + step;
  end if;

  -- Those whose cell was not as they had seen it. Read by a statement of its own, which sees what the winners committed.
  if done < coalesce(cardinality(allowed), 0) then
    select jsonb_agg(jsonb_build_object('n', c.n, 'code', case
        when m.revision is null or c.base > m.revision then 'REVISION_UNKNOWN'
        when m.withdrawn_on is null and (m.points, m.text_score, m.status, m.late, m.missing, m.incomplete, m.comment, m.days_late) is not distinct from
          (c.points::numeric, c.text_score, c.status, c.late, c.missing, c.incomplete, c.comment, c.days_late) then 'SAME'
        else 'CONFLICT' end,
        'revision', m.revision, 'by', m.saved_by, 'at', m.saved_at,
        'found', jsonb_build_object('value', m.points::text, 'textScore', m.text_score, 'status', m.status, 'late', m.late,
          'missing', m.missing, 'incomplete', m.incomplete, 'comment', m.comment, 'daysLate', m.days_late)))
      into lost
      from unnest(p_n, p_assignments, p_students, p_bases, p_points, p_texts, p_statuses, p_lates, p_missings, p_incompletes, p_comments,
                  p_days)
             c (n, assignment_id, student_id, base, points, text_score, status, late, missing, incomplete, comment, days_late)
      left join score m on m.assignment_id = c.assignment_id and m.student_id = c.student_id
     where c.n = any (allowed) and m.save_id is distinct from p_save;
    insert into conflict (save_id, school_id, section_id, student_id, assignment_id, base_revision, lost,
                          found, found_revision, found_by, received_at)
      select p_save, section.school_id, p_section, c.student_id, c.assignment_id, c.base,
             jsonb_build_object('value', c.points, 'textScore', c.text_score, 'status', c.status, 'late', c.late, 'missing', c.missing,
               'incomplete', c.incomplete, 'comment', c.comment, 'daysLate', c.days_late),
             x.found, x.revision, x.by, p_at
        from jsonb_to_recordset(lost) x (n integer, code text, revision integer, "by" uuid, found jsonb)
        join unnest(p_n, p_assignments, p_students, p_bases, p_points, p_texts, p_statuses, p_lates, p_missings, p_incompletes, p_comments,
                  p_days)
               c (n, assignment_id, student_id, base, points, text_score, status, late, missing, incomplete, comment, days_late) on c.n = x.n
       where x.code = 'CONFLICT';
  end if;

  if refused is not null or lost is not null then
    exceptions := coalesce(p_malformed, '[]') || coalesce(refused, '[]') || coalesce(lost, '[]');
    update save s set exceptions = save_scores.exceptions where s.id = p_save;
  end if;
end $$;

-- As in 015, with the days of what lost.
create or replace function resolve_conflict(
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
             array[p_base], array[c.lost ->> 'value'], array[c.lost ->> 'comment'], null,
             one_said(c.lost ->> 'effort'), one_said(c.lost ->> 'conduct'), one_said(c.lost ->> 'commentCodes')) s;
  else
    select s.* into outcome, exceptions, received_at
      from save_scores(p_save, p_content, p_at, p_reason, p_offices, c.section_id, '{0}', array[c.assignment_id], array[c.student_id],
             array[p_base], array[c.lost ->> 'value'], array[c.lost ->> 'textScore'], array[c.lost ->> 'status'],
             array[(c.lost ->> 'late')::boolean], array[(c.lost ->> 'missing')::boolean], array[(c.lost ->> 'incomplete')::boolean],
             array[c.lost ->> 'comment'], null,
             case when c.lost ->> 'daysLate' is not null then array[(c.lost ->> 'daysLate')::integer] end) s;
  end if;
  if outcome <> 'SAVED' then return; end if;
  code := exceptions -> 0 ->> 'code';
  if code is null or code in ('SAME', 'CONFLICT') then
    update conflict set resolution = p_resolution, resolved_at = p_at, resolved_by = viewer_subject(), resolving_save_id = p_save
      where id = p_conflict;
  end if;
end $$;

