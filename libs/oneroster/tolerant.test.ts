import { afterAll, describe, expect, test } from '@jest/globals';
import { checkPackage, openPackage } from './index.ts';
import type { FileName, Row } from './index.ts';
import { ada, algebra, csv, district, firstPeriod, homework, manifest, quiz, school, score, seat, workshop, year } from './testing.ts';
import type { Files } from './testing.ts';

const here = workshop();
afterAll(here.close);

async function read(files: Files, file: FileName) {
  const opened = await openPackage(here.folder(files), { strictness: 'tolerant' });
  try {
    return { rows: await Array.fromAsync(opened.rows(file)), opened };
  } finally {
    await opened.close();
  }
}

/** What tolerant reading makes of one value. */
async function made(file: FileName, row: Row, column: string, value: string) {
  const { rows } = await read(school({ [file]: [{ ...row, [column]: value.includes(',') ? `"${value}"` : value }] }), file);
  const { row: read_, issues } = rows[0]!;
  return { value: read_[column], severities: issues.map(({ severity }) => severity) };
}

describe('repaired, and reported as repaired:', () => {
  const cases: [file: FileName, row: Row, column: string, written: string, read: string][] = [
    ['academicSessions', year, 'schoolYear', '2026-2027', '2027'],
    ['academicSessions', year, 'schoolYear', '2026/27', '2027'],
    ['academicSessions', year, 'schoolYear', '1999-00', '2000'],
    ['users', ada, 'enabledUser', 'TRUE', 'true'],
    ['users', ada, 'enabledUser', 'No', 'false'],
    ['users', ada, 'enabledUser', '1', 'true'],
    ['academicSessions', year, 'startDate', '2026-08-15T00:00:00.000Z', '2026-08-15'],
    ['academicSessions', year, 'startDate', '2026/08/15', '2026-08-15'],
    ['academicSessions', year, 'startDate', '20260815', '2026-08-15'],
    ['academicSessions', year, 'startDate', '2.0260815E+07', '2026-08-15'],
    ['academicSessions', year, 'startDate', ' 2026-08-15 ', '2026-08-15'],
    ['academicSessions', year, 'type', 'SchoolYear', 'schoolYear'],
    ['enrollments', seat, 'role', 'Student', 'student'],
    ['enrollments', seat, 'userSourcedId', ' u1', 'u1'],
    ['categories', homework, 'weight', '20.0', '20'],
    ['results', score, 'score', '9.25E1', '92.5'],
    ['results', score, 'score', '.5', '0.5'],
    ['classes', firstPeriod, 'grades', '09,,10,', '09,10'],
    ['classes', firstPeriod, 'termSourcedIds', 'y1, ', 'y1'],
    ['users', ada, 'status', 'active', ''],
    ['users', ada, 'dateLastModified', '2026-08-15T00:00:00.000Z', ''],
  ];
  for (const [file, row, column, written, meant] of cases) {
    test(`${column} ${JSON.stringify(written)} is read as ${JSON.stringify(meant)}`, async () => {
      expect(await made(file, row, column, written)).toEqual({ value: meant, severities: ['repaired'] });
    });
  }
});

describe('refused, because it could mean several things or none:', () => {
  const cases: [file: FileName, row: Row, column: string, written: string][] = [
    ['academicSessions', year, 'startDate', '08/09/2026'],
    ['academicSessions', year, 'startDate', '2.03E+07'],
    ['academicSessions', year, 'startDate', '2026-02-30'],
    ['academicSessions', year, 'schoolYear', '2026-2029'],
    ['users', ada, 'enabledUser', 'perhaps'],
    ['users', ada, 'sourcedId', 'two words'],
    ['enrollments', seat, 'role', 'pupil'],
    ['categories', homework, 'weight', '20.5'],
    ['results', score, 'score', 'A+'],
    ['users', ada, 'status', 'tobedeleted'],
    ['users', ada, 'familyName', ''],
  ];
  for (const [file, row, column, written] of cases) {
    test(`${column} ${JSON.stringify(written)}`, async () =>
      expect((await made(file, row, column, written)).severities).toEqual(['refused']));
  }
});

