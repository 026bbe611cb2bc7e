import { groupOf, inputOf, keyOf, partnerOf, type Cell, type CellOutcome, type Found, type RefusedRow } from './cells.ts';
import { applied, type Changes, type Records, type Stored } from './storage.ts';

/** What becomes of edits, as pure steps over what is stored: typed, put into a save, settled, decided by the person. */

interface Typed {
  readonly value: unknown;
  readonly baseRevision: number;
  readonly reason?: string;
}

/** An edit as a person made it. Its version is its own, and above those of earlier edits of the same cell. */
export interface Edit extends Typed {
  readonly cell: Cell;
  readonly version: number;
}

/** What the person has to look at: the value that was typed, why it does not stand, and what does. */
export interface Trouble extends Typed {
  readonly outcome: 'CONFLICT' | 'REFUSED';
  readonly code: string;
  readonly message: string;
  readonly found?: Found;
  readonly rows?: readonly RefusedRow[];
}

/** One cell of a person. At most one of `waiting` and `trouble`. */
export interface CellRecord extends Stored {
  readonly cell: Cell;
  /** Of the newest edit that is or was in it. */
  readonly version: number;
  /** Typed, and in no save yet. */
  readonly waiting?: Typed;
  /** In a save whose outcome was not heard. */
  readonly sent?: Typed & { readonly saveId: string };
  readonly trouble?: Trouble;
  /** The last revision that this person made or has accepted. */
  readonly revision?: number;
}

/** A save, from before it is sent until its outcome is stored. */
export interface SaveRecord extends Stored {
  readonly saveId: string;
  readonly kind: Cell['kind'];
  readonly cells: readonly Cell[];
  readonly input: object;
}

/** The server's limits of one save, with room to spare for the operation around it in a request of 262,144 bytes. */
const maxCells = 500;
const maxBytes = 200_000;
/** Of cells on which nothing hangs, this many are remembered. */
const maxRemembered = 500;

const savePrefix = 'save/';
export const isSave = (key: string): boolean => key.startsWith(savePrefix);
export const savesIn = (records: Records): SaveRecord[] =>
  [...records].flatMap(([key, record]) => (isSave(key) ? [record as SaveRecord] : []));
export const cellsIn = (records: Records): CellRecord[] =>
  [...records].flatMap(([key, record]) => (isSave(key) ? [] : [record as CellRecord]));
const cellAt = (records: Records, cell: Cell | undefined): CellRecord | undefined =>
  cell && (records.get(keyOf(cell)) as CellRecord | undefined);

/** Puts a cell's record in its place with what is told changed. It stays when nothing is open: its version says which edits have been. */
function put(
  changes: Map<string, Stored | null>,
  before: CellRecord,
  change: { [K in keyof CellRecord]?: CellRecord[K] | undefined },
): void {
  const after = { ...before, ...change };
  const open = Boolean(after.waiting ?? after.sent ?? after.trouble);
  changes.set(keyOf(before.cell), { ...after, open } as CellRecord);
}

/** The same steps one after the other, as one. */
export function inTurn(records: Records, steps: readonly ((records: Records) => Changes)[]): Changes {
  let now = records;
  const all = new Map<string, Stored | null>();
  for (const step of steps) {
    const changes = step(now);
    changes.forEach((record, key) => all.set(key, record));
    now = applied(now, changes);
  }
  return all;
}

/**
 * A person edits a cell: this replaces what they typed there before and was not sent. In a conflict it changes their side of it, and they
 * still have to choose, unless they have seen what stands. Changing a mark takes back a posting that has not gone.
 */
export function typed(records: Records, { cell, version, ...edit }: Edit): Changes {
  const changes = new Map<string, Stored | null>();
  const before = cellAt(records, cell) ?? { cell, version: 0, open: false };
  const { trouble, revision = 0 } = before;
  // It has come before (by the fast copy, or in a step that seemed to fail), or another tab's later edit has.
  if (version <= before.version) return changes;
  if (trouble?.outcome === 'CONFLICT' && edit.baseRevision < (trouble.found?.revision ?? Infinity))
    put(changes, before, { version, trouble: { ...trouble, value: edit.value } });
  else put(changes, before, { version, waiting: { ...edit, baseRevision: Math.max(edit.baseRevision, revision) }, trouble: undefined });
  if (cell.kind === 'mark') takeBack(changes, cellAt(records, partnerOf(cell)), version);
  return changes;
}

/** A posting that was asked for before this. */
function takeBack(changes: Map<string, Stored | null>, post: CellRecord | undefined, version: number): void {
  if (post?.waiting && post.version < version) put(changes, post, { waiting: undefined });
}

/** Must this edit wait? For its own save; and a mark and its posting for each other, since they share their revisions. */
function mustWait(records: Records, { cell, sent }: CellRecord): boolean {
  const partner = cellAt(records, partnerOf(cell));
  if (sent || partner?.sent) return true;
  return cell.kind === 'post' && Boolean(partner?.waiting ?? partner?.trouble);
}

