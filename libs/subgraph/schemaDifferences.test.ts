import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { openPool } from '@rollbook/postgres';
import { testServerUrl } from '@rollbook/postgres/testing.ts';
import pg from 'pg';
import type { Database } from './database.ts';
import { library } from './example/subgraph.ts';
import { sketch } from './example/sketch.ts';
import { forgottenSlices, historyGaps, strayRefusals } from './forgotten.ts';
import { rowLevelSecurityGaps, schemaDifferences } from './schemaDifferences.ts';
import { openTestSubgraph, type TestSubgraph } from './testing.ts';

let service: TestSubgraph;
/** The owner's hand: what a migration would do. */
let owner: pg.Client;
beforeAll(async () => {
  service = await openTestSubgraph(library);
  const [row] = await service.sql<{ name: string }>('select current_database() as name');
  const url = new URL(testServerUrl());
  url.pathname = `/${row!.name}`;
  owner = new pg.Client({ connectionString: url.href });
  await owner.connect();
  await owner.query('set role rollbook_library_owner');
});
afterAll(async () => {
  await owner.end();
  await service.close();
});

/** What is found while a change is made, which is undone. */
async function after<T>(change: string, look: () => Promise<T>, undo: string): Promise<T> {
  await owner.query(change);
  return look().finally(() => owner.query(undo));
}

describe('the entities and the migrations of a service', () => {
  const look = () => schemaDifferences(library, service.database);
  test('are equal in the example', async () => {
    expect(await look()).toEqual([]);
  });
  const changes: [change: string, undo: string, found: string][] = [
    ['alter table loan rename to lending', 'alter table lending rename to loan', 'no migration makes the table loan'],
    ['create table extra (n integer)', 'drop table extra', 'no entity describes the table extra'],
    ['alter table book add extra text', 'alter table book drop extra', 'no entity describes the column book.extra'],
    ['alter table book rename isbn to ean', 'alter table book rename ean to isbn', 'no migration makes the column book.isbn'],
    [
      'alter table mention alter times type bigint',
      'alter table mention alter times type integer',
      'mention.times: type is bigint in the table and integer in the entity',
    ],
    [
      'alter table book alter price type numeric(7, 2)',
      'alter table book alter price type numeric(6, 2)',
      'book.price: type is numeric(7,2) in the table and numeric(6,2) in the entity',
    ],
    [
      'alter table book alter title drop not null',
      'alter table book alter title set not null',
      'book.title: nullable is true in the table and false in the entity',
    ],
    [
      'alter table mention drop constraint mention_pkey',
      'alter table mention add primary key (book_id)',
      'mention.book_id: primary is false in the table and true in the entity',
    ],
  ];
  for (const [change, undo, found] of changes)
    test(`differ after "${change}"`, async () => {
      expect(await after(change, look, undo)).toContain(found);
      expect(await look()).toEqual([]);
    });
  test('differ when a slice forgets an entity, or has one without a table', async () => {
    const { books, loans } = library.slices as Record<string, (typeof library.slices)[string]>;
    expect(await schemaDifferences({ ...library, slices: { books: books! } }, service.database)).toEqual([
      'no entity describes the table loan',
      'no entity describes the table mention',
    ]);
    const Shelf = defineEntity({ name: 'Shelf', tableName: 'shelf', properties: { id: p.uuid().primary() } });
    const furnished = { ...library, slices: { books: books!, loans: { ...loans!, entities: [...loans!.entities, Shelf] } } };
    const wider = await openTestSubgraph(furnished);
    expect(await schemaDifferences(furnished, wider.database)).toEqual(['no migration makes the table shelf']);
    await wider.close();
  });
});

describe('row-level security', () => {
  const look = () => rowLevelSecurityGaps(service.database);
  test('guards every table of the example', async () => {
    expect(await look()).toEqual([]);
  });
  const changes: [change: string, undo: string, found: string][] = [
    ['create table open (n integer)', 'drop table open', 'open has no row-level security'],
    [
      'alter table loan no force row level security',
      'alter table loan force row level security',
      'row-level security of loan does not bind its owner (force)',
    ],
    [
      'alter table history disable row level security',
      'alter table history enable row level security',
      'history has no row-level security',
    ],
    [
      'drop policy readers on mention; drop policy writers on mention',
      `drop policy if exists readers on mention; drop policy if exists writers on mention; select protect('mention')`,
      'mention has no policy',
    ],
    [
      'grant create on schema public to rollbook_library',
      'revoke create on schema public from rollbook_library',
      'the serving role rollbook_library may create tables',
    ],
  ];
  for (const [change, undo, found] of changes)
    test(`has a gap after "${change}"`, async () => {
      expect(await after(change, look, undo)).toContain(found);
      expect(await look()).toEqual([]);
    });
  test('is passed by in the hand of the owner, of a superuser, and of a role that may', async () => {
    const admin = new URL(testServerUrl());
    admin.pathname = `/${owner.database}`;
    const reads = openPool(admin.href, { max: 1, name: 'superuser' });
    const gaps = await rowLevelSecurityGaps({ reads } as Database);
    await reads.end();
    expect(gaps).toEqual(
      expect.arrayContaining([
        'the serving role owns loan',
        'the serving role rollbook_admin is a superuser',
        'the serving role rollbook_admin passes row-level security by',
      ]),
    );
  });
});

describe('the history', () => {
  const look = () => historyGaps(service.database);
  test('is kept of every table of the example that is recorded', async () => {
    expect(await look()).toEqual([]);
  });
  const changes: [change: string, undo: string, found: string][] = [
    [
      'create table locker (id uuid, recorded_at timestamptz, recorded_by uuid)',
      'drop table locker',
      `locker is recorded, but no trigger of it stamps who changed a row, or keeps what is changed, or keeps what is deleted: select keep_history('locker')`,
    ],
    [
      'alter table book disable trigger history_update',
      'alter table book enable trigger history_update',
      `book is recorded, but no trigger of it keeps what is changed: select keep_history('book')`,
    ],
    [
      'alter table book disable trigger history_delete',
      'alter table book enable trigger history_delete',
      `book is recorded, but no trigger of it keeps what is deleted: select keep_history('book')`,
    ],
    [
      'alter table loan disable trigger stamp',
      'alter table loan enable trigger stamp',
      `loan is recorded, but no trigger of it stamps who changed a row: select keep_history('loan')`,
    ],
  ];
  for (const [change, undo, found] of changes)
    test(`has a gap after "${change}"`, async () => {
      expect(await after(change, look, undo)).toEqual([found]);
      expect(await look()).toEqual([]);
    });
});

test('a folder with a schema.graphql that is no slice is found', () => {
  expect(forgottenSlices(library)).toEqual([]);
  const { books } = library.slices as Record<string, (typeof library.slices)[string]>;
  expect(forgottenSlices({ ...library, slices: { books: books! } })).toEqual([
    'loans has a schema.graphql and is not among the slices of the service',
  ]);
});

test('a refusal for a constraint that no table has is found', async () => {
  expect(await strayRefusals(library, service.database)).toEqual([]);
  const drawing = sketch('', { refusals: { loan_pkey: ['A', 'a'], loan_pkye: ['B', 'b'] } });
  expect(await strayRefusals(drawing, service.database)).toEqual([
    'drawing has a refusal for the constraint loan_pkye, which no table has',
  ]);
});
