import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './database.ts';
import type { SubgraphDefinition } from './definition.ts';

/** Tables that say who wrote a row, and keep no trace of what it was before. Each sentence names one; none is right. */
export async function historyGaps({ reads }: Database): Promise<string[]> {
  // Bits of tgtype: 2 before, 8 delete, 16 update. A service may write its history in a function of its own.
  const { rows } = await reads.query<{ name: string; stamped: boolean; changes: boolean; deletions: boolean }>(
    `select c.relname as name,
       coalesce(bool_or(t.tgtype & 18 = 18 and p.proname = 'stamp_row'), false) as stamped,
       coalesce(bool_or(t.tgtype & 18 = 16 and p.prosrc ~ 'insert into history'), false) as changes,
       coalesce(bool_or(t.tgtype & 10 = 8 and p.prosrc ~ 'insert into history'), false) as deletions
     from pg_class c
     left join pg_trigger t on t.tgrelid = c.oid and t.tgenabled in ('O', 'A')
     left join pg_proc p on p.oid = t.tgfoid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname in ('recorded_at', 'recorded_by') and not a.attisdropped)
     group by c.relname order by c.relname`,
  );
  return rows.flatMap(({ name, stamped, changes, deletions }) => {
    const missing = [!stamped && 'stamps who changed a row', !changes && 'keeps what is changed', !deletions && 'keeps what is deleted'];
    const parts = missing.filter((part) => part !== false);
    return parts.length ? [`${name} is recorded, but no trigger of it ${parts.join(', or ')}: select keep_history('${name}')`] : [];
  });
}

/** Folders with a schema.graphql that the service does not have as slices. Each sentence names one; none is right. */
export function forgottenSlices({ folder, slices }: SubgraphDefinition): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'schema.graphql')) && !Object.hasOwn(slices, name))
    .map((name) => `${name} has a schema.graphql and is not among the slices of the service`);
}

/** Refusals under a name that no constraint has: what they should explain is told as INTERNAL. Each sentence names one; none is right. */
export async function strayRefusals({ slices }: SubgraphDefinition, { reads }: Database): Promise<string[]> {
  // A unique index is told as a constraint as well.
  const { rows } = await reads.query<{ name: string }>(
    `select conname as name from pg_constraint where connamespace = 'public'::regnamespace
     union select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('i', 'I')`,
  );
  const known = new Set(rows.map(({ name }) => name));
  return Object.entries(slices).flatMap(([slice, { refusals = {} }]) =>
    Object.keys(refusals)
      .filter((name) => !known.has(name))
      .map((name) => `${slice} has a refusal for the constraint ${name}, which no table has`),
  );
}
