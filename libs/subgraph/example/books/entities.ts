import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '../../columns.ts';

export const Book = defineEntity({
  name: 'Book',
  tableName: 'book',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    schoolId: p.uuid(),
    title: p.text(),
    isbn: p.text().nullable(),
    shelf: p.text(),
    price: p.decimal('number').precision(6).scale(2).nullable(),
    source: p.text().nullable(),
    sourcedId: p.text().nullable(),
    ...recorded,
  },
});

export interface BookRow {
  readonly id: string;
  readonly schoolId: string;
  readonly title: string;
  readonly isbn: string | null;
  readonly shelf: string;
}
