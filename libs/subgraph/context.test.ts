import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { batch, openContext, type Context } from './context.ts';
import { pino } from 'pino';
import { ana, ben, clerk, garfield, parentOfAna, parentOfBen } from './example/people.ts';
import { library } from './example/subgraph.ts';
import { openTestSubgraph, type TestSubgraph } from './testing.ts';

const log = pino({ level: 'silent' });
let service: TestSubgraph;
/** Its pools have one connection each: whatever one request leaves behind, the next one meets. */
let narrow: TestSubgraph;
let bookIds: string[];

beforeAll(async () => {
  service = await openTestSubgraph(library, { maxReads: 2 });
  narrow = await openTestSubgraph(library, { maxReads: 1, maxWrites: 1 });
  for (const each of [narrow, service]) {
    const rows = await each.sql<{ id: string }>(
      `insert into book (school_id, title, shelf) select $1, 'Volume ' || n, 'ATLAS' from generate_series(10, 39) n returning id`,
      [garfield],
    );
    bookIds = rows.map((row) => row.id);
    await each.sql(
      `insert into loan (school_id, book_id, student_id, begins) values ($1, $2, $4, '2026-09-01'), ($1, $3, $5, '2026-09-02')`,
      [garfield, bookIds[0], bookIds[1], ana, ben],
    );
  }
});
afterAll(() => Promise.all([service.close(), narrow.close()]));

/** Runs work in a context of its own, as the executor does for an operation. */
async function inContext<T>(of: TestSubgraph, viewer: Viewer, work: (context: Context) => Promise<T>): Promise<T> {
  const { context, end } = openContext(of.database, viewer, log, () => new Date());
  return work(context).finally(end);
}

test('thirty loads are one statement, each answered by its own row in the order asked, a missing one by null', async () => {
  const asked: (readonly string[])[] = [];
  const titles = batch<string, { id: string; title: string }>(
    (ids, { read }) => {
      asked.push(ids);
      return read('select id, title from book where id = any($1) order by random()', [ids]);
    },
    (row) => row.id,
  );
  const missing = '0198a7b0-0000-7000-8000-0000000000ff';
  const keys = [...bookIds].reverse().toSpliced(7, 0, missing);
  const all = await service.sql<{ id: string; title: string }>('select id, title from book');
  const titleOf = new Map(all.map(({ id, title }) => [id, title]));
  expect(bookIds.every((id) => titleOf.has(id))).toBe(true);
  await inContext(service, clerk, async ({ load }) => {
    const rows = await Promise.all([...keys, keys[0]!].map((key) => load(titles, key)));
    expect(rows.map((row) => row?.title ?? null)).toEqual([...keys, keys[0]!].map((key) => titleOf.get(key) ?? null));
  });
  expect(asked).toEqual([keys]);
});

test('thirty books ask for their loans in one statement of the server', async () => {
  const statements: string[] = [];
  const connect = service.database.reads.connect.bind(service.database.reads);
  service.database.reads.connect = (async () => {
    const client = await connect();
    const query = client.query.bind(client);
    client.query = ((config: { text: string } | string) => {
      statements.push(typeof config === 'string' ? config : config.text);
      return query(config as string);
    }) as typeof client.query;
    return client;
  }) as typeof connect;
  const { books } = await service.data(clerk, '{ books(first: 30) { nodes { title loan { id book { title } } } } }');
  service.database.reads.connect = connect;
  expect(books.nodes.filter((book: { loan: unknown }) => book.loan)).toHaveLength(2);
  expect(statements.filter((sql) => sql.includes(' from loan '))).toHaveLength(1);
  expect(statements.filter((sql) => sql.includes(' from book '))).toHaveLength(2);
});

test('what was loaded before a write is loaded again after it', async () => {
  const byId = batch<string, { id: string; title: string }>(
    (ids, { read }) => read('select id, title from book where id = any($1)', [ids]),
    (row) => row.id,
  );
  await inContext(service, clerk, async ({ load, write, statement }) => {
    const id = bookIds[5]!;
    await load(byId, id);
    await write(({ query }) => query(`update book set title = 'written' where id = $1`, [id]));
    expect((await load(byId, id))?.title).toBe('written');
    await statement(`update book set title = 'stated' where id = $1`, [id]);
    expect((await load(byId, id))?.title).toBe('stated');
  });
});

const whoAmI = `select current_setting('rollbook.students', true) as students, current_setting('rollbook.subject', true) as subject`;

test('a parent is never read in the name of the parent before, on one and the same connection', async () => {
  const loansOf = async (viewer: Viewer) => (await narrow.data(viewer, '{ loans { student { id } } }')).loans.map((l: any) => l.student.id); // eslint-disable-line @typescript-eslint/no-explicit-any
  for (let round = 0; round < 20; round++) {
    expect(await loansOf(parentOfAna)).toEqual([ana]);
    expect(await loansOf(parentOfBen)).toEqual([ben]);
  }
  const [a, b] = await Promise.all([loansOf(parentOfAna), loansOf(parentOfBen)]);
  expect([a, b]).toEqual([[ana], [ben]]);
  expect((await narrow.database.reads.query(whoAmI)).rows).toEqual([{ students: '', subject: '' }]);
});

