import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Refused, systemViewer } from '@rollbook/school';
import { administrator, clerk, garfield, lincoln } from './example/people.ts';
import { library } from './example/subgraph.ts';
import { openTestSubgraph, type TestSubgraph } from './testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openTestSubgraph(library, { maxWrites: 2 });
  await service
    .sql(`create table promise (n integer primary key, kept integer unique deferrable initially deferred)`)
    .catch(() => undefined);
});
afterAll(() => service.close());

const insert = `insert into book (school_id, title, shelf) values ($1, $2, 'ATLAS') returning id`;
const titled = async (title: string) => (await service.sql('select id from book where title = $1', [title])).length;
const newBook = async (title: string) => (await service.sql<{ id: string }>(insert, [garfield, title]))[0]!.id;

/** The server process of whoever runs a statement with this text in it at the moment. */
async function backendOf(text: string): Promise<number> {
  for (;;) {
    const [row] = await service.sql<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and state = 'active' and query like $1 and pid <> pg_backend_pid()`,
      [`%${text}%`],
    );
    if (row) return row.pid;
  }
}
const kill = (pid: number) => service.sql('select pg_terminate_backend($1)', [pid]);

/** All connections of the pools, borrowed at once: each must be there, outside a transaction, and able to answer. */
async function poolIsWhole() {
  const { statements } = service.database;
  const clients = await Promise.all([statements.connect(), statements.connect()]);
  const answered = await Promise.allSettled(clients.map((client) => client.query('select 1')));
  clients.forEach((client, i) => client.release(answered[i]!.status === 'rejected'));
  expect(answered.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  for (const client of clients) expect(client).toMatchObject({ _txStatus: 'I' }); // idle: in no transaction
  // Two transactions that wait for each other need both connections of the writes.
  let arrived = 0;
  const meet = async () => {
    for (arrived++; arrived < 2;) await new Promise((next) => setTimeout(next, 5));
  };
  await Promise.all([1, 2].map(() => service.database.transaction(clerk, null, meet)));
}

test('a statement is committed when it answers', async () => {
  for (let n = 0; n < 50; n++) {
    const [row] = await service.database.statement<{ xid: string }>(clerk, `${insert}, pg_current_xact_id()::text as xid`, [
      garfield,
      `Committed ${n}`,
    ]);
    // asked by another connection, at once
    const seen = await service.database.reads.query('select pg_visible_in_snapshot($1::text::xid8, pg_current_snapshot()) as seen', [
      row!.xid,
    ]);
    expect(seen.rows).toEqual([{ seen: true }]);
  }
  expect((await service.sql(`select 1 from book where title like 'Committed %'`)).length).toBe(50);
});

test('a statement whose server process is killed gives an error, and nothing of it is there', async () => {
  const sql = `insert into book (school_id, title, shelf) select $1, 'Killed ' || n, 'ATLAS' from generate_series(1, 3) n, pg_sleep(case n when 3 then 30 else 0 end)`;
  const saved = service.database.statement(clerk, sql, [garfield]);
  saved.catch(() => undefined);
  await kill(await backendOf('Killed'));
  await expect(saved).rejects.toThrow(/terminating connection|terminated/);
  expect((await service.sql(`select 1 from book where title like 'Killed %'`)).length).toBe(0);
  await poolIsWhole();
});

test('a transaction whose server process is killed gives an error, and nothing of it is there', async () => {
  const saved = service.database.transaction(clerk, null, async ({ query, tell }) => {
    await query(insert, [garfield, 'Half']);
    await tell({ type: 'Half', aggregate: 'half', payload: {} });
    await query(`select pg_sleep(30), 'killed transaction'`);
  });
  saved.catch(() => undefined);
  await kill(await backendOf('killed transaction'));
  await expect(saved).rejects.toThrow(/terminating connection|terminated/);
  expect(await titled('Half')).toBe(0);
  expect((await service.told()).filter(({ type }) => type === 'Half')).toEqual([]);
  await poolIsWhole();
});

test('connections that die while idle are replaced', async () => {
  await poolIsWhole();
  await service.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  while (
    !(await poolIsWhole().then(
      () => true,
      () => false, // a connection whose end has not been noticed yet
    ))
  );
});

test('failing statements and transactions leave the pools whole', async () => {
  const { statement, transaction } = service.database;
  const wrong = ['select 1 / 0', 'selekt', `select 'x'::uuid`, 'select * from nothing_of_that_name'];
  await Promise.all(Array.from({ length: 200 }, (_, n) => expect(statement(clerk, wrong[n % wrong.length]!, [])).rejects.toThrow()));
  await Promise.all(
    Array.from({ length: 50 }, (_, n) => expect(transaction(clerk, null, (tx) => tx.query(wrong[n % wrong.length]!))).rejects.toThrow()),
  );
  await poolIsWhole();
});

test('a value that cannot be sent breaks only its own statement', async () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const sql = 'select $1::jsonb as sent';
  for (let n = 0; n < 4; n++) await expect(service.database.statement(clerk, sql, [circular])).rejects.toThrow(/circular/i);
  expect(await Promise.all([1, 2, 3, 4].map((n) => service.database.statement(clerk, sql, [{ n }])))).toEqual(
    [1, 2, 3, 4].map((n) => [{ sent: { n } }]),
  );
});

test('what a commit refuses is an error, and leaves the pools whole', async () => {
  const deferred = `do $$ begin
    create temp table if not exists pair (n integer unique deferrable initially deferred); insert into pair values (1), (1); end $$`;
  for (let n = 0; n < 6; n++) {
    await expect(service.database.statement(clerk, deferred, [])).rejects.toThrow(/duplicate key/);
    await expect(service.database.transaction(clerk, null, (tx) => tx.query(deferred))).rejects.toThrow(/duplicate key/);
  }
  await poolIsWhole();
});

test('an error that the work swallowed does not become a success', async () => {
  const saved = service.database.transaction(clerk, null, async ({ query }) => {
    await query(insert, [garfield, 'Swallowed']);
    await query('select 1 / 0').catch(() => undefined);
    return 'saved';
  });
  await expect(saved).rejects.toThrow(/aborted/);
  expect(await titled('Swallowed')).toBe(0);
});

test('a constraint that refuses is told in the words of its slice, from a statement, a query and a flush', async () => {
  const again = `insert into book (school_id, title, isbn, shelf) values ($1, 'Twice', '978-0', 'ATLAS')`;
  await service.sql(again, [garfield]);
  const { statement, transaction } = service.database;
  const { Book } = await import('./example/books/entities.ts');
  const refused = new Refused('ISBN_KNOWN', 'A book with this ISBN is on a shelf already.');
  await expect(statement(clerk, again, [garfield])).rejects.toEqual(refused);
  await expect(transaction(clerk, null, (tx) => tx.query(again, [garfield]))).rejects.toEqual(refused);
  await expect(
    transaction(clerk, null, async ({ em }) => {
      em.create(Book, { schoolId: garfield, title: 'Twice', isbn: '978-0', shelf: 'ATLAS' });
      await em.flush();
    }),
  ).rejects.toEqual(refused);
});

test('two that wait for each other both get through, by statement and by transaction', async () => {
  const [a, b] = [await newBook('A'), await newBook('B')];
  const rename = 'update book set title = title || $2 where id = $1';
  let begun = 0;
  const both = (first: string, second: string, mark: string) =>
    service.database.transaction(clerk, null, async ({ query }) => {
      begun++;
      await query(rename, [first, mark]);
      await query('select pg_sleep(0.1)');
      await query(rename, [second, mark]);
    });
  await Promise.all([both(a, b, '1'), both(b, a, '2')]);
  expect(begun).toBe(3); // one of the two was undone and tried again
  const titles = await service.sql<{ title: string }>('select title from book where id = any($1) order by title', [[a, b]]);
  expect(titles.map(({ title }) => title.slice(1)).map((marks) => [...marks].sort().join(''))).toEqual(['12', '12']);

  const inOrder = `do $$ declare o uuid; begin foreach o in array %L::uuid[] loop
    update book set title = title || 's' where id = o; perform pg_sleep(0.1); end loop; end $$`;
  const swap = (ids: string[]) => service.database.statement(clerk, inOrder.replace('%L', `'{${ids.join()}}'`), []);
  await Promise.all([swap([a, b]), swap([b, a])]);
  const after = await service.sql<{ title: string }>('select title from book where id = any($1)', [[a, b]]);
  expect(after.map(({ title }) => title.slice(-2))).toEqual(['ss', 'ss']);
});

test('facts are told if, and only if, their transaction commits', async () => {
  const tell = (n: number) =>
    service.database
      .transaction(clerk, null, async ({ query, tell }) => {
        await query(insert, [garfield, `Told ${n}`]);
        await tell({ type: 'Numbered', aggregate: 'numbers', payload: { n, text: 'O\'Brien "said" {this}, \\ and that\u2028' } });
        if (n % 3 === 1) throw new Error('the resolver changed its mind');
        if (n % 3 === 2) await query('select 1 / 0');
      })
      .catch(() => undefined);
  await Promise.all(Array.from({ length: 60 }, (_, n) => tell(n)));
  const told = (await service.told()).filter(({ type }) => type === 'Numbered');
  const kept = Array.from({ length: 60 }, (_, n) => n).filter((n) => n % 3 === 0);
  expect(told.map(({ payload }) => payload.n).sort((x, y) => x - y)).toEqual(kept);
  expect(told[0]!.payload.text).toBe('O\'Brien "said" {this}, \\ and that\u2028');
  expect((await service.sql(`select title from book where title like 'Told %'`)).length).toBe(kept.length);
});

test('history keeps what was before, with who and why, for a change and for an end', async () => {
  const id = await newBook('First');
  const { transaction, statement } = service.database;
  await transaction(clerk, 'a typo on the spine', (tx) => tx.query(`update book set title = 'Second' where id = $1`, [id]));
  await statement(administrator, `update book set title = 'Third' where id = $1`, [id]);
  await transaction(clerk, 'lost in a flood', (tx) => tx.query('delete from book where id = $1', [id]));
  const rows = await service.sql(
    `select operation, before ->> 'title' as title, changed_by as who, reason as why from history where table_name = 'book' and row_id = $1 order by id`,
    [id],
  );
  expect(rows).toEqual([
    { operation: 'UPDATE', title: 'First', who: clerk.subject, why: 'a typo on the spine' },
    { operation: 'UPDATE', title: 'Second', who: administrator.subject, why: '' },
    { operation: 'DELETE', title: 'Third', who: clerk.subject, why: 'lost in a flood' },
  ]);
});

test('the row itself tells who wrote it last, and why', async () => {
  const id = await newBook('Signed');
  await service.database.transaction(clerk, 'a better title', (tx) =>
    tx.query(`update book set title = 'Signed again', recorded_by = $2, reason = 'forged', recorded_at = '2001-01-01' where id = $1`, [
      id,
      administrator.subject,
    ]),
  );
  const [row] = await service.sql(
    "select recorded_by, reason, recorded_at > now() - interval '1 minute' as fresh from book where id = $1",
    [id],
  );
  expect(row).toEqual({ recorded_by: clerk.subject, reason: 'a better title', fresh: true });
});

test('history can be neither changed, nor removed, nor made up by the serving role', async () => {
  const id = await newBook('Eternal');
  await service.sql(`update book set title = 'Changed' where id = $1`, [id]);
  for (const sql of [
    `update history set reason = 'x'`,
    'delete from history',
    'truncate history',
    `insert into history (table_name, row_id, operation, before) values ('book', 'x', 'DELETE', '{}')`,
    'alter table history disable trigger all',
    'drop table history',
  ])
    await expect(service.database.transaction(administrator, null, (tx) => tx.query(sql))).rejects.toThrow(
      /permission denied|must be owner|row-level security/,
    );
});

test('rows of another school are out of reach of a statement and of a transaction', async () => {
  const { statement, transaction } = service.database;
  await expect(statement(clerk, insert, [lincoln, 'Not mine'])).rejects.toThrow(/row-level security/);
  await expect(transaction(clerk, null, (tx) => tx.query(insert, [lincoln, 'Not mine']))).rejects.toThrow(/row-level security/);
  expect(await titled('Not mine')).toBe(0);
});

test('a batch has connections of its own: it writes while all those of saves are taken, and what fails in it leaves nothing', async () => {
  const { statements, bulk } = service.database;
  const taken = await Promise.all([1, 2].map(() => statements.connect()));
  try {
    await bulk(async ({ query }) => void (await query(insert, [garfield, 'By a batch'])));
    await expect(
      bulk(async ({ query }) => {
        await query(insert, [garfield, 'Half a batch']);
        await query('select 1 / 0');
      }),
    ).rejects.toThrow('division by zero');
  } finally {
    for (const client of taken) client.release();
  }
  expect([await titled('By a batch'), await titled('Half a batch')]).toEqual([1, 0]);
  const [row] = await service.sql<{ by: string }>(`select recorded_by as by from book where title = 'By a batch'`);
  expect(row!.by).toBe(systemViewer.subject);
});
