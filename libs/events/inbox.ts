import type { Logger } from 'pino';
import { pause, type Event, type Feed } from './outbox.ts';

/** The hands of a listener, by type of fact; a type without a hand is not for this listener. */
export type Handlers<Tx> = Readonly<Record<string, (tx: Tx, event: Event) => Promise<void>>>;

interface Transaction {
  query<Row>(sql: string, params: unknown[]): Promise<Row[]>;
}

export interface Following {
  /** The position up to which everything is applied. */
  readonly position: number;
  /** Why the next event cannot be applied at present, if so; it is tried again until it can. */
  readonly trouble: string | null;
  stop(): Promise<void>;
}

interface FollowOptions<Tx extends Transaction> {
  /** The name of the service whose feed this is. */
  readonly source: string;
  readonly feed: Feed;
  readonly handlers: Handlers<Tx>;
  /** Runs its argument in one transaction of the listener's database. */
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  readonly log: Logger;
  readonly waitMs?: number;
}

/**
 * Applies another service's events here, each exactly once: the effect, the inbox row and the new position are one
 * transaction. An event that cannot be applied is tried again, with growing pauses, and holds back those behind it:
 * order is never given up.
 */
export function follow<Tx extends Transaction>(options: FollowOptions<Tx>): Following {
  const ending = new AbortController();
  const state = { position: 0, trouble: null as string | null };
  const running = run(options, state, ending.signal);
  return {
    get position() {
      return state.position;
    },
    get trouble() {
      return state.trouble;
    },
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}

async function run<Tx extends Transaction>(
  { source, feed, handlers, transaction, log, waitMs = 20_000 }: FollowOptions<Tx>,
  state: { position: number; trouble: string | null },
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  let started = false;
  while (!signal.aborted) {
    try {
      if (!started) state.position = await transaction((tx) => positionOf(tx, source));
      started = true;
      const events = await feed(state.position, waitMs, signal);
      if (events.length && !signal.aborted) state.position = await applyAll(events, source, handlers, transaction, failures > 0);
      failures = 0;
      state.trouble = null;
    } catch (error) {
      if (signal.aborted) return;
      state.trouble = (error as Error).message;
      log.warn({ source, position: state.position, err: error }, 'events are not applied at present; trying again');
      await pause(Math.min(100 * 2 ** failures++, 5_000), signal);
      started = false; // what was applied is in the database, not in this memory
    }
  }
}

/** All events at once; after a failure one by one, so that the good ones before a bad one are not held back by it. */
async function applyAll<Tx extends Transaction>(
  events: readonly Event[],
  source: string,
  handlers: Handlers<Tx>,
  transaction: FollowOptions<Tx>['transaction'],
  oneByOne: boolean,
): Promise<number> {
  if (!oneByOne) return transaction((tx) => applyBatch(tx, source, handlers, events));
  let position = 0;
  for (const event of events) position = await transaction((tx) => applyBatch(tx, source, handlers, [event]));
  return position;
}

async function applyBatch<Tx extends Transaction>(
  tx: Tx,
  source: string,
  handlers: Handlers<Tx>,
  events: readonly Event[],
): Promise<number> {
  const fresh = await tx.query<{ event_id: string }>(
    'insert into inbox (source, event_id) select $1, * from unnest($2::uuid[]) on conflict do nothing returning event_id',
    [source, events.map((event) => event.id)],
  );
  const unseen = new Set(fresh.map((row) => row.event_id));
  for (const event of events) if (unseen.has(event.id)) await handlers[event.type]?.(tx, event);
  const position = events.at(-1)!.position;
  await tx.query(
    `insert into feed_position as p (source, position) values ($1, $2)
       on conflict (source) do update set position = greatest(p.position, excluded.position)`,
    [source, position],
  );
  return position;
}

async function positionOf<Tx extends Transaction>(tx: Tx, source: string): Promise<number> {
  const rows = await tx.query<{ position: string }>('select position from feed_position where source = $1', [source]);
  return Number(rows[0]?.position ?? 0);
}
