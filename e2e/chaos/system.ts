import { openDistrictProcesses } from '@rollbook/district/processes.ts';
import { freePort } from '@rollbook/postgres/embedded.ts';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export type Topology = 'one' | 'five';

/** A Wednesday in November, at ten in the morning in Los Angeles. */
export const today = '2026-11-18';
export const startsAt = `${today}T18:00:00Z`;

/** The system while it is tormented: parts that may be killed, and come back at their old address. */
export interface System {
  readonly port: number;
  readonly parts: readonly string[];
  /** Of a part that runs; undefined while it is being started. */
  pidOf(part: string): number | undefined;
  /** SIGKILL; resolves when the part runs again. */
  killAndRestart(part: string): Promise<void>;
  /** Parts that ended though nobody had killed them, or did not come up. */
  readonly failed: readonly string[];
  close(): Promise<void>;
}

/**
 * A program that the kernel ends when this one ends, however that happens; a stopped one could not see its parent go.
 *
 * @param args what its `process.argv` begins with, after the file
 */
export function forkTied(file: string, args: readonly string[] = []): ChildProcess {
  const tied =
    process.platform === 'linux' ? { execPath: 'setpriv', execArgv: ['--pdeathsig', 'KILL', process.execPath] } : { execArgv: [] };
  return fork(join(import.meta.dirname, file), args, { ...tied, env: process.env });
}

/** A system that is not there by then does not come. */
const startWithinMs = 30_000;

export const isRunning = (child: ChildProcess | undefined): child is ChildProcess =>
  child !== undefined && child.exitCode === null && child.signalCode === null;

export async function killed(child: ChildProcess | undefined): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** The district of a directory whose databases are in the server at ROLLBOOK_POSTGRES_URL. */
export const openSystem = (topology: Topology, dir: string): Promise<System> => (topology === 'one' ? openOne(dir) : openFive(dir));

async function openOne(dir: string): Promise<System> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    const starting = (child = forkTied('district.ts', [dir, startsAt, String(port)]));
    const told = await Promise.race([once(starting, 'message'), once(starting, 'exit').then(() => null)]);
    if (!told) throw new Error('The district ended before it was ready; what it said is above.');
    return starting;
  };
  await start();
  const close = () => killed(child);
  return watched({ port, parts: ['district'], childOf: () => child, restart: async () => void (await start()), close });
}

async function openFive(dir: string): Promise<System> {
  const port = await freePort();
  const district = await openDistrictProcesses({ dir, port, logLevel: 'silent', rehearsalNow: startsAt });
  return watched({
    port,
    parts: Object.keys(district.processes),
    childOf: (part) => district.processes[part],
    restart: (part) => district.restart(part),
    close: () => district.close(),
  });
}

interface Parts {
  readonly port: number;
  readonly parts: readonly string[];
  readonly childOf: (part: string) => ChildProcess | undefined;
  readonly restart: (part: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts again what has ended, until it can: while PostgreSQL is away, a service cannot. */
function watched({ port, parts, childOf, restart, close }: Parts): System {
  const down = new Map<string, Promise<void>>();
  const failed: string[] = [];
  let closing = false;

  async function again(part: string): Promise<void> {
    while (!closing) {
      const started = restart(part).then(
        () => true,
        () => false,
      ); // why not, the part itself tells on standard error
      const late = new AbortController();
      const outcome = await Promise.race([started, pause(startWithinMs, 'late', { signal: late.signal }).catch(() => 'late')]);
      late.abort();
      if (outcome === true) return watch(part);
      if (outcome === 'late' && !closing) {
        failed.push(`${part} did not come up within ${startWithinMs / 1000} s`);
        await killed(childOf(part));
      }
      await started;
      await pause(200);
    }
  }

  function watch(part: string): void {
    const child = childOf(part)!;
    const back = () => {
      if (closing) return;
      if (child.signalCode !== 'SIGKILL') failed.push(`${part} ended by itself (${child.signalCode ?? child.exitCode})`);
      down.set(
        part,
        again(part).finally(() => down.delete(part)),
      );
    };
    if (isRunning(child)) child.once('exit', back);
    else back();
  }

  for (const part of parts) watch(part);
  return {
    port,
    parts,
    failed,
    pidOf: (part) => (!down.has(part) && isRunning(childOf(part)) ? childOf(part)!.pid : undefined),
    async killAndRestart(part) {
      await killed(childOf(part));
      await down.get(part);
    },
    async close() {
      closing = true;
      const starting = [...down.values()];
      await close();
      await Promise.all(starting);
    },
  };
}
