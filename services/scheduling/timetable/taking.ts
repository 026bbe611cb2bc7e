import type { ScenarioRow } from './entities.ts';
import { partsOf, slotsOfLive, type Grid, type LiveMeeting } from './rules.ts';
import { gridFor, type Query } from './scenarios.ts';

/** A live section as `live_sections` tells it. */
interface LiveSection {
  readonly sectionId: string;
  readonly courseId: string;
  readonly number: string;
  readonly sessionIds: readonly string[];
  readonly track: string;
  readonly seats: number | null;
  readonly teacherId: string | null;
  readonly coTeacherIds: readonly string[];
  readonly roomId: string | null;
  /** [period, day label, room, begins, ends] */
  readonly meetings: readonly (readonly [string, string, string | null, string, string | null])[];
  readonly students: readonly string[];
  readonly reservations: readonly object[];
  readonly combinedWith: string | null;
  readonly link: string | null;
  readonly team: string | null;
  readonly roomGroups: readonly string[];
  readonly sessionChoices: readonly string[];
  /** Both null: as it meets. */
  readonly periodsInRow: number | null;
  readonly dayChoices: readonly (readonly string[])[] | null;
  readonly fingerprint: string;
}

export const liveSections = (query: Query, schoolId: string, schoolYear: number): Promise<LiveSection[]> =>
  query(
    `select l.section_id as "sectionId", l.course_id as "courseId", l.number, l.session_ids as "sessionIds", l.track, l.seats,
       l.teacher_id as "teacherId", l.co_teacher_ids as "coTeacherIds", l.room_id as "roomId", l.meetings, l.students, l.reservations,
       l.combined_with as "combinedWith", l.link, l.team, l.room_groups as "roomGroups", l.session_choices as "sessionChoices",
       l.periods_in_row as "periodsInRow", l.day_choices as "dayChoices", l.fingerprint
     from live_sections($1, $2) l order by l.section_id`,
    [schoolId, schoolYear],
  );

const meetingOf = ([periodId, dayLabel, , begins, ends]: LiveSection['meetings'][number]): LiveMeeting => ({
  periodId,
  dayLabel,
  begins,
  ends,
});

/** The cells that a live section fills; null when it does not meet. */
export const meetsLive = (grid: Grid, { sessionIds, meetings }: LiveSection): string[] | null =>
  slotsOfLive(grid, sessionIds, meetings.map(meetingOf));

/** The days of a placement when they are not all, as a set in order. */
function someDays(grid: Grid, meets: readonly string[] | null): string[] | null {
  const days = [...new Set((meets ?? []).map((slot) => partsOf(slot).day))].sort();
  return days.length && days.length < grid.days.length ? days : null;
}

/** How many periods a section takes on a day, when they follow one another; else 1. */
function periodsInRow(grid: Grid, meets: readonly string[] | null): number {
  const [first] = (meets ?? []).map(partsOf);
  if (!first) return 1;
  const ofDay = meets!.map(partsOf).filter(({ sessionId, day }) => sessionId === first.sessionId && day === first.day);
  const places = ofDay.map(({ periodId }) => grid.periods.findIndex(({ id }) => id === periodId)).sort((a, b) => a - b);
  return places.length <= 4 && places.every((place, n) => place === places[0]! + n) ? places.length : 1;
}

/**
 * Puts live sections, with those who have a seat, into a scenario in place of what it has of them.
 * @param live what `liveSections` found in this transaction; only these are taken.
 */
