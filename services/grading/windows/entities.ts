import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

export const GradingWindow = defineEntity({
  name: 'GradingWindow',
  tableName: 'grading_window',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    gradingPeriodId: p.uuid(),
    schoolId: p.uuid().nullable(),
    sectionId: p.uuid().nullable(),
    teacherId: p.uuid().nullable(),
    opensAt: p.datetime(),
    closesAt: p.datetime(),
    ...recorded,
  },
});

export interface GradingWindowRow {
  readonly id: string;
  readonly gradingPeriodId: string;
  readonly schoolId: string | null;
  readonly sectionId: string | null;
  readonly teacherId: string | null;
  readonly opensAt: Date;
  readonly closesAt: Date;
  readonly reason: string | null;
}
