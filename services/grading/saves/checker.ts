/**
 * Looks for broken promises in what clients sent and were answered, against what the database holds afterwards. It trusts neither:
 * revisions give the order of versions, so one pass over each cell is enough.
 */

/** One sending of a save, in the order in which the clients saw things happen. */
export interface Sending {
  readonly saveId: string;
  readonly invokedAt: number;
  /** Null when the answer never reached its client. */
  readonly answeredAt: number | null;
  readonly replayed: boolean;
  readonly cells: readonly { readonly key: string; readonly base: number; readonly content: string }[];
  readonly rows: readonly { readonly outcome: string; readonly revision: number | null }[];
}

/** One cell of one save that was applied, as the history tells it. */
export interface Version {
  readonly saveId: string;
  readonly key: string;
  readonly base: number;
  readonly content: string;
}

export interface Held {
  readonly versions: readonly Version[];
  /** What each cell is now. */
  readonly cells: readonly { readonly key: string; readonly revision: number; readonly content: string }[];
  /** Cells of saves that lost and were kept. */
  readonly conflicts: readonly { readonly saveId: string; readonly key: string }[];
  readonly receipts: readonly string[];
}

export function faultsOf(sendings: readonly Sending[], held: Held): string[] {
  return [...faultsOfAnswers(sendings, held), ...faultsOfHistory(sendings, held), ...faultsOfTime(sendings, held)];
}

const cellOf = ({ saveId, key }: { saveId: string; key: string }) => `${saveId} ${key}`;

/** What was acknowledged is there, once; what was answered is answered again; what lost is kept. */
function faultsOfAnswers(sendings: readonly Sending[], { versions, conflicts, receipts }: Held): string[] {
  const faults: string[] = [];
  const applied = new Map(versions.map((version) => [cellOf(version), version]));
  const kept = new Set(conflicts.map(cellOf));
  for (const [saveId, same] of Map.groupBy(sendings, (sending) => sending.saveId)) {
    if (receipts.filter((receipt) => receipt === saveId).length !== 1) faults.push(`lost_ack: ${saveId} has no single receipt`);
    if (same.filter(({ replayed }) => !replayed).length !== 1) faults.push(`dup_apply: ${saveId} was not applied exactly once`);
    if (new Set(same.map(({ rows }) => JSON.stringify(rows))).size !== 1) faults.push(`replay_differs: ${saveId}`);
    for (const [n, { key, base, content }] of same[0]!.cells.entries()) {
      const { outcome, revision } = same[0]!.rows[n]!;
      const version = applied.get(cellOf({ saveId, key }));
      const written = outcome === 'SAVED' && revision === base + 1;
      if (written && version?.content !== content && !versions.some((v) => v.key === key && v.base === base && v.content === content))
        faults.push(`lost_ack: ${saveId} ${key} ${revision}`);
      if (outcome !== 'SAVED' && version) faults.push(`conflict_applied: ${saveId} ${key}`);
      if (outcome === 'CONFLICT' && !kept.has(cellOf({ saveId, key }))) faults.push(`conflict_unkept: ${saveId} ${key}`);
    }
  }
  return faults;
}

/** Revisions run from 1 without a gap, each was sent by somebody, and the last is what the cell is. */
function faultsOfHistory(sendings: readonly Sending[], { versions, cells }: Held): string[] {
  const faults: string[] = [];
  const sent = new Map(sendings.flatMap(({ saveId, cells }) => cells.map((cell) => [cellOf({ saveId, key: cell.key }), cell] as const)));
  const byKey = Map.groupBy(versions, (version) => version.key);
  for (const [key, ofCell] of byKey) {
    const inOrder = ofCell.toSorted((a, b) => a.base - b.base);
    for (const [n, version] of inOrder.entries()) {
      if (version.base !== n) faults.push(`lost_update: ${key} has a version on ${version.base} where ${n} is due`);
      const origin = sent.get(cellOf(version));
      if (!origin || origin.base !== version.base || origin.content !== version.content) faults.push(`ghost: ${version.saveId} ${key}`);
    }
    const now = cells.find((cell) => cell.key === key);
    const last = inOrder.at(-1)!;
    if (now?.revision !== last.base + 1 || now.content !== last.content) faults.push(`final: ${key}`);
  }
  for (const { key } of cells) if (!byKey.has(key)) faults.push(`ghost: ${key} has no history`);
  return faults;
}

/** What was acknowledged before something else was sent has the lower revision. */
function faultsOfTime(sendings: readonly Sending[], { versions }: Held): string[] {
  const faults: string[] = [];
  const applied = new Set(versions.map(cellOf));
  const acknowledged = sendings
    .filter(({ replayed, answeredAt }) => !replayed && answeredAt !== null)
    .flatMap(({ saveId, cells, invokedAt, answeredAt }) =>
      cells
        .filter(({ key }) => applied.has(cellOf({ saveId, key })))
        .map(({ key, base }) => ({ key, revision: base + 1, invokedAt, answeredAt: answeredAt! })),
    );
  for (const ofCell of Map.groupBy(acknowledged, ({ key }) => key).values()) {
    let highest = 0;
    const answers = ofCell.toSorted((a, b) => a.answeredAt - b.answeredAt);
    let next = 0;
    for (const later of ofCell.toSorted((a, b) => a.invokedAt - b.invokedAt)) {
      while (answers[next] && answers[next]!.answeredAt < later.invokedAt) highest = Math.max(highest, answers[next++]!.revision);
      if (highest >= later.revision) faults.push(`realtime: ${later.key} ${later.revision} after ${highest}`);
    }
  }
  return faults;
}
