import type { SaveRow } from './entities.ts';

/** What a simulated client knows of one of its saves. Times are positions in the run's own order of events. */
export interface SentSave {
  readonly saveId: string;
  readonly rollId: string;
  readonly baseRevision: number;
  /** A text that no other save carries. */
  readonly mark: string;
  readonly sentAt: number;
  /** Every answer that arrived; none when all were lost. */
  readonly answers: { readonly outcome: string; readonly revision: number | null; readonly at: number }[];
}

/**
 * Looks for everything that may never happen to a save; returns what it found, in words. Linear: revisions give the order.
 * `rolls` is the present: roll id -> revision.
 */
export function faultsOf(sent: readonly SentSave[], history: readonly SaveRow[], rolls: ReadonlyMap<string, number>): string[] {
  const faults: string[] = [];
  const stored = Map.groupBy(history, (row) => row.saveId);
  const known = new Set(sent.map((save) => save.saveId));
  for (const row of history) if (!known.has(row.saveId)) faults.push(`ghost: nobody sent ${row.saveId}`);
  for (const save of sent) faults.push(...faultsOfSave(save, stored.get(save.saveId) ?? []));
  for (const [rollId, saves] of Map.groupBy(history, (row) => row.rollId))
    faults.push(...faultsOfRoll(rollId, saves, rolls.get(rollId) ?? 0));
  for (const saves of Map.groupBy(sent, (save) => save.rollId).values()) faults.push(...outOfOrder(saves));
  return faults;
}

function faultsOfSave({ saveId, answers, mark, baseRevision }: SentSave, rows: readonly SaveRow[]): string[] {
  const faults: string[] = [];
  if (rows.length > 1) faults.push(`applied twice: ${saveId}`);
  const [row] = rows;
  if (row && (row.baseRevision !== baseRevision || !row.comments.includes(mark))) faults.push(`stored otherwise than sent: ${saveId}`);
  for (const { outcome, revision } of answers) {
    if (outcome === 'SAVED' && (!row || row.revision !== revision)) faults.push(`lost acknowledgement: ${saveId} as revision ${revision}`);
    if (outcome === 'CONFLICT' && !row) faults.push(`conflict not kept: ${saveId}`);
    if (outcome === 'CONFLICT' && row && row.revision !== null) faults.push(`conflict applied: ${saveId}`);
  }
  if (new Set(answers.map(({ outcome, revision }) => `${outcome} ${revision}`)).size > 1) faults.push(`answered differently: ${saveId}`);
  return faults;
}

function faultsOfRoll(rollId: string, saves: readonly SaveRow[], present: number): string[] {
  const applied = saves.filter((row) => row.revision !== null).sort((a, b) => a.revision! - b.revision!);
  const faults = applied.flatMap((row, i) => [
    ...(row.revision === i + 1 ? [] : [`revision gap in ${rollId}: ${row.revision} where ${i + 1} is due`]),
    ...(row.baseRevision === row.revision! - 1 ? [] : [`silent overwrite in ${rollId}: ${row.revision} is based on ${row.baseRevision}`]),
  ]);
  if (present !== applied.length) faults.push(`${rollId} is at revision ${present} after ${applied.length} saves`);
  return faults;
}

/** A save that was answered before another was sent has the lower revision. */
function outOfOrder(saves: readonly SentSave[]): string[] {
  const saved = saves.flatMap(({ saveId, sentAt, answers }) => {
    const first = answers.find(({ outcome }) => outcome === 'SAVED');
    return first ? [{ saveId, sentAt, answeredAt: first.at, revision: first.revision! }] : [];
  });
  const faults: string[] = [];
  let highest = 0;
  const byAnswer = [...saved].sort((a, b) => a.answeredAt - b.answeredAt);
  let next = 0;
  for (const save of [...saved].sort((a, b) => a.sentAt - b.sentAt)) {
    while (next < byAnswer.length && byAnswer[next]!.answeredAt < save.sentAt) highest = Math.max(highest, byAnswer[next++]!.revision);
    if (save.revision <= highest) faults.push(`out of order: ${save.saveId} has revision ${save.revision} after ${highest} was answered`);
  }
  return faults;
}
