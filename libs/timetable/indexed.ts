import type { CourseRequest, PlacedSection, Placement, School, Student } from './school.ts';
import { shareOfAlternate, worth } from './school.ts';

/**
 * A school as the loaders read it: numbers instead of ids, slots as bits. Slots that no placement tells apart are one bit: a year course
 * in period 3 of both semesters is one bit as long as no class meets in period 3 of one semester alone. Bits 0 to 30 are the low word
 * (`lo`), those above the high one (`hi`), as JavaScript's bitwise operators know 32 bits only.
 */
export interface IndexedSchool {
  readonly school: School;
  /** Of each slot id, its bit; slots in which no class can meet have none. */
  readonly bitOf: ReadonlyMap<string, number>;
  readonly bits: number;
  readonly courseIndex: ReadonlyMap<string, number>;
  readonly sectionIndex: ReadonlyMap<string, number>;
  readonly studentIndex: ReadonlyMap<string, number>;
  /** Of each section, the number of its course, and of its link (-1: none). */
  readonly courseOf: Int32Array;
  readonly linkOf: Int32Array;
  /** Of each link, its sections. */
  readonly linked: readonly (readonly number[])[];
  /** Of each course that has linked sections, the courses of the same links, itself among them. */
  readonly linkedWith: ReadonlyMap<number, ReadonlySet<number>>;
  readonly students: readonly IndexedStudent[];
}

/** A course that answers a request, and what that is worth. */
export interface Answer {
  readonly course: number;
  /** 0: the course that was asked for; n: the n-th alternate. */
  readonly alternate: number;
  readonly value: number;
  /** The section of this course in which the student is locked; -1: none. */
  readonly locked: number;
}

export interface Ask {
  readonly request: CourseRequest;
  /** The best first. */
  readonly answers: readonly Answer[];
  /** A bit of the student's own, if a linked section may answer this request together with another one; else 0. */
  readonly own: number;
}

export interface IndexedStudent {
  readonly index: number;
  readonly student: Student;
  readonly asks: readonly Ask[];
  /** Bits that stay free. */
  readonly releasedLo: number;
  readonly releasedHi: number;
  /** Sections that the student keeps, with those that a link adds. */
  readonly locked: readonly number[];
  /**
   * A course that several requests could answer is taken once: it has a bit of the student's own, which the section that is taken for
   * it fills like a slot.
   */
  readonly ownOfCourse: ReadonlyMap<number, number>;
  readonly lockedCourses: ReadonlySet<number>;
}

/** The sections of a course that meet at the same times and are for the same students: to a student, one choice. */
export interface Offer {
  readonly course: number;
  readonly lo: number;
  readonly hi: number;
  readonly sections: number[];
  readonly team: string | null;
  readonly track: string | null;
  readonly link: number;
  /** Seats left for anybody. */
  open: number;
  /** Seats left for students of a program, and how many of its students sit on open seats because there are no more. */
  readonly kept: { readonly program: string; left: number; over: number }[];
  /** What it costs to make somebody leave it, as a loader has learnt; only where prices count. */
  price: number;
}

/** Where and when everything is offered. Who moves sections changes it in place. */
export interface Offering {
  readonly ofCourse: Offer[][];
  readonly ofLink: Offer[][];
  /** Of each section, the bits it fills. */
  readonly lo: Int32Array;
  readonly hi: Int32Array;
  /** 1 for each section that has a place. */
  readonly placed: Uint8Array;
}

/** The most bits: a low word of 31, and what a high word holds beside. */
export const mostBits = 53;
/** The most courses and requests of one student that are entangled: one word. */
export const mostOwnBits = 31;
/** The most requests of one student: far more than anybody's periods. */
export const mostRequests = 100;

/** What a request's answer is worth, as a whole number. */
export const valueOf = (request: CourseRequest, alternate: number): number =>
  Math.round(worth[request.priority] * shareOfAlternate(alternate));

export function indexSchool(school: School, placed: readonly PlacedSection[] = []): IndexedSchool {
  const bitOf = bitsOfSlots(school, placed);
  const bits = Math.max(-1, ...bitOf.values()) + 1;
  if (bits > mostBits) throw new Error(`The timetable has ${bits} slots that classes tell apart; ${mostBits} is the most.`);
  const courseIndex = new Map(school.courses.map((course, index) => [course.id, index]));
  const sectionIndex = new Map(school.sections.map((section, index) => [section.id, index]));
  const links = new Map<string, number[]>();
  school.sections.forEach(({ link }, index) => {
    if (link !== null) links.set(link, [...(links.get(link) ?? []), index]);
  });
  const linkNames = [...links.keys()];
  const frame = {
    school,
    bitOf,
    bits,
    courseIndex,
    sectionIndex,
    studentIndex: new Map(school.students.map((student, index) => [student.id, index])),
    courseOf: Int32Array.from(school.sections, (section) => courseIndex.get(section.courseId) ?? -1),
    linkOf: Int32Array.from(school.sections, ({ link }) => (link === null ? -1 : linkNames.indexOf(link))),
    linked: [...links.values()],
  };
  const whole = { ...frame, linkedWith: coursesBesideEach(frame) };
  return { ...whole, students: school.students.map((student, index) => indexStudent(whole, student, index)) };
}

