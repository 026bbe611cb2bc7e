import { refuse } from '@rollbook/school';
import type { Context, Transaction } from '@rollbook/subgraph';
import { tellSections } from '../events.ts';
import { checkReason } from '../sections/rules.ts';
import { changing } from './edits.ts';
import type { ScenarioRow, ScenarioSectionRow } from './entities.ts';
import { changedMeanwhile, liveMeetingsOf } from './rules.ts';
import { judge } from './judging.ts';
import { runWhereTheyMeet, writeNeeds } from './liveNeeds.ts';
import { schoolOf } from './schoolOf.ts';
import { gridFor, lockDraft, scenarioFor, sectionColumns, type Query } from './scenarios.ts';
import { liveDifferences, liveSections, meetsLive } from './taking.ts';
import type { CommitScenarioInput } from '../schema.types.ts';

/**
 * Makes a scenario the live schedule: one transaction, so all of it or nothing. It is read and judged before that, while nobody waits; the
 * transaction confirms that neither the scenario nor the live sections have changed since, and writes.
 * Who: principal or counselor of the school, district administrator. Tells SectionChanged of each section that changes.
 */
export async function commitScenario(input: CommitScenarioInput, context: Context): Promise<ScenarioRow> {
  const { scenarioId, baseRevision, begins } = input;
  const why = checkReason(input.reason);
  const { schoolId } = await scenarioFor(context, scenarioId);
  await refuseFaulty(context, scenarioId, baseRevision);
  const commit = async (tx: Transaction) => {
    const { query } = tx;
    // Commits of one school wait for one another; adds and drops wait for the sections, and then find them as the commit leaves them.
    await query('select from school where id = $1 for no key update', [schoolId]);
    const scenario = await lockSeen(query, scenarioId, baseRevision);
    await lockLiveSections(query, scenario);
    await refuseChangedMaster(query, scenario);
    const [{ on }] = (await query<{ on: string }>('select coalesce($2::date, school_today($1, $3)) as on', [
      schoolId,
      begins ?? null,
      context.now(),
    ])) as [{ on: string }];
    await tellSections(tx, await writeLive(query, scenario, on));
    await keepAsCommitted(query, scenario);
  };
  return changing(scenarioId, context, commit, why);
}

/** The scenario as it was seen, locked. Refuses SCENARIO_COMMITTED, CHANGED_MEANWHILE. */
async function lockSeen(query: Query, scenarioId: string, baseRevision: number): Promise<ScenarioRow> {
  const scenario = await lockDraft(query, scenarioId);
  if (scenario.revision !== baseRevision) changedMeanwhile('The scenario', `revision ${baseRevision}`, { revision: scenario.revision });
  return scenario;
}

/**
 * Judges the scenario by what its school knows now. A request or a teacher's load that changes after this counts as if it changed after
 * the commit; seats, rooms and people in two places at once are looked at again by the database.
 */
async function refuseFaulty(context: Context, scenarioId: string, baseRevision: number): Promise<void> {
  const planned = await context.write(async ({ query }) => {
    const scenario = await lockSeen(query, scenarioId, baseRevision);
    await refuseChangedMaster(query, scenario);
    return schoolOf(query, scenario);
  });
  const faults = await judge('faults', planned);
  if (!faults.length) return;
  refuse(
    'SCHEDULE_FAULTY',
    `The scenario has ${faults.length} faults: ${faults[0]!.sentence}${faults.length > 1 ? ' ...' : ''} Nothing was committed.`,
    { faults: faults.slice(0, 100) },
  );
}

const lockLiveSections = (query: Query, { schoolId, schoolYear }: ScenarioRow) =>
  query(
    `select from section s where s.school_id = $1 and s.session_ids && array(select a.id from academic_session a where a.school_year = $2)
       order by s.id for no key update`,
    [schoolId, schoolYear],
  );

async function refuseChangedMaster(query: Query, scenario: ScenarioRow): Promise<void> {
  const changed = await liveDifferences(query, scenario);
  if (!changed.length) return;
  const first = changed.slice(0, 10).map(({ number, difference }) => `${number} (${difference.toLowerCase()})`);
  const since = `Since the scenario was taken, ${changed.length} live sections changed`;
  refuse('MASTER_CHANGED', `${since}: ${first.join(', ')}${changed.length > 10 ? ' ...' : ''}. Nothing was committed.`, { changed });
}

