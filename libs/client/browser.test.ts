import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { SimulatedServer, type SaveInput } from './testing.ts';

const path = '/usr/bin/chromium';
const kills = Number(process.env['CHROMIUM_KILLS'] ?? 3);
const seed = Number(process.env['ROLLBOOK_SEED'] ?? 20_141_104);
const students = Array.from({ length: 12 }, (_, n) => `student-${n}`);

/** As root, Debian's browser is a command away. */
function installed(): boolean {
  if (existsSync(path)) return true;
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
    stdio: 'ignore',
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  return existsSync(path);
}
const here = installed();
const inChromium = here ? test : test.skip;
const because = here ? '' : ` (skipped: there is no ${path})`;

let school: SimulatedServer;
let reach: 'well' | 'down' | 'answers are lost' | 'slowly';
let url: string;
let profile: string;
const running = new Set<ChildProcess>();

const site = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
beforeAll(async () => {
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  const { port } = site.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/?person=miller&token=miller&section=algebra&period=fall`;
});
afterEach(() => {
  for (const browser of running) kill(browser);
  rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});
afterAll(() => {
  site.closeAllConnections();
  site.close();
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url!, 'http://127.0.0.1');
  const send = (type: string, text: string) => void response.writeHead(200, { 'content-type': type }).end(text);
  if (pathname === '/') return send('text/html', readFileSync(join(import.meta.dirname, 'example/grid.html'), 'utf8'));
  if (pathname.startsWith('/client/'))
    return send('text/javascript', stripTypeScriptTypes(readFileSync(join(import.meta.dirname, basename(pathname)), 'utf8')));
  if (pathname !== '/graphql') return void response.writeHead(404).end();
  let body = '';
  for await (const part of request) body += String(part);
  const { query, variables } = JSON.parse(body) as { query: string; variables: { input: SaveInput } };
  if (query.startsWith('query')) return send('application/json', JSON.stringify({ data: { section: roster() } }));
  if (reach === 'down') return void response.destroy();
  if (reach === 'slowly') await pause(700);
  const data = school.handle(query, variables.input, 'miller');
  if (reach === 'answers are lost') return void response.destroy();
  send('application/json', JSON.stringify({ data }));
}

const rowOf = (student: string) => school.rowOf(`mark/algebra/fall/${student}`);
const valueAt = (student: string) => Number((rowOf(student)?.value as { value: string } | undefined)?.value ?? 0);
const roster = () => ({
  roster: students.map((id) => ({ student: { id, displayName: id } })),
  marks: students.flatMap((id) => {
    const row = rowOf(id);
    return row ? [{ student: { id }, ...(row.value as object), revision: row.revision }] : [];
  }),
});

const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));
async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let n = 0; n < 200; n++) {
    if (await holds()) return;
    await pause(50);
  }
  throw new Error(`It did not come to this: ${what}`);
}

/** A browser in a process group of its own, so that all of it can be killed at once. */
async function openBrowser() {
  const options = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  const more = ['--disable-component-update', '--disable-sync', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
  const child = spawn(path, ['--headless', ...options, ...more], { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  running.add(child);
  let told = '';
  child.stderr.on('data', (text) => (told += String(text)));
  await until('the browser listens', () => /DevTools listening on (ws:\S+)/.test(told));
  const browser = await chromium.connectOverCDP(/DevTools listening on (ws:\S+)/.exec(told)![1]!);
  const page = browser.contexts()[0]!.pages()[0]!;
  const lines: string[] = [];
  page.on('console', (message) => lines.push(message.text()));
  await page.goto(url);
  await page.waitForSelector('[data-ready=yes]');
  return { child, browser, page, lines };
}

function kill(child: ChildProcess): void {
  running.delete(child);
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends as a person ends it: the browser puts away what it holds. */
async function quit({ child, browser }: Awaited<ReturnType<typeof openBrowser>>): Promise<void> {
  const gone = once(child, 'exit');
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.close').catch(() => undefined);
  await gone;
  kill(child);
}

const banner = async (page: Page) => (await page.textContent('#banner')) ?? '';

inChromium(
  `a browser that is killed while somebody types: at most 2 s of typing are lost, and nothing that was called stored or saved (${kills} kills, ROLLBOOK_SEED=${seed})${because}`,
  async () => {
    profile = mkdtempSync(join(tmpdir(), 'rollbook-chromium-'));
    school = new SimulatedServer();
    let random = seed;
    const dice = (sides: number) => (random = (random * 48_271) % 2_147_483_647) % sides;
    let n = 0;
    const lost: number[] = [];
    for (let round = 0; round < kills; round++) {
      reach = (['down', 'well', 'answers are lost', 'slowly'] as const)[round % 4]!;
      const { child, page, lines } = await openBrowser();
      const typed: { student: string; n: number; at: number }[] = [];
      const killed = pause(600 + dice(1_800)).then(() => {
        kill(child);
        return Date.now();
      });
      try {
        for (;;) {
          const student = students[dice(students.length)]!;
          const entry = { student, n: ++n, at: Date.now() };
          await page.fill(`#${student}`, String(n), { timeout: 3_000 });
          typed.push(entry);
        }
      } catch {
        // The browser is gone: the last one may have been typed or not.
      }
      const killedAt = await killed;
      const called = lines.map((line) => line.split(' '));

      reach = 'well';
      const again = await openBrowser();
      await until('all is saved', async () => (await banner(again.page)) === 'Everything is saved');
      for (const [, student, revision] of called.filter(([what]) => what === 'saved'))
        expect(rowOf(student!)!.revision).toBeGreaterThanOrEqual(Number(revision));
      for (const [, student, value] of called.filter(([what]) => what === 'stored'))
        expect([student, valueAt(student!) >= Number(value)]).toEqual([student, true]);
      for (const entry of typed) if (valueAt(entry.student) < entry.n) lost.push(killedAt - entry.at);
      expect(typed.length).toBeGreaterThan(3);
      await quit(again);
    }
    console.log(`${kills} kills, ${n} values typed, ${lost.length} lost, the oldest of them ${Math.max(0, ...lost)} ms before the kill`);
    expect(Math.max(0, ...lost)).toBeLessThan(2_000);
    for (const history of school.history.values()) {
      const values = history.map(({ value }) => JSON.stringify(value));
      expect(new Set(values).size).toBe(values.length);
    }
  },
  60_000 + kills * 10_000,
);

inChromium(
  `without its IndexedDB, a browser has what had reached the server, and the rest from its fast copy${because}`,
  async () => {
    profile = mkdtempSync(join(tmpdir(), 'rollbook-chromium-'));
    school = new SimulatedServer();
    reach = 'well';
    const first = await openBrowser();
    await first.page.fill('#student-1', '91');
    await until('it is saved', () => first.lines.includes('saved student-1 1'));
    reach = 'down';
    await first.page.fill('#student-2', '92');
    await until('it is stored', () => first.lines.includes('stored student-2 92'));
    await quit(first);
    rmSync(join(profile, 'Default/IndexedDB'), { recursive: true });

    reach = 'well';
    const second = await openBrowser();
    expect(await second.page.inputValue('#student-1')).toBe('91');
    expect(await second.page.inputValue('#student-2')).toBe('92');
    await until('the rest has reached the server', () => valueAt('student-2') === 92);
    expect(valueAt('student-1')).toBe(91);
    await quit(second);
  },
  60_000,
);
