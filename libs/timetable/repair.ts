import { refuseFaults } from './faults.ts';
import type { IndexedSchool, Offer, Offering } from './indexed.ts';
import { indexSchool, indexStudent, offeringOf } from './indexed.ts';
import { schedulesFrom } from './load.ts';
import { randomFrom } from './random.ts';
import { seatsOf } from './rosters.ts';
import type { PlacedSection, Placement, School, Seat, Student } from './school.ts';
import { Seating } from './seating.ts';
import type { Taken } from './student.ts';

/** What happens to a section: it meets at another time, or (null) not at all. */
export interface SectionChange {
  readonly sectionId: string;
  readonly placement: Placement | null;
}

/** What changes for one student. */
export interface StudentChange {
  readonly studentId: string;
  readonly left: readonly string[];
  readonly entered: readonly string[];
  /** By how much the worth of the schedule changed; below 0 only for students of the section itself. */
  readonly value: number;
}

export interface Repaired {
  readonly placed: readonly PlacedSection[];
  readonly seats: readonly Seat[];
  readonly changes: readonly StudentChange[];
  /** Requests that were met and are not any more. */
  readonly lost: readonly string[];
}

/** The most classes that one student enters anew. */
const mostChanges = 2;
/** How many students in a row give way for one who lost a seat. */
const chainLength = 3;
/** How many full seats are tried for one student, and how many of those who sit there are asked, by the length of chain that is left. */
const triesAt = [0, 2, 4, 12];
const askedAt = [0, 6, 12, 40];
/**
 * How many schedules are looked at in all while others are asked to give way, in equal parts for each student of the section: half a second
 * or so. What is found by then counts; after that a student takes the best of the free seats.
 */
const mostLooks = 8_000;

/**
 * A section is cancelled or moved during the year: its students find other seats, and as little as possible changes. Nobody enters more
 * than two classes anew (with what is linked to them), and nobody outside the section has less than before: others give way only to
 * what is worth as much to them. Who sits in a moved section and is free at the new time stays.
 * @throws Error when the school contradicts itself, or a seat is in no section that is placed.
 */
export function repairSection(school: School, placed: readonly PlacedSection[], seats: readonly Seat[], change: SectionChange): Repaired {
  const { sectionId, placement } = change;
  const section = school.sections.find(({ id }) => id === sectionId);
  if (!section || !placed.some((one) => one.sectionId === sectionId))
    throw new Error(`Section ${sectionId} is not placed: it can be neither cancelled nor moved.`);
  const after = placed.flatMap((one) => (one.sectionId !== sectionId ? [one] : placement ? [{ ...one, placement }] : []));
  const together = new Set(
    section.link === null ? [sectionId] : school.sections.filter(({ link }) => link === section.link).map(({ id }) => id),
  );
  // A lock to a section that is gone, or meets at another time, binds nobody.
  const unlocked = {
    ...school,
    students: school.students.map((one) => ({ ...one, locked: one.locked.filter((id) => !together.has(id)) })),
  };
  refuseFaults(unlocked);
  const changing = new Changing(unlocked, after, seats, together);
  const students = [...new Set(seats.filter((seat) => seat.sectionId === sectionId).map(({ studentId }) => studentId))];
  for (const id of students) if (placement) changing.stay(id);
  for (const id of students) changing.seatAnew(id, mostLooks / students.length);
  return { placed: after, ...changing.result() };
}

/** A schedule that a student could change to: with the full seats that it needs. */
interface Candidate {
  readonly schedule: readonly Taken[];
  readonly value: number;
  readonly full: readonly Offer[];
  readonly entered: number;
}

class Changing {
  private readonly school: School;
  private readonly indexed: IndexedSchool;
  private readonly offering: Offering;
  private readonly seating: Seating;
  private readonly before: readonly Seat[];
  private readonly sectionsBefore: readonly ReadonlySet<number>[];
  private readonly valuesBefore: Int32Array;
  private readonly offerOf = new Map<number, Offer>();
  /** Who gives way at the moment. */
  private readonly busy = new Set<number>();
  private looksLeft = 0;
  private readonly stayed = new Set<number>();
  private readonly lostSeats = new Map<number, readonly Seat[]>();

