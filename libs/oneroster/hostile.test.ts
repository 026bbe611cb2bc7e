import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, openPackage, PackageError } from './index.ts';
import type { Issue, ReadOptions } from './index.ts';
import { ada, csv, district, homework, quiz, school, score, seat, workshop, year, zipped } from './testing.ts';

const here = workshop();
afterEach(() => expect(here.leftovers()).toEqual([]));
afterAll(here.close);

type Place = Partial<Pick<Issue, 'file' | 'line' | 'column'>>;

/** A dry run reports the issue, in its place, and says what to do; it does not throw. */
async function reported(path: string, code: string, place: Place, options: ReadOptions): Promise<Issue> {
  const report = await checkPackage(path, options);
  const found = report.issues.find((issue) => issue.code === code);
  expect({ ...report.totals, [code]: found?.code }).toMatchObject({ [code]: code });
  expect(found).toMatchObject({ ...place, severity: 'refused' });
  expect(found!.message.length).toBeGreaterThan(8);
  expect(found!.action.length).toBeGreaterThan(8);
  expect(report.valid).toBe(false);
  return found!;
}

/** The package as a whole is refused, in both modes, by the check and by the reader. */
async function refusedAsAWhole(path: string, code: string, place: Place = {}, limits: ReadOptions['limits'] = {}): Promise<void> {
  for (const strictness of ['strict', 'tolerant'] as const) {
    await reported(path, code, place, { strictness, limits });
    const error = await openPackage(path, { strictness, limits }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PackageError);
    expect((error as PackageError).issues.map((issue) => issue.code)).toContain(code);
  }
}

/** The rows of a file until it ends or cannot be read on. */
async function readAll(path: string, file: Parameters<Awaited<ReturnType<typeof openPackage>>['rows']>[0], options: ReadOptions) {
  const opened = await openPackage(path, options);
  const rows = [];
  try {
    for await (const row of opened.rows(file)) rows.push(row);
    return { rows };
  } catch (error) {
    return { rows, error };
  } finally {
    await opened.close();
  }
}

/** A file that cannot be read on after its first row: both modes refuse it, and rows() gives that row and then throws. */
async function refusedFile(path: string, code: string, place: Place, limits: ReadOptions['limits'] = {}): Promise<void> {
  for (const strictness of ['strict', 'tolerant'] as const) {
    await reported(path, code, place, { strictness, limits });
    const { rows, error } = await readAll(path, 'categories', { strictness, limits });
    expect(error).toBeInstanceOf(PackageError);
    expect((error as PackageError).issues[0]).toMatchObject({ code, ...place });
    expect(rows.map(({ row }) => row.title)).toEqual(['Homework']);
  }
}

const without = (name: string) => {
  const { [name]: _, ...rest } = school();
  return rest;
};

test('the package the others are spoiled from is valid, as a zip and as a folder', async () => {
  for (const path of [await here.zip(school()), here.folder(school())]) {
    expect(await checkPackage(path)).toMatchObject({ valid: true, issues: [], totals: {}, version: '1.2' });
  }
});

