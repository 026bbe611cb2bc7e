import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import {
  hasTooManySlots,
  repairSection as repairSchool,
  type PlacedSection,
  type Reservation,
  type School,
  type Student,
} from '@rollbook/timetable';
import { courseOf, sectionOf, withSoundLinks, type LiveSection } from './liveSchool.ts';
import { meetTogether, timesForOne, timesOf, type Times } from './times.ts';

/** What becomes of one student's classes when a section is cancelled or meets at another time. */
export interface Repair {
  readonly studentId: string;
  readonly drop: readonly string[];
  readonly add: readonly string[];
  /** There is no way to keep all courses: the student goes without the section. */
  readonly isUnplaced: boolean;
  /** The student does not sit in the section, and leaves a seat for somebody who does, or who gives way to them. */
  readonly givesWay: boolean;
}

/** A section of a school with whom it is for. */
export interface AskingSection extends LiveSection {
  readonly reservations: readonly Reservation[];
  readonly team: string | null;
}

/** The sections that a student sits in from the day of the change on. */
export interface Seated {
  readonly studentId: string;
  readonly sectionIds: readonly string[];
  /** As the request sheet has them. */
  readonly programs: readonly string[];
  readonly team: string | null;
  readonly track: string | null;
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
  sections: readonly AskingSection[],
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

function repairsOf(change: SectionChange, all: readonly AskingSection[], students: readonly Seated[]): Repair[] {
  const seatsIn = students.filter(({ sectionIds }) => sectionIds.includes(change.sectionId));
  if (!seatsIn.length) return [];
  const sections = withSoundLinks(all);
  const whole = rosters(change, sections, students, { times: timesOf(sections), total: seatsOf(sections, students), others: [] });
  if (!hasTooManySlots(whole.school, whole.placed)) {
    const repairs = repaired(change, whole, students);
    return repairs.toSorted((a, b) => Number(a.givesWay) - Number(b.givesWay));
  }
  return oneAfterTheOther(change, sections, students, seatsIn);
}

/** Where classes meet at more times than the algorithms tell apart: each student takes what is left then, and nobody gives way. */
function oneAfterTheOther(
  change: SectionChange,
  sections: readonly AskingSection[],
  students: readonly Seated[],
  seatsIn: readonly Seated[],
): Repair[] {
  const sitting = new Map(students.map((student) => [student.studentId, student]));
  const total = seatsOf(sections, students);
  return seatsIn.flatMap((student) => {
    const reachable = sectionsFor(student, sections);
    const others = [...sitting.values()].filter(({ studentId }) => studentId !== student.studentId);
    const times = timesForOne(reachable, placesOf(student, reachable, change).kept);
    if (!times) return withoutIt(change, student, reachable);
    const repairs = repaired(change, rosters(change, reachable, [student], { times, total, others }), [student]);
    for (const { drop, add } of repairs)
      sitting.set(student.studentId, { ...student, sectionIds: [...student.sectionIds.filter((id) => !drop.includes(id)), ...add] });
    return repairs;
  });
}

/** Of each section, the seats that are left and those of these students. */
function seatsOf(sections: readonly AskingSection[], students: readonly Seated[]): ReadonlyMap<string, number> {
  const seats = new Map(sections.map(({ id, left }) => [id, left]));
  for (const id of students.flatMap(({ sectionIds }) => sectionIds)) seats.set(id, (seats.get(id) ?? 0) + 1);
  return seats;
}

/** The sections of the courses that a student has, and what is linked to them. */
function sectionsFor({ sectionIds }: Seated, sections: readonly AskingSection[]): AskingSection[] {
  const courses = new Set(sections.filter(({ id }) => sectionIds.includes(id)).map(({ courseId }) => courseId));
  const links = new Set(sections.filter(({ courseId }) => courses.has(courseId)).flatMap(({ link }) => link ?? []));
  return sections.filter(({ courseId, link }) => courses.has(courseId) || (link !== null && links.has(link)));
}

/** A student whose classes meet at too many times goes without the section, unless it is still in nobody's way. */
function withoutIt({ sectionId, isCancelled }: SectionChange, student: Seated, sections: readonly AskingSection[]): Repair[] {
  const own = sections.filter(({ id }) => student.sectionIds.includes(id));
  const changed = own.find(({ id }) => id === sectionId)!;
  if (!isCancelled && !own.some((one) => one !== changed && meetTogether(one, changed))) return [];
  return [{ studentId: student.studentId, drop: [sectionId], add: [], isUnplaced: true, givesWay: false }];
}

interface Places {
  /** Classes that stay as they are. */
  readonly kept: readonly AskingSection[];
  /** Classes that may be had in other sections of their courses. */
  readonly free: readonly AskingSection[];
  /** The section is half of a link of which the other half stays: another lecture would bring a second lab. */
  readonly isHalf: boolean;
}

/**
 * What stays as it is, since nobody would decide so again: two classes of one course, or at once, as another system may have given them; half of
 * a link; a section of another team or track.
 */
function placesOf(student: Seated, sections: readonly AskingSection[], { sectionId }: SectionChange): Places {
  const own = sections.filter(({ id }) => student.sectionIds.includes(id));
  const isOdd = (one: AskingSection) =>
    (one.team !== null && one.team !== student.team) ||
    (one.track !== '' && student.track !== null && one.track !== student.track) ||
    own.some((other) => other !== one && other.id !== sectionId && (other.courseId === one.courseId || meetTogether(one, other)));
  const odd = new Set(own.filter((one) => one.id !== sectionId && isOdd(one)));
  const isHalf = ({ link }: AskingSection) =>
    link !== null && sections.some((other) => other.link === link && (!own.includes(other) || odd.has(other)));
  if (own.some((one) => one.id === sectionId && isHalf(one)))
    return { kept: own.filter(({ id }) => id !== sectionId), free: own.filter(({ id }) => id === sectionId), isHalf: true };
  const kept = own.filter((one) => odd.has(one) || (one.id !== sectionId && isHalf(one)));
  return { kept, free: own.filter((one) => !kept.includes(one)), isHalf: false };
}

interface Rosters {
  readonly school: School;
  readonly placed: readonly PlacedSection[];
}

interface Frame {
  readonly times: Times & { readonly busy?: readonly string[] };
  /** Of each section, the seats of the students and of the others. */
  readonly total: ReadonlyMap<string, number>;
  /** Who sits in the sections too, and stays. */
  readonly others: readonly Seated[];
}

/** The school and its rosters for the algorithms: each student asks for the courses of their classes. */
function rosters(
  change: SectionChange,
  sections: readonly AskingSection[],
  seated: readonly Seated[],
  { times: { slots, placementOf, busy }, total, others }: Frame,
): Rosters {
  const staying = new Map(sections.map(({ id }): [string, Seated[]] => [id, []]));
  const moving = new Map(sections.map(({ id }): [string, Seated[]] => [id, []]));
  for (const other of others) for (const id of other.sectionIds) staying.get(id)?.push(other);
  const sectionsOf = sectionsOfEach(sections, seated);
  const students = seated.map((student): Student => {
    const { studentId: id, programs, team, track } = student;
    const { kept, free, isHalf } = placesOf(student, sectionsOf(student), change);
    for (const one of kept) staying.get(one.id)!.push(student);
    for (const one of free) moving.get(one.id)!.push(student);
    return {
      ...{ id, name: id, grade: '', programs, team, locked: [] },
      track: track ?? free.find((one) => one.track !== '')?.track ?? null,
      requests: isHalf ? [] : free.map((one) => ({ id: `${id} ${one.id}`, courseId: one.courseId, priority: 1, alternates: [] })),
      current: free.map((one) => one.id),
      released: busy ?? kept.flatMap(placementOf),
    };
  });
  const placed = sections.map((section) => ({ sectionId: section.id, placement: placementOf(section), teacherId: null, roomId: null }));
  const courses = [...new Set(sections.map(({ courseId }) => courseId))].map(courseOf);
  const asked = sections.map((section) => {
    const seats = Math.max(0, total.get(section.id)! - staying.get(section.id)!.length);
    const reservations = stillKept(section.reservations, seats, staying.get(section.id)!, moving.get(section.id)!);
    return sectionOf(section, placementOf(section), { seats, reservations, team: section.team, track: section.track || null });
  });
  return { school: { slots, teachers: [], rooms: [], students, courses, sections: asked }, placed };
}

/** Of a student, their own sections with all that is in the links of these. */
function sectionsOfEach(sections: readonly AskingSection[], seated: readonly Seated[]): (student: Seated) => AskingSection[] {
  const byId = new Map(sections.map((section) => [section.id, section]));
  const ofLink = Map.groupBy(sections, ({ link }) => link);
  const wholes = new Map(
    seated.map((student) => {
      const own = student.sectionIds.flatMap((id) => byId.get(id) ?? []);
      return [student, [...new Set(own.flatMap((one) => (one.link === null ? [one] : ofLink.get(one.link)!)))]];
    }),
  );
  return (student) => wholes.get(student)!;
}

/**
 * The seats that a section still keeps: without those that its staying students fill, and those that were given to others on purpose.
 * @param seats of those who may move
 */
function stillKept(
  reservations: readonly Reservation[],
  seats: number,
  staying: readonly Seated[],
  moving: readonly Seated[],
): readonly Reservation[] {
  if (!reservations.length) return reservations;
  const kept = reservations.map((one) => ({ ...one, filled: 0 }));
  const entitled = ({ programs }: Seated) => kept.find(({ program }) => programs.includes(program));
  for (const student of staying) {
    const one = entitled(student);
    if (one && one.seats > 0) one.seats--;
  }
  for (const student of moving) {
    const one = entitled(student);
    if (one && one.filled < one.seats) one.filled++;
  }
  let given = moving.length - seats + kept.reduce((sum, one) => sum + one.seats - one.filled, 0);
  for (const one of kept) {
    const less = Math.min(Math.max(0, given), one.seats - one.filled);
    one.seats -= less;
    given -= less;
  }
  return kept.map(({ program, seats }) => ({ program, seats }));
}

function repaired({ sectionId, isCancelled }: SectionChange, { school, placed }: Rosters, students: readonly Seated[]): Repair[] {
  const seats = school.students.flatMap(({ id, requests, current }) =>
    current.map((section, n) => ({ studentId: id, sectionId: section, requestId: requests[n]?.id ?? null, alternate: 0 })),
  );
  const placement = isCancelled ? null : placed.find((one) => one.sectionId === sectionId)!.placement;
  const { changes } = repairSchool(school, placed, seats, { sectionId, placement });
  const seatedIn = new Set(students.filter(({ sectionIds }) => sectionIds.includes(sectionId)).map(({ studentId }) => studentId));
  return changes.map(({ studentId, left, entered }) => ({
    ...{ studentId, drop: left, add: entered, isUnplaced: left.length > entered.length },
    givesWay: !seatedIn.has(studentId),
  }));
}

if (!isMainThread && workerData && 'repair' in workerData) {
  const { change, sections, students } = (
    workerData as { repair: { change: SectionChange; sections: AskingSection[]; students: Seated[] } }
  ).repair;
  parentPort!.postMessage(repairsOf(change, sections, students));
}
