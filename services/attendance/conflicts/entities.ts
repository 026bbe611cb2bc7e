import { defineEntity, p } from '@mikro-orm/core';
import type { SaveRow } from '../rolls/entities.ts';

export const RollConflictResolution = defineEntity({
  name: 'RollConflictResolution',
  tableName: 'roll_conflict_resolution',
  properties: {
    lostSaveId: p.uuid().primary(),
    schoolId: p.uuid(),
    resolution: p.text(),
    baseRevision: p.integer().nullable(),
    saveId: p.uuid(),
    resolvedAt: p.datetime(),
    resolvedBy: p.uuid().defaultRaw('viewer_subject()'),
  },
});

/** A saving that lost, and what became of it. */
export interface RollConflictRow extends SaveRow {
  readonly schoolId: string;
  /** Who teaches the section on the roll's day. */
  readonly teacherIds: readonly string[];
  readonly resolution: 'TAKE_THEIRS' | 'KEEP_MINE' | null;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
}
