import { randomUUIDv7 } from 'node:crypto';
import { refuse } from '@rollbook/school';
import type { Context, Transaction } from '@rollbook/subgraph';
import { schoolFor } from '../calendar/schools.ts';
import { keepChange, undoChange } from './changes.ts';
import { askedBy, checkAsked } from './constraints.ts';
import type { ScenarioRow, ScenarioSectionRow } from './entities.ts';
import { changedMeanwhile, slotsOf } from './rules.ts';
import { gridFor, lockDraft, scenarioById, scenarioColumns, scenarioFor, schedulers, sectionColumns, type Query } from './scenarios.ts';
import { liveDifferences, liveSections, takeLive } from './taking.ts';
import type {
  AddScenarioInput,
  AddScenarioSectionInput,
  ChangeScenarioSectionInput,
  CopyScenarioInput,
  RemoveScenarioSectionInput,
  SetScenarioSeatsInput,
  TakeLiveAgainInput,
  UndoScenarioChangeInput,
} from '../schema.types.ts';

export async function scenarioNow(query: Query, id: string): Promise<ScenarioRow> {
  const [scenario] = await query<ScenarioRow>(`select ${scenarioColumns} from scenario s where s.id = $1`, [id]);
  return scenario!;
}

/** One verb, one transaction; and the scenario as it is then. */
export async function changing(
  scenarioId: string,
  context: Context,
  work: (tx: Transaction) => Promise<unknown>,
  reason: string | null = null,
): Promise<ScenarioRow> {
  await context.write(work, reason);
  return (await context.load(scenarioById, scenarioId))!;
}

/** Who: principal or counselor of the school, district administrator. */
export async function addScenario({ schoolId, schoolYear, name }: AddScenarioInput, context: Context): Promise<ScenarioRow> {
  await schoolFor(context, schoolId, schedulers);
  const id = randomUUIDv7();
  return changing(id, context, async ({ query }) => {
    const [scenario] = await query<ScenarioRow>(
      `insert into scenario as s (id, school_id, school_year, name) values ($1, $2, $3, $4) returning ${scenarioColumns}`,
      [id, schoolId, schoolYear, name],
    );
    await takeLive(query, scenario!, await liveSections(query, schoolId, schoolYear));
  });
}

const allBut = (columns: string, ...left: readonly string[]) =>
  columns
    .split(', ')
    .map((column) => column.replace(/^x\.(\w+) as .*$/, '$1'))
    .filter((column) => !left.includes(column))
    .join(', ');
const copiedSectionColumns = allBut(sectionColumns, 'scenario_id');

/** Who: principal or counselor of the school, district administrator. */
export async function copyScenario({ scenarioId, name }: CopyScenarioInput, context: Context): Promise<ScenarioRow> {
  await scenarioFor(context, scenarioId);
  const id = randomUUIDv7();
  return changing(id, context, async ({ query }) => {
    // Locked, so that the copy is of one revision.
    await query('select from scenario where id = $1 for share', [scenarioId]);
    await query(
      `insert into scenario (id, school_id, school_year, name, based_on_id, revision, taken_at)
         select $2, school_id, school_year, $3, id, revision, taken_at from scenario where id = $1`,
      [scenarioId, id, name],
    );
    await query(
      `insert into scenario_section (scenario_id, ${copiedSectionColumns}) select $2, ${copiedSectionColumns} from scenario_section where scenario_id = $1`,
      [scenarioId, id],
    );
    await query(
      `insert into scenario_seat (scenario_id, student_id, section_id, school_id, request_id, alternate, locked)
         select $2, student_id, section_id, school_id, request_id, alternate, locked from scenario_seat where scenario_id = $1`,
      [scenarioId, id],
    );
  });
}

async function sectionNow(query: Query, scenarioId: string, sectionId: string): Promise<ScenarioSectionRow> {
  const [section] = await query<ScenarioSectionRow>(
    `select ${sectionColumns} from scenario_section x where x.scenario_id = $1 and x.section_id = $2 and not x.taken_out`,
    [scenarioId, sectionId],
  );
  return section ?? refuse('NOT_FOUND', `The scenario has no section ${sectionId}.`);
}

