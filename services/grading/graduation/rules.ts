import { refuse, schoolYearOf } from '@rollbook/school';
import Big from 'big.js';
import { fulfil, type Fulfilment } from './fulfil.ts';

/** What a diploma asks for: credits of courses by number, subject or code (A-G areas among them); of any course where none is named. */
export interface Requirement {
  /** Known by it, also in substitutions and waivers. */
  readonly key: string;
  readonly name: string;
  /** Exact decimal text. */
  readonly credits: string;
  readonly courses: readonly string[];
  readonly subjects: readonly string[];
  readonly codes: readonly string[];
  /** Only marks of at least these grade points count; null: whatever earned credit. */
  readonly leastPoints: string | null;
  /** With leastPoints: does a pass without points count? */
  readonly passCounts: boolean;
}

/** Something that has credits, or will have them. */
export interface Source {
  /** The record's, the section's or the course's id. */
  readonly id: string;
  readonly courseNumber: string | null;
  readonly courseTitle: string;
  readonly subjects: readonly string[];
  readonly subjectCodes: readonly string[];
  readonly credits: string;
  /** Grade points; null: passed without, or still to come. */
  readonly points: string | null;
}

export interface Exception {
  readonly requirement: string;
  readonly kind: 'SUBSTITUTION' | 'WAIVER';
  readonly courseNumber: string | null;
  readonly credits: string | null;
}

/** Credits of one source that go to a requirement. */
export interface Share {
  readonly source: Source;
  readonly credits: string;
}

export interface Audited {
  readonly requirement: Requirement;
  /** What is asked of this student: the plan's credits less what was waived. */
  readonly required: string;
  readonly earned: string;
  readonly records: readonly Share[];
  /** What the classes of today add, and those asked for after them. */
  readonly inProgress: readonly Share[];
  readonly planned: readonly Share[];
  /** What is covered by none of these. */
  readonly missing: string;
}

export interface Sources {
  readonly earned: readonly Source[];
  readonly inProgress: readonly Source[];
  readonly planned: readonly Source[];
}

// Credits have three places: thousandths are whole numbers, and nothing is lost.
const thousandths = (credits: string) => new Big(credits).times(1000).toNumber();
const credits = (amount: number) => new Big(amount).div(1000).toFixed(3);

/**
 * An audit: which credits count where. No credit counts twice; a record's credits may be divided among requirements. The division covers as
 * much as can be covered (a maximum flow, not the first that fits), the requirements first in the plan's order. What is earned is told by
 * what is earned alone; classes of today and wishes may then free records for other requirements, and never take from what is met.
 */
export function audit(
  requirements: readonly Requirement[],
  { earned, inProgress, planned }: Sources,
  exceptions: readonly Exception[],
): Audited[] {
  const sources = [...earned, ...inProgress, ...planned];
  const required = requirements.map((requirement) => requiredOf(requirement, exceptions));
  const fits = (demand: number, supply: number) => counts(sources[supply]!, requirements[demand]!, exceptions, supply < earned.length);
  const upTo = (n: number, from?: Fulfilment) =>
    fulfil({ demands: required, supplies: sources.slice(0, n).map((source) => thousandths(source.credits)), fits }, from);
  const now = upTo(earned.length);
  const soon = upTo(earned.length + inProgress.length, now);
  const all = upTo(sources.length, soon);
  const shares = ({ flow }: Fulfilment, demand: number, from: number, to: number): Share[] =>
    flow[demand]!.slice(from, to).flatMap((amount, n) => (amount ? [{ source: sources[from + n]!, credits: credits(amount) }] : []));
  return requirements.map((requirement, n) => ({
    ...{ requirement, required: credits(required[n]!), earned: credits(now.served[n]!) },
    records: shares(now, n, 0, earned.length),
    inProgress: shares(soon, n, earned.length, earned.length + inProgress.length),
    planned: shares(all, n, earned.length + inProgress.length, sources.length),
    missing: credits(required[n]! - all.served[n]!),
  }));
}

