-- Who sits in which section and who teaches it, as scheduling tells it: so a teacher sees the students she teaches. A copy: the
-- history is scheduling's. Parallel arrays: student_ids[i] sits there from student_begins[i] until before student_ends[i].
create table classroom (
  section_id uuid primary key,
  school_id uuid not null,
  student_ids uuid[] not null,
  student_begins date[] not null,
  student_ends date[] not null
);
-- Found by teacher. Rows and not arrays: under row-level security only comparisons such as uuid = uuid may use an index.
create table classroom_teacher (
  section_id uuid not null references classroom,
  staff_id uuid not null,
  school_id uuid not null,
  begins date not null,
  ends date,
  primary key (section_id, staff_id, begins)
);
create index classroom_teacher_staff on classroom_teacher (staff_id);
select protect('classroom', 'school_id');
select protect('classroom_teacher', 'school_id');
