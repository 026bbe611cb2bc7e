import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemViewer } from '@rollbook/school';
import { Book } from './example/books/entities.ts';
import { library } from './example/subgraph.ts';
import type { Transaction } from './context.ts';
import { openTestSubgraph, type TestSubgraph } from './testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openTestSubgraph(library);
});
afterAll(() => service.close());

const schoolId = '0198a7b0-0000-7000-8000-000000000001';
const write = <T>(work: (tx: Transaction) => Promise<T>) => service.database.transaction(systemViewer, 'test', work);
const titles = async () => (await service.sql<{ title: string }>('select title from book order by title')).map(({ title }) => title);

/** As an input may come: TypeScript does not know what is in it. */
const asked = (input: object) => input as { schoolId: string; title: string; shelf: string };
const book = (title: string) => ({ schoolId, title, shelf: 'ATLAS' });

test('a new row with a property that its entity lacks is not written: the error names it', async () => {
  await expect(
    write(async ({ em }) => {
      em.create(Book, asked({ ...book('Misspelt'), ibsn: '978-1' }));
      await em.flush();
    }),
  ).rejects.toThrow('Book has no property "ibsn": what it was given would be lost.');
  expect(await titles()).toEqual([]);
});

test('nor is a change of a row with one, also when nothing else is changed', async () => {
  await write(async ({ em }) => void em.create(Book, book('Atlas')));
  for (const change of [{ ibsn: '978-1' }, { title: 'World', ibsn: null }])
    await expect(
      write(async ({ em }) => {
        em.assign(await em.findOneOrFail(Book, { title: 'Atlas' }), asked(change));
        // Flushed by the end of the transaction.
      }),
    ).rejects.toThrow('Book has no property "ibsn"');
  expect(await titles()).toEqual(['Atlas']);
});

test('what the entity has is written, left out, emptied and changed', async () => {
  await write(async ({ em }) => void em.create(Book, { ...book('Flora'), isbn: '978-2', price: null }));
  await write(async ({ em }) => void em.assign(await em.findOneOrFail(Book, { title: 'Flora' }), { isbn: null, price: 12 }));
  expect(await service.sql(`select isbn, price::integer from book where title = 'Flora'`)).toEqual([{ isbn: null, price: 12 }]);
});

test('one that TypeScript can see is an error of types already', async () => {
  const input: { schoolId: string; title: string; shelf: string; ibsn: string } = { ...book('Typed'), ibsn: '978-3' };
  await expect(
    write(async ({ em }) => {
      // @ts-expect-error The entity has no "ibsn".
      em.create(Book, input);
      // @ts-expect-error The same, copied.
      em.create(Book, { ...input });
    }),
  ).rejects.toThrow('ibsn');
});
