import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { administrator, clerk, counselor, id, north, openSchools, openSection, principal, southPrincipal, teacher } from '../testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openSchools();
});
afterAll(() => service.close());

const setBells =
  'mutation ($input: SetBellScheduleInput!) { setBellSchedule(input: $input) { id times { label startsAt endsAt period { name } } } }';
const use = 'mutation ($input: UseBellScheduleInput!) { useBellSchedule(input: $input) { weekday dayLabel begins ends } }';
const setPeriods = 'mutation ($input: SetPeriodsInput!) { setPeriods(input: $input) { name sortOrder } }';

const bells = (name: string, times: object[], schoolId = north) =>
  service.data(principal, setBells, { input: { schoolId, name, times } }).then((data) => data.setBellSchedule);
const at = (startsAt: string, endsAt: string, period: string, label?: string) => ({ startsAt, endsAt, period, label });

describe('a bell schedule', () => {
  test('has lunch beside periods, two periods in one block, and a period twice a day', async () => {
    const { times } = await bells('Block', [
      at('08:30', '10:00', '1', '1/2'),
      at('08:30', '10:00', '2', '1/2'),
      { startsAt: '10:00', endsAt: '10:15', label: 'Brunch' },
      at('10:15', '11:00', '3'),
      at('14:00', '14:45', '3'),
    ]);
    expect(times).toHaveLength(5);
    expect(times[2]).toEqual({ label: 'Brunch', startsAt: '10:00', endsAt: '10:15', period: null });
    expect(times[4]).toEqual({ label: '3', startsAt: '14:00', endsAt: '14:45', period: { name: '3' } });
  });

  test('set again is replaced as a whole, and what it was is history', async () => {
    const first = await bells('Short', [at('08:00', '08:30', '1'), at('08:35', '09:00', '2')]);
    const second = await bells('Short', [at('09:00', '09:30', '1')]);
    expect(second.id).toBe(first.id);
    expect(second.times).toHaveLength(1);
    expect(await service.sql(`select 1 from history where table_name = 'bell_schedule_time' and operation = 'DELETE'`)).toHaveLength(2);
    const twenty = await Promise.all(Array.from({ length: 20 }, (_, n) => bells('Rally', [at('08:00', `08:${10 + n}`, '1')])));
    expect(new Set(twenty.map((schedule) => schedule.id)).size).toBe(1);
    expect(
      await service.sql(`select 1 from bell_schedule_time t join bell_schedule b on b.id = bell_schedule_id where b.name = 'Rally'`),
    ).toHaveLength(1);
  });

  test('with times that cannot be is refused by name, and nothing is kept', async () => {
    for (const [times, code] of [
      [[at('8:05', '09:00', '1')], 'TIME_INVALID'],
      [[at('09:00', '08:00', '1')], 'TIMES_REVERSED'],
      [[{ startsAt: '08:00', endsAt: '09:00' }], 'BAD_USER_INPUT'],
      [[at('08:00', '09:00', '9')], 'PERIOD_UNKNOWN'],
      [[at('08:00', '09:00', '1'), at('08:30', '09:30', '1')], 'PERIOD_TWICE_AT_A_TIME'],
    ] as const)
      expect(await service.code(principal, setBells, { input: { schoolId: north, name: 'Wrong', times } })).toBe(code);
    expect(await service.sql(`select 1 from bell_schedule where name = 'Wrong'`)).toEqual([]);
    expect(await service.code(principal, setPeriods, { input: { schoolId: north, names: ['1', '1'] } })).toBe('PERIOD_TWICE');
  });

  test('is kept by principal and counselor of the school', async () => {
    const input = { schoolId: north, name: 'Mine', times: [] };
    expect(await service.code(southPrincipal, setBells, { input })).toBe('NOT_FOUND');
    expect(await service.code(clerk, setBells, { input })).toBe('FORBIDDEN');
    expect(await service.code(teacher, setBells, { input })).toBe('FORBIDDEN');
    expect((await service.data(counselor, setBells, { input })).setBellSchedule.times).toEqual([]);
  });
});

