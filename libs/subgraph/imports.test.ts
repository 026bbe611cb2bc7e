import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { administrator, clerk, garfield } from './example/people.ts';
import { library } from './example/subgraph.ts';
import { forgetImport } from './imports.ts';
import { openTestSubgraph, type TestSubgraph } from './testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openTestSubgraph(library);
});
afterAll(() => service.close());

interface Batch {
  readonly importId: string;
  readonly titles: readonly string[];
  readonly batch?: number;
  readonly dryRun?: boolean;
}
const mutation = `mutation ($input: ImportBooksInput!) { importBooks(input: $input) {
  created changed unchanged refused { row sourcedId code message } differences { sourcedId field before after } } }`;
/** Sends a batch of books called b0, b1, ... with these titles. */
async function send({ importId, titles, batch = 0, dryRun = false }: Batch) {
  const rows = titles.map((title, i) => ({ sourcedId: `b${i}`, schoolId: garfield, title }));
  const input = { importId, batch, dryRun, source: importId, today: '2026-11-21', rows };
  return (await service.data(administrator, mutation, { input })).importBooks;
}
const counts = ({ created, changed, unchanged }: Record<string, number>) => [created, changed, unchanged];

/** All that an import can leave: rows, history, facts, receipts. */
async function traces() {
  const tables = ['book', 'history', 'outbox', 'import_batch', 'import_seen'];
  const parts = tables.map(
    (table) =>
      `(select json_build_object('${table}', count(*), 'rows', string_agg(t.xmin::text || t::text, ',' order by t::text)) from ${table} t)`,
  );
  return service.sql(`select ${parts.map((part, i) => `${part} as p${i}`).join(', ')}`);
}

test('a batch brings its rows, counts them, and refuses a bad one alone', async () => {
  const answer = await send({ importId: randomUUID(), titles: ['One', '', 'Three'] });
  expect(counts(answer)).toEqual([2, 0, 0]);
  expect(answer.refused).toEqual([{ row: 1, sourcedId: 'b1', code: 'TITLE_MISSING', message: 'A book has a title.' }]);
});

test('a batch sent again answers what it answered, and writes nothing', async () => {
  const importId = randomUUID();
  const first = await send({ importId, titles: ['One', '', 'Three'] });
  const before = await traces();
  for (let n = 0; n < 3; n++) expect(await send({ importId, titles: ['One', '', 'Three'] })).toEqual(first);
  expect(await traces()).toEqual(before);
  expect(counts(await send({ importId, titles: ['One', 'Two', 'Three!'], batch: 1 }))).toEqual([1, 1, 1]);
});

test('a dry run tells what would be, and changes nothing', async () => {
  const importId = randomUUID();
  const before = await traces();
  expect(counts(await send({ importId, titles: ['One', 'Two'], dryRun: true }))).toEqual([2, 0, 0]);
  expect(await traces()).toEqual(before);
  expect(counts(await send({ importId, titles: ['One', 'Two'] }))).toEqual([2, 0, 0]);
});

test('of copies that arrive at one moment one is applied, and all are answered the same', async () => {
  for (let round = 0; round < 5; round++) {
    const importId = randomUUID();
    const titles = Array.from({ length: 50 }, (_, n) => `Copy ${n}`);
    const answers = await Promise.all([1, 2, 3, 4].map(() => send({ importId, titles })));
    for (const answer of answers) expect(counts(answer)).toEqual([50, 0, 0]);
    const [told] = await service.sql<{ n: string }>(
      `select count(*) as n from outbox o join book b on b.id = o.aggregate::uuid where b.source = $1`,
      [importId],
    );
    expect(told!.n).toBe('50');
  }
});

test('what fails leaves no receipt: sent again, it is applied', async () => {
  const importId = randomUUID();
  const before = await traces();
  const input = {
    importId,
    batch: 0,
    dryRun: false,
    source: importId,
    today: '2026-11-21',
    rows: [{ sourcedId: 'x', schoolId: 'no uuid', title: 'T' }],
  };
  expect(await service.code(administrator, mutation, { input })).toBe('BAD_USER_INPUT');
  expect(await traces()).toEqual(before);
  expect(counts(await send({ importId, titles: ['Now'] }))).toEqual([1, 0, 0]);
});

test('what was seen and what was touched is remembered once for each row, until the import is forgotten', async () => {
  const importId = randomUUID();
  const seen = () =>
    service.sql('select count(*)::int as rows, count(*) filter (where touched)::int as touched from import_seen where import_id = $1', [
      importId,
    ]);
  await send({ importId, titles: ['A', 'B'] });
  await service.database.transaction(administrator, null, (tx) =>
    tx.query(`update import_seen set touched = false where import_id = $1`, [importId]),
  );
  await send({ importId, titles: ['A', 'B'], batch: 1 });
  expect(await seen()).toEqual([{ rows: 2, touched: 0 }]);
  await send({ importId, titles: ['A', 'Bee'], batch: 2 });
  expect(await seen()).toEqual([{ rows: 2, touched: 1 }]);
  await service.database.transaction(administrator, null, (tx) => forgetImport(tx, importId));
  expect(await seen()).toEqual([{ rows: 0, touched: 0 }]);
  expect(counts(await send({ importId, titles: ['A', 'Bee'] }))).toEqual([0, 0, 2]);
});

test('a batch holds a thousand rows at most, and only an administrator of the district sends one', async () => {
  const rows = Array.from({ length: 1_001 }, (_, n) => ({ sourcedId: `${n}`, schoolId: garfield, title: 'T' }));
  const input = { importId: randomUUID(), batch: 0, dryRun: false, source: 's', today: '2026-11-21', rows };
  expect(await service.code(administrator, mutation, { input })).toBe('TOO_MANY_ROWS');
  expect(await service.code(clerk, mutation, { input: { ...input, rows: [] } })).toBe('FORBIDDEN');
});
