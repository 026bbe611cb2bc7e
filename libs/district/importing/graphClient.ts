import { Agent, request } from 'undici';

/** The graph refused or could not be reached; the message says what to do. */
export class GraphError extends Error {
  override name = 'GraphError';
  readonly code: string;
  /** When the graph says how long to wait before the next try. */
  readonly retryAfterMs: number | undefined;
  constructor(code: string, message: string, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

const passing = new Set(['UNAVAILABLE', 'SUBGRAPH_UNAVAILABLE', 'OVERLOADED', 'IMPORT_BATCH_RUNNING']);
const tries = 6;

/** How often work waits for its turn behind what is more urgent: an evening. */
const turns = 5_000;

/**
 * Asks the graph over HTTP. What may pass by itself (a service that restarts) is asked again, up to six times; what has to wait for
 * others' saves waits.
 */
export class GraphClient {
  readonly #url: string;
  readonly #token: string;
  readonly #agent = new Agent({ connections: 8, headersTimeout: 120_000, bodyTimeout: 120_000 });

  constructor(url: string, token: string) {
    this.#url = new URL('/graphql', url).href;
    this.#token = token;
  }

  async ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    for (let n = 1, waited = 0; ; n++) {
      try {
        return await this.#once<T>(query, variables);
      } catch (error) {
        if (error instanceof GraphError && error.code === 'OVERLOADED' && ++waited < turns) {
          await new Promise((done) => setTimeout(done, error.retryAfterMs ?? 1_000));
          n = 0;
          continue;
        }
        const mayPass = error instanceof GraphError ? passing.has(error.code) : true;
        if (!mayPass || n === tries) throw error;
        await new Promise((done) => setTimeout(done, Math.random() * 250 * 2 ** n));
      }
    }
  }

  async #once<T>(query: string, variables: Record<string, unknown>): Promise<T> {
    const response = await request(this.#url, {
      method: 'POST',
      dispatcher: this.#agent,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.body.json()) as {
      data?: T;
      errors?: { message: string; extensions?: { code?: string; retryAfterMs?: number } }[];
    };
    const [error] = errors ?? [];
    if (error) throw new GraphError(error.extensions?.code ?? 'INTERNAL', error.message, error.extensions?.retryAfterMs);
    return data!;
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}
