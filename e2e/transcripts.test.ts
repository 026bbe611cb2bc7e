/* eslint-disable @typescript-eslint/no-explicit-any -- answers are as the graph says; the assertions are their types */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import { randomUUIDv7 } from 'node:crypto';
import { ask, demoDirectory, inDatabases, oneProcess, today, type System } from './topologies.ts';

let system: System;
let dir: string;
let remove: () => void;
let office: string;
let schools: string[];
let seniors: { id: string; schoolId: string }[];

beforeAll(async () => {
  ({ dir, remove } = await demoDirectory());
  system = await oneProcess(dir);
  office = await system.tokenFor(importingAdministrator);
  schools = (await data('{ schools(first: 10) { nodes { id } } }')).schools.nodes.map(({ id }: { id: string }) => id);
}, 180_000);
// What is open is closed before this.
afterAll(() => remove?.());

async function data(query: string, variables: object = {}, token = office): Promise<any> {
  const answer = await ask(system, token, query, variables);
  expect(answer.errors).toBeUndefined();
  return answer.data;
}
const codeOf = async (query: string, variables: object, token = office) =>
  (await ask(system, token, query, variables)).errors?.[0]?.extensions['code'];
async function reopen(): Promise<void> {
  await system.close();
  system = await oneProcess(dir);
}
/** Asks until it is so: what one service tells another takes a moment. */
async function eventually<T>(question: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  for (let times = 0; ; times++) {
    const answer = await question();
    if (isSo(answer) || times === 300) return answer;
    await new Promise((next) => setTimeout(next, 100));
  }
}

const transfer = 'mutation ($input: RecordTransferCreditInput!) { recordTransferCredit(input: $input) { id } }';
const correct = 'mutation ($input: CorrectTranscriptRecordInput!) { correctTranscriptRecord(input: $input) { id } }';
const transcript = `query ($id: ID!) { transcript(studentId: $id) { creditsEarned gpa records { id courseTitle session mark source reason } } }`;
const faultsOf = async (schoolId: string) =>
  (await data('query ($id: ID!) { transcriptFaults(schoolId: $id) { nodes { kind student { id } message } } }', { id: schoolId }))
    .transcriptFaults.nodes;
const earn = async ({ id, schoolId }: { id: string; schoolId: string }, mark: string, more: object = {}) =>
  (
    await data(transfer, {
      input: {
        ...{ schoolId, studentId: id, fromSchool: 'Lincoln High', schoolYear: 2026, session: 'Spring 2026', endedOn: '2026-06-05' },
        ...{
          courseNumber: 'ENG1',
          courseTitle: 'English 1',
          subjects: ['English'],
          mark,
          credits: '10',
          reason: 'transcript on paper',
          ...more,
        },
      },
    })
  ).recordTransferCredit.id as string;
async function issue(input: object): Promise<any> {
  const { issueTranscripts } = await data('mutation ($input: IssueTranscriptsInput!) { issueTranscripts(input: $input) { id wanted } }', {
    input,
  });
  const order = `query ($id: ID!) { transcriptOrder(id: $id) { status wanted done faults { nodes { code student { id } } }
    documents { nodes { number code snapshot pdf student { id } } } } }`;
  return eventually(
    async () => (await data(order, issueTranscripts)).transcriptOrder,
    ({ status }) => status === 'DONE',
  );
}

