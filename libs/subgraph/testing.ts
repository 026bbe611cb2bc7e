import type { DatabaseUrls } from '@rollbook/postgres';
import { cloneDatabase } from '@rollbook/postgres/testing.ts';
import type { Event } from '@rollbook/events';
import { systemViewer, type Viewer } from '@rollbook/school';
import { pino } from 'pino';
import type { Transaction } from './context.ts';
import type { SubgraphDefinition } from './definition.ts';
import { type GraphAnswer } from './execute.ts';
import { migrate, migrationsOf } from './migrate.ts';
import { openSubgraph, type Subgraph, type SubgraphOptions } from './subgraph.ts';

export interface TestSubgraph extends Subgraph {
  /** Its database, for another process of the same service. */
  readonly urls: DatabaseUrls;
  /** Asks the service in somebody's name, as the gateway would. */
  ask(viewer: Viewer, query: string, variables?: Record<string, unknown>): Promise<GraphAnswer>;
  /** The data of an answer that must have no errors. */
  data<T = Record<string, any>>(viewer: Viewer, query: string, variables?: Record<string, unknown>): Promise<T>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** The code of the first error of an answer that must have one. */
  code(viewer: Viewer, query: string, variables?: Record<string, unknown>): Promise<unknown>;
  /** Asks for entities by reference, as the gateway does on behalf of another subgraph. */
  entities(viewer: Viewer, references: object[], selection: string): Promise<GraphAnswer>;
  /** SQL in the service's own hand (sees everything), for arranging and for checking what is stored. */
  sql<Row = Record<string, any>>(sql: string, params?: unknown[]): Promise<Row[]>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** Applies an event as if another service had told it. */
  hear(source: string, type: string, payload: unknown): Promise<void>;
  /** The facts this service has told, oldest first. */
  told(): Promise<{ type: string; aggregate: string; payload: any }[]>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** A service on a fresh clone of its migrated database. Close it in `afterAll`. */
export async function openTestSubgraph(definition: SubgraphDefinition, options: Partial<SubgraphOptions> = {}): Promise<TestSubgraph> {
  const version = migrationsOf(definition)
    .map(({ sql }) => sql)
    .join('\n');
  const urls = await cloneDatabase(definition.name, version, (fresh) => migrate(definition, fresh));
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'fatal' });
  const subgraph = await openSubgraph(definition, { urls, log, allowVolatile: true, maxReads: 4, maxWrites: 8, ...options });
  const ask: TestSubgraph['ask'] = (viewer, query, variables) => subgraph.execute({ query, variables }, viewer);
  const inOwnHand = <T>(work: (tx: Transaction) => Promise<T>) => subgraph.database.transaction(systemViewer, 'test', work);
  return {
    ...subgraph,
    urls,
    ask,
    async data<T>(viewer: Viewer, query: string, variables?: Record<string, unknown>) {
      const answer = await ask(viewer, query, variables);
      if (answer.errors) throw new Error(JSON.stringify(answer.errors, null, 1));
      return answer.data as T;
    },
    async code(viewer, query, variables) {
      const answer = await ask(viewer, query, variables);
      if (!answer.errors) throw new Error(`No error, but ${JSON.stringify(answer.data)}`);
      return answer.errors[0]!.extensions['code'];
    },
    entities: (viewer, references, selection) =>
      ask(viewer, `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ${selection} } }`, { r: references }),
    sql: (sql, params) => inOwnHand((tx) => tx.query(sql, params)),
    hear: (source, type, payload) =>
      inOwnHand(async (tx) => {
        const hand = definition.listens?.[source]?.[type];
        if (!hand) throw new Error(`${definition.name} does not listen to ${source}'s ${type}.`);
        const event: Event = { id: crypto.randomUUID(), position: 0, type, aggregate: '', payload };
        await hand(tx, event);
      }),
    told: () => inOwnHand((tx) => tx.query('select type, aggregate, payload from outbox order by seq')),
    async close() {
      await subgraph.close();
      await urls.drop();
    },
  };
}
