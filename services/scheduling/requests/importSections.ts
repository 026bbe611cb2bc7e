import { randomUUIDv7 } from 'node:crypto';
import type { Transaction } from '@rollbook/subgraph';
import { keepNeeds } from '../sections/needs.ts';
import { spanOf } from '../sections/rules.ts';
import type { ScheduleRow } from './csv.ts';
import { gradesOf } from './importOfferings.ts';
import {
  courseNumbered,
  coursesByNumber,
  judge,
  orFault,
  personId,
  refuseCell,
  settle,
  type Applied,
  type NumberedCourse,
  type Place,
} from './importing.ts';
import { checkNeeds, checkTogether, knownToNeeds, needsIn, type Needs } from './sectionNeeds.ts';

interface WantedSection extends Needs {
  readonly id: string | null;
  readonly courseId: string;
  readonly number: string;
  readonly sessionIds: readonly string[];
  readonly title: string;
  readonly seatLimit: number | null;
  readonly gradeLevels: readonly string[];
  readonly teacherId: string | null;
}

/** With a choice of terms, those that it chooses from name the section: in which of them it runs may change. */
const keyOfSection = ({
  number,
  courseId,
  sessionIds,
  sessionChoices = [],
}: Pick<WantedSection, 'number' | 'courseId' | 'sessionIds'> & Partial<Needs>) =>
  [number, courseId, ...[...(sessionChoices.length ? sessionChoices : sessionIds)].sort()].join(' ');

/** The school year's sections as they are, locked. */
async function sectionsNow({ query }: Transaction, { schoolId }: Place, sessionIds: readonly string[]) {
  const rows = await query<WantedSection & { seatsTaken: number }>(
    `select s.id, s.course_id as "courseId", s.number, s.session_ids as "sessionIds", s.title, s.seat_limit as "seatLimit",
       s.grade_levels as "gradeLevels", s.seats_taken as "seatsTaken", s.track,
       (select t.staff_id from teacher_assignment t where t.section_id = s.id and t.role = 'TEACHER_OF_RECORD'
          and (t.ends is null or t.ends > t.begins) order by t.begins desc limit 1) as "teacherId",
       coalesce(n.reservations, '[]') as reservations, n.combined_with as "combinedWith", n.link, n.team,
       coalesce(n.room_groups, '{}') as "roomGroups", coalesce(n.session_choices, '{}') as "sessionChoices",
       n.periods_in_row as "periodsInRow", n.day_choices as "dayChoices"
     from section s left join section_need n on n.section_id = s.id
     where s.school_id = $1 and s.session_ids && $2::uuid[] and s.cancelled_on is null order by s.id for no key update of s`,
    [schoolId, sessionIds],
  );
  return new Map(rows.map((section) => [keyOfSection(section), section]));
}

interface Session {
  readonly id: string;
  readonly title: string;
  readonly begins: string;
  readonly ends: string;
}

/** A section is the one of its number, course and terms. When and where it meets is not in the file. */
export async function keepSections(tx: Transaction, place: Place, rows: readonly ScheduleRow[]): Promise<Applied> {
  const { schoolId, schoolYear } = place;
  const courses = await coursesByNumber(tx, place);
  const sessions = await tx.query<Session>(
    'select id, title, begins, ends from academic_session where school_year = $1 order by begins, id',
    [schoolYear],
  );
  const ids = sessions.map(({ id }) => id);
  const present = await sectionsNow(tx, place, ids);
  const known = await knownToNeeds(tx.query, place);
  const nameOf = nameIn(courses, sessions, schoolYear);
  const named = new Set(rows.flatMap((row) => orFault(row.line, () => keyOfSection(nameOf(row)))).filter((key) => typeof key === 'string'));
  const others = [...present].filter(([key]) => !named.has(key)).map(([, section]) => section as WantedSection);
  const wantedOf = (row: ScheduleRow): WantedSection => {
    const { title, ...name } = nameOf(row);
    const before = present.get(keyOfSection(name));
    const wanted = { ...name, ...offeredIn(row, place, before), sessionIds: before?.sessionIds ?? name.sessionIds };
    const section = { ...wanted, title: row.text('title') ?? before?.title ?? title, ...needsIn(row, name.sessionIds, before) };
    checkNeeds(section, known);
    checkTogether(section, others);
    others.push(section);
    return asWanted(section);
  };
  const { judged, faults } = judge(rows, wantedOf, keyOfSection);
  const { kept, changed } = settle(judged, new Map([...present].map(([key, section]) => [key, asWanted(section)])));
  const sectionIds = await writeSections(tx, schoolId, changed, (ids) => spanOf(sessions.filter(({ id }) => ids.includes(id))));
  return { kept, faults, sectionIds };
}

