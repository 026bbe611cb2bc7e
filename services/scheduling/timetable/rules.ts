import { refuse, type IsoDate } from '@rollbook/school';

/** A part of the school year that sections run in. */
export interface Term {
  readonly title: string;
  readonly id: string;
  readonly begins: IsoDate;
  /** The first day after it. */
  readonly ends: IsoDate;
}

export interface PlannedPeriod {
  readonly id: string;
  readonly name: string;
  readonly sortOrder: number;
}

/** What a school's timetable is made of: its terms, kinds of day and periods. Every class fills some cells of it. */
export interface Grid {
  /** The shortest parts of the year that sections run in; a longer one is made of these. */
  readonly terms: readonly Term[];
  /** Sessions that sections name, each with the terms it is made of. */
  readonly termsOf: ReadonlyMap<string, readonly string[]>;
  /** Days of the rotation; one empty label where all days are alike. */
  readonly days: readonly string[];
  readonly periods: readonly PlannedPeriod[];
}

/** A cell of the timetable as text, "session/day/period": what scenarios keep and the algorithms name slots by. */
export const slotOf = (termId: string, day: string, periodId: string): string => `${termId}/${day}/${periodId}`;

export function partsOf(slot: string): { sessionId: string; day: string; periodId: string } {
  const [sessionId = '', day = '', periodId = ''] = slot.split('/');
  return { sessionId, day, periodId };
}

/** Of the sessions that sections run in, those in which no other one lies; and of which of these each is made. */
export function gridOf(sessions: readonly Term[], days: readonly string[], periods: readonly PlannedPeriod[]): Grid {
  const within = (a: Term, b: Term) => a.begins >= b.begins && a.ends <= b.ends;
  const shortest = sessions.filter(
    (session) => !sessions.some((other) => other.id !== session.id && within(other, session) && !within(session, other)),
  );
  // Two sessions of the same days are one term.
  const terms = shortest.filter((term, n) => shortest.findIndex(({ begins, ends }) => begins === term.begins && ends === term.ends) === n);
  return {
    terms: terms.toSorted((a, b) => a.begins.localeCompare(b.begins) || a.ends.localeCompare(b.ends)),
    termsOf: new Map(sessions.map((session) => [session.id, terms.filter((term) => within(term, session)).map(({ id }) => id)])),
    days: days.length ? days : [''],
    periods: periods.toSorted((a, b) => a.sortOrder - b.sortOrder),
  };
}

/** The terms in which a section of these sessions meets. */
export const termsOfSection = ({ termsOf }: Grid, sessionIds: readonly string[]): string[] => [
  ...new Set(sessionIds.flatMap((id) => termsOf.get(id) ?? [])),
];

/**
 * Where a section could meet: in each of its terms the same periods in a row, on one of the sets of days; and when it runs in one of some
 * sessions, in the terms of each of these.
 */
export function possiblePlacements(
  grid: Grid,
  section: {
    readonly sessionIds: readonly string[];
    readonly sessionChoices: readonly string[];
    readonly periodsInRow: number;
    readonly dayChoices: readonly (readonly string[])[];
  },
): string[][] {
  const spans = section.sessionChoices.length ? section.sessionChoices.map((id) => [id]) : [section.sessionIds];
  const terms = spans.map((sessionIds) => termsOfSection(grid, sessionIds)).filter((span) => span.length);
  const rows = grid.periods
    .map((_, n) => grid.periods.slice(n, n + section.periodsInRow))
    .filter((row) => row.length === section.periodsInRow);
  const choices = section.dayChoices.map((days) => (days.length ? days : grid.days).filter((day) => grid.days.includes(day)));
  return choices
    .filter((days) => days.length)
    .flatMap((days) =>
      rows.flatMap((row) =>
        terms.map((span) => span.flatMap((term) => days.flatMap((day) => row.map(({ id }) => slotOf(term, day, id)))).sort()),
      ),
    );
}

/** A period of a section as somebody writes it. */
export interface WrittenMeeting {
  readonly sessionId?: string | null;
  readonly periodId: string;
  readonly day?: string | null;
}

