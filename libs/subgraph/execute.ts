import { Refused, type Viewer } from '@rollbook/school';
import {
  execute,
  GraphQLError,
  Kind,
  parse,
  specifiedRules,
  validate,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { openContext, type Context } from './context.ts';
import type { Database } from './database.ts';
import { limitRules, limits } from './limits.ts';

export interface GraphRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  /** The parsed query, when the caller has it already. */
  readonly document?: DocumentNode | undefined;
}

export interface GraphAnswer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: readonly (string | number)[]; extensions: Record<string, unknown> }[];
  /** True when the request was refused before anything ran: HTTP 400. */
  rejected?: boolean;
}

export type Execute = (request: GraphRequest, viewer: Viewer) => Promise<GraphAnswer>;

type Run = (context: Context, variables: Record<string, unknown>) => Promise<ExecutionResult> | ExecutionResult;
const cachedOperations = 1_000;

/** Runs operations: each document is parsed, checked and compiled once, and kept while it is among the last thousand used. */
export function executor(options: { schema: GraphQLSchema; database: Database; log: Logger; now: () => Date }): Execute {
  const { schema, database, log, now } = options;
  const operations = new Map<string, Run | GraphAnswer>();

  return async (request, viewer) => {
    const key = request.operationName ? `${request.operationName}\n${request.query}` : request.query;
    let run = operations.get(key);
    if (run) operations.delete(key);
    else run = prepare(schema, request, log);
    operations.set(key, run);
    if (operations.size > cachedOperations) operations.delete(operations.keys().next().value!);
    if (typeof run !== 'function') return run;

    const { context, end } = openContext(database, viewer, log, now);
    try {
      const result = await run(context, { ...request.variables });
      if (!result.errors) return { data: result.data ?? null };
      return { data: result.data ?? null, errors: result.errors.map((error) => told(error, log)) };
    } finally {
      end();
    }
  };
}

/** Parses, validates and compiles; a document that is not valid has its answer at once. */
function prepare(schema: GraphQLSchema, request: GraphRequest, log: Logger): Run | GraphAnswer {
  let document: DocumentNode;
  try {
    document = request.document ?? parse(request.query, { maxTokens: limits.tokens });
  } catch (error) {
    const tooLarge = (error as Error).message.includes('tokens');
    return rejected([error as GraphQLError], tooLarge ? 'OPERATION_TOO_LARGE' : 'GRAPHQL_PARSE_FAILED');
  }
  const errors = validate(schema, document, [...specifiedRules, ...limitRules], { maxErrors: 10 });
  if (errors.length) return rejected(errors, 'GRAPHQL_VALIDATION_FAILED');
  const operationName = request.operationName ?? undefined;
  if (!needsGraphqlJs(document)) {
    // Errors are formatted here, not by the compiler; what it cannot compile is run by graphql-js.
    const compiled = compileQuery(schema, document, operationName, {});
    if (isCompiledQuery(compiled)) return (context, variables) => compiled.query(undefined, context, variables);
    log.debug({ operationName }, 'not compiled');
  }
  return (context, variables) =>
    execute({ schema, document, contextValue: context, variableValues: variables, operationName: operationName ?? null });
}

/** graphql-jit 0.8.9 answers documents with @skip or @include, and non-null variables with a default, differently from graphql-js. */
function needsGraphqlJs(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive(directive) {
      if (directive.name.value === 'skip' || directive.name.value === 'include') found = true;
    },
    VariableDefinition(variable) {
      if (variable.defaultValue && variable.type.kind === Kind.NON_NULL_TYPE) found = true;
    },
  });
  return found;
}

function rejected(errors: readonly GraphQLError[], code: string): GraphAnswer {
  return { rejected: true, errors: errors.map((error) => ({ message: error.message, extensions: { code, ...error.extensions } })) };
}

/** What the client is told of an error: a refusal in full, a fault of the request as it is, a fault of ours by an id only. */
function told(error: GraphQLError, log: Logger): NonNullable<GraphAnswer['errors']>[number] {
  const cause = error.originalError;
  const path = error.path ? { path: [...error.path] } : {};
  if (cause instanceof Refused) return { message: cause.message, ...path, extensions: { code: cause.code, ...cause.details } };
  if (!cause || cause instanceof GraphQLError)
    return { message: error.message, ...path, extensions: { code: 'BAD_USER_INPUT', ...error.extensions } };
  const id = randomUUID();
  if (isUnreachable(cause)) {
    log.warn({ id, error: cause }, 'the database is not reachable');
    return {
      message: 'The database is not reachable at the moment; nothing was changed. Try again.',
      ...path,
      extensions: { code: 'UNAVAILABLE', id },
    };
  }
  log.error({ id, error: cause, path: error.path }, 'internal error');
  return { message: `Something went wrong on our side (${id}).`, ...path, extensions: { code: 'INTERNAL', id } };
}

/** Connection refused or lost, server starting or stopping (SQLSTATE classes 08, 57P), no connection free in time. */
function isUnreachable(error: Error): boolean {
  const code = String((error as { code?: unknown }).code ?? '');
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|08|57P|53300)/.test(code) ||
    /timeout exceeded when trying to connect|Connection terminated/.test(error.message)
  );
}
