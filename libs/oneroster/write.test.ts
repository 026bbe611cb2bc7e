import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { checkPackage, columns, openPackage, PackageError, writePackage } from './index.ts';
import type { Column, FileName, Row, Version } from './index.ts';
import { ada, district, school, workshop, zipped } from './testing.ts';

const here = workshop();
afterEach(() => expect(here.leftovers()).toEqual([]));
afterAll(here.close);

/** Any text a cell may hold: everything but line breaks and NUL. */
const anyText = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', ',', ' ', ';', "'", '=', '+', '@', 'é', '日', '😀', '\t', '\uFEFF', '\uFFFD', 'a') }),
    fc.constantFrom('=1+1', '"', '""', ',', ' ', 'O"Brien, Jr.', '@SUM(A1)', '-5', 'a'.repeat(20_000)),
  )
  .map((text) => text.replace(/[\r\n\0]/g, ''));
const anyId = fc.oneof(fc.uuid(), fc.stringMatching(/^[0-9A-Za-z./@_-]{1,255}$/));
const anyDay = fc.date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }).map((date) => date.toISOString());

/** Any value that a column may hold, by the letter. */
function anyValue(column: Column): fc.Arbitrary<string> {
  const item: Record<Column['type'], () => fc.Arbitrary<string>> = {
    text: () => (column.list ? anyText.map((text) => text.replaceAll(',', '')) : anyText),
    id: () => anyId,
    date: () => anyDay.map((day) => day.slice(0, 10)),
    dateTime: () => anyDay,
    year: () => fc.integer({ min: 1900, max: 2200 }).map(String),
    boolean: () => fc.constantFrom('true', 'false'),
    integer: () => fc.integer().map(String),
    float: () => fc.tuple(fc.integer(), fc.nat(999)).map(([whole, part]) => `${whole}.${part}`),
    choice: () => fc.constantFrom(...column.vocabulary!),
  };
  const one = item[column.type]().filter((value) => value.trim() !== '');
  return column.list ? fc.array(one, { minLength: 1, maxLength: 4 }).map((list) => list.join(',')) : one;
}

/** Rows of a delta (which may point outside itself), with ids that do not repeat, and perhaps with metadata. */
function anyRows(table: readonly Column[]): fc.Arbitrary<Row[]> {
  const cells = table.map((column) => {
    const isLifecycle = column.name === 'status' || column.name === 'dateLastModified';
    return [column.name, column.required || isLifecycle ? anyValue(column) : fc.oneof(fc.constant(''), anyValue(column))] as const;
  });
  return fc.boolean().chain((withMetadata) =>
    fc.uniqueArray(fc.record(Object.fromEntries([...cells, ...(withMetadata ? [['metadata.our.own', anyText] as const] : [])])), {
      minLength: 1,
      maxLength: 4,
      selector: ({ sourcedId }) => sourcedId,
    }),
  );
}

const everyFile = (['1.1', '1.2'] as const).flatMap((version) =>
  Object.entries(columns[version]).map(([file, table]) => ({ version, file: file as FileName, table })),
);

describe('what is written is read back, cell by cell:', () => {
  for (const [kind, ending] of [
    ['zip', '.zip'],
    ['folder', ''],
  ] as const) {
    test(`any legal rows of any file, as a ${kind}`, async () => {
      const property = fc.asyncProperty(
        fc.constantFrom(...everyFile).chain(({ version, file, table }) => anyRows(table).map((rows) => ({ version, file, rows }))),
        async ({ version, file, rows }) => {
          const path = here.path(ending);
          const { counts } = await writePackage(path, { version, mode: 'delta', files: { [file]: rows } });
          expect(counts).toEqual({ [file]: rows.length });
          const opened = await openPackage(path, { strictness: 'strict' });
          const read = await Array.fromAsync(opened.rows(file));
          await opened.close();
          expect(opened.mode[file]).toBe('delta');
          expect(read.map(({ row }) => row)).toEqual(rows);
          expect(read.flatMap(({ issues }) => issues).filter(({ code }) => !code.startsWith('semantic.'))).toEqual([]);
        },
      );
      await fc.assert(property, { numRuns: 150 });
    });
  }
});

