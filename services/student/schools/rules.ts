import { refuse } from '@rollbook/school';

/** Grade levels in their order, as CEDS and OneRoster name them. */
export const grades = ['IT', 'PR', 'PK', 'TK', 'KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13'] as const;

/** A school's grades run from the lowest to the highest. Refuses GRADE_SPAN_INVALID. */
export function checkGradeSpan(lowest: string | null, highest: string | null): void {
  const [from, to] = [lowest, highest].map((grade) => (grades as readonly (string | null)[]).indexOf(grade));
  if (from === -1 || to === -1)
    refuse('GRADE_SPAN_INVALID', `A grade is one of ${grades.join(', ')}; "${lowest}" to "${highest}" is not a span of them.`);
  if (from! > to!) refuse('GRADE_SPAN_INVALID', `The lowest grade (${lowest}) comes after the highest (${highest}).`);
}

/** A time zone is an IANA name that this machine's time zone data knows. Refuses TIME_ZONE_UNKNOWN. */
export function checkTimeZone(timeZone: string | null): void {
  if (!timeZone || !isTimeZone(timeZone))
    refuse('TIME_ZONE_UNKNOWN', `"${timeZone}" is not an IANA time zone such as America/Los_Angeles.`);
}

/** A district and a school have a name. Refuses NAME_MISSING. */
export function checkSchoolName(name: string | null): void {
  if (!name?.trim()) refuse('NAME_MISSING', 'A name is needed; it is empty.');
}

/** Is this an IANA time zone that this machine's time zone data knows? */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** The same properties, once nothing is null that must not be: what the checks refused. */
export type Checked<Changes> = { readonly [Name in keyof Changes]: NonNullable<Changes[Name]> };
