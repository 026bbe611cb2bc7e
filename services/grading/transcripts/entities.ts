import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';
import type { Counted, ListRule, MarkMeaning, Policy } from './rules.ts';

export const TranscriptPolicy = defineEntity({
  name: 'TranscriptPolicy',
  tableName: 'transcript_policy',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    marks: p.json(),
    weightedCodes: p.array(),
    weightBonus: p.decimal().precision(4).scale(2),
    weightFrom: p.decimal().precision(4).scale(2),
    repeats: p.text(),
    mostAtOnce: p.integer(),
    lists: p.json(),
    ...recorded,
  },
});

export const FinalPeriod = defineEntity({
  name: 'FinalPeriod',
  tableName: 'final_period',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    schoolYear: p.integer(),
    gradingPeriodId: p.uuid(),
    session: p.text(),
    summer: p.boolean(),
    ...recorded,
  },
});

export const TranscriptPickup = defineEntity({
  name: 'TranscriptPickup',
  tableName: 'transcript_pickup',
  properties: { id: p.integer().primary(), tx: p.bigint('string') },
});

export const TranscriptDue = defineEntity({
  name: 'TranscriptDue',
  tableName: 'transcript_due',
  properties: { sectionId: p.uuid().primary(), gradingPeriodId: p.uuid().primary() },
});

export const TranscriptRecord = defineEntity({
  name: 'TranscriptRecord',
  tableName: 'transcript_record',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    studentId: p.uuid(),
    schoolId: p.uuid(),
    schoolName: p.text(),
    schoolYear: p.integer(),
    session: p.text(),
    endedOn: p.date(),
    summer: p.boolean(),
    courseId: p.uuid().nullable(),
    courseNumber: p.text().nullable(),
    courseTitle: p.text(),
    subjects: p.array(),
    subjectCodes: p.array(),
    part: p.integer(),
    parts: p.integer(),
    repeatable: p.boolean(),
    mark: p.text(),
    creditsAttempted: p.decimal().precision(6).scale(3),
    creditsEarned: p.decimal().precision(6).scale(3),
    points: p.decimal().precision(4).scale(2).nullable(),
    weightedPoints: p.decimal().precision(4).scale(2).nullable(),
    weighted: p.boolean(),
    pending: p.boolean(),
    source: p.text(),
    sectionId: p.uuid().nullable(),
    gradingPeriodId: p.uuid().nullable(),
    markRevision: p.integer().nullable(),
    replaces: p.uuid().nullable(),
    voided: p.boolean().default(false),
    ...recorded,
  },
});

export const TranscriptOrder = defineEntity({
  name: 'TranscriptOrder',
  tableName: 'transcript_order',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    official: p.boolean(),
    issuedTo: p.text().nullable(),
    despite: p.text().nullable(),
    orderedOn: p.date(),
    status: p.text(),
    wanted: p.integer(),
    done: p.integer().default(0),
    orderedAt: p.datetime(),
    orderedBy: p.uuid().defaultRaw('viewer_subject()'),
    why: p.text().nullable(),
  },
});

export const TranscriptOrdered = defineEntity({
  name: 'TranscriptOrdered',
  tableName: 'transcript_ordered',
  properties: {
    orderId: p.uuid().primary(),
    studentId: p.uuid().primary(),
    schoolId: p.uuid(),
    gradeLevel: p.text().nullable(),
    requestId: p.uuid().nullable(),
    fault: p.text().nullable(),
    faultMessage: p.text().nullable(),
    number: p.text().nullable(),
  },
});

export const TranscriptDocument = defineEntity({
  name: 'TranscriptDocument',
  tableName: 'transcript_document',
  properties: {
    number: p.text().primary(),
    studentId: p.uuid(),
    schoolId: p.uuid(),
    orderId: p.uuid(),
    official: p.boolean(),
    issuedTo: p.text().nullable(),
    issuedAt: p.datetime(),
    snapshot: p.text(),
    code: p.text(),
    pdf: p.blob(),
  },
});

export interface OrderRow {
  readonly id: string;
  readonly schoolId: string | null;
  readonly official: boolean;
  readonly issuedTo: string | null;
  readonly despite: string | null;
  readonly orderedOn: string;
  readonly status: 'WAITING' | 'RUNNING' | 'DONE';
  readonly wanted: number;
  readonly done: number;
  readonly orderedAt: Date;
  readonly orderedBy: string;
}

export interface OrderedRow {
  readonly orderId: string;
  readonly studentId: string;
  readonly schoolId: string;
  readonly gradeLevel: string | null;
  readonly fault: string | null;
  readonly faultMessage: string | null;
  readonly number: string | null;
}

export interface DocumentRow {
  readonly number: string;
  readonly studentId: string;
  readonly schoolId: string;
  readonly official: boolean;
  readonly issuedTo: string | null;
  readonly issuedAt: Date;
  readonly snapshot: string;
  readonly code: string;
}

export interface PolicyRow extends Policy {
  readonly schoolId: string | null;
  readonly marks: readonly MarkMeaning[];
  readonly lists: readonly ListRule[];
}

export interface FinalPeriodRow {
  readonly schoolId: string | null;
  readonly schoolYear: number;
  readonly gradingPeriodId: string;
  readonly session: string;
  readonly summer: boolean;
}

export interface RecordRow extends Counted {
  readonly studentId: string;
  readonly schoolId: string;
  readonly schoolName: string;
  readonly summer: boolean;
  readonly courseId: string | null;
  readonly subjects: readonly string[];
  readonly subjectCodes: readonly string[];
  readonly mark: string;
  readonly source: 'POSTED' | 'TRANSFER' | 'CORRECTION';
  readonly sectionId: string | null;
  readonly gradingPeriodId: string | null;
  readonly markRevision: number | null;
  readonly replaces: string | null;
  readonly voided: boolean;
  readonly recordedAt: Date;
  readonly recordedBy: string;
  readonly reason: string | null;
}
