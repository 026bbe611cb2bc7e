import { refuse } from '@rollbook/school';
import type { ScenarioRow, ScenarioSectionRow } from './entities.ts';
import { checkReservations, linkOfOneCourse } from './asks.ts';
import { possiblePlacements, termsOfSection, type Grid } from './rules.ts';
import { nowhere } from './schoolOf.ts';
import { gridFor, sectionColumns, type Query } from './scenarios.ts';
import type { ChangeScenarioSectionInput } from '../schema.types.ts';

type Asked = Pick<
  ChangeScenarioSectionInput,
  | 'reservations'
  | 'link'
  | 'team'
  | 'track'
  | 'combinedWith'
  | 'roomGroups'
  | 'periodsInARow'
  | 'dayChoices'
  | 'sessionChoiceIds'
  | 'coTeacherIds'
  | 'locks'
>;

const named = (text: string | null): string | null => text?.trim() || null;
const each = (texts: readonly string[]): string[] => [...new Set(texts.map((text) => text.trim()))].filter(Boolean).sort();

/** What an input asks of the schedule for a section, by column of scenario_section; what it leaves out is not among them. */
export function askedBy(input: Asked): Record<string, unknown> {
  const asked: Record<string, unknown> = {};
  if (input.coTeacherIds != null) asked['co_teacher_ids'] = input.coTeacherIds;
  if (input.locks != null) asked['locks'] = input.locks;
  if (input.reservations != null)
    asked['reservations'] = JSON.stringify(input.reservations.map(({ program, seats }) => ({ program: program.trim(), seats })));
  if (input.link !== undefined) asked['link'] = named(input.link);
  if (input.team !== undefined) asked['team'] = named(input.team);
  if (input.track !== undefined) asked['track'] = named(input.track) ?? '';
  if (input.combinedWith !== undefined) asked['combined_with'] = named(input.combinedWith);
  if (input.roomGroups != null) asked['room_groups'] = each(input.roomGroups);
  if (input.periodsInARow != null) asked['periods_in_row'] = input.periodsInARow;
  if (input.dayChoices != null) asked['day_choices'] = JSON.stringify(input.dayChoices.length ? input.dayChoices.map(each) : [[]]);
  if (input.periodsInARow != null || input.dayChoices != null) asked['pattern_given'] = true;
  if (input.sessionChoiceIds != null) asked['session_choices'] = [...new Set(input.sessionChoiceIds)];
  return asked;
}

/**
 * What a section asks must be possible beside the other sections of its scenario.
 *
 * @param columns what was just written of it; what was there before is not judged again
 */
export async function checkAsked(query: Query, scenario: ScenarioRow, section: ScenarioSectionRow, columns: readonly string[]) {
  const wrote = (...names: readonly string[]) => columns.some((column) => names.includes(column));
  if (wrote('reservations', 'seats')) checkReservations(section);
  if (wrote('track') && section.track) await checkTrack(query, section);
  if (wrote('room_groups')) await checkRoomGroups(query, section);
  if (wrote('session_choices')) await checkSessions(query, scenario, section);
  const others = await query<ScenarioSectionRow>(
    `select ${sectionColumns} from scenario_section x
     where x.scenario_id = $1 and x.section_id <> $2 and not x.taken_out and (x.link = $3 or x.combined_with = $4) order by x.number`,
    [scenario.id, section.sectionId, section.link, section.combinedWith],
  );
  if (wrote('link')) {
    const same = others.find(({ link, courseId }) => link !== null && link === section.link && courseId === section.courseId);
    if (same) linkOfOneCourse(section.link!, section.number, same.number);
  }
  const combined = others.filter(({ combinedWith }) => combinedWith !== null && combinedWith === section.combinedWith);
  if (wrote('combined_with', 'locks', 'meets', 'teacher_id', 'room_id')) for (const other of combined) checkCombined(section, other);
  if (wrote('periods_in_row', 'day_choices', 'session_choices', 'meets', 'combined_with'))
    checkTimes(await gridFor(query, scenario.schoolId, scenario.schoolYear), section, combined);
}

async function checkTrack(query: Query, { schoolId, track }: ScenarioSectionRow): Promise<void> {
  const known = await query('select from calendar where school_id = $1 and track = $2 limit 1', [schoolId, track]);
  if (!known.length) refuse('TRACK_UNKNOWN', `The school has no calendar for a track "${track}".`);
}

async function checkRoomGroups(query: Query, { number, schoolId, roomGroups }: ScenarioSectionRow): Promise<void> {
  const known = await query<{ name: string }>('select distinct unnest(groups) as name from room where school_id = $1', [schoolId]);
  const unknown = roomGroups.filter((group) => !known.some(({ name }) => name === group));
  if (unknown.length) refuse('ROOM_GROUP_UNKNOWN', `Section ${number} needs a room for ${unknown.join(', ')}, and the school has none.`);
}

async function checkSessions(query: Query, { schoolYear }: ScenarioRow, { sessionChoices }: ScenarioSectionRow): Promise<void> {
  const known = await query(`select from academic_session where id = any($1) and school_year = $2 and type <> 'GRADING_PERIOD'`, [
    sessionChoices,
    schoolYear,
  ]);
  if (known.length < sessionChoices.length) refuse('SESSION_UNKNOWN', `A section runs in sessions of ${schoolYear}, not in other ones.`);
}

/** Sections that meet as one class are not locked to different times, teachers or rooms. */
function checkCombined(a: ScenarioSectionRow, b: ScenarioSectionRow): void {
  const apart = (lock: 'PLACEMENT' | 'TEACHER' | 'ROOM', of: (section: ScenarioSectionRow) => string | null | undefined) =>
    a.locks.includes(lock) && b.locks.includes(lock) && of(a) !== of(b);
  const what = [
    apart('PLACEMENT', ({ meets }) => meets?.toSorted().join()) ? 'times' : '',
    apart('TEACHER', ({ teacherId }) => teacherId) ? 'teachers' : '',
    apart('ROOM', ({ roomId }) => roomId) ? 'rooms' : '',
  ].filter(Boolean);
  if (what.length)
    refuse('COMBINED_APART', `Sections ${a.number} and ${b.number} would meet as one, and are locked to different ${what.join(' and ')}.`);
}

/** Whatever days, periods and sessions a section asks for, the timetable has; and those that meet as one class have a time in common. */
function checkTimes(grid: Grid, section: ScenarioSectionRow, combined: readonly ScenarioSectionRow[]): void {
  const { number, dayChoices, sessionChoices, meets } = section;
  const unknown = [...new Set(dayChoices.flat())].filter((day) => !grid.days.includes(day));
  if (unknown.length)
    refuse(
      'DAY_UNKNOWN',
      `The school has no day ${unknown.join(', ')}; it has ${grid.days.filter(Boolean).join(', ') || 'one kind of day'}.`,
    );
  const within = (sessionId: string) => meets!.every((slot) => termsOfSection(grid, [sessionId]).includes(slot.split('/')[0]!));
  if (meets && sessionChoices.length && !sessionChoices.some(within))
    refuse('SESSION_UNKNOWN', `Section ${number} runs in one of its sessions: say in which it meets.`);
  const timesOf = (each: ScenarioSectionRow) => new Set(possiblePlacements(grid, each).map((slots) => slots.toSorted().join()));
  const possible = timesOf(section);
  if (!possible.size) refuse('NO_PLACEMENT', nowhere(grid, section));
  for (const other of combined)
    if (possible.isDisjointFrom(timesOf(other)))
      refuse('NO_PLACEMENT', `Sections ${number} and ${other.number} would meet as one, and there is no time that is possible for both.`);
}