/** The section as it was seen. Refuses CHANGED_MEANWHILE, with who changed what since. */
async function sectionAsSeen(query: Query, scenarioId: string, sectionId: string, seen: number): Promise<ScenarioSectionRow> {
  const section = await sectionNow(query, scenarioId, sectionId);
  if (section.revision === seen) return section;
  const later = await query<{ revision: number; what: string; madeBy: string }>(
    `select revision, what, made_by as "madeBy" from scenario_change where scenario_id = $1 and revision > $2 and $3 = any (section_ids)
       order by revision`,
    [scenarioId, seen, sectionId],
  );
  const { revision, seats, meets, teacherId, roomId, locks } = section;
  return changedMeanwhile(`Section ${section.number}`, `revision ${seen}`, { revision, seats, meets, teacherId, roomId, locks, later });
}

/** Who: principal or counselor of the school, district administrator. */
export async function addScenarioSection(input: AddScenarioSectionInput, context: Context): Promise<ScenarioSectionRow> {
  const { schoolId, schoolYear } = await scenarioFor(context, input.scenarioId);
  return context.write(async (tx) => {
    const { query } = tx;
    const scenario = await lockDraft(query, input.scenarioId);
    const sessions = await query('select from academic_session where id = any($1) and school_year = $2', [input.sessionIds, schoolYear]);
    if (!sessions.length || sessions.length < new Set(input.sessionIds).size)
      refuse('SESSION_UNKNOWN', `A section runs in at least one session, all of them of ${schoolYear}.`);
    const sessionIds = [...input.sessionIds, ...(input.sessionChoiceIds ?? [])];
    const grid = await gridFor(query, schoolId, schoolYear, sessionIds);
    const meets = input.meetings ? slotsOf(grid, sessionIds, input.meetings) : null;
    const [{ id }] = (await query<{ id: string }>('select uuidv7() as id')) as [{ id: string }];
    const change = { kind: 'SECTION_ADDED', what: `Section ${input.number} added`, sectionIds: [id], studentIds: [] } as const;
    const given = {
      ...{ scenario_id: scenario.id, section_id: id, school_id: schoolId, course_id: input.courseId, number: input.number },
      ...{ session_ids: input.sessionIds, seats: input.seats ?? null, meets: meets?.length ? meets : null },
      ...{ teacher_id: input.teacherId ?? null, room_id: input.roomId ?? null, ...askedBy(input) },
    };
    const columns = Object.keys(given);
    await keepChange(tx, scenario, change, async () => {
      await query(
        `insert into scenario_section (${columns.join(', ')}) values (${columns.map((_, n) => `$${n + 1}`).join(', ')})`,
        Object.values(given),
      );
      await checkAsked(query, scenario, await sectionNow(query, scenario.id, id), columns);
    });
    return sectionNow(query, scenario.id, id);
  });
}

/** What an edit gives to a section, by column; what it leaves out is not among them. */
async function givenBy(query: Query, scenario: ScenarioRow, section: ScenarioSectionRow, input: ChangeScenarioSectionInput) {
  const given: Record<string, unknown> = {};
  if (input.number != null) given['number'] = input.number;
  if (input.seats !== undefined) given['seats'] = input.seats;
  if (input.meetings !== undefined) {
    const grid = input.meetings?.length ? await gridFor(query, scenario.schoolId, scenario.schoolYear) : null;
    given['meets'] = grid ? slotsOf(grid, [...section.sessionIds, ...section.sessionChoices], input.meetings!) : null;
  }
  if (input.teacherId !== undefined) given['teacher_id'] = input.teacherId;
  if (input.roomId !== undefined) given['room_id'] = input.roomId;
  Object.assign(given, askedBy(input));
  if (!Object.keys(given).length) refuse('BAD_USER_INPUT', 'Say what shall change of the section.');
  return given;
}

