/** What no schedule can exceed on a given master, found apart from the loaders so that it can judge them. */
import type { PlacedSection, School, Section, Student } from './school.ts';
import { shareOfAlternate, worth } from './school.ts';

export interface Bound {
  /** The sum over all students. */
  readonly value: number;
  /** By student id: the worth of the best schedule that they could have if every section had a seat for them. */
  readonly ofStudent: ReadonlyMap<string, number>;
}

/**
 * Each student's best schedule with unlimited seats, exactly: no two classes at once, nothing in released slots, each course once,
 * teams and tracks respected, locked sections kept. Links are left aside, which can make the bound higher, never lower.
 */
export function boundOf(school: School, placed: readonly PlacedSection[]): Bound {
  const courses = timesOfCourses(school, placed);
  const ofStudent = new Map(school.students.map((student) => [student.id, bestFor(student, courses)]));
  return { value: [...ofStudent.values()].reduce((sum, value) => sum + value, 0), ofStudent };
}

interface Time {
  readonly section: Section;
  readonly slots: bigint;
}
type Courses = { readonly of: ReadonlyMap<string, readonly Time[]>; readonly bitOf: ReadonlyMap<string, bigint>; readonly free: bigint };

function timesOfCourses(school: School, placed: readonly PlacedSection[]): Courses {
  const bitOf = new Map(school.slots.map(({ id }, index) => [id, 1n << BigInt(index)]));
  const sections = new Map(school.sections.map((section) => [section.id, section]));
  const times = placed.map(({ sectionId, placement }) => ({ section: sections.get(sectionId)!, slots: union(placement, bitOf) }));
  return { of: Map.groupBy(times, ({ section }) => section.courseId), bitOf, free: 1n << BigInt(school.slots.length) };
}

const union = (slots: readonly string[], bitOf: ReadonlyMap<string, bigint>): bigint =>
  slots.reduce((sum, slot) => sum | bitOf.get(slot)!, 0n);

/** A request with the ways to answer it: what each fills and is worth. */
interface Question {
  readonly ways: readonly { readonly fills: bigint; readonly value: number }[];
  readonly most: number;
}

function bestFor(student: Student, courses: Courses): number {
  const locked = [...courses.of.values()].flat().filter(({ section }) => student.locked.includes(section.id));
  const taken = locked.reduce((sum, { slots }) => sum | slots, union(student.released, courses.bitOf));
  const lockedCourses = new Set(locked.map(({ section }) => section.courseId));
  const questions = questionsOf(student, courses, lockedCourses).sort((a, b) => b.most - a.most || a.ways.length - b.ways.length);
  const mostFrom = questions.map((_, index) => questions.slice(index).reduce((sum, { most }) => sum + most, 0));
  let best = 0;
  const known = questions.map(() => new Map<bigint, number>());
  const search = (index: number, filled: bigint, value: number): void => {
    if (value > best) best = value;
    if (index === questions.length || value + mostFrom[index]! <= best) return;
    if ((known[index]!.get(filled) ?? -1) >= value) return;
    known[index]!.set(filled, value);
    for (const way of questions[index]!.ways) if ((filled & way.fills) === 0n) search(index + 1, filled | way.fills, value + way.value);
    search(index + 1, filled, value);
  };
  search(0, taken, 0);
  return best;
}

/** A course that could answer several requests has a bit beyond the slots, so that it is taken once. */
function questionsOf(student: Student, { of, free }: Courses, lockedCourses: ReadonlySet<string>): Question[] {
  const bitOfCourse = new Map<string, bigint>();
  const bitFor = (id: string): bigint => {
    if (!bitOfCourse.has(id)) bitOfCourse.set(id, free << BigInt(bitOfCourse.size));
    return bitOfCourse.get(id)!;
  };
  const askedFor = student.requests.flatMap(({ courseId, alternates }) => [courseId, ...alternates]);
  const several = new Set(askedFor.filter((id, index) => askedFor.indexOf(id) !== index));
  return student.requests.map(({ courseId, alternates, priority }) => {
    const ways = new Map<bigint, number>();
    for (const [nth, id] of [courseId, ...alternates].entries()) {
      const value = Math.round(worth[priority] * shareOfAlternate(nth));
      const own = several.has(id) ? bitFor(id) : 0n;
      const open = (of.get(id) ?? []).filter(({ section }) => isFor(section, student));
      const slots = lockedCourses.has(id) ? [0n] : open.map((time) => time.slots);
      for (const one of slots) ways.set(one | own, Math.max(value, ways.get(one | own) ?? 0));
    }
    const best = [...ways].map(([fills, value]) => ({ fills, value })).sort((a, b) => b.value - a.value);
    return { ways: best, most: best[0]?.value ?? 0 };
  });
}

const isFor = ({ team, track }: Section, student: Student): boolean =>
  (team === null || team === student.team) && (track === null || track === student.track);