describe('a repair leaves the file readable:', () => {
  test('columns in another order are found by name', async () => {
    const { rows, opened } = await read(
      { ...school(), 'categories.csv': 'title,weight,status,sourcedId,dateLastModified\nHomework,20,,h1,\n' },
      'categories',
    );
    expect(rows[0]!.row).toEqual({ sourcedId: 'h1', status: '', dateLastModified: '', title: 'Homework', weight: '20' });
    expect(opened.issues).toEqual([
      expect.objectContaining({ code: 'schema.header_order_mismatch', severity: 'repaired', file: 'categories.csv', line: 1 }),
    ]);
  });
  test('optional columns that are missing are empty', async () => {
    const { rows } = await read({ ...school(), 'categories.csv': 'sourcedId,title\nh1,Homework\n' }, 'categories');
    expect(rows).toEqual([
      { line: 2, issues: [], row: { sourcedId: 'h1', status: '', dateLastModified: '', title: 'Homework', weight: '' } },
    ]);
  });
  test('a missing required column is not made up', async () => {
    await expect(read({ ...school(), 'categories.csv': 'sourcedId\nh1\n' }, 'categories')).rejects.toThrow(
      'categories.csv, line 1, title: the column title is missing',
    );
  });
  test('column names in the wrong case are understood, unknown columns are not used', async () => {
    const { rows, opened } = await read(
      { ...school(), 'categories.csv': 'SourcedID,status,dateLastModified,Title,weight,colour\nh1,,,Homework,,red\n' },
      'categories',
    );
    expect(rows[0]!.row).toEqual({ sourcedId: 'h1', status: '', dateLastModified: '', title: 'Homework', weight: '' });
    expect(opened.issues.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      'schema.column_case repaired',
      'schema.column_case repaired',
      'schema.invalid_metadata_header warning',
    ]);
  });
  test('metadata columns keep their names wherever they stand', async () => {
    const { rows } = await read(
      { ...school(), 'categories.csv': 'sourcedId,metadata.colour,status,dateLastModified,title,weight\nh1,red,,,Homework,\n' },
      'categories',
    );
    expect(rows[0]!.row).toMatchObject({ title: 'Homework', 'metadata.colour': 'red' });
  });
  test('empty cells too many are not used', async () => {
    const { rows } = await read(
      { ...school(), 'categories.csv': 'sourcedId,status,dateLastModified,title,weight\nh1,,,Homework,,,,\n' },
      'categories',
    );
    expect(rows[0]).toMatchObject({ row: { title: 'Homework' }, issues: [{ code: 'csv.column_count', severity: 'warning' }] });
  });
  test('blank lines are passed over', async () => {
    const { rows } = await read({ ...school(), 'categories.csv': `${csv('categories', [homework])}\n\n` }, 'categories');
    expect(rows).toHaveLength(1);
    const below = await read({ ...school(), 'categories.csv': `\n\n${csv('categories', [homework])}` }, 'categories');
    expect(below.rows).toMatchObject([{ line: 4, row: { title: 'Homework' }, issues: [] }]);
  });
  test('a line break inside a value becomes a space, and the lines after it keep their numbers', async () => {
    const second = { ...homework, sourcedId: 'h2', weight: 'heavy' };
    for (const lineBreak of ['\n', '\r\n']) {
      const text = csv('categories', [{ ...homework, title: `"Home${lineBreak}work"` }, second]);
      const { rows } = await read({ ...school(), 'categories.csv': text }, 'categories');
      expect(rows[0]).toMatchObject({ line: 2, row: { title: 'Home work' }, issues: [{ code: 'csv.line_break', severity: 'repaired' }] });
      expect(rows[1]).toMatchObject({ line: 4, issues: [{ code: 'row.invalid_integer', line: 4 }] });
    }
  });
});

