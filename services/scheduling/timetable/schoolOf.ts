import { refuse } from '@rollbook/school';
import type { Course, PlacedSection, Room, School, Seat, Section, Student, Teacher } from '@rollbook/timetable';
import type { ScenarioRow, ScenarioSeatRow, ScenarioSectionRow } from './entities.ts';
import { possiblePlacements, slotOf, type Grid } from './rules.ts';
import { gridFor, seatColumns, sectionColumns, type Query } from './scenarios.ts';

/** A scenario as the algorithms are given it. */
export interface Planned {
  readonly school: School;
  /** The sections as the scenario has them; what is open is not among them. */
  readonly placed: readonly PlacedSection[];
  readonly seats: readonly Seat[];
}

/** Where nothing says how many fit in, as many as come do. */
export const asMany = 9_999;

const [studentInWords, teacherInWords] = ['A student', 'A teacher'];

type PlannedYear = Pick<ScenarioRow, 'id' | 'schoolId' | 'schoolYear'>;

interface CapacityRow {
  readonly staffId: string;
  readonly courseIds: readonly string[];
  readonly subjects: readonly string[];
  readonly maxSections: number;
  readonly preparationPeriods: number;
  readonly unavailable: readonly { readonly periodId: string; readonly days?: readonly string[] }[];
}

interface CourseRow {
  readonly id: string;
  readonly number: string | null;
  readonly title: string;
  readonly credits: string | null;
  readonly subjects: readonly string[];
}

/**
 * A scenario with all that its school knows of courses, rooms, teachers, requests and periods. Read it in one transaction, with the
 * scenario locked, when it must be of one moment. Names of people are the student service's; in sentences they are "A student" and "A teacher",
 * with their ids beside it.
 *
 * @param instead sections in place of those that the scenario keeps.
 */
export async function schoolOf(query: Query, scenario: PlannedYear, instead?: readonly ScenarioSectionRow[]): Promise<Planned> {
  const { id, schoolId, schoolYear } = scenario;
  const rows =
    instead ??
    (await query<ScenarioSectionRow>(
      `select ${sectionColumns} from scenario_section x where x.scenario_id = $1 and not x.taken_out order by x.section_id`,
      [id],
    ));
  const kept = await query<ScenarioSeatRow>(
    `select ${seatColumns} from scenario_seat x where x.scenario_id = $1 order by x.student_id, x.section_id`,
    [id],
  );
  const grid = await gridFor(query, schoolId, schoolYear);
  const courses = await coursesOf(query, scenario, rows);
  const sheets = await sheetsOf(query, scenario);
  const seats = answering(kept, rows, sheets);
  const students = studentsOf(sheets, seats, comingAlong(seats, rows), await releasesOf(query, scenario, grid));
  const sections = rows.map((row) => sectionOf(grid, row));
  const meets = (row: ScenarioSectionRow): row is ScenarioSectionRow & { meets: readonly string[] } => row.meets !== null;
  return {
    school: {
      slots: slotsOfGrid(grid),
      courses: courses.map(({ course }) => course),
      teachers: await teachersOf(query, scenario, grid, rows, courses),
      rooms: await roomsOf(query, schoolId),
      sections,
      students,
    },
    placed: rows.filter(meets).map(({ sectionId, meets, teacherId, roomId }) => ({ sectionId, placement: meets, teacherId, roomId })),
    seats: seats.map(({ studentId, sectionId, requestId, alternate }) => ({ studentId, sectionId, requestId, alternate })),
  };
}

/** Terms are called by their titles; two of one title, by the days they begin as well. */
function slotsOfGrid({ terms, days, periods }: Grid): School['slots'] {
  const nameOf = ({ title, begins }: Grid['terms'][number]) =>
    terms.filter((other) => other.title === title).length > 1 ? `${title} (${begins})` : title;
  return terms.flatMap((term) =>
    days.flatMap((day) =>
      periods.map((period, order) => ({ id: slotOf(term.id, day, period.id), term: nameOf(term), day, period: period.name, order })),
    ),
  );
}

/** Where a section could meet. As it meets now is possible too, unless somebody said how it shall. */
function placementsOf(grid: Grid, row: ScenarioSectionRow): string[][] {
  const found = possiblePlacements(grid, row);
  const asText = (placement: readonly string[]) => placement.toSorted().join();
  const isNew = row.meets && !found.some((placement) => asText(placement) === asText(row.meets!));
  const isSaid = row.patternGiven || row.sessionChoices.length > 0;
  return isNew && (!isSaid || row.locks.includes('PLACEMENT')) ? [...found, [...row.meets!]] : found;
}

/** Why a section has no place at all, in words. */
export function nowhere(grid: Grid, { number, periodsInRow, dayChoices }: ScenarioSectionRow): string {
  const so = `Section ${number} could meet nowhere:`;
  if (!grid.periods.length || !grid.terms.length) return `${so} the school needs periods, and the section sessions of this year.`;
  if (grid.periods.length < periodsInRow)
    return `${so} it takes ${periodsInRow} periods that follow one another, and the school has ${grid.periods.length}.`;
  const days = [...new Set(dayChoices.flat())].filter((day) => !grid.days.includes(day));
  if (days.length) return `${so} the school has no day ${days.join(' or ')}.`;
  return `${so} its sessions are not of this year.`;
}

