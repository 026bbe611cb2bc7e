/** Chance that can be repeated: the same seed gives the same numbers on every machine. */
export interface Random {
  /** At least 0 and less than 1. */
  unit(): number;
  /** A whole number of at least 0 and less than `n`. */
  below(n: number): number;
  /** The same things in another order; what is given stays as it is. */
  shuffle<T>(things: readonly T[]): T[];
}

/** The generator that a seed (any whole number) names: a 32-bit state, a step by Weyl's sequence, two multiplications to mix it. */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  const unit = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(unit() * n);
  const shuffle = <T>(things: readonly T[]): T[] => {
    const mixed = [...things];
    for (let last = mixed.length - 1; last > 0; last--) {
      const other = below(last + 1);
      [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
    }
    return mixed;
  };
  return { unit, below, shuffle };
}
