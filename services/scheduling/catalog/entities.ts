import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';
import type { Prerequisite } from './rules.ts';

export const Course = defineEntity({
  name: 'Course',
  tableName: 'course',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    orgId: p.uuid().nullable(),
    number: p.text().nullable(),
    title: p.text(),
    credits: p.decimal().precision(6).scale(3).nullable(),
    subjects: p.array().default([]),
    subjectCodes: p.array().default([]),
    gradeLevels: p.array().default([]),
    prerequisites: p.json().default('[]'),
    schoolYear: p.integer().nullable(),
    endedOn: p.date().nullable(),
    repeatable: p.boolean().default(false),
    periodLoad: p.decimal().precision(4).scale(2).default('1'),
    source: p.text().nullable(),
    sourcedId: p.text().nullable(),
    ...recorded,
  },
});

export interface CourseRow {
  readonly id: string;
  /** The school that offers it; null, or the id of no school: the district does. */
  readonly orgId: string | null;
  readonly number: string | null;
  readonly title: string;
  /** Exact decimal text: "0.500". */
  readonly credits: string | null;
  readonly subjects: readonly string[];
  readonly subjectCodes: readonly string[];
  readonly gradeLevels: readonly string[];
  readonly prerequisites: readonly Prerequisite[];
  readonly schoolYear: number | null;
  readonly endedOn: string | null;
  readonly repeatable: boolean;
  /** Exact decimal text: "1.00". */
  readonly periodLoad: string;
}