  constructor(school: School, placed: readonly PlacedSection[], seats: readonly Seat[], together: ReadonlySet<string>) {
    this.school = school;
    this.before = seats;
    this.indexed = indexSchool(school, placed);
    this.offering = offeringOf(this.indexed, placed, true);
    for (const offer of this.offering.ofCourse.flat()) this.offerOf.set(offer.sections[0]!, offer);
    this.seating = new Seating(this.indexed, this.offering, randomFrom(1));
    const kept = seats.filter(({ sectionId }) => !together.has(sectionId));
    for (const [student, schedule] of schedulesFrom(this.indexed, this.offering, kept)) {
      if (schedule === null)
        throw new Error(`Student ${school.students[student]!.id} has a seat that the placed sections or the requests do not know.`);
      this.seating.assign(student, schedule);
    }
    const bySection = Map.groupBy(seats, ({ studentId }) => studentId);
    this.sectionsBefore = school.students.map(
      ({ id }) => new Set((bySection.get(id) ?? []).map(({ sectionId }) => this.indexed.sectionIndex.get(sectionId)!)),
    );
    for (const [id, own] of bySection)
      this.lostSeats.set(
        this.indexed.studentIndex.get(id)!,
        own.filter(({ sectionId }) => together.has(sectionId)),
      );
    this.valuesBefore = Int32Array.from(school.students, ({ id }, n) => this.worthBefore(n, bySection.get(id) ?? []));
  }

  private worthBefore(student: number, seats: readonly Seat[]): number {
    const { asks } = this.indexed.students[student]!;
    const taken = seats.map(({ requestId, alternate }): Taken => ({
      offer: null,
      section: -1,
      ask: asks.findIndex(({ request }) => request.id === requestId),
      alternate,
    }));
    return this.seating.worthOf(student, taken);
  }

  /** Keeps the seat in the moved section, if the student is free at the new time. */
  stay(id: string): void {
    const student = this.indexed.studentIndex.get(id)!;
    const lost = schedulesFrom(this.indexed, this.offering, this.lostSeats.get(student)!).get(student);
    if (!lost) return;
    const both = [...this.seating.schedules[student]!, ...lost];
    if (!this.isFree(student, both)) return;
    this.seating.assign(student, both);
    this.stayed.add(student);
  }

  private isFree(student: number, schedule: readonly Taken[]): boolean {
    let { releasedLo: lo, releasedHi: hi } = this.indexed.students[student]!;
    return schedule.every(({ offer, section }) => {
      const own = offer ?? { lo: this.offering.lo[section]!, hi: this.offering.hi[section]! };
      if ((own.lo & lo) | (own.hi & hi)) return false;
      lo |= own.lo;
      hi |= own.hi;
      return true;
    });
  }

  /** Finds the best for a student who lost a seat: in seats that are free, or by others who give way. */
  seatAnew(id: string, looks: number): void {
    const student = this.indexed.studentIndex.get(id)!;
    if (this.stayed.has(student)) return;
    this.seating.begin();
    this.busy.clear();
    this.looksLeft = looks;
    this.settle(student, null, -1, chainLength);
  }

  /**
   * Gives a student the best schedule near the one before that is worth at least so much, without the offer that is left.
   * @returns whether there is one; if not, all is as it was.
   */
  private settle(student: number, leaves: Offer | null, atLeast: number, depth: number): boolean {
    const refused = new Set<Offer>(leaves ? [leaves] : []);
    const mark = this.seating.mark();
    const busyBefore = new Set(this.busy);
    this.busy.add(student);
    for (let tries = triesAt[depth]!; tries >= 0; tries--) {
      if (this.looksLeft <= 0) tries = 0;
      const candidate = this.bestNear(student, leaves, refused, tries > 0);
      if (!candidate || candidate.value < atLeast) break;
      this.seating.assign(student, candidate.schedule);
      const stuck = candidate.full.find((offer) => !this.makeRoom(offer, depth));
      if (!stuck) return true;
      this.seating.undoTo(mark);
      refused.add(stuck);
    }
    this.busy.clear();
    for (const one of busyBefore) this.busy.add(one);
    return false;
  }

  /** Whether an overfull section can be left by one of those who sit there, without a loss. */
  private makeRoom(offer: Offer, depth: number): boolean {
    if (offer.open >= 0) return true;
    const sitting = [...this.school.students.keys()].filter(
      (student) => !this.busy.has(student) && this.seating.schedules[student]!.some((taken) => taken.offer === offer),
    );
    for (const other of sitting.slice(0, askedAt[depth]!)) {
      if (this.looksLeft <= 0) break;
      if (this.settle(other, offer, this.seating.values[other]!, depth - 1) && offer.open >= 0) return true;
    }
    return offer.open >= 0;
  }

