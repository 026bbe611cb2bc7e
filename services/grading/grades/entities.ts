import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';
import type { Cutoff, GradingRules } from '../gradebook/gradingRules.ts';

export const GradingScale = defineEntity({
  name: 'GradingScale',
  tableName: 'grading_scale',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    cutoffs: p.json(),
    ...recorded,
  },
});

export const GradebookRules = defineEntity({
  name: 'GradebookRules',
  tableName: 'gradebook_rules',
  properties: {
    sectionId: p.uuid().primary(),
    schoolId: p.uuid(),
    rules: p.json(),
    cutoffs: p.json().nullable(),
    rubricId: p.uuid().nullable(),
    ...recorded,
  },
});

/** Written once, never changed. */
export const GradeOverride = defineEntity({
  name: 'GradeOverride',
  tableName: 'grade_override',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    sectionId: p.uuid(),
    studentId: p.uuid(),
    gradingPeriodId: p.uuid().nullable(),
    mark: p.text().nullable(),
    calculatedMark: p.text().nullable(),
    calculatedPercent: p.text().nullable(),
    said: p.text(),
    overriddenAt: p.datetime(),
    overriddenBy: p.uuid().defaultRaw('viewer_subject()'),
  },
});

export interface GradingScaleRow {
  readonly schoolId: string | null;
  readonly cutoffs: readonly Cutoff[];
}

/** A section's settings with those who decide who may read them. */
export interface GradebookRulesRow {
  readonly sectionId: string;
  readonly schoolId: string;
  readonly rules: GradingRules;
  readonly cutoffs: readonly Cutoff[] | null;
  readonly rubricId: string | null;
  readonly teacherIds: readonly string[];
  readonly studentIds: readonly string[];
}
