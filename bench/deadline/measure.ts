/**
 * The evening of the grading deadline in a district the size of Los Angeles': what the system keeps up with on this machine, how long it
 * needs after an outage, and what it takes of PostgreSQL's own speed. The people are a process of their own, over HTTP on loopback; what
 * arrives, arrives by the clock. The system is `npm start -- --workers N`, over a PostgreSQL that this process has started.
 *
 *   npm run bench -- deadline [--seconds 20] [--multiples 1,1.5,3] [--students 20000] [--workers 4] [--seed 1] [--data <dir>]
 *                             [--beside bulk] [--only load,largest,outage,ratio] [--rounds 5] [--profile <dir>]
 */
import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabases } from '@rollbook/district/databases.ts';
import { services } from '@rollbook/district/services.ts';
import pg from 'pg';
import { busyMs, cpuMsOf, cpuMsOfFamily, median } from '../machine.ts';
import { copyMarks, dropMarks } from './callers.ts';
import { percentile } from './arrivals.ts';
import type { Answers, Described, Questions, Row } from './generator.ts';
import { openSystem, type System } from './system.ts';

const cells = 30;
const callers = 64;
const holdsMs = 500;

interface Options {
  readonly seconds: number;
  readonly multiples: readonly number[];
  readonly students: number;
  readonly workers: number;
  readonly seed: number;
  readonly rounds: number;
  readonly data: string | undefined;
  readonly parts: readonly string[];
  readonly profile: string | undefined;
}

