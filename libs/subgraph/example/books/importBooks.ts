import type { AppliedRows, ImportInput } from '../../imports.ts';
import type { Transaction } from '../../context.ts';
import { sourcedUuid } from '@rollbook/school';

export interface ImportBookRow {
  readonly sourcedId: string;
  readonly schoolId: string;
  readonly title: string;
}

/** Adds and renames; a row without a title is refused alone. */
export async function applyBooks(tx: Transaction, { source, rows }: ImportInput<ImportBookRow>): Promise<AppliedRows> {
  const good = rows.filter((row) => row.title !== '').map((row) => ({ ...row, id: sourcedUuid(source, 'book', row.sourcedId) }));
  const refused = rows.flatMap(({ sourcedId, title }, row) =>
    title === '' ? [{ row, sourcedId, code: 'TITLE_MISSING', message: 'A book has a title.' }] : [],
  );
  const touched = await tx.query<{ id: string; created: boolean }>(
    `insert into book as b (id, school_id, title, shelf, source, sourced_id)
       select id, "schoolId", title, 'FICTION', $2, "sourcedId"
       from jsonb_to_recordset($1) as r (id uuid, "schoolId" uuid, title text, "sourcedId" text)
     on conflict (id) do update set title = excluded.title where b.title is distinct from excluded.title
     returning id, xmax = 0 as created`,
    [JSON.stringify(good), source],
  );
  await tx.tell(...touched.map(({ id }) => ({ type: 'BookChanged', aggregate: id, payload: { id } })));
  const created = touched.filter((row) => row.created).length;
  return {
    created,
    changed: touched.length - created,
    unchanged: good.length - touched.length,
    refused,
    differences: [],
    seen: good.map((row) => row.id),
    touched: touched.map((row) => row.id),
  };
}
