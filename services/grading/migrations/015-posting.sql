-- A mark says more than a grade: effort, conduct, comments by code and in words. Which of these a school asks of its teachers is data, for
-- all grading periods or for one. What counts is the nearest row: school and period, school, district and period, district.
create table mark_form (
  id uuid primary key default uuidv7(),
  school_id uuid,
  grading_period_id uuid,
  mark_types text[] not null,
  -- what a mark must have to be complete; where there is no grade and none of it, there is nothing to post
  required_types text[] not null,
  effort_values text[] not null,
  conduct_values text[] not null,
  most_codes integer not null check (most_codes between 0 and 20),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  check (mark_types <@ '{MARK,EFFORT,CONDUCT,COMMENT_CODES,COMMENT}' and cardinality(mark_types) > 0),
  check (required_types <@ mark_types and cardinality(required_types) > 0),
  constraint mark_form_place unique nulls not distinct (school_id, grading_period_id)
);
insert into mark_form (mark_types, required_types, effort_values, conduct_values, most_codes, recorded_by, reason)
  values ('{MARK,EFFORT,CONDUCT,COMMENT_CODES,COMMENT}', '{MARK}', '{E,S,U}', '{E,S,U}', 4,
          '00000000-0000-8000-8000-000000000000', 'what a district begins with');
select keep_history('mark_form');
select protect_public('mark_form', 'school_id');

-- Comments that are chosen, not typed: translated once, by people, and printed in the language of the family.
create table comment_code (
  id uuid primary key default uuidv7(),
  -- null: the district's; a school's own code stands before the district's of the same name
  school_id uuid,
  code text not null check (code ~ '^[A-Z0-9][A-Z0-9-]{0,9}$'),
  -- the language it was written in (BCP 47), which has its text
  language text not null,
  -- language -> text
  texts jsonb not null,
  -- the first day on which it can no longer be chosen; marks that have it keep it
  withdrawn_on date,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  check (texts ->> language is not null),
  constraint comment_code_place unique nulls not distinct (school_id, code)
);
insert into comment_code (code, language, texts, recorded_by, reason)
  select c.code, 'en', jsonb_build_object('en', c.en, 'es', c.es, 'hy', c.hy, 'ko', c.ko, 'fa', c.fa),
         '00000000-0000-8000-8000-000000000000', 'what a district begins with'
    from (values
      ('E01', 'A pleasure to have in class', 'Es un gusto contar con su hijo o hija en clase', 'Հաճելի է ունենալ Ձեր երեխային դասարանում',
       '수업을 함께하기에 즐거운 학생입니다', 'حضور فرزند شما در کلاس مایهٔ خوشحالی است'),
      ('E02', 'Shows steady improvement', 'Muestra un progreso constante', 'Ցուցաբերում է կայուն առաջընթաց',
       '꾸준히 향상되고 있습니다', 'پیشرفت پیوسته‌ای نشان می‌دهد'),
      ('E03', 'Participates actively in class', 'Participa activamente en clase', 'Ակտիվորեն մասնակցում է դասին',
       '수업에 적극적으로 참여합니다', 'در کلاس فعالانه شرکت می‌کند'),
      ('N01', 'Homework is often missing or late', 'A menudo faltan tareas o se entregan tarde',
       'Տնային աշխատանքները հաճախ բացակայում են կամ ուշանում', '숙제를 자주 제출하지 않거나 늦게 제출합니다', 'تکالیف اغلب انجام نمی‌شود یا با تأخیر تحویل داده می‌شود'),
      ('N02', 'Absences or tardies affect the grade', 'Las ausencias o los retrasos afectan la calificación',
       'Բացակայություններն ու ուշացումներն ազդում են գնահատականի վրա', '결석이나 지각이 성적에 영향을 주고 있습니다', 'غیبت یا تأخیر بر نمره اثر می‌گذارد'),
      ('N03', 'Low scores on tests and quizzes', 'Calificaciones bajas en los exámenes y las pruebas',
       'Ցածր միավորներ թեստերում և ստուգողական աշխատանքներում', '시험과 퀴즈 점수가 낮습니다', 'نمره‌های آزمون‌ها پایین است'),
      ('N04', 'Needs to ask for help', 'Necesita pedir ayuda cuando la requiere', 'Պետք է օգնություն խնդրի, երբ դրա կարիքն ունի',
       '필요할 때 도움을 요청해야 합니다', 'لازم است هنگام نیاز کمک بخواهد'),
      ('C01', 'A conference with the parents is requested', 'Se solicita una reunión con los padres', 'Խնդրվում է հանդիպում ծնողների հետ',
       '학부모 상담을 요청합니다', 'درخواست دیدار با والدین'),
      ('C02', 'In danger of failing', 'Corre el riesgo de reprobar', 'Անբավարար գնահատական ստանալու վտանգ կա',
       '낙제할 위험이 있습니다', 'در خطر مردود شدن است'),
      ('C03', 'Please contact the teacher', 'Por favor, comuníquese con su maestro o maestra', 'Խնդրում ենք կապվել ուսուցչի հետ',
       '선생님께 연락해 주시기 바랍니다', 'لطفاً با معلم تماس بگیرید')
    ) c (code, en, es, hy, ko, fa);
