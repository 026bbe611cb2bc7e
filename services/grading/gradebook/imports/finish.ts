import { forgetImport, type Context } from '@rollbook/subgraph';
import { keepHistory } from './history.ts';
import type { FinishGradebookImportInput } from '../../schema.types.ts';

const atOnce = 2_000;

const missing = (kind: string) =>
  `x.source = $1 and x.withdrawn_on is null
     and not exists (select from import_seen i where i.import_id = $2 and i.kind = '${kind}' and i.row_id = x.id)`;

const withdraw = (table: string, kind: string) =>
  `update ${table} t set withdrawn_on = $3 from (select x.id from ${table} x where ${missing(kind)} order by x.id limit $4) gone
    where t.id = gone.id returning t.id`;

/** A withdrawn score is a change of its cell like any other: one revision more, with its history. */
const withdrawScores = `
  with gone as materialized (select x.id, x.section_id from score x where ${missing('results')} order by x.id limit $4),
  sections as materialized (select g.section_id, uuidv7() as save_id from gone g group by g.section_id),
  written as (
    update score t set withdrawn_on = $3, revision = t.revision + 1, saved_at = $5, saved_by = viewer_subject(), save_id = s.save_id
      from gone g join sections s on s.section_id = g.section_id where t.id = g.id returning t.*),
  kept as ( ${keepHistory('$5', `'no longer in ' || $1`)})
  select w.id from written w`;

const kinds = [
  { kind: 'results', sql: withdrawScores },
  { kind: 'lineItems', sql: withdraw('assignment', 'lineItems') },
  { kind: 'categories', sql: withdraw('category', 'categories') },
] as const;

/** Withdraws, some thousands at a time, what the source once brought and no longer holds. Call until done. */
export function finishGradebookImport({ importId, source, bulkKinds, today }: FinishGradebookImportInput, context: Context) {
  return context.write(async (tx) => {
    for (const { kind, sql } of kinds) {
      if (!bulkKinds.includes(kind)) continue;
      const params = [source, importId, today, atOnce, ...(kind === 'results' ? [context.now().toISOString()] : [])];
      const ended = await tx.query(sql, params);
      if (ended.length) return { ended: ended.length, done: false };
    }
    await forgetImport(tx, importId);
    return { ended: 0, done: true };
  }, `import from ${source}`);
}
