import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { administrator, clerk, counselor, id, north, openSchools, principal, south, southPrincipal, teacher, vendor } from '../testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openSchools();
});
afterAll(() => service.close());

const addGradingPeriod = 'mutation ($input: AddGradingPeriodInput!) { addGradingPeriod(input: $input) { id schoolYear parent { title } } }';
const addCalendar = 'mutation ($input: AddCalendarInput!) { addCalendar(input: $input) { id track } }';
const setDates = 'mutation ($input: SetCalendarDatesInput!) { setCalendarDates(input: $input) { id } }';
const year = { schoolId: north, schoolYear: 2027, title: '2026-27', begins: '2026-08-17', ends: '2027-06-12' };

describe('sessions', () => {
  test('a grading period lies in its session, takes its school year, and grading is told', async () => {
    const input = { title: 'Q1', begins: '2026-08-17', ends: '2026-10-20', sessionId: id('session', 2) };
    const { addGradingPeriod: added } = await service.data(administrator, addGradingPeriod, { input });
    expect(added).toMatchObject({ schoolYear: 2027, parent: { title: 'Fall' } });
    expect((await service.told()).at(-1)).toMatchObject({
      type: 'GradingPeriodChanged',
      aggregate: added.id,
      payload: { id: added.id, schoolYear: 2027, title: 'Q1', begins: '2026-08-17', ends: '2026-10-20', sessionId: id('session', 2) },
    });
    for (const [more, code] of [
      [{ ends: '2027-02-01' }, 'OUTSIDE_PARENT'],
      [{ begins: '2026-10-20' }, 'DATES_REVERSED'],
      [{ sessionId: id('session', 99) }, 'PARENT_UNKNOWN'],
    ])
      expect(await service.code(administrator, addGradingPeriod, { input: { ...input, ...(more as object) } })).toBe(code);
    expect(await service.code(principal, addGradingPeriod, { input })).toBe('FORBIDDEN');
  });

  test('a school year is what its sessions make of it, and everybody may read it', async () => {
    const { schoolYears } = await service.data(vendor, '{ schoolYears { year begins ends sessions { title type } } }');
    expect(schoolYears[0]).toMatchObject({ year: 2027, begins: '2026-08-17', ends: '2027-06-12' });
    expect(schoolYears[0].sessions[0]).toEqual({ title: '2026-27', type: 'SCHOOL_YEAR' });
  });
});

