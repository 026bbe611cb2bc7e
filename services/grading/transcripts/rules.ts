import { refuse } from '@rollbook/school';
import Big from 'big.js';

// Quotients with more places than any tie can need, so that rounding them rounds the exact value.
Big.DP = 30;
Big.RM = Big.roundHalfUp;

/** What a mark is worth on a transcript. Decimals are exact text. */
export interface MarkMeaning {
  readonly mark: string;
  /** Grade points; null: the mark is not in the grade point average (pass, withdrawal, incomplete). */
  readonly points: string | null;
  /** Do its credits count as attempted? */
  readonly attempts: boolean;
  /** Are its credits earned? */
  readonly earns: boolean;
  /** Is another mark to come? */
  readonly pending: boolean;
}

/** Who is on a list: the averages and credits it asks for, over one session or over all that was ever earned. */
export interface ListRule {
  readonly name: string;
  readonly over: 'SESSION' | 'ALL';
  readonly weighted: boolean;
  readonly leastGpa: string;
  readonly leastCredits: string;
  /** No mark below these points; null: any. */
  readonly leastPoints: string | null;
}

export interface Policy {
  readonly marks: readonly MarkMeaning[];
  /** Courses with one of these among their subject codes are weighted. */
  readonly weightedCodes: readonly string[];
  readonly weightBonus: string;
  /** The fewest points of a mark that has the bonus. */
  readonly weightFrom: string;
  readonly repeats: 'BEST' | 'LATEST' | 'BOTH';
  readonly mostAtOnce: number;
  readonly lists: readonly ListRule[];
}

/** What a result is worth. */
export interface Worth {
  readonly creditsAttempted: string;
  readonly creditsEarned: string;
  readonly points: string | null;
  readonly weightedPoints: string | null;
  readonly weighted: boolean;
  readonly pending: boolean;
}

/** A record as far as it decides what counts. */
export interface Counted extends Worth {
  readonly id: string;
  readonly courseNumber: string | null;
  readonly courseTitle: string;
  readonly part: number;
  readonly parts: number;
  readonly repeatable: boolean;
  readonly schoolYear: number;
  readonly session: string;
  readonly endedOn: string;
}

/**
 * The credits of the n-th of so many parts of a course, to 3 places, half up: 10 credits are 5 and 5, 10 in three parts 3.333, 3.334 and
 * 3.333. All parts together are the course's credits exactly.
 */
export function shareOf(credits: string, part: number, parts: number): string {
  const upTo = (n: number) => new Big(credits).times(n).div(parts).round(3);
  return upTo(part)
    .minus(upTo(part - 1))
    .toFixed(3);
}

/** What a mark in a course is worth. Refuses MARK_WITHOUT_MEANING for a mark that the policy does not know. */
export function worthOf(mark: string, credits: string, subjectCodes: readonly string[], policy: Policy): Worth {
  const meaning =
    policy.marks.find((each) => each.mark === mark) ??
    refuse('MARK_WITHOUT_MEANING', `The school's policy does not say what ${JSON.stringify(mark)} is worth on a transcript.`);
  const weighted = subjectCodes.some((code) => policy.weightedCodes.includes(code));
  const { points, attempts, earns, pending } = meaning;
  const hasBonus = weighted && points !== null && new Big(points).gte(policy.weightFrom);
  return {
    creditsAttempted: attempts ? credits : '0.000',
    creditsEarned: attempts && earns ? credits : '0.000',
    points,
    weightedPoints: points !== null && hasBonus ? new Big(points).plus(policy.weightBonus).toString() : points,
    weighted,
    pending,
  };
}

/** How a record counts, beside the others of the same student. */
export interface Standing<R extends Counted = Counted> {
  readonly record: R;
  /** In the averages, and in the credits attempted. */
  readonly inGpa: boolean;
  /** Its credits are earned: once for a course, however often it was taken. */
  readonly earnsCredit: boolean;
}

/** A course is known by its number; without one, by its title. A part of it is repeated by the same part. */
const courseKey = ({ courseNumber, courseTitle, part, parts }: Counted) => `${courseNumber ?? `title ${courseTitle}`} ${part}/${parts}`;

/**
 * How each record counts when courses were repeated. BEST: the best attempt; LATEST: the last one; BOTH: each in the averages. Credit is
 * earned once in every case, and never lost by taking the course again. What attempted nothing (withdrawn, incomplete) repeats nothing.
 */
export function standings<R extends Counted>(records: readonly R[], repeats: Policy['repeats']): Standing<R>[] {
  const attempts = Map.groupBy(
    records.filter((record) => new Big(record.creditsAttempted).gt(0) && !record.repeatable),
    courseKey,
  );
  const counted = new Map<R, { inGpa: boolean; earnsCredit: boolean }>();
  for (const group of attempts.values()) {
    const best = group.toSorted(betterFirst)[0]!;
    const latest = group.toSorted(laterFirst)[0]!;
    const counts = repeats === 'LATEST' ? latest : best;
    for (const record of group) counted.set(record, { inGpa: repeats === 'BOTH' || record === counts, earnsCredit: record === best });
  }
  return records.map((record) => ({ record, ...(counted.get(record) ?? { inGpa: true, earnsCredit: true }) }));
}

const laterFirst = (a: Counted, b: Counted) => compareText(b.endedOn, a.endedOn) || compareText(b.id, a.id);
/** Earned before not earned; then by points, a mark without points last; then the later one. */
const betterFirst = (a: Counted, b: Counted) =>
  Number(isEarned(b)) - Number(isEarned(a)) || new Big(b.points ?? -1).cmp(a.points ?? -1) || laterFirst(a, b);
