import { Refused } from '@rollbook/school';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Waiter } from './listen.ts';

/**
 * What goes first when there is more work than the machine can do: what somebody typed (SAVE), then a screen that somebody waits for
 * (SCREEN), then lists, searches and families (LIST), then imports, exports and reports (BULK).
 */
export const priorities = ['SAVE', 'SCREEN', 'LIST', 'BULK'] as const;
export type Priority = (typeof priorities)[number];

interface Rule {
  /** The part of the whole limit that work of this class may find taken and still begin. */
  readonly share: number;
  /** How long it waits for its turn before it is refused. */
  readonly longestWaitMs: number;
  /** How long it may take in all: nobody waits for an answer after that. */
  readonly deadlineMs: number;
  /** While there is work of a higher class, and the event loop's delay (mean of the last 100 ms) is above this, it is refused at once. */
  readonly longestDelayMs: number;
}

export const rules: Readonly<Record<Priority, Rule>> = {
  SAVE: { share: 1, longestWaitMs: 1_500, deadlineMs: 10_000, longestDelayMs: Infinity },
  SCREEN: { share: 0.8, longestWaitMs: 400, deadlineMs: 10_000, longestDelayMs: 400 },
  LIST: { share: 0.5, longestWaitMs: 200, deadlineMs: 10_000, longestDelayMs: 150 },
  BULK: { share: 0.2, longestWaitMs: 100, deadlineMs: 30_000, longestDelayMs: 75 },
};

/** A refusal that costs next to nothing, for now: nothing was begun, and it may be sent again after `retryAfterMs`. */
export class Overloaded extends Refused {
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('OVERLOADED', 'There is more to do than this machine can do at the moment. Nothing was begun; it is safe to send this again.', {
      retryAfterMs,
    });
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Work {
  readonly priority: Priority;
  /** How long somebody still waits for the answer, when less than the class's own deadline. */
  readonly timeLeftMs?: number;
  /** What has not begun when whoever asked has gone never does. */
  readonly waiter?: Waiter;
}

export interface Admission {
  /**
   * Does a piece of work when it is its turn, and answers what it answers.
   * Rejects with Overloaded when its turn did not come in time, with Gone when nobody waits for it any more; then it was never begun.
   */
  run<T>(work: Work, begin: () => Promise<T>): Promise<T>;
  /** How many pieces are being done, and how many of each class were begun and refused so far. */
  readonly counts: Readonly<{ running: number; begun: Record<Priority, number>; refused: Record<Priority, number> }>;
  close(): void;
}

/** Whoever asked has gone; there is nobody to tell. */
export class Gone extends Error {}

/** For how long after work of a higher class began lower ones must not be in its way. */
const lateMs = 1_000;

interface Waiting {
  readonly priority: Priority;
  readonly untilMs: number;
  readonly waiter: Waiter | undefined;
  begin(): void;
  refuse(error: Error): void;
}

/** As many as the pools of connections of a service, those for reads and those for writes, keep busy with a few that compute. */
export const defaultLimit = 20;

export interface AdmissionOptions {
  /** How many pieces of work at once; Infinity: everything begins when it comes. `defaultLimit` unless given. */
  readonly limit?: number | undefined;
  readonly random?: () => number;
  /** The event loop's mean delay of late, in milliseconds; measured unless given. */
  readonly delayMs?: () => number;
}

/**
 * Bounded work with priorities. What arrives is put in a queue at once and taken out one piece per turn of the event loop, the highest
 * class first: work that was begun on arrival would queue in the kernel's sockets, where nothing can see it or choose.
 */
export function openAdmission({ limit = defaultLimit, random = Math.random, ...options }: AdmissionOptions): Admission {
  const queues = new Map(priorities.map((priority) => [priority, [] as Waiting[]]));
  const count = () => Object.fromEntries(priorities.map((priority) => [priority, 0])) as Record<Priority, number>;
  const counts = { running: 0, begun: count(), refused: count() };
  const lastBegunMs = priorities.map(() => -Infinity);
  const loop = options.delayMs ? undefined : measuredDelay();
  const delayMs = options.delayMs ?? loop!.ms;
  let turn: NodeJS.Immediate | undefined;

  const mayBegin = (priority: Priority) => counts.running < Math.max(1, Math.floor(limit * rules[priority].share));
  const isInTheWay = (priority: Priority) =>
    delayMs() > rules[priority].longestDelayMs &&
    lastBegunMs.some((atMs, i) => i < priorities.indexOf(priority) && performance.now() - atMs < lateMs);
  const overloaded = (priority: Priority) => {
    counts.refused[priority]++;
    // Spread out, so that those who were refused together do not come back together; the lower the class, the later.
    return new Overloaded(Math.round(500 * (1 + priorities.indexOf(priority)) * (0.5 + random())));
  };

  /** Takes out what waited too long or is not waited for; answers the first of the highest class that may begin. */
  function next(now: number): Waiting | undefined {
    for (const priority of priorities) {
      const queue = queues.get(priority)!;
      for (let first = queue[0]; first; first = queue[0]) {
        if (first.waiter?.hasGone()) first.refuse(new Gone('Whoever asked has gone.'));
        else if (now > first.untilMs) first.refuse(overloaded(priority));
        else if (mayBegin(priority)) return queue.shift();
        else break;
        queue.shift();
      }
    }
    return undefined;
  }

  function takeTurn(): void {
    turn = undefined;
    const work = next(performance.now());
    if (!work) return;
    work.begin();
    plan();
  }
  const plan = () => void (turn ??= setImmediate(takeTurn));

  // A queue in which nothing moves must still refuse in time.
  const watch = setInterval(() => [...queues.values()].some((queue) => queue.length) && plan(), 25);
  watch.unref();

  async function done<T>(priority: Priority, begin: () => Promise<T>): Promise<T> {
    counts.running++;
    counts.begun[priority]++;
    lastBegunMs[priorities.indexOf(priority)] = performance.now();
    try {
      return await begin();
    } finally {
      counts.running--;
      plan();
    }
  }

  return {
    counts,
    run: ({ priority, timeLeftMs = Infinity, waiter }, begin) => {
      if (limit === Infinity) return done(priority, begin);
      return new Promise((answered, refuse) => {
        if (isInTheWay(priority)) return refuse(overloaded(priority));
        queues.get(priority)!.push({
          ...{ priority, waiter, refuse },
          untilMs: performance.now() + Math.min(rules[priority].longestWaitMs, timeLeftMs),
          begin: () => void done(priority, begin).then(answered, refuse),
        });
        plan();
      });
    },
    close: () => {
      clearInterval(watch);
      if (turn) clearImmediate(turn);
      loop?.stop();
      for (const queue of queues.values()) for (const work of queue.splice(0)) work.refuse(overloaded(work.priority));
    },
  };
}

const resolutionMs = 10;

/** The event loop's mean delay over the last tenth of a second. */
function measuredDelay(): { ms(): number; stop(): void } {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let ms = 0;
  let seen = { samples: 0, sum: 0 };
  const timer = setInterval(() => {
    // Never reset: that forgets when the last sample was, and so, of a loop that is late by more than this interval, every delay.
    const { count: samples, mean } = histogram;
    const sum = samples ? samples * mean : 0;
    // A sample is the time since the one before, which is the resolution when nothing is late.
    if (samples > seen.samples) ms = Math.max(0, (sum - seen.sum) / (samples - seen.samples) / 1e6 - resolutionMs);
    seen = { samples, sum };
  }, 100);
  timer.unref();
  return {
    ms: () => ms,
    stop: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
