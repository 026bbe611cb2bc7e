import { Refused, type Viewer } from '@rollbook/school';
import { GraphQLError, type DocumentNode, type GraphQLSchema } from 'graphql';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { openContext } from './context.ts';
import { outcomeOf, type Database } from './database.ts';
import { operationsOf } from './operations.ts';

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

/** Runs operations in a viewer's name. It always answers: what goes wrong is in the answer's errors. */
export function executor(options: { schema: GraphQLSchema; database: Database; log: Logger; now: () => Date }): Execute {
  const { schema, database, log, now } = options;
  const operationOf = operationsOf(schema);

  return async (request, viewer) => {
    const run = operationOf(request);
    if (typeof run !== 'function') return run;
    const { context, end } = openContext(database, viewer, log, now);
    try {
      // Without a prototype: a variable called "constructor" that was not given is not there.
      const result = await run(context, Object.assign(Object.create(null), request.variables));
      if (!result.errors) return { data: result.data ?? null };
      const errors = result.errors.map((error) => told(error, log));
      // Variables that do not fit are found before anything runs: then there is no data, not even null.
      return result.data === undefined ? { rejected: true, errors } : { data: result.data, errors };
    } catch (error) {
      return { data: null, errors: [told(new GraphQLError('', { originalError: error as Error }), log)] };
    } finally {
      end();
    }
  };
}

type Told = NonNullable<GraphAnswer['errors']>[number];

/** What the client is told of an error: a refusal in full, a fault of the request as it is, a fault of ours by an id only. */
function told(error: GraphQLError, log: Logger): Told {
  const cause = thrownBy(error);
  const path = error.path ? { path: [...error.path] } : {};
  const answer = (message: string, extensions: Told['extensions']): Told => ({ message, ...path, extensions });
  if (cause instanceof Refused) return answer(cause.message, { ...cause.details, code: cause.code });
  if (isOfTheRequest(error)) return answer(error.message, { code: 'BAD_USER_INPUT', ...error.extensions });
  const id = randomUUID();
  switch (outcomeOf(cause)) {
    case 'malformed':
      log.info({ id, err: cause, path: error.path }, 'the database could not read a value of the request');
      return answer('A value of the request is not of the form it must have: an id is a UUID, a number or a date is within its range.', {
        code: 'BAD_USER_INPUT',
        id,
      });
    case 'busy':
      log.warn({ id, err: cause, path: error.path }, 'a statement waited or took too long');
      return answer('It took too long, perhaps behind a change of somebody else; nothing was changed. Try again.', later(id));
    case 'unreachable':
      log.warn({ id, err: cause }, 'the database is not reachable');
      return answer('The database is not reachable at the moment; nothing was changed. Try again.', later(id));
    case 'unknown':
      log.warn({ id, err: cause }, 'the connection to the database was lost');
      return answer(
        'The connection to the database was lost: a change may be saved, or not. Look, or send the same request again.',
        later(id),
      );
    default:
      log.error({ id, err: cause ?? error, path: error.path }, 'internal error');
      return answer(`Something went wrong on our side (${id}).`, { code: 'INTERNAL', id });
  }
}

/** Half a second to two, so that those who failed together do not come back together. */
const later = (id: string) => ({ code: 'UNAVAILABLE', id, retryAfterMs: 500 + Math.round(Math.random() * 1_500) });

/** What a resolver threw. graphql-js wraps what is no Error of its own realm. */
function thrownBy({ originalError }: GraphQLError): Error | undefined {
  return ((originalError as { thrownValue?: Error } | undefined)?.thrownValue ?? originalError) as Error | undefined;
}

/**
 * Variables and arguments that do not fit, and what a resolver says to the client in GraphQL's own words. An error of an answer (null
 * where there must be a value, a value that its type does not have) is ours.
 */
function isOfTheRequest(error: GraphQLError): boolean {
  const cause = error.originalError;
  if (cause instanceof GraphQLError && cause.extensions?.['code']) return true;
  if (cause && !(cause instanceof GraphQLError)) return false;
  return !error.path || error.message.startsWith('Argument "');
}