const inWords: Readonly<Record<string, string>> = {
  ...{
    number: 'number',
    seats: 'seats',
    meets: 'meetings',
    teacher_id: 'teacher',
    co_teacher_ids: 'co-teachers',
    room_id: 'room',
    locks: 'locks',
    reservations: 'kept seats',
    link: 'link',
    team: 'team',
    track: 'track',
    combined_with: 'combination',
    room_groups: 'room groups',
    periods_in_row: 'periods in a row',
    day_choices: 'choice of days',
    session_choices: 'choice of sessions',
  },
};

/** Who: principal or counselor of the school, district administrator. */
export async function changeScenarioSection(input: ChangeScenarioSectionInput, context: Context): Promise<ScenarioSectionRow> {
  await scenarioFor(context, input.scenarioId);
  return context.write(async (tx) => {
    const { query } = tx;
    const scenario = await lockDraft(query, input.scenarioId);
    const section = await sectionAsSeen(query, scenario.id, input.sectionId, input.revision);
    const given = await givenBy(query, scenario, section, input);
    const columns = Object.keys(given);
    const what = `Section ${section.number}: ${columns.flatMap((column) => inWords[column] ?? []).join(', ')} changed`;
    await keepChange(tx, scenario, { kind: 'SECTION_CHANGED', what, sectionIds: [section.sectionId], studentIds: [] }, async () => {
      await query(
        `update scenario_section set ${columns.map((column, n) => `${column} = $${n + 3}`).join(', ')} where scenario_id = $1 and section_id = $2`,
        [scenario.id, section.sectionId, ...Object.values(given)],
      );
      await checkAsked(query, scenario, await sectionNow(query, scenario.id, section.sectionId), columns);
    });
    return sectionNow(query, scenario.id, section.sectionId);
  });
}

/** Who: principal or counselor of the school, district administrator. */
export async function removeScenarioSection(input: RemoveScenarioSectionInput, context: Context): Promise<ScenarioRow> {
  await scenarioFor(context, input.scenarioId);
  return changing(input.scenarioId, context, async (tx) => {
    const { query } = tx;
    const scenario = await lockDraft(query, input.scenarioId);
    const { sectionId, number } = await sectionAsSeen(query, scenario.id, input.sectionId, input.revision);
    const seated = await query<{ id: string }>(
      'select student_id as id from scenario_seat where scenario_id = $1 and section_id = $2 order by 1',
      [scenario.id, sectionId],
    );
    const studentIds = seated.map(({ id }) => id);
    const what = `Section ${number} taken out, with ${studentIds.length} seats`;
    await keepChange(tx, scenario, { kind: 'SECTION_REMOVED', what, sectionIds: [sectionId], studentIds }, async () => {
      await query('delete from scenario_seat where scenario_id = $1 and section_id = $2', [scenario.id, sectionId]);
      await query('update scenario_section set taken_out = true where scenario_id = $1 and section_id = $2', [scenario.id, sectionId]);
    });
  });
}

/** Who: principal or counselor of the school, district administrator. */
export async function setScenarioSeats(input: SetScenarioSeatsInput, context: Context): Promise<ScenarioRow> {
  await scenarioFor(context, input.scenarioId);
  const { studentId, sectionIds, lockedSectionIds } = input;
  return changing(input.scenarioId, context, async (tx) => {
    const { query } = tx;
    const scenario = await lockDraft(query, input.scenarioId);
    const present = await query<{ id: string }>(
      'select section_id as id from scenario_seat where scenario_id = $1 and student_id = $2 order by 1',
      [scenario.id, studentId],
    );
    const now = present.map(({ id }) => id);
    if (now.join() !== [...new Set(input.seenSectionIds)].sort().join())
      changedMeanwhile('Where the student sits', `${input.seenSectionIds.length} sections`, { sectionIds: now });
    const known = await query('select from scenario_section where scenario_id = $1 and section_id = any($2) and not taken_out', [
      scenario.id,
      sectionIds,
    ]);
    if (known.length < new Set(sectionIds).size) refuse('NOT_FOUND', 'Not all of these sections are in the scenario.');
    await keepChange(
      tx,
      scenario,
      { kind: 'SEATS_CHANGED', what: 'Seats of a student changed', sectionIds: [], studentIds: [studentId] },
      () => seatStudent(tx, scenario, studentId, sectionIds, lockedSectionIds ?? null),
    );
  });
}

