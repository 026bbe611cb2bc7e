import { defineEntity, p } from '@mikro-orm/core';

/** What this service knows of a school: its name and what day it is there. */
export const School = defineEntity({
  name: 'School',
  tableName: 'school',
  properties: { id: p.uuid().primary(), name: p.text(), timeZone: p.text() },
});

export const Calendar = defineEntity({
  name: 'Calendar',
  tableName: 'calendar',
  properties: { id: p.uuid().primary(), schoolId: p.uuid(), schoolYear: p.integer() },
});

export const CalendarDay = defineEntity({
  name: 'CalendarDay',
  tableName: 'calendar_day',
  properties: {
    calendarId: p.uuid().primary(),
    date: p.date().primary(),
    schoolId: p.uuid(),
    kind: p.text(),
    dayLabel: p.text().nullable(),
  },
});

export const SectionRoster = defineEntity({
  name: 'SectionRoster',
  tableName: 'section_roster',
  properties: {
    sectionId: p.uuid().primary(),
    schoolId: p.uuid(),
    teacherIds: p.array().columnType('uuid[]'),
    teacherBegins: p.array().columnType('date[]'),
    teacherEnds: p.array().columnType('date[]'),
    studentIds: p.array().columnType('uuid[]'),
    studentBegins: p.array().columnType('date[]'),
    studentEnds: p.array().columnType('date[]'),
  },
});

export const SectionSeat = defineEntity({
  name: 'SectionSeat',
  tableName: 'section_seat',
  properties: {
    sectionId: p.uuid().primary(),
    studentId: p.uuid().primary(),
    schoolId: p.uuid(),
    begins: p.date().primary(),
    ends: p.date().nullable(),
  },
});

export const SectionMeetingPattern = defineEntity({
  name: 'SectionMeetingPattern',
  tableName: 'section_meeting',
  properties: {
    sectionId: p.uuid().primary(),
    ordinal: p.integer().primary(),
    schoolId: p.uuid(),
    periodId: p.uuid().nullable(),
    periodName: p.text().nullable(),
    days: p.array().columnType('text[]'),
    begins: p.date(),
    ends: p.date().nullable(),
  },
});

export interface SchoolRow {
  readonly id: string;
  readonly timeZone: string;
}

/** A section, and who belongs to it from when to when (parallel lists; an end is exclusive, null while open). */
export interface SectionRow {
  readonly id: string;
  readonly schoolId: string;
  readonly teacherIds: readonly string[];
  readonly teacherBegins: readonly string[];
  readonly teacherEnds: readonly (string | null)[];
  readonly studentIds: readonly string[];
  readonly studentBegins: readonly string[];
  readonly studentEnds: readonly (string | null)[];
}
