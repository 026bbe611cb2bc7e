import { limits } from '@rollbook/subgraph/limits.ts';
import { bodyOf } from '@rollbook/subgraph/listen.ts';
import type { IncomingMessage } from 'node:http';

/** What a client asks of the graph. */
export interface Operation {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
}

/** A request that is turned away before the graph sees it: the message tells the client what to do instead. */
export class TurnedAway extends Error {
  override name = 'TurnedAway';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

const badRequest = (message: string) => new TurnedAway(400, 'BAD_REQUEST', message);

/**
 * A POST of JSON and nothing else. This is also what keeps other sites' pages out: a browser does not send JSON across origins
 * without asking first, and the gateway does not answer that question.
 */
export function checkForm({ method, headers }: IncomingMessage): void {
  if (method !== 'POST') throw new TurnedAway(405, 'METHOD_NOT_ALLOWED', 'Send operations by POST.', { allow: 'POST' });
  const unsupported = (message: string) => new TurnedAway(415, 'UNSUPPORTED_MEDIA_TYPE', message, { accept: 'application/json' });
  const type = (headers['content-type'] ?? '').toLowerCase().replaceAll(' ', '');
  if (!/^application\/json(;charset="?utf-8"?)?;?$/.test(type)) throw unsupported('Send operations as application/json, in UTF-8.');
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw unsupported(`Send operations as they are, not encoded as ${JSON.stringify(encoding)}.`);
}

/** Reads the operation in a request's body. What is left of a body that is too large is let go by unread. */
export async function operationIn(request: IncomingMessage): Promise<Operation> {
  const sent = await bodyOf(request, limits.bodyBytes);
  if (!sent)
    throw new TurnedAway(413, 'REQUEST_TOO_LARGE', `A request holds at most ${limits.bodyBytes} bytes; send large work in several.`);
  const text = textOf(sent);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw badRequest(`The request is not JSON: ${(error as Error).message}.`);
  }
  if (Array.isArray(body)) throw badRequest('Send one operation in a request, not a list of them.');
  const { query, operationName, variables } = (body ?? {}) as Partial<Record<keyof Operation, unknown>>;
  if (typeof query !== 'string' || query.trim() === '') throw badRequest('The request needs "query", the text of an operation.');
  if (operationName != null && typeof operationName !== 'string') throw badRequest('"operationName" must be text.');
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) throw badRequest('"variables" must be an object.');
  return {
    query,
    ...(operationName == null ? {} : { operationName: operationName as string }),
    ...(variables == null ? {} : { variables: variables as Record<string, unknown> }),
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A name must not come in with its letters replaced by question marks. */
function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw badRequest('The request is not UTF-8.');
  }
}
