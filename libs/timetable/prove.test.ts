import { expect, test } from '@jest/globals';
import { boundOf } from './bound.ts';
import { generateSchool } from './generate.ts';
import { loadStudents } from './load.ts';
import { provedBest } from './prove.ts';
import { randomFrom } from './random.ts';
import type { PlacedSection, School, Student } from './school.ts';

const seed = Math.floor(Math.random() * 1_000_000);
console.log(`prove.test.ts: seed ${seed}`);

/** A school whose sections meet at any of their times, with no regard to anything: many conflicts, and with few seats a fight for them. */
function careless(students: number, shareOfSeats: number, seed: number): [School, PlacedSection[]] {
  const whole = generateSchool({ students, seed });
  const random = randomFrom(seed);
  const sections = whole.sections.map((section) => ({ ...section, seats: Math.ceil(section.seats * shareOfSeats) }));
  const placed = sections.map(({ id, possible }) => ({
    sectionId: id,
    placement: possible[random.below(possible.length)]!,
    teacherId: null,
    roomId: null,
  }));
  return [{ ...whole, sections }, placed];
}

const provedAndLoaded = async (school: School, placed: PlacedSection[]) => {
  const proof = await provedBest(school, placed, { seconds: 40 });
  expect(proof.proved).toBe(true);
  const { value } = loadStudents(school, placed, { seed, now: () => performance.now() });
  expect(proof.value).toBeLessThanOrEqual(boundOf(school, placed).value);
  expect(value).toBeLessThanOrEqual(proof.value);
  return { proved: proof.value, loaded: value };
};

test.each([1, 5, 14435])(
  'the loader is within 0.02 % of the proved optimum of a small school with many conflicts (seed %i)',
  async (one) => {
    const { proved, loaded } = await provedAndLoaded(...careless(200, 1, one));
    expect(loaded).toBeGreaterThanOrEqual(proved * 0.9998);
  },
);

// Of 25 such schools 24 were within 0.015 %, and one was 0.05 % below.
test(`of any small school with many conflicts it is within 0.2 % (seed ${seed})`, async () => {
  const { proved, loaded } = await provedAndLoaded(...careless(200, 1, seed));
  expect(loaded).toBeGreaterThanOrEqual(proved * 0.998);
});

test(`with seats for less than half of the requests it is within 0.5 % (seed ${seed})`, async () => {
  const { proved, loaded } = await provedAndLoaded(...careless(100, 0.4, seed));
  expect(loaded).toBeGreaterThanOrEqual(proved * 0.995);
});

const request = (id: string, courseId: string, priority: 1 | 2 | 3) => ({ id, courseId, priority, alternates: [] });
const student = (id: string, rest: Partial<Student> = {}): Student => ({
  id,
  name: id,
  grade: '9',
  programs: [],
  team: null,
  track: null,
  requests: [request(`${id}-a`, 'a', 1)],
  locked: [],
  current: [],
  released: [],
  ...rest,
});
const open = {
  number: '1',
  seats: 2,
  reservations: [],
  placement: null,
  teacherId: null,
  coTeacherIds: [],
  roomId: null,
  roomGroups: [],
  combinedWith: null,
  link: null,
  team: null,
  track: null,
};
const oneClass = (students: Student[], rest: object = {}): [School, PlacedSection[]] => [
  {
    slots: [{ id: '1', term: 'S1', day: '', period: '1', order: 0 }],
    courses: [],
    teachers: [],
    rooms: [],
    sections: [{ ...open, id: 'A', courseId: 'a', possible: [['1']], ...rest }],
    students,
  },
  [{ sectionId: 'A', placement: ['1'], teacherId: null, roomId: null }],
];
const bestOf = async (...[school, placed]: [School, PlacedSection[]]): Promise<number> =>
  (await provedBest(school, placed, { seconds: 10 })).value;

test('seats, kept seats, locks, released slots and tracks limit the proved value', async () => {
  const three = [student('s1'), student('s2'), student('s3')];
  expect(await bestOf(...oneClass(three))).toBe(20_000);
  const reservations = [{ program: 'X', seats: 1 }];
  expect(await bestOf(...oneClass(three, { reservations }))).toBe(10_000);
  expect(await bestOf(...oneClass([...three, student('s4', { programs: ['X'] })], { reservations }))).toBe(20_000);
  expect(
    await bestOf(...oneClass([student('s1', { locked: ['A'], requests: [request('r', 'a', 3)] }), student('s2'), student('s3')])),
  ).toBe(10_100);
  expect(await bestOf(...oneClass([student('s1', { released: ['1'] }), student('s2')]))).toBe(10_000);
  expect(await bestOf(...oneClass([student('s1'), student('s2', { track: 'B' })], { track: 'B' }))).toBe(10_000);
});

test('an aborted proof ends and claims nothing', async () => {
  const [school, placed] = careless(400, 1, seed);
  const proof = await provedBest(school, placed, { seconds: 600, signal: AbortSignal.abort() });
  expect(proof.proved).toBe(false);
});

test('linked sections are refused by name', async () => {
  const [school, placed] = oneClass([student('s1')], { link: 'lab' });
  await expect(provedBest(school, placed, { seconds: 1 })).rejects.toThrow('linked sections');
});
