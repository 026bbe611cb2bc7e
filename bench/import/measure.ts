/**
 * How fast a district's OneRoster package comes in, against PostgreSQL's own COPY of the rows that the import left, into the same tables with the
 * same constraints, indexes and triggers (past row-level security, which COPY refuses), in the same run. The importer and the district are processes of their own; their peak memory is read from
 * the kernel. A quarter of the size is imported first, to show that memory does not grow with size: `importerGrowth` is the importer's peak
 * at the whole size, as a multiple of that at a quarter.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { openDatabases } from '@rollbook/district/databases.ts';
import { writeDemoPackage } from '@rollbook/district/demo/write.ts';
import { services } from '@rollbook/district/services.ts';
import { migrate } from '@rollbook/subgraph/migrate.ts';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { peakMbOf } from '../machine.ts';

const today = '2026-11-18';

interface Imported {
  readonly rows: number;
  readonly seconds: number;
  readonly importerPeakMb: number;
  readonly districtPeakMb: number;
  readonly dir: string;
}

export async function measure(args: string[]): Promise<Record<string, unknown>> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { students: { ...text, default: '100000' }, seed: { ...text, default: '1' } } });
  const students = Number(values.students);
  const seed = Number(values.seed);
  const quarter = await importSized(Math.round(students / 4), seed);
  rmSync(quarter.dir, { recursive: true, force: true });
  const whole = await importSized(students, seed);
  const copySeconds = await copySameRows(whole.dir);
  rmSync(whole.dir, { recursive: true, force: true });
  return {
    rowsPerSecond: Math.round(whole.rows / whole.seconds),
    ofCopy: Number((copySeconds / whole.seconds).toFixed(3)),
    peakMb: Math.max(whole.importerPeakMb, whole.districtPeakMb),
    ...{ students, rows: whole.rows, seconds: Math.round(whole.seconds), copySeconds: Number(copySeconds.toFixed(1)), seed },
    importerGrowth: Number((whole.importerPeakMb / quarter.importerPeakMb).toFixed(2)),
    peaks: [quarter, whole].map(({ rows, importerPeakMb, districtPeakMb }) => ({ rows, importerPeakMb, districtPeakMb })),
  };
}

async function importSized(students: number, seed: number): Promise<Imported> {
  const dir = mkdtempSync(join(tmpdir(), 'rollbook-bench-'));
  const file = join(dir, 'district.zip');
  const schools = Math.max(3, Math.ceil(students / 900));
  console.log(`Writing a package of ${students} students in ${schools} schools ...`);
  const counts = await writeDemoPackage(file, { students, schools, seed, today, assignments: 1 });
  const rows = Object.values(counts).reduce<number>((sum, count) => sum + Number(count), 0);
  console.log(`Importing its ${rows} rows ...`);
  const district = fork(join(import.meta.dirname, '..', 'district.ts'), [dir, `${today}T18:00:00Z`], { stdio: 'inherit' });
  const [{ url, token }] = (await once(district, 'message')) as [{ url: string; token: string }];
  const importer = fork(join(import.meta.dirname, 'importer.ts'), [file, url, token, today], { stdio: 'inherit' });
  const [{ seconds }] = (await once(importer, 'message')) as [{ seconds: number }];
  const imported = { rows, seconds, importerPeakMb: peakMbOf(importer.pid!), districtPeakMb: peakMbOf(district.pid!), dir };
  console.log(
    `${Math.round(rows / seconds)} rows/s; importer ${imported.importerPeakMb} MB, district ${imported.districtPeakMb} MB at their peak`,
  );
  importer.kill();
  await end(district);
  return imported;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

const internal = ['import_batch', 'import_seen', 'outbox', 'inbox', 'feed_position', 'history', 'mikro_orm_migrations', 'migration_text'];

/** Seconds that COPY takes to load every table the import filled, in fresh databases, parents before children. */
async function copySameRows(dir: string): Promise<number> {
  const filled = await openDatabases(dir);
  const freshDir = mkdtempSync(join(tmpdir(), 'rollbook-copy-'));
  const fresh = await openDatabases(freshDir);
  let seconds = 0;
  try {
    for (const definition of services) {
      await migrate(definition, fresh.urls[definition.name]!);
      const source = await asSystem(filled.urls[definition.name]!.app);
      const target = await asSystem(fresh.administratorUrl(definition.name));
      for (const table of await tablesInOrder(source)) {
        const file = join(freshDir, `${definition.name}.${table}`);
        // A generated column can be written by nobody, not even by COPY.
        const columns = await columnsOf(source, table);
        await pipeline(source.query(copyTo(`copy (select ${columns} from ${table}) to stdout`)), createWriteStream(file));
        const { rows: seeded } = await target.query(`select 1 from ${table} limit 1`); // what migrations put in
        if (seeded.length) await target.query(`delete from ${table}`);
        const started = performance.now();
        await pipeline(createReadStream(file), target.query(copyFrom(`copy ${table} (${columns}) from stdin`)));
        seconds += (performance.now() - started) / 1000;
        rmSync(file);
      }
      await source.end();
      await target.end();
    }
  } finally {
    await filled.stop();
    await fresh.stop();
    rmSync(freshDir, { recursive: true, force: true });
  }
  return seconds;
}

async function asSystem(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // when something failed and the servers are stopped; the failure itself is told
  await client.connect();
  await client.query(
    `select set_config('rollbook.district', 'on', false), set_config('rollbook.subject', '00000000-0000-8000-8000-000000000000', false)`,
  );
  return client;
}

async function columnsOf(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ columns: string }>(
    `select string_agg(quote_ident(column_name), ', ' order by ordinal_position) as columns from information_schema.columns
      where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
    [table],
  );
  return rows[0]!.columns;
}

/** Tables that a migration filled or an import; what others point to comes first. */
async function tablesInOrder(client: pg.Client): Promise<string[]> {
  const { rows: tables } = await client.query<{ name: string; needs: string[] }>(
    `select c.relname as name, array(select f.confrelid::regclass::text from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as needs
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r' and c.relname <> all($1) order by 1`,
    [internal],
  );
  const ordered: string[] = [];
  const visit = (name: string) => {
    if (ordered.includes(name)) return;
    tables.find((table) => table.name === name)?.needs.forEach(visit);
    ordered.push(name);
  };
  tables.forEach((table) => visit(table.name));
  return ordered.filter((name) => tables.some((table) => table.name === name));
}
