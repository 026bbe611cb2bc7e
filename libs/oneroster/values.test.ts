import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { columnsOf } from './columns.ts';
import type { FileName } from './columns.ts';
import { flawOf } from './values.ts';

const column = (file: FileName, name: string) => columnsOf('1.2', file).find((one) => one.name === name)!;
const codeOf = (file: FileName, name: string, value: string) => flawOf(column(file, name), value, '1.2')?.code;

describe('a date', () => {
  const twoDigits = (number: number) => String(number).padStart(2, '0');

  test('is one that the calendar has', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1582, max: 9999 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, day) => {
          const written = `${year}-${twoDigits(month)}-${twoDigits(day)}`;
          const time = new Date(`${written}T00:00:00Z`);
          const isReal = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(written);
          expect(codeOf('demographics', 'birthDate', written)).toBe(isReal ? undefined : 'row.invalid_date');
        },
      ),
    );
  });

  for (const [day, flaw] of [
    ['2024-02-29', undefined],
    ['2023-02-29', 'row.invalid_date'],
    ['1900-02-29', 'row.invalid_date'],
    ['2000-02-29', undefined],
    ['2026-8-15', 'row.invalid_date'],
    ['2026-08-15T00:00:00Z', 'row.invalid_date'],
  ] as const) {
    test(`${day} is ${flaw ? 'not one' : 'one'}`, () => expect(codeOf('demographics', 'birthDate', day)).toBe(flaw));
  }
});

describe('the letter of the standard', () => {
  const cases: [file: FileName, column: string, good: string[], bad: string[], code: string][] = [
    ['users', 'sourcedId', ['a', '0/a.b@c_d-E', 'x'.repeat(255)], ['a b', 'a:b', 'é', 'x'.repeat(256)], 'row.invalid_guid'],
    ['users', 'agentSourcedIds', ['a', 'a,b'], ['a, b', 'a;b'], 'row.invalid_guid'],
    ['users', 'grades', ['KG', '09,10'], ['09,', ',', '09,,10', '09, ,10'], 'row.invalid_list'],
    ['users', 'enabledUser', ['true', 'false'], ['TRUE', '1', 'yes', ' true'], 'row.invalid_boolean'],
    ['academicSessions', 'schoolYear', ['2027'], ['27', '2026-2027', '20270'], 'row.invalid_year'],
    ['categories', 'weight', ['0', '100', '-5'], ['20.0', '1e2', '٣'], 'row.invalid_integer'],
    ['results', 'score', ['0', '95.5', '-3'], ['.5', '95,5', '1e2', 'NaN', 'Infinity', '0x10'], 'row.invalid_float'],
    ['results', 'scoreStatus', ['fully graded', 'ext:late'], ['Fully graded', 'graded', 'ext:'], 'row.invalid_enum'],
    ['users', 'status', ['active', 'tobedeleted'], ['inactive', 'ext:active'], 'row.invalid_enum'],
    [
      'users',
      'dateLastModified',
      ['2026-08-15T23:59:59.999Z'],
      ['2026-08-15', '2026-08-15T24:00:00.000Z', '2026-08-15T10:00:00Z'],
      'row.invalid_datetime',
    ],
  ];
  for (const [file, name, good, bad, code] of cases) {
    test(`for ${file}.${name}`, () => {
      for (const value of good) expect([value, codeOf(file, name, value)]).toEqual([value, undefined]);
      for (const value of bad) expect([value, codeOf(file, name, value)]).toEqual([value, code]);
    });
  }

  test('sets text no bounds', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(codeOf('users', 'givenName', text)).toBeUndefined()));
  });
});
