-- The two reads that every teacher makes every day. They are functions because their plans never depend on the values asked for:
-- as plain statements PostgreSQL plans them again each time, which takes longer than running them.

-- The meetings of sections on days (null: today at the school), of one period or of all (null). A section meets on a school day when
-- its pattern holds on that day, for that day of the rotation or weekday, and the day's bells have the period; while a school has no
-- bells for the day, the pattern alone decides. Times as the school's clocks show them.
create function meetings_on(sections uuid[], days date[], periods uuid[], at timestamptz)
  returns table (section_id uuid, asked date, date date, period_id uuid, room_id uuid, starts_at text, ends_at text)
  language plpgsql stable rows 10 set plan_cache_mode = 'force_generic_plan' as $$
#variable_conflict use_column
begin
  return query
  with held as materialized (
    select s.id, k.asked, d.date, k.period_id, s.school_id, s.track
    from unnest(sections, days, periods) as k (section_id, asked, period_id)
    cross join lateral (select * from section s where s.id = k.section_id offset 0) s
    cross join lateral (select coalesce(k.asked, school_today(s.school_id, at)) as date offset 0) d
    where s.begins <= d.date and d.date < coalesce(least(s.ends, s.cancelled_on), 'infinity')
  ), school_days as materialized (
    select h.*, d.* from (select distinct school_id, track, date from held) h cross join lateral school_day(h.school_id, h.track, h.date) d
  )
  select h.id, h.asked, h.date, m.period_id, m.room_id, to_char(t.starts_at, 'HH24:MI'), to_char(t.ends_at, 'HH24:MI')
  from held h
  join school_days d on d.school_id = h.school_id and d.track = h.track and d.date = h.date
  cross join lateral (
    select m.period_id, m.room_id from meeting_pattern m where m.section_id = h.id
      and m.begins <= h.date and (m.ends is null or h.date < m.ends)
      and m.day_label in ('', d.weekday, d.day_label) and (h.period_id is null or m.period_id = h.period_id)
    offset 0
  ) m
  left join lateral (
    select t.starts_at, t.ends_at from bell_schedule_time t
      where t.bell_schedule_id = d.bell_schedule_id and t.period_id = m.period_id
    offset 0
  ) t on true
  where d.bell_schedule_id is null or t.starts_at is not null;
end $$;

-- The meetings of a person's day: what they teach, co-teach or substitute, and what the given students attend.
create function meetings_of_person(person uuid, students uuid[], day date, at timestamptz)
  returns table (section_id uuid, asked date, date date, period_id uuid, room_id uuid, starts_at text, ends_at text)
  language plpgsql stable rows 10 set plan_cache_mode = 'force_generic_plan' as $$
#variable_conflict use_column
declare
  sections uuid[];
  days date[];
begin
  select array_agg(w.section_id), array_agg(w.date) into sections, days from (
    select t.section_id, d.date
      from teacher_assignment t cross join lateral (select coalesce(day, school_today(t.school_id, at)) as date offset 0) d
      where t.staff_id = person and t.begins <= d.date and (t.ends is null or d.date < t.ends)
    union
    select e.section_id, d.date
      from section_enrollment e cross join lateral (select coalesce(day, school_today(e.school_id, at)) as date offset 0) d
      where e.student_id = any(students) and e.begins <= d.date and (e.ends is null or d.date < e.ends)
  ) w;
  return query select * from meetings_on(sections, days, null, at);
end $$;

-- The rosters of sections on days (null: today, or the nearest day the section has), with those who teach it on that day or today,
-- because they decide who may read it; a section without students gives one row without a student.
create function rosters_on(sections uuid[], days date[], at timestamptz)
  returns table (section_id uuid, asked date, school_id uuid, teacher_ids uuid[], student_id uuid, begins date, ends date)
  language plpgsql stable rows 30 set plan_cache_mode = 'force_generic_plan' as $$
#variable_conflict use_column
begin
  return query
  with wanted as materialized (
    select s.id, k.asked, s.school_id, t.today, s.begins, least(s.ends, s.cancelled_on) as closes,
      coalesce(k.asked, greatest(s.begins, least(t.today, least(s.ends, s.cancelled_on) - 1))) as date
    from unnest(sections, days) as k (section_id, asked)
    cross join lateral (select * from section s where s.id = k.section_id offset 0) s
    cross join lateral (select school_today(s.school_id, at) as today offset 0) t
  ), taught as materialized (
    select w.*, array(
      select a.staff_id from teacher_assignment a where a.section_id = w.id
        and ((a.begins <= w.date and (a.ends is null or w.date < a.ends)) or (a.begins <= w.today and (a.ends is null or w.today < a.ends)))
    ) as teacher_ids from wanted w
  )
  select w.id, w.asked, w.school_id, w.teacher_ids, e.student_id, e.begins, e.ends
  from taught w
  left join lateral (
    select e.student_id, e.begins, e.ends from section_enrollment e where e.section_id = w.id
      and e.begins <= w.date and (e.ends is null or w.date < e.ends) and w.begins <= w.date and (w.closes is null or w.date < w.closes)
    offset 0
  ) e on true
  order by w.id, w.asked, e.student_id;
end $$;
