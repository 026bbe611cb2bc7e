import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpFeed } from '@rollbook/events';
import { SignJWT } from 'jose';
import { once } from 'node:events';
import { Agent, request as send } from 'node:http';
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { administrator, clerk, garfield } from './example/people.ts';
import { library } from './example/subgraph.ts';
import { serveSubgraph, type ServedSubgraph } from './server.ts';
import { openTestSubgraph, type TestSubgraph } from './testing.ts';
import { signRequest, signService } from './token.ts';

const secret = 'a secret of the gateway and its subgraphs';
const log = pino({ level: 'silent' });
let service: TestSubgraph;
let served: ServedSubgraph;
beforeAll(async () => {
  service = await openTestSubgraph(library);
  served = await serveSubgraph(service, { port: 0, secret, log });
  await service.sql(`insert into book (school_id, title, shelf) values ($1, 'Atlas', 'ATLAS')`, [garfield]);
});
afterAll(async () => {
  await served.close();
  await service.close();
});

interface Posted {
  readonly status: number;
  readonly body: { data?: unknown; errors?: { message: string; extensions: { code: string } }[] };
}

async function post(body: unknown, headers: Record<string, string> = {}, of = served): Promise<Posted> {
  const response = await fetch(`${of.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await signRequest(secret, 'library', clerk)}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Posted['body'] };
}
const refusal = ({ status, body }: Posted) => [status, body.errors![0]!.extensions.code, body.errors![0]!.message];

test('an operation is answered', async () => {
  expect(await post({ query: '{ books { nodes { title } } }' })).toEqual({
    status: 200,
    body: { data: { books: { nodes: [{ title: 'Atlas' }] } } },
  });
});

describe('a request that is none is told what is wrong with it', () => {
  const cases: [what: string, answer: () => Promise<Posted>, refusal: [number, string, string | RegExp]][] = [
    ['not JSON', () => post('{ books }'), [400, 'BAD_REQUEST', 'The request is not JSON.']],
    ['nothing', () => post(''), [400, 'BAD_REQUEST', 'The request is not JSON.']],
    ['JSON without a query', () => post({}), [400, 'BAD_REQUEST', 'The request needs "query", the text of an operation.']],
    ['null', () => post('null'), [400, 'BAD_REQUEST', 'The request needs "query", the text of an operation.']],
    [
      'a batch',
      () => post([{ query: '{ books { nodes { title } } }' }]),
      [400, 'BAD_REQUEST', 'The request needs "query", the text of an operation.'],
    ],
    [
      'a query that is no text',
      () => post({ query: ['{ books }'] }),
      [400, 'BAD_REQUEST', 'The request needs "query", the text of an operation.'],
    ],
    [
      'variables that are a text',
      () => post({ query: '{ books { nodes { id } } }', variables: 'x' }),
      [400, 'BAD_REQUEST', '"variables" is an object.'],
    ],
    [
      'variables that are a list',
      () => post({ query: '{ books { nodes { id } } }', variables: [1] }),
      [400, 'BAD_REQUEST', '"variables" is an object.'],
    ],
    [
      'a name that is no text',
      () => post({ query: '{ books { nodes { id } } }', operationName: {} }),
      [400, 'BAD_REQUEST', '"operationName" is a text.'],
    ],
    [
      'an operation that is not there',
      () => post({ query: 'query A { books { nodes { id } } }', operationName: 'B' }),
      [400, 'OPERATION_RESOLUTION_FAILURE', /no operation called "B"/],
    ],
    [
      'a variable that is missing',
      () => post({ query: 'query ($id: ID!) { book(id: $id) { id } }' }),
      [400, 'BAD_USER_INPUT', /"\$id" of required type "ID!"/],
    ],
    [
      'a field that does not exist',
      () => post({ query: '{ shelves { id } }' }),
      [400, 'GRAPHQL_VALIDATION_FAILED', /Cannot query field "shelves"/],
    ],
    [
      'more than the limits',
      () => post({ query: `{ ${'a: books { nodes { id } } '.repeat(201)} }` }),
      [400, 'OPERATION_TOO_LARGE', /limit/],
    ],
    [
      'a body that is too large',
      () => post({ query: '{ books { nodes { id } } }', extensions: 'x'.repeat(5_000_000) }),
      [400, 'BAD_REQUEST', 'The request is larger than 1048576 bytes.'],
    ],
    [
      'a text of another kind',
      () => post('{ books { nodes { id } } }', { 'content-type': 'text/plain' }),
      [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send operations as application/json.'],
    ],
    [
      'a form',
      () => post('query=%7Bbooks%7D', { 'content-type': 'application/x-www-form-urlencoded' }),
      [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send operations as application/json.'],
    ],
    [
      'a kind that only begins like JSON',
      () => post('{}', { 'content-type': 'application/jsonp' }),
      [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send operations as application/json.'],
    ],
    ['GET', () => get('/graphql?query=%7Bbooks%7Bnodes%7Bid%7D%7D%7D'), [405, 'METHOD_NOT_ALLOWED', 'Send operations by POST.']],
    ['another address', () => get('/graphiql'), [404, 'NOT_FOUND', 'There is nothing at this address.']],
    ['an address that is none', () => get('//'), [404, 'NOT_FOUND', 'There is nothing at this address.']],
    [
      'a position that is none',
      () => get('/events?after=x', signService(secret, 'library', 'press')),
      [400, 'BAD_REQUEST', /"after" is a position/],
    ],
    [
      'a wait that is too long',
      () => get('/events?waitMs=60000', signService(secret, 'library', 'press')),
      [400, 'BAD_REQUEST', /"waitMs" at most 30000/],
    ],
  ];
  for (const [what, answer, [status, code, message]] of cases)
    test(what, async () => {
      const [foundStatus, foundCode, foundMessage] = refusal(await answer());
      expect([foundStatus, foundCode]).toEqual([status, code]);
      expect(foundMessage).toMatch(message);
    });

  test('names that every object has are names like others, as alias and as variable', async () => {
    const query =
      'query ($__proto__: Int, $constructor: Int) { __proto__: books(first: $__proto__) { nodes { constructor: title } } hasOwnProperty: books(first: $constructor) { nodes { __proto__: title } } }';
    const { status, body } = await post(
      `{"query": ${JSON.stringify(query)}, "variables": {"__proto__": 1, "constructor": 2}, "__proto__": {"polluted": true}}`,
    );
    expect(status).toBe(200);
    expect(JSON.stringify(body.data)).toBe(
      '{"__proto__":{"nodes":[{"constructor":"Atlas"}]},"hasOwnProperty":{"nodes":[{"__proto__":"Atlas"}]}}',
    );
    expect({}).not.toHaveProperty('polluted');
  });
});

async function get(path: string, token: Promise<string> = signRequest(secret, 'library', clerk), of = served): Promise<Posted> {
  const { hostname, port } = new URL(of.url);
  const request = send({ hostname, port, path, agent: false, headers: { authorization: `Bearer ${await token}` } }).end();
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode!, body: JSON.parse(text) as Posted['body'] };
}

describe('only the gateway is answered, by a token for this subgraph alone', () => {
  const key = new TextEncoder().encode(secret);
  const signed = (change: (jwt: SignJWT) => SignJWT, by: Uint8Array = key, alg = 'HS256') =>
    change(
      new SignJWT({ viewer: administrator })
        .setProtectedHeader({ alg })
        .setIssuer('rollbook-gateway')
        .setAudience('rollbook-library')
        .setIssuedAt()
        .setExpirationTime('30s'),
    ).sign(by);
  const unsigned = (claims: object) =>
    [{ alg: 'none', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const iat = Math.floor(Date.now() / 1000);
  const exp = iat + 60;

  const tokens: [what: string, authorization: () => Promise<string> | string][] = [
    ['none', () => ''],
    ['something else', () => 'Basic Zm9vOmJhcg=='],
    ['one that is no token', () => 'Bearer x.y.z'],
    ['an expired one', async () => `Bearer ${await signed((jwt) => jwt.setExpirationTime(Math.floor(Date.now() / 1000) - 10))}`],
    [
      'one that never expires',
      async () =>
        `Bearer ${await new SignJWT({ viewer: administrator }).setProtectedHeader({ alg: 'HS256' }).setIssuer('rollbook-gateway').setAudience('rollbook-library').setIssuedAt().sign(key)}`,
    ],
    [
      'one signed by somebody else',
      async () => `Bearer ${await signed((jwt) => jwt, new TextEncoder().encode('another secret that is long enough'))}`,
    ],
    [
      'one whose claims were changed',
      async () => {
        const [head, , sign] = (await signRequest(secret, 'library', clerk)).split('.');
        const claims = { viewer: administrator, iss: 'rollbook-gateway', aud: 'rollbook-library', iat, exp };
        return `Bearer ${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${sign}`;
      },
    ],
    [
      'one without a signature',
      () => `Bearer ${unsigned({ viewer: administrator, iss: 'rollbook-gateway', aud: 'rollbook-library', iat, exp })}.`,
    ],
    ['one of another algorithm', async () => `Bearer ${await signed((jwt) => jwt, key, 'HS512')}`],
    ['one for another subgraph', async () => `Bearer ${await signRequest(secret, 'press', administrator)}`],
    ['one of another issuer, by the same secret', async () => `Bearer ${await signed((jwt) => jwt.setIssuer('rollbook'))}`],
    [
      'one that a client got to sign in with, even by the same secret',
      async () => `Bearer ${await signed((jwt) => jwt.setIssuer('rollbook').setAudience('rollbook'))}`,
    ],
  ];
  for (const [what, authorization] of tokens)
    test(`with ${what}: 401, on both roads`, async () => {
      const header = { authorization: await authorization() };
      expect(refusal(await post({ query: '{ books { nodes { id } } }' }, header)).slice(0, 2)).toEqual([401, 'UNAUTHENTICATED']);
      expect((await fetch(`${served.url}/events`, { headers: header })).status).toBe(401);
    });

  test("a service's token opens the events and no operation; a person's opens operations and no events", async () => {
    const ofService = { authorization: `Bearer ${await signService(secret, 'library', 'press')}` };
    expect(refusal(await post({ query: '{ books { nodes { id } } }' }, ofService)).slice(0, 2)).toEqual([403, 'FORBIDDEN']);
    expect(await get('/events', signService(secret, 'library', 'press'))).toMatchObject({ status: 200 });
    expect(refusal(await get('/events')).slice(0, 2)).toEqual([403, 'FORBIDDEN']);
  });
});

describe('events over HTTP', () => {
  test('are those that were told, from the position asked for, and are waited for', async () => {
    const feed = httpFeed(served.url, () => signService(secret, 'library', 'press'));
    const never = new AbortController().signal;
    const tell = (n: number) =>
      service.database.transaction(clerk, null, (tx) => tx.tell({ type: 'Numbered', aggregate: 'a', payload: { n } }));
    await tell(1);
    const [first] = await feed(0, 0, never);
    expect(first).toMatchObject({ position: 1, type: 'Numbered', aggregate: 'a', payload: { n: 1 } });
    expect(await feed(1, 0, never)).toEqual([]);
    const awaited = feed(1, 20_000, never);
    await tell(2);
    expect(await awaited).toMatchObject([{ position: 2, payload: { n: 2 } }]);
  });

  test('a listener that goes away while it waits is forgotten', async () => {
    const gone = new AbortController();
    const waiting = httpFeed(served.url, () => signService(secret, 'library', 'press'))(1_000, 20_000, gone.signal);
    setTimeout(() => gone.abort(), 50);
    await expect(waiting).rejects.toThrow(/abort/i);
  });
});

describe('an open port has limits', () => {
  const read = async (socket: Socket) => {
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  };

  const trickled = async (head: string, drop: string) => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(head);
    const trickle = setInterval(() => socket.write(drop), 500);
    try {
      return await read(socket);
    } finally {
      clearInterval(trickle);
      socket.destroy();
    }
  };

  test('whoever trickles the headers, or a request that may be sent, is cut off', async () => {
    const head = 'POST /graphql HTTP/1.1\r\nhost: here\r\n';
    const signed = `authorization: Bearer ${await signRequest(secret, 'library', clerk)}\r\n`;
    const form = 'content-type: application/json\r\ncontent-length: 100000\r\n\r\n';
    const answers = await Promise.all([trickled(head, 'x-a: b\r\n'), trickled(head + signed + form, ' ')]);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  }, 50_000);

  test('headers may hold what the gateway signs for a parent of many, and not more than 32 kB', async () => {
    const noted = (bytes: number) => post({ query: '{ books { nodes { title } } }' }, { 'x-note': 'a'.repeat(bytes) }).catch(() => 'none');
    expect(await noted(24_000)).toMatchObject({ status: 200 });
    const response = await fetch(`${served.url}/livez`, { headers: { 'x-note': 'a'.repeat(33_000) } });
    expect(response.status).toBe(431);
  });
});

describe('life and end', () => {
  test('it is live and ready', async () => {
    expect(await (await fetch(`${served.url}/livez`)).json()).toEqual({ status: 'live' });
    const ready = await fetch(`${served.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', following: {} }]);
  });

  test('what has begun is finished, what comes later finds the end, and kept connections do not hold it up', async () => {
    const own = await openTestSubgraph(library);
    const ending = await serveSubgraph(own, { port: 0, secret, log });
    await own.sql(`insert into book (school_id, title, shelf) values ($1, 'Slow', 'ATLAS')`, [garfield]);
    // A write of this request waits for the row that somebody else holds.
    let release!: () => void;
    const held = own.database.transaction(administrator, null, async ({ query }) => {
      await query(`select 1 from book where title = 'Slow' for update`);
      await new Promise<void>((done) => (release = done));
    });
    const agent = new Agent({ keepAlive: true });
    const idle = send(`${ending.url}/livez`, { agent }).end();
    (await once(idle, 'response'))[0].resume();

    const [{ id }] = (await own.sql<{ id: string }>(`select id from book where title = 'Slow'`)) as [{ id: string }];
    const running = post({ query: 'mutation ($id: ID!) { renameBook(id: $id, title: "Done") { title } }', variables: { id } }, {}, ending);
    const isWaiting = async () =>
      (await own.sql(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length;
    while (!(await isWaiting())) await new Promise((next) => setTimeout(next, 5));

    const polling = get('/events?after=99&waitMs=20000', signService(secret, 'library', 'press'), ending);
    await new Promise((next) => setTimeout(next, 50));
    // Somebody who has begun to ask whether the service is ready.
    const asking = connect(Number(new URL(ending.url).port), '127.0.0.1');
    asking.write('GET /readyz HTTP/1.1\r\nhost: here\r\n');
    await new Promise((next) => setTimeout(next, 50));

    let closed = false;
    const closing = ending.close().then(() => (closed = true));
    expect(await polling).toEqual({ status: 200, body: [] }); // whoever waits for events is sent home
    expect(closed).toBe(false);
    await expect(fetch(`${ending.url}/livez`)).rejects.toThrow();
    asking.write('\r\n');
    const [answer] = (await once(asking, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 503 .*"status":"ending"/s);
    release();
    expect(await running).toEqual({ status: 200, body: { data: { renameBook: { title: 'Done' } } } });
    await closing;
    await held;
    agent.destroy();
    asking.destroy();
    await own.close();
  }, 9_000); // by the last resort it would end after ten seconds
});

test('more than the service carries out at once waits, and is refused in time: it was never begun', async () => {
  const begun: string[] = [];
  const release = Promise.withResolvers<void>();
  const busy: TestSubgraph = {
    ...service,
    execute: async ({ query }) => {
      begun.push(query);
      await release.promise;
      return { data: {} };
    },
  };
  const small = await serveSubgraph(busy, { port: 0, secret, log, maxConcurrent: 1 });
  try {
    const first = post({ query: '{ first }' }, {}, small);
    while (!begun.length) await new Promise((next) => setTimeout(next, 5));
    const late = await post({ query: '{ late }' }, { 'rollbook-priority': 'LIST' }, small);
    expect([late.status, late.body.errors![0]!.extensions]).toMatchObject([503, { code: 'OVERLOADED', retryAfterMs: expect.any(Number) }]);
    const hasty = await post({ query: '{ hasty }' }, { 'rollbook-priority': 'SAVE', 'rollbook-time-left-ms': '1' }, small);
    expect(hasty.status).toBe(503);
    const [list, save] = [post({ query: '{ list }' }, { 'rollbook-priority': 'LIST' }, small), post({ query: '{ save }' }, { 'rollbook-priority': 'SAVE' }, small)]; // prettier-ignore
    await new Promise((arrived) => setTimeout(arrived, 50));
    release.resolve();
    await Promise.all([first, list, save]);
    expect(begun).toEqual(['{ first }', '{ save }', '{ list }']);
  } finally {
    release.resolve();
    await small.close();
  }
});

test('why a caller was refused is in the log, at most once a minute', async () => {
  const lines: { reason: string; msg: string }[] = [];
  const told = await serveSubgraph(service, {
    port: 0,
    secret,
    log: pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }),
  });
  try {
    for (let n = 0; n < 3; n++) expect((await post({}, { authorization: 'Bearer forged' }, told)).status).toBe(401);
    expect(lines).toMatchObject([{ reason: 'Invalid Compact JWS', msg: expect.stringContaining('are the clocks of both machines right') }]);
  } finally {
    await told.close();
  }
});
