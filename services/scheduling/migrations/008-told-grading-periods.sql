-- Sessions of other systems that the other services know as grading periods: real ones, or the terms or semesters that stand in for
-- them. Kept by imports, so that what no longer counts as one is withdrawn.
create table told_grading_period (
  session_id uuid primary key references academic_session
);
select protect_public('told_grading_period');
insert into told_grading_period select id from academic_session where type = 'GRADING_PERIOD' and source is not null;
