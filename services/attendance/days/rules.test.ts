import { describe, expect, test } from '@jest/globals';
import { checkRange, dayState } from './rules.ts';

const [P, A, T, N] = ['PRESENT', 'ABSENT', 'TARDY', 'NOT_SUBMITTED'] as const;

describe('what the periods of a day add up to, absent being absent from all of them', () => {
  test.each([
    ['absent from every period', [A, A, A], A],
    ['absent from all but one', [A, A, P], P],
    ['late to one', [P, T, P], T],
    ['late to one and absent from the others', [A, T, A], T],
    ['nothing submitted', [N, N], N],
    ['absent so far, one roll missing: nobody knows yet', [A, A, N], N],
    ['present once, other rolls missing: surely not an absence of the whole day', [P, N, N], P],
  ] as const)('%s', (_, periods, day) => expect(dayState(periods, 100)).toBe(day));
});

describe('with another share', () => {
  test.each([
    [50, [A, P], A],
    [50, [A, P, P], P],
    [50, [A, N, P, P], N],
    [1, [A, P, P, P, P, P], A],
    [1, [P, P, P, P, P, N], N],
    [1, [P, P, P], P],
  ] as const)('%i %%: %j is %s', (percent, periods, day) => expect(dayState(periods, percent)).toBe(day));
});

test('a missing roll never makes a day present or absent that it could still change', () => {
  const known = [P, A, T] as const;
  for (const percent of [1, 25, 34, 50, 67, 100])
    for (const a of known)
      for (const b of known) {
        const said = dayState([a, b, N], percent);
        const possible = new Set([dayState([a, b, P], percent), dayState([a, b, A], percent)].map((state) => state === A));
        if (possible.size === 2) expect([percent, a, b, said]).toEqual([percent, a, b, N]);
        else expect([percent, a, b, said === A]).toEqual([percent, a, b, [...possible][0]]);
      }
});

test('a range runs forward and holds at most 400 days', () => {
  expect(() => checkRange('2026-08-17', '2027-06-12')).not.toThrow();
  expect(() => checkRange('2026-11-18', '2026-11-17')).toThrow('before it begins');
  expect(() => checkRange('2026-01-01', '2027-02-05')).toThrow('at most 400');
});
