import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { columns, columnsOf, fileNames, readingOrder } from './columns.ts';
import type { FileName } from './columns.ts';

const fixtures = process.env['ROLLBOOK_FIXTURES'] ?? new URL('../../../shared/data', import.meta.url).pathname;

describe('the table of columns', () => {
  for (const [version, name] of [
    ['1.1', 'oneroster11-columns.json'],
    ['1.2', 'oneroster12-columns.json'],
  ] as const) {
    const path = `${fixtures}/oneroster/${name}`;
    if (!existsSync(path)) test.skip(`of ${version} agrees with the published list (no ${path})`, () => {});
    else {
      test(`of ${version} agrees with the published list, file by file and in order`, () => {
        const published = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string[]>;
        const ours = Object.fromEntries(Object.entries(columns[version]).map(([file, table]) => [file, table.map(({ name }) => name)]));
        expect(ours).toEqual(published);
      });
    }
  }

  test('has 21 files in 1.2 and 13 in 1.1', () => {
    expect(fileNames).toHaveLength(21);
    expect(Object.keys(columns['1.1'])).toHaveLength(13);
  });

  test('starts every file with sourcedId, status and dateLastModified', () => {
    for (const table of [...Object.values(columns['1.1']), ...Object.values(columns['1.2'])]) {
      expect(table.slice(0, 3).map(({ name }) => name)).toEqual(['sourcedId', 'status', 'dateLastModified']);
    }
  });

  test('gives every column that names another record its file, and every choice its words', () => {
    for (const [file, table] of Object.entries(columns['1.2'])) {
      for (const { name, type, target, vocabulary } of table) {
        if (/SourcedIds?$/.test(name)) expect([file, name, target]).toEqual([file, name, expect.any(String)]);
        if (type === 'choice') expect(vocabulary!.length).toBeGreaterThan(1);
      }
    }
  });

  test('refuses a file that a version does not have', () => {
    expect(() => columnsOf('1.1', 'roles')).toThrow('OneRoster 1.1 has no file roles.csv');
  });
});

test('files are read after the files they point to', () => {
  for (const version of ['1.1', '1.2'] as const) {
    const order = readingOrder(version);
    expect([...order].sort()).toEqual((Object.keys(columns[version]) as FileName[]).sort());
    for (const file of order) {
      for (const { target } of columnsOf(version, file)) if (target) expect(order.indexOf(target)).toBeLessThanOrEqual(order.indexOf(file));
    }
  }
});
