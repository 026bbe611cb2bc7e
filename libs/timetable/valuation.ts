import type { IndexedSchool, IndexedStudent, Offer, Offering } from './indexed.ts';
import { indexSchool, leaveSeat, maskOf, offerOf, offeringOf, seatsLeft, takeSeat, valueOf } from './indexed.ts';
import { type CourseRequest, type PlacedSection, type Placement, type School, worth } from './school.ts';
import { StudentSolver } from './student.ts';

/** A section that meets at other times; null: at none. */
export interface Shift {
  readonly section: number;
  readonly to: readonly [lo: number, hi: number] | null;
}

/** What a student would have after a change; its value by weight, and by worth. */
interface Outlook {
  readonly student: number;
  readonly value: number;
  readonly worth: number;
  readonly unmet: number;
  readonly taken: readonly Offer[];
}

/** The seats of an offer as they were. */
type SeatsBefore = Pick<Offer, 'open' | 'kept'>;

/** A change that was tried: what it is worth, and what is needed to keep it or to take it back. */
export interface Trial {
  /** By how much the sum over all students changes. */
  readonly change: number;
  readonly outlooks: readonly Outlook[];
  readonly back: readonly Shift[];
  readonly removed: readonly Offer[];
  readonly seatsBefore: ReadonlyMap<Offer, SeatsBefore>;
  readonly overfullBefore: number;
}

/**
 * What it costs to sit where all seats are taken, for each student too many: about as much as the loader loses when it makes
 * somebody give way for them, for most give way for nothing.
 */
const priceOfFullSeat = 300;
/** How often, at the beginning, those who miss something or sit where it is too full look again for something better. */
const roundsAtFirst = 3;

const isSameTime = (a: Offer, b: Offer): boolean => a.lo === b.lo && a.hi === b.hi && a.team === b.team && a.track === b.track;

const isSameChoice = (a: Offer, b: Offer): boolean => isSameTime(a, b) && a.link < 0 && b.link < 0;

/** Whether an offer that was withdrawn is this one again; a linked section is a choice of its own. */
const isAgain = (a: Offer, b: Offer): boolean =>
  a.course === b.course && a.link === b.link && isSameTime(a, b) && (a.link < 0 || a.sections[0] === b.sections[0]);

/**
 * How much a request counts while sections are placed. Not quite what it is worth: two classes at the same time cost a wish whether it
 * stands second or third, and by worth alone the last wishes would be left to chance. Their order stays, and loading goes by worth.
 */
const weight: Readonly<Record<CourseRequest['priority'], number>> = { ...worth, 3: 500 };

const byWeight = (student: IndexedStudent): IndexedStudent => ({
  ...student,
  asks: student.asks.map((ask) => ({
    ...ask,
    answers: ask.answers.map((answer) => ({
      ...answer,
      value: Math.round((answer.value * weight[ask.request.priority]) / worth[ask.request.priority]),
    })),
  })),
});

const overfull = (offer: Offer): number => Math.max(0, -offer.open);

/** Gives an offer the seats of one section more, or of one less; students of a program move to the seats kept for it and back. */
function changeSeats(offer: Offer, of: Offer, sign: 1 | -1): void {
  offer.open += sign * of.open;
  for (const { program, left } of of.kept) {
    let pool = offer.kept.find((one) => one.program === program);
    if (pool === undefined) offer.kept.push((pool = { program, left: 0, over: 0 }));
    pool.left += sign * left;
    const moved = pool.left < 0 ? pool.left : Math.min(pool.left, pool.over);
    pool.left -= moved;
    pool.over -= moved;
    offer.open += moved;
  }
}

/**
 * What a master schedule is worth to its students: each has the best schedule that the others leave, and may sit where no seat is left at
 * a price. When sections move, only those students are asked again who lost a choice or sit where it is too full, or who miss
 * something and see a new one.
 */
export class Valuation {
  /** What the schedules of all students are worth, and what that can be at most with any master schedule. */
  worth = 0;
  bound = 0;
  /** Requests that no course answers. */
  unmet = 0;
  readonly indexed: IndexedSchool;
  private readonly offering: Offering;
  /** The sum over all students by weight, and how many sit where no seat was left. */
  private sum = 0;
  private overfull = 0;
  /** While a change is tried: the seats of offers before it, and the offers that are gone. */
  private seatsBefore = new Map<Offer, SeatsBefore>();
  private gone = new Set<Offer>();
  private readonly solver = new StudentSolver();
  private readonly students: readonly IndexedStudent[];
  private readonly valueOf: Float64Array;
  private readonly worthOf: Float64Array;
  private readonly unmetOf: Int32Array;
  private readonly most: Float64Array;
  private readonly takenBy: (readonly Offer[])[];
  private readonly usersOf = new Map<Offer, Set<number>>();
  /** By course: who would take it. By section: who is locked in it. */
  private readonly askers: number[][];
  private readonly lockedIn: number[][];
  /** Students who miss something, and where each stands in the list (-1: nowhere). */
  private readonly missing: number[] = [];
  private readonly missingAt: Int32Array;

