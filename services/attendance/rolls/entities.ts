import { defineEntity, p } from '@mikro-orm/core';
import type { CodeRow } from '../codes/entities.ts';

export const Roll = defineEntity({
  name: 'Roll',
  tableName: 'roll',
  properties: {
    id: p.uuid().primary(),
    sectionId: p.uuid(),
    date: p.date(),
    periodId: p.uuid(),
    schoolId: p.uuid(),
    revision: p.integer(),
    takenAt: p.datetime(),
    takenBy: p.uuid(),
  },
});

export const RollEntry = defineEntity({
  name: 'RollEntryRow',
  tableName: 'roll_entry',
  properties: {
    sectionId: p.uuid().primary(),
    date: p.date().primary(),
    studentId: p.uuid().primary(),
    periodId: p.uuid().primary(),
    rollId: p.uuid(),
    schoolId: p.uuid(),
    revision: p.integer(),
    takenState: p.text().nullable(),
    takenCode: p.text().nullable(),
    takenExcused: p.boolean().nullable(),
    takenMinutes: p.integer().nullable(),
    takenComment: p.text().nullable(),
    officeState: p.text().nullable(),
    officeCode: p.text().nullable(),
    officeExcused: p.boolean().nullable(),
    officeMinutes: p.integer().nullable(),
    officeComment: p.text().nullable(),
  },
});

export const RollSave = defineEntity({
  name: 'RollSave',
  tableName: 'roll_save',
  properties: {
    saveId: p.uuid().primary(),
    rollId: p.uuid(),
    schoolId: p.uuid(),
    revision: p.integer().nullable(),
    baseRevision: p.integer(),
    isCorrection: p.boolean(),
    correctionReason: p.text().nullable(),
    roster: p.array().columnType('uuid[]'),
    studentIds: p.array().columnType('uuid[]'),
    codes: p.array().columnType('text[]'),
    minutes: p.array().columnType('integer[]'),
    comments: p.array().columnType('text[]'),
    answer: p.json(),
    clientId: p.text().nullable(),
    savedAt: p.datetime().defaultRaw('now()'),
    savedBy: p.uuid().defaultRaw('viewer_subject()'),
  },
});

/** A roll that was taken, or (revision 0) one that was not. */
export interface RollRow {
  readonly id: string;
  readonly sectionId: string;
  readonly date: string;
  readonly periodId: string;
  readonly schoolId: string;
  readonly revision: number;
  readonly takenAt: Date | null;
  readonly takenBy: string | null;
  /** Who teaches the section on that day. */
  readonly teacherIds: readonly string[];
}

type Kind = CodeRow['kind'];

/** What is known of one student in one period of one day. */
export interface EntryRow {
  readonly sectionId: string;
  readonly date: string;
  readonly studentId: string;
  readonly periodId: string;
  readonly schoolId: string;
  readonly takenState: Kind | null;
  readonly takenCode: string | null;
  readonly takenExcused: boolean | null;
  readonly takenMinutes: number | null;
  readonly takenComment: string | null;
  readonly officeState: Kind | null;
  readonly officeCode: string | null;
  readonly officeExcused: boolean | null;
  readonly officeMinutes: number | null;
  readonly officeComment: string | null;
}

/** One save: receipt and history. */
export interface SaveRow {
  readonly saveId: string;
  readonly rollId: string;
  readonly revision: number | null;
  readonly baseRevision: number;
  readonly isCorrection: boolean;
  readonly correctionReason: string | null;
  readonly roster: readonly string[];
  readonly studentIds: readonly string[];
  readonly codes: readonly (string | null)[];
  readonly minutes: readonly (number | null)[];
  readonly comments: readonly (string | null)[];
  readonly savedAt: Date;
  readonly savedBy: string;
}
