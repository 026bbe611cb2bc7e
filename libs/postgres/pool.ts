import type { Socket } from 'node:net';
import pg from 'pg';

export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;

// Dates stay text (a day has no time zone to shift it by); instants become Date; bigint and numeric stay text, exact.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.DATE, (text) => text);
// Lists of dates and of uuids hold nothing that is ever quoted, so cutting at the commas is all there is to do.
const plainList = (text: string) =>
  text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((item) => (item === 'NULL' ? null : item));
types.setTypeParser(1182 as never, plainList); // date[]
types.setTypeParser(2951 as never, plainList); // uuid[]

type Holding = { readonly release: () => void; timer: NodeJS.Timeout | undefined };
const holding = new WeakMap<object, Holding>();

/**
 * What is asked on a pipelined connection until the event loop's next turn leaves in one packet: the system call costs more than
 * most questions do. With `waitMs` it waits that long for a question to go along with; whoever asks next takes it along.
 */
export function inOnePacket(client: PoolClient, waitMs = 0): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  const held = holding.get(stream);
  if (held) {
    if (waitMs || !held.timer) return;
    clearTimeout(held.timer);
    held.timer = undefined;
    setImmediate(held.release);
    return;
  }
  const release = () => {
    holding.delete(stream);
    stream.uncork();
  };
  stream.cork();
  holding.set(stream, { release, timer: waitMs ? setTimeout(release, waitMs) : undefined });
  if (!waitMs) setImmediate(release);
}

export interface PoolOptions {
  readonly max: number;
  /** How its connections are called in PostgreSQL's own lists. */
  readonly name: string;
  /** Statements of one connection are sent without waiting for the answer of the one before: "begin, who asks, question, commit" is one round trip. */
  readonly pipeline?: boolean;
  /** PostgreSQL's settings for its connections, such as default_transaction_read_only or lock_timeout. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly onError?: (error: Error) => void;
}

/** A pool of connections to one database. Whoever waits three seconds for a connection gets an error instead. */
export function openPool(url: string, { max, name, pipeline, settings = {}, onError }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    types,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 60_000,
    ...(pipeline ? { pipeline: true } : {}),
    options: Object.entries(settings)
      .map(([setting, value]) => `-c ${setting}=${value}`)
      .join(' '),
  } as pg.PoolConfig);
  // A connection that dies while idle is replaced at the next use; without a listener it would end the process.
  pool.on('error', (error) => onError?.(error));
  pool.on('connect', (client) => client.on('error', (error) => onError?.(error)));
  return pool;
}
