import type { EntityManager } from '@mikro-orm/postgresql';
import type { Fact } from '@rollbook/events';
import { ask, inOnePacket, type PoolClient } from '@rollbook/postgres';
import { isUuid, type Viewer } from '@rollbook/school';
import DataLoader from 'dataloader';
import type { Logger } from 'pino';
import { isLost, named, readAs, type Database } from './database.ts';

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
  /** Rows of one SQL statement ($1, $2 ...), read in the viewer's name; all reads of an operation share one connection that can only read. */
  read<Row>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** One verb, one transaction. `reason` goes into the history of whatever it changes. */
  write<T>(work: (tx: Transaction) => Promise<T>, reason?: string | null): Promise<T>;
  /**
   * A hot path: one SQL statement that is a unit of work of its own. `locks` names what it locks first (a section's id), when it may
   * share its commit with others that wait.
   */
  statement<Row>(sql: string, params: readonly unknown[], locks?: string): Promise<Row[]>;
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
 * is null. For keys that are not text, `asText` makes them comparable. A key that is not one (`isKey`: for text, whether it is a
 * UUID) is nobody's, and does not spoil what is fetched with it.
 */
export function batch<Key, Row>(
  fetch: (keys: readonly Key[], context: Context) => Promise<readonly Row[]>,
  keyOf: (row: Row) => Key,
  asText: (key: Key) => string = String,
  isKey: (key: Key) => boolean = (key) => typeof key !== 'string' || isUuid(key),
): Batch<Key, Row> {
  return {
    asText,
    fetch: async (keys, context) => {
      const askable = keys.filter(isKey);
      const rows = askable.length ? await fetch(askable, context) : [];
      const found = new Map(rows.map((row) => [asText(keyOf(row)), row]));
      return keys.map((key) => found.get(asText(key)) ?? null);
    },
  };
}

/** Opens the context of one operation; `end` gives back what it used. What was loaded is forgotten at each write. */
export function openContext(database: Database, viewer: Viewer, log: Logger, now: () => Date): { context: Context; end(): void } {
  let reading: Promise<Reading> | undefined;
  let broken: Error | undefined;
  let ended = false;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const loaders = new Map<Batch<any, any>, DataLoader<any, any, string>>();

  async function read<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    // graphql-js answers at the first error of a non-null field; what its other resolvers still ask must not reach a connection
    // that is somebody else's by now.
    if (ended) throw new Error('The operation has been answered; nothing more is read for it.');
    const { client, inTheirName } = await (reading ??= openReading(database, viewer));
    inOnePacket(client);
    try {
      // Nothing is handed out unless the connection was known to be this viewer's: what it answers otherwise is thrown away.
      const [rows] = await Promise.all([ask<Row>(client, named(sql, params)), inTheirName]);
      return rows;
    } catch (error) {
      if (isLost(error)) broken = error as Error;
      throw error;
    }
  }

  const context: Context = {
    viewer,
    now,
    log,
    read: (sql, params) => read(sql, params),
    write: (work, reason = null) => database.transaction(viewer, reason, work).finally(() => loaders.clear()),
    statement: (sql, params, locks) => database.statement<never>(viewer, sql, params, locks).finally(() => loaders.clear()),
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
      ({ client }) => endReading(client, broken),
      () => undefined, // told by the question that waited for it
    );
  };
  return { context, end };
}

/** A connection for the reads of one operation, and the promise that it answers in the viewer's name. */
interface Reading {
  readonly client: PoolClient;
  readonly inTheirName: Promise<unknown>;
}

/**
 * Takes a connection that can only read and puts the viewer's name on it, in the packet of the first question: each question is
 * its own snapshot, so there is nothing to begin or to commit.
 */
async function openReading(database: Database, viewer: Viewer): Promise<Reading> {
  const client = await database.connectToRead();
  inOnePacket(client);
  const inTheirName = readAs(client, viewer);
  inTheirName.catch(() => undefined); // told to every question that waits for it
  return { client, inTheirName };
}

const nameOffMs = 20;

/**
 * Takes the viewer's name off before anybody else can be heard on the connection. It goes in the packet of whoever asks next, and by
 * itself when nobody does.
 */
function endReading(client: PoolClient, broken: Error | undefined): void {
  if (broken) return client.release(broken);
  inOnePacket(client, nameOffMs);
  client.query('reset all').catch(() => undefined); // a lost connection, of which the pool hears too
  client.release();
}
