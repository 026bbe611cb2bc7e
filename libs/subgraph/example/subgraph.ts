import type { Event } from '@rollbook/events';
import type { Transaction } from '../context.ts';
import { defineSubgraph } from '../definition.ts';
import { books } from './books/resolvers.ts';
import { loans } from './loans/resolvers.ts';

/** Another service mentions a book. */
async function bookMentioned({ query }: Transaction, { payload }: Event): Promise<void> {
  const { id, word } = payload as { id: string; word: string };
  await query(
    `insert into mention as m (book_id, times, words) values ($1, 1, array[$2])
       on conflict (book_id) do update set times = m.times + 1, words = m.words || $2`,
    [id, word],
  );
}

/** A school's library: the smallest service that needs everything a service needs. Only the tests of this folder run it. */
export const library = defineSubgraph({
  name: 'library',
  folder: import.meta.dirname,
  slices: { books, loans },
  listens: { press: { BookMentioned: bookMentioned } },
});
