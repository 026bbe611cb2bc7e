import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { IdIndex } from './idIndex.ts';
import { NumberList } from './numberList.ts';

test('an index of ids answers as a Map of ids to numbers does', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.uuid(), fc.string(), fc.nat(50).map(String)), { maxLength: 400 }), (ids) => {
      const index = new IdIndex();
      const map = new Map<string, number>();
      for (const id of ids) {
        expect(index.numberOf(id)).toBe(map.get(id) ?? -1);
        expect(index.add(id)).toBe(map.has(id) ? -1 : map.size);
        if (!map.has(id)) map.set(id, map.size);
      }
      expect(index.size).toBe(map.size);
      for (const [id, number] of map) expect(index.numberOf(id)).toBe(number);
    }),
  );
});

test.each([
  ['in memory', undefined],
  ['on disk, all but two pages', 2],
])('an index keeps its numbers while it grows, %s, and finds what comes twice', (_, held) => {
  const index = new IdIndex(held);
  const ids = 50_000;
  for (let number = 0; number < ids; number++) if (index.add(`id-${number}`) !== number) throw new Error(`id-${number} has another number`);
  for (let number = 0; number < ids; number++) if (index.numberOf(`id-${number}`) !== number) throw new Error(`id-${number} is lost`);
  for (let number = 0; number < ids; number += 7) expect(index.add(`id-${number}`)).toBe(-1);
  for (let number = ids; number < ids * 2; number += 7) expect(index.numberOf(`id-${number}`)).toBe(-1);
  expect(index.size).toBe(ids);
  index.close();
});

test('a list of numbers gives back what was set, 0 where nothing was, from memory and from disk', () => {
  const isSet = (at: number) => (at + Math.floor(at / 512)) % 2 === 0; // what one page sets, the next one does not
  const value = (at: number) => (at % 5 === 0 ? NaN : at % 3 === 0 ? -at / 7 : at * 2 ** 40);
  for (const held of [undefined, 1, 3]) {
    const list = new NumberList(held);
    for (let at = 0; at <= 20_000; at++) if (isSet(at)) list.set(at, value(at));
    for (let at = 0; at <= 20_000; at++)
      if (!Object.is(list.at(at), isSet(at) ? value(at) : 0)) throw new Error(`${at}: ${list.at(at)}, with ${held} pages held`);
    list.close();
  }
});

test('an index of two million ids takes no more memory than one of three hundred thousand', () => {
  const [some, many] = [300_000, 2_000_000].map((ids) => memoryOf(ids));
  expect(some).toBeGreaterThan(5);
  expect(many! - some!).toBeLessThan(4);
}, 120_000);

/** MiB that a process of its own holds for an index of so many ids, what is not in use being collected. */
function memoryOf(ids: number): number {
  const { stdout, stderr } = run(`
    const held = () => { gc(); gc(); const { heapUsed, external } = process.memoryUsage(); return heapUsed + external; };
    const before = held();
    const index = new IdIndex();
    for (let id = 0; id < ${ids}; id++) index.add('id-' + id);
    process.stdout.write([(held() - before) / 2 ** 20, index.size].join(' '));`);
  expect(stderr).toBe('');
  const [mb, size] = stdout.split(' ').map(Number);
  expect(size).toBe(ids);
  return mb!;
}

function run(program: string, env: Record<string, string> = {}) {
  const imported = `import { IdIndex } from ${JSON.stringify(join(import.meta.dirname, 'idIndex.ts'))};`;
  const args = ['--expose-gc', '--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', imported + program];
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...env } });
}

const openFiles = '/proc/self/fd';

(existsSync(openFiles) ? test : test.skip)('what lies on disk has no name there, and is given back (seen in /proc)', () => {
  const index = new IdIndex(1);
  for (let number = 0; number < 1_000; number++) index.add(`id-${number}`);
  expect(ownFiles()).toEqual([expect.stringMatching(/oneroster-[^/]+ \(deleted\)$/)]);
  index.close();
  expect(ownFiles()).toEqual([]);
});

function ownFiles(): string[] {
  const open = readdirSync(openFiles).filter((file) => lstatSync(join(openFiles, file), { throwIfNoEntry: false }));
  return open.map((file) => readlinkSync(join(openFiles, file))).filter((path) => path.includes('oneroster-'));
}

test('where the temporary folder cannot be written to, an error names it', () => {
  const program = `const index = new IdIndex(1); for (let id = 0; id < 1_000; id++) index.add('id-' + id);`;
  const { stderr, status } = run(program, { TMPDIR: '/there/is/none', TEMP: '/there/is/none' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/has no place in \/there\/is\/none \(TMPDIR\): ENOENT/);
});
