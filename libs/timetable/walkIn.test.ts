import { describe, expect, test } from '@jest/globals';
import { loadStudents } from './load.ts';
import { randomFrom } from './random.ts';
import { oddSchool, placedAsTold, schoolOf, section, student } from './smallSchools.ts';
import { wrongWith } from './soundSeats.ts';
import { walkIn } from './walkIn.ts';

describe('a student who comes during the year', () => {
  test('gets a schedule that breaks no rule beside all who sit already, and so is every alternative', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const school = oddSchool(randomFrom(seed), { slots: 6, courses: 6, students: 12, requests: 4 });
      const [newcomer, ...others] = school.students;
      const placed = placedAsTold(school);
      const { seats } = loadStudents({ ...school, students: others }, placed, { seed, steps: 50, now: () => 0 });
      const { best, bound, perSlot } = walkIn(school, placed, seats, newcomer!);
      expect(best.value).toBeLessThanOrEqual(bound);
      for (const possible of [best, ...perSlot.flatMap(({ alternatives }) => alternatives)]) {
        const before = wrongWith(school, seats).filter((one) => !one.startsWith(`${newcomer!.id} `));
        const after = wrongWith(school, [...seats, ...possible.seats]).filter((one) => !newcomer!.locked.some((id) => one.startsWith(id)));
        expect({ seed, wrong: after.filter((one) => !before.includes(one)) }).toEqual({ seed, wrong: [] });
        expect(possible.value).toBeLessThanOrEqual(best.value);
      }
    }
  });

  test('sees in each slot the sections asked for that have seats, with the best schedule around each', () => {
    const sections = [
      section('ENG-1', 'ENG', ['1'], 2),
      section('ENG-2', 'ENG', ['2'], 5),
      section('ART-1', 'ART', ['1'], 9),
      section('ART-2', 'ART', ['2'], 1),
      section('PE-2', 'PE', ['2'], 9),
    ];
    const school = schoolOf(sections, [student('ann', ['ART'])]);
    const taken = [{ studentId: 'ann', sectionId: 'ART-2', requestId: 'ann/1', alternate: 0 }];
    const { best, perSlot } = walkIn(school, placedAsTold(school), taken, student('bo', ['ENG', 'ART|PE']));
    expect(best.seats.map(({ sectionId }) => sectionId)).toEqual(['ENG-2', 'ART-1']);
    const seen = perSlot.map(({ slotId, alternatives }) => [
      slotId,
      ...alternatives.map(({ sectionId, value, seatsLeft }) => `${sectionId} ${value} ${seatsLeft}`),
    ]);
    expect(seen).toEqual([
      ['1', 'ART-1 2000 9', 'ENG-1 1600 2'],
      ['2', 'ENG-2 2000 5', 'PE-2 1600 9'],
    ]);
  });

  test('what-ifs: with a slot free, or with a section that is liked', () => {
    const sections = [section('ENG-1', 'ENG', ['1'], 2), section('ENG-2', 'ENG', ['2'], 5), section('ART-1', 'ART', ['1'], 9)];
    const school = schoolOf(sections, []);
    const unmet = (more: object) => walkIn(school, placedAsTold(school), [], student('bo', ['ENG', 'ART'], more)).best.unmet;
    expect(unmet({})).toEqual([]);
    expect(unmet({ released: ['2'] })).toEqual(['bo/2']);
    expect(unmet({ locked: ['ENG-1'] })).toEqual(['bo/2']);
    expect(() => unmet({ locked: ['ENG-1', 'ART-1'] })).toThrow('bo is locked in ENG-1 and ART-1, which meet at the same time.');
  });
});