/** Makes a save of edits that wait and belong together; none, when none can go. */
export function nextSave(records: Records, saveId: string): Changes {
  const changes = new Map<string, Stored | null>();
  const taken: { record: CellRecord; sent: Typed & { cell: Cell } }[] = [];
  let group: string | undefined;
  let bytes = 0;
  for (const record of cellsIn(records)) {
    const { cell, waiting } = record;
    if (!waiting || mustWait(records, record) || (group ?? groupOf(cell, waiting.reason)) !== groupOf(cell, waiting.reason)) continue;
    // Its partner may have made revisions since this was typed; what they hold, this person gave or accepted.
    const baseRevision = Math.max(waiting.baseRevision, cellAt(records, partnerOf(cell))?.revision ?? 0);
    const sent = { ...waiting, cell, baseRevision };
    bytes += new TextEncoder().encode(JSON.stringify(sent)).length;
    if (taken.length && (bytes > maxBytes || taken.length === maxCells)) break;
    group ??= groupOf(cell, waiting.reason);
    taken.push({ record, sent });
  }
  const [first, ...more] = taken.map(({ sent }) => sent);
  if (!first) return changes;
  for (const { record, sent } of taken) {
    const { cell: _, ...typed } = sent;
    put(changes, record, { waiting: undefined, sent: { ...typed, saveId } });
  }
  const input = inputOf(saveId, [first, ...more], first.reason);
  const save: SaveRecord = { open: true, saveId, kind: first.cell.kind, cells: taken.map(({ record }) => record.cell), input };
  return changes.set(savePrefix + saveId, save);
}

/** The outcome of a save was heard. The second time it is heard, from another tab or another copy of the request, it says nothing new. */
export function settled(records: Records, saveId: string, outcomes: readonly CellOutcome[]): Changes {
  const changes = new Map<string, Stored | null>();
  const save = records.get(savePrefix + saveId) as SaveRecord | undefined;
  if (!save) return changes;
  changes.set(savePrefix + saveId, null);
  save.cells.forEach((cell, n) => {
    const record = cellAt(records, cell);
    if (record?.sent?.saveId === saveId) settleCell(changes, record, outcomes[n]!);
  });
  return forgetting(records, changes);
}

function settleCell(changes: Map<string, Stored | null>, record: CellRecord, heard: CellOutcome): void {
  const { outcome, revision, code = outcome, message = '', found, rows } = heard;
  const { sent, waiting } = record;
  const known = outcome === 'CONFLICT' ? record.revision : (revision ?? record.revision);
  if (outcome === 'SAVED' || (waiting && (outcome === 'REFUSED' || waiting.baseRevision >= (found?.revision ?? Infinity)))) {
    // What was typed meanwhile goes next, and on what is known by now.
    const next = waiting && {
      ...waiting,
      baseRevision: Math.max(waiting.baseRevision, (outcome === 'SAVED' || rows ? known : undefined) ?? 0),
    };
    return put(changes, record, { sent: undefined, waiting: next, ...(outcome === 'SAVED' || rows ? { revision: known } : {}) });
  }
  const { saveId: _, ...mine } = { ...sent!, ...waiting };
  const trouble: Trouble = { ...mine, outcome, code, message, ...(found && { found }), ...(rows && { rows }) };
  put(changes, record, { sent: undefined, waiting: undefined, trouble, ...(rows && { revision: known }) });
}

/** Lets go of the oldest cells that are remembered without need. */
function forgetting(records: Records, changes: Map<string, Stored | null>): Changes {
  const idle = [...applied(records, changes)].filter(([key, { open }]) => !open && !isSave(key)) as [string, CellRecord][];
  idle.sort(([, a], [, b]) => b.version - a.version);
  for (const [key] of idle.slice(maxRemembered)) changes.set(key, null);
  return changes;
}

/** The person wants their own value, having seen what stands: a new edit on the revision that was found. After a refusal: try again. */
export function keepMine(records: Records, cell: Cell): Changes {
  const changes = new Map<string, Stored | null>();
  const record = cellAt(records, cell);
  if (!record?.trouble) return changes;
  const { value, reason, baseRevision, outcome, found } = record.trouble;
  const seen = Math.max(baseRevision, record.revision ?? 0, outcome === 'CONFLICT' ? (found?.revision ?? 0) : 0);
  put(changes, record, { trouble: undefined, waiting: { value, baseRevision: seen, ...(reason !== undefined && { reason }) } });
  return changes;
}

/**
 * The person gives their own value up for what stands; so they no longer post it either. What they typed or posted after this decision
 * builds on it.
 */
export function takeTheirs(records: Records, cell: Cell, version: number): Changes {
  const changes = new Map<string, Stored | null>();
  const record = cellAt(records, cell);
  if (!record?.trouble) return changes;
  if (record.version > version) return keepMine(records, cell);
  const { outcome, found } = record.trouble;
  put(changes, record, { trouble: undefined, revision: outcome === 'CONFLICT' ? (found?.revision ?? record.revision) : record.revision });
  if (cell.kind === 'mark') takeBack(changes, cellAt(records, partnerOf(cell)), version);
  return changes;
}

/** UUID of version 7: its first 48 bits are the time, so that receipts are stored side by side. */
export function newSaveId(now: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${'89ab'[bytes[2]! & 3]}${hex.slice(6, 9)}-${hex.slice(9, 21)}`;
}
