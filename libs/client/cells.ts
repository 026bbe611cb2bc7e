import type { TypedOperation } from './graph.ts';
import { postMarks, saveMarks, saveScores, takeRoll } from './operations.ts';
import type { CellsAnswer, MarkNow, Outcome, RollAnswer, RollNow, SaveVariables, ScoreNow, ScoreStatus } from './operations.ts';

/** A student's mark in a section and grading period. */
export interface MarkCell {
  readonly kind: 'mark';
  readonly sectionId: string;
  readonly gradingPeriodId: string;
  readonly studentId: string;
}
/** That the student's mark is posted, as the person sees it. */
export interface PostCell extends Omit<MarkCell, 'kind'> {
  readonly kind: 'post';
}
/** A student's score for an assignment. */
export interface ScoreCell {
  readonly kind: 'score';
  readonly sectionId: string;
  readonly assignmentId: string;
  readonly studentId: string;
}
/** The roll of a section in one period of one day. */
export interface RollCell {
  readonly kind: 'roll';
  readonly sectionId: string;
  readonly date: string;
  readonly periodId: string;
}
export type Cell = MarkCell | PostCell | ScoreCell | RollCell;

export interface MarkValue {
  /** A mark of the school's scale; null clears it. */
  readonly value: string | null;
  readonly comment: string | null;
}
/** A score is saved whole: what is left out is not kept from before. */
export interface ScoreValue {
  readonly value: string | null;
  readonly textScore?: string | null;
  readonly status?: ScoreStatus;
  readonly late?: boolean;
  readonly missing?: boolean;
  readonly incomplete?: boolean;
  readonly comment?: string | null;
}
/** Who is not simply present. */
export interface RollValue {
  readonly exceptions: readonly { studentId: string; code: string; minutes?: number; comment?: string }[];
}
export type ValueOf<C extends Cell> = C extends MarkCell
  ? MarkValue
  : C extends ScoreCell
    ? ScoreValue
    : C extends RollCell
      ? RollValue
      : null;

/** What stands on the server instead of what was typed. */
export interface Found {
  readonly revision: number;
  readonly value: MarkNow | ScoreNow | RollNow;
  /** The id of who gave it; not told of a roll. */
  readonly savedBy?: string;
  readonly savedAt?: string;
}

/** A student of a roll who was left as before, while the rest of the roll was saved. */
export interface RefusedRow {
  readonly studentId: string;
  readonly code: string;
  readonly message: string;
}

/** What became of one cell of a save. */
export interface CellOutcome {
  readonly outcome: Outcome;
  /** The revision that the cell has now, when it was saved. */
  readonly revision?: number;
  readonly code?: string;
  readonly message?: string;
  readonly found?: Found;
  readonly rows?: readonly RefusedRow[];
}

/** A cell on its way: what was typed, and the revision that the person saw. */
export interface Sent {
  readonly cell: Cell;
  readonly value: unknown;
  readonly baseRevision: number;
}

/** Every cell has one key, in this program and in what is stored. */
export function keyOf(cell: Cell): string {
  return cell.kind === 'roll'
    ? `roll/${cell.sectionId}/${cell.date}/${cell.periodId}`
    : `${cell.kind}/${cell.sectionId}/${cell.kind === 'score' ? cell.assignmentId : cell.gradingPeriodId}/${cell.studentId}`;
}

/** The cell that shares its row in the database, and so its revisions: a mark and its posting. */
export function partnerOf(cell: Cell): Cell | undefined {
  if (cell.kind === 'mark') return { ...cell, kind: 'post' };
  return cell.kind === 'post' ? { ...cell, kind: 'mark' } : undefined;
}

/** What may travel in one save: cells of one section, and of one grading period; a roll goes alone. */
export function groupOf(cell: Cell, reason: string | undefined): string {
  if (cell.kind === 'roll') return keyOf(cell);
  return JSON.stringify([cell.kind, cell.sectionId, cell.kind === 'score' ? '' : cell.gradingPeriodId, reason ?? '']);
}

/** The input of a save. It is stored before it is sent, and sent as it was stored: the server tells a repetition by its content. */
export function inputOf(saveId: string, sent: readonly [Sent, ...Sent[]], reason: string | undefined): object {
  const [{ cell, value, baseRevision }] = sent;
  const { sectionId } = cell;
  if (cell.kind === 'roll') return { saveId, sectionId, date: cell.date, periodId: cell.periodId, baseRevision, ...(value as RollValue) };
  const cells = sent.map((one) => {
    const { assignmentId, studentId } = one.cell as ScoreCell;
    return { ...(assignmentId && { assignmentId }), studentId, baseRevision: one.baseRevision, ...(one.value as object | null) };
  });
  const period = cell.kind === 'score' ? {} : { gradingPeriodId: cell.gradingPeriodId };
  return { saveId, sectionId, ...period, ...(reason !== undefined && { reason }), cells };
}

type Saving = TypedOperation<object, SaveVariables>;
export const operationOf: Readonly<Record<Cell['kind'], Saving>> = { mark: saveMarks, post: postMarks, score: saveScores, roll: takeRoll };

/** What became of each cell of a save, in its order; undefined when the answer does not tell of each, and so of none for certain. */
export function outcomesOf(kind: Cell['kind'], data: object, cells: readonly Cell[]): CellOutcome[] | undefined {
  const [answer] = Object.values(data) as (RollAnswer | CellsAnswer<MarkNow | ScoreNow> | null)[];
  if (kind === 'roll') return answer && 'outcome' in answer ? [rollOutcome(answer)] : undefined;
  if (!answer || !('receivedAt' in answer)) return undefined;
  const outcomes = cells.map((cell): CellOutcome | undefined => {
    const { studentId, assignmentId } = cell as ScoreCell;
    const row = answer.rows.find((one) => one.studentId === studentId && (one as { assignmentId?: string }).assignmentId === assignmentId);
    if (!row) return undefined;
    const { outcome, revision, code, message, current } = row;
    const { savedBy, savedAt, revision: foundRevision, ...value } = current ?? { revision: 0 };
    return {
      outcome,
      ...(revision !== null && { revision }),
      ...(code !== null && { code }),
      ...(message !== null && { message }),
      ...(current && {
        found: { revision: foundRevision, value: value as MarkNow, ...(savedBy && { savedBy: savedBy.id }), savedAt: savedAt! },
      }),
    };
  });
  return outcomes.every((outcome) => outcome !== undefined) ? outcomes : undefined;
}

function rollOutcome({ outcome, code, message, revision, rows, roll }: RollAnswer): CellOutcome {
  const refused = rows.flatMap((row) =>
    row.outcome === 'SAVED' ? [] : [{ studentId: row.studentId, code: row.code ?? row.outcome, message: row.message ?? '' }],
  );
  if (outcome === 'SAVED' && revision !== null) {
    if (!refused.length) return { outcome, revision };
    const kept = 'The roll was saved, but not what it says about some students.';
    return { outcome: 'REFUSED', revision, code: 'ROWS_REFUSED', message: kept, rows: refused };
  }
  return {
    outcome,
    ...(code !== null && { code }),
    ...(message !== null && { message }),
    ...(roll && outcome === 'CONFLICT' && { found: { revision: roll.revision, value: roll } }),
  };
}
