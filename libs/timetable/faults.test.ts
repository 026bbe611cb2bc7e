import { describe, expect, test } from '@jest/globals';
import { courseAtATime } from './courseAtATime.ts';
import { faultsOfSchool } from './faults.ts';
import { loadStudents } from './load.ts';
import { randomFrom } from './random.ts';
import type { School, Student } from './school.ts';
import { course, oddSchool, placedAsTold, schoolOf, section, student } from './smallSchools.ts';

const sections = ['1', '2', '3', '4', '5', '6', '7', '8'].map((period) => section(`C${period}-1`, `C${period}`, [period], 9));
const schoolWith = (who: Student, more: Partial<School> = {}): School => schoolOf(sections, [who], more);
const told = (school: School) =>
  faultsOfSchool(school).map(({ code, sentence, stops }) => `${stops ? 'stop' : 'warning'} ${code}: ${sentence}`);
const load = (school: School) => loadStudents(school, placedAsTold(school), { seed: 1, steps: 50, now: () => 0 });

describe('what is wrong with a school before it is loaded', () => {
  test('nothing, when all is well', () => {
    expect(told(schoolWith(student('Ann', ['C1', 'C2|C3'])))).toEqual([]);
  });

  test('a request for a course that is not offered is told, and the rest is loaded', () => {
    const school = schoolWith(student('Ann', ['LATIN|C1', 'GREEK', 'C2|NORSE']), {
      courses: [...sections.map(({ courseId }) => course(courseId)), course('LATIN')],
    });
    expect(told(school)).toEqual([
      'warning NOT_OFFERED: Ann asks for LATIN, which has no section with seats.',
      'warning NOT_OFFERED: Ann asks for GREEK, which is not among the courses of the school.',
      'warning ALTERNATE_NOT_OFFERED: Ann would take NORSE instead of C2: it is not offered.',
    ]);
    expect(load(school).seats.map(({ sectionId, alternate }) => [sectionId, alternate])).toEqual([
      ['C1-1', 1],
      ['C2-1', 0],
    ]);
  });

  test('12 requests for 8 periods are told, and as many are met as fit', () => {
    const twelve = Array.from({ length: 12 }, (_, n) => section(`C${n}-1`, `C${n}`, [`${(n % 8) + 1}`], 9));
    const school = schoolOf(twelve, [
      student(
        'Ann',
        twelve.map(({ courseId }) => courseId),
      ),
    ]);
    expect(told(school)).toEqual([
      'warning MORE_THAN_FITS: Ann asks for 12 courses, which fill 12 slots at least, and has 8: something will be missed.',
    ]);
    expect(load(school).seats.length).toBe(8);
  });

  test('alternates in a circle are told, and no course is taken twice', () => {
    const school = schoolWith(student('Ann', ['C1|C2', 'C2|C3', 'C3|C1']));
    expect(told(school)).toEqual([
      'warning ALTERNATES_IN_CIRCLE: Ann asks for C1 and C2 and C3, each of which is to replace another of them: each is taken once at most.',
    ]);
    expect(load(school).unmet).toBe(0);
  });

  test('a course named twice among its alternates, or asked for twice, counts once', () => {
    const school = schoolWith(student('Ann', ['C1|C1', 'C2', 'C2']));
    expect(told(school).map((one) => one.split(':')[0])).toEqual(['warning ALTERNATE_REPEATED', 'warning REQUEST_TWICE']);
    expect(load(school).seats.length).toBe(2);
  });

  test('a section with 0 seats takes nobody', () => {
    const school = schoolOf([section('C1-1', 'C1', ['1'], 0)], [student('Ann', ['C1'])]);
    expect(told(school).map((one) => one.split(':')[0])).toEqual(['warning NO_SEATS', 'warning NOT_OFFERED']);
    expect(load(school).seats).toEqual([]);
  });

  test('locks that contradict each other stop the run, and say why', () => {
    const overlapping = [section('A-1', 'A', ['1'], 9), section('B-1', 'B', ['1'], 9), section('A-2', 'A', ['2'], 9, { team: 'red' })];
    const school = schoolOf(overlapping, [student('Ann', ['A'], { locked: ['A-1', 'B-1', 'A-2', 'gone'], released: ['2'] })]);
    const sentences = [
      'Ann is locked in gone, which is not a section of the school.',
      'Ann is locked in A (A-1) and B (B-1), which both meet in period 1.',
      'Ann is locked in A (A-2), which meets in period 2: there the student is released.',
      'Ann is locked in A (A-2), which is for another team or track.',
      'Ann is locked in A (A-1) and A (A-2), both of one course.',
    ];
    expect(faultsOfSchool(school).map(({ sentence }) => sentence)).toEqual(sentences);
    expect(() => load(school)).toThrow(sentences[1]);
    expect(() => courseAtATime(school, placedAsTold(school), { seed: 1 })).toThrow(sentences.join(' '));
  });

  test('sections and courses are told by their names, and what is wrong for several students without names is said once', () => {
    const titled = [course('c-1', { title: 'Algebra 1' }), course('c-2', { title: 'Chess' })];
    const both = [section('s-1', 'c-1', ['1'], 9, { number: '01' }), section('s-2', 'c-2', ['1'], 9, { number: '02' })];
    const students = ['p-1', 'p-2', 'p-3'].map((id) => student(id, ['c-1|c-3'], { name: 'A student', locked: ['s-1', 's-2'] }));
    const school = schoolOf(both, students, { courses: titled });
    expect(() => load(school)).toThrow(
      'A student is locked in Algebra 1 (01) and Chess (02), which both meet in period 1 (so for 3 students).',
    );
    const empty = schoolOf([section('s-1', 'c-1', ['1'], 0, { number: '01' })], [student('p-1', ['c-1'], { name: 'A student' })], {
      courses: titled,
    });
    expect(told(empty)).toEqual([
      'warning NO_SEATS: Algebra 1 (01) has 0 seats: nobody gets into it.',
      'warning NOT_OFFERED: A student asks for Algebra 1, which has no section with seats.',
    ]);
  });

  test('what is named and is not there, or is there twice, stops the run', () => {
    const odd = section('X-1', 'X', ['9'], -1, { placement: null, possible: [] });
    const school = { ...schoolWith(student('Ann', ['C1'], { released: ['never'] })), sections: [...sections, sections[0]!, odd] };
    expect(told(school).map((one) => one.split(':')[0])).toEqual(
      ['ID_TWICE', 'UNKNOWN_COURSE', 'NO_PLACEMENT', 'SEATS_NOT_A_NUMBER', 'UNKNOWN_SLOT'].map((code) => `stop ${code}`),
    );
    expect(() => load(school)).toThrow('There are two of the section "C1-1".');
  });

  test('more students locked in a section than it has seats stay there, and nobody joins them', () => {
    const students = [...['Ann', 'Bo'].map((id) => student(id, ['A'], { locked: ['A-1'] })), student('Cy', ['A'])];
    const school = schoolOf([section('A-1', 'A', ['1'], 1)], students);
    expect(told(school)).toEqual(['warning LOCKED_MORE_THAN_SEATS: 2 students are locked in A (A-1), which has 1 seats.']);
    expect(load(school).seats.map(({ studentId }) => studentId)).toEqual(['Ann', 'Bo']);
  });

  test('a link with two sections of one course stops the run; with one section it is told', () => {
    const linked = [
      section('A-1', 'A', ['1'], 1, { link: 'x' }),
      section('A-2', 'A', ['2'], 1, { link: 'x' }),
      section('B-1', 'B', ['2'], 1, { link: 'y' }),
    ];
    expect(told(schoolOf(linked, [])).map((one) => one.split(':')[0])).toEqual(['stop LINK_OF_ONE_COURSE', 'warning LINK_OF_ONE']);
  });

  test('whatever is drawn by chance is answered, never a crash', () => {
    for (let seed = 1; seed <= 100; seed++)
      expect(Array.isArray(told(oddSchool(randomFrom(seed), { slots: 5, courses: 5, students: 8, requests: 6 })))).toBe(true);
  });
});
