import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import type { Viewer } from '@rollbook/school';
import { Gone, openAdmission, Overloaded, rules, type Priority } from '@rollbook/subgraph/admission.ts';
import { limitRules, limits } from '@rollbook/subgraph/limits.ts';
import { whoWaitsFor, type Waiter } from '@rollbook/subgraph/listen.ts';
import { signRequest } from '@rollbook/subgraph/token.ts';
import { GraphQLError, type ASTVisitor, type GraphQLFormattedError, type ValidationContext } from 'graphql';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { CompiledGateway } from './execution/gateway.ts';
import { httpDataSource } from './execution/httpDataSource.ts';
import { localDataSource, type LocalSubgraph } from './execution/localDataSource.ts';
import { explorer, type Development } from './explorer.ts';
import { checkForm, operationIn, TurnedAway, type Operation } from './incoming.ts';
import { listen } from './listen.ts';
import { priorityIn } from './priority.ts';
import { missingServices } from './readiness.ts';
import { supergraphSdl as committedSdl, type SubgraphName } from './supergraph.ts';
import { OPERATION_TOO_LARGE, told } from './told.ts';
import { KeysUnreachable, Unauthenticated, type Verify } from './viewer.ts';
import { clientOperations, ownOperations, warmPlans, type OwnOperation } from './warmUp.ts';

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
  /** 0 for any that is free. */
  readonly port: number;
  /** 127.0.0.1 unless given. */
  readonly host?: string;
  /** Its presence opens introspection and the explorer: never where real records are kept. */
  readonly development?: Development | undefined;
  readonly executor?: 'compiled' | 'stock';
  /** The committed one unless given. */
  readonly supergraphSdl?: string;
  /** What is planned at start. Those in operations/ and those of libs/client unless given. */
  readonly operations?: readonly OwnOperation[];
  /** How many operations are carried out at once; others wait for their turn, or are refused. Admission's own limit unless given. */
  readonly maxConcurrent?: number | undefined;
}

export interface Gateway {
  readonly url: string;
  /** Stops accepting, finishes what has begun (up to ten seconds), ends. */
  close(): Promise<void>;
}

export interface GatewayContext {
  readonly viewer: Viewer;
  readonly priority: Priority;
  /** Until when somebody waits for the answer, as `performance.now()` tells time. */
  readonly untilMs: number;
  /** The client, as long as it is there. */
  readonly waiter: Waiter;
}

