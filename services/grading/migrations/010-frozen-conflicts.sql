-- As in 008, and what lost, and what it met, stays as it was also while the conflict is open: a person's resolution is all that is ever
-- added. By trigger and not by privilege, which the start of a service gives anew.
create or replace function conflict_is_kept() returns trigger language plpgsql as $$
declare
  resolution constant text[] := '{resolution,resolved_at,resolved_by,resolving_save_id}';
begin
  if tg_op = 'UPDATE' and old.resolution is null and to_jsonb(new) - resolution = to_jsonb(old) - resolution then return new; end if;
  raise exception 'a conflict is kept, and resolved once' using errcode = '42501';
end $$;
