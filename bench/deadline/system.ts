/** `npm start` on a data directory, in processes of its own, over a PostgreSQL that outlives it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { childrenOf } from '../machine.ts';

export interface System {
  readonly url: string;
  /** The processes that serve: the workers, or the one process there is. */
  readonly pids: () => number[];
  readonly pid: number;
  /** As when the machine's power goes: every process of it at once. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

const start = createRequire(import.meta.url).resolve('@rollbook/district/start.ts');

/** Starts it and waits until it says that it is ready. `cpuProfiles`: a folder for a profile of each process. */
export async function openSystem(dir: string, workers: number, postgresUrl: string, cpuProfiles?: string): Promise<System> {
  const profile = cpuProfiles ? ['--cpu-prof', `--cpu-prof-dir=${cpuProfiles}`] : [];
  const child = spawn(process.execPath, [...profile, start, '--port', '0', '--data', dir, '--empty', '--workers', String(workers)], {
    env: { ...process.env, ROLLBOOK_POSTGRES_URL: postgresUrl, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await ready(child);
  const pid = child.pid!;
  return {
    pid,
    url: readFileSync(join(dir, 'address'), 'utf8'),
    pids: () => (workers === 1 ? [pid] : childrenOf(pid)),
    kill: async () => {
      const ended = once(child, 'exit');
      for (const one of [pid, ...childrenOf(pid)]) process.kill(one, 'SIGKILL');
      await ended;
    },
    close: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Rollbook ended with ${code} before it was ready: ${said}`);
  });
  while (!said.includes('is ready')) await Promise.race([once(child.stdout!, 'data'), ended]);
  ended.catch(() => undefined);
}
