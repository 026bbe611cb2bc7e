import { isUuid, refuse } from '@rollbook/school';
import type { Context } from '@rollbook/subgraph';
import { officesOf } from '../rosters/resolvers.ts';
import { answerOf, columnOf, contentOf, soundCells, type Saved } from '../saves/answers.ts';
import type { CellContent } from '../saves/entities.ts';
import { checkCells, checkSaveId, reasonOf } from '../saves/rules.ts';
import { scoreFault } from './rules.ts';
import type { SaveScoresInput, ScoreCellInput, ScoreStatus } from '../schema.types.ts';

interface ScoreContent extends CellContent {
  readonly textScore: string | null;
  readonly status: ScoreStatus;
  readonly late: boolean;
  readonly daysLate: number | null;
  readonly missing: boolean;
  readonly incomplete: boolean;
}

const call = `select outcome, exceptions, received_at as "receivedAt"
  from save_scores($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`;

const keyOf = ({ assignmentId, studentId }: ScoreCellInput) => `${assignmentId} ${studentId}`;

/** What a cell leaves out is the usual: graded, not late, not missing, complete. */
const whole = (cell: ScoreCellInput) => ({
  ...cell,
  status: cell.status ?? ('FULLY_GRADED' as const),
  late: cell.late ?? false,
  missing: cell.missing ?? false,
  incomplete: cell.incomplete ?? false,
});

function faultOf(cell: ScoreCellInput): string | null {
  if (!isUuid(cell.assignmentId)) return 'ASSIGNMENT_UNKNOWN';
  return isUuid(cell.studentId) ? scoreFault(cell) : 'NOT_ENROLLED';
}

/** Who: those who teach the section today; the office with a reason. One function call is the whole transaction. */
export async function saveScores({ saveId, sectionId, reason, cells: asked }: SaveScoresInput, context: Context) {
  const receivedAt = context.now().toISOString();
  checkSaveId(saveId);
  checkCells(asked.map(keyOf));
  if (!isUuid(sectionId)) refuse('NOT_FOUND', `There is no section ${sectionId} in a school of yours.`);
  const cells = asked.map(whole);
  const content = contentOf(
    ...['SCORES', sectionId, reason ?? null],
    cells.map((c) => [
      ...[c.assignmentId, c.studentId, c.baseRevision, c.value ?? null, c.textScore ?? null, c.status],
      ...[c.late, c.missing, c.incomplete, c.comment ?? null],
      // Left out where it is not said, so that what was sent before there were days is known again.
      ...(c.daysLate == null ? [] : [c.daysLate]),
    ]),
  );
  const { sound, malformed } = soundCells(cells, faultOf, keyOf);
  const params = [
    ...[saveId, content, receivedAt, reasonOf(reason), officesOf(context), sectionId],
    ...[sound.map(({ n }) => n), sound.map(({ assignmentId }) => assignmentId), sound.map(({ studentId }) => studentId)],
    ...[sound.map(({ baseRevision }) => baseRevision), columnOf(sound, ({ value }) => value)],
    ...[columnOf(sound, ({ textScore }) => textScore), sound.map(({ status }) => status), sound.map(({ late }) => late)],
    ...[sound.map(({ missing }) => missing), sound.map(({ incomplete }) => incomplete), columnOf(sound, ({ comment }) => comment)],
    malformed,
    columnOf(sound, ({ daysLate }) => daysLate),
  ];
  const [saved] = await context.statement<Saved<ScoreContent>>(call, params, sectionId);
  return answerOf({ saveId, sectionId }, cells, saved!);
}
