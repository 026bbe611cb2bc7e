/**
 * Looks for broken promises: what teachers sent, heard and read, against what the databases hold afterwards. It trusts neither. Revisions
 * give the order of a cell's versions, so one pass over each cell is enough.
 */
import { posted, type Edited, type Event, type Row, type Sending } from './history.ts';

export type Kind =
  | 'lost_ack'
  | 'lost_edit'
  | 'dup_apply'
  | 'ghost'
  | 'lost_update'
  | 'conflict_unkept'
  | 'conflict_applied'
  | 'realtime'
  | 'stale_read'
  | 'replay_differs'
  | 'stuck'
  | 'final'
  | 'cross_service';

export interface Violation {
  readonly kind: Kind;
  readonly text: string;
  /** The cell, when it is about one. */
  readonly key?: string;
}

/** One cell of one save that was applied, as the history tells it. */
export interface Version {
  readonly saveId: string;
  readonly key: string;
  readonly base: number;
  readonly revision: number;
  readonly content: string;
  /** What of it the cell shows, when that is not all: a roll leaves out who is not on the roster. */
  readonly shown?: string;
}

/** A value that lost, kept beside what it met. */
export interface Lost {
  readonly saveId: string;
  readonly key: string;
  readonly content: string;
  readonly foundRevision: number;
}

/** What the databases hold. */
export interface Held {
  readonly versions: readonly Version[];
  readonly cells: readonly { readonly key: string; readonly revision: number; readonly content: string }[];
  readonly lost: readonly Lost[];
  readonly receipts: readonly string[];
  /** Receipts that were there before anybody of the run sent anything. */
  readonly before: ReadonlySet<string>;
  /** Rosters as scheduling committed them and as each listener holds them, row by row. */
  readonly rosters: { readonly committed: readonly string[]; readonly held: Readonly<Record<string, readonly string[]>> };
  /** What was still in outboxes when time was up, and parts of the system that did not stay up. */
  readonly waiting: readonly string[];
}

export function violationsOf(events: readonly Event[], sendings: readonly Sending[], held: Held): Violation[] {
  return [
    ...ofAnswers(sendings, held),
    ...ofApplied(sendings, held),
    ...ofCells(held),
    ...ofTime(sendings, held),
    ...ofReads(events, sendings, held),
    ...ofEdits(events, sendings),
    ...ofRosters(held),
    ...held.waiting.map((text): Violation => ({ kind: 'stuck', text })),
  ];
}

const at = (key: string, name: string | number) => `${name} ${key}`;
/** Of a school that a service has not heard of yet nothing can be judged: the save is to come again. */
const leavesReceipt = ({ rows }: Sending) => rows[0]!.code !== 'SCHOOL_NOT_KNOWN';
const textOf = (rows: readonly Row[]) => rows.map(({ outcome, revision, code }) => `${outcome} ${revision} ${code}`).join(', ');

/** What was acknowledged is there; what was answered is answered again; what lost is kept, and not applied. */
function ofAnswers(sendings: readonly Sending[], { versions, lost, receipts }: Held): Violation[] {
  const found: Violation[] = [];
  const byRevision = new Map(versions.map((version) => [at(version.key, version.revision), version]));
  const bySave = new Map(versions.map((version) => [at(version.key, version.saveId), version]));
  const kept = new Set(lost.map(({ key, saveId }) => at(key, saveId)));
  const stored = new Set(receipts);
  const heard = sendings.filter((sending) => sending.answeredAt !== null && leavesReceipt(sending));
  for (const [saveId, same] of Map.groupBy(heard, (sending) => sending.saveId)) {
    const [{ verb, cells, rows }] = same as [Sending];
    if (!stored.has(saveId)) found.push({ kind: 'lost_ack', text: `${saveId} was answered and has no receipt`, key: cells[0]!.key });
    if (same.filter(({ replayed }) => !replayed).length > 1)
      found.push({ kind: 'dup_apply', text: `${saveId} was answered as new more than once`, key: cells[0]!.key });
    const answers = new Set(same.map((sending) => textOf(sending.rows)));
    if (answers.size > 1)
      found.push({ kind: 'replay_differs', text: `${saveId} was answered ${[...answers].join(' and ')}`, key: cells[0]!.key });
    for (const [n, { key, content }] of cells.entries()) {
      const { outcome, revision } = rows[n]!;
      const version = outcome === 'SAVED' && byRevision.get(at(key, revision!));
      if (outcome === 'SAVED' && (!version || version.content !== content))
        found.push({ kind: 'lost_ack', text: `${saveId} was acknowledged as revision ${revision}`, key });
      else if (version && version.saveId !== saveId && content && content !== posted)
        found.push({
          kind: 'dup_apply',
          text: `${saveId} was acknowledged for what ${version.saveId} had done: one value under two ids`,
          key,
        });
      if (outcome !== 'SAVED' && bySave.has(at(key, saveId)))
        found.push({ kind: 'conflict_applied', text: `${saveId} was answered ${outcome}, and applied`, key });
      if (outcome === 'CONFLICT' && verb !== 'postMarks' && !kept.has(at(key, saveId)))
        found.push({ kind: 'conflict_unkept', text: `${saveId} lost and is not kept`, key });
    }
  }
  return found;
}

