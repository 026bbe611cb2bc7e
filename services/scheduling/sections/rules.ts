import { refuse, type IsoDate } from '@rollbook/school';
import type { MeetingInput } from '../schema.types.ts';

interface Lasting {
  readonly number: string;
  readonly begins: IsoDate;
}

/** A day on which a section takes place. Refuses OUTSIDE_SECTION. */
export function checkDayOf(section: Lasting, closes: IsoDate | null, date: IsoDate): void {
  if (date < section.begins || (closes !== null && date >= closes))
    refuse(
      'OUTSIDE_SECTION',
      `${date} is not a day of section ${section.number}, which is from ${section.begins} to ${closes === null ? 'no known day' : `before ${closes}`}.`,
    );
}

/** One row of a meeting pattern: a period on the days of one label. */
export interface DayOfPattern {
  readonly periodId: string;
  readonly dayLabel: string;
  readonly roomId: string | null;
}

/** A pattern as rows: one for each day label, one without a label for every school day. Refuses BAD_USER_INPUT. */
export function patternDays(meetings: readonly MeetingInput[]): DayOfPattern[] {
  return meetings.flatMap(({ periodId, days, roomId }) => {
    if (days?.some((day) => !day.trim()))
      refuse('BAD_USER_INPUT', 'A day of a meeting needs a label; leave "days" out for every school day.');
    const labels = days?.length ? [...new Set(days)] : [''];
    return labels.map((dayLabel) => ({ periodId, dayLabel, roomId: roomId ?? null }));
  });
}

/** What a room is fit for, each group once. Refuses GROUP_INVALID. */
export function groupsOf(groups: readonly string[]): string[] {
  const names = groups.map((group) => group.trim());
  if (names.some((name) => !name || name.includes(';'))) refuse('GROUP_INVALID', 'A group of rooms has a name, without a semicolon.');
  return [...new Set(names)].sort();
}

/** The days a section of these sessions lasts: from the first one's beginning to the last one's end. */
export function spanOf(sessions: readonly { begins: IsoDate; ends: IsoDate }[]): { begins: IsoDate; ends: IsoDate } {
  const begins = sessions.map((session) => session.begins).sort();
  const ends = sessions.map((session) => session.ends).sort();
  return { begins: begins[0]!, ends: ends.at(-1)! };
}

/** A verb that takes something away says why. Refuses REASON_REQUIRED. */
export function checkReason(reason: string | null | undefined): string {
  return reason?.trim() || refuse('REASON_REQUIRED', 'Say why; the reason is kept with the change.');
}
