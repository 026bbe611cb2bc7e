import type { IndexedSchool, Offer, Offering } from './indexed.ts';
import { indexSchool, maskOf, offerOf, offeringOf } from './indexed.ts';
import type { PlacedSection, Placement, School } from './school.ts';
import { StudentSolver } from './student.ts';

/** A section that meets at other times; null: at none. */
export interface Shift {
  readonly section: number;
  readonly to: readonly [lo: number, hi: number] | null;
}

/** What a student would have after a change. */
interface Outlook {
  readonly student: number;
  readonly value: number;
  readonly unmet: number;
  readonly taken: readonly Offer[];
}

/** A change that was tried: what it is worth, and what is needed to keep it or to take it back. */
export interface Trial {
  /** By how much the sum over all students changes. */
  readonly change: number;
  readonly outlooks: readonly Outlook[];
  readonly back: readonly Shift[];
  readonly removed: readonly Offer[];
}

const isSameTime = (a: Offer, b: Offer): boolean => a.lo === b.lo && a.hi === b.hi && a.team === b.team && a.track === b.track;

const isSameChoice = (a: Offer, b: Offer): boolean => isSameTime(a, b) && a.link < 0 && b.link < 0;

/** Whether an offer that was withdrawn is this one again; a linked section is a choice of its own. */
const isAgain = (a: Offer, b: Offer): boolean =>
  a.course === b.course && a.link === b.link && isSameTime(a, b) && (a.link < 0 || a.sections[0] === b.sections[0]);

/**
 * What a master schedule is worth to its students: for each the best schedule that it allows, as if every section had seats for all.
 * When sections move, only those students are asked again who used a choice that is gone, or who miss something and see a new one.
 */
export class Valuation {
  /** The sum over all students, and what no master schedule can exceed. */
  value = 0;
  bound = 0;
  /** Requests that no course answers. */
  unmet = 0;
  readonly indexed: IndexedSchool;
  private readonly offering: Offering;
  private readonly solver = new StudentSolver();
  private readonly valueOf: Float64Array;
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

  constructor(school: School, placed: readonly PlacedSection[]) {
    this.indexed = indexSchool(school, placed);
    this.offering = offeringOf(this.indexed, placed);
    const { students } = this.indexed;
    this.valueOf = new Float64Array(students.length);
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
    this.bound = this.most.reduce((sum, one) => sum + one, 0);
    for (const { index } of students) this.keepOutlook(this.outlook(index));
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
    const { removed, added } = this.shift(shifts, []);
    const concerned = this.concerned(shifts, removed, added);
    let hope = 0;
    for (const student of concerned) hope += this.most[student]! - this.valueOf[student]!;
    const outlooks: Outlook[] = [];
    let change = 0;
    for (const student of concerned) {
      if (change + hope < atLeast) break;
      hope -= this.most[student]! - this.valueOf[student]!;
      const outlook = this.outlook(student);
      change += outlook.value - this.valueOf[student]!;
      outlooks.push(outlook);
    }
    const trial = { change, outlooks, back, removed };
    if (change + hope >= atLeast) return trial;
    this.takeBack(trial);
    return null;
  }

  keep({ outlooks, removed }: Trial): void {
    for (const outlook of outlooks) this.keepOutlook(outlook);
    for (const offer of removed) this.usersOf.delete(offer);
  }

  takeBack({ back, removed }: Trial): void {
    this.shift(back, removed);
  }

  private whereIs(section: number): readonly [number, number] | null {
    return this.offering.placed[section] ? [this.offering.lo[section]!, this.offering.hi[section]!] : null;
  }

  /** Withdraws sections and offers them at other times; what is offered again as it was keeps its identity, and with it its users. */
  private shift(shifts: readonly Shift[], gone: readonly Offer[]): { removed: Offer[]; added: Offer[] } {
    const removed = [...gone];
    const added: Offer[] = [];
    for (const { section } of shifts) removed.push(...this.withdraw(section));
    for (const { section, to } of shifts) {
      this.offering.placed[section] = to === null ? 0 : 1;
      this.offering.lo[section] = to?.[0] ?? 0;
      this.offering.hi[section] = to?.[1] ?? 0;
    }
    for (const { section, to } of shifts) if (to !== null) this.offer(section, removed, added);
    return { removed, added };
  }

  /** The sections that are offered or not together with this one: those of its link, or itself. */
  private together(section: number): readonly number[] {
    const link = this.indexed.linkOf[section]!;
    return link < 0 ? [section] : this.indexed.linked[link]!;
  }

  private withdraw(section: number): Offer[] {
    return this.together(section).flatMap((one) => {
      const offers = this.offering.ofCourse[this.indexed.courseOf[one]!];
      const at = offers?.findIndex((offer) => offer.sections.includes(one)) ?? -1;
      const offer = offers?.[at];
      if (offers === undefined || offer === undefined) return [];
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
      const fresh = offerOf(this.offering, this.indexed, one);
      const offers = this.offering.ofCourse[fresh.course];
      if (offers === undefined || offers.some((offer) => offer.sections.includes(one))) continue;
      const same = offers.find((offer) => isSameChoice(offer, fresh));
      if (same !== undefined) {
        same.sections.push(one);
        continue;
      }
      const before = removed.findIndex((offer) => isAgain(offer, fresh));
      const offer = before < 0 ? fresh : removed.splice(before, 1)[0]!;
      offer.sections.splice(0, offer.sections.length, one);
      if (before < 0) added.push(offer);
      offers.push(offer);
      if (offer.link >= 0) this.offering.ofLink[offer.link]!.push(offer);
    }
  }

  /** Who loses a choice first, then who may gain one. */
  private concerned(shifts: readonly Shift[], removed: readonly Offer[], added: readonly Offer[]): Set<number> {
    const concerned = new Set<number>();
    for (const offer of removed) for (const student of this.usersOf.get(offer) ?? []) concerned.add(student);
    for (const { section } of shifts) for (const student of this.lockedIn[section]!) concerned.add(student);
    for (const { course, link } of added) {
      const courses = link < 0 ? [course] : this.indexed.linked[link]!.map((section) => this.indexed.courseOf[section]!);
      for (const one of courses) for (const student of this.askers[one]!) if (this.missingAt[student]! >= 0) concerned.add(student);
    }
    return concerned;
  }

  private outlook(index: number): Outlook {
    const student = this.indexed.students[index]!;
    const value = this.solver.solve(student, this.offering, 'any');
    const schedule = this.solver.schedule();
    const taken = schedule.flatMap(({ offer }) => offer ?? []);
    const answered = new Set(schedule.filter(({ ask }) => ask >= 0).map(({ ask }) => ask)).size;
    return { student: index, value, unmet: student.asks.length - answered, taken };
  }

  private keepOutlook({ student, value, unmet, taken }: Outlook): void {
    for (const offer of this.takenBy[student]!) this.usersOf.get(offer)?.delete(student);
    for (const offer of taken) {
      const users = this.usersOf.get(offer);
      if (users === undefined) this.usersOf.set(offer, new Set([student]));
      else users.add(student);
    }
    this.takenBy[student] = taken;
    this.value += value - this.valueOf[student]!;
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
