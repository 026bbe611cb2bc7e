/** Middle and high schools: how many sections each course gets, who teaches them and when. `seating.ts` then seats the students. */
import { catalog, type Department } from './catalog.ts';
import { programsOf, type Population } from './people.ts';
import { classSize, teacherLoad } from './proportions.ts';
import type { Random } from './random.ts';
import { offerings, requestsAt, type Offering, type Requests } from './requests.ts';
import type { School } from './schools.ts';
import { seatStudents } from './seating.ts';
import { hire, type Staff } from './staff.ts';
import { everyDay, type PlannedClass } from './timetable.ts';

export interface Section {
  offering: Offering;
  /** Position in the school's periods; −1 before it is chosen. */
  period: number;
  teacher: number;
  /** −1 = none. */
  coTeacher: number;
  room: string;
  /** Seats that should be taken, and that may be. */
  wanted: number;
  most: number;
  students: number[];
}

/** One school's timetable while it is being made. */
export interface Board {
  school: School;
  population: Population;
  requests: Requests;
  staff: Staff;
  random: Random;
  sections: Section[];
  /** The sections of an offering in a period, at offering × periods + period. */
  at: Section[][];
  /** Periods in which a teacher has a class, as bits. */
  busy: Map<number, number>;
  rooms: number;
}

export function planSections(school: School, population: Population, students: Uint32Array, staff: Staff, random: Random): PlannedClass[] {
  const requests = requestsAt(school, population, students);
  const at: Section[][] = Array.from({ length: offerings.length * school.periods.length }, () => []);
  const board: Board = { school, population, requests, staff, random, sections: [], at, busy: new Map(), rooms: 0 };
  openSections(board);
  choosePeriods(board);
  addCoTeachers(board);
  seatStudents(board);
  return board.sections.filter((section) => section.students.length > 0).flatMap((section, index) => classesOf(school, section, index));
}

/** A section as classes: one for a course of a year, two for a pair of semester courses. */
function classesOf(school: School, section: Section, index: number): PlannedClass[] {
  const { courses } = section.offering;
  const roster = Uint32Array.from(section.students).sort();
  // Every second pair is taught the other way round, so that both semesters need the same books.
  const inOrder = courses.length === 2 && index % 2 === 1 ? [courses[1]!, courses[0]!] : courses;
  return inOrder.map((course, half) => ({
    school: school.index,
    course: catalog.indexOf(course),
    section: 0,
    semester: courses.length === 2 ? ((half + 1) as 1 | 2) : 0,
    period: school.periods[section.period]!,
    days: everyDay,
    teacher: section.teacher,
    coTeacher: section.coTeacher,
    room: section.room,
    roster,
  }));
}

/** As many sections as the requests need, dealt to teachers of the department a load at a time, so that a teacher prepares few courses. */
function openSections(board: Board): void {
  const counts = requestCounts(board.requests);
  const byDepartment = new Map<Department, Section[]>();
  for (const each of offerings) {
    const count = counts[each.index]!;
    if (count === 0) continue;
    const department = departmentOf(each);
    const sections = Math.ceil(count / sizeOf(each).wanted);
    const list = byDepartment.get(department) ?? [];
    byDepartment.set(department, list);
    for (let i = 0; i < sections; i++) list.push(emptySection(each, Math.ceil(count / sections)));
  }
  for (const [department, list] of byDepartment) {
    // Resource teachers keep two periods for co-teaching.
    const load = department === 'Special Education' ? teacherLoad - 2 : teacherLoad;
    list.forEach((section, index) => {
      section.teacher = index % load === 0 ? hireTeacher(board, department) : list[index - 1]!.teacher;
      section.room = board.staff[section.teacher]!.room;
      board.sections.push(section);
    });
  }
}

function requestCounts({ choices }: Requests): Uint32Array {
  const counts = new Uint32Array(offerings.length);
  for (const choice of choices) counts[choice]!++;
  return counts;
}

export const departmentOf = ({ courses }: Offering): Department => courses[0]!.department;
const sizeOf = ({ courses }: Offering) => classSize[courses[0]!.size];

export function emptySection(each: Offering, wanted: number): Section {
  return { offering: each, period: -1, teacher: -1, coTeacher: -1, room: '', wanted, most: sizeOf(each).most, students: [] };
}