select keep_history('comment_code');
select protect_public('comment_code', 'school_id');

alter table mark
  add column effort text check (effort <> ''),
  add column conduct text check (conduct <> ''),
  add column comment_codes text[] not null default '{}',
  drop constraint mark_check1,
  -- what has to be there is the form's to say; that anything is, the table's
  add constraint mark_posted_says check (status = 'DRAFT' or num_nonnulls(value, effort, conduct, comment) > 0 or comment_codes <> '{}');

create function types_said(m mark) returns text[] language sql immutable as $$
  select array_remove(array[
    case when m.value is not null then 'MARK' end, case when m.effort is not null then 'EFFORT' end,
    case when m.conduct is not null then 'CONDUCT' end, case when m.comment_codes <> '{}' then 'COMMENT_CODES' end,
    case when m.comment is not null then 'COMMENT' end], null)
$$;

-- In a save, null is "not said: as it was", and an empty text "none". Codes of a cell are separated by commas.
alter table save
  add column efforts text[],
  add column conducts text[],
  add column comment_codes text[],
  drop constraint save_kind_check,
  -- CHANGE: a change of a mark that a teacher asked for after the window had closed, made and posted at once by who approved it
  add constraint save_kind_check check (kind in ('MARKS', 'POST', 'SCORES', 'IMPORT', 'RESOLVE', 'CHANGE'));

-- What was posted, each time: one row for each save that posted, with the n-th mark at the n-th place of each array.
-- Nothing here is ever changed. One row, because a class is posted on the evening of the deadline, and thirty would cost a third of it.
create table posting (
  save_id uuid primary key,
  school_id uuid not null,
  section_id uuid not null,
  grading_period_id uuid not null,
  posted_at timestamptz not null,
  posted_by uuid not null default viewer_subject(),
  mark_ids uuid[] not null,
  student_ids uuid[] not null,
  revisions integer[] not null,
  cell_values text[] not null,
  efforts text[] not null,
  conducts text[] not null,
  -- joined by commas
  comment_codes text[] not null,
  comments text[] not null,
  -- 0: posted before calculations were frozen
  tx bigint not null default pg_current_xact_id()::text::bigint
);
create index posting_section on posting (section_id, grading_period_id);
create index posting_tx on posting (tx);
create trigger posting_append_only before update or delete or truncate on posting for each statement execute function history_is_append_only();
-- For those who teach and for the school: a family sees what stands posted, which is in mark.
select protect('posting', 'school_id');
insert into posting (save_id, school_id, section_id, grading_period_id, posted_at, posted_by, mark_ids, student_ids, revisions,
                     cell_values, efforts, conducts, comment_codes, comments, tx)
  select m.save_id, m.school_id, m.section_id, m.grading_period_id, min(m.posted_at),
         coalesce((select s.subject from save s where s.id = m.save_id), min(m.saved_by::text)::uuid), array_agg(m.id order by m.student_id),
         array_agg(m.student_id order by m.student_id), array_agg(m.revision order by m.student_id), array_agg(m.value order by m.student_id),
         array_agg(m.effort), array_agg(m.conduct), array_agg(''::text), array_agg(m.comment order by m.student_id), 0
    from mark m where m.status = 'POSTED' group by m.save_id, m.school_id, m.section_id, m.grading_period_id;

-- What the gradebook calculated for those who were posted, made right after it and kept: the work of a posting does not wait for it.
create table posting_calculation (
  save_id uuid primary key references posting,
  school_id uuid not null,
  -- of the posting: they are calculated in the order of their transactions
  tx bigint not null,
  calculated_at timestamptz not null,
  -- scores of the section were saved between the posting and the calculation
  changed boolean not null,
  -- student -> what the gradebook told
  calculations jsonb not null
);
create index posting_calculation_tx on posting_calculation (tx);
create trigger posting_calculation_append_only before update or delete or truncate on posting_calculation
  for each statement execute function history_is_append_only();
