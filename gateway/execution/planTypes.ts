/** The types of Apollo's query plans, and of the request that a plan answers, as @apollo/gateway hands them out. */
import type { ApolloGateway, Experimental_DidResolveQueryPlanCallback, GraphQLDataSourceProcessOptions } from '@apollo/gateway';

/** A planned operation: the plan, the data sources by subgraph, the operation with its fragments and schema. */
export type PlannedOperation = Parameters<Experimental_DidResolveQueryPlanCallback>[0];
type RootNode = NonNullable<PlannedOperation['queryPlan']['node']>;
export type PlanNode = Exclude<RootNode, { kind: 'Subscription' }>;
export type FetchNode = Extract<PlanNode, { kind: 'Fetch' }>;

type IncomingOperation = Extract<GraphQLDataSourceProcessOptions, { incomingRequestContext: unknown }>;
/** What Apollo Server tells the gateway about a request. */
export type RequestContext = IncomingOperation['incomingRequestContext'];
/** Apollo's name for a fetch on behalf of a client; it exports the type of the name only. */
export const INCOMING_OPERATION = 'incoming operation' as unknown as IncomingOperation['kind'];
/** A GraphQL response without HTTP around it. */
export type Answer = Awaited<ReturnType<ApolloGateway['executor']>>;

/** Thrown while compiling: this operation is left to Apollo's own executor. The message says why. */
export class NotCompilable extends Error {}