describe('the kind of day', () => {
  test('is the date’s own, else that of its place in the rotation, else that of its weekday, as the rules were on that day', async () => {
    const [regular, late, blockA, finals] = [
      await bells('Regular', [at('08:00', '08:50', '1'), at('09:00', '09:50', '2')]),
      await bells('Late start', [at('09:00', '09:40', '1'), at('09:45', '10:20', '2')]),
      await bells('Block A', [at('08:00', '09:30', '1')]),
      await bells('Finals', [at('08:00', '10:00', '2')]),
    ];
    const rule = (bellScheduleId: string, more: object) =>
      service.data(principal, use, { input: { bellScheduleId, begins: '2026-08-17', ...more } });
    for (const weekday of ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY']) await rule(regular.id, { weekday });
    await rule(late.id, { weekday: 'WEDNESDAY', begins: '2026-11-01' });
    await rule(blockA.id, { dayLabel: 'A' });
    expect(await service.code(principal, use, { input: { bellScheduleId: late.id, weekday: 'WEDNESDAY', begins: '2026-10-01' } })).toBe(
      'LATER_RULE_EXISTS',
    );
    expect(await service.code(principal, use, { input: { bellScheduleId: late.id, begins: '2026-10-01' } })).toBe('BAD_USER_INPUT');

    const { addCalendar: calendar } = await service.data(
      principal,
      'mutation ($input: AddCalendarInput!) { addCalendar(input: $input) { id } }',
      {
        input: { schoolId: north, schoolYear: 2027, title: '2026-27', begins: '2026-08-17', ends: '2027-06-12' },
      },
    );
    const dates = [
      { date: '2026-10-05', kind: 'INSTRUCTIONAL' },
      { date: '2026-10-06', kind: 'INSTRUCTIONAL', dayLabel: 'A' },
      { date: '2026-10-07', kind: 'INSTRUCTIONAL', dayLabel: 'B' },
      { date: '2026-10-08', kind: 'MINIMUM_DAY', dayLabel: 'A', bellScheduleId: finals.id },
      { date: '2026-10-09', kind: 'HOLIDAY' },
      { date: '2026-11-04', kind: 'INSTRUCTIONAL' },
    ];
    await service.data(principal, 'mutation ($input: SetCalendarDatesInput!) { setCalendarDates(input: $input) { id } }', {
      input: { calendarId: calendar.id, dates },
    });
    const section = await openSection(service);
    await service.data(principal, 'mutation ($input: SetMeetingsInput!) { setMeetings(input: $input) { id } }', {
      input: {
        sectionId: section,
        begins: '2026-08-17',
        meetings: [{ periodId: id('period', 1) }, { periodId: id('period', 2), days: ['B', 'THURSDAY'] }],
      },
    });
    const day = `query ($id: ID!, $on: Date!) { section(id: $id) { meetings(on: $on) { period { name } startsAt endsAt } school { bellScheduleOn(date: $on) { name } } } }`;
    const meets = async (on: string) => {
      const { section: found } = await service.data(teacher, day, { id: section, on });
      return [
        found.school.bellScheduleOn?.name ?? null,
        ...found.meetings.map((m: { period: { name: string }; startsAt: string }) => `${m.period.name} ${m.startsAt}`),
      ];
    };
    expect(await meets('2026-10-05')).toEqual(['Regular', '1 08:00']);
    expect(await meets('2026-10-06')).toEqual(['Block A', '1 08:00']);
    expect(await meets('2026-10-07')).toEqual(['Regular', '1 08:00', '2 09:00']);
    expect(await meets('2026-10-08')).toEqual(['Finals', '2 08:00']);
    expect(await meets('2026-10-09')).toEqual([null]);
    expect(await meets('2026-11-04')).toEqual(['Late start', '1 09:00']);
    // Inside a calendar, a day that is not listed is no school day.
    expect(await meets('2026-11-05')).toEqual([null]);
  });
});

const fixtures = process.env['ROLLBOOK_FIXTURES'] ?? join(import.meta.dirname, '../../../../shared/data');
const realSchools = join(fixtures, 'schools/bell-schedules.json');
const describeReal = existsSync(realSchools) ? describe : describe.skip;

interface RealSchool {
  id: string;
  name: string;
  periods: string[];
  week: Record<string, string>;
  schedules: Record<string, { name: string; rows: { start: string; label: string }[] }>;
  special: { date: string; schedule: string; note?: string }[];
}

/** What is between two bells: each row lasts until the next; a block of two periods is two entries. What has no length is left out. */
function timesOf(rows: RealSchool['schedules'][string]['rows'], periods: readonly string[]) {
  return rows.flatMap(({ start, label }, n) => {
    const end = rows[n + 1]?.start ?? '23:59';
    if (end <= start) return [];
    const plain = label.replaceAll(/[{}]/g, '');
    const named = label.startsWith('Passing')
      ? []
      : [...label.matchAll(/\{([^}]*)\}/g)].map((match) => match[1]!).filter((name) => periods.includes(name));
    return (named.length ? [...new Set(named)] : [undefined]).map((period) => ({
      startsAt: start,
      endsAt: end,
      label: plain || 'Free',
      period,
    }));
  });
}

