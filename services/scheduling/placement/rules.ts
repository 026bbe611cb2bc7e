import type { Prerequisite } from '../catalog/rules.ts';

/** Something that speaks against a class for a student; a principal or a counselor may override it. */
export interface Concern {
  readonly code:
    'ALREADY_PASSED' | 'PREREQUISITE_UNMET' | 'SECOND_EMPTY_PERIOD' | 'SEATS_KEPT' | 'OTHER_TEAM' | 'OTHER_TRACK' | 'LINK_BROKEN';
  readonly sentence: string;
}

/** A course as far as a student's past decides about it. */
export interface CourseForStudent {
  readonly title: string;
  /** Passed before, and not to be taken again. */
  readonly passed: boolean;
  readonly prerequisites: readonly Prerequisite[];
  /** Numbers of the courses that the student passed, takes or is about to take beside it. */
  readonly taken: readonly string[];
}

/** A course is not taken again when it was passed, and not before what it builds on; a prerequisite in words is for people to judge. */
export function courseConcerns({ title, passed, prerequisites, taken }: CourseForStudent): Concern[] {
  const unmet = prerequisites.filter(({ anyOf }) => anyOf.length && !anyOf.some((number) => taken.includes(number)));
  return [
    ...(passed ? [{ code: 'ALREADY_PASSED', sentence: `The student passed ${title} already.` } as const] : []),
    ...unmet.map(({ anyOf }) => ({ code: 'PREREQUISITE_UNMET', sentence: `${title} needs ${anyOf.join(' or ')} before it.` }) as const),
  ];
}

/** One period without a class may be meant; a second one is an oversight, unless there were as many before. */
export function gapConcerns(before: readonly string[], after: readonly string[]): Concern[] {
  if (after.length < 2 || after.length <= before.length) return [];
  return [{ code: 'SECOND_EMPTY_PERIOD', sentence: `The student would have no class in the periods ${after.join(', ')}.` }];
}

/** More students than this without a full schedule at a school are the principal's affair. */
export const alarmAbove = 10;
