import type { IndexedSchool, Offer, Offering } from './indexed.ts';
import { keptFor, offerOf, seatLocked, seatsLeft, takeSeat } from './indexed.ts';
import type { Seat } from './school.ts';
import type { Taken } from './student.ts';

/** A section of an offer while its roster is made. */
interface Roster {
  readonly section: number;
  readonly seats: number;
  readonly offer: Offer;
  students: number;
}

/**
 * Seats by section, from schedules by offer: where several sections are one offer, its students are divided so that the sections are
 * equally full. Whoever sits in one of them already stays there if that leaves a seat for everybody; seats kept for a program go to its
 * students first.
 */
export function seatsOf(
  indexed: IndexedSchool,
  offering: Offering,
  schedules: readonly (readonly Taken[])[],
  before: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
): Seat[] {
  const studentsOf = new Map<Offer, number[]>();
  schedules.forEach((schedule, student) => {
    for (const { offer } of schedule)
      if (offer && offer.sections.length > 1) studentsOf.set(offer, [...(studentsOf.get(offer) ?? []), student]);
  });
  const sectionOf = new Map([...studentsOf].map(([offer, students]) => [offer, divide(indexed, offering, offer, students, before)]));
  const { sections, students } = indexed.school;
  return schedules.flatMap((schedule, student) =>
    schedule.map(({ offer, section, ask, alternate }): Seat => {
      const taken = offer ? (sectionOf.get(offer)?.get(student) ?? offer.sections[0]!) : section;
      const requestId = ask < 0 ? null : students[student]!.requests[ask]!.id;
      return { studentId: students[student]!.id, sectionId: sections[taken]!.id, requestId, alternate };
    }),
  );
}

function divide(
  indexed: IndexedSchool,
  offering: Offering,
  offer: Offer,
  students: readonly number[],
  before: ReadonlyMap<string, ReadonlySet<string>>,
): Map<number, number> {
  const rosters = offer.sections.map((section): Roster => {
    const alone = offerOf(offering, indexed, section);
    const locked = indexed.students.filter((one) => one.locked.includes(section));
    seatLocked(alone, locked);
    return { section, seats: Math.max(1, indexed.school.sections[section]!.seats), offer: alone, students: locked.length };
  });
  const isKept = (student: number): boolean => !!keptFor(offer, indexed.students[student]!.student);
  const sectionOf = new Map<number, number>();
  const sit = (student: number, roster: Roster): void => {
    takeSeat(roster.offer, indexed.students[student]!.student);
    roster.students++;
    sectionOf.set(student, roster.section);
  };
  for (const student of students.toSorted((a, b) => Number(isKept(b)) - Number(isKept(a)))) {
    const { student: who } = indexed.students[student]!;
    const keptSeats = rosters.filter((roster) => (keptFor(roster.offer, who)?.left ?? 0) > 0);
    const possible = keptSeats.length > 0 ? keptSeats : rosters.filter((roster) => seatsLeft(roster.offer, who) > 0);
    const stays = possible.find(({ section }) => before.get(who.id)?.has(indexed.school.sections[section]!.id));
    const emptiest = possible.reduce((a, b) => (b.students / b.seats < a.students / a.seats ? b : a), possible[0]!);
    sit(student, stays ?? emptiest);
  }
  return sectionOf;
}
