import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeDemoPackage } from '@rollbook/district/demo/write.ts';
import { openDistrict } from '@rollbook/district/district.ts';
import { openIssuer } from '@rollbook/district/issuer.ts';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import { untilSettled } from '@rollbook/district/settled.ts';
import { openLog } from '@rollbook/subgraph';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { contentsOf } from './contents.ts';
import { run, type Program } from './programs.ts';
import { ask, today } from './topologies.ts';

const megabyte = 1024 * 1024;
const home = mkdtempSync(join(tmpdir(), 'rollbook-disk-'));
const disk = join(home, 'disk');
const data = join(disk, 'district');
const ballast = join(disk, 'ballast');

/** A disk of 300 MB; what stands in the way of having one, or nothing. */
function mountDisk(): string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can mount a small disk';
  mkdirSync(disk, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=300m', 'rollbook', disk], { encoding: 'utf8' });
  return mounted.status === 0 ? '' : `no small disk can be mounted here: ${(mounted.stderr || String(mounted.error)).trim()}`;
}

function removeDisk(): void {
  if (existsSync(disk)) spawnSync('umount', ['--lazy', disk]);
  rmSync(home, { recursive: true, force: true });
}

// Only tried: where no test of this file is run, nobody would unmount it.
const obstacle = mountDisk();
removeDisk();
beforeAll(() => {
  const failure = mountDisk();
  if (failure) throw new Error(failure); // or the machine's own disk would be filled
});
afterAll(removeDisk);

function fillUpTo(freeMb: number): void {
  const { bavail, bsize } = statfsSync(disk);
  appendFileSync(ballast, Buffer.alloc(Math.max(bavail * bsize - freeMb * megabyte, 0)));
}

/** Past every rule, as whoever looks after the machine could. */
async function sql(database: string, ...texts: string[]): Promise<Record<string, unknown>[]> {
  const [port, password] = ['port', 'password'].map((name) => readFileSync(join(data, 'postgres', `rollbook.${name}`), 'utf8'));
  const client = new pg.Client({ connectionString: `postgres://rollbook_admin:${password}@127.0.0.1:${port}/${database}` });
  client.on('error', () => undefined); // a server that ends is told by the question that it did not answer
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const text of texts) ({ rows } = await client.query(text));
    return rows;
  } finally {
    await client.end();
  }
}

/** Leaves this much room in the log, whose files are kept and used again: what is written after that needs the disk. */
async function leaveOfTheLog(mb: number): Promise<void> {
  const ahead =
    "select count(*)::int as n from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$' and name > pg_walfile_name(pg_current_wal_lsn())";
  while ((await sql('postgres', ahead))[0]!['n'])
    await sql('postgres', "select pg_logical_emit_message(true, 'a', 'b')", 'select pg_switch_wal()');
  const place = '(pg_walfile_name_offset(pg_current_wal_insert_lsn())).file_offset';
  await sql('postgres', `select pg_logical_emit_message(false, 'a', repeat('b', greatest(${(16 - mb) * megabyte} - ${place}, 0)))`);
}

/** PostgreSQL ends by itself when it cannot begin another file of its log. */
async function useUpTheLog(): Promise<void> {
  fillUpTo(1);
  const nextFile = ["select pg_logical_emit_message(true, 'a', 'b')", 'select pg_switch_wal()'];
  await sql('postgres', ...Array.from({ length: 6 }, () => nextFile).flat()).catch(() => undefined);
}

/**
 * Rows that a batch with a receipt should have left and did not, and rows that no batch with a receipt has left.
 * A service that has finished its part has put its receipts away.
 */
async function halfApplied(): Promise<Record<string, unknown>> {
  const strays = async (service: string, kind: string, tables: string) => {
    const [row] = await sql(
      `rollbook_${service}`,
      `with held as (${tables}), seen as (select row_id as id from import_seen where kind = '${kind}')
       select (select count(*)::int from seen where id not in (select id from held)) as lost,
              (select count(*)::int from held where id not in (select id from seen) and exists (select from import_batch)) as unreceipted`,
    );
    return row;
  };
  return {
    users: await strays('student', 'user', 'select id from student union select id from staff'),
    classes: await strays('scheduling', 'classes', 'select id from section'),
  };
}

