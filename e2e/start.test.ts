import { afterAll, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Program } from './programs.ts';
import { ask } from './topologies.ts';

const dir = mkdtempSync(join(tmpdir(), 'rollbook-start-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Started extends Program {
  readonly url: string;
}

/** What `npm start` runs, until it has printed everything; or what it said when it ended instead. */
async function start(...args: string[]): Promise<Started> {
  const program = run('start.ts', '--data', dir, ...args);
  await program.hasPrinted(/Ctrl-C ends everything|The district is empty/);
  return { ...program, url: /ready after .* s: {2}(\S+)/.exec(program.printed())?.[1] ?? '' };
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const until = async (done: () => boolean) => {
  for (let i = 0; i < 400; i++, await new Promise((next) => setTimeout(next, 50))) if (done()) return true;
  return false;
};
/** The processes that a process started and that run this file. */
const childrenOf = (pid: number, file: string) => {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  return pids.filter((child) => existsSync(`/proc/${child}/cmdline`) && readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(file));
};

test('a newcomer gets a district, sign-ins and a query that answers; killed, nothing is left running, and the next start has it all', async () => {
  const first = await start('--port', '0', '--students', '150');
  for (const name of ['teacher', 'counselor', 'clerk', 'principal', 'parent', 'vendor'])
    expect(first.printed()).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  const body = JSON.parse(/-d '(\{.*\})'$/m.exec(first.printed())![1]!) as { query: string; variables: object };
  const token = readFileSync(join(dir, 'tokens', 'teacher'), 'utf8');
  const answer = await ask(first, token, body.query, body.variables);
  expect(answer.errors).toBeUndefined();
  expect(answer.data.me.displayName).toEqual(expect.any(String));
  expect(Array.isArray(answer.data.myDay)).toBe(true);

  const postgres = Number(readFileSync(join(dir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  expect(alive(postgres)).toBe(true);
  first.child.kill('SIGKILL');
  expect(await until(() => !alive(postgres))).toBe(true);

  const second = await start('--port', '0');
  expect(second.printed()).not.toContain('making a demo district');
  const again = await ask(second, readFileSync(join(dir, 'tokens', 'teacher'), 'utf8'), body.query, body.variables);
  expect(again.data).toEqual(answer.data);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  expect(existsSync(join(dir, 'postgres', 'postmaster.pid'))).toBe(false);
  expect(existsSync(join(dir, 'address'))).toBe(false);
}, 180_000);

test('several processes serve one port; one that is killed is replaced, the others answer meanwhile, and all end together', async () => {
  const started = await start('--port', '0', '--workers', '2');
  const token = readFileSync(join(dir, 'tokens', 'teacher'), 'utf8');
  const isAnswered = async () => (await ask(started, token, '{ me { id } }', {})).data?.me.id !== undefined;
  const workers = () => childrenOf(started.child.pid!, 'worker.ts');
  const before = workers();
  expect(before).toHaveLength(2);
  process.kill(before[0]!, 'SIGKILL');
  // A connection that was handed over in the instant of the kill is nobody's: from when the end is noticed, all are answered.
  expect(await until(() => started.printed().includes('Another one takes its place'))).toBe(true);
  for (let n = 0; n < 10; n++) expect(await isAnswered()).toBe(true);
  expect(await until(() => workers().length === 2)).toBe(true);
  const taken = await start('--data', mkdtempSync(join(dir, 'other-')), '--empty', '--workers', '2', '--port', new URL(started.url).port);
  expect(taken.printed()).toContain('is taken');
  expect(await taken.ended).toBe(1);
  const all = workers();
  started.child.kill('SIGTERM');
  expect(await started.ended).toBe(0);
  expect(all.filter(alive)).toEqual([]);
  expect(existsSync(join(dir, 'postgres', 'postmaster.pid'))).toBe(false);
}, 120_000);

test('a port that is taken, a wrong option and a directory that is somebody else’s are told in a sentence', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => holder.once('listening', ready));
  const { port } = holder.address() as { port: number };
  const taken = await start('--port', String(port));
  expect(taken.printed()).toContain(`Port ${port} is taken`);
  expect(existsSync(join(dir, 'postgres', 'postmaster.pid'))).toBe(false);
  holder.close();
  expect((await start('--port', 'four')).printed()).toContain('--port must be a number');
  const foreign = mkdtempSync(join(tmpdir(), 'rollbook-foreign-'));
  mkdirSync(join(foreign, 'postgres'));
  writeFileSync(join(foreign, 'postgres', 'thesis.doc'), 'x');
  expect((await start('--data', foreign)).printed()).toContain('is not a Rollbook data directory');
  rmSync(foreign, { recursive: true });
}, 60_000);
