import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { columnsOf, fileNames, columns } from './columns.ts';
import type { FileName, Version } from './columns.ts';

/** The text of every file in a package a test makes up; manifest.csv included unless the test is about its absence. */
export type Files = Record<string, string | Buffer>;

/** A manifest that lists every file, with the modes given and all others absent. */
export function manifest(modes: Partial<Record<FileName, string>>, version: Version = '1.2'): string {
  const files = fileNames.filter((file) => columns[version][file]);
  const lines = ['manifest.version,1.0', `oneroster.version,${version}`, ...files.map((file) => `file.${file},${modes[file] ?? 'absent'}`)];
  return ['propertyName,value', ...lines, ''].join('\n');
}

/** A CSV file with the exact header of the standard; each row gives only the columns it cares about, unquoted. */
export function csv(file: FileName, rows: Record<string, string>[], version: Version = '1.2'): string {
  const names = columnsOf(version, file).map(({ name }) => name);
  return [names.join(','), ...rows.map((row) => names.map((name) => row[name] ?? '').join(',')), ''].join('\n');
}

export const ada = { sourcedId: 'u1', enabledUser: 'true', username: 'ada', givenName: 'Ada', familyName: 'Lovelace' };
export const district = { sourcedId: 'd1', name: 'Tangelo Unified', type: 'district' };
export const year = {
  sourcedId: 'y1',
  title: '2026-27',
  type: 'schoolYear',
  startDate: '2026-08-15',
  endDate: '2027-06-11',
  schoolYear: '2027',
};
export const algebra = { sourcedId: 'c1', title: 'Algebra', orgSourcedId: 'd1' };
export const firstPeriod = {
  sourcedId: 'k1',
  title: 'Algebra 1',
  courseSourcedId: 'c1',
  classType: 'scheduled',
  schoolSourcedId: 'd1',
  termSourcedIds: 'y1',
};
export const seat = { sourcedId: 'e1', classSourcedId: 'k1', schoolSourcedId: 'd1', userSourcedId: 'u1', role: 'student' };
export const homework = { sourcedId: 'h1', title: 'Homework' };
export const quiz = {
  sourcedId: 'l1',
  title: 'Quiz',
  assignDate: '2026-09-01',
  dueDate: '2026-09-08',
  classSourcedId: 'k1',
  categorySourcedId: 'h1',
  academicSessionSourcedId: 'y1',
  resultValueMin: '0',
  resultValueMax: '100',
  schoolSourcedId: 'd1',
};
export const score = {
  sourcedId: 'r1',
  lineItemSourcedId: 'l1',
  studentSourcedId: 'u1',
  scoreStatus: 'fully graded',
  score: '95',
  scoreDate: '2026-09-09',
};

/** A small package in which everything is as it should be; `rows` replaces the rows of a file. */
export function school(rows: Partial<Record<FileName, Record<string, string>[]>> = {}): Files {
  const all = {
    orgs: [district],
    academicSessions: [year],
    courses: [algebra],
    classes: [firstPeriod],
    users: [ada],
    enrollments: [seat],
    categories: [homework],
    lineItems: [quiz],
    results: [score],
    ...rows,
  };
  const names = Object.keys(all) as FileName[];
  const files: Files = { 'manifest.csv': manifest(Object.fromEntries(names.map((file) => [file, 'bulk']))) };
  for (const file of names) files[`${file}.csv`] = csv(file, all[file]!);
  return files;
}

/** A place for the packages of one test file. The reader's own temporary files, if it made any, would land here too. */
export function workshop() {
  const before = process.env['TMPDIR'];
  const place = mkdtempSync(join(tmpdir(), 'oneroster-test-'));
  process.env['TMPDIR'] = place;
  let made = 0;
  const next = (ending: string) => join(place, `package-${++made}${ending}`);
  return {
    path: next,
    folder(files: Files): string {
      const path = next('');
      mkdirSync(path);
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), text);
      }
      return path;
    },
    async zip(files: Files): Promise<string> {
      return this.bytes(await zipped(files));
    },
    bytes(bytes: Buffer): string {
      const path = next('.zip');
      writeFileSync(path, bytes);
      return path;
    },
    /** Everything that lies here and was not made by `folder`, `zip` or `bytes`. */
    leftovers: () => readdirSync(place).filter((name) => !/^package-\d+(\.zip)?$/.test(name)),
    close() {
      rmSync(place, { recursive: true, force: true });
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    },
  };
}

/** The bytes of a zip; each file may have a Unix mode, and may be stored as it is instead of compressed. */
export function zipped(files: Files | [name: string, text: string | Buffer, mode?: number][], compress = true): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, text, mode] of Array.isArray(files) ? files : Object.entries(files)) {
    zip.addBuffer(Buffer.from(text as string), name, { compress, ...(mode !== undefined && { mode: mode as number }) });
  }
  zip.end();
  return buffer(zip.outputStream);
}
