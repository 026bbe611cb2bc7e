import type { Offer } from './indexed.ts';
import { seatsLeft } from './indexed.ts';
import type { Placement } from './school.ts';
import { FreeTimes } from './freeTimes.ts';
import type { Case, Mask, Seen } from './unmetCase.ts';
import { hasSeat, isFor, name, overlaps, released, sectionOf, slotMask, slotsOfSections, time, title, whole } from './unmetCase.ts';
import { wordsFor } from './when.ts';

/**
 * One change that would meet a request, by an alternate if need be; the words are for a counselor. `alternate`: 0 for the course itself;
 * `alsoMoved`: classes that are taken in another section for it, with a seat there, by the student or by others.
 */
export type Repair = { readonly words: string } & (
  | { readonly kind: 'SEAT'; readonly sectionId: string; readonly alternate: number }
  /** The student's class in `fromSectionId` is taken in `toSectionId` instead, and `sectionId` is free. */
  | {
      readonly kind: 'MOVE_OTHER';
      readonly sectionId: string;
      readonly alternate: number;
      readonly fromSectionId: string;
      readonly toSectionId: string;
    }
  /** The room has a chair for it. */
  | {
      readonly kind: 'ONE_SEAT_MORE';
      readonly sectionId: string;
      readonly alternate: number;
      readonly seats: number;
      readonly alsoMoved: readonly SwapOf[];
    }
  /**
   * `movedSectionId` meets at another time, its teachers being free and in a room that is: the section of the course itself, or the class that
   * is in its way. Nobody loses a class by it: `touched` are in it, and those `alsoMoved` take another class of theirs in another section.
   */
  | {
      readonly kind: 'MOVE_SECTION';
      readonly sectionId: string;
      readonly alternate: number;
      readonly movedSectionId: string;
      readonly placement: Placement;
      readonly roomId: string | null;
      readonly touched: readonly string[];
      readonly alsoMoved: readonly SwapOf[];
    }
  /** A course that the student did not ask for, and others of the grade did. */
  | { readonly kind: 'NEW_ALTERNATE'; readonly courseId: string; readonly sectionId: string; readonly alsoMoved: readonly SwapOf[] }
  /** One section more of the course; `missedBy` students have none of it. */
  | {
      readonly kind: 'ADD_SECTION';
      readonly courseId: string;
      readonly placement: Placement;
      readonly teacherId: string;
      readonly roomId: string | null;
      readonly missedBy: number;
      readonly alsoMoved: readonly SwapOf[];
    }
);

/** A student takes a course in another section than before. */
export interface SwapOf {
  readonly studentId: string;
  readonly fromSectionId: string;
  readonly toSectionId: string;
}

/** Whose request is met, and the seat that is for nobody else then. */
type Newcomer = { readonly studentId: string; readonly offer: Offer };
type Choice = { readonly offer: Offer; readonly alternate: number };
const idOf = ({ school }: Seen, offer: Offer): string => school.sections[sectionOf(offer)]!.id;
const maskOfSection = ({ offering }: Seen, section: number): Mask => ({ lo: offering.lo[section]!, hi: offering.hi[section]! });

/** Finds what would meet a request that is not met; keeps what it learnt of the school from one to the next. */
export class Repairs {
  private readonly seen: Seen;
  private readonly freeTimes: FreeTimes;
  /** By course: requests for it that are not met. */
  private readonly missed: ReadonlyMap<string, number>;
  /** By course, what those who ask for it name as alternates; by grade, what is asked for; how often each. */
  private readonly namedBeside = new Map<string, Map<string, number>>();
  private readonly askedIn = new Map<string, Map<string, number>>();
  private readonly releasedOf = new Map<string, Mask>();
  private readonly lockedOf: ReadonlyMap<string, readonly string[]>;