/** Written meetings as cells. Refuses PERIOD_UNKNOWN (a period, day or term that the timetable does not have). */
export function slotsOf(grid: Grid, sessionIds: readonly string[], meetings: readonly WrittenMeeting[]): string[] {
  const terms = termsOfSection(grid, sessionIds);
  const slots = meetings.flatMap(({ sessionId, periodId, day }) => {
    if (!grid.periods.some(({ id }) => id === periodId)) refuse('PERIOD_UNKNOWN', `The school has no period ${periodId}.`);
    if (day && !grid.days.includes(day))
      refuse('PERIOD_UNKNOWN', `The school has no day "${day}"; it has ${grid.days.join(', ') || 'one kind of day'}.`);
    const wanted = sessionId ? (grid.termsOf.get(sessionId) ?? []).filter((term) => terms.includes(term)) : terms;
    if (!wanted.length) refuse('PERIOD_UNKNOWN', `The section does not run in session ${sessionId ?? 'any'}.`);
    return wanted.flatMap((term) => (day ? [day] : grid.days).map((label) => slotOf(term, label, periodId)));
  });
  return [...new Set(slots)].sort();
}

/** A period of a section on the days of a label, in a span of the year: a row of the live meeting pattern. */
export interface LiveMeeting {
  readonly periodId: string;
  /** Empty: every day. */
  readonly dayLabel: string;
  readonly begins: IsoDate;
  /** The first day after it; null: until the section ends. */
  readonly ends: IsoDate | null;
}

/** The cells that live meetings fill in the section's terms; null when it does not meet. */
export function slotsOfLive(grid: Grid, sessionIds: readonly string[], meetings: readonly LiveMeeting[]): string[] | null {
  const terms = grid.terms.filter(({ id }) => termsOfSection(grid, sessionIds).includes(id));
  const slots = terms.flatMap((term) => {
    // A section that moved in the middle of a term meets where it met last.
    const inTerm = meetings.filter(({ begins, ends }) => begins < term.ends && (ends === null || ends > term.begins));
    const last = inTerm
      .map(({ begins }) => begins)
      .sort()
      .at(-1);
    return inTerm
      .filter(({ begins }) => begins === last)
      .flatMap(({ periodId, dayLabel }) =>
        (dayLabel === '' ? grid.days : grid.days.filter((day) => day === dayLabel)).map((day) => slotOf(term.id, day, periodId)),
      );
  });
  return slots.length ? [...new Set(slots)].sort() : null;
}

/**
 * Cells as rows of a live meeting pattern: a period that fills all days is one row, and one that is the same in all terms lasts as long
 * as the section. `section`: the days it lasts.
 */
export function liveMeetingsOf(grid: Grid, slots: readonly string[], section: { begins: IsoDate; ends: IsoDate | null }): LiveMeeting[] {
  const byTerm = Map.groupBy(slots.map(partsOf), ({ sessionId }) => sessionId);
  const labelsOf = (parts: readonly { day: string; periodId: string }[]) =>
    [...Map.groupBy(parts, ({ periodId }) => periodId)].flatMap(([periodId, all]) => {
      const days = [...new Set(all.map(({ day }) => day))];
      return (grid.days.every((day) => days.includes(day)) ? [''] : days.sort()).map((dayLabel) => ({ periodId, dayLabel }));
    });
  const rows = grid.terms.filter(({ id }) => byTerm.has(id)).map((term) => ({ term, meets: labelsOf(byTerm.get(term.id)!) }));
  const asText = (meets: readonly object[]) =>
    meets
      .map((meeting) => JSON.stringify(meeting))
      .sort()
      .join();
  const merged: { begins: IsoDate; ends: IsoDate | null; meets: { periodId: string; dayLabel: string }[] }[] = [];
  for (const { term, meets } of rows) {
    const before = merged.at(-1);
    if (before && asText(before.meets) === asText(meets)) before.ends = term.ends;
    else merged.push({ begins: term.begins, ends: term.ends, meets });
  }
  if (merged.length) {
    merged[0]!.begins = section.begins;
    merged.at(-1)!.ends = section.ends;
  }
  return merged.flatMap(({ begins, ends, meets }) => meets.map((meeting) => ({ ...meeting, begins, ends })));
}

/** How a verb tells which number somebody saw is not the present one. */
export const changedMeanwhile = (what: string, seen: number | string, details: Readonly<Record<string, unknown>>): never =>
  refuse('CHANGED_MEANWHILE', `${what} was changed since you saw it (${seen}); look at it as it is now, and decide again.`, details);
