-- A roster row: a student sits in a section from a day on, until the section ends (ends is null) or until they left.
create table section_enrollment (
  id uuid primary key default uuidv7(),
  section_id uuid not null,
  school_id uuid not null,
  student_id uuid not null,
  begins date not null,
  -- the first day out; a row that ends the day it begins never took place
  ends date,
  source text,
  sourced_id text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint roster_dates check (ends >= begins),
  constraint roster_section foreign key (section_id, school_id) references section (id, school_id),
  constraint student_once
    exclude using gist (section_id with =, student_id with =, daterange(begins, ends) with &&) deferrable initially immediate,
  constraint roster_source unique (source, sourced_id)
);
create index roster_of_section on section_enrollment (section_id, student_id);
create index sections_of_student on section_enrollment (student_id);
select keep_history('section_enrollment');
select protect('section_enrollment', 'school_id', 'student_id');

-- A row without an end holds a seat. The section's row is locked by the change, and its check refuses a seat beyond the limit, so
-- nobody can take the last seat twice. With the setting rollbook.over_seats the seat is given beyond the limit, and kept count of.
create function move_seats(sections uuid[], changes bigint[]) returns void language sql as $$
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
  where s.id = d.section_id
$$;
create function count_seats() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform move_seats(array_agg(section_id), array_agg(1::bigint)) from new_rows where ends is null;
  elsif tg_op = 'UPDATE' then
    perform move_seats(array_agg(section_id), array_agg(change)) from (
      select section_id, 1::bigint as change from new_rows where ends is null
      union all
      select section_id, -1::bigint from old_rows where ends is null) moved;
  else
    perform move_seats(array_agg(section_id), array_agg(-1::bigint)) from old_rows where ends is null;
  end if;
  return null;
end $$;
create trigger seats_insert after insert on section_enrollment referencing new table as new_rows
  for each statement execute function count_seats();
create trigger seats_update after update on section_enrollment referencing old table as old_rows new table as new_rows
  for each statement execute function count_seats();
create trigger seats_delete after delete on section_enrollment referencing old table as old_rows
  for each statement execute function count_seats();
