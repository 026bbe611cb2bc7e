import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

export const MarkForm = defineEntity({
  name: 'MarkForm',
  tableName: 'mark_form',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    gradingPeriodId: p.uuid().nullable(),
    markTypes: p.array(),
    requiredTypes: p.array(),
    effortValues: p.array(),
    conductValues: p.array(),
    mostCodes: p.integer(),
    ...recorded,
  },
});

export const CommentCode = defineEntity({
  name: 'CommentCode',
  tableName: 'comment_code',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    code: p.text(),
    language: p.text(),
    texts: p.json(),
    withdrawnOn: p.date().nullable(),
    ...recorded,
  },
});

/** What was posted, each time: a row for each save that posted; the view mark_posting has a row for each mark of it. */
export const Posting = defineEntity({
  name: 'Posting',
  tableName: 'posting',
  properties: {
    saveId: p.uuid().primary(),
    schoolId: p.uuid(),
    sectionId: p.uuid(),
    gradingPeriodId: p.uuid(),
    postedAt: p.datetime(),
    postedBy: p.uuid().defaultRaw('viewer_subject()'),
    markIds: p.array().columnType('uuid[]'),
    studentIds: p.array().columnType('uuid[]'),
    revisions: p.array().columnType('integer[]'),
    cellValues: p.array(),
    efforts: p.array(),
    conducts: p.array(),
    commentCodes: p.array(),
    comments: p.array(),
    tx: p.bigint('string').defaultRaw('pg_current_xact_id()::text::bigint'),
  },
});

/** What the gradebook calculated for those whom a save posted. */
export const PostingCalculation = defineEntity({
  name: 'PostingCalculation',
  tableName: 'posting_calculation',
  properties: {
    saveId: p.uuid().primary(),
    schoolId: p.uuid(),
    tx: p.bigint('string'),
    calculatedAt: p.datetime(),
    changed: p.boolean(),
    calculations: p.json(),
  },
});

/** A change that a teacher asked for after the window had closed, and what the office decided. */
export const MarkChange = defineEntity({
  name: 'MarkChange',
  tableName: 'mark_change',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    sectionId: p.uuid(),
    studentId: p.uuid(),
    gradingPeriodId: p.uuid(),
    baseRevision: p.integer(),
    found: p.json().nullable(),
    wanted: p.json(),
    why: p.text(),
    askedAt: p.datetime(),
    askedBy: p.uuid().defaultRaw('viewer_subject()'),
    decision: p.text().nullable(),
    decidedAt: p.datetime().nullable(),
    decidedBy: p.uuid().nullable(),
    decidedWhy: p.text().nullable(),
    replaced: p.json().nullable(),
    revision: p.integer().nullable(),
  },
});

export const MarkVerification = defineEntity({
  name: 'MarkVerification',
  tableName: 'mark_verification',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    sectionId: p.uuid(),
    gradingPeriodId: p.uuid(),
    revisions: p.bigint('number'),
    verifiedAt: p.datetime(),
    verifiedBy: p.uuid().defaultRaw('viewer_subject()'),
    ...recorded,
  },
});

export type MarkType = 'MARK' | 'EFFORT' | 'CONDUCT' | 'COMMENT_CODES' | 'COMMENT';

export interface MarkFormRow {
  readonly schoolId: string | null;
  readonly gradingPeriodId: string | null;
  readonly markTypes: readonly MarkType[];
  readonly requiredTypes: readonly MarkType[];
  readonly effortValues: readonly string[];
  readonly conductValues: readonly string[];
  readonly mostCodes: number;
}

export interface CommentCodeRow {
  readonly id: string;
  readonly schoolId: string | null;
  readonly code: string;
  readonly language: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly withdrawnOn: string | null;
}

/** What a mark says, all of it. */
export interface MarkContent {
  readonly value: string | null;
  readonly effort: string | null;
  readonly conduct: string | null;
  readonly commentCodes: readonly string[];
  readonly comment: string | null;
}

export interface MarkPostingRow extends MarkContent {
  readonly markId: string;
  readonly revision: number;
  readonly schoolId: string;
  readonly studentId: string;
  /** As the gradebook told it; null where it was not asked yet. */
  readonly calculation: object | null;
  readonly calculatedAt: Date | null;
  readonly changed: boolean | null;
  readonly postedAt: Date;
  readonly postedBy: string;
  readonly teacherIds: readonly string[];
}

export interface MarkChangeRow {
  readonly id: string;
  readonly schoolId: string;
  readonly sectionId: string;
  readonly studentId: string;
  readonly gradingPeriodId: string;
  readonly baseRevision: number;
  readonly found: MarkContent | null;
  readonly wanted: MarkContent;
  readonly why: string;
  readonly askedAt: Date;
  readonly askedBy: string;
  readonly decision: 'APPROVED' | 'DECLINED' | null;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly decidedWhy: string | null;
  readonly replaced: MarkContent | null;
  readonly revision: number | null;
  readonly teacherIds: readonly string[];
}