describe('a package is refused as a whole when it', () => {
  test('is not there', () => refusedAsAWhole(here.path('.zip'), 'package.not_found'));
  test('has no manifest', async () => refusedAsAWhole(await here.zip(without('manifest.csv')), 'package.missing_manifest'));
  test('is empty', () => refusedAsAWhole(here.folder({}), 'package.missing_manifest'));
  test('is not a zip', () => refusedAsAWhole(here.bytes(Buffer.from('sourcedId,status\n1,2\n')), 'package.not_a_zip'));
  test('is cut off', async () => refusedAsAWhole(here.bytes((await zipped(school())).subarray(0, -40)), 'package.not_a_zip'));
  test('is of a version from the future', () =>
    refusedAsAWhole(
      here.folder({ ...school(), 'manifest.csv': 'propertyName,value\nmanifest.version,1.0\noneroster.version,2.0\n' }),
      'manifest.unsupported_version',
      { line: 3 },
    ));
  test('has a manifest that never ends', () =>
    refusedAsAWhole(
      here.folder({ ...school(), 'manifest.csv': `propertyName,value\n${'a,b\n'.repeat(100_000)}` }),
      'manifest.invalid_value',
    ));

  test('climbs out with ../', async () => {
    const bytes = await zipped({ ...school(), 'aa/passwords.csv': 'x' });
    overwriteName(bytes, 'aa/passwords.csv', '../passwords.csv');
    await refusedAsAWhole(here.bytes(bytes), 'package.unsafe_path', { file: '../passwords.csv' });
  });
  test('has an absolute path', async () => {
    const bytes = await zipped({ ...school(), 'aetc/passwd': 'x' });
    overwriteName(bytes, 'aetc/passwd', '/etc/passwd');
    await refusedAsAWhole(here.bytes(bytes), 'package.unsafe_path', { file: '/etc/passwd' });
  });
  test('holds a symbolic link in its zip', async () => {
    const bytes = await zipped([...Object.entries(school()), ['roles.csv', '/etc/passwd', 0o120777]]);
    await refusedAsAWhole(here.bytes(bytes), 'package.symlink', { file: 'roles.csv' });
  });
  test('holds a symbolic link in its folder', async () => {
    const path = here.folder(school());
    symlinkSync('/etc/passwd', join(path, 'roles.csv'));
    await refusedAsAWhole(path, 'package.symlink', { file: 'roles.csv' });
  });
  test('holds a pipe, which would be waited for forever', async () => {
    const path = here.folder(school());
    execFileSync('mkfifo', [join(path, 'roles.csv')]);
    await refusedAsAWhole(path, 'package.not_a_file', { file: 'roles.csv' });
  });
  test('is locked with a password', async () => {
    const bytes = await zipped(school());
    for (const at of headersOf(bytes)) bytes[at + 8]! |= 1;
    await refusedAsAWhole(here.bytes(bytes), 'package.encrypted');
  });
  test('holds a file twice', async () => {
    const bytes = await zipped([...Object.entries(school()), ['users.csv', 'another']]);
    await refusedAsAWhole(here.bytes(bytes), 'package.duplicate_entry', { file: 'users.csv' });
  });
  test('holds a file twice, but for upper case', async () => {
    await refusedAsAWhole(await here.zip({ ...school(), 'USERS.csv': 'another' }), 'package.duplicate_entry', { file: 'USERS.csv' });
  });
  test('is packed in a way that is not read here', async () => {
    const bytes = await zipped(school());
    for (const at of headersOf(bytes)) bytes[at + 10] = 12;
    await refusedAsAWhole(here.bytes(bytes), 'package.unsupported_compression');
  });
});

describe('a zip bomb is not set off:', () => {
  test('60 MB of nothing in 60 KB', async () => {
    const bytes = await zipped({ ...school(), 'users.csv': Buffer.alloc(60 * 2 ** 20, 'a') });
    expect(bytes.length).toBeLessThan(200_000);
    await refusedAsAWhole(here.bytes(bytes), 'package.suspicious_ratio', { file: 'users.csv' });
  });
  test('more bytes than allowed, all files together', async () => {
    await refusedAsAWhole(await here.zip(school()), 'package.too_large', {}, { bytes: 500 });
    await refusedAsAWhole(here.folder(school()), 'package.too_large', {}, { bytes: 500 });
  });
  test('more entries than any package has', async () => {
    const many = Object.fromEntries(Array.from({ length: 1500 }, (_, number) => [`file-${number}.txt`, '']));
    await refusedAsAWhole(await here.zip({ ...school(), ...many }), 'package.too_many_entries');
    await refusedAsAWhole(here.folder({ ...school(), ...many }), 'package.too_many_entries');
  });
  test('an entry that is larger than it says', async () => {
    const users = Array.from({ length: 5000 }, (_, number) => ({ ...ada, sourcedId: `u${number}` }));
    const bytes = await zipped(school({ users }));
    for (const at of headersOf(bytes)) if (nameAt(bytes, at) === 'users.csv') bytes.writeUInt32LE(1000, at + 24);
    for (const strictness of ['strict', 'tolerant'] as const) {
      await reported(here.bytes(bytes), 'package.corrupt', { file: 'users.csv' }, { strictness });
    }
  });
});

