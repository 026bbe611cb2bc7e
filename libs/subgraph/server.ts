import { httpFeed } from '@rollbook/events';
import { defaultLimit, Gone, openAdmission, Overloaded, priorities, type Admission, type Priority, type Work } from './admission.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { SubgraphDefinition } from './definition.ts';
import type { GraphAnswer, GraphRequest } from './execute.ts';
import { limits } from './limits.ts';
import { bodyOf, listen, whoWaitsFor } from './listen.ts';
import { openLog } from './log.ts';
import { integerSetting, setting } from './settings.ts';
import { openSubgraph, type Subgraph } from './subgraph.ts';
import { signService, verifyCaller, type Caller } from './token.ts';

export interface ServedSubgraph {
  readonly url: string;
  /** Stops accepting, finishes what has begun (up to ten seconds), ends. */
  close(): Promise<void>;
}

interface ServeOptions {
  readonly port: number;
  readonly host?: string;
  /** Shared with the gateway alone. */
  readonly secret: string;
  readonly log: Logger;
  /** How many operations are carried out at once; admission's own limit unless given. */
  readonly maxConcurrent?: number | undefined;
}

/** Opens a service to the gateway over HTTP: POST /graphql, GET /events, GET /livez, GET /readyz. */
export async function serveSubgraph(subgraph: Subgraph, options: ServeOptions): Promise<ServedSubgraph> {
  const ending = new AbortController();
  const { port, host = '127.0.0.1' } = options;
  const admission = openAdmission({ limit: options.maxConcurrent });
  const tellRefused = onceAMinute(({ message }: Error) =>
    options.log.warn(
      { reason: message },
      'a caller was refused; if it is the gateway, are the clocks of both machines right, and the secrets the same?',
    ),
  );
  const listening = await listen({ port, host, headerBytes }, (request, response) => {
    const exchange: Exchange = {
      ...{ subgraph, admission, secret: options.secret, ending: ending.signal, request, response },
      tellRefused,
    };
    handle(exchange).catch((error: unknown) => {
      options.log.error({ err: error }, 'a request failed');
      if (response.headersSent) response.destroy();
      else refuseWith(exchange, 500, 'INTERNAL', 'Something went wrong on our side.');
    });
  });
  return {
    url: listening.url,
    close: async () => {
      ending.abort();
      await listening.close();
      admission.close();
    },
  };
}

const tellAgainMs = 60_000;

/** Whoever knocks may not fill the log. */
function onceAMinute<T>(tell: (what: T) => void): (what: T) => void {
  let quietUntilMs = 0;
  return (what) => {
    if (performance.now() < quietUntilMs) return;
    quietUntilMs = performance.now() + tellAgainMs;
    tell(what);
  };
}

/** A token of the gateway tells all that a client's did, and a little more. */
const headerBytes = 32 * 1024;

