import { openPool, type DatabaseUrls, type Pool, type PoolClient } from '@rollbook/postgres';
import { cloneDatabase } from '@rollbook/postgres/testing.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { tell } from '../outbox.ts';

/**
 * A service that counts, and one that writes down what it hears of it. `counter` is the truth of the one, `heard` of the other; both
 * databases have both, so that either can be either.
 */
const tables = `
  create table counter (id text primary key, n integer not null);
  create table heard (place bigint generated always as identity, aggregate text not null, n integer not null, event_id uuid not null);`;

export type Ledger = DatabaseUrls & { drop(): Promise<void> };

export function openLedger(): Promise<Ledger> {
  const outbox = readFileSync(join(import.meta.dirname, '..', 'outbox.sql'), 'utf8');
  return cloneDatabase('ledger', outbox + tables, async ({ owner, app }) => {
    const client = new pg.Client({ connectionString: owner });
    await client.connect();
    const role = new URL(app).username;
    await client.query(
      `${outbox} ${tables} grant all on all tables in schema public to ${role}; grant all on all sequences in schema public to ${role}`,
    );
    await client.end();
  });
}

export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>, beforeCommit = () => {}): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    beforeCommit();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((lost: Error) => (broken = lost));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Counts one more on a counter, and tells it. The counter's row is locked before the fact is told, as every service does. */
export async function countOn(client: PoolClient, counter: string, by = 'somebody'): Promise<void> {
  const { rows } = await client.query<{ n: number }>(
    'insert into counter as c values ($1, 1) on conflict (id) do update set n = c.n + 1 returning n',
    [counter],
  );
  await tell((sql, params) => client.query(sql, params), [{ type: 'Counted', aggregate: counter, payload: { n: rows[0]!.n, by } }]);
}

export interface Heard {
  readonly aggregate: string;
  readonly n: number;
}

export async function heardIn(pool: Pool): Promise<Heard[]> {
  return (await pool.query<Heard>('select aggregate, n from heard order by place')).rows;
}

/** What is wrong with what was heard: each counter must be heard of as 1, 2, 3 ..., each once. Nothing is right. */
export function faultsIn(heard: readonly Heard[]): string[] {
  const last = new Map<string, number>();
  const faults: string[] = [];
  for (const { aggregate, n } of heard) {
    const before = last.get(aggregate) ?? 0;
    if (n !== before + 1) faults.push(`${aggregate}: ${n} after ${before}`);
    last.set(aggregate, n);
  }
  return faults;
}

/** A pool in the hand of a process of the rehearsal. */
export const open = (url: string, name: string, max = 2): Pool => openPool(url, { max, name });
