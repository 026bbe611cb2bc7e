import type { PlacedSection, School, Seat } from '../school.ts';
import { type Fault, type LaidOut, laidOut } from './laidOut.ts';
import { roomDoubleBooked, roomNotFit, roomTooSmall } from './rooms.ts';
import { combinedApart, linkOverlaps, placementNotPossible, sectionLockBroken } from './sections.ts';
import {
  linkBroken,
  outsideTeam,
  outsideTrack,
  reservationTaken,
  seatAnswersNothing,
  seatNotPossible,
  seatsExceeded,
  studentDoubleBooked,
  studentLockBroken,
} from './students.ts';
import {
  coTeacherDoubleBooked,
  preparationMissing,
  teacherDoubleBooked,
  teacherNotQualified,
  teacherOverloaded,
  teacherUnavailable,
} from './teachers.ts';

/** Every hard rule of a schedule. Each opens with what it asks for; a schedule with no fault may be committed. */
export const hardRules: readonly ((all: LaidOut) => readonly Fault[])[] = [
  teacherDoubleBooked,
  coTeacherDoubleBooked,
  teacherNotQualified,
  teacherOverloaded,
  preparationMissing,
  teacherUnavailable,
  roomDoubleBooked,
  roomNotFit,
  roomTooSmall,
  placementNotPossible,
  sectionLockBroken,
  combinedApart,
  linkOverlaps,
  studentDoubleBooked,
  seatNotPossible,
  seatAnswersNothing,
  seatsExceeded,
  reservationTaken,
  linkBroken,
  outsideTeam,
  outsideTrack,
  studentLockBroken,
];

/**
 * Everything that is wrong with a schedule, in the order of the rules; empty when it may be committed.
 * @param seats may be empty: a master schedule is judged before anybody sits in it (students' locks are then reported).
 * @throws Error when the schedule names a section, a student or a slot that the school does not have.
 */
export function faultsOf(school: School, placed: readonly PlacedSection[], seats: readonly Seat[]): Fault[] {
  const all = laidOut(school, placed, seats);
  return hardRules.flatMap((rule) => rule(all));
}
