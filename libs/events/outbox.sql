-- Facts that this service tells the others. A row is written by the transaction that made the fact true.
create table outbox (
  id uuid primary key default uuidv7(),
  -- taken while the aggregate's row is locked, so within one aggregate it follows the order of the changes
  seq bigint generated always as identity,
  -- the place in the feed; given only after commit, so a reader that has seen n will never find a new n - 1
  position bigint unique,
  type text not null,
  aggregate text not null,
  payload jsonb not null,
  at timestamptz not null default now()
);
create index outbox_unnumbered on outbox (seq) where position is null;

-- Gives committed facts their places. One caller at a time; a fact still uncommitted gets a later place, and nobody has missed it.
create function number_outbox() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from outbox where position is null) then return; end if;
  perform pg_advisory_xact_lock(hashtext('number_outbox'));
  with last as (select coalesce(max(position), 0) as position from outbox),
    next as (select id, row_number() over (order by seq) as n from outbox where position is null)
  update outbox o set position = last.position + next.n from last, next where o.id = next.id;
end $$;

create function notify_outbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('outbox', '');
  return null;
end $$;
create trigger outbox_notify after insert on outbox for each statement execute function notify_outbox();

-- Facts of others that were applied here, each exactly once, and how far each feed was read.
create table inbox (
  source text not null,
  event_id uuid not null,
  at timestamptz not null default now(),
  primary key (source, event_id)
);
create table feed_position (
  source text primary key,
  position bigint not null
);