export async function takeLive(query: Query, scenario: ScenarioRow, live: readonly LiveSection[]): Promise<void> {
  const grid = await gridFor(query, scenario.schoolId, scenario.schoolYear);
  const placed = live.map((section) => ({ section, meets: meetsLive(grid, section) }));
  const daySets = new Set(placed.flatMap(({ meets }) => JSON.stringify(someDays(grid, meets) ?? [])));
  const choicesFor = (days: string[] | null) =>
    days ? [...daySets].map((set) => JSON.parse(set) as string[]).filter((set) => set.length === days.length) : [[]];
  const rows = placed.map(({ section: { students: _, meetings: __, ...section }, meets }) => ({
    ...{ ...section, meets, patternGiven: section.periodsInRow !== null },
    periodsInRow: section.periodsInRow ?? periodsInRow(grid, meets),
    dayChoices: section.dayChoices ?? choicesFor(someDays(grid, meets)),
  }));
  await query(
    `insert into scenario_section (scenario_id, school_id, section_id, course_id, number, session_ids, track, seats, meets, periods_in_row,
       day_choices, pattern_given, teacher_id, co_teacher_ids, room_id, reservations, combined_with, link, team, room_groups, session_choices,
       live_fingerprint)
     select $1, $2, r."sectionId", r."courseId", r.number, r."sessionIds", r.track, r.seats, r.meets, r."periodsInRow", r."dayChoices",
       r."patternGiven", r."teacherId", r."coTeacherIds", r."roomId", r.reservations, r."combinedWith", r.link, r.team, r."roomGroups",
       r."sessionChoices", r.fingerprint
     from jsonb_to_recordset($3) as r ("sectionId" uuid, "courseId" uuid, number text, "sessionIds" uuid[], track text, seats integer,
       meets text[], "periodsInRow" integer, "dayChoices" jsonb, "patternGiven" boolean, "teacherId" uuid, "coTeacherIds" uuid[],
       "roomId" uuid, reservations jsonb, "combinedWith" text, link text, team text, "roomGroups" text[], "sessionChoices" uuid[],
       fingerprint text)
     on conflict (scenario_id, section_id) do update set (course_id, number, session_ids, track, seats, meets, periods_in_row, day_choices,
       pattern_given, teacher_id, co_teacher_ids, room_id, reservations, combined_with, link, team, room_groups, session_choices,
       live_fingerprint, taken_out) = row (excluded.course_id, excluded.number, excluded.session_ids, excluded.track, excluded.seats,
       excluded.meets, excluded.periods_in_row, excluded.day_choices, excluded.pattern_given, excluded.teacher_id,
       excluded.co_teacher_ids, excluded.room_id, excluded.reservations, excluded.combined_with, excluded.link, excluded.team,
       excluded.room_groups, excluded.session_choices, excluded.live_fingerprint, excluded.taken_out)`,
    [scenario.id, scenario.schoolId, JSON.stringify(rows)],
  );
  const ids = live.map(({ sectionId }) => sectionId);
  await query(
    `delete from scenario_seat x where x.scenario_id = $1 and x.section_id = any($2) and not exists (
       select from section_enrollment e where e.section_id = x.section_id and e.student_id = x.student_id and e.ends is null)`,
    [scenario.id, ids],
  );
  await query(
    `insert into scenario_seat (scenario_id, student_id, section_id, school_id, request_id, alternate)
     select $1, e.student_id, e.section_id, $2, r.id,
       case when r.id is null or r.course_id = s.course_id then 0 else array_position(r.alternates, s.course_id) end
     from section_enrollment e join section s on s.id = e.section_id
     left join lateral (
       select q.id, q.course_id, q.alternates from course_request q
       where q.school_id = $2 and q.student_id = e.student_id and q.school_year = $4 and q.status = 'REQUESTED'
         and (q.course_id = s.course_id or s.course_id = any (q.alternates))
       order by q.course_id = s.course_id desc, q.priority, q.place limit 1) r on true
     where e.section_id = any($3) and e.ends is null
     on conflict (scenario_id, student_id, section_id) do nothing`,
    [scenario.id, scenario.schoolId, ids, scenario.schoolYear],
  );
}

/** A live section that is not what it was when the scenario took it. */
export interface LiveDifference {
  readonly sectionId: string;
  readonly number: string;
  /** CHANGED, ADDED (the scenario does not know it) or GONE (it was cancelled). */
  readonly difference: 'CHANGED' | 'ADDED' | 'GONE';
}

/** What changed in the live sections since the scenario took them. */
export const liveDifferences = (query: Query, { id, schoolId, schoolYear }: ScenarioRow): Promise<LiveDifference[]> =>
  query(
    `with t as (
       select x.section_id, x.number, x.live_fingerprint from scenario_section x where x.scenario_id = $1 and x.live_fingerprint is not null)
     select coalesce(t.section_id, l.section_id) as "sectionId", coalesce(l.number, t.number) as number,
       case when t.section_id is null then 'ADDED' when l.section_id is null then 'GONE' else 'CHANGED' end as difference
     from t full join live_sections($2, $3) l on l.section_id = t.section_id
     where t.live_fingerprint is distinct from l.fingerprint order by 2, 1`,
    [id, schoolId, schoolYear],
  );