describe('when manifest and files disagree, the files win:', () => {
  const opened = async (files: Files) => (await read(files, 'users')).opened;
  const said = (from: string, to: string) => ({ ...school(), 'manifest.csv': String(school()['manifest.csv']).replace(from, to) });
  const { 'users.csv': users, ...withoutUsers } = school();

  test('a file the manifest calls absent is read in the mode of the others', async () => {
    const { mode, issues } = await opened(said('file.users,bulk', 'file.users,absent'));
    expect(mode.users).toBe('bulk');
    expect(issues).toEqual([expect.objectContaining({ code: 'package.unexpected_file', severity: 'repaired', file: 'users.csv' })]);
  });
  test('a mode left empty is that of the others', async () => {
    expect((await opened(said('file.users,bulk', 'file.users,'))).mode.users).toBe('bulk');
  });
  test('a mode left empty among deltas is delta', async () => {
    const deltas = String(school()['manifest.csv']).replaceAll(',bulk', ',delta').replace('file.users,delta', 'file.users,');
    expect((await opened({ ...school(), 'manifest.csv': deltas })).mode.users).toBe('delta');
  });
  test('a mode in upper case is understood', async () => {
    expect((await opened(said('file.users,bulk', 'file.users,DELTA'))).mode.users).toBe('delta');
  });
  test('a promised file that is not there is absent', async () => {
    const { mode, issues } = await opened(withoutUsers);
    expect(mode.users).toBe('absent');
    expect(issues).toEqual([expect.objectContaining({ code: 'package.missing_file', severity: 'repaired' })]);
  });
  test('a file name in the wrong case is found', async () => {
    const { rows, opened: found } = await read({ ...withoutUsers, 'USERS.CSV': users! }, 'users');
    expect(rows).toHaveLength(1);
    expect(found.issues).toEqual([expect.objectContaining({ code: 'package.file_name_case', severity: 'repaired', file: 'USERS.CSV' })]);
  });
  test('a file without rows is absent: it must not delete everybody', async () => {
    const { mode, issues } = await opened({ ...school(), 'users.csv': csv('users', []) });
    expect(mode.users).toBe('absent');
    expect(issues).toEqual([expect.objectContaining({ code: 'package.empty_file', severity: 'warning' })]);
  });
  test('without any mode to go by, rows with a status are a delta, because that deletes nobody', async () => {
    const silent = String(school()['manifest.csv']).replaceAll(/,(bulk|absent)/g, ',');
    expect((await opened({ ...school(), 'manifest.csv': silent })).mode.users).toBe('bulk');
    const active = csv('users', [{ ...ada, status: 'active', dateLastModified: '2026-08-15T00:00:00.000Z' }]);
    expect((await opened({ ...school(), 'manifest.csv': silent, 'users.csv': active })).mode.users).toBe('delta');
  });
  test('a package zipped with its folder is read', async () => {
    const inFolder = Object.fromEntries(Object.entries(school()).map(([name, text]) => [`export/${name}`, text]));
    const report = await checkPackage(await here.zip({ ...inFolder, '__MACOSX/export/._users.csv': 'x' }), { strictness: 'tolerant' });
    expect(report).toMatchObject({ valid: true, counts: { users: { rows: 1 } } });
    expect(Object.keys(report.totals)).toEqual(['package.file_not_at_root', 'package.unknown_file']);
  });
  test('a manifest that gives two modes for one file is refused; one that repeats itself is not', async () => {
    const also = (mode: string) => ({ ...school(), 'manifest.csv': `${school()['manifest.csv']}file.users,${mode}\n` });
    expect((await opened(also('bulk'))).issues).toEqual([
      expect.objectContaining({ code: 'manifest.duplicate_property', severity: 'repaired' }),
    ]);
    await expect(opened(also('delta'))).rejects.toThrow('manifest.csv, line 25: file.users is given twice');
  });
  test('version 1.2.1 is 1.2', async () => {
    expect((await opened(said('oneroster.version,1.2', 'oneroster.version,1.2.1'))).version).toBe('1.2');
  });
  test('who sent the package is told', async () => {
    const named = `${school()['manifest.csv']}source.systemName,"Tangelo, Inc."\nsource.systemCode,tangelo\n`;
    expect((await opened({ ...school(), 'manifest.csv': named })).source).toEqual({ systemName: 'Tangelo, Inc.', systemCode: 'tangelo' });
  });
});

