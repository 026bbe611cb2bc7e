-- How far a run came when, for a curve: points of {"seconds": worked, "best": ..., "bound": ..., "unmet": ...}, at most 200. Whoever works on the
-- run says how far it is once a second; a point is kept when that changed, and every other one goes when there are too many.
alter table schedule_run add column curve jsonb not null default '[]' check (jsonb_typeof(curve) = 'array');

create function keep_run_curve() returns trigger language plpgsql as $$
begin
  new.curve := old.curve || jsonb_build_object(
    'seconds', new.seconds - new.seconds_left, 'best', new.best, 'bound', new.bound, 'unmet', new.unmet);
  if jsonb_array_length(new.curve) > 200 then
    new.curve := (
      select jsonb_agg(point order by n) from jsonb_array_elements(new.curve) with ordinality as p (point, n)
      where n % 2 = 1 or n = jsonb_array_length(new.curve));
  end if;
  return new;
end $$;
create trigger schedule_run_curve before update on schedule_run for each row
  when (new.best is not null and (new.best, new.bound, new.unmet) is distinct from (old.best, old.bound, old.unmet))
  execute function keep_run_curve();
