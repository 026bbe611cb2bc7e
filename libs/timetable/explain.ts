import type { IndexedSchool, IndexedStudent, Offer, Offering } from './indexed.ts';
import { indexSchool, indexStudent, maskOf, offeringOf, seatsLeft } from './indexed.ts';
import type { CourseRequest, PlacedSection, Placement, School, Seat, Student } from './school.ts';
import { takeAll } from './walkIn.ts';

/** Why a request was missed. */
export type WhyUnmet =
  | 'NOT_OFFERED'
  | 'OTHER_TEAM'
  | 'RELEASED_SLOT'
  | 'MORE_THAN_FITS'
  | 'TIME_CONFLICT'
  | 'SECTIONS_FULL'
  | 'SEATS_RESERVED'
  | 'COULD_BE_SEATED';

/** One change that would meet a request, by an alternate if need be; the words are for a counselor. */
export type Repair = { readonly words: string } & (
  | { readonly kind: 'SEAT'; readonly sectionId: string; readonly alternate: number }
  /** The student's class in `fromSectionId` is taken in `toSectionId` instead, and `sectionId` is free. */
  | { readonly kind: 'MOVE_OTHER'; readonly sectionId: string; readonly fromSectionId: string; readonly toSectionId: string }
  | { readonly kind: 'ONE_SEAT_MORE'; readonly sectionId: string }
  /** `conflicts`: how many of those who sit in the section now have another class then. */
  | { readonly kind: 'MOVE_SECTION'; readonly sectionId: string; readonly placement: Placement; readonly conflicts: number }
);

export interface Unmet {
  readonly studentId: string;
  readonly requestId: string;
  readonly code: WhyUnmet;
  readonly reason: string;
  /** The cheapest; null when no single change would do. */
  readonly repair: Repair | null;
}

/** The school as it sits, to look things up in. */
interface Seen {
  readonly school: School;
  readonly indexed: IndexedSchool;
  readonly offering: Offering;
  readonly placementOf: ReadonlyMap<string, Placement>;
  /** Sections of each student, and students of each section, as numbers and ids. */
  readonly sectionsOf: ReadonlyMap<string, readonly number[]>;
  readonly studentsIn: ReadonlyMap<string, readonly string[]>;
}

/** A student with a request that is not met. */
interface Case {
  readonly seen: Seen;
  readonly who: IndexedStudent;
  readonly request: CourseRequest;
  readonly sitsIn: readonly number[];
  readonly lo: number;
  readonly hi: number;
}

/** For each request without a seat: why, in words, and the cheapest change that would meet it. */
export function explainUnmet(school: School, placed: readonly PlacedSection[], seats: readonly Seat[]): Unmet[] {
  const seen = see(school, placed, seats);
  const met = new Set(seats.map(({ requestId }) => requestId));
  return school.students.flatMap((student, index) => {
    const unmet = student.requests.filter(({ id }) => !met.has(id));
    if (unmet.length === 0) return [];
    const who = indexStudent(seen.indexed, student, index);
    const sitsIn = seen.sectionsOf.get(student.id) ?? [];
    const { lo, hi } = slotsOfSections(seen.offering, sitsIn);
    return unmet.map((request): Unmet => {
      const one = { seen, who, request, sitsIn, lo, hi };
      return { studentId: student.id, requestId: request.id, ...whyUnmet(one), repair: cheapestRepair(one) };
    });
  });
}

function see(school: School, placed: readonly PlacedSection[], seats: readonly Seat[]): Seen {
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
    sectionsOf: new Map(
      [...sectionsOf].map(([id, own]) => [id, own.flatMap(({ sectionId }) => indexed.sectionIndex.get(sectionId) ?? [])]),
    ),
    studentsIn: new Map([...studentsIn].map(([id, own]) => [id, own.map(({ studentId }) => studentId)])),
  };
}

function slotsOfSections({ lo, hi }: Offering, sections: readonly number[]): { lo: number; hi: number } {
  return sections.reduce((used, section) => ({ lo: used.lo | lo[section]!, hi: used.hi | hi[section]! }), { lo: 0, hi: 0 });
}

const overlaps = (a: { lo: number; hi: number }, b: { lo: number; hi: number }): boolean => ((a.lo & b.lo) | (a.hi & b.hi)) !== 0;
const isFor = ({ team, track }: Offer, student: Student): boolean =>
  (team === null || team === student.team) && (track === null || track === student.track);
const sectionOf = (offer: Offer): number => offer.sections[0]!;
const released = ({ who }: Case): { lo: number; hi: number } => ({ lo: who.releasedLo, hi: who.releasedHi });

/** All that an offer fills for a student: its own slots and those of the sections linked with it. */
const whole = ({ seen }: Case, offer: Offer): { lo: number; hi: number } =>
  offer.link < 0 ? offer : slotsOfSections(seen.offering, seen.offering.ofLink[offer.link]!.map(sectionOf));
