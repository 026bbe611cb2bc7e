import { describe, expect, test } from '@jest/globals';
import type { Slot } from './school.ts';
import { wordsFor } from './when.ts';

const slots = ['S1', 'S2'].flatMap((term) =>
  ['A', 'B'].flatMap((day) => ['1', '2', '3'].map((period, order): Slot => ({ id: `${term}/${day}/${period}`, term, day, period, order }))),
);
const words = (...ids: string[]) => wordsFor({ slots }, ids);

describe('slots in words', () => {
  test('leave out what is true all year and on all days', () => {
    expect(words('S1/A/3', 'S1/B/3', 'S2/A/3', 'S2/B/3')).toBe('3');
    expect(words('S1/A/3', 'S1/B/3')).toBe('3 in S1');
    expect(words('S1/A/3', 'S2/A/3')).toBe('3 on A');
    expect(words('S2/B/3')).toBe('3 on B in S2');
  });

  test('name two periods of one place together, in the order of the day, and two places apart', () => {
    expect(words('S1/A/2', 'S1/B/2', 'S1/A/1', 'S1/B/1')).toBe('1 and 2 in S1');
    expect(words('S1/A/1', 'S1/B/2')).toBe('1 on A in S1, 2 on B in S1');
    expect(words('S9/A/1')).toBe('S9/A/1');
  });
});
