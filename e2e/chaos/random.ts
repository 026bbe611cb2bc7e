export { randomFrom } from '@rollbook/subgraph/random.testing.ts';

export const pick = <T>(random: () => number, of: readonly T[]): T => of[Math.floor(random() * of.length)]!;

/** Some of them, at least one and at most `most`, in no order. */
export function some<T>(random: () => number, of: readonly T[], most: number): T[] {
  const shuffled = of.map((one) => [random(), one] as const).toSorted(([a], [b]) => a - b);
  return shuffled.slice(0, 1 + Math.floor(random() * most)).map(([, one]) => one);
}
