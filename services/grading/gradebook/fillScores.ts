import { isUuid, refuse } from '@rollbook/school';
import type { Context } from '@rollbook/subgraph';
import { sectionToGrade } from '../rosters/resolvers.ts';
import { checkSaveId, refusals } from '../saves/rules.ts';
import { listedOnce, receivedCells, type ReceivedCell } from './receipts.ts';
import { isBlank, scoreFault } from './rules.ts';
import { saveScores } from './saveScores.ts';
import type { FillScoresInput, ScoreCellInput } from '../schema.types.ts';

interface Seat {
  readonly studentId: string;
  /** Nulls while there is no score. */
  readonly revision: number | null;
  readonly value: string | null;
  readonly textScore: string | null;
  readonly status: string | null;
}

/** What a fill gives each of its cells, nothing left out. */
const contentOf = (input: FillScoresInput) => ({
  value: input.value ?? null,
  textScore: input.textScore ?? null,
  status: input.status ?? ('FULLY_GRADED' as const),
  late: input.late ?? false,
  daysLate: input.daysLate ?? null,
  missing: input.missing ?? false,
  incomplete: input.incomplete ?? false,
  comment: input.comment ?? null,
});

/** Who: those who teach the section today; the office with a reason. A save like any other, of cells that the server lists. */
export async function fillScores(input: FillScoresInput, context: Context) {
  const { saveId, sectionId, assignmentId, reason } = input;
  checkSaveId(saveId);
  if (!isUuid(assignmentId)) refuse('ASSIGNMENT_UNKNOWN', refusals['ASSIGNMENT_UNKNOWN']!);
  await sectionToGrade(sectionId, context);
  const content = contentOf(input);
  const fault = scoreFault({ assignmentId, studentId: assignmentId, baseRevision: 0, ...content });
  if (fault) refuse(fault, refusals[fault]!);
  return listedOnce(async () => {
    // Listed before the receipt is looked for: who finds none has not listed what the other copy of this fill wrote.
    const listed = await cellsNow(input, context);
    const cells = (await cellsBefore(input, context)) ?? listed;
    if (!cells.length) refuse('NOTHING_TO_FILL', 'Everybody who sits in this section has a score for this assignment.');
    return saveScores({ saveId, sectionId, reason, cells: cells.map((cell) => ({ ...cell, ...content, assignmentId })) }, context);
  });
}

type Cell = Pick<ScoreCellInput, 'studentId' | 'baseRevision'>;

/** The cells of the same fill when it was received before: it is answered what it was answered, whoever has a score by now. */
async function cellsBefore({ saveId, sectionId, assignmentId }: FillScoresInput, context: Context): Promise<Cell[] | null> {
  const cells = await receivedCells(saveId, sectionId, context);
  const others = cells?.some((cell: ReceivedCell) => cell.assignmentId !== assignmentId);
  return others ? refuse('SAVE_ID_REUSED', 'This saveId belongs to another save. Make a new one for each save.') : cells;
}

async function cellsNow({ sectionId, assignmentId, whom, seen }: FillScoresInput, { read, now }: Context): Promise<Cell[]> {
  const seats = await read<Seat>(
    `select x.id as "studentId", m.revision, m.points::text as value, m.text_score as "textScore", m.status
       from section_roster r cross join lateral unnest(students_at(r, $2)) x (id)
       left join score m on m.assignment_id = $3 and m.student_id = x.id
      where r.section_id = $1 order by x.id`,
    [sectionId, now().toISOString(), assignmentId],
  );
  const revisions = new Map((seen ?? []).map(({ studentId, revision }) => [studentId, revision]));
  const wanted =
    whom === 'EVERYBODY' ? seats : seats.filter((seat) => seat.revision === null || isBlank({ ...seat, status: seat.status! }));
  const baseOf = ({ studentId, revision }: Seat) => (whom === 'EVERYBODY' ? (revisions.get(studentId) ?? 0) : (revision ?? 0));
  return wanted.map((seat) => ({ studentId: seat.studentId, baseRevision: baseOf(seat) }));
}