  constructor(seen: Seen, met: ReadonlySet<string | null>) {
    this.seen = seen;
    this.freeTimes = new FreeTimes(seen);
    const count = (counts: Map<string, Map<string, number>>, key: string, of: string) => {
      const row = counts.get(key) ?? new Map<string, number>();
      counts.set(key, row.set(of, (row.get(of) ?? 0) + 1));
    };
    const missed = new Map<string, number>();
    for (const { grade, requests, id, released: free } of seen.school.students) {
      this.releasedOf.set(id, slotMask(seen, free));
      for (const request of requests) {
        count(this.askedIn, grade, request.courseId);
        for (const other of request.alternates) count(this.namedBeside, request.courseId, other);
        if (!met.has(request.id)) missed.set(request.courseId, (missed.get(request.courseId) ?? 0) + 1);
      }
    }
    this.missed = missed;
    this.lockedOf = new Map(seen.school.students.map(({ id, locked }) => [id, locked]));
  }

  /** By what they ask of others, the least first. */
  of(one: Case): { readonly repairs: readonly Repair[]; readonly noRepair: string | null } {
    const choices = choicesOf(one);
    const own = choices.filter(({ alternate }) => alternate === 0);
    const seat = seatThere(one, choices);
    if (seat?.kind === 'SEAT' && seat.alternate === 0) return { repairs: [seat], noRepair: null };
    const repairs = [
      seat,
      otherMoved(one, choices),
      this.oneSeatMore(one, choices),
      this.sectionMoved(one, own) ?? this.inTheWayMoved(one, own),
      this.newAlternate(one),
      this.sectionMore(one),
    ].filter((repair) => repair !== null);
    return { repairs, noRepair: repairs.length > 0 ? null : this.whyNone(one) };
  }

  private oneSeatMore(one: Case, choices: readonly Choice[]): Repair | null {
    const { seen } = this;
    const hasChair = ({ offer }: Choice) => {
      const at = seen.placedAs.get(idOf(seen, offer))!;
      const room = seen.school.rooms.find(({ id }) => id === at.roomId);
      return !room || (seen.studentsIn.get(at.sectionId)?.length ?? 0) < room.capacity;
    };
    for (const choice of choices) {
      const { offer, alternate } = choice;
      const alsoMoved = offer.link < 0 && hasChair(choice) ? this.cleared(one, offer) : null;
      if (!alsoMoved) continue;
      const { id, seats: limit } = seen.school.sections[sectionOf(offer)]!;
      const seats = Math.max(limit, seen.studentsIn.get(id)?.length ?? 0) + 1;
      const words = `One seat more in ${name(seen, sectionOf(offer))} in ${time(seen, sectionOf(offer))}${this.instead(alsoMoved)}.`;
      return { kind: 'ONE_SEAT_MORE', sectionId: id, alternate, seats, alsoMoved, words };
    }
    return null;
  }

  /** What the student takes in another section so that these slots are free: nothing, or one class; null when that would not do. */
  private cleared(one: Case, needs: Mask): SwapOf[] | null {
    const { seen } = this;
    const [other, ...more] = one.sitsIn.filter((section) => overlaps(maskOfSection(seen, section), needs));
    if (other === undefined) return [];
    if (more.length > 0) return null;
    const { id: studentId } = one.who.student;
    const to = this.elsewhere(studentId, other, one.sitsIn, needs, new Map());
    return to && [{ studentId, fromSectionId: seen.school.sections[other]!.id, toSectionId: idOf(seen, to) }];
  }

  private instead([own]: readonly SwapOf[]): string {
    if (!own) return '';
    const [from, to] = [own.fromSectionId, own.toSectionId].map((id) => this.seen.indexed.sectionIndex.get(id)!) as [number, number];
    return `, with ${name(this.seen, to)} in ${time(this.seen, to)} instead of ${name(this.seen, from)}`;
  }

  /** A section of the course at a time when the student has no class. */
  private sectionMoved(one: Case, choices: readonly Choice[]): Repair | null {
    const { seen } = this;
    for (const { offer, alternate } of choices) {
      if (offer.link >= 0 || !hasSeat(one, offer)) continue;
      const moved = this.move(sectionOf(offer), (mask) => !overlaps(mask, one) && !overlaps(mask, released(one)));
      if (moved) return { kind: 'MOVE_SECTION', sectionId: idOf(seen, offer), alternate, ...moved };
    }
    return null;
  }