describe('links:', () => {
  const issuesOf = async (files: Files, file: FileName) =>
    (await read(files, file)).rows.flatMap(({ issues }) => issues.map(({ code, severity }) => `${code} ${severity}`));

  test('a child is kept when the record of a guardian is missing; the link is left out', async () => {
    const { rows } = await read(
      school({
        users: [
          { ...ada, agentSourcedIds: '"u2,u9"' },
          { ...ada, sourcedId: 'u2', agentSourcedIds: 'u8' },
        ],
      }),
      'users',
    );
    expect(rows.map(({ row }) => row.agentSourcedIds)).toEqual(['u2', '']);
    expect(rows.map(({ issues }) => issues.map(({ severity }) => severity))).toEqual([['repaired'], ['repaired']]);
  });
  test('a link to a later line of the same file holds', async () => {
    expect(
      await issuesOf(school({ orgs: [{ ...district, sourcedId: 's1', type: 'school', parentSourcedId: 'd1' }, district] }), 'orgs'),
    ).toEqual([]);
  });
  test('a class without any of its terms is refused', async () => {
    expect(await issuesOf(school({ classes: [{ ...firstPeriod, termSourcedIds: 'y8' }] }), 'classes')).toEqual([
      'reference.missing_target_record refused',
    ]);
  });
  test('parents that go round in a circle are left out, and the schools kept', async () => {
    const loop = [
      { ...district, sourcedId: 'a', parentSourcedId: 'b' },
      { ...district, sourcedId: 'b', parentSourcedId: 'c' },
      { ...district, sourcedId: 'c', parentSourcedId: 'b' },
      district,
    ];
    const { rows } = await read(school({ orgs: loop }), 'orgs');
    expect(rows.map(({ row }) => row.parentSourcedId)).toEqual(['b', '', '', '']);
    const twice = await openPackage(here.folder(school({ orgs: loop })), { strictness: 'tolerant' });
    expect(await Array.fromAsync(twice.rows('orgs'))).toEqual(rows);
    expect(await Array.fromAsync(twice.rows('orgs'))).toEqual(rows);
    await twice.close();
    const strict = await checkPackage(here.folder(school({ orgs: loop })));
    expect(strict.totals).toEqual({ 'semantic.parent_loop': 2 });
    const own = await checkPackage(here.folder(school({ academicSessions: [{ ...year, parentSourcedId: 'y1' }] })));
    expect(own.issues).toEqual([expect.objectContaining({ code: 'semantic.parent_loop', file: 'academicSessions.csv', line: 2 })]);
  });
  test('the first record with an id that can be used is the one', async () => {
    const { rows } = await read(
      school({
        users: [
          { ...ada, enabledUser: 'perhaps' },
          { ...ada, givenName: 'Augusta' },
          { ...ada, givenName: 'Third' },
        ],
      }),
      'users',
    );
    expect(rows.map(({ issues }) => issues.map(({ code }) => code))).toEqual([
      ['row.invalid_boolean'],
      [],
      ['reference.duplicate_sourced_id'],
    ]);
  });
  test('demographics belong to a user', async () => {
    const files: Files = { ...school(), 'demographics.csv': csv('demographics', [{ sourcedId: 'u1' }, { sourcedId: 'u7' }]) };
    files['manifest.csv'] = String(files['manifest.csv']).replace('file.demographics,absent', 'file.demographics,bulk');
    expect(await issuesOf(files, 'demographics')).toEqual(['reference.missing_target_record refused']);
  });
});