  /** @param stop asked for each student: true leaves the rest unasked, and the sums without them; the bound is whole. */
  constructor(school: School, placed: readonly PlacedSection[], stop: () => boolean = () => false) {
    this.indexed = indexSchool(school, placed);
    this.offering = offeringOf(this.indexed, placed);
    const students = this.indexed.students.map(byWeight);
    this.students = students;
    this.valueOf = new Float64Array(students.length);
    this.worthOf = new Float64Array(students.length);
    this.unmetOf = new Int32Array(students.length);
    this.takenBy = students.map(() => []);
    this.missingAt = new Int32Array(students.length).fill(-1);
    this.askers = school.courses.map(() => []);
    this.lockedIn = school.sections.map(() => []);
    for (const { index, asks, locked } of students) {
      for (const course of new Set(asks.flatMap((ask) => ask.answers.map((answer) => answer.course)))) this.askers[course]!.push(index);
      for (const section of locked) this.lockedIn[section]!.push(index);
    }
    const anything = anyOffering(this.indexed);
    this.most = Float64Array.from(students, (student) => this.solver.solve(student, anything, 'any'));
    this.bound = this.indexed.students.reduce((sum, student) => sum + this.solver.solve(student, anything, 'any'), 0);
    for (const offers of this.offering.ofCourse) for (const offer of offers) offer.price = priceOfFullSeat;
    for (let round = 0; round <= roundsAtFirst; round += 1) {
      for (const { index } of students) {
        if (stop()) return;
        if (round === 0 || this.regret(index) > 0) this.keepOutlook(this.outlook(index));
      }
    }
    this.seatsBefore.clear();
  }

  /** What all students have by weight, less the price of seats that are not there. */
  get value(): number {
    return this.sum - priceOfFullSeat * this.overfull;
  }

  /** The bits of a placement, as `Shift` wants them. */
  bitsOf(placement: Placement): readonly [number, number] {
    return maskOf(this.indexed, placement);
  }

  /** How many students miss something, and the n-th of them. */
  get missingCount(): number {
    return this.missing.length;
  }

  missingStudent(nth: number): number {
    return this.missing[nth]!;
  }

  /** What a student asked for and does not have, as courses. */
  missedCourses(student: number): number[] {
    const has = new Set(this.takenBy[student]!.map((offer) => offer.course));
    return this.indexed.students[student]!.asks.flatMap(({ answers }) =>
      answers[0] !== undefined && answers[0].locked < 0 && !has.has(answers[0].course) ? [answers[0].course] : [],
    );
  }

  /**
   * Moves sections and asks the students concerned. Stops, and takes the change back, as soon as it cannot reach `atLeast`.
   * @returns null when it is taken back; otherwise it stands until `keep` or `takeBack` is called with it.
   */
  try(shifts: readonly Shift[], atLeast: number): Trial | null {
    const back = shifts.map(({ section }): Shift => ({ section, to: this.whereIs(section) }));
    const [overfullBefore, outlooks]: [number, Outlook[]] = [this.overfull, []];
    this.seatsBefore = new Map();
    const { removed, added, shrunk } = this.shift(shifts, []);
    this.gone = new Set(removed);
    for (const [offer, before] of this.seatsBefore)
      this.overfull += (this.gone.has(offer) ? 0 : overfull(offer)) - Math.max(0, -before.open);
    const moved = this.movedAlong(shifts, removed);
    const concerned = this.concerned(moved, added, shrunk);
    let hope = 0;
    for (const student of concerned) hope += this.regret(student);
    let change = -priceOfFullSeat * (this.overfull - overfullBefore);
    for (const student of concerned) {
      if (change + hope < atLeast) break;
      const regret = this.regret(student);
      hope -= regret;
      if (regret === 0 && !moved.has(student)) continue;
      const before = this.overfull;
      const outlook = this.outlook(student);
      change += outlook.value - this.valueOf[student]! - priceOfFullSeat * (this.overfull - before);
      outlooks.push(outlook);
    }
    const trial = { change, outlooks, back, removed, seatsBefore: this.seatsBefore, overfullBefore };
    if (change >= atLeast) return trial;
    this.takeBack(trial);
    return null;
  }

