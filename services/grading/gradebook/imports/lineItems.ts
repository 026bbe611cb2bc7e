import { importRows, type Context, type ImportInput } from '@rollbook/subgraph';
import { checkDescription, checkTitle } from '../rules.ts';
import { checkNumbers, dateFault, faultOfCheck, idsOf, isWithdrawn, partRows, sumUp, type Fault, type Outcome } from './rows.ts';
import type { ImportLineItemRow } from '../../schema.types.ts';

const content = ['section_id', 'category_id', 'grading_period_id', 'title', 'description', 'assigned_on', 'due_on', 'lowest', 'highest'];
const all = ['school_id', ...content, 'withdrawn_on'];
const contentOf = (alias: string) => content.map((column) => `'${column}', ${alias}.${column}`).join(', ');
const of = (alias: string) => all.map((column) => `${alias}.${column}`).join(', ');

/** In a dry run the categories of the same package are not there yet, and are believed ($4); before and after are told only there. */
const apply = `
  with given as materialized (
    select * from jsonb_to_recordset($1::jsonb) g (n integer, id uuid, sourced_id text, school_id uuid, section_id uuid, category_id uuid,
      grading_period_id uuid, title text, description text, assigned_on date, due_on date, lowest numeric, highest numeric, withdrawn boolean)),
  found as materialized (
    select g.n, g.id, g.sourced_id, coalesce(g.school_id, r.school_id, a.school_id) as school_id, g.section_id, g.category_id, g.grading_period_id,
           g.title, g.description, g.assigned_on, g.due_on, g.lowest, g.highest, a.id is not null as known,
           case when g.withdrawn then coalesce(a.withdrawn_on, $3::date) end as withdrawn_on,
           case when $4 then jsonb_build_object(${contentOf('a')}, 'withdrawn_on', a.withdrawn_on) end as before,
           case when g.category_id is not null and c.id is null and not $4 then 'CATEGORY_UNKNOWN'
                when coalesce(g.school_id, r.school_id, a.school_id) is null and not $4 then 'SCHOOL_UNKNOWN' end as refusal
      from given g
      left join assignment a on a.id = g.id
      left join category c on c.id = g.category_id
      left join section_roster r on r.section_id = g.section_id and g.school_id is null),
  written as (
    insert into assignment as a (id, ${all.join(', ')}, source, sourced_id)
      select f.id, ${of('f')}, $2, f.sourced_id from found f where f.refusal is null and not ($4 and not f.known) order by f.id
      on conflict (id) do update set (${all.join(', ')}) = (${of('excluded')})
        where (${of('a')}) is distinct from (${of('excluded')})
      returning a.id)
  select f.n, f.id, coalesce(f.refusal, case when not f.known then 'created' when f.id in (select w.id from written w) then 'changed'
           else 'unchanged' end) as outcome,
         f.before, case when $4 then jsonb_build_object(${contentOf('f')}, 'withdrawn_on', f.withdrawn_on) end as after
    from found f`;

const messages = {
  CATEGORY_UNKNOWN: 'Its category is not known; import the categories first.',
  SCHOOL_UNKNOWN: 'Its class is not known here yet and the row names no school.',
};

/** Who: a district administrator. */
export const importLineItems = (input: ImportInput<ImportLineItemRow>, context: Context) =>
  importRows(context, 'lineItems', input, async ({ query }, { rows, source, today, dryRun }) => {
    const idOf = idsOf(source);
    const idOrNull = (kind: string, sourcedId: string | null | undefined) => (sourcedId ? idOf(kind, sourcedId) : null);
    const { sound, refused } = partRows(rows, ({ sourcedId }) => idOf('lineItem', sourcedId), faultOf);
    const given = sound.map(({ n, id, row }) => ({
      ...{ n, id, sourced_id: row.sourcedId, title: row.title.trim(), description: row.description ?? null },
      school_id: idOrNull('org', row.schoolSourcedId),
      section_id: idOf('class', row.classSourcedId),
      category_id: idOrNull('category', row.categorySourcedId),
      grading_period_id: idOrNull('academicSession', row.academicSessionSourcedId),
      ...{ assigned_on: row.assignedOn || null, due_on: row.dueOn || null },
      ...{ lowest: row.resultValueMin || '0', highest: row.resultValueMax || null, withdrawn: isWithdrawn(row.status) },
    }));
    return sumUp(rows, refused, await query<Outcome>(apply, [JSON.stringify(given), source, today, dryRun]), messages);
  });

function faultOf(row: ImportLineItemRow): Fault | null {
  const { assignedOn, dueOn, resultValueMin: lowest, resultValueMax: highest } = row;
  const fault =
    faultOfCheck(() => checkTitle(row.title)) ??
    faultOfCheck(() => checkDescription(row.description)) ??
    dateFault(assignedOn, dueOn) ??
    checkNumbers(lowest || null, highest || null);
  if (fault) return fault;
  if (assignedOn && dueOn && dueOn < assignedOn) return ['DATE_INVALID', `It is due (${dueOn}) before it is given (${assignedOn}).`];
  if (highest && Number(highest) < Number(lowest || 0)) return ['RANGE_INVALID', `Its highest score (${highest}) is below the lowest.`];
  return null;
}
