import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { buildMaster } from './build.ts';
import { violations } from './check.ts';
import { generateSchool } from './generate.ts';
import { loadStudents } from './load.ts';
import { randomFrom } from './random.ts';
import type { School } from './school.ts';

const seed = Math.floor(Math.random() * 1_000_000);
console.log(`generate.test.ts: seed ${seed}`);
const large = generateSchool({ seed });

const sectionsOfCourses = (school: School): number[] =>
  [...Map.groupBy(school.sections, ({ courseId }) => courseId).values()].map((own) => own.length);
const requestsOf = (school: School) => school.students.flatMap(({ requests }) => requests);
const within = (share: number, target: number, count: number): void => {
  expect(count).toBeGreaterThanOrEqual(target * (1 - share));
  expect(count).toBeLessThanOrEqual(target * (1 + share));
};

test(`a school of 3,200 has the documented proportions (seed ${seed})`, () => {
  const counts = sectionsOfCourses(large);
  const requests = requestsOf(large);
  within(0.03, 297, large.courses.length);
  within(0.04, 898, large.sections.length);
  within(0.22, 140, counts.filter((count) => count === 1).length);
  within(0.25, 83, counts.filter((count) => count === 2).length);
  within(0.05, 141, large.teachers.length);
  within(0.03, 25_980, requests.length);
  within(0.12, 0.27, requests.filter(({ alternates }) => alternates.length).length / requests.length);
  within(
    0.04,
    29_810,
    large.sections.reduce((sum, { seats }) => sum + seats, 0),
  );
  expect(large.slots).toHaveLength(16);
  expect(new Set(large.sections.map(({ possible }) => possible[0]!.length))).toEqual(new Set([1, 2, 4]));
  expect(large.sections.some(({ reservations, coTeacherIds }) => reservations.length && coTeacherIds.length)).toBe(true);
});

test('the same seed gives the same school, another seed another one', () => {
  expect(generateSchool({ students: 120, seed })).toEqual(generateSchool({ students: 120, seed }));
  expect(generateSchool({ students: 120, seed })).not.toEqual(generateSchool({ students: 120, seed: seed + 1 }));
});

test('the plain school of a seed is the one of which figures were published', () => {
  const hash = createHash('sha256')
    .update(JSON.stringify(generateSchool({ students: 300, seed: 1 })))
    .digest('hex');
  expect(hash.slice(0, 16)).toBe('10c1dbc843fd03c8');
});

describe(`a school with links, teams, rotating days and combined classes (seed ${seed})`, () => {
  const features = { links: true, teams: true, rotatingDays: true, combined: true };
  const school = generateSchool({ students: 300, seed, ...features });

  test('has all of them, each on its own, and is otherwise the plain one', () => {
    const all = { students: 300, seed };
    const plain = generateSchool(all);
    expect(generateSchool({ ...all, links: false, teams: false, rotatingDays: false, combined: false })).toEqual(plain);
    const linked = generateSchool({ ...all, links: true }).sections;
    expect(linked.map((section) => ({ ...section, link: null }))).toEqual(plain.sections);
    for (const [, together] of Map.groupBy(
      linked.filter(({ link }) => link !== null),
      ({ link }) => link,
    ))
      expect(new Set(together.map(({ courseId }) => courseId)).size).toBe(2);
    const teams = generateSchool({ ...all, teams: true });
    expect(new Set(teams.sections.map(({ team }) => team))).toEqual(new Set([null, 'Blue', 'Gold']));
    expect(teams.students.every(({ team, grade }) => (team !== null) === (grade === '9'))).toBe(true);
    const pairs = Map.groupBy(
      generateSchool({ ...all, combined: true }).sections.filter(({ combinedWith }) => combinedWith !== null),
      ({ combinedWith }) => combinedWith,
    );
    expect(pairs.size).toBeGreaterThan(0);
    for (const pair of pairs.values()) expect([pair.length, new Set(pair.map(({ teacherId }) => teacherId)).size]).toEqual([2, 1]);
    expect(new Set(school.slots.map(({ day }) => day))).toEqual(new Set(['A', 'B']));
    expect(school.slots).toHaveLength(32);
    expect(school.sections.some(({ possible }) => new Set(possible[0]!.map((slot) => slot.split(' ')[1])).size === 1)).toBe(true);
  });

  test('is built and loaded without breaking a rule, and its features are lived by', () => {
    const { sections } = buildMaster(school, { seed, seconds: 1_000, moves: 300, now: () => 0 });
    const { seats } = loadStudents(school, sections, { seed, steps: 500, now: () => 0 });
    expect(violations(school, { sections, seats })).toEqual([]);
    expect(sections).toHaveLength(school.sections.length);
    const byId = new Map(school.sections.map((section) => [section.id, section]));
    const taken = seats.map(({ sectionId }) => byId.get(sectionId)!);
    expect(taken.some(({ link }) => link !== null)).toBe(true);
    expect(taken.some(({ team }) => team !== null)).toBe(true);
    expect(taken.some(({ combinedWith }) => combinedWith !== null)).toBe(true);
  });
});

test('a size that is no high school is refused', () => {
  expect(() => generateSchool({ students: 12, seed })).toThrow('at least 40 students, not 12');
});

test('requests follow grade and track of study: rare courses pair up in fewer ways than if they were dealt out by chance', () => {
  const sections = new Map([...Map.groupBy(large.sections, ({ courseId }) => courseId)].map(([id, own]) => [id, own.length]));
  const rareOf = large.students.map(({ requests }) => requests.map(({ courseId }) => courseId).filter((id) => sections.get(id)! <= 2));
  const differentPairs = (rares: readonly (readonly string[])[]): number =>
    new Set(rares.flatMap((rare) => rare.flatMap((a) => rare.filter((b) => a < b).map((b) => `${a} ${b}`)))).size;
  const dealt = randomFrom(seed).shuffle(rareOf.flat()).values();
  const byChance = rareOf.map((rare) => rare.map(() => dealt.next().value!));
  expect(differentPairs(rareOf)).toBeLessThan(0.92 * differentPairs(byChance));
});

