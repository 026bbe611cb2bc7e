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

  test('each student has a line, beside what was possible and beside the grade; who fared worst comes first', () => {
    const told = fairness(school, placedAsTold(school), seats);
    expect(told.map(({ studentId, asked, value, best }) => [studentId, asked, value, best])).toEqual([
      ['cy', 2_000, 1_000, 2_000],
      ['bo', 2_000, 1_600, 2_000],
      ['ann', 2_000, 2_000, 2_000],
    ]);
    expect(told.map(({ sentence }) => sentence)).toEqual([
      '1 of 2 requests are met as asked: 50.0 % of what was asked, weighed by priority; with endless seats this timetable would hold 100.0 %. The median of grade 10 is 50.0 %.',
      '1 of 2 requests are met as asked and 1 by an alternate: 80.0 % of what was asked, weighed by priority; with endless seats this timetable would hold 100.0 %. The median of grade 9 is 90.0 %.',
      '2 of 2 requests are met as asked: 100.0 % of what was asked, weighed by priority; no loading of this timetable could give this student more. The median of grade 9 is 90.0 %.',
    ]);
  });

  test('a line tells each priority by itself; whoever asked for nothing has none', () => {
    const [ann, ...others] = school.students;
    const requests = [
      { ...ann!.requests[0]!, priority: 1 as const },
      { ...ann!.requests[1]!, priority: 3 as const },
    ];
    const students = [{ ...ann!, requests }, { ...ann!, id: 'dee', requests: [] }, ...others];
    const told = fairness({ ...school, students }, placedAsTold(school), seats.slice(1));
    expect(told.map(({ studentId }) => studentId)).toEqual(['ann', 'cy', 'bo']);
    expect(told[0]).toMatchObject({ primary: 1, percent: 100 / 101, gradeMedianPercent: (100 / 101 + 80) / 2 });
    expect(told[0]?.byPriority).toEqual([
      { priority: 1, requests: 1, primary: 0, alternates: 0 },
      { priority: 3, requests: 1, primary: 1, alternates: 0 },
    ]);
  });
});
