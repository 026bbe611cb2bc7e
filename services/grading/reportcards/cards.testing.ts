import { setTimeout as pause } from 'node:timers/promises';
import { idOf, ids, newSaveId, openGrading, people, type Grading } from '../testing.ts';
import type { Attendance, Family } from './rules.ts';

/** A family that lives in Glendale and speaks English, unless a test says otherwise. */
export const familyOf = (givenName: string, over: Partial<Family> = {}): Family => ({
  ...{ givenName, middleName: null, familyName: 'Rivera', preferredGivenName: null, preferredFamilyName: null },
  ...{ localId: '1004711', birthDate: '2011-02-03', gradeLevel: '10', language: 'en' },
  contacts: [{ givenName: 'Luz', familyName: 'Rivera' }],
  address: { street: '1200 N Verdugo Rd', unit: null, city: 'Glendale', state: 'CA', postalCode: '91206' },
  ...over,
});

export const attendanceOf = (over: Partial<Attendance> = {}): Attendance => ({
  ...{ daysEnrolled: 44, daysAbsent: 2, daysTardy: 1, rollsMissing: 0 },
  ...over,
});

/** Grading with the two services that it asks: `down` names those that do not answer. */
export async function openPrinting(options: Parameters<typeof openGrading>[0] = {}) {
  const grading = await openGrading(options);
  const families: Record<string, Partial<Family> | null> = {};
  const down = new Set<string>();
  let open = true;
  const answering = (async () => {
    while (open) {
      await answer(grading, families, down);
      await pause(15);
    }
  })();
  return {
    ...grading,
    families,
    down,
    close: async () => {
      open = false;
      await answering;
      await grading.close();
    },
  };
}

async function answer({ sql, hear }: Grading, families: Record<string, Partial<Family> | null>, down: Set<string>): Promise<void> {
  const requests = await sql<{ id: string; studentIds: string[]; families: boolean; attendance: boolean }>(
    `select id, student_ids as "studentIds", families is null as families, attendance is null as attendance from document_request`,
  );
  for (const request of requests) {
    const students = request.studentIds.filter((id) => families[id] !== null);
    if (request.families && !down.has('student'))
      await hear('student', 'FamiliesTold', {
        requestId: request.id,
        students: students.map((id) => ({ id, ...familyOf('Ana', families[id] ?? {}) })),
        staff: [{ id: people.teacher.subject, givenName: 'Dora', familyName: 'Alvarez' }],
      });
    if (request.attendance && !down.has('attendance'))
      await hear('attendance', 'AttendanceTold', {
        requestId: request.id,
        students: request.studentIds.map((id) => ({ id, ...attendanceOf() })),
      });
  }
}

export type Printing = Awaited<ReturnType<typeof openPrinting>>;

export const printing = `mutation ($input: PrintReportCardsInput!) { printReportCards(input: $input) { id status } }`;
const batchFields = `id kind status withoutAttendance waitingFor failure total done printed unchanged faulty pages pagesPerSecond secondsLeft endedAt
  remarks { nodes { student { id } isPrinted codes message } }`;

export async function batchNow({ data }: Printing, id: string) {
  return (await data(people.administrator, `query ($id: ID!) { reportBatch(id: $id) { ${batchFields} } }`, { id })).reportBatch;
}

/** Prints, and answers what became of the batch when it is over or paused. */
export async function print(service: Printing, input: object = {}) {
  const started = await service.data(people.principal, printing, { input: { schoolId: ids.school, gradingPeriodId: ids.fall, ...input } });
  return untilStill(service, started.printReportCards.id);
}

export async function untilStill(service: Printing, id: string) {
  for (;;) {
    const batch = await batchNow(service, id);
    if (['DONE', 'CANCELLED', 'FAILED', 'PAUSED'].includes(batch.status)) return batch;
    await pause(20);
  }
}

/** Posts marks of students in a section, as its teacher. */
export async function post(service: Grading, values: Record<string, object>, section = ids.algebra) {
  const opened = await service.sql('select from grading_window where grading_period_id = $1', [ids.fall]);
  if (!opened.length)
    await service.data(people.administrator, `mutation ($input: OpenGradingWindowInput!) { openGradingWindow(input: $input) { id } }`, {
      input: { gradingPeriodId: ids.fall, opensAt: '2026-09-01T00:00:00Z', closesAt: '2026-12-01T00:00:00Z' },
    });
  const students = Object.keys(values);
  const cells = await service.sql<{ student_id: string; revision: number }>(
    'select student_id, revision from mark where section_id = $1 and grading_period_id = $2 and student_id = any ($3)',
    [section, ids.fall, students],
  );
  const revision = (id: string) => cells.find((cell) => cell.student_id === id)?.revision ?? 0;
  const marks = students.map((studentId) => ({ studentId, baseRevision: revision(studentId), ...values[studentId] }));
  const place = { sectionId: section, gradingPeriodId: ids.fall };
  const saved = await service.data(
    people.teacher,
    `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome code revision } } }`,
    { input: { saveId: newSaveId(), ...place, cells: marks } },
  );
  const posted = await service.data(
    people.teacher,
    `mutation ($input: PostMarksInput!) { postMarks(input: $input) { rows { outcome code } } }`,
    {
      input: { saveId: newSaveId(), ...place, cells: students.map((studentId) => ({ studentId, baseRevision: revision(studentId) + 1 })) },
    },
  );
  return [...saved.saveMarks.rows, ...posted.postMarks.rows].map(({ outcome }) => outcome);
}

/** More sections of the school, each with these students. */
export async function addSections(service: Printing, titles: readonly string[], students: readonly string[]) {
  for (const title of titles)
    await service.hear('scheduling', 'SectionChanged', {
      ...{ ...service.algebra, id: idOf(title), title, courseId: idOf(`course ${title}`) },
      students: students.map((studentId) => ({ studentId, begins: '2026-08-17', ends: '2026-12-19' })),
    });
}
