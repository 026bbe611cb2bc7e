import type { Pool } from '@rollbook/postgres';

/** Something that became true in a service, in words the others understand. It carries the state itself, not a difference. */
export interface Fact {
  readonly type: string;
  /** The id of what changed: facts about one aggregate arrive in the order in which they became true. */
  readonly aggregate: string;
  readonly payload: unknown;
}

export interface Event extends Fact {
  readonly id: string;
  readonly position: number;
}

/** Reads events after a position; waits up to `waitMs` for the first one when there is none. */
export type Feed = (after: number, waitMs: number, signal: AbortSignal) => Promise<Event[]>;

type Query = (sql: string, params: unknown[]) => Promise<unknown>;

/** Writes facts in the transaction that `query` runs in: they are told if, and only if, it commits. */
export async function tell(query: Query, facts: readonly Fact[]): Promise<void> {
  if (!facts.length) return;
  await query('insert into outbox (type, aggregate, payload) select * from unnest($1::text[], $2::text[], $3::jsonb[])', [
    facts.map((fact) => fact.type),
    facts.map((fact) => fact.aggregate),
    facts.map((fact) => JSON.stringify(fact.payload)),
  ]);
}

const batch = 200;

/** The next events of this service's outbox, in the order of the feed. */
export async function readFeed(pool: Pool, after: number): Promise<Event[]> {
  await pool.query('select number_outbox()');
  const { rows } = await pool.query<Event & { position: string }>(
    'select id, position, type, aggregate, payload from outbox where position > $1 order by position limit $2',
    [after, batch],
  );
  return rows.map((row) => ({ ...row, position: Number(row.position) }));
}

const pollMs = 1_000;

/**
 * The feed of an outbox for listeners in this process: woken by NOTIFY, and by a poll in case a notification was lost with its
 * connection.
 */
export function watchOutbox(pool: Pool): { feed: Feed; stop(): Promise<void> } {
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const resume of waiting) resume();
    waiting.clear();
  };
  const poll = setInterval(wake, pollMs);
  poll.unref();
  const listening = listen(pool, wake);
  const feed: Feed = async (after, waitMs, signal) => {
    const until = Date.now() + waitMs;
    for (;;) {
      // Registered before reading: a fact that commits between the read and the wait still wakes this reader.
      const woken = new Promise<void>((resume) => waiting.add(resume));
      const events = await readFeed(pool, after);
      const leftMs = until - Date.now();
      if (events.length || leftMs <= 0 || signal.aborted) return events;
      await Promise.race([woken, pause(leftMs, signal)]);
    }
  };
  return {
    feed,
    stop: async () => {
      clearInterval(poll);
      wake();
      (await listening.catch(() => undefined))?.();
    },
  };
}

async function listen(pool: Pool, wake: () => void): Promise<() => void> {
  const client = await pool.connect();
  client.on('notification', wake);
  await client.query('listen outbox');
  return () => client.release(true);
}

/** Waits, or returns as soon as the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const timer = setTimeout(finish, ms);
    function finish() {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      done();
    }
    signal.addEventListener('abort', finish);
  });
}
