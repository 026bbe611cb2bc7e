import type { IndexedSchool, IndexedStudent, Offer, Offering } from './indexed.ts';
import { indexSchool, indexStudent, maskOf, offeringOf, seatLocked, seatsLeft } from './indexed.ts';
import type { PlacedSection, School, Seat, Student } from './school.ts';
import { StudentSolver } from './student.ts';

/** A whole schedule that a student could have now. */
export interface Possible {
  readonly seats: readonly Seat[];
  readonly value: number;
  /** Requests that it leaves out. */
  readonly unmet: readonly string[];
}

/** Another class in a slot, with the best schedule around it. */
export interface Alternative extends Possible {
  readonly sectionId: string;
  readonly seatsLeft: number;
}

export interface WalkIn {
  readonly best: Possible;
  /** What the best schedule would be worth if no section were full. */
  readonly bound: number;
  /** Every section asked for that has seats, the best first: what it would be to take it. */
  readonly alternatives: readonly Alternative[];
  /** For each slot in which the student could have a class: every section asked for that has seats and meets then, the best first. */
  readonly perSlot: readonly { readonly slotId: string; readonly alternatives: readonly Alternative[] }[];
}

/** Where students who come during the year are placed: the sections as they meet now, with the seats that are left now. */
export interface FrontDesk {
  /**
   * The best schedule on the seats that are left, and what else could be. What-ifs are asked by telling the student otherwise: with other
   * requests, with sections locked that are liked, with slots released that are to be free.
   * @throws Error when the student is locked in sections that meet at the same time.
   */
  place(student: Student): WalkIn;
}

/** @param seats all seats taken now; the ones that a student who is placed has already count as taken, unless they are left out. */
export function frontDesk(school: School, placed: readonly PlacedSection[], seats: readonly Seat[]): FrontDesk {
  const indexed = indexSchool({ ...school, students: [] }, placed);
  const offering = offeringOf(indexed, placed, true);
  takeAll(school, indexed, offering, seats);
  const solver = new StudentSolver();
  return { place: (student) => placeOne(indexed, offering, solver, student) };
}

/** One student at the front desk; who places several keeps the desk. */
export const walkIn = (school: School, placed: readonly PlacedSection[], seats: readonly Seat[], student: Student): WalkIn =>
  frontDesk(school, placed, seats).place(student);

/** Takes the seats of all who sit. */
export function takeAll(school: School, indexed: IndexedSchool, offering: Offering, seats: readonly Seat[]): void {
  const students = new Map(school.students.map((student) => [student.id, student]));
  const offers = new Map(offering.ofCourse.flat().map((offer) => [indexed.school.sections[offer.sections[0]!]!.id, offer]));
  for (const [sectionId, taken] of Map.groupBy(seats, (seat) => seat.sectionId)) {
    const offer = offers.get(sectionId);
    // Whoever is not among the students of the school is of no program.
    if (offer)
      seatLocked(
        offer,
        taken.map(({ studentId }) => ({ student: students.get(studentId) ?? { ...nobody, id: studentId } })),
      );
  }
}

const nobody: Student = {
  id: '',
  name: '',
  grade: '',
  programs: [],
  team: null,
  track: null,
  requests: [],
  locked: [],
  current: [],
  released: [],
};

function placeOne(indexed: IndexedSchool, offering: Offering, solver: StudentSolver, student: Student): WalkIn {
  const who = indexStudent(indexed, student, 0);
  refuseOverlap(indexed, offering, who);
  const bound = solver.solve(who, offering, 'any');
  solver.solve(who, offering, 'left');
  const best = told(indexed, who, solver);
  const all = alternatives(indexed, offering, solver, who, best).sort(
    (a, b) => b.told.value - a.told.value || b.told.seatsLeft - a.told.seatsLeft,
  );
  const perSlot = indexed.school.slots.flatMap(({ id }) => {
    const [lo, hi] = maskOf(indexed, [id]);
    const inSlot = all.filter(({ offer }) => (offer.lo & lo) | (offer.hi & hi)).map(({ told }) => told);
    return inSlot.length ? [{ slotId: id, alternatives: inSlot }] : [];
  });
  return { best, bound, alternatives: all.map(({ told }) => told), perSlot };
}

/** The best schedule around each section with seats; sections of a course that meet at the same time differ in themselves alone. */
function alternatives(
  indexed: IndexedSchool,
  offering: Offering,
  solver: StudentSolver,
  who: IndexedStudent,
  best: Possible,
): { offer: Offer; told: Alternative }[] {
  const around = new Map<string, Possible & { through: string }>();
  return offersFor(who, offering).flatMap((offer) => {
    const sectionId = indexed.school.sections[offer.sections[0]!]!.id;
    const key = `${offer.course} ${offer.lo} ${offer.hi} ${offer.team} ${offer.track} ${offer.link}`;
    let possible = around.get(key);
    if (!possible) {
      if (solver.around(offer, best.value) < 0) return [];
      possible = { ...told(indexed, who, solver), through: sectionId };
      around.set(key, possible);
    }
    const { through, seats, value, unmet } = possible;
    const own = through === sectionId ? seats : seats.map((seat) => (seat.sectionId === through ? { ...seat, sectionId } : seat));
    return [{ offer, told: { sectionId, seatsLeft: seatsLeft(offer, who.student), seats: own, value, unmet } }];
  });
}

/** Sections of all courses that could answer a request, with seats. */
function offersFor({ asks, student }: IndexedStudent, offering: Offering): Offer[] {
  const courses = new Set(asks.flatMap(({ answers }) => answers.map(({ course }) => course)));
  return [...courses].flatMap((course) => offering.ofCourse[course]!.filter((offer) => seatsLeft(offer, student) > 0));
}

function told({ school }: IndexedSchool, { student, asks }: IndexedStudent, solver: StudentSolver): Possible {
  const schedule = solver.schedule();
  const seats = schedule.map(({ offer, section, ask, alternate }): Seat => ({
    studentId: student.id,
    sectionId: school.sections[offer ? offer.sections[0]! : section]!.id,
    requestId: ask < 0 ? null : asks[ask]!.request.id,
    alternate,
  }));
  const met = new Set(schedule.map(({ ask }) => ask));
  return { seats, value: solver.value, unmet: asks.filter((_, ask) => !met.has(ask)).map(({ request }) => request.id) };
}

function refuseOverlap({ school }: IndexedSchool, { lo, hi }: Offering, { locked, student }: IndexedStudent): void {
  locked.forEach((one, n) => {
    for (const other of locked.slice(0, n)) {
      if ((lo[one]! & lo[other]!) === 0 && (hi[one]! & hi[other]!) === 0) continue;
      throw new Error(
        `${student.name} is locked in ${school.sections[other]!.id} and ${school.sections[one]!.id}, which meet at the same time.`,
      );
    }
  });
}
