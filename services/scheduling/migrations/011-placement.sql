-- Who is enrolled at a school, as the student service tells it: so that whoever has no class is missed from the minute they enroll.
-- A copy: the history is the student service's.
create table enrolled_student (
  -- the enrollment's
  id uuid primary key,
  school_id uuid not null,
  student_id uuid not null,
  grade_level text,
  is_primary boolean not null,
  begins date not null,
  ends date
);
create index enrolled_at_school on enrolled_student (school_id, student_id);
create index enrolled_by_student on enrolled_student (student_id);
select protect('enrolled_student', 'school_id', 'student_id');

-- A zero period, a seventh period for some: nobody misses a class in it.
alter table period add column optional boolean not null default false;

-- Seats that are kept for a student for some minutes while the office still talks. All of one hold end in the same moment.
create table seat_hold (
  id uuid primary key default uuidv7(),
  -- the same for all seats that are held and taken together
  hold_id uuid not null,
  school_id uuid not null,
  student_id uuid not null,
  section_id uuid not null,
  held_by uuid not null default viewer_subject(),
  expires_at timestamptz not null,
  constraint hold_section foreign key (section_id, school_id) references section (id, school_id),
  constraint held_once unique (section_id, student_id)
);
create index seats_of_hold on seat_hold (hold_id);
select protect('seat_hold', 'school_id');

-- As before, and a seat that is held for somebody is not there for others: the section's row is locked, so whoever holds or takes a
-- seat waits, and then finds what the one before did. A seat beyond the limit asks for no hold. Sections are locked in the order of
-- their ids, so that two who want the same sections wait for each other in turn.
create or replace function move_seats(sections uuid[], changes bigint[]) returns void language plpgsql as $$
declare
  held uuid;
begin
  perform from section where id = any(sections) order by id for no key update;
  update section s set
    seats_taken = s.seats_taken + d.change,
    seats_over = case
      when current_setting('rollbook.over_seats', true) = 'on' then greatest(s.seats_over, s.seats_taken + d.change - s.seat_limit)
      else least(s.seats_over, greatest(0, s.seats_taken + d.change - s.seat_limit))
    end
  from (
    select section_id, sum(change)::integer as change from unnest(sections, changes) as c (section_id, change)
    group by section_id having sum(change) <> 0
  ) d
  where s.id = d.section_id;
  if current_setting('rollbook.over_seats', true) = 'on' then return; end if;
  select s.id into held from section s
    where s.id in (select section_id from unnest(sections, changes) as c (section_id, change) group by section_id having sum(change) > 0)
      and s.seats_taken + live_holds(s.id) > s.seat_limit + s.seats_over
    limit 1;
  if held is not null then
    raise exception 'the last seats of section % are held', held using errcode = '23514', constraint = 'section_seats';
  end if;
end $$;
create function live_holds(section uuid) returns bigint language sql volatile as
$$ select count(*) from seat_hold where section_id = section and expires_at > clock_timestamp() $$;

-- One place at a time. Whether two classes meet at the same time is in four tables, which no exclusion constraint spans. So whatever
-- gives a student a class, or a class another time, first locks the student here, and then looks, with all that was committed before,
-- whether there are two classes at once: the check of the locked row refuses that, whoever writes, as the check of a section refuses
-- a seat too many. Sections are locked before people, and both in the order of their ids.
create table placed_student (
  student_id uuid not null,
  school_id uuid not null,
  twice_at_once boolean not null default false,
  primary key (student_id, school_id),
  constraint student_in_one_place check (not twice_at_once)
);
select protect('placed_student', 'school_id', 'student_id');
create table placed_teacher (
  staff_id uuid not null,
  school_id uuid not null,
  twice_at_once boolean not null default false,
  primary key (staff_id, school_id),
  constraint teacher_in_one_place check (not twice_at_once)
);
select protect('placed_teacher', 'school_id');

