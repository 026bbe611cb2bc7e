import type { AssignmentFacts, Gradebook, ScoreFacts } from './calculation.ts';
import type { Cutoff } from './gradingRules.ts';

/**
 * The calculated grade once more, by another road, for tests: whole numbers over whole numbers (no decimals), every set of scores that may be
 * dropped is tried, and nothing of the calculation proper is used. Slow, and short enough to be read against docs/GRADING.md.
 */

/** A number as a fraction of two whole ones, the lower above 0. */
interface Rational {
  readonly top: bigint;
  readonly bottom: bigint;
}

const of = (text: string | number): Rational => {
  const [, sign, whole, decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(text))!;
  const top = BigInt(whole! + decimals);
  return { top: sign ? -top : top, bottom: 10n ** BigInt(decimals.length) };
};
const add = (a: Rational, b: Rational): Rational => ({ top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom });
const subtract = (a: Rational, b: Rational): Rational => add(a, { top: -b.top, bottom: b.bottom });
const multiply = (a: Rational, b: Rational): Rational => ({ top: a.top * b.top, bottom: a.bottom * b.bottom });
const divide = (a: Rational, b: Rational): Rational =>
  b.top < 0n ? { top: -a.top * b.bottom, bottom: a.bottom * -b.top } : { top: a.top * b.bottom, bottom: a.bottom * b.top };
const isLess = (a: Rational, b: Rational) => a.top * b.bottom < b.top * a.bottom;
const total = (numbers: readonly Rational[]) => numbers.reduce(add, of(0));
const zero = of(0);
const percent = (text: string) => divide(of(text), of(100));

/** Half up, below zero half down: the halves go away from zero. */
function written({ top, bottom }: Rational, places: number): string {
  const size = top < 0n ? -top : top;
  const scaled = (2n * size * 10n ** BigInt(places) + bottom) / (2n * bottom);
  const digits = scaled.toString().padStart(places + 1, '0');
  const text = places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
  return top < 0n && scaled > 0n ? `-${text}` : text;
}

interface Piece {
  readonly earned: Rational;
  readonly full: Rational;
  readonly adds: boolean;
}

/** What a score counts; null when it does not. */
function pieceOf(work: AssignmentFacts, score: ScoreFacts | undefined, { rules }: Gradebook, on: string): Piece | null {
  if (!score || work.highest === null || isLess(of(work.highest), zero) || score.status === 'EXEMPT') return null;
  if (score.incomplete && !rules.countIncomplete) return null;
  const full = of(work.highest);
  const adds = work.extraCredit || full.top === 0n;
  if (score.value === null) {
    const missing = score.missing || score.status === 'NOT_SUBMITTED';
    if (!missing || work.extraCredit || rules.missing.percent === null) return null;
    const days = work.dueOn === null ? Infinity : (Date.parse(on) - Date.parse(work.dueOn)) / 86_400_000;
    return days < rules.missing.afterDays ? null : { earned: multiply(full, percent(rules.missing.percent)), full, adds };
  }
  let earned = of(score.value);
  if (score.late && rules.late && isLess(zero, earned)) {
    const { late } = rules;
    let left = earned;
    if (late.kind === 'CAP') left = multiply(full, percent(late.percent));
    if (late.kind === 'FLAT') left = subtract(earned, multiply(full, percent(late.percent)));
    if (late.kind === 'PER_DAY') {
      const asked = multiply(of(score.daysLate ?? 1), of(late.percent));
      const taken = late.atMost !== null && isLess(of(late.atMost), asked) ? of(late.atMost) : asked;
      left = subtract(earned, multiply(full, divide(taken, of(100))));
    }
    if (isLess(left, zero)) left = zero;
    if (isLess(left, earned)) earned = left;
  }
  return { earned, full, adds };
}

/** Every way to leave out at most `howMany` of these, but not all. */
function* leftovers<Thing>(things: readonly Thing[], howMany: number): Generator<Thing[]> {
  for (let set = 0; set < 2 ** things.length; set++) {
    const left = things.filter((_, n) => !(set & (1 << n)));
    if (things.length - left.length <= howMany && (left.length || !things.length)) yield left;
  }
}

function* choices(piles: readonly { pieces: readonly Piece[]; drop: number }[]): Generator<Piece[]> {
  const [first, ...rest] = piles;
  if (!first) return yield [];
  for (const left of leftovers(first.pieces, first.drop)) for (const others of choices(rest)) yield [...left, ...others];
}

/** The highest that (what is left + what only adds) / (full marks of what is left) can be; null when nothing has full marks. */
function highest(piles: readonly { pieces: readonly Piece[]; drop: number }[], adding: readonly Piece[]): Rational | null {
  let best: Rational | null = null;
  for (const left of choices(piles)) {
    const full = total(left.map((piece) => piece.full));
    if (full.top === 0n) continue;
    const share = divide(total([...left, ...adding].map(({ earned }) => earned)), full);
    if (!best || isLess(best, share)) best = share;
  }
  return best;
}

