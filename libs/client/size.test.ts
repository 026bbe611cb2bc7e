import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import ts from 'typescript';

/** What a page loads: index.ts and whatever it imports. */
function browserModules(file = 'index.ts', found = new Map<string, string>()): Map<string, string> {
  if (found.has(file)) return found;
  const source = readFileSync(join(import.meta.dirname, file), 'utf8');
  found.set(file, source);
  for (const [, next] of stripTypeScriptTypes(source).matchAll(/from '\.\/([^']+)'/g)) browserModules(next, found);
  return found;
}

/** As a front end's build serves it: without types and comments; names stay. */
const built = (source: string) =>
  ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, removeComments: true },
  }).outputText;
const gzipped = (texts: string[]) => gzipSync(texts.join('\n')).length;

const limitBytes = 12_000;
const unbuiltLimitBytes = 17_000;

test(`what a page loads is less than ${limitBytes} bytes gzipped, and less than ${unbuiltLimitBytes} with its comments`, () => {
  const sources = [...browserModules().values()];
  const bytes = gzipped(sources.map(built));
  const unbuilt = gzipped(sources.map((source) => stripTypeScriptTypes(source)));
  console.log(`${sources.length} modules: ${bytes} bytes gzipped; ${unbuilt} with comments, as Node strips the types`);
  expect(sources.length).toBeGreaterThan(5);
  expect(bytes).toBeLessThan(limitBytes);
  expect(unbuilt).toBeLessThan(unbuiltLimitBytes);
});

test('what a page loads needs nothing but a browser', () => {
  for (const [file, source] of browserModules()) {
    const code = built(source);
    const imports = [...code.matchAll(/from '([^']+)'/g)].map(([, from]) => from);
    expect([file, imports.filter((from) => !from!.startsWith('./'))]).toEqual([file, []]);
    expect([file, /\b(process|Buffer|require|setImmediate)\b[.(]/.test(code)]).toEqual([file, false]);
  }
});
