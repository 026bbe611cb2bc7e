import { describe, expect, test } from '@jest/globals';
import { courseAtATime } from './courseAtATime.ts';
import { loadStudents } from './load.ts';
import { randomFrom } from './random.ts';
import type { School } from './school.ts';
import { oddSchool, placedAsTold, schoolOf, section, student } from './smallSchools.ts';
import { wrongWith } from './soundSeats.ts';

const told = (school: School) =>
  courseAtATime(school, placedAsTold(school), { seed: 1 }).map(
    ({ studentId, sectionId, alternate }) => `${studentId} ${sectionId} ${alternate}`,
  );

describe('loading a course at a time, as vendors document it', () => {
  test('never breaks a rule', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const school = oddSchool(randomFrom(seed), { slots: 6, courses: 6, students: 14, requests: 5 });
      const seats = courseAtATime(school, placedAsTold(school), { seed });
      expect({ seed, wrong: wrongWith(school, seats) }).toEqual({ seed, wrong: [] });
    }
  });

  test('the course of one section comes before the course of two', () => {
    const sections = [section('ENG-1', 'ENG', ['1'], 9), section('ENG-2', 'ENG', ['2'], 1), section('BAND-1', 'BAND', ['1'], 9)];
    expect(told(schoolOf(sections, [student('ann', ['ENG', 'BAND'])]))).toEqual(['ann BAND-1 0', 'ann ENG-2 0']);
  });

  test('after single courses priority decides; by the number of sections if that is asked for', () => {
    const sections = [
      ...['1', '2'].map((slot) => section(`BAND-${slot}`, 'BAND', [slot], 9)),
      ...['1', '2', '3'].map((slot) => section(`ENG-${slot}`, 'ENG', [slot], slot === '1' ? 9 : 1)),
    ];
    const ann = student('ann', ['ENG', 'BAND'], { released: ['2'] });
    const school = schoolOf(sections, [
      { ...ann, requests: ann.requests.map((request, n) => ({ ...request, priority: n === 0 ? (1 as const) : (3 as const) })) },
    ]);
    const seated = (order: 'PRIORITY' | 'SECTIONS') =>
      courseAtATime(school, placedAsTold(school), { seed: 1, order }).map(({ sectionId }) => sectionId);
    expect(seated('PRIORITY')).toEqual(['ENG-1']);
    expect(seated('SECTIONS')).toEqual(['BAND-1', 'ENG-3']);
  });

  test('nobody gives way: who comes first keeps the seat, though another one would do', () => {
    const sections = [section('ART-1', 'ART', ['1'], 2), section('ART-2', 'ART', ['2'], 1)];
    const early = ['bo', 'cy'].map((id) => student(id, ['ART'], { released: ['2'] }));
    const school = schoolOf(sections, [student('ann', ['ART']), ...early]);
    expect(told(school)).toEqual(['ann ART-1 0', 'bo ART-1 0']);
    expect(loadStudents(school, placedAsTold(school), { seed: 1, steps: 100, now: () => 0 }).unmet).toBe(0);
  });

  test('alternates are looked at when all courses are through', () => {
    const sections = [section('ART-1', 'ART', ['1'], 1), section('DANCE-1', 'DANCE', ['2'], 1)];
    const students = [student('ann', ['ART']), student('bo', ['ART|DANCE']), student('cy', ['DANCE'])];
    expect(told(schoolOf(sections, students))).toEqual(['ann ART-1 0', 'cy DANCE-1 0']);
  });
});
