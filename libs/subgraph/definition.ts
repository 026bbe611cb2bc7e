import type { EntitySchema } from '@mikro-orm/core';
import type { Event } from '@rollbook/events';
import type { Subject } from '@rollbook/school';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context, Transaction } from './context.ts';
import type { Database } from './database.ts';

// A resolver's parent is a row of its type's entity, or what another resolver returned.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Resolve<Arguments> = (parent: any, args: Arguments, context: Context, info: GraphQLResolveInfo) => unknown;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type ResolveReference = { __resolveReference?: (reference: any, context: Context) => unknown };
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type ResolveType = { __resolveType?: (value: any) => string };

/**
 * By type and field. `Arguments` is what `npm run compose` makes of the SDL (schema.types.ts): a resolver is given the arguments of its
 * field, and none when the SDL gives it none.
 */
export type Resolvers<Arguments = object> = Readonly<Record<string, FieldResolvers>> & {
  readonly [Type in keyof Arguments]?: FieldResolvers<Arguments[Type]>;
};

type FieldResolvers<Arguments = object> = Readonly<Record<string, WithoutArguments>> & {
  readonly [Field in keyof Arguments]?: Resolve<Arguments[Field]>;
} & ResolveReference &
  ResolveType;

// As a method, so that a resolver with arguments is one as well: TypeScript wants every field to be what an unnamed field is.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type WithoutArguments = { resolve(parent: any, args: object, context: Context, info: GraphQLResolveInfo): unknown }['resolve'];

/** One noun of the school: a folder with schema.graphql, entities.ts, rules.ts and resolvers.ts. */
export interface Slice<Arguments = object> {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly entities: readonly EntitySchema<any>[];
  readonly resolvers: Resolvers<Arguments>;
  /** Whom a row of each type is about: decides who may read its fields. Types whose fields are all OPEN need none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly subjects?: Readonly<Record<string, (row: any) => Subject>>;
  /** What the office is told when a constraint of the database refuses: constraint name -> code and message. */
  readonly refusals?: Readonly<Record<string, readonly [code: string, message: string]>>;
}

/** What work that nobody asked for has at hand: it writes in the service's own name. */
export type Hand = Pick<Context, 'write' | 'log'>;

/** What a batch has at hand besides: connections of its own, and the present instant. */
export type BatchHand = Hand & Pick<Database, 'bulk'> & Pick<Context, 'now'>;

export interface SubgraphDefinition {
  readonly name: string;
  /** The service's folder: `<slice>/schema.graphql` and `migrations/*.sql` are read from it. */
  readonly folder: string;
  readonly slices: Readonly<Record<string, Slice>>;
  /** What it does when another service tells a fact: service -> type of fact -> hand. */
  readonly listens?: Readonly<Record<string, Readonly<Record<string, (tx: Transaction, event: Event) => Promise<void>>>>>;
  /** Work that goes on without being asked for: begun when the service opens, and ended, by what it returns, before its database closes. */
  readonly background?: (hand: BatchHand) => () => Promise<void>;
}

/** Declares a service: its slices are the only wiring. */
export function defineSubgraph(definition: SubgraphDefinition): SubgraphDefinition {
  return definition;
}
