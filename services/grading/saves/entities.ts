import { defineEntity, p } from '@mikro-orm/core';

/** Receipt, history and fact in one row; written by the functions save_marks, post_marks and save_scores, and by imports. */
export const Save = defineEntity({
  name: 'Save',
  tableName: 'save',
  properties: {
    id: p.uuid().primary(),
    kind: p.text(),
    subject: p.uuid().defaultRaw('viewer_subject()'),
    content: p.blob().nullable(),
    schoolId: p.uuid(),
    sectionId: p.uuid(),
    gradingPeriodId: p.uuid().nullable(),
    receivedAt: p.datetime(),
    reason: p.text().nullable(),
    places: p.array().columnType('integer[]').nullable(),
    studentIds: p.array().columnType('uuid[]'),
    assignmentIds: p.array().columnType('uuid[]').nullable(),
    baseRevisions: p.array().columnType('integer[]'),
    cellValues: p.array().nullable(),
    comments: p.array().nullable(),
    efforts: p.array().nullable(),
    conducts: p.array().nullable(),
    commentCodes: p.array().nullable(),
    statuses: p.array().nullable(),
    textScores: p.array().nullable(),
    lates: p.array().columnType('boolean[]').nullable(),
    missings: p.array().columnType('boolean[]').nullable(),
    incompletes: p.array().columnType('boolean[]').nullable(),
    withdrawns: p.array().columnType('boolean[]').nullable(),
    daysLates: p.array().columnType('integer[]').nullable(),
    exceptions: p.json().nullable(),
    tx: p.bigint('string').defaultRaw('pg_current_xact_id()::text::bigint'),
  },
});

export const Conflict = defineEntity({
  name: 'Conflict',
  tableName: 'conflict',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    saveId: p.uuid(),
    subject: p.uuid().defaultRaw('viewer_subject()'),
    schoolId: p.uuid(),
    sectionId: p.uuid(),
    studentId: p.uuid(),
    gradingPeriodId: p.uuid().nullable(),
    assignmentId: p.uuid().nullable(),
    baseRevision: p.integer(),
    lost: p.json(),
    found: p.json(),
    foundRevision: p.integer(),
    foundBy: p.uuid(),
    receivedAt: p.datetime(),
    resolution: p.text().nullable(),
    resolvedAt: p.datetime().nullable(),
    resolvedBy: p.uuid().nullable(),
    resolvingSaveId: p.uuid().nullable(),
  },
});

/** What a mark or a score says, as far as both have it. */
export interface CellContent {
  readonly value: string | null;
  readonly comment: string | null;
}

/** What was found has them as they were; of what lost, each only when it was said: an empty text for none, codes joined by commas. */
interface MarkContent extends CellContent {
  readonly effort?: string | null;
  readonly conduct?: string | null;
  readonly commentCodes?: readonly string[] | string;
}

export interface ConflictRow {
  readonly id: string;
  readonly subject: string;
  readonly schoolId: string;
  readonly sectionId: string;
  readonly studentId: string;
  readonly gradingPeriodId: string | null;
  readonly assignmentId: string | null;
  readonly baseRevision: number;
  readonly lost: MarkContent;
  readonly found: MarkContent;
  readonly foundRevision: number;
  readonly foundBy: string;
  readonly receivedAt: Date;
  readonly resolution: 'TAKE_THEIRS' | 'KEEP_MINE' | null;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly teacherIds: readonly string[];
}