const hasSeat = ({ seen, who }: Case, offer: Offer): boolean =>
  (offer.link < 0 ? [offer] : seen.offering.ofLink[offer.link]!).every((one) => seatsLeft(one, who.student) > 0);

const title = ({ school }: Seen, course: number): string => school.courses[course]!.title;
const name = (seen: Seen, section: number): string =>
  `${title(seen, seen.indexed.courseOf[section]!)} (${seen.school.sections[section]!.number})`;
const time = (seen: Seen, section: number): string => seen.placementOf.get(seen.school.sections[section]!.id)!.join(', ');
const listed = (things: readonly string[]): string => [...new Set(things)].join('; ');

/** The first reason that leaves no section of the course. */
function whyUnmet(one: Case): { code: WhyUnmet; reason: string } {
  const { seen, who, request } = one;
  const course = seen.indexed.courseIndex.get(request.courseId);
  const wanted = course === undefined ? request.courseId : title(seen, course);
  const offers =
    course === undefined ? [] : seen.offering.ofCourse[course]!.filter((offer) => seen.school.sections[sectionOf(offer)]!.seats > 0);
  if (offers.length === 0) return { code: 'NOT_OFFERED', reason: `${wanted} is not offered: no section with seats is placed.` };
  const own = offers.filter((offer) => isFor(offer, who.student));
  if (own.length === 0) return { code: 'OTHER_TEAM', reason: `All sections of ${wanted} are for other teams or tracks.` };
  const atSchool = own.filter((offer) => !overlaps(whole(one, offer), released(one)));
  if (atSchool.length === 0) {
    return {
      code: 'RELEASED_SLOT',
      reason: `${wanted} meets only when the student is released: ${listed(own.map((offer) => time(seen, sectionOf(offer))))}.`,
    };
  }
  const free = atSchool.filter((offer) => !overlaps(whole(one, offer), one));
  if (free.length === 0) return whyNoTime(one, wanted, atSchool);
  const open = free.find((offer) => hasSeat(one, offer));
  if (open) return { code: 'COULD_BE_SEATED', reason: `${name(seen, sectionOf(open))} has a seat and meets when the student is free.` };
  const others = atSchool.length > free.length ? ' The other sections meet when the student has another class.' : '';
  const kept = free.filter((offer) => offer.kept.some(({ left }) => left > 0));
  if (kept.length > 0) {
    const programs = listed(kept.flatMap((offer) => offer.kept.map(({ program }) => program)));
    return {
      code: 'SEATS_RESERVED',
      reason: `The seats left in ${listed(kept.map((offer) => name(seen, sectionOf(offer))))} are kept for ${programs}.${others}`,
    };
  }
  return {
    code: 'SECTIONS_FULL',
    reason: `Full: ${listed(free.map((offer) => `${name(seen, sectionOf(offer))} in ${time(seen, sectionOf(offer))}`))}.${others}`,
  };
}

function whyNoTime(one: Case, wanted: string, offers: readonly Offer[]): { code: WhyUnmet; reason: string } {
  const { seen, who, sitsIn, lo, hi } = one;
  const isDayFull = seen.school.slots.every(
    ({ id }) => overlaps(slotMask(seen, [id]), { lo: lo | who.releasedLo, hi: hi | who.releasedHi }) || !seen.indexed.bitOf.has(id),
  );
  const requests = who.student.requests.length;
  if (isDayFull && requests > sitsIn.length) {
    return {
      code: 'MORE_THAN_FITS',
      reason: `The student asked for ${requests} courses, and the ${sitsIn.length} classes taken fill every slot; ${wanted} found none.`,
    };
  }
  const clashes = offers.map((offer) => {
    const inTheWay = sitsIn.filter((section) =>
      overlaps({ lo: seen.offering.lo[section]!, hi: seen.offering.hi[section]! }, whole(one, offer)),
    );
    return `${time(seen, sectionOf(offer))}, when the student has ${inTheWay.map((section) => name(seen, section)).join(' and ')}`;
  });
  return { code: 'TIME_CONFLICT', reason: `${wanted} meets only in ${listed(clashes)}.` };
}

function slotMask({ indexed }: Seen, slots: readonly string[]): { lo: number; hi: number } {
  const [lo, hi] = maskOf(indexed, slots);
  return { lo, hi };
}

