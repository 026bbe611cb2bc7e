import { isUuid, refuse, Refused, sourcedUuid } from '@rollbook/school';
import type { Transaction } from '@rollbook/subgraph';
import { fault, type Fault, type ScheduleRow } from './csv.ts';
import type { Year } from './facts.ts';

/** Where an import goes, and where it comes from. */
export interface Place extends Year {
  readonly source: string;
}

/** What became of the rows of a file. */
export interface Applied {
  readonly kept: readonly { readonly line: number; readonly changed: boolean }[];
  readonly faults: readonly Fault[];
  /** Sections that other services are to be told of. */
  readonly sectionIds?: readonly string[];
}

export interface Judged<Wanted> {
  readonly line: number;
  readonly key: string;
  readonly wanted: Wanted;
}

/** A refusal that says which column is wrong. */
export const refuseCell = (column: string, code: string, message: string): never => refuse(code, message, { column });

/** Does something for a column: what is refused there is the fault of its cell. */
export function inColumn<T>(column: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refuseCell(column, error.code, error.message);
  }
}

/** Each row by itself: what it wants, or its fault. Of two that are about the same thing the second is refused. */
export function judge<Wanted>(
  rows: readonly ScheduleRow[],
  wantedOf: (row: ScheduleRow) => Wanted,
  keyOf: (wanted: Wanted) => string,
): { judged: Judged<Wanted>[]; faults: Fault[] } {
  const judged: Judged<Wanted>[] = [];
  const faults: Fault[] = [];
  const lines = new Map<string, number>();
  for (const row of rows) {
    const wanted = orFault(row.line, () => wantedOf(row));
    if (isFault(wanted)) {
      faults.push(wanted);
      continue;
    }
    const key = keyOf(wanted);
    const before = lines.get(key);
    if (before === undefined) judged.push({ line: row.line, key, wanted });
    else faults.push(fault(row.line, null, 'ROW_TWICE', `The row is about the same as line ${before}.`));
    lines.set(key, before ?? row.line);
  }
  return { judged, faults };
}

const isFault = (value: unknown): value is Fault => typeof value === 'object' && value !== null && 'remedy' in value;

/** What is refused is the fault of a row. */
export function orFault<T>(line: number, work: () => T): T | Fault {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return fault(line, (error.details?.['column'] as string | undefined) ?? null, error.code, error.message);
  }
}

/** Which rows want something else than what is there; both sides in the same form. */
export function settle<Wanted>(judged: readonly Judged<Wanted>[], present: ReadonlyMap<string, Wanted>) {
  const kept = judged.map((each) => ({ ...each, changed: JSON.stringify(present.get(each.key)) !== JSON.stringify(each.wanted) }));
  return { kept, changed: kept.filter(({ changed }) => changed).map(({ wanted }) => wanted) };
}

/** The id of somebody in a file: Rollbook's own, or derived from the one of another system. */
export const personId = ({ source }: Place, text: string) => (isUuid(text) ? text : sourcedUuid(source, 'user', text));

/** A course that can be named by its number. */
export interface NumberedCourse {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly orgId: string | null;
  readonly credits: string | null;
  readonly periodLoad: string;
  readonly subjects: readonly string[];
  readonly gradeLevels: readonly string[];
  readonly prerequisites: readonly { readonly anyOf: readonly string[]; readonly note: string | null }[];
  readonly repeatable: boolean;
}

/** What a number means at a school: its own courses before the district's, those that have not ended before those that have. */
export async function coursesByNumber(
  { query }: Pick<Transaction, 'query'>,
  { schoolId }: Year,
): Promise<ReadonlyMap<string, readonly NumberedCourse[]>> {
  const rows = await query<NumberedCourse & { rank: number }>(
    `select c.id, c.number, c.title, c.org_id as "orgId", c.credits, c.period_load as "periodLoad", c.subjects,
       c.grade_levels as "gradeLevels", c.prerequisites, c.repeatable,
       (c.org_id is distinct from $1)::int + 2 * (c.ended_on is not null)::int as rank
     from course c where c.number is not null
       and (c.org_id = $1 or c.org_id is null or not exists (select from school s where s.id = c.org_id)) order by rank, c.id`,
    [schoolId],
  );
  return new Map(
    [...Map.groupBy(rows, ({ number }) => number)].map(([number, all]) => [number, all.filter(({ rank }) => rank === all[0]!.rank)]),
  );
}

/** The one course of this number. Refuses COURSE_UNKNOWN, COURSE_AMBIGUOUS. */
export function courseNumbered(courses: ReadonlyMap<string, readonly NumberedCourse[]>, column: string, number: string): NumberedCourse {
  const found = courses.get(number) ?? [];
  if (found.length > 1) return refuseCell(column, 'COURSE_AMBIGUOUS', `${found.length} courses have the number ${number}.`);
  return found[0] ?? refuseCell(column, 'COURSE_UNKNOWN', `The school has no course with the number ${number}.`);
}