const isEarned = ({ creditsEarned }: Worth) => new Big(creditsEarned).gt(0);
const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Credits and averages. Averages have 4 places, rounded half up from the exact quotient; null when nothing counts in them. */
export interface Totals {
  readonly creditsAttempted: string;
  readonly creditsEarned: string;
  readonly gpa: string | null;
  readonly weightedGpa: string | null;
}

/** Each credit attempted counts with the points of its mark; what has no points is in no average. */
export function totalsOf(all: readonly Standing[]): Totals {
  let [attempted, earned, inGpa, points, weightedPoints] = [Big(0), Big(0), Big(0), Big(0), Big(0)];
  for (const { record, inGpa: counts, earnsCredit } of all) {
    if (earnsCredit) earned = earned.plus(record.creditsEarned);
    if (!counts) continue;
    attempted = attempted.plus(record.creditsAttempted);
    if (record.points === null || record.weightedPoints === null) continue;
    inGpa = inGpa.plus(record.creditsAttempted);
    points = points.plus(new Big(record.points).times(record.creditsAttempted));
    weightedPoints = weightedPoints.plus(new Big(record.weightedPoints).times(record.creditsAttempted));
  }
  const average = (sum: Big) => (inGpa.gt(0) ? sum.div(inGpa).round(4).toFixed(4) : null);
  return {
    ...{ creditsAttempted: attempted.toFixed(3), creditsEarned: earned.toFixed(3) },
    ...{ gpa: average(points), weightedGpa: average(weightedPoints) },
  };
}

export interface Ranked<Of> {
  readonly of: Of;
  readonly gpa: string;
  /** 1 2 2 4: those with the same average share a place, and the next one counts them all. */
  readonly place: number;
}

/** Standard competition ranking, the highest average first. Who has no average is not ranked. */
export function ranked<Of>(averages: readonly { of: Of; gpa: string | null }[]): Ranked<Of>[] {
  const sorted = averages.flatMap(({ of, gpa }) => (gpa === null ? [] : [{ of, gpa }])).sort((a, b) => new Big(b.gpa).cmp(a.gpa));
  let place = 0;
  return sorted.map(({ of, gpa }, n) => {
    if (n === 0 || sorted[n - 1]!.gpa !== gpa) place = n + 1;
    return { of, gpa, place };
  });
}

/** Is somebody with these records on the list? Of a list over a session, only that session's records are given. */
export function isOnList(records: readonly Counted[], rule: ListRule, repeats: Policy['repeats']): boolean {
  const all = standings(records, repeats);
  const { gpa, weightedGpa, creditsEarned } = totalsOf(all);
  const average = rule.weighted ? weightedGpa : gpa;
  if (average === null || new Big(average).lt(rule.leastGpa) || new Big(creditsEarned).lt(rule.leastCredits)) return false;
  const { leastPoints } = rule;
  return (
    leastPoints === null || all.every(({ record, inGpa }) => !inGpa || record.points === null || new Big(record.points).gte(leastPoints))
  );
}

/** Two decimals for people, rounded half up from the four of the average: 3.665 is shown as 3.67. */
export const shown = (gpa: string | null) => (gpa === null ? null : new Big(gpa).round(2).toFixed(2));

const decimal = /^\d{1,3}(\.\d{1,3})?$/;

/** Refuses POLICY_INVALID for a policy that says nothing, or two things, of a mark, or holds a number that is none. */
export function checkPolicy({ marks, weightBonus, weightFrom, mostAtOnce, lists }: Policy): void {
  const odd = (what: string) => refuse('POLICY_INVALID', what);
  const names = marks.map(({ mark }) => mark);
  if (!names.length || names.some((name) => !name.trim())) odd('A policy says what each mark is worth.');
  const twice = names.find((name, n) => names.indexOf(name) < n);
  if (twice !== undefined) odd(`The mark ${twice} is there twice.`);
  for (const { mark, points, attempts, earns, pending } of marks) {
    if (points !== null && !isDecimal(points, 10)) odd(`${points} are no grade points: a decimal number from 0 to 10.`);
    if (earns && !attempts) odd(`${mark} earns credits that were not attempted.`);
    if (pending && (earns || points !== null)) odd(`${mark} is still to come, and cannot count yet.`);
  }
  for (const [number, most] of [
    [weightBonus, 10],
    [weightFrom, 10],
    ...lists.flatMap(
      ({ leastGpa, leastCredits, leastPoints }) =>
        [
          [leastGpa, 10],
          [leastCredits, 999],
          [leastPoints ?? '0', 10],
        ] as const,
    ),
  ] as const)
    if (!isDecimal(number, most)) odd(`${number} is no number of the policy: a decimal number from 0 to ${most}.`);
  if (mostAtOnce < 1 || mostAtOnce > 50) odd('Between 1 and 50 classes can be taken at once.');
  const listNames = lists.map(({ name }) => name.trim());
  if (listNames.includes('') || new Set(listNames).size < listNames.length) odd('Lists have names, each once.');
}

const isDecimal = (text: string, most: number) => decimal.test(text) && new Big(text).lte(most);
/** Credits: up to 999.999, above zero. */
export const isCredits = (text: string) => isDecimal(text, 999.999) && new Big(text).gt(0);
