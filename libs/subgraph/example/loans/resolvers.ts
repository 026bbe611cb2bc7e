import { refuse } from '@rollbook/school';
import { bookById } from '../books/resolvers.ts';
import type { BookRow } from '../books/entities.ts';
import { columnsOf } from '../../columns.ts';
import { batch, type Context } from '../../context.ts';
import type { Slice } from '../../definition.ts';
import { Loan, Mention, type LoanRow } from './entities.ts';

const loanColumns = `${columnsOf(Loan, 'l')}, l.recorded_at as "lentAt"`;

const loanById = batch<string, LoanRow>(
  (ids, { read }) => read(`select ${loanColumns} from loan l where l.id = any($1)`, [ids]),
  (loan) => loan.id,
  String,
  () => true, // so that tests have something that the database refuses
);
const loanOfBook = batch<string, LoanRow>(
  (ids, { read }) => read(`select ${loanColumns} from loan l where l.book_id = any($1) and l.ends is null`, [ids]),
  (loan) => loan.bookId,
);

interface Lending {
  readonly bookId: string;
  readonly studentId: string;
  readonly begins: string;
}

/** Who: the clerk of the book's school. */
async function lendBook({ bookId, studentId, begins }: Lending, { load, write }: Context): Promise<LoanRow> {
  const book = (await load(bookById, bookId)) ?? refuse('NOT_FOUND', 'There is no such book.');
  return write(async ({ query }) => {
    const [loan] = await query<LoanRow>(
      `insert into loan as l (school_id, book_id, student_id, begins) values ($1, $2, $3, $4) returning ${loanColumns}`,
      [book.schoolId, bookId, studentId, begins],
    );
    return loan!;
  });
}

/** Who: the clerk. One statement: the hot path of a library's desk. */
async function takeBack({ loanId, on }: { loanId: string; on: string }, { statement }: Context): Promise<LoanRow> {
  const [loan] = await statement<LoanRow>(`update loan l set ends = $2 where l.id = $1 returning ${loanColumns}`, [loanId, on]);
  return loan ?? refuse('NOT_FOUND', 'There is no such loan.');
}

async function listHoldings({ read }: Context) {
  const shelved = await read<BookRow>('select b.id, b.school_id as "schoolId", b.title, b.shelf from book b order by b.title');
  return [...shelved, ...(await read<LoanRow>(`select ${loanColumns} from loan l order by l.id`))];
}

export const loans: Slice = {
  entities: [Loan, Mention],
  subjects: { Loan: (loan: LoanRow) => ({ schoolIds: [loan.schoolId], studentId: loan.studentId }) },
  refusals: {
    loan_once: ['BOOK_LENT', 'The book is out on that day.'],
    loan_range: ['LOAN_TOO_SHORT', 'A book comes back on the day it was lent, or later.'],
  },
  resolvers: {
    Query: {
      loan: (_, { id }: { id: string }, { load }) => load(loanById, id),
      loans: (_, __, { read }) => read(`select ${loanColumns} from loan l order by l.begins, l.id`),
      holdings: (_, __, context) => listHoldings(context),
    },
    Mutation: {
      lendBook: (_, args: Lending, context) => lendBook(args, context),
      takeBack: (_, args: { loanId: string; on: string }, context) => takeBack(args, context),
    },
    Book: { loan: ({ id }: BookRow, _, { load }) => load(loanOfBook, id) },
    Loan: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(loanById, id),
      book: ({ bookId }: LoanRow, _, { load }) => load(bookById, bookId),
      student: ({ studentId }: LoanRow) => ({ id: studentId }),
      recordedAt: ({ lentAt }: LoanRow) => lentAt,
    },
    Holding: { __resolveType: (holding: object) => ('bookId' in holding ? 'Loan' : 'Book') },
  },
};
