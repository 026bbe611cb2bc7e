import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Assignment, Reported } from './worker.ts';

/** Several processes of the whole system behind one port, one for each core that is to work. */
export interface Workers {
  readonly url: string;
  readonly pids: () => number[];
  /** Each finishes what it has begun, and ends. */
  close(): Promise<void>;
}

const longestPauseMs = 10_000;

/**
 * Starts so many workers, and a new one for each that ends by itself: at once the first time, then after a pause that doubles, until one
 * has worked for a while.
 * Rejects when one does not start.
 */
export async function openWorkers(count: number, assignment: Assignment): Promise<Workers> {
  cluster.setupPrimary({ exec: join(import.meta.dirname, 'worker.ts'), silent: false });
  const workers = new Set<Worker>();
  const state = { isEnding: false, pauseMs: 0 };

  async function start(): Promise<string> {
    const worker = cluster.fork();
    workers.add(worker);
    worker.once('exit', () => workers.delete(worker));
    worker.send(assignment);
    const [told] = (await Promise.race([
      once(worker, 'message'),
      once(worker, 'exit').then(() => [{ trouble: 'a worker ended before it was ready; what it said is above' }]),
    ])) as [Reported];
    if ('trouble' in told) throw new Error(told.trouble);
    const readyAtMs = performance.now();
    // Before it was ready, its end was the end of the start.
    worker.once('exit', (code, signal) => {
      if (state.isEnding) return;
      if (performance.now() - readyAtMs > longestPauseMs) state.pauseMs = 0; // it worked for a while: this is a new trouble
      replace(`${signal ?? `code ${code}`}`);
    });
    return told.url;
  }

  function replace(why: string): void {
    console.error(`A worker ended (${why}). Another one takes its place.`);
    setTimeout(() => {
      if (!state.isEnding) start().catch((error: Error) => replace(error.message));
    }, state.pauseMs).unref();
    state.pauseMs = Math.min(Math.max(state.pauseMs * 2, 250), longestPauseMs);
  }

  async function close(): Promise<void> {
    state.isEnding = true;
    await Promise.all(
      [...workers].map(async (worker) => {
        const ended = once(worker, 'exit');
        worker.process.kill('SIGTERM');
        await ended;
      }),
    );
  }

  try {
    const urls = await Promise.all(Array.from({ length: count }, start));
    return { url: urls[0]!, pids: () => [...workers].map((worker) => worker.process.pid!), close };
  } catch (error) {
    await close();
    throw error;
  }
}
