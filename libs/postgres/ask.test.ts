import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask } from './ask.ts';
import { openPool, type Pool, type PoolClient } from './pool.ts';
import { startTestServer } from './testing.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
let pool: Pool;
let client: PoolClient;
const written: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  pool = openPool(server.url('postgres'), { max: 1, name: 'test', pipeline: true });
  client = await pool.connect();
  const { stream } = (client as unknown as { connection: { stream: { write(chunk: Buffer): boolean } } }).connection;
  const write = stream.write.bind(stream);
  stream.write = (chunk) => {
    written.push(String.fromCharCode(chunk[0]!)); // the kind of a message is its first byte
    return write(chunk);
  };
});
afterAll(async () => {
  client.release();
  await pool.end();
  await server.stop();
});

const everyKind = {
  name: 'every-kind',
  text: `select $1::int as n, $2::text as "aText", $3::uuid[] as ids, date '2026-11-21' as day, timestamptz '2026-11-21T00:00:00Z' as at,
           numeric '0.10' as exact, null::text as nothing, '{"a":[1]}'::jsonb as json, false as off
         from generate_series(1, $4)`,
  values: [0, "O'Brien", ['018f0000-0000-7000-8000-000000000001'], 2],
};

test('a statement answers the second time what pg itself answers, and its columns are asked for once', async () => {
  const first = await ask(client, everyKind);
  written.length = 0;
  const second = await ask(client, everyKind);
  expect(written.join('')).toBe('BES'); // bind, execute, sync: no parse, no describe
  const { rows } = await client.query(everyKind.text, everyKind.values);
  expect(second).toEqual(rows);
  expect(second).toEqual(first);
  expect(second).toHaveLength(2);
});

test('no rows, no columns and other values are answered alike', async () => {
  expect(await ask(client, { ...everyKind, values: [null, '', [], 1] })).toMatchObject([{ n: null, aText: '', ids: [] }]);
  expect(await ask(client, { ...everyKind, values: [1, '', [], 0] })).toEqual([]);
  const nothing = { name: 'nothing', text: 'select where $1', values: [true] };
  for (let n = 0; n < 3; n++) expect(await ask(client, nothing)).toEqual([{}]);
});

test('what was told of one statement is not forgotten for another', async () => {
  const others = ['one', 'two'].map((name) => ({ name, text: `select $1::text as "${name}"`, values: [name] }));
  for (const other of others) await ask(client, other);
  written.length = 0;
  for (const each of [...others, everyKind]) await ask(client, each);
  expect(written.join('')).toBe('BESBESBES');
  expect(await Promise.all(others.map((other) => ask(client, other)))).toEqual([[{ one: 'one' }], [{ two: 'two' }]]);
});

test('each connection is told of a statement by itself', async () => {
  const other = openPool(server.url('postgres'), { max: 1, name: 'another', pipeline: true });
  const another = await other.connect();
  try {
    const first = await ask(client, everyKind);
    for (let n = 0; n < 2; n++) expect(await ask(another, everyKind)).toEqual(first);
  } finally {
    another.release();
    await other.end();
  }
});

test('a refused value fails its own question, with the place that asked, and the next is answered', async () => {
  const wrong = ask(client, { ...everyKind, values: ['x', '', [], 1] });
  const right = ask(client, everyKind);
  await expect(wrong).rejects.toMatchObject({ code: '22P02', stack: expect.stringContaining('ask.test.ts') });
  expect(await right).toHaveLength(2);
});

test('a text that is not SQL is refused each time, and is known of nothing', async () => {
  for (let n = 0; n < 2; n++)
    await expect(ask(client, { name: 'wrong', text: 'selec 1', values: [] })).rejects.toMatchObject({ code: '42601' });
});
