import { isDate, sourcedUuid } from '@rollbook/school';
import type { AppliedRows, ImportDifference } from '@rollbook/subgraph';
import { checkRange } from '../rules.ts';

/** Why a row is left out. */
export type Fault = readonly [code: string, message: string];

/** A row that can be applied, under the id that every service derives for it. */
export interface Sound<Row> {
  readonly n: number;
  readonly id: string;
  readonly row: Row;
}

/** What the database says of a row it was given: applied, as it was already, or why not. */
export interface Outcome {
  readonly n: number;
  readonly outcome: string;
  readonly id: string | null;
  /** In a dry run: what the row held, and what it would hold, by column. */
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

/** The derived id of a reference; those of a batch repeat (thirty results of one line item), so each is derived once. */
export function idsOf(source: string): (kind: string, sourcedId: string) => string {
  const known = new Map<string, string>();
  return (kind, sourcedId) => {
    const key = `${kind}\0${sourcedId}`;
    let id = known.get(key);
    if (!id) known.set(key, (id = sourcedUuid(source, kind, sourcedId)));
    return id;
  };
}

interface Sourced {
  readonly sourcedId: string;
}

/** Parts the rows that can be given to the database from those that their form alone refuses; a second row of one id is refused. */
export function partRows<Row extends Sourced>(rows: readonly Row[], idOf: (row: Row) => string, faultOf: (row: Row) => Fault | null) {
  const seen = new Set<string>();
  const sound: Sound<Row>[] = [];
  const refused: AppliedRows['refused'][number][] = [];
  for (const [n, row] of rows.entries()) {
    const fault = seen.has(row.sourcedId) ? duplicate : faultOf(row);
    seen.add(row.sourcedId);
    if (fault) refused.push({ row: n, sourcedId: row.sourcedId, code: fault[0], message: fault[1] });
    else sound.push({ n, id: idOf(row), row });
  }
  return { sound, refused };
}

const duplicate: Fault = ['DUPLICATE_ROW', 'A row before this one is about the same; it was applied, this one was left out.'];

const told = 20;

/** Adds up what became of a batch. `messages` explains what the database refused. */
export function sumUp<Row extends Sourced>(
  rows: readonly Row[],
  refused: AppliedRows['refused'],
  outcomes: readonly Outcome[],
  messages: Readonly<Record<string, string>>,
): AppliedRows {
  const of = (...wanted: string[]) => outcomes.filter(({ outcome }) => wanted.includes(outcome));
  const late = outcomes.filter(({ outcome }) => outcome in messages);
  return {
    created: of('created').length,
    changed: of('changed').length,
    unchanged: of('unchanged').length,
    refused: [
      ...refused,
      ...late.map(({ n, outcome }) => ({ row: n, sourcedId: rows[n]!.sourcedId, code: outcome, message: messages[outcome]! })),
    ].sort((a, b) => a.row - b.row),
    differences: of('changed')
      .flatMap(({ n, before, after }) => differences(rows[n]!.sourcedId, before ?? {}, after ?? {}))
      .slice(0, told),
    seen: of('created', 'changed', 'unchanged').flatMap(({ id }) => (id ? [id] : [])),
    touched: of('created', 'changed').flatMap(({ id }) => (id ? [id] : [])),
  };
}

function differences(sourcedId: string, before: Record<string, unknown>, after: Record<string, unknown>): ImportDifference[] {
  const text = (value: unknown) => (value == null ? null : String(value));
  const camel = (column: string) => column.replace(/_[a-z]/g, (part) => part[1]!.toUpperCase());
  return Object.keys(after)
    .filter((field) => text(before[field]) !== text(after[field]))
    .map((field) => ({ sourcedId, field: camel(field), before: text(before[field]), after: text(after[field]) }));
}

/** The code and message of a check that refuses by throwing. */
export function faultOfCheck(check: () => void): Fault | null {
  try {
    check();
    return null;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (!code) throw error;
    return [code, message];
  }
}

export const checkNumbers = (...numbers: (string | null | undefined)[]) => faultOfCheck(() => checkRange(...numbers));

/** A day that may be left out. */
export function dateFault(...dates: (string | null | undefined)[]): Fault | null {
  const odd = dates.find((date) => date && !isDate(date));
  return odd ? ['DATE_INVALID', `${JSON.stringify(odd)} is not a day that exists, written 2026-11-21.`] : null;
}

/** OneRoster's word for a record that its source no longer has. */
export const isWithdrawn = (status: string | null | undefined): boolean => status?.toLowerCase() === 'tobedeleted';