describe.each([60, 200, 600, 3_200])('a school of %i students', (students) => {
  const school = students === 3_200 ? large : generateSchool({ students, seed });

  test('names nothing that it does not have, and nothing twice', () => {
    const ids = (things: readonly { readonly id: string }[]): Set<string> => {
      const set = new Set(things.map(({ id }) => id));
      expect(set.size).toBe(things.length);
      return set;
    };
    const [slotIds, courseIds, teacherIds] = [ids(school.slots), ids(school.courses), ids(school.teachers)];
    ids(school.rooms);
    ids(school.sections);
    ids(school.students);
    ids(requestsOf(school));
    for (const section of school.sections) {
      expect(courseIds.has(section.courseId)).toBe(true);
      expect(section.placement).toBeNull();
      expect(section.possible.length).toBeGreaterThan(0);
      expect(section.possible.flat().every((slot) => slotIds.has(slot))).toBe(true);
      for (const id of [section.teacherId, ...section.coTeacherIds]) if (id !== null) expect(teacherIds.has(id)).toBe(true);
      const teacher = school.teachers.find(({ id }) => id === section.teacherId);
      if (teacher) expect(teacher.courseIds).toContain(section.courseId);
    }
    for (const teacher of school.teachers) for (const id of teacher.courseIds) expect(courseIds.has(id)).toBe(true);
    for (const { courseId, alternates } of requestsOf(school)) {
      for (const id of [courseId, ...alternates]) expect(courseIds.has(id)).toBe(true);
      expect(alternates).not.toContain(courseId);
    }
  });

  test('asks of each student what fits into the day, no course twice, and offers a seat for each request', () => {
    const slotsOf = new Map(school.sections.map(({ courseId, possible }) => [courseId, possible[0]!.length]));
    const wanted = new Map<string, number>();
    for (const { requests, released } of school.students) {
      const courses = requests.map(({ courseId }) => courseId);
      expect(new Set(courses).size).toBe(courses.length);
      expect(courses.reduce((sum, id) => sum + slotsOf.get(id)!, 0)).toBeLessThanOrEqual(16 - released.length);
      expect(courses.length).toBeGreaterThanOrEqual(4);
      for (const id of courses) wanted.set(id, (wanted.get(id) ?? 0) + 1);
    }
    const seats = Map.groupBy(school.sections, ({ courseId }) => courseId);
    for (const [id, count] of wanted) expect(seats.get(id)!.reduce((sum, section) => sum + section.seats, 0)).toBeGreaterThanOrEqual(count);
  });

  test('has a master: teachers and rooms are enough', () => {
    expect(firstFit(school)).toEqual([]);
  });
});

/** Section ids for which no teacher, time and room was left, the hardest placed first; of some orders the best. */
function firstFit(school: School): string[] {
  const random = randomFrom(seed);
  let fewest = school.sections.map(({ id }) => id);
  for (let attempt = 0; attempt < 30 && fewest.length; attempt++) {
    const left = firstFitInOrder(school, random);
    if (left.length < fewest.length) fewest = left;
  }
  return fewest;
}

function firstFitInOrder(school: School, random: ReturnType<typeof randomFrom>): string[] {
  const busy = new Set<string>();
  const load = new Map<string, number>();
  const hard = (section: School['sections'][number]): number =>
    section.possible[0]!.length * 2 + section.coTeacherIds.length * 4 + (section.teacherId ? 3 : 0);
  const left: string[] = [];
  for (const section of random.shuffle(school.sections).sort((a, b) => hard(b) - hard(a))) {
    const found = whereItFits(section);
    if (!found) left.push(section.id);
    else for (const id of found.who) for (const slot of found.placement) take(id, slot);
  }
  return left;

  function take(id: string, slot: string): void {
    busy.add(`${id} at ${slot}`);
    load.set(`${id} in ${slot.slice(0, 2)}`, (load.get(`${id} in ${slot.slice(0, 2)}`) ?? 0) + 1);
  }

  function whereItFits(section: School['sections'][number]) {
    const able = school.teachers.filter(({ id, courseIds }) =>
      section.teacherId ? id === section.teacherId : courseIds.includes(section.courseId),
    );
    for (const teacher of random.shuffle(able)) {
      for (const placement of random.shuffle(section.possible)) {
        const free = (id: string): boolean => placement.every((slot) => !busy.has(`${id} at ${slot}`));
        const fits = (one: School['teachers'][number]): boolean =>
          free(one.id) &&
          placement.every((slot) => !one.unavailable.includes(slot)) &&
          ['S1', 'S2'].every((term) => {
            const here = placement.filter((slot) => slot.startsWith(term)).length;
            return (load.get(`${one.id} in ${term}`) ?? 0) + here <= Math.min(one.maxSlotsPerTerm, 8 - one.preparationSlots);
          });
        const others = section.coTeacherIds.map((id) => school.teachers.find((one) => one.id === id)!);
        if (![teacher, ...others].every(fits)) continue;
        const rooms = school.rooms.filter(
          (one) => one.groups.some((group) => section.roomGroups.includes(group)) && one.capacity >= section.seats,
        );
        const room = rooms.find((one) => one.shared || free(one.id));
        if (room) return { placement, who: [teacher.id, ...section.coTeacherIds, ...(room.shared ? [] : [room.id])] };
      }
    }
    return undefined;
  }
}
