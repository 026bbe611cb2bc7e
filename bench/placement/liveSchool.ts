/** A generated high school in the middle of its year: sections with teachers and times, and full rosters, in the databases of a district. */
import { openDatabases, type Databases } from '@rollbook/district/databases.ts';
import { services } from '@rollbook/district/services.ts';
import { migrate } from '@rollbook/subgraph/migrate.ts';
import { generateSchool } from '@rollbook/timetable/generate.ts';
import { greedyMaster } from '@rollbook/timetable/greedy.ts';
import { loadStudents } from '@rollbook/timetable/load.ts';
import type { PlacedSection, School, Seat } from '@rollbook/timetable/school.ts';
import { randomUUIDv7 } from 'node:crypto';
import pg from 'pg';

/** The day on which everything is measured, in the first semester. */
export const today = '2026-11-18';
const terms: Readonly<Record<string, { begins: string; ends: string }>> = {
  S1: { begins: '2026-08-17', ends: '2027-01-16' },
  S2: { begins: '2027-01-16', ends: '2027-06-12' },
};

export interface LiveSchool {
  readonly school: School;
  readonly placed: readonly PlacedSection[];
  readonly seats: readonly Seat[];
  readonly schoolId: string;
  /** The id in the databases of what the generator names: a course, a section, a teacher, a student, a period ("period 3"). */
  idOf(name: string): string;
  /** Students who came to the school today, and have no class. */
  readonly newcomers: readonly string[];
}

/** Generates a school, places and loads it, and fills the databases with it; a full class has as many seats as the generator gave it. */
export async function fillDatabases(dir: string, size: { students: number; seed: number; newcomers: number }) {
  const school = generateSchool(size);
  const placed = greedyMaster(school, size);
  const { seats } = loadStudents(school, placed, { seed: size.seed, seconds: 5, now: () => performance.now() });
  const ids = new Map<string, string>();
  const idOf = (name: string): string => {
    if (!ids.has(name)) ids.set(name, randomUUIDv7());
    return ids.get(name)!;
  };
  const newcomers = Array.from({ length: size.newcomers }, (_, n) => idOf(`newcomer ${n}`));
  const live: LiveSchool = { school, placed, seats, schoolId: idOf('school'), idOf, newcomers };
  const databases = await openDatabases(dir);
  for (const definition of services) await migrate(definition, databases.urls[definition.name]!);
  await inDatabase(databases, 'student', (client) => writePeople(client, live));
  await inDatabase(databases, 'scheduling', (client) => writeClasses(client, live));
  return { live, databases };
}

/** As the administrator, with the district's hand. */
export async function inDatabase<T>(databases: Databases, service: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databases.administratorUrl(service) });
  await client.connect();
  try {
    await client.query(
      `select set_config('rollbook.district', 'on', false), set_config('rollbook.subject', '00000000-0000-8000-8000-000000000000', false),
         set_config('rollbook.reason', 'Generated', false)`,
    );
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Writes rows, given as objects whose keys are the columns. */
async function insert(client: pg.Client, table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0]!).join(', ');
  await client.query(`insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1)`, [
    JSON.stringify(rows),
  ]);
}

const everybody = ({ school, idOf, newcomers }: LiveSchool) => [
  ...school.students.map(({ id, grade }) => ({ studentId: idOf(id), grade, begins: terms['S1']!.begins })),
  ...newcomers.map((studentId) => ({ studentId, grade: '10', begins: today })),
];

async function writePeople(client: pg.Client, live: LiveSchool): Promise<void> {
  const { schoolId, idOf } = live;
  await insert(client, 'district', [{ id: idOf('district'), name: 'District' }]);
  const school = { id: schoolId, district_id: idOf('district'), name: 'High School', time_zone: 'America/Los_Angeles' };
  await insert(client, 'school', [{ ...school, lowest_grade: '09', highest_grade: '12' }]);
  const people = everybody(live);
  await insert(
    client,
    'student',
    people
      .map(({ studentId }, n) => ({ id: studentId, given_name: `Student ${n + 1}`, family_name: 'Example', enabled: true }))
      .map((row) => ({ ...row, school_ids: [] })),
  );
  await insert(
    client,
    'enrollment',
    people.map(({ studentId, begins }) => ({
      ...{ id: idOf(`enrollment of ${studentId}`), student_id: studentId, school_id: schoolId },
      is_primary: true,
      begins,
    })),
  );
}

