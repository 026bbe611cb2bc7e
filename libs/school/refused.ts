/**
 * A domain refusal: the request was understood and the rules of the school say no. It reaches the client as a GraphQL error
 * with `extensions.code`; anything else that is thrown is reported as INTERNAL with an id that is in the log.
 */
export class Refused extends Error {
  readonly code: string;
  /** Facts that help to repair the request (the current revision, the limit that was passed); shown to the client. */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = 'Refused';
    this.code = code;
    this.details = details;
  }
}

/** For expressions: `const section = found ?? refuse('NOT_FOUND', '...')`. */
export function refuse(code: string, message: string, details?: Readonly<Record<string, unknown>>): never {
  throw new Refused(code, message, details);
}
