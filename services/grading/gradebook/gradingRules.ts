import { refuse } from '@rollbook/school';
import { Big } from 'big.js';
import { compare, fractionOf, plus, times, type Fraction } from './fraction.ts';

/** What handing in late costs; percentages are of the work's full marks, as decimal text. */
export type LateRule =
  | { readonly kind: 'PER_DAY'; readonly percent: string; readonly atMost: string | null }
  | { readonly kind: 'FLAT'; readonly percent: string }
  /** What is late counts this percentage at most, whatever it earned. */
  | { readonly kind: 'CAP'; readonly percent: string };

/** What work counts that was not handed in and has no number. */
export interface MissingRule {
  /** Of full marks; null when it does not count. */
  readonly percent: string | null;
  /** It counts from this many days after it was due. */
  readonly afterDays: number;
}

/** What is done to the percentage before it is rounded. */
export type Curve =
  | { readonly kind: 'ADD'; readonly points: string }
  /** From one percentage to another, on straight lines between the steps; below the first and above the last as there. */
  | { readonly kind: 'TABLE'; readonly steps: readonly { readonly from: string; readonly to: string }[] };

/** A mark and the percentages that give it: from `from` (inclusive) to `below` (exclusive; null for the highest mark). */
export interface Cutoff {
  readonly mark: string;
  readonly from: string;
  readonly below: string | null;
}

export const methods = ['WEIGHTED', 'POINTS', 'STANDARDS'] as const;
export const standardsMethods = ['MOST_RECENT', 'MEAN', 'HIGHEST', 'DECAYING'] as const;

/** How a section's grade is calculated: its teachers' settings, as data. */
export interface GradingRules {
  readonly method: (typeof methods)[number];
  /** Weights that do not add up to 100 are taken in proportion; else they are a fault. */
  readonly renormalize: boolean;
  /** Of the work without a category, where points are added up. */
  readonly dropLowest: number;
  readonly late: LateRule | null;
  readonly missing: MissingRule;
  /** Does a score whose work is not finished count? */
  readonly countIncomplete: boolean;
  /** The mark of a student with unfinished work, whatever the percentage; null when there is none. */
  readonly incompleteMark: string | null;
  readonly curve: Curve | null;
  /** The lowest percentage that a student can have; null for none. */
  readonly minimum: string | null;
  /** Decimal places of the percentage, 0 to 4: rounded half up, once, before the mark is looked up. */
  readonly places: number;
  /** How several scores of one standard become one. */
  readonly standards: (typeof standardsMethods)[number];
  /** With DECAYING: how much the newest score counts against all before it, in percent. */
  readonly newestCounts: string;
}

/** What a gradebook begins with: points added up, nothing dropped, no penalty, what is missing is 0, two decimals. */
export const plainRules: GradingRules = {
  method: 'POINTS',
  renormalize: false,
  dropLowest: 0,
  late: null,
  missing: { percent: '0', afterDays: 0 },
  countIncomplete: true,
  incompleteMark: null,
  curve: null,
  minimum: null,
  places: 2,
  standards: 'MEAN',
  newestCounts: '65',
};

const mostSteps = 50;

/**
 * Refuses a scale unless each percentage from 0 has exactly one mark: SCALE_INVALID (none, too many, a mark twice, a cut-off that is no
 * number), SCALE_GAP, SCALE_OVERLAP. In whatever order it is given, it answers the highest mark first.
 */
export function checkedScale(cutoffs: readonly Cutoff[]): Cutoff[] {
  if (!cutoffs.length || cutoffs.length > mostSteps)
    refuse('SCALE_INVALID', `A scale has between 1 and ${mostSteps} marks, not ${cutoffs.length}.`);
  for (const { mark, from, below } of cutoffs) {
    if (!mark.trim() || mark.length > 20) refuse('SCALE_INVALID', `${JSON.stringify(mark)} is no mark: 1 to 20 characters.`);
    if (!isPercent(from) || (below !== null && !isPercent(below)))
      refuse('SCALE_INVALID', `The cut-offs of ${mark} are percentages with at most four decimals, not ${from} and ${below}.`);
    if (below !== null && new Big(below).lte(from)) refuse('SCALE_INVALID', `${mark} ends at ${below}, where it has not begun: ${from}.`);
  }
  const twice = cutoffs.find(({ mark }, n) => cutoffs.findIndex((other) => other.mark === mark) !== n);
  if (twice) refuse('SCALE_INVALID', `${twice.mark} is on this scale twice.`);
  const scale = cutoffs.toSorted((a, b) => new Big(b.from).cmp(a.from));
  const [highest] = scale;
  if (highest!.below !== null)
    refuse('SCALE_GAP', `Nothing is said of ${highest!.below} and more: ${highest!.mark}, the highest mark, has no end.`);
  for (const [n, lower] of scale.entries()) {
    const upper = scale[n - 1];
    if (!upper) continue;
    if (lower.below === null || new Big(lower.below).gt(upper.from))
      refuse(
        'SCALE_OVERLAP',
        `From ${upper.from} on it would be ${upper.mark} and ${lower.mark}, which goes to ${lower.below ?? 'the top'}.`,
      );
    if (new Big(lower.below).lt(upper.from))
      refuse('SCALE_GAP', `Between ${lower.below} and ${upper.from} there is no mark: ${lower.mark} ends before ${upper.mark} begins.`);
  }
  const lowest = scale.at(-1)!;
  if (!new Big(lowest.from).eq(0)) refuse('SCALE_GAP', `Below ${lowest.from} there is no mark: ${lowest.mark} begins at 0.`);
  return scale;
}