/** Opens the one graph over these subgraphs. Rejects when the port is taken or the supergraph names a subgraph without a source. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { log, development, sources, operations = ownOperations() } = options;
  const { gateway, closeSources } = gatewayOver(options);
  const apollo = apolloOver(gateway, options);
  const urls = Object.entries(sources).flatMap(([name, source]) => ('url' in source ? [[name, source.url] as const] : []));
  const missing = missingServices(Object.fromEntries(urls));
  const priorityOf = priorityIn(() => gateway.schema);
  const admission = openAdmission({ limit: options.maxConcurrent });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = addressOf(request);
    if (pathname === '/livez') return send(response, 200, { status: 'live' });
    // Without a service the gateway still answers all that is not that service's: it names what is missing, and is ready.
    if (pathname === '/readyz') return send(response, 200, { status: 'ready', missing: await missing() });
    if (development && request.method === 'GET' && (await explorer(pathname, request, response, { development, operations }))) return;
    if (pathname !== '/graphql') throw new TurnedAway(404, 'NOT_FOUND', `There is nothing at ${pathname}; the graph is at /graphql.`);
    checkForm(request);
    const viewer = await viewerOf(options.verify, request);
    const operation = await operationIn(request);
    const priority = priorityOf(operation, viewer);
    const context = { viewer, priority, untilMs: performance.now() + rules[priority].deadlineMs, waiter: whoWaitsFor(response) };
    await admission.run(context, () => run(apollo, operation, context, response));
  }

  async function stop(): Promise<void> {
    admission.close();
    await apollo.stop();
    await closeSources();
  }

  await apollo.start().catch(async (error: unknown) => {
    await closeSources();
    throw error;
  });
  try {
    await warmPlans(gateway, options.operations ?? [...operations, ...clientOperations()], log);
    const listening = await listen(options.port, options.host ?? '127.0.0.1', (request, response) => {
      answer(request, response).catch((error: unknown) => turnAway(error, request, response, log));
    });
    let closed: Promise<void> | undefined;
    return { url: listening.url, close: () => (closed ??= listening.close().then(stop)) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function gatewayOver({ sources, secret, log, ...options }: GatewayOptions) {
  const remotes: { close(): Promise<void> }[] = [];
  const gateway = new CompiledGateway({
    supergraphSdl: options.supergraphSdl ?? committedSdl(),
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
        headers: async ({ viewer, priority, untilMs }) => ({
          authorization: `Bearer ${await signRequest(secret, name, viewer)}`,
          'rollbook-priority': priority,
          'rollbook-time-left-ms': String(Math.max(0, Math.ceil(untilMs - performance.now()))),
        }),
        // What a mutation has begun is finished, also when nobody waits for it any more.
        waiter: ({ waiter }) => waiter,
        // A second at least: a service that was asked too late has not failed, and must not open the breaker.
        timeoutMs: ({ untilMs }) => Math.max(1_000, untilMs - performance.now()),
      });
      remotes.push(remote);
      return remote;
    },
    onRefused: (operation, reason) => log.info({ operation, reason }, 'this operation is left to the stock executor'),
  });
  return { gateway, closeSources: () => Promise.all(remotes.map((remote) => remote.close())) };
}

/** Apollo Server without its own HTTP: it parses, validates, remembers documents and hands over to the gateway. */
function apolloOver(gateway: CompiledGateway, { development, log }: GatewayOptions): ApolloServer<GatewayContext> {
  return new ApolloServer<GatewayContext>({
    gateway: gateway as never,
    introspection: development !== undefined,
    validationRules: [...limitRules, noPrototypeName, ...gateway.validationRules],
    validationOptions: { maxErrors: 10 },
    parseOptions: { maxTokens: limits.tokens },
    plugins: [oneOperation],
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    nodeEnv: 'production',
    logger: quiet(log),
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => told(formatted, error, log, development !== undefined),
  });
}

/** Refuses what graphql-js calls valid and no executor can run: a name that no operation has, a kind that the graph does not offer. */
const oneOperation: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, operation, request: { operationName } }) {
        if (operation && schema.getRootType(operation.operation)) return;
        if (operation) throw refusal('GRAPHQL_VALIDATION_FAILED', `The graph has no operations of the kind "${operation.operation}".`);
        const message = operationName
          ? `Unknown operation named ${JSON.stringify(operationName)}.`
          : 'The document has several operations: say in "operationName" which to run.';
        throw refusal('OPERATION_RESOLUTION_FAILURE', message);
      },
    };
  },
};

const refusal = (code: string, message: string) => new GraphQLError(message, { extensions: { code, http: { status: 400 } } });

/** Refuses the one name that cannot be the key of a JavaScript object: what was asked for under it would be lost. */
function noPrototypeName(context: ValidationContext): ASTVisitor {
  return {
    Name(node) {
      if (node.value !== '__proto__') return;
      context.reportError(new GraphQLError('"__proto__" cannot be a name here: choose another one.', { nodes: node }));
    },
  };
}

function quiet(log: Logger) {
  return {
    debug: (message: unknown) => log.trace(String(message)),
    info: (message: unknown) => log.debug(String(message)),
    warn: (message: unknown) => log.warn(String(message)),
    error: (message: unknown) => log.error(String(message)),
  };
}

function addressOf({ url = '/' }: IncomingMessage): URL {
  try {
    return new URL(url, 'http://localhost');
  } catch {
    throw new TurnedAway(400, 'BAD_REQUEST', 'The address is not one.');
  }
}

