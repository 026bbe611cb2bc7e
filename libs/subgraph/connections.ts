import { isDate, isUuid, refuse } from '@rollbook/school';

/** `first` rows after the cursor; a page holds at most 100. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

export interface Connection<Row> {
  readonly edges: readonly { cursor: string; node: Row }[];
  readonly nodes: readonly Row[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const maxPage = 100;

/** What the texts of a sort key are, each of them: a statement that is planned once reads them only when it comes to a row. */
const isPart = {
  text: () => true,
  uuid: isUuid,
  /** Or the end of all days, for rows without one. */
  date: (text: string) => isDate(text) || text === '-infinity' || text === 'infinity',
  integer: (text: string) => /^\d{1,9}$/.test(text),
  /** Or nothing, for rows without one. */
  'uuid or none': (text: string) => text === '' || isUuid(text),
} as const;
export type SortKey = readonly (keyof typeof isPart)[];

/**
 * Checks the arguments of a list. `after` is what the cursor holds (the sort key of the last row), `limit` one more than asked.
 *
 * @param sortKey what the list is ordered by
 */
export function pageArguments({ first, after }: PageArguments, sortKey: SortKey): { after: string[] | null; limit: number } {
  const size = first ?? maxPage;
  if (!Number.isInteger(size) || size < 1 || size > maxPage)
    refuse('BAD_USER_INPUT', `"first" must be between 1 and ${maxPage}, not ${size}.`, { argument: 'first' });
  return { after: after == null ? null : openCursor(after, sortKey), limit: size + 1 };
}

function openCursor(cursor: string, sortKey: SortKey): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isKey = (found: readonly unknown[]) =>
      found.length === sortKey.length && found.every((part, n) => typeof part === 'string' && isPart[sortKey[n]!](part));
    if (Array.isArray(parts) && isKey(parts)) return parts as string[];
  } catch {
    // told below
  }
  return refuse('BAD_USER_INPUT', '"after" is not a cursor of this list; use the endCursor of a page.', { argument: 'after' });
}

/** Makes a page of rows that were read with `limit`; `sortKey` gives the texts that the list is ordered by, ending in a unique one. */
export function connectionOf<Row>(rows: readonly Row[], limit: number, sortKey: (row: Row) => string[]): Connection<Row> {
  const nodes = rows.slice(0, limit - 1);
  const edges = nodes.map((node) => ({ node, cursor: Buffer.from(JSON.stringify(sortKey(node))).toString('base64url') }));
  return { edges, nodes, pageInfo: { hasNextPage: rows.length > nodes.length, endCursor: edges.at(-1)?.cursor ?? null } };
}