  /** Of all schedules that keep every class but one or two, the one worth most, then with the fewest full seats, then changes. */
  private bestNear(student: number, leaves: Offer | null, refused: ReadonlySet<Offer>, mayPush: boolean): Candidate | null {
    const schedule = this.seating.schedules[student]!;
    const stays = schedule.filter(({ offer }) => offer === null || offer !== leaves);
    const movable = stays.filter(({ offer }) => offer !== null && offer.link < 0);
    const singles = movable.map((one) => [one]);
    const pairs = leaves ? [] : movable.flatMap((one, n) => movable.slice(0, n).map((other) => [one, other]));
    const goingAlong = leaves ? null : this.goingAlong(student, movable);
    const along = goingAlong && this.around(student, goingAlong, refused, mayPush);
    const others = [[], ...singles, ...pairs].flatMap((moved) => {
      const kept = stays.filter((taken) => !moved.includes(taken));
      return this.around(student, kept, refused, mayPush) ?? [];
    });
    const candidates = along && along.value >= this.valuesBefore[student]! ? [along, ...others] : others;
    const near = candidates.filter(({ entered }) => entered <= mostChanges);
    return near.sort((a, b) => b.value - a.value || a.full.length - b.full.length || a.entered - b.entered)[0] ?? null;
  }

  /** The seat in the moved section with the classes that are not in its way: of equally good ways the first, when nothing is lost by it. */
  private goingAlong(student: number, movable: readonly Taken[]): readonly Taken[] | null {
    const lost = schedulesFrom(this.indexed, this.offering, this.lostSeats.get(student) ?? []).get(student);
    if (!lost || !this.seating.hasSeats(student, lost)) return null;
    const beside = this.seating.schedules[student]!.filter((one) => !movable.includes(one) || this.isFree(student, [...lost, one]));
    return this.isFree(student, [...lost, ...beside]) ? [...lost, ...beside] : null;
  }

  /** The best schedule that keeps these classes. */
  private around(student: number, kept: readonly Taken[], refused: ReadonlySet<Offer>, mayPush: boolean): Candidate | null {
    this.looksLeft--;
    const { sections } = this.school;
    const sectionOf = ({ offer, section }: Taken): number => offer?.sections[0] ?? section;
    const told: Student = { ...this.school.students[student]!, locked: kept.map((taken) => sections[sectionOf(taken)]!.id) };
    const before = this.seating.schedules[student]!;
    this.seating.assign(student, kept);
    const prices = [...refused].map((offer) => [offer, offer.price] as const);
    for (const offer of refused) offer.price = Number.MAX_SAFE_INTEGER;
    this.seating.solver.solve(indexStudent(this.indexed, told, student), this.offering, mayPush ? 'priced' : 'left');
    const found = this.seating.solver.schedule();
    for (const [offer, price] of prices) offer.price = price;
    // A class that was kept and answers nothing any more, since something better answers its request, is left.
    const answered = new Set(kept.filter(({ ask, offer }) => ask >= 0 && offer !== null && offer.link < 0).map(sectionOf));
    const schedule = found
      .map((taken) => this.asOffer(student, taken))
      .filter((taken) => taken.ask >= 0 || taken.offer === null || !answered.has(sectionOf(taken)));
    const isRefused = schedule.some(({ offer }) => offer && refused.has(offer));
    const own = new Set(kept.map(({ offer }) => offer));
    const full = schedule.flatMap(({ offer }) => (offer && !own.has(offer) && offer.open <= 0 ? [offer] : []));
    this.seating.assign(student, before);
    if (isRefused) return null;
    const entered = schedule.filter((taken) => !this.sectionsBefore[student]!.has(sectionOf(taken))).length;
    return { schedule, value: this.seating.worthOf(student, schedule), full, entered };
  }

  /** A class that was kept by a lock for the moment is an offer again. */
  private asOffer(student: number, taken: Taken): Taken {
    if (taken.offer || this.indexed.students[student]!.locked.includes(taken.section)) return taken;
    return { ...taken, offer: this.offerOf.get(taken.section)!, section: -1 };
  }

  result(): Pick<Repaired, 'seats' | 'changes' | 'lost'> {
    const seats = seatsOf(this.indexed, this.offering, this.seating.schedules);
    const now = Map.groupBy(seats, ({ studentId }) => studentId);
    const met = new Set(seats.map(({ requestId }) => requestId));
    const changes = this.school.students.flatMap(({ id }, student): StudentChange[] => {
      const after = new Set((now.get(id) ?? []).map(({ sectionId }) => this.indexed.sectionIndex.get(sectionId)!));
      const before = this.sectionsBefore[student]!;
      const named = (sections: Set<number>): string[] => [...sections].map((section) => this.school.sections[section]!.id);
      const [left, entered] = [named(before.difference(after)), named(after.difference(before))];
      return left.length + entered.length === 0
        ? []
        : [{ studentId: id, left, entered, value: this.seating.values[student]! - this.valuesBefore[student]! }];
    });
    return { seats, changes, lost: this.before.flatMap(({ requestId }) => (requestId !== null && !met.has(requestId) ? [requestId] : [])) };
  }
}
