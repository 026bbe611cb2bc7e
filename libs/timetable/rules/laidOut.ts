import type { Course, CourseRequest, PlacedSection, Room, School, Seat, Section, Slot, Student, Teacher } from '../school.ts';
import { wordsFor } from '../when.ts';

/** A hard rule that is broken: nothing with a fault is committed. */
export interface Fault {
  /** Which rule, for programs: "TEACHER_DOUBLE_BOOKED". */
  readonly code: string;
  /** What is wrong, for a counselor: it names the section, the teacher, the room, the student and the period. */
  readonly sentence: string;
  readonly sectionIds: readonly string[];
  readonly studentIds: readonly string[];
  /** Left out where it is about no teacher. */
  readonly teacherIds?: readonly string[];
}

/** A section, where it was put, and who and what that brings together. */
export interface Meeting {
  readonly section: Section;
  /** As a counselor calls it: "Algebra 1 (2)". */
  readonly name: string;
  readonly at: PlacedSection;
  /** Null where none is given, and where the id is nobody's. */
  readonly teacher: Teacher | null;
  readonly room: Room | null;
}

/** A student's seat with all that it names; `request` is null for a seat that answers none. */
export interface Sitting {
  readonly seat: Seat;
  readonly student: Student;
  readonly section: Section;
  /** Null when the section was given no place. */
  readonly meeting: Meeting | null;
  readonly request: CourseRequest | null;
}

/** A master schedule and its seats, looked up once for all rules. */
export interface LaidOut {
  readonly school: School;
  readonly slots: ReadonlyMap<string, Slot>;
  readonly courses: ReadonlyMap<string, Course>;
  readonly teachers: ReadonlyMap<string, Teacher>;
  readonly rooms: ReadonlyMap<string, Room>;
  readonly meetings: readonly Meeting[];
  readonly sittings: readonly Sitting[];
  /** By student id; students without a seat have none. */
  readonly sittingsOf: ReadonlyMap<string, readonly Sitting[]>;
  /** As a counselor calls a section: "Algebra 1 (2)". */
  readonly nameOf: (section: Section) => string;
  /** As a counselor says slots: "period 3 and 4 in S1". */
  readonly when: (slots: readonly string[]) => string;
}

const byId = <T extends { readonly id: string }>(things: readonly T[]): ReadonlyMap<string, T> =>
  new Map(things.map((one) => [one.id, one]));

function found<T>(things: ReadonlyMap<string, T>, id: string, what: string): T {
  const thing = things.get(id);
  if (thing === undefined) throw new Error(`There is no ${what} "${id}" in this school.`);
  return thing;
}

/**
 * Looks up everything that a master schedule and its seats name.
 * @throws Error when a section, a student or a slot is named that the school does not have, or a section is placed twice.
 */
export function laidOut(school: School, placed: readonly PlacedSection[], seats: readonly Seat[]): LaidOut {
  const [slots, courses, teachers] = [byId(school.slots), byId(school.courses), byId(school.teachers)];
  const [rooms, sections, students] = [byId(school.rooms), byId(school.sections), byId(school.students)];
  const nameOf = (section: Section) => `${courses.get(section.courseId)?.title ?? section.courseId} (${section.number})`;
  const when = (ids: readonly string[]) => `period ${wordsFor(school, ids)}`;
  const meetings = new Map<string, Meeting>();
  for (const at of placed) {
    const section = found(sections, at.sectionId, 'section');
    if (meetings.has(section.id)) throw new Error(`${nameOf(section)} is placed twice.`);
    for (const slot of at.placement) found(slots, slot, 'slot');
    const teacher = (at.teacherId !== null && teachers.get(at.teacherId)) || null;
    meetings.set(section.id, { section, name: nameOf(section), at, teacher, room: (at.roomId !== null && rooms.get(at.roomId)) || null });
  }
  const sittings = seats.map((seat): Sitting => {
    const [student, section] = [found(students, seat.studentId, 'student'), found(sections, seat.sectionId, 'section')];
    const request = student.requests.find((one) => one.id === seat.requestId) ?? null;
    return { seat, student, section, meeting: meetings.get(section.id) ?? null, request };
  });
  const sittingsOf = Map.groupBy(sittings, (one) => one.seat.studentId);
  return { school, slots, courses, teachers, rooms, meetings: [...meetings.values()], sittings, sittingsOf, nameOf, when };
}

/** A name inside a sentence: whoever is called "A student" is "a student" there. */
export const inside = (name: string): string => name.replace(/^A (?=[a-z])/, 'a ');

/** "Algebra 1 (2) and Biology (1)". */
export const together = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** Two sections that are one class in one room: nobody is in two places because of them. */
export const areOne = (a: Section, b: Section): boolean => a.combinedWith !== null && a.combinedWith === b.combinedWith;

/** Pairs of meetings that share slots, with those slots; combined sections are one class and no pair. */
export function clashes(meetings: readonly Meeting[]): { a: Meeting; b: Meeting; slots: readonly string[] }[] {
  const inSlot = new Map<string, Meeting[]>();
  const slotsOf = new Map<Meeting, Map<Meeting, string[]>>();
  for (const b of meetings) {
    for (const slot of b.at.placement) {
      const others = inSlot.get(slot) ?? [];
      for (const a of others) {
        if (areOne(a.section, b.section)) continue;
        const pairs = slotsOf.get(a) ?? new Map<Meeting, string[]>();
        pairs.set(b, [...(pairs.get(b) ?? []), slot]);
        slotsOf.set(a, pairs);
      }
      inSlot.set(slot, [...others, b]);
    }
  }
  return [...slotsOf].flatMap(([a, pairs]) => [...pairs].map(([b, slots]) => ({ a, b, slots })));
}
