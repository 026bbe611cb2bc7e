/** An operation of the graph with the shape of its answer and of its variables, which only the compiler sees. */
export interface TypedOperation<Data, Variables> {
  readonly text: string;
  /** Never there: it carries the types. */
  readonly shapes?: (variables: Variables) => Data;
}

/**
 * What the graph, or the way to it, says instead of an answer. Codes of our own: UNREACHABLE (no answer came: what was asked may have been
 * done or not), NOT_THE_GRAPH (something answered that is not the graph: a proxy, a sign-in page of a hotel), UNAUTHENTICATED,
 * ANOTHER_PERSON (the token is somebody else's). All others are the graph's `extensions.code`.
 */
export class GraphError extends Error {
  override name = 'GraphError';
  readonly code: string;
  readonly path: readonly (string | number)[] | undefined;
  /** How long the graph asks to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** Of HTTP; undefined when no answer came. */
  readonly status: number | undefined;

  constructor(code: string, message: string, more: Partial<Pick<GraphError, 'path' | 'retryAfterMs' | 'status'>> & ErrorOptions = {}) {
    super(message, more);
    this.code = code;
    this.path = more.path;
    this.retryAfterMs = more.retryAfterMs;
    this.status = more.status;
  }
}

/** What was asked, and what of it is missing and why: one service that is down leaves the rest of an answer good. */
export interface Answer<Data> {
  readonly data: Data;
  readonly errors: readonly GraphError[];
}

export interface Graph {
  /**
   * Asks once. Throws a GraphError when there is no data at all.
   *
   * @param person whose token it must be: with another's nothing is sent (ANOTHER_PERSON). Not checked when a token does not say.
   */
  request<Data, Variables>(operation: TypedOperation<Data, Variables>, variables: Variables, person?: string): Promise<Answer<Data>>;
}

export interface GraphOptions {
  /** Where the graph is, `/graphql` included. */
  readonly url: string;
  /** The token of who is signed in, or where to get one that is still good. */
  readonly token: string | (() => string | Promise<string>);
  readonly fetch?: typeof fetch;
  /** After how long without an answer it counts as lost. Default: 15 s for a save, 12 s for what is read. */
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/**
 * The gateway works at an operation for ten seconds, and then answers with what it has: that is waited for. A save is waited for longer,
 * since one that is given up is sent once more.
 */
const saveMs = 15_000;
const readMs = 12_000;

interface Told {
  readonly message?: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number };
}

/** The graph over HTTP. */
export function createGraph({ url, token, fetch = globalThis.fetch, timeoutMs, now = Date.now }: GraphOptions): Graph {
  return {
    async request<Data, Variables>({ text }: TypedOperation<Data, Variables>, variables: Variables, person?: string) {
      const bearer = typeof token === 'string' ? token : await token();
      const owner = person === undefined ? undefined : ownerOf(bearer);
      if (owner !== undefined && owner !== person) throw new GraphError('ANOTHER_PERSON', 'Somebody else is signed in here.');
      let response: Response;
      let body: { data?: Data | null; errors?: Told[] } | undefined;
      try {
        response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
          body: JSON.stringify({ query: text, variables }),
          signal: AbortSignal.timeout(timeoutMs ?? (text.startsWith('mutation') ? saveMs : readMs)),
        });
        const sent = await response.text();
        body = jsonOf(sent);
      } catch (cause) {
        throw new GraphError('UNREACHABLE', 'The graph does not answer.', { cause });
      }
      const { status } = response;
      const pause = pauseOf(response.headers.get('retry-after'), now());
      const errors = Array.isArray(body?.errors) ? body.errors.map((error) => errorOf(error, status, pause)) : [];
      if (body?.data && typeof body.data === 'object' && response.ok) return { data: body.data, errors };
      if (status === 401) throw new GraphError('UNAUTHENTICATED', errors[0]?.message ?? 'Sign in again.', { status });
      if (errors[0]) throw errors[0];
      const message = `What answered is not the graph (HTTP ${status}).`;
      throw new GraphError('NOT_THE_GRAPH', message, pause === undefined ? { status } : { status, retryAfterMs: pause });
    },
  };
}

function errorOf({ message, path, extensions }: Told, status: number, pause: number | undefined): GraphError {
  const retryAfterMs = extensions?.retryAfterMs ?? pause;
  const code = extensions?.code ?? 'NOT_THE_GRAPH';
  return new GraphError(code, String(message), {
    ...{ status },
    ...(path && { path }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function jsonOf(text: string) {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined; // a page of something between us and the graph: NOT_THE_GRAPH
  }
}

/** Retry-After is a number of seconds, or a date. */
function pauseOf(header: string | null, now: number): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return ms >= 0 ? ms : undefined;
}

/** Whose token it is, when it is a JWT: on a computer that is shared, the next person's token must not send this person's work. */
function ownerOf(token: string): string | undefined {
  try {
    const claims = atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'));
    const text = new TextDecoder().decode(Uint8Array.from(claims, (byte) => byte.charCodeAt(0)));
    const { sub } = JSON.parse(text) as { sub?: unknown };
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined; // no JWT: only who issued it can tell
  }
}
