import { afterAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dirs: string[] = [];
const directory = () => dirs[dirs.push(mkdtempSync(join(tmpdir(), 'rollbook-sign-in-'))) - 1]!;
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

/** What `npm run sign-in` runs; it is killed when it has not ended after 20 seconds. */
function signIn(dir: string, ...args: string[]): Promise<{ code: number | null; out: string; told: string }> {
  return new Promise((ended) => {
    const env = { ...process.env, ROLLBOOK_DATA: dir };
    const program = [join(import.meta.dirname, 'signIn.ts'), ...args];
    const child = execFile(process.execPath, program, { env, timeout: 20_000, killSignal: 'SIGKILL' }, (_, out, told) =>
      ended({ code: child.exitCode, out, told }),
    );
  });
}

test.each([
  ['that is not there', () => join(directory(), 'rollbook')],
  ['that is empty', directory],
  [
    "that holds somebody's photos",
    () => {
      const dir = directory();
      writeFileSync(join(dir, 'holiday.jpg'), 'x');
      return dir;
    },
  ],
])('on a directory %s one is told that there is no district, and how to get one', async (_, place) => {
  const dir = place();
  expect(await signIn(dir, 'teacher')).toEqual({
    code: 1,
    out: '',
    told: `There is no district in ${dir} yet. npm start makes one; with another directory, set ROLLBOOK_DATA to it for both commands.\n`,
  });
});

test('on a district that does not run one is told to start it', async () => {
  const dir = directory();
  writeFileSync(join(dir, 'development-key.json'), '{}');
  expect(await signIn(dir, 'teacher')).toEqual({
    code: 1,
    out: '',
    told: `No Rollbook is running on ${dir}. Start it with npm start, then sign in.\n`,
  });
});

test('on a district that runs and has no demo persons one is told to name a person, or to bring a district in', async () => {
  const dir = directory();
  const running = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
  await once(running, 'listening');
  try {
    writeFileSync(join(dir, 'address'), `http://127.0.0.1:${(running.address() as { port: number }).port}`);
    expect(await signIn(dir, 'teacher')).toEqual({
      code: 1,
      out: '',
      told: "This district has no demo persons. Name a person's id, or bring a district in: npm run import -- <package>.\n",
    });
  } finally {
    running.closeAllConnections();
    running.close();
  }
});
