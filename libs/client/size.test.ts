import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What a page loads: index.ts and whatever it imports. */
function browserModules(file = 'index.ts', found = new Map<string, string>()): Map<string, string> {
  if (found.has(file)) return found;
  const code = stripTypeScriptTypes(readFileSync(join(import.meta.dirname, file), 'utf8'));
  found.set(file, code);
  for (const [, next] of code.matchAll(/from '\.\/([^']+)'/g)) browserModules(next, found);
  return found;
}

const limitBytes = 16_000;

test(`what a page loads is less than ${limitBytes} bytes, as it is and gzipped`, () => {
  const modules = browserModules();
  const bytes = gzipSync([...modules.values()].join('\n')).length;
  console.log(`${modules.size} modules, ${bytes} bytes`);
  expect(modules.size).toBeGreaterThan(5);
  expect(bytes).toBeLessThan(limitBytes);
});

test('what a page loads needs nothing but a browser', () => {
  for (const [file, code] of browserModules()) {
    const imports = [...code.matchAll(/from '([^']+)'/g)].map(([, from]) => from);
    expect([file, imports.filter((from) => !from!.startsWith('./'))]).toEqual([file, []]);
    expect([file, /\b(process|Buffer|require|setImmediate)\b[.(]/.test(code)]).toEqual([file, false]);
  }
});
