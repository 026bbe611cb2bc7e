import { refuse } from '@rollbook/school';
import { createHash } from 'node:crypto';
import type { CellContent } from './entities.ts';
import { conflictMessage, refusals } from './rules.ts';

/** What became of a cell, when it was not simply written. `n` is its place in the request. */
interface Exception<Content> {
  readonly n: number;
  /** SAME (it had this value already), CONFLICT, or why it was refused. */
  readonly code: string;
  readonly revision?: number | null;
  readonly by?: string;
  readonly at?: string;
  readonly found?: Content;
}

/** What the functions save_marks, post_marks and save_scores answer. */
export interface Saved<Content = CellContent> {
  readonly outcome: 'SAVED' | 'REPLAYED' | 'REUSED' | 'SECTION_UNKNOWN' | 'GRADING_PERIOD_UNKNOWN';
  readonly exceptions: readonly Exception<Content>[] | null;
  readonly receivedAt: Date;
}

export interface Asked {
  readonly saveId: string;
  readonly sectionId: string;
}

/** The fingerprint of a save: another request under its id is told apart by it. JSON writes what cannot be stored as escapes. */
export const contentOf = (...asked: unknown[]): Buffer => createHash('sha256').update(JSON.stringify(asked)).digest();

/** A save in the order of its keys (so that saves which meet lock in one order), without the cells that are refused by their form. */
export function soundCells<Cell>(
  cells: readonly Cell[],
  faultOf: (cell: Cell) => string | null,
  keyOf: (cell: Cell) => string,
): { sound: (Cell & { n: number })[]; malformed: string | null } {
  const malformed: { n: number; code: string }[] = [];
  const sound: (Cell & { n: number })[] = [];
  for (const [n, cell] of cells.entries()) {
    const code = faultOf(cell);
    if (code) malformed.push({ n, code });
    else sound.push({ ...cell, n });
  }
  sound.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return { sound, malformed: malformed.length ? JSON.stringify(malformed) : null };
}

/** A column of cells for SQL, or null when no cell has this value. */
export function columnOf<Cell, Value>(cells: readonly Cell[], valueOf: (cell: Cell) => Value | null | undefined): (Value | null)[] | null {
  const values = cells.map((cell) => valueOf(cell) ?? null);
  return values.some((value) => value !== null) ? values : null;
}

/** The answer to a save, cell by cell in the order of the request. */
export function answerOf<Cell extends { baseRevision: number }, Content>(asked: Asked, cells: readonly Cell[], saved: Saved<Content>) {
  if (saved.outcome === 'REUSED')
    refuse('SAVE_ID_REUSED', 'This saveId belongs to another save. Make a new one for each save, and resend a save unchanged.');
  if (saved.outcome === 'SECTION_UNKNOWN') refuse('NOT_FOUND', `There is no section ${asked.sectionId} in a school of yours.`);
  if (saved.outcome === 'GRADING_PERIOD_UNKNOWN') refuse('GRADING_PERIOD_UNKNOWN', 'There is no such grading period.');
  const exceptions = new Map(saved.exceptions?.map((exception) => [exception.n, exception]));
  return {
    saveId: asked.saveId,
    replayed: saved.outcome === 'REPLAYED',
    receivedAt: saved.receivedAt,
    rows: cells.map((cell, n) => ({ ...cell, ...outcomeOf(cell.baseRevision, exceptions.get(n)) })),
  };
}

function outcomeOf<Content>(base: number, exception: Exception<Content> | undefined) {
  if (!exception) return { outcome: 'SAVED', revision: base + 1 };
  const { code, revision = null, found } = exception;
  if (code === 'SAME') return { outcome: 'SAVED', revision };
  const current = found && revision ? { ...found, revision, savedBy: { id: exception.by }, savedAt: new Date(exception.at!) } : null;
  if (code === 'CONFLICT') return { outcome: 'CONFLICT', code, message: conflictMessage, revision, current };
  return { outcome: 'REFUSED', code, message: refusals[code] ?? code, revision, current };
}
