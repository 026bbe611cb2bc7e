import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

export const AttendanceCode = defineEntity({
  name: 'AttendanceCode',
  tableName: 'attendance_code',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    code: p.text(),
    title: p.text(),
    kind: p.text(),
    excused: p.boolean(),
    stateCode: p.text().nullable(),
    begins: p.date(),
    ends: p.date().nullable(),
    ...recorded,
  },
});

export const AttendanceRule = defineEntity({
  name: 'AttendanceRule',
  tableName: 'attendance_rule',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid().nullable(),
    teacherDays: p.integer(),
    absentFromPercent: p.integer(),
    ...recorded,
  },
});

export interface CodeRow {
  readonly id: string;
  readonly schoolId: string | null;
  readonly code: string;
  readonly title: string;
  readonly kind: 'PRESENT' | 'ABSENT' | 'TARDY';
  readonly excused: boolean;
  readonly stateCode: string | null;
  readonly begins: string;
  readonly ends: string | null;
}

export interface RuleRow {
  readonly id: string;
  readonly schoolId: string | null;
  readonly teacherDays: number;
  readonly absentFromPercent: number;
}
