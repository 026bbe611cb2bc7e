import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** What the way between a teacher and the graph can do to a request. */
export type Mischief = 'drop request' | 'drop answer' | 'duplicate' | 'delay' | 'reset' | 'trickle';
export const mischiefs: readonly Mischief[] = ['drop request', 'drop answer', 'duplicate', 'delay', 'reset', 'trickle'];

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, string>;
}
export type Forward = () => Promise<Answered>;

export interface Proxy {
  readonly url: string;
  /** The next requests meet this; `late` is from 0 to 1. */
  arm(mischief: Mischief, requests: number, late: number): void;
  close(): Promise<void>;
}

export interface ProxyOptions {
  readonly port: number;
  /** Hears what the second copy of a request was answered, which no teacher hears. */
  readonly overheard?: (body: string, answer: Answered) => void;
  /** Answers in the graph's place. */
  readonly inPlace?: (body: string, forward: Forward) => Promise<Answered>;
}

/** A proxy on loopback before the gateway at a port: it forwards, and does mischief when it is told to. */
export async function openProxy({ port, overheard, inPlace }: ProxyOptions): Promise<Proxy> {
  const agent = new Agent({ keepAlive: false });
  const armed: { mischief: Mischief; late: number }[] = [];
  const copies = new Set<Promise<unknown>>();

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await textOf(incoming);
    const { mischief, late } = armed.shift() ?? { mischief: null, late: 0 };
    const send = (slowly = false) => forwarded({ agent, port, incoming, body, slowly });
    const forward = () => (inPlace ? inPlace(body, send) : send(mischief === 'trickle'));
    if (mischief === 'drop request') return void outgoing.destroy();
    if (mischief === 'delay') await pause(200 + late * 1_500);
    const first = forward();
    if (mischief === 'duplicate') {
      const second = pause(late * late * 1_500).then(forward);
      // A copy that fails tells nothing.
      const told = second.then((answer) => overheard?.(body, answer)).catch(() => undefined);
      copies.add(told);
      void told.finally(() => copies.delete(told));
    }
    const answer = await first;
    if (mischief === 'drop answer') return void outgoing.destroy();
    outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': String(Buffer.byteLength(answer.text)) });
    if (mischief === 'reset') {
      outgoing.write(answer.text.slice(0, answer.text.length / 2));
      return void outgoing.socket?.resetAndDestroy();
    }
    if (mischief === 'trickle') await trickled(answer.text, (piece) => outgoing.write(piece));
    else outgoing.write(answer.text);
    outgoing.end();
  }

  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => undefined); // the teacher was killed
    pass(incoming, outgoing).catch(() => outgoing.destroy()); // the gateway was
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    arm: (mischief, requests, late) => void armed.push(...Array.from({ length: requests }, () => ({ mischief, late }))),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await Promise.all(copies);
      agent.destroy();
    },
  };
}

interface Forwarding {
  readonly agent: Agent;
  readonly port: number;
  readonly incoming: IncomingMessage;
  readonly body: string;
  readonly slowly: boolean;
}

/** Goes to the end also when the teacher has gone. Rejects when the gateway goes, or does not answer in ten seconds. */
async function forwarded({ agent, port, incoming, body, slowly }: Forwarding): Promise<Answered> {
  const { 'content-type': type = '', authorization = '' } = incoming.headers;
  const headers = { 'content-type': type, authorization, 'content-length': Buffer.byteLength(body) };
  const outgoing = request({ agent, port, host: '127.0.0.1', path: incoming.url, method: incoming.method, headers, timeout: 10_000 });
  outgoing.once('timeout', () => outgoing.destroy(new Error('The gateway does not answer.')));
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  if (slowly) await Promise.race([trickled(body, (piece) => outgoing.write(piece)), answered]);
  else outgoing.write(body);
  outgoing.end();
  const [response] = await answered;
  const text = await textOf(response);
  const kept = ['content-type', 'retry-after'].flatMap((name) => (response.headers[name] ? [[name, String(response.headers[name])]] : []));
  return { status: response.statusCode!, text, headers: Object.fromEntries(kept) };
}

async function trickled(text: string, write: (piece: string) => unknown): Promise<void> {
  const size = Math.ceil(text.length / 20);
  for (let from = 0; from < text.length; from += size) {
    write(text.slice(from, from + size));
    await pause(20);
  }
}

async function textOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