/** The step of a (checked) scale that a rounded percentage is on; below 0 it is the lowest. Null on a scale without steps. */
export const stepAt = (percent: string, scale: readonly Cutoff[]): Cutoff | null =>
  scale.find(({ from }) => new Big(percent).gte(from)) ?? scale.at(-1) ?? null;

/** 0 to 1,000 with at most four decimals. */
export const isPercent = (text: string): boolean => /^(0|[1-9][0-9]{0,3})(\.[0-9]{1,4})?$/.test(text) && new Big(text).lte(1000);

/** Refuses RULES_INVALID, naming the rule; CURVE_INVALID. Whether the weights add up is asked where the categories are. */
export function checkRules(rules: GradingRules): void {
  const { late, missing, curve, minimum, dropLowest, places, newestCounts, incompleteMark } = rules;
  const percent = (name: string, text: string | null, highest = 100) => {
    if (text !== null && (!isPercent(text) || new Big(text).gt(highest)))
      refuse('RULES_INVALID', `${name} is a percentage from 0 to ${highest} with at most four decimals, not ${JSON.stringify(text)}.`);
  };
  const whole = (name: string, number: number, highest: number) => {
    if (!Number.isInteger(number) || number < 0 || number > highest)
      refuse('RULES_INVALID', `${name} is a whole number from 0 to ${highest}, not ${number}.`);
  };
  percent('late.percent', late?.percent ?? null);
  percent('late.atMost', late?.kind === 'PER_DAY' ? late.atMost : null);
  percent('missing.percent', missing.percent);
  whole('missing.afterDays', missing.afterDays, 365);
  percent('minimum', minimum);
  whole('dropLowest', dropLowest, 100);
  whole('places', places, 4);
  percent('newestCounts', newestCounts);
  if (incompleteMark !== null && (!incompleteMark.trim() || incompleteMark.length > 20))
    refuse('RULES_INVALID', 'incompleteMark is a mark: 1 to 20 characters.');
  if (curve) checkCurve(curve);
}

function checkCurve(curve: Curve): void {
  const fault = (message: string) => refuse('CURVE_INVALID', message);
  if (curve.kind === 'ADD') {
    if (!/^-?[0-9]{1,3}(\.[0-9]{1,4})?$/.test(curve.points) || new Big(curve.points).abs().gt(100))
      fault(`A curve adds between -100 and 100 percentage points, not ${JSON.stringify(curve.points)}.`);
    return;
  }
  const { steps } = curve;
  if (steps.length < 2 || steps.length > mostSteps) fault(`A table has between 2 and ${mostSteps} steps, not ${steps.length}.`);
  for (const [n, { from, to }] of steps.entries()) {
    if (!isPercent(from) || !isPercent(to))
      fault(`${from} to ${to}: a step is from a percentage to a percentage, at most four decimals each.`);
    const before = steps[n - 1];
    if (before && (new Big(from).lte(before.from) || new Big(to).lt(before.to)))
      fault(`The step from ${from} to ${to} does not rise above that from ${before.from} to ${before.to}.`);
  }
}

/** What a curve makes of a percentage, exactly. */
export function curved(percent: Fraction, curve: Curve): Fraction {
  if (curve.kind === 'ADD') return plus(percent, fractionOf(curve.points));
  const { steps } = curve;
  const next = steps.findIndex(({ from }) => compare(percent, fractionOf(from)) < 0);
  if (next <= 0) return fractionOf((next ? steps.at(-1) : steps[0])!.to);
  const [a, b] = [steps[next - 1]!, steps[next]!];
  const run = plus(percent, fractionOf(new Big(a.from).neg()));
  return plus(fractionOf(a.to), times(run, fractionOf(new Big(b.to).minus(a.to), new Big(b.from).minus(a.from))));
}

/** The weights of the categories that make up the whole: do they add up to 100? Extra credit comes on top. */
export function weightsFault(categories: readonly { readonly weight: number | null; readonly extraCredit: boolean }[]): string | null {
  const sum = categories.reduce((total, { weight, extraCredit }) => (extraCredit ? total : total + (weight ?? 0)), 0);
  return sum === 100 ? null : `The weights of the categories add up to ${sum}, not to 100.`;
}