  /** The one class of the student that meets when a section of the course does. */
  private inTheWayMoved(one: Case, choices: readonly Choice[]): Repair | null {
    const { seen } = this;
    for (const { offer, alternate } of choices) {
      if (!hasSeat(one, offer)) continue;
      const needs = whole(one, offer);
      const [other, ...more] = one.sitsIn.filter((section) => overlaps(maskOfSection(seen, section), needs));
      if (other === undefined || more.length > 0) continue;
      const rest = slotsOfSections(
        seen.offering,
        one.sitsIn.filter((section) => section !== other),
      );
      const moved = this.move(other, (mask) => ![rest, needs, released(one)].some((used) => overlaps(mask, used)), {
        studentId: one.who.student.id,
        offer,
      });
      if (moved) return { kind: 'MOVE_SECTION', sectionId: idOf(seen, offer), alternate, ...moved };
    }
    return null;
  }

  /** Another time for a section, at which nobody in it loses a class: of these the one that touches the fewest other classes. */
  private move(section: number, suits: (mask: Mask) => boolean, but?: Newcomer) {
    const { seen } = this;
    const { id, placement: fixed, possible, link, combinedWith } = seen.school.sections[section]!;
    if (fixed !== null || link !== null || combinedWith !== null) return null;
    const before = maskOfSection(seen, section);
    let best: { placement: Placement; roomId: string | null; swaps: readonly SwapOf[] } | null = null;
    for (const placement of possible) {
      const mask = slotMask(seen, placement);
      if ((mask.lo === before.lo && mask.hi === before.hi) || !suits(mask)) continue;
      const room = this.freeTimes.roomFor(section, placement);
      if (room === undefined || !this.freeTimes.teachersCould(section, placement)) continue;
      const swaps = this.swapsFor(section, mask, but, best?.swaps.length ?? Infinity);
      if (swaps) best = { placement, roomId: room, swaps };
      if (best?.swaps.length === 0) break;
    }
    if (!best) return null;
    const touched = seen.studentsIn.get(id) ?? [];
    const also =
      best.swaps.length === 0
        ? ''
        : `; ${best.swaps.length} of them ${best.swaps.length === 1 ? 'takes' : 'take'} another class in another section`;
    const words = `Move ${name(seen, section)} to ${wordsFor(seen.school, best.placement)}: of ${students(touched.length)} in it nobody loses a class${also}.`;
    return { movedSectionId: id, placement: best.placement, roomId: best.roomId, touched, alsoMoved: best.swaps, words };
  }

  /** What others in a section have to change when it meets at another time, fewer than so many; null when somebody would lose a class. */
  private swapsFor(section: number, mask: Mask, but: Newcomer | undefined, fewerThan: number): SwapOf[] | null {
    const { seen } = this;
    const swaps: SwapOf[] = [];
    const taken = new Map<Offer, number>(but && [[but.offer, 1]]);
    for (const studentId of seen.studentsIn.get(seen.school.sections[section]!.id) ?? []) {
      if (studentId === but?.studentId) continue;
      if (overlaps(mask, this.releasedOf.get(studentId)!)) return null;
      const others = seen.sectionsOf.get(studentId)!.filter((other) => other !== section);
      const inTheWay = others.filter((other) => overlaps(maskOfSection(seen, other), mask));
      if (inTheWay.length === 0) continue;
      const to =
        inTheWay.length === 1 && swaps.length + 1 < fewerThan ? this.elsewhere(studentId, inTheWay[0]!, others, mask, taken) : null;
      if (!to) return null;
      taken.set(to, (taken.get(to) ?? 0) + 1);
      swaps.push({ studentId, fromSectionId: seen.school.sections[inTheWay[0]!]!.id, toSectionId: idOf(seen, to) });
    }
    return swaps;
  }

