import { spawnSync, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Server } from './databases.ts';
import { mischiefs, type Mischief, type Proxy } from './proxy.ts';
import { pick, randomFrom } from './random.ts';
import type { System } from './system.ts';

export type Fault =
  | Mischief
  | 'kill teachers'
  | 'stop teachers'
  | 'kill part'
  | 'stop part'
  | 'kill postgres'
  | 'stop postgres'
  | 'kill backend'
  | 'stop backend'
  | 'terminate backends'
  | 'hold a lock'
  | 'exhaust connections';

/** How often each happens, compared with the others: what takes the system away for seconds is rare. */
const weights: Readonly<Record<Fault, number>> = {
  ...(Object.fromEntries(mischiefs.map((mischief) => [mischief, 10])) as Record<Mischief, number>),
  ...{ 'kill teachers': 6, 'stop teachers': 4, 'kill part': 5, 'stop part': 6, 'terminate backends': 8, 'hold a lock': 5 },
  ...{ 'kill postgres': 2, 'stop postgres': 2, 'kill backend': 1, 'stop backend': 3, 'exhaust connections': 2 },
};
export const allFaults = Object.keys(weights) as Fault[];

export interface Planned {
  readonly fault: Fault;
  readonly atMs: number;
  /** From 0 to 1: which one, how long. */
  readonly chance: readonly [number, number];
}

const everyMs = 450;

/** A schedule: each kind of fault once, if there is time, and then by weight. */
export function plannedFaults(seed: number, seconds: number, of: readonly Fault[] = allFaults): Planned[] {
  const random = randomFrom(seed);
  const once = of.map((fault) => [random(), fault] as const).toSorted(([a], [b]) => a - b);
  const urn = of.flatMap((fault) => Array.from({ length: weights[fault] }, () => fault));
  const count = Math.floor((seconds * 1000) / everyMs);
  return Array.from({ length: count }, (_, n) => ({
    fault: once[n]?.[1] ?? pick(random, urn),
    atMs: (n + random()) * everyMs,
    chance: [random(), random()],
  }));
}

export interface Targets {
  readonly system: System;
  readonly server: Server;
  readonly proxy: Proxy;
  /** The programs in which teachers work. */
  readonly classrooms: { readonly children: () => readonly ChildProcess[]; killAndRestart(n: number): Promise<void> };
}

