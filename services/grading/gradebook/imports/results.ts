import { importRows, type Context, type ImportInput } from '@rollbook/subgraph';
import { maxComment, refusals, isStorable } from '../../saves/rules.ts';
import { decimalFault, statusOfOneRoster } from '../rules.ts';
import { keepHistory } from './history.ts';
import { dateFault, idsOf, isWithdrawn, partRows, sumUp, type Fault, type Outcome } from './rows.ts';
import type { ImportResultRow } from '../../schema.types.ts';

const content = ['points', 'text_score', 'status', 'late', 'missing', 'incomplete', 'comment', 'scored_on', 'withdrawn_on'];
const of = (alias: string) => content.map((column) => `${alias}.${column}`).join(', ');
const asJson = (alias: string) => `jsonb_build_object(${content.map((column) => `'${column}', ${alias}.${column}`).join(', ')})`;

/**
 * Results become scores: revision 1, or one more where something differs; what is as it was writes nothing. Each section that was
 * touched has one row of history for the batch. In a dry run the line items of the same package are not there yet, and are believed ($4).
 */
const apply = `
  with given as materialized (
    select * from jsonb_to_recordset($1::jsonb) g (n integer, id uuid, sourced_id text, assignment_id uuid, student_id uuid, points numeric,
      text_score text, status text, late boolean, missing boolean, incomplete boolean, comment text, scored_on date, withdrawn boolean)),
  found as materialized (
    select g.n, coalesce(s.id, g.id) as id, g.sourced_id, a.school_id, a.section_id, g.assignment_id, g.student_id, trim_scale(g.points) as points,
           g.text_score, g.status, g.late, g.missing, g.incomplete, g.comment, g.scored_on,
           case when g.withdrawn then coalesce(s.withdrawn_on, $3::date) end as withdrawn_on,
           s.id is not null as known, case when $4 then ${asJson('s')} end as before,
           case when a.id is null and not $4 then 'LINE_ITEM_UNKNOWN' end as refusal
      from given g left join assignment a on a.id = g.assignment_id
      left join score s on s.assignment_id = g.assignment_id and s.student_id = g.student_id),
  sections as materialized (select f.section_id, uuidv7() as save_id from found f where f.section_id is not null group by f.section_id),
  written as (
    insert into score as s (id, school_id, section_id, assignment_id, student_id, points, text_score, status, late, missing, incomplete, comment,
                            scored_on, withdrawn_on, revision, saved_at, save_id, source, sourced_id)
      select f.id, f.school_id, f.section_id, f.assignment_id, f.student_id, ${of('f')}, 1, $5, x.save_id, $2, f.sourced_id
        from found f join sections x on x.section_id = f.section_id order by f.assignment_id, f.student_id
      on conflict (assignment_id, student_id) do update
        set (${content.join(', ')}) = (${of('excluded')}), days_late = null, revision = s.revision + 1, saved_at = excluded.saved_at,
            saved_by = excluded.saved_by, save_id = excluded.save_id, source = excluded.source, sourced_id = excluded.sourced_id
        where (${of('s')}) is distinct from (${of('excluded')})
      returning s.*),
  kept as ( ${keepHistory('$5', `'import from ' || $2`)})
  select f.n, f.id, f.before, case when $4 then ${asJson('f')} end as after,
         coalesce(f.refusal, case when not f.known then 'created' when w.id is null then 'unchanged' else 'changed' end) as outcome
    from found f left join written w on w.id = f.id`;

const messages = { LINE_ITEM_UNKNOWN: 'Its line item is not known; import the line items first.' };

/** Who: a district administrator. */
export const importResults = (input: ImportInput<ImportResultRow>, context: Context) =>
  importRows(context, 'results', input, async ({ query }, { rows, source, today, dryRun }) => {
    const idOf = idsOf(source);
    const cells = new Set<string>();
    const { sound, refused } = partRows(
      rows,
      ({ sourcedId }) => idOf('result', sourcedId),
      (row) => faultOf(row) ?? faultOfCell(row, cells),
    );
    const given = sound.map(({ n, id, row }) => ({
      ...{ n, id, sourced_id: row.sourcedId },
      assignment_id: idOf('lineItem', row.lineItemSourcedId),
      student_id: idOf('user', row.studentSourcedId),
      ...{ points: row.score || null, text_score: row.textScore || null, status: statusOfOneRoster(row.scoreStatus) },
      ...{ late: row.late ?? false, missing: row.missing ?? false, incomplete: row.incomplete ?? false },
      ...{ comment: row.comment || null, scored_on: row.scoreDate || today, withdrawn: isWithdrawn(row.status) },
    }));
    const params = [JSON.stringify(given), source, today, dryRun, context.now().toISOString()];
    return sumUp(rows, refused, await query<Outcome>(apply, params), messages);
  });

function faultOf(row: ImportResultRow): Fault | null {
  const decimal = row.score ? decimalFault(row.score) : null;
  if (decimal) return [decimal, `${JSON.stringify(row.score)}: ${refusals[decimal]}`];
  if (!statusOfOneRoster(row.scoreStatus)) return ['SCORE_STATUS_INVALID', `${JSON.stringify(row.scoreStatus)} is not a scoreStatus.`];
  if (row.textScore && (row.textScore.length > 100 || !isStorable(row.textScore)))
    return ['TEXT_SCORE_INVALID', refusals['TEXT_SCORE_INVALID']!];
  if (row.comment && row.comment.length > maxComment) return ['COMMENT_TOO_LONG', refusals['COMMENT_TOO_LONG']!];
  if (row.comment && !isStorable(row.comment)) return ['TEXT_INVALID', refusals['TEXT_INVALID']!];
  return dateFault(row.scoreDate);
}

/** A student has one score for a line item: of two rows with ids of their own, the first is taken. */
function faultOfCell({ lineItemSourcedId, studentSourcedId }: ImportResultRow, cells: Set<string>): Fault | null {
  const cell = JSON.stringify([lineItemSourcedId, studentSourcedId]);
  if (cells.has(cell)) return ['DUPLICATE_ROW', 'A row before this one is about the same student and line item; it was taken.'];
  cells.add(cell);
  return null;
}
