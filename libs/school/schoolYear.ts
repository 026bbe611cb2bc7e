import type { IsoDate } from './dates.ts';

/** The school year a day falls in, named by the year in which it ends (as OneRoster does); a year turns on 1 July. */
export function schoolYearOf(date: IsoDate): number {
  return Number(date.slice(0, 4)) + (date.slice(5) >= '07-01' ? 1 : 0);
}
