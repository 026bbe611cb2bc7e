import { keepNeeds } from '../sections/needs.ts';
import type { ScenarioRow, ScenarioSectionRow } from './entities.ts';
import { partsOf } from './rules.ts';
import { gridFor, sectionColumns, type Query } from './scenarios.ts';

/**
 * What the sections of a scenario ask of the schedule becomes what the live ones ask, so that the next scenario knows it.
 * @returns the sections of which something is different, by id.
 */
export function writeNeeds(query: Query, { id }: ScenarioRow, sectionIds: readonly string[]): Promise<{ id: string }[]> {
  return keepNeeds(
    query,
    `select x.section_id, x.school_id, x.reservations, x.combined_with, x.link, x.team, x.room_groups, x.session_choices,
       case when x.pattern_given then x.periods_in_row end as periods_in_row, case when x.pattern_given then x.day_choices end as day_choices
     from scenario_section x where x.scenario_id = $1 and x.section_id = any($2)`,
    [id, sectionIds],
  );
}

/**
 * A section that runs in one of some sessions runs in the one in which it meets. One that has not begun by `on` begins with that session,
 * and so do its seats and teachers; one that has keeps its first day.
 * @returns the sections that run in other sessions than before, by id.
 */
export async function runWhereTheyMeet(query: Query, scenario: ScenarioRow, on: string): Promise<{ id: string }[]> {
  const free = await query<ScenarioSectionRow>(
    `select ${sectionColumns} from scenario_section x
     where x.scenario_id = $1 and not x.taken_out and x.session_choices <> '{}' and x.meets is not null order by x.section_id`,
    [scenario.id],
  );
  if (!free.length) return [];
  const { termsOf } = await gridFor(query, scenario.schoolId, scenario.schoolYear);
  const chosen = free.flatMap(({ sectionId, sessionChoices, meets }) => {
    const terms = new Set(meets!.map((slot) => partsOf(slot).sessionId));
    const session = sessionChoices.find((choice) => terms.isSubsetOf(new Set(termsOf.get(choice))));
    return session ? [{ sectionId, session }] : [];
  });
  const moved = await query<{ id: string }>(
    `update section s set session_ids = array[a.id], ends = a.ends,
         begins = case when s.begins >= $2::date or x.live_fingerprint is null then a.begins else s.begins end
       from jsonb_to_recordset($1) as w ("sectionId" uuid, session uuid) join academic_session a on a.id = w.session
         join scenario_section x on x.scenario_id = $3 and x.section_id = w."sectionId"
       where s.id = w."sectionId" and s.session_ids <> array[a.id] and a.ends > $2
       returning s.id`,
    [JSON.stringify(chosen), on, scenario.id],
  );
  const ids = moved.map(({ id }) => id);
  for (const table of ['section_enrollment', 'teacher_assignment'])
    await query(
      `update ${table} t set begins = greatest(s.begins, $2::date) from section s
       where s.id = t.section_id and s.id = any($1) and t.ends is null and (t.begins < s.begins or t.begins >= $2)`,
      [ids, on],
    );
  await query(
    `update meeting_pattern set ends = greatest(begins, $2::date) where section_id = any($1) and (ends is null or ends > greatest(begins, $2))`,
    [ids, on],
  );
  return moved;
}