/** One request and what is needed to answer it. */
interface Exchange {
  readonly subgraph: Subgraph;
  readonly admission: Admission;
  readonly secret: string;
  /** Tells the log why a caller was refused, now and then. */
  readonly tellRefused: (why: Error) => void;
  /** Aborted when the server ends. */
  readonly ending: AbortSignal;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function handle(exchange: Exchange): Promise<void> {
  const { subgraph, secret, request } = exchange;
  const url = URL.parse(request.url ?? '/', 'http://localhost');
  if (url?.pathname === '/livez') return answer(exchange, 200, { status: 'live' });
  if (url?.pathname === '/readyz') return ready(exchange);
  let caller: Caller;
  try {
    caller = await verifyCaller(secret, subgraph.name, request.headers.authorization);
  } catch (error) {
    exchange.tellRefused(error as Error);
    return refuseWith(exchange, 401, 'UNAUTHENTICATED', 'This service answers only the gateway, by its signed token.');
  }
  if (url?.pathname === '/events' && request.method === 'GET') return events(exchange, caller, url);
  if (url?.pathname !== '/graphql') return refuseWith(exchange, 404, 'NOT_FOUND', 'There is nothing at this address.');
  if (request.method !== 'POST') return refuseWith(exchange, 405, 'METHOD_NOT_ALLOWED', 'Send operations by POST.');
  if (!/^application\/json *(;|$)/i.test(request.headers['content-type'] ?? ''))
    return refuseWith(exchange, 415, 'UNSUPPORTED_MEDIA_TYPE', 'Send operations as application/json.');
  if (!('viewer' in caller)) return refuseWith(exchange, 403, 'FORBIDDEN', 'A service may read events only.');
  const graphRequest = await requestOf(request);
  if (typeof graphRequest === 'string') return refuseWith(exchange, 400, 'BAD_REQUEST', graphRequest);
  const { viewer } = caller;
  try {
    const { rejected, ...result } = await exchange.admission.run(workOf(exchange), () => subgraph.execute(graphRequest, viewer));
    answer(exchange, rejected ? 400 : 200, result);
  } catch (error) {
    if (error instanceof Overloaded) refuseWith(exchange, 503, error.code, error.message, { retryAfterMs: error.retryAfterMs });
    else if (!(error instanceof Gone)) throw error;
  }
}

/** How urgent an operation is and how long it is waited for: the gateway's word, which came with its token. */
function workOf({ request, response }: Exchange): Work {
  const { 'rollbook-priority': said, 'rollbook-time-left-ms': left } = request.headers;
  return {
    priority: priorities.includes(said as Priority) ? (said as Priority) : 'SCREEN',
    waiter: whoWaitsFor(response),
    // What is no number is not said: the class's own deadline stands.
    ...(Number.isFinite(Number(left ?? NaN)) && { timeLeftMs: Number(left) }),
  };
}

async function ready(exchange: Exchange): Promise<void> {
  const following = exchange.subgraph.following();
  if (exchange.ending.aborted) return answer(exchange, 503, { status: 'ending', following });
  try {
    await exchange.subgraph.database.reads.query({ text: 'select 1', query_timeout: 2_000 } as { text: string });
    answer(exchange, 200, { status: 'ready', following });
  } catch {
    answer(exchange, 503, { status: 'no database', following });
  }
}

async function events(exchange: Exchange, caller: Caller, url: URL): Promise<void> {
  if (!('service' in caller)) return refuseWith(exchange, 403, 'FORBIDDEN', 'Only a service may read events.');
  const after = Number(url.searchParams.get('after') ?? 0);
  const waitMs = Number(url.searchParams.get('waitMs') ?? 0);
  if (!Number.isSafeInteger(after) || after < 0 || !Number.isInteger(waitMs) || waitMs < 0 || waitMs > 30_000)
    return refuseWith(exchange, 400, 'BAD_REQUEST', '"after" is a position, "waitMs" at most 30000.');
  const gone = new AbortController();
  whoWaitsFor(exchange.response).onceGone(() => gone.abort());
  answer(exchange, 200, await exchange.subgraph.feed(after, waitMs, AbortSignal.any([gone.signal, exchange.ending])));
}

/** The operation in a request's body; a text says what is wrong with it. */
async function requestOf(request: IncomingMessage): Promise<GraphRequest | string> {
  const sent = await bodyOf(request, bodyLimit);
  if (!sent) return `The request is larger than ${bodyLimit} bytes.`;
  let body: Partial<Record<string, unknown>> | null;
  try {
    body = JSON.parse(sent.toString()) as Partial<Record<string, unknown>> | null;
  } catch {
    return 'The request is not JSON.';
  }
  const { query, operationName = null, variables = null } = body ?? {};
  if (typeof query !== 'string') return 'The request needs "query", the text of an operation.';
  if (operationName !== null && typeof operationName !== 'string') return '"operationName" is a text.';
  if (typeof variables !== 'object' || Array.isArray(variables)) return '"variables" is an object.';
  return { query, operationName, variables: variables as Record<string, unknown> | null };
}

/** The gateway adds keys to what a client sent, so its requests may be a little larger than a client's. */
const bodyLimit = limits.bodyBytes * 4;

function refuseWith(exchange: Exchange, status: number, code: string, message: string, details: object = {}): void {
  answer(exchange, status, { errors: [{ message, extensions: { code, ...details } }] });
}

function answer({ response }: Exchange, status: number, body: GraphAnswer | object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** The machine's clock; for a rehearsal of another day, one that starts at the given instant and goes on from there. */
export function clockFrom(rehearsalNow: string | undefined, log: Logger): () => Date {
  if (!rehearsalNow) return () => new Date();
  const aheadMs = Date.parse(rehearsalNow) - Date.now();
  if (Number.isNaN(aheadMs)) throw new Error(`REHEARSAL_NOW must be an instant such as 2026-11-18T18:00:00Z, not "${rehearsalNow}".`);
  log.warn({ rehearsalNow }, "a rehearsal: the clock of this service is not the machine's");
  return () => new Date(Date.now() + aheadMs);
}

/**
 * Runs a service as a process of its own. Environment: DATABASE_URL (serving role), DATABASE_OWNER_URL (migrations), PORT, HOST
 * (127.0.0.1), GATEWAY_SECRET, <SERVICE>_URL of each service it listens to, MAX_READS, MAX_WRITES, MAX_CONCURRENT (how much at once), REHEARSAL_NOW (see
 * clockFrom). Ends in order on SIGTERM and SIGINT.
 */
export async function runService(definition: SubgraphDefinition): Promise<void> {
  const log = openLog(setting('LOG_LEVEL', 'info'));
  const secret = setting('GATEWAY_SECRET');
  const subgraph = await openSubgraph(definition, {
    urls: { app: setting('DATABASE_URL'), owner: setting('DATABASE_OWNER_URL') },
    log,
    maxReads: integerSetting('MAX_READS', 8),
    maxWrites: integerSetting('MAX_WRITES', 8),
    now: clockFrom(process.env['REHEARSAL_NOW'], log),
  });
  subgraph.listen((service) => httpFeed(setting(`${service.toUpperCase()}_URL`), () => signService(secret, service, definition.name)));
  const served = await serveSubgraph(subgraph, {
    ...{ port: integerSetting('PORT', 0), host: setting('HOST', '127.0.0.1'), secret, log },
    maxConcurrent: integerSetting('MAX_CONCURRENT', defaultLimit),
  });
  log.info({ url: served.url, service: definition.name }, 'ready');
  const end = async () => {
    await served.close();
    await subgraph.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void end());
  process.once('SIGINT', () => void end());
  // Started by another process of ours: it ends with that one, also when that one is killed.
  process.once('disconnect', () => void end());
  if (process.send) process.send({ url: served.url });
}
