import { Refused } from '@rollbook/school';
import type { Context } from '@rollbook/subgraph';
import type { ScoreCellInput, ScoreStatus } from '../schema.types.ts';

/** A cell of a save of scores as its receipt has it; nothing is left out. */
export interface ReceivedCell extends ScoreCellInput {
  readonly value: string | null;
  readonly textScore: string | null;
  readonly status: ScoreStatus;
  readonly late: boolean;
  readonly daysLate: number | null;
  readonly missing: boolean;
  readonly incomplete: boolean;
  readonly comment: string | null;
  /** Was it simply written? */
  readonly applied: boolean;
}

const columns = `c.n, c.assignment_id as "assignmentId", c.student_id as "studentId", c.base as "baseRevision", c.value,
  c.text_score as "textScore", c.status, c.late, c.days_late as "daysLate", c.missing, c.incomplete, c.comment`;

/** The cells of saves `s` of scores, one row each. */
const cells = `unnest(s.places, s.assignment_ids, s.student_ids, s.base_revisions, s.cell_values, s.text_scores, s.statuses, s.lates,
    s.days_lates, s.missings, s.incompletes, s.comments, s.withdrawns)
  c (n, assignment_id, student_id, base, value, text_score, status, late, days_late, missing, incomplete, comment, withdrawn)`;

const applied = `not exists (select from jsonb_array_elements(coalesce(s.exceptions, '[]')) x where (x ->> 'n')::integer = c.n)`;

/**
 * A save whose cells the server lists is listed anew when its id turns out to be taken: two copies of it at once list differently when
 * somebody else saves between them, and the one that comes second finds the cells of the first.
 */
export async function listedOnce<Answer>(save: () => Promise<Answer>): Promise<Answer> {
  try {
    return await save();
  } catch (error) {
    if (error instanceof Refused && error.code === 'SAVE_ID_REUSED') return save();
    throw error;
  }
}

/** The cells of a save of scores of a section, in the order in which they were sent; null when it holds no such save. */
export async function receivedCells(saveId: string, sectionId: string, { read }: Context): Promise<ReceivedCell[] | null> {
  const found = await read<ReceivedCell>(
    `select ${columns}, ${applied} as applied from save s cross join lateral ${cells}
      where s.id = $1 and s.section_id = $2 and s.kind = 'SCORES' order by c.n`,
    [saveId, sectionId],
  );
  return found.length ? found : null;
}

/** A cell that a save wrote: what it is now, and what it was before (nulls when it was not). */
export interface WrittenCell {
  readonly assignmentId: string;
  readonly studentId: string;
  /** The revision that the save left. */
  readonly left: number;
  /** The revision now. */
  readonly now: number;
  readonly before: Omit<ReceivedCell, 'assignmentId' | 'studentId' | 'baseRevision' | 'applied'> | null;
}

/**
 * What a save of scores wrote, with what stood before: told by the saves before it, all of a section's at one look. What an import had
 * withdrawn was not there.
 */
export const writtenCells = (saveId: string, sectionId: string, { read }: Context): Promise<WrittenCell[]> =>
  read<WrittenCell>(
    `with written as materialized (
       select c.* from save s cross join lateral ${cells} where s.id = $1 and s.section_id = $2 and s.kind = 'SCORES' and ${applied}),
     earlier as materialized (
       select c.* from save s cross join lateral ${cells}
        where s.section_id = $2 and s.kind in ('SCORES', 'IMPORT') and s.assignment_ids && array(select assignment_id from written) and ${applied})
     select w.assignment_id as "assignmentId", w.student_id as "studentId", w.base + 1 as left, m.revision as now,
            case when e.base is not null and not coalesce(e.withdrawn, false) then json_build_object('value', e.value, 'textScore', e.text_score,
              'status', e.status, 'late', e.late, 'daysLate', e.days_late, 'missing', e.missing, 'incomplete', e.incomplete,
              'comment', e.comment) end as before
       from written w join score m on m.assignment_id = w.assignment_id and m.student_id = w.student_id
       left join earlier e on e.assignment_id = w.assignment_id and e.student_id = w.student_id and e.base = w.base - 1
      order by w.n`,
    [saveId, sectionId],
  );
