import { refuse } from '@rollbook/school';
import type { Context } from '@rollbook/subgraph';
import type { CourseRecommendation, School } from '@rollbook/timetable';
import { keepChange, sectionColumnNames } from './changes.ts';
import type { ScenarioRow, ScenarioSectionRow } from './entities.ts';
import { judge } from './judging.ts';
import { changedMeanwhile } from './rules.ts';
import { gridFor, lockDraft, scenarioById, scenarioFor, sectionColumns, type Query } from './scenarios.ts';
import { asMany, schoolOf, type Planned } from './schoolOf.ts';
import { liveSections, meetsLive } from './taking.ts';
import type { AddRecommendedSectionsInput } from '../schema.types.ts';

/** Where no section of a school has a limit, classes are taken to be of this size. */
const usualClass = 30;

/** The school with a class size for each section: one without a limit is as large as most others. */
export function limited(school: School): School {
  const limits = school.sections.flatMap(({ seats }) => (seats < asMany ? [seats] : [])).sort((a, b) => a - b);
  const usual = limits[Math.floor(limits.length / 2)] ?? usualClass;
  return { ...school, sections: school.sections.map((section) => (section.seats < asMany ? section : { ...section, seats: usual })) };
}

/** The id of no scenario. */
const none = '00000000-0000-0000-0000-000000000000';

/** The live sections of a school year as the algorithms are given them, with what is asked for; nobody sits in them. */
export async function plannedLive(schoolId: string, schoolYear: number, context: Context): Promise<Planned> {
  const query: Query = (sql, params) => context.read(sql, params);
  const grid = await gridFor(query, schoolId, schoolYear);
  const live = await liveSections(query, schoolId, schoolYear);
  const rows = live.map(({ students: _, meetings: __, fingerprint, ...section }, n) => ({
    ...{ roomGroups: [], sessionChoices: [], patternGiven: false },
    ...{ ...section, scenarioId: none, schoolId, revision: 0, meets: meetsLive(grid, live[n]!), periodsInRow: 1, dayChoices: [[]] },
    ...{
      reservations: [],
      combinedWith: null,
      link: null,
      team: null,
      locks: ['PLACEMENT'] as const,
      takenOut: false,
      liveFingerprint: fingerprint,
    },
  }));
  return schoolOf(query, { id: none, schoolId, schoolYear }, rows);
}

/** What a section that is added takes over from another one of its course: all that does not tell the two apart. */
const carried = sectionColumnNames.filter(
  (column) =>
    ![
      ...['number', 'seats', 'meets', 'teacher_id', 'co_teacher_ids', 'room_id', 'reservations', 'combined_with', 'link', 'team'],
      ...['locks', 'taken_out', 'live_fingerprint', 'course_id'],
    ].includes(column),
);

/** Who: principal or counselor of the school, district administrator. */
export async function addRecommendedSections({ scenarioId, baseRevision, courseIds }: AddRecommendedSectionsInput, context: Context) {
  await scenarioFor(context, scenarioId);
  const added = await context.write(async (tx) => {
    const { query } = tx;
    const scenario = await lockDraft(query, scenarioId);
    if (scenario.revision !== baseRevision) changedMeanwhile('The scenario', `revision ${baseRevision}`, { revision: scenario.revision });
    const planned = await schoolOf(query, scenario);
    const { courses } = await judge('counts', { ...planned, school: limited(planned.school) });
    const unknown = courseIds?.find((id) => !courses.some(({ courseId }) => courseId === id));
    if (unknown) refuse('COURSE_UNKNOWN', `Nobody asks for the course ${unknown}, and it has no section.`);
    const lacking = courses.filter((course) => course.recommended > course.planned && (!courseIds || courseIds.includes(course.courseId)));
    const rows = lacking.flatMap((course) => sectionsToAdd(course, planned.school));
    if (!rows.length)
      refuse('NOTHING_RECOMMENDED', 'The scenario has all sections that are recommended, as far as teachers and rooms reach.');
    const sectionIds = (await query<{ id: string }>('select uuidv7() as id from generate_series(1, $1)', [rows.length])).map(
      ({ id }) => id,
    );
    const what = `${rows.length} recommended ${rows.length === 1 ? 'section' : 'sections'} of ${lacking.length} ${lacking.length === 1 ? 'course' : 'courses'} added`;
    await keepChange(tx, scenario, { kind: 'SECTION_ADDED', what, sectionIds, studentIds: [] }, () =>
      insertSections(
        query,
        scenario,
        rows.map((row, n) => ({ ...row, id: sectionIds[n]! })),
      ),
    );
    const sections = await query<ScenarioSectionRow>(
      `select ${sectionColumns} from scenario_section x where x.scenario_id = $1 and x.section_id = any($2) order by x.section_id`,
      [scenarioId, sectionIds],
    );
    return { what, sections };
  });
  return { ...added, scenario: (await context.load(scenarioById, scenarioId))! };
}

interface NewSection {
  readonly courseId: string;
  readonly number: string;
  readonly seats: number;
}

/** Numbered on from the course's sections, as long as theirs: after "07" comes "08". */
function sectionsToAdd({ courseId, recommended, planned, classSize }: CourseRecommendation, { sections }: School): NewSection[] {
  const numbers = sections.flatMap((section) => (section.courseId === courseId && /^\d+$/.test(section.number) ? [section.number] : []));
  const last = Math.max(0, ...numbers.map(Number));
  const length = numbers[0]?.length ?? 3;
  return Array.from({ length: recommended - planned }, (_, n) => ({
    courseId,
    number: String(last + n + 1).padStart(length, '0'),
    seats: classSize,
  }));
}

/** Each as the first section of its course in the scenario; where the course has none, in the sessions that most sections have, or all of the year. */
async function insertSections(query: Query, scenario: ScenarioRow, rows: readonly (NewSection & { id: string })[]): Promise<void> {
  const { id, schoolId, schoolYear } = scenario;
  const [usual] = await query<{ sessionIds: string[] }>(
    `select session_ids as "sessionIds" from scenario_section where scenario_id = $1 and not taken_out group by 1 order by count(*) desc, 1 limit 1`,
    [id],
  );
  const sessionIds = usual?.sessionIds ?? (await gridFor(query, schoolId, schoolYear)).terms.map((term) => term.id);
  if (!sessionIds.length) refuse('SESSION_UNKNOWN', `A section runs in at least one session, and ${schoolYear} has none.`);
  const asModel = carried.map((column) => `m.${column}`).join(', ');
  const told = [id, schoolId, JSON.stringify(rows)];
  const wanted = `jsonb_to_recordset($3) as r (id uuid, "courseId" uuid, number text, seats integer)`;
  const model = `lateral (select * from scenario_section o where o.scenario_id = $1 and o.course_id = r."courseId" and not o.taken_out
      and o.section_id not in (select (n ->> 'id')::uuid from jsonb_array_elements($3) n) order by o.number, o.section_id limit 1) m`;
  await query(
    `insert into scenario_section (scenario_id, school_id, section_id, course_id, number, seats, ${carried.join(', ')})
       select $1, $2, r.id, r."courseId", r.number, r.seats, ${asModel} from ${wanted}, ${model}`,
    told,
  );
  await query(
    `insert into scenario_section (scenario_id, school_id, section_id, course_id, number, seats, session_ids)
       select $1, $2, r.id, r."courseId", r.number, r.seats, $4 from ${wanted}
       on conflict (scenario_id, section_id) do nothing`,
    [...told, sessionIds],
  );
}
