/** `npm start`: the whole system on this machine, with a demo district the first time. */
import '@rollbook/subgraph/production.ts';
import { openLog } from '@rollbook/subgraph/log.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabases } from './databases.ts';
import { dataDirectory, forgetAddress, noteAddress } from './dataDirectory.ts';
import { hasDistrict, settleDemo } from './demo/settle.ts';
import { openDistrict, type District } from './district.ts';
import { progress } from './progress.ts';
import { lastSchoolDay } from './schoolDay.ts';
import type { SignIn } from './signIns.ts';
import { openWorkers } from './workers.ts';

const usage = `Runs Rollbook on this machine: PostgreSQL, four services and the gateway, in one process.

  npm start -- [options]

  --port <n>          where the gateway answers, on loopback (default 4000)
  --data <directory>  databases, keys and sign-ins (default .rollbook)
  --empty             no demo district; bring your own with npm run import
  --students <n>      size of the demo district (default 1500)
  --workers <n>       so many processes behind the one port, for as many cores (default 1)
`;

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      port: { ...text, default: '4000' },
      data: text,
      empty: { type: 'boolean' },
      students: { ...text, default: '1500' },
      workers: { ...text, default: '1' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port must be a number up to 65535, not "${values.port}".`);
  const workers = Number(values.workers);
  if (!Number.isInteger(workers) || workers < 1 || workers > 64)
    throw new Error(`--workers must be between 1 and 64, not "${values.workers}".`);
  const dir = dataDirectory(values.data);
  const log = openLog(process.env['LOG_LEVEL'] ?? 'warn');
  const students = values.empty ? 0 : Number(values.students);
  const started = Date.now();
  console.log(`Starting PostgreSQL, four services and the gateway${workers > 1 ? `, in ${workers} processes` : ''} ...`);
  if (workers === 1) {
    const district = await openDistrict({ dir, port, log });
    endInOrder(dir, district);
    noteAddress(dir, district.url);
    const found = await settle(district, dir, students);
    return tell({ ...found, url: district.url, dir, seconds: (Date.now() - started) / 1000 });
  }
  const databases = await openDatabases(dir, { max_connections: String(100 + 100 * workers) });
  try {
    // One process migrates and settles, before the others are there.
    const first = await openDistrict({ dir, port: 0, log, databases });
    const found = await settle(first, dir, students).finally(() => first.close());
    const running = await openWorkers(workers, { dir, port, urls: databases.urls });
    endInOrder(dir, { close: () => running.close().then(() => databases.stop()) });
    noteAddress(dir, running.url);
    tell({ ...found, url: running.url, dir, seconds: (Date.now() - started) / 1000 });
  } catch (error) {
    await databases.stop();
    throw error;
  }
}

interface Found {
  readonly signIns: readonly SignIn[];
  /** A school day to ask about. */
  readonly day: string;
}

/** Makes the demo district when there is none and one of so many students is wanted. */
async function settle(district: District, dir: string, students: number): Promise<Found> {
  if (students && !(await hasDistrict(district))) {
    console.log('There is no district yet: making a demo district, and importing it as a real one would be (once) ...');
    const bar = progress();
    await settleDemo(district, dir, { students }, (step, done, total) => bar.show(step, done, total));
    bar.end();
  }
  return { signIns: await district.signIns(), day: await lastSchoolDay(district.subgraphs, new Date()) };
}

function tell({ url, dir, signIns, day, seconds }: Found & { url: string; dir: string; seconds: number }): void {
  const tokens = join(dir, 'tokens');
  mkdirSync(tokens, { recursive: true, mode: 0o700 });
  for (const { name, token } of signIns) writeFileSync(join(tokens, name), token, { mode: 0o600 });
  console.log(`\nRollbook is ready after ${seconds.toFixed(1)} s:  ${url}  (a page to try it; the graph itself is at ${url}/graphql)\n`);
  if (!signIns.length) return console.log('The district is empty. Bring one in: npm run import -- <package>\n');
  console.log('Sign in as (development tokens, valid for 12 hours):');
  for (const { name, description } of signIns) console.log(`  ${name.padEnd(14)} ${description}`);
  console.log(`\nA query to paste, the teacher's day:\n
curl -s ${url}/graphql -H "Authorization: Bearer $(cat ${join(tokens, 'teacher')})" -H "Content-Type: application/json" \\
  -d '{"query":"query Day($date: Date!) { me { displayName } myDay(date: $date) { startsAt period { name } section { title roster(on: $date) { student { displayName } latestMark { value } } } roll { state } } }","variables":{"date":"${day}"}}'
\nTokens of the others are beside it. Ctrl-C ends everything; what was saved is there at the next start.\n`);
}

function endInOrder(dir: string, district: { close(): Promise<void> }): void {
  const end = () => {
    forgetAddress(dir);
    district.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

try {
  await main();
} catch (error) {
  console.error(`Rollbook did not start: ${(error as Error).message}`);
  process.exitCode = 1;
}