test('nor written in that name: statements and transactions each know their own viewer, and leave none behind', async () => {
  const { database } = narrow;
  for (const viewer of [parentOfAna, clerk, parentOfBen]) {
    const own = { students: `{${viewer.students.join()}}`, subject: viewer.subject };
    expect(await database.statement(viewer, whoAmI, [])).toEqual([own]);
    expect(await database.transaction(viewer, null, (tx) => tx.query(whoAmI))).toEqual([own]);
    await expect(database.statement(viewer, 'select 1 / 0', [])).rejects.toThrow('division by zero');
    await expect(database.transaction(viewer, null, (tx) => tx.query('select 1 / 0'))).rejects.toThrow('division by zero');
  }
  expect((await database.statements.query(whoAmI)).rows[0]).toEqual({ students: '', subject: '' });
  expect(await database.orm.em.fork().getConnection().execute(whoAmI)).toEqual([{ students: '', subject: '' }]);
});

test('a thousand failing operations leave both connections in the pool', async () => {
  const failing = [
    '{ book(id: "no uuid") { id } }',
    '{ books(after: "WyJ4IiwieSJd") { nodes { id } } }',
    '{ loan(id: "x") { id } loans { id } }',
  ];
  for (let n = 0; n < 1_000; n += 50)
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => expect(await service.code(clerk, failing[i % failing.length]!)).toBe('BAD_USER_INPUT')),
    );
  const { reads } = service.database;
  expect(reads.totalCount).toBe(2);
  const both = await Promise.all([reads.connect(), reads.connect()]);
  for (const client of both) {
    expect(client).toMatchObject({ _txStatus: 'I' }); // idle: in no transaction
    client.release();
  }
  expect((await service.data(clerk, '{ loans { id } }')).loans).toHaveLength(2);
});

test('a field that fails leaves its neighbours: those caught in its transaction are asked again', async () => {
  const answer = await narrow.ask(
    clerk,
    '{ a: loans { id } bad: book(id: "no uuid") { id } b: loans { id } worse: loan(id: "x") { id } c: loans { id } }',
  );
  expect(answer.errors!.map(({ path, extensions }) => [path, extensions['code']])).toEqual(
    expect.arrayContaining([
      [['bad'], 'BAD_USER_INPUT'],
      [['worse'], 'BAD_USER_INPUT'],
    ]),
  );
  expect(answer.errors).toHaveLength(2);
  for (const alias of ['a', 'b', 'c']) expect(answer.data![alias]).toHaveLength(2);
});

test('after a failed read, its neighbours are still read in their own viewer’s name', async () => {
  const answer = await narrow.ask(parentOfAna, '{ bad: loan(id: "x") { id } loans { student { id } } }');
  expect(answer.data).toEqual({ bad: null, loans: [{ student: { id: ana } }] });
});

test('a read that is cancelled does not poison the next one on its connection', async () => {
  const cancelled = inContext(narrow, clerk, ({ read }) => read('select pg_sleep(30)'));
  cancelled.catch(() => undefined);
  for (;;) {
    const [row] = await narrow.sql(`select pg_cancel_backend(pid) as done from pg_stat_activity
       where datname = current_database() and application_name = 'library reads' and query like '%pg_sleep(30)%' and state = 'active'`);
    if (row) break;
  }
  await expect(cancelled).rejects.toThrow('canceling statement');
  expect((await narrow.data(parentOfAna, '{ loans { student { id } } }')).loans).toEqual([{ student: { id: ana } }]);
});

test('a value that cannot be sent breaks only its own question', async () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const sql = 'select $1::jsonb as sent';
  await expect(inContext(narrow, clerk, ({ read }) => read(sql, [circular]))).rejects.toThrow(/circular/i);
  expect(await inContext(narrow, clerk, ({ read }) => read(sql, [{ fine: 1 }]))).toEqual([{ sent: { fine: 1 } }]);
});

test('what was read is given out only when it was read in the viewer’s name', async () => {
  const unnameable = { ...parentOfAna, subject: 'a\0b' };
  await expect(inContext(narrow, unnameable, ({ read }) => read('select 1'))).rejects.toThrow(/invalid byte sequence/);
  expect(await inContext(narrow, parentOfBen, ({ read }) => read('select student_id from loan'))).toEqual([{ student_id: ben }]);
});

test('nothing is written by a read', async () => {
  const insert = `insert into mention values (uuidv7(), 1, '{}')`;
  await expect(inContext(narrow, clerk, ({ read }) => read(insert))).rejects.toThrow(/read-only transaction/);
});

test('an operation that has been answered reads nothing more on a connection that is another’s by now', async () => {
  const { context, end } = openContext(narrow.database, parentOfAna, log, () => new Date());
  await context.read('select 1');
  end();
  await expect(context.read('select 1')).rejects.toThrow('The operation has been answered');
});

test('a connection that is lost in the middle is replaced', async () => {
  const killed = inContext(narrow, clerk, ({ read }) => read('select pg_terminate_backend(pg_backend_pid())'));
  await expect(killed).rejects.toThrow(/terminating connection/);
  expect(await inContext(narrow, clerk, ({ read }) => read('select 1 as one'))).toEqual([{ one: 1 }]);
});

test('statements beyond the usual ones are run without being kept', async () => {
  const { named } = await import('./database.ts');
  for (let n = 0; n < 3_000; n++) named(`select ${n}`, []);
  expect(named('select 2999', []).name).toBeUndefined();
  expect(await inContext(service, clerk, ({ read }) => read('select 2999 as n'))).toEqual([{ n: 2999 }]);
});
