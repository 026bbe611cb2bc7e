/* eslint-disable @typescript-eslint/no-explicit-any -- answers are as the graph says; the assertions are their types */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { developmentIssuer } from '@rollbook/district/issuer.ts';
import { signRequest } from '@rollbook/subgraph/token.ts';
import { randomUUIDv7, sign } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { run, type Program } from './programs.ts';
import { ask, inDatabases } from './topologies.ts';

// What a stranger, a broken program or an attacker may send to one process that serves a district: each is told what is wrong, the
// next request is answered, nothing is half saved, and the process does not grow.

const dir = mkdtempSync(join(tmpdir(), 'rollbook-hostile-'));
let server: Program;
let url: string;
let teacher: string;
/** A save that is right in itself, each time under an id of its own. */
let save: () => { query: string; variables: { input: { saveId: string } } };
let memoryBefore: number;

const megabyte = 1024 * 1024;
const procStatus = () => `/proc/${server.child.pid}/status`;
/** What the process holds now, and the most it ever held; in bytes. */
function memory(): { now: number; most: number } {
  const text = readFileSync(procStatus(), 'utf8');
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)![1]) * 1024;
  return { now: of('VmRSS'), most: of('VmHWM') };
}

beforeAll(async () => {
  server = run('start.ts', '--data', dir, '--port', '0', '--students', '150');
  await server.hasPrinted('Ctrl-C ends everything');
  url = /ready after .* s: {2}(\S+)/.exec(server.printed())![1]!;
  teacher = readFileSync(join(dir, 'tokens', 'teacher'), 'utf8');
  const { variables } = JSON.parse(/-d '(\{.*\})'$/m.exec(server.printed())![1]!) as { variables: { date: string } };
  const day = `query ($date: Date!) { myDay(date: $date) { sectionId section { roster(on: $date) { student { id } latestMark { revision gradingPeriod { id } } } } } }`;
  const { data } = await ask({ url }, teacher, day, variables);
  const [{ sectionId, section }] = data.myDay;
  const { student, latestMark } = section.roster.find((row: any) => row.latestMark);
  save = () => ({
    query: `mutation Save($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome code } } }`,
    variables: {
      input: {
        ...{ saveId: randomUUIDv7(), sectionId, gradingPeriodId: latestMark.gradingPeriod.id },
        cells: [{ studentId: student.id, baseRevision: latestMark.revision, value: 'A' }],
      },
    } as any,
  });
  for (let n = 0; n < 50; n++) await ask({ url }, teacher, day, variables);
  if (existsSync(procStatus())) memoryBefore = memory().now;
}, 180_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}
interface Told {
  readonly status: number;
  readonly body: any;
}
async function send({ method = 'POST', path = '/graphql', headers = {}, body }: Sent): Promise<Told> {
  const all = { 'content-type': 'application/json', authorization: `Bearer ${teacher}`, ...headers };
  const response = await request(`${url}${path}`, { method: method as 'POST', headers: all, ...(body === undefined ? {} : { body }) });
  return { status: response.statusCode, body: await response.body.json() };
}
const json = (content: unknown): Sent => ({ body: JSON.stringify(content) });
const query = (text: string, variables: object = {}): Sent => json({ query: text, variables });
const repeat = (count: number, part: (n: number) => string) => Array.from({ length: count }, (_, n) => part(n)).join(' ');

