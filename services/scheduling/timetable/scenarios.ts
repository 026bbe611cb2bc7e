import { holds, refuse, type Role } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type PageArguments, type Transaction } from '@rollbook/subgraph';
import { batchOfLists } from '../lists.ts';
import {
  ScenarioSeat,
  ScenarioSection,
  ScheduleScenario,
  type ScenarioChangeRow,
  type ScenarioRow,
  type ScenarioSeatRow,
  type ScenarioSectionRow,
} from './entities.ts';
import { gridOf, type Grid, type PlannedPeriod, type Term } from './rules.ts';

export type Query = Transaction['query'];

export const schedulers: readonly Role[] = ['PRINCIPAL', 'COUNSELOR', 'DISTRICT_ADMINISTRATOR'];

export const scenarioColumns = columnsOf(ScheduleScenario, 's');
export const sectionColumns = columnsOf(ScenarioSection, 'x');
export const seatColumns = columnsOf(ScenarioSeat, 'x');

export const scenarioById = batch<string, ScenarioRow>(
  (ids, { read }) => read(`select ${scenarioColumns} from scenario s where s.id = any($1)`, [ids]),
  (scenario) => scenario.id,
);

/** A scenario, or null to whoever does not plan at its school: staff of the school are not enough. */
export async function findScenario(id: string, { viewer, load }: Context): Promise<ScenarioRow | null> {
  const scenario = await load(scenarioById, id);
  return scenario && holds(viewer, schedulers, scenario.schoolId) ? scenario : null;
}

/** A scenario of a school where the viewer plans. Any other is not found. */
export async function scenarioFor(context: Context, id: string): Promise<ScenarioRow> {
  const scenario = await findScenario(id, context);
  if (!scenario) refuse('NOT_FOUND', `There is no scenario ${id} in a school where you are ${schedulers.join(' or ')}.`);
  return scenario;
}

/** The scenario, locked: whoever else changes it waits. Refuses SCENARIO_COMMITTED. */
export async function lockDraft(query: Query, id: string): Promise<ScenarioRow> {
  const [scenario] = await query<ScenarioRow>(`select ${scenarioColumns} from scenario s where s.id = $1 for no key update`, [id]);
  if (!scenario) refuse('NOT_FOUND', `There is no scenario ${id}.`);
  if (scenario.status !== 'DRAFT')
    refuse('SCENARIO_COMMITTED', `The scenario "${scenario.name}" was committed and stays as it was; copy it to go on planning.`);
  return scenario;
}

export async function scenariosOf(schoolId: string, schoolYear: number, { viewer, read }: Context): Promise<ScenarioRow[]> {
  if (!holds(viewer, schedulers, schoolId)) return [];
  return read(`select ${scenarioColumns} from scenario s where s.school_id = $1 and s.school_year = $2 order by s.id desc`, [
    schoolId,
    schoolYear,
  ]);
}

export async function sectionsPage(
  scenarioId: string,
  { courseId, ...page }: PageArguments & { courseId?: string | null },
  { read }: Context,
) {
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  const rows = await read<ScenarioSectionRow>(
    `select ${sectionColumns} from scenario_section x where x.scenario_id = $1 and not x.taken_out and ($2::uuid is null or x.course_id = $2)
       and ($3::text[] is null or (x.number, x.section_id) > ($3[1], $3[2]::uuid)) order by x.number, x.section_id limit $4`,
    [scenarioId, courseId ?? null, after, limit],
  );
  return connectionOf(rows, limit, (section) => [section.number, section.sectionId]);
}

export async function changesPage(scenarioId: string, page: PageArguments, { read }: Context) {
  const { after, limit } = pageArguments(page, ['integer']);
  const rows = await read<ScenarioChangeRow>(
    `select ${changeColumns} from scenario_change c where c.scenario_id = $1 and ($2::text[] is null or c.revision < $2[1]::integer)
       order by c.revision desc limit $3`,
    [scenarioId, after, limit],
  );
  return connectionOf(rows, limit, (change) => [String(change.revision)]);
}

