import type { IndexedSchool, IndexedStudent, Offer, Offering } from './indexed.ts';
import { indexSchool, maskOf, offeringOf, seatsLeft } from './indexed.ts';
import type { CourseRequest, PlacedSection, Placement, School, Seat, Student } from './school.ts';
import { takeAll } from './walkIn.ts';
import { wordsFor } from './when.ts';

/** A schedule as it sits, and a student in it whose request is not met: what both the reasons and the repairs look at. */

/** Slots as bits, as in `indexed.ts`. */
export interface Mask {
  readonly lo: number;
  readonly hi: number;
}

/** The school as it sits, to look things up in. */
export interface Seen {
  readonly school: School;
  readonly indexed: IndexedSchool;
  readonly offering: Offering;
  readonly placementOf: ReadonlyMap<string, Placement>;
  readonly placedAs: ReadonlyMap<string, PlacedSection>;
  /** Sections of each student, and students of each section, as numbers and ids. */
  readonly sectionsOf: ReadonlyMap<string, readonly number[]>;
  readonly studentsIn: ReadonlyMap<string, readonly string[]>;
  /** Of each student, the place in the school's list. */
  readonly studentIndex: ReadonlyMap<string, number>;
}

/** A student with a request that is not met. */
export interface Case {
  readonly seen: Seen;
  readonly who: IndexedStudent;
  readonly request: CourseRequest;
  readonly sitsIn: readonly number[];
  readonly lo: number;
  readonly hi: number;
}

export function see(school: School, placed: readonly PlacedSection[], seats: readonly Seat[]): Seen {
  const indexed = indexSchool({ ...school, students: [] }, placed);
  const offering = offeringOf(indexed, placed, true);
  takeAll(school, indexed, offering, seats);
  const sectionsOf = Map.groupBy(seats, ({ studentId }) => studentId);
  const studentsIn = Map.groupBy(seats, ({ sectionId }) => sectionId);
  return {
    school,
    indexed,
    offering,
    placementOf: new Map(placed.map(({ sectionId, placement }) => [sectionId, placement])),
    placedAs: new Map(placed.map((at) => [at.sectionId, at])),
    sectionsOf: new Map(
      [...sectionsOf].map(([id, own]) => [id, own.flatMap(({ sectionId }) => indexed.sectionIndex.get(sectionId) ?? [])]),
    ),
    studentIndex: new Map(school.students.map(({ id }, index) => [id, index])),
    studentsIn: new Map([...studentsIn].map(([id, own]) => [id, own.map(({ studentId }) => studentId)])),
  };
}

export function slotsOfSections({ lo, hi }: Offering, sections: readonly number[]): Mask {
  return sections.reduce((used, section) => ({ lo: used.lo | lo[section]!, hi: used.hi | hi[section]! }), { lo: 0, hi: 0 });
}

export const overlaps = (a: Mask, b: Mask): boolean => ((a.lo & b.lo) | (a.hi & b.hi)) !== 0;
export const isFor = ({ team, track }: Offer, student: Student): boolean =>
  (team === null || team === student.team) && (track === null || track === student.track);
export const sectionOf = (offer: Offer): number => offer.sections[0]!;
export const released = ({ who }: Case): Mask => ({ lo: who.releasedLo, hi: who.releasedHi });

/** All that an offer fills for a student: its own slots and those of the sections linked with it. */
export const whole = ({ seen }: Case, offer: Offer): Mask =>
  offer.link < 0 ? offer : slotsOfSections(seen.offering, seen.offering.ofLink[offer.link]!.map(sectionOf));
export const hasSeat = ({ seen, who }: Case, offer: Offer): boolean =>
  (offer.link < 0 ? [offer] : seen.offering.ofLink[offer.link]!).every((one) => seatsLeft(one, who.student) > 0);

export const title = ({ school }: Seen, course: number): string => school.courses[course]!.title;
export const name = (seen: Seen, section: number): string =>
  `${title(seen, seen.indexed.courseOf[section]!)} (${seen.school.sections[section]!.number})`;
export const time = (seen: Seen, section: number): string =>
  wordsFor(seen.school, seen.placementOf.get(seen.school.sections[section]!.id)!);
export const listed = (things: readonly string[]): string => [...new Set(things)].join('; ');

export function slotMask({ indexed }: Seen, slots: readonly string[]): Mask {
  const [lo, hi] = maskOf(indexed, slots);
  return { lo, hi };
}