/** Percentage and mark of a student; nulls when nothing counts or the weights do not add up. */
export function slowGrade(
  gradebook: Gradebook,
  scores: readonly ScoreFacts[],
  on: string,
): { percent: string | null; mark: string | null } {
  const { rules } = gradebook;
  const unfinished = scores.some((score) => score.incomplete) && rules.incompleteMark !== null ? rules.incompleteMark : null;
  let grade = rules.method === 'STANDARDS' ? ofStandards(gradebook, scores) : ofScores(gradebook, scores, on);
  if (!grade) return { percent: null, mark: unfinished };
  if (rules.method !== 'STANDARDS') grade = atLeast(bend(grade, rules.curve), rules.minimum);
  const text = written(grade, rules.places);
  return { percent: text, mark: unfinished ?? markOf(text, rules.method === 'STANDARDS' ? gradebook.levels : gradebook.scale) };
}

function ofScores(gradebook: Gradebook, scores: readonly ScoreFacts[], on: string): Rational | null {
  const { rules, categories, assignments } = gradebook;
  const piecesOf = (categoryId: string | null) =>
    assignments
      .filter((work) => (categories.some(({ id }) => id === work.categoryId) ? work.categoryId : null) === categoryId)
      .flatMap((work) => pieceOf(work, scores.find(({ assignmentId }) => assignmentId === work.id), gradebook, on) ?? []); // prettier-ignore
  const parts = categories.map((category) => ({ category, pieces: piecesOf(category.id) }));
  const plain = parts.filter(({ category }) => !category.extraCredit);
  const pile = (pieces: readonly Piece[], drop: number) => ({ pieces: pieces.filter(({ adds }) => !adds), drop });
  const adding = (pieces: readonly Piece[]) => pieces.filter(({ adds }) => adds);
  if (rules.method === 'POINTS') {
    const loose = piecesOf(null);
    const piles = [...plain.map(({ pieces, category }) => pile(pieces, category.dropLowest)), pile(loose, rules.dropLowest)];
    const extra = parts.flatMap(({ category, pieces }) => (category.extraCredit ? pieces : adding(pieces)));
    const share = highest(piles, [...extra, ...adding(loose)]);
    return share && multiply(share, of(100));
  }
  const weightOf = (some: typeof parts) => some.reduce((sum, { category }) => sum + (category.weight ?? 0), 0);
  if (!rules.renormalize && weightOf(plain) !== 100) return null;
  const shared = parts.flatMap(({ category, pieces }) => {
    const share = highest([pile(pieces, category.extraCredit ? 0 : category.dropLowest)], adding(pieces));
    return share && category.weight ? { share, weight: category.weight, extra: category.extraCredit } : [];
  });
  const whole = shared.reduce((sum, { weight, extra }) => (extra ? sum : sum + weight), 0);
  if (!whole) return null;
  return total(shared.map(({ share, weight, extra }) => multiply(share, extra ? of(weight) : divide(of(weight * 100), of(whole)))));
}

function ofStandards({ rules, standards, assignments }: Gradebook, scores: readonly ScoreFacts[]): Rational | null {
  const values = standards.flatMap(({ id }) => {
    const numbers = assignments.flatMap((work) => {
      const score = work.standardId === id ? scores.find(({ assignmentId }) => assignmentId === work.id) : undefined;
      const counts = score && score.value !== null && score.status !== 'EXEMPT' && (rules.countIncomplete || !score.incomplete);
      return counts ? of(score.value!) : [];
    });
    if (!numbers.length) return [];
    if (rules.standards === 'MEAN') return divide(total(numbers), of(numbers.length));
    if (rules.standards === 'HIGHEST') return numbers.reduce((a, b) => (isLess(a, b) ? b : a));
    if (rules.standards === 'MOST_RECENT') return numbers.at(-1)!;
    // Written out: the newest counts p, the one before it p (1 - p), and so on; the first what is left.
    const p = percent(rules.newestCounts);
    const rest = subtract(of(1), p);
    const power = (n: number) => Array.from({ length: n }, () => rest).reduce(multiply, of(1));
    return total(numbers.map((number, n) => multiply(number, n ? multiply(p, power(numbers.length - 1 - n)) : power(numbers.length - 1))));
  });
  return values.length ? divide(total(values), of(values.length)) : null;
}

function bend(grade: Rational, curve: Gradebook['rules']['curve']): Rational {
  if (!curve) return grade;
  if (curve.kind === 'ADD') return add(grade, of(curve.points));
  const { steps } = curve;
  const [first, last] = [steps[0]!, steps.at(-1)!];
  if (isLess(grade, of(first.from))) return of(first.to);
  for (const [n, b] of steps.entries()) {
    const a = steps[n - 1];
    if (!a || !isLess(grade, of(b.from))) continue;
    const slope = divide(subtract(of(b.to), of(a.to)), subtract(of(b.from), of(a.from)));
    return add(of(a.to), multiply(slope, subtract(grade, of(a.from))));
  }
  return of(last.to);
}

const atLeast = (grade: Rational, minimum: string | null) => (minimum !== null && isLess(grade, of(minimum)) ? of(minimum) : grade);

/** The only step whose two ends hold the percentage; below all of them the lowest. */
function markOf(percentage: string, scale: readonly Cutoff[]): string | null {
  const at = of(percentage);
  const on = scale.filter(({ from, below }) => !isLess(at, of(from)) && (below === null || isLess(at, of(below))));
  if (on.length > 1) throw new Error(`${percentage} is on ${on.length} steps of the scale`);
  return (on[0] ?? scale.toSorted((a, b) => (isLess(of(a.from), of(b.from)) ? -1 : 1))[0])?.mark ?? null;
}
