import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';
import type { Kind, Layout } from './rules.ts';

export const ReportCardTemplate = defineEntity({
  name: 'ReportCardTemplate',
  tableName: 'report_card_template',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    kind: p.text(),
    layout: p.text(),
    gradeLevels: p.array(),
    fields: p.array(),
    ...recorded,
  },
});

export const DocumentRequest = defineEntity({
  name: 'DocumentRequest',
  tableName: 'document_request',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    studentIds: p.array().columnType('uuid[]'),
    askedAt: p.datetime(),
    families: p.json().nullable(),
    attendance: p.json().nullable(),
    batchId: p.uuid().nullable(),
    firstPlace: p.integer().nullable(),
    lastPlace: p.integer().nullable(),
  },
});

export const ReportBatch = defineEntity({
  name: 'ReportBatch',
  tableName: 'report_batch',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    kind: p.text(),
    schoolId: p.uuid().nullable(),
    gradingPeriodId: p.uuid(),
    studentIds: p.array().columnType('uuid[]').nullable(),
    status: p.text(),
    withoutAttendance: p.boolean(),
    waitingFor: p.array(),
    failure: p.text().nullable(),
    total: p.integer().nullable(),
    printed: p.integer(),
    unchanged: p.integer(),
    faulty: p.integer(),
    pages: p.integer(),
    workedMs: p.integer(),
    cancelRequested: p.boolean(),
    leaseHolder: p.uuid().nullable(),
    leaseUntil: p.datetime().nullable(),
    attempts: p.integer(),
    startedAt: p.datetime(),
    startedBy: p.uuid().defaultRaw('viewer_subject()'),
    endedAt: p.datetime().nullable(),
  },
});

export const ReportBatchStudent = defineEntity({
  name: 'ReportBatchStudent',
  tableName: 'report_batch_student',
  properties: {
    batchId: p.uuid().primary(),
    place: p.integer().primary(),
    studentId: p.uuid(),
    schoolId: p.uuid(),
    state: p.text(),
    code: p.text().nullable(),
    message: p.text().nullable(),
  },
});

export const ReportCard = defineEntity({
  name: 'ReportCard',
  tableName: 'report_card',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    kind: p.text(),
    studentId: p.uuid(),
    schoolId: p.uuid(),
    gradingPeriodId: p.uuid(),
    version: p.integer(),
    snapshot: p.json().columnType('json'),
    sha256: p.blob(),
    contentSha256: p.blob(),
    templateVersion: p.text(),
    language: p.text(),
    pages: p.integer(),
    pdf: p.blob(),
    publishedAt: p.datetime(),
    batchId: p.uuid(),
  },
});

export interface TemplateRow {
  readonly id: string;
  readonly schoolId: string | null;
  readonly kind: Kind;
  readonly layout: Layout;
  readonly gradeLevels: readonly string[];
  readonly fields: readonly string[];
}

export interface BatchRow {
  readonly id: string;
  readonly kind: Kind;
  readonly schoolId: string | null;
  readonly gradingPeriodId: string;
  readonly studentIds: readonly string[] | null;
  readonly status: 'WAITING' | 'RUNNING' | 'PAUSED' | 'DONE' | 'CANCELLED' | 'FAILED';
  readonly withoutAttendance: boolean;
  readonly waitingFor: readonly string[];
  readonly failure: string | null;
  readonly total: number | null;
  readonly printed: number;
  readonly unchanged: number;
  readonly faulty: number;
  readonly pages: number;
  readonly workedMs: number;
  readonly startedAt: Date;
  readonly startedBy: string;
  readonly endedAt: Date | null;
}

export interface CardRow {
  readonly id: string;
  readonly kind: Kind;
  readonly studentId: string;
  readonly schoolId: string;
  readonly gradingPeriodId: string;
  readonly version: number;
  readonly sha256: Buffer;
  readonly templateVersion: string;
  readonly language: string;
  readonly pages: number;
  readonly publishedAt: Date;
  /** Who teaches the student today, for a viewer who teaches; otherwise nobody. */
  readonly teacherIds: readonly string[];
  /** Only where it was asked for. */
  readonly pdf?: Buffer;
}
