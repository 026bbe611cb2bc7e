import { afterAll } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A program of libs/district while it runs, and what it has printed so far. */
export interface Program {
  readonly child: ChildProcess;
  printed(): string;
  /** Its exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
  /** Resolves when it has printed this, or has ended without. */
  hasPrinted(text: string | RegExp): Promise<void>;
}

const running = new Set<ChildProcess>();

/** Runs `npm start` (start.ts) or `npm run import` (import.ts) as what they are. It ends with the test file, however that one ends. */
export function run(file: string, ...args: string[]): Program {
  const program = [process.execPath, join(import.meta.dirname, '..', 'libs', 'district', file), ...args];
  // Where the kernel can, it ends the program also when this process is killed.
  const [command, ...rest] = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL', ...program] : program;
  const child = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let printed = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      for (const listener of listeners) listener();
    });
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    }),
  );
  const hasPrinted = (text: string | RegExp) =>
    new Promise<void>((resolve) => {
      const look = () => void (new RegExp(text).test(printed) && resolve());
      listeners.add(look);
      void ended.then(() => resolve());
      look();
    });
  return { child, printed: () => printed, ended, hasPrinted };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const hurry = setTimeout(() => child.kill('SIGKILL'), 15_000);
  child.kill('SIGTERM');
  await once(child, 'exit');
  clearTimeout(hurry);
}

afterAll(() => Promise.all([...running].map(end)), 30_000);