/** What the history says was sent, as it was sent; each value once. */
function ofApplied(sendings: readonly Sending[], { versions, lost, before }: Held): Violation[] {
  const found: Violation[] = [];
  const sent = new Map(sendings.flatMap(({ saveId, cells }) => cells.map((cell) => [at(cell.key, saveId), cell] as const)));
  for (const { saveId, key, base, content } of versions) {
    if (before.has(saveId)) continue;
    const origin = sent.get(at(key, saveId));
    if (!origin) found.push({ kind: 'ghost', text: `nobody sent ${saveId}`, key });
    else if (origin.base !== base || origin.content !== content)
      found.push({ kind: 'ghost', text: `${saveId} is "${content}" on ${base}, was sent as "${origin.content}" on ${origin.base}`, key });
  }
  const valued = versions.filter(({ saveId, content }) => content && content !== posted && !before.has(saveId));
  const byValue = Map.groupBy(valued, ({ key, content }) => at(key, content));
  for (const [{ key, content }, ...more] of byValue.values() as Iterable<[Version, ...Version[]]>)
    if (more.length) found.push({ kind: 'dup_apply', text: `"${content}" was applied ${more.length + 1} times`, key });
  for (const { key, content, saveId, foundRevision } of lost)
    if (byValue.get(at(key, content))?.some(({ revision }) => revision <= foundRevision))
      found.push({ kind: 'conflict_applied', text: `"${content}" was answered as lost (${saveId}) when it had been applied`, key });
  return found;
}

/** Revisions run from 1 without a gap, each built on the one before, and the last is what the cell is. */
function ofCells({ versions, cells }: Held): Violation[] {
  const found: Violation[] = [];
  const byKey = Map.groupBy(versions, ({ key }) => key);
  const present = new Map(cells.map((cell) => [cell.key, cell]));
  for (const [key, ofCell] of byKey) {
    const inOrder = ofCell.toSorted((a, b) => a.revision - b.revision);
    for (const [n, { revision, base, saveId }] of inOrder.entries())
      if (revision !== n + 1 || base !== n)
        found.push({ kind: 'lost_update', text: `${saveId} made revision ${revision} on ${base} where ${n + 1} on ${n} is due`, key });
    const last = inOrder.at(-1)!;
    const cell = present.get(key);
    if (cell?.revision !== last.revision || cell.content !== (last.shown ?? last.content))
      found.push({ kind: 'final', text: `is "${cell?.content}" at ${cell?.revision}, its history ends with "${last.content}" at ${last.revision}`, key }); // prettier-ignore
  }
  for (const { key } of cells) if (!byKey.has(key)) found.push({ kind: 'ghost', text: 'has no history', key });
  return found;
}

interface Known {
  readonly key: string;
  readonly revision: number;
  readonly at: number;
}

/** Revisions that somebody had been told of, by time. */
function acknowledgedIn(sendings: readonly Sending[]): Known[] {
  const known = sendings.flatMap(({ answeredAt, cells, rows }) =>
    answeredAt === null
      ? []
      : rows.flatMap(({ outcome, revision }, n) => (outcome === 'SAVED' ? [{ key: cells[n]!.key, revision: revision!, at: answeredAt }] : [])),
  ); // prettier-ignore
  return known.toSorted((a, b) => a.at - b.at);
}

/** Of each question the highest revision that was known of its cell before it was asked. Both in order of time: one pass. */
function knownBefore<Q extends { key: string; invokedAt: number }>(questions: readonly Q[], known: readonly Known[]): [Q, number][] {
  const highest = new Map<string, number>();
  let next = 0;
  return questions
    .toSorted((a, b) => a.invokedAt - b.invokedAt)
    .map((question) => {
      for (; next < known.length && known[next]!.at < question.invokedAt; next++) {
        const { key, revision } = known[next]!;
        highest.set(key, Math.max(revision, highest.get(key) ?? 0));
      }
      return [question, highest.get(question.key) ?? 0];
    });
}

/** What was acknowledged before something else was sent has the lower revision. */
function ofTime(sendings: readonly Sending[], { versions }: Held): Violation[] {
  const firstSent = new Map<string, number>();
  for (const { saveId, invokedAt } of sendings) firstSent.set(saveId, Math.min(invokedAt, firstSent.get(saveId) ?? Infinity));
  const applied = versions.flatMap((version) => {
    const invokedAt = firstSent.get(version.saveId);
    return invokedAt === undefined ? [] : [{ ...version, invokedAt }];
  });
  return knownBefore(applied, acknowledgedIn(sendings)).flatMap(([{ key, revision, saveId }, known]) =>
    revision > known ? [] : [{ kind: 'realtime' as const, text: `${saveId} became ${revision} after ${known} had been acknowledged`, key }],
  );
}

