import { checkPackage, openPackage, type FileName, type Issue, type Package } from '@rollbook/oneroster';
import { schoolYearOf, sourcedUuid } from '@rollbook/school';
import pLimit from 'p-limit';
import { fingerprint } from './fingerprint.ts';
import { GraphClient } from './graphClient.ts';
import { gradebookFiles, peopleFiles, scheduleFiles, type FileImport, type PackageFacts } from './mapping.ts';
import { RolesByUser } from './rolesByUser.ts';

export interface ImportOptions {
  /** Where the district's gateway is, and the token of a district administrator. */
  readonly url: string;
  readonly token: string;
  /** Names the system the package comes from; without it the manifest's source.systemCode, else "oneroster". */
  readonly source?: string;
  readonly strictness: 'strict' | 'tolerant';
  readonly dryRun: boolean;
  readonly timeZone: string;
  /** What disappears is ended on this day. */
  readonly today: string;
  readonly onProgress?: (progress: { file: string; rows: number; ofRows: number }) => void;
}

export interface FileReport {
  rows: number;
  created: number;
  changed: number;
  unchanged: number;
  refused: number;
}

export interface ImportReport {
  readonly source: string;
  readonly files: Partial<Record<FileName, FileReport>>;
  /** Records that the source no longer holds, ended with today's date. */
  readonly ended: number;
  readonly issues: Issue[];
  /** How many issues there are of each kind, kept in the report or not. */
  readonly totals: Record<string, number>;
  /** In a dry run, the first differences of each file. */
  readonly differences: { file: string; sourcedId: string; field: string; before: string | null; after: string | null }[];
  /** False when the package was refused as a whole, and nothing was applied. */
  readonly applied: boolean;
}

const rowsPerRequest = 400;
const bytesPerRequest = 200_000;

const services = [
  { files: peopleFiles, finish: 'finishPeopleImport' },
  { files: scheduleFiles, finish: 'finishScheduleImport' },
  { files: gradebookFiles, finish: 'finishGradebookImport' },
] as const;

/**
 * Brings a OneRoster package into a district, through the same graph and the same rights as a person would. First the whole
 * package is checked; then it is applied, service by service, in batches that are each a transaction with a receipt: an import
 * that was interrupted is finished by running it again, and a second import of the same package changes nothing.
 */
export async function importPackage(path: string, options: ImportOptions): Promise<ImportReport> {
  const checked = await checkPackage(path, { strictness: options.strictness });
  const report = { files: {}, ended: 0, issues: [...checked.issues], totals: { ...checked.totals }, differences: [], applied: false };
  // Half a bulk file would end the other half: a file that cannot be read to its end stops the import in either mode.
  const refusedAsAWhole = !checked.version || checked.unreadable.length > 0 || (options.strictness === 'strict' && !checked.valid);
  if (refusedAsAWhole) return { source: options.source ?? '', ...report };

  const opened = await openPackage(path, { strictness: options.strictness });
  const roles = new RolesByUser();
  try {
    const source = options.source ?? opened.source.systemCode ?? 'oneroster';
    const importId = sourcedUuid('rollbook', 'import', `${source}\0${options.today}\0${await fingerprint(path)}`);
    const facts = await factsOf(opened, roles, options);
    const client = new GraphClient(options.url, options.token);
    const run: Run = { opened, options, source, importId, facts, client, report, rowsOf: (file) => checked.counts[file]?.rows ?? 0 };
    for (const { files, finish } of services) {
      for (const file of files) if (opened.mode[file.file] !== 'absent') await importFile(run, file);
      if (!options.dryRun) report.ended += await finishService(run, finish, files);
    }
    return { source, ...report, applied: !options.dryRun };
  } finally {
    roles.close();
    await opened.close();
  }
}

interface Run {
  readonly opened: Package;
  readonly options: ImportOptions;
  readonly source: string;
  readonly importId: string;
  readonly facts: PackageFacts;
  readonly client: GraphClient;
  readonly report: {
    files: Partial<Record<FileName, FileReport>>;
    issues: Issue[];
    totals: Record<string, number>;
    differences: ImportReport['differences'];
  };
  rowsOf(file: FileName): number;
}

interface Answer {
  created: number;
  changed: number;
  unchanged: number;
  refused: { row: number; code: string; message: string }[];
  differences: { sourcedId: string; field: string; before: string | null; after: string | null }[];
}

