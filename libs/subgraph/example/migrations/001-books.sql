create table book (
  id uuid primary key default uuidv7(),
  school_id uuid not null,
  title text not null check (title <> ''),
  isbn text constraint book_isbn unique,
  shelf text not null,
  price numeric(6, 2),
  source text,
  sourced_id text,
  recorded_at timestamptz not null default now(),
  recorded_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true)
);
select keep_history('book');
select protect_public('book', 'school_id');
