create table loan (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  book_id uuid not null constraint loan_book references book,
  student_id uuid not null,
  begins date not null,
  ends date,
  needs text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true),
  constraint loan_range check (ends >= begins),
  constraint loan_once exclude using gist (book_id with =, daterange(begins, ends) with &&)
);
select keep_history('loan');
select protect('loan', 'school_id', 'student_id');

create table mention (
  book_id uuid primary key,
  times integer not null,
  words text[] not null
);
select protect('mention');
