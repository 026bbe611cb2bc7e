import type { EntitySchema } from '@mikro-orm/core';
import type { Event } from '@rollbook/events';
import type { Subject } from '@rollbook/school';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context, Transaction } from './context.ts';

// A resolver's parent and arguments are as its field in the SDL says; the generated types narrow them where a slice wants it.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Resolve = (parent: any, args: any, context: Context, info: GraphQLResolveInfo) => unknown;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type ResolveReference = { __resolveReference?: (reference: any, context: Context) => unknown };
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type ResolveType = { __resolveType?: (value: any) => string };

export type Resolvers = Readonly<Record<string, Readonly<Record<string, Resolve>> & ResolveReference & ResolveType>>;

/** One noun of the school: a folder with schema.graphql, entities.ts, rules.ts and resolvers.ts. */
export interface Slice {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly entities: readonly EntitySchema<any>[];
  readonly resolvers: Resolvers;
  /** Whom a row of each type is about: decides who may read its fields. Types whose fields are all OPEN need none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly subjects?: Readonly<Record<string, (row: any) => Subject>>;
  /** What the office is told when a constraint of the database refuses: constraint name -> code and message. */
  readonly refusals?: Readonly<Record<string, readonly [code: string, message: string]>>;
}

export interface SubgraphDefinition {
  readonly name: string;
  /** The service's folder: `<slice>/schema.graphql` and `migrations/*.sql` are read from it. */
  readonly folder: string;
  readonly slices: Readonly<Record<string, Slice>>;
  /** What it does when another service tells a fact: service -> type of fact -> hand. */
  readonly listens?: Readonly<Record<string, Readonly<Record<string, (tx: Transaction, event: Event) => Promise<void>>>>>;
}

/** Declares a service: its slices are the only wiring. */
export function defineSubgraph(definition: SubgraphDefinition): SubgraphDefinition {
  return definition;
}
