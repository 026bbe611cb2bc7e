import { isUuid, refuse } from '@rollbook/school';
import type { Context } from '@rollbook/subgraph';
import { sectionToGrade } from '../rosters/resolvers.ts';
import { checkSaveId, refusals } from '../saves/rules.ts';
import { listedOnce, receivedCells, writtenCells, type WrittenCell } from './receipts.ts';
import { saveScores } from './saveScores.ts';
import type { ScoreCellInput, UndoScoresInput } from '../schema.types.ts';

/** A score that was not there before a save: a cell cannot go, so it is one that says nothing. */
const nothing = {
  ...{ value: null, textScore: null, status: 'FULLY_GRADED' as const },
  ...{ late: false, daysLate: null, missing: false, incomplete: false, comment: null },
};

/** Who: those who teach the section today; the office with a reason. A save like any other, of what stood before another one. */
export async function undoScores({ saveId, sectionId, undoneSaveId, reason }: UndoScoresInput, context: Context) {
  checkSaveId(saveId);
  await sectionToGrade(sectionId, context);
  return listedOnce(async () => {
    const written = isUuid(undoneSaveId) ? await writtenCells(undoneSaveId, sectionId, context) : [];
    if (!written.length) refuse('SAVE_UNKNOWN', `There is no save ${undoneSaveId} that wrote scores of this section.`);
    const cells: readonly ScoreCellInput[] = (await receivedCells(saveId, sectionId, context)) ?? cellsToRestore(written);
    if (!cells.length) refuse('NOTHING_TO_UNDO', 'Every score of this save was changed since; all of them stay as they are.');
    const answer = await saveScores({ saveId, sectionId, reason, cells: [...cells] }, context);
    const restored = new Set(cells.map(keyOf));
    const changed = written.filter((cell) => !restored.has(keyOf(cell))).map(changedSince);
    return { ...answer, rows: [...answer.rows, ...changed] };
  });
}

const keyOf = ({ assignmentId, studentId }: { assignmentId: string; studentId: string }) => `${assignmentId} ${studentId}`;

const cellsToRestore = (written: readonly WrittenCell[]): ScoreCellInput[] =>
  written
    .filter(({ left, now }) => left === now)
    .map(({ assignmentId, studentId, left, before }) => ({ assignmentId, studentId, baseRevision: left, ...(before ?? nothing) }));

const changedSince = ({ assignmentId, studentId, now }: WrittenCell) => ({
  ...{ assignmentId, studentId, revision: now, current: null },
  ...{ outcome: 'REFUSED' as const, code: 'CHANGED_SINCE', message: refusals['CHANGED_SINCE'] },
});