test('a mark that was changed inside the zip is noticed by its checksum', async () => {
  const bytes = await zipped(school(), false);
  bytes.write('99', bytes.indexOf('fully graded,95') + 'fully graded,'.length);
  for (const strictness of ['strict', 'tolerant'] as const) {
    await reported(here.bytes(bytes), 'package.corrupt', { file: 'results.csv' }, { strictness });
  }
});

describe('by the letter, a package is refused when', () => {
  const strictly = async (files: Parameters<typeof here.folder>[0], code: string, place: Place = {}) => {
    const path = here.folder(files);
    await reported(path, code, place, { strictness: 'strict' });
    await expect(openPackage(path, { strictness: 'strict' })).rejects.toThrow(PackageError);
  };
  test('a file is missing that the manifest promises', () => strictly(without('users.csv'), 'package.missing_file', { file: 'users.csv' }));
  test('a file is there that the manifest calls absent', () =>
    strictly({ ...school(), 'roles.csv': csv('roles', [{ sourcedId: 'x' }]) }, 'package.unexpected_file', { file: 'roles.csv' }));
  test('a file is there that no package has', () =>
    strictly({ ...school(), 'notes.txt': 'hello' }, 'package.unknown_file', { file: 'notes.txt' }));
  test('a file name is in the wrong case', () => {
    const { 'users.csv': users, ...rest } = school();
    return strictly({ ...rest, 'Users.csv': users! }, 'package.file_name_case', { file: 'Users.csv' });
  });
  test('the files are in a folder inside the zip', async () => {
    const inFolder = Object.fromEntries(Object.entries(school()).map(([name, text]) => [`export/${name}`, text]));
    await reported(await here.zip(inFolder), 'package.file_not_at_root', {}, { strictness: 'strict' });
  });
  test('a data file holds no rows', () =>
    strictly({ ...school(), 'results.csv': csv('results', []) }, 'package.empty_file', { file: 'results.csv' }));
  test('a manifest line is missing', () =>
    strictly(
      { ...school(), 'manifest.csv': String(school()['manifest.csv']).replace('file.roles,absent\n', '') },
      'manifest.missing_property',
    ));
  test('a manifest line is unknown', () =>
    strictly({ ...school(), 'manifest.csv': `${school()['manifest.csv']}file.attendance,bulk\n` }, 'manifest.unknown_property', {
      line: 25,
    }));
  test('a manifest line is repeated', () =>
    strictly({ ...school(), 'manifest.csv': `${school()['manifest.csv']}file.users,delta\n` }, 'manifest.duplicate_property', {
      line: 25,
    }));
  test('a mode is left empty', () =>
    strictly(
      { ...school(), 'manifest.csv': String(school()['manifest.csv']).replace('file.users,bulk', 'file.users,') },
      'manifest.invalid_value',
    ));
  test('the manifest has another header', () =>
    strictly(
      { ...school(), 'manifest.csv': String(school()['manifest.csv']).replace('propertyName', 'property') },
      'manifest.invalid_header',
      { line: 1 },
    ));
  test('the columns are in another order', () =>
    strictly(
      { ...school(), 'orgs.csv': 'status,sourcedId,dateLastModified,name,type,identifier,parentSourcedId\n,d1,,A,district,,\n' },
      'schema.header_order_mismatch',
      {
        file: 'orgs.csv',
        line: 1,
        column: 'sourcedId',
      },
    ));
  test('a column is missing', () =>
    strictly({ ...school(), 'orgs.csv': 'sourcedId,status\nd1,\n' }, 'schema.missing_column', { file: 'orgs.csv', line: 1 }));
  test('a column is repeated', () =>
    strictly(
      { ...school(), 'categories.csv': 'sourcedId,status,dateLastModified,title,title,weight\nh1,,,A,B,\n' },
      'schema.duplicate_column',
      { column: 'title' },
    ));
});