/** By what it asks of others: a seat that is there, the student's own other class, one seat more, another time for a section. */
function cheapestRepair(one: Case): Repair | null {
  const { seen, who, request } = one;
  const answers = who.asks.find((ask) => ask.request === request)!.answers;
  const taken = new Set(one.sitsIn.map((section) => seen.indexed.courseOf[section]!));
  const choices = answers
    .filter(({ course }) => !taken.has(course))
    .flatMap(({ course, alternate }) => seen.offering.ofCourse[course]!.map((offer) => ({ offer, alternate })))
    .filter(({ offer }) => isFor(offer, who.student) && !overlaps(whole(one, offer), released(one)));
  return seatThere(one, choices) ?? otherMoved(one, choices) ?? oneSeatMore(one, choices) ?? sectionMoved(one, choices);
}

type Choice = { readonly offer: Offer; readonly alternate: number };

function seatThere(one: Case, choices: readonly Choice[]): Repair | null {
  const found = choices.find(({ offer }) => hasSeat(one, offer) && !overlaps(whole(one, offer), one));
  if (!found) return null;
  const { offer, alternate } = found;
  const words = `${alternate === 0 ? 'Seat' : 'Take the alternate'} ${name(one.seen, sectionOf(offer))} in ${time(one.seen, sectionOf(offer))}.`;
  return { kind: 'SEAT', sectionId: idOf(one, offer), alternate, words };
}

const idOf = ({ seen }: Case, offer: Offer): string => seen.school.sections[sectionOf(offer)]!.id;

/** One class of the student at another time makes room. */
function otherMoved(one: Case, choices: readonly Choice[]): Repair | null {
  const { seen, who, sitsIn } = one;
  const { indexed, offering } = seen;
  for (const { offer } of choices.filter((choice) => hasSeat(one, choice.offer))) {
    const needs = whole(one, offer);
    const inTheWay = sitsIn.filter((section) => overlaps({ lo: offering.lo[section]!, hi: offering.hi[section]! }, needs));
    const [other] = inTheWay;
    if (inTheWay.length !== 1 || indexed.linkOf[other!]! >= 0 || who.locked.includes(other!)) continue;
    const rest = slotsOfSections(
      offering,
      sitsIn.filter((section) => section !== other),
    );
    const elsewhere = offering.ofCourse[indexed.courseOf[other!]!]!.find(
      (to) =>
        to.link < 0 &&
        isFor(to, who.student) &&
        seatsLeft(to, who.student) > 0 &&
        ![rest, needs, released(one)].some((used) => overlaps(to, used)),
    );
    if (!elsewhere) continue;
    const words = `Move ${name(seen, other!)} to ${name(seen, sectionOf(elsewhere))} in ${time(seen, sectionOf(elsewhere))}: then ${name(seen, sectionOf(offer))} is free.`;
    return {
      kind: 'MOVE_OTHER',
      sectionId: idOf(one, offer),
      fromSectionId: seen.school.sections[other!]!.id,
      toSectionId: idOf(one, elsewhere),
      words,
    };
  }
  return null;
}

function oneSeatMore(one: Case, choices: readonly Choice[]): Repair | null {
  const found = choices.find(({ offer }) => offer.link < 0 && !overlaps(offer, one));
  if (!found) return null;
  const words = `One seat more in ${name(one.seen, sectionOf(found.offer))} in ${time(one.seen, sectionOf(found.offer))}.`;
  return { kind: 'ONE_SEAT_MORE', sectionId: idOf(one, found.offer), words };
}

/** A section of the course that was asked for, at a time when the student is free and the fewest of its own students have a class. */
function sectionMoved(one: Case, choices: readonly Choice[]): Repair | null {
  const { seen } = one;
  const moves = choices
    .filter((choice) => choice.alternate === 0 && choice.offer.link < 0 && hasSeat(one, choice.offer))
    .flatMap(({ offer }) =>
      seen.school.sections[sectionOf(offer)]!.possible.map((placement) => ({ offer, placement, mask: slotMask(seen, placement) })),
    )
    .filter(({ mask }) => !overlaps(mask, one) && !overlaps(mask, released(one)))
    .map(({ offer, placement, mask }) => ({ offer, placement, conflicts: conflictsOf(one, offer, mask) }))
    .sort((a, b) => a.conflicts - b.conflicts);
  const [least] = moves;
  if (!least) return null;
  const { offer, placement, conflicts } = least;
  const words = `Move ${name(seen, sectionOf(offer))} to ${placement.join(', ')}: ${conflicts} of its students have another class then.`;
  return { kind: 'MOVE_SECTION', sectionId: idOf(one, offer), placement, conflicts, words };
}

function conflictsOf(one: Case, offer: Offer, mask: { lo: number; hi: number }): number {
  const { seen } = one;
  const students = seen.studentsIn.get(idOf(one, offer)) ?? [];
  const others = (id: string): number[] => seen.sectionsOf.get(id)!.filter((section) => section !== sectionOf(offer));
  return students.filter((id) => overlaps(slotsOfSections(seen.offering, others(id)), mask)).length;
}