/** Each seat answers the request for its course, else one that names it as an alternate, else none. */
async function seatStudent(
  { query }: Transaction,
  { id, schoolId, schoolYear }: ScenarioRow,
  studentId: string,
  sectionIds: readonly string[],
  locked: readonly string[] | null,
): Promise<void> {
  await query('delete from scenario_seat where scenario_id = $1 and student_id = $2 and section_id <> all($3)', [
    id,
    studentId,
    sectionIds,
  ]);
  await query(
    `insert into scenario_seat as o (scenario_id, student_id, section_id, school_id, request_id, alternate, locked)
     select $1, $2, x.section_id, $4, r.id,
       case when r.id is null or r.course_id = x.course_id then 0 else array_position(r.alternates, x.course_id) end,
       coalesce(x.section_id = any ($6::uuid[]), false)
     from scenario_section x left join lateral (
       select q.id, q.course_id, q.alternates from course_request q
       where q.school_id = $4 and q.student_id = $2 and q.school_year = $5 and q.status = 'REQUESTED'
         and (q.course_id = x.course_id or x.course_id = any (q.alternates))
       order by q.course_id = x.course_id desc, q.priority, q.place limit 1) r on true
     where x.scenario_id = $1 and x.section_id = any ($3)
     on conflict (scenario_id, student_id, section_id) do update set locked = case when $6 is null then o.locked else excluded.locked end`,
    [id, studentId, sectionIds, schoolId, schoolYear, locked],
  );
}

/** Who: principal or counselor of the school, district administrator. */
export async function undoScenarioChange({ scenarioId, changeId }: UndoScenarioChangeInput, context: Context): Promise<ScenarioRow> {
  await scenarioFor(context, scenarioId);
  return changing(scenarioId, context, async (tx) => {
    await undoChange(tx, await lockDraft(tx.query, scenarioId), changeId);
  });
}

/** Who: principal or counselor of the school, district administrator. */
export async function takeLiveAgain({ scenarioId, baseRevision }: TakeLiveAgainInput, context: Context): Promise<ScenarioRow> {
  await scenarioFor(context, scenarioId);
  return changing(scenarioId, context, async (tx) => {
    const { query } = tx;
    const scenario = await lockDraft(query, scenarioId);
    if (scenario.revision !== baseRevision) changedMeanwhile('The scenario', `revision ${baseRevision}`, { revision: scenario.revision });
    const different = await liveDifferences(query, scenario);
    const sectionIds = different.map(({ sectionId }) => sectionId);
    const live = (await liveSections(query, scenario.schoolId, scenario.schoolYear)).filter(({ sectionId }) =>
      sectionIds.includes(sectionId),
    );
    const seated = await query<{ id: string }>(
      'select distinct student_id as id from scenario_seat where scenario_id = $1 and section_id = any($2)',
      [scenarioId, sectionIds],
    );
    const studentIds = [...new Set([...seated.map(({ id }) => id), ...live.flatMap(({ students }) => students)])].sort();
    const what = `${sectionIds.length} live sections taken as they are now`;
    await keepChange(tx, scenario, { kind: 'TAKEN_AGAIN', what, sectionIds, studentIds }, async () => {
      const gone = different.filter(({ difference }) => difference === 'GONE').map(({ sectionId }) => sectionId);
      await query('delete from scenario_seat where scenario_id = $1 and section_id = any($2)', [scenarioId, gone]);
      await query('delete from scenario_section where scenario_id = $1 and section_id = any($2)', [scenarioId, gone]);
      await takeLive(query, scenario, live);
      await query('update scenario set taken_at = now() where id = $1', [scenarioId]);
    });
  });
}
