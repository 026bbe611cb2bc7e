import { expect, test } from '@jest/globals';
import { measure } from './measure.ts';
import { satisfactionOf } from './satisfaction.ts';
import { measureSchedule } from './schedule.ts';

const seed = Math.floor(Math.random() * 1_000_000);

test.each([60, 200])(`the bench answers all figures of a school of %i in seconds, without a violation (seed ${seed})`, async (students) => {
  const said: string[] = [];
  const figures = await measureSchedule({ seed, students, seconds: 2, proveSeconds: 20, say: (line) => said.push(line) });
  const keys = [
    'seed',
    'students',
    'loadSeconds',
    'gapPercent',
    'masterSeconds',
    'primaryPercent',
    'allPrimaryPercent',
    'violations',
    'courseAtATimePercent',
    'greedyPrimaryPercent',
  ];
  expect(Object.keys(figures)).toEqual(expect.arrayContaining(keys));
  expect(said.join('\n')).toContain(`Seed ${seed}: ${students} students`);
  expect(figures['violations']).toBe(0);
  expect(figures['gapPercent']).toBeGreaterThanOrEqual(0);
  expect(figures['provedGapPercent']).toBeGreaterThanOrEqual(0);
  for (const key of ['primaryPercent', 'courseAtATimePercent', 'greedyPrimaryPercent']) {
    expect(figures[key]).toBeGreaterThan(50);
    expect(figures[key]).toBeLessThanOrEqual(100);
  }
  // A missed request without a repair is rare; a school of so few misses may have two of them.
  if (figures['repairablePercent'] !== null) expect(figures['repairablePercent']).toBeGreaterThan(50);
  expect(figures['repairOthersWorse']).toBe(0);
  expect(figures['repairMostChanges']).toBeLessThanOrEqual(2);
});

test('an option that is no number is named', () => {
  expect(() => measure(['--seed', 'x'])).toThrow('--seed');
  expect(() => measure(['--students', '3'])).toThrow('--students');
});

test('satisfaction tells the course itself from an alternate, and a seat that was locked from an answer', () => {
  const request = (id: string) => ({ id, courseId: id, priority: 1 as const, alternates: ['z'] });
  const student = (id: string, ...requests: string[]) => ({
    id,
    name: id,
    grade: '9',
    programs: [],
    team: null,
    track: null,
    requests: requests.map(request),
    locked: [],
    current: [],
    released: [],
  });
  const school = {
    slots: [],
    courses: [],
    teachers: [],
    rooms: [],
    sections: [],
    students: [student('s', 'a', 'b'), student('t', 'c', 'd')],
  };
  const seats = [
    { studentId: 's', sectionId: 'A', requestId: 'a', alternate: 0 },
    { studentId: 's', sectionId: 'B', requestId: 'b', alternate: 0 },
    { studentId: 't', sectionId: 'Z', requestId: 'c', alternate: 1 },
    { studentId: 't', sectionId: 'L', requestId: null, alternate: 0 },
  ];
  expect(satisfactionOf(school, seats)).toEqual({ primaryPercent: 50, allPrimaryPercent: 50, unmet: 1 });
});
