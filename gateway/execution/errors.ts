/** How a client learns what a subgraph could not answer: which subgraph, which code, and where in its own response. */
import { GraphQLError, Kind, parse, type SelectionSetNode } from 'graphql';
import type { JsonObject, JsonPath } from './json.ts';
import type { FetchNode } from './planTypes.ts';
import { isIncluded } from './shape.ts';

/** An error as a subgraph reports it, in process or over HTTP. */
export interface ReportedError {
  readonly message: string;
  readonly path?: JsonPath;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The code of an error that means: the subgraph gave no answer, so what it owns is missing. */
export const SUBGRAPH_UNAVAILABLE = 'SUBGRAPH_UNAVAILABLE';

/**
 * The failure of a whole call to a subgraph. Its message is for clients and names no address; `cause` is for the log.
 *
 * @param reason why, for whoever reads the log or the extensions: TIMEOUT, NETWORK, HTTP_502, …
 */
export function subgraphUnavailable(serviceName: string, reason: string, cause?: unknown): GraphQLError {
  return new GraphQLError(`The subgraph "${serviceName}" did not answer.`, {
    originalError: cause instanceof Error ? cause : undefined,
    extensions: { code: SUBGRAPH_UNAVAILABLE, serviceName, reason },
  });
}

/** A subgraph's error in the client's terms. The subgraph's own `extensions` (FORBIDDEN, NOT_FOUND, …) are kept. */
export function subgraphError(reported: ReportedError, serviceName: string, path: JsonPath | undefined): GraphQLError {
  return new GraphQLError(reported.message || `Error while fetching from the subgraph "${serviceName}".`, {
    originalError: reported instanceof Error ? reported : undefined,
    path: path?.length ? path : undefined,
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...reported.extensions, serviceName },
  });
}

/** The response names of the fields that a fetch asks its subgraph for, without what @skip and @include leave out. */
export function fieldsFetched(node: FetchNode, conditions: JsonObject): string[] {
  const operation = parse(node.operation).definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const names = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isIncluded(selection, conditions) || selection.kind === Kind.FRAGMENT_SPREAD) continue;
      const entities = selection.kind === Kind.FIELD && selection.name.value === '_entities';
      if (selection.kind === Kind.INLINE_FRAGMENT || entities) collect(selection.selectionSet!);
      else if (selection.name.value !== '__typename') names.add(selection.alias?.value ?? selection.name.value);
    }
  };
  if (operation) collect(operation.selectionSet);
  return [...names];
}
