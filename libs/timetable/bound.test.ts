import { expect, test } from '@jest/globals';
import { boundOf } from './bound.ts';
import type { PlacedSection, School, Student } from './school.ts';

const open = {
  number: '1',
  seats: 1,
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
const request = (courseId: string, priority: 1 | 2 | 3, alternates: string[] = []) => ({ id: courseId, courseId, priority, alternates });
const student = (requests: Student['requests'], rest: Partial<Student> = {}): Student => ({
  id: 's',
  name: 's',
  grade: '9',
  programs: [],
  team: null,
  track: null,
  requests,
  locked: [],
  current: [],
  released: [],
  ...rest,
});
/** Each course with the slots of its only section. */
const schoolWith = (times: Record<string, string[]>, ...students: Student[]): [School, PlacedSection[]] => [
  {
    slots: ['1', '2'].map((id, order) => ({ id, term: 'S1', day: '', period: id, order })),
    courses: [],
    teachers: [],
    rooms: [],
    sections: Object.entries(times).map(([courseId, placement]) => ({ ...open, id: `${courseId}/1`, courseId, possible: [placement] })),
    students,
  },
  Object.entries(times).map(([courseId, placement]) => ({ sectionId: `${courseId}/1`, placement, teacherId: null, roomId: null })),
];

test('of two classes at one time the better counts', () => {
  expect(boundOf(...schoolWith({ a: ['1'], b: ['1'], c: ['2'] }, student([request('a', 2), request('b', 1), request('c', 3)]))).value).toBe(
    10_100,
  );
});

test('an alternate counts where the course is at a bad time', () => {
  expect(boundOf(...schoolWith({ a: ['1'], b: ['1'], c: ['2'] }, student([request('a', 1), request('b', 2, ['c'])]))).value).toBe(10_600);
});

test('a double period that fills both slots is left for two single ones that are worth more', () => {
  expect(
    boundOf(...schoolWith({ a: ['1', '2'], b: ['1'], c: ['2'] }, student([request('a', 2), request('b', 2), request('c', 3)]))).value,
  ).toBe(1_100);
});

test('a course is taken once, though two requests would be answered by it', () => {
  expect(boundOf(...schoolWith({ c: ['2'] }, student([request('a', 1, ['c']), request('b', 1, ['c'])]))).value).toBe(6_000);
});

test('released slots stay free, and a lock fills its own', () => {
  expect(boundOf(...schoolWith({ a: ['1'], c: ['2'] }, student([request('a', 1), request('c', 1)], { released: ['1'] }))).value).toBe(
    10_000,
  );
  expect(boundOf(...schoolWith({ a: ['1'], b: ['1'] }, student([request('a', 3), request('b', 1)], { locked: ['a/1'] }))).value).toBe(100);
});

test('seats do not limit it', () => {
  const all = [student([request('a', 1)]), student([request('a', 1)], { id: 't' })];
  expect(boundOf(...schoolWith({ a: ['1'] }, ...all)).value).toBe(20_000);
});
