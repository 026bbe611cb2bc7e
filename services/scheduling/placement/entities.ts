import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

/** What the student service tells of an enrollment, kept here. */
export const EnrolledStudent = defineEntity({
  name: 'EnrolledStudent',
  tableName: 'enrolled_student',
  properties: {
    id: p.uuid().primary(),
    schoolId: p.uuid(),
    studentId: p.uuid(),
    gradeLevel: p.text().nullable(),
    isPrimary: p.boolean(),
    begins: p.date(),
    ends: p.date().nullable(),
  },
});

export const SeatHold = defineEntity({
  name: 'SeatHold',
  tableName: 'seat_hold',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    holdId: p.uuid(),
    schoolId: p.uuid(),
    studentId: p.uuid(),
    sectionId: p.uuid(),
    heldBy: p.uuid().defaultRaw('viewer_subject()'),
    expiresAt: p.datetime(),
  },
});

export const PeriodRelease = defineEntity({
  name: 'PeriodRelease',
  tableName: 'period_release',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    studentId: p.uuid(),
    periodId: p.uuid(),
    begins: p.date(),
    ends: p.date().nullable(),
    ...recorded,
  },
});

/** The row that is locked while a student's classes change. */
export const PlacedStudent = defineEntity({
  name: 'PlacedStudent',
  tableName: 'placed_student',
  properties: { studentId: p.uuid().primary(), schoolId: p.uuid().primary(), twiceAtOnce: p.boolean().default(false) },
});

/** The row that is locked while a teacher's classes change. */
export const PlacedTeacher = defineEntity({
  name: 'PlacedTeacher',
  tableName: 'placed_teacher',
  properties: { staffId: p.uuid().primary(), schoolId: p.uuid().primary(), twiceAtOnce: p.boolean().default(false) },
});

/** A student who lacks a class in a period, or has none. */
export interface GapRow {
  readonly schoolId: string;
  readonly studentId: string;
  readonly gradeLevel: string | null;
  readonly periodIds: readonly string[];
  readonly classes: number;
  readonly since: string;
}

/** Seats that are held together. */
export interface HoldRow {
  readonly id: string;
  readonly schoolId: string;
  readonly studentId: string;
  readonly sectionIds: readonly string[];
  /** An instant, ISO 8601. */
  readonly expiresAt: string;
}

export interface ReleaseRow {
  readonly schoolId: string;
  readonly studentId: string;
  readonly periodId: string;
  readonly begins: string;
  readonly ends: string | null;
}
