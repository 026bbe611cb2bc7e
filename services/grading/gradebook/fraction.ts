import { Big } from 'big.js';

/**
 * An exact number: a percentage such as 200/3 has no last decimal, so it is carried as two decimals until the one place where it is
 * rounded. `under` is above 0.
 */
export interface Fraction {
  readonly over: Big;
  readonly under: Big;
}

const one = new Big(1);

export const fractionOf = (over: Big | string | number, under: Big | string | number = one): Fraction => ({
  over: new Big(over),
  under: new Big(under),
});

export const plus = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over.times(b.under).plus(b.over.times(a.under)),
  under: a.under.times(b.under),
});

export const times = (a: Fraction, b: Fraction): Fraction => ({ over: a.over.times(b.over), under: a.under.times(b.under) });

/** Below 0, 0 or above 0, as `a` is below, at or above `b`. */
export const compare = (a: Fraction, b: Fraction): number => a.over.times(b.under).cmp(b.over.times(a.under));

/** How many decimal places a number may be rounded to. */
export const mostPlaces = 6;

const atPlaces = Array.from({ length: mostPlaces + 1 }, (_, places) => {
  const Rounded = Big();
  Rounded.DP = places;
  Rounded.RM = 1;
  return Rounded;
});

/** Rounds half up (89.45 at one place is 89.5), below zero half away from it (-0.45 is -0.5); decimal text with all its places. */
export function rounded({ over, under }: Fraction, places: number): string {
  const Rounded = atPlaces[places]!;
  const text = new Rounded(over).div(new Rounded(under)).toFixed(places);
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}