describe('calendars', () => {
  test('a year-round school has one for each track; two for the same days are refused, also at the same moment', async () => {
    for (const track of ['A', 'B']) await service.data(principal, addCalendar, { input: { ...year, track } });
    expect(await service.code(principal, addCalendar, { input: { ...year, track: 'B', begins: '2027-06-11', ends: '2028-06-01' } })).toBe(
      'CALENDAR_OVERLAPS',
    );
    const tries = Array.from({ length: 20 }, () => service.ask(administrator, addCalendar, { input: { ...year, track: 'C' } }));
    expect((await Promise.all(tries)).filter(({ errors }) => !errors)).toHaveLength(1);
  });

  test('many days are set at once, all or none; setting the same again changes and tells nothing', async () => {
    const { addCalendar: calendar } = await service.data(clerk, addCalendar, { input: year });
    const dates = Array.from({ length: 200 }, (_, n) => {
      const date = new Date(Date.UTC(2026, 7, 17 + n)).toISOString().slice(0, 10);
      return { date, kind: n % 50 === 49 ? 'HOLIDAY' : 'INSTRUCTIONAL', dayLabel: n % 2 ? 'B' : 'A' };
    });
    await service.data(clerk, setDates, { input: { calendarId: calendar.id, dates } });
    const told = await service.told();
    expect(told.at(-1)).toMatchObject({ type: 'CalendarChanged', aggregate: calendar.id, payload: { schoolId: north, schoolYear: 2027 } });
    expect(told.at(-1)!.payload.days).toHaveLength(200);
    expect(told.at(-1)!.payload.days[49]).toEqual({ date: '2026-10-05', kind: 'HOLIDAY', dayLabel: 'B' });

    await service.data(clerk, setDates, { input: { calendarId: calendar.id, dates } });
    expect(await service.told()).toHaveLength(told.length);
    expect(await service.sql(`select 1 from history where table_name = 'calendar_date'`)).toEqual([]);

    await service.data(clerk, setDates, {
      input: { calendarId: calendar.id, dates: [{ date: '2026-10-05', kind: 'EMERGENCY', note: 'Smoke' }] },
    });
    expect((await service.told()).at(-1)!.payload.days[49]).toEqual({ date: '2026-10-05', kind: 'EMERGENCY', dayLabel: null });
    expect(await service.sql(`select before ->> 'kind' as kind from history where table_name = 'calendar_date'`)).toEqual([
      { kind: 'HOLIDAY' },
    ]);

    const {
      _entities: [found],
    } = (
      await service.entities(
        vendor,
        [{ __typename: 'Calendar', id: calendar.id }],
        '... on Calendar { dates(from: "2026-10-04", to: "2026-10-06") { nodes { date kind note } pageInfo { hasNextPage } } }',
      )
    ).data as { _entities: { dates: { nodes: object[] } }[] };
    expect(found!.dates.nodes).toEqual([
      { date: '2026-10-04', kind: 'INSTRUCTIONAL', note: null },
      { date: '2026-10-05', kind: 'EMERGENCY', note: 'Smoke' },
      { date: '2026-10-06', kind: 'INSTRUCTIONAL', note: null },
    ]);

    const day = { date: '2026-12-01', kind: 'HOLIDAY' };
    for (const [wrong, code] of [
      [[day, { ...day, kind: 'MINIMUM_DAY' }], 'DATE_TWICE'],
      [[day, { ...day, date: '2027-06-12' }], 'OUTSIDE_CALENDAR'],
      [[day, { ...day, date: '2026-12-02', bellScheduleId: id('bell', 1) }], 'BELL_SCHEDULE_UNKNOWN'],
      [Array.from({ length: 401 }, () => day), 'TOO_MANY_DATES'],
    ] as const)
      expect(await service.code(clerk, setDates, { input: { calendarId: calendar.id, dates: wrong } })).toBe(code);
    expect(await service.sql(`select kind from calendar_date where date = '2026-12-01'`)).toEqual([{ kind: 'INSTRUCTIONAL' }]);
  });

  test('only the office of the school keeps them; to another school they are not there', async () => {
    const [calendar] = await service.sql('select id from calendar limit 1');
    const input = { calendarId: calendar!['id'], dates: [] };
    expect(await service.code(southPrincipal, setDates, { input })).toBe('NOT_FOUND');
    expect(await service.code(teacher, setDates, { input })).toBe('FORBIDDEN');
    expect(await service.code(counselor, setDates, { input })).toBe('FORBIDDEN');
    expect(await service.code(southPrincipal, addCalendar, { input: year })).toBe('NOT_FOUND');
    expect(await service.code(administrator, addCalendar, { input: { ...year, schoolId: id('school', 3) } })).toBe('NOT_FOUND');
    expect(await service.code(principal, addCalendar, { input: { ...year, ends: year.begins } })).toBe('DATES_REVERSED');
    expect((await service.data(southPrincipal, addCalendar, { input: { ...year, schoolId: south } })).addCalendar.track).toBe('');
  });
});

test('row-level security alone keeps a principal from another school’s calendar', async () => {
  const open = await openSchools({ enforceAccess: false });
  try {
    await service.sql('select 1');
    await open.data(administrator, addCalendar, { input: year });
    await expect(
      open.database.transaction(southPrincipal, 'x', ({ query }) => query(`update calendar set title = 'mine' returning id`)),
    ).resolves.toEqual([]);
    await expect(
      open.database.transaction(southPrincipal, 'x', ({ query }) =>
        query(`insert into calendar (school_id, school_year, title, begins, ends) values ($1, 2030, 'x', '2029-08-01', '2030-06-01')`, [
          north,
        ]),
      ),
    ).rejects.toThrow(/row-level security/);
  } finally {
    await open.close();
  }
});
