import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '../../columns.ts';

export const Loan = defineEntity({
  name: 'Loan',
  tableName: 'loan',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    bookId: p.uuid(),
    studentId: p.uuid(),
    begins: p.date(),
    ends: p.date().nullable(),
    needs: p.text().nullable(),
    ...recorded,
  },
});

/** How often a book was heard of from another service. */
export const Mention = defineEntity({
  name: 'Mention',
  tableName: 'mention',
  properties: { bookId: p.uuid().primary(), times: p.integer(), words: p.array().columnType('text[]') },
});

export interface LoanRow {
  readonly id: string;
  readonly schoolId: string;
  readonly bookId: string;
  readonly studentId: string;
  readonly begins: string;
  readonly ends: string | null;
  readonly lentAt: Date;
}
