import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { verifyCaller } from '@rollbook/subgraph/token.ts';
import { GraphQLError } from 'graphql';
import type { IncomingMessage, RequestListener } from 'node:http';
import { connect } from 'node:net';
import { closeAll, openSchool, serve, teacher, tinySubgraph, tinySupergraph } from './testing.ts';

afterEach(async () => {
  jest.restoreAllMocks();
  await closeAll();
});

const secret = 'between the gateway and its services';
const marks = '{ students { displayName latestMark } }';
const refusing = (code: string) => () => {
  throw new GraphQLError(`Not for you (${code}).`, { extensions: { code, need: 'GRADES' } });
};

/** A subgraph in another process, as far as the gateway can tell. */
const remote = (name: 'student' | 'grading', { execute } = tinySubgraph(name)): RequestListener => {
  return (request, response) => {
    void (async () => {
      if (request.url === '/readyz') return response.end('{}');
      await verifyCaller(secret, name, request.headers.authorization);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(await execute(JSON.parse(await bodyOf(request)), teacher)));
    })();
  };
};
async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A resolver that waits until the test lets it go on. */
function held() {
  const begun = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const resolver = async () => {
    begun.resolve();
    await release.promise;
    return 'Ms. Pi';
  };
  return { begun: begun.promise, release: release.resolve, student: tinySubgraph('student', { Query: { principal: resolver } }) };
}

