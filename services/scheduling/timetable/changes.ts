import { refuse } from '@rollbook/school';
import type { Transaction } from '@rollbook/subgraph';
import { ScenarioSection, type ScenarioChangeRow, type ScenarioRow } from './entities.ts';
import { changedMeanwhile } from './rules.ts';
import { changeColumns, type Query } from './scenarios.ts';

/** What is to be kept of a change: what it is, and which sections, and the seats of which students, it may touch. */
interface Change {
  readonly kind: 'SECTION_CHANGED' | 'SECTION_ADDED' | 'SECTION_REMOVED' | 'SEATS_CHANGED' | 'RUN_APPLIED' | 'TAKEN_AGAIN' | 'UNDONE';
  /** What was done, in words. */
  readonly what: string;
  readonly sectionIds: readonly string[];
  readonly studentIds: readonly string[];
  readonly undoesId?: string;
}

/** Rows of a scenario as a change keeps them: these sections, and all seats of these students. Revisions are not part of it. */
const rowsAsKept = `jsonb_build_object(
  'sections', coalesce((select jsonb_agg(to_jsonb(x) - 'revision' order by x.section_id)
    from scenario_section x where x.scenario_id = $1 and x.section_id = any($2)), '[]'),
  'seats', coalesce((select jsonb_agg(to_jsonb(x) order by x.student_id, x.section_id)
    from scenario_seat x where x.scenario_id = $1 and x.student_id = any($3)), '[]'))`;

/**
 * Does something to a scenario that is locked (lockDraft), and keeps what it was before and is afterwards. Each section that it touched
 * has a new revision, and so has the scenario.
 * @returns the change.
 */
export async function keepChange(
  { query }: Transaction,
  scenario: ScenarioRow,
  change: Change,
  work: () => Promise<unknown>,
): Promise<ScenarioChangeRow> {
  const keys = [scenario.id, change.sectionIds, change.studentIds];
  const [kept] = await query<{ before: string }>(`select ${rowsAsKept}::text as before`, keys);
  await work();
  const [{ revision }] = (await query<{ revision: number }>(
    'update scenario set revision = revision + 1 where id = $1 returning revision',
    [scenario.id],
  )) as [{ revision: number }];
  await query('update scenario_section set revision = $3 where scenario_id = $1 and section_id = any($2)', [
    scenario.id,
    change.sectionIds,
    revision,
  ]);
  const [row] = await query<ScenarioChangeRow>(
    `insert into scenario_change as c (scenario_id, school_id, revision, kind, what, section_ids, student_ids, before, after, undoes_id)
       values ($1, $4, $5, $6, $7, $2, $3, $8, ${rowsAsKept}, $9) returning ${changeColumns}`,
    [...keys, scenario.schoolId, revision, change.kind, change.what, kept!.before, change.undoesId ?? null],
  );
  return row!;
}

/** The columns of a section that a change keeps: all but those that name it, and the revision. */
export const sectionColumnNames = Object.keys(ScenarioSection.meta.properties)
  .map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
  .filter((name) => !['scenario_id', 'section_id', 'school_id', 'revision'].includes(name));

/** Makes sections, and the seats of students, what the rows of a change say, read from the change `$4` itself. */
async function putBack(query: Query, scenarioId: string, change: ScenarioChangeRow): Promise<void> {
  const [sections, students] = [change.sectionIds, change.studentIds];
  const columns = sectionColumnNames.join(', ');
  await query('delete from scenario_seat where scenario_id = $1 and student_id = any($2)', [scenarioId, students]);
  await query(
    `delete from scenario_section x where x.scenario_id = $1 and x.section_id = any($2) and not exists (
       select from scenario_change c, jsonb_array_elements(c.before -> 'sections') r
       where c.id = $3 and (r ->> 'section_id')::uuid = x.section_id)`,
    [scenarioId, sections, change.id],
  );
  await query(
    `insert into scenario_section (scenario_id, section_id, school_id, ${columns})
       select r.scenario_id, r.section_id, r.school_id, ${sectionColumnNames.map((name) => `r.${name}`).join(', ')}
       from scenario_change c, jsonb_populate_recordset(null::scenario_section, scenario_rows(c.before) -> 'sections') r where c.id = $1
       on conflict (scenario_id, section_id) do update set (${columns}) = row (${sectionColumnNames.map((name) => `excluded.${name}`).join(', ')})`,
    [change.id],
  );
  await query(
    `insert into scenario_seat
       select r.* from scenario_change c, jsonb_populate_recordset(null::scenario_seat, c.before -> 'seats') r where c.id = $1`,
    [change.id],
  );
}

/** Takes a change of a locked scenario back. Refuses NOT_FOUND, CHANGED_MEANWHILE when something of it was changed later. */
export async function undoChange(tx: Transaction, scenario: ScenarioRow, changeId: string): Promise<void> {
  const [change] = await tx.query<ScenarioChangeRow>(
    `select ${changeColumns} from scenario_change c where c.id = $1 and c.scenario_id = $2`,
    [changeId, scenario.id],
  );
  if (!change) refuse('NOT_FOUND', `The scenario has no change ${changeId}.`);
  const [present] = await tx.query<{ asLeft: boolean }>(
    `select (${rowsAsKept}) = scenario_rows(c.after) as "asLeft" from scenario_change c where c.id = $4`,
    [scenario.id, change.sectionIds, change.studentIds, changeId],
  );
  if (!present!.asLeft) {
    const later = await tx.query<{ revision: number; what: string }>(
      `select revision, what from scenario_change where scenario_id = $1 and revision > $2 and (section_ids && $3 or student_ids && $4)
       order by revision`,
      [scenario.id, change.revision, change.sectionIds, change.studentIds],
    );
    changedMeanwhile(`What change ${change.revision} ("${change.what}") left`, `change ${change.revision}`, { later });
  }
  const undo = { kind: 'UNDONE', what: `Taken back: ${change.what}`, undoesId: changeId } as const;
  await keepChange(tx, scenario, { ...undo, sectionIds: change.sectionIds, studentIds: change.studentIds }, () =>
    putBack(tx.query, scenario.id, change),
  );
}
