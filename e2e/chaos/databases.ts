import { startPostgres, type EmbeddedPostgres } from '@rollbook/postgres/embedded.ts';
import { join } from 'node:path';
import pg from 'pg';

export type Ask = <Row extends object>(service: string, text: string, params?: unknown[]) => Promise<Row[]>;

/** The PostgreSQL of a run, as durable as a district's, and the way into its databases as administrator. */
export interface Server {
  /** Of the postmaster; 0 while there is none. */
  readonly pid: number;
  url(database: string): string;
  ask: Ask;
  /** Runs again, at the same address, after whatever happened. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
}

export async function openServer(dir: string): Promise<Server> {
  const start = () => startPostgres({ dir: join(dir, 'postgres'), tell: () => undefined });
  let server: EmbeddedPostgres = await start();
  let starting: Promise<void> | undefined;
  const url = (database: string) => server.url(database);
  return {
    get pid() {
      return server.pid;
    },
    url,
    ask: async <Row extends object>(service: string, text: string, params: unknown[] = []) => {
      const client = new pg.Client({ connectionString: url(service === 'postgres' ? service : `rollbook_${service}`) });
      client.on('error', () => undefined); // what it was asked rejects
      await client.connect();
      try {
        return (await client.query<Row>(text, params)).rows;
      } finally {
        await client.end();
      }
    },
    // Its own keeper waits longer after each accident; a run has many. Of two accidents at once, one start is enough.
    startAgain: () =>
      (starting ??= server
        .stop()
        .then(async () => void (server = await start()))
        .finally(() => (starting = undefined))),
    async close() {
      await starting?.catch(() => undefined); // whoever asked for it is told
      await server.stop();
    },
  };
}