async function importFile(run: Run, { file, verb, concurrency, toInput, extra }: FileImport): Promise<void> {
  const count: FileReport = (run.report.files[file] = { rows: 0, created: 0, changed: 0, unchanged: 0, refused: 0 });
  const mutation = `mutation Import($input: I${verb.slice(1)}Input!) { ${verb}(input: $input) { created changed unchanged refused { row code message } differences { sourcedId field before after } } }`;
  const limit = pLimit(concurrency);
  const pending = new Set<Promise<void>>();
  let failed: unknown;
  let batch = 0;

  const send = async (rows: Record<string, unknown>[], lines: number[], number: number) => {
    const { importId, source } = run;
    const { dryRun, today } = run.options;
    const input = { importId, batch: number, source, dryRun, today, ...extra?.(run.facts), rows };
    const answer = (await run.client.ask<Record<string, Answer>>(mutation, { input }))[verb]!;
    count.created += answer.created;
    count.changed += answer.changed;
    count.unchanged += answer.unchanged;
    count.refused += answer.refused.length;
    for (const refusal of answer.refused) addRefusal(run, file, lines[refusal.row] ?? null, refusal);
    if (run.report.differences.length < 200)
      run.report.differences.push(...answer.differences.map((difference) => ({ file, ...difference })));
    run.options.onProgress?.({ file, rows: count.rows, ofRows: run.rowsOf(file) });
  };

  for await (const { rows, lines } of batches(run, file, toInput, count)) {
    if (failed) break;
    const number = batch++;
    const task = limit(() => send(rows, lines, number)).catch((error: unknown) => void (failed ??= error));
    pending.add(task);
    void task.then(() => pending.delete(task));
    if (pending.size > concurrency * 2) await Promise.race(pending);
  }
  await Promise.all(pending);
  if (failed) throw failed;
}

/** Cuts a file's usable rows into requests, always in the same way, so that a batch's number stands for the same rows. */
async function* batches(run: Run, file: FileName, toInput: FileImport['toInput'], count: FileReport) {
  let rows: Record<string, unknown>[] = [];
  let lines: number[] = [];
  let bytes = 0;
  for await (const { row, line, issues } of run.opened.rows(file)) {
    count.rows += 1;
    if (issues.some((issue) => issue.severity === 'refused')) {
      count.refused += 1;
      continue;
    }
    const input = toInput(row, run.facts);
    const size = JSON.stringify(input).length;
    if (rows.length === rowsPerRequest || bytes + size > bytesPerRequest) {
      yield { rows, lines };
      [rows, lines, bytes] = [[], [], 0];
    }
    rows.push(input);
    lines.push(line);
    bytes += size;
  }
  if (rows.length) yield { rows, lines };
}

const keptPerCode = 1_000;

function addRefusal(run: Run, file: FileName, line: number | null, { code, message }: { code: string; message: string }): void {
  const total = (run.report.totals[code] = (run.report.totals[code] ?? 0) + 1);
  if (total > keptPerCode) return;
  const action = 'Correct the row in the system it comes from and import again; every other row of the package is in.';
  run.report.issues.push({ file: `${file}.csv`, line, column: null, code, message, action, severity: 'refused' });
}

/** Ends what a bulk package no longer holds and lets the service tell what changed; repeated until the service is done. */
async function finishService(run: Run, verb: string, files: readonly FileImport[]): Promise<number> {
  const bulkKinds = files.map(({ file }) => file).filter((file) => run.opened.mode[file] === 'bulk' && nothingRefused(run, file));
  if (!files.some(({ file }) => run.opened.mode[file] !== 'absent')) return 0;
  const mutation = `mutation Finish($input: F${verb.slice(1)}Input!) { ${verb}(input: $input) { ended done } }`;
  const input = { importId: run.importId, source: run.source, bulkKinds, today: run.options.today };
  for (let ended = 0; ;) {
    const answer = (await run.client.ask<Record<string, { ended: number; done: boolean }>>(mutation, { input }))[verb]!;
    ended += answer.ended;
    run.options.onProgress?.({ file: verb, rows: 0, ofRows: 0 });
    if (answer.done) return ended;
  }
}

/** A row that was refused is still in the source: where one was, what is missing must not be taken for ended. */
function nothingRefused(run: Run, file: FileName): boolean {
  const refused = run.report.files[file]?.refused ?? 0;
  if (!refused) return true;
  run.report.totals['import.nothing_ended'] = (run.report.totals['import.nothing_ended'] ?? 0) + 1;
  run.report.issues.push({
    ...{ file: `${file}.csv`, line: null, column: null, code: 'import.nothing_ended', severity: 'warning' },
    message: `${refused} rows were refused, so nothing that this file no longer holds was ended.`,
    action: 'Correct the refused rows and import again.',
  });
  return false;
}

async function factsOf(opened: Package, roles: RolesByUser, { timeZone, today }: ImportOptions): Promise<PackageFacts> {
  if (opened.version === '1.2')
    for await (const { row, issues } of opened.rows('roles')) {
      if (issues.some((issue) => issue.severity === 'refused') || row['status'] === 'tobedeleted') continue;
      const days = { begins: row['beginDate'] || null, ends: row['endDate'] || null };
      roles.add(row['userSourcedId']!, { role: row['role']!, orgSourcedId: row['orgSourcedId']!, ...days });
    }
  let schoolYearBegins = `${schoolYearOf(today) - 1}-07-01`;
  let latest = '';
  for await (const { row, issues } of opened.rows('academicSessions')) {
    if (row['type'] !== 'schoolYear' || issues.some((issue) => issue.severity === 'refused')) continue;
    if (row['startDate']! > latest) schoolYearBegins = latest = row['startDate']!;
  }
  return { version: opened.version, timeZone, schoolYearBegins, rolesOf: (user) => roles.of(user) };
}
