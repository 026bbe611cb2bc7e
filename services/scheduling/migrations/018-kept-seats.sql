-- Seats that a live section keeps for students of a program (section_need.reservations) are for them, whoever writes.

-- The sections that keep seats; under this name a seat that is kept for others is refused.
create index seats_kept on section_need (section_id) where reservations <> '[]';

-- The request sheet that says who a student is in a section's school year: the one for it, else the last before it.
create function sheet_for(student uuid, section uuid) returns setof request_sheet language sql stable rows 1 as $$
  select r.* from section s join request_sheet r on r.school_id = s.school_id and r.student_id = student
  where s.id = section and r.school_year <= coalesce(
    (select max(a.school_year) from academic_session a where a.id = any(s.session_ids)), r.school_year)
  order by r.school_year desc limit 1
$$;
create function programs_of(student uuid, section uuid) returns text[] language sql stable as
$$ select coalesce((select programs from sheet_for(student, section)), '{}') $$;

-- The link of a live section, apart from one that another school year calls the same; null: none.
create function live_link(section uuid) returns text language sql stable as $$
  select n.link || ' ' || coalesce((select max(a.school_year) from academic_session a where a.id = any(s.session_ids)), 0)
  from section_need n join section s on s.id = n.section_id where n.section_id = section and n.link is not null
$$;

-- How many of the seats that are neither taken nor held by others a student must leave, because they are kept for students of programs.
-- Everybody sits well when, for each choice of the programs, those who are in none of them are at most the seats kept for none of them
-- (Hall): so for each choice of programs that are not the student's, the seats of it that its own students do not fill yet are kept.
create function kept_from(student uuid, section uuid) returns integer language sql stable as $$
  with kept as (
    select k.program, k.seats, (row_number() over () - 1)::integer as place
    from section_need n cross join lateral jsonb_to_recordset(n.reservations) as k (program text, seats integer)
    where n.section_id = section and k.program <> all (programs_of(student, section))
  ), others as (
    select programs_of(o.student_id, section) as programs from (
      select e.student_id from section_enrollment e where e.section_id = section and e.ends is null
      union select h.student_id from seat_hold h where h.section_id = section and h.expires_at > clock_timestamp()) o
    where o.student_id <> student
  ), choices as (
    select array_agg(k.program) as programs, sum(k.seats) as seats
    from generate_series(1, (1 << (select count(*)::integer from kept)) - 1) as choice join kept k on choice & (1 << k.place) <> 0
    group by choice
  )
  select greatest(0, max(c.seats - (select count(*) from others o where o.programs && c.programs)))::integer from choices c
$$;

-- As a seat beyond the limit is refused: the section's row is locked by now, so whoever takes a seat of it finds what the one before did.
-- With the settings rollbook.over_seats or rollbook.kept_seats ('given') somebody who may do so gives the seat nevertheless.
create function check_kept_seats(sections uuid[], students uuid[]) returns void language plpgsql as $$
declare
  taken uuid;
begin
  if current_setting('rollbook.over_seats', true) = 'on' or current_setting('rollbook.kept_seats', true) = 'given' then return; end if;
  perform from section where id = any(sections) order by id for no key update;
  select s.id into taken from unnest(sections, students) as c (section_id, student_id)
    join section_need n on n.section_id = c.section_id and n.reservations <> '[]'
    join section s on s.id = c.section_id
    where s.seats_taken + live_holds(s.id) + kept_from(c.student_id, s.id) > s.seat_limit + s.seats_over
    limit 1;
  if taken is not null then
    raise exception 'the last seats of section % are kept for a program', taken using errcode = '23514', constraint = 'seats_kept';
  end if;
end $$;
create function keep_seats_of_new() returns trigger language plpgsql as $$
begin
  perform check_kept_seats(array_agg(section_id), array_agg(student_id)) from new_rows where ends is null and source is null having count(*) > 0;
  return null;
end $$;
create function keep_seats_of_changed() returns trigger language plpgsql as $$
begin
  perform check_kept_seats(array_agg(n.section_id), array_agg(n.student_id)) from new_rows n join old_rows o using (id)
    where n.ends is null and n.source is null and (o.ends is not null or o.section_id <> n.section_id) having count(*) > 0;
  return null;
end $$;
-- Triggers of one table go in the order of their names: these after seats_insert and seats_update, which count.
create trigger seats_insert_kept after insert on section_enrollment referencing new table as new_rows
  for each statement execute function keep_seats_of_new();
create trigger seats_update_kept after update on section_enrollment referencing old table as old_rows new table as new_rows
  for each statement execute function keep_seats_of_changed();
