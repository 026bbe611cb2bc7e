import type { GraphQLDataSource } from '@apollo/gateway';
import { GraphQLError, type DocumentNode, type ExecutionResult } from 'graphql';
import { subgraphUnavailable } from './errors.ts';
import { copyJson } from './json.ts';

/** What a subgraph is asked. `query` is the same string object each time a plan runs: a cache by it costs nothing. */
export interface SubgraphRequest {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown>;
  document?: DocumentNode;
}

/** A subgraph in this process. `context` is the context value of the client's request. */
export type LocalSubgraph<Context> = (request: SubgraphRequest, context: Context) => Promise<Pick<ExecutionResult, 'data' | 'errors'>>;

/**
 * A data source for a subgraph that runs in the gateway's own process. What goes in and out is what JSON would have made of it,
 * copied: the gateway merges into answers, and neither side may see the other change what it holds.
 */
export function localDataSource<Context>(subgraph: string, execute: LocalSubgraph<Context>): GraphQLDataSource {
  return {
    async process({ request, context, ...options }) {
      const { query = '', operationName, variables = {} } = request;
      const document = 'document' in options ? options.document : undefined;
      const copiedVariables = copyJson(variables) as Record<string, unknown>;
      try {
        const { data, errors } = await execute({ query, operationName, variables: copiedVariables, document }, context as Context);
        return { data: copyJson(data) as Record<string, unknown>, errors };
      } catch (error) {
        throw error instanceof GraphQLError ? error : subgraphUnavailable(subgraph, 'EXCEPTION', error);
      }
    },
  };
}
