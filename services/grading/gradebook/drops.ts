import { Big } from 'big.js';

/** A score that counts: what was earned, out of how much (above 0). */
export interface Droppable {
  readonly earned: Big;
  readonly outOf: Big;
}

/** Scores of which the same number may be dropped, in the order in which of equals the first is dropped. */
export interface Pile<Score extends Droppable> {
  readonly scores: readonly Score[];
  readonly dropLowest: number;
}

/**
 * Which scores to drop so that (earned + `extra`) / outOf of all that is left is as high as it can be: exactly, also where full marks
 * differ and the lowest percentage is not the one that hurts most. The last score of a pile stays, and so does one whose dropping would
 * lower the whole.
 *
 * At a percentage q, a score is worth earned - q * outOf; the scores worth least are dropped, which gives a higher q, until it does not
 * rise any more (Dinkelbach's method; it ends, because q rises with each round and there are finitely many choices).
 */
export function dropsOf<Score extends Droppable>(piles: readonly Pile<Score>[], extra: Big): ReadonlySet<Score> {
  const everything = piles.flatMap(({ scores }) => scores);
  let dropped: ReadonlySet<Score> = new Set();
  let best = sumOf(everything, dropped, extra);
  if (best.outOf.eq(0)) return dropped;
  for (let first = true; ; first = false) {
    const { earned, outOf } = best;
    const worth = new Map(everything.map((score) => [score, score.earned.times(outOf).minus(earned.times(score.outOf))]));
    const next = new Set(piles.flatMap((pile) => lowestOf(pile, worth)));
    const sum = sumOf(everything, next, extra);
    // The first round drops also what changes nothing (all scores alike): what was announced is what is seen.
    if (!first && sum.earned.times(outOf).lte(earned.times(sum.outOf))) return dropped;
    dropped = next;
    best = sum;
  }
}

function lowestOf<Score extends Droppable>({ scores, dropLowest }: Pile<Score>, worth: ReadonlyMap<Score, Big>): Score[] {
  const howMany = Math.max(0, Math.min(dropLowest, scores.length - 1));
  const lowest = scores.toSorted((a, b) => worth.get(a)!.cmp(worth.get(b)!)).slice(0, howMany);
  return lowest.filter((score) => worth.get(score)!.lte(0));
}

function sumOf<Score extends Droppable>(scores: readonly Score[], dropped: ReadonlySet<Score>, extra: Big) {
  let earned = extra;
  let outOf = new Big(0);
  for (const score of scores) {
    if (dropped.has(score)) continue;
    earned = earned.plus(score.earned);
    outOf = outOf.plus(score.outOf);
  }
  return { earned, outOf };
}
