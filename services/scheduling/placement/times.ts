import type { School } from '@rollbook/timetable';
import type { LiveSection } from './liveSchool.ts';

const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

/** Do two sections meet at the same time some day? A day of the rotation falls on any weekday. */
export function meetTogether(a: LiveSection, b: LiveSection): boolean {
  const sameDay = (one: string, other: string) =>
    one === '' || other === '' || one === other || weekdays.includes(one) !== weekdays.includes(other);
  return a.meetings.some((one) =>
    b.meetings.some(
      (other) =>
        one.periodId === other.periodId && one.begins < other.ends && other.begins < one.ends && sameDay(one.dayLabel, other.dayLabel),
    ),
  );
}

/** When sections meet, as the algorithms are told it. */
export interface Times {
  readonly slots: School['slots'];
  placementOf(section: LiveSection): readonly string[];
}

/** A slot is a part of the days in which no meeting begins or ends, a weekday and a day of the rotation as far as meetings tell them apart, and a period. */
export function timesOf(sections: readonly LiveSection[]): Times {
  const meetings = sections.flatMap((section) => section.meetings);
  const bounds = [...new Set(meetings.flatMap(({ begins, ends }) => [begins, ends]))].sort();
  const labels = new Set(meetings.map(({ dayLabel }) => dayLabel));
  const days = weekdays.filter((day) => labels.has(day));
  const rotation = [...labels].filter((label) => label !== '' && !weekdays.includes(label));
  // The other weekdays, and the other days of the rotation, are one more day each: a class of every day meets then too.
  const kinds = ['', ...days].flatMap((day) => ['', ...rotation].map((label) => ({ day, label, name: `${day}|${label}` })));
  const periodOf = new Map<string, string>();
  const placements = new Map(
    sections.map(({ id, meetings }) => {
      const slots = meetings.flatMap(({ periodId, dayLabel, begins, ends }) =>
        bounds
          .filter((from) => begins <= from && from < ends)
          .flatMap((from) =>
            kinds
              .filter(({ day, label }) => dayLabel === '' || dayLabel === day || dayLabel === label)
              .map(({ name }) => {
                const slot = `${from} ${name} ${periodId}`;
                periodOf.set(slot, periodId);
                return slot;
              }),
          ),
      );
      return [id, slots] as const;
    }),
  );
  return {
    slots: [...periodOf].map(([id, period], order) => ({ id, term: '', day: '', period, order })),
    placementOf: ({ id }) => placements.get(id)!,
  };
}

/** The most slots that are told apart. */
const mostSlots = 53;

export interface TimesForOne extends Times {
  /** The slots that the student has no time in. */
  readonly busy: readonly string[];
}

/**
 * When sections meet, as far as it matters to one student, who takes one section of a course at most: in one slot are sections of which
 * any two are at the same time or of one course. Far fewer slots than days and periods tell the same then.
 *
 * @param kept sections in which the student stays; nothing that meets with them can be taken
 * @returns null when that is too many nevertheless
 */
export function timesForOne(sections: readonly LiveSection[], kept: readonly LiveSection[]): TimesForOne | null {
  const { placementOf } = timesOf([...sections, ...kept]);
  const keptSlots = new Set(kept.flatMap(placementOf));
  const isBusy = (section: LiveSection) => placementOf(section).some((slot) => keptSlots.has(slot));
  const free = sections.filter((section) => !isBusy(section));
  const groups = new Map<string, number[]>();
  free.forEach((section, n) => placementOf(section).forEach((slot) => groups.set(slot, [...(groups.get(slot) ?? []), n])));
  const together = free.map(() => new Set<number>());
  for (const group of groups.values()) for (const one of group) group.forEach((other) => together[one]!.add(other));
  const excludes = (a: number, b: number) => free[a]!.courseId === free[b]!.courseId || together[a]!.has(b);
  const slots = gathered([...groups.values()], excludes, (a, b) => free[a]!.courseId !== free[b]!.courseId);
  if (slots.length >= mostSlots) return null;
  const slotsOf = new Map<string, string[]>(sections.map((section) => [section.id, isBusy(section) ? ['busy'] : []]));
  slots.forEach((group, n) => group.forEach((one) => slotsOf.get(free[one]!.id)!.push(`${n}`)));
  return {
    slots: ['busy', ...slots.keys()].map((id, order) => ({ id: `${id}`, term: '', day: '', period: '', order })),
    placementOf: ({ id }) => slotsOf.get(id)!,
    busy: ['busy'],
  };
}

/** Groups in which everybody excludes everybody, put together for as long as that holds; of those that tell nothing new, none. */
function gathered(
  groups: readonly (readonly number[])[],
  excludes: (a: number, b: number) => boolean,
  matters: (a: number, b: number) => boolean,
): number[][] {
  const wholes: Set<number>[] = [];
  for (const group of groups.toSorted((a, b) => b.length - a.length)) {
    if (!group.some((one) => matters(one, group[0]!)) || wholes.some((whole) => group.every((one) => whole.has(one)))) continue;
    const whole = wholes.find((each) => group.every((one) => [...each].every((other) => excludes(one, other))));
    if (whole) group.forEach((one) => whole.add(one));
    else wholes.push(new Set(group));
  }
  return wholes.map((whole) => [...whole]);
}
