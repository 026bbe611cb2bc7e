import { refuse } from '@rollbook/school';
import type { PrerequisiteInput } from '../schema.types.ts';

/** One thing that must be there before a course: any one of the courses (by number), or what the note says. */
export interface Prerequisite {
  readonly anyOf: readonly string[];
  readonly note: string | null;
}

/** Credits are a decimal number with at most three places, below 1000. Refuses CREDITS_INVALID. */
export function checkCredits(credits: string | null | undefined): void {
  if (credits != null && !/^\d{1,3}(\.\d{1,3})?$/.test(credits))
    refuse('CREDITS_INVALID', `"${credits}" is not a number of credits such as 5 or 0.5.`);
}

/** Periods of the day: more than none, with at most two places, below 100. Refuses PERIOD_LOAD_INVALID. */
export function checkPeriodLoad(load: string | null | undefined): void {
  if (load != null && (!/^\d{1,2}(\.\d{1,2})?$/.test(load) || Number(load) === 0))
    refuse('PERIOD_LOAD_INVALID', `"${load}" is not a number of periods such as 1 or 0.5.`);
}

/** Prerequisites in the form they are kept. Each names courses, or says in words what is asked. Refuses PREREQUISITE_EMPTY. */
export function prerequisitesOf(inputs: readonly PrerequisiteInput[], ownNumber: string | null | undefined): Prerequisite[] {
  return inputs.map(({ anyOf, note }) => {
    if (!anyOf?.length && !note?.trim()) refuse('PREREQUISITE_EMPTY', 'A prerequisite names courses or has a note.');
    if (ownNumber && anyOf?.includes(ownNumber)) refuse('PREREQUISITE_OF_ITSELF', `Course ${ownNumber} would be needed to take itself.`);
    return { anyOf: anyOf ?? [], note: note?.trim() || null };
  });
}
