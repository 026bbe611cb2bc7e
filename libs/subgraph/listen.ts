import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Listening {
  readonly url: string;
  /** Stops accepting, finishes what has begun (up to ten seconds), ends. */
  close(): Promise<void>;
}

/** Who asks has this long to send the headers, and a whole request: one that trickles must not hold a connection for ever. */
const headersMs = 10_000;
const requestMs = 30_000;
/** Longer than whoever stands in front keeps theirs, so that it is they who end a connection. */
const keepAliveMs = 65_000;
/** A connection on which nothing moves: somebody who never reads the answer. */
const silentMs = 120_000;
const drainMs = 10_000;

/**
 * An HTTP server with the limits that an open port needs: 408 for a request that takes too long to arrive, 431 for headers that are too
 * large. Rejects when the port cannot be had, with the system's error.
 *
 * @param answer writes the response, and does not reject
 */
export async function listen(
  { port, host, headerBytes }: { port: number; host: string; headerBytes: number },
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listening> {
  const answering = new Set<ServerResponse>();
  let ending: Promise<void> | undefined;
  const server = createServer({ maxHeaderSize: headerBytes, connectionsCheckingInterval: 2_000 }, (request, response) => {
    answering.add(response);
    response.once('close', () => answering.delete(response));
    if (ending) response.shouldKeepAlive = false;
    answer(request, response);
  });
  server.headersTimeout = headersMs;
  server.requestTimeout = requestMs;
  server.keepAliveTimeout = keepAliveMs;
  server.timeout = silentMs;
  server.listen(port, host);
  await once(server, 'listening');

  async function end(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    // A connection that is kept alive would take its next request to a server that is going.
    for (const response of answering) response.shouldKeepAlive = false;
    const hurry = setTimeout(() => server.closeAllConnections(), drainMs);
    await closed;
    clearTimeout(hurry);
  }
  const { address, family, port: bound } = server.address() as { address: string; family: string; port: number };
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    close: () => (ending ??= end()),
  };
}

/** Whoever waits for an answer. */
export interface Waiter {
  /** It has gone without its answer. */
  hasGone(): boolean;
  /** Calls once it has gone without its answer; the answer forgets the call. */
  onceGone(leave: () => void): () => void;
}

export function whoWaitsFor(response: ServerResponse): Waiter {
  // One listener however many calls are made for one request, and nothing else: every request has a waiter.
  let leaves: Set<() => void> | undefined;
  const hasGone = () => response.destroyed && !response.writableEnded;
  return {
    hasGone,
    onceGone: (leave) => {
      if (!leaves) {
        leaves = new Set();
        response.once('close', () => hasGone() && [...leaves!].forEach((each) => each()));
      }
      leaves.add(leave);
      return () => leaves!.delete(leave);
    },
  };
}

/**
 * A request's body; null when it is larger than `limit` bytes: the rest is then let go by, so that the answer can go back on the same
 * connection. By events, which cost less than iterating over the stream does. Rejects when the caller goes in the middle.
 */
export function bodyOf(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  return new Promise((read, failed) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks.length = 0;
        read(null);
      }
    });
    request.once('end', () => read(Buffer.concat(chunks)));
    request.once('error', failed);
    request.once('close', () => request.complete || failed(new Error('The caller has gone in the middle of its request.')));
  });
}