describe('meaning:', () => {
  const both = async (rows: Partial<Record<FileName, Row[]>>) => {
    const files = school(rows as Parameters<typeof school>[0]);
    const strict = await checkPackage(here.folder(files));
    const tolerant = await checkPackage(here.folder(files), { strictness: 'tolerant' });
    return [strict, tolerant].map(({ issues }) => issues.map(({ code, severity, column }) => `${code} ${column} ${severity}`));
  };
  test('a score above the maximum is extra credit: a warning, and by the letter refused', async () => {
    expect(await both({ results: [{ ...score, score: '104' }] })).toEqual([
      ['semantic.score_above_maximum score refused'],
      ['semantic.score_above_maximum score warning'],
    ]);
    expect(await both({ results: [{ ...score, score: '100' }] })).toEqual([[], []]);
  });
  test('a score below the minimum is refused', async () => {
    expect(await both({ results: [{ ...score, score: '-1' }] })).toEqual([
      ['semantic.score_below_minimum score refused'],
      ['semantic.score_below_minimum score refused'],
    ]);
  });
  test('a line item without bounds bounds no score', async () => {
    expect(
      await both({ lineItems: [{ ...quiz, resultValueMin: '', resultValueMax: '' }], results: [{ ...score, score: '5000' }] }),
    ).toEqual([[], []]);
  });
  test('a minimum above the maximum is refused', async () => {
    const [strict] = await both({ lineItems: [{ ...quiz, resultValueMin: '100', resultValueMax: '0' }] });
    expect(strict).toEqual(['semantic.invalid_score_range resultValueMin refused']);
  });
  test('a session must end after it begins', async () => {
    const [strict, tolerant] = await both({
      academicSessions: [
        { ...year, endDate: year.startDate },
        { ...year, sourcedId: 'y2' },
      ],
    });
    expect(strict).toEqual(['semantic.dates_reversed endDate refused']);
    expect(tolerant).toContain('semantic.dates_reversed endDate refused');
  });
  test('an enrollment may end on the day it begins (a no-show), but not before', async () => {
    expect(await both({ enrollments: [{ ...seat, beginDate: '2026-08-15', endDate: '2026-08-15' }] })).toEqual([[], []]);
    const [strict] = await both({ enrollments: [{ ...seat, beginDate: '2026-08-15', endDate: '2026-08-14' }] });
    expect(strict).toEqual(['semantic.dates_reversed endDate refused']);
  });
  test('subjects and their codes come in pairs', async () => {
    expect(await both({ courses: [{ ...algebra, subjects: '"Math,Algebra"', subjectCodes: '"1,2"' }] })).toEqual([[], []]);
    expect(await both({ courses: [{ ...algebra, subjects: '"Math,Algebra"', subjectCodes: '1' }] })).toEqual([
      ['semantic.subject_code_mismatch subjectCodes refused'],
      ['semantic.subject_code_mismatch subjectCodes warning'],
    ]);
  });
  test('user ids are written {type:identifier}', async () => {
    expect(await both({ users: [{ ...ada, userIds: '"{Fed:1},{LDAP:u:1}"' }] })).toEqual([[], []]);
    expect(await both({ users: [{ ...ada, userIds: '17' }] })).toEqual([
      ['semantic.invalid_user_id userIds refused'],
      ['semantic.invalid_user_id userIds warning'],
    ]);
  });
  test('a vocabulary may be extended with ext:, but not by the status, and not in 1.1', async () => {
    expect(await both({ classes: [{ ...firstPeriod, classType: 'ext:lab' }] })).toEqual([[], []]);
    const old = { 'manifest.csv': manifest({ orgs: 'bulk' }, '1.1'), 'orgs.csv': csv('orgs', [{ ...district, type: 'ext:zoo' }], '1.1') };
    expect((await checkPackage(here.folder(old))).totals).toEqual({ 'row.invalid_enum': 1 });
  });
});