describe('a file that is not what it should be:', () => {
  const spoiled = (line: string) =>
    here.folder({ ...school(), 'categories.csv': `${csv('categories', [homework])}${line}\nh3,,,Third,\n` });
  const place = { file: 'categories.csv', line: 3 };
  test('a quote that is never closed', () => refusedFile(spoiled('h2,,,"Second,'), 'csv.unclosed_quote', place));
  test('text after a closing quote', () => refusedFile(spoiled('h2,,,"Sec"ond,'), 'csv.text_after_quote', place));
  test('a record longer than any record should be', () =>
    refusedFile(spoiled('h2'.repeat(10_000)), 'csv.record_too_long', place, { recordCharacters: 10_000 }));
  test('a quote inside a value that is not quoted refuses its row, and only that', async () => {
    const path = here.folder(school({ users: [ada, { ...ada, sourcedId: 'u2', username: 'b"o"b' }, { ...ada, sourcedId: 'u3' }] }));
    const report = await checkPackage(path, { strictness: 'tolerant' });
    expect(report.counts.users).toEqual({ rows: 3, refused: 1, repaired: 0 });
    expect(report.issues).toEqual([expect.objectContaining({ code: 'csv.unescaped_quote', file: 'users.csv', line: 3 })]);
  });
  for (const [name, encoding] of [
    ['UTF-16 with byte order mark', '\uFEFF'],
    ['UTF-16 without byte order mark', ''],
  ]) {
    test(name!, () =>
      refusedAsAWhole(here.folder({ ...school(), 'users.csv': Buffer.from(encoding + csv('users', [ada]), 'utf16le') }), 'csv.not_utf8', {
        file: 'users.csv',
        line: 1,
      }),
    );
  }
  test('UTF-16 big-endian', () =>
    refusedAsAWhole(
      here.folder({ ...school(), 'users.csv': Buffer.from(`\uFEFF${csv('users', [ada])}`, 'utf16le').swap16() }),
      'csv.not_utf8',
      { file: 'users.csv' },
    ));
  test('a manifest in UTF-16', () =>
    refusedAsAWhole(
      here.folder({ ...school(), 'manifest.csv': Buffer.from(String(school()['manifest.csv']), 'utf16le') }),
      'csv.not_utf8',
      { file: 'manifest.csv' },
    ));

  const spoiledRow = async (users: string | Buffer, code: string) => {
    for (const strictness of ['strict', 'tolerant'] as const) {
      const path = here.folder({ ...school(), 'users.csv': users });
      await reported(path, code, { file: 'users.csv', line: 3, column: 'givenName' }, { strictness });
      const { rows } = await readAll(path, 'users', { strictness });
      expect(rows.map(({ issues }) => issues.length)).toEqual([0, 1, 0]);
    }
  };
  const threeUsers = (givenName: string) =>
    csv('users', [ada, { ...ada, sourcedId: 'u2', givenName }, { ...ada, sourcedId: 'u3', givenName: 'Zoë' }]);
  test('a NUL byte refuses its row', () => spoiledRow(threeUsers('Jo\0e'), 'csv.nul_byte'));
  test('a letter in Windows-1252 refuses its row instead of becoming a question mark', () => {
    const [before, after] = threeUsers('Jos#').split('#');
    return spoiledRow(Buffer.concat([Buffer.from(before!), Buffer.from([0xe9]), Buffer.from(after!)]), 'csv.invalid_utf8');
  });
  test('wrong number of cells', async () => {
    const path = here.folder({ ...school(), 'orgs.csv': `${csv('orgs', [district])}d2,,,Short\n` });
    for (const strictness of ['strict', 'tolerant'] as const)
      await reported(path, 'csv.column_count', { file: 'orgs.csv', line: 3 }, { strictness });
  });
  test('a folder with the name of a file', async () => {
    const path = here.folder(without('users.csv'));
    mkdirSync(join(path, 'users.csv'));
    await reported(path, 'package.unknown_file', { file: 'users.csv/' }, { strictness: 'strict' });
  });
});

describe('byte order mark and line ends do not matter:', () => {
  for (const [name, spoil] of [
    ['byte order mark', (text: string) => `\uFEFF${text}`],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['CR', (text: string) => text.replaceAll('\n', '\r')],
    ['no line end at the end', (text: string) => text.replace(/\n$/, '')],
    ['a mixture', (text: string) => `\uFEFF${text.replace('\n', '\r\n')}`],
  ] as const) {
    test(name, async () => {
      const files = Object.fromEntries(Object.entries(school()).map(([file, text]) => [file, spoil(String(text))]));
      expect(await checkPackage(here.folder(files))).toMatchObject({ valid: true, issues: [], counts: { users: { rows: 1 } } });
    });
  }
});

