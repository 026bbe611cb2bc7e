import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ensureDatabase, openPool, startPostgres, type EmbeddedPostgres } from '@rollbook/postgres';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { clerk, garfield } from './example/people.ts';
import { library } from './example/subgraph.ts';
import { serveSubgraph, type ServedSubgraph } from './server.ts';
import { openSubgraph, type Subgraph } from './subgraph.ts';

/** A durable server of its own, which the test kills. */
const home = mkdtempSync(join(tmpdir(), 'rollbook-outage-'));
const dir = join(home, 'data');
const log = pino({ level: 'silent' });
let server: EmbeddedPostgres;
let service: Subgraph;
let served: ServedSubgraph;

beforeAll(async () => {
  server = await startPostgres({ dir });
  const urls = await ensureDatabase(server.url('postgres'), 'library');
  service = await openSubgraph(library, { urls, log, maxReads: 3, maxWrites: 3 });
  served = await serveSubgraph(service, { port: 0, secret: 'secret', log });
});
afterAll(async () => {
  await served.close();
  await service.close();
  await server.stop();
  rmSync(home, { recursive: true });
});

const add = 'mutation ($t: String!) { addBook(input: { schoolId: "' + garfield + '", title: $t }) { id } }';
const list = '{ books { nodes { title } } }';
const codes = async (query: string, variables = {}) =>
  ((await service.execute({ query, variables }, clerk)).errors ?? []).map(({ extensions }) => extensions['code']);
const takeBack = 'mutation { takeBack(loanId: "0198a7b0-0000-7000-8000-0000000000ff", on: "2026-11-21") { id } }';

/** As by a power cut: the server and all its processes at once. Afterwards it recovers from its log. */
async function killServer() {
  process.kill(server.pid, 'SIGKILL');
  const isUp = () =>
    service.database.reads.query('select 1').then(
      () => true,
      () => false,
    );
  while (await isUp()) await new Promise((next) => setTimeout(next, 20));
  await server.stop();
}

/** A database that was away is not tried by everybody at once: the breaker lets one try, every two seconds at the latest. */
async function untilTriedAgain() {
  while ((await codes(list)).length) await new Promise((next) => setTimeout(next, 20));
}

test('without its database a service says UNAVAILABLE and is not ready; with it again, it works again, and what it said was saved is there', async () => {
  const saved: string[] = [];
  for (let round = 0; round < 3; round++) {
    // All connections of all pools are open, and some are in use, when the server dies.
    const writing = Array.from({ length: 12 }, async (_, n) => {
      const title = `${round}-${n}`;
      const answer = await service.execute({ query: add, variables: { t: title } }, clerk);
      if (!answer.errors) saved.push(title);
      else expect(answer.errors[0]!.extensions['code']).toBe('UNAVAILABLE');
    });
    const reading = Array.from({ length: 12 }, () => codes(list));
    await Promise.race(writing);
    await killServer();
    await Promise.all(writing);
    for (const found of await Promise.all(reading)) for (const code of found) expect(code).toBe('UNAVAILABLE');

    for (const query of [list, add, takeBack]) expect(await codes(query, { t: 'never' })).toEqual(['UNAVAILABLE']);
    const { errors } = await service.execute({ query: add, variables: { t: 'never' } }, clerk);
    expect(errors![0]!.message).toBe('The database is not reachable at the moment; nothing was changed. Try again.');
    expect((await fetch(`${served.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${served.url}/livez`)).status).toBe(200);

    server = await startPostgres({ dir });
    await untilTriedAgain();
    // As many at once as the pools have connections: none of them was lost for good.
    for (const [query, expected] of [
      [list, []],
      [add, []],
      [takeBack, ['NOT_FOUND']],
    ] as const)
      expect(await Promise.all(Array.from({ length: 9 }, (_, n) => codes(query, { t: `after ${round}-${n}` })))).toEqual(
        Array.from({ length: 9 }, () => expected),
      );
    expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
    const titles = await service.database.statement<{ title: string }>(clerk, 'select title from book', []);
    expect(titles.map(({ title }) => title)).toEqual(expect.arrayContaining(saved));
    expect(titles.map(({ title }) => title)).not.toContain('never');
  }
  expect(saved.length).toBeGreaterThan(0);
});

test('facts are heard again after the server was away', async () => {
  const never = new AbortController().signal;
  const tell = () => service.database.transaction(clerk, null, (tx) => tx.tell({ type: 'Back', aggregate: 'x', payload: {} }));
  await tell();
  let after = 0;
  for (let events = await service.feed(0, 0, never); events.length; events = await service.feed(after, 0, never))
    after = events.at(-1)!.position;
  const lost = service.feed(after, 20_000, never);
  lost.catch(() => undefined);
  await killServer();
  await expect(lost).rejects.toThrow();
  server = await startPostgres({ dir });
  await untilTriedAgain();
  const waiting = service.feed(after, 20_000, never);
  await tell();
  expect(await waiting).toMatchObject([{ type: 'Back', position: after + 1 }]);
});

test('a server that could lose what it acknowledged is not served on', async () => {
  const weak = join(home, 'weak');
  const volatile = await startPostgres({ dir: weak, settings: { fsync: 'off' } });
  const urls = await ensureDatabase(volatile.url('postgres'), 'library');
  await expect(openSubgraph(library, { urls, log })).rejects.toThrow('fsync is off, must be on');
  const admin = openPool(volatile.url('postgres'), { max: 1, name: 'test' });
  const { rows } = await admin.query(`select 1 from pg_stat_activity where usename like 'rollbook_library%'`);
  await admin.end();
  expect(rows).toEqual([]); // nothing is left open
  await volatile.stop();
});
