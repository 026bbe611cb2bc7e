/** A calendar day as text, `2026-11-21`: no time, no zone. Compares as text. */
export type IsoDate = string;

export const weekdays = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
export type Weekday = (typeof weekdays)[number];

const dayMs = 86_400_000;
const asUtc = (date: IsoDate) => Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)));

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeapYear = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Is this a day that exists (29 February only in leap years), written `YYYY-MM-DD`? */
export function isDate(text: unknown): text is IsoDate {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  if (year < 100) return false; // JavaScript takes these for years of the last century
  return day >= 1 && day <= (month === 2 && isLeapYear(year) ? 29 : (daysOfMonth[month - 1] ?? 0));
}

export function addDays(date: IsoDate, days: number): IsoDate {
  return new Date(asUtc(date) + days * dayMs).toISOString().slice(0, 10);
}

export function daysBetween(from: IsoDate, to: IsoDate): number {
  return Math.round((asUtc(to) - asUtc(from)) / dayMs);
}

export function dayOfWeek(date: IsoDate): Weekday {
  return weekdays[new Date(asUtc(date)).getUTCDay()]!;
}

export function laterOf(a: IsoDate, b: IsoDate): IsoDate {
  return a < b ? b : a;
}

/** The calendar day that a school has at an instant; `timeZone` is an IANA name. */
export function todayIn(timeZone: string, now: Date): IsoDate {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
}
