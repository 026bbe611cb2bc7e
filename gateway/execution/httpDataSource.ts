import type { GraphQLDataSource } from '@apollo/gateway';
import { CircuitOpen, openBreaker } from '@rollbook/subgraph/breaker.ts';
import type { Waiter } from '@rollbook/subgraph/listen.ts';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { Pool, errors as undiciErrors, type Dispatcher } from 'undici';
import { subgraphUnavailable } from './errors.ts';
import { isJsonObject } from './json.ts';

export interface HttpSubgraph<Context> {
  /** The subgraph's name, for errors. */
  name: string;
  /** Where it answers GraphQL: POST, JSON. */
  url: string;
  /** Headers for one call, as the signed token that says on whose behalf it is made. */
  headers?: (context: Context) => Record<string, string> | Promise<Record<string, string>>;
  /** Who waits for the call's answer: when they have gone it is dropped. Calls of mutations go on. */
  waiter?: (context: Context) => Waiter;
  /** How long a call may take in all, in milliseconds: as long as somebody waits for it. Default 10 000. */
  timeoutMs?: (context: Context) => number;
  /** The largest answer accepted, in bytes. Default 16 MiB. */
  maxResponseBytes?: number;
  /** How many connections are kept open at most; further calls wait for one. Default 32. */
  connections?: number;
}

/**
 * A data source for a subgraph in another process, over connections that are kept open. An answer in GraphQL's form is
 * passed on whatever its HTTP status, with its errors' codes; anything else is thrown as SUBGRAPH_UNAVAILABLE with the
 * subgraph's name and a reason. Nothing is sent twice: a save that timed out may have been made.
 */
export function httpDataSource<Context>(subgraph: HttpSubgraph<Context>): GraphQLDataSource & { close(): Promise<void> } {
  const { name, headers, waiter, timeoutMs = () => 10_000, maxResponseBytes = 16 * 1024 * 1024, connections = 32 } = subgraph;
  const url = new URL(subgraph.url);
  const pool = new Pool(url.origin, { connections, maxResponseSize: maxResponseBytes });
  const breaker = openBreaker(name, isUnanswered);
  return {
    async process({ request: { query, operationName, variables }, context }) {
      const ownHeaders = await headers?.(context as Context);
      const call: Post = {
        path: `${url.pathname}${url.search}`,
        headers: { ...ownHeaders, 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, operationName, variables }),
        timeoutMs: timeoutMs(context as Context),
        waiter: query!.startsWith('mutation') ? undefined : waiter?.(context as Context),
      };
      try {
        return graphqlAnswer(name, await breaker.run(() => post(name, pool, call)));
      } catch (error) {
        throw error instanceof CircuitOpen ? subgraphUnavailable(name, 'CIRCUIT_OPEN', error) : error;
      }
    },
    close: () => pool.close(),
  };
}

interface Post {
  path: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  waiter: Waiter | undefined;
}

class TimedOut extends Error {}
class Left extends Error {}

/** One call, by undici's own events: its promise, with a stream and a signal, costs a good part of what the gateway does for a class list. */
async function post(name: string, pool: Pool, { path, headers, body, timeoutMs, waiter }: Post): Promise<{ status: number; text: string }> {
  try {
    return await new Promise((answered, failed) => {
      const chunks: Buffer[] = [];
      let status = 0;
      let call: Dispatcher.DispatchController | undefined;
      let ended: Error | undefined;
      const end = (why: Error) => {
        ended = why;
        call?.abort(why);
        failed(why);
      };
      const timer = setTimeout(() => end(new TimedOut(`No answer within ${timeoutMs} ms.`)), timeoutMs);
      const leave = () => end(new Left('Whoever asked has gone.'));
      const stay = waiter?.onceGone(leave);
      const settled = () => {
        clearTimeout(timer);
        stay?.();
      };
      pool.dispatch(
        { method: 'POST', path, headers, body },
        {
          onRequestStart: (controller) => {
            call = controller;
            if (ended) controller.abort(ended); // it waited for a connection until it was too late
          },
          onResponseStart: (_, statusCode) => void (status = statusCode),
          onResponseData: (_, chunk) => void chunks.push(chunk),
          onResponseEnd: () => {
            settled();
            answered({ status, text: Buffer.concat(chunks).toString() });
          },
          onResponseError: (_, error) => {
            settled();
            failed(error);
          },
        },
      );
    });
  } catch (error) {
    throw subgraphUnavailable(name, reasonOf(error), error);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof undiciErrors.ResponseExceededMaxSizeError) return 'RESPONSE_TOO_LARGE';
  if (error instanceof Left) return 'CLIENT_GONE';
  return error instanceof TimedOut ? 'TIMEOUT' : 'NETWORK';
}

const isUnanswered = (error: unknown) =>
  error instanceof GraphQLError && ['TIMEOUT', 'NETWORK'].includes(String(error.extensions['reason']));

/** @throws GraphQLError when the body is not GraphQL's, or says less than the status does. */
function graphqlAnswer(name: string, { status, text }: { status: number; text: string }) {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    throw subgraphUnavailable(name, status === 200 ? 'NOT_JSON' : `HTTP_${status}`, error);
  }
  const { data, errors } = isJsonObject(answer) ? answer : {};
  const none = errors === undefined || (Array.isArray(errors) && errors.length === 0);
  const reported = !none && Array.isArray(errors) && errors.every(isReportedError) ? errors : undefined;
  const hasData = isJsonObject(data) && none;
  if (!reported && (status !== 200 || !hasData)) throw subgraphUnavailable(name, status === 200 ? 'NOT_GRAPHQL' : `HTTP_${status}`);
  return { data: isJsonObject(data) ? data : null, errors: reported as readonly GraphQLError[] | undefined };
}

const isReportedError = (error: unknown): error is GraphQLFormattedError => isJsonObject(error) && typeof error.message === 'string';