-- Can a meeting on days of the one label and one on days of the other be on the same day? A day of the rotation falls on any weekday.
create function labels_meet(a text, b text) returns boolean language sql immutable parallel safe as $$
  select a = '' or b = '' or a = b
    or (a in ('MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'))
      <> (b in ('MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'))
$$;
-- Is there a day on which both tracks of a year-round school have school? (At most a year from the first is looked through.)
create function tracks_meet(school uuid, a text, b text, first_day date, before date) returns boolean language sql stable as $$
  select a = b or exists (
    select from generate_series(first_day, least(before - 1, first_day + 366), interval '1 day') d
      cross join lateral school_day(school, a, d::date) one cross join lateral school_day(school, b, d::date) other)
$$;

-- The classes that a student of these roster rows would have at the same time as the row's own. Not told: two rows that both are of
-- another system, whose bookings are kept as they are.
create function student_clashes(rows uuid[]) returns table (student_id uuid, school_id uuid, section_id uuid, other_id uuid, period_id uuid)
  language sql volatile rows 1 as $$
  select distinct n.student_id, n.school_id, n.section_id, e.section_id, m.period_id
  from section_enrollment n
  join section s on s.id = n.section_id
  join meeting_pattern m on m.section_id = n.section_id
  join section_enrollment e on e.student_id = n.student_id and e.section_id <> n.section_id and (e.source is null or n.source is null)
  join section o on o.id = e.section_id
  join meeting_pattern k on k.section_id = e.section_id and k.period_id = m.period_id
  cross join lateral (
    select greatest(n.begins, s.begins, m.begins, e.begins, o.begins, k.begins) as begins,
      coalesce(least(n.ends, s.ends, s.cancelled_on, m.ends, e.ends, o.ends, o.cancelled_on, k.ends), 'infinity') as ends
  ) both_meet
  where n.id = any(rows) and labels_meet(m.day_label, k.day_label) and both_meet.begins < both_meet.ends
    and tracks_meet(s.school_id, s.track, o.track, both_meet.begins, both_meet.ends)
$$;
-- The same for those who teach. Two classes in one room at once are one class that the office keeps in two lists (Spanish 3 and 4).
create function teacher_clashes(rows uuid[]) returns table (staff_id uuid, school_id uuid, section_id uuid, other_id uuid, period_id uuid)
  language sql volatile rows 1 as $$
  select distinct n.staff_id, n.school_id, n.section_id, t.section_id, m.period_id
  from teacher_assignment n
  join section s on s.id = n.section_id
  join meeting_pattern m on m.section_id = n.section_id
  join teacher_assignment t on t.staff_id = n.staff_id and t.section_id <> n.section_id and (t.source is null or n.source is null)
  join section o on o.id = t.section_id
  join meeting_pattern k on k.section_id = t.section_id and k.period_id = m.period_id and (k.room_id = m.room_id) is not true
  cross join lateral (
    select greatest(n.begins, s.begins, m.begins, t.begins, o.begins, k.begins) as begins,
      coalesce(least(n.ends, s.ends, s.cancelled_on, m.ends, t.ends, o.ends, o.cancelled_on, k.ends), 'infinity') as ends
  ) both_meet
  where n.id = any(rows) and labels_meet(m.day_label, k.day_label) and both_meet.begins < both_meet.ends
    and tracks_meet(s.school_id, s.track, o.track, both_meet.begins, both_meet.ends)
$$;

create function check_students(rows uuid[]) returns void language plpgsql as $$
begin
  perform from section where id in (select section_id from section_enrollment where id = any(rows)) order by id for no key update;
  insert into placed_student (student_id, school_id)
    select distinct student_id, school_id from section_enrollment where id = any(rows) order by 1, 2 on conflict do nothing;
  perform from placed_student p where (p.student_id, p.school_id) in (
    select student_id, school_id from section_enrollment where id = any(rows)) order by p.student_id, p.school_id for no key update;
  update placed_student p set twice_at_once = true from student_clashes(rows) c
    where p.student_id = c.student_id and p.school_id = c.school_id;
