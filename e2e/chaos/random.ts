/** mulberry32: numbers in [0, 1) that a seed repeats. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pick = <T>(random: () => number, of: readonly T[]): T => of[Math.floor(random() * of.length)]!;

/** Some of them, at least one and at most `most`, in no order. */
export function some<T>(random: () => number, of: readonly T[], most: number): T[] {
  const shuffled = of.map((one) => [random(), one] as const).toSorted(([a], [b]) => a - b);
  return shuffled.slice(0, 1 + Math.floor(random() * most)).map(([, one]) => one);
}
