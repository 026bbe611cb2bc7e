import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

/** What the student service tells of a school, kept here. */
export const School = defineEntity({
  name: 'School',
  tableName: 'school',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    timeZone: p.text(),
  },
});

export const AcademicSession = defineEntity({
  name: 'AcademicSession',
  tableName: 'academic_session',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    title: p.text(),
    type: p.text(),
    schoolYear: p.integer(),
    begins: p.date(),
    ends: p.date(),
    parentId: p.uuid().nullable(),
    source: p.text().nullable(),
    sourcedId: p.text().nullable(),
    ...recorded,
  },
});

export const Calendar = defineEntity({
  name: 'Calendar',
  tableName: 'calendar',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    schoolYear: p.integer(),
    track: p.text().default(''),
    title: p.text(),
    begins: p.date(),
    ends: p.date(),
    ...recorded,
  },
});

export const CalendarDate = defineEntity({
  name: 'CalendarDate',
  tableName: 'calendar_date',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    calendarId: p.uuid(),
    schoolId: p.uuid(),
    track: p.text(),
    date: p.date(),
    kind: p.text(),
    dayLabel: p.text().nullable(),
    bellScheduleId: p.uuid().nullable(),
    note: p.text().nullable(),
    ...recorded,
  },
});

export interface SchoolRow {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
}

export type SessionType = 'SCHOOL_YEAR' | 'SEMESTER' | 'TERM' | 'GRADING_PERIOD';

export interface SessionRow {
  readonly id: string;
  readonly title: string;
  readonly type: SessionType;
  readonly schoolYear: number;
  readonly begins: string;
  readonly ends: string;
  readonly parentId: string | null;
}

export interface CalendarRow {
  readonly id: string;
  readonly schoolId: string;
  readonly schoolYear: number;
  readonly track: string;
  readonly title: string;
  readonly begins: string;
  readonly ends: string;
}

export type DayKind = 'INSTRUCTIONAL' | 'HOLIDAY' | 'STUDENT_FREE' | 'MINIMUM_DAY' | 'EMERGENCY';

export interface CalendarDateRow {
  readonly calendarId: string;
  readonly date: string;
  readonly kind: DayKind;
  readonly dayLabel: string | null;
  readonly bellScheduleId: string | null;
  readonly note: string | null;
}
