import type { Pool } from './pool.ts';

/** The server could acknowledge a save and lose it; Rollbook does not serve on such a server. */
export class NotDurableError extends Error {
  override name = 'NotDurableError';
}

/** `synchronous_commit` may also be `remote_write` or `remote_apply`: both imply the local flush that `on` promises. */
const required: Record<string, readonly string[]> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'remote_write', 'remote_apply'],
  data_checksums: ['on'],
};

/** Throws `NotDurableError`, naming each setting under which "acknowledged means committed" cannot hold. */
export async function assertDurable(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; setting: string }>('select name, setting from pg_settings where name = any($1)', [
    Object.keys(required),
  ]);
  const found = new Map(rows.map((row) => [row.name, row.setting]));
  const wrong = Object.entries(required).filter(([name, allowed]) => !allowed.includes(found.get(name) ?? ''));
  if (wrong.length) {
    const list = wrong.map(([name, allowed]) => `${name} is ${found.get(name) ?? 'unknown'}, must be ${allowed[0]}`).join('; ');
    throw new NotDurableError(`PostgreSQL can lose what it has acknowledged: ${list}. Change the setting and start again.`);
  }
}
