import { describe, expect, test } from '@jest/globals';
import { fairness, satisfaction } from './satisfaction.ts';
import type { Seat } from './school.ts';
import { course, placedAsTold, schoolOf, section, student } from './smallSchools.ts';

const school = schoolOf(
  [section('ENG-1', 'ENG', ['1'], 1), section('ART-2', 'ART', ['2'], 9), section('PE-1', 'PE', ['1'], 9)],
  [student('ann', ['ENG', 'ART'], { programs: ['EL'] }), student('bo', ['ENG|PE', 'ART']), student('cy', ['ART', 'PE'], { grade: '10' })],
  { courses: [course('ENG', { core: true }), course('ART'), course('PE')] },
);
const seat = (studentId: string, sectionId: string, n: number, alternate = 0): Seat => ({
  studentId,
  sectionId,
  requestId: `${studentId}/${n}`,
  alternate,
});
const seats = [seat('ann', 'ENG-1', 1), seat('ann', 'ART-2', 2), seat('bo', 'PE-1', 1, 1), seat('bo', 'ART-2', 2), seat('cy', 'ART-2', 1)];

describe('how students came off', () => {
  test('requests are counted in all, by grade, program, priority, and for core courses', () => {
    const told = satisfaction(school, seats).map(({ group, requests, primary, alternates, students, studentsWithAll }) => [
      group,
      requests,
      primary,
      alternates,
      students,
      studentsWithAll,
    ]);
    expect(told).toEqual([
      ['all', 6, 4, 1, 3, 1],
      ['grade 9', 4, 3, 1, 2, 1],
      ['grade 10', 2, 1, 0, 1, 0],
      ['program EL', 2, 2, 0, 1, 1],
      ['priority 2', 6, 4, 1, 3, 1],
      ['core courses', 2, 1, 1, 2, 1],
    ]);
  });

  test('each student has a line, beside what was possible and beside the grade', () => {
    expect(fairness(school, placedAsTold(school), seats).map(({ value, best, sentence }) => [value, best, sentence])).toEqual([
      [
        2_000,
        2_000,
        'ann has 2 of 2 requests as asked; no loading of this timetable could do better. In grade 9 75.0 % of requests are met as asked.',
      ],
      [
        1_600,
        2_000,
        'bo has 1 of 2 requests as asked and 1 by an alternate; with endless seats this timetable would hold a better schedule. In grade 9 75.0 % of requests are met as asked.',
      ],
      [
        1_000,
        2_000,
        'cy has 1 of 2 requests as asked; with endless seats this timetable would hold a better schedule. In grade 10 50.0 % of requests are met as asked.',
      ],
    ]);
  });
});