function sectionOf(grid: Grid, row: ScenarioSectionRow): Section {
  const possible = placementsOf(grid, row);
  if (!possible.length) refuse('NO_PLACEMENT', nowhere(grid, row));
  return {
    ...{ id: row.sectionId, courseId: row.courseId, number: row.number, seats: row.seats ?? asMany, reservations: row.reservations },
    placement: row.locks.includes('PLACEMENT') ? row.meets : null,
    possible,
    teacherId: row.locks.includes('TEACHER') ? row.teacherId : null,
    coTeacherIds: row.coTeacherIds,
    roomId: row.locks.includes('ROOM') ? row.roomId : null,
    roomGroups: row.roomGroups,
    ...{ combinedWith: row.combinedWith, link: row.link, team: row.team, track: row.track || null },
  };
}

/** Courses of the sections, and those that are asked for. What a graduation plan of the school names is core. */
async function coursesOf(query: Query, { schoolId, schoolYear }: PlannedYear, sections: readonly ScenarioSectionRow[]) {
  const rows = await query<CourseRow & { core: boolean }>(
    `select c.id, c.number, c.title, c.credits::text, c.subjects, exists (
       select from graduation_plan g, jsonb_array_elements(g.requirements) r
       where g.school_id = $1 and c.number is not null and r -> 'courses' ? c.number) as core
     from course c where c.id = any ($3) or c.id in (
       select unnest(q.course_id || q.alternates) from course_request q
       where q.school_id = $1 and q.school_year = $2 and q.status = 'REQUESTED')
     order by c.id`,
    [schoolId, schoolYear, [...new Set(sections.map(({ courseId }) => courseId))]],
  );
  return rows.map(({ id, title, credits, core, subjects }) => {
    const course: Course = { id, title, core, credits: Number(credits ?? 0) };
    return { course, subjects };
  });
}

/** Those of whom the school says what they could teach, and whoever teaches in the scenario: of these, that may be taught by them. */
async function teachersOf(
  query: Query,
  { schoolId, schoolYear }: PlannedYear,
  grid: Grid,
  sections: readonly ScenarioSectionRow[],
  courses: readonly { course: Course; subjects: readonly string[] }[],
): Promise<Teacher[]> {
  const capacities = await query<CapacityRow>(
    `select c.staff_id as "staffId", c.course_ids as "courseIds", c.subjects, c.max_sections as "maxSections",
       c.preparation_periods as "preparationPeriods", c.unavailable
     from teaching_capacity c where c.school_id = $1 and c.school_year = $2 order by c.staff_id`,
    [schoolId, schoolYear],
  );
  const told = capacities.map((capacity): Teacher => {
    const bySubject = courses.filter(({ subjects }) => subjects.some((subject) => capacity.subjects.includes(subject)));
    return {
      id: capacity.staffId,
      name: teacherInWords,
      courseIds: [...new Set([...capacity.courseIds, ...bySubject.map(({ course }) => course.id)])],
      maxSlotsPerTerm: capacity.maxSections * grid.days.length,
      unavailable: capacity.unavailable.flatMap(({ periodId, days }) =>
        grid.terms.flatMap((term) => (days?.length ? days : grid.days).map((day) => slotOf(term.id, day, periodId))),
      ),
      preparationSlots: capacity.preparationPeriods * grid.days.length,
    };
  });
  const known = new Set(told.map(({ id }) => id));
  const taught = Map.groupBy(
    sections.flatMap(({ teacherId, coTeacherIds, courseId }) =>
      [teacherId, ...coTeacherIds].flatMap((id) => (id && !known.has(id) ? [{ id, courseId }] : [])),
    ),
    ({ id }) => id,
  );
  const others = [...taught].map(([id, all]): Teacher => {
    const courseIds = [...new Set(all.map(({ courseId }) => courseId))];
    return {
      id,
      name: teacherInWords,
      courseIds,
      maxSlotsPerTerm: grid.periods.length * grid.days.length,
      unavailable: [],
      preparationSlots: 0,
    };
  });
  return [...told, ...others];
}

async function roomsOf(query: Query, schoolId: string): Promise<Room[]> {
  const rows = await query<{ id: string; name: string; capacity: number | null; groups: readonly string[]; shared: boolean }>(
    'select id, name, capacity, groups, shared from room where school_id = $1 order by name, id',
    [schoolId],
  );
  return rows.map(({ capacity, ...room }) => ({ ...room, capacity: capacity ?? asMany }));
}

interface SheetRow {
  readonly studentId: string;
  readonly grade: string | null;
  readonly programs: readonly string[];
  readonly team: string | null;
  readonly track: string | null;
  readonly requests: Student['requests'];
}

