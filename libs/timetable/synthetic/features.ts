/** What a synthetic school can have besides: each is made of the school as it is, so that the school without it stays the same. */
import type { Placement, School, Section, Slot, Student } from '../school.ts';

export interface Features {
  /** Classes that are taken together: English and history of grades 9 to 11, in every other section. */
  readonly links?: boolean;
  /** Two houses of grade 9: each section of its English, mathematics, science and geography is for one of them, a last odd one for both. */
  readonly teams?: boolean;
  /** Days A and B: every other semester course meets all year, on one of the two, with anybody of its department. */
  readonly rotatingDays?: boolean;
  /** Up to three pairs of courses with one section meet as one class, with one teacher, in a room for both. */
  readonly combined?: boolean;
}

export function withFeatures(school: School, { links, teams, rotatingDays, combined }: Features): School {
  const steps = [links && linked, teams && inTeams, combined && combinedPairs, rotatingDays && onRotatingDays];
  return steps.reduce<School>((made, step) => (step ? step(made) : made), school);
}

const inBlocks = [
  ['english-9', 'world-geography'],
  ['english-10', 'world-history'],
  ['english-11', 'united-states-history'],
] as const;
/** Sections have even and odd numbers: blocks are the odd ones, so that whoever cannot take a block has another class. */
const isOdd = ({ number }: Section): boolean => Number(number) % 2 === 1;

function linked(school: School): School {
  const has = (courseId: string, number: string) => school.sections.some((one) => one.courseId === courseId && one.number === number);
  const linkOf = (section: Section): string | null => {
    const block = inBlocks.find((courses) => courses.some((courseId) => courseId === section.courseId));
    if (!block || !isOdd(section) || !block.every((courseId) => has(courseId, section.number))) return null;
    return `${block.join(' and ')} ${section.number}`;
  };
  return { ...school, sections: school.sections.map((section) => ({ ...section, link: linkOf(section) })) };
}

const ofTeams: readonly string[] = ['english-9', 'algebra-1', 'biology', 'world-geography'];

function inTeams(school: School): School {
  const counts = new Map([...Map.groupBy(school.sections, ({ courseId }) => courseId)].map(([id, own]) => [id, own.length]));
  const teamOf = (section: Section): string | null => {
    const count = counts.get(section.courseId)!;
    const isOver = count % 2 === 1 && Number(section.number) === count;
    if (!ofTeams.includes(section.courseId) || isOver) return null;
    return isOdd(section) ? 'Blue' : 'Gold';
  };
  const teams = { Blue: 0, Gold: 0 };
  const joined = (student: Student): Student => {
    if (student.grade !== '9') return student;
    const team = teams.Blue <= teams.Gold ? 'Blue' : 'Gold';
    // Who takes none of these classes is in a house too, and weighs nothing.
    if (student.requests.some(({ courseId }) => ofTeams.includes(courseId))) teams[team]++;
    return { ...student, team };
  };
  return {
    ...school,
    sections: school.sections.map((section) => ({ ...section, team: teamOf(section) })),
    students: school.students.map(joined),
  };
}

const mostPairs = 3;

function combinedPairs(school: School): School {
  const own = Map.groupBy(school.sections, ({ courseId }) => courseId);
  const rare = school.sections.filter(
    ({ courseId, reservations, coTeacherIds, link }) =>
      own.get(courseId)!.length === 1 && !reservations.length && !coTeacherIds.length && link === null,
  );
  const ask = new Map(school.students.map(({ id, requests }) => [id, new Set(requests.map(({ courseId }) => courseId))]));
  const neverTogether = (a: Section, b: Section) =>
    [...ask.values()].every((courses) => !(courses.has(a.courseId) && courses.has(b.courseId)));
  const alike = (a: Section, b: Section) => a.roomGroups.join() === b.roomGroups.join() && samePlaces(a, b) && neverTogether(a, b);
  const pairs: (readonly [Section, Section])[] = [];
  for (const a of rare) {
    const free = (section: Section) => !pairs.flat().includes(section);
    if (pairs.length === mostPairs || !free(a)) continue;
    const b = rare.find((other) => other !== a && free(other) && alike(a, other));
    if (b) pairs.push([a, b]);
  }
  const together = (section: Section): Section => {
    const pair = pairs.find((each) => each.includes(section));
    return pair ? { ...section, teacherId: pair[0].teacherId, combinedWith: pair.map(({ courseId }) => courseId).join(' and ') } : section;
  };
  const alsoTaught = (id: string) => pairs.flatMap(([a, b]) => (a.teacherId === id ? [b.courseId] : []));
  return {
    ...school,
    sections: school.sections.map(together),
    teachers: school.teachers.map((one) => ({ ...one, courseIds: [...new Set([...one.courseIds, ...alsoTaught(one.id)])] })),
    rooms: [
      ...school.rooms,
      ...pairs.map(([a, b], n) => {
        const id = `double ${a.roomGroups[0]} ${n + 1}`;
        return { id, name: id, capacity: a.seats + b.seats, groups: a.roomGroups, shared: false };
      }),
    ],
  };
}

const samePlaces = (a: Section, b: Section): boolean => JSON.stringify(a.possible) === JSON.stringify(b.possible);

const days = ['A', 'B'];
/** "S1 3" on day A: "S1 A 3". */
const onDay = (slot: string, day: string): string => slot.replace(' ', ` ${day} `);

/** "Social studies 2" is of Social studies. */
const departmentOf = (teacherId: string): string => teacherId.replace(/ \d+$/, '');

function onRotatingDays(school: School): School {
  const both = (slots: Placement): string[] => slots.flatMap((slot) => days.map((day) => onDay(slot, day)));
  const semester = [...new Set(school.sections.filter(({ possible }) => possible[0]!.length === 1).map(({ courseId }) => courseId))];
  const allYear = new Set(semester.filter((_, n) => n % 2 === 0));
  // Combined sections keep the same choice of times.
  for (const { combinedWith, courseId } of school.sections) if (combinedWith !== null) allYear.delete(courseId);
  const possibleOf = ({ courseId, possible }: Section): Placement[] => {
    if (!allYear.has(courseId)) return possible.map(both);
    const periods = [...new Set(possible.flat().map((slot) => slot.split(' ')[1]!))];
    return days.flatMap((day) => periods.map((period) => ['S1', 'S2'].map((term) => onDay(`${term} ${period}`, day))));
  };
  const ofDepartment = (id: string) =>
    school.teachers
      .filter((other) => departmentOf(other.id) === departmentOf(id))
      .flatMap(({ courseIds }) => courseIds.filter((courseId) => allYear.has(courseId)));
  return {
    ...school,
    slots: school.slots.flatMap((slot) => days.map((day): Slot => ({ ...slot, id: onDay(slot.id, day), day }))),
    sections: school.sections.map((section) => ({
      ...section,
      possible: possibleOf(section),
      teacherId: allYear.has(section.courseId) ? null : section.teacherId,
    })),
    teachers: school.teachers.map((one) => ({
      ...one,
      courseIds: [...new Set([...one.courseIds, ...ofDepartment(one.id)])],
      maxSlotsPerTerm: one.maxSlotsPerTerm * days.length,
      preparationSlots: one.preparationSlots * days.length,
      unavailable: both(one.unavailable),
    })),
    students: school.students.map((student) => ({ ...student, released: both(student.released) })),
  };
}