/** All of a change but the rows themselves, which may be many thousands. */
export const changeColumns = `c.id, c.scenario_id as "scenarioId", c.school_id as "schoolId", c.revision, c.kind, c.what,
  c.section_ids as "sectionIds", c.student_ids as "studentIds", c.undoes_id as "undoesId", c.made_at as "madeAt", c.made_by as "madeBy"`;

export const seatsOf = (scenarioId: string, studentId: string, { read }: Context): Promise<ScenarioSeatRow[]> =>
  read(`select ${seatColumns} from scenario_seat x where x.scenario_id = $1 and x.student_id = $2 order by x.section_id`, [
    scenarioId,
    studentId,
  ]);

interface SectionKey {
  readonly scenarioId: string;
  readonly sectionId: string;
}
const sectionKey = ({ scenarioId, sectionId }: SectionKey) => `${scenarioId} ${sectionId}`;

/** Who sits in a section of a scenario. */
export const rosterOf = batchOfLists<SectionKey, ScenarioSeatRow>(
  (keys, { read }) =>
    read(
      `select ${seatColumns} from scenario_seat x where (x.scenario_id, x.section_id) in (select * from unnest($1::uuid[], $2::uuid[]))
       order by x.student_id`,
      [keys.map(({ scenarioId }) => scenarioId), keys.map(({ sectionId }) => sectionId)],
    ),
  ({ scenarioId, sectionId }) => ({ scenarioId, sectionId }),
  sectionKey,
);

export const seatsTaken = batch<SectionKey, SectionKey & { taken: number }>(
  (keys, { read }) =>
    read(
      `select x.scenario_id as "scenarioId", x.section_id as "sectionId", count(*)::integer as taken
       from scenario_seat x where (x.scenario_id, x.section_id) in (select * from unnest($1::uuid[], $2::uuid[])) group by 1, 2`,
      [keys.map(({ scenarioId }) => scenarioId), keys.map(({ sectionId }) => sectionId)],
    ),
  ({ scenarioId, sectionId }) => ({ scenarioId, sectionId }),
  sectionKey,
);

/**
 * What the timetable of a school is made of in a school year: the terms that sections run in (live ones and those of `sessionIds`), the
 * labels of days that the calendar or a live meeting knows, and the periods.
 */
export async function gridFor(query: Query, schoolId: string, schoolYear: number, sessionIds: readonly string[] = []): Promise<Grid> {
  const named = await query<Term>(
    `select a.id, a.title, a.begins, a.ends from academic_session a
     where a.school_year = $2 and a.type <> 'GRADING_PERIOD' and (a.id = any($3) or exists (
       select from section s where s.school_id = $1 and a.id = any(s.session_ids)) or exists (
       select from section_need n where n.school_id = $1 and a.id = any(n.session_choices)) or exists (
       select from scenario c join scenario_section x on x.scenario_id = c.id
       where c.school_id = $1 and c.school_year = $2 and a.id = any(x.session_ids || x.session_choices)))
     order by a.begins, a.ends, a.id`,
    [schoolId, schoolYear, sessionIds],
  );
  // Before there is any section, the year is what the district says it is.
  const sessions = named.length
    ? named
    : await query<Term>(
        `select a.id, a.title, a.begins, a.ends from academic_session a where a.school_year = $1 and a.type <> 'GRADING_PERIOD' order by a.begins, a.ends, a.id`,
        [schoolYear],
      );
  const days = await query<{ label: string }>(
    `select distinct d.day_label as label from calendar_date d join calendar c on c.id = d.calendar_id
     where c.school_id = $1 and c.school_year = $2 and d.day_label is not null
     union
     select m.day_label from meeting_pattern m join section s on s.id = m.section_id
     where m.school_id = $1 and m.day_label <> '' and s.session_ids && array(select a.id from academic_session a where a.school_year = $2)
     order by 1`,
    [schoolId, schoolYear],
  );
  const periods = await query<PlannedPeriod>(
    'select id, name, sort_order as "sortOrder" from period where school_id = $1 order by sort_order, id',
    [schoolId],
  );
  return gridOf(
    sessions,
    days.map(({ label }) => label),
    periods,
  );
}