async function viewerOf(verify: Verify, { headers: { authorization } }: IncomingMessage): Promise<Viewer> {
  try {
    return await verify(authorization);
  } catch (error) {
    if (error instanceof Unauthenticated) {
      const scheme = authorization ? 'Bearer error="invalid_token"' : 'Bearer';
      throw new TurnedAway(401, 'UNAUTHENTICATED', error.message, { 'www-authenticate': scheme });
    }
    if (error instanceof KeysUnreachable) throw new TurnedAway(503, 'UNAVAILABLE', error.message, { 'retry-after': '5' }, { cause: error });
    throw error;
  }
}

/** Runs an operation to its end: what has begun is finished, but for reads when their client has gone. */
async function run(
  apollo: ApolloServer<GatewayContext>,
  operation: Operation,
  contextValue: GatewayContext,
  response: ServerResponse,
): Promise<void> {
  const { body, http } = await apollo.executeOperation(operation as never, { contextValue });
  if (body.kind !== 'single') throw new Error('An answer in parts, which the executor does not make.');
  const { data, extensions } = body.singleResult;
  const errors = mostTelling(body.singleResult.errors);
  // 400 only when nothing was run: a client must be able to tell "not understood" from "partly answered".
  const status = http.status ?? (data === undefined && errors ? 400 : 200);
  const retryAfterMs = shedFor(data, errors);
  if (retryAfterMs !== undefined) return send(response, 503, { data: null, errors }, retryAfter(retryAfterMs));
  send(response, status, { ...(data === undefined ? {} : { data }), ...(errors ? { errors } : {}), ...(extensions ? { extensions } : {}) });
}

const retryAfter = (ms: number) => ({ 'retry-after': String(Math.ceil(ms / 1000)) });

/** When services refused all of an operation for now: in how many milliseconds it may come again. */
function shedFor(data: unknown, errors: readonly GraphQLFormattedError[] | undefined): number | undefined {
  const isEmpty = data == null || Object.values(data).every((value) => value === null);
  if (!isEmpty || !errors?.length || errors.some(({ extensions }) => extensions?.['code'] !== 'OVERLOADED')) return undefined;
  return Math.max(...errors.map(({ extensions }) => Number(extensions?.['retryAfterMs'] ?? 1_000)));
}

/** Of an operation that is too large, whatever else is wrong with it need not be told. */
function mostTelling(errors: readonly GraphQLFormattedError[] | undefined): readonly GraphQLFormattedError[] | undefined {
  const tooLarge = errors?.filter(({ extensions, path }) => extensions?.['code'] === OPERATION_TOO_LARGE && !path);
  return tooLarge?.length ? tooLarge : errors;
}

function turnAway(error: unknown, request: IncomingMessage, response: ServerResponse, log: Logger): void {
  if (error instanceof Gone || response.destroyed || (request.destroyed && !request.complete))
    return log.debug({ error }, 'a client has gone');
  if (response.headersSent) {
    log.error({ error }, 'a request failed while it was answered');
    return void response.destroy();
  }
  if (error instanceof Overloaded) {
    const { code, message, retryAfterMs } = error;
    return send(response, 503, errorBody(message, { code, retryAfterMs }), retryAfter(retryAfterMs));
  }
  if (error instanceof TurnedAway) {
    if (error.cause) log.warn({ error: error.cause }, error.message);
    return send(response, error.status, errorBody(error.message, { code: error.code }), error.headers);
  }
  const id = randomUUID();
  log.error({ id, error }, 'a request failed');
  send(response, 500, errorBody(`Something went wrong on our side (${id}).`, { code: 'INTERNAL', id }));
}

const errorBody = (message: string, extensions: Record<string, string | number>) => ({ errors: [{ message, extensions }] });

function send(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>> = {}): void {
  // Ends with a line break, as Apollo Server's own answers do.
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(text);
}