describe('the sum of small sins:', () => {
  test('1,800 duplicate ids are 1,800 refused rows, the first of each kept', async () => {
    const results = Array.from({ length: 3600 }, (_, number) => ({
      ...score,
      sourcedId: `r${number % 1800}`,
      score: String(number % 100),
    }));
    const path = await here.zip(school({ results }));
    const report = await checkPackage(path, { strictness: 'tolerant', keptPerCode: 10 });
    expect(report.counts.results).toEqual({ rows: 3600, refused: 1800, repaired: 0 });
    expect(report.totals).toEqual({ 'reference.duplicate_sourced_id': 1800 });
    expect(report.issues).toHaveLength(10);
    expect(report.issues[0]).toMatchObject({ file: 'results.csv', line: 1802, column: 'sourcedId' });
    expect((await checkPackage(path)).totals).toEqual({ 'reference.duplicate_sourced_id': 1800 });
    const { rows } = await readAll(path, 'results', { strictness: 'tolerant' });
    expect(rows.filter(({ issues }) => issues.length === 0).map(({ row }) => row.sourcedId)).toEqual(
      results.slice(0, 1800).map(({ sourcedId }) => sourcedId),
    );
  });
  test('a membership of an unknown section is refused, and the rest is read', async () => {
    const path = await here.zip(school({ enrollments: [{ ...seat, sourcedId: 'e0', classSourcedId: 'nowhere' }, seat] }));
    for (const strictness of ['strict', 'tolerant'] as const) {
      await reported(
        path,
        'reference.missing_target_record',
        { file: 'enrollments.csv', line: 2, column: 'classSourcedId' },
        { strictness },
      );
      const { rows } = await readAll(path, 'enrollments', { strictness });
      expect(rows.map(({ issues }) => issues.length)).toEqual([1, 0]);
    }
  });
  test('what points to a refused record is refused too, in whatever order the files are asked for', async () => {
    const path = await here.zip(school({ users: [{ ...ada, enabledUser: 'perhaps' }] }));
    for (const file of ['results', 'enrollments'] as const) {
      const { rows } = await readAll(path, file, { strictness: 'tolerant' });
      expect(rows[0]!.issues).toEqual([expect.objectContaining({ code: 'reference.missing_target_record', severity: 'refused' })]);
    }
  });
  test('a bulk package without a file it points to says so once', async () => {
    const files = without('categories.csv');
    files['manifest.csv'] = String(files['manifest.csv']).replace('file.categories,bulk', 'file.categories,absent');
    const two = {
      ...files,
      'lineItems.csv': school({ lineItems: [1, 2].map((n) => ({ ...quiz, sourcedId: `l${n}` })) })['lineItems.csv']!,
    };
    await reported(
      here.folder(two),
      'reference.missing_target_file',
      { file: 'lineItems.csv', line: 2, column: 'categorySourcedId' },
      { strictness: 'strict' },
    );
    const tolerant = await checkPackage(here.folder(two), { strictness: 'tolerant' });
    expect(tolerant).toMatchObject({ valid: true, totals: { 'reference.missing_target_file': 1 } });
    expect(tolerant.issues[0]!.severity).toBe('warning');
  });
  test('wrong types name their columns, each with its kind', async () => {
    const path = here.folder(
      school({
        users: [{ ...ada, enabledUser: 'perhaps', sourcedId: 'a b' }],
        academicSessions: [{ ...year, startDate: '2026-02-30', type: 'decade', schoolYear: 'MMXX' }],
        categories: [{ ...homework, title: '', weight: 'heavy' }],
        results: [{ ...score, score: 'A+' }],
      }),
    );
    const { issues } = await checkPackage(path);
    expect(issues.map(({ file, column, code }) => `${file} ${column} ${code}`).sort()).toEqual([
      'academicSessions.csv schoolYear row.invalid_year',
      'academicSessions.csv startDate row.invalid_date',
      'academicSessions.csv type row.invalid_enum',
      'categories.csv title row.missing_required_value',
      'categories.csv weight row.invalid_integer',
      'results.csv score row.invalid_float',
      'users.csv enabledUser row.invalid_boolean',
      'users.csv sourcedId row.invalid_guid',
    ]);
  });
});