/** Writes what differs from the live sections. What a section of the past was stays: from `on` on, or from its first day when that is later. */
async function writeLive(query: Query, scenario: ScenarioRow, on: string): Promise<string[]> {
  const cancelled = await cancelTakenOut(query, scenario, on);
  const added = await openAdded(query, scenario);
  const moved = await runWhereTheyMeet(query, scenario, on);
  const wanted = await sectionsToWrite(query, scenario, on);
  const touched = new Set([...cancelled, ...added]);
  const mark = (rows: readonly { id: string }[]) => rows.forEach(({ id }) => touched.add(id));
  mark(moved);
  const ids = wanted.map(({ sectionId }) => sectionId);
  // People leave before anything moves, and come when everything has: the database refuses whoever is in two places meanwhile.
  mark(await endSeats(query, scenario.id, ids, on));
  mark(await endTeachers(query, scenario.id, ids, on));
  mark(await writeSections(query, scenario.id, ids));
  mark(await writeNeeds(query, scenario, ids));
  mark(await writeMeetings(query, scenario, wanted, on));
  // Seats that are kept for programs were judged with the scenario, where whoever is locked in a section may sit on one.
  await query(`select set_config('rollbook.kept_seats', 'given', true)`);
  mark(await giveSeats(query, scenario, ids, on));
  mark(await beginTeachers(query, scenario, ids, on));
  return [...touched].sort();
}

async function cancelTakenOut(query: Query, { id }: ScenarioRow, on: string): Promise<string[]> {
  const gone = await query<{ id: string }>(
    `update section s set cancelled_on = greatest(s.begins, $2::date) from scenario_section x
       where x.scenario_id = $1 and x.taken_out and x.live_fingerprint is not null and s.id = x.section_id and s.cancelled_on is null
         and coalesce(s.ends, 'infinity') > $2
       returning s.id`,
    [id, on],
  );
  const ids = gone.map(({ id: section }) => section);
  await query(
    `update meeting_pattern set ends = greatest(begins, $2::date) where section_id = any($1) and (ends is null or ends > greatest(begins, $2))`,
    [ids, on],
  );
  return ids;
}

/** Sections that the scenario adds come into being under the ids they have in it. */
async function openAdded(query: Query, { id, schoolId }: ScenarioRow): Promise<string[]> {
  const rows = await query<{ id: string }>(
    `insert into section (id, school_id, course_id, number, title, session_ids, track, grade_levels, begins, ends, seat_limit)
     select x.section_id, $2, x.course_id, x.number, c.title, x.session_ids, x.track, c.grade_levels, d.begins, d.ends, x.seats
     from scenario_section x join course c on c.id = x.course_id
     cross join lateral (select min(a.begins) as begins, max(a.ends) as ends from academic_session a where a.id = any (x.session_ids)) d
     where x.scenario_id = $1 and x.live_fingerprint is null and not x.taken_out order by x.section_id
     returning id`,
    [id, schoolId],
  );
  return rows.map((row) => row.id);
}

interface SectionToWrite extends ScenarioSectionRow {
  readonly begins: string;
  readonly ends: string | null;
  /** The first day on which it is what the scenario says. */
  readonly from: string;
}

/** Those that are not over by then. */
const sectionsToWrite = (query: Query, { id }: ScenarioRow, on: string): Promise<SectionToWrite[]> =>
  query(
    `select ${sectionColumns}, s.begins, s.ends, greatest(s.begins, $2::date) as from
     from scenario_section x join section s on s.id = x.section_id
     where x.scenario_id = $1 and not x.taken_out and coalesce(s.ends, 'infinity') > $2 order by x.section_id`,
    [id, on],
  );

const endSeats = (query: Query, scenarioId: string, ids: readonly string[], on: string): Promise<{ id: string }[]> =>
  query(
    `update section_enrollment e set ends = greatest(e.begins, $3::date)
       where e.section_id = any($2) and e.ends is null and not exists (
         select from scenario_seat x where x.scenario_id = $1 and x.section_id = e.section_id and x.student_id = e.student_id)
       returning e.section_id as id`,
    [scenarioId, ids, on],
  );

const writeSections = (query: Query, scenarioId: string, ids: readonly string[]): Promise<{ id: string }[]> =>
  query(
    `update section s set seat_limit = x.seats, number = x.number, track = x.track, seats_over = 0 from scenario_section x
       where x.scenario_id = $1 and x.section_id = s.id and s.id = any($2)
         and (s.seat_limit, s.number, s.track) is distinct from (x.seats, x.number, x.track)
       returning s.id`,
    [scenarioId, ids],
  );

const giveSeats = (query: Query, { id, schoolId }: ScenarioRow, ids: readonly string[], on: string): Promise<{ id: string }[]> =>
  query(
    `insert into section_enrollment (section_id, school_id, student_id, begins)
     select x.section_id, $3, x.student_id, greatest(s.begins, $4::date) from scenario_seat x join section s on s.id = x.section_id
     where x.scenario_id = $1 and x.section_id = any($2) and not exists (
       select from section_enrollment e where e.section_id = x.section_id and e.student_id = x.student_id and e.ends is null)
     order by x.section_id, x.student_id
     returning section_id as id`,
    [id, ids, schoolId, on],
  );

