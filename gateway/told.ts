import { limits } from '@rollbook/subgraph/limits.ts';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { SUBGRAPH_UNAVAILABLE } from './execution/errors.ts';

export const OPERATION_TOO_LARGE = 'OPERATION_TOO_LARGE';

/** What nobody foresaw: the client gets an id, and the log what happened. */
const unforeseen = new Set<unknown>([undefined, 'INTERNAL_SERVER_ERROR', 'DOWNSTREAM_SERVICE_ERROR']);

/**
 * How a service turns the gateway itself away. The client did nothing wrong, and must not be signed out or sent to search its
 * own operation for a mistake: to it, this is internal.
 */
const betweenUs = new Set<unknown>([
  'UNAUTHENTICATED',
  'BAD_REQUEST',
  'METHOD_NOT_ALLOWED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
]);

/**
 * What a client is told of an error: a refusal as it is; a service that did not answer, and what nobody foresaw, with an id under
 * which the log holds the cause.
 *
 * @param openSchema whether messages may name parts of the schema that were not asked about ("Did you mean ...?")
 */
export function told(formatted: GraphQLFormattedError, error: unknown, log: Logger, openSchema: boolean): GraphQLFormattedError {
  const cause = causeOf(error);
  const { code, serviceName, ...extensions } = formatted.extensions ?? {};
  const where = formatted.path ? { path: formatted.path } : {};
  const service = serviceName === undefined ? {} : { serviceName };
  if (unforeseen.has(code) || (serviceName !== undefined && betweenUs.has(code))) {
    const id = randomUUID();
    log.error({ id, ...service, ...where, code, error: cause }, 'internal error');
    return { message: `Something went wrong on our side (${id}).`, ...where, extensions: { code: 'INTERNAL', id, ...service } };
  }
  if (code === SUBGRAPH_UNAVAILABLE) {
    const id = randomUUID();
    log.warn({ id, ...service, ...where, ...extensions, error: cause }, 'a service did not answer');
    return { ...formatted, extensions: { ...formatted.extensions, id } };
  }
  return plainer(formatted, cause, openSchema);
}

/** What was thrown first: errors of GraphQL are wrapped in one another on their way up. */
function causeOf(error: unknown): unknown {
  const { originalError } = error as Partial<GraphQLError>;
  return originalError ? causeOf(originalError) : error;
}

/** Apollo's and graphql-js's own messages in the words of somebody who sends operations. */
function plainer(formatted: GraphQLFormattedError, cause: unknown, openSchema: boolean): GraphQLFormattedError {
  const { message, extensions } = formatted;
  const as = (code: string, text: string) => ({ ...formatted, message: text, extensions: { code } });
  if (/^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(message))
    return as(
      OPERATION_TOO_LARGE,
      `The operation has more than ${limits.tokens} tokens (names, values, brackets). Ask in several requests.`,
    );
  if (message === 'Validation aborted.')
    return as(OPERATION_TOO_LARGE, 'The operation selects the same fields over and over. Select each once.');
  // Apollo gives all errors of validation one code; what a rule says of its own error is kept.
  const ownCode = (cause as Partial<GraphQLError>).extensions?.['code'];
  if (ownCode === OPERATION_TOO_LARGE) return { ...formatted, extensions: { ...extensions, code: ownCode } };
  if (extensions?.['validationErrorCode'] === 'INTROSPECTION_DISABLED')
    return as('GRAPHQL_VALIDATION_FAILED', 'Questions about the schema (__schema, __type) are answered on development systems only.');
  return openSchema ? formatted : { ...formatted, message: message.replace(/ ?Did you mean .+\?$/s, '') };
}
