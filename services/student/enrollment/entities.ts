import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';
import type { AboutStudent } from '../people/entities.ts';

export const EntryCode = defineEntity({
  name: 'EntryCode',
  tableName: 'entry_code',
  properties: { code: p.text().primary(), description: p.text() },
});

export const ExitCode = defineEntity({
  name: 'ExitCode',
  tableName: 'exit_code',
  properties: { code: p.text().primary(), description: p.text() },
});

export const Enrollment = defineEntity({
  name: 'Enrollment',
  tableName: 'enrollment',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    studentId: p.uuid(),
    schoolId: p.uuid(),
    gradeLevel: p.text().nullable(),
    isPrimary: p.boolean(),
    begins: p.date(),
    ends: p.date().nullable(),
    entryCode: p.text().nullable(),
    exitCode: p.text().nullable(),
    source: p.text().nullable(),
    ...recorded,
  },
});

export interface EnrollmentRow extends AboutStudent {
  readonly id: string;
  readonly schoolId: string;
  readonly gradeLevel: string | null;
  readonly isPrimary: boolean;
  readonly begins: string;
  readonly ends: string | null;
  readonly entryCode: string | null;
  readonly exitCode: string | null;
}

export interface CodeRow {
  readonly code: string;
  readonly description: string;
}
