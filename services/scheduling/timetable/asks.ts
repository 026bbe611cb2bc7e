import { refuse } from '@rollbook/school';

/** Seats of a section that are kept for a program. */
export interface Reservation {
  readonly program: string;
  readonly seats: number;
}

/** Refuses RESERVATION_INVALID, RESERVED_MORE_THAN_SEATS. `seats`: null for as many as come. */
export function checkReservations(section: { number: string; seats: number | null; reservations: readonly Reservation[] }): void {
  const { number, seats, reservations } = section;
  const programs = reservations.map(({ program }) => program);
  if (reservations.some(({ program, seats: kept }) => !program || !Number.isInteger(kept) || kept < 1))
    refuse('RESERVATION_INVALID', `Section ${number} keeps at least one seat for each program that it names.`);
  if (new Set(programs).size < programs.length) refuse('RESERVATION_INVALID', `Section ${number} names a program twice.`);
  const kept = reservations.reduce((sum, each) => sum + each.seats, 0);
  if (seats !== null && kept > seats)
    refuse('RESERVED_MORE_THAN_SEATS', `Section ${number} would keep ${kept} seats for programs, and has ${seats}.`);
}

/** How two sections of one course in one link are refused. */
export const linkOfOneCourse = (link: string, a: string, b: string): never =>
  refuse('LINK_OF_ONE_COURSE', `The link ${link} would tie sections ${a} and ${b}, which are of one course: nobody can be in both.`);