async function expectTold(sent: Sent, status: number, code: string, message: RegExp): Promise<void> {
  const told = await send(sent);
  const [error] = told.body.errors;
  expect([told.status, error.extensions.code]).toEqual([status, code]);
  expect(error.message).toMatch(message);
  expect(error.message).not.toMatch(/node_modules|\.ts\b|select |\/home\//);
  expect(told.body.data ?? null).toBeNull();
  expect((await ask({ url }, teacher, '{ me { id } }')).data.me.id).toEqual(expect.any(String));
}

/** Ids of saves that must not have happened. */
const unwanted: string[] = [];
const unwantedSave = () => {
  const one = save();
  unwanted.push(one.variables.input.saveId);
  return one;
};

const fanOut = `{ ...F0 } ${repeat(13, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F13 on Query { me { id } }`;
const deep = (depth: number) => `{ section(id: "x") { ${'marks { section { '.repeat(depth / 2)} id ${'} } '.repeat(depth / 2)} } }`;

describe('an operation that is too large, or runs in circles', () => {
  test.each([
    ['depth 50', () => query(deep(50)), 400, 'OPERATION_TOO_LARGE', /depth/],
    ['2,000 aliases', () => query(`{ ${repeat(2_000, (n) => `a${n}: me { id }`)} }`), 400, 'OPERATION_TOO_LARGE', /token|aliases/],
    ['500 directives', () => query(`{ me { id ${'@skip(if: false) '.repeat(500)} } }`), 400, 'OPERATION_TOO_LARGE', /directives/],
    ['30,000 tokens', () => query(`{ ${'me '.repeat(30_000)} }`), 400, 'OPERATION_TOO_LARGE', /tokens/],
    ['a fragment in itself', () => query('{ ...A } fragment A on Query { me { id } ...A }'), 400, 'GRAPHQL_VALIDATION_FAILED', /itself/],
    [
      'fragments in a circle',
      () => query('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'),
      400,
      'GRAPHQL_VALIDATION_FAILED',
      /itself/,
    ],
    ['fragments that fan out 2^13 times', () => query(fanOut), 400, 'OPERATION_TOO_LARGE', /limit|unfold|fields/],
    ['2 MB of comment in the operation', () => query(`# ${'x'.repeat(2 * megabyte)}\n{ me { id } }`), 413, 'REQUEST_TOO_LARGE', /at most/],
    ['2 MB of comment on a mark', () => json(largeComment()), 413, 'REQUEST_TOO_LARGE', /at most/],
    ['a batch of 1,000', () => json(Array.from({ length: 1_000 }, () => ({ query: '{me{id}}' }))), 400, 'BAD_REQUEST', /one operation/],
    ['a batch of 100 saves', () => json(Array.from({ length: 100 }, unwantedSave)), 400, 'BAD_REQUEST', /one operation/],
    ['a batch of 1,000 saves', () => json(Array.from({ length: 1_000 }, unwantedSave)), 413, 'REQUEST_TOO_LARGE', /at most/],
  ] as const)('%s is refused before anything runs', async (_, sent, status, code, message) => {
    await expectTold(sent(), status, code, message);
  });
  function largeComment(): object {
    const one = unwantedSave() as any;
    one.variables.input.cells[0].comment = 'x'.repeat(2 * megabyte);
    return one;
  }
});

describe('names that every object has', () => {
  test('__proto__ as an alias is refused by name', () =>
    expectTold(query('{ __proto__: me { id } }'), 400, 'GRAPHQL_VALIDATION_FAILED', /__proto__/));
  test.each(['constructor', 'toString', 'hasOwnProperty'])('%s as an alias is a name like others', async (name) => {
    const { body } = await send(query(`{ ${name}: me { id } }`));
    expect(Object.keys(body.data)).toEqual([name]);
  });
  test.each(['__proto__', 'constructor'])('%s as a variable, and in one, changes nothing', async (name) => {
    const text = `query ($${name}: Date!) { myDay(date: $${name}) { date } }`;
    const { status, body } = await send({ body: `{"query": ${JSON.stringify(text)}, "variables": {"${name}": "2026-11-18"}}` });
    if (name === 'constructor') expect(body.data.myDay).toEqual(expect.any(Array));
    else expect([status, body.errors[0].extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    const one = unwantedSave();
    const variables = JSON.stringify(one.variables).replace('{"input":{', `{"input":{"${name}":{"polluted":true},`);
    await expectTold(
      { body: `{"query": ${JSON.stringify(one.query)}, "variables": ${variables}}` },
      400,
      'BAD_USER_INPUT',
      new RegExp(name),
    );
  });
});

describe('what is between the gateway and its services is not there from outside', () => {
  test.each([
    ['_entities', '{ _entities(representations: [{ __typename: "Student", id: "x" }]) { __typename } }'],
    ['_service', '{ _service { sdl } }'],
  ])('%s', (name, text) => expectTold(query(text), 400, 'GRAPHQL_VALIDATION_FAILED', new RegExp(`Cannot query field "${name}"`)));
});

describe('a save that is sent as a page of another site could send it', () => {
  const asQuery = ({ query: text, variables }: { query: string; variables: object }) =>
    new URLSearchParams({ query: text, variables: JSON.stringify(variables) }).toString();
  test.each([
    ['by GET', () => ({ method: 'GET', path: `/graphql?${asQuery(unwantedSave())}` }), 405, 'METHOD_NOT_ALLOWED', /POST/],
    [
      'as text/plain',
      () => ({ ...json(unwantedSave()), headers: { 'content-type': 'text/plain' } }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      /json/,
    ],
    [
      'urlencoded',
      () => ({ body: asQuery(unwantedSave()), headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      /json/,
    ],
  ] as const)('%s is refused', (_, sent, status, code, message) => expectTold(sent(), status, code, message));
});

describe('a save with a token that is none', () => {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  /** Signed with the district's own key, so that only what is changed is wrong. */
  function signed(changed: object, alg = 'ES256'): string {
    const { private: key } = JSON.parse(readFileSync(join(dir, 'development-key.json'), 'utf8')) as { private: string };
    const original = JSON.parse(Buffer.from(teacher.split('.')[1]!, 'base64url').toString()) as object;
    const text = `${part({ alg, kid: 'development' })}.${part({ ...original, ...changed })}`;
    return alg === 'none'
      ? `${text}.`
      : `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }
  const aMinuteAgo = Math.floor(Date.now() / 1000) - 60;
  const tokens: readonly (readonly [what: string, authorization: () => string | Promise<string>, message: RegExp])[] = [
    ['none', () => '', /[Ss]ign in/],
    ['expired', () => `Bearer ${signed({ exp: aMinuteAgo })}`, /expired/],
    ['alg none', () => `Bearer ${signed({}, 'none')}`, /token|issued/],
    ['for another audience', () => `Bearer ${signed({ aud: 'lunch' })}`, /audience/],
    ['of another issuer', () => `Bearer ${signed({ iss: `${developmentIssuer}-2` })}`, /issuer/],
    ["a subgraph's", async () => `Bearer ${await signRequest('a secret between the gateway and grading', 'grading', { subject: randomUUIDv7(), grants: [], students: [] })}`, /token|issued|district/], // prettier-ignore
  ];
  test.each(tokens)('%s is 401', async (_, authorization, message) => {
    const headers = { authorization: await authorization() };
    await expectTold({ ...json(unwantedSave()), headers }, 401, 'UNAUTHENTICATED', message);
  });
  test('the same claims with nothing changed are signed in: the others were refused for what was changed', async () => {
    const { body } = await send({ ...query('{ me { id } }'), headers: { authorization: `Bearer ${signed({})}` } });
    expect(body.data.me.id).toEqual(expect.any(String));
  });
});

const canMeasure = existsSync('/proc/self/status');
(canMeasure ? test : test.skip)(
  `after ten times all of the largest the process has not grown by more than 200 MB, and never was more than 400 MB larger${canMeasure ? '' : ' (skipped: there is no /proc here)'}`,
  async () => {
    const largest = [
      deep(50),
      fanOut,
      `{ ${repeat(2_000, (n) => `a${n}: me { id }`)} }`,
      `{ ${'me '.repeat(30_000)} }`,
      `# ${'x'.repeat(2 * megabyte)}`,
    ];
    for (let n = 0; n < 10; n++) await Promise.all(largest.map((text) => send(query(text))));
    const { now, most } = memory();
    expect((now - memoryBefore) / megabyte).toBeLessThan(200);
    expect((most - memoryBefore) / megabyte).toBeLessThan(400);
  },
  60_000,
);

test('of all these saves none is in the database, not even in part; the same save sent as it should be is', async () => {
  const good = save();
  const { status, body } = await send(json(good));
  expect([status, body.data.saveMarks.rows.length]).toEqual([200, 1]);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  await inDatabases(dir, async (sql) => {
    const kept = async (ids: string[]) => sql('grading', 'select id from save where id = any ($1)', [ids]);
    expect(unwanted.length).toBeGreaterThan(1_000);
    expect(await kept(unwanted)).toEqual([]);
    expect(await kept([good.variables.input.saveId])).toHaveLength(1);
  });
}, 60_000);
