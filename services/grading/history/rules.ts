/** A change of a mark, as its save says it. A posting says nothing of value and comment. */
interface MarkChange {
  readonly kind: 'MARKS' | 'POST';
  readonly value: string | null;
  readonly comment: string | null;
}

/** What a mark was after each of its changes, oldest first: a new value is a draft, a posting keeps the value before it. */
export function replayed<Change extends MarkChange>(changes: readonly Change[]) {
  let value: string | null = null;
  let comment: string | null = null;
  return changes.map((change) => {
    if (change.kind === 'MARKS') ({ value, comment } = change);
    return { ...change, value, comment, status: change.kind === 'POST' ? 'POSTED' : 'DRAFT' };
  });
}
