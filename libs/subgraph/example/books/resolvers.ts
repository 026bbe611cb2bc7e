import { refuse } from '@rollbook/school';
import { columnsOf } from '../../columns.ts';
import { connectionOf, pageArguments, type PageArguments } from '../../connections.ts';
import { batch, type Context } from '../../context.ts';
import type { Slice } from '../../definition.ts';
import { importRows, type ImportInput } from '../../imports.ts';
import { Book, type BookRow } from './entities.ts';
import { applyBooks, type ImportBookRow } from './importBooks.ts';

export const bookById = batch<string, BookRow>(
  (ids, { read }) => read(`select ${columnsOf(Book, 'b')} from book b where b.id = any($1)`, [ids]),
  (book) => book.id,
  String,
  () => true, // so that tests have something that the database refuses
);

async function listBooks({ shelf, ...page }: PageArguments & { shelf?: string | null }, { read }: Context) {
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  const rows = await read<BookRow>(
    `select ${columnsOf(Book, 'b')} from book b where ($1::text[] is null or (b.title, b.id) > ($1[1], $1[2]::uuid)) and ($3::text is null or b.shelf = $3)
     order by b.title, b.id limit $2`,
    [after, limit, shelf],
  );
  return connectionOf(rows, limit, (book) => [book.title, book.id]);
}

interface AddBookInput {
  readonly schoolId: string;
  readonly title: string;
  readonly isbn?: string | null;
  readonly shelf: string;
  readonly price?: number | null;
}

/** Who: the school's clerk. Tells BookChanged. */
function addBook(input: AddBookInput, { write }: Context): Promise<BookRow> {
  return write(async ({ em, tell }) => {
    const book = em.create(Book, input);
    await em.flush();
    await tell({ type: 'BookChanged', aggregate: book.id, payload: { id: book.id, title: book.title } });
    return book as unknown as BookRow;
  });
}

interface RenameBookArguments {
  readonly id: string;
  readonly title: string;
  readonly reason?: string | null;
}

/** Who: the school's clerk. */
function renameBook({ id, title, reason }: RenameBookArguments, { write }: Context): Promise<BookRow> {
  return write(async ({ query, tell }) => {
    const [book] = await query<BookRow>(`update book b set title = $2 where b.id = $1 returning ${columnsOf(Book, 'b')}`, [id, title]);
    if (!book) refuse('NOT_FOUND', 'There is no such book.', { id });
    await tell({ type: 'BookChanged', aggregate: id, payload: { id, title } });
    return book;
  }, reason);
}

/** Who: the school's clerk. */
async function discardBook({ id, reason }: { id: string; reason: string }, { write }: Context): Promise<string> {
  return write(async ({ query }) => {
    const gone = await query('delete from book where id = $1 returning id', [id]);
    if (!gone.length) refuse('NOT_FOUND', 'There is no such book.', { id });
    return id;
  }, reason);
}

export const books: Slice = {
  entities: [Book],
  subjects: { Book: () => ({ schoolIds: null }) },
  refusals: {
    book_isbn: ['ISBN_KNOWN', 'A book with this ISBN is on a shelf already.'],
    loan_book: ['STILL_LENT', 'The book is lent, or was once; its loans are kept.'],
  },
  resolvers: {
    Query: {
      book: (_, { id }: { id: string }, { load }) => load(bookById, id),
      books: (_, args: PageArguments, context) => listBooks(args, context),
    },
    Mutation: {
      addBook: (_, { input }: { input: AddBookInput }, context) => addBook(input, context),
      renameBook: (_, args: RenameBookArguments, context) => renameBook(args, context),
      discardBook: (_, args: { id: string; reason: string }, context) => discardBook(args, context),
      importBooks: (_, { input }: { input: ImportInput<ImportBookRow> }, context) => importRows(context, 'books', input, applyBooks),
    },
    Book: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(bookById, id),
      label: ({ title }: BookRow, { width, upper }: { width: number | null; upper: boolean }) =>
        (upper ? title.toUpperCase() : title).slice(0, width ?? 200),
    },
  },
};
