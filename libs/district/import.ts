/**
 * Brings a district's OneRoster package in: `npm run import -- district.zip`. Uses the Rollbook that `npm start` runs, or opens
 * the district itself when none is running.
 */
import { openLog } from '@rollbook/subgraph/log.ts';
import { todayIn } from '@rollbook/school';
import { createWriteStream, existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dataDirectory, runningAt } from './dataDirectory.ts';
import { openDistrict } from './district.ts';
import { importPackage, type ImportOptions, type ImportReport } from './importing/importPackage.ts';
import { openIssuer } from './issuer.ts';
import { progress } from './progress.ts';
import { importingAdministrator } from './signIns.ts';
import { untilSettled } from './settled.ts';

const usage = `Brings a OneRoster package (1.1 or 1.2, zip or folder, bulk or delta) into the district.

  npm run import -- <package> [options]

  --strict            refuse the package when anything in it breaks the standard (default: repair what is
                      unambiguous, leave out row by row what is not, and report both)
  --dry-run           check everything and tell what would change; change nothing
  --source <name>     the system it comes from (default: source.systemCode of the manifest); records are
                      known by it, so keep it the same from import to import
  --time-zone <zone>  of schools that are new (default America/Los_Angeles; OneRoster does not say it)
  --today <date>      the day on which what a bulk package no longer holds is ended (default: today)
  --report <file>     write every issue as CSV: file, line, column, severity, code, message, what to do
  --data <directory>  the district's data directory (default .rollbook)
  --url, --token      a district elsewhere, and a district administrator's token for it

An import that was interrupted is finished by running the same command again.
`;

const text = { type: 'string' } as const;
const options = {
  strict: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  source: text,
  'time-zone': { ...text, default: 'America/Los_Angeles' },
  today: text,
  report: text,
  data: text,
  url: text,
  token: text,
  help: { type: 'boolean' },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [path] = positionals;
  if (values.help || !path || positionals.length > 1) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  if (!existsSync(path)) throw new Error(`There is nothing at ${path}.`);
  const target = await open(values);
  const bar = progress();
  const started = Date.now();
  try {
    const report = await importPackage(path, {
      url: target.url,
      token: target.token,
      ...(values.source ? { source: values.source } : {}),
      strictness: values.strict ? 'strict' : 'tolerant',
      dryRun: values['dry-run'] ?? false,
      timeZone: values['time-zone'],
      today: values.today ?? todayIn(values['time-zone'], new Date()),
      onProgress: ({ file, rows, ofRows }) => bar.show(file, rows, ofRows),
    } satisfies ImportOptions);
    bar.end();
    await target.settle();
    if (values.report) await writeReport(values.report, report);
    tell(report, values, (Date.now() - started) / 1000);
    return report.applied || (values['dry-run'] && Object.keys(report.files).length) ? 0 : 1;
  } finally {
    bar.end();
    await target.close();
  }
}

/** The running district, or one opened for this import alone. */
async function open(values: { data?: string; url?: string; token?: string }) {
  const nothing = async () => undefined;
  if (values.url) {
    if (!values.token) throw new Error('--url needs --token, the token of a district administrator there.');
    return { url: values.url, token: values.token, settle: nothing, close: nothing };
  }
  const dir = dataDirectory(values.data);
  const running = await runningAt(dir);
  if (running) return { url: running, token: await (await openIssuer(dir)).sign(importingAdministrator), settle: nothing, close: nothing };
  const district = await openDistrict({ dir, port: 0, log: openLog('warn') });
  return {
    url: district.url,
    token: await district.issuer.sign(importingAdministrator),
    settle: () => untilSettled(Object.values(district.subgraphs)),
    close: () => district.close(),
  };
}

function tell(report: ImportReport, values: { 'dry-run'?: boolean; report?: string }, seconds: number): void {
  const counted = Object.entries(report.files).map(([file, count]) => ({ file, ...count }));
  if (counted.length) console.table(Object.fromEntries(counted.map(({ file, ...count }) => [file, count])));
  if (report.ended) console.log(`${report.ended} records that ${report.source} no longer holds were ended.`);
  for (const { file, sourcedId, field, before, after } of report.differences.slice(0, 20))
    console.log(`  ${file} ${sourcedId}: ${field} ${before ?? '(nothing)'} -> ${after ?? '(nothing)'}`);
  for (const issue of report.issues.slice(0, 20))
    console.log(`  ${placeOf(issue)}: ${issue.severity} ${issue.code}: ${issue.message} ${issue.action}`);
  const issues = Object.values(report.totals).reduce((sum, count) => sum + count, 0);
  if (issues > 20)
    console.log(`  ... ${issues} issues in all${values.report ? `, in ${values.report}` : '; --report <file> writes them down'}.`);
  if (values['dry-run']) console.log('This was a dry run: nothing was changed.');
  else console.log(report.applied ? `Imported in ${seconds.toFixed(1)} s.` : 'The package was refused; nothing was changed.');
}

const placeOf = ({ file, line, column }: { file: string; line: number | null; column: string | null }) =>
  [file, line === null ? null : `line ${line}`, column].filter(Boolean).join(', ');

/** A spreadsheet takes a leading =, +, - or @ for a formula: such a text is written with an apostrophe before it. */
const cell = (value: unknown) =>
  `"${String(value ?? '')
    .replace(/^([=+\-@\t\r])/, "'$1")
    .replaceAll('"', '""')}"`;

async function writeReport(file: string, { issues }: ImportReport): Promise<void> {
  const out = createWriteStream(file);
  out.write('file,line,column,severity,code,message,action\r\n');
  for (const issue of issues)
    out.write(`${[issue.file, issue.line, issue.column, issue.severity, issue.code, issue.message, issue.action].map(cell).join()}\r\n`);
  await new Promise<void>((done, failed) => out.end((error?: Error | null) => (error ? failed(error) : done())));
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`The import stopped: ${(error as Error).message}\nWhat was applied stays applied; run the same command again to go on.`);
  process.exitCode = 1;
}
