import { follow, watchOutbox, type Feed, type Following } from '@rollbook/events';
import { assertDurable, type DatabaseUrls } from '@rollbook/postgres';
import { systemViewer } from '@rollbook/school';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { openDatabase, type Database } from './database.ts';
import type { SubgraphDefinition } from './definition.ts';
import { executor, type Execute } from './execute.ts';
import { migrate } from './migrate.ts';
import { schemaOf } from './schema.ts';
import { unknownProperties } from './unknownProperties.ts';

export interface SubgraphOptions {
  readonly urls: DatabaseUrls;
  readonly log: Logger;
  readonly now?: () => Date;
  readonly maxReads?: number;
  readonly maxWrites?: number;
  /** Only for tests' throw-away servers: do not insist on a server that keeps what it acknowledges. */
  readonly allowVolatile?: boolean;
  /** Only for the tests of row-level security: leave the resolvers' own checks out. */
  readonly enforceAccess?: boolean;
}

/** A service that runs in this process. */
export interface Subgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly database: Database;
  readonly execute: Execute;
  /** Its own events, for listeners. */
  readonly feed: Feed;
  /** Begins to apply the events of the services it listens to. */
  listen(feedOf: (service: string) => Feed): void;
  /** How far each feed it follows was applied, and what holds it up. */
  following(): Readonly<Record<string, { position: number; trouble: string | null }>>;
  close(): Promise<void>;
}

/** Migrates the service's database, checks that it is durable, and opens the service. */
export async function openSubgraph(definition: SubgraphDefinition, options: SubgraphOptions): Promise<Subgraph> {
  const { urls, now = () => new Date() } = options;
  const log = options.log.child({ service: definition.name });
  const schema = schemaOf(definition, { enforceAccess: options.enforceAccess ?? true });
  await migrate(definition, urls);
  const database = await openDatabase(definition, urls, {
    maxReads: options.maxReads ?? 8,
    maxWrites: options.maxWrites ?? 8,
    // Not the error as it is: the pool hangs the whole connection on it.
    onError: ({ message }) => log.warn({ reason: message }, 'a database connection was lost'),
  });
  database.orm.em.getEventManager().registerSubscriber(unknownProperties);
  if (!options.allowVolatile)
    await assertDurable(database.reads).catch(async (error: unknown) => {
      await database.close();
      throw error;
    });
  const outbox = watchOutbox(database.statements);
  const followed = new Map<string, Following>();
  const endBackground = definition.background?.({
    log,
    now,
    bulk: database.bulk,
    write: (work, reason = null) => database.transaction(systemViewer, reason, work),
  });
  return {
    name: definition.name,
    schema,
    database,
    execute: executor({ schema, database, log, now }),
    feed: outbox.feed,
    listen(feedOf) {
      for (const [source, handlers] of Object.entries(definition.listens ?? {}))
        followed.set(
          source,
          follow({
            source,
            feed: feedOf(source),
            handlers,
            transaction: (work) => database.transaction(systemViewer, `event of ${source}`, work),
            log,
          }),
        );
    },
    following: () => Object.fromEntries([...followed].map(([source, { position, trouble }]) => [source, { position, trouble }])),
    async close() {
      await endBackground?.();
      await Promise.all([...followed.values()].map((following) => following.stop()));
      await outbox.stop();
      await database.close();
    },
  };
}
