import { readingOrder } from './columns.ts';
import type { FileName, Version } from './columns.ts';
import { bytesOf } from './container.ts';
import { inspect } from './contents.ts';
import type { Contents, ReadOptions } from './contents.ts';
import { csvRecords, flawIssue } from './csv.ts';
import { IssueLog, PackageError } from './issues.ts';
import type { Issue } from './issues.ts';
import type { Mode } from './manifest.ts';
import { passesOver } from './passes.ts';
import type { Passes } from './passes.ts';
import { isRefusedRow } from './rows.ts';

export interface CheckOptions extends ReadOptions {
  /** How many issues of one kind are kept in the report; the rest is only counted. 1,000 unless said otherwise. */
  keptPerCode?: number;
}

export interface FileCounts {
  rows: number;
  refused: number;
  /** Rows that are used after a repair. */
  repaired: number;
}

export interface PackageReport {
  /** null when not even the manifest could be read; then there is no mode either. */
  version: Version | null;
  mode: Record<FileName, Mode> | null;
  counts: Partial<Record<FileName, FileCounts>>;
  /** In the order found; at most `keptPerCode` of one kind. */
  issues: Issue[];
  /** How often each kind was found in all. */
  totals: Record<string, number>;
  /** Files that could not be read to their end: what they say cannot be told from what they lack. */
  unreadable: FileName[];
  /** Nothing was refused. */
  valid: boolean;
}

/**
 * Reads a whole package and reports everything that is wrong with it; changes nothing, throws nothing about the package. Strict
 * mode goes in stages — package, CSV, header, values, duplicates, references, meaning — and reports the first stage that fails,
 * because what later stages would say often only follows from that. Tolerant mode reports everything at once.
 */
export async function checkPackage(path: string, options: CheckOptions = {}): Promise<PackageReport> {
  const log = new IssueLog(options.keptPerCode);
  const counts: PackageReport['counts'] = {};
  const unreadable: FileName[] = [];
  const contents = await unlessUnreadable(log, () => inspect(path, options, log));
  if (contents) {
    const passes = passesOver(contents);
    try {
      await checkRows(contents, passes, log, counts, unreadable);
    } finally {
      passes.close();
      await contents.close();
    }
  }
  const refused = log.refusedCodes;
  const failing = options.strictness === 'tolerant' ? undefined : Math.min(...[...refused].map(stageOf));
  const isReported = (code: string) => failing === undefined || stageOf(code) <= failing;
  return {
    version: contents?.version ?? null,
    mode: contents?.mode ?? null,
    counts,
    unreadable,
    issues: log.issues.filter(({ code }) => isReported(code)),
    totals: Object.fromEntries(Object.entries(log.totals).filter(([code]) => isReported(code))),
    valid: refused.size === 0,
  };
}

async function checkRows(
  contents: Contents,
  { pass }: Passes,
  log: IssueLog,
  counts: PackageReport['counts'],
  unreadable: FileName[],
): Promise<void> {
  for (const file of readingOrder(contents.version)) {
    const source = contents.files.get(file);
    if (!source) continue;
    const count: FileCounts = (counts[file] = { rows: 0, refused: 0, repaired: 0 });
    const done = await unlessUnreadable(log, async () => {
      if (!source.layout) {
        await checkText(contents, file, log);
        return false;
      }
      for await (const block of pass(file)) {
        count.rows += block.length;
        for (const judged of block) {
          if (judged.issues.length === 0) continue;
          log.add(...judged.issues);
          if (isRefusedRow(judged)) count.refused++;
          else if (judged.issues.some(({ severity }) => severity === 'repaired')) count.repaired++;
        }
      }
      return true;
    });
    if (!done) unreadable.push(file);
  }
}

/** Of a file whose header cannot be used, still says whether it is CSV at all. */
async function checkText(contents: Contents, file: FileName, log: IssueLog): Promise<void> {
  const { packed } = contents.files.get(file)!;
  for await (const block of csvRecords(bytesOf(packed), contents.limits.recordCharacters)) {
    for (const record of block) if (record.flaw && record.line > 1) log.add(flawIssue(packed.name, record));
  }
}

async function unlessUnreadable<T>(log: IssueLog, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    log.add(...error.issues.filter((one) => !log.issues.includes(one)));
    return undefined;
  }
}

const stages = [/^(package|manifest)\./, /^csv\./, /^schema\./, /^row\./, /^reference\.duplicate/, /^reference\./, /^semantic\./];
const stageOf = (code: string): number => stages.findIndex((stage) => stage.test(code));
