import type { EntityManager } from '@mikro-orm/postgresql';
import type { Fact } from '@rollbook/events';
import type { PoolClient } from '@rollbook/postgres';
import type { Viewer } from '@rollbook/school';
import DataLoader from 'dataloader';
import type { Logger } from 'pino';
import { begin, isLost, named, type Database } from './database.ts';

/** A unit of work: everything in it is committed together, facts for other services included. */
export interface Transaction {
  readonly em: EntityManager;
  readonly viewer: Viewer;
  /** SQL with $1, $2 ... parameters, in this transaction. */
  query<Row>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** Tells other services, if this transaction commits. */
  tell(...facts: Fact[]): Promise<void>;
}

/** What a resolver has at hand. One per operation. */
export interface Context {
  readonly viewer: Viewer;
  /** The present instant; tests set it. */
  readonly now: () => Date;
  readonly log: Logger;
  /** Rows of one SQL statement ($1, $2 ...), read in the viewer's name; all reads of an operation share one transaction. */
  read<Row>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** One verb, one transaction. `reason` goes into the history of whatever it changes. */
  write<T>(work: (tx: Transaction) => Promise<T>, reason?: string | null): Promise<T>;
  /** A hot path: one SQL statement that is its own transaction. */
  statement<Row>(sql: string, params: readonly unknown[]): Promise<Row[]>;
  /** One of many, fetched together with all others that this operation asks for. */
  load<Key, Row>(loader: Batch<Key, Row>, key: Key): Promise<Row | null>;
}

/** How many things are fetched at once: for each key its row, or null when there is none (or the viewer may not see it). */
export interface Batch<Key, Row> {
  readonly fetch: (keys: readonly Key[], context: Context) => Promise<readonly (Row | null)[]>;
  readonly asText: (key: Key) => string;
}

/**
 * Declares a batch. `fetch` returns the rows it found, in any order; `keyOf` tells which key a row answers. A key without a row
 * is null. For keys that are not text, `asText` makes them comparable.
 */
export function batch<Key, Row>(
  fetch: (keys: readonly Key[], context: Context) => Promise<readonly Row[]>,
  keyOf: (row: Row) => Key,
  asText: (key: Key) => string = String,
): Batch<Key, Row> {
  return {
    asText,
    fetch: async (keys, context) => {
      const found = new Map((await fetch(keys, context)).map((row) => [asText(keyOf(row)), row]));
      return keys.map((key) => found.get(asText(key)) ?? null);
    },
  };
}

/** Opens the context of one operation; `end` gives back what it used. What was loaded is forgotten at each write. */
export function openContext(database: Database, viewer: Viewer, log: Logger, now: () => Date): { context: Context; end(): void } {
  let reading: Promise<PoolClient> | undefined;
  let broken: Error | undefined;
  let ended = false;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const loaders = new Map<Batch<any, any>, DataLoader<any, any, string>>();

  async function read<Row>(sql: string, params: readonly unknown[] = [], tries = 20): Promise<Row[]> {
    // graphql-js answers at the first error of a non-null field; what its other resolvers still ask must not reach a connection
    // that is somebody else's by now.
    if (ended) throw new Error('The operation has been answered; nothing more is read for it.');
    const client = await (reading ??= openReading(database, viewer));
    try {
      return (await client.query(named(sql, params))).rows as Row[];
    } catch (error) {
      // An error ends the transaction for all questions of the operation. The one that made it opens the next, in which those that
      // were caught in it are asked again.
      if (isLost(error)) broken = error as Error;
      else if (isCaughtInAborted(error) && tries > 1) return read(sql, params, tries - 1);
      else if (!ended) reopen(client, viewer);
      throw error;
    }
  }

  const context: Context = {
    viewer,
    now,
    log,
    read: (sql, params) => read(sql, params),
    write: (work, reason = null) => database.transaction(viewer, reason, work).finally(() => loaders.clear()),
    statement: (sql, params) => database.statement<never>(viewer, sql, params).finally(() => loaders.clear()),
    load: <Key, Row>(batch: Batch<Key, Row>, key: Key) => {
      let loader = loaders.get(batch);
      if (!loader)
        loaders.set(batch, (loader = new DataLoader((keys: readonly Key[]) => batch.fetch(keys, context), { cacheKeyFn: batch.asText })));
      return loader.load(key) as Promise<Row | null>;
    },
  };
  const end = () => {
    ended = true;
    reading?.then(
      (client) => endReading(client, broken),
      () => undefined, // told by the question that waited for it
    );
  };
  return { context, end };
}

async function openReading(database: Database, viewer: Viewer): Promise<PoolClient> {
  const client = await database.reads.connect();
  // Not awaited: if opening fails, so does the question behind it, and that is where it is told.
  begin(client, viewer, 'read only').catch(() => undefined);
  return client;
}

function reopen(client: PoolClient, viewer: Viewer): void {
  client.query('rollback').catch(() => undefined); // as in openReading
  begin(client, viewer, 'read only').catch(() => undefined);
}

/** "current transaction is aborted": nothing was wrong with the statement itself. */
const isCaughtInAborted = (error: unknown) => (error as { code?: unknown }).code === '25P02';

function endReading(client: PoolClient, broken: Error | undefined): void {
  if (broken) return client.release(broken);
  client.query('commit').then(
    () => client.release(),
    (error: Error) => client.release(error),
  );
}