/** What is read is in the history, and not older than what was acknowledged before it was asked for. */
function ofReads(events: readonly Event[], sendings: readonly Sending[], { versions }: Held): Violation[] {
  const reads = events.flatMap((event) =>
    event.event === 'read' ? event.cells.map((cell) => ({ ...cell, invokedAt: event.invokedAt, teacher: event.teacher })) : [],
  );
  const written = new Map(versions.map((version) => [at(version.key, version.revision), version]));
  return knownBefore(reads, acknowledgedIn(sendings)).flatMap(([{ key, revision, content, teacher }, known]): Violation[] => {
    if (revision < known) return [{ kind: 'stale_read', text: `${teacher} read ${revision} after ${known} had been acknowledged`, key }];
    const version = written.get(at(key, revision));
    if (revision === 0 || (version && (content === null || (version.shown ?? version.content) === content))) return [];
    return [{ kind: 'ghost', text: `${teacher} read "${content}" at ${revision}, which is not in the history`, key }];
  });
}

/** What a teacher's computer called stored was sent, or they typed over it, or gave it up. */
function ofEdits(events: readonly Event[], sendings: readonly Sending[]): Violation[] {
  const sent = new Set(sendings.flatMap(({ teacher, cells }) => cells.map(({ key, content }) => `${teacher} ${key} ${content}`)));
  const edits = events.filter((event): event is Edited => event.event === 'typed' || event.event === 'stored' || event.event === 'gaveUp');
  const found: Violation[] = [];
  for (const ofCell of Map.groupBy(edits, ({ teacher, key }) => `${teacher} ${key}`).values()) {
    const stored = ofCell.findLastIndex(({ event }) => event === 'stored');
    if (stored < 0) continue;
    const { teacher, key, content } = ofCell[stored]!;
    const typed = ofCell.findIndex((edit) => edit.event === 'typed' && edit.content === content);
    const since = ofCell.slice(Math.max(typed, 0));
    if (since.some((edit) => edit.event === 'gaveUp' || sent.has(`${teacher} ${key} ${edit.content}`))) continue;
    found.push({ kind: 'lost_edit', text: `"${content}" of ${teacher} was stored and never sent`, key });
  }
  return found;
}

/** What listeners hold is what was committed. */
function ofRosters({ rosters: { committed, held } }: Held): Violation[] {
  const truth = new Set(committed);
  return Object.entries(held).flatMap(([listener, rows]) => {
    const theirs = new Set(rows);
    const wrong = [...truth.symmetricDifference(theirs)];
    return wrong.map((row): Violation => ({ kind: 'cross_service', text: `${listener} ${theirs.has(row) ? 'holds' : 'lacks'} ${row}` }));
  });
}

/** Everything that happened to a cell, in order, for whoever looks for the cause. */
export function storyOf(key: string, events: readonly Event[], sendings: readonly Sending[], { versions, cells, lost }: Held): string[] {
  const told: [number, string][] = [];
  for (const { saveId, teacher, verb, invokedAt, answeredAt, replayed, cells: sent, rows } of sendings)
    for (const [n, cell] of sent.entries()) {
      if (cell.key !== key) continue;
      told.push([invokedAt, `${teacher} sends ${verb} ${saveId}: "${cell.content}" on ${cell.base}`]);
      if (answeredAt !== null) told.push([answeredAt, `${saveId} is answered ${textOf([rows[n]!])}${replayed ? ', replayed' : ''}`]);
    }
  for (const event of events)
    for (const cell of event.event === 'read' ? event.cells : [])
      if (cell.key === key && event.event === 'read')
        told.push([
          event.at,
          `${event.teacher} reads ${JSON.stringify(cell.content)} at ${cell.revision} (asked at ${event.invokedAt.toFixed(1)})`,
        ]);
  const versionText = ({ revision, base, content, saveId }: Version) => `history: ${revision} on ${base} "${content}" by ${saveId}`;
  const mine = <T extends { key: string }>(all: readonly T[]) => all.filter((one) => one.key === key);
  return [
    key,
    ...told.toSorted(([a], [b]) => a - b).map(([time, text]) => `${time.toFixed(1)} ${text}`),
    ...mine(versions).toSorted((a, b) => a.revision - b.revision).map(versionText),
    ...mine(lost).map(({ saveId, content, foundRevision }) => `lost: "${content}" by ${saveId}, which met ${foundRevision}`),
    ...mine(cells).map(({ revision, content }) => `now: "${content}" at ${revision}`),
  ]; // prettier-ignore
}
