import { columns, fileNames } from './columns.ts';
import type { FileName, Version } from './columns.ts';
import { bytesOf } from './container.ts';
import type { PackedFile } from './container.ts';
import { csvRecords, flawIssue } from './csv.ts';
import { issue, PackageError } from './issues.ts';
import type { Code, IssueLog } from './issues.ts';

export type Mode = 'absent' | 'bulk' | 'delta';

/** What manifest.csv says. A mode that is missing or cannot be read is not in `modes`. */
export interface Manifest {
  version: Version;
  modes: Partial<Record<FileName, Mode>>;
  source: { systemName?: string; systemCode?: string };
}

const modeWords: readonly string[] = ['absent', 'bulk', 'delta'];
const longestManifest = 200;

interface Property {
  value: string;
  line: number;
}

/**
 * Reads manifest.csv and reports on it to `log`. Throws PackageError when it does not tell the version, because then nothing
 * else in the package can be read.
 */
export async function readManifest(file: PackedFile, strict: boolean, log: IssueLog): Promise<Manifest> {
  const report = (code: Code, message: string, line: number | null, tolerated: 'repaired' | 'warning' | 'refused' = 'repaired') =>
    log.add(issue(code, strict ? 'refused' : tolerated, { file: file.name, line }, message));
  const properties = await readProperties(file, strict, report);
  const version = readVersion(properties, file, report);
  const known = new Set(['manifest.version', 'oneroster.version', 'source.systemName', 'source.systemCode']);
  const manifestVersion = properties.get('manifest.version');
  if (!manifestVersion) report('manifest.missing_property', 'manifest.version is missing', null);
  else if (manifestVersion.value !== '1.0') {
    report('manifest.invalid_value', `manifest.version must be 1.0, not "${manifestVersion.value}"`, manifestVersion.line, 'warning');
  }
  const modes: Partial<Record<FileName, Mode>> = {};
  for (const name of fileNames) {
    if (!columns[version][name]) continue;
    known.add(`file.${name}`);
    const mode = readMode(name, properties.get(`file.${name}`), strict, report);
    if (mode) modes[name] = mode;
  }
  for (const [name, { line }] of properties) {
    if (!known.has(name))
      report('manifest.unknown_property', `"${name}" is not a property of a OneRoster ${version} manifest`, line, 'warning');
  }
  const systemName = properties.get('source.systemName')?.value;
  const systemCode = properties.get('source.systemCode')?.value;
  return { version, modes, source: { ...(systemName && { systemName }), ...(systemCode && { systemCode }) } };
}

type Report = (code: Code, message: string, line: number | null, tolerated?: 'repaired' | 'warning' | 'refused') => void;

async function readProperties(file: PackedFile, strict: boolean, report: Report): Promise<Map<string, Property>> {
  const spelling = new Map(spellings.map((name) => [name.toLowerCase(), name]));
  const properties = new Map<string, Property>();
  for await (const block of csvRecords(bytesOf(file), 10_000)) {
    for (const record of block) {
      if (record.flaw) throw new PackageError([flawIssue(file.name, record)]);
      const { line, cells } = record;
      if (line > longestManifest) {
        throw new PackageError([issue('manifest.invalid_value', 'refused', { file: file.name, line }, 'the manifest goes on and on')]);
      }
      const [written = '', value = ''] = strict ? cells : cells.map((cell) => cell.trim());
      if (line === 1) {
        const isHeader = cells.length === 2 && written === 'propertyName' && value === 'value';
        if (!isHeader)
          report('manifest.invalid_header', `the first line must be propertyName,value, not ${cells.join(',').slice(0, 80)}`, 1);
        if (isHeader || !/^(manifest|oneroster|file)\./i.test(written)) continue;
      }
      if (written === '' && value === '') continue;
      const name = strict ? written : (spelling.get(written.toLowerCase()) ?? written);
      if (name !== written) report('manifest.unknown_property', `"${written}" was read as ${name}`, line);
      const before = properties.get(name);
      if (before) report('manifest.duplicate_property', `${name} is given twice`, line, before.value === value ? 'repaired' : 'refused');
      else properties.set(name, { value, line });
    }
  }
  return properties;
}

const spellings = [
  'manifest.version',
  'oneroster.version',
  'source.systemName',
  'source.systemCode',
  ...fileNames.map((name) => `file.${name}`),
];

function readVersion(properties: Map<string, Property>, file: PackedFile, report: Report): Version {
  const property = properties.get('oneroster.version');
  const written = property?.value ?? '';
  if (written === '1.1' || written === '1.2') return written;
  const meant = /^v?1\.([12])(\.\d+)*$/i.exec(written)?.[1];
  const message = property ? `oneroster.version must be 1.1 or 1.2, not "${written}"` : 'oneroster.version is missing';
  if (!meant) {
    const code = property ? 'manifest.unsupported_version' : 'manifest.missing_property';
    throw new PackageError([issue(code, 'refused', { file: file.name, line: property?.line ?? null }, message)]);
  }
  report('manifest.unsupported_version', message, property!.line);
  return meant === '1' ? '1.1' : '1.2';
}

function readMode(name: FileName, property: Property | undefined, strict: boolean, report: Report): Mode | undefined {
  if (!property) {
    report('manifest.missing_property', `file.${name} is missing`, null);
    return undefined;
  }
  const word = strict ? property.value : property.value.toLowerCase();
  const mode = modeWords.includes(word) ? (word as Mode) : undefined;
  if (property.value !== mode)
    report('manifest.invalid_value', `file.${name} must be absent, bulk or delta, not "${property.value}"`, property.line);
  return mode;
}