test('F18 the mark that a teacher posts becomes a record of the transcript, once, and a changed mark a correction with its reason', async () => {
  const list = `query ($schoolId: ID!, $on: Date!) { sections(schoolId: $schoolId, first: 60) { nodes { id teachers(on: $on) { staff { id } }
    roster(on: $on) { student { id } latestMark { revision gradingPeriod { id } } } } } }`;
  const found = [];
  for (const schoolId of schools)
    for (const section of (await data(list, { schoolId, on: today })).sections.nodes)
      for (const { student, latestMark } of section.roster)
        if (latestMark && section.teachers.length) found.push({ section, student, latestMark, schoolId });
  const { section, student, latestMark, schoolId } = found.at(-1)!;
  const gradingPeriodId = latestMark.gradingPeriod.id;
  // The exchange format does not tell what a course is worth; the office does.
  const catalog = `query ($id: ID!, $after: String) { courses(schoolId: $id, first: 100, after: $after) { nodes { id credits } pageInfo { hasNextPage endCursor } } }`;
  for (let after: string | null = null, more = true; more;) {
    const { nodes, pageInfo }: any = (await data(catalog, { id: schoolId, after })).courses;
    for (const { id: courseId, credits } of nodes)
      if (credits === null)
        await data('mutation ($input: ChangeCourseInput!) { changeCourse(input: $input) { id } }', { input: { courseId, credits: '10' } });
    [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
  }
  const window = { gradingPeriodId, schoolId, closesAt: '2027-01-31T00:00:00Z', reason: 'the rehearsal' };
  await data('mutation ($input: ExtendGradingWindowInput!) { extendGradingWindow(input: $input) { isOpen } }', { input: window });
  const final = { schoolId, schoolYear: 2027, periods: [{ gradingPeriodId, session: 'Fall 2026' }] };
  await data('mutation ($input: SetFinalPeriodsInput!) { setFinalPeriods(input: $input) { session } }', { input: final });
  const token = await system.tokenFor({ subject: section.teachers[0].staff.id, grants: [{ role: 'TEACHER', schoolId }], students: [] });
  const cellsOf = (cell: object) => ({
    saveId: randomUUIDv7(),
    sectionId: section.id,
    gradingPeriodId,
    cells: [{ studentId: student.id, ...cell }],
  });
  const give = async (value: string, baseRevision: number) => {
    const saved = await data(
      'mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome code revision } } }',
      { input: cellsOf({ value, baseRevision }) },
      token,
    );
    const { revision } = saved.saveMarks.rows[0];
    const posted = await data(
      'mutation ($input: PostMarksInput!) { postMarks(input: $input) { rows { outcome code revision } } }',
      { input: cellsOf({ baseRevision: revision }) },
      token,
    );
    expect(posted.postMarks.rows).toMatchObject([{ outcome: 'SAVED' }]);
    return posted.postMarks.rows[0].revision as number;
  };
  const recordsOf = async () => {
    const { records } = (await data(transcript, { id: student.id })).transcript;
    return records.filter(({ source }: { source: string }) => source !== 'TRANSFER');
  };
  const revision = await give('A', latestMark.revision);
  const first = await eventually(recordsOf, (records) => records.some(({ mark }: { mark: string }) => mark === 'A'));
  const about = first.filter(({ mark }: { mark: string }) => mark === 'A');
  expect(about.length).toBeGreaterThanOrEqual(1);
  await give('B', revision);
  const changed = await eventually(recordsOf, (records) => records.some(({ source }: { source: string }) => source === 'CORRECTION'));
  expect(changed).toHaveLength(first.length);
  expect(changed.find(({ source }: { source: string }) => source === 'CORRECTION')).toMatchObject({ mark: 'B', session: 'Fall 2026' });
  await reopen();
  expect(await recordsOf()).toEqual(changed);
}, 120_000);

test('F18 transcripts of all seniors are frozen documents: verified by anybody, the same after a restart, unmoved by what changes later', async () => {
  seniors = [];
  for (const schoolId of schools) {
    const { nodes } = (
      await data(`query ($id: ID!) { classRanks(schoolId: $id, gradeLevel: "12", on: "${today}") { nodes { place } } }`, { id: schoolId })
    ).classRanks;
    expect(nodes).toEqual([]);
  }
  const list = `query ($id: ID!, $after: String) { students(schoolId: $id, first: 100, after: $after) { nodes { id gradeLevel } pageInfo { hasNextPage endCursor } } }`;
  for (const schoolId of schools)
    for (let after: string | null = null, more = true; more;) {
      const { nodes, pageInfo }: any = (await data(list, { id: schoolId, after })).students;
      for (const { id, gradeLevel } of nodes) if (gradeLevel === '12') seniors.push({ id, schoolId });
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
  expect(seniors.length).toBeGreaterThan(2);
  for (const [n, senior] of seniors.entries()) await earn(senior, n === 0 ? 'A' : 'B');
  const order = await issue({ gradeLevel: '12', official: true, issuedTo: 'University of California' });
  expect(order).toMatchObject({ wanted: seniors.length, done: seniors.length, faults: { nodes: [] } });
  const [document] = order.documents.nodes;
  expect(JSON.parse(document.snapshot).student.name).toMatch(/\w+ \w+/);
  expect(Buffer.from(document.pdf, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
  const verify = `query ($number: String!, $code: String!) { verifyTranscript(number: $number, code: $code) { genuine issuedTo } }`;
  const vendor = await system.token('vendor');
  expect((await data(verify, document, vendor)).verifyTranscript).toEqual({ genuine: true, issuedTo: 'University of California' });
  const forged = { number: document.number, code: '0'.repeat(32) };
  expect((await data(verify, forged, vendor)).verifyTranscript).toEqual({ genuine: false, issuedTo: null });
  expect(await codeOf(transcript, { id: document.student.id }, vendor)).toBe('FORBIDDEN');
  await earn(
    seniors.find(({ id }) => id === document.student.id)!,
    'F',
    { courseTitle: 'Chemistry', courseNumber: 'CHEM' },
  );
  await reopen();
  const one = 'query ($number: String!) { transcriptDocument(number: $number) { number code snapshot pdf student { id } } }';
  expect((await data(one, { number: document.number })).transcriptDocument).toEqual(document);
}, 120_000);

test('F19 a graduation audit explains itself, requirement by requirement, and follows a correction at once', async () => {
  const requirements = [
    { key: 'english', name: 'English', credits: '10', subjects: ['English'] },
    { key: 'electives', name: 'Electives', credits: '200' },
  ];
  const plan = { classYear: 2020, name: 'Diploma', creditsPerYear: '60', requirements };
  await data('mutation ($input: SetDiplomaPlanInput!) { setDiplomaPlan(input: $input) { id } }', { input: plan });
  const senior = seniors.at(-1)!;
  const audit = `query ($id: ID!) { graduationAudit(studentId: $id) { status requirements { requirement { key } met earned missing records { courseTitle credits } } } }`;
  const told = async () => (await data(audit, { id: senior.id })).graduationAudit;
  const before = await told();
  expect(before.status).toBe('NOT_ON_TRACK');
  expect(before.requirements[0]).toMatchObject({
    met: true,
    earned: '10.000',
    missing: '0.000',
    records: [{ courseTitle: 'English 1', credits: '10.000' }],
  });
  const { records } = (await data(transcript, { id: senior.id })).transcript;
  const { id: recordId } = records.find(({ courseTitle }: { courseTitle: string }) => courseTitle === 'English 1');
  await data(correct, { input: { recordId, mark: 'F', reason: 'the other student of this name' } });
  expect((await told()).requirements[0]).toMatchObject({ met: false, earned: '0.000', records: [] });
  const list = 'query ($id: ID!) { studentsNotOnTrack(schoolId: $id, gradeLevel: "12") { nodes { student { id } requirements } } }';
  const listed = (await data(list, { id: senior.schoolId })).studentsNotOnTrack.nodes;
  expect(listed.find(({ student }: any) => student.id === senior.id).requirements).toContain('English');
}, 60_000);

test('F17 a transcript with 14 classes at a time is found by the sweep and not issued unless the office says why', async () => {
  for (const schoolId of schools) expect(await faultsOf(schoolId)).toEqual([]);
  const [victim] = seniors;
  await system.close();
  await inDatabases(dir, (sql) =>
    sql(
      'grading',
      `insert into transcript_record (student_id, school_id, school_name, school_year, session, ended_on, summer, course_title, subjects, subject_codes,
         part, parts, repeatable, mark, credits_attempted, credits_earned, points, weighted_points, weighted, pending, source)
       select $1, $2, 'a school', 2026, 'Fall 2025', '2025-12-19', false, 'Course ' || n, '{}', '{}', 1, 1, false, 'A', 5, 5, 4, 4, false, false, 'POSTED'
         from generate_series(1, 14) n`,
      [victim!.id, victim!.schoolId],
    ),
  );
  system = await oneProcess(dir);
  expect(await faultsOf(victim!.schoolId)).toMatchObject([{ kind: 'TOO_MANY_CLASSES', student: { id: victim!.id } }]);
  const input = { schoolId: victim!.schoolId, studentIds: [victim!.id], official: true };
  expect((await issue(input)).faults.nodes).toEqual([{ code: 'TOO_MANY_CLASSES', student: { id: victim!.id } }]);
  expect((await issue({ ...input, despiteTooMany: 'independent study, approved by the board' })).documents.nodes).toHaveLength(1);
}, 120_000);

test('F17 every change of a roster, and of a record, has who, when and why; nothing that was is gone', async () => {
  const list = `query ($schoolId: ID!, $on: Date!) { sections(schoolId: $schoolId, first: 20) { nodes { id roster(on: $on) { student { id } } } } }`;
  const { nodes } = (await data(list, { schoolId: seniors[0]!.schoolId, on: today })).sections;
  const section = nodes.find(({ roster }: any) => roster.length);
  const input = { sectionId: section.id, studentId: section.roster[0].student.id, on: today, reason: 'moved to another period' };
  await data('mutation ($input: DropFromRosterInput!) { dropFromRoster(input: $input) { ends } }', { input });
  await system.close();
  const [roster, records] = await inDatabases(dir, async (sql) => [
    await sql(
      'scheduling',
      `select h.changed_by, h.changed_at, h.before ->> 'reason' as before, e.reason from history h
         join section_enrollment e on e.id::text = h.row_id
        where h.table_name = 'section_enrollment' and e.section_id = $1 and e.student_id = $2 order by h.id desc limit 1`,
      [input.sectionId, input.studentId],
    ),
    await sql(
      'grading',
      `select count(*) filter (where recorded_by is null or recorded_at is null)::int as nobody,
              count(*) filter (where source <> 'POSTED' and coalesce(btrim(reason), '') = '')::int as unexplained, count(*)::int as n
         from transcript_record`,
    ),
  ]);
  expect(roster).toMatchObject([
    { changed_by: importingAdministrator.subject, changed_at: expect.any(Date), reason: 'moved to another period' },
  ]);
  expect(records![0]).toMatchObject({ nobody: 0, unexplained: 0 });
  expect(records![0].n).toBeGreaterThan(seniors.length);
  system = await oneProcess(dir);
}, 60_000);
