import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { tell, type Fact } from '@rollbook/events';
import { ask, openPool, type DatabaseUrls, type Pool, type PoolClient, type Statement } from '@rollbook/postgres';
import { isDistrictWide, Refused, schoolsOf, systemViewer, type Viewer } from '@rollbook/school';
import { CompiledQuery } from 'kysely';
import { CircuitOpen, openBreaker } from './breaker.ts';
import type { Transaction } from './context.ts';
import type { SubgraphDefinition } from './definition.ts';
import { statementsOn } from './statements.ts';

/**
 * One service's database, always opened in somebody's name: row-level security sees the viewer in every statement.
 * Reads and writes have connections of their own, so that no list can hold the connection of a save.
 */
export interface Database {
  readonly orm: MikroORM;
  readonly reads: Pool;
  readonly statements: Pool;
  /** A connection for reading, or at once CircuitOpen when the database did not answer the last times. */
  connectToRead(): Promise<PoolClient>;
  /** One unit of work in one transaction; told facts are committed with it. Deadlocks are tried again. */
  transaction<T>(viewer: Viewer, reason: string | null, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * One statement that is a unit of work of its own: a single round trip for the hot paths. Returns its rows once committed. With
   * `locks` (see OneStatement) it may share its commit with others that wait.
   */
  statement<Row>(viewer: Viewer, sql: string, params: readonly unknown[], locks?: string): Promise<Row[]>;
  /** One unit of work of a batch, in the service's own name, on connections that nobody who waits for an answer uses. */
  bulk<T>(work: (tx: BulkTransaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A unit of work of a batch: statements and facts, committed together. */
export type BulkTransaction = Pick<Transaction, 'query' | 'tell'>;

export interface DatabaseOptions {
  readonly maxReads: number;
  readonly maxWrites: number;
  readonly onError: (error: Error) => void;
}

export async function openDatabase(definition: SubgraphDefinition, urls: DatabaseUrls, options: DatabaseOptions): Promise<Database> {
  const slices = Object.values(definition.slices);
  const refusals = Object.assign({}, ...slices.map((slice) => slice.refusals ?? {})) as Refusals;
  const orm = await MikroORM.init({
    clientUrl: urls.app,
    entities: slices.flatMap((slice) => [...slice.entities]),
    pool: { min: 0, max: options.maxWrites },
    discovery: { warnWhenNoEntities: false },
    forceUtcTimezone: true,
    sessionContext: 'transaction',
    driverOptions: { application_name: `${definition.name} writes`, connectionTimeoutMillis: 10_000, onPoolCreated: giveBackLost },
  });
  const reads = openPool(urls.app, {
    max: options.maxReads,
    name: `${definition.name} reads`,
    pipeline: true,
    // Planned once for each connection: with the conditions of row-level security in them, some take longer to plan than to run.
    settings: { default_transaction_read_only: 'on', statement_timeout: '20s', plan_cache_mode: 'force_generic_plan' },
    onError: options.onError,
  });
  const statements = openPool(urls.app, {
    max: options.maxWrites + 1, // one of them listens for events
    name: `${definition.name} statements`,
    pipeline: true,
    // Nobody waits longer for an answer; what they ask again meets the same lock or none.
    settings: { lock_timeout: '4s', statement_timeout: '20s' },
    onError: options.onError,
  });
  const bulk = openPool(urls.app, {
    max: 3,
    name: `${definition.name} bulk`,
    settings: { lock_timeout: '4s', statement_timeout: '60s' },
    onError: options.onError,
  });
  const breaker = openBreaker(`The database of ${definition.name}`, isNotThere);
  const runStatement = statementsOn(statements, {
    // Fewer than there are: more wait, and share a commit.
    connections: Math.max(1, Math.ceil(options.maxWrites / 2)),
    setViewer: (viewer) => ({ ...setForTransaction, values: variablesOf(viewer, null) }),
    isLost,
  });
  return {
    orm,
    reads,
    statements,
    connectToRead: () => breaker.run(() => reads.connect()),
    transaction: (viewer, reason, work) => breaker.run(() => retryingDeadlocks(() => inTransaction(orm, viewer, reason, refusals, work))),
    statement: <Row>(viewer: Viewer, sql: string, params: readonly unknown[], locks?: string) =>
      breaker
        .run(() => retryingDeadlocks(() => runStatement({ viewer, statement: named(sql, params), locks })))
        .catch((error: unknown) => {
          throw explained(error, refusals);
        }) as Promise<Row[]>,
    bulk: (work) => breaker.run(() => retryingDeadlocks(() => inBulk(bulk, work))),
    close: async () => {
      await Promise.all([orm.close(), reads.end(), statements.end(), bulk.end()]);
    },
  };
}

type Refusals = Readonly<Record<string, readonly [code: string, message: string]>>;

const variableNames = ['rollbook.subject', 'rollbook.district', 'rollbook.schools', 'rollbook.students', 'rollbook.reason'] as const;

/** What row-level security and the history are told about who asks. */
function variablesOf(viewer: Viewer, reason: string | null): string[] {
  return [
    viewer.subject,
    isDistrictWide(viewer) ? 'on' : 'off',
    `{${schoolsOf(viewer).join()}}`,
    `{${viewer.students.join()}}`,
    reason ?? '',
  ];
}

/** Every condition is met, so every variable is set; nothing is selected, so nothing has to be read. */
const setViewer = (scope: 'transaction' | 'session') => ({
  name: `viewer-of-${scope}`,
  text: `select where ${variableNames.map((name, i) => `set_config('${name}', $${i + 1}, ${scope === 'transaction'}) is not null`).join(' and ')}`,
});
const setForTransaction = setViewer('transaction');
const setForSession = setViewer('session');

/** Puts the viewer's name on a connection of `reads`, until another's is put on it. */
export function readAs(client: PoolClient, viewer: Viewer): Promise<unknown> {
  return ask(client, { ...setForSession, values: variablesOf(viewer, null) });
}

const names = new Map<string, string>();
const maxNames = 2_000;

/**
 * Statements are prepared once per connection under a name that stands for their text. Texts beyond what services have (somebody puts
 * values into them) are run without a name: neither this map nor the connections' memory grows with them.
 */
export function named(text: string, values: readonly unknown[]): Statement {
  let name = names.get(text);
  if (!name && names.size < maxNames) names.set(text, (name = `s${names.size}`));
  return { ...(name && { name }), text, values };
}

async function inTransaction<T>(
  orm: MikroORM,
  viewer: Viewer,
  reason: string | null,
  refusals: Refusals,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const em = orm.em.fork();
  const values = variablesOf(viewer, reason);
  em.setSessionContext({ variables: Object.fromEntries(variableNames.map((name, i) => [name, values[i]!])) });
  try {
    return await em.transactional(async (inner) => {
      const tx = unitOfWork(inner as EntityManager, viewer);
      const result = await work(tx);
      // If the work caught an error of a statement, the server would roll back at the commit and call that a success.
      await tx.query('select');
      return result;
    });
  } catch (error) {
    throw explained(error, refusals);
  }
}

async function inBulk<T>(pool: Pool, work: (tx: BulkTransaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const query = <Row>(sql: string, params: readonly unknown[] = []) => ask<Row>(client, named(sql, params));
  try {
    await client.query('begin');
    await ask(client, { ...setForTransaction, values: variablesOf(systemViewer, 'batch') });
    const result = await work({ query, tell: (...facts) => tell((sql, params) => query(sql, params), facts) });
    await client.query('commit');
    return result;
  } catch (error) {
    if (isLost(error)) broken = error as Error;
    else await client.query('rollback').catch((lost: Error) => (broken = lost));
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * A transaction whose connection was lost cannot roll back, and the ORM's query builder then never gives the connection back: each
 * loss would leave the pool one smaller, until nothing could be written.
 */
function giveBackLost(pool: Pool): void {
  const lent = new Set<PoolClient>();
  pool.on('acquire', (client) => lent.add(client));
  pool.on('release', (_, client) => lent.delete(client as PoolClient));
  pool.on('connect', (client) => client.once('end', () => lent.has(client) && client.release(true)));
}

interface RawExecutor {
  executeQuery(query: CompiledQuery): Promise<{ rows: unknown[] }>;
}

function unitOfWork(em: EntityManager, viewer: Viewer): Transaction {
  const query = async <Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> => {
    const connection = em.getTransactionContext<RawExecutor>()!;
    return (await connection.executeQuery(CompiledQuery.raw(sql, [...params]))).rows as Row[];
  };
  return { em, viewer, query, tell: (...facts: Fact[]) => tell((sql, params) => query(sql, params), facts) };
}

interface DatabaseError extends Error {
  code: string;
  severity: string;
  constraint?: string;
}

function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && 'severity' in error && typeof (error as { code?: unknown }).code === 'string';
}

/** After these the connection is of no use: it was lost, or its state is not known. An ERROR of the server alone leaves it good. */
export const isLost = (error: unknown) => !isDatabaseError(error) || error.severity !== 'ERROR';

/** Nobody listens where the database should be: what the breaker counts. */
const isNotThere = (error: unknown) => (error as { syscall?: string } | null)?.syscall === 'connect';

/**
 * What an error tells of its statement. `busy`: it waited too long for somebody else's change, or took too long itself, and was rolled back. `malformed`: the server could not read a value (SQLSTATE class 22: not a UUID, a NUL, out of
 * range). `unreachable`: it was never run (no server, none that is ready, no connection free in time). `unknown`: the connection was
 * lost on the way, so that it may be committed.
 */
export function outcomeOf(error: unknown): 'malformed' | 'busy' | 'unreachable' | 'unknown' | 'failed' {
  const {
    code = '',
    message = '',
    syscall,
    severity,
  } = (error ?? {}) as Partial<Record<'code' | 'message' | 'syscall' | 'severity', unknown>>;
  if (syscall === 'connect' || error instanceof CircuitOpen) return 'unreachable';
  if (/^(55P03|57014)$/.test(String(code))) return 'busy';
  if (/^22(P02|P05|003|007|008|021)$/.test(String(code))) return 'malformed';
  if (/^(ENOTFOUND|57P03|53300)$/.test(String(code)) || /timeout exceeded when trying|connection timeout/.test(String(message)))
    return 'unreachable';
  // The server fell in the middle: what it was told to commit may be in its log.
  if (severity === 'PANIC') return 'unknown';
  if (/^(ECONN|EPIPE|08|57P)/.test(String(code)) || /Connection terminated|not queryable|read timeout/i.test(String(message)))
    return 'unknown';
  return 'failed';
}

/** The server rolled back for want of room: disk_full, or read_only_sql_transaction on a server that runs on its reserve. */
const hadNoRoom = (error: unknown) => isDatabaseError(error) && error.severity === 'ERROR' && ['53100', '25006'].includes(error.code);

const noRoom =
  'The disk that holds the database is full; nothing was changed. Whoever runs Rollbook has to make room on it; then send the same request again.';

/** A constraint that refused becomes the refusal that the slice wrote for it; a disk that is full is told as such. */
function explained(error: unknown, refusals: Refusals): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const refusal = refusals[(cause as DatabaseError).constraint ?? ''];
    if (refusal) return new Refused(...refusal);
    if (hadNoRoom(cause)) return new Refused('DISK_FULL', noRoom);
  }
  return error;
}

const deadlock = '40P01';
const tries = 4;

async function retryingDeadlocks<T>(work: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await work();
    } catch (error) {
      if ((error as DatabaseError).code !== deadlock || n === tries) throw error;
      await new Promise((done) => setTimeout(done, Math.random() * 20 * n));
    }
  }
}
