/** A synthetic comprehensive high school of any size, for trying and measuring what schedules it. docs/SCHEDULING.md tells its proportions. */
import { randomFrom } from './random.ts';
import type { School, Section, Student } from './school.ts';
import { fields } from './synthetic/catalog.ts';
import { type Features, withFeatures } from './synthetic/features.ts';
import type { Person } from './synthetic/requests.ts';
import { chooseElectives, courseOf, drawPeople, offerElectives, slotsOf, withdrawSmallCourses } from './synthetic/requests.ts';
import type { Group } from './synthetic/sections.ts';
import { groupsOf, placementsOf, slots } from './synthetic/sections.ts';
import type { Hired } from './synthetic/staff.ts';
import { hasOwnTeacher, hire, roomsOf, teachersOf } from './synthetic/staff.ts';

const idOf = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

/**
 * The school that a size (at least 40 students) and a seed name: the same each time. Its sections are unplaced; those of courses with
 * one or two sections have the teacher who was hired for them, the others any of the department. With 3,200 students it has about 297
 * courses, 140 of them with one section and 83 with two, 898 sections, 141 teachers and 25,980 requests. Links, teams, rotating days and
 * combined classes are there when they are asked for; nothing else of the school differs then but what they change.
 */
export function generateSchool({ students, seed, ...features }: { readonly students?: number; readonly seed: number } & Features): School {
  return withFeatures(plainSchool(students ?? 3_200, seed), features);
}

function plainSchool(count: number, seed: number): School {
  if (!Number.isInteger(count) || count < 40) throw new Error(`A synthetic high school has at least 40 students, not ${count}.`);
  const random = randomFrom(seed);
  const people = drawPeople(count, random);
  const wanted = withdrawSmallCourses(people, Math.min(14, Math.max(5, count / 40)));
  const offered = offerElectives(people, random);
  chooseElectives(people, offered, random);
  const groups = groupsOf(people, wanted, offered);
  const { hired, coTeachers } = hire(groups);
  const teacherOf = new Map(hired.flatMap((teacher) => teacher.groups.map((group) => [group, teacher] as const)));
  const titles = [...new Set(groups.map(({ course }) => course.title))];
  return {
    slots,
    courses: titles.map((title) => {
      const { sections, field } = courseOf.get(title)!;
      return { id: idOf(title), title, core: sections === 0 && field !== 'World languages', credits: slotsOf(title) / 2 };
    }),
    teachers: teachersOf(hired, idOf, random),
    rooms: roomsOf(groups),
    sections: groups.map((group) => sectionOf(group, teacherOf.get(group)!, coTeachers.get(group))),
    students: people.map(studentOf),
  };
}

function sectionOf(group: Group, teacher: Hired, coTeacher: Hired | undefined): Section {
  const { course, number, reserved } = group;
  return {
    id: `${idOf(course.title)}/${number}`,
    courseId: idOf(course.title),
    number: String(number).padStart(2, '0'),
    seats: course.seats,
    reservations: reserved ? [{ program: 'SPECIAL_EDUCATION', seats: reserved }] : [],
    placement: null,
    possible: placementsOf(course),
    teacherId: hasOwnTeacher(group) ? teacher.id : null,
    coTeacherIds: coTeacher ? [coTeacher.id] : [],
    roomId: null,
    roomGroups: [fields[course.field].roomGroup],
    combinedWith: null,
    link: null,
    team: null,
    track: null,
  };
}

function studentOf(person: Person, index: number): Student {
  const id = `student-${String(index + 1).padStart(4, '0')}`;
  return {
    id,
    name: `Student ${index + 1}`,
    grade: String(person.grade),
    programs: person.programs,
    team: null,
    track: null,
    requests: person.wishes.map(({ title, priority, alternates }, nth) => ({
      id: `${id}/${nth + 1}`,
      courseId: idOf(title),
      priority,
      alternates: alternates.map(idOf),
    })),
    locked: [],
    current: [],
    released: person.lateStart ? ['S1 1', 'S2 1'] : [],
  };
}