/** Whether a school has more slots that classes tell apart than can be scheduled at once. */
export const hasTooManySlots = (school: School, placed: readonly PlacedSection[]): boolean =>
  Math.max(-1, ...bitsOfSlots(school, placed).values()) + 1 > mostBits;

/** Two slots are one bit when each placement has both of them or neither. */
function bitsOfSlots(school: School, placed: readonly PlacedSection[]): Map<string, number> {
  const placements = new Map<string, Placement>();
  const add = (placement: Placement): void => void placements.set(placement.toSorted().join('\n'), placement);
  for (const section of school.sections) {
    if (section.placement) add(section.placement);
    section.possible.forEach(add);
  }
  placed.forEach(({ placement }) => add(placement));

  const placementsOf = new Map<string, number[]>(school.slots.map((slot) => [slot.id, []]));
  [...placements.values()].forEach((placement, index) => new Set(placement).forEach((slot) => placementsOf.get(slot)?.push(index)));
  const bitOfSet = new Map<string, number>();
  const bitOf = new Map<string, number>();
  for (const { id } of school.slots) {
    const set = placementsOf.get(id)!.join();
    if (set === '') continue;
    if (!bitOfSet.has(set)) bitOfSet.set(set, bitOfSet.size);
    bitOf.set(id, bitOfSet.get(set)!);
  }
  return bitOf;
}

type Frame = Omit<IndexedSchool, 'students'>;

function coursesBesideEach({ linked, courseOf }: Pick<Frame, 'linked' | 'courseOf'>): Map<number, Set<number>> {
  const beside = new Map<number, Set<number>>();
  for (const sections of linked) {
    const courses = sections.map((section) => courseOf[section]!);
    for (const course of courses) beside.set(course, new Set([...(beside.get(course) ?? []), ...courses]));
  }
  return beside;
}

/** One student, who need not be among the students of the school. */
export function indexStudent(frame: Frame, student: Student, index: number): IndexedStudent {
  const { linkedWith } = frame;
  const locked = withLinked(frame, student.locked);
  const lockedIn = new Map(locked.map((section) => [frame.courseOf[section]!, section]));
  const askedFor = new Map<number, number>();
  const answersOf = student.requests.map((request) => {
    const courses = [...new Set([request.courseId, ...request.alternates])].flatMap((id) => frame.courseIndex.get(id) ?? []);
    for (const course of courses) askedFor.set(course, (askedFor.get(course) ?? 0) + 1);
    return courses.map((course): Answer => {
      const id = frame.school.courses[course]!.id;
      const alternate = id === request.courseId ? 0 : request.alternates.indexOf(id) + 1;
      return { course, alternate, value: valueOf(request, alternate), locked: lockedIn.get(course) ?? -1 };
    });
  });
  const reached = new Set([...askedFor.keys()].flatMap((course) => [...(linkedWith.get(course) ?? [])]));
  const entangled = [...new Set([...askedFor.keys(), ...reached])].filter((course) => askedFor.get(course) !== 1);
  const tied = answersOf.map((answers) => answers.some(({ course }) => linkedWith.has(course)));
  const count = entangled.length + tied.filter(Boolean).length;
  if (count > mostOwnBits)
    throw new Error(`Student ${student.id}: ${count} of the courses asked for answer several requests; ${mostOwnBits} is the most.`);

  if (student.requests.length > mostRequests) {
    throw new Error(`Student ${student.id} has ${student.requests.length} requests; ${mostRequests} is the most.`);
  }
  let bit = entangled.length;
  const [releasedLo, releasedHi] = maskOf(frame, student.released);
  return {
    index,
    student,
    asks: student.requests.map((request, i) => ({ request, answers: answersOf[i]!, own: tied[i] ? 1 << bit++ : 0 })),
    releasedLo,
    releasedHi,
    locked,
    ownOfCourse: new Map(entangled.map((course, i) => [course, 1 << i])),
    lockedCourses: new Set(lockedIn.keys()),
  };
}

/** Sections by id, and the others of their links. */
function withLinked({ sectionIndex, linkOf, linked }: Pick<Frame, 'sectionIndex' | 'linkOf' | 'linked'>, ids: readonly string[]): number[] {
  const sections = ids.flatMap((id) => sectionIndex.get(id) ?? []);
  return [...new Set(sections.flatMap((section) => [section, ...(linked[linkOf[section]!] ?? [])]))];
}

/** The bits of some slots: the low word, and the high one. */
export function maskOf({ bitOf }: Pick<IndexedSchool, 'bitOf'>, slots: readonly string[]): readonly [number, number] {
  let lo = 0;
  let hi = 0;
  for (const slot of slots) {
    const bit = bitOf.get(slot);
    if (bit === undefined) continue;
    if (bit < 31) lo |= 1 << bit;
    else hi |= 1 << (bit - 31);
  }
  return [lo, hi];
}

