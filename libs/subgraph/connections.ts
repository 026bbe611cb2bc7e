import { refuse } from '@rollbook/school';

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

/** Checks the arguments of a list. `after` is what the cursor holds (the sort key of the last row), `limit` one more than asked. */
export function pageArguments({ first, after }: PageArguments): { after: string[] | null; limit: number } {
  const size = first ?? maxPage;
  if (!Number.isInteger(size) || size < 1 || size > maxPage)
    refuse('BAD_USER_INPUT', `"first" must be between 1 and ${maxPage}, not ${size}.`, { argument: 'first' });
  return { after: after == null ? null : openCursor(after), limit: size + 1 };
}

function openCursor(cursor: string): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts) && parts.every((part) => typeof part === 'string')) return parts;
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
