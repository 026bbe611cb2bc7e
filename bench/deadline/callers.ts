/** So many callers, each with the next save as soon as the last is answered: over HTTP through the whole system, and past it into PostgreSQL. */
import { randomUUIDv7 } from 'node:crypto';
import pg from 'pg';
import { Client } from 'undici';
import type { Sent } from './arrivals.ts';
import type { Class, Operation } from './classes.ts';
import { isSave } from './model.ts';

/** The way to the graph over a connection for each who waits: nobody's request waits in a client for another's. */
export function graphAt(url: string): { send(operation: Operation): Promise<Sent>; close(): Promise<void> } {
  const { origin } = new URL(url);
  const all = new Set<Client>();
  const idle: Client[] = [];
  const connect = () => {
    const client = new Client(origin, { headersTimeout: 30_000, bodyTimeout: 30_000 });
    all.add(client);
    return client;
  };
  return {
    send: async (operation) => {
      const client = idle.pop() ?? connect();
      try {
        const { statusCode, body } = await client.request({
          ...{ method: 'POST', path: '/graphql', body: operation.body },
          headers: { 'content-type': 'application/json', authorization: `Bearer ${operation.token}` },
        });
        return read(operation, statusCode, await body.text());
      } catch {
        return { outcome: 'unreachable' };
      } finally {
        idle.push(client);
      }
    },
    close: async () => void (await Promise.all([...all].map((client) => client.destroy()))),
  };
}

interface Told {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number };
}

/** Reads' bodies are looked at for errors only: this process is to measure, and not to be the one that is slow. */
function read({ kind }: Operation, status: number, text: string): Sent {
  if (status === 200 && !isSave(kind) && !text.includes('"errors":')) return { outcome: 'answered', data: null };
  const { data, errors } = JSON.parse(text) as { data?: Record<string, unknown> | null; errors?: Told[] };
  const [error] = errors ?? [];
  if (!error && data) return { outcome: 'answered', data };
  const { code = 'none', retryAfterMs } = error?.extensions ?? {};
  if (code === 'OVERLOADED') return { outcome: 'shed', retryAfterMs: retryAfterMs ?? 1_000 };
  if (code === 'UNAVAILABLE' || code === 'SUBGRAPH_UNAVAILABLE' || status >= 502) return { outcome: 'unreachable' };
  return { outcome: 'failed', why: `HTTP ${status} ${code} ${error?.message ?? text.slice(0, 200)}` };
}

/** Runs callers for so long; answers how many pieces of work a second were done in the time after the first fifth. */
async function saturate(callers: number, seconds: number, once: (caller: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  const [fromMs, untilMs] = [began + seconds * 200, began + seconds * 1000];
  let done = 0;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (performance.now() < untilMs) {
        await once(caller);
        const now = performance.now();
        if (now > fromMs && now <= untilMs) done++;
      }
    }),
  );
  return (done / (untilMs - fromMs)) * 1000;
}

/** Saves a second through HTTP, gateway and service: each caller saves a class of its own. Refused saves are sent again, and count once. */
export async function savesThrough(url: string, makers: readonly (() => Operation)[], seconds: number): Promise<number> {
  const graph = graphAt(url);
  try {
    return await saturate(makers.length, seconds, async (caller) => {
      const operation = makers[caller]!();
      let sent = await graph.send(operation);
      for (; sent.outcome === 'shed'; sent = await graph.send(operation)) await sleep(sent.retryAfterMs);
      const fault = sent.outcome === 'answered' ? operation.settle(sent.data) : JSON.stringify(sent);
      if (fault) throw new Error(`A save at saturation: ${fault}`);
    });
  } finally {
    await graph.close();
  }
}

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

// In a schema of its own: what is in the service's own belongs to its migrations.
const schema = 'bench';
const table = `${schema}.mark`;

/** A table like that of the marks, with its rows, constraints and indexes, for the bare upsert. */
export async function copyMarks(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`drop schema if exists ${schema} cascade`);
    await client.query(`create schema ${schema}`);
    await client.query(`create table ${table} (like mark including all) with (fillfactor = 85)`);
    await client.query(`insert into ${table} select * from mark`);
    await client.query(`vacuum analyze ${table}`);
    await client.query('checkpoint'); // the copy's own writing is not to be paid for by what is measured next
  } finally {
    await client.end();
  }
}

export async function dropMarks(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`drop schema if exists ${schema} cascade`);
  await client.end();
}

const upsert = {
  name: 'upsert',
  text: `insert into ${table} as old (school_id, section_id, student_id, grading_period_id, value, comment, status, revision, saved_at, saved_by, save_id)
    select $1, $2, c.student_id, $3, c.value, null, 'DRAFT', 1, $4, $5, $6 from unnest($7::uuid[], $8::text[]) c (student_id, value)
    on conflict (section_id, student_id, grading_period_id) do update set value = excluded.value, comment = excluded.comment,
      status = excluded.status, posted_at = null, revision = old.revision + 1, saved_at = excluded.saved_at, saved_by = excluded.saved_by,
      save_id = excluded.save_id`,
};

/** The same marks as bare prepared upserts, each committed by itself: what PostgreSQL does when nobody asks who, when and whether. */
export async function upsertsInto(
  url: string,
  classes: readonly Class[],
  cells: number,
  connections: number,
  seconds: number,
): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  try {
    return await saturate(classes.length, seconds, async (caller) => {
      const { id, schoolId, teacherId, periodId, students } = classes[caller]!;
      const rows = students.slice(0, cells);
      const values = rows.map(() => 'ABCD'[Math.floor(Math.random() * 4)]);
      await pool.query({ ...upsert, values: [schoolId, id, periodId, new Date().toISOString(), teacherId, randomUUIDv7(), rows, values] });
    });
  } finally {
    await pool.end();
  }
}
