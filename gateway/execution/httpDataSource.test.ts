import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { httpDataSource, type HttpSubgraph } from './httpDataSource.ts';
import { INCOMING_OPERATION } from './planTypes.ts';
import { requestContext } from './requestContext.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Received {
  url: string | undefined;
  method: string | undefined;
  headers: IncomingMessage['headers'];
  body: unknown;
  connection: number | undefined;
}

/** A subgraph that answers in this way, and a function that asks it. */
async function subgraph(answer: (response: ServerResponse) => void, config: Partial<HttpSubgraph<{ token: string }>> = {}) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    received.push({
      url: request.url,
      method: request.method,
      headers: request.headers,
      body: JSON.parse(text),
      connection: request.socket.remotePort,
    });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const source = httpDataSource<{ token: string }>({ name: 'grading', url, ...config });
  const stopServer = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  closing.push(stopServer, source.close);
  const ask = (query = 'query A($id: ID) { a }', context = { token: 't1' }) => {
    const incomingRequestContext = requestContext('{ a }', { context });
    return source.process({
      kind: INCOMING_OPERATION,
      incomingRequestContext,
      context: incomingRequestContext.context,
      request: { query, operationName: 'A', variables: { id: 'é' } },
    });
  };
  return { ask, received, stopServer };
}

const json =
  (status: number, body: unknown) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const unavailable = (reason: string) => ({
  message: 'The subgraph "grading" did not answer.',
  extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'grading', reason },
});

test('an operation is posted as JSON with the headers made from the context', async () => {
  const { ask, received } = await subgraph(json(200, { data: { a: 0 } }), {
    headers: ({ token }) => ({ authorization: `Bearer ${token}` }),
  });
  expect(await ask()).toEqual({ data: { a: 0 }, errors: undefined });
  expect(received[0]).toMatchObject({
    url: '/graphql',
    method: 'POST',
    headers: { authorization: 'Bearer t1', 'content-type': 'application/json' },
    body: { query: 'query A($id: ID) { a }', operationName: 'A', variables: { id: 'é' } },
  });
});

test('connections are kept open and used again', async () => {
  const { ask, received } = await subgraph(json(200, { data: { a: 0 } }), { connections: 2 });
  for (let i = 0; i < 10; i++) await ask();
  expect(received).toHaveLength(10);
  expect(new Set(received.map(({ connection }) => connection)).size).toBeLessThanOrEqual(2);
});

test.each([200, 400, 503])('errors in the form of GraphQL are passed on with status %i', async (status) => {
  const errors = [{ message: 'No.', path: ['a'], extensions: { code: 'FORBIDDEN' } }];
  const { ask } = await subgraph(json(status, { errors }));
  expect(await ask()).toEqual({ data: null, errors });
});

test.each([
  ['a server error that is not GraphQL’s', 502, '<html>', 'HTTP_502'],
  ['JSON that is not GraphQL’s', 401, { message: 'who?' }, 'HTTP_401'],
  ['data with a status that says otherwise', 500, { data: { a: 1 } }, 'HTTP_500'],
  ['text that is not JSON', 200, 'OK', 'NOT_JSON'],
  ['JSON that is no answer', 200, [], 'NOT_GRAPHQL'],
  ['neither data nor errors', 200, { data: null }, 'NOT_GRAPHQL'],
  ['errors that are none', 200, { data: { a: 1 }, errors: ['?'] }, 'NOT_GRAPHQL'],
  ['a redirect', 302, '', 'HTTP_302'],
])('%s is a subgraph that is unavailable', async (_, status, body, reason) => {
  const { ask } = await subgraph(json(status, body));
  await expect(ask()).rejects.toMatchObject(unavailable(reason));
});

test('a subgraph that takes too long is given up', async () => {
  const { ask } = await subgraph(() => {}, { timeoutMs: () => 50 });
  await expect(ask()).rejects.toMatchObject(unavailable('TIMEOUT'));
});

test('so is one that stops in the middle of its answer', async () => {
  const { ask } = await subgraph((response) => void response.writeHead(200).write('{"data":'), { timeoutMs: () => 50 });
  await expect(ask()).rejects.toMatchObject(unavailable('TIMEOUT'));
});

test('how long a call may take is for each to say: one that has time is waited for, one that has none is not', async () => {
  const answers: ServerResponse[] = [];
  const timeoutMs = ({ token }: { token: string }) => (token === 'in a hurry' ? 1 : 60_000);
  const { ask } = await subgraph((response) => answers.push(response), { timeoutMs });
  const patient = ask('query A($id: ID) { a }', { token: 'patient' });
  while (!answers.length) await new Promise((later) => setImmediate(later));
  await expect(ask('query A($id: ID) { a }', { token: 'in a hurry' })).rejects.toMatchObject(unavailable('TIMEOUT'));
  json(200, { data: { a: 1 } })(answers[0]!);
  expect(await patient).toMatchObject({ data: { a: 1 } });
});

test('an answer that is too large is not read to its end', async () => {
  const { ask } = await subgraph(json(200, { data: { a: 'x'.repeat(2000) } }), { maxResponseBytes: 1000 });
  await expect(ask()).rejects.toMatchObject(unavailable('RESPONSE_TOO_LARGE'));
});

test('a subgraph that is not there, or hangs up, is unavailable, and nothing is sent twice', async () => {
  const { ask, received, stopServer } = await subgraph((response) => void response.destroy());
  await expect(ask()).rejects.toMatchObject(unavailable('NETWORK'));
  expect(received).toHaveLength(1);
  await stopServer();
  await expect(ask()).rejects.toMatchObject(unavailable('NETWORK'));
});

test('a read is dropped when nobody waits for it any more, a mutation is finished', async () => {
  let leave: (() => void) | undefined;
  const waiter = { hasGone: () => false, onceGone: (call: () => void) => ((leave = call), () => true) };
  const answers: ServerResponse[] = [];
  const { ask } = await subgraph((response) => answers.push(response), { waiter: () => waiter });
  const asked = async (query: string) => {
    const answered = ask(query).then(
      () => 'finished',
      (error: { extensions: { reason: string } }) => error.extensions.reason,
    );
    while (!answers.length) await new Promise((later) => setImmediate(later));
    return { answered, response: answers.pop()! };
  };
  const read = await asked('query A($id: ID) { a }');
  const closed = new Promise((done) => read.response.once('close', done));
  leave!();
  expect(await read.answered).toBe('CLIENT_GONE');
  await closed; // the service sees it too
  leave = undefined;
  const save = await asked('mutation A($id: ID) { a }');
  expect(leave).toBeUndefined();
  json(200, { data: { a: 1 } })(save.response);
  expect(await save.answered).toBe('finished');
});