/**
 * What is offered when the sections meet as placed. Sections of one course at the same times, for the same team and track and in no
 * link, are one offer with their seats together. Locked students have their seats already; the rest is left. A link of which a
 * section is not placed is not offered.
 * @param apart each section by itself, where it matters which of them a student sits in.
 */
export function offeringOf(indexed: IndexedSchool, placed: readonly PlacedSection[], apart = false): Offering {
  const { school, sectionIndex, courseOf, linkOf, linked } = indexed;
  const offering: Offering = {
    ofCourse: school.courses.map(() => []),
    ofLink: linked.map(() => []),
    lo: new Int32Array(school.sections.length),
    hi: new Int32Array(school.sections.length),
    placed: new Uint8Array(school.sections.length),
  };
  for (const { sectionId, placement } of placed) {
    const section = sectionIndex.get(sectionId);
    if (section === undefined || courseOf[section]! < 0) {
      throw new Error(`Section ${sectionId} is placed, and the school has no such section of a course.`);
    }
    const [lo, hi] = maskOf(indexed, placement);
    offering.lo[section] = lo;
    offering.hi[section] = hi;
    offering.placed[section] = 1;
  }
  const lockedIn = studentsLockedIn(indexed);
  for (let section = 0; section < school.sections.length; section++) {
    const together = linkOf[section]! < 0 ? [section] : linked[linkOf[section]!]!;
    if (together.every((other) => offering.placed[other])) offerSection(offering, indexed, section, lockedIn.get(section) ?? [], apart);
  }
  return offering;
}

function studentsLockedIn({ students }: IndexedSchool): Map<number, IndexedStudent[]> {
  const lockedIn = new Map<number, IndexedStudent[]>();
  for (const student of students) for (const section of student.locked) lockedIn.set(section, [...(lockedIn.get(section) ?? []), student]);
  return lockedIn;
}

function offerSection(
  offering: Offering,
  indexed: IndexedSchool,
  section: number,
  locked: readonly IndexedStudent[],
  apart: boolean,
): void {
  const alone = offerOf(offering, indexed, section);
  seatLocked(alone, locked);
  const offers = offering.ofCourse[alone.course]!;
  const same = alone.link < 0 && !apart ? offers.find((other) => isSameChoice(alone, other)) : undefined;
  if (!same) {
    offers.push(alone);
    if (alone.link >= 0) offering.ofLink[alone.link]!.push(alone);
    return;
  }
  same.sections.push(section);
  same.open += alone.open;
  for (const kept of alone.kept) {
    const pool = same.kept.find(({ program }) => program === kept.program);
    if (pool) pool.left += kept.left;
    else same.kept.push({ ...kept, over: 0 });
  }
}

/** Who is locked in a section sits there first: on open seats, and where these are not enough, on kept ones. */
export function seatLocked(alone: Offer, locked: readonly Pick<IndexedStudent, 'student'>[]): void {
  for (const { student } of locked) takeSeat(alone, student);
  for (const kept of alone.kept) {
    const taken = Math.min(kept.left, Math.max(0, -alone.open));
    kept.left -= taken;
    alone.open += taken;
  }
  alone.open = Math.max(0, alone.open);
}

/** A section by itself, with all of its seats. */
export function offerOf(offering: Pick<Offering, 'lo' | 'hi'>, indexed: IndexedSchool, section: number): Offer {
  const { seats, reservations, team, track } = indexed.school.sections[section]!;
  let open = Math.max(0, seats);
  const kept = reservations.map(({ program, seats: wanted }) => {
    const left = Math.min(open, Math.max(0, wanted));
    open -= left;
    return { program, left, over: 0 };
  });
  return {
    course: indexed.courseOf[section]!,
    lo: offering.lo[section]!,
    hi: offering.hi[section]!,
    sections: [section],
    team,
    track,
    link: indexed.linkOf[section]!,
    open,
    kept,
    price: 0,
  };
}

const isSameChoice = (a: Offer, b: Offer): boolean =>
  a.lo === b.lo && a.hi === b.hi && a.team === b.team && a.track === b.track && a.link < 0 && b.link < 0;

/** The reservation that a student counts toward: the first that names one of the student's programs. */
export const keptFor = (offer: Offer, { programs }: Student): Offer['kept'][number] | undefined =>
  offer.kept.length === 0 || programs.length === 0 ? undefined : offer.kept.find(({ program }) => programs.includes(program));

export const seatsLeft = (offer: Offer, student: Student): number => offer.open + (keptFor(offer, student)?.left ?? 0);

/** A seat kept for the student's program goes first, then an open one. */
export function takeSeat(offer: Offer, student: Student): void {
  const kept = keptFor(offer, student);
  if (kept && kept.left > 0) kept.left--;
  else {
    offer.open--;
    if (kept) kept.over++;
  }
}

/** Somebody of the same program who sat on an open seat moves to the kept one that is free now. */
export function leaveSeat(offer: Offer, student: Student): void {
  const kept = keptFor(offer, student);
  if (kept && kept.over === 0) kept.left++;
  else {
    offer.open++;
    if (kept) kept.over--;
  }
}
