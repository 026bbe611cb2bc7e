import { defineEntity, p } from '@mikro-orm/core';
import type { Weekday } from '@rollbook/school';
import { recorded } from '@rollbook/subgraph';

export const Period = defineEntity({
  name: 'Period',
  tableName: 'period',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    name: p.text(),
    sortOrder: p.integer(),
    optional: p.boolean().default(false),
    ...recorded,
  },
});

export const BellSchedule = defineEntity({
  name: 'BellSchedule',
  tableName: 'bell_schedule',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    name: p.text(),
    ...recorded,
  },
});

export const BellScheduleTime = defineEntity({
  name: 'BellScheduleTime',
  tableName: 'bell_schedule_time',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    bellScheduleId: p.uuid(),
    schoolId: p.uuid(),
    periodId: p.uuid().nullable(),
    label: p.text(),
    startsAt: p.time(),
    endsAt: p.time(),
    ...recorded,
  },
});

export const BellScheduleUse = defineEntity({
  name: 'BellScheduleUse',
  tableName: 'bell_schedule_use',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    bellScheduleId: p.uuid(),
    weekday: p.text().nullable(),
    dayLabel: p.text().nullable(),
    begins: p.date(),
    ends: p.date().nullable(),
    ...recorded,
  },
});

export interface PeriodRow {
  readonly id: string;
  readonly schoolId: string;
  readonly name: string;
  readonly sortOrder: number;
  /** Nobody misses a class in it. */
  readonly optional: boolean;
}

export interface BellScheduleRow {
  readonly id: string;
  readonly schoolId: string;
  readonly name: string;
}

/** Times as the school's clocks show them, "08:05". */
export interface BellScheduleTimeRow {
  readonly bellScheduleId: string;
  readonly periodId: string | null;
  readonly label: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

export interface BellScheduleUseRow {
  readonly id: string;
  readonly schoolId: string;
  readonly bellScheduleId: string;
  readonly weekday: Weekday | null;
  readonly dayLabel: string | null;
  readonly begins: string;
  readonly ends: string | null;
}
