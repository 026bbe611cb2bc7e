import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool, PoolClient } from '@rollbook/postgres';
import { countOn, inTransaction, open, openLedger, type Ledger } from './rehearsal/ledger.ts';
import { pause, readFeed, tell, watchOutbox, type Event } from './outbox.ts';

const never = new AbortController().signal;
let ledger: Ledger;
let pool: Pool;
beforeAll(async () => {
  ledger = await openLedger();
  pool = open(ledger.app, 'test', 40);
});
afterAll(async () => {
  await pool.end();
  await ledger.drop();
});
beforeEach(() => pool.query('delete from outbox; delete from counter'));

const fact = (n: number, aggregate = 'a') => ({ type: 'Numbered', aggregate, payload: { n } });
const say = (client: PoolClient | Pool, ...facts: ReturnType<typeof fact>[]) => tell((sql, params) => client.query(sql, params), facts);
const numbers = (events: readonly Event[]) => events.map(({ payload }) => (payload as { n: number }).n);

describe('a fact', () => {
  test('is told if, and only if, its transaction commits', async () => {
    await inTransaction(pool, (client) => say(client, fact(1)));
    await expect(
      inTransaction(pool, async (client) => {
        await say(client, fact(2));
        throw new Error('changed its mind');
      }),
    ).rejects.toThrow('changed its mind');
    await inTransaction(pool, (client) => say(client, fact(3), fact(4)));
    expect(numbers(await readFeed(pool, 0))).toEqual([1, 3, 4]);
  });

  test('arrives as it was told, whatever is in its text', async () => {
    const payload = {
      n: 1,
      text: `O'Brien, "quoted", {a,b}, \\, null, \u2028 😀 é`,
      empty: '',
      none: null,
      list: [[], {}, [null]],
      deep: { day: '2026-11-21', x: 0.1 },
    };
    await say(pool, { type: `It's {odd}, "very"`, aggregate: 'a "b" \\ {c}', payload });
    expect(await readFeed(pool, 0)).toMatchObject([{ type: `It's {odd}, "very"`, aggregate: 'a "b" \\ {c}', payload }]);
    await say(pool); // nothing to tell
    expect(await readFeed(pool, 0)).toHaveLength(1);
  });
});

describe('the feed', () => {
  test('goes on after the position that was read, in pages', async () => {
    await say(pool, ...Array.from({ length: 450 }, (_, n) => fact(n)));
    const read: Event[] = [];
    for (let page = await readFeed(pool, 0); page.length; page = await readFeed(pool, read.at(-1)!.position)) read.push(...page);
    expect(numbers(read)).toEqual(Array.from({ length: 450 }, (_, n) => n));
    expect(read.map(({ position }) => position)).toEqual(Array.from({ length: 450 }, (_, n) => n + 1));
  });

  test('shows what commits late after what was read, never before it: nobody misses it', async () => {
    const [early, late] = [await pool.connect(), await pool.connect()];
    await early.query('begin');
    await say(early, fact(1, 'early')); // numbered by the server before the other ...
    await late.query('begin');
    await say(late, fact(2, 'late'));
    await late.query('commit');
    const first = await readFeed(pool, 0);
    expect(numbers(first)).toEqual([2]);
    await early.query('commit'); // ... and committed after it was read past
    expect(numbers(await readFeed(pool, first.at(-1)!.position))).toEqual([1]);
    early.release();
    late.release();
  });

  test('keeps the order of one aggregate when the older transaction changes it last', async () => {
    const [old, young] = [await pool.connect(), await pool.connect()];
    await old.query('begin');
    await old.query('select pg_current_xact_id()');
    await young.query('begin');
    await countOn(young, 'c', 'young');
    const waiting = countOn(old, 'c', 'old'); // until the young one commits
    await young.query('commit');
    const before = await readFeed(pool, 0);
    await waiting;
    await old.query('commit');
    expect(numbers(before)).toEqual([1]);
    expect(numbers(await readFeed(pool, before[0]!.position))).toEqual([2]);
    old.release();
    young.release();
  });

  test('is one and the same to all who read it while many write, with gaps, returns and overtaking', async () => {
    let writing = true;
    const writers = Array.from({ length: 20 }, async (_, w) => {
      for (let i = 0; i < 25; i++)
        await inTransaction(pool, async (client) => {
          if ((w + i) % 3 === 0) await client.query('select pg_current_xact_id(), pg_sleep(random() * 0.005)');
          await countOn(client, `counter ${(w + i) % 4}`);
          if ((w + i) % 4 === 0) await client.query('select pg_sleep(random() * 0.005)');
          if ((w + i) % 5 === 0) throw new Error('rolled back');
        }).catch((error: Error) => expect(error.message).toBe('rolled back'));
    });
    const readers = Array.from({ length: 4 }, async () => {
      const read: Event[] = [];
      for (;;) {
        const last = !writing;
        const page = await readFeed(pool, read.at(-1)?.position ?? 0);
        read.push(...page);
        if (last && !page.length) return read;
      }
    });
    await Promise.all(writers);
    writing = false;
    const [first, ...others] = (await Promise.all(readers)) as [Event[], ...Event[][]];
    for (const other of others) expect(other).toEqual(first);
    expect(first).toHaveLength(400);
    const last = new Map<string, number>();
    for (const { aggregate, payload } of first) {
      expect((payload as { n: number }).n).toBe((last.get(aggregate) ?? 0) + 1);
      last.set(aggregate, (payload as { n: number }).n);
    }
  });
});

