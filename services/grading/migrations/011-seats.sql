-- Who sits, or sat, in which section, by student: under row-level security no index reaches into an array, and looking through every
-- roster of a district for one student takes longer the larger the district is.
create table section_seat (
  section_id uuid not null references section_roster,
  student_id uuid not null,
  school_id uuid not null,
  begins date not null,
  ends date,
  primary key (section_id, student_id, begins)
);
create index section_seat_student on section_seat (student_id);
select protect('section_seat', 'school_id', 'student_id');

-- Follows the roster, whoever writes it. A range that was told twice is one seat, to its latest end.
create function keep_seats() returns trigger language plpgsql as $$
begin
  delete from section_seat where section_id = new.section_id;
  insert into section_seat (section_id, student_id, school_id, begins, ends)
    select new.section_id, s.id, new.school_id, s.begins, nullif(max(coalesce(s.ends, 'infinity')), 'infinity')
      from unnest(new.student_ids, new.student_begins, new.student_ends) s (id, begins, ends) group by s.id, s.begins;
  return null;
end $$;
create trigger seats after insert or update of school_id, student_ids, student_begins, student_ends on section_roster
  for each row execute function keep_seats();

insert into section_seat (section_id, student_id, school_id, begins, ends)
  select r.section_id, s.id, r.school_id, s.begins, nullif(max(coalesce(s.ends, 'infinity')), 'infinity')
    from section_roster r, unnest(r.student_ids, r.student_begins, r.student_ends) s (id, begins, ends)
   group by r.section_id, s.id, r.school_id, s.begins;
drop index section_roster_students;