  /** Another section of a class that a student would have to leave, with a seat that nobody else was given before. */
  private elsewhere(
    studentId: string,
    from: number,
    others: readonly number[],
    mask: Mask,
    taken: ReadonlyMap<Offer, number>,
  ): Offer | null {
    const { seen } = this;
    const { indexed, offering } = seen;
    const student = seen.school.students[seen.studentIndex.get(studentId)!]!;
    if (indexed.linkOf[from]! >= 0 || this.lockedOf.get(studentId)!.includes(seen.school.sections[from]!.id)) return null;
    const rest = slotsOfSections(
      offering,
      others.filter((other) => other !== from),
    );
    const found = offering.ofCourse[indexed.courseOf[from]!]!.find(
      (to) =>
        to.link < 0 &&
        sectionOf(to) !== from &&
        isFor(to, student) &&
        seatsLeft(to, student) > (taken.get(to) ?? 0) &&
        ![rest, mask, this.releasedOf.get(studentId)!].some((used) => overlaps(to, used)),
    );
    return found ?? null;
  }

  /** A course with a seat when the student has no class, that others name beside this one or that the grade asks for most; no core course. */
  private newAlternate(one: Case): Repair | null {
    const { seen } = this;
    const { student } = one.who;
    const asked = new Set(student.requests.flatMap(({ courseId, alternates }) => [courseId, ...alternates]));
    const taken = new Set(one.sitsIn.map((section) => seen.indexed.courseOf[section]!));
    const namedBeside = this.namedBeside.get(one.request.courseId);
    const grade = this.askedIn.get(student.grade);
    const ranked = seen.school.courses
      .flatMap(({ id, core }, course) => {
        const [named, wanted] = [namedBeside?.get(id) ?? 0, grade?.get(id) ?? 0];
        return asked.has(id) || taken.has(course) || (core && named === 0) || named + wanted === 0 ? [] : [{ id, course, named, wanted }];
      })
      .sort((a, b) => b.named - a.named || b.wanted - a.wanted);
    const open = ranked.flatMap((one) =>
      seen.offering.ofCourse[one.course]!.filter((offer) => offer.link < 0 && isFor(offer, student) && seatsLeft(offer, student) > 0).map(
        (offer) => ({ ...one, offer }),
      ),
    );
    const suits = open.filter(({ offer }) => !overlaps(offer, released(one)));
    // First of all courses what asks nothing of the student's other classes.
    for (const { id, course, named, wanted, offer } of [...suits.filter((each) => !overlaps(each.offer, one)), ...suits]) {
      const alsoMoved = this.cleared(one, offer);
      if (!alsoMoved) continue;
      const beside =
        named > 0
          ? `${students(named)} who ${named === 1 ? 'asks' : 'ask'} for ${titleOf(seen, one.request.courseId)} ${named === 1 ? 'names' : 'name'} it`
          : `${students(wanted)} of grade ${student.grade} ${wanted === 1 ? 'asks' : 'ask'} for it`;
      const words = `Ask the student about ${title(seen, course)} as an alternate: ${name(seen, sectionOf(offer))} has a seat in ${time(seen, sectionOf(offer))}, and ${beside}${this.instead(alsoMoved)}.`;
      return { kind: 'NEW_ALTERNATE', courseId: id, sectionId: idOf(seen, offer), alsoMoved, words };
    }
    return null;
  }

  /** As the course's other sections are, with a teacher and a room that are free. */
  private sectionMore(one: Case): Repair | null {
    const { seen } = this;
    const { courseId } = one.request;
    const model = seen.school.sections.find((section) => section.courseId === courseId);
    const isTaken = one.sitsIn.some((section) => seen.school.sections[section]!.courseId === courseId);
    if (!model || isTaken || model.link !== null || model.combinedWith !== null) return null;
    let best: Repair | null = null;
    for (const placement of model.possible) {
      const mask = slotMask(seen, placement);
      const alsoMoved = overlaps(mask, released(one)) ? null : this.cleared(one, mask);
      if (!alsoMoved || (best && alsoMoved.length > 0)) continue;
      const teacherId = this.freeTimes.teacherFor(courseId, placement);
      const roomId = teacherId === null ? undefined : this.freeTimes.roomFor(seen.indexed.sectionIndex.get(model.id)!, placement, true);
      if (teacherId === null || roomId === undefined) continue;
      const missedBy = this.missed.get(courseId) ?? 0;
      const words = `One section more of ${titleOf(seen, courseId)} in ${wordsFor(seen.school, placement)}, when a teacher and a room are free: ${students(missedBy)} who ${missedBy === 1 ? 'asks for it has' : 'ask for it have'} none${this.instead(alsoMoved)}.`;
      best = { kind: 'ADD_SECTION', courseId, placement, teacherId, roomId, missedBy, alsoMoved, words };
      if (alsoMoved.length === 0) break;
    }
    return best;
  }

