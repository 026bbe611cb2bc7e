import { expect, jest, test } from '@jest/globals';
import { createGraph, type GraphError, type TypedOperation } from './graph.ts';

const operation: TypedOperation<{ me: { id: string } }, { date: string }> = { text: 'query Me($date: Date!) { me { id } }' };
const now = Date.parse('2026-11-20T15:00:00Z');

/** A graph that is answered by hand. */
function graphThat(answer: () => Response | Promise<Response>, token: string | (() => Promise<string>) = 'opaque') {
  const requests: { url: string; init: RequestInit }[] = [];
  const fetch = async (url: unknown, init?: RequestInit) => {
    requests.push({ url: String(url), init: init! });
    return answer();
  };
  return { graph: createGraph({ url: '/graphql', token, fetch: fetch as typeof globalThis.fetch, now: () => now }), requests };
}
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status, headers });
const faultOf = async (answer: () => Response | Promise<Response>): Promise<GraphError> => {
  const { graph } = graphThat(answer);
  return graph.request(operation, { date: '2026-11-20' }).then(
    () => Promise.reject(new Error('It did not fail.')),
    (error) => error as GraphError,
  );
};
const tokenOf = (sub: string) => `x.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.x`;

test('an operation goes as JSON with the token, and its data come back', async () => {
  const { graph, requests } = graphThat(
    () => json({ data: { me: { id: 'miller' } } }),
    async () => 'fresh',
  );
  const { data, errors } = await graph.request(operation, { date: '2026-11-20' });
  expect([data.me.id, errors]).toEqual(['miller', []]);
  expect(requests[0]).toMatchObject({
    ...{ url: '/graphql' },
    init: { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer fresh' } },
  });
  expect(JSON.parse(requests[0]!.init.body as string)).toEqual({ query: operation.text, variables: { date: '2026-11-20' } });
});

test('one service that is down leaves the rest of the answer, and says what is missing', async () => {
  const error = { message: 'down', path: ['me', 'room', 0], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } };
  const { graph } = graphThat(() => json({ data: { me: null }, errors: [error] }));
  const { data, errors } = await graph.request(operation, { date: '2026-11-20' });
  expect(data).toEqual({ me: null });
  expect(errors).toMatchObject([{ code: 'SUBGRAPH_UNAVAILABLE', message: 'down', path: ['me', 'room', 0], status: 200 }]);
});

test('without data it fails with the code of the graph', async () => {
  const refused = { message: 'No such section.', extensions: { code: 'NOT_FOUND' } };
  expect(await faultOf(() => json({ data: null, errors: [refused] }))).toMatchObject({ code: 'NOT_FOUND', message: 'No such section.' });
});

test('how long to wait is told by the graph, by a number of seconds, or by a date', async () => {
  const shed =
    (extensions: object, headers = {}) =>
    () =>
      json({ errors: [{ message: 'later', extensions }] }, 503, headers);
  expect(await faultOf(shed({ code: 'OVERLOADED', retryAfterMs: 1_234 }, { 'retry-after': '9' }))).toMatchObject({ retryAfterMs: 1_234 });
  expect(await faultOf(shed({ code: 'UNAVAILABLE' }, { 'retry-after': '5' }))).toMatchObject({ retryAfterMs: 5_000, status: 503 });
  const date = new Date(now + 30_000).toUTCString();
  expect(await faultOf(() => new Response('busy', { status: 503, headers: { 'retry-after': date } }))).toMatchObject({
    retryAfterMs: 30_000,
  });
  expect(await faultOf(shed({ code: 'UNAVAILABLE' }, { 'retry-after': 'soon' }))).toHaveProperty('retryAfterMs', undefined);
});

test('what is no answer of the graph is told apart from what it refuses', async () => {
  expect(await faultOf(() => Promise.reject(new TypeError('fetch failed')))).toMatchObject({ code: 'UNREACHABLE', status: undefined });
  expect(await faultOf(() => new Response('<h1>Hotel</h1>', { status: 200 }))).toMatchObject({ code: 'NOT_THE_GRAPH', status: 200 });
  expect(await faultOf(() => new Response('Bad gateway', { status: 502 }))).toMatchObject({ code: 'NOT_THE_GRAPH', status: 502 });
  expect(await faultOf(() => json(null))).toMatchObject({ code: 'NOT_THE_GRAPH' });
  expect(await faultOf(() => new Response('{"data":{"me"'))).toMatchObject({ code: 'NOT_THE_GRAPH' });
  expect(await faultOf(() => new Response('', { status: 401 }))).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
});

test("with somebody else's token nothing is sent; a token that does not say whose it is passes", async () => {
  for (const [token, sent] of [
    [tokenOf('müller'), 1],
    [tokenOf('jones'), 0],
    ['opaque', 1],
    ['x.%%%.x', 1],
  ] as const) {
    const { graph, requests } = graphThat(() => json({ data: { me: { id: '' } } }), token);
    const asking = graph.request(operation, { date: '2026-11-20' }, 'müller');
    if (!sent) await expect(asking).rejects.toMatchObject({ code: 'ANOTHER_PERSON' });
    else await asking;
    expect([token, requests.length]).toEqual([token, sent]);
  }
});

test('a save is waited for longer than a screen, unless the program says how long', async () => {
  const limits = jest.spyOn(AbortSignal, 'timeout');
  const { graph } = graphThat(() => json({ data: { saved: 1 } }));
  await graph.request(operation, { date: '2026-11-20' });
  await graph.request({ text: 'mutation Save { saved }' }, {});
  const own = createGraph({ url: '/graphql', token: 'x', fetch: async () => json({ data: { saved: 1 } }), timeoutMs: 777 });
  await own.request({ text: 'mutation Save { saved }' }, {});
  expect(limits.mock.calls).toEqual([[12_000], [15_000], [777]]);
  limits.mockRestore();
});
