/** Refused without trying: the last tries failed, and the next one is due in `retryAfterMs`. */
export class CircuitOpen extends Error {
  readonly retryAfterMs: number;

  constructor(name: string, retryAfterMs: number) {
    super(`${name} did not answer the last times; it is tried again in ${retryAfterMs} ms.`);
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Breaker {
  /** Runs a call, or rejects with CircuitOpen without making it. */
  run<T>(call: () => Promise<T>): Promise<T>;
}

const failuresToOpen = 5;
const firstPauseMs = 500;
const longestPauseMs = 2_000;

/**
 * Stops asking somebody who does not answer: after five failures in a row calls are refused at once, for half a second, then one call
 * tries; while it fails the pause doubles, up to two seconds. So what is down costs its callers no wait, and is not met by all of them
 * when it comes back.
 *
 * @param isFailure whether an error means that nobody answered; what was answered, however unwelcome, is none
 */
export function openBreaker(name: string, isFailure: (error: unknown) => boolean, now: () => number = () => performance.now()): Breaker {
  let failures = 0;
  let pauseMs = firstPauseMs;
  let closedFromMs = 0;
  let trying = false;

  const failed = (wasTrial: boolean) => {
    failures++;
    // What was begun before it opened and fails now tells nothing new: only the fifth failure opens, and only a trial's prolongs.
    if (!wasTrial && failures !== failuresToOpen) return;
    closedFromMs = now() + pauseMs;
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  };
  const answered = () => {
    failures = 0;
    pauseMs = firstPauseMs;
  };
  return {
    async run(call) {
      const isOpen = failures >= failuresToOpen;
      const leftMs = closedFromMs - now();
      if (isOpen && (leftMs > 0 || trying)) throw new CircuitOpen(name, Math.max(Math.ceil(leftMs), 100));
      if (isOpen) trying = true;
      try {
        const answer = await call();
        answered();
        return answer;
      } catch (error) {
        if (isFailure(error)) failed(isOpen);
        else answered();
        throw error;
      } finally {
        if (isOpen) trying = false;
      }
    },
  };
}