describe('who waits for the next fact', () => {
  const backends = async (query: string) =>
    (
      await pool.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and query = $1 and application_name = 'watch'`,
        [query],
      )
    ).rows;
  /** Longer than a test may take: who is woken by nothing fails. */
  const tooLong = 300_000;
  /** Only a notification wakes; nothing is found by looking again. */
  function watchWithoutPoll(watched: Pool): ReturnType<typeof watchOutbox> {
    const every = globalThis.setInterval;
    globalThis.setInterval = (() => ({ unref: () => undefined })) as never;
    try {
      return watchOutbox(watched);
    } finally {
      globalThis.setInterval = every;
    }
  }
  /** How often the outbox was read through this pool, to the end. */
  function countReads(of: Pool): () => number {
    let reads = 0;
    const query = of.query.bind(of) as (...args: unknown[]) => Promise<unknown>;
    of.query = (async (...args: unknown[]) => {
      const result = await query(...args);
      if (String(args[0]).includes('from outbox')) reads++;
      return result;
    }) as unknown as typeof of.query;
    return () => reads;
  }

  test('is woken by it', async () => {
    const watched = open(ledger.app, 'watch');
    const outbox = watchWithoutPoll(watched);
    const waiting = outbox.feed(0, tooLong, never);
    while (!(await backends('listen outbox')).length) await pause(10, never);
    await say(pool, fact(1));
    expect(numbers(await waiting)).toEqual([1]);
    await outbox.stop();
    await watched.end();
  });

  test('gets nothing after the time it wanted to wait, and at once when it gives up', async () => {
    const watched = open(ledger.app, 'watch');
    const outbox = watchOutbox(watched);
    expect(await outbox.feed(0, 0, never)).toEqual([]);
    expect(await outbox.feed(0, 30, never)).toEqual([]);
    const patience = new AbortController();
    const waiting = outbox.feed(0, 20_000, patience.signal);
    patience.abort();
    expect(await waiting).toEqual([]);
    const last = outbox.feed(0, 20_000, never);
    await outbox.stop();
    expect(await last).toEqual([]);
    await watched.end();
  });

  test('finds it by the poll when the notification is lost', async () => {
    const watched = open(ledger.app, 'watch');
    const reads = countReads(watched);
    const outbox = watchOutbox(watched);
    while (!(await backends('listen outbox')).length) await pause(10, never);
    const waiting = outbox.feed(0, tooLong, never);
    while (reads() < 1) await pause(5, never);
    // told without a notification
    const silent = open(ledger.owner, 'silent', 1);
    await silent.query('alter table outbox disable trigger outbox_notify');
    await say(pool, fact(1));
    expect(numbers(await waiting)).toEqual([1]);
    await silent.query('alter table outbox enable trigger outbox_notify');
    await silent.end();
    await outbox.stop();
    await watched.end();
  });

  test('is woken also after the connection that listens was lost, and no connection is lost to the pool', async () => {
    const watched = open(ledger.app, 'watch');
    const outbox = watchWithoutPoll(watched);
    for (let n = 1; n <= 3; n++) {
      let listening = await backends('listen outbox');
      for (; !listening.length; listening = await backends('listen outbox')) await pause(10, never);
      await pool.query('select pg_terminate_backend($1)', [listening[0]!.pid]);
      while ((await backends('listen outbox')).some(({ pid }) => pid === listening[0]!.pid)) await pause(10, never);
      while (!(await backends('listen outbox')).length) await pause(10, never);
      const waiting = outbox.feed(n - 1, tooLong, never);
      await say(pool, fact(n));
      expect(numbers(await waiting)).toEqual([n]);
      expect(watched.totalCount).toBeLessThanOrEqual(2);
    }
    await outbox.stop();
    await watched.end();
  });

  test('hears of what was told while nobody listened, as soon as somebody does again', async () => {
    const watched = open(ledger.app, 'watch');
    const outbox = watchWithoutPoll(watched);
    let listening = await backends('listen outbox');
    for (; !listening.length; listening = await backends('listen outbox')) await pause(10, never);
    const reads = countReads(watched);
    const waiting = outbox.feed(0, tooLong, never);
    while (reads() < 1) await pause(5, never);
    await pool.query('select pg_terminate_backend($1)', [listening[0]!.pid]);
    while ((await backends('listen outbox')).length) await pause(10, never);
    await say(pool, fact(1));
    expect(numbers(await waiting)).toEqual([1]);
    await outbox.stop();
    await watched.end();
  });

  test('leaves nothing behind: neither timers nor listeners grow with the waiting', async () => {
    const watched = open(ledger.app, 'watch');
    const outbox = watchOutbox(watched);
    const warnings: Error[] = [];
    const collect = (warning: Error) => void warnings.push(warning);
    process.on('warning', collect);
    const patience = new AbortController();
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    for (let n = 1; n <= 30; n++) {
      const waiting = outbox.feed(n - 1, 20_000, patience.signal);
      await pause(2, never);
      await say(pool, fact(n));
      expect(await waiting).toHaveLength(1);
    }
    expect(timers() - before).toBeLessThan(5);
    await new Promise((next) => setImmediate(next));
    expect(warnings).toEqual([]);
    process.off('warning', collect);
    await outbox.stop();
    await watched.end();
  });
});
