import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { limits } from '@rollbook/subgraph/limits.ts';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { answerOf, closeAll, openSchool, tinySubgraph } from './testing.ts';

afterEach(closeAll);

const query = '{ principal }';
const good = JSON.stringify({ query });

/** A school that says whether any service was asked. */
async function watched() {
  const asked = jest.fn(tinySubgraph('student').execute);
  return { ...(await openSchool({ sources: { student: { execute: asked } } })), asked };
}

describe('a request that is turned away says why, and reaches no service', () => {
  const json = (body: unknown): RequestInit => ({ body: JSON.stringify(body) });
  const cases: [string, RequestInit & { path?: string }, number, string, RegExp][] = [
    ['GET', { method: 'GET', path: '/graphql?query={principal}' }, 405, 'METHOD_NOT_ALLOWED', /by POST/],
    ['PUT', { method: 'PUT', body: good }, 405, 'METHOD_NOT_ALLOWED', /by POST/],
    ['DELETE', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED', /by POST/],
    ['another address', { path: '/graph', body: good }, 404, 'NOT_FOUND', /nothing at \/graph; the graph is at \/graphql/],
    ['text/plain', { body: good, headers: { 'content-type': 'text/plain' } }, 415, 'UNSUPPORTED_MEDIA_TYPE', /application\/json/],
    [
      'a form',
      { body: 'query={principal}', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      /json/,
    ],
    ['multipart', { body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=x' } }, 415, 'UNSUPPORTED_MEDIA_TYPE', /json/],
    ['no type', { body: good, headers: { 'content-type': '' } }, 415, 'UNSUPPORTED_MEDIA_TYPE', /json/],
    ['application/jsonp', { body: good, headers: { 'content-type': 'application/jsonp' } }, 415, 'UNSUPPORTED_MEDIA_TYPE', /json/],
    ['UTF-16', { body: good, headers: { 'content-type': 'application/json; charset=utf-16' } }, 415, 'UNSUPPORTED_MEDIA_TYPE', /UTF-8/],
    ['gzip', { body: good, headers: { 'content-encoding': 'gzip' } }, 415, 'UNSUPPORTED_MEDIA_TYPE', /not encoded as "gzip"/],
    ['no body', { body: '' }, 400, 'BAD_REQUEST', /is not JSON/],
    ['half a body', { body: good.slice(0, -3) }, 400, 'BAD_REQUEST', /is not JSON/],
    ['what is not UTF-8', { body: Buffer.from('{"query":"{ a(name: \\"Jos\xe9\\") }"}', 'latin1') }, 400, 'BAD_REQUEST', /not UTF-8/],
    ['null', json(null), 400, 'BAD_REQUEST', /needs "query"/],
    ['a number', json(7), 400, 'BAD_REQUEST', /needs "query"/],
    ['a list', json([{ query }, { query }]), 400, 'BAD_REQUEST', /one operation in a request, not a list/],
    ['no query', json({ variables: {} }), 400, 'BAD_REQUEST', /needs "query"/],
    ['an empty query', json({ query: ' \n' }), 400, 'BAD_REQUEST', /needs "query"/],
    ['a query that is no text', json({ query: { kind: 'Document' } }), 400, 'BAD_REQUEST', /needs "query"/],
    ['a persisted query', json({ extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } }), 400, 'BAD_REQUEST', /needs "query"/],
    ['an operationName that is no text', json({ query, operationName: 7 }), 400, 'BAD_REQUEST', /"operationName" must be text/],
    ['variables in a list', json({ query, variables: ['s1'] }), 400, 'BAD_REQUEST', /"variables" must be an object/],
    ['variables in a text', json({ query, variables: '{"id":"s1"}' }), 400, 'BAD_REQUEST', /"variables" must be an object/],
  ];
  test.each(cases)('%s', async (_, init, status, code, message) => {
    const { send, asked } = await watched();
    const answer = await answerOf(await send(init));
    expect(answer.errors).toEqual([{ message: expect.stringMatching(message), extensions: { code } }]);
    expect(answer.status).toBe(status);
    expect(asked).not.toHaveBeenCalled();
  });

  test('HEAD', async () => {
    const { send } = await watched();
    const { status, headers } = await send({ method: 'HEAD' });
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'POST' });
  });

  test('an address that is not one', async () => {
    const { url } = await openSchool();
    expect(await rawly(url, 'GET // HTTP/1.1\r\nHost: school\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [^]*"BAD_REQUEST"/);
  });

  test('a header that is too large', async () => {
    const { send } = await openSchool();
    expect((await send({ body: good, headers: { 'x-note': 'a'.repeat(20_000) } })).status).toBe(431);
  });
});

test.each(['application/json', 'Application/JSON;charset=UTF-8', 'application/json; charset="utf-8"'])('%s is accepted', async (type) => {
  const { send } = await openSchool();
  expect(await answerOf(await send({ body: good, headers: { 'content-type': type } }))).toMatchObject({ data: { principal: 'Ms. Pi' } });
});

describe('a body', () => {
  const sized = (bytes: number) => good.padEnd(bytes);

  test('of 256 kB is read, and one of a byte more is 413 with the limit, on a connection that goes on', async () => {
    const { url, token, send } = await openSchool();
    expect((await send({ body: sized(limits.bodyBytes) })).status).toBe(200);
    const answer = await answerOf(await send({ body: sized(limits.bodyBytes + 1) }));
    expect(answer).toMatchObject({
      status: 413,
      errors: [{ message: expect.stringContaining('262144'), extensions: { code: 'REQUEST_TOO_LARGE' } }],
    });

    const request = (body: string) =>
      `POST /graphql HTTP/1.1\r\nHost: school\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${body.length}\r\n`;
    const much = sized(4 * limits.bodyBytes);
    const answers = await rawly(url, `${request(much)}\r\n${much}${request(good)}Connection: close\r\n\r\n${good}`);
    expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });

  test('without an announced length is measured as it comes', async () => {
    const { url, token } = await openSchool();
    const request = httpRequest(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    for (let n = 0; n < 5; n++) request.write(' '.repeat(64 * 1024));
    request.end(good);
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(413);
    response.resume();
  });

  test('is not read when nobody is signed in', async () => {
    const { send } = await openSchool();
    expect((await send({ body: sized(2 * limits.bodyBytes), headers: { authorization: '' } })).status).toBe(401);
  });

  test('that stops halfway because the client has gone is no error of ours', async () => {
    const { url, token, logged, send } = await openSchool();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: school\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\nContent-Length: 100\r\n\r\n{`,
    );
    await new Promise((later) => setTimeout(later, 50));
    socket.destroy();
    while (!logged.some(({ msg }) => msg === 'a client has gone')) await new Promise((later) => setTimeout(later, 5));
    expect(logged.filter(({ level }) => (level as number) >= 40)).toEqual([]);
    expect((await send({ body: good })).status).toBe(200);
  });
});

/** Sends these very bytes and reads until the other side ends. */
async function rawly(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