  keep({ outlooks, removed }: Trial): void {
    for (const outlook of outlooks) this.keepOutlook(outlook);
    for (const offer of removed) this.usersOf.delete(offer);
    this.gone = new Set();
  }

  takeBack({ back, removed, seatsBefore, overfullBefore }: Trial): void {
    this.shift(back, removed);
    for (const [offer, { open, kept }] of seatsBefore) {
      offer.open = open;
      offer.kept.splice(0, offer.kept.length, ...kept);
    }
    this.overfull = overfullBefore;
    this.gone = new Set();
  }

  /** What a student could gain at most: what is missing, and the price of sitting where it is too full. A choice that is gone counts whole. */
  private regret(student: number): number {
    let regret = this.most[student]! - this.valueOf[student]!;
    for (const offer of this.takenBy[student]!) if (offer.open < 0 || this.gone.has(offer)) regret += priceOfFullSeat;
    return regret;
  }

  /** Remembers the seats of an offer before they change. */
  private touch(offer: Offer): void {
    if (!this.seatsBefore.has(offer)) this.seatsBefore.set(offer, { open: offer.open, kept: offer.kept.map((pool) => ({ ...pool })) });
  }

  private whereIs(section: number): readonly [number, number] | null {
    return this.offering.placed[section] ? [this.offering.lo[section]!, this.offering.hi[section]!] : null;
  }

  /** Withdraws sections and offers them at other times; what is offered again as it was keeps its identity, and with it its users. */
  private shift(shifts: readonly Shift[], gone: readonly Offer[]): { removed: Offer[]; added: Offer[]; shrunk: Offer[] } {
    const removed = [...gone];
    const [added, shrunk]: [Offer[], Offer[]] = [[], []];
    for (const { section } of shifts) removed.push(...this.withdraw(section, shrunk));
    for (const { section, to } of shifts) {
      this.offering.placed[section] = to === null ? 0 : 1;
      this.offering.lo[section] = to?.[0] ?? 0;
      this.offering.hi[section] = to?.[1] ?? 0;
    }
    for (const { section, to } of shifts) if (to !== null) this.offer(section, removed, added);
    return { removed, added, shrunk };
  }

  /** The sections that are offered or not together with this one: those of its link, or itself. */
  private together(section: number): readonly number[] {
    const link = this.indexed.linkOf[section]!;
    return link < 0 ? [section] : this.indexed.linked[link]!;
  }

  /** A section by itself, with the seats that locked students leave. */
  private alone(section: number): Offer {
    const offer = { ...offerOf(this.offering, this.indexed, section), price: priceOfFullSeat };
    for (const student of this.lockedIn[section]!) takeSeat(offer, this.indexed.students[student]!.student);
    offer.open = Math.max(0, offer.open);
    for (const pool of offer.kept) pool.over = 0;
    return offer;
  }

  private withdraw(section: number, shrunk: Offer[]): Offer[] {
    return this.together(section).flatMap((one) => {
      const offers = this.offering.ofCourse[this.indexed.courseOf[one]!];
      const at = offers?.findIndex((offer) => offer.sections.includes(one)) ?? -1;
      const offer = offers?.[at];
      if (offers === undefined || offer === undefined) return [];
      this.touch(offer);
      changeSeats(offer, this.alone(one), -1);
      shrunk.push(offer);
      if (offer.sections.length > 1) {
        offer.sections.splice(offer.sections.indexOf(one), 1);
        return [];
      }
      offers.splice(at, 1);
      if (offer.link >= 0) this.offering.ofLink[offer.link]!.splice(this.offering.ofLink[offer.link]!.indexOf(offer), 1);
      return [offer];
    });
  }

  private offer(section: number, removed: Offer[], added: Offer[]): void {
    const together = this.together(section);
    if (together.some((one) => !this.offering.placed[one])) return;
    for (const one of together) {
      const fresh = this.alone(one);
      const offers = this.offering.ofCourse[fresh.course];
      if (offers === undefined || offers.some((offer) => offer.sections.includes(one))) continue;
      const same = offers.find((offer) => isSameChoice(offer, fresh));
      if (same !== undefined) {
        this.touch(same);
        changeSeats(same, fresh, 1);
        same.sections.push(one);
        added.push(same);
        continue;
      }
      const before = removed.findIndex((offer) => isAgain(offer, fresh));
      const offer = before < 0 ? fresh : removed.splice(before, 1)[0]!;
      offer.sections.splice(0, offer.sections.length, one);
      if (before >= 0) changeSeats(offer, fresh, 1);
      added.push(offer);
      offers.push(offer);
      if (offer.link >= 0) this.offering.ofLink[offer.link]!.push(offer);
    }
  }