/** Makes a schedule come true. Resolves when the last fault is over and all that was killed or stopped runs again; answers what was done. */
export async function torment(
  plan: readonly Planned[],
  targets: Targets,
  signal: AbortSignal,
  told: (done: number) => void,
): Promise<Fault[]> {
  const from = performance.now();
  const done: Fault[] = [];
  const underWay: Promise<void>[] = [];
  for (const planned of plan) {
    await pause(Math.max(0, from + planned.atMs - performance.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    // A fault that finds nothing to harm (PostgreSQL is just away) was none.
    const over = happen(planned, targets).then((was) => {
      if (was) told(done.push(planned.fault));
    });
    underWay.push(over.catch(() => undefined));
  }
  await Promise.all(underWay);
  return done;
}

async function happen({ fault, chance: [which, long] }: Planned, targets: Targets): Promise<boolean> {
  const { system, server, proxy, classrooms } = targets;
  const one = <T>(of: readonly T[]): T | undefined => of[Math.floor(which * of.length)];
  if ((mischiefs as readonly string[]).includes(fault)) {
    proxy.arm(fault as Mischief, 1 + Math.floor(which * 4), long);
    return true;
  }
  switch (fault) {
    case 'kill teachers':
      await classrooms.killAndRestart(Math.floor(which * classrooms.children().length));
      return true;
    case 'stop teachers':
      return stopped([one(classrooms.children())?.pid], 300 + long * 2_000);
    case 'kill part': {
      const part = one(system.parts)!;
      if (!system.pidOf(part)) return false;
      await system.killAndRestart(part);
      return true;
    }
    case 'stop part':
      return stopped([system.pidOf(one(system.parts)!)], 200 + long * 2_000);
    case 'kill postgres':
      return killPostgres(server);
    case 'stop postgres':
      return stopped(server.pid ? [server.pid, ...childrenOf(server.pid).map(({ pid }) => pid)] : [], 200 + long * 1_300);
    case 'kill backend': {
      const backend = one(backendsOf(server));
      return backend ? killPostgres(server, [backend]) : false;
    }
    case 'stop backend':
      return stopped([one(backendsOf(server))], 200 + long * 2_000);
    case 'terminate backends':
      return terminateBackends(server, 1 + Math.floor(which * 4));
    case 'hold a lock':
      return holdLock(server, one(lockable)!, 1_000 + long * 2_000);
    case 'exhaust connections':
      return exhaust(server, 300 + long * 1_200);
    default:
      throw new Error(`Nobody knows how to ${fault}.`);
  }
}

/** Answers whether it was there to be sent the signal. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // it has ended by itself
  }
}

async function stopped(pids: readonly (number | undefined)[], ms: number): Promise<boolean> {
  const there = pids.filter((pid) => pid !== undefined && send(pid, 'SIGSTOP')) as number[];
  await pause(ms);
  for (const pid of there) send(pid, 'SIGCONT');
  return there.length > 0;
}

interface Listed {
  readonly pid: number;
  readonly args: string;
}

function childrenOf(parent: number): Listed[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, ppid, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(ppid) === parent ? [{ pid: Number(pid), args: args! }] : [];
  });
}

/** Those that serve a connection of a service: "postgres: role database address state". */
const backendsOf = ({ pid }: Server) =>
  pid ? childrenOf(pid).flatMap((child) => (/: rollbook_\w+ rollbook_/.test(child.args) ? [child.pid] : [])) : [];

/**
 * Kills PostgreSQL, and starts it again. Whole (without `victims`), the writer of its log is stopped a moment before, so that what was
 * committed and not yet written is lost, if there is such a thing. When a backend is killed, the server ends itself.
 */
async function killPostgres(server: Server, victims?: readonly number[]): Promise<boolean> {
  const { pid } = server;
  if (!pid) return false;
  if (victims) for (const victim of victims) send(victim, 'SIGKILL');
  else {
    for (const child of childrenOf(pid)) if (child.args.includes('walwriter')) send(child.pid, 'SIGSTOP');
    await pause(400);
    const children = childrenOf(pid);
    send(pid, 'SIGKILL');
    for (const child of children) send(child.pid, 'SIGKILL');
  }
  for (let n = 0; n < 100 && server.pid === pid; n++) await pause(50);
  for (;;) {
    try {
      await server.startAgain();
      return true;
    } catch {
      await pause(300); // the last of its processes are just ending
    }
  }
}

async function terminateBackends({ ask }: Server, count: number): Promise<boolean> {
  const gone = await ask(
    'postgres',
    `select pg_terminate_backend(pid) from pg_stat_activity where datname like 'rollbook%' order by (state <> 'idle') desc, random() limit $1`,
    [count],
  );
  return gone.length > 0;
}

const lockable = [
  'grading mark',
  'grading score',
  'grading save',
  'attendance roll',
  'attendance roll_save',
  'scheduling section_enrollment',
];

async function holdLock({ ask }: Server, what: string, ms: number): Promise<boolean> {
  const [service, table] = what.split(' ') as [string, string];
  // Several statements in one message are one transaction.
  await ask(
    service,
    `set local lock_timeout = '5s'; lock table ${table} in access exclusive mode; select pg_sleep(${(ms / 1000).toFixed(2)})`,
  );
  return true;
}

/** Takes every connection that is free, for a moment. */
async function exhaust(server: Server, ms: number): Promise<boolean> {
  const taken: pg.Client[] = [];
  try {
    for (let n = 0; n < 250; n++) {
      const client = new pg.Client({ connectionString: server.url('postgres') });
      client.on('error', () => undefined); // PostgreSQL may be killed meanwhile
      await client.connect();
      taken.push(client);
    }
    return false;
  } catch {
    await pause(ms);
    return taken.length > 0;
  } finally {
    await Promise.allSettled(taken.map((client) => client.end()));
  }
}
