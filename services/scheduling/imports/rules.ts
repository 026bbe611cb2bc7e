import type { IsoDate } from '@rollbook/school';
import type { ImportDifference, ImportRefusal } from '@rollbook/subgraph';

/** A record as a row of a file wants it; its id is derived from the sourcedId. */
export interface Wanted {
  /** Index in the request's rows. */
  readonly row: number;
  readonly sourcedId: string;
  readonly id: string;
  /** The source wants it gone: it ends, if it is here at all. */
  readonly deleted: boolean;
}

type Row = { readonly sourcedId: string };
type Check<R extends Row, W extends Wanted> = (row: R, index: number) => W | Omit<ImportRefusal, 'row' | 'sourcedId'> | null;

/**
 * Turns rows into records. A row that cannot be one is refused alone; of two with one sourcedId the second. `check` gives null for
 * a row that only a dry run cannot look at, because what it points at would be there by then: it is assumed to be new.
 */
export function recordsOf<R extends Row, W extends Wanted>(
  rows: readonly R[],
  check: Check<R, W>,
): { wanted: W[]; refused: ImportRefusal[]; assumed: number } {
  const wanted: W[] = [];
  let assumed = 0;
  const refused: ImportRefusal[] = [];
  const seen = new Set<string>();
  rows.forEach((row, index) => {
    const { sourcedId } = row;
    const record = seen.has(sourcedId) ? refusal('ROW_TWICE', `${sourcedId} is in the file before.`) : check(row, index);
    seen.add(sourcedId);
    if (record === null) assumed += 1;
    else if ('code' in record) refused.push({ row: index, sourcedId, code: record.code, message: record.message });
    else wanted.push(record);
  });
  return { wanted, refused, assumed };
}

export const refusal = (code: string, message: string) => ({ code, message });

const keptDifferences = 20;

/** What a batch would do: which records are new, which are different from what is there, and in what. */
export interface Settled<W> {
  readonly created: readonly W[];
  readonly changed: readonly W[];
  readonly unchanged: number;
  readonly differences: readonly ImportDifference[];
}

/** Compares what is wanted with what is there, field by field. */
export function settle<W extends Wanted>(
  wanted: readonly W[],
  present: ReadonlyMap<string, object>,
  fields: readonly (keyof W & string)[],
): Settled<W> {
  const created: W[] = [];
  const changed: W[] = [];
  const differences: ImportDifference[] = [];
  for (const record of wanted) {
    const before = present.get(record.id) as Partial<W> | undefined;
    if (!before && !record.deleted) created.push(record);
    if (!before) continue;
    const different = fields.filter((field) => textOf(before[field]) !== textOf(record[field]));
    if (different.length) changed.push(record);
    for (const field of different)
      if (differences.length < keptDifferences)
        differences.push({ sourcedId: record.sourcedId, field, before: textOf(before[field]), after: textOf(record[field]) });
  }
  return { created, changed, unchanged: wanted.length - created.length - changed.length, differences };
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? value.join(', ') : String(value);
}

export const isDeleted = (status: string | null | undefined) => status === 'tobedeleted';

/** Where something ends that ends on a day: not before it begins (then it never took place), not after it would have ended. */
export function endingOn(today: IsoDate, begins: IsoDate, ends: IsoDate | null): IsoDate {
  const last = ends !== null && ends < today ? ends : today;
  return last < begins ? begins : last;
}

export const sessionTypes: Readonly<Record<string, 'SCHOOL_YEAR' | 'SEMESTER' | 'TERM' | 'GRADING_PERIOD'>> = {
  schoolYear: 'SCHOOL_YEAR',
  semester: 'SEMESTER',
  term: 'TERM',
  gradingPeriod: 'GRADING_PERIOD',
};
