import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

export const SectionEnrollment = defineEntity({
  name: 'SectionEnrollment',
  tableName: 'section_enrollment',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    sectionId: p.uuid(),
    schoolId: p.uuid(),
    studentId: p.uuid(),
    begins: p.date(),
    ends: p.date().nullable(),
    source: p.text().nullable(),
    sourcedId: p.text().nullable(),
    ...recorded,
  },
});

/** A roster row as it is read: with those who teach the section, because they decide who may read it. */
export interface RosterRow {
  readonly sectionId: string;
  readonly schoolId: string;
  readonly studentId: string;
  readonly begins: string;
  readonly ends: string | null;
  readonly teacherIds: readonly string[];
}
