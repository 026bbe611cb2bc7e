import pg from 'pg';

export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;

// Dates stay text (a day has no time zone to shift it by); instants become Date; bigint and numeric stay text, exact.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.DATE, (text) => text);
types.setTypeParser(1182 as never, (text: string) => pg.types.getTypeParser(1009 as never, 'text')(text)); // date[]
types.setTypeParser(2951 as never, (text: string) => pg.types.getTypeParser(1009 as never, 'text')(text)); // uuid[]

/**
 * A pool of connections to one database. With `pipeline`, statements of one connection are sent without waiting for the
 * answer of the one before, so that "begin, who asks, question, commit" is a single round trip.
 */
export function openPool(url: string, options: { max: number; name: string; pipeline?: boolean; onError?: (error: Error) => void }): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    application_name: options.name,
    types,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    ...(options.pipeline ? { pipeline: true } : {}),
  } as pg.PoolConfig);
  // A connection that dies while idle is replaced at the next use; without a listener it would end the process.
  pool.on('error', (error) => options.onError?.(error));
  pool.on('connect', (client) => client.on('error', (error) => options.onError?.(error)));
  return pool;
}