  /** Who used a choice that is gone, or is locked in a section that moves. */
  private movedAlong(shifts: readonly Shift[], removed: readonly Offer[]): Set<number> {
    const moved = new Set<number>();
    for (const offer of removed) for (const student of this.usersOf.get(offer) ?? []) moved.add(student);
    for (const { section } of shifts) for (const student of this.lockedIn[section]!) moved.add(student);
    return moved;
  }

  /** Who moves along first, then who sits where it is too full now, then who may gain a choice. */
  private concerned(moved: ReadonlySet<number>, added: readonly Offer[], shrunk: readonly Offer[]): Set<number> {
    const concerned = new Set(moved);
    const addUsers = (offer: Offer) => this.usersOf.get(offer)?.forEach((student) => concerned.add(student));
    for (const offer of shrunk) if (offer.open < 0) addUsers(offer);
    for (const { course, link } of added) {
      const courses = link < 0 ? [course] : this.indexed.linked[link]!.map((section) => this.indexed.courseOf[section]!);
      for (const one of courses) for (const student of this.askers[one]!) if (this.missingAt[student]! >= 0) concerned.add(student);
      for (const one of courses) for (const offer of this.offering.ofCourse[one]!) if (offer.open < 0) addUsers(offer);
    }
    return concerned;
  }

  /** Solves a student on the seats that the others leave, and takes the seats found. */
  private outlook(index: number): Outlook {
    const indexed = this.students[index]!;
    const { student } = indexed;
    for (const offer of this.takenBy[index]!) if (!this.gone.has(offer)) this.changeSeat(offer, () => leaveSeat(offer, student));
    let value = this.solver.solve(indexed, this.offering, 'priced');
    const taken: Offer[] = [];
    const answered = new Set<number>();
    let worth = 0;
    for (const { offer, ask, alternate } of this.solver.schedule()) {
      if (ask >= 0) {
        answered.add(ask);
        worth += valueOf(indexed.asks[ask]!.request, alternate);
      }
      if (offer === null) continue;
      if (seatsLeft(offer, student) <= 0) value += offer.price;
      taken.push(offer);
    }
    for (const offer of taken) this.changeSeat(offer, () => takeSeat(offer, student));
    return { student: index, value, worth, unmet: indexed.asks.length - answered.size, taken };
  }

  private changeSeat(offer: Offer, change: () => void): void {
    this.touch(offer);
    const before = overfull(offer);
    change();
    this.overfull += overfull(offer) - before;
  }

  private keepOutlook({ student, value, worth, unmet, taken }: Outlook): void {
    for (const offer of this.takenBy[student]!) this.usersOf.get(offer)?.delete(student);
    for (const offer of taken) {
      const users = this.usersOf.get(offer);
      if (users === undefined) this.usersOf.set(offer, new Set([student]));
      else users.add(student);
    }
    this.takenBy[student] = taken;
    this.sum += value - this.valueOf[student]!;
    this.worth += worth - this.worthOf[student]!;
    this.worthOf[student] = worth;
    this.unmet += unmet - this.unmetOf[student]!;
    this.valueOf[student] = value;
    this.unmetOf[student] = unmet;
    this.noteMissing(student, value < this.most[student]!);
  }

  private noteMissing(student: number, misses: boolean): void {
    const at = this.missingAt[student]!;
    if (misses && at < 0) this.missingAt[student] = this.missing.push(student) - 1;
    if (misses || at < 0) return;
    const last = this.missing.pop()!;
    this.missingAt[student] = -1;
    if (last === student) return;
    this.missing[at] = last;
    this.missingAt[last] = at;
  }
}

/** As if every section met at all the times that are possible for it at once, and no link tied it: no master schedule offers more. */
function anyOffering(indexed: IndexedSchool): Offering {
  const { school, courseOf } = indexed;
  const words = () => new Int32Array(school.sections.length);
  const offering: Offering = {
    ofCourse: school.courses.map(() => []),
    ofLink: [],
    lo: words(),
    hi: words(),
    placed: new Uint8Array(school.sections.length).fill(1),
  };
  for (const [section, { placement, possible }] of school.sections.entries()) {
    const offers = offering.ofCourse[courseOf[section]!];
    for (const one of placement === null ? possible : [placement]) {
      const [lo, hi] = maskOf(indexed, one);
      const offer: Offer = { ...offerOf(offering, indexed, section), lo, hi, link: -1 };
      if (!offers?.some((other) => isSameChoice(other, offer))) offers?.push(offer);
    }
  }
  return offering;
}
