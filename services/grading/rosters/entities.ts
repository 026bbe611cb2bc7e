import { defineEntity, p } from '@mikro-orm/core';

/** Facts of the other services, as far as grading needs them; written by `events.ts` alone. */
export const School = defineEntity({
  name: 'School',
  tableName: 'school',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    timeZone: p.text(),
  },
});

export const GradingPeriod = defineEntity({
  name: 'GradingPeriod',
  tableName: 'grading_period',
  properties: {
    id: p.uuid().primary(),
    schoolYear: p.integer(),
    title: p.text(),
    begins: p.date(),
    ends: p.date(),
    sessionId: p.uuid().nullable(),
  },
});

export const SectionRoster = defineEntity({
  name: 'SectionRoster',
  tableName: 'section_roster',
  properties: {
    sectionId: p.uuid().primary(),
    schoolId: p.uuid(),
    title: p.text(),
    begins: p.date().nullable(),
    ends: p.date().nullable(),
    cancelled: p.boolean(),
    teacherIds: p.array().columnType('uuid[]'),
    teacherBegins: p.array().columnType('date[]'),
    teacherEnds: p.array().columnType('date[]'),
    studentIds: p.array().columnType('uuid[]'),
    studentBegins: p.array().columnType('date[]'),
    studentEnds: p.array().columnType('date[]'),
    courseId: p.uuid().nullable(),
    number: p.text().nullable(),
    sessionIds: p.array().columnType('uuid[]').default([]),
  },
});

/** The catalog's courses; scheduling writes it, this is a copy. */
export const Course = defineEntity({
  name: 'Course',
  tableName: 'course',
  properties: {
    id: p.uuid().primary(),
    schoolId: p.uuid().nullable(),
    number: p.text().nullable(),
    title: p.text(),
    credits: p.decimal().precision(6).scale(3).nullable(),
    subjects: p.array(),
    subjectCodes: p.array(),
    repeatable: p.boolean(),
  },
});

/** Who is enrolled where, in which grade; the student service writes it, this is a copy. */
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

/** The students of the rosters again, a row each, kept by a trigger. */
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

/** A section as far as it decides who may do what in it today. */
export interface SectionRow {
  readonly id: string;
  readonly schoolId: string;
  /** Who teaches it today, substitutes and co-teachers included. */
  readonly teacherIds: readonly string[];
  /** Which of the viewer's own students sit, or sat, in it: their families read its gradebook. */
  readonly studentIds: readonly string[];
}

/** A student as far as it decides who may see their marks. */
export interface StudentRow {
  readonly id: string;
  /** Where the student sits, or sat, in a class. */
  readonly schoolIds: readonly string[];
  /** Who teaches the student today. */
  readonly teacherIds: readonly string[];
}
