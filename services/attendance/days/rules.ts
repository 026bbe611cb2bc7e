import { daysBetween, refuse, type IsoDate } from '@rollbook/school';
import type { State } from '../rolls/rules.ts';

type Standing = State['state'];

/**
 * What a student's periods of one day add up to. Absent for the day is who missed at least `absentFromPercent` of its periods.
 * A period without a roll is neither present nor absent: as long as such periods could still make the day an absence, the day is
 * not submitted.
 */
export function dayState(periods: readonly Standing[], absentFromPercent: number): Standing {
  const count = (state: Standing) => periods.filter((period) => period === state).length;
  const [absent, missing] = [count('ABSENT'), count('NOT_SUBMITTED')];
  const isAbsence = (missed: number) => missed > 0 && missed * 100 >= absentFromPercent * periods.length;
  if (missing === periods.length) return 'NOT_SUBMITTED';
  if (isAbsence(absent)) return 'ABSENT';
  if (isAbsence(absent + missing)) return 'NOT_SUBMITTED';
  return count('TARDY') ? 'TARDY' : 'PRESENT';
}

const maxDays = 400;

/** Refuses RANGE_INVALID. */
export function checkRange(from: IsoDate, to: IsoDate): void {
  if (to < from) refuse('RANGE_INVALID', `The range ends (${to}) before it begins (${from}).`);
  if (daysBetween(from, to) >= maxDays) refuse('RANGE_INVALID', `A range holds at most ${maxDays} days.`);
}