async function writeClasses(client: pg.Client, live: LiveSchool): Promise<void> {
  const { school, placed, seats, schoolId, idOf } = live;
  await insert(client, 'school', [{ id: schoolId, name: 'High School', time_zone: 'America/Los_Angeles' }]);
  await insert(
    client,
    'enrolled_student',
    everybody(live).map(({ studentId, grade, begins }) => ({
      ...{ id: idOf(`enrollment of ${studentId}`), school_id: schoolId, student_id: studentId, grade_level: grade },
      ...{ is_primary: true, begins },
    })),
  );
  const periods = [...new Set(school.slots.map(({ period }) => period))];
  await insert(
    client,
    'period',
    periods.map((name, n) => ({ id: idOf(`period ${name}`), school_id: schoolId, name, sort_order: n + 1 })),
  );
  await insert(
    client,
    'course',
    school.courses.map(({ id, title, credits }) => ({ id: idOf(id), org_id: schoolId, number: id, title, credits })),
  );
  await writeSections(client, live);
  const classes = new Map(placed.map((one) => [one.sectionId, datesOf(one.placement)]));
  const rows = seats.map(({ sectionId, studentId }) => ({
    ...{ section_id: idOf(sectionId), school_id: schoolId, student_id: idOf(studentId) },
    begins: classes.get(sectionId)!.begins,
  }));
  await insert(client, 'section_enrollment', rows.map((row) => ({ id: randomUUIDv7(), ...row }))); // prettier-ignore
  await client.query('analyze');
}

/** From the first day of the first term of a placement to the day after its last. */
function datesOf(placement: readonly string[]): { begins: string; ends: string } {
  const [first, last] = [...new Set(placement.map((slot) => slot.split(' ')[0]!))].sort().map((term) => terms[term]!);
  return { begins: first!.begins, ends: (last ?? first!).ends };
}

/** When a placement meets: its periods, each through the terms of the section. */
export const periodsOf = (placement: readonly string[]): string[] => [...new Set(placement.map((slot) => slot.split(' ')[1]!))];

async function writeSections(client: pg.Client, { school, placed, schoolId, idOf }: LiveSchool): Promise<void> {
  const sections = new Map(school.sections.map((section) => [section.id, section]));
  const titles = new Map(school.courses.map(({ id, title }) => [id, title]));
  const lines = placed.map((one) => ({ ...one, section: sections.get(one.sectionId)!, dates: datesOf(one.placement) }));
  const own = { school_id: schoolId };
  await insert(
    client,
    'section',
    lines.map(({ sectionId, section, dates }) => ({
      ...{ id: idOf(sectionId), ...own, course_id: idOf(section.courseId), number: section.number, title: titles.get(section.courseId)! },
      ...{
        ...dates,
        session_ids: [],
        track: '',
        homeroom: false,
        grade_levels: [],
        seat_limit: section.seats,
        seats_taken: 0,
        seats_over: 0,
      },
    })),
  );
  await insert(
    client,
    'meeting_pattern',
    lines.flatMap(({ sectionId, placement, dates }) =>
      periodsOf(placement).map((period) => ({
        ...{ id: randomUUIDv7(), ...own, section_id: idOf(sectionId), period_id: idOf(`period ${period}`) },
        ...{ day_label: '', room_alone: true, begins: dates.begins },
      })),
    ),
  );
  await insert(
    client,
    'teacher_assignment',
    lines.flatMap(({ sectionId, teacherId, dates }) =>
      teacherId === null
        ? []
        : [
            {
              id: randomUUIDv7(),
              ...own,
              section_id: idOf(sectionId),
              staff_id: idOf(teacherId),
              role: 'TEACHER_OF_RECORD',
              begins: dates.begins,
            },
          ],
    ),
  );
}
