/** School years, holidays, sessions and bells of the demo district. */
import { addDays, dayOfWeek, isDate, schoolYearOf, type IsoDate, type Weekday } from '@rollbook/school';
import type { School } from './schools.ts';

export type DayKind = 'INSTRUCTIONAL' | 'HOLIDAY' | 'STUDENT_FREE' | 'MINIMUM_DAY';

/** One weekday of the district's year. */
export interface CalendarDay {
  date: IsoDate;
  weekday: Weekday;
  kind: DayKind;
  /** What the day is called, e.g. Labor Day; empty on an ordinary day. */
  name: string;
}

export interface Term {
  sourcedId: string;
  title: string;
  type: 'schoolYear' | 'semester' | 'gradingPeriod';
  parent: Term | undefined;
  /** First day. */
  start: IsoDate;
  /** The day after the last: OneRoster's end dates are exclusive. */
  end: IsoDate;
}

export interface SchoolYear {
  /** The year in which it ends. */
  year: number;
  days: readonly CalendarDay[];
  /** The days on which students come, in order. */
  schoolDays: readonly CalendarDay[];
  term: Term;
  semesters: readonly [Term, Term];
  gradingPeriods: readonly Term[];
}

/** California requires 180 days of instruction of a full-day school (Education Code 46200 and following). */
const instructionDays = 180;

/** The nth such weekday of a month; n = −1 is the last. */
export function nthWeekday(year: number, month: number, weekday: Weekday, n: number): IsoDate {
  if (n < 0) {
    let date = addDays(month === 12 ? iso(year + 1, 1, 1) : iso(year, month + 1, 1), -1);
    while (dayOfWeek(date) !== weekday) date = addDays(date, -1);
    return date;
  }
  let date = iso(year, month, 1);
  while (dayOfWeek(date) !== weekday) date = addDays(date, 1);
  return addDays(date, (n - 1) * 7);
}

const iso = (year: number, month: number, day: number): IsoDate =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** Easter Sunday of the Gregorian calendar, by the anonymous ("Meeus/Jones/Butcher") algorithm. */
export function easter(year: number): IsoDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return iso(year, Math.floor(sum / 31), (sum % 31) + 1);
}

/** A holiday on a Saturday is kept on Friday, one on a Sunday on Monday, as the federal government does. */
function observed(date: IsoDate): IsoDate {
  const weekday = dayOfWeek(date);
  return weekday === 'SATURDAY' ? addDays(date, -1) : weekday === 'SUNDAY' ? addDays(date, 1) : date;
}

/** Weekdays without school in the school year that ends in `year`: date → name. */
export function holidays(year: number): Map<IsoDate, string> {
  const off = new Map<IsoDate, string>();
  const range = (from: IsoDate, days: number, name: string) => {
    for (let i = 0; i < days; i++) off.set(addDays(from, i), name);
  };
  const thanksgiving = nthWeekday(year - 1, 11, 'THURSDAY', 4);
  range(addDays(thanksgiving, -3), 3, 'Thanksgiving break');
  off.set(thanksgiving, 'Thanksgiving Day');
  off.set(addDays(thanksgiving, 1), 'Day after Thanksgiving');
  let winter = iso(year - 1, 12, 25);
  while (dayOfWeek(winter) !== 'MONDAY') winter = addDays(winter, -1);
  range(winter, 12, 'Winter break');
  range(addDays(easter(year), -6), 5, 'Spring break');
  off.set(observed(iso(year - 1, 12, 25)), 'Christmas Day');
  off.set(observed(iso(year, 1, 1)), "New Year's Day");
  off.set(nthWeekday(year - 1, 9, 'MONDAY', 1), 'Labor Day');
  off.set(observed(iso(year - 1, 11, 11)), 'Veterans Day');
  off.set(nthWeekday(year, 1, 'MONDAY', 3), 'Martin Luther King Jr. Day');
  off.set(nthWeekday(year, 2, 'MONDAY', 3), "Presidents' Day");
  off.set(observed(iso(year, 3, 31)), 'César Chávez Day');
  off.set(nthWeekday(year, 5, 'MONDAY', -1), 'Memorial Day');
  off.set(observed(iso(year, 6, 19)), 'Juneteenth');
  return off;
}

/**
 * The district's calendar for the school year that ends in `year`: from the Thursday before the second full week of August, two days for staff
 * alone, then 180 days of instruction. The second and fourth Tuesday of a month and the last days of a semester are minimum days.
 */
export function schoolYear(year: number): SchoolYear {
  const off = holidays(year);
  const days: CalendarDay[] = [];
  const schoolDays: CalendarDay[] = [];
  const second = addDays(nthWeekday(year - 1, 8, 'MONDAY', 2), -4);
  const staffDays = new Set([second, addDays(second, 1), firstWeekdayAfterBreak(off, year), nthWeekday(year - 1, 10, 'FRIDAY', 2)]);
  for (let date = second; schoolDays.length < instructionDays; date = addDays(date, 1)) {
    const weekday = dayOfWeek(date);
    if (weekday === 'SATURDAY' || weekday === 'SUNDAY') continue;
    const holiday = off.get(date);
    const staffOnly = !holiday && staffDays.has(date);
    const short = weekday === 'TUESDAY' && Math.floor((Number(date.slice(8)) - 1) / 7) % 2 === 1;
    const kind = holiday ? 'HOLIDAY' : staffOnly ? 'STUDENT_FREE' : short ? 'MINIMUM_DAY' : 'INSTRUCTIONAL';
    const day: CalendarDay = { date, weekday, kind, name: holiday ?? (staffOnly ? 'Staff development day' : short ? 'Minimum day' : '') };
    days.push(day);
    if (kind === 'INSTRUCTIONAL' || kind === 'MINIMUM_DAY') schoolDays.push(day);
  }
  const winter = schoolDays.findIndex(({ date }) => date > iso(year - 1, 12, 31));
  for (const last of [winter, instructionDays]) {
    for (const day of schoolDays.slice(last - 3, last)) Object.assign(day, { kind: 'MINIMUM_DAY', name: 'Final examinations' });
  }
  return { year, days, schoolDays, ...terms(year, schoolDays, winter) };
}

