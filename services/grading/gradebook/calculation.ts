import { addDays } from '@rollbook/school';
import { Big } from 'big.js';
import { dropsOf, type Pile } from './drops.ts';
import { compare, fractionOf, plus, rounded, times, type Fraction } from './fraction.ts';
import { curved, stepAt, weightsFault, type Cutoff, type GradingRules } from './gradingRules.ts';
import { standardsOf, type StandardArithmetic } from './standards.ts';

export interface CategoryFacts {
  readonly id: string;
  readonly title: string;
  /** Percent of the whole; null when that was not said. */
  readonly weight: number | null;
  readonly dropLowest: number;
  readonly extraCredit: boolean;
}

export interface AssignmentFacts {
  readonly id: string;
  readonly title: string;
  readonly categoryId: string | null;
  /** The standard that it shows, if any. */
  readonly standardId: string | null;
  readonly dueOn: string | null;
  /** Full marks, decimal text; null when it has none. */
  readonly highest: string | null;
  readonly extraCredit: boolean;
}

export interface ScoreFacts {
  readonly assignmentId: string;
  readonly value: string | null;
  readonly status: string;
  readonly late: boolean;
  /** How many days late; null when that was not said. */
  readonly daysLate: number | null;
  readonly missing: boolean;
  readonly incomplete: boolean;
}

export interface StandardFacts {
  readonly id: string;
  readonly code: string;
  readonly title: string;
}

/** What decides about the grades of a whole section: rules, scale (checked), and the work of the grading period, by due date. */
export interface Gradebook {
  readonly rules: GradingRules;
  readonly scale: readonly Cutoff[];
  readonly categories: readonly CategoryFacts[];
  readonly assignments: readonly AssignmentFacts[];
  readonly standards: readonly StandardFacts[];
  /** The levels of the section's rubric, in its own numbers; empty without one. */
  readonly levels: readonly Cutoff[];
}

/** Why a score counts otherwise than as it stands, or not at all. */
export type Reason =
  | 'NO_FULL_MARKS'
  | 'NO_CATEGORY'
  | 'EXEMPT'
  | 'NOT_SCORED'
  | 'MISSING'
  | 'MISSING_NOT_COUNTED'
  | 'MISSING_NOT_YET'
  | 'INCOMPLETE_NOT_COUNTED'
  | 'LATE'
  | 'DROPPED';

/** One score on its way into the grade. Numbers are decimal text. */
export interface ScoreArithmetic {
  readonly assignmentId: string;
  readonly title: string;
  readonly dueOn: string | null;
  readonly extraCredit: boolean;
  /** What was saved. */
  readonly value: string | null;
  readonly outOf: string | null;
  /** Points taken because it was late. */
  readonly penalty: string | null;
  /** The points that count; null when it does not count, or was dropped. */
  readonly counted: string | null;
  readonly reason: Reason | null;
}

export interface CategoryArithmetic {
  /** Null for the work without a category. */
  readonly id: string | null;
  readonly title: string | null;
  readonly extraCredit: boolean;
  readonly weight: number | null;
  /** The percent of the whole that it counted here: what empty categories weigh is shared among the others. Four places, half up. */
  readonly appliedWeight: string | null;
  readonly dropLowest: number;
  /** Points that count, extra credit included. */
  readonly earned: string;
  /** Full marks of what counts, without extra credit. */
  readonly outOf: string;
  /** earned / outOf, four places, half up, for reading: the grade is made of the exact one. */
  readonly percent: string | null;
  readonly scores: readonly ScoreArithmetic[];
}

