import { importRows, type Context, type ImportInput } from '@rollbook/subgraph';
import { checkTitle } from '../rules.ts';
import { faultOfCheck, idsOf, isWithdrawn, partRows, sumUp, type Fault, type Outcome } from './rows.ts';
import type { ImportCategoryRow } from '../../schema.types.ts';

/** Before and after are told in a dry run only ($4). */
const apply = `
  with given as materialized (
    select * from jsonb_to_recordset($1::jsonb) g (n integer, id uuid, sourced_id text, title text, weight integer, withdrawn boolean)),
  found as materialized (
    select g.*, c.id is not null as known, c.title as old_title, c.weight as old_weight, c.withdrawn_on as old_withdrawn,
           case when g.withdrawn then coalesce(c.withdrawn_on, $3::date) end as new_withdrawn
      from given g left join category c on c.id = g.id),
  written as (
    insert into category as c (id, title, weight, withdrawn_on, source, sourced_id)
      select id, title, weight, new_withdrawn, $2, sourced_id from found order by id
      on conflict (id) do update set title = excluded.title, weight = excluded.weight, withdrawn_on = excluded.withdrawn_on
        where (c.title, c.weight, c.withdrawn_on) is distinct from (excluded.title, excluded.weight, excluded.withdrawn_on)
      returning c.id)
  select n, id, case when id not in (select w.id from written w) then 'unchanged' when known then 'changed' else 'created' end as outcome,
         case when $4 then jsonb_build_object('title', old_title, 'weight', old_weight, 'withdrawnOn', old_withdrawn) end as before,
         case when $4 then jsonb_build_object('title', title, 'weight', weight, 'withdrawnOn', new_withdrawn) end as after
    from found`;

/** Who: a district administrator. Categories of a package belong to no section: every section of the district may use them. */
export const importCategories = (input: ImportInput<ImportCategoryRow>, context: Context) =>
  importRows(context, 'categories', input, async ({ query }, { rows, source, today, dryRun }) => {
    const idOf = idsOf(source);
    const { sound, refused } = partRows(rows, ({ sourcedId }) => idOf('category', sourcedId), faultOf);
    const given = sound.map(({ n, id, row }) => ({
      ...{ n, id, sourced_id: row.sourcedId, title: row.title.trim() },
      ...{ weight: row.weight ? Number(row.weight) : null, withdrawn: isWithdrawn(row.status) },
    }));
    return sumUp(rows, refused, await query<Outcome>(apply, [JSON.stringify(given), source, today, dryRun]), {});
  });

function faultOf({ title, weight }: ImportCategoryRow): Fault | null {
  if (weight && !/^(100|[0-9]{1,2})$/.test(weight))
    return ['WEIGHT_INVALID', `A weight is a whole percentage from 0 to 100, not ${weight}.`];
  return faultOfCheck(() => checkTitle(title));
}
