/** What the database holds, against what was acknowledged. */
import type { Address, Save, Writers } from './writers.ts';
import { sql } from './postgres.ts';

interface Receipt {
  id: string;
  receivedAt: Date;
  students: string[];
  bases: number[];
  comments: string[];
}

interface Mark {
  section: string;
  student: string;
  revision: number;
  comment: string | null;
}

export interface Kept {
  /** Acknowledged saves of which the receipt, or a cell, is not there. */
  readonly lost: number;
  /** Whatever else is not as it should be, in sentences. */
  readonly wrong: string[];
}

const receiptsQuery = `select id, received_at as "receivedAt", student_ids as students, base_revisions as bases, comments
  from save where id = any($1)`;
const marksQuery = `select section_id as section, student_id as student, revision, comment from mark
  where section_id = any($1) and grading_period_id = any($2)`;

export async function kept(district: string, writers: Writers): Promise<Kept> {
  const ask = <Row>(text: string, params: unknown[]) => sql<Row>(district, 'rollbook_grading', text, params);
  const periods = writers.saves.map(({ input }) => input.gradingPeriodId);
  const receipts = new Map(
    (await ask<Receipt>(receiptsQuery, [writers.saves.map(({ input }) => input.saveId)])).map((receipt) => [receipt.id, receipt]),
  );
  const marks = new Map(
    (await ask<Mark>(marksQuery, [writers.sectionIds, periods])).map((mark) => [`${mark.section} ${mark.student}`, mark]),
  );
  const lost = writers.acknowledged.filter((save) => !isThere(save, receipts, marks)).length;
  return { lost, wrong: [...writers.contradictions, ...wrongReceipts(writers, receipts), ...wrongHistories(writers, receipts, marks)] };
}

/**
 * After a round: how many acknowledged saves are lost, of everything since the start. Whatever is not as it should be is added to
 * `failures`, also a save that is answered otherwise when it is sent again.
 */
export async function lostSoFar(district: string, writers: Writers, teacher: Address, failures: string[]): Promise<number> {
  const { lost, wrong } = await kept(district, writers);
  if (lost) failures.push(`${lost} acknowledged saves are lost`);
  failures.push(...wrong, ...(await writers.sendAgain(teacher)));
  return lost;
}

/** Its receipt tells every cell, and every cell is what it said or has been changed since. */
function isThere({ input }: Save, receipts: Map<string, Receipt>, marks: Map<string, Mark>): boolean {
  const receipt = receipts.get(input.saveId);
  return Boolean(receipt) && input.cells.every(({ studentId, baseRevision, comment }) => {
    const place = receipt!.students.indexOf(studentId);
    const mark = marks.get(`${input.sectionId} ${studentId}`);
    if (!mark || receipt!.bases[place] !== baseRevision || receipt!.comments[place] !== comment) return false;
    return mark.revision > baseRevision + 1 || (mark.revision === baseRevision + 1 && mark.comment === comment);
  }); // prettier-ignore
}

function wrongReceipts({ acknowledged }: Writers, receipts: Map<string, Receipt>): string[] {
  return acknowledged.flatMap(({ input: { saveId }, answer }) => {
    const receivedAt = receipts.get(saveId)?.receivedAt.getTime();
    if (receivedAt === undefined || receivedAt === Date.parse(answer!.receivedAt)) return [];
    return [`save ${saveId} was answered as received at ${answer!.receivedAt}, and its receipt says ${new Date(receivedAt).toISOString()}`];
  });
}

/** The versions of each cell follow one another without a gap and without a double, and the last one is what the cell is. */
function wrongHistories({ saves }: Writers, receipts: Map<string, Receipt>, marks: Map<string, Mark>): string[] {
  const versions = saves
    .filter(({ input }) => receipts.has(input.saveId))
    .flatMap(({ input }) => input.cells.map((cell) => ({ ...cell, key: `${input.sectionId} ${cell.studentId}` })));
  const wrong: string[] = [];
  for (const [key, ofCell] of Map.groupBy(versions, ({ key }) => key)) {
    const inOrder = ofCell.toSorted((a, b) => a.baseRevision - b.baseRevision);
    const first = inOrder[0]!.baseRevision;
    if (inOrder.some(({ baseRevision }, n) => baseRevision !== first + n)) wrong.push(`the revisions of ${key} have a gap or a double`);
    const [last, mark] = [inOrder.at(-1)!, marks.get(key)];
    if (mark?.revision !== last.baseRevision + 1 || mark.comment !== last.comment) wrong.push(`${key} is not what its last save said`);
  }
  return wrong;
}
