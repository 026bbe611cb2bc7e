import { httpFeed } from '@rollbook/events';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { SubgraphDefinition } from './definition.ts';
import type { GraphAnswer, GraphRequest } from './execute.ts';
import { limits } from './limits.ts';
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
}

/** Opens a service to the gateway over HTTP: POST /graphql, GET /events, GET /livez, GET /readyz. */
export async function serveSubgraph(subgraph: Subgraph, options: ServeOptions): Promise<ServedSubgraph> {
  const ending = new AbortController();
  const server = createServer((request, response) => {
    handle(subgraph, options, ending.signal, request, response).catch((error: unknown) => {
      options.log.error({ error }, 'a request failed');
      if (!response.headersSent)
        answer(response, 500, { errors: [{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL' } }] });
      else response.destroy();
    });
  });
  server.keepAliveTimeout = 65_000;
  server.listen(options.port, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { port: number; address: string };
  return {
    url: `http://${address.address}:${address.port}`,
    close: async () => {
      ending.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const hurry = setTimeout(() => server.closeAllConnections(), 10_000);
      await closed;
      clearTimeout(hurry);
    },
  };
}

async function handle(
  subgraph: Subgraph,
  options: ServeOptions,
  ending: AbortSignal,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/livez') return answer(response, 200, { status: 'live' });
  if (url.pathname === '/readyz') return ready(subgraph, ending, response);
  let caller: Caller;
  try {
    caller = await verifyCaller(options.secret, subgraph.name, request.headers.authorization);
  } catch {
    return refuseWith(response, 401, 'UNAUTHENTICATED', 'This service answers only the gateway, by its signed token.');
  }
  if (url.pathname === '/events' && request.method === 'GET') return events(subgraph, caller, ending, url, response);
  if (url.pathname !== '/graphql') return refuseWith(response, 404, 'NOT_FOUND', `There is nothing at ${url.pathname}.`);
  if (request.method !== 'POST' || !request.headers['content-type']?.startsWith('application/json'))
    return refuseWith(response, 405, 'METHOD_NOT_ALLOWED', 'Send operations by POST, as application/json.');
  if (!('viewer' in caller)) return refuseWith(response, 403, 'FORBIDDEN', 'A service may read events only.');
  const graphRequest = await requestOf(request);
  if (typeof graphRequest === 'string') return refuseWith(response, 400, 'BAD_REQUEST', graphRequest);
  const { rejected, ...result } = await subgraph.execute(graphRequest, caller.viewer);
  answer(response, rejected ? 400 : 200, result);
}

async function ready(subgraph: Subgraph, ending: AbortSignal, response: ServerResponse): Promise<void> {
  const following = subgraph.following();
  if (ending.aborted) return answer(response, 503, { status: 'ending', following });
  try {
    await subgraph.database.reads.query('select 1');
    answer(response, 200, { status: 'ready', following });
  } catch {
    answer(response, 503, { status: 'no database', following });
  }
}

async function events(subgraph: Subgraph, caller: Caller, ending: AbortSignal, url: URL, response: ServerResponse): Promise<void> {
  if (!('service' in caller)) return refuseWith(response, 403, 'FORBIDDEN', 'Only a service may read events.');
  const after = Number(url.searchParams.get('after') ?? 0);
  const waitMs = Number(url.searchParams.get('waitMs') ?? 0);
  if (!Number.isSafeInteger(after) || after < 0 || !Number.isInteger(waitMs) || waitMs < 0 || waitMs > 30_000)
    return refuseWith(response, 400, 'BAD_REQUEST', '"after" is a position, "waitMs" at most 30000.');
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  answer(response, 200, await subgraph.feed(after, waitMs, AbortSignal.any([gone.signal, ending])));
}

/** The operation in a request's body; a text says what is wrong with it. */
async function requestOf(request: IncomingMessage): Promise<GraphRequest | string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) return `The request is larger than ${bodyLimit} bytes.`;
    chunks.push(chunk);
  }
  try {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as GraphRequest;
    return typeof body?.query === 'string' ? body : 'The request needs "query", the text of an operation.';
  } catch {
    return 'The request is not JSON.';
  }
}

/** The gateway adds keys to what a client sent, so its requests may be a little larger than a client's. */
const bodyLimit = limits.bodyBytes * 4;

function refuseWith(response: ServerResponse, status: number, code: string, message: string): void {
  answer(response, status, { errors: [{ message, extensions: { code } }] });
}

function answer(response: ServerResponse, status: number, body: GraphAnswer | object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
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
 * (127.0.0.1), GATEWAY_SECRET, <SERVICE>_URL of each service it listens to, REHEARSAL_NOW (see clockFrom). Ends in order on SIGTERM and SIGINT.
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
  const served = await serveSubgraph(subgraph, { port: integerSetting('PORT', 0), host: setting('HOST', '127.0.0.1'), secret, log });
  log.info({ url: served.url, service: definition.name }, 'ready');
  const end = async () => {
    await served.close();
    await subgraph.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void end());
  process.once('SIGINT', () => void end());
  if (process.send) process.send({ url: served.url });
}