describe('memory stays bounded:', () => {
  test('200 MB as one line are refused after the first', () => {
    const path = here.folder({ ...school(), 'users.csv': csv('users', [ada]) });
    const block = Buffer.alloc(10 * 2 ** 20, 'x');
    for (let megabytes = 0; megabytes < 200; megabytes += 10) appendFileSync(join(path, 'users.csv'), block);
    const { report, megabytes } = checkedAlone(path);
    expect(report.issues).toEqual([expect.objectContaining({ code: 'csv.record_too_long', file: 'users.csv', line: 3 })]);
    expect(megabytes).toBeLessThan(200);
  });
  test('400,000 enrollments are checked with 40 MB of heap', () => {
    const path = here.folder(school({ enrollments: [] }));
    appendRows(join(path, 'enrollments.csv'), 400_000, (number) => `e${number}-3f6c1b1e-6d7a-4e1f-9f55-2f8f3c,,,k1,d1,u1,student,,,\n`);
    const { report } = checkedAlone(path, ['--max-old-space-size=40']);
    expect(report).toMatchObject({ valid: true, counts: { enrollments: { rows: 400_000, refused: 0 } } });
  });
  test('a million issues are counted, and only the first of each kind kept', () => {
    const path = here.folder(school({ enrollments: [] }));
    appendRows(join(path, 'enrollments.csv'), 300_000, (number) => `e${number},,,k9,d9,u9,nobody,,,\n`);
    const { report } = checkedAlone(path, ['--max-old-space-size=60']);
    expect(report).toMatchObject({
      valid: false,
      counts: { enrollments: { rows: 300_000, refused: 300_000 } },
      totals: { 'row.invalid_enum': 300_000 },
    });
    expect(report.issues).toHaveLength(1000);
  });
});

function appendRows(path: string, count: number, row: (number: number) => string): void {
  for (let start = 0; start < count; start += 10_000) {
    appendFileSync(path, Array.from({ length: 10_000 }, (_, number) => row(start + number)).join(''));
  }
}

/** Checks a package in a process of its own, to see what memory it takes. */
function checkedAlone(path: string, flags: string[] = []) {
  const script = `import { checkPackage } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    const report = await checkPackage(${JSON.stringify(path)}, { strictness: 'tolerant' });
    console.log(JSON.stringify({ report, megabytes: process.resourceUsage().maxRSS / 1024 }));`;
  const output = execFileSync(process.execPath, [...flags, '--input-type=module', '-e', script], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return JSON.parse(output) as { report: Awaited<ReturnType<typeof checkPackage>>; megabytes: number };
}

/** Where the entries of the zip's directory start. */
function headersOf(zip: Buffer): number[] {
  const found = [];
  for (let at = zip.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4, 'latin1')) found.push(at);
  return found;
}

const nameAt = (zip: Buffer, header: number): string => zip.toString('latin1', header + 46, header + 46 + zip.readUInt16LE(header + 28));

/** Writes another name of the same length over a name, which a well-behaved zip writer would refuse to do. */
function overwriteName(zip: Buffer, name: string, by: string): void {
  for (let at = zip.indexOf(name, 0, 'latin1'); at >= 0; at = zip.indexOf(name, at + 1, 'latin1')) zip.write(by, at, 'latin1');
}

if (!existsSync('/proc/self/fd')) test.skip('files are closed (no /proc here to count them)', () => {});
else {
  test('files are closed, however a package fails', async () => {
    const paths = [
      here.folder(without('manifest.csv')),
      await here.zip(without('manifest.csv')),
      await here.zip({ ...school(), 'users.csv': 'a\n"' }),
    ];
    const before = readdirSync('/proc/self/fd').length;
    for (let time = 0; time < 20; time++) {
      for (const path of paths) {
        await checkPackage(path, { strictness: 'tolerant' });
        await expect(openPackage(path)).rejects.toThrow(PackageError);
      }
      const opened = await openPackage(await here.zip(school()));
      for await (const _ of opened.rows('users')) break;
      await opened.close();
    }
    await new Promise((done) => setTimeout(done, 100));
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 10);
  });
}
