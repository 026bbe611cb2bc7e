import { describe, expect, test } from '@jest/globals';
import { randomFrom } from './random.ts';

describe('chance that can be repeated', () => {
  test('a seed names one sequence, and neighbouring seeds name others', () => {
    const first = (seed: number) => Array.from({ length: 5 }, randomFrom(seed).unit);
    expect(first(7)).toEqual(first(7));
    expect(first(7)).not.toEqual(first(8));
  });

  test('numbers below n are all of them, about equally often', () => {
    const random = randomFrom(1);
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 50_000; i++) counts[random.below(5)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  test('a shuffle keeps every thing, leaves what it was given, and gives each order', () => {
    const random = randomFrom(2);
    const given = [1, 2, 3];
    const orders = new Set(Array.from({ length: 200 }, () => random.shuffle(given).join('')));
    expect(given).toEqual([1, 2, 3]);
    expect([...orders].sort()).toEqual(['123', '132', '213', '231', '312', '321']);
  });
});
