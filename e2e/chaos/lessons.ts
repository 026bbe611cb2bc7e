import { openDistrict } from '@rollbook/district/district.ts';
import { settleDemo } from '@rollbook/district/demo/settle.ts';
import { openIssuer } from '@rollbook/district/issuer.ts';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import { clockFrom, openLog } from '@rollbook/subgraph';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { openServer, type Ask } from './databases.ts';
import { startsAt, today } from './system.ts';

/** What a teacher works on in one section: few students and one roll, so that co-teachers meet. */
export interface Lesson {
  readonly sectionId: string;
  readonly gradingPeriodId: string;
  readonly studentIds: readonly string[];
  readonly assignmentIds: readonly string[];
  readonly date: string;
  readonly periodId: string;
}

export interface Teacher {
  readonly name: string;
  readonly person: string;
  readonly token: string;
  readonly lessons: readonly Lesson[];
}

/** Makes a small demo district in a directory. Its PostgreSQL has ended when this resolves, so the directory may be copied. */
export async function settle(dir: string, students: number): Promise<void> {
  const server = await openServer(dir);
  process.env['ROLLBOOK_POSTGRES_URL'] = server.url('postgres');
  try {
    const log = openLog('silent');
    const district = await openDistrict({ dir, port: 0, log, now: clockFrom(startsAt, log) });
    try {
      await settleDemo(district, dir, { students, schools: 3, rollDays: 1, today }, () => undefined);
    } finally {
      await district.close();
    }
  } finally {
    await server.close();
  }
}

interface Meeting {
  readonly sectionId: string;
  readonly schoolId: string;
  readonly staffId: string;
  readonly periodId: string;
  readonly periodIds: readonly string[];
  readonly studentIds: string[];
}

const meetingsOfToday = `
  select s.id as "sectionId", s.school_id as "schoolId", t.staff_id as "staffId", min(m.period_id::text) as "periodId",
         array_agg(m.period_id::text) as "periodIds",
         (select array_agg(e.student_id::text order by e.student_id) from section_enrollment e
           where e.section_id = s.id and daterange(e.begins, e.ends) @> $1::date) as "studentIds"
    from section s join teacher_assignment t on t.section_id = s.id and t.role = 'TEACHER_OF_RECORD' and daterange(t.begins, t.ends) @> $1::date
         join meeting_pattern m on m.section_id = s.id and m.day_label in ('', 'WEDNESDAY') and daterange(m.begins, m.ends) @> $1::date
   where daterange(s.begins, s.ends) @> $1::date and s.cancelled_on is null
   group by s.id, s.school_id, t.staff_id order by s.id`;

/**
 * Gives each of so many teachers two sections: one of their own, and one of a teacher before them that meets when they have no class
 * themselves, and whose co-teacher they become.
 *
 * @param url where the graph is
 */
export async function planLessons(count: number, dir: string, url: string, ask: Ask): Promise<Teacher[]> {
  const issuer = await openIssuer(dir);
  const all = await ask<Meeting>('scheduling', meetingsOfToday, [today]);
  const busy = Map.groupBy(all, ({ staffId }) => staffId);
  const isFree = (staffId: string, { periodIds }: Meeting) =>
    busy.get(staffId)!.every((own) => own.periodIds.every((id) => !periodIds.includes(id)));
  const meetings = all.filter(({ studentIds }) => (studentIds?.length ?? 0) >= 5);
  const byTeacher = [...Map.groupBy(meetings, ({ staffId }) => staffId).values()].map(([first]) => first!);
  // Teachers of one school stand side by side, so that most have a neighbour there.
  const own = byTeacher.toSorted((a, b) => (a.schoolId < b.schoolId ? -1 : 1)).slice(0, count);
  if (own.length < count) throw new Error(`The demo district has ${own.length} teachers with a section today, not ${count}.`);
  const administrator = await issuer.sign(importingAdministrator);
  const lessons = await Promise.all(own.map((meeting) => lessonOf(meeting, ask)));
  return Promise.all(
    own.map(async ({ staffId, schoolId }, n): Promise<Teacher> => {
      const partner = own.slice(0, n).findLastIndex((other) => other.schoolId === schoolId && isFree(staffId, other));
      const shared = partner < 0 ? [] : [lessons[partner]!];
      for (const { sectionId } of shared) await assign(url, administrator, sectionId, staffId);
      const token = await issuer.sign({ subject: staffId, grants: [{ role: 'TEACHER', schoolId }], students: [] });
      return { name: `teacher ${n + 1}`, person: staffId, token, lessons: [lessons[n]!, ...shared] };
    }),
  );
}

async function lessonOf({ sectionId, periodId, studentIds }: Meeting, ask: Ask): Promise<Lesson> {
  const [window] = await ask<{ id: string }>(
    'grading',
    `select grading_period_id as id from grading_window where opens_at <= $1 and closes_at > $1 order by 1 limit 1`,
    [startsAt],
  );
  if (!window) throw new Error('No grading window is open in the demo district.');
  const assignments = await ask<{ id: string }>('grading', 'select id from assignment where section_id = $1 order by id limit 2', [
    sectionId,
  ]);
  return {
    ...{ sectionId, gradingPeriodId: window.id, studentIds: studentIds.slice(0, 5) },
    ...{ assignmentIds: assignments.map(({ id }) => id), date: today, periodId },
  };
}

async function assign(url: string, token: string, sectionId: string, staffId: string): Promise<void> {
  const query = 'mutation ($input: AssignTeacherInput!) { assignTeacher(input: $input) { id } }';
  const input = { sectionId, staffId, role: 'CO_TEACHER', begins: today };
  for (let left = 30; ; left--) {
    const { errors } = await askGraph(url, token, query, { input });
    if (!errors) return;
    // The machine may be busy with something else.
    if (errors[0]!.extensions.code !== 'OVERLOADED' || !left) throw new Error(`A co-teacher was not assigned: ${errors[0]!.message}`);
    await pause(500);
  }
}

interface Answer {
  readonly errors?: readonly { message: string; extensions: { code?: string } }[];
}

/** Asks the graph once, for whoever does not need to know what became of it. */
export async function askGraph(url: string, token: string, query: string, variables: object): Promise<Answer> {
  const response = await request(`${url}/graphql`, {
    ...{ method: 'POST', headersTimeout: 5_000, bodyTimeout: 5_000 },
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.body.json()) as Answer;
}
