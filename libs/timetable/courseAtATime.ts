import { refuseFaults } from './faults.ts';
import type { IndexedSchool, IndexedStudent, Offer, Offering } from './indexed.ts';
import { indexSchool, offeringOf, seatsLeft, takeSeat } from './indexed.ts';
import { randomFrom } from './random.ts';
import { seatsOf } from './rosters.ts';
import type { PlacedSection, School, Seat } from './school.ts';
import type { Taken } from './student.ts';

/** A student's day while it fills up. */
interface Day {
  readonly who: IndexedStudent;
  lo: number;
  hi: number;
  readonly taken: Taken[];
  readonly answered: Set<number>;
  readonly courses: Set<number>;
}

/**
 * The loader that vendors of school software document, to compare with: courses one at a time, those of a single section first and then
 * by priority; for each course the students who asked for it, in the order in which the school lists them, each into the section with
 * most seats left that is free for them; when all courses are through, alternates for what is unmet. Nobody is ever moved again. Obeys
 * the same rules as the other loader.
 * @param options.seed decides between sections that are equally good.
 * @param options.order "SECTIONS": by the number of sections all the way, which is not what is documented, and much better.
 */
export function courseAtATime(
  school: School,
  placed: readonly PlacedSection[],
  { seed, order = 'PRIORITY' }: { readonly seed: number; readonly order?: 'PRIORITY' | 'SECTIONS' },
): readonly Seat[] {
  refuseFaults(school);
  const random = randomFrom(seed);
  const indexed = indexSchool(school, placed);
  const offering = offeringOf(indexed, placed);
  offering.ofCourse.forEach((offers, course) => (offering.ofCourse[course] = random.shuffle(offers)));
  const days = indexed.students.map((who) => dayOf(who, offering));

  const sectionsOf = (course: number): number => offering.ofCourse[course]!.reduce((sum, { sections }) => sum + sections.length, 0);
  const most = order === 'SECTIONS' ? Infinity : 2;
  const rank = Int32Array.from(school.courses.keys(), (course) => Math.min(most, sectionsOf(course)));
  const priorities = mostImportant(indexed);
  const courses = [...school.courses.keys()].sort((a, b) => rank[a]! - rank[b]! || priorities[a]! - priorities[b]!);
  for (const course of courses) for (const day of days) seatPrimary(day, course, offering);
  for (const day of days) {
    const byPriority = [...day.who.asks.keys()].sort((a, b) => day.who.asks[a]!.request.priority - day.who.asks[b]!.request.priority);
    for (const ask of byPriority)
      for (const { course, alternate } of day.who.asks[ask]!.answers) if (alternate > 0) seat(day, ask, course, alternate, offering);
  }
  return seatsOf(
    indexed,
    offering,
    days.map(({ taken }) => taken),
  );
}

/** The priority of each course: the highest that a request for it has. */
function mostImportant({ school, students }: IndexedSchool): Int32Array {
  const priorities = new Int32Array(school.courses.length).fill(4);
  for (const { answers, request } of students.flatMap(({ asks }) => asks)) {
    const [first] = answers;
    if (first?.alternate === 0) priorities[first.course] = Math.min(priorities[first.course]!, request.priority);
  }
  return priorities;
}

function dayOf(who: IndexedStudent, offering: Offering): Day {
  const day: Day = { who, lo: who.releasedLo, hi: who.releasedHi, taken: [], answered: new Set(), courses: new Set(who.lockedCourses) };
  for (const section of who.locked) {
    if (!offering.placed[section]) continue;
    day.lo |= offering.lo[section]!;
    day.hi |= offering.hi[section]!;
    const ask = who.asks.findIndex(({ answers }, index) => !day.answered.has(index) && answers.some(({ locked }) => locked === section));
    const alternate = who.asks[ask]?.answers.find(({ locked }) => locked === section)?.alternate ?? 0;
    day.taken.push({ offer: null, section, ask, alternate });
    day.answered.add(ask);
  }
  return day;
}

function seatPrimary(day: Day, course: number, offering: Offering): void {
  day.who.asks.forEach(({ answers }, ask) => {
    if (answers.some((answer) => answer.course === course && answer.alternate === 0)) seat(day, ask, course, 0, offering);
  });
}

/** Answers a request by a section of this course, if one is free; with the others of its link. */
function seat(day: Day, ask: number, course: number, alternate: number, offering: Offering): void {
  if (day.answered.has(ask) || day.courses.has(course)) return;
  const choices = offering.ofCourse[course]!.map((offer) => (offer.link < 0 ? [offer] : offering.ofLink[offer.link]!)).filter((together) =>
    fits(day, together),
  );
  if (choices.length === 0) return;
  const room = (together: readonly Offer[]): number => Math.min(...together.map((offer) => seatsLeft(offer, day.who.student)));
  const most = choices.reduce((a, b) => (room(b) > room(a) ? b : a));
  for (const offer of most) {
    const own = offer.course === course ? { ask, alternate } : answerBeside(day, offer.course, ask);
    day.taken.push({ offer, section: -1, ...own });
    day.answered.add(own.ask);
    day.courses.add(offer.course);
    day.lo |= offer.lo;
    day.hi |= offer.hi;
    takeSeat(offer, day.who.student);
  }
}

const fits = (day: Day, together: readonly Offer[]): boolean => {
  const { student } = day.who;
  let { lo, hi } = day;
  return together.every((offer) => {
    const isFree = ((offer.lo & lo) | (offer.hi & hi)) === 0 && !day.courses.has(offer.course) && seatsLeft(offer, student) > 0;
    lo |= offer.lo;
    hi |= offer.hi;
    const isFor = (offer.team === null || offer.team === student.team) && (offer.track === null || offer.track === student.track);
    return isFree && isFor;
  });
};

/** The request that a linked section's course answers beside the one that it came for; -1: none. */
function answerBeside(day: Day, course: number, but: number): { ask: number; alternate: number } {
  const ask = day.who.asks.findIndex(
    ({ answers }, index) => index !== but && !day.answered.has(index) && answers.some((answer) => answer.course === course),
  );
  return { ask, alternate: day.who.asks[ask]?.answers.find((answer) => answer.course === course)!.alternate ?? 0 };
}