function firstWeekdayAfterBreak(off: Map<IsoDate, string>, year: number): IsoDate {
  let date = iso(year, 1, 2);
  while (off.has(date) || dayOfWeek(date) === 'SATURDAY' || dayOfWeek(date) === 'SUNDAY') date = addDays(date, 1);
  return date;
}

/** Two semesters, divided by winter break, each of two quarters. */
function terms(year: number, schoolDays: readonly CalendarDay[], winter: number) {
  const starts = [0, Math.floor(winter / 2), winter, winter + Math.floor((schoolDays.length - winter) / 2)];
  const startOf = (index: number) => schoolDays[index]!.date;
  const end = addDays(schoolDays.at(-1)!.date, 1);
  const endOf = (index: number) => (index < schoolDays.length ? addDays(schoolDays[index - 1]!.date, 1) : end);
  const term: Term = {
    sourcedId: `year-${year}`,
    title: `${year - 1}-${String(year).slice(2)}`,
    type: 'schoolYear',
    parent: undefined,
    start: startOf(0),
    end,
  };
  const half = (number: 1 | 2): Term => ({
    sourcedId: `semester-${year}-${number}`,
    title: number === 1 ? 'Fall semester' : 'Spring semester',
    type: 'semester',
    parent: term,
    start: startOf(number === 1 ? 0 : winter),
    end: number === 1 ? endOf(winter) : end,
  });
  const semesters: [Term, Term] = [half(1), half(2)];
  const gradingPeriods = starts.map((from, index): Term => ({
    sourcedId: `quarter-${year}-${index + 1}`,
    title: `Quarter ${index + 1}`,
    type: 'gradingPeriod',
    parent: semesters[index < 2 ? 0 : 1],
    start: startOf(from),
    end: endOf(starts[index + 1] ?? schoolDays.length),
  }));
  return { term, semesters, gradingPeriods };
}

/** The school year a date belongs to, or a RangeError that names what is wrong with the date. */
export function yearOf(today: string): number {
  if (!isDate(today)) throw new RangeError(`today must be a day written YYYY-MM-DD, not ${JSON.stringify(today)}`);
  return schoolYearOf(today);
}

export interface BellPeriod {
  label: string;
  /** Local time, 24 hours, `08:30`. */
  startTime: string;
  endTime: string;
}
export type BellScheduleName = 'Regular day' | 'Minimum day' | 'Rally';
export interface BellSchedule {
  schoolSourcedId: string;
  name: BellScheduleName;
  periods: BellPeriod[];
}

const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

interface Pattern {
  minutes: number;
  passing: number;
  /** Minutes of lunch after the middle period; minimum days have none. */
  lunch: number;
  /** Minutes of an assembly before the third period. */
  rally: number;
}

/** The three kinds of day of a school. Homeroom takes fifteen minutes; lunch stands after half of the periods. */
export function bellSchedules(school: School): BellSchedule[] {
  const six = school.periods.filter((label) => label !== 'HR').length === 6;
  const passing = school.level === 'elementary' ? 0 : 6;
  const patterns: [BellScheduleName, Pattern][] = [
    ['Regular day', { minutes: six ? 56 : 48, passing, lunch: 40, rally: 0 }],
    ['Minimum day', { minutes: six ? 38 : 32, passing, lunch: 0, rally: 0 }],
    ['Rally', { minutes: six ? 48 : 41, passing, lunch: 40, rally: 45 }],
  ];
  return patterns.map(([name, pattern]) => ({ schoolSourcedId: school.sourcedId, name, periods: bells(school, pattern) }));
}

function bells(school: School, { minutes, passing, lunch, rally }: Pattern): BellPeriod[] {
  const periods: BellPeriod[] = [];
  let now = school.firstBell;
  const ring = (label: string, length: number) => {
    periods.push({ label, startTime: clock(now), endTime: clock(now + length) });
    now += length + passing;
  };
  const middle = Math.ceil(school.periods.filter((label) => label !== 'HR').length / 2);
  for (const label of school.periods) {
    if (label === '3' && rally) ring('Rally', rally);
    ring(label, label === 'HR' ? 15 : minutes);
    if (label === String(middle) && lunch) ring('Lunch', lunch);
  }
  return periods;
}

/** One day of a school's calendar; days without students have no bells. */
export interface SchoolCalendarDay {
  schoolSourcedId: string;
  date: IsoDate;
  kind: DayKind;
  name: string;
  bellSchedule: BellScheduleName | null;
}

/** A school's year: the district's calendar, with the Friday rallies of secondary schools (about one a month). */
export function* schoolCalendar(school: School, year: SchoolYear): Generator<SchoolCalendarDay> {
  for (const { date, weekday, kind, name } of year.days) {
    const thirdFriday = weekday === 'FRIDAY' && Math.floor((Number(date.slice(8)) - 1) / 7) === 2;
    const rally = kind === 'INSTRUCTIONAL' && thirdFriday && school.level !== 'elementary';
    const bellSchedule = kind === 'MINIMUM_DAY' ? 'Minimum day' : kind === 'INSTRUCTIONAL' ? (rally ? 'Rally' : 'Regular day') : null;
    yield { schoolSourcedId: school.sourcedId, date, kind, name: rally ? 'Rally' : name, bellSchedule };
  }
}
