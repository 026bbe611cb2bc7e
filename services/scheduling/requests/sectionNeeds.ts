import { refuse } from '@rollbook/school';
import type { Transaction } from '@rollbook/subgraph';
import { checkReservations, linkOfOneCourse, type Reservation } from '../timetable/asks.ts';
import { gridFor } from '../timetable/scenarios.ts';
import type { ScheduleRow } from './csv.ts';
import type { Year } from './facts.ts';
import { inColumn, refuseCell } from './importing.ts';

/** What a row asks of the schedule for its section. */
export interface Needs {
  readonly reservations: readonly Reservation[];
  readonly track: string;
  readonly combinedWith: string | null;
  readonly link: string | null;
  readonly team: string | null;
  readonly roomGroups: readonly string[];
  /** It runs in one of these; none: in all of its terms. */
  readonly sessionChoices: readonly string[];
  /** Both null: nobody says how it may meet. */
  readonly periodsInRow: number | null;
  readonly dayChoices: readonly (readonly string[])[] | null;
}

/** What the needs of a row are held against. */
interface Known {
  readonly roomGroups: ReadonlySet<string>;
  readonly tracks: ReadonlySet<string>;
  readonly days: readonly string[];
  readonly periods: number;
}

export async function knownToNeeds(query: Transaction['query'], { schoolId, schoolYear }: Year): Promise<Known> {
  const groups = await query<{ name: string }>('select distinct unnest(groups) as name from room where school_id = $1', [schoolId]);
  const tracks = await query<{ track: string }>('select distinct track from calendar where school_id = $1', [schoolId]);
  const { days, periods } = await gridFor(query, schoolId, schoolYear);
  const roomGroups = new Set(groups.map(({ name }) => name));
  return { roomGroups, tracks: new Set(tracks.map(({ track }) => track)), days, periods: periods.length };
}

/** Needs of a row; an empty cell is as it was. Refuses RESERVATION_INVALID, TERMS_CHOSEN. */
export function needsIn(row: ScheduleRow, sessionIds: readonly string[], before: Needs | undefined): Needs {
  const says = (column: string) => row.text(column) !== null;
  const isSaid = says('periods_in_row') || says('days');
  const [periods, days] = [before?.periodsInRow ?? null, before?.dayChoices ?? null];
  if (row.flag('one_term') === false && before?.sessionChoices.length)
    refuseCell('one_term', 'TERMS_CHOSEN', 'The section runs in one of these terms already, or will.');
  return {
    reservations: says('reserved') ? row.list('reserved').map(reservationIn) : (before?.reservations ?? []),
    track: row.text('track') ?? before?.track ?? '',
    combinedWith: row.text('combined') ?? before?.combinedWith ?? null,
    link: row.text('link') ?? before?.link ?? null,
    team: row.text('team') ?? before?.team ?? null,
    roomGroups: says('room_groups') ? [...new Set(row.list('room_groups'))].sort() : (before?.roomGroups ?? []),
    sessionChoices: row.flag('one_term')
      ? before?.sessionChoices.length
        ? before.sessionChoices
        : sessionIds
      : (before?.sessionChoices ?? []),
    periodsInRow: isSaid ? (row.number('periods_in_row') ?? periods ?? 1) : periods,
    dayChoices: says('days') ? row.list('days').map(daysIn) : isSaid ? (days ?? [[]]) : days,
  };
}

function reservationIn(entry: string): Reservation {
  const [, program, seats] = /^([^:]+?)\s*:\s*(\d{1,4})$/.exec(entry) ?? [];
  if (!program) return refuseCell('reserved', 'RESERVATION_INVALID', `"${entry}" is not a program with its seats.`);
  return { program, seats: Number(seats) };
}

/** A+C: on days A and C. */
const daysIn = (entry: string): string[] => [...new Set(entry.split('+').map((day) => day.trim()))].filter(Boolean).sort();

interface Asking extends Needs {
  readonly number: string;
  readonly courseId: string;
  readonly sessionIds: readonly string[];
  readonly seatLimit: number | null;
  readonly teacherId: string | null;
}

/** What a row asks by itself, the school must have. */
export function checkNeeds(section: Asking, { roomGroups, tracks, days, periods }: Known): void {
  const { number, seatLimit: seats, reservations, track, periodsInRow, dayChoices } = section;
  inColumn('reserved', () => checkReservations({ number, seats, reservations }));
  if (track && !tracks.has(track)) refuseCell('track', 'TRACK_UNKNOWN', `The school has no calendar for a track "${track}".`);
  const unfit = section.roomGroups.filter((group) => !roomGroups.has(group));
  if (unfit.length) refuseCell('room_groups', 'ROOM_GROUP_UNKNOWN', `The school has no room for ${unfit.join(', ')}.`);
  const unknown = [...new Set((dayChoices ?? []).flat())].filter((day) => !days.includes(day));
  if (unknown.length) refuseCell('days', 'DAY_UNKNOWN', `The school has no day ${unknown.join(', ')}.`);
  if (periodsInRow === null) return;
  if (periodsInRow < 1 || periodsInRow > 4) refuseCell('periods_in_row', 'PERIODS_INVALID', 'A section takes 1 to 4 periods in a row.');
  if (periodsInRow > Math.max(1, periods))
    refuseCell('periods_in_row', 'NO_PLACEMENT', `The school has ${periods} periods, and no ${periodsInRow} that follow one another.`);
}

/** What a row asks beside other sections: those of a link are of different courses, those of one class can be one. */
export function checkTogether(section: Asking, others: readonly Asking[]): void {
  const { link, combinedWith, number, courseId } = section;
  const same = others.find((other) => link !== null && other.link === link && other.courseId === courseId);
  if (same) inColumn('link', () => linkOfOneCourse(link!, number, same.number));
  for (const other of others.filter((each) => combinedWith !== null && each.combinedWith === combinedWith)) {
    const apart = differences(section, other);
    if (apart.length)
      inColumn('combined', () =>
        refuse('COMBINED_APART', `Sections ${number} and ${other.number} would be one class, and have not the same ${apart.join(', ')}.`),
      );
  }
}

function differences(a: Asking, b: Asking): string[] {
  const terms = ({ sessionIds, sessionChoices }: Asking) => [...(sessionChoices.length ? sessionChoices : sessionIds)].sort().join();
  const meets = ({ periodsInRow, dayChoices }: Asking) => JSON.stringify([periodsInRow ?? 1, dayChoices ?? [[]]]);
  return [
    terms(a) === terms(b) ? '' : 'terms',
    a.teacherId === null || b.teacherId === null || a.teacherId === b.teacherId ? '' : 'teacher',
    meets(a) === meets(b) ? '' : 'periods in a row and days',
  ].filter(Boolean);
}
