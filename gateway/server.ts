import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import type { Viewer } from '@rollbook/school';
import { limitRules, limits } from '@rollbook/subgraph/limits.ts';
import { signRequest } from '@rollbook/subgraph/token.ts';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { CompiledGateway } from './execution/gateway.ts';
import { httpDataSource } from './execution/httpDataSource.ts';
import { localDataSource, type LocalSubgraph } from './execution/localDataSource.ts';
import { explorer } from './explorer.ts';
import { supergraphSdl as committedSdl, type SubgraphName } from './supergraph.ts';
import { Unauthenticated, type Verify } from './viewer.ts';
import { warmPlans } from './warmUp.ts';

/** Where a subgraph is: in this process, or at a URL to which requests are signed. */
export type Source =
  | {
      readonly execute: (
        request: { query: string; operationName?: string | undefined; variables?: Record<string, unknown> },
        viewer: Viewer,
      ) => ReturnType<LocalSubgraph<GatewayContext>>;
    }
  | { readonly url: string };

export interface GatewayOptions {
  readonly sources: Readonly<Record<SubgraphName, Source>>;
  readonly verify: Verify;
  /** Shared with subgraphs in other processes. */
  readonly secret: string;
  readonly log: Logger;
  readonly port: number;
  readonly host?: string;
  /** Who can sign in on a development system, for the explorer's menu; its presence also opens introspection and the explorer. */
  readonly development?: { signIns(): Promise<readonly { name: string; description: string; token: string }[]> } | undefined;
  readonly executor?: 'compiled' | 'stock';
  readonly supergraphSdl?: string;
}

export interface Gateway {
  readonly url: string;
  /** Stops accepting, finishes what has begun (up to ten seconds), ends. */
  close(): Promise<void>;
}

export interface GatewayContext {
  readonly viewer: Viewer;
}