function optionsOf(args: string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      ...{ seconds: { ...text, default: '20' }, multiples: { ...text, default: '1,1.5,3' }, students: { ...text, default: '20000' } },
      ...{
        workers: { ...text, default: String(availableParallelism()) },
        seed: { ...text, default: '1' },
        rounds: { ...text, default: '5' },
      },
      ...{ data: text, beside: text, only: { ...text, default: 'load,largest,outage,ratio' }, profile: text },
    },
  });
  if (values.beside !== undefined && values.beside !== 'bulk') throw new Error(`Beside what? Only "bulk", not "${values.beside}".`);
  const [seconds, students, workers, seed, rounds] = (['seconds', 'students', 'workers', 'seed', 'rounds'] as const).map((name) => {
    const number = Number(values[name]);
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} must be a whole number from 1, not "${values[name]}".`);
    return number;
  }) as [number, number, number, number, number];
  const multiples = values.multiples.split(',').map(Number);
  if (!multiples.every((multiple) => multiple > 0)) throw new Error(`--multiples must be positive numbers, not "${values.multiples}".`);
  const parts = values.beside ? ['bulk'] : values.only.split(',');
  return { seconds, students, workers, seed, rounds, multiples, parts, data: values.data, profile: values.profile };
}

export async function measure(args: string[]): Promise<Record<string, unknown>> {
  const options = optionsOf(args);
  const dir = options.data ? resolve(options.data) : mkdtempSync(join(tmpdir(), 'rollbook-bench-'));
  const size = prepare(dir, options);
  const databases = await openDatabases(dir, {
    max_connections: String(100 + 100 * options.workers),
    ...(options.profile && { shared_preload_libraries: 'pg_stat_statements' }),
  });
  try {
    return { ...size, ...(await new Evenings(dir, databases.administratorUrl, options).run()) };
  } finally {
    await databases.stop();
    if (!options.data) rmSync(dir, { recursive: true, force: true });
  }
}

/** The district, made unless the directory has one. */
function prepare(dir: string, { students, seed }: Options): { students: number; seed: number } {
  const note = join(dir, 'deadline.json');
  if (!existsSync(note)) {
    console.log(`Preparing a district of ${students} students in ${dir}; --data keeps one for the next time ...`);
    const made = spawnSync(process.execPath, [join(import.meta.dirname, 'prepare.ts'), dir, String(students), String(seed)], {
      stdio: 'inherit',
    });
    if (made.status !== 0) throw new Error('The district was not made; what it said is above.');
  }
  return JSON.parse(readFileSync(note, 'utf8')) as { students: number; seed: number };
}

/** Cores that somebody kept busy, on average over a run. */
export interface Cores {
  readonly workers: number;
  readonly busiestWorker: number;
  readonly postgres: number;
  readonly generator: number;
  /** Whatever else ran on the machine. */
  readonly others: number;
}

interface Loaded extends Omit<Answers['load'], 'faults'> {
  readonly multiple: number;
  readonly cores: Cores;
}

class Evenings {
  readonly #dir: string;
  readonly #urlOf: (service: string) => string;
  readonly #options: Options;
  #system!: System;
  #generator!: ChildProcess;
  readonly #postgres: number;

  constructor(dir: string, urlOf: (service: string) => string, options: Options) {
    this.#dir = dir;
    this.#urlOf = urlOf;
    this.#options = options;
    this.#postgres = Number(readFileSync(join(dir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  async run(): Promise<Record<string, unknown>> {
    const { workers, parts, seed } = this.#options;
    // What a server that has been up for a day has done by itself; a new one would do it in the middle of the measurement.
    for (const { name } of services) await this.#asAdministrator('vacuum (analyze)', name);
    this.#system = await this.#start();
    try {
      const urls = Object.fromEntries(services.map(({ name }) => [name, this.#urlOf(name)]));
      const described: Described = { dir: this.#dir, urls, seed };
      this.#generator = fork(join(import.meta.dirname, 'generator.ts'), [JSON.stringify(described)], { stdio: 'inherit' });
      const [{ ready }] = (await once(this.#generator, 'message')) as [{ ready: { classes: number; teachers: number } }];
      console.log(`${ready.classes} classes of ${ready.teachers} teachers; ${workers} workers. Warming up ...`);
      await this.#load(0.3, Math.min(8, this.#options.seconds));
      if (this.#options.profile)
        await this.#asAdministrator('create extension if not exists pg_stat_statements; select pg_stat_statements_reset()', 'postgres');
      return {
        ...{ workers, ...ready, ...(await this.#sizes()) },
        ...(parts.includes('ratio') ? await this.#ratio() : {}),
        ...(parts.includes('load') ? await this.#multiples(parts.includes('largest')) : {}),
        ...(parts.includes('outage') ? await this.#outage() : {}),
        ...(parts.includes('bulk') ? await this.#besideBulk() : {}),
        ...(this.#options.profile ? { statements: await this.#statements() } : {}),
      };
    } finally {
      this.#generator?.disconnect();
      await this.#system.close();
    }
  }

  #start(): Promise<System> {
    return openSystem(this.#dir, this.#options.workers, this.#urlOf('grading'), this.#options.profile);
  }

  async #ask<Q extends keyof Questions>(question: Q, asked: Questions[Q]): Promise<Answers[Q]> {
    this.#generator.send({ question, ...asked });
    const [told] = (await once(this.#generator, 'message')) as [{ figures: Answers[Q] } | { trouble: string }];
    if ('trouble' in told) throw new Error(told.trouble);
    return told.figures;
  }

  async #asAdministrator(sql: string, service = 'grading'): Promise<Record<string, number | string>[]> {
    const client = new pg.Client({ connectionString: service === 'postgres' ? serverOf(this.#urlOf('grading')) : this.#urlOf(service) });
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows as Record<string, number | string>[];
  }

  /** The statements that took PostgreSQL longest. */
  #statements() {
    return this.#asAdministrator(
      `select round(total_exec_time)::int as "totalMs", calls::int, round(mean_exec_time::numeric, 3)::float as "meanMs", left(query, 160) as statement
         from pg_stat_statements order by total_exec_time desc limit 15`,
      'postgres',
    );
  }

  async #sizes() {
    const [sizes] = await this.#asAdministrator(
      `select (select sum(pg_database_size(oid)) / 1048576 from pg_database)::int as "databaseMb",
              (select setting::int * 8 / 1024 from pg_settings where name = 'shared_buffers') as "sharedBuffersMb",
              (select count(*)::int from mark) as marks, (select count(*)::int from score) as scores`,
    );
    return sizes!;
  }

  /** What each has used since the last time. */
  #cpu() {
    const began = performance.now();
    const workers = this.#system.pids();
    const used = () => ({
      each: workers.map((pid) => cpuMsOf([pid])),
      postgres: cpuMsOfFamily(this.#postgres),
      generator: cpuMsOf([this.#generator.pid!]),
      all: busyMs(),
    });
    const before = used();
    return (): Cores => {
      const after = used();
      const ms = performance.now() - began;
      const cores = (value: number) => Number((Math.max(0, value) / ms).toFixed(2));
      const each = after.each.map((value, n) => value - before.each[n]!);
      const sum = each.reduce((total, value) => total + value, 0);
      const [postgres, generator] = [after.postgres - before.postgres, after.generator - before.generator];
      return {
        ...{ workers: cores(sum), busiestWorker: cores(Math.max(...each)), postgres: cores(postgres), generator: cores(generator) },
        others: cores(after.all - before.all - sum - postgres - generator),
      };
    };
  }

  async #load(multiple: number, seconds: number, more: Partial<Questions['load']> = {}): Promise<Loaded> {
    const cores = this.#cpu();
    const asked = { url: this.#system.url, seconds, multiple, graceSeconds: 10, ...more };
    const { faults, ...figures } = await this.#ask('load', asked);
    for (const fault of faults) console.log(`  ${fault}`);
    return { multiple, ...figures, cores: cores() };
  }

  async #multiples(withLargest: boolean) {
    const { multiples, seconds } = this.#options;
    const done: Loaded[] = [];
    for (const multiple of multiples) {
      done.push(await this.#load(multiple, seconds));
      show(done.at(-1)!);
    }
    return { multiples: done.map((one) => told(one, seconds)), ...(withLargest ? await this.#largest(done) : {}) };
  }

  /** The largest multiple that holds, between what held and what did not, by halving. */
  async #largest(done: readonly Loaded[]) {
    const runs = [...done];
    const held = () => Math.max(0, ...runs.filter(holds).map(({ multiple }) => multiple));
    const broke = () => Math.min(...runs.filter((run) => !holds(run)).map(({ multiple }) => multiple));
    const seconds = Math.min(8, this.#options.seconds);
    for (let n = 0; n < 8; n++) {
      const [low, high] = [held(), broke()];
      if (high <= low || high - low <= 0.08 * high) break;
      const multiple = Number((high === Infinity ? low * 1.5 : (low + high) / 2).toFixed(2));
      await new Promise((done) => setTimeout(done, 2_000)); // what the run before has left behind is written
      runs.push(await this.#load(multiple, seconds));
      show(runs.at(-1)!);
    }
    const limit = runs.filter((run) => !holds(run)).sort((a, b) => a.multiple - b.multiple)[0];
    return { largestMultiple: Math.min(held(), broke()), ...(limit ? { limitedBy: limitOf(limit), limitedByCores: limit.cores } : {}) };
  }

  /** Every process of the system ends at once, for ten seconds; what arrives meanwhile waits, and comes back all at once. */
  async #outage() {
    const { seconds } = this.#options;
    const multiple = 0.5;
    console.log(`Outage: killed after ${seconds} s at ${multiple}x, started again ten seconds later ...`);
    const before = await this.#load(multiple, seconds);
    const usualMs = Math.max(before.rows['saves']!.p99Ms, 50);
    const during = this.#ask('load', { url: this.#system.url, seconds: 60, multiple, graceSeconds: 30 });
    const began = performance.now();
    await new Promise((done) => setTimeout(done, 5_000));
    const killedMs = performance.now() - began;
    await this.#system.kill();
    await new Promise((done) => setTimeout(done, 10_000));
    const startedMs = performance.now() - began;
    this.#system = await this.#start();
    const backMs = performance.now() - began;
    this.#generator.send({ back: this.#system.url });
    const { rows, saves } = await during;
    const waiting = saves.filter(([arrived, answered]) => arrived < backMs && answered > killedMs && answered > arrived + 1_000);
    const drainedMs = Math.max(backMs, ...waiting.map(([, answered]) => answered));
    const normalMs = backToNormal(saves, backMs, usualMs * 1.5);
    const saved = rows['saves']!;
    console.log(`  ${JSON.stringify(saved)}`);
    return {
      outageMultiple: multiple,
      outageSeconds: Number(((startedMs - killedMs) / 1000).toFixed(1)),
      startSeconds: Number(((backMs - startedMs) / 1000).toFixed(1)),
      outageBacklog: waiting.length,
      backlogSavedSeconds: Number(((drainedMs - backMs) / 1000).toFixed(1)),
      drainSeconds: Number(((Math.max(drainedMs, normalMs) - backMs) / 1000).toFixed(1)),
      outageLost: saved.offered - saved.inTime - saved.late,
    };
  }

  /** Saves of thirty marks through everything, and as bare upserts in the same server, in turns. */
  async #ratio() {
    const { rounds } = this.#options;
    const seconds = Math.min(8, this.#options.seconds);
    const url = this.#urlOf('grading');
    await copyMarks(url);
    const figures: { through: number; bare: number; cores: Cores }[] = [];
    for (let round = 1; round <= rounds; round++) {
      const bare = Math.max(...[await this.#ask('bare', { seconds: seconds / 2, callers, cells, connections: callers }), await this.#ask('bare', { seconds: seconds / 2, callers, cells, connections: 16 })]); // prettier-ignore
      await new Promise((done) => setTimeout(done, 500)); // until the connections of the bare callers are gone
      const cores = this.#cpu();
      const through = await this.#ask('through', { url: this.#system.url, seconds, callers, cells });
      figures.push({ through, bare, cores: cores() });
      console.log(
        `round ${round}: ${through.toFixed(0)} saves/s through everything, ${bare.toFixed(0)} bare; ${JSON.stringify(figures.at(-1)!.cores)}`,
      );
    }
    await dropMarks(url);
    const middle = (of: (figure: (typeof figures)[number]) => number) => median(figures.map(of));
    return {
      ofRawPostgres: Number(middle(({ through, bare }) => through / bare).toFixed(3)),
      savesPerSecondOf30: Math.round(middle(({ through }) => through)),
      rawPerSecondOf30: Math.round(middle(({ bare }) => bare)),
      saturationCores: figures.at(-1)!.cores,
      workersCpuMsPerSaveOf30: Number(middle(({ through, cores }) => (cores.workers * 1000) / through).toFixed(2)),
      postgresCpuMsPerSaveOf30: Number(middle(({ through, cores }) => (cores.postgres * 1000) / through).toFixed(2)),
    };
  }

  /** Saves at the first multiple's rate, with and without imports and exports beside them, in turns. */
  async #besideBulk() {
    const { rounds, seconds } = this.#options;
    const multiple = this.#options.multiples[0]!;
    const ratios: number[] = [];
    const p99s: { without: number; beside: number }[] = [];
    for (let round = 1; round <= rounds; round++) {
      const without = (await this.#load(multiple, seconds)).rows['saves']!;
      const bulk = spawn(process.execPath, [join(import.meta.dirname, 'bulk.ts'), this.#dir, this.#system.url], { stdio: 'inherit' });
      await new Promise((done) => setTimeout(done, 3_000));
      const loaded = await this.#load(multiple, seconds);
      const beside = loaded.rows['saves']!;
      if (bulk.exitCode !== null) throw new Error('The bulk work ended by itself; what it said is above.');
      const ended = once(bulk, 'exit');
      bulk.kill('SIGKILL');
      await ended;
      await new Promise((done) => setTimeout(done, 8_000)); // what it left behind is followed up and written
      ratios.push(beside.p99Ms / without.p99Ms);
      p99s.push({ without: without.p99Ms, beside: beside.p99Ms });
      console.log(
        `round ${round}: save p99 ${without.p99Ms} ms, beside bulk ${beside.p99Ms} ms; refused ${beside.refusals}; ${JSON.stringify(loaded.cores)}`,
      );
    }
    return { besideMultiple: multiple, p99BesideBulk: Number(median(ratios).toFixed(2)), p99Rounds: p99s };
  }
}

/** The server's own database: an extension for measuring has no place in a service's. */
function serverOf(url: string): string {
  const server = new URL(url);
  server.pathname = '/postgres';
  return server.href;
}

/** Nothing refused, nothing failed, and a save answered within half a second. */
const holds = ({ rows }: Pick<Loaded, 'rows'>) =>
  ['saves', 'reads'].every((kind) => rows[kind]!.refusals + rows[kind]!.failed === 0) && rows['saves']!.p99Ms < holdsMs;

function told(loaded: Loaded, seconds: number) {
  const { multiple, rows, cores, saves: acknowledged } = loaded;
  const { saves, reads, ...kinds } = rows as Record<'saves' | 'reads' | string, Row>;
  return {
    ...{ multiple, held: holds(loaded) },
    ...{
      savesOffered: saves!.offered,
      savesInTime: saves!.inTime,
      savesShed: saves!.shed,
      savesLate: saves!.late,
      savesFailed: saves!.failed,
    },
    ...{ saveRefusals: saves!.refusals, saveP50Ms: saves!.p50Ms, saveP99Ms: saves!.p99Ms },
    // While they arrived, not what was caught up with afterwards.
    savesPerSecond: Math.round(acknowledged.filter(([, answeredMs]) => answeredMs <= seconds * 1000).length / seconds),
    ...{
      readsOffered: reads!.offered,
      readsInTime: reads!.inTime,
      readsShed: reads!.shed,
      readsLate: reads!.late,
      readsFailed: reads!.failed,
    },
    ...{ readP50Ms: reads!.p50Ms, readP99Ms: reads!.p99Ms, cores, kinds },
  };
}

function show({ multiple, rows, cores }: Loaded): void {
  console.log(`\n${multiple}x   offered  in time     late     shed   failed refusals   p50 ms   p99 ms`);
  for (const [kind, { offered, inTime, late, shed, failed, refusals, p50Ms, p99Ms }] of Object.entries(rows))
    console.log(
      `${kind.padEnd(7)}${[offered, inTime, late, shed, failed, refusals, p50Ms, p99Ms].map((value) => String(value).padStart(9)).join('')}`,
    );
  console.log(`cores: ${JSON.stringify(cores)}`);
}

/** What stood in the way: the machine's cores and who of the system used most of them, or a single worker's core. */
function limitOf({ cores }: Loaded): string {
  const { workers, busiestWorker, postgres, generator, others } = cores;
  const machine = availableParallelism();
  const total = workers + postgres + generator + others;
  if (total > 0.85 * machine) {
    const most = workers > postgres ? `the workers (${workers})` : `PostgreSQL (${postgres})`;
    return `CPU: all ${machine} cores are busy, of the system most with ${most}; other programs took ${others}`;
  }
  if (busiestWorker > 0.85) return 'CPU: one worker has a core to itself and needs more';
  return `not CPU: ${total.toFixed(1)} of ${machine} cores are busy`;
}

/** From when on every second's saves are again answered as fast as before. */
function backToNormal(saves: Answers['load']['saves'], fromMs: number, normalMs: number): number {
  const bySecond = Map.groupBy(
    saves.filter(([arrived]) => arrived >= fromMs),
    ([arrived]) => Math.floor((arrived - fromMs) / 1000),
  );
  const slow = [...bySecond].filter(([, ofSecond]) => percentile(ofSecond.map(([arrived, answered]) => answered - arrived), 0.95) > normalMs); // prettier-ignore
  return fromMs + 1000 * Math.max(0, ...slow.map(([second]) => second + 1));
}
