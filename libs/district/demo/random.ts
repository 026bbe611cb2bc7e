/**
 * Chance that is the same on every machine: only 32-bit integer arithmetic, division and comparison, which ECMAScript defines to the bit.
 * (Math.pow, log and sin may differ between engines, so nothing here or in the generator uses them.)
 */

/**
 * A number in 0 … 2³²−1 that depends on all four inputs and on nothing else: MurmurHash3's mixing steps and finalizer
 * (Austin Appleby, public domain). It lets any attribute be recomputed when it is needed instead of being kept.
 */
export function hash(seed: number, a: number, b = 0, c = 0): number {
  let h = mix(mix(mix(seed | 0, a), b), c) ^ 12;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function mix(h: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  h ^= k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

const twoTo32 = 4_294_967_296;

/** `hash` as a fraction in [0, 1). */
export function hashUnit(seed: number, a: number, b = 0, c = 0): number {
  return hash(seed, a, b, c) / twoTo32;
}

/** A stream of chance. */
export interface Random {
  /** A fraction in [0, 1). */
  unit(): number;
  /** A whole number in 0 … limit−1. */
  below(limit: number): number;
  chance(share: number): boolean;
  /** Puts the list in random order, in place. */
  shuffle<T extends { length: number; [index: number]: unknown }>(list: T): T;
}

/**
 * The stream with this number: xoshiro128** 1.1 (Blackman and Vigna 2018, prng.di.unimi.it). Streams of one seed are independent of each
 * other, so a school's timetable does not change because another school has more students.
 */
export function randomStream(seed: number, stream: number): Random {
  let [s0, s1, s2, s3] = [1, 2, 3, 4].map((word) => hash(seed, stream, word, 0x5eed) | 0) as [number, number, number, number];
  if ((s0 | s1 | s2 | s3) === 0) s0 = 1;

  function uint32(): number {
    const scaled = Math.imul(s1, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  const unit = () => uint32() / twoTo32;
  const below = (limit: number) => Math.floor(unit() * limit);
  function shuffle<T extends { length: number; [index: number]: unknown }>(list: T): T {
    for (let last = list.length - 1; last > 0; last--) {
      const other = below(last + 1);
      const kept = list[last];
      (list as { [index: number]: unknown })[last] = list[other];
      (list as { [index: number]: unknown })[other] = kept;
    }
    return list;
  }
  return { unit, below, chance: (share) => unit() < share, shuffle };
}

/** Turns weights into running totals ending at 1, for `drawn`. */
export function cumulative(weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const totals = new Float64Array(weights.length);
  let sum = 0;
  weights.forEach((weight, index) => (totals[index] = (sum += weight) / total));
  totals[weights.length - 1] = 1;
  return totals;
}

/** The index that a fraction in [0, 1) falls on. */
export function drawn(totals: Float64Array, unit: number): number {
  let index = 0;
  while (unit >= totals[index]!) index++;
  return index;
}
