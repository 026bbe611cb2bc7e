import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';
import type { AboutStudent } from '../people/entities.ts';

export const Program = defineEntity({
  name: 'Program',
  tableName: 'program',
  properties: { code: p.text().primary(), name: p.text() },
});

export const ProgramParticipation = defineEntity({
  name: 'ProgramParticipation',
  tableName: 'program_participation',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    studentId: p.uuid(),
    programCode: p.text(),
    begins: p.date(),
    ends: p.date().nullable(),
    ...recorded,
  },
});

export interface ProgramRow {
  readonly code: string;
  readonly name: string;
}

export interface ParticipationRow extends AboutStudent {
  readonly id: string;
  readonly programCode: string;
  readonly begins: string;
  readonly ends: string | null;
}