select protect('posting_calculation', 'school_id');

-- The same by mark: what was posted in each revision that was.
create view mark_posting with (security_invoker = true) as
  select c.mark_id, c.revision, p.school_id, p.section_id, c.student_id, p.grading_period_id, c.value, c.effort, c.conduct,
         coalesce(string_to_array(nullif(c.codes, ''), ','), '{}') as comment_codes, c.comment,
         k.calculations -> c.student_id::text as calculation, k.calculated_at, k.changed, p.posted_at, p.posted_by, p.save_id
    from posting p
    cross join lateral unnest(p.mark_ids, p.student_ids, p.revisions, p.cell_values, p.efforts, p.conducts, p.comment_codes, p.comments)
      c (mark_id, student_id, revision, value, effort, conduct, codes, comment)
    left join posting_calculation k on k.save_id = p.save_id;

create function form_of(school uuid, period uuid) returns setof mark_form language sql stable as $$
  select * from mark_form f
   where (f.school_id = school or f.school_id is null) and (f.grading_period_id = period or f.grading_period_id is null)
   order by f.school_id nulls last, f.grading_period_id nulls last limit 1
$$;

-- What a mark says, as answers and conflicts tell it.
create function content_of(m mark) returns jsonb language sql immutable as $$
  select jsonb_build_object('value', m.value, 'comment', m.comment, 'effort', m.effort, 'conduct', m.conduct,
    'commentCodes', to_jsonb(m.comment_codes), 'status', m.status)
$$;

