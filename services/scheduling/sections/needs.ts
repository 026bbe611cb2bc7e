import type { Transaction } from '@rollbook/subgraph';

const columns = ['reservations', 'combined_with', 'link', 'team', 'room_groups', 'session_choices', 'periods_in_row', 'day_choices'];
const of = (table: string) => `(${columns.map((column) => `${table}.${column}`).join(', ')})`;
const nothing = `('[]'::jsonb, null::text, null::text, null::text, '{}'::text[], '{}'::uuid[], null::integer, null::jsonb)`;

/**
 * Keeps what sections ask of the schedule; of one that asks for nothing and never did, nothing is kept.
 *
 * @param source a query of section_id, school_id and all columns of section_need that say what is asked
 * @returns the sections of which something is different, by id.
 */
export function keepNeeds(query: Transaction['query'], source: string, parameters: readonly unknown[]): Promise<{ id: string }[]> {
  const names = columns.join(', ');
  return query(
    `insert into section_need as n (section_id, school_id, ${names})
       select w.section_id, w.school_id, ${columns.map((column) => `w.${column}`).join(', ')} from (${source}) w
       where ${of('w')} is distinct from ${nothing} or exists (select from section_need o where o.section_id = w.section_id)
       order by w.section_id
     on conflict (section_id) do update set (${names}) = row ${of('excluded')} where ${of('n')} is distinct from ${of('excluded')}
     returning section_id as id`,
    parameters,
  );
}