describe('a written package', () => {
  test('is valid by the letter, and its manifest tells what is in it', async () => {
    const path = here.path('');
    const source = { systemName: 'Rollbook "demo", Inc.', systemCode: 'rollbook' };
    const { counts } = await writePackage(path, {
      source,
      files: { orgs: [district], users: [ada, { ...ada, sourcedId: 'u2' }], results: [] },
    });
    expect(counts).toEqual({ orgs: 1, users: 2 });
    expect(readdirSync(path).sort()).toEqual(['manifest.csv', 'orgs.csv', 'users.csv']);
    const manifest = readFileSync(join(path, 'manifest.csv'), 'utf8').split('\n');
    expect(manifest).toEqual(
      expect.arrayContaining(['file.users,bulk', 'file.results,absent', 'source.systemName,"Rollbook ""demo"", Inc."']),
    );
    expect(manifest.filter((line) => line.startsWith('file.'))).toHaveLength(21);
    expect(await checkPackage(path)).toMatchObject({ valid: true, issues: [], version: '1.2' });
  });
  test('may hold nothing at all, which says that nothing changed', async () => {
    const path = here.path('.zip');
    expect(await writePackage(path, { files: {} })).toEqual({ counts: {} });
    expect(await checkPackage(path)).toMatchObject({ valid: true, counts: {} });
  });
  test('has a space where a value had a line break', async () => {
    const path = here.path('.zip');
    await writePackage(path, { files: { users: [{ ...ada, middleName: 'King\r\nNoel\nByron' }] } });
    const opened = await openPackage(path);
    expect((await Array.fromAsync(opened.rows('users')))[0]).toMatchObject({ row: { middleName: 'King Noel Byron' }, issues: [] });
    await opened.close();
  });
  test('takes rows from a stream as well as from a list', async () => {
    const path = here.path('.zip');
    async function* users() {
      for (let number = 0; number < 20_000; number++) yield { ...ada, sourcedId: `u${number}` };
    }
    expect(await writePackage(path, { files: { users: users() } })).toEqual({ counts: { users: 20_000 } });
    expect(await checkPackage(path)).toMatchObject({ valid: true, counts: { users: { rows: 20_000 } } });
  });
  test('replaces an older zip of the same name, and an empty folder', async () => {
    const zip = here.path('.zip');
    const folder = here.path('');
    mkdirSync(folder);
    for (const path of [zip, folder]) await writePackage(path, { files: { orgs: [district] } });
    await writePackage(zip, { files: { users: [ada] } });
    expect((await checkPackage(zip)).counts).toEqual({ users: { rows: 1, refused: 0, repaired: 0 } });
  });
  test('does not replace a folder that holds anything', async () => {
    const path = here.folder({ 'diary.txt': 'dear diary' });
    await expect(writePackage(path, { files: { orgs: [district] } })).rejects.toThrow('is not empty');
    expect(readdirSync(path)).toEqual(['diary.txt']);
  });
});

describe('a row that a strict reader would refuse is not written, nor anything else:', () => {
  const cases: [name: string, file: FileName, row: Row, message: string, mode?: 'delta', version?: Version][] = [
    ['a required value missing', 'users', { ...ada, familyName: '' }, 'users.csv, row 2: familyName is missing'],
    [
      'a value of the wrong form',
      'users',
      { ...ada, enabledUser: 'yes' },
      'users.csv, row 2: enabledUser must be true or false, not "yes"',
    ],
    ['a column the file does not have', 'users', { ...ada, shoeSize: '38' }, 'users.csv, row 2: users has no column shoeSize'],
    ['a status in bulk', 'users', { ...ada, status: 'active' }, 'users.csv, row 2: status must be empty in a bulk file'],
    ['a NUL character', 'users', { ...ada, givenName: 'A\0' }, 'a NUL character cannot be written'],
  ];
  for (const [name, file, row, message] of cases) {
    test(name, async () => {
      for (const ending of ['.zip', '']) {
        const path = here.path(ending);
        await expect(writePackage(path, { files: { [file]: [ada, row] } })).rejects.toThrow(message);
        expect(await checkPackage(path)).toMatchObject({ totals: { 'package.not_found': 1 } });
      }
    });
  }
  test('a delta without status', async () => {
    await expect(writePackage(here.path('.zip'), { mode: 'delta', files: { users: [ada] } })).rejects.toThrow(
      'users.csv, row 1: status is missing',
    );
  });
  test('a file that the version does not have', async () => {
    await expect(writePackage(here.path('.zip'), { version: '1.1', files: { roles: [] } })).rejects.toThrow(
      'OneRoster 1.1 has no file roles.csv',
    );
  });
  test('a source that breaks off', async () => {
    function* users() {
      for (let number = 0; number < 10_000; number++) yield { ...ada, sourcedId: `u${number}` };
      throw new Error('the database went away');
    }
    for (const ending of ['.zip', ''])
      await expect(writePackage(here.path(ending), { files: { users: users() } })).rejects.toThrow('the database went away');
  });
  test('a place that is not there', async () => {
    for (const ending of ['.zip', ''])
      await expect(writePackage(join(here.path(''), `x${ending}`), { files: { users: [ada] } })).rejects.toThrow('ENOENT');
  });
});

describe('whatever the bytes, a package is read or refused, never a crash:', () => {
  const spoil = (bytes: Buffer, edits: [at: number, byte: number][]) => {
    const spoiled = Buffer.from(bytes);
    for (const [at, byte] of edits) spoiled[at % spoiled.length] = byte;
    return spoiled;
  };
  const edits = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0, 0xff))), {
    minLength: 1,
    maxLength: 12,
  });
  const survives = async (path: string) => {
    for (const strictness of ['strict', 'tolerant'] as const) {
      await checkPackage(path, { strictness });
      try {
        const opened = await openPackage(path, { strictness });
        try {
          for (const file of Object.keys(opened.mode) as FileName[])
            for await (const { line } of opened.rows(file)) expect(line).toBeGreaterThan(1);
        } finally {
          await opened.close();
        }
      } catch (error) {
        expect(error).toBeInstanceOf(PackageError);
      }
    }
  };
  test('a zip with random bytes changed', async () => {
    const bytes = await zipped(school());
    const path = here.path('.zip');
    const property = fc.asyncProperty(edits, async (list) => {
      writeFileSync(path, spoil(bytes, list));
      await survives(path);
    });
    await fc.assert(property, { numRuns: 100 });
  });
  test('a CSV file with random bytes changed', async () => {
    const files = school();
    const path = here.folder(files);
    const property = fc.asyncProperty(fc.constantFrom(...Object.keys(files)), edits, async (name, list) => {
      writeFileSync(join(path, name), spoil(Buffer.from(files[name]!), list));
      await survives(path);
      writeFileSync(join(path, name), files[name]!);
    });
    await fc.assert(property, { numRuns: 100 });
  });
});