  private whyNone(one: Case): string {
    const { seen } = this;
    const { courseId } = one.request;
    const free = seen.school.slots.filter(({ id }) => {
      const mask = slotMask(seen, [id]);
      return (mask.lo | mask.hi) !== 0 && !overlaps(mask, one) && !overlaps(mask, released(one));
    });
    if (free.length === 0)
      return 'The student has a class in every slot, and none of these can meet at another time without somebody losing a class.';
    const when = wordsFor(
      seen.school,
      free.map(({ id }) => id),
    );
    const isTaught = seen.school.teachers.some(({ courseIds }) => courseIds.includes(courseId));
    const more = isTaught ? 'no teacher and room for one more are free together' : 'nobody is known who may teach one more';
    return `The student has no class in ${when}. No section of ${titleOf(seen, courseId)} can meet then without somebody losing a class, ${more}, and no course that others of the grade ask for has a seat then.`;
  }
}

const titleOf = (seen: Seen, courseId: string): string => {
  const course = seen.indexed.courseIndex.get(courseId);
  return course === undefined ? courseId : title(seen, course);
};
const students = (n: number): string => (n === 1 ? '1 student' : `${n} students`);

/** What would answer the request, if there were seats and time: the course itself first. */
function choicesOf(one: Case): Choice[] {
  const { seen, who, request } = one;
  const answers = who.asks.find((ask) => ask.request === request)!.answers;
  const taken = new Set(one.sitsIn.map((section) => seen.indexed.courseOf[section]!));
  return answers
    .filter(({ course }) => !taken.has(course))
    .flatMap(({ course, alternate }) => seen.offering.ofCourse[course]!.map((offer) => ({ offer, alternate })))
    .filter(({ offer }) => isFor(offer, who.student) && !overlaps(whole(one, offer), released(one)));
}

function seatThere(one: Case, choices: readonly Choice[]): Repair | null {
  const found = choices.find(({ offer }) => hasSeat(one, offer) && !overlaps(whole(one, offer), one));
  if (!found) return null;
  const { offer, alternate } = found;
  const words = `${alternate === 0 ? 'Seat' : 'Take the alternate'} ${name(one.seen, sectionOf(offer))} in ${time(one.seen, sectionOf(offer))}.`;
  return { kind: 'SEAT', sectionId: idOf(one.seen, offer), alternate, words };
}

/** One class of the student at another time makes room. */
function otherMoved(one: Case, choices: readonly Choice[]): Repair | null {
  const { seen, who, sitsIn } = one;
  const { indexed, offering } = seen;
  for (const { offer, alternate } of choices.filter((choice) => hasSeat(one, choice.offer))) {
    const needs = whole(one, offer);
    const [other, ...more] = sitsIn.filter((section) => overlaps(maskOfSection(seen, section), needs));
    if (other === undefined || more.length > 0 || indexed.linkOf[other]! >= 0 || who.locked.includes(other)) continue;
    const rest = slotsOfSections(
      offering,
      sitsIn.filter((section) => section !== other),
    );
    const elsewhere = offering.ofCourse[indexed.courseOf[other]!]!.find(
      (to) =>
        to.link < 0 &&
        isFor(to, who.student) &&
        seatsLeft(to, who.student) > 0 &&
        ![rest, needs, released(one)].some((used) => overlaps(to, used)),
    );
    if (!elsewhere) continue;
    const words = `Move ${name(seen, other)} to ${name(seen, sectionOf(elsewhere))} in ${time(seen, sectionOf(elsewhere))}: then ${name(seen, sectionOf(offer))} is free.`;
    const [fromSectionId, toSectionId] = [seen.school.sections[other]!.id, idOf(seen, elsewhere)];
    return { kind: 'MOVE_OTHER', sectionId: idOf(seen, offer), alternate, fromSectionId, toSectionId, words };
  }
  return null;
}
