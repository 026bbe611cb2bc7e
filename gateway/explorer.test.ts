import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { lastWeekday } from './explorer.ts';
import { closeAll, openSchool } from './testing.ts';

afterEach(closeAll);

const paths = ['/', '/explorer/start', '/explorer/page.js', '/explorer/page.css', '/explorer/graphiql.js', '/explorer/react.js'];
const development = { signIns: async () => [{ name: 'teacher', description: 'Ms. Ortiz', token: 'a.b.c' }] };
const operations = [
  { name: 'Change', query: 'mutation Change($value: Int!) { saveMark(studentId: "s1", value: $value) { value } }' },
  { name: 'Day', query: 'query Day($date: String, $room: String = "12", $section: ID) { a: named(name: { given: "A" }) }' },
  { name: 'Who', query: '{ principal }' },
];
const get = { method: 'GET', headers: { authorization: '' } };

describe('the explorer', () => {
  test("is not there on a district's own system, nor are its tokens", async () => {
    const { send } = await openSchool();
    for (const path of paths) {
      const response = await send({ ...get, path });
      expect([path, response.status, await response.json()]).toEqual([
        path,
        404,
        { errors: [expect.objectContaining({ extensions: { code: 'NOT_FOUND' } })] },
      ]);
    }
  });

  test('has all that its page names, from this server alone', async () => {
    const { send } = await openSchool({ development });
    const page = await (await send({ ...get, path: '/' })).text();
    const named = [...page.matchAll(/ (?:src|href)="([^"]+)"/g)]
      .map(([, address]) => address!)
      .filter((address) => !address.startsWith('data:'));
    expect(named).toHaveLength(6);
    for (const path of named) {
      expect(path).toMatch(/^\/explorer\//);
      const response = await send({ ...get, path });
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path,
        200,
        path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
      ]);
      expect((await response.text()).length).toBeGreaterThan(100);
    }
  });

  test('lets its page load nothing from elsewhere, run no script of another, and sit in no frame', async () => {
    const { send } = await openSchool({ development });
    const response = await send({ ...get, path: '/' });
    const policy = response.headers.get('content-security-policy');
    await response.body?.cancel();
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; connect-src 'self';.*frame-ancestors 'none'$/);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  });

  test('starts with who can sign in, our operations (questions first), and a value for each of their variables that has none', async () => {
    const defaults = async () => ({ date: '2026-11-18' });
    const { send } = await openSchool({ development: { ...development, defaults }, operations });
    const response = await send({ ...get, path: '/explorer/start' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      signIns: await development.signIns(),
      operations: [
        { ...operations[1], kind: 'query', variables: { date: '2026-11-18', section: null } },
        { ...operations[2], kind: 'query', variables: {} },
        { ...operations[0], kind: 'mutation', variables: { value: null } },
      ],
    });
  });

  test('starts with a weekday when it is not told a better day', async () => {
    const { send } = await openSchool({ development, operations });
    const { operations: offered } = (await (await send({ ...get, path: '/explorer/start' })).json()) as {
      operations: { variables: object }[];
    };
    expect(offered[0]!.variables).toEqual({ date: lastWeekday(new Date()), section: null });
    expect(['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'].map((day) => lastWeekday(new Date(`${day}T12:00`)))).toEqual([
      '2026-11-20',
      '2026-11-20',
      '2026-11-20',
      '2026-11-23',
    ]);
  });

  test('whose reader leaves halfway is no error of ours', async () => {
    const { url, logged, send } = await openSchool({ development });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET /explorer/graphiql.js HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'readable'); // nothing is read: the rest waits in the server
    socket.resetAndDestroy();
    while (!logged.some(({ msg }) => msg === 'a client has gone')) await new Promise((later) => setTimeout(later, 5));
    expect(logged.filter(({ level }) => (level as number) >= 40)).toEqual([]);
    expect((await send({ ...get, path: '/livez' })).status).toBe(200);
  });

  test('is not read by POST, and what it does not have is not there', async () => {
    const { send } = await openSchool({ development });
    for (const init of [
      { path: '/explorer/start' },
      { ...get, path: '/explorer/' },
      { ...get, path: '/explorer/../viewer.ts' },
      { ...get, path: '/explorer/%2e%2e/package.json' },
      { ...get, path: '/__proto__' },
    ]) {
      const response = await send(init);
      expect([init.path, response.status]).toEqual([init.path, 404]);
      await response.body?.cancel();
    }
  });

  test.each([
    ['localhost:4000', 200],
    ['127.0.0.1:4000', 200],
    ['[::1]:4000', 200],
    ['rollbook.localhost', 200],
    ['elsewhere.example', 421],
    ['localhost.elsewhere.example:4000', 421],
    ['127.0.0.1.elsewhere.example', 421],
  ])("called by the name %s answers %i: no other site's page can read its tokens", async (host, status) => {
    const { url } = await openSchool({ development });
    const answered = new Promise<number>((resolve, reject) => {
      request(`${url}/explorer/start`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      })
        .on('error', reject)
        .end();
    });
    expect(await answered).toBe(status);
  });
});
