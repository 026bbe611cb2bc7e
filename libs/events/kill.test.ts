import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Pool } from '@rollbook/postgres';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { countOn, faultsIn, heardIn, inTransaction, open, openLedger, type Ledger } from './rehearsal/ledger.ts';

let source: Ledger;
let listener: Ledger;
let counting: Pool;
let hearing: Pool;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  source = await openLedger();
  listener = await openLedger();
  counting = open(source.app, 'test');
  hearing = open(listener.app, 'test');
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all([counting.end(), hearing.end()]);
  await Promise.all([source.drop(), listener.drop()]);
});
afterAll(() => expect(children.size).toBe(0));

function start(program: 'writer' | 'listener', ...args: string[]): ChildProcess {
  const child = fork(join(import.meta.dirname, 'rehearsal', `${program}.ts`), args, {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'] },
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}
const listen = (...fault: string[]) => start('listener', source.app, listener.app, ...fault);
const ended = async (child: ChildProcess) => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.signalCode ?? child.exitCode;
};
const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));
async function untilHeard(count: number): Promise<void> {
  while ((await hearing.query<{ n: number }>('select count(*)::int as n from heard')).rows[0]!.n < count) await pause(20);
}

// Two batches and a half; so the second time at a step is in the second batch, but inside a transaction, in its middle.
const events = 500;
const faults: [step: string, time: number, heard: number][] = [
  ['before reading', 1, 0],
  ['before reading', 2, 200],
  ['after reading', 1, 0],
  ['after reading', 2, 200],
  ['inside the transaction', 1, 0],
  ['inside the transaction', 77, 0],
  ['inside the transaction', 277, 200],
  ['before the commit', 2, 0], // the first transaction asks where it was
  ['before the commit', 3, 200],
  ['after the commit', 1, 0],
  ['after the commit', 2, 200],
  ['after the commit', 4, 500],
];
for (const [step, time, heard] of faults)
  test(`a listener that is killed ${step}, the ${time}. time, has applied whole batches, and goes on with the next event`, async () => {
    for (let n = 0; n < events; n += 50)
      await inTransaction(counting, async (client) => {
        for (let i = 0; i < 50; i++) await countOn(client, `counter ${i % 7}`);
      });
    expect(await ended(listen(step, String(time)))).toBe('SIGKILL');
    expect(await heardIn(hearing)).toHaveLength(heard);
    const again = listen();
    await untilHeard(events);
    await inTransaction(counting, (client) => countOn(client, 'counter 0'));
    await untilHeard(events + 1);
    again.kill('SIGKILL');
    await ended(again);
    const all = await heardIn(hearing);
    expect(faultsIn(all)).toEqual([]);
    expect(all).toHaveLength(events + 1);
  });

test('two listeners of one service at once apply each event once, in order', async () => {
  const both = [listen(), listen()];
  for (let n = 0; n < 300; n++) await inTransaction(counting, (client) => countOn(client, `counter ${n % 3}`));
  await untilHeard(300);
  await pause(100);
  for (const child of both) child.kill('SIGKILL');
  await Promise.all(both.map(ended));
  expect(faultsIn(await heardIn(hearing))).toEqual([]);
  expect(await heardIn(hearing)).toHaveLength(300);
});

const seed = Number(process.env['ROLLBOOK_SEED'] ?? Date.now() % 1_000_000);
test(`twenty writers of 500 events on five counters, killed again and again, and so is who listens: each is heard once and in order (ROLLBOOK_SEED=${seed})`, async () => {
  const [writers, each] = [20, 500];
  const random = mulberry(seed);
  const counters = ['a', 'b', 'c', 'd', 'e'];
  const write = (n: number) =>
    start('writer', source.app, `writer ${n}`, String(each), ...counters.slice(n % 5), ...counters.slice(0, n % 5));
  const running = Array.from({ length: writers }, (_, n) => write(n));
  let hearer = listen();
  const told = async () => (await counting.query<{ n: number }>('select coalesce(sum(n), 0)::int as n from counter')).rows[0]!.n;
  // The next kill waits until more was written, not until some time is over: however slow the machine, writing gets on between two kills.
  let kills = 0;
  for (let next = 100; running.some((child) => child.exitCode === null); await pause(20)) {
    for (const [n, child] of running.entries()) if (child.exitCode) throw new Error(`writer ${n} failed`);
    if ((await told()) < next) continue;
    next += Math.floor(100 + random() * 400);
    const victim = Math.floor(random() * (writers + 5));
    if (victim >= writers) {
      hearer.kill('SIGKILL');
      await ended(hearer);
      hearer = listen();
    } else if (running[victim]!.exitCode === null) {
      running[victim]!.kill('SIGKILL');
      await ended(running[victim]!);
      running[victim] = write(victim);
    } else continue;
    kills++;
  }
  await untilHeard(writers * each);
  hearer.kill('SIGKILL');
  await ended(hearer);
  const heard = await heardIn(hearing);
  expect(faultsIn(heard)).toEqual([]);
  expect(heard).toHaveLength(writers * each);
  expect(kills).toBeGreaterThan(10);
  const { rows } = await counting.query<{ n: number }>('select sum(n)::int as n from counter');
  expect(rows[0]!.n).toBe(writers * each);
}, 180_000);

/** A small seeded generator: the same seed kills the same processes at the same pauses. */
function mulberry(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