describe('an answer', () => {
  test('is JSON that nobody keeps and nobody takes for something else', async () => {
    const { ask } = await openSchool();
    const { status, headers, data } = await ask(marks);
    expect({ status, data }).toMatchObject({ status: 200, data: { students: [{ latestMark: 0 }, { latestMark: 0 }] } });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  test('has no plan, trace, or name of the software behind it', async () => {
    const response = await (
      await openSchool()
    ).send({
      body: JSON.stringify({ query: marks }),
      headers: { 'apollo-federation-include-trace': 'ftv1', 'apollo-query-plan-experimental': '1' },
    });
    expect(Object.keys((await response.json()) as object)).toEqual(['data']);
    expect([...response.headers.keys()].filter((name) => /powered|server|^x-(?!content-type)/.test(name))).toEqual([]);
  });

  test("is not shown to other sites' pages: there is no CORS, for a request or for the question before it", async () => {
    const { send } = await openSchool();
    for (const init of [{ body: JSON.stringify({ query: marks }) }, { method: 'OPTIONS' }]) {
      const response = await send({ ...init, headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' } });
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      await response.body?.cancel();
    }
  });

  test('is the same when the stock executor makes it', async () => {
    const { ask, logged } = await openSchool({ executor: 'stock' });
    expect((await ask(marks)).data).toEqual({ students: [1, 2].map((n) => ({ displayName: `Student s${n}`, latestMark: 0 })) });
    expect(logged.filter(({ level }) => (level as number) >= 40)).toEqual([]);
  });
});

describe('when a service cannot answer, the rest is answered with 200', () => {
  const students = [{ displayName: 'Student s1' }, { displayName: 'Student s2' }];
  const without = { students: students.map((one) => ({ ...one, latestMark: null })) };

  test.each(['FORBIDDEN', 'NOT_FOUND', 'UNAVAILABLE', 'WINDOW_CLOSED'])(
    'a refusal keeps its code %s, its message and its details',
    async (code) => {
      const { ask } = await openSchool({ sources: { grading: tinySubgraph('grading', { Student: { latestMark: refusing(code) } }) } });
      const { status, data, errors } = await ask(marks);
      expect({ status, data }).toEqual({ status: 200, data: without });
      const told = (n: number) => ({
        message: `Not for you (${code}).`,
        path: ['students', n, 'latestMark'],
        extensions: { code, need: 'GRADES', serviceName: 'grading' },
      });
      expect(errors).toEqual([told(0), told(1)]);
    },
  );

  test('one that throws is named, and what it threw is in the log only, under the id that the client has', async () => {
    const execute = async () => {
      throw new Error('relation "marks" does not exist');
    };
    const { ask, logged } = await openSchool({ sources: { grading: { execute } } });
    const { status, data, errors } = await ask(marks);
    expect({ status, data }).toEqual({ status: 200, data: without });
    expect(errors).toMatchObject([{ path: ['students'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'grading' } }]);
    expect(JSON.stringify(errors)).not.toContain('relation');
    expect(logged).toContainEqual(
      expect.objectContaining({
        id: errors![0]!.extensions['id'],
        serviceName: 'grading',
        error: expect.objectContaining({ message: expect.stringContaining('relation "marks"'), stack: expect.any(String) }),
      }),
    );
  });

  test('one that is not there is named, without its address', async () => {
    const gone = await serve(() => undefined);
    await gone.close();
    const { ask, logged } = await openSchool({ sources: { grading: { url: gone.url } } });
    const { status, data, errors } = await ask(marks);
    expect({ status, data }).toEqual({ status: 200, data: without });
    expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'grading', reason: 'NETWORK' } }]);
    expect(JSON.stringify(errors)).not.toContain('127.0.0.1');
    expect(logged).toContainEqual(
      expect.objectContaining({ msg: 'a service did not answer', id: errors![0]!.extensions['id'], reason: 'NETWORK' }),
    );
  });

  test.each([
    ['an error without a code', undefined],
    ['an unforeseen error', 'INTERNAL_SERVER_ERROR'],
    ['a service that does not know the gateway', 'UNAUTHENTICATED'],
    ['a service that does not know the field', 'GRAPHQL_VALIDATION_FAILED'],
  ])('%s is INTERNAL to the client: an id, and the cause in the log', async (_, code) => {
    const errors = [{ message: 'password=12345', path: ['_entities', 0, 'latestMark'], ...(code ? { extensions: { code } } : {}) }];
    const execute = async () => ({ data: { _entities: [{ latestMark: null }, { latestMark: 7 }] }, errors });
    const { ask, logged } = await openSchool({ sources: { grading: { execute: execute as never } } });
    const answer = await ask(marks);
    const { id } = answer.errors![0]!.extensions;
    expect(answer).toMatchObject({ status: 200, data: { students: [{ latestMark: null }, { latestMark: 7 }] } });
    expect(answer.errors).toEqual([
      {
        message: `Something went wrong on our side (${String(id)}).`,
        path: ['students', 0, 'latestMark'],
        extensions: { code: 'INTERNAL', id, serviceName: 'grading' },
      },
    ]);
    expect(logged).toContainEqual(
      expect.objectContaining({ id, level: 50, error: expect.objectContaining({ message: expect.stringContaining('password=12345') }) }),
    );
  });

  test('what a service has logged under its own id keeps that id', async () => {
    const internal = () => {
      throw new GraphQLError('Something went wrong on our side (42).', { extensions: { code: 'INTERNAL', id: '42' } });
    };
    const { ask } = await openSchool({ sources: { grading: tinySubgraph('grading', { Student: { latestMark: internal } }) } });
    expect((await ask(marks)).errors![0]).toMatchObject({
      message: 'Something went wrong on our side (42).',
      extensions: { code: 'INTERNAL', id: '42' },
    });
  });

  test('a null where none is allowed reaches up to where one is', async () => {
    const { ask } = await openSchool({ sources: { student: tinySubgraph('student', { Query: { principal: refusing('FORBIDDEN') } }) } });
    const { status, data, errors } = await ask('{ principal students { grade } }');
    expect({ status, data }).toEqual({ status: 200, data: null });
    expect(errors).toMatchObject([{ path: ['principal'], extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('a mutation', () => {
  const save = 'mutation { saveMark(studentId: "s1", value: 0) { value } }';

  test('that a service refuses is null with the refusal', async () => {
    const { ask } = await openSchool({
      sources: { grading: tinySubgraph('grading', { Mutation: { saveMark: refusing('WINDOW_CLOSED') } }) },
    });
    const { status, data, errors } = await ask(save);
    expect({ status, data }).toEqual({ status: 200, data: { saveMark: null } });
    expect(errors).toMatchObject([{ path: ['saveMark'], extensions: { code: 'WINDOW_CLOSED', serviceName: 'grading' } }]);
  });

  test('runs to its end when the client has gone', async () => {
    const begun = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const saved = Promise.withResolvers<number>();
    const saveMark = async (_: unknown, { value }: { value: number }) => {
      begun.resolve();
      await release.promise;
      saved.resolve(value);
      return { value };
    };
    const { send, logged } = await openSchool({ sources: { grading: tinySubgraph('grading', { Mutation: { saveMark } as never }) } });
    const leaving = new AbortController();
    const answer = send({ body: JSON.stringify({ query: save }), signal: leaving.signal });
    await begun.promise;
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    release.resolve();
    expect(await saved.promise).toBe(0);
    expect(logged.filter(({ level }) => (level as number) >= 40)).toEqual([]);
  });
});

describe('services in other processes', () => {
  test('are asked by a token of half a minute, for that service alone, that says who asks', async () => {
    const callers: unknown[] = [];
    const { url } = await serve((request, response) => {
      void verifyCaller(secret, 'grading', request.headers.authorization).then((caller) => callers.push(caller));
      remote('grading')(request, response);
    });
    const { ask } = await openSchool({ sources: { grading: { url } } });
    expect((await ask(marks)).data).toMatchObject({ students: [{ latestMark: 0 }, { latestMark: 0 }] });
    expect(callers).toMatchObject([{ viewer: teacher, aud: 'rollbook-grading' }]);
    const { exp } = callers[0] as { exp: number };
    expect(exp - Date.now() / 1000).toBeLessThanOrEqual(30);
  });
});

describe('/livez and /readyz', () => {
  const read = async (response: Response) => ({ status: response.status, ...((await response.json()) as object) });
  const get = (path: string) => ({ method: 'GET', path, headers: { authorization: '' } });

  test('say that it runs, and that nothing is missing, to anybody', async () => {
    const { url } = await serve(remote('grading'));
    const { send } = await openSchool({ sources: { grading: { url } } });
    expect(await read(await send(get('/livez')))).toEqual({ status: 'live' });
    expect(await (await send(get('/readyz'))).json()).toEqual({ status: 'ready', missing: [] });
  });

  test('a service that is gone, and one that says it is not ready, are named; the gateway itself is ready', async () => {
    const gone = await serve(() => undefined);
    await gone.close();
    const ailing = await serve((_, response) => response.writeHead(503).end());
    const { send } = await openSchool({ sources: { grading: { url: gone.url }, student: { url: ailing.url } } });
    const response = await send(get('/readyz'));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ready', missing: ['student', 'grading'] });
  });

  test('a service that only listens counts as missing', async () => {
    const { url } = await serve(() => undefined);
    const { send } = await openSchool({ sources: { grading: { url } } });
    expect(await (await send(get('/readyz'))).json()).toEqual({ status: 'ready', missing: ['grading'] });
  });

  test('however many ask, a service is asked once a second', async () => {
    let asked = 0;
    const { url } = await serve((_, response) => {
      asked += 1;
      response.end('{}');
    });
    const { send } = await openSchool({ sources: { grading: { url } } });
    await Promise.all(Array.from({ length: 20 }, async () => (await send(get('/readyz'))).json()));
    expect(asked).toBe(1);
  });
});

describe('more than the gateway carries out at once', () => {
  test('is refused in time with 503, Retry-After and when to come again, and was never begun', async () => {
    const { begun, release, student } = held();
    const { send, ask } = await openSchool({ sources: { student }, maxConcurrent: 1 });
    const first = ask('{ principal }');
    await begun;
    const response = await send({ body: JSON.stringify({ query: '{ students { id } }' }) });
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string; retryAfterMs: number } }[] };
    const [{ extensions }] = errors as [(typeof errors)[number]];
    expect({ status: response.status, code: extensions.code }).toEqual({ status: 503, code: 'OVERLOADED' });
    expect(extensions.retryAfterMs).toBeGreaterThan(0);
    expect(Number(response.headers.get('retry-after'))).toBe(Math.ceil(extensions.retryAfterMs / 1000));
    release();
    expect((await first).data).toEqual({ principal: 'Ms. Pi' });
    expect((await ask('{ students { id } }')).status).toBe(200);
  });

  test('is not begun when its client has gone meanwhile', async () => {
    const { begun, release, student } = held();
    const saved: unknown[] = [];
    const grading = tinySubgraph('grading', { Mutation: { saveMark: (_: unknown, mark: unknown) => void saved.push(mark) } });
    const { send, ask } = await openSchool({ sources: { student, grading }, maxConcurrent: 1 });
    const first = ask('{ principal }');
    await begun;
    const leaving = new AbortController();
    const save = (init: RequestInit = {}) =>
      send({ ...init, body: JSON.stringify({ query: 'mutation { saveMark(studentId: "s1", value: 4) { value } }' }) });
    const gone = save({ signal: leaving.signal });
    await new Promise((arrived) => setTimeout(arrived, 50));
    leaving.abort();
    await expect(gone).rejects.toThrow();
    await new Promise((heard) => setTimeout(heard, 50));
    release();
    await first;
    expect((await save()).status).toBe(200);
    expect(saved).toHaveLength(1);
  });

  test('a service in another process is told how urgent it is and how long it is waited for; its refusal reaches the client', async () => {
    const heads: Record<string, unknown>[] = [];
    const { url } = await serve((request, response) => {
      heads.push(request.headers);
      response.statusCode = 503;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ errors: [{ message: 'Too much.', extensions: { code: 'OVERLOADED', retryAfterMs: 700 } }] }));
    });
    const { ask } = await openSchool({ sources: { grading: { url } } });
    const { status, headers, errors } = await ask('mutation { saveMark(studentId: "s1", value: 4) { value } }');
    expect(errors).toMatchObject([{ message: 'Too much.', extensions: { code: 'OVERLOADED', retryAfterMs: 700 } }]);
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(heads[0]).toMatchObject({ 'rollbook-priority': 'SCREEN' }); // the tiny school's save is not one of the graph's
    expect(Number(heads[0]!['rollbook-time-left-ms'])).toBeGreaterThan(5_000);
  });
});

describe('the end', () => {
  test('a request that has begun is answered, a new one is not let in, and the connection is not kept', async () => {
    const { begun, release, student } = held();
    const { ask, send, url, close } = await openSchool({ sources: { student } });
    const answer = ask('{ principal }');
    await begun;
    const closed = close();
    await expect(send({ body: '{}' })).rejects.toThrow('fetch failed');
    release();
    const { status, headers, data } = await answer;
    expect({ status, connection: headers.get('connection'), data }).toEqual({
      status: 200,
      connection: 'close',
      data: { principal: 'Ms. Pi' },
    });
    await closed;
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test('asked for twice is one end', async () => {
    const { close } = await openSchool();
    await Promise.all([close(), close()]);
    await close();
  });

  test('a connection that only waits does not hold it up', async () => {
    const { url, close } = await openSchool();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.write('GET /livez HTTP/1.1\r\nHost: school\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    await Promise.all([close(), ended]);
  });
});

describe('the start', () => {
  test('a port that is taken is an error that says so', async () => {
    const { url } = await serve(() => undefined);
    const port = Number(new URL(url).port);
    await expect(openSchool({ port })).rejects.toThrow(`Port ${port} is taken by another program`);
  });

  test('a supergraph that names a service without a source is an error that names it', async () => {
    const supergraphSdl = tinySupergraph.replaceAll('"grading"', '"library"');
    await expect(openSchool({ supergraphSdl })).rejects.toThrow('"library" and no source');
  });

  test('is on loopback unless it is told otherwise', async () => {
    const { url } = await openSchool();
    expect(new URL(url).hostname).toBe('127.0.0.1');
  });
});

test('a client that trickles its request is cut off', async () => {
  const { url } = await openSchool();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('POST /graphql HTTP/1.1\r\nHost: school\r\n');
  const trickle = setInterval(() => socket.write('X-A: b\r\n'), 500);
  const chunks: Buffer[] = [];
  socket.on('error', () => undefined);
  try {
    for await (const chunk of socket) chunks.push(chunk as Buffer);
  } finally {
    clearInterval(trickle);
  }
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 408/);
});
