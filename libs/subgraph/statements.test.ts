import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { administrator, clerk, garfield, lincoln, teacher } from './example/people.ts';
import { library } from './example/subgraph.ts';
import { openTestSubgraph, type TestSubgraph } from './testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openTestSubgraph(library, { maxWrites: 2 }); // so one connection for statements
});
afterAll(() => service.close());
beforeEach(() => service.sql('delete from book'));

const add = `insert into book (school_id, title, shelf) values ($1, $2, 'ATLAS')
  returning title, xmin::text as transaction, recorded_by as "by"`;
type Added = { title: string; transaction: string; by: string };
const save = (title: string, viewer = clerk, school = garfield, locks: string | null = title) =>
  service.database.statement<Added>(viewer, add, [school, title], locks ?? undefined).then(([row]) => row!);
const titles = async () => (await service.sql<{ title: string }>('select title from book order by title')).map(({ title }) => title);

test('what waits for a connection shares a commit, up to sixteen, each in its own name', async () => {
  const rows = await Promise.all(Array.from({ length: 34 }, (_, n) => save(`t${n}`, n % 2 ? clerk : administrator)));
  expect(rows.map(({ by }) => by)).toEqual(rows.map((_, n) => (n % 2 ? clerk : administrator).subject));
  const transactions = rows.map(({ transaction }) => transaction);
  // The first found a connection free; the others waited for it.
  expect([...Map.groupBy(transactions, (t) => t).values()].map((group) => group.length)).toEqual([1, 16, 16, 1]);
  expect(await titles()).toHaveLength(34);
});

test('one that is refused costs only itself: the others are saved, each once', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 12 }, (_, n) => (n === 7 ? save('elsewhere', clerk, lincoln) : save(`t${n}`))),
  );
  expect(outcomes.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([7]);
  expect(String((outcomes[7] as PromiseRejectedResult).reason)).toContain('row-level security');
  expect(await titles()).toEqual(
    Array.from({ length: 12 }, (_, n) => `t${n}`)
      .filter((title) => title !== 't7')
      .sort(),
  );
});

test('what a person may not do is not lent by whoever shares the commit', async () => {
  const [, , mine, theirs] = await Promise.allSettled([
    save('a'),
    save('b'),
    save('c', administrator, lincoln),
    save('d', teacher, lincoln),
  ]);
  expect([mine!.status, theirs!.status]).toEqual(['fulfilled', 'rejected']);
});

test('statements that do not say what they lock go alone', async () => {
  const rows = await Promise.all(Array.from({ length: 6 }, (_, n) => save(`t${n}`, clerk, garfield, null)));
  expect(new Set(rows.map(({ transaction }) => transaction)).size).toBe(6);
});

test('one that must go alone is in no shared commit, also when it waits between those that share', async () => {
  const locks = ['first', 'a', 'b', null, 'c', 'd'];
  const rows = await Promise.all(locks.map((lock, n) => save(`t${n}`, clerk, garfield, lock)));
  const groups = Map.groupBy(rows, ({ transaction }) => transaction);
  expect([...groups.values()].map((group) => group.map(({ title }) => title))).toEqual([['t0'], ['t1', 't2'], ['t3'], ['t4', 't5']]);
});

test('in a shared commit they follow the order of what they lock, whatever came first, and each is answered its own rows', async () => {
  // How many there are before it: one that came earlier in the same transaction is seen.
  const place = `insert into book (school_id, title, shelf) values ($1, $2, 'ATLAS') returning title, (select count(*)::int from book) as before`;
  const locks = ['first', 'd', 'a', 'e', 'c', 'b'];
  const answers = await Promise.all(locks.map((lock) => service.database.statement(clerk, place, [garfield, lock], lock)));
  expect(answers).toEqual([0, 4, 1, 5, 3, 2].map((before, n) => [{ title: locks[n], before }]));
});

test('none of a shared commit is acknowledged when its connection is lost before the commit', async () => {
  const first = service.database.statement(clerk, `select pg_sleep(0.3), 'first to be cut'`, []).catch((error: Error) => error);
  const waiting = Array.from({ length: 5 }, (_, n) =>
    service.database
      .statement(
        clerk,
        `with s as (select pg_sleep($3)) insert into book (school_id, title, shelf) select $1, $2, 'ATLAS' from s`,
        [garfield, `cut ${n}`, 0.2],
        `${n}`,
      )
      .catch((error: Error) => error),
  );
  expect(await first).toEqual([expect.anything()]);
  for (;;) {
    const cut = await service.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'active' and query like '%pg_sleep($3)%' and pid <> pg_backend_pid()`,
    );
    if (cut.length) break;
  }
  for (const outcome of await Promise.all(waiting)) expect(outcome).toBeInstanceOf(Error);
  expect(await titles()).toEqual([]);
  expect((await save('after')).title).toBe('after');
});

describe('with connections to spare', () => {
  let wide: TestSubgraph;
  const add = (title: string, { seconds = 0, alone = false } = {}) =>
    wide.database
      .statement<{ transaction: string }>(
        clerk,
        `with s as (select pg_sleep($3)) insert into book (school_id, title, shelf) select $1, $2, 'ATLAS' from s returning xmin::text as transaction`,
        [garfield, title, seconds],
        alone ? undefined : title,
      )
      .then(([row]) => row!.transaction);
  beforeAll(async () => {
    wide = await openTestSubgraph(library, { maxWrites: 8 });
    await add('until it is connected');
  });
  afterAll(() => wide.close());

  test('what comes while one is at work still goes together; only a long wait is gone past, each time', async () => {
    const together = await Promise.all(Array.from({ length: 9 }, (_, n) => add(`t${n}`)));
    expect(new Set(together).size).toBe(2); // the first, and all that came meanwhile
    for (const time of ['once', 'twice']) {
      const order: string[] = [];
      const slow = add(`behind a lock ${time}`, { seconds: 0.5 }).then(() => order.push('slow'));
      const next = add(`past it ${time}`).then(() => order.push('next'));
      await Promise.all([slow, next]);
      expect(order).toEqual(['next', 'slow']);
    }
  });

  test('sixteen do not wait for the one at work, however short its time was, nor does one that goes alone', async () => {
    const noTimePasses = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
    try {
      let slowIsDone = false;
      const slow = add('slow', { seconds: 1 }).then(() => (slowIsDone = true));
      await add('alone', { alone: true });
      expect(new Set(await Promise.all(Array.from({ length: 16 }, (_, n) => add(`s${n}`)))).size).toBe(1);
      expect(slowIsDone).toBe(false);
      await slow;
    } finally {
      noTimePasses.mockRestore();
    }
  });
});