-- As in 012, with effort, conduct and comment codes; who sends none of these leaves them as they are.
drop function save_marks;
create function save_marks(
  p_save uuid, p_content bytea, p_at timestamptz, p_reason text, p_offices uuid[], p_section uuid, p_period uuid,
  p_n integer[], p_students uuid[], p_bases integer[], p_values text[], p_comments text[], p_malformed jsonb,
  p_efforts text[] default null, p_conducts text[] default null, p_codes text[] default null,
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
  known text[];
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
         (select m.mark_values from mark_scale m where m.school_id = r.school_id or m.school_id is null order by m.school_id nulls last limit 1) as scale,
         f.mark_types, f.effort_values, f.conduct_values, f.most_codes
    into section
    from section_roster r join school s on s.id = r.school_id
         cross join lateral (select least((p_at at time zone s.time_zone)::date, r.ends - 1)) d (day)
         cross join lateral form_of(s.id, p_period) f
   where r.section_id = p_section and works_at(r.school_id);
  if not found then outcome := 'SECTION_UNKNOWN'; return; end if;
  if not section.has_period then outcome := 'GRADING_PERIOD_UNKNOWN'; return; end if;

  -- Saves of one section follow one another: no two can each hold a cell that the other needs. Before the receipt, for which the same save
  -- sent twice waits: several saves may share a transaction, and the second copy must not wait for who waits for its section.
  perform pg_advisory_xact_lock(hashtextextended(p_section::text, 0));

  insert into save (id, kind, content, school_id, section_id, grading_period_id, received_at, reason, places,
                    student_ids, base_revisions, cell_values, comments, exceptions,
                    efforts, conducts, comment_codes)
    values (p_save, 'MARKS', p_content, section.school_id, p_section, p_period, p_at, p_reason, p_n,
            p_students, p_bases, p_values, p_comments, p_malformed, p_efforts, p_conducts, p_codes)
    on conflict (id) do nothing;
  if not found then
    select e.* into outcome, exceptions, received_at from earlier_save(p_save, p_content) e;
    return;
  end if;
  outcome := 'SAVED';
  received_at := p_at;
  exceptions := p_malformed;

  if p_codes is not null then
    known := array (select k.code from comment_code k where (k.school_id = section.school_id or k.school_id is null)
                       and (k.withdrawn_on is null or k.withdrawn_on > p_at::date));
  end if;
  -- Judged as a whole; cell by cell only when there is something to say of one.
  if (section.teaches or section.leads and p_reason is not null) and not section.cancelled and section.open
     and p_students <@ section.students and (p_values is null or array_remove(p_values, null) <@ section.scale)
     and (p_values is null or 'MARK' = any (section.mark_types)) and (p_comments is null or 'COMMENT' = any (section.mark_types))
     and p_efforts is null and p_conducts is null and p_codes is null then
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
              when c.value is not null and not 'MARK' = any (section.mark_types) or c.comment is not null and not 'COMMENT' = any (section.mark_types)
                or c.effort <> '' and not 'EFFORT' = any (section.mark_types) or c.conduct <> '' and not 'CONDUCT' = any (section.mark_types)
                or c.codes <> '' and not 'COMMENT_CODES' = any (section.mark_types) then 'TYPE_NOT_USED'
              when not c.value = any (section.scale) then 'VALUE_NOT_ON_SCALE'
              when c.effort <> '' and not c.effort = any (section.effort_values) then 'EFFORT_NOT_ON_SCALE'
              when c.conduct <> '' and not c.conduct = any (section.conduct_values) then 'CONDUCT_NOT_ON_SCALE'
              when not string_to_array(c.codes, ',') <@ known then 'COMMENT_CODE_UNKNOWN'
              when cardinality(string_to_array(c.codes, ',')) > section.most_codes then 'TOO_MANY_COMMENT_CODES'
            end as code
            from unnest(p_n, p_students, p_values, p_comments, p_efforts, p_conducts, p_codes)
                   c (n, student_id, value, comment, effort, conduct, codes)) c;
  end if;

  if not 0 = all (p_bases) then
    update mark m set value = c.value, comment = c.comment, effort = nullif(coalesce(c.effort, m.effort), ''),
                      conduct = nullif(coalesce(c.conduct, m.conduct), ''),
                      comment_codes = coalesce(string_to_array(c.codes, ','), m.comment_codes), status = 'DRAFT', revision = m.revision + 1,
                      saved_at = p_at, saved_by = viewer_subject(), posted_at = null, save_id = p_save
      from unnest(p_n, p_students, p_bases, p_values, p_comments, p_efforts, p_conducts, p_codes)
             c (n, student_id, base, value, comment, effort, conduct, codes)
     where c.n = any (allowed) and m.section_id = p_section and m.student_id = c.student_id
       and m.grading_period_id = p_period and m.revision = c.base;
    get diagnostics done = row_count;
  end if;
  if 0 = any (p_bases) then
    insert into mark (school_id, section_id, student_id, grading_period_id, value, comment, effort, conduct, comment_codes, status, revision, saved_at, save_id)
      select section.school_id, p_section, c.student_id, p_period, c.value, c.comment, nullif(c.effort, ''), nullif(c.conduct, ''),
             coalesce(string_to_array(c.codes, ','), '{}'), 'DRAFT', 1, p_at, p_save
        from unnest(p_n, p_students, p_bases, p_values, p_comments, p_efforts, p_conducts, p_codes)
             c (n, student_id, base, value, comment, effort, conduct, codes)
       where c.n = any (allowed) and c.base = 0 order by c.student_id
      on conflict (section_id, student_id, grading_period_id) do nothing;
    get diagnostics step = row_count;
    done := done + step;
  end if;

  -- Those whose cell was not as they had seen it. Read by a statement of its own, which sees what the winners committed.
  if done < coalesce(cardinality(allowed), 0) then
    select jsonb_agg(jsonb_build_object('n', c.n, 'code', case
        when m.revision is null or c.base > m.revision then 'REVISION_UNKNOWN'
        when (m.value, m.comment, m.effort, m.conduct, m.comment_codes) is not distinct from
          (c.value, c.comment, nullif(coalesce(c.effort, m.effort), ''), nullif(coalesce(c.conduct, m.conduct), ''),
           coalesce(string_to_array(c.codes, ','), m.comment_codes)) then 'SAME'
        else 'CONFLICT' end,
        'revision', m.revision, 'by', m.saved_by, 'at', m.saved_at,
        'found', content_of(m)))
      into lost
      from unnest(p_n, p_students, p_bases, p_values, p_comments, p_efforts, p_conducts, p_codes)
             c (n, student_id, base, value, comment, effort, conduct, codes)
      left join mark m on m.section_id = p_section and m.student_id = c.student_id and m.grading_period_id = p_period
     where c.n = any (allowed) and m.save_id is distinct from p_save;
    insert into conflict (save_id, school_id, section_id, student_id, grading_period_id, base_revision, lost,
                          found, found_revision, found_by, received_at)
      select p_save, section.school_id, p_section, c.student_id, p_period, c.base, jsonb_build_object('value', c.value, 'comment', c.comment) ||
               jsonb_strip_nulls(jsonb_build_object('effort', c.effort, 'conduct', c.conduct, 'commentCodes', c.codes)),
             x.found, x.revision, x.by, p_at
        from jsonb_to_recordset(lost) x (n integer, code text, revision integer, "by" uuid, found jsonb)
        join unnest(p_n, p_students, p_bases, p_values, p_comments, p_efforts, p_conducts, p_codes)
             c (n, student_id, base, value, comment, effort, conduct, codes) on c.n = x.n
       where x.code = 'CONFLICT';
  end if;

  if refused is not null or lost is not null then
    exceptions := coalesce(p_malformed, '[]') || coalesce(refused, '[]') || coalesce(lost, '[]');
    update save s set exceptions = save_marks.exceptions where s.id = p_save;
  end if;
