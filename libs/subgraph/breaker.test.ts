import { expect, test } from '@jest/globals';
import { CircuitOpen, openBreaker } from './breaker.ts';

class Down extends Error {}

function service() {
  const state = { nowMs: 0, calls: 0, isUp: false };
  const breaker = openBreaker(
    'grading',
    (error) => error instanceof Down,
    () => state.nowMs,
  );
  const call = () =>
    breaker
      .run(async () => {
        state.calls++;
        await Promise.resolve();
        if (!state.isUp) throw new Down('connect ECONNREFUSED');
        return 'answer';
      })
      .catch((error: unknown) => error as Error);
  return { state, breaker, call };
}

test('after five failures in a row nobody waits for what is down; one call tries in each pause, which doubles up to two seconds', async () => {
  const { state, call } = service();
  for (let n = 0; n < 5; n++) expect(await call()).toBeInstanceOf(Down);
  expect(await call()).toMatchObject({ constructor: CircuitOpen, retryAfterMs: 500 });
  expect(state.calls).toBe(5);
  const pauses: number[] = [];
  for (let pause = 500, n = 0; n < 6; n++, pause = Math.min(pause * 2, 2_000)) {
    state.nowMs += pause - 1;
    expect(await call()).toBeInstanceOf(CircuitOpen);
    state.nowMs += 1;
    const together = await Promise.all([call(), call(), call()]);
    expect(together.map((error) => (error as Error).constructor)).toEqual([Down, CircuitOpen, CircuitOpen]);
    pauses.push(pause);
  }
  expect(pauses).toEqual([500, 1_000, 2_000, 2_000, 2_000, 2_000]);
  expect(state.calls).toBe(11);
});

test('one answer closes it again, with the first pause', async () => {
  const { state, call } = service();
  for (let n = 0; n < 5; n++) await call();
  state.nowMs += 500;
  state.isUp = true;
  expect(await call()).toBe('answer');
  expect(await Promise.all([call(), call()])).toEqual(['answer', 'answer']);
  state.isUp = false;
  for (let n = 0; n < 5; n++) expect(await call()).toBeInstanceOf(Down);
  expect(await call()).toMatchObject({ retryAfterMs: 500 });
});

test('an error that was answered is no failure to answer', async () => {
  const { breaker, call, state } = service();
  for (let n = 0; n < 20; n++) await expect(breaker.run(() => Promise.reject(new TypeError('a fault of ours')))).rejects.toThrow(TypeError);
  state.isUp = true;
  expect(await call()).toBe('answer');
});

test('calls that were begun together and fail together make one pause, the first', async () => {
  const { state, call } = service();
  const together = await Promise.all(Array.from({ length: 40 }, () => call()));
  expect(together.every((error) => error instanceof Down)).toBe(true);
  expect(await call()).toMatchObject({ constructor: CircuitOpen, retryAfterMs: 500 });
  state.nowMs += 500;
  state.isUp = true;
  expect(await call()).toBe('answer');
});
