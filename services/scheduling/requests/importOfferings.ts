import { refuse } from '@rollbook/school';
import type { Transaction } from '@rollbook/subgraph';
import { checkPeriodLoad, prerequisitesOf } from '../catalog/rules.ts';
import { groupsOf } from '../sections/rules.ts';
import type { ScheduleRow } from './csv.ts';
import {
  courseNumbered,
  coursesByNumber,
  judge,
  personId,
  refuseCell,
  settle,
  type Applied,
  type NumberedCourse,
  type Place,
} from './importing.ts';
import { writeCapacities, type Capacity } from './plansAndCapacity.ts';
import { checkGrade } from './rules.ts';

const exactly = (value: number | null, places: number) => (value === null ? null : value.toFixed(places));
/** The grades of a row, each one that there is. */
export const gradesOf = (row: ScheduleRow) => {
  for (const grade of row.list('grades')) checkGrade(grade);
  return row.list('grades');
};

/** ENG9|ENG9H;ALG1: each entry must be met, by any one of its courses; what a column of words says is one more. */
function prerequisitesIn(row: ScheduleRow) {
  const entries = row.list('prerequisites').map((entry) => ({ anyOf: entry.split('|').map((number) => number.trim()).filter(Boolean) })); // prettier-ignore
  const note = row.text('consent');
  return prerequisitesOf([...entries, ...(note ? [{ anyOf: [], note }] : [])], row.text('number'));
}

/** The school's own courses. One that the district offers stays the district's. */
export async function keepCourses(tx: Transaction, place: Place, rows: readonly ScheduleRow[]): Promise<Applied> {
  const known = await coursesByNumber(tx, place);
  const own = new Map<string, ReturnType<typeof wantedOf>>();
  const wantedOf = (row: ScheduleRow) => {
    const number = row.text('number')!;
    const present = known.has(number) ? courseNumbered(known, 'number', number) : null;
    const periodLoad = exactly(row.number('period_load'), 2) ?? present?.periodLoad ?? '1.00';
    checkPeriodLoad(periodLoad);
    return {
      id: present?.id ?? null,
      number,
      title: row.text('title')!,
      credits: exactly(row.number('credits'), 3) ?? present?.credits ?? null,
      periodLoad,
      subjects: row.text('subjects') === null ? (present?.subjects ?? []) : row.list('subjects'),
      gradeLevels: row.text('grades') === null ? (present?.gradeLevels ?? []) : gradesOf(row),
      prerequisites: (row.text('prerequisites') ?? row.text('consent')) ? prerequisitesIn(row) : (present?.prerequisites ?? []),
      repeatable: row.flag('repeatable') ?? present?.repeatable ?? false,
    };
  };
  const asWanted = ({ id, number, title, credits, periodLoad, subjects, gradeLevels, prerequisites, repeatable }: NumberedCourse) => {
    const inOrder = prerequisites.map(({ anyOf, note }) => ({ anyOf, note }));
    return { id, number, title, credits, periodLoad, subjects, gradeLevels, prerequisites: inOrder, repeatable };
  };
  for (const [number, [course]] of known) own.set(number, asWanted(course!));
  const { judged, faults } = judge(
    rows,
    (row) => {
      const wanted = wantedOf(row);
      const present = known.get(wanted.number)?.[0];
      if (present && present.orgId !== place.schoolId && JSON.stringify(own.get(wanted.number)) !== JSON.stringify(wanted))
        refuse('COURSE_OF_DISTRICT', `${wanted.number} is the district's course ${present.title}, and different.`);
      return wanted;
    },
    ({ number }) => number,
  );
  const { kept, changed } = settle(judged, own);
  await tx.query(
    `insert into course (id, org_id, number, title, credits, period_load, subjects, grade_levels, prerequisites, repeatable)
       select coalesce(w.id, uuidv7()), $1, w.number, w.title, w.credits, w."periodLoad", w.subjects, w."gradeLevels", w.prerequisites, w.repeatable
       from jsonb_to_recordset($2) as w (id uuid, number text, title text, credits numeric, "periodLoad" numeric, subjects text[],
         "gradeLevels" text[], prerequisites jsonb, repeatable boolean)
     on conflict (id) do update set (title, credits, period_load, subjects, grade_levels, prerequisites, repeatable) =
       (excluded.title, excluded.credits, excluded.period_load, excluded.subjects, excluded.grade_levels, excluded.prerequisites,
        excluded.repeatable)`,
    [place.schoolId, JSON.stringify(changed)],
  );
  return { kept, faults };
}

