import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

export const Conference = defineEntity({
  name: 'Conference',
  tableName: 'conference',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    title: p.text(),
    gradingPeriodId: p.uuid(),
    bookingOpensAt: p.datetime(),
    bookingClosesAt: p.datetime(),
    ...recorded,
  },
});

export const ConferenceSlot = defineEntity({
  name: 'ConferenceSlot',
  tableName: 'conference_slot',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    conferenceId: p.uuid(),
    schoolId: p.uuid(),
    staffId: p.uuid(),
    beginsAt: p.datetime(),
    endsAt: p.datetime(),
    place: p.text(),
    ...recorded,
  },
});

export const ConferenceBooking = defineEntity({
  name: 'ConferenceBooking',
  tableName: 'conference_booking',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    conferenceId: p.uuid(),
    schoolId: p.uuid(),
    slotId: p.uuid(),
    staffId: p.uuid(),
    studentId: p.uuid(),
    parentId: p.uuid(),
    beginsAt: p.datetime(),
    endsAt: p.datetime(),
    interpreter: p.text().nullable(),
    cancelledAt: p.datetime().nullable(),
    ...recorded,
  },
});

export interface ConferenceRow {
  readonly id: string;
  readonly schoolId: string;
  readonly title: string;
  readonly gradingPeriodId: string;
  readonly bookingOpensAt: Date;
  readonly bookingClosesAt: Date;
}

export interface SlotRow {
  readonly id: string;
  readonly conferenceId: string;
  readonly schoolId: string;
  readonly staffId: string;
  readonly beginsAt: Date;
  readonly endsAt: Date;
  readonly place: string;
  readonly taken: boolean;
}

export interface BookingRow {
  readonly id: string;
  readonly conferenceId: string;
  readonly gradingPeriodId: string;
  readonly schoolId: string;
  readonly slotId: string;
  readonly staffId: string;
  readonly studentId: string;
  readonly parentId: string;
  readonly beginsAt: Date;
  readonly endsAt: Date;
  readonly place: string;
  readonly interpreter: string | null;
  /** Who teaches the child today. */
  readonly teacherIds: readonly string[];
  readonly cancelledAt: Date | null;
}
