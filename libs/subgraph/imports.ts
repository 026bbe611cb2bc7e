import { refuse } from '@rollbook/school';
import type { Context, Transaction } from './context.ts';

/** What every import verb is given, besides its rows. */
export interface ImportInput<Row> {
  readonly importId: string;
  /** Counts the requests of one file, from 0. */
  readonly batch: number;
  /** The system the rows come from; ids of its records are derived from this name. */
  readonly source: string;
  /** Only tell what would change. */
  readonly dryRun: boolean;
  /** The day on which what disappears is ended. */
  readonly today: string;
  readonly rows: readonly Row[];
}

export interface ImportRefusal {
  /** Index in the request's rows. */
  readonly row: number;
  readonly sourcedId: string;
  readonly code: string;
  readonly message: string;
}

export interface ImportDifference {
  readonly sourcedId: string;
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface ImportAnswer {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: readonly ImportRefusal[];
  readonly differences: readonly ImportDifference[];
}

/** What applying a batch did: the answer, the ids it saw, and those of them that it created or changed. */
export interface AppliedRows extends ImportAnswer {
  readonly seen: readonly string[];
  readonly touched: readonly string[];
}

const maxRows = 1_000;

/**
 * Runs one batch of an import in one transaction with its receipt: sent again, it answers what it answered. A dry run is the
 * same work rolled back, so it needs the rows that earlier files of the package would have brought to be there already; rows whose
 * references are missing in a dry run must be counted as created, not refused (`dryRun` is passed to `apply`).
 */
export async function importRows<Row>(
  context: Context,
  kind: string,
  input: ImportInput<Row>,
  apply: (tx: Transaction, input: ImportInput<Row>) => Promise<AppliedRows>,
): Promise<ImportAnswer> {
  if (input.rows.length > maxRows) refuse('TOO_MANY_ROWS', `A batch holds at most ${maxRows} rows, not ${input.rows.length}.`);
  try {
    return await context.write(async (tx) => {
      // A copy that comes meanwhile waits, and finds the receipt.
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${input.importId} ${kind} ${input.batch}`]);
      const [earlier] = await tx.query<{ answer: ImportAnswer }>(
        'select answer from import_batch where import_id = $1 and kind = $2 and batch = $3',
        [input.importId, kind, input.batch],
      );
      if (earlier) return earlier.answer;
      const { seen, touched, ...answer } = await apply(tx, input);
      if (input.dryRun) throw new DryRun(answer);
      await remember(tx, kind, input, answer, seen, touched);
      return answer;
    }, `import from ${input.source}`);
  } catch (error) {
    if (error instanceof DryRun) return error.answer;
    throw error;
  }
}

/** Carries a dry run's answer out of the transaction that it undoes. */
class DryRun extends Error {
  readonly answer: ImportAnswer;
  constructor(answer: ImportAnswer) {
    super('dry run');
    this.answer = answer;
  }
}

async function remember(
  tx: Transaction,
  kind: string,
  { importId, batch }: ImportInput<unknown>,
  answer: ImportAnswer,
  seen: readonly string[],
  touched: readonly string[],
): Promise<void> {
  await tx.query('insert into import_batch (import_id, kind, batch, answer) values ($1, $2, $3, $4)', [
    importId,
    kind,
    batch,
    JSON.stringify(answer),
  ]);
  const changed = new Set(touched);
  await tx.query(
    `insert into import_seen (import_id, kind, row_id, touched)
       select $1, $2, id, bool_or(touched) from unnest($3::uuid[], $4::boolean[]) as s (id, touched) group by id
       on conflict (import_id, kind, row_id) do update set touched = true where excluded.touched and not import_seen.touched`,
    [importId, kind, seen, seen.map((id) => changed.has(id))],
  );
}

/** Forgets a finished import's receipts, so that the next import of the same package looks at every row again. */
export async function forgetImport(tx: Transaction, importId: string): Promise<void> {
  await tx.query('delete from import_batch where import_id = $1', [importId]);
  await tx.query('delete from import_seen where import_id = $1', [importId]);
}
