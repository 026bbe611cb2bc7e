import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { hasTooManySlots, repairSection as repairSchool, type PlacedSection, type School, type Student } from '@rollbook/timetable';
import { courseOf, meetTogether, sectionOf, timesOf, type LiveSection } from './liveSchool.ts';

/** What becomes of one student's classes when a section is cancelled or meets at another time. */
export interface Repair {
  readonly studentId: string;
  readonly drop: readonly string[];
  readonly add: readonly string[];
  /** There is no way to keep all courses: the student goes without the section. */
  readonly isUnplaced: boolean;
}

/** The sections that a student sits in from the day of the change on. */
export interface Seated {
  readonly studentId: string;
  readonly sectionIds: readonly string[];
}

export interface SectionChange {
  readonly sectionId: string;
  readonly isCancelled: boolean;
}

/**
 * Places each student again who sits in the section, in the same courses, with at most two classes others than before. Where seats are
 * full, others give way to another section of the same courses, and so on; they keep every course too. Those of the section come first.
 * @param sections all of the school, as they will be after the change.
 * @param students everybody who sits in them.
 */
export async function repairSection(
  change: SectionChange,
  sections: readonly LiveSection[],
  students: readonly Seated[],
): Promise<Repair[]> {
  if (students.length <= mostAtOnce) return repairsOf(change, sections, students);
  const thread = new Worker(new URL(import.meta.url), { workerData: { repair: { change, sections, students } } });
  const { promise, resolve, reject } = Promise.withResolvers<Repair[]>();
  thread.once('message', resolve);
  thread.once('error', reject);
  thread.once('exit', () => reject(new Error(`Nobody was told what becomes of section ${change.sectionId}.`)));
  return promise;
}

/** A school of so many students is repaired in milliseconds; for a larger one others would have to wait, so it has a thread of its own. */
const mostAtOnce = 600;

function repairsOf(change: SectionChange, sections: readonly LiveSection[], students: readonly Seated[]): Repair[] {
  const seatsIn = students.filter(({ sectionIds }) => sectionIds.includes(change.sectionId));
  if (!seatsIn.length) return [];
  const whole = rosters(change, sections, students);
  if (!hasTooManySlots(whole.school, whole.placed)) {
    const repairs = repaired(change, whole);
    const comesFirst = new Set(seatsIn.map(({ studentId }) => studentId));
    return repairs.toSorted((a, b) => Number(comesFirst.has(b.studentId)) - Number(comesFirst.has(a.studentId)));
  }
  // Classes meet at more times than the algorithms tell apart: one student after the other then, and nobody gives way.
  const left = new Map(sections.map(({ id, left }) => [id, left]));
  return seatsIn.flatMap((student) => {
    const courses = new Set(sections.filter(({ id }) => student.sectionIds.includes(id)).map(({ courseId }) => courseId));
    const own = sections.filter(({ courseId }) => courses.has(courseId)).map((one) => ({ ...one, left: left.get(one.id)! }));
    const repairs = repaired(change, rosters(change, own, [student]));
    for (const id of repairs.flatMap(({ drop }) => drop)) left.set(id, left.get(id)! + 1);
    for (const id of repairs.flatMap(({ add }) => add)) left.set(id, left.get(id)! - 1);
    return repairs;
  });
}

interface Rosters {
  readonly school: School;
  readonly placed: readonly PlacedSection[];
}

/** The school and its rosters for the algorithms: each student asks for the courses of their classes. */
function rosters(change: SectionChange, sections: readonly LiveSection[], seated: readonly Seated[]): Rosters {
  const { slots, placementOf } = timesOf(sections);
  const byId = new Map(sections.map((section) => [section.id, section]));
  const students = seated.map(({ studentId: id, sectionIds }): Student => {
    const own = sectionIds.map((section) => byId.get(section)!);
    const kept = own.filter((one) => one.id !== change.sectionId && isAmongOthers(one, own, change));
    const free = own.filter((one) => !kept.includes(one));
    return {
      ...{ id, name: id, grade: '', programs: [], team: null, locked: [] },
      track: own.find(({ track }) => track !== '')?.track ?? null,
      requests: free.map((one) => ({ id: `${id} ${one.id}`, courseId: one.courseId, priority: 1, alternates: [] })),
      current: free.map((one) => one.id),
      released: kept.flatMap(placementOf),
    };
  });
  const taken = new Map<string, number>();
  for (const id of students.flatMap(({ current }) => current)) taken.set(id, (taken.get(id) ?? 0) + 1);
  const school = {
    ...{ slots, teachers: [], rooms: [], students, courses: [...new Set(sections.map(({ courseId }) => courseId))].map(courseOf) },
    sections: sections.map((section) => sectionOf(section, placementOf(section), section.left + (taken.get(section.id) ?? 0))),
  };
  const placed = sections.map((section) => ({ sectionId: section.id, placement: placementOf(section), teacherId: null, roomId: null }));
  return { school, placed };
}

/** Two classes of one course, or at once, as another system may have given them, stay as they are. */
const isAmongOthers = (one: LiveSection, own: readonly LiveSection[], { sectionId }: SectionChange): boolean =>
  own.some((other) => other !== one && other.id !== sectionId && (other.courseId === one.courseId || meetTogether(one, other)));

function repaired({ sectionId, isCancelled }: SectionChange, { school, placed }: Rosters): Repair[] {
  const seats = school.students.flatMap(({ id, requests, current }) =>
    current.map((section, n) => ({ studentId: id, sectionId: section, requestId: requests[n]!.id, alternate: 0 })),
  );
  const placement = isCancelled ? null : placed.find((one) => one.sectionId === sectionId)!.placement;
  const { changes } = repairSchool(school, placed, seats, { sectionId, placement });
  return changes.map(({ studentId, left, entered }) => ({ studentId, drop: left, add: entered, isUnplaced: left.length > entered.length }));
}

if (!isMainThread && workerData && 'repair' in workerData) {
  const { change, sections, students } = (workerData as { repair: { change: SectionChange; sections: LiveSection[]; students: Seated[] } })
    .repair;
  parentPort!.postMessage(repairsOf(change, sections, students));
}
