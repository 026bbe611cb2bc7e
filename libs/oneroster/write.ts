import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { columns, columnsOf, fileNames } from './columns.ts';
import type { FileName, Version } from './columns.ts';
import { flawOf } from './values.ts';

/** One record: column → text as it stands in the file; '' is empty. Columns named metadata.* keep their name. */
export type Row = Record<string, string>;

type Rows = Iterable<Partial<Row>> | AsyncIterable<Partial<Row>>;

export interface PackageContent {
  version?: Version;
  /** One mode for every file of the package; bulk unless said otherwise. */
  mode?: 'bulk' | 'delta';
  /** Who wrote the package; named in the manifest. */
  source?: { systemName?: string; systemCode?: string };
  /** The records of each file. A file without records is left out, and the manifest calls it absent. */
  files: Partial<Record<FileName, Rows>>;
}

/**
 * Writes a OneRoster package: a zip when the path ends with .zip, else a folder. Streams: holds one block of rows at a time.
 * Everything is written beside the target first and takes its name only when complete, so a failure leaves nothing behind.
 * metadata.* columns are those of a file's first row. Line breaks in a value become a space, because the format forbids them.
 *
 * @throws Error naming file, row and column when a row would not be accepted by a strict reader: a required value missing,
 * a value of the wrong form, a column the file does not have, status or dateLastModified in bulk or missing in delta.
 */
export async function writePackage(path: string, content: PackageContent): Promise<{ counts: Partial<Record<FileName, number>> }> {
  const version = content.version ?? '1.2';
  for (const name of Object.keys(content.files)) columnsOf(version, name as FileName);
  const target = resolve(path);
  const unfinished = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.unfinished`);
  try {
    const counts = await (target.endsWith('.zip') ? writeZip : writeFolder)(unfinished, (write) => writeFiles(version, content, write));
    if (!target.endsWith('.zip')) await makeWay(target);
    await rename(unfinished, target);
    return { counts };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

type WriteOne = (fileName: string, text: Readable) => Promise<void>;
type Counts = Partial<Record<FileName, number>>;

async function writeZip(path: string, writeAll: (write: WriteOne) => Promise<Counts>): Promise<Counts> {
  const zip = new ZipFile();
  const failed = new Promise<never>((_, reject) => zip.on('error', reject));
  const saved = pipeline(zip.outputStream, createWriteStream(path));
  saved.catch(() => undefined); // waited for below; a failure before that must not count as unhandled
  try {
    const counts = await writeAll(async (name, text) => {
      const ended = new Promise<void>((done, reject) => text.once('end', done).once('error', reject));
      zip.addReadStream(text, name);
      await Promise.race([ended, failed, saved.then(() => Promise.reject(new Error('the zip ended before its last file')))]);
    });
    zip.end();
    await Promise.race([saved, failed]);
    return counts;
  } catch (error) {
    (zip.outputStream as Readable).destroy();
    await saved.catch(() => undefined);
    throw error;
  }
}

async function writeFolder(path: string, writeAll: (write: WriteOne) => Promise<Counts>): Promise<Counts> {
  await mkdir(path);
  return writeAll((name, text) => pipeline(text, createWriteStream(join(path, name))));
}

/** A folder takes the place of nothing or of an empty folder, never of somebody's files. */
async function makeWay(target: string): Promise<void> {
  const there = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (there?.length) throw new Error(`${target} is not empty: choose a new folder for the package`);
  if (there) await rm(target, { recursive: true });
}

async function writeFiles(version: Version, content: PackageContent, write: WriteOne): Promise<Counts> {
  const mode = content.mode ?? 'bulk';
  const counts: Counts = {};
  for (const file of fileNames) {
    const rows = content.files[file];
    if (!rows) continue;
    const iterator = Readable.from(rows)[Symbol.asyncIterator]() as AsyncIterator<Partial<Row>>;
    const first = await iterator.next();
    if (first.done) continue;
    counts[file] = 0;
    const lines = fileLines(version, mode, file, first.value, iterator, () => counts[file]!++);
    await write(`${file}.csv`, Readable.from(blocks(lines), { objectMode: false }));
  }
  await write('manifest.csv', Readable.from(blocks(manifestLines(version, mode, content.source ?? {}, counts)), { objectMode: false }));
  return counts;
}

function* manifestLines(version: Version, mode: string, source: { systemName?: string; systemCode?: string }, counts: Counts) {
  yield 'propertyName,value\n';
  yield 'manifest.version,1.0\n';
  yield `oneroster.version,${version}\n`;
  for (const file of fileNames) if (columns[version][file]) yield `file.${file},${counts[file] ? mode : 'absent'}\n`;
  if (source.systemName) yield `source.systemName,${quoted(source.systemName)}\n`;
  if (source.systemCode) yield `source.systemCode,${quoted(source.systemCode)}\n`;
}

async function* fileLines(
  version: Version,
  mode: 'bulk' | 'delta',
  file: FileName,
  first: Partial<Row>,
  rest: AsyncIterator<Partial<Row>>,
  count: () => void,
) {
  const table = columnsOf(version, file);
  const metadata = Object.keys(first).filter((name) => /^metadata\../.test(name));
  const names = [...table.map(({ name }) => name), ...metadata];
  const known = new Set(names);
  yield `${names.map(quoted).join(',')}\n`;
  for (let row: Partial<Row> | undefined = first, number = 1; row; number++) {
    const where = `${file}.csv, row ${number}`;
    for (const name in row) if (!known.has(name)) throw new Error(`${where}: ${file} has no column ${name}`);
    for (const column of table) {
      const problem = refusal(column, row[column.name] ?? '', version, mode);
      if (problem) throw new Error(`${where}: ${problem}`);
    }
    yield `${names.map((name) => quoted(row![name] ?? '')).join(',')}\n`;
    count();
    const next: IteratorResult<Partial<Row>> = await rest.next();
    row = next.done ? undefined : next.value;
  }
}

function refusal(column: Parameters<typeof flawOf>[0], value: string, version: Version, mode: 'bulk' | 'delta'): string | undefined {
  const lifecycle = column.name === 'status' || column.name === 'dateLastModified';
  if (value === '') return column.required || (lifecycle && mode === 'delta') ? `${column.name} is missing` : undefined;
  if (lifecycle && mode === 'bulk') return `${column.name} must be empty in a bulk file`;
  return flawOf(column, value, version)?.message;
}

/** A value as RFC 4180 writes it: quoted when it holds a comma or a quote, or a space at its edge that a reader might trim. */
function quoted(value: string): string {
  if (!/[",\r\n\0]|^\s|\s$/.test(value)) return value;
  if (value.includes('\0')) throw new Error(`a NUL character cannot be written: ${JSON.stringify(value.slice(0, 60))}`);
  return `"${value.replace(/\r\n|[\r\n]/g, ' ').replaceAll('"', '""')}"`;
}

/** Joins lines into blocks, so that a file of a million rows is not a million small writes. */
async function* blocks(lines: AsyncIterable<string> | Iterable<string>) {
  let block = '';
  for await (const line of lines) {
    block += line;
    if (block.length < 65_536) continue;
    yield Buffer.from(block);
    block = '';
  }
  if (block) yield Buffer.from(block);
}
