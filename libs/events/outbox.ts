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
 * connection. It keeps one connection of the pool for itself, and takes another when that one is lost.
 */
export function watchOutbox(pool: Pool): { feed: Feed; stop(): Promise<void> } {
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const resume of waiting) resume();
  };
  const poll = setInterval(wake, pollMs);
  poll.unref();
  const ending = new AbortController();
  const listening = listen(pool, wake, ending.signal);
  const feed: Feed = async (after, waitMs, signal) => {
    const until = Date.now() + waitMs;
    for (;;) {
      // Begun before reading: a fact that commits between the read and the wait still ends this wait.
      const woken = new AbortController();
      const resume = () => woken.abort();
      waiting.add(resume);
      try {
        const events = await readFeed(pool, after);
        const leftMs = until - Date.now();
        if (events.length || leftMs <= 0 || signal.aborted || ending.signal.aborted) return events;
        await pause(leftMs, AbortSignal.any([woken.signal, signal, ending.signal]));
      } finally {
        waiting.delete(resume);
      }
    }
  };
  return {
    feed,
    stop: async () => {
      clearInterval(poll);
      ending.abort();
      await listening;
    },
  };
}

/** Listens until the end; while there is no connection the poll alone wakes, and this tries again. */
async function listen(pool: Pool, wake: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await listenOnce(pool, wake, signal);
    } catch {
      await pause(pollMs, signal); // the pool tells of the lost connection; here it is only tried again
    }
  }
}

/** Ends when the signal aborts; throws when the connection is lost. */
async function listenOnce(pool: Pool, wake: () => void, signal: AbortSignal): Promise<void> {
  const client = await pool.connect();
  try {
    const lost = new Promise<never>((_, reject) => client.once('end', () => reject(new Error('The connection was lost.'))));
    lost.catch(() => undefined);
    client.on('notification', wake);
    await client.query('listen outbox');
    wake(); // for what was told while nobody listened
    await Promise.race([lost, aborted(signal)]);
  } finally {
    client.release(true);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
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