end $$;
create function check_teachers(rows uuid[]) returns void language plpgsql as $$
begin
  perform from section where id in (select section_id from teacher_assignment where id = any(rows)) order by id for no key update;
  insert into placed_teacher (staff_id, school_id)
    select distinct staff_id, school_id from teacher_assignment where id = any(rows) order by 1, 2 on conflict do nothing;
  perform from placed_teacher p where (p.staff_id, p.school_id) in (
    select staff_id, school_id from teacher_assignment where id = any(rows)) order by p.staff_id, p.school_id for no key update;
  update placed_teacher p set twice_at_once = true from teacher_clashes(rows) c
    where p.staff_id = c.staff_id and p.school_id = c.school_id;
end $$;

-- What makes a row last longer, or be elsewhere, is looked at; what ends it is not. Rows of another system are kept as it tells them.
create function place_new_rows() returns trigger language plpgsql as $$
declare
  rows uuid[];
begin
  select array_agg(id) into rows from new_rows where source is null and (ends is null or ends > begins);
  if rows is null then return null; end if;
  if tg_table_name = 'section_enrollment' then perform check_students(rows); else perform check_teachers(rows); end if;
  return null;
end $$;
create function place_changed_rows() returns trigger language plpgsql as $$
declare
  rows uuid[];
begin
  select array_agg(n.id) into rows from new_rows n join old_rows o using (id)
    where n.source is null and (n.ends is null or n.ends > n.begins)
      and (n.section_id <> o.section_id or n.begins < o.begins or coalesce(n.ends, 'infinity') > coalesce(o.ends, 'infinity'));
  if rows is null then return null; end if;
  if tg_table_name = 'section_enrollment' then perform check_students(rows); else perform check_teachers(rows); end if;
  return null;
end $$;
-- A class that gets another time: for everybody who is in it. With the setting rollbook.as_told nobody is looked at, because another
-- system told the time.
create function place_people_of_sections() returns trigger language plpgsql as $$
begin
  if current_setting('rollbook.as_told', true) = 'on' then return null; end if;
  perform from section where id in (select section_id from new_rows) order by id for no key update;
  perform check_students(array_agg(id)) from section_enrollment
    where section_id in (select section_id from new_rows) and (ends is null or ends > begins) having count(*) > 0;
  perform check_teachers(array_agg(id)) from teacher_assignment
    where section_id in (select section_id from new_rows) and (ends is null or ends > begins) having count(*) > 0;
  return null;
end $$;
create trigger student_places_insert after insert on section_enrollment referencing new table as new_rows
  for each statement execute function place_new_rows();
create trigger student_places_update after update on section_enrollment referencing old table as old_rows new table as new_rows
  for each statement execute function place_changed_rows();
create trigger teacher_places_insert after insert on teacher_assignment referencing new table as new_rows
  for each statement execute function place_new_rows();
create trigger teacher_places_update after update on teacher_assignment referencing old table as old_rows new table as new_rows
  for each statement execute function place_changed_rows();
create trigger places_insert after insert on meeting_pattern referencing new table as new_rows
  for each statement execute function place_people_of_sections();

-- A student who need not have a class in a period: a late start, a job, a course at the college.
create table period_release (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  student_id uuid not null,
  period_id uuid not null,
  begins date not null,
  ends date,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint release_dates check (ends > begins),
  constraint release_period foreign key (period_id, school_id) references period (id, school_id),
  constraint released_once
    exclude using gist (student_id with =, period_id with =, daterange(begins, ends) with &&)
);
create index release_of_student on period_release (student_id);
select keep_history('period_release');
select protect('period_release', 'school_id', 'student_id');

-- The day that matters to who places students now: today, or the first day of classes while there are none.
create function placement_day(school uuid, at timestamptz) returns date language sql stable as $$
  select case
    when exists (select from section where school_id = school and begins <= today and today < coalesce(least(ends, cancelled_on), 'infinity'))
      then today
    else coalesce((select min(begins) from section where school_id = school and begins > today), today)
  end
  from school_today(school, at) today