/** A calculated grade with all that led to it, as plain JSON. */
export interface Calculation {
  readonly method: GradingRules['method'];
  /** The day as of which missing work was judged. */
  readonly on: string;
  readonly categories: readonly CategoryArithmetic[];
  /** Where points are added up: of all categories. */
  readonly earned: string | null;
  readonly outOf: string | null;
  readonly standards: readonly StandardArithmetic[];
  /** The grade before curve and minimum, six places, half up. */
  readonly raw: string | null;
  readonly curve: GradingRules['curve'];
  readonly minimum: string | null;
  /** After curve and minimum, before rounding: six places, half up. */
  readonly unrounded: string | null;
  readonly rounding: { readonly places: number; readonly rule: 'HALF_UP' };
  /** The grade: rounded once, from the exact number. Null when nothing counts. */
  readonly percent: string | null;
  /** The step of the scale that gave the mark. */
  readonly cutoff: Cutoff | null;
  readonly mark: string | null;
  /** Why there is no percentage, or why the mark is not that of the scale. */
  readonly reason: 'NOTHING_COUNTED' | 'WEIGHTS_INVALID' | 'INCOMPLETE' | null;
}

interface Counted {
  readonly earned: Big;
  readonly outOf: Big;
}

/** A score as it is judged: what is shown, and what counts (before any is dropped). */
interface Judged {
  readonly shown: ScoreArithmetic;
  readonly counts: Counted | null;
}

interface Part {
  readonly facts: CategoryFacts;
  readonly work: readonly Judged[];
}

const hundred = fractionOf(100);
const percentOf = (text: string, of: Big): Big => of.times(text).times('0.01');

/**
 * The grade of one student, by the rules of docs/GRADING.md, with its arithmetic. Pure: the same facts give the same JSON. `on` is the day
 * as of which missing work is judged.
 */
export function calculate(gradebook: Gradebook, scores: readonly ScoreFacts[], on: string): Calculation {
  const { rules } = gradebook;
  const byAssignment = new Map(scores.map((score) => [score.assignmentId, score]));
  const parts = partsOf(gradebook, byAssignment, on);
  const standards = standardsOf(gradebook, byAssignment);
  const dropped = droppedIn(parts, rules.method);
  const whole = wholeOf(gradebook, parts, dropped, standards.mean);
  const weights = rules.method === 'WEIGHTED' && whole.weight ? whole.weight : null;
  const points = rules.method === 'POINTS' ? totalOf(parts, dropped) : null;
  const incomplete = scores.some((score) => score.incomplete && gradebook.assignments.some(({ id }) => id === score.assignmentId));
  return {
    method: rules.method,
    on,
    categories: rules.method === 'STANDARDS' ? [] : parts.map((part) => shownPart(part, dropped, weights)),
    earned: points?.earned.toFixed() ?? null,
    outOf: points?.outOf.toFixed() ?? null,
    standards: standards.shown,
    ...gradeOf(gradebook, whole, incomplete),
  };
}

/** The work, by category in the order of the gradebook; what has none at the end. */
function partsOf({ rules, categories, assignments }: Gradebook, scores: ReadonlyMap<string, ScoreFacts>, on: string): Part[] {
  const none: CategoryFacts = { id: '', title: '', weight: null, dropLowest: rules.dropLowest, extraCredit: false };
  const known = new Set(categories.map(({ id }) => id));
  return [...categories, none].flatMap((facts) => {
    const own = assignments.filter(({ categoryId }) => (known.has(categoryId ?? '') ? categoryId === facts.id : facts === none));
    if (facts === none && !own.length) return [];
    return { facts, work: own.map((assignment) => judge(assignment, scores.get(assignment.id), rules, on, facts === none)) };
  });
}

/** What one score counts, before any is dropped, and why. */
function judge(
  assignment: AssignmentFacts,
  score: ScoreFacts | undefined,
  rules: GradingRules,
  on: string,
  uncategorized: boolean,
): Judged {
  const { id: assignmentId, title, dueOn, highest, extraCredit } = assignment;
  const shown = { assignmentId, title, dueOn, extraCredit, value: score?.value ?? null, outOf: highest, penalty: null, counted: null };
  const not = (reason: Reason): Judged => ({ shown: { ...shown, reason }, counts: null });
  const counting = (points: Big, reason: Reason | null, penalty: string | null = null): Judged => ({
    shown: { ...shown, counted: points.toFixed(), penalty, reason },
    counts: { earned: points, outOf: new Big(highest!) },
  });
  if (highest === null || new Big(highest).lt(0)) return not('NO_FULL_MARKS');
  if (uncategorized && rules.method === 'WEIGHTED') return not('NO_CATEGORY');
  if (!score) return not('NOT_SCORED');
  if (score.status === 'EXEMPT') return not('EXEMPT');
  if (score.incomplete && !rules.countIncomplete) return not('INCOMPLETE_NOT_COUNTED');
  const full = new Big(highest);
  if (score.value === null) {
    if ((!score.missing && score.status !== 'NOT_SUBMITTED') || extraCredit) return not('NOT_SCORED');
    if (rules.missing.percent === null) return not('MISSING_NOT_COUNTED');
    if (dueOn !== null && on < addDays(dueOn, rules.missing.afterDays)) return not('MISSING_NOT_YET');
    return counting(percentOf(rules.missing.percent, full), 'MISSING');
  }
  const earned = new Big(score.value);
  const penalty = score.late ? penaltyOf(earned, full, score.daysLate ?? 1, rules) : new Big(0);
  return penalty.gt(0) ? counting(earned.minus(penalty), 'LATE', penalty.toFixed()) : counting(earned, null);
}

