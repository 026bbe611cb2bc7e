import { basename } from 'node:path';
import { columns, columnsOf, fileNames } from './columns.ts';
import type { FileName, Version } from './columns.ts';
import { bytesOf, defaultLimits, openContainer } from './container.ts';
import type { Container, Limits, PackedFile } from './container.ts';
import { csvRecords, flawIssue } from './csv.ts';
import type { CsvRecord } from './csv.ts';
import { readHeader } from './header.ts';
import type { Layout } from './header.ts';
import { issue, IssueLog, PackageError } from './issues.ts';
import type { Code, Issue } from './issues.ts';
import { readManifest } from './manifest.ts';
import type { Manifest, Mode } from './manifest.ts';
import { isBlank } from './rows.ts';

export interface ReadOptions {
  /**
   * strict (unless said otherwise) refuses whatever the standard does not allow. tolerant repairs what is unambiguous, says so,
   * and refuses the rest row by row.
   */
  strictness?: 'strict' | 'tolerant';
  limits?: Partial<Limits>;
}

/** What is in a package, before its rows are read. */
export interface Contents {
  version: Version;
  mode: Record<FileName, Mode>;
  source: Manifest['source'];
  strict: boolean;
  limits: Limits;
  /** What was found so far about the package, its manifest and its headers. */
  log: IssueLog;
  /** The data files that hold records; without a layout when the header was refused. */
  files: Map<FileName, { packed: PackedFile; layout?: Layout }>;
  close(): Promise<void>;
}

type Report = (code: Code, file: string, tolerated: Issue['severity'], message: string) => void;

/** Opens a package and looks at its manifest and headers. Throws PackageError when not even that can be done. */
export async function inspect(path: string, options: ReadOptions, log = new IssueLog()): Promise<Contents> {
  const strict = options.strictness !== 'tolerant';
  const limits = { ...defaultLimits, ...options.limits };
  const report: Report = (code, file, tolerated, message) => log.add(issue(code, strict ? 'refused' : tolerated, { file }, message));
  const container = await openContainer(path, limits);
  try {
    const named = filesAtRoot(container, strict, report);
    const packedManifest = take(named, 'manifest.csv', report);
    if (!packedManifest) {
      const missing = issue('package.missing_manifest', 'refused', { file: basename(path) }, 'there is no manifest.csv');
      throw new PackageError([...log.issues, missing]);
    }
    const manifest = await readManifest(packedManifest, strict, log);
    const files: Contents['files'] = new Map();
    const mode = Object.fromEntries(fileNames.map((file) => [file, 'absent'])) as Record<FileName, Mode>;
    for (const file of fileNames) {
      if (!columns[manifest.version][file]) continue;
      const said = manifest.modes[file];
      const packed = take(named, `${file}.csv`, report);
      if (!packed) {
        const message = `the manifest says ${said}, but there is no such file`;
        if (said === 'bulk' || said === 'delta') report('package.missing_file', `${file}.csv`, 'repaired', message);
        continue;
      }
      if (said === 'absent') report('package.unexpected_file', packed.name, 'repaired', 'the manifest says absent, but the file is there');
      const start = await readStart(packed, manifest.version, file, { strict, limits, log });
      if (start.isEmpty) report('package.empty_file', packed.name, 'warning', 'the file holds no records; it was read as absent');
      if (start.isEmpty && !strict) continue;
      files.set(file, { packed, ...(start.layout && { layout: start.layout }) });
      mode[file] = said === 'bulk' || said === 'delta' ? said : likelyMode(manifest, start.first, start.layout);
    }
    for (const { name } of named.values()) {
      report('package.unknown_file', name, 'warning', `${name} is not a file of a OneRoster ${manifest.version} package and is not read`);
    }
    return { version: manifest.version, mode, source: manifest.source, strict, limits, log, files, close: container.close };
  } catch (error) {
    await container.close();
    throw error;
  }
}

/** The files by name. Tolerantly, a package that was zipped with its folder around it is read all the same. */
function filesAtRoot(container: Container, strict: boolean, report: Report): Map<string, PackedFile> {
  const manifests = container.files.filter(({ name }) => /^([^/]+\/)?manifest\.csv$/i.test(name));
  const folder = manifests.length === 1 ? manifests[0]!.name.replace(/[^/]*$/, '') : '';
  if (folder) report('package.file_not_at_root', manifests[0]!.name, 'repaired', `the files are in the folder ${folder}`);
  const files = container.files.map((file) =>
    !strict && file.name.startsWith(folder) ? { ...file, name: file.name.slice(folder.length) } : file,
  );
  return new Map(files.map((file) => [file.name, file]));
}

/** Takes a file out of the map by its name, or by a name that differs in case only. */
function take(named: Map<string, PackedFile>, name: string, report: Report): PackedFile | undefined {
  const found = named.get(name) ?? [...named.values()].find((file) => file.name.toLowerCase() === name.toLowerCase());
  if (!found) return undefined;
  if (found.name !== name) report('package.file_name_case', found.name, 'repaired', `the file should be called ${name}`);
  named.delete(found.name);
  return found;
}

/** Reads the header and the first record of a file, and reports on the header. */
async function readStart(packed: PackedFile, version: Version, file: FileName, how: Pick<Contents, 'strict' | 'limits' | 'log'>) {
  const [header, first] = await firstRecords(packed, how);
  if (!header) return { isEmpty: true };
  if (header.flaw) {
    how.log.add(flawIssue(packed.name, header));
    return { isEmpty: false };
  }
  const place = { file: packed.name, line: header.line };
  const { layout, flaws } = readHeader(header, columnsOf(version, file), how.strict);
  for (const { code, severity, column, message } of flaws) how.log.add(issue(code, severity, { ...place, column }, message));
  return { isEmpty: !first, first, layout };
}

/** The first two records; tolerantly, blank lines before and between them do not count. */
async function firstRecords(packed: PackedFile, { strict, limits }: Pick<Contents, 'strict' | 'limits'>): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const block of csvRecords(bytesOf(packed), limits.recordCharacters)) {
    for (const record of block) if (strict || record.flaw || !isBlank(record.cells)) records.push(record);
    if (records.length >= 2) break;
  }
  return records;
}

/**
 * The mode of a file about which the manifest says nothing: that of the other files; or else bulk when its first row has no
 * status, as only a bulk row may; or else delta, under which nothing is deleted for not being named.
 */
function likelyMode(manifest: Manifest, first: CsvRecord | undefined, layout: Layout | undefined): 'bulk' | 'delta' {
  const others = new Set(Object.values(manifest.modes).filter((mode) => mode !== 'absent'));
  if (others.size === 1) return [...others][0] as 'bulk' | 'delta';
  const status = layout?.cells[layout.columns.findIndex(({ name }) => name === 'status')] ?? -1;
  return first?.cells[status] ? 'delta' : 'bulk';
}
