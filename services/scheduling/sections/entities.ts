import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

export const Room = defineEntity({
  name: 'Room',
  tableName: 'room',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    name: p.text(),
    capacity: p.integer().nullable(),
    shared: p.boolean().default(false),
    groups: p.array().default([]),
    ...recorded,
  },
});

export const Section = defineEntity({
  name: 'Section',
  tableName: 'section',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    courseId: p.uuid(),
    number: p.text(),
    title: p.text(),
    sessionIds: p.array().columnType('uuid[]').default([]),
    track: p.text().default(''),
    homeroom: p.boolean().default(false),
    gradeLevels: p.array().default([]),
    begins: p.date(),
    ends: p.date().nullable(),
    cancelledOn: p.date().nullable(),
    seatLimit: p.integer().nullable(),
    seatsTaken: p.integer().default(0),
    seatsOver: p.integer().default(0),
    source: p.text().nullable(),
    sourcedId: p.text().nullable(),
    ...recorded,
  },
});

/** What a live section asks of the schedule; kept for the scenarios that take it. */
export const SectionNeed = defineEntity({
  name: 'SectionNeed',
  tableName: 'section_need',
  properties: {
    sectionId: p.uuid().primary(),
    schoolId: p.uuid(),
    reservations: p.json().default('[]'),
    combinedWith: p.text().nullable(),
    link: p.text().nullable(),
    team: p.text().nullable(),
    roomGroups: p.array().default([]),
    sessionChoices: p.array().columnType('uuid[]').default([]),
    periodsInRow: p.integer().nullable(),
    dayChoices: p.json().nullable(),
    ...recorded,
  },
});

/** A period on the days of one label; the graph's MeetingPattern gathers those that differ in the label alone. */
export const PatternDay = defineEntity({
  name: 'PatternDay',
  tableName: 'meeting_pattern',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    sectionId: p.uuid(),
    schoolId: p.uuid(),
    periodId: p.uuid(),
    dayLabel: p.text().default(''),
    roomId: p.uuid().nullable(),
    roomAlone: p.boolean().default(true),
    begins: p.date(),
    ends: p.date().nullable(),
    ...recorded,
  },
});

export const TeacherAssignment = defineEntity({
  name: 'TeacherAssignment',
  tableName: 'teacher_assignment',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    sectionId: p.uuid(),
    schoolId: p.uuid(),
    staffId: p.uuid(),
    role: p.text(),
    begins: p.date(),
    ends: p.date().nullable(),
    source: p.text().nullable(),
    sourcedId: p.text().nullable(),
    ...recorded,
  },
});

export interface RoomRow {
  readonly id: string;
  readonly schoolId: string;
  readonly name: string;
  readonly capacity: number | null;
  readonly shared: boolean;
  readonly groups: readonly string[];
}

export interface SectionRow {
  readonly id: string;
  readonly schoolId: string;
  readonly courseId: string;
  readonly number: string;
  readonly title: string;
  readonly sessionIds: readonly string[];
  readonly track: string;
  readonly homeroom: boolean;
  readonly gradeLevels: readonly string[];
  readonly begins: string;
  readonly ends: string | null;
  readonly cancelledOn: string | null;
  readonly seatLimit: number | null;
  readonly seatsTaken: number;
  readonly seatsOver: number;
}

export type TeacherRole = 'TEACHER_OF_RECORD' | 'CO_TEACHER' | 'SUBSTITUTE';

export interface TeacherAssignmentRow {
  readonly id: string;
  readonly sectionId: string;
  readonly schoolId: string;
  readonly staffId: string;
  readonly role: TeacherRole;
  readonly begins: string;
  readonly ends: string | null;
}
