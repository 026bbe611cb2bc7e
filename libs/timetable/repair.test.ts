import { describe, expect, test } from '@jest/globals';
import { loadStudents } from './load.ts';
import { randomFrom } from './random.ts';
import { repairSection } from './repair.ts';
import { oddSchool, placedAsTold, schoolOf, section, student } from './smallSchools.ts';
import { valueOfSeats, wrongWith } from './soundSeats.ts';

const load = (school: Parameters<typeof placedAsTold>[0] & Parameters<typeof loadStudents>[0], seed = 1) =>
  loadStudents(school, placedAsTold(school), { seed, steps: 100, now: () => 0 }).seats;

describe('a section that is cancelled or moved during the year', () => {
  test('its students sit elsewhere, nobody else has less, nobody enters more than two classes, no rule is broken', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const random = randomFrom(seed);
      const school = oddSchool(random, { slots: 6, courses: 6, students: 14, requests: 5 });
      const seats = load(school, seed);
      if (seats.length === 0) continue;
      const { sectionId } = seats[random.below(seats.length)]!;
      const placement = random.unit() < 0.5 ? null : [school.slots[random.below(6)]!.id];
      const isLocked = school.students.some(({ locked }) => locked.includes(sectionId));
      const { link } = school.sections.find(({ id }) => id === sectionId)!;
      const sisters = school.sections.filter((one) => link !== null && one.link === link);
      if (isLocked || sisters.some((one) => one.id !== sectionId && one.placement!.some((slot) => placement?.includes(slot)))) continue;

      const { placed, seats: after, changes } = repairSection(school, placedAsTold(school), seats, { sectionId, placement });
      const changed = {
        ...school,
        sections: school.sections.flatMap((one) =>
          placed.filter((at) => at.sectionId === one.id).map((at) => ({ ...one, placement: at.placement })),
        ),
      };
      expect({ seed, wrong: wrongWith(changed, after) }).toEqual({ seed, wrong: [] });
      for (const { studentId, entered, value } of changes) {
        const own = (all: typeof seats) => all.filter((seat) => seat.studentId === studentId);
        const wasThere = own(seats).some((seat) => seat.sectionId === sectionId);
        expect({ seed, studentId, value }).toEqual({
          seed,
          studentId,
          value: valueOfSeats(school, own(after)) - valueOfSeats(school, own(seats)),
        });
        expect({ seed, studentId, entered: Math.max(2, entered.length) }).toEqual({ seed, studentId, entered: 2 });
        if (!wasThere) expect({ seed, studentId, value: Math.min(0, value) }).toEqual({ seed, studentId, value: 0 });
      }
    }
  });

  const periods = ['1', '2', '3', '4'];
  const comes = (id: string, ...to: string[]) => student(id, ['ENG'], { released: periods.filter((period) => !to.includes(period)) });

  test('others give way in a row, when they lose nothing by it', () => {
    const sections = [...periods.map((period) => section(`ENG-${period}`, 'ENG', [period], 1)), section('ENG-1b', 'ENG', ['1'], 1)];
    const school = schoolOf(sections, [comes('ann', '1', '2'), comes('bo', '2', '3'), comes('cy', '3', '4'), comes('dan', '1')]);
    const at = [
      ['ann', 'ENG-1'],
      ['bo', 'ENG-2'],
      ['cy', 'ENG-3'],
      ['dan', 'ENG-1b'],
    ] as const;
    const seats = at.map(([studentId, sectionId]) => ({ studentId, sectionId, requestId: `${studentId}/1`, alternate: 0 }));
    const { changes, lost } = repairSection(school, placedAsTold(school), seats, { sectionId: 'ENG-1b', placement: null });
    expect(lost).toEqual([]);
    expect(changes.map(({ studentId, entered }) => [studentId, ...entered])).toEqual([
      ['ann', 'ENG-2'],
      ['bo', 'ENG-3'],
      ['cy', 'ENG-4'],
      ['dan', 'ENG-1'],
    ]);
  });

  test('who sits in a moved section and is free then stays in it', () => {
    const sections = [section('ENG-1', 'ENG', ['1'], 9), section('ENG-3', 'ENG', ['3'], 9), section('ART-2', 'ART', ['2'], 9)];
    const school = schoolOf(sections, [student('ann', ['ENG']), student('bo', ['ENG', 'ART'])]);
    const seats = [
      ['ann', 'ENG-1', 1],
      ['bo', 'ENG-1', 1],
      ['bo', 'ART-2', 2],
    ].map(([studentId, sectionId, n]) => ({
      studentId: `${studentId}`,
      sectionId: `${sectionId}`,
      requestId: `${studentId}/${n}`,
      alternate: 0,
    }));
    const { changes, lost } = repairSection(school, placedAsTold(school), seats, { sectionId: 'ENG-1', placement: ['2'] });
    expect({ changes, lost }).toEqual({ changes: [{ studentId: 'bo', left: ['ENG-1'], entered: ['ENG-3'], value: 0 }], lost: [] });
  });

  test('what cannot be found again is told as lost', () => {
    const school = schoolOf([section('ART-1', 'ART', ['1'], 9), section('ENG-2', 'ENG', ['2'], 9)], [student('ann', ['ART', 'ENG'])]);
    const { lost, changes } = repairSection(school, placedAsTold(school), load(school), { sectionId: 'ART-1', placement: null });
    expect({ lost, changes }).toEqual({ lost: ['ann/1'], changes: [{ studentId: 'ann', left: ['ART-1'], entered: [], value: -1_000 }] });
  });

  test('an alternate is left when the course itself is free now', () => {
    const school = schoolOf(
      [section('CLUB-1', 'CLUB', ['1'], 9), section('FIRE-1', 'FIRE', ['1'], 9), section('WEB-2', 'WEB', ['2'], 9)],
      [student('ann', ['CLUB', 'FIRE|WEB'])],
    );
    const { seats } = repairSection(school, placedAsTold(school), load(school), { sectionId: 'CLUB-1', placement: null });
    expect(seats).toEqual([{ studentId: 'ann', sectionId: 'FIRE-1', requestId: 'ann/2', alternate: 0 }]);
  });

  test('a section that is not placed is refused by name', () => {
    expect(() => repairSection(schoolOf([], []), [], [], { sectionId: 'X', placement: null })).toThrow('Section X is not placed');
  });
});
