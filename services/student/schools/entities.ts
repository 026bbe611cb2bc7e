import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

export const District = defineEntity({
  name: 'District',
  tableName: 'district',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    name: p.text(),
    source: p.text().nullable(),
    sourcedId: p.text().nullable(),
    ...recorded,
  },
});

export const School = defineEntity({
  name: 'School',
  tableName: 'school',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    districtId: p.uuid(),
    name: p.text(),
    identifier: p.text().nullable(),
    timeZone: p.text(),
    lowestGrade: p.text(),
    highestGrade: p.text(),
    source: p.text().nullable(),
    sourcedId: p.text().nullable(),
    closedOn: p.date().nullable(),
    ...recorded,
  },
});

export interface DistrictRow {
  readonly id: string;
  readonly name: string;
}

export interface SchoolRow {
  readonly id: string;
  readonly districtId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly lowestGrade: string;
  readonly highestGrade: string;
  readonly closedOn: string | null;
}
