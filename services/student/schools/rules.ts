import { refuse } from '@rollbook/school';

/** Grade levels in their order, as CEDS and OneRoster name them. */
export const grades = ['IT', 'PR', 'PK', 'TK', 'KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13'] as const;

/** A school's grades run from the lowest to the highest. Refuses GRADE_SPAN_INVALID. */
export function checkGradeSpan(lowest: string, highest: string): void {
  const [from, to] = [lowest, highest].map((grade) => (grades as readonly string[]).indexOf(grade));
  if (from === -1 || to === -1)
    refuse('GRADE_SPAN_INVALID', `A grade is one of ${grades.join(', ')}; "${lowest}" to "${highest}" is not a span of them.`);
  if (from! > to!) refuse('GRADE_SPAN_INVALID', `The lowest grade (${lowest}) comes after the highest (${highest}).`);
}

/** A time zone is an IANA name that this machine's time zone data knows. Refuses TIME_ZONE_UNKNOWN. */
export function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    refuse('TIME_ZONE_UNKNOWN', `"${timeZone}" is not an IANA time zone such as America/Los_Angeles.`);
  }
}
