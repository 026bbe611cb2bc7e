import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tell } from '@rollbook/events';
import { ensureDatabase, openPool, startPostgres, type DatabaseUrls, type EmbeddedPostgres, type Pool } from '@rollbook/postgres';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { signRequest } from './token.ts';
import { administrator } from './example/people.ts';

/** Two services as processes of their own, on a durable server, that speak over HTTP. */
const home = mkdtempSync(join(tmpdir(), 'rollbook-processes-'));
const secret = 'a secret of the gateway and its subgraphs';
let server: EmbeddedPostgres;
let databases: Record<'library' | 'press', DatabaseUrls>;
let pressDatabase: Pool;
const ports: Record<string, string> = {};
const running = new Set<ChildProcess>();

beforeAll(async () => {
  server = await startPostgres({ dir: join(home, 'data') });
  const [library, press] = [await ensureDatabase(server.url('postgres'), 'library'), await ensureDatabase(server.url('postgres'), 'press')];
  databases = { library, press };
  pressDatabase = openPool(press.app, { max: 2, name: 'test' });
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await pressDatabase.end();
  await server.stop();
  rmSync(home, { recursive: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

/** Starts a service, at the port it had before. */
async function start(name: 'library' | 'press', environment: Record<string, string | undefined> = {}): Promise<Running> {
  const child = fork(join(import.meta.dirname, 'example', 'main.ts'), [name], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databases[name].app,
      DATABASE_OWNER_URL: databases[name].owner,
      GATEWAY_SECRET: secret,
      LOG_LEVEL: 'silent',
      PORT: ports[name] ?? '0',
      PRESS_URL: `http://127.0.0.1:${ports['press']}`,
      ...environment,
    },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  ports[name] = new URL(url).port;
  return { child, url };
}

async function kill({ child }: Running, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string> {
  child.kill(signal);
  const [code, by] = (await once(child, 'exit')) as [number | null, string | null];
  return code ?? by!;
}

async function mentions(url: string): Promise<Map<string, string[]>> {
  const library = openPool(databases.library.app, { max: 1, name: 'test' });
  await library.query(`select set_config('rollbook.district', 'on', false)`);
  const { rows } = await library.query<{ id: string; words: string[]; times: number }>('select book_id as id, words, times from mention');
  await library.end();
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  return new Map(rows.map(({ id, words }) => [id, words]));
}

const seed = Number(process.env['ROLLBOOK_SEED'] ?? Date.now() % 1_000_000);
test(`what one service tells the other hears over HTTP, once and in order, while both are killed again and again (ROLLBOOK_SEED=${seed})`, async () => {
  let press = await start('press');
  let library = await start('library');
  const books = Array.from({ length: 5 }, (_, n) => `0198a7b0-0000-7000-8000-00000000000${n}`);
  const victims = fc.sample(fc.constantFrom('press', 'library', 'nobody', 'nobody'), { seed, numRuns: 15 });
  let word = 0;
  const expected = new Map<string, string[]>(books.map((id) => [id, []]));
  for (const victim of victims) {
    for (let n = 0; n < 30; n++) {
      const id = books[word % books.length]!;
      await tell(
        (sql, params) => pressDatabase.query(sql, params),
        [{ type: 'BookMentioned', aggregate: id, payload: { id, word: `w${word}` } }],
      );
      expected.get(id)!.push(`w${word++}`);
    }
    if (victim === 'press') {
      expect(await kill(press, 'SIGKILL')).toBe('SIGKILL');
      press = await start('press');
    } else if (victim === 'library') {
      expect(await kill(library, 'SIGKILL')).toBe('SIGKILL');
      library = await start('library');
    }
  }
  const ready = async () => (await (await fetch(`${library.url}/readyz`)).json()) as { following: { press?: { position: number } } };
  while (((await ready()).following.press?.position ?? 0) < word) await new Promise((next) => setTimeout(next, 20));
  expect(await mentions(library.url)).toEqual(expected);
  expect(await ready()).toEqual({ status: 'ready', following: { press: { position: word, trouble: null } } });

  // A source that is away is told, and the listener stays ready for its own work.
  await kill(press, 'SIGKILL');
  await tell(
    (sql, params) => pressDatabase.query(sql, params),
    [{ type: 'BookMentioned', aggregate: books[0]!, payload: { id: books[0], word: 'last' } }],
  );
  const trouble = async () => (await ready() as unknown as { status: string; following: { press: { trouble: string | null } } }); // prettier-ignore
  while ((await trouble()).following.press.trouble === null) await new Promise((next) => setTimeout(next, 20));
  expect((await trouble()).status).toBe('ready');
  const answer = await fetch(`${library.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await signRequest(secret, 'library', administrator)}` },
    body: JSON.stringify({ query: '{ books { nodes { id } } }' }),
  });
  expect(await answer.json()).toEqual({ data: { books: { nodes: [] } } });
  press = await start('press');
  while ((await ready()).following.press!.position <= word) await new Promise((next) => setTimeout(next, 20));

  expect(await kill(library, 'SIGTERM')).toBe(0);
  expect(await kill(press, 'SIGTERM')).toBe(0);
}, 120_000);

test('a process without what it needs ends with the name of what is missing', async () => {
  for (const name of ['DATABASE_URL', 'DATABASE_OWNER_URL', 'GATEWAY_SECRET', 'PRESS_URL']) {
    const child = fork(join(import.meta.dirname, 'example', 'main.ts'), ['library'], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: databases.library.app,
        DATABASE_OWNER_URL: databases.library.owner,
        GATEWAY_SECRET: secret,
        PRESS_URL: 'http://127.0.0.1:9',
        LOG_LEVEL: 'silent',
        [name]: '',
      },
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    let said = '';
    child.stderr!.on('data', (text: Buffer) => (said += text));
    const [code] = (await once(child, 'close')) as [number];
    expect([code, said]).toEqual([1, expect.stringContaining(`The environment variable ${name} must be set.`)]);
  }
});
