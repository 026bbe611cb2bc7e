import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

export const ScheduleScenario = defineEntity({
  name: 'ScheduleScenario',
  tableName: 'scenario',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    schoolYear: p.integer(),
    name: p.text(),
    basedOnId: p.uuid().nullable(),
    status: p.text().default('DRAFT'),
    revision: p.integer().default(0),
    takenAt: p.datetime().defaultRaw('now()'),
    committedAt: p.datetime().nullable(),
    ...recorded,
  },
});

export const ScenarioSection = defineEntity({
  name: 'ScenarioSection',
  tableName: 'scenario_section',
  properties: {
    scenarioId: p.uuid().primary(),
    sectionId: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    revision: p.integer().default(0),
    courseId: p.uuid(),
    number: p.text(),
    sessionIds: p.array().columnType('uuid[]'),
    seats: p.integer().nullable(),
    meets: p.array().nullable(),
    periodsInRow: p.integer().default(1),
    dayChoices: p.json().default('[[]]'),
    teacherId: p.uuid().nullable(),
    coTeacherIds: p.array().columnType('uuid[]').default([]),
    roomId: p.uuid().nullable(),
    reservations: p.json().default('[]'),
    combinedWith: p.text().nullable(),
    link: p.text().nullable(),
    team: p.text().nullable(),
    track: p.text().default(''),
    roomGroups: p.array().default([]),
    sessionChoices: p.array().columnType('uuid[]').default([]),
    patternGiven: p.boolean().default(false),
    locks: p.array().default([]),
    takenOut: p.boolean().default(false),
    liveFingerprint: p.text().nullable(),
  },
});

export const ScenarioSeat = defineEntity({
  name: 'ScenarioSeat',
  tableName: 'scenario_seat',
  properties: {
    scenarioId: p.uuid().primary(),
    studentId: p.uuid().primary(),
    sectionId: p.uuid().primary(),
    schoolId: p.uuid(),
    requestId: p.uuid().nullable(),
    alternate: p.integer().default(0),
    locked: p.boolean().default(false),
  },
});

export const ScenarioChange = defineEntity({
  name: 'ScenarioChange',
  tableName: 'scenario_change',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    scenarioId: p.uuid(),
    schoolId: p.uuid(),
    revision: p.integer(),
    kind: p.text(),
    what: p.text(),
    sectionIds: p.array().columnType('uuid[]'),
    studentIds: p.array().columnType('uuid[]'),
    before: p.json(),
    after: p.json(),
    undoesId: p.uuid().nullable(),
    madeAt: p.datetime().defaultRaw('now()'),
    madeBy: p.uuid().defaultRaw('viewer_subject()'),
  },
});

export const ScheduleRun = defineEntity({
  name: 'ScheduleRun',
  tableName: 'schedule_run',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    scenarioId: p.uuid(),
    schoolId: p.uuid(),
    kind: p.text(),
    seconds: p.integer(),
    seed: p.integer(),
    status: p.text().default('WAITING'),
    scenarioRevision: p.integer(),
    best: p.double().nullable(),
    bound: p.double().nullable(),
    unmet: p.integer().nullable(),
    secondsLeft: p.double(),
    checkpoint: p.json().nullable(),
    checkpointAt: p.datetime().nullable(),
    leaseHolder: p.uuid().nullable(),
    leaseUntil: p.datetime().nullable(),
    attempts: p.integer().default(0),
    cancelRequested: p.boolean().default(false),
    failure: p.text().nullable(),
    changeId: p.uuid().nullable(),
    startedAt: p.datetime().defaultRaw('now()'),
    startedBy: p.uuid().defaultRaw('viewer_subject()'),
    endedAt: p.datetime().nullable(),
    curve: p.json().default('[]'),
  },
});

export interface ScenarioRow {
  readonly id: string;
  readonly schoolId: string;
  readonly schoolYear: number;
  readonly name: string;
  readonly basedOnId: string | null;
  readonly status: 'DRAFT' | 'COMMITTED' | 'REPLACED';
  readonly revision: number;
  readonly takenAt: Date;
  readonly committedAt: Date | null;
}

export type Lock = 'PLACEMENT' | 'TEACHER' | 'ROOM';

export interface ScenarioSectionRow {
  readonly scenarioId: string;
  readonly sectionId: string;
  readonly schoolId: string;
  readonly revision: number;
  readonly courseId: string;
  readonly number: string;
  readonly sessionIds: readonly string[];
  /** Null: as many as come. */
  readonly seats: number | null;
  /** Cells of the timetable, "session/day/period"; null: open. */
  readonly meets: readonly string[] | null;
  readonly periodsInRow: number;
  /** The sets of days on which it could meet; an empty set: every day. */
  readonly dayChoices: readonly (readonly string[])[];
  readonly teacherId: string | null;
  readonly coTeacherIds: readonly string[];
  readonly roomId: string | null;
  readonly reservations: readonly { readonly program: string; readonly seats: number }[];
  readonly combinedWith: string | null;
  readonly link: string | null;
  readonly team: string | null;
  readonly track: string;
  /** A room of one of these groups; none: any room. */
  readonly roomGroups: readonly string[];
  /** It runs in one of these sessions, and a run may choose which; none: in all of `sessionIds`. */
  readonly sessionChoices: readonly string[];
  /** Somebody said `periodsInRow` and `dayChoices`; else they are read off the live meetings. */
  readonly patternGiven: boolean;
  readonly locks: readonly Lock[];
  readonly takenOut: boolean;
  readonly liveFingerprint: string | null;
}

export interface ScenarioSeatRow {
  readonly scenarioId: string;
  readonly studentId: string;
  readonly sectionId: string;
  readonly schoolId: string;
  readonly requestId: string | null;
  readonly alternate: number;
  readonly locked: boolean;
}

export interface ScenarioChangeRow {
  readonly id: string;
  readonly scenarioId: string;
  readonly schoolId: string;
  readonly revision: number;
  readonly kind: string;
  readonly what: string;
  readonly sectionIds: readonly string[];
  readonly studentIds: readonly string[];
  readonly undoesId: string | null;
  readonly madeAt: Date;
  readonly madeBy: string;
}

export interface ScheduleRunRow {
  readonly id: string;
  readonly scenarioId: string;
  readonly schoolId: string;
  readonly kind: 'BUILD' | 'LOAD';
  readonly seconds: number;
  readonly seed: number;
  readonly status: 'WAITING' | 'RUNNING' | 'DONE' | 'CANCELLED' | 'FAILED';
  readonly scenarioRevision: number;
  readonly best: number | null;
  readonly bound: number | null;
  readonly unmet: number | null;
  readonly secondsLeft: number;
  readonly checkpointAt: Date | null;
  readonly attempts: number;
  readonly failure: string | null;
  readonly changeId: string | null;
  readonly startedAt: Date;
  readonly startedBy: string;
  readonly endedAt: Date | null;
  readonly curve: readonly {
    readonly seconds: number;
    readonly best: number;
    readonly bound: number | null;
    readonly unmet: number | null;
  }[];
}