describe('a delta', () => {
  const stamp = { status: 'active', dateLastModified: '2026-09-01T12:00:00.000Z' };
  const delta = (rows: Partial<Record<FileName, Row[]>>): Files => {
    const files = Object.keys(rows) as FileName[];
    return {
      'manifest.csv': manifest(Object.fromEntries(files.map((file) => [file, 'delta']))),
      ...Object.fromEntries(files.map((file) => [`${file}.csv`, csv(file, rows[file]!)])),
    };
  };
  test('may point to records that are not in it', async () => {
    expect(await checkPackage(here.folder(delta({ enrollments: [{ ...seat, ...stamp }] })))).toMatchObject({
      valid: true,
      issues: [],
      mode: { enrollments: 'delta' },
    });
  });
  test('must say of each row whether it is active, and since when', async () => {
    const path = here.folder(
      delta({
        users: [
          { ...ada, status: 'active' },
          { ...ada, sourcedId: 'u2', dateLastModified: stamp.dateLastModified },
        ],
      }),
    );
    for (const strictness of ['strict', 'tolerant'] as const) {
      const { issues } = await checkPackage(path, { strictness });
      expect(issues.map(({ code, line, column }) => `${code} ${line} ${column}`)).toEqual([
        'row.field_required_in_delta 2 dateLastModified',
        'row.field_required_in_delta 3 status',
      ]);
    }
  });
  test('deletes a record without asking what it points to', async () => {
    const gone = { ...seat, ...stamp, status: 'tobedeleted', userSourcedId: 'u7' };
    const modes = String(school()['manifest.csv']).replace('file.enrollments,bulk', 'file.enrollments,delta');
    const files = (row: Row): Files => ({ ...school(), 'manifest.csv': modes, 'enrollments.csv': csv('enrollments', [row]) });
    expect(await checkPackage(here.folder(files(gone)))).toMatchObject({ valid: true, issues: [] });
    const report = await checkPackage(here.folder(files({ ...gone, status: 'active' })));
    expect(report.totals).toEqual({ 'reference.missing_target_record': 1 });
  });
  test('deletes a record by its id alone, tolerantly', async () => {
    const files = delta({ users: [{ sourcedId: 'u1', ...stamp, status: 'tobedeleted' }] });
    expect((await read(files, 'users')).rows[0]).toMatchObject({ row: { sourcedId: 'u1', status: 'tobedeleted' }, issues: [] });
    expect((await checkPackage(here.folder(files))).totals).toEqual({ 'row.missing_required_value': 4 });
  });
  test('knows no other status, not even with ext:', async () => {
    const path = here.folder(delta({ users: [{ ...ada, ...stamp, status: 'ext:asleep' }] }));
    for (const strictness of ['strict', 'tolerant'] as const)
      expect((await checkPackage(path, { strictness })).totals).toEqual({ 'row.invalid_enum': 1 });
  });
  test('may write its times with another offset or precision, tolerantly', async () => {
    const times = {
      '2026-09-01T12:00:00Z': '2026-09-01T12:00:00.000Z',
      '2026-09-01T08:00:00-04:00': '2026-09-01T12:00:00.000Z',
      '2026-09-01': '2026-09-01T00:00:00.000Z',
    };
    for (const [written, meant] of Object.entries(times)) {
      const { rows } = await read(delta({ users: [{ ...ada, status: 'active', dateLastModified: written }] }), 'users');
      expect(rows[0]).toMatchObject({ row: { dateLastModified: meant }, issues: [{ code: 'row.invalid_datetime', severity: 'repaired' }] });
    }
  });
});
