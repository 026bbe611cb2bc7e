/** Work that arrives by the clock, whether or not what came before is answered, and what became of it. */
import type { Random } from '@rollbook/district/demo/random.ts';
import type { Operation } from './classes.ts';
import { inTimeMs, isSave, type Kind } from './model.ts';

/** What one sending came to. `unreachable`: nobody answered, so that it may have been done or not. */
export type Sent =
  | { readonly outcome: 'answered'; readonly data: unknown }
  | { readonly outcome: 'shed'; readonly retryAfterMs: number }
  | { readonly outcome: 'unreachable' }
  | { readonly outcome: 'failed'; readonly why: string };

/** What became of all of one kind: offered = inTime + late + shed + failed. */
export interface Tally {
  offered: number;
  /** Answered within two seconds of their arrival. */
  inTime: number;
  late: number;
  /** Refused for now, and not answered after that. */
  shed: number;
  failed: number;
  /** How many refusals for now there were, also of what was answered in the end. */
  refusals: number;
  /** From arrival by schedule to the answer, of all that were answered. */
  readonly latenciesMs: number[];
}

export interface Evening {
  readonly tallies: Readonly<Partial<Record<Kind, Tally>>>;
  /** The first few things that went wrong, in words. */
  readonly faults: readonly string[];
  /** Answers by the time of their arrival: [arrived, answered], milliseconds after the first. */
  readonly saves: readonly (readonly [arrivedMs: number, answeredMs: number])[];
}

export interface EveningOptions {
  readonly perSecond: Readonly<Partial<Record<Kind, number>>>;
  readonly seconds: number;
  /** How long after the last arrival answers are waited for. */
  readonly graceSeconds: number;
  readonly random: Random;
  readonly make: (kind: Kind) => Operation;
  readonly send: (operation: Operation) => Promise<Sent>;
  /** Resolves when whoever could not be reached can be tried again. */
  readonly back?: () => Promise<void>;
}

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Arrival times in milliseconds: a Poisson process of so many a second. */
export function poisson(perSecond: number, seconds: number, random: Random): number[] {
  const times: number[] = [];
  for (let at = 0; ; times.push(at)) {
    at -= (Math.log(1 - random.unit()) / perSecond) * 1000;
    if (at >= seconds * 1000) return times;
  }
}

/** One piece of work that has no answer yet. */
interface Open {
  readonly tally: Tally;
  readonly atMs: number;
  wasShed: boolean;
}

/** Sends what arrives when it arrives, retries saves as the client library does, and counts. */
export async function evening(options: EveningOptions): Promise<Evening> {
  const { perSecond, seconds, graceSeconds, random, make, send, back = () => sleep(500) } = options;
  const schedule = (Object.entries(perSecond) as [Kind, number][])
    .filter(([, rate]) => rate > 0)
    .flatMap(([kind, rate]) => poisson(rate, seconds, random).map((atMs) => ({ kind, atMs })))
    .sort((a, b) => a.atMs - b.atMs);
  const tallies: Partial<Record<Kind, Tally>> = {};
  const faults: string[] = [];
  const saves: [number, number][] = [];
  const open = new Map<Open, Promise<void>>();
  const began = performance.now();
  let isOver = false;

  async function answerTo(operation: Operation, work: Open): Promise<'answered' | 'shed' | 'failed'> {
    for (;;) {
      const sent = await send(operation);
      if (isOver) return 'failed'; // counted already
      if (sent.outcome === 'answered') {
        const fault = operation.settle(sent.data);
        if (fault) faults.push(fault);
        return fault ? 'failed' : 'answered';
      }
      if (sent.outcome === 'failed') faults.push(`${operation.kind}: ${sent.why}`);
      if (sent.outcome === 'shed') {
        work.tally.refusals++;
        work.wasShed = true;
      }
      // A reader sees that it did not work; what was typed is sent until it is answered.
      if (!isSave(operation.kind) || sent.outcome === 'failed') return sent.outcome === 'shed' ? 'shed' : 'failed';
      await (sent.outcome === 'shed' ? sleep(sent.retryAfterMs) : back());
    }
  }

  async function carryOut(kind: Kind, work: Open): Promise<void> {
    const { tally, atMs } = work;
    tally.offered++;
    const outcome = await answerTo(make(kind), work);
    if (isOver) return;
    open.delete(work);
    const tookMs = performance.now() - began - atMs;
    if (outcome !== 'answered') return void tally[outcome]++;
    tally[tookMs <= inTimeMs ? 'inTime' : 'late']++;
    tally.latenciesMs.push(tookMs);
    if (isSave(kind)) saves.push([atMs, atMs + tookMs]);
  }

  for (const { kind, atMs } of schedule) {
    const waitMs = atMs - (performance.now() - began);
    if (waitMs > 1) await sleep(waitMs);
    const tally = (tallies[kind] ??= { offered: 0, inTime: 0, late: 0, shed: 0, failed: 0, refusals: 0, latenciesMs: [] });
    const work: Open = { tally, atMs, wasShed: false };
    open.set(work, carryOut(kind, work));
  }
  await Promise.race([Promise.all(open.values()), sleep(graceSeconds * 1000)]);
  isOver = true;
  for (const { tally, atMs, wasShed } of open.keys()) {
    tally[wasShed ? 'shed' : 'failed']++;
    tally.latenciesMs.push(performance.now() - began - atMs); // at least
  }
  return { tallies, faults: faults.slice(0, 5), saves };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}
