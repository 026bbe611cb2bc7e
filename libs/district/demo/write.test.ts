import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkPackage } from '@rollbook/oneroster';
import { writeDemoPackage } from './write.ts';

const run = promisify(execFile);
const program = new URL('../generate.ts', import.meta.url).pathname;
const options = { schools: 3, students: 1500, seed: 1, today: '2026-11-21' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-district-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  for (const name of (await readdir(path)).sort()) digest.update(name).update(await readFile(join(path, name)));
  return digest.digest('hex');
}

test('a strict check finds nothing wrong with the package, and counts the rows that writing counted', async () => {
  const path = join(folder, 'strict.zip');
  const counts = await writeDemoPackage(path, options);
  const report = await checkPackage(path);
  expect(report.issues).toEqual([]);
  expect(report.valid).toBe(true);
  expect(Object.fromEntries(Object.entries(report.counts).map(([file, count]) => [file, count!.rows]))).toEqual(counts);
  expect(counts.demographics).toBe(1500);
});

test('the same options give the same files, byte for byte', async () => {
  const [one, two, other] = ['one', 'two', 'other'].map((name) => join(folder, name)) as [string, string, string];
  await writeDemoPackage(one, options);
  await writeDemoPackage(two, options);
  await writeDemoPackage(other, { ...options, seed: 2 });
  expect(await digestOf(one)).toBe(await digestOf(two));
  expect(await digestOf(one)).not.toBe(await digestOf(other));
});

test('nothing is written when an option is wrong', async () => {
  const path = join(folder, 'wrong.zip');
  await expect(writeDemoPackage(path, { ...options, students: 3 })).rejects.toThrow('students must be');
  expect((await readdir(folder)).filter((name) => name.includes('wrong'))).toEqual([]);
});

test('the program says what is wrong with its arguments, and how to use it', async () => {
  const failing = (args: string[]) =>
    run(process.execPath, [program, ...args]).then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    );
  for (const [args, message] of [
    [['--students', 'many'], '--students must be a whole number, not "many"'],
    [['--students', '3'], 'students must be a whole number from 120 to 18000'],
    [['--shools', '3'], "Unknown option '--shools'"],
    [['--today', 'tomorrow'], 'today must be a day written YYYY-MM-DD, not "tomorrow"'],
  ] as const) {
    const { code, stderr } = await failing([...args, '--out', join(folder, 'never.zip')]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('npm run demo --');
  }
  expect(await readdir(folder)).not.toContain('never.zip');
});

test('20,000 students are written in less than 400 MB of memory', async () => {
  const path = join(folder, 'large.zip');
  const { stdout } = await run(process.execPath, [
    program,
    '--schools',
    '30',
    '--students',
    '20000',
    '--today',
    '2026-11-21',
    '--out',
    path,
  ]);
  const summary = stdout.trim().split('\n').at(-1)!;
  console.log(summary);
  expect(summary).toMatch(/large\.zip: 9\d\d,\d{3} rows/);
  expect(Number(/peak memory (\d+) MB/.exec(summary)![1])).toBeLessThan(400);
});
