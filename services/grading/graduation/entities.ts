import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';
import type { Requirement } from './rules.ts';

export const DiplomaPlan = defineEntity({
  name: 'DiplomaPlan',
  tableName: 'diploma_plan',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    classYear: p.integer(),
    name: p.text(),
    creditsPerYear: p.decimal().precision(6).scale(3),
    requirements: p.json(),
    ...recorded,
  },
});

export const DiplomaException = defineEntity({
  name: 'DiplomaException',
  tableName: 'diploma_exception',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    studentId: p.uuid(),
    requirement: p.text(),
    kind: p.text(),
    courseNumber: p.text().nullable(),
    credits: p.decimal().precision(6).scale(3).nullable(),
    why: p.text(),
    withdrawn: p.boolean().default(false),
    ...recorded,
  },
});

export interface PlanRow {
  readonly id: string;
  readonly schoolId: string | null;
  readonly classYear: number;
  readonly name: string;
  readonly creditsPerYear: string;
  readonly requirements: readonly Requirement[];
}

export interface ExceptionRow {
  readonly id: string;
  readonly schoolId: string;
  readonly studentId: string;
  readonly requirement: string;
  readonly kind: 'SUBSTITUTION' | 'WAIVER';
  readonly courseNumber: string | null;
  readonly credits: string | null;
  readonly why: string;
  readonly withdrawn: boolean;
}
