import type { Teacher } from '../school.ts';
import { type Fault, type LaidOut, type Meeting, clashes } from './laidOut.ts';

/** A teacher teaches one class at a time; combined sections are one class. */
export function teacherDoubleBooked({ meetings, when }: LaidOut): Fault[] {
  const taught = Map.groupBy(meetings, (one) => one.teacher);
  return [...taught].flatMap(([teacher, ofTeacher]) =>
    teacher === null
      ? []
      : clashes(ofTeacher).map(({ a, b, slots }) => ({
          code: 'TEACHER_DOUBLE_BOOKED',
          sentence: `${teacher.name} would teach ${a.name} and ${b.name} at the same time, in ${when(slots)}.`,
          sectionIds: [a.section.id, b.section.id],
          studentIds: [],
          teacherIds: [teacher.id],
        })),
  );
}

/** A co-teacher is in one class at a time, as co-teacher or as teacher. */
export function coTeacherDoubleBooked({ meetings, teachers, when }: LaidOut): Fault[] {
  const present = new Map<string, Meeting[]>();
  for (const one of meetings) {
    for (const id of new Set([...one.section.coTeacherIds, ...(one.at.teacherId === null ? [] : [one.at.teacherId])])) {
      present.set(id, [...(present.get(id) ?? []), one]);
    }
  }
  return [...present].flatMap(([id, ofTeacher]) =>
    clashes(ofTeacher)
      .filter(({ a, b }) => a.section.coTeacherIds.includes(id) || b.section.coTeacherIds.includes(id))
      .map(({ a, b, slots }) => ({
        code: 'CO_TEACHER_DOUBLE_BOOKED',
        sentence: `${teachers.get(id)?.name ?? id} would be in ${a.name} and ${b.name} at the same time, in ${when(slots)}.`,
        sectionIds: [a.section.id, b.section.id],
        studentIds: [],
        teacherIds: [id],
      })),
  );
}

/** A section's teacher is one of the school's, and may teach its course; whoever a counselor locked there may. */
export function teacherNotQualified({ meetings, courses }: LaidOut): Fault[] {
  return meetings
    .filter(
      ({ at, teacher, section }) =>
        at.teacherId !== null && at.teacherId !== section.teacherId && !teacher?.courseIds.includes(section.courseId),
    )
    .map(({ at, teacher, section, name }) => ({
      code: 'TEACHER_NOT_QUALIFIED',
      sentence: `${teacher?.name ?? at.teacherId} may not teach ${courses.get(section.courseId)?.title ?? section.courseId}, and is given ${name}.`,
      sectionIds: [section.id],
      studentIds: [],
      teacherIds: at.teacherId === null ? [] : [at.teacherId],
    }));
}

interface TermLoad {
  readonly teacher: Teacher;
  readonly term: string;
  readonly slots: ReadonlySet<string>;
  readonly sectionIds: readonly string[];
}

/** Where each teacher is busy in each term, as teacher or co-teacher: a slot with two combined sections counts once. */
function termLoads({ meetings, teachers, slots }: LaidOut): TermLoad[] {
  const loads = new Map<string, { teacher: Teacher; term: string; slots: Set<string>; sectionIds: Set<string> }>();
  for (const { at, section } of meetings) {
    for (const id of new Set([at.teacherId, ...section.coTeacherIds])) {
      const teacher = id === null ? undefined : teachers.get(id);
      if (teacher === undefined) continue;
      for (const slot of at.placement) {
        const term = slots.get(slot)?.term ?? '';
        const key = JSON.stringify([id, term]);
        const load = loads.get(key) ?? { teacher, term, slots: new Set<string>(), sectionIds: new Set<string>() };
        load.slots.add(slot);
        load.sectionIds.add(section.id);
        loads.set(key, load);
      }
    }
  }
  return [...loads.values()].map((load) => ({ ...load, sectionIds: [...load.sectionIds] }));
}

/** No teacher has more classes in a term than their load allows. */
export function teacherOverloaded(all: LaidOut): Fault[] {
  return termLoads(all)
    .filter(({ teacher, slots }) => slots.size > teacher.maxSlotsPerTerm)
    .map(({ teacher, term, slots, sectionIds }) => ({
      code: 'TEACHER_OVERLOADED',
      sentence: `${teacher.name} would have classes in ${slots.size} slots of ${term}, ${slots.size - teacher.maxSlotsPerTerm} more than the ${teacher.maxSlotsPerTerm} of their load.`,
      sectionIds,
      studentIds: [],
      teacherIds: [teacher.id],
    }));
}

/** Every teacher who teaches in a term keeps the slots for preparation that they are promised. */
export function preparationMissing(all: LaidOut): Fault[] {
  const inTerm = Map.groupBy(all.school.slots, (slot) => slot.term);
  return termLoads(all).flatMap(({ teacher, term, slots, sectionIds }) => {
    const free = (inTerm.get(term)?.length ?? 0) - slots.size;
    if (free >= teacher.preparationSlots) return [];
    const sentence = `${teacher.name} would keep ${free} free slots in ${term}, and is to have ${teacher.preparationSlots} for preparation.`;
    return [{ code: 'PREPARATION_MISSING', sentence, sectionIds, studentIds: [], teacherIds: [teacher.id] }];
  });
}

/** Nobody teaches in a slot in which they are not available. */
export function teacherUnavailable({ meetings, teachers, when }: LaidOut): Fault[] {
  return meetings.flatMap(({ at, section, name }) =>
    [...new Set([at.teacherId, ...section.coTeacherIds])].flatMap((id) => {
      const teacher = id === null ? undefined : teachers.get(id);
      const slots = at.placement.filter((slot) => teacher?.unavailable.includes(slot));
      if (teacher === undefined || slots.length === 0) return [];
      const sentence = `${teacher.name} is not available in ${when(slots)}, when ${name} meets.`;
      return [{ code: 'TEACHER_UNAVAILABLE', sentence, sectionIds: [section.id], studentIds: [], teacherIds: [teacher.id] }];
    }),
  );
}