end $$;

-- As in 009; and what is posted is frozen beside it.
drop function post_marks;
create function post_marks(
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

  -- Saves of one section follow one another: no two can each hold a cell that the other needs. Before the receipt, for which the same save
  -- sent twice waits: several saves may share a transaction, and the second copy must not wait for who waits for its section.
  perform pg_advisory_xact_lock(hashtextextended(p_section::text, 0));

  insert into save (id, kind, content, school_id, section_id, grading_period_id, received_at, reason, places, student_ids, base_revisions, exceptions)
    values (p_save, 'POST', p_content, section.school_id, p_section, p_period, p_at, p_reason, p_n, p_students, p_bases, p_malformed)
    on conflict (id) do nothing;
  if not found then
    select e.* into outcome, exceptions, received_at from earlier_save(p_save, p_content) e;
    return;
  end if;
  outcome := 'SAVED';
  received_at := p_at;
  exceptions := p_malformed;

  refusal := case
    when not section.teaches and not section.leads then 'FORBIDDEN'
    when not section.teaches and p_reason is null then 'REASON_REQUIRED'
    when section.cancelled then 'SECTION_CANCELLED' end;
  if refusal is null then
    with posted as
      (update mark m set status = 'POSTED', posted_at = p_at, revision = m.revision + 1, save_id = p_save
         from unnest(p_students, p_bases) c (student_id, base)
        where m.section_id = p_section and m.student_id = c.student_id and m.grading_period_id = p_period and m.revision = c.base
          and m.status = 'DRAFT' and (m.value is not null or types_said(m) && (select f.required_types from form_of(section.school_id, p_period) f))
          and (section.open or window_open(p_period, section.school_id, p_section, m.saved_by, m.saved_at))
        returning m.id, m.student_id, m.revision, m.value, m.effort, m.conduct, m.comment_codes, m.comment)
    insert into posting (save_id, school_id, section_id, grading_period_id, posted_at, mark_ids, student_ids, revisions,
                         cell_values, efforts, conducts, comment_codes, comments)
      select p_save, section.school_id, p_section, p_period, p_at, array_agg(id), array_agg(student_id), array_agg(revision),
             array_agg(value), array_agg(effort), array_agg(conduct), array_agg(array_to_string(comment_codes, ',')), array_agg(comment)
        from posted having count(*) > 0
      returning cardinality(mark_ids) into done;
    done := coalesce(done, 0);
  end if;

  if done < cardinality(p_n) then
    select jsonb_agg(jsonb_build_object('n', c.n, 'code', coalesce(refusal, case
        when m.id is null or m.value is null and not types_said(m) && (select f.required_types from form_of(section.school_id, p_period) f) then 'NOTHING_TO_POST'
        when c.base > m.revision then 'REVISION_UNKNOWN'
        when m.status = 'POSTED' and c.base >= m.revision - 1 then 'SAME'
        when c.base < m.revision then 'CONFLICT'
        else 'WINDOW_CLOSED' end)) ||
        case when refusal is null and m.id is not null then jsonb_build_object('revision', m.revision, 'by', m.saved_by, 'at', m.saved_at,
          'found', content_of(m)) else '{}' end)
      into refused
      from unnest(p_n, p_students, p_bases) c (n, student_id, base)
      left join mark m on m.section_id = p_section and m.student_id = c.student_id and m.grading_period_id = p_period
     where m.save_id is distinct from p_save;
    exceptions := coalesce(p_malformed, '[]') || refused;
    update save s set exceptions = post_marks.exceptions where s.id = p_save;
  end if;
end $$;

-- As in 008, with all that was said when it lost.
create function one_said(text) returns text[] language sql immutable as $$ select case when $1 is not null then array[$1] end $$;
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
             array[c.lost ->> 'comment'], null) s;
  end if;
  if outcome <> 'SAVED' then return; end if;
  code := exceptions -> 0 ->> 'code';
  if code is null or code in ('SAME', 'CONFLICT') then
    update conflict set resolution = p_resolution, resolved_at = p_at, resolved_by = viewer_subject(), resolving_save_id = p_save
      where id = p_conflict;
  end if;
