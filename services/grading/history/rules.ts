/**
 * A change of a mark, as its save says it. A posting says nothing of what the mark is. Of effort, conduct and codes (joined by commas) null
 * is not said, so as it was, and an empty text none. A CHANGE is one that the office made and posted at once, as its teacher had asked.
 */
interface MarkChange {
  readonly kind: 'MARKS' | 'POST' | 'CHANGE';
  readonly value: string | null;
  readonly comment: string | null;
  readonly effort: string | null;
  readonly conduct: string | null;
  readonly codes: string | null;
}

/** What a mark was after each of its changes, oldest first: a new value is a draft, a posting keeps the value before it. */
export function replayed<Change extends MarkChange>(changes: readonly Change[]) {
  let now = { value: null as string | null, comment: null as string | null, effort: '', conduct: '', codes: '' };
  return changes.map((change) => {
    if (change.kind !== 'POST') now = { ...change, ...saidOf(change, now) };
    const { value, comment, effort, conduct, codes } = now;
    const commentCodes = codes ? codes.split(',') : [];
    const status = change.kind === 'MARKS' ? 'DRAFT' : 'POSTED';
    return { ...change, value, comment, effort: effort || null, conduct: conduct || null, commentCodes, status };
  });
}

function saidOf({ effort, conduct, codes }: MarkChange, before: { effort: string; conduct: string; codes: string }) {
  return { effort: effort ?? before.effort, conduct: conduct ?? before.conduct, codes: codes ?? before.codes };
}