/** A new teacher with a room of their own, which is why no room is ever used twice in a period. */
export function hireTeacher(board: Board, department: Department): number {
  const number = board.rooms++;
  const building = 'ABCDEFGH'[Math.floor(number / 24) % 8]!;
  const room =
    department === 'Physical Education' ? `Gym ${number + 1}` : `${building}${101 + (number % 24) + 100 * Math.floor(number / 192)}`;
  return hire(board.staff, { school: board.school.index, position: 'teacher', department, room });
}

/**
 * Gives each section a period in which its teacher is free; courses with one section first. A section goes where its course does not meet yet and
 * where it stands in the way of the fewest students, counted by the conflict matrix: how many ask for both of two courses.
 */
function choosePeriods(board: Board): void {
  const periods = board.school.periods.length;
  const both = conflictMatrix(board.requests);
  const sectionCounts = new Uint32Array(offerings.length);
  for (const { offering } of board.sections) sectionCounts[offering.index]!++;
  const hardestFirst = board.random
    .shuffle([...board.sections])
    .sort((a, b) => sectionCounts[a.offering.index]! - sectionCounts[b.offering.index]!);
  const placed: Section[][] = Array.from({ length: periods }, () => []);
  for (const section of hardestFirst) {
    const { index } = section.offering;
    const taken = board.busy.get(section.teacher) ?? 0;
    let best = -1;
    let bestCost = Infinity;
    for (let period = 0; period < periods; period++) {
      if (taken & (1 << period)) continue;
      let cost = 100 * board.at[index * periods + period]!.length;
      for (const { offering: other } of placed[period]!) {
        cost += both[index * offerings.length + other.index]! / (sectionCounts[index]! * sectionCounts[other.index]!);
      }
      if (cost < bestCost) [best, bestCost] = [period, cost];
    }
    place(board, section, best);
    placed[best]!.push(section);
  }
}

/** At i × offerings + j: how many students ask for both i and j. */
function conflictMatrix({ choices, perStudent }: Requests): Uint16Array {
  const both = new Uint16Array(offerings.length * offerings.length);
  for (let start = 0; start < choices.length; start += perStudent) {
    for (let i = start; i < start + perStudent; i++) {
      for (let j = start; j < start + perStudent; j++) if (i !== j) both[choices[i]! * offerings.length + choices[j]!]!++;
    }
  }
  return both;
}

export function place(board: Board, section: Section, period: number): void {
  section.period = period;
  board.at[section.offering.index * board.school.periods.length + period]!.push(section);
  board.busy.set(section.teacher, (board.busy.get(section.teacher) ?? 0) | (1 << period));
}

/** Students in special education per co-taught section. */
const perCoTaught = 10;

/** Puts a special education teacher beside the subject teacher in some sections of English and mathematics. */
function addCoTeachers(board: Board): void {
  const { requests, population, staff, school, busy } = board;
  const inSpecialEducation = new Uint32Array(offerings.length);
  requests.students.forEach((student, row) => {
    if (!programsOf(population, student).includes('SPED')) return;
    for (let column = 0; column < requests.perStudent; column++)
      inSpecialEducation[requests.choices[row * requests.perStudent + column]!]!++;
  });
  const load = new Map<number, number>();
  for (const { teacher } of board.sections) load.set(teacher, (load.get(teacher) ?? 0) + 1);
  for (const each of offerings) {
    if (each.whenFew !== 'ALWAYS' || !['English', 'Mathematics'].includes(departmentOf(each)) || each.courses[0]!.size !== 'secondary')
      continue;
    const wanted = Math.floor((inSpecialEducation[each.index]! + perCoTaught / 2) / perCoTaught);
    for (const section of board.sections.filter(({ offering }) => offering === each).slice(0, wanted)) {
      const bit = 1 << section.period;
      let teacher = staff.findIndex(
        (member, number) =>
          member.school === school.index &&
          member.department === 'Special Education' &&
          (load.get(number) ?? 0) < teacherLoad &&
          ((busy.get(number) ?? 0) & bit) === 0,
      );
      if (teacher < 0) teacher = hireTeacher(board, 'Special Education');
      section.coTeacher = teacher;
      busy.set(teacher, (busy.get(teacher) ?? 0) | bit);
      load.set(teacher, (load.get(teacher) ?? 0) + 1);
    }
  }
}