end $$;

-- A change of a mark that a teacher asks for after the window has closed. The office decides once; what stood and what was asked are kept.
create table mark_change (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  section_id uuid not null,
  student_id uuid not null,
  grading_period_id uuid not null,
  -- the mark as who asks saw it; 0 and null when there was none
  base_revision integer not null,
  found jsonb,
  wanted jsonb not null,
  why text not null,
  asked_at timestamptz not null,
  asked_by uuid not null default viewer_subject(),
  decision text check (decision in ('APPROVED', 'DECLINED')),
  decided_at timestamptz,
  decided_by uuid,
  decided_why text,
  -- approved: what was replaced, and the revision that the mark has by it
  replaced jsonb,
  revision integer,
  check (num_nonnulls(decision, decided_at, decided_by) in (0, 3)),
  check ((decision = 'APPROVED') = (revision is not null) or decision is null and revision is null)
);
create unique index mark_change_open on mark_change (section_id, student_id, grading_period_id) where decision is null;
create index mark_change_school on mark_change (school_id, id);
select protect('mark_change', 'school_id');
create function mark_change_is_kept() returns trigger language plpgsql as $$
declare
  deciding constant text[] := '{decision,decided_at,decided_by,decided_why,replaced,revision}';
begin
  if tg_op = 'UPDATE' and old.decision is null and to_jsonb(new) - deciding = to_jsonb(old) - deciding then return new; end if;
  raise exception 'a request is kept, and decided once' using errcode = '42501';
end $$;
create trigger mark_change_kept before update or delete on mark_change for each row execute function mark_change_is_kept();
create trigger mark_change_no_truncate before truncate on mark_change for each statement execute function history_is_append_only();

-- A teacher's word that these are the final marks. It holds as long as the revisions of the marks add up to what they did: they only grow,
-- so any change of any mark of the section and period ends it, and no save has to look.
create table mark_verification (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  section_id uuid not null,
  grading_period_id uuid not null,
  revisions bigint not null,
  verified_at timestamptz not null,
  verified_by uuid not null default viewer_subject(),
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint mark_verification_once unique (section_id, grading_period_id)
);
select keep_history('mark_verification');
select protect('mark_verification', 'school_id');

-- How far a section is with a grading period: of those who sit in it on the day, each is posted, a draft, or missing; and who has not been
-- given what, as the family would see it. `revisions` is what a verification is about.
create function posting_of(p_section uuid, p_period uuid, p_day date, out seated integer, out posted integer, out drafts integer,
  out without_mark integer, out without_effort integer, out without_conduct integer, out without_codes integer, out without_comment integer,
  out revisions bigint) language sql stable as $$
  select count(s.student_id), count(*) filter (where m.status = 'POSTED'), count(*) filter (where m.status = 'DRAFT'),
         count(s.student_id) filter (where p.value is null), count(s.student_id) filter (where p.effort is null),
         count(s.student_id) filter (where p.conduct is null), count(s.student_id) filter (where coalesce(p.comment_codes, '{}') = '{}'),
         count(s.student_id) filter (where p.comment is null),
         (select coalesce(sum(a.revision), 0) from mark a where a.section_id = p_section and a.grading_period_id = p_period)
    from (select distinct seat.student_id from section_seat seat
           where seat.section_id = p_section and seat.begins <= p_day and (seat.ends is null or seat.ends > p_day)) s
    left join mark m on m.section_id = p_section and m.student_id = s.student_id and m.grading_period_id = p_period
    left join lateral (select m.*) p on m.status = 'POSTED'
$$;

-- The day on which a section's seats are counted for a grading period: today at the school; after the section or the period, its last day.
create function posting_day(r section_roster, period_ends date, at timestamptz) returns date language sql stable as $$
  select least(roster_day(r, at), period_ends - 1)
$$;
