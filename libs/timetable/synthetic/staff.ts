/** Who teaches in the synthetic school and in which rooms: enough of both that a master exists, and not much more. */
import type { Random } from '../random.ts';
import type { Room, Teacher } from '../school.ts';
import { fields } from './catalog.ts';
import { courseOf, slotsOf } from './requests.ts';
import type { Group } from './sections.ts';

/** A teacher with the sections that were counted to hire them. The build may give these to others. */
export interface Hired {
  readonly id: string;
  readonly department: string;
  readonly groups: Group[];
  /** Slots of the year, of sections and of co-teaching. */
  slots: number;
}

/** Six classes in each of two semesters, and a seventh in one. */
const fullLoad = 13;

/** Hires by department until each section has a teacher; a department too small for half a teacher joins another. */
export function hire(groups: readonly Group[]): { hired: Hired[]; coTeachers: Map<Group, Hired> } {
  const hired: Hired[] = [];
  for (const [department, own] of byDepartment(groups)) {
    const total = own.reduce((sum, { course }) => sum + slotsOf(course.title), 0);
    const staff = Array.from({ length: Math.ceil(total / fullLoad) }, (_, index) => newTeacher(department, index));
    for (const group of hardestFirst(own)) {
      const teacher = teacherFor(group, staff) ?? staff[staff.push(newTeacher(department, staff.length)) - 1]!;
      teacher.groups.push(group);
      teacher.slots += slotsOf(group.course.title);
    }
    hired.push(...staff);
  }
  return { hired, coTeachers: hireCoTeachers(groups, hired) };
}

function byDepartment(groups: readonly Group[]): [string, Group[]][] {
  const departments = Object.entries(Object.groupBy(groups, ({ course }) => fields[course.field].department)) as [string, Group[]][];
  const slots = (own: readonly Group[]): number => own.reduce((sum, { course }) => sum + slotsOf(course.title), 0);
  const [large, small] = [
    departments.filter(([, own]) => slots(own) >= fullLoad / 2),
    departments.filter(([, own]) => slots(own) < fullLoad / 2),
  ];
  const joined = small.flatMap(([, own]) => own);
  return joined.length ? [...large, ['Electives', joined]] : large;
}

const newTeacher = (department: string, index: number): Hired => ({ id: `${department} ${index + 1}`, department, groups: [], slots: 0 });

/** Double periods, then year courses, then semesters, a course's sections together. */
const hardestFirst = (groups: readonly Group[]): Group[] =>
  groups.toSorted((a, b) => b.course.periods - a.course.periods || slotsOf(b.course.title) - slotsOf(a.course.title) || a.of - b.of);

/** Who teaches the course already, if that is not most of their day; else who has least. */
function teacherFor({ course }: Group, staff: readonly Hired[]): Hired | undefined {
  const able = staff.filter(({ slots }) => slots + slotsOf(course.title) <= fullLoad);
  const same = able.filter((one) => {
    const count = one.groups.filter((group) => group.course === course).length;
    return count > 0 && count < 4;
  });
  return [...same, ...able.toSorted((a, b) => a.slots - b.slots)][0];
}

function hireCoTeachers(groups: readonly Group[], hired: Hired[]): Map<Group, Hired> {
  const department = 'Special education';
  const coTeachers = new Map<Group, Hired>();
  for (const group of groups.filter(({ reserved }) => reserved > 0)) {
    const staff = hired.filter((one) => one.department === department);
    const slots = slotsOf(group.course.title);
    let teacher = staff.filter((one) => one.slots + slots <= fullLoad).sort((a, b) => a.slots - b.slots)[0];
    if (!teacher) hired.push((teacher = newTeacher(department, staff.length)));
    teacher.slots += slots;
    coTeachers.set(group, teacher);
  }
  return coTeachers;
}

/** A course of one or two sections belongs to the teacher who was hired for it; others may be taught by all of the department. */
export const hasOwnTeacher = ({ of }: Group): boolean => of <= 2;

export function teachersOf(hired: readonly Hired[], idOf: (title: string) => string, random: Random): Teacher[] {
  const common = (one: Hired): string[] =>
    hired
      .filter((other) => other.department === one.department)
      .flatMap(({ groups }) => groups.filter((group) => !hasOwnTeacher(group)).map(({ course }) => course.title));
  return hired.map((one) => {
    const own = one.groups.map(({ course }) => course.title);
    const shared = common(one).filter(
      (title) => one.department !== 'World languages' || own.some((mine) => languageOf(mine) === languageOf(title)),
    );
    const partTime = one.slots <= fullLoad / 2;
    return {
      id: one.id,
      name: `${one.id}`,
      courseIds: [...new Set([...own, ...shared])].map(idOf),
      maxSlotsPerTerm: partTime ? 4 : one.slots > 12 || random.unit() < 0.3 ? 7 : 6,
      unavailable: partTime ? ['S1 7', 'S1 8', 'S2 7', 'S2 8'] : [],
      preparationSlots: 1,
    };
  });
}

const languageOf = (title: string): string => title.replace(/^AP /, '').split(' ')[0]!;

/** Rooms of each kind: an eighth more than its classes fill, and one. Gymnasiums hold four classes at once. */
export function roomsOf(groups: readonly Group[]): Room[] {
  const byKind = Object.groupBy(groups, ({ course }) => fields[course.field].roomGroup);
  return Object.entries(byKind).flatMap(([kind, own]) => {
    const shared = kind === 'gymnasium';
    const classes = own.reduce((sum, { course }) => sum + slotsOf(courseOf.get(course.title)!.title), 0) / 16;
    const count = Math.ceil((classes * 1.125) / (shared ? 4 : 1)) + 1;
    const capacity = Math.max(...own.map(({ course }) => course.seats));
    return Array.from({ length: count }, (_, index) => ({
      id: `${kind} ${index + 1}`,
      name: `${kind} ${index + 1}`,
      capacity: shared ? capacity * 6 : capacity,
      groups: [kind],
      shared,
    }));
  });
}