/** Points that are taken from late work; never so many that less than 0 is left. */
function penaltyOf(earned: Big, full: Big, days: number, { late }: GradingRules): Big {
  if (!late || earned.lte(0)) return new Big(0);
  const asked = (): Big => {
    if (late.kind === 'CAP') return earned.minus(percentOf(late.percent, full));
    if (late.kind === 'FLAT') return percentOf(late.percent, full);
    const percent = new Big(late.percent).times(days);
    return percentOf((late.atMost !== null && percent.gt(late.atMost) ? new Big(late.atMost) : percent).toFixed(), full);
  };
  const penalty = asked();
  if (penalty.lt(0)) return new Big(0);
  return penalty.gt(earned) ? earned : penalty;
}

/** Work that only adds: extra credit, and what has no full marks to reach. */
const onlyAdds = ({ shown, counts }: Judged) => shown.extraCredit || counts!.outOf.eq(0);
const counted = ({ work }: Part) => work.filter(({ counts }) => counts !== null);
const sum = (numbers: readonly Big[]): Big => numbers.reduce((total, number) => total.plus(number), new Big(0));

/**
 * The scores that are dropped: of each category as many as it says at most, those whose dropping raises most what they count in (the
 * category's percentage where categories are weighted, the total where points are added up). Extra credit is never dropped.
 */
function droppedIn(parts: readonly Part[], method: GradingRules['method']): ReadonlySet<Judged> {
  const pileOf = (part: Part): Pile<Counted & { readonly score: Judged }> => ({
    scores: counted(part).flatMap((score) => (onlyAdds(score) ? [] : { score, ...score.counts! })),
    dropLowest: part.facts.dropLowest,
  });
  const extraOf = (some: readonly Part[]) =>
    sum(some.flatMap((part) => counted(part).flatMap((score) => (part.facts.extraCredit || onlyAdds(score) ? score.counts!.earned : []))));
  const plain = parts.filter(({ facts }) => !facts.extraCredit);
  if (method === 'STANDARDS') return new Set();
  const drops =
    method === 'WEIGHTED'
      ? plain.flatMap((part) => [...dropsOf([pileOf(part)], extraOf([part]))])
      : [...dropsOf(plain.map(pileOf), extraOf(parts))];
  return new Set(drops.map(({ score }) => score));
}

/** What a category adds up to, extra credit in what was earned only. */
function sumOf(part: Part, dropped: ReadonlySet<Judged>): Counted {
  const left = counted(part).filter((score) => !dropped.has(score));
  return {
    earned: sum(left.map(({ counts }) => counts!.earned)),
    outOf: sum(left.flatMap((score) => (onlyAdds(score) ? [] : score.counts!.outOf))),
  };
}

/** All categories added up; one that is extra credit adds to what was earned only. */
function totalOf(parts: readonly Part[], dropped: ReadonlySet<Judged>): Counted {
  const sums = parts.map((part) => ({ ...sumOf(part, dropped), extra: part.facts.extraCredit }));
  return { earned: sum(sums.map(({ earned }) => earned)), outOf: sum(sums.flatMap(({ outOf, extra }) => (extra ? [] : outOf))) };
}

