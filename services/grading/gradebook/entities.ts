import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

export const Category = defineEntity({
  name: 'Category',
  tableName: 'category',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    sectionId: p.uuid().nullable(),
    title: p.text(),
    weight: p.integer().nullable(),
    dropLowest: p.integer().default(0),
    extraCredit: p.boolean().default(false),
    source: p.text().nullable(),
    sourcedId: p.text().nullable(),
    withdrawnOn: p.date().nullable(),
    ...recorded,
  },
});

export const Assignment = defineEntity({
  name: 'Assignment',
  tableName: 'assignment',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    sectionId: p.uuid(),
    categoryId: p.uuid().nullable(),
    gradingPeriodId: p.uuid().nullable(),
    title: p.text(),
    description: p.text().nullable(),
    assignedOn: p.date().nullable(),
    dueOn: p.date().nullable(),
    lowest: p.decimal('string').columnType('numeric').default('0'),
    highest: p.decimal('string').columnType('numeric').nullable(),
    extraCredit: p.boolean().default(false),
    standardId: p.uuid().nullable(),
    source: p.text().nullable(),
    sourcedId: p.text().nullable(),
    withdrawnOn: p.date().nullable(),
    ...recorded,
  },
});

export const Score = defineEntity({
  name: 'Score',
  tableName: 'score',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    sectionId: p.uuid(),
    assignmentId: p.uuid(),
    studentId: p.uuid(),
    points: p.decimal('string').columnType('numeric').nullable(),
    textScore: p.text().nullable(),
    status: p.text(),
    late: p.boolean(),
    daysLate: p.integer().nullable(),
    missing: p.boolean(),
    incomplete: p.boolean(),
    comment: p.text().nullable(),
    scoredOn: p.date(),
    revision: p.integer(),
    savedAt: p.datetime(),
    savedBy: p.uuid().defaultRaw('viewer_subject()'),
    saveId: p.uuid(),
    source: p.text().nullable(),
    sourcedId: p.text().nullable(),
    withdrawnOn: p.date().nullable(),
  },
});

export interface CategoryRow {
  readonly id: string;
  readonly schoolId: string | null;
  readonly sectionId: string | null;
  readonly title: string;
  readonly weight: number | null;
  readonly dropLowest: number;
  readonly extraCredit: boolean;
  /** As of its section; of a category of the whole district, nobody. */
  readonly teacherIds: readonly string[];
  readonly studentIds: readonly string[];
}

export interface AssignmentRow {
  readonly id: string;
  readonly schoolId: string;
  readonly sectionId: string;
  readonly categoryId: string | null;
  readonly gradingPeriodId: string | null;
  readonly title: string;
  readonly description: string | null;
  readonly assignedOn: string | null;
  readonly dueOn: string | null;
  /** Decimal text. */
  readonly lowest: string;
  readonly highest: string | null;
  readonly extraCredit: boolean;
  readonly standardId: string | null;
  readonly withdrawnOn: string | null;
  /** Who teaches the assignment's section today; nobody while scheduling has not told of the section. */
  readonly teacherIds: readonly string[];
  /** Which of the viewer's own students sit, or sat, in its section. */
  readonly studentIds: readonly string[];
}

export interface ScoreRow {
  readonly id: string;
  readonly schoolId: string;
  readonly sectionId: string;
  readonly assignmentId: string;
  readonly studentId: string;
  /** Decimal text. */
  readonly points: string | null;
  readonly status: string;
  readonly revision: number;
  readonly savedAt: Date;
  readonly savedBy: string;
  readonly teacherIds: readonly string[];
}
