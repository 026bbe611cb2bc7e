import { expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { assertDurable, ensureDatabase, openPool, startPostgres } from './index.ts';

const place = (name: string) => join(mkdtempSync(join(tmpdir(), 'rollbook-pg-')), name);
const until = async (done: () => boolean) => {
  for (let i = 0; i < 300 && !done(); i++) await new Promise((next) => setTimeout(next, 50));
  return done();
};
const alive = (pid: number) => spawnSync('kill', ['-0', String(pid)]).status === 0;

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a server keeps its directory, its port and its data between starts, and is durable as started', async () => {
  const dir = place('data');
  const first = await startPostgres({ dir });
  const urls = await ensureDatabase(first.url('postgres'), 'grading');
  await ask(urls.owner, 'create table kept as select 42 as answer');
  await first.stop();
  const second = await startPostgres({ dir });
  expect(second.port).toBe(first.port);
  expect(await ask((await ensureDatabase(second.url('postgres'), 'grading')).owner, 'select answer from kept')).toEqual([{ answer: 42 }]);
  const pool = openPool(second.url('postgres'), { max: 1, name: 'test' });
  await assertDurable(pool);
  await pool.end();
  await second.stop();
  rmSync(dir, { recursive: true });
});

test('a server that could lose acknowledged work is refused, setting by setting', async () => {
  const dir = place('data');
  const server = await startPostgres({ dir, settings: { fsync: 'off', synchronous_commit: 'off' } });
  const pool = openPool(server.url('postgres'), { max: 1, name: 'test' });
  await expect(assertDurable(pool)).rejects.toThrow(
    /fsync is off, must be on; synchronous_commit is off, must be on|synchronous_commit is off.*fsync is off/,
  );
  await pool.end();
  await server.stop();
});

test("no service can open another's database, and the serving role owns nothing", async () => {
  const dir = place('data');
  const server = await startPostgres({ dir });
  const names = ['student', 'scheduling', 'grading', 'attendance'];
  const urls = await Promise.all(names.map((name) => ensureDatabase(server.url('postgres'), name)));
  for (const [i, own] of urls.entries())
    for (const [j, other] of urls.entries())
      for (const role of [own.owner, own.app]) {
        const target = new URL(role);
        target.pathname = new URL(other.app).pathname;
        if (i === j) await expect(ask(target.href, 'select 1')).resolves.toHaveLength(1);
        else await expect(ask(target.href, 'select 1')).rejects.toThrow(/permission denied for database/);
      }
  expect(await ask(urls[0]!.app, 'select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user')).toEqual([
    { rolsuper: false, rolbypassrls: false, rolcreaterole: false },
  ]);
  await expect(ask(urls[0]!.app, 'create table mine(a int)')).rejects.toThrow(/permission denied for schema public/);
  await server.stop();
});

test('after kill -9 of node nothing is left running, and the next start is clean', async () => {
  const dir = place('data');
  const script = `import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))};
    const server = await startPostgres({ dir: ${JSON.stringify(dir)} }); process.stdout.write(String(server.pid)); setInterval(() => {}, 1000);`;
  const node = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const told = await new Promise<string>((line) => node.stdout.once('data', (data: Buffer) => line(data.toString())));
  const postgres = Number(told);
  expect([told, Number.isInteger(postgres)]).toEqual([told, true]);
  expect(alive(postgres)).toBe(true);
  node.kill('SIGKILL');
  expect(await until(() => !alive(postgres))).toBe(true);
  const again = await startPostgres({ dir });
  expect(await ask(again.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
  await again.stop();
});

test('a second start on the same directory is told who has it', async () => {
  const dir = place('data');
  const server = await startPostgres({ dir });
  writeFileSync(join(dir, 'rollbook.pid'), String(process.ppid));
  await expect(startPostgres({ dir })).rejects.toThrow(`in use by the Rollbook that runs as process ${process.ppid}`);
  await server.stop();
});

test('a port that is taken, a foreign directory and another version are refused with what to do', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => holder.once('listening', ready));
  const { port } = holder.address() as { port: number };
  await expect(startPostgres({ dir: place('data'), port })).rejects.toThrow(`Port ${port} is taken`);
  holder.close();

  const foreign = place('photos');
  mkdirSync(foreign);
  writeFileSync(join(foreign, 'holiday.jpg'), 'x');
  await expect(startPostgres({ dir: foreign })).rejects.toThrow('is not a Rollbook data directory');
  expect(readFileSync(join(foreign, 'holiday.jpg'), 'utf8')).toBe('x');
  expect(existsSync(join(foreign, 'rollbook.pid'))).toBe(false);

  const old = place('old');
  mkdirSync(old);
  writeFileSync(join(old, 'PG_VERSION'), '15\n');
  await expect(startPostgres({ dir: old })).rejects.toThrow('was written by PostgreSQL 15');
});

test('a directory of another PostgreSQL, and a setting that is none, are told too', async () => {
  const others = place('others');
  mkdirSync(others);
  writeFileSync(join(others, 'PG_VERSION'), '18\n');
  await expect(startPostgres({ dir: others })).rejects.toThrow('is a PostgreSQL data directory, but not one that Rollbook made');

  const dir = place('data');
  await expect(startPostgres({ dir, settings: { max_connections: 'many' } })).rejects.toThrow(
    /PostgreSQL did not start \(exit 1\):[^]*invalid value for parameter "max_connections"/,
  );
  expect(existsSync(join(dir, 'rollbook.pid'))).toBe(false);
  const server = await startPostgres({ dir }); // the directory itself is good
  await server.stop();
});

test('without a port of its own, a server whose last port was taken meanwhile has another', async () => {
  const dir = place('data');
  const first = await startPostgres({ dir });
  await first.stop();
  const holder = createServer().listen(first.port, '127.0.0.1');
  await new Promise((ready) => holder.once('listening', ready));
  const second = await startPostgres({ dir });
  expect(second.port).not.toBe(first.port);
  expect(await ask(second.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
  await second.stop();
  holder.close();
});

test('a server that ends by itself is told of, and is there again under its address', async () => {
  const told: string[] = [];
  const server = await startPostgres({ dir: place('data'), tell: (sentence) => told.push(sentence) });
  const first = server.pid;
  process.kill(first, 'SIGKILL');
  expect(await until(() => ![0, first].includes(server.pid))).toBe(true);
  expect(await ask(server.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(told[0]).toBe('PostgreSQL ended by itself (it did not say why). It is started again.');
  await server.stop();
});

test('a server that is stopped while it would be started again stays away', async () => {
  const server = await startPostgres({ dir: place('data'), tell: () => undefined });
  process.kill(server.pid, 'SIGKILL');
  expect(await until(() => server.pid === 0)).toBe(true);
  await server.stop();
  await expect(ask(server.url('postgres'), 'select 1')).rejects.toThrow(/ECONNREFUSED|ENOENT/);
});

test('a first start that was killed half-way is begun anew by the next', async () => {
  const dir = place('data');
  const script = `import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))}; await startPostgres({ dir: ${JSON.stringify(dir)} });`;
  for (const afterMs of [250, 400, 600]) {
    const node = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const ended = new Promise((done) => node.once('exit', done));
    setTimeout(() => node.kill('SIGKILL'), afterMs);
    await ended;
  }
  const server = await startPostgres({ dir });
  expect(await ask(server.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
});