export async function keepRooms(tx: Transaction, { schoolId }: Place, rows: readonly ScheduleRow[]): Promise<Applied> {
  interface Room {
    readonly name: string;
    readonly capacity: number | null;
    readonly shared: boolean;
    readonly groups: readonly string[];
  }
  const there = await tx.query<Room>('select name, capacity, shared, groups from room where school_id = $1', [schoolId]);
  const present = new Map(there.map((room) => [room.name, room]));
  const wantedOf = (row: ScheduleRow): Room => {
    const name = row.text('name')!;
    const capacity = row.number('capacity') ?? present.get(name)?.capacity ?? null;
    if (capacity === 0) refuseCell('capacity', 'CAPACITY_INVALID', 'A room holds at least one.');
    const groups = row.text('groups') === null ? (present.get(name)?.groups ?? []) : groupsOf(row.list('groups'));
    return { name, capacity, shared: row.flag('shared') ?? present.get(name)?.shared ?? false, groups };
  };
  const { judged, faults } = judge(rows, wantedOf, ({ name }) => name);
  const { kept, changed } = settle(judged, present);
  await tx.query(
    `insert into room (school_id, name, capacity, shared, groups)
       select $1, w.name, w.capacity, w.shared, w.groups
       from jsonb_to_recordset($2) as w (name text, capacity int, shared boolean, groups text[])
     on conflict on constraint room_name do update set (capacity, shared, groups) = (excluded.capacity, excluded.shared, excluded.groups)`,
    [schoolId, JSON.stringify(changed)],
  );
  return { kept, faults };
}

/** A row says all of what somebody could teach: an empty cell is none. */
export async function keepTeachers(tx: Transaction, place: Place, rows: readonly ScheduleRow[]): Promise<Applied> {
  const { schoolId, schoolYear } = place;
  const courses = await coursesByNumber(tx, place);
  const periods = await tx.query<{ id: string; name: string }>('select id, name from period where school_id = $1', [schoolId]);
  const there = await tx.query<Capacity>(
    `select staff_id as "staffId", course_ids as "courseIds", subjects, max_sections as "maxSections",
       preparation_periods as "preparationPeriods", unavailable
     from teaching_capacity where school_id = $1 and school_year = $2`,
    [schoolId, schoolYear],
  );
  const unavailableIn = (entry: string) => {
    const [name, day] = entry.split(':');
    const period = periods.find((each) => each.name === name!.trim());
    if (!period) return refuseCell('unavailable', 'PERIOD_UNKNOWN', `The school has no period ${name}.`);
    return { periodId: period.id, days: day?.trim() ? [day.trim()] : [] };
  };
  const wantedOf = (row: ScheduleRow): Capacity => ({
    staffId: personId(place, row.text('teacher')!),
    courseIds: row.list('courses').map((number) => courseNumbered(courses, 'courses', number).id),
    subjects: row.list('subjects'),
    maxSections: row.number('max_sections')!,
    preparationPeriods: row.number('preparation_periods') ?? 0,
    unavailable: row.list('unavailable').map(unavailableIn),
  });
  const { judged, faults } = judge(rows, wantedOf, ({ staffId }) => staffId);
  const inOrder = (capacity: Capacity) => ({
    ...capacity,
    unavailable: capacity.unavailable.map(({ periodId, days }) => ({ periodId, days })),
  });
  const { kept, changed } = settle(judged, new Map(there.map((capacity) => [capacity.staffId, inOrder(capacity)])));
  await tx.query(writeCapacities, [schoolId, schoolYear, JSON.stringify(changed)]);
  return { kept, faults };
}