async function schools(url: string): Promise<unknown> {
  const token = await (await openIssuer(data)).sign(importingAdministrator);
  return (await ask({ url }, token, '{ schools(first: 100) { nodes { name } } }')).data?.schools?.nodes ?? null;
}

/** Asks until there is an answer, at most 200 times: PostgreSQL may be recovering. */
async function answered<T>(question: () => Promise<T | null>): Promise<T | null> {
  for (let n = 0; n < 200; n++) {
    const answer = await question().catch(() => null);
    if (answer !== null) return answer;
    await new Promise((next) => setTimeout(next, 100));
  }
  return null;
}

/** What one service told is applied by the others, also after a restart. */
async function untilEverybodyHeard(dir: string): Promise<void> {
  const district = await openDistrict({ dir, port: 0, log: openLog('fatal') });
  await untilSettled(Object.values(district.subgraphs)).finally(() => district.close());
}

const importInto = (dir: string, file: string): Program => run('import.ts', file, '--data', dir, '--today', today);

(obstacle ? test.skip : test)(
  `on a disk that is full an import stops and says so, what is there can be read, and with room again the same import is finished${obstacle && ` (skipped: ${obstacle})`}`,
  async () => {
    const file = join(home, 'district.zip');
    await writeDemoPackage(file, { schools: 1, students: 400, seed: 1, today, assignments: 3 });
    const undisturbed = join(home, 'undisturbed');
    expect(await importInto(undisturbed, file).ended).toBe(0);

    const district = run('start.ts', '--data', data, '--port', '0', '--empty');
    await district.hasPrinted('The district is empty');
    const url = /ready after .* s: {2}(\S+)/.exec(district.printed())![1]!;
    // The whole import writes 10 MB of log: it stops somewhere in the middle.
    await leaveOfTheLog(3);
    fillUpTo(5);

    const stopped = importInto(data, file);
    expect(await stopped.ended).toBe(1);
    expect(stopped.printed()).toContain('The import stopped: The disk that holds the database is full; nothing was changed.');
    expect(stopped.printed()).toContain('run the same command again');
    await district.hasPrinted('Make room on it');
    expect(district.printed()).toContain(`The disk that holds ${join(data, 'postgres')} is full. Make room on it: at least `);
    expect(await answered(() => schools(url))).toHaveLength(1);
    // The disk was full in the middle of it: one service has begun and not finished, whose receipts would be gone.
    const batches = async (database: string) =>
      Number((await answered(() => sql(database, 'select count(*)::int as batches from import_batch')))![0]!['batches']);
    expect((await batches('rollbook_student')) + (await batches('rollbook_scheduling'))).toBeGreaterThan(0);
    expect(await answered(halfApplied)).toEqual({
      users: { lost: 0, unreceipted: 0 },
      classes: { lost: 0, unreceipted: 0 },
    });

    if (!district.printed().includes('ended by itself')) await useUpTheLog();
    await district.hasPrinted('PostgreSQL ended by itself .*No space left on device');
    expect(await answered(() => schools(url))).toHaveLength(1);
    expect(await importInto(data, file).ended).toBe(1);
    expect(await schools(url)).toHaveLength(1);

    await useUpTheLog(); // and with it the room that was kept back
    await district.hasPrinted('PostgreSQL cannot start .*No space left on device');

    rmSync(ballast);
    await district.hasPrinted('There is room again');
    expect(await answered(() => schools(url))).toHaveLength(1);
    expect(await importInto(data, file).ended).toBe(0);
    district.child.kill('SIGTERM');
    expect(await district.ended).toBe(0);
    await untilEverybodyHeard(data);
    expect(await contentsOf(data)).toEqual(await contentsOf(undisturbed));
  },
  120_000,
);
