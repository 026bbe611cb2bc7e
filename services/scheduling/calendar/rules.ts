import { refuse, type IsoDate } from '@rollbook/school';

interface Span {
  readonly begins: IsoDate;
  readonly ends: IsoDate;
}

/** The end of a span is the first day after it, so it comes later than the beginning. Refuses DATES_REVERSED. */
export function checkSpan({ begins, ends }: Span): void {
  if (ends <= begins) refuse('DATES_REVERSED', `It would begin on ${begins} and end before ${ends}; the end is the first day after it.`);
}

/** A part lies within the whole. Refuses OUTSIDE_PARENT. */
export function checkWithin(part: Span, whole: Span & { readonly title: string }): void {
  if (part.begins < whole.begins || part.ends > whole.ends)
    refuse('OUTSIDE_PARENT', `${part.begins} to ${part.ends} is not within ${whole.title}, ${whole.begins} to ${whole.ends}.`);
}

const mostDates = 400;

/** A request sets each day once, inside the calendar. Refuses TOO_MANY_DATES, DATE_TWICE, OUTSIDE_CALENDAR. */
export function checkDates(dates: readonly IsoDate[], calendar: Span): void {
  if (dates.length > mostDates) refuse('TOO_MANY_DATES', `A request sets at most ${mostDates} days, not ${dates.length}.`);
  const seen = new Set<IsoDate>();
  for (const date of dates) {
    if (seen.has(date)) refuse('DATE_TWICE', `${date} is in the request twice.`, { date });
    if (date < calendar.begins || date >= calendar.ends)
      refuse('OUTSIDE_CALENDAR', `${date} is not within the calendar, ${calendar.begins} to before ${calendar.ends}.`, { date });
    seen.add(date);
  }
}
