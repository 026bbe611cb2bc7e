-- Under every service's tables: who asks, who wrote, what was before, who may see.

create extension if not exists btree_gist;

create function viewer_subject() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('rollbook.subject', true), '')::uuid $$;
create function viewer_is_district() returns boolean language sql stable parallel safe as
$$ select coalesce(current_setting('rollbook.district', true), '') = 'on' $$;
create function viewer_schools() returns uuid[] language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('rollbook.schools', true), ''), '{}')::uuid[] $$;
create function viewer_students() returns uuid[] language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('rollbook.students', true), ''), '{}')::uuid[] $$;

-- What a row was before each change of it; the row itself is the present.
create table history (
  id bigint generated always as identity primary key,
  table_name text not null,
  row_id text not null,
  operation text not null check (operation in ('UPDATE', 'DELETE')),
  before jsonb not null,
  changed_at timestamptz not null default now(),
  changed_by uuid not null default viewer_subject(),
  reason text default current_setting('rollbook.reason', true)
);
create index history_row on history (table_name, row_id, id);
create function history_is_append_only() returns trigger language plpgsql as
$$ begin raise exception 'history is append-only' using errcode = '42501'; end $$;
create trigger history_append_only before update or delete or truncate on history for each statement execute function history_is_append_only();

create function stamp_row() returns trigger language plpgsql as $$
begin
  new.recorded_at := now();
  new.recorded_by := viewer_subject();
  new.reason := current_setting('rollbook.reason', true);
  return new;
end $$;
create function keep_before() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into history (table_name, row_id, operation, before)
    select tg_table_name, to_jsonb(o) ->> tg_argv[0], tg_op, to_jsonb(o) from old_rows o;
  return null;
end $$;

-- Keeps the history of a table that has the columns recorded_at, recorded_by, reason; `key` is the column that names its rows.
create function keep_history(t regclass, key text default 'id') returns void language plpgsql as $$
begin
  execute format('create trigger stamp before update on %s for each row execute function stamp_row()', t);
  execute format('create trigger history_update after update on %s referencing old table as old_rows for each statement execute function keep_before(%L)', t, key);
  execute format('create trigger history_delete after delete on %s referencing old table as old_rows for each statement execute function keep_before(%L)', t, key);
end $$;

-- Row-level security, the second lock. Staff of the school (or the district) read and write; a student and a parent read their own.
-- `seen` is a further condition under which a row may be read (never written).
create function protect(t regclass, school text default null, student text default null, seen text default null) returns void language plpgsql as $$
declare
  staff text := '(select viewer_is_district())' || coalesce(' or ' || school || ' = any ((select viewer_schools())::uuid[])', '');
  own text := coalesce(' or ' || student || ' = any ((select viewer_students())::uuid[])', '') || coalesce(' or (' || seen || ')', '');
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy readers on %s for select using (%s)', t, staff || own);
  execute format('create policy writers on %s for all using (%s) with check (%s)', t, staff, staff);
end $$;

-- For what every signed-in person may read (schools, bell schedules) and only staff may write.
create function protect_public(t regclass, school text default null) returns void language plpgsql as $$
begin
  perform protect(t, school, null, 'viewer_subject() is not null');
end $$;

select protect('history');
-- What was before is written by keep_before, which runs as the owner whoever made the change; nobody else adds to it.
drop policy writers on history;
create policy keepers on history for insert to current_user with check (true);

-- An import's receipts: a batch that was applied answers again what it answered. Gone when the import is finished.
create table import_batch (
  import_id uuid not null,
  kind text not null,
  batch integer not null,
  answer jsonb not null,
  at timestamptz not null default now(),
  primary key (import_id, kind, batch)
);
-- What an import brought, so that its end can tell what its source no longer holds; and what it touched, for the facts it tells.
create table import_seen (
  import_id uuid not null,
  kind text not null,
  row_id uuid not null,
  touched boolean not null,
  primary key (import_id, kind, row_id)
);
select protect('import_batch');
select protect('import_seen');