async function sheetsOf(query: Query, { schoolId, schoolYear }: PlannedYear): Promise<SheetRow[]> {
  const sheets = await query<Omit<SheetRow, 'requests'>>(
    `select s.student_id as "studentId", s.grade_level as grade, s.programs, s.team, s.track
     from request_sheet s where s.school_id = $1 and s.school_year = $2 order by s.student_id`,
    [schoolId, schoolYear],
  );
  // By themselves: asked for sheet by sheet they took seconds in a large school that was just imported.
  const requests = await query<SheetRow['requests'][number] & { readonly studentId: string }>(
    `select q.student_id as "studentId", q.id, q.course_id as "courseId", q.priority, q.alternates from course_request q
     where q.school_id = $1 and q.school_year = $2 and q.status = 'REQUESTED' order by q.priority, q.place, q.id`,
    [schoolId, schoolYear],
  );
  const requestsOf = Map.groupBy(requests, ({ studentId }) => studentId);
  return sheets.map((sheet) => ({
    ...sheet,
    requests: (requestsOf.get(sheet.studentId) ?? []).map(({ studentId: _, ...request }) => request),
  }));
}

/** A seat answers the request that it was given for as long as that stands and no seat before it does (but for sections of one link). */
function answering(
  seats: readonly ScenarioSeatRow[],
  sections: readonly ScenarioSectionRow[],
  sheets: readonly SheetRow[],
): ScenarioSeatRow[] {
  const requests = new Map(sheets.flatMap((sheet) => sheet.requests.map((request) => [request.id, request] as const)));
  const sectionOf = new Map(sections.map((section) => [section.sectionId, section]));
  const answered = new Map<string, string | null>();
  return seats.map((seat) => {
    const request = seat.requestId === null ? undefined : requests.get(seat.requestId);
    const section = sectionOf.get(seat.sectionId);
    const wanted = seat.alternate === 0 ? request?.courseId : request?.alternates[seat.alternate - 1];
    const before = request && answered.get(request.id);
    const isSecond = before !== undefined && (before === null || before !== section?.link);
    if (!request || wanted !== section?.courseId || isSecond) return { ...seat, requestId: null, alternate: 0 };
    answered.set(request.id, section!.link);
    return seat;
  });
}

/** By student: the cells in which they need not have a class. */
async function releasesOf(query: Query, { schoolId }: PlannedYear, grid: Grid): Promise<Map<string, string[]>> {
  const rows = await query<{ studentId: string; periodId: string; begins: string; ends: string | null }>(
    `select r.student_id as "studentId", r.period_id as "periodId", r.begins, r.ends from period_release r where r.school_id = $1`,
    [schoolId],
  );
  const released = new Map<string, string[]>();
  for (const { studentId, periodId, begins, ends } of rows) {
    const terms = grid.terms.filter((term) => begins < term.ends && (ends === null || ends > term.begins));
    const slots = terms.flatMap((term) => grid.days.map((day) => slotOf(term.id, day, periodId)));
    released.set(studentId, [...new Set([...(released.get(studentId) ?? []), ...slots])]);
  }
  return released;
}

/** Seats that answer no request and are there because another one of their link does: a run may give another lecture with another lab. */
function comingAlong(seats: readonly ScenarioSeatRow[], sections: readonly ScenarioSectionRow[]): ReadonlySet<ScenarioSeatRow> {
  const linkOf = new Map(sections.flatMap(({ sectionId, link }) => (link === null ? [] : [[sectionId, link] as const])));
  const keyOf = ({ studentId, sectionId }: ScenarioSeatRow) => `${studentId} ${linkOf.get(sectionId)}`;
  const linked = seats.filter(({ sectionId }) => linkOf.has(sectionId));
  const answered = new Set(linked.filter(({ requestId }) => requestId !== null).map(keyOf));
  return new Set(linked.filter((seat) => seat.requestId === null && answered.has(keyOf(seat))));
}

/** Whoever asked for courses, and whoever has a seat. A seat that answers no request is kept, and so is one that is locked. */
function studentsOf(
  sheets: readonly SheetRow[],
  seats: readonly ScenarioSeatRow[],
  along: ReadonlySet<ScenarioSeatRow>,
  releases: ReadonlyMap<string, string[]>,
): Student[] {
  const seatsOf = Map.groupBy(seats, ({ studentId }) => studentId);
  const asked = new Set(sheets.map(({ studentId }) => studentId));
  const onlySeated = [...seatsOf.keys()].filter((id) => !asked.has(id));
  const none = { grade: null, programs: [], team: null, track: null, requests: [] };
  return [...sheets, ...onlySeated.map((studentId) => ({ studentId, ...none }))].map(({ studentId: id, grade, team, track, ...rest }) => {
    const own = seatsOf.get(id) ?? [];
    return {
      ...{ id, name: studentInWords, grade: grade ?? '', team: team || null, track: track || null, ...rest },
      locked: own.filter((seat) => seat.locked || (seat.requestId === null && !along.has(seat))).map(({ sectionId }) => sectionId),
      current: own.map(({ sectionId }) => sectionId),
      released: releases.get(id) ?? [],
    };
  });
}
