-- One row per save: the receipt of what was asked and answered, the history of every cell it touched, and the fact that others
-- may follow (in the order of tx, up to the oldest transaction still running). All of it is written by the transaction of the save.
create table save (
  -- chosen by the client; the same save is sent again under the same id
  id uuid primary key,
  kind text not null check (kind in ('MARKS', 'POST', 'SCORES', 'IMPORT')),
  subject uuid not null default viewer_subject(),
  -- SHA-256 of what was asked; null for an import, whose requests have receipts of their own
  content bytea,
  school_id uuid not null,
  section_id uuid not null,
  -- marks: of which grading period
  grading_period_id uuid,
  -- the server's clock when the request arrived: decides about windows and rosters
  received_at timestamptz not null,
  reason text,
  -- the cells in key order; arrays are null where no cell has such a value
  -- where each stood in the request, from 0: what exceptions name; null for an import
  places integer[],
  student_ids uuid[] not null,
  assignment_ids uuid[],
  base_revisions integer[] not null,
  cell_values text[],
  comments text[],
  statuses text[],
  text_scores text[],
  lates boolean[],
  missings boolean[],
  incompletes boolean[],
  -- an import: which scores their source no longer has
  withdrawns boolean[],
  -- the cells that were not simply applied: [{"n": its place, "code", ...}]
  exceptions jsonb,
  tx bigint not null default pg_current_xact_id()::text::bigint
);
create index save_section on save (section_id);
create index save_tx on save (tx);
select protect('save', 'school_id');

-- A receipt is finished by the transaction that began it, and stays as it is.
create function save_is_history() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.tx = pg_current_xact_id()::text::bigint then return new; end if;
  raise exception 'a save is history' using errcode = '42501';
end $$;
create trigger save_append_only before update or delete on save for each row execute function save_is_history();
create trigger save_no_truncate before truncate on save for each statement execute function history_is_append_only();

-- What was answered CONFLICT: the value that lost, kept beside the one it met.
create table conflict (
  id uuid primary key default uuidv7(),
  save_id uuid not null references save,
  subject uuid not null default viewer_subject(),
  school_id uuid not null,
  section_id uuid not null,
  student_id uuid not null,
  grading_period_id uuid,
  assignment_id uuid,
  base_revision integer not null,
  lost jsonb not null,
  found jsonb not null,
  found_revision integer not null,
  found_by uuid not null,
  received_at timestamptz not null,
  check (num_nonnulls(grading_period_id, assignment_id) = 1)
);
create index conflict_section on conflict (section_id, id);
select protect('conflict', 'school_id');

-- What became of a save that was there already: the same answer to the same asker, and nothing at all to anybody else.
create function earlier_save(p_save uuid, p_content bytea, out outcome text, out exceptions jsonb, out received_at timestamptz)
language plpgsql stable as $$
begin
  select 'REPLAYED', s.exceptions, s.received_at into outcome, exceptions, received_at
    from save s where s.id = p_save and s.subject = viewer_subject() and s.content = p_content;
  if not found then outcome := 'REUSED'; end if;
end $$;