function requiredOf({ key, credits: asked }: Requirement, exceptions: readonly Exception[]): number {
  const waived = exceptions.filter(({ kind, requirement }) => kind === 'WAIVER' && requirement === key);
  if (waived.some((waiver) => waiver.credits === null)) return 0;
  return Math.max(0, thousandths(asked) - waived.reduce((sum, waiver) => sum + thousandths(waiver.credits!), 0));
}

/** May credits of this course go to the requirement? Substituted courses count as if they were named; marks must be good enough all the same. */
function counts(source: Source, requirement: Requirement, exceptions: readonly Exception[], isEarned: boolean): boolean {
  const { courses, subjects, codes, leastPoints, passCounts, key } = requirement;
  const isSubstitute = exceptions.some(
    (each) => each.kind === 'SUBSTITUTION' && each.requirement === key && each.courseNumber === source.courseNumber,
  );
  const isNamed =
    (source.courseNumber !== null && courses.includes(source.courseNumber)) ||
    source.subjects.some((subject) => subjects.includes(subject)) ||
    source.subjectCodes.some((code) => codes.includes(code));
  const isOpen = !courses.length && !subjects.length && !codes.length;
  if (!isSubstitute && !isNamed && !isOpen) return false;
  if (leastPoints === null || !isEarned) return true;
  return source.points === null ? passCounts : new Big(source.points).gte(leastPoints);
}

export type GraduationStatus = 'COMPLETE' | 'ON_TRACK' | 'NOT_ON_TRACK';

/**
 * COMPLETE: everything is earned. ON_TRACK: what nothing covers yet fits into the school years after this one, at the credits that the plan
 * says can be earned in a year; in the last year nothing fits.
 */
export function statusOf(audited: readonly Audited[], yearsLeft: number, creditsPerYear: string): GraduationStatus {
  if (audited.every(({ required, earned }) => new Big(earned).gte(required))) return 'COMPLETE';
  const missing = missingOf(audited);
  return missing.lte(new Big(creditsPerYear).times(Math.max(0, yearsLeft))) ? 'ON_TRACK' : 'NOT_ON_TRACK';
}

export const missingOf = (audited: readonly Audited[]) => audited.reduce((sum, { missing }) => sum.plus(missing), new Big(0));

/** The year in which somebody in this grade on a day graduates; null where grades are not counted (before kindergarten, ungraded). */
export function classYearOf(gradeLevel: string | null, on: string): number | null {
  const grade = gradeLevel === 'KG' ? 0 : Number(gradeLevel);
  return gradeLevel !== null && Number.isInteger(grade) && grade >= 0 && grade <= 12 ? schoolYearOf(on) + 12 - grade : null;
}

const decimal = /^\d{1,3}(\.\d{1,3})?$/;

/** Refuses PLAN_INVALID for a plan that cannot be meant. */
export function checkPlan(name: string, creditsPerYear: string, requirements: readonly Requirement[]): void {
  const odd = (what: string) => refuse('PLAN_INVALID', what);
  if (!name.trim()) odd('A plan has a name.');
  if (!decimal.test(creditsPerYear) || Number(creditsPerYear) === 0) odd(`${creditsPerYear} are no credits of a year.`);
  if (!requirements.length || requirements.length > 100) odd('A plan has between 1 and 100 requirements.');
  const keys = requirements.map(({ key }) => key.trim());
  const twice = keys.find((key, n) => !key || keys.indexOf(key) < n);
  if (twice !== undefined) odd(`Each requirement has a key of its own, not "${twice}".`);
  for (const { key, credits: asked, leastPoints } of requirements) {
    if (!decimal.test(asked) || Number(asked) === 0) odd(`${key} asks for ${asked} credits.`);
    if (leastPoints !== null && !(decimal.test(leastPoints) && Number(leastPoints) <= 10))
      odd(`${key} asks for ${leastPoints} grade points.`);
  }
}
