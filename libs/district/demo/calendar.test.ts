import { expect, test } from '@jest/globals';
import { dayOfWeek } from '@rollbook/school';
import { bellSchedules, easter, holidays, nthWeekday, schoolCalendar, schoolYear } from './calendar.ts';
import { schoolsOf } from './schools.ts';

test('Easter falls where the almanac says', () => {
  expect([2000, 2019, 2024, 2025, 2026, 2027, 2038].map(easter)).toEqual([
    '2000-04-23',
    '2019-04-21',
    '2024-03-31',
    '2025-04-20',
    '2026-04-05',
    '2027-03-28',
    '2038-04-25',
  ]);
});

test('movable holidays are the nth weekday, or the last, of their month', () => {
  expect(nthWeekday(2026, 11, 'THURSDAY', 4)).toBe('2026-11-26');
  expect(nthWeekday(2027, 5, 'MONDAY', -1)).toBe('2027-05-31');
  expect(nthWeekday(2026, 12, 'THURSDAY', -1)).toBe('2026-12-31');
  expect(holidays(2027).get('2026-09-07')).toBe('Labor Day');
  expect(holidays(2027).get('2026-11-26')).toBe('Thanksgiving Day');
  expect(holidays(2027).get('2027-01-18')).toBe('Martin Luther King Jr. Day');
});

test('a holiday on a weekend is kept on the nearest weekday', () => {
  expect(holidays(2029).get('2028-11-10')).toBe('Veterans Day'); // 11 November 2028 is a Saturday
  expect(holidays(2030).get('2029-11-12')).toBe('Veterans Day'); // 11 November 2029 is a Sunday
});

test.each(Array.from({ length: 30 }, (_, i) => 2020 + i))(
  'the school year %i has 180 school days, none of them a holiday or on a weekend, and its terms divide it',
  (ending) => {
    const year = schoolYear(ending);
    const off = holidays(ending);
    expect(year.schoolDays).toHaveLength(180);
    for (const { date } of year.schoolDays) {
      expect(off.has(date)).toBe(false);
      expect(['SATURDAY', 'SUNDAY']).not.toContain(dayOfWeek(date));
      for (const terms of [year.semesters, year.gradingPeriods])
        expect(terms.filter(({ start, end }) => start <= date && date < end)).toHaveLength(1);
    }
    expect(year.semesters[0].end <= `${ending - 1}-12-25` && year.semesters[1].start >= `${ending}-01-01`).toBe(true);
    expect(year.term.start >= `${ending - 1}-08-01` && year.term.end <= `${ending}-06-20`).toBe(true);
    for (const { start, end } of year.gradingPeriods) {
      const days = year.schoolDays.filter(({ date }) => start <= date && date < end).length;
      expect(days).toBeGreaterThan(38);
    }
  },
);

test('bells of a school follow each other, never overlap, hold every period, and end in the afternoon', () => {
  for (const school of schoolsOf(40, 9)) {
    for (const { name, periods } of bellSchedules(school)) {
      expect(periods.filter(({ label }) => school.periods.includes(label)).map(({ label }) => label)).toEqual(school.periods);
      periods.forEach(({ startTime, endTime }, index) => {
        expect(startTime < endTime).toBe(true);
        if (index) expect(periods[index - 1]!.endTime <= startTime).toBe(true);
      });
      expect(periods.at(-1)!.endTime < (name === 'Minimum day' ? '14:00' : '16:00')).toBe(true);
    }
  }
});

test('days with students name a bell schedule that the school has; other days name none', () => {
  const year = schoolYear(2027);
  for (const school of schoolsOf(3, 1)) {
    const names = new Set<string>(bellSchedules(school).map(({ name }) => name));
    const days = [...schoolCalendar(school, year)];
    for (const { kind, bellSchedule } of days) {
      if (kind === 'HOLIDAY' || kind === 'STUDENT_FREE') expect(bellSchedule).toBeNull();
      else expect(names).toContain(bellSchedule);
    }
    expect(days.filter(({ bellSchedule }) => bellSchedule === 'Rally').length > 0).toBe(school.level !== 'elementary');
  }
});
