import { expect, test } from '@jest/globals';
import { addDays, dayOfWeek, isDate, schoolYearOf, todayIn } from './index.ts';

test('a date is a day that exists', () => {
  expect(['2028-02-29', '2027-02-29', '2026-13-01', '2026-1-1', '2026-04-31', '', null].map(isDate)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});
test('adding days crosses months, leap days and the nights the clocks change', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-10-31', 2)).toBe('2026-11-02');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
});
test('the weekday of a date does not depend on the machine', () => expect(dayOfWeek('2026-11-21')).toBe('SATURDAY'));
test('it is still yesterday in Los Angeles when UTC has turned', () => {
  expect(todayIn('America/Los_Angeles', new Date('2026-11-21T05:00:00Z'))).toBe('2026-11-20');
  expect(todayIn('America/New_York', new Date('2026-11-21T05:00:00Z'))).toBe('2026-11-21');
});
test('a school year is named by the year it ends in', () => {
  expect([schoolYearOf('2026-06-30'), schoolYearOf('2026-07-01'), schoolYearOf('2027-06-30')]).toEqual([2026, 2027, 2027]);
});
