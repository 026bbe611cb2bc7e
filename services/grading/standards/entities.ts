import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';
import type { Cutoff } from '../gradebook/gradingRules.ts';

export const Rubric = defineEntity({
  name: 'Rubric',
  tableName: 'rubric',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    title: p.text(),
    levels: p.json(),
    ...recorded,
  },
});

export const Standard = defineEntity({
  name: 'Standard',
  tableName: 'standard',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    code: p.text(),
    title: p.text(),
    ...recorded,
  },
});

export interface RubricRow {
  readonly id: string;
  readonly schoolId: string | null;
  readonly title: string;
  readonly levels: readonly Cutoff[];
}

export interface StandardRow {
  readonly id: string;
  readonly schoolId: string | null;
  readonly code: string;
  readonly title: string;
}
