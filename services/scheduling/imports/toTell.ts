import type { Transaction } from '@rollbook/subgraph';
import { tellSections } from '../events.ts';

const kind = 'sections to tell';
const perCall = 300;

/** Notes sections that an import changed; the other services are told at its end, once for each. */
export async function rememberToTell({ query }: Transaction, importId: string, sectionIds: readonly string[]): Promise<void> {
  if (!sectionIds.length) return;
  await query(
    `insert into import_seen (import_id, kind, row_id, touched) select $1, $2, id, true from unnest($3::uuid[]) as s (id) order by id
       on conflict do nothing`,
    [importId, kind, [...new Set(sectionIds)]],
  );
}

/** Tells some hundreds of the noted sections; false when there are no more. */
export async function tellNextSections(tx: Transaction, importId: string): Promise<boolean> {
  const next = await tx.query<{ id: string }>(
    `delete from import_seen where import_id = $1 and kind = $2 and row_id in
       (select row_id from import_seen where import_id = $1 and kind = $2 order by row_id limit $3) returning row_id as id`,
    [importId, kind, perCall],
  );
  await tellSections(
    tx,
    next.map(({ id }) => id),
  );
  return next.length === perCall;
}
