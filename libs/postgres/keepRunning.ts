import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fullDisk, giveReserve, hasRoom, keepReserve } from './reserve.ts';

/** Starts PostgreSQL with these settings; `hear` is told each line of its log. Rejects when it does not come up. */
type Launch = (settings: Readonly<Record<string, string>>, hear: (line: string) => void) => Promise<ChildProcess>;

export interface Running {
  readonly pid: number;
  stop(): Promise<void>;
}

/** On a full disk: what is there can be read, nothing can be saved, and the log of what was saved keeps to the reserve. */
const readsOnly = { default_transaction_read_only: 'on', max_wal_size: '32MB', min_wal_size: '32MB' };
const firstDelayMs = 1_000;
const longestDelayMs = 30_000;
/** After so long without an accident the next one counts as the first. */
const calmMs = 60_000;
const lookForRoomMs = 2_000;

/**
 * Keeps PostgreSQL running until it is stopped: when it ends by itself it is started again, after 1 to 30 seconds. When its disk is full it is
 * started on the reserve, for reading only, until there is room again.
 *
 * @param tell hears, in sentences for an operator, what goes wrong and what to do
 */
export async function keepRunning(dir: string, launch: Launch, tell: (sentence: string) => void): Promise<Running> {
  const stopping = new AbortController();
  let full = false;
  let readOnly = false;
  let lastWords = '';
  let server: ChildProcess | null = await launch({}, hear);
  const looking = setInterval(lookForRoom, lookForRoomMs).unref();
  const kept = keep();

  function hear(line: string): void {
    // What comes after a PANIC only tells that there was one.
    if (!lastWords.startsWith('PANIC')) lastWords = /(?:PANIC|FATAL): .*/.exec(line)?.[0] ?? lastWords;
    if (/No space left on device|Disk quota exceeded/.test(line)) tellFull();
  }

  function tellFull(): void {
    if (!full) tell(`${fullDisk(dir)} Until then nothing can be saved; imports that stopped are run again afterwards.`);
    full = true;
  }

  function lookForRoom(): void {
    if (!full || !hasRoom(dir)) return;
    full = false;
    tell(`There is room again on the disk that holds ${dir}.`);
    if (readOnly) server?.kill('SIGINT'); // it comes back, for saving too
  }

  async function keep(): Promise<void> {
    for (let delayMs = firstDelayMs; ;) {
      const from = Date.now();
      if (server) await ended(server);
      if (stopping.signal.aborted) return;
      if (Date.now() - from > calmMs) delayMs = firstDelayMs;
      const wasAsked = readOnly && !full;
      if (!wasAsked) {
        if (server) tell(`PostgreSQL ended by itself (${lastWords || 'it did not say why'}). It is started again.`);
        await pause(delayMs, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);
        delayMs = Math.min(delayMs * 2, longestDelayMs);
      }
      server = null;
      if (!stopping.signal.aborted) server = await again();
    }
  }

  async function again(): Promise<ChildProcess | null> {
    lastWords = '';
    readOnly = !hasRoom(dir) || !keepReserve(dir);
    if (readOnly) {
      tellFull();
      giveReserve(dir);
    }
    try {
      return await launch(readOnly ? readsOnly : {}, hear);
    } catch (error) {
      tell(lastWords ? `PostgreSQL cannot start (${lastWords}). It is tried again.` : (error as Error).message);
      return null;
    }
  }

  return {
    get pid() {
      return server && !hasEnded(server) ? server.pid! : 0;
    },
    stop: async () => {
      stopping.abort();
      clearInterval(looking);
      if (server) await endProcess(server);
      await kept;
      if (server) await endProcess(server); // it was just being started
    },
  };
}

const hasEnded = (server: ChildProcess) => server.exitCode !== null || server.signalCode !== null;

async function ended(server: ChildProcess): Promise<void> {
  if (!hasEnded(server)) await once(server, 'exit');
}

async function endProcess(server: ChildProcess): Promise<void> {
  if (hasEnded(server)) return;
  server.ref();
  server.kill('SIGINT');
  await ended(server);
}