$$;

-- The students who count at a school on a day and lack a class in a period in which the school teaches, or have none at all: which
-- periods, in the order of the day, how many classes they have, and since when it is so. A period whose classes meet on some days of
-- the rotation is empty when one of those days is. Not missed: optional periods, and those that a student is released from.
create function schedule_gaps(school uuid, day date, only_student uuid default null)
  returns table (student_id uuid, grade_level text, period_ids uuid[], classes integer, since date)
  language sql stable rows 20 as $$
  with meets as materialized (
    select s.id as section_id, m.period_id, m.day_label, p.sort_order, p.optional,
      m.begins <= day and s.begins <= day and day < coalesce(least(m.ends, s.ends, s.cancelled_on), 'infinity') as now,
      greatest(m.begins, s.begins) as begins, coalesce(least(m.ends, s.ends, s.cancelled_on), 'infinity') as ends
    from section s join meeting_pattern m on m.section_id = s.id join period p on p.id = m.period_id
    where s.school_id = school and greatest(m.begins, s.begins) <= day
  ), taught as materialized (
    select period_id, sort_order, min(begins) as begins,
      coalesce(array_agg(distinct day_label) filter (where day_label <> ''), '{}') as labels
    from meets where now and not optional group by period_id, sort_order
  ), present as materialized (
    select n.student_id, n.grade_level, n.begins from enrolled_student n
    where n.school_id = school and n.is_primary and n.begins <= day and (n.ends is null or day < n.ends)
      and (only_student is null or n.student_id = only_student)
  ), seats as materialized (
    select e.student_id, e.section_id, e.begins, coalesce(e.ends, 'infinity') as ends from section_enrollment e
    where e.school_id = school and e.begins <= day and (e.ends is null or e.ends > e.begins)
      and (only_student is null or e.student_id = only_student)
  ), filled as materialized (
    select e.student_id, m.period_id, array_agg(distinct m.day_label) as labels
    from seats e join meets m on m.section_id = e.section_id and m.now where day < e.ends group by e.student_id, m.period_id
  ), attended as materialized (
    select e.student_id, count(*)::integer as classes
    from seats e join section s on s.id = e.section_id
    where day < e.ends and s.begins <= day and day < coalesce(least(s.ends, s.cancelled_on), 'infinity') group by e.student_id
  ), gaps as (
    select n.student_id, t.period_id, t.sort_order, greatest(n.begins, t.begins) as missed_from
    from present n cross join taught t
    left join filled f on f.student_id = n.student_id and f.period_id = t.period_id
    where (f.student_id is null or not ('' = any(f.labels) or (t.labels <> '{}' and f.labels @> t.labels)))
      and not exists (select from period_release r where r.student_id = n.student_id and r.period_id = t.period_id
        and r.begins <= day and (r.ends is null or day < r.ends))
  ), dated as (
    select g.student_id, array_agg(g.period_id order by g.sort_order) as period_ids, min(greatest(g.missed_from, l.left_on)) as since
    from gaps g
    left join lateral (
      select max(least(e.ends, m.ends)) as left_on from seats e join meets m on m.section_id = e.section_id
      where e.student_id = g.student_id and m.period_id = g.period_id and least(e.ends, m.ends) <= day
    ) l on true
    group by g.student_id
  )
  select n.student_id, n.grade_level, coalesce(d.period_ids, '{}'), coalesce(a.classes, 0),
    coalesce(d.since, greatest(n.begins, (select min(s.begins) from section s where s.school_id = school and s.begins <= day
      and day < coalesce(least(s.ends, s.cancelled_on), 'infinity'))))
  from present n left join dated d on d.student_id = n.student_id left join attended a on a.student_id = n.student_id
  where d.student_id is not null
    or (a.classes is null and exists (select from section s where s.school_id = school and s.begins <= day
      and day < coalesce(least(s.ends, s.cancelled_on), 'infinity')))
$$;
