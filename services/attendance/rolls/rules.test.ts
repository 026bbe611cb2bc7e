import { describe, expect, test } from '@jest/globals';
import { id, newSaveId, today } from '../testing.ts';
import type { EntryRow } from './entities.ts';
import { asColumns, checkSave, ofPeriod, rollId, stateOf } from './rules.ts';

const input = () => ({ saveId: newSaveId(), sectionId: id('section', 1), date: today, periodId: id('period', 1), baseRevision: 0 });
const entry = (said: Partial<EntryRow>) => said as EntryRow;

test('a roll has one id, and another roll another', () => {
  const one = rollId(id('section', 1), today, id('period', 1));
  expect(rollId(id('section', 1), today, id('period', 1))).toBe(one);
  expect(rollId(id('section', 1), today, id('period', 2))).not.toBe(one);
});

test('rows are the same save in whatever order they come', () => {
  const rows = [3, 1, 2].map((n) => ({ studentId: id('student', n), code: `${n}`, minutes: n }));
  expect(asColumns(rows)).toEqual(asColumns(rows.toReversed()));
  expect(asColumns(rows)).toMatchObject({ codes: ['1', '2', '3'], minutes: [1, 2, 3], comments: [null, null, null] });
});

describe('what is true of a student', () => {
  test('the office stands before the roll, and both are there', () => {
    expect(stateOf(entry({ takenState: 'ABSENT', takenCode: 'A', officeState: 'PRESENT', officeCode: null }))).toMatchObject({
      state: 'PRESENT',
      taken: { state: 'ABSENT', code: 'A' },
      office: { state: 'PRESENT' },
    });
  });
  test('silence is not submitted, never present', () =>
    expect(stateOf(undefined)).toMatchObject({ state: 'NOT_SUBMITTED', taken: null, office: null }));
});

test('without a period the only one is meant; of several, one must be named', () => {
  const two = [{ periodId: 'p1' }, { periodId: 'p2' }];
  expect(ofPeriod(two, 'p2')).toBe(two[1]);
  expect(ofPeriod(two.slice(1), null)).toBe(two[1]);
  expect(ofPeriod([], null)).toBeUndefined();
  expect(() => ofPeriod(two, null)).toThrow('several periods');
});

describe('a save that no school could mean is refused, and says what is wrong', () => {
  const row = { studentId: id('student', 1), code: 'A' };
  test.each([
    ['saveId', { saveId: '00000000-0000-4000-8000-000000000000' }, [], 'version 7'],
    ['sectionId', { sectionId: '__proto__' }, [], '"sectionId"'],
    ['base', { baseRevision: -1 }, [], '"baseRevision"'],
    ['rows', {}, [row, row], 'twice'],
    ['minutes', {}, [{ ...row, minutes: 1441 }], '"minutes"'],
    ['comment', {}, [{ ...row, comment: 'x'.repeat(2_001) }], '2001 characters'],
    ['client', { clientId: '\0' }, [], '"clientId"'],
  ] as const)('%s', (_, changes, rows, words) => expect(() => checkSave({ ...input(), ...changes }, rows)).toThrow(words));
  test('names of all kinds, emoji and right-to-left text are text', () =>
    expect(() => checkSave(input(), [{ ...row, comment: "O'Brien 🏫 שלום =HYPERLINK() '); drop table roll;--" }])).not.toThrow());
});
