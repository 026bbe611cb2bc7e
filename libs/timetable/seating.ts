import type { IndexedSchool, IndexedStudent, Offer, Offering } from './indexed.ts';
import { leaveSeat, seatsLeft, takeSeat, valueOf } from './indexed.ts';
import type { Random } from './random.ts';
import { StudentSolver, type Taken } from './student.ts';

/** How many of those who sit in a full offer are asked whether they would leave it. */
const asked = 10;
/** What a full seat is expected to cost before anything is known: half of the least important request. */
const firstPrice = 50;

const lockedSeats = ({ locked }: IndexedStudent, { placed }: Offering): Taken[] =>
  locked.filter((section) => placed[section]).map((section) => ({ offer: null, section, ask: -1, alternate: 0 }));

/**
 * Who sits where while a loader works, with the seats that are left, and the chains by which a student gets a full seat: somebody who
 * sits there leaves for the best other schedule, for which a third one may have to leave a seat, and so on.
 */
export class Seating {
  readonly indexed: IndexedSchool;
  readonly offering: Offering;
  readonly solver = new StudentSolver();
  /** Of each student, the classes taken and what they are worth. */
  readonly schedules: (readonly Taken[])[];
  readonly values: Int32Array;
  total = 0;
  private readonly random: Random;
  private readonly sitting = new Map<Offer, number[]>();
  /** What each student had before, since `begin`, to take it back. */
  private journal: { student: number; schedule: readonly Taken[] }[] = [];
  private readonly moved = new Set<number>();

  constructor(indexed: IndexedSchool, offering: Offering, random: Random) {
    this.indexed = indexed;
    this.offering = offering;
    this.random = random;
    this.schedules = indexed.students.map((student) => lockedSeats(student, offering));
    this.values = new Int32Array(indexed.students.length);
    for (const offer of offering.ofCourse.flat()) {
      offer.price = firstPrice;
      this.sitting.set(offer, []);
    }
  }

  /** Starts a change that `undo` takes back. */
  begin(): void {
    this.journal = [];
    this.moved.clear();
  }

  undo(): void {
    for (const { student, schedule } of this.journal.reverse()) this.replace(student, schedule);
    this.begin();
  }

  /** Where a part of a change begins, for `undoTo`. */
  mark(): number {
    return this.journal.length;
  }

  undoTo(mark: number): void {
    while (this.journal.length > mark) {
      const { student, schedule } = this.journal.pop()!;
      this.replace(student, schedule);
    }
  }

  /** The students that changed since `begin`. */
  changed(): ReadonlySet<number> {
    return this.moved;
  }

  /** Gives a student this schedule instead of the one before, whether or not there are seats. */
  assign(student: number, schedule: readonly Taken[]): void {
    this.journal.push({ student, schedule: this.schedules[student]! });
    this.moved.add(student);
    this.replace(student, schedule);
  }

  worthOf(student: number, schedule: readonly Taken[]): number {
    const { asks } = this.indexed.students[student]!;
    let sum = 0;
    for (const { ask, alternate } of schedule) if (ask >= 0) sum += valueOf(asks[ask]!.request, alternate);
    return sum;
  }

  /** The best schedule on the seats that are left, if it is worth more than this; the student's own seats are left to the student. */
  improveAlone(student: number, moreThan: number): boolean {
    const before = this.schedules[student]!;
    this.assign(student, []);
    const isBetter = this.solver.solve(this.indexed.students[student]!, this.offering, 'left') > moreThan;
    this.assign(student, isBetter ? this.solver.schedule() : before);
    return isBetter;
  }

  /**
   * Gives a student the best schedule that counts a full seat at its price, and makes somebody leave each full one. Returns by how much
   * the worth of all changed; what was done stays done until `undo`.
   */
  pushIn(student: number, depth: number): number {
    const before = this.total;
    this.assign(student, []);
    this.solver.solve(this.indexed.students[student]!, this.offering, 'priced');
    this.assign(student, this.solver.schedule());
    for (const { offer } of this.schedules[student]!) {
      if (offer && offer.open < 0) this.makeSomebodyLeave(offer, student, depth);
      if (offer && offer.open < 0) return -Infinity;
    }
    return this.total - before;
  }

  /** One of those who sit in an overfull offer leaves it: whoever loses least by it. */
  private makeSomebodyLeave(offer: Offer, newcomer: number, depth: number): void {
    const sitting = this.sitting.get(offer)!;
    let best = -1;
    let bestChange = -Infinity;
    let bestSchedule: readonly Taken[] = [];
    for (let tries = Math.min(asked, sitting.length); tries > 0 && bestChange < 0; tries--) {
      const candidate = sitting[this.random.below(sitting.length)]!;
      if (candidate === newcomer || this.moved.has(candidate)) continue;
      const before = this.schedules[candidate]!;
      const value = this.values[candidate]!;
      this.replace(candidate, []);
      if (offer.open === 0) {
        const change = this.solver.solve(this.indexed.students[candidate]!, this.offering, 'left') - value;
        if (change > bestChange) {
          best = candidate;
          bestChange = change;
          bestSchedule = this.solver.schedule();
        }
      }
      this.replace(candidate, before);
    }
    if (best < 0) return;
    if (bestChange < 0 && depth > 1) this.passOn(offer, best, bestSchedule, bestChange, depth - 1);
    else this.assign(best, bestSchedule);
    offer.price = Math.max(1, Math.round(0.7 * offer.price - 0.3 * bestChange));
  }

  /** Whoever has to leave and would lose by it pushes in elsewhere, if that is better for all together. */
  private passOn(offer: Offer, student: number, schedule: readonly Taken[], change: number, depth: number): void {
    const mark = this.mark();
    const price = offer.price;
    offer.price = Number.MAX_SAFE_INTEGER;
    const changeByPushing = this.pushIn(student, depth);
    offer.price = price;
    if (changeByPushing > change) return;
    this.undoTo(mark);
    this.assign(student, schedule);
  }

  private replace(student: number, schedule: readonly Taken[]): void {
    const who = this.indexed.students[student]!.student;
    for (const { offer } of this.schedules[student]!) {
      if (!offer) continue;
      leaveSeat(offer, who);
      const sitting = this.sitting.get(offer)!;
      sitting[sitting.indexOf(student)] = sitting.at(-1)!;
      sitting.pop();
    }
    for (const { offer } of schedule) {
      if (!offer) continue;
      takeSeat(offer, who);
      this.sitting.get(offer)!.push(student);
    }
    const value = this.worthOf(student, schedule);
    this.total += value - this.values[student]!;
    this.values[student] = value;
    this.schedules[student] = schedule;
  }

  /** Whether somebody could take this schedule on the seats that are left. */
  hasSeats(student: number, schedule: readonly Taken[]): boolean {
    return schedule.every(({ offer }) => !offer || seatsLeft(offer, this.indexed.students[student]!.student) > 0);
  }
}