/** Who teaches in the scenario $1, of the sections $2. */
const wantedTeachers = `(
  select w.section_id, w.teacher_id as staff_id, 'TEACHER_OF_RECORD' as role from scenario_section w
  where w.scenario_id = $1 and w.section_id = any($2) and w.teacher_id is not null
  union all
  select w.section_id, c.id, 'CO_TEACHER' from scenario_section w, unnest(w.co_teacher_ids) c (id) where w.scenario_id = $1 and w.section_id = any($2))`;

const endTeachers = (query: Query, scenarioId: string, ids: readonly string[], on: string): Promise<{ id: string }[]> =>
  query(
    `update teacher_assignment t set ends = greatest(t.begins, $3::date) from section s
       where s.id = t.section_id and t.section_id = any($2) and t.role <> 'SUBSTITUTE'
         and coalesce(t.ends, 'infinity') > greatest(t.begins, $3) and coalesce(t.ends, 'infinity') >= coalesce(s.ends, 'infinity')
         and not exists (select from ${wantedTeachers} w where w.section_id = t.section_id and w.staff_id = t.staff_id and w.role = t.role)
       returning t.section_id as id`,
    [scenarioId, ids, on],
  );

const beginTeachers = (query: Query, { id, schoolId }: ScenarioRow, ids: readonly string[], on: string): Promise<{ id: string }[]> =>
  query(
    `insert into teacher_assignment (section_id, school_id, staff_id, role, begins)
     select w.section_id, $4, w.staff_id, w.role, greatest(s.begins, $3::date) from ${wantedTeachers} w join section s on s.id = w.section_id
     where not exists (
       select from teacher_assignment t where t.section_id = w.section_id and t.staff_id = w.staff_id and t.role = w.role
         and coalesce(t.ends, 'infinity') > $3 and coalesce(t.ends, 'infinity') >= coalesce(s.ends, 'infinity'))
     order by w.section_id
     returning section_id as id`,
    [id, ids, on, schoolId],
  );

/** Meetings from that day on. Sections that meet where and when they did keep their rows, also what a scenario cannot say of them. */
async function writeMeetings(query: Query, scenario: ScenarioRow, sections: readonly SectionToWrite[], on: string) {
  const { schoolId, schoolYear } = scenario;
  const grid = await gridFor(query, schoolId, schoolYear);
  const asText = (meets: readonly string[] | null, roomId: string | null) => [...(meets ?? []).toSorted(), meets && roomId].join();
  const live = new Map(
    (await liveSections(query, schoolId, schoolYear)).map((section) => [
      section.sectionId,
      asText(meetsLive(grid, section), section.roomId),
    ]),
  );
  const changed = sections.filter(({ sectionId, meets, roomId }) => live.get(sectionId) !== asText(meets, roomId));
  const rows = changed.flatMap((section) =>
    liveMeetingsOf(grid, section.meets ?? [], section)
      .filter(({ ends }) => ends === null || ends > section.from)
      .map(({ begins, ...meeting }) => ({
        ...{ ...meeting, begins: begins < section.from ? section.from : begins, sectionId: section.sectionId, roomId: section.roomId },
        combined: section.combinedWith !== null,
      })),
  );
  // A room may go from one section to another: nobody's new meeting is looked at before everybody's old one is over.
  await query(
    `update meeting_pattern set ends = greatest(begins, $2::date) where section_id = any($1) and (ends is null or ends > greatest(begins, $2))`,
    [changed.map(({ sectionId }) => sectionId), on],
  );
  await query(
    `insert into meeting_pattern (section_id, school_id, period_id, day_label, room_id, room_alone, begins, ends)
     select d."sectionId", $2, d."periodId", d."dayLabel", d."roomId", not (coalesce(r.shared, false) or d.combined), d.begins, d.ends
     from jsonb_to_recordset($1) as d
       ("sectionId" uuid, "periodId" uuid, "dayLabel" text, "roomId" uuid, begins date, ends date, combined boolean)
     left join room r on r.id = d."roomId" order by d."sectionId"`,
    [JSON.stringify(rows), schoolId],
  );
  return changed.map(({ sectionId: id }) => ({ id }));
}

/** The scenario is the live schedule now, and stays as it is; the one before it is replaced. */
async function keepAsCommitted(query: Query, { id, schoolId, schoolYear }: ScenarioRow): Promise<void> {
  await query(`update scenario set status = 'REPLACED' where school_id = $1 and school_year = $2 and status = 'COMMITTED'`, [
    schoolId,
    schoolYear,
  ]);
  await query(`update scenario set status = 'COMMITTED', committed_at = now(), taken_at = now() where id = $1`, [id]);
  await query(
    `update scenario_section x set live_fingerprint = l.fingerprint from live_sections($2, $3) l
       where x.scenario_id = $1 and x.section_id = l.section_id`,
    [id, schoolId, schoolYear],
  );
  // A copy of it goes on from the live sections as they are: what was cancelled is no longer missed.
  await query('delete from scenario_section where scenario_id = $1 and taken_out', [id]);
}
