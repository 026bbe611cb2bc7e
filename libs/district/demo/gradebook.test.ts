import { describe, expect, test } from '@jest/globals';
import { demoDistrict, type DemoOptions } from './district.ts';
import { expectNone } from './testing.ts';

const small: DemoOptions = { schools: 3, students: 600, seed: 1, today: '2026-11-21' };

describe('scores and marks', () => {
  test('only finished work has scores, within its range; marks follow from the percentage; the running quarter is not final', () => {
    // A school day, with so much work that some of it is due on the day itself.
    const today = '2026-11-20';
    const district = demoDistrict({ ...small, today, assignments: 12 });
    const work = new Map([...district.files.lineItems].map((item) => [item.sourcedId!, item]));
    expect([...work.values()].some(({ dueDate }) => dueDate === today)).toBe(true);
    expectNone(district.files.results, ({ lineItemSourcedId, score, scoreStatus, scoreDate }) => {
      const { dueDate, resultValueMax } = work.get(lineItemSourcedId!)!;
      const inTime = dueDate! < today && scoreDate! <= today && scoreDate! > dueDate!;
      const scored = scoreStatus === 'fully graded' ? Number(score) >= 0 && Number(score) <= Number(resultValueMax) : score === undefined;
      return !inTime || !scored;
    });
    expectNone(district.marks, ({ mark, percent }) => {
      return mark !== (percent >= 90 ? 'A' : percent >= 80 ? 'B' : percent >= 70 ? 'C' : percent >= 60 ? 'D' : 'F');
    });
    const periods = new Map<string, boolean>();
    for (const { gradingPeriodSourcedId, final } of district.marks) periods.set(gradingPeriodSourcedId, final);
    expect([...periods]).toEqual([
      ['quarter-2027-1', true],
      ['quarter-2027-2', false],
    ]);
  });

  test('before the first day of school there are no rolls, no scores and no marks', () => {
    const { rolls, marks, files } = demoDistrict({ ...small, today: '2026-07-20' });
    expect([...rolls, ...marks, ...files.results, ...files.lineItems]).toEqual([]);
    expect([...files.enrollments].length).toBeGreaterThan(4_000);
  });
});