export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { log, development, sources } = options;
  const sdl = options.supergraphSdl ?? committedSdl();
  const remotes: { close(): Promise<void> }[] = [];
  const gateway = new CompiledGateway({
    supergraphSdl: sdl,
    executor: options.executor ?? 'compiled',
    logger: quiet(log),
    dataSource: (name) => {
      const source = sources[name as SubgraphName];
      if (!source) throw new Error(`The supergraph names a subgraph "${name}" and no source for it was given.`);
      if ('execute' in source)
        return localDataSource<GatewayContext>(name, ({ query, operationName, variables }, { viewer }) =>
          source.execute({ query, operationName, variables }, viewer),
        );
      const remote = httpDataSource<GatewayContext>({
        name,
        url: new URL('/graphql', source.url).href,
        headers: async ({ viewer }) => ({ authorization: `Bearer ${await signRequest(options.secret, name, viewer)}` }),
      });
      remotes.push(remote);
      return remote;
    },
    onRefused: (operation, reason) => log.info({ operation, reason }, 'this operation is left to the stock executor'),
  });
  const apollo = new ApolloServer<GatewayContext>({
    gateway: gateway as never,
    introspection: development !== undefined,
    validationRules: [...limitRules, ...gateway.validationRules],
    parseOptions: { maxTokens: limits.tokens },
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    nodeEnv: 'production',
    logger: quiet(log),
    stopOnTerminationSignals: false,
    plugins: [withoutLandingPage],
    formatError: (formatted, error) => told(formatted, error, log),
  });
  await apollo.start();
  await warmPlans(gateway, log);
  const server = createServer((request, response) => {
    handle(apollo, options, request, response).catch((error: unknown) => {
      const id = randomUUID();
      log.error({ id, error }, 'a request failed');
      if (response.headersSent) response.destroy();
      else refuseWith(response, 500, 'INTERNAL', `Something went wrong on our side (${id}).`);
    });
  });
  server.keepAliveTimeout = 65_000;
  server.listen(options.port, options.host ?? '127.0.0.1');
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(portTaken(error as NodeJS.ErrnoException, options.port))),
  ]);
  const address = server.address() as { port: number; address: string };
  return {
    url: `http://${address.address}:${address.port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const hurry = setTimeout(() => server.closeAllConnections(), 10_000);
      await closed;
      clearTimeout(hurry);
      await apollo.stop();
      await Promise.all(remotes.map((remote) => remote.close()));
    },
  };
}

function portTaken(error: NodeJS.ErrnoException, port: number): Error {
  return error.code === 'EADDRINUSE'
    ? new Error(`Port ${port} is taken by another program. Name another one: npm start -- --port ${port + 1}`)
    : error;
}

const withoutLandingPage: ApolloServerPlugin<GatewayContext> = {
  async serverWillStart() {
    return { renderLandingPage: async () => ({ html: '' }) };
  },
};

function quiet(log: Logger) {
  return {
    debug: (message: unknown) => log.trace(String(message)),
    info: (message: unknown) => log.debug(String(message)),
    warn: (message: unknown) => log.warn(String(message)),
    error: (message: unknown) => log.error(String(message)),
  };
}

/** Refusals go out as they are; what nobody foresaw goes out as an id that is in the log. */
function told(formatted: GraphQLFormattedError, error: unknown, log: Logger): GraphQLFormattedError {
  const code = formatted.extensions?.['code'];
  if (code !== 'INTERNAL_SERVER_ERROR' && code !== undefined) return formatted;
  const id = randomUUID();
  log.error({ id, error: unwrapResolverError(error) }, 'internal error');
  return {
    message: `Something went wrong on our side (${id}).`,
    ...(formatted.path ? { path: formatted.path } : {}),
    extensions: { code: 'INTERNAL', id },
  };
}

async function handle(
  apollo: ApolloServer<GatewayContext>,
  options: GatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/livez') return send(response, 200, { status: 'live' });
  if (url.pathname === '/readyz') return send(response, 200, { status: 'ready' });
  if (url.pathname !== '/graphql') {
    if (options.development && request.method === 'GET' && (await explorer(url, options.development, response))) return;
    return refuseWith(response, 404, 'NOT_FOUND', `There is nothing at ${url.pathname}; the graph is at /graphql.`);
  }
  if (request.method !== 'POST') return refuseWith(response, 405, 'METHOD_NOT_ALLOWED', 'Send operations by POST.', { allow: 'POST' });
  if (!/^application\/json(;|$)/.test(request.headers['content-type'] ?? ''))
    return refuseWith(response, 415, 'UNSUPPORTED_MEDIA_TYPE', 'Send operations as application/json.');
  const asked = await bodyOf(request);
  if (typeof asked === 'string') return refuseWith(response, 400, 'BAD_REQUEST', asked);
  let viewer: Viewer;
  try {
    viewer = await options.verify(request.headers.authorization);
  } catch (error) {
    if (!(error instanceof Unauthenticated)) throw error;
    return refuseWith(response, 401, 'UNAUTHENTICATED', error.message, { 'www-authenticate': 'Bearer' });
  }
  await execute(apollo, asked, viewer, response);
}

interface Asked {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
}

async function execute(
  apollo: ApolloServer<GatewayContext>,
  { query, operationName, variables }: Asked,
  viewer: Viewer,
  response: ServerResponse,
): Promise<void> {
  const { body, http } = await apollo.executeOperation({ query, operationName, variables } as never, { contextValue: { viewer } });
  if (body.kind !== 'single') throw new GraphQLError('Incremental delivery is not offered.');
  const { data, errors, extensions } = body.singleResult;
  // 400 only when nothing was run: a client must be able to tell "not understood" from "partly answered".
  const status = http.status ?? (data === undefined && errors ? 400 : 200);
  send(response, status, { ...(data === undefined ? {} : { data }), ...(errors ? { errors } : {}), ...(extensions ? { extensions } : {}) });
}

/** The operation in a request's body; a text says what is wrong with it. */
async function bodyOf(request: IncomingMessage): Promise<Asked | string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.bodyBytes) return `A request holds at most ${limits.bodyBytes} bytes; send large work in several.`;
    chunks.push(chunk);
  }
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return 'The request is not JSON.';
  }
  if (Array.isArray(body)) return 'Send one operation in a request, not a list of them.';
  const { query, operationName, variables } = (body ?? {}) as Partial<Record<keyof Asked, unknown>>;
  if (typeof query !== 'string') return 'The request needs "query", the text of an operation.';
  if (operationName != null && typeof operationName !== 'string') return '"operationName" must be text.';
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) return '"variables" must be an object.';
  return {
    query,
    ...(operationName == null ? {} : { operationName: operationName as string }),
    ...(variables == null ? {} : { variables: variables as Record<string, unknown> }),
  };
}

function refuseWith(response: ServerResponse, status: number, code: string, message: string, headers: Record<string, string> = {}): void {
  send(response, status, { errors: [{ message, extensions: { code } }] }, headers);
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
}
