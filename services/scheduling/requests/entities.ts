import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

export const GraduationPlan = defineEntity({
  name: 'GraduationPlan',
  tableName: 'graduation_plan',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    name: p.text(),
    requirements: p.json(),
    ...recorded,
  },
});

/** A student's requests for a school year at a school, as a whole. */
export const RequestSheet = defineEntity({
  name: 'RequestSheet',
  tableName: 'request_sheet',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    studentId: p.uuid(),
    schoolYear: p.integer(),
    gradeLevel: p.text().nullable(),
    programs: p.array().default([]),
    team: p.text().nullable(),
    track: p.text().nullable(),
    planId: p.uuid().nullable(),
    revision: p.integer().default(0),
    ...recorded,
  },
});

export const CourseRequest = defineEntity({
  name: 'CourseRequest',
  tableName: 'course_request',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    sheetId: p.uuid(),
    schoolId: p.uuid(),
    studentId: p.uuid(),
    schoolYear: p.integer(),
    courseId: p.uuid(),
    priority: p.integer(),
    place: p.integer(),
    alternates: p.array().columnType('uuid[]').default([]),
    status: p.text().default('REQUESTED'),
    source: p.text(),
    ...recorded,
  },
});

export const CourseHistory = defineEntity({
  name: 'CourseHistory',
  tableName: 'course_history',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    studentId: p.uuid(),
    courseId: p.uuid().nullable(),
    courseNumber: p.text(),
    schoolYear: p.integer(),
    term: p.text().default(''),
    mark: p.text().nullable(),
    passed: p.boolean().nullable(),
    credits: p.decimal().precision(6).scale(3).default('0'),
    ...recorded,
  },
});

export const TeachingCapacity = defineEntity({
  name: 'TeachingCapacity',
  tableName: 'teaching_capacity',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    staffId: p.uuid(),
    schoolYear: p.integer(),
    courseIds: p.array().columnType('uuid[]').default([]),
    subjects: p.array().default([]),
    maxSections: p.integer(),
    preparationPeriods: p.integer().default(0),
    unavailable: p.json().default('[]'),
    ...recorded,
  },
});

/** Credits that a plan asks for in a subject, and the numbers of the courses that give them, in the order in which they are taken. */
export interface Requirement {
  readonly subject: string;
  readonly credits: number;
  readonly courses: readonly string[];
}

export interface PlanRow {
  readonly id: string;
  readonly schoolId: string;
  readonly name: string;
  readonly requirements: readonly Requirement[];
}

export interface SheetRow {
  readonly id: string;
  readonly schoolId: string;
  readonly studentId: string;
  readonly schoolYear: number;
  readonly gradeLevel: string | null;
  readonly programs: readonly string[];
  readonly team: string | null;
  readonly track: string | null;
  readonly planId: string | null;
  readonly revision: number;
  /** Who teaches the student now: they may read it too. Only read along where teachers can ask. */
  readonly teacherIds?: readonly string[];
}

export type RequestSource = 'ENTERED' | 'GENERATED' | 'MASS_EDIT' | 'IMPORTED';

export interface RequestRow {
  readonly id: string;
  readonly sheetId: string;
  readonly schoolId: string;
  readonly studentId: string;
  readonly schoolYear: number;
  readonly courseId: string;
  readonly priority: number;
  readonly place: number;
  readonly alternates: readonly string[];
  readonly status: 'REQUESTED' | 'WITHDRAWN';
  readonly source: RequestSource;
  /** As of a sheet. */
  readonly teacherIds?: readonly string[];
}

export interface HistoryRow {
  readonly studentId: string;
  readonly courseId: string | null;
  readonly courseNumber: string;
  /** Null: in progress. */
  readonly passed: boolean | null;
  /** Exact decimal text. */
  readonly credits: string;
}

export interface CapacityRow {
  readonly id: string;
  readonly schoolId: string;
  readonly staffId: string;
  readonly schoolYear: number;
  readonly courseIds: readonly string[];
  readonly subjects: readonly string[];
  readonly maxSections: number;
  readonly preparationPeriods: number;
  readonly unavailable: readonly { readonly periodId: string; readonly days: readonly string[] }[];
}
