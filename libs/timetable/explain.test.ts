import { describe, expect, test } from '@jest/globals';
import { explainUnmet } from './explain.ts';
import { loadStudents } from './load.ts';
import { randomFrom } from './random.ts';
import type { School, Seat, Section, Student } from './school.ts';
import { oddSchool, placedAsTold, schoolOf, section, student } from './smallSchools.ts';
import { wrongWith } from './soundSeats.ts';

const sit = (studentId: string, sectionId: string, n: number | null): Seat => ({
  studentId,
  sectionId,
  requestId: n === null ? null : `${studentId}/${n}`,
  alternate: 0,
});
const told = (sections: readonly Section[], students: readonly Student[], seats: readonly Seat[], more: Partial<School> = {}) => {
  const school = schoolOf(sections, students, more);
  return explainUnmet(school, placedAsTold(school), seats).map(({ requestId, code, reason, repair }) => [
    requestId,
    code,
    reason,
    repair?.words ?? null,
  ]);
};
const art = (slot: string, seats = 9, more: Partial<Section> = {}) => section(`ART-${slot}`, 'ART', [slot], seats, more);
const english = (slot: string, seats = 9) => section(`ENG-${slot}`, 'ENG', [slot], seats);

describe('why a request was missed', () => {
  test('not offered; for another team; only when the student is released', () => {
    const sections = [section('TEAM-1', 'TEAM', ['1'], 9, { team: 'red' }), art('2')];
    expect(told(sections, [student('ann', ['LATIN', 'TEAM', 'ART'], { released: ['2'] })], [])).toEqual([
      ['ann/1', 'NOT_OFFERED', 'LATIN is not offered: no section with seats is placed.', null],
      ['ann/2', 'OTHER_TEAM', 'All sections of TEAM are for other teams or tracks.', null],
      ['ann/3', 'RELEASED_SLOT', 'ART meets only when the student is released: 2.', null],
    ]);
  });

  test('a conflict names the class in the way, and moving that class is the repair', () => {
    const sections = [art('1'), english('1'), english('2'), section('PE-3', 'PE', ['3'], 9)];
    expect(told(sections, [student('ann', ['ENG', 'ART'])], [sit('ann', 'ENG-1', 1)])).toEqual([
      [
        'ann/2',
        'TIME_CONFLICT',
        'ART meets only in 1, when the student has ENG (ENG-1).',
        'Move ENG (ENG-1) to ENG (ENG-2) in 2: then ART (ART-1) is free.',
      ],
    ]);
  });

  test('an alternate that has a seat is the cheapest repair', () => {
    const sections = [art('1'), english('1'), section('PE-3', 'PE', ['3'], 9)];
    const [[, code, , repair]] = told(sections, [student('ann', ['ENG', 'ART|PE'])], [sit('ann', 'ENG-1', 1)]) as [string[]];
    expect([code, repair]).toEqual(['TIME_CONFLICT', 'Take the alternate PE (PE-3) in 3.']);
  });

  test('a section could meet at another time: the one with the fewest conflicts is named', () => {
    const possible = [['1'], ['2'], ['3']];
    const sections = [art('1', 9, { possible }), english('1'), section('PE-2', 'PE', ['2'], 9), section('PE-3', 'PE', ['3'], 9)];
    const students = [student('ann', ['ENG', 'ART']), student('bo', ['ART', 'PE'])];
    expect(told(sections, students, [sit('ann', 'ENG-1', 1), sit('bo', 'ART-1', 1), sit('bo', 'PE-2', 2)])).toEqual([
      [
        'ann/2',
        'TIME_CONFLICT',
        'ART meets only in 1, when the student has ENG (ENG-1).',
        'Move ART (ART-1) to 3: 0 of its students have another class then.',
      ],
    ]);
  });

  test('full sections, and seats that are kept for others', () => {
    const students = [student('ann', ['ART']), student('bo', ['ART'])];
    expect(told([art('1', 1)], students, [sit('bo', 'ART-1', 1)])).toEqual([
      ['ann/1', 'SECTIONS_FULL', 'Full: ART (ART-1) in 1.', 'One seat more in ART (ART-1) in 1.'],
    ]);
    const kept = art('1', 2, { reservations: [{ program: 'EL', seats: 1 }] });
    expect(told([kept], students, [sit('bo', 'ART-1', 1)])[0]!.slice(1, 3)).toEqual([
      'SEATS_RESERVED',
      'The seats left in ART (ART-1) are kept for EL.',
    ]);
  });

  test('more requests than slots; and a seat that was overlooked', () => {
    const students = [student('ann', ['ENG', 'ART', 'PE'])];
    const sections = [art('1'), english('2'), section('PE-1', 'PE', ['1'], 9)];
    expect(told(sections, students, [sit('ann', 'ART-1', 2), sit('ann', 'ENG-2', 1)])[0]![1]).toBe('MORE_THAN_FITS');
    expect(told(sections, students, [sit('ann', 'ART-1', 2)])[0]).toEqual([
      'ann/1',
      'COULD_BE_SEATED',
      'ENG (ENG-2) has a seat and meets when the student is free.',
      'Seat ENG (ENG-2) in 2.',
    ]);
  });

  test('every request without a seat is explained, and what a repair promises is sound', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const school = oddSchool(randomFrom(seed), { slots: 6, courses: 6, students: 14, requests: 5 });
      const placed = placedAsTold(school);
      const { seats, unmet } = loadStudents(school, placed, { seed, steps: 20, now: () => 0 });
      const explained = explainUnmet(school, placed, seats);
      expect(explained.length).toBe(unmet);
      for (const { studentId, requestId, repair } of explained) {
        if (repair?.kind !== 'SEAT' && repair?.kind !== 'MOVE_OTHER') continue;
        const moved = seats.map((seat) =>
          repair.kind === 'MOVE_OTHER' && seat.studentId === studentId && seat.sectionId === repair.fromSectionId
            ? { ...seat, sectionId: repair.toSectionId }
            : seat,
        );
        const { link, courseId } = school.sections.find(({ id }) => id === repair.sectionId)!;
        if (link !== null) continue;
        const { courseId: asked, alternates } = school.students
          .find(({ id }) => id === studentId)!
          .requests.find(({ id }) => id === requestId)!;
        const seat = { studentId, sectionId: repair.sectionId, requestId, alternate: [asked, ...alternates].indexOf(courseId) };
        expect({ seed, requestId, repair, wrong: wrongWith(school, [...moved, seat]) }).toEqual({ seed, requestId, repair, wrong: [] });
      }
    }
  });
});
