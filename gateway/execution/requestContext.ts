/** What Apollo Server would tell the gateway about a request, for tests that leave Apollo Server out. */
import { hash } from 'node:crypto';
import { parse } from 'graphql';
import type { RequestContext } from './planTypes.ts';

export interface RequestOptions {
  variables?: Record<string, unknown>;
  operationName?: string;
  context?: Record<string, unknown>;
  metrics?: Record<string, unknown>;
}

export function requestContext(
  source: string,
  { variables, operationName, context = {}, metrics = {} }: RequestOptions = {},
): RequestContext {
  const request = { query: source, variables, operationName };
  return { request, document: parse(source), queryHash: hash('sha256', source), context, metrics } as unknown as RequestContext;
}
