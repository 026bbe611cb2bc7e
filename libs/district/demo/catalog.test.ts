import { expect, test } from '@jest/globals';
import { catalog, courseIndex, openElectives, pathways, subjectCode } from './catalog.ts';
import { offering } from './requests.ts';

test('course numbers are given once, and every prerequisite is a course of the same level', () => {
  expect(new Set(catalog.map(({ number }) => number)).size).toBe(catalog.length);
  for (const { level, prerequisites, subject } of catalog) {
    for (const number of prerequisites) expect(catalog[courseIndex(number)]!.level).toBe(level);
    expect(subjectCode(subject)).toMatch(/^\d\d$/);
  }
});

test('a course that too few ask for becomes one that a student of that grade may take, until one that always runs', () => {
  for (const { number, level, grades, whenFew, length } of catalog) {
    if (level === 'elementary' || length === 'SEMESTER') continue;
    const seen = [number];
    for (let next = whenFew; next && next !== 'ALWAYS'; next = offering(next).whenFew) {
      expect(seen).not.toContain(next);
      seen.push(next);
      const reached = offering(next).courses[0]!;
      expect(grades.some((grade) => reached.grades.includes(grade))).toBe(true);
    }
  }
});

test('open electives are open: of the right grade, and after nothing', () => {
  for (const [grade, keys] of Object.entries(openElectives)) {
    for (const key of keys) for (const course of offering(key).courses) expect(course.grades).toContain(Number(grade));
  }
  for (const pathway of pathways) expect(catalog[courseIndex(pathway[0]!)]!.prerequisites).toEqual([]);
});

test('each level has its catalog: about 25, 40 and 120 courses', () => {
  const size = (level: string) => catalog.filter((course) => course.level === level).length;
  expect([size('elementary'), size('middle'), size('high')]).toEqual([24, 41, 132]);
});