interface Whole {
  /** Exact; null when there is none. */
  readonly grade: Fraction | null;
  readonly reason: 'NOTHING_COUNTED' | 'WEIGHTS_INVALID' | null;
  /** The weights that the categories with scores have together. */
  readonly weight: number | null;
}

function wholeOf(gradebook: Gradebook, parts: readonly Part[], dropped: ReadonlySet<Judged>, standards: Fraction | null): Whole {
  const { rules, categories } = gradebook;
  const nothing: Whole = { grade: null, reason: 'NOTHING_COUNTED', weight: null };
  if (rules.method === 'STANDARDS') return standards ? { grade: standards, reason: null, weight: null } : nothing;
  if (rules.method === 'POINTS') {
    const { earned, outOf } = totalOf(parts, dropped);
    return outOf.eq(0) ? nothing : { grade: times(fractionOf(earned, outOf), hundred), reason: null, weight: null };
  }
  if (!rules.renormalize && weightsFault(categories)) return { ...nothing, reason: 'WEIGHTS_INVALID' };
  const weighed = parts.flatMap(({ facts, work }) => {
    const { earned, outOf } = sumOf({ facts, work }, dropped);
    const weight = facts.weight ?? 0;
    return weight > 0 && outOf.gt(0) ? { weight, extra: facts.extraCredit, share: fractionOf(earned, outOf) } : [];
  });
  const weight = weighed.reduce((total, part) => (part.extra ? total : total + part.weight), 0);
  if (weight === 0) return nothing;
  const zero = fractionOf(0);
  const grade = weighed.reduce(
    (total, { weight: own, extra, share }) => plus(total, times(share, extra ? fractionOf(own) : fractionOf(100 * own, weight))),
    zero,
  );
  return { grade, reason: null, weight };
}

/** Curve, minimum, rounding, mark: in this order. */
function gradeOf({ rules, scale, levels }: Gradebook, { grade, reason }: Whole, incomplete: boolean) {
  const { curve, minimum, places, incompleteMark, method } = rules;
  const rounding = { places, rule: 'HALF_UP' as const };
  const ofRubric = method === 'STANDARDS';
  const steps = { curve: ofRubric ? null : curve, minimum: ofRubric ? null : minimum, rounding };
  const held = incomplete && incompleteMark !== null;
  if (!grade) {
    const mark = held ? incompleteMark : null;
    return { ...steps, raw: null, unrounded: null, percent: null, cutoff: null, mark, reason: held ? ('INCOMPLETE' as const) : reason };
  }
  const bent = steps.curve ? curved(grade, steps.curve) : grade;
  const raised = steps.minimum !== null && compare(bent, fractionOf(steps.minimum)) < 0 ? fractionOf(steps.minimum) : bent;
  const percent = rounded(raised, places);
  const cutoff = stepAt(percent, ofRubric ? levels : scale);
  return {
    ...steps,
    raw: rounded(grade, 6),
    unrounded: rounded(raised, 6),
    percent,
    cutoff,
    mark: held ? incompleteMark : (cutoff?.mark ?? null),
    reason: held ? ('INCOMPLETE' as const) : null,
  };
}

function shownPart(part: Part, dropped: ReadonlySet<Judged>, weights: number | null): CategoryArithmetic {
  const { facts, work } = part;
  const { earned, outOf } = sumOf(part, dropped);
  const applies = weights !== null && outOf.gt(0) && facts.weight !== null;
  const applied = () => (facts.extraCredit ? fractionOf(facts.weight!) : fractionOf(100 * facts.weight!, weights!));
  return {
    id: facts.id || null,
    title: facts.title || null,
    extraCredit: facts.extraCredit,
    weight: facts.weight,
    appliedWeight: applies ? rounded(applied(), 4) : null,
    dropLowest: facts.dropLowest,
    earned: earned.toFixed(),
    outOf: outOf.toFixed(),
    percent: outOf.gt(0) ? rounded(times(fractionOf(earned, outOf), hundred), 4) : null,
    scores: work.map((score) => (dropped.has(score) ? { ...score.shown, counted: null, reason: 'DROPPED' as const } : score.shown)),
  };
}
