import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

export const MarkScale = defineEntity({
  name: 'MarkScale',
  tableName: 'mark_scale',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    markValues: p.array(),
    ...recorded,
  },
});

export const Mark = defineEntity({
  name: 'Mark',
  tableName: 'mark',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    sectionId: p.uuid(),
    studentId: p.uuid(),
    gradingPeriodId: p.uuid(),
    value: p.text().nullable(),
    comment: p.text().nullable(),
    effort: p.text().nullable(),
    conduct: p.text().nullable(),
    commentCodes: p.array(),
    status: p.text(),
    revision: p.integer(),
    savedAt: p.datetime(),
    savedBy: p.uuid().defaultRaw('viewer_subject()'),
    postedAt: p.datetime().nullable(),
    saveId: p.uuid(),
  },
});

export interface MarkScaleRow {
  readonly schoolId: string | null;
  readonly markValues: readonly string[];
}

export interface MarkRow {
  readonly id: string;
  readonly schoolId: string;
  readonly sectionId: string;
  readonly studentId: string;
  readonly gradingPeriodId: string;
  readonly value: string | null;
  readonly comment: string | null;
  readonly effort: string | null;
  readonly conduct: string | null;
  readonly commentCodes: readonly string[];
  readonly status: 'DRAFT' | 'POSTED';
  readonly revision: number;
  readonly savedAt: Date;
  readonly savedBy: string;
  readonly postedAt: Date | null;
  /** Who teaches the mark's section today. */
  readonly teacherIds: readonly string[];
}