/** How a row names its section: number, course and terms. */
const nameIn =
  (courses: ReadonlyMap<string, readonly NumberedCourse[]>, sessions: readonly Session[], schoolYear: number) => (row: ScheduleRow) => {
    const sessionIn = (title: string) =>
      sessions.find((session) => session.title === title)?.id ??
      refuseCell('terms', 'TERM_UNKNOWN', `The school year ${schoolYear} has no session "${title}".`);
    const { id: courseId, title } = courseNumbered(courses, 'course', row.text('course')!);
    return { number: row.text('number')!, courseId, title, sessionIds: row.list('terms').map(sessionIn) };
  };

/** Seats, grades and teacher of a row; an empty cell is as it was. */
function offeredIn(row: ScheduleRow, place: Place, before: (WantedSection & { seatsTaken: number }) | undefined) {
  const seatLimit = row.number('seats') ?? before?.seatLimit ?? null;
  const teacherId = row.text('teacher') ? personId(place, row.text('teacher')!) : (before?.teacherId ?? null);
  if (seatLimit === 0) refuseCell('seats', 'SEATS_INVALID', 'A section has at least one seat.');
  if (before && seatLimit !== null && seatLimit < before.seatsTaken)
    refuseCell('seats', 'SEAT_LIMIT_BELOW_TAKEN', `${before.seatsTaken} seats of the section are taken.`);
  if (before?.teacherId && before.teacherId !== teacherId)
    refuseCell('teacher', 'TEACHER_OF_RECORD_TAKEN', 'The section has another teacher of record.');
  const gradeLevels = row.text('grades') === null ? (before?.gradeLevels ?? []) : gradesOf(row);
  return { id: before?.id ?? null, seatLimit, teacherId, gradeLevels };
}

/** What a row says of a section, in an order of its own, so that two of them can be compared. */
function asWanted(section: WantedSection): WantedSection {
  const { id, courseId, number, sessionIds, title, seatLimit, gradeLevels, teacherId, ...needs } = section;
  const { track, combinedWith, link, team, roomGroups, sessionChoices, periodsInRow, dayChoices } = needs;
  return {
    ...{ id, courseId, number, sessionIds, title, seatLimit, gradeLevels, teacherId },
    reservations: needs.reservations.map(({ program, seats }) => ({ program, seats })),
    ...{ track, combinedWith, link, team, roomGroups, sessionChoices, periodsInRow, dayChoices },
  };
}

async function writeSections(
  { query }: Transaction,
  schoolId: string,
  sections: readonly WantedSection[],
  span: (sessionIds: readonly string[]) => { begins: string; ends: string },
): Promise<string[]> {
  const rows = JSON.stringify(sections.map((section) => ({ ...section, id: section.id ?? randomUUIDv7(), ...span(section.sessionIds) })));
  const written = await query<{ id: string }>(
    `with wanted as (
       select * from jsonb_to_recordset($2) as w (id uuid, "courseId" uuid, number text, "sessionIds" uuid[], title text, "seatLimit" int,
         "gradeLevels" text[], begins date, ends date, "teacherId" uuid, track text)
     ), written as (
       insert into section as s (id, school_id, course_id, number, session_ids, title, seat_limit, grade_levels, begins, ends, track)
         select id, $1, "courseId", number, "sessionIds", title, "seatLimit", "gradeLevels", begins, ends, track from wanted
       on conflict (id) do update set (title, seat_limit, grade_levels, track, seats_over) =
         (excluded.title, excluded.seat_limit, excluded.grade_levels, excluded.track, greatest(0, s.seats_taken - excluded.seat_limit))
       returning s.id
     ), teachers as (
       insert into teacher_assignment (section_id, school_id, staff_id, role, begins)
         select w.id, $1, w."teacherId", 'TEACHER_OF_RECORD', w.begins from wanted w where w."teacherId" is not null
           and not exists (select from teacher_assignment t where t.section_id = w.id and t.role = 'TEACHER_OF_RECORD' and (t.ends is null or t.ends > t.begins))
     )
     select id from written`,
    [schoolId, rows],
  );
  await keepNeeds(
    query,
    `select id as section_id, $1::uuid as school_id, reservations, "combinedWith" as combined_with, link, team, "roomGroups" as room_groups,
       "sessionChoices" as session_choices, "periodsInRow" as periods_in_row, nullif("dayChoices", 'null') as day_choices
     from jsonb_to_recordset($2) as w (id uuid, reservations jsonb, "combinedWith" text, link text, team text, "roomGroups" text[],
       "sessionChoices" uuid[], "periodsInRow" int, "dayChoices" jsonb)`,
    [schoolId, rows],
  );
  return written.map(({ id }) => id);
}
