import { isUuid, refuse } from '@rollbook/school';
import type { Context } from '@rollbook/subgraph';
import { officesOf } from '../rosters/resolvers.ts';
import { answerOf, columnOf, contentOf, soundCells, type Saved } from '../saves/answers.ts';
import { cellFault, checkCells, checkSaveId, reasonOf } from '../saves/rules.ts';
import { markFault, sayings } from './rules.ts';
import type { MarkCellInput, PostMarkCellInput, PostMarksInput, SaveMarksInput } from '../schema.types.ts';

const answerColumns = 'outcome, exceptions, received_at as "receivedAt"';
const callSaveMarks = `select ${answerColumns} from save_marks($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`;
const callPostMarks = `select ${answerColumns} from post_marks($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

type Asked<Cell> = Omit<PostMarksInput, 'cells'> & { readonly cells: readonly Cell[] };

const studentOf = ({ studentId }: PostMarkCellInput) => studentId;

/** Who: those who teach the section today; the office with a reason. One function call is the whole transaction. */
export async function saveMarks(input: SaveMarksInput, context: Context) {
  const { asked, reason, head } = open('MARKS', input, context, (cell) => [
    ...[cell.studentId, cell.baseRevision, cell.value ?? null, cell.comment ?? null],
    // Only when they are said: a save that a client has kept since before they were known is still the same save.
    ...(saysMore(cell) ? [sayings(cell)] : []),
  ]);
  const { sound, malformed } = soundCells(input.cells, (cell) => faultOfId(cell) ?? markFault(cell), studentOf);
  const values = [columnOf(sound, ({ value }) => value), columnOf(sound, ({ comment }) => comment)];
  const said = sound.map(sayings);
  const more = [columnOf(said, ({ effort }) => effort), columnOf(said, ({ conduct }) => conduct), columnOf(said, ({ codes }) => codes)];
  const params = [...head(reason), ...columns(sound), ...values, malformed, ...more];
  const [saved] = await context.statement<Saved>(callSaveMarks, params, asked.sectionId);
  return answerOf(asked, input.cells, saved!);
}

/** Who: as with saveMarks. Posts each mark in the revision that was seen. */
export async function postMarks(input: PostMarksInput, context: Context) {
  const { asked, reason, head } = open('POST', input, context, ({ studentId, baseRevision }) => [studentId, baseRevision]);
  const { sound, malformed } = soundCells(input.cells, (cell) => faultOfId(cell) ?? cellFault(cell), studentOf);
  const [saved] = await context.statement<Saved>(callPostMarks, [...head(reason), ...columns(sound), malformed], asked.sectionId);
  return answerOf(asked, input.cells, saved!);
}

/** Checks a save as a whole, and makes the parameters that both functions begin with. The server's clock is read here, first. */
function open<Cell extends PostMarkCellInput>(kind: string, input: Asked<Cell>, context: Context, partsOf: (cell: Cell) => unknown[]) {
  const receivedAt = context.now().toISOString();
  const { saveId, sectionId, gradingPeriodId, cells } = input;
  checkSaveId(saveId);
  checkCells(cells.map(studentOf));
  if (!isUuid(sectionId)) refuse('NOT_FOUND', `There is no section ${sectionId} in a school of yours.`);
  if (!isUuid(gradingPeriodId)) refuse('GRADING_PERIOD_UNKNOWN', 'There is no such grading period.');
  const content = contentOf(kind, sectionId, gradingPeriodId, input.reason ?? null, cells.map(partsOf));
  const head = (reason: string | null) => [saveId, content, receivedAt, reason, officesOf(context), sectionId, gradingPeriodId];
  return { asked: { saveId, sectionId }, reason: reasonOf(input.reason), head };
}

const saysMore = ({ effort, conduct, commentCodes }: MarkCellInput) =>
  effort !== undefined || conduct !== undefined || commentCodes !== undefined;

const faultOfId = ({ studentId }: PostMarkCellInput) => (isUuid(studentId) ? null : 'NOT_ENROLLED');

const columns = (cells: readonly (PostMarkCellInput & { n: number })[]) => [
  cells.map(({ n }) => n),
  cells.map(studentOf),
  cells.map(({ baseRevision }) => baseRevision),
];
