import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { ensureDatabase, type DatabaseUrls } from '@rollbook/postgres';
import { testServerUrl } from '@rollbook/postgres/testing.ts';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { SubgraphDefinition } from './definition.ts';
import { sketch } from './example/sketch.ts';
import { migrate } from './migrate.ts';

let service: SubgraphDefinition;
let urls: DatabaseUrls;
const databases: string[] = [];

beforeEach(async () => {
  const database = `test_sketch_${randomUUID().replaceAll('-', '')}`;
  databases.push(database);
  service = sketch('extend type Query { none: Int @allow(roles: ["CLERK"]) }');
  urls = await ensureDatabase(testServerUrl(), 'sketch', database);
});
afterAll(async () => {
  for (const database of databases) await ask(testServerUrl(), `drop database if exists ${database} with (force)`);
});

async function ask<Row = Record<string, unknown>>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

const write = (name: string, sql: string) => writeFileSync(join(service.folder, 'migrations', `${name}.sql`), sql);
const tables = async () =>
  (
    await ask<{ name: string }>(
      urls.owner,
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
    )
  ).map(({ name }) => name);
const ours = ['feed_position', 'history', 'import_batch', 'import_seen', 'inbox', 'mikro_orm_migrations', 'outbox'];

test('migrations run once each, in the order of their names', async () => {
  write('001-shelf', 'create table shelf (n integer)');
  await migrate(service, urls);
  write('002-fill', 'insert into shelf values (1)');
  write('003-rename', 'alter table shelf rename to rack');
  await migrate(service, urls);
  await migrate(service, urls);
  expect(await tables()).toEqual([...ours, 'rack'].sort());
  expect(await ask(urls.owner, 'select n from rack')).toEqual([{ n: 1 }]);
});

test('one whose connection is cut fails, and the next start finds the database as it was', async () => {
  write('001-shelf', 'create table shelf (n integer)');
  write('002-cut', 'select pg_terminate_backend(pg_backend_pid())');
  await expect(migrate(service, urls)).rejects.toThrow(/terminat/);
  expect(await tables()).not.toContain('shelf');
  write('002-cut', 'insert into shelf values (1)');
  await migrate(service, urls);
  expect(await ask(urls.owner, 'select n from shelf')).toEqual([{ n: 1 }]);
});

test('a start that loses the lock under which it migrates fails, and says so; the next one finishes it', async () => {
  write('001-shelf', 'create table shelf (n integer)');
  const ofOwner = `application_name = 'sketch migrations' and datname = current_database()`;
  write('002-lost', `select pg_terminate_backend(pid) from pg_stat_activity where ${ofOwner}; select pg_sleep(0.2)`);
  await expect(migrate(service, urls)).rejects.toThrow('sketch: the connection that held the lock of the migrations was lost');
  await expect(ask(urls.app, 'select n from shelf')).rejects.toThrow(/permission denied/);
  await migrate(service, urls);
  expect(await ask(urls.app, 'select n from shelf')).toEqual([]);
});

test('one that fails leaves nothing behind, nor do those before it in the same start', async () => {
  write('001-shelf', 'create table shelf (n integer)');
  write('002-broken', 'create table half (n integer); insert into shelf values (1); create tabel typo (n integer)');
  await expect(migrate(service, urls)).rejects.toThrow(/syntax error/);
  expect(await tables()).toEqual(['mikro_orm_migrations']);
  expect(await ask(urls.owner, 'select * from migrations.applied')).toEqual([]);
  write('002-broken', 'create table whole (n integer)');
  await migrate(service, urls);
  expect(await tables()).toEqual([...ours, 'shelf', 'whole'].sort());
});

test('one that was changed after it was applied is noticed, and nothing newer is run', async () => {
  write('001-shelf', 'create table shelf (n integer)');
  await migrate(service, urls);
  write('001-shelf', 'create table shelf (n bigint)');
  write('002-more', 'create table more (n integer)');
  await expect(migrate(service, urls)).rejects.toThrow('sketch: the migration 001-shelf was changed after it was applied to this database');
  expect(await tables()).not.toContain('more');
  write('001-shelf', 'create table shelf (n integer)');
  await migrate(service, urls);
  expect(await tables()).toContain('more');
});

test('only the ends of its lines may differ', async () => {
  write('001-shelf', 'create table shelf (\n  n integer\n)');
  await migrate(service, urls);
  write('001-shelf', 'create table shelf (\r\n  n integer\r\n)');
  await expect(migrate(service, urls)).resolves.toBeUndefined();
});

test('there is no way back: a program that is older than its database does not start', async () => {
  write('001-shelf', 'create table shelf (n integer)');
  write('002-more', 'create table more (n integer)');
  await migrate(service, urls);
  rmSync(join(service.folder, 'migrations', '002-more.sql'));
  await expect(migrate(service, urls)).rejects.toThrow('this database has the migration 002-more, which this program does not know');
});

test('none is put before those that were applied', async () => {
  write('002-more', 'create table more (n integer)');
  await migrate(service, urls);
  write('001-late', 'create table late (n integer)');
  await expect(migrate(service, urls)).rejects.toThrow('the migration 001-late comes before 002-more');
  expect(await tables()).not.toContain('late');
});

test('of four processes that start at once, each finds a migrated database', async () => {
  write('001-shelf', 'create table shelf (n integer)');
  write('002-fill', 'insert into shelf values (1)');
  await Promise.all([1, 2, 3, 4].map(() => migrate(service, urls)));
  expect(await ask(urls.owner, 'select n from shelf')).toEqual([{ n: 1 }]);
});

test('a migration sees all rows, and what it changes is in the history', async () => {
  write(
    '001-child',
    `create table child (id uuid primary key, school_id uuid, name text, recorded_at timestamptz, recorded_by uuid, reason text);
     select keep_history('child'); select protect('child', 'school_id');
     insert into child values (uuidv7(), uuidv7(), 'ann', now(), viewer_subject(), null)`,
  );
  await migrate(service, urls);
  write('002-capitals', 'update child set name = initcap(name)');
  await migrate(service, urls);
  expect(await ask(testServerUrl().replace(/\/postgres(?=\?|$)/, `/${databases.at(-1)}`), `select name, reason from child`)).toEqual([
    { name: 'Ann', reason: 'migration 002-capitals' },
  ]);
});

test('the serving role uses what is there, and can neither add to it, nor change it, nor read the migrations', async () => {
  write('001-shelf', 'create table shelf (n integer)');
  await migrate(service, urls);
  expect(await ask(urls.app, 'insert into shelf values (1) returning n')).toEqual([{ n: 1 }]);
  for (const sql of [
    'create table mine (n integer)',
    'alter table shelf add m integer',
    'drop table shelf',
    'create function f() returns int language sql as $$ select 1 $$',
    'select * from migrations.applied',
    'select * from mikro_orm_migrations',
    'delete from migrations.applied',
  ])
    await expect(ask(urls.app, sql)).rejects.toThrow(/permission denied|must be owner/);
});

test('a serving role of another kind of name is refused', async () => {
  const strange = new URL(urls.app);
  strange.username = 'x; drop table history';
  await expect(migrate(service, { ...urls, app: strange.href })).rejects.toThrow('The serving role must be a plain lower-case name');
});