const isoOf = (date: string) => `${date.slice(6)}-${date.slice(0, 2)}-${date.slice(3, 5)}`;

describeReal(`bell schedules of real schools (skipped without ${realSchools})`, () => {
  test('fit: every kind of day, every period, every special date', async () => {
    const schools = JSON.parse(readFileSync(realSchools, 'utf8')) as RealSchool[];
    expect(schools.length).toBe(104);
    let kinds = 0;
    let dates = 0;
    for (const [n, school] of schools.entries()) {
      const schoolId = id('real', n);
      await service.hear('student', 'SchoolChanged', {
        id: schoolId,
        districtId: id('district', 1),
        name: school.name,
        timeZone: 'America/Los_Angeles',
      });
      await service.data(administrator, setPeriods, { input: { schoolId, names: [...new Set(school.periods)] } });
      const ids = new Map<string, string>();
      for (const [key, { rows }] of Object.entries(school.schedules)) {
        const times = timesOf(rows, school.periods);
        const { setBellSchedule: set } = await service.data(administrator, setBells, { input: { schoolId, name: key, times } });
        expect(set.times).toHaveLength(times.length);
        ids.set(key, set.id);
        kinds++;
      }
      const byYear = Map.groupBy(
        school.special.flatMap(({ date, schedule, note }) =>
          date.includes('-') || !ids.has(schedule) ? [] : [{ date: isoOf(date), schedule, note: note ?? null }],
        ),
        ({ date }) => Number(date.slice(0, 4)) + (date.slice(5) >= '07-01' ? 1 : 0),
      );
      for (const [schoolYear, special] of byYear) {
        const { addCalendar: calendar } = await service.data(
          administrator,
          'mutation ($input: AddCalendarInput!) { addCalendar(input: $input) { id } }',
          {
            input: { schoolId, schoolYear, title: String(schoolYear), begins: `${schoolYear - 1}-07-01`, ends: `${schoolYear}-07-01` },
          },
        );
        const unique = [...new Map(special.map((day) => [day.date, day])).values()];
        await service.data(administrator, 'mutation ($input: SetCalendarDatesInput!) { setCalendarDates(input: $input) { id } }', {
          input: {
            calendarId: calendar.id,
            dates: unique.map(({ date, schedule, note }) => ({
              date,
              note,
              bellScheduleId: ids.get(schedule),
              kind: schedule === 'holiday' ? 'HOLIDAY' : 'INSTRUCTIONAL',
            })),
          },
        });
        dates += unique.length;
      }
    }
    expect(kinds).toBe(690);
    expect(dates).toBeGreaterThan(1_500);
  }, 120_000);
});
