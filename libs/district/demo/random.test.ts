import { expect, test } from '@jest/globals';
import { cumulative, drawn, hash, randomStream } from './random.ts';

/** xoshiro128** with state 1, 2, 3, 4 as the reference C program prints it begins 11520, 0, 5927040, 70819200 (also rand_xoshiro's test vector). */
test('the stream is xoshiro128**, word for word', () => {
  const mask = 0xffff_ffffn;
  const rotated = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  function* reference(state: bigint[]): Generator<number> {
    let [s0, s1, s2, s3] = state as [bigint, bigint, bigint, bigint];
    for (;;) {
      yield Number((rotated((s1 * 5n) & mask, 7n) * 9n) & mask);
      const t = (s1 << 9n) & mask;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = rotated(s3, 11n);
    }
  }
  const known = reference([1n, 2n, 3n, 4n]);
  expect([known.next().value, known.next().value, known.next().value, known.next().value]).toEqual([11520, 0, 5927040, 70819200]);

  const stream = randomStream(7, 3);
  const expected = reference([1, 2, 3, 4].map((word) => BigInt(hash(7, 3, word, 0x5eed))));
  for (let i = 0; i < 1000; i++) expect(stream.unit() * 2 ** 32).toBe(expected.next().value);
});

test('a seed and a stream number are each enough to make another stream', () => {
  const first = (seed: number, stream: number) => randomStream(seed, stream).below(1_000_000_000);
  expect(first(1, 1)).toBe(first(1, 1));
  expect(new Set([first(1, 1), first(2, 1), first(1, 2), first(2, 2)]).size).toBe(4);
});

test('the hash spreads small neighbouring numbers evenly', () => {
  const buckets = new Array<number>(16).fill(0);
  for (let i = 0; i < 16_000; i++) buckets[Math.floor((hash(1, 5, i) / 2 ** 32) * 16)]!++;
  for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('a shuffle loses nothing, and weights are drawn in proportion', () => {
  const stream = randomStream(1, 1);
  expect(stream.shuffle([...Array(50).keys()]).sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
  const totals = cumulative([1, 3]);
  let second = 0;
  for (let i = 0; i < 10_000; i++) second += drawn(totals, stream.unit());
  expect(Math.abs(second - 7500)).toBeLessThan(200);
});
