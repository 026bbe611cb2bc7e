/* eslint-disable @typescript-eslint/no-explicit-any -- answers are as the graph says; the assertions are their types */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import { randomUUIDv7 } from 'node:crypto';
import { ask, demoDirectory, fiveProcesses, inDatabases, today, type System } from './topologies.ts';

let system: System;
let dir: string;
let remove: () => void;
let office: string;
let sections: { id: string; schoolId: string; students: string[] }[];
let schools: string[];
/** Nobody has opened it for marks yet. */
let notOpened: { id: string };
let periods: { id: string; begins: string; ends: string }[];

beforeAll(async () => {
  ({ dir, remove } = await demoDirectory());
  const [period] = await inDatabases(dir, (sql) =>
    sql(
      'grading',
      `select id from grading_period p where not exists (select from grading_window w where w.grading_period_id = p.id) limit 1`,
    ),
  );
  notOpened = period;
  system = await fiveProcesses(dir);
  office = await system.tokenFor(importingAdministrator);
  schools = (await data('{ schools(first: 10) { nodes { id } } }')).schools.nodes.map(({ id }: any) => id);
  sections = [];
  for (const schoolId of schools) {
    const found = await data(
      `query ($id: ID!) { sections(schoolId: $id, first: 20) { nodes { id roster(on: "${today}") { student { id } } } } }`,
      { id: schoolId },
    );
    for (const { id, roster } of found.sections.nodes) {
      const students = roster.map(({ student }: any) => student.id);
      if (students.length) sections.push({ id, schoolId, students });
    }
  }
  periods = await knownPeriods();
}, 240_000);
afterAll(async () => {
  await system?.close();
  remove?.();
});

async function data(query: string, variables: object = {}, token = office): Promise<any> {
  const answer = await ask(system, token, query, variables);
  expect(answer.errors).toBeUndefined();
  return answer.data;
}

/** The grading periods in which the demo's students have marks, the earliest first. */
async function knownPeriods(): Promise<typeof periods> {
  const found = new Map<string, (typeof periods)[number]>();
  for (const { id } of sections.slice(0, 5)) {
    const { section } = await data('query ($id: ID!) { section(id: $id) { marks { gradingPeriod { id begins ends } } } }', { id });
    for (const { gradingPeriod } of section.marks) found.set(gradingPeriod.id, gradingPeriod);
  }
  return [...found.values()].sort((a, b) => (a.begins < b.begins ? -1 : 1));
}

const saveMarks = `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome code revision } } }`;
const postMarks = `mutation ($input: PostMarksInput!) { postMarks(input: $input) { rows { outcome code } } }`;

async function revisionOf(sectionId: string, studentId: string, gradingPeriodId: string): Promise<number> {
  const query = `query ($id: ID!, $period: ID!) { section(id: $id) { marks(gradingPeriodId: $period) { student { id } revision } } }`;
  const { section } = await data(query, { id: sectionId, period: gradingPeriodId });
  return section.marks.find(({ student }: any) => student.id === studentId)?.revision ?? 0;
}

/** A mark saved by the office, with its reason: SAVED, or why not. */
async function save(sectionId: string, studentId: string, gradingPeriodId: string, value: string): Promise<string> {
  const baseRevision = await revisionOf(sectionId, studentId, gradingPeriodId);
  const place = { saveId: randomUUIDv7(), sectionId, gradingPeriodId, reason: 'The teacher is ill' };
  const { rows } = (await data(saveMarks, { input: { ...place, cells: [{ studentId, baseRevision, value }] } })).saveMarks;
  return rows[0].code ?? rows[0].outcome;
}

async function print(input: object): Promise<string> {
  const { printReportCards } = await data('mutation ($input: PrintReportCardsInput!) { printReportCards(input: $input) { id } }', {
    input,
  });
  return printReportCards.id;
}

async function batchNow(id: string): Promise<any> {
  const fields = `status waitingFor total done printed unchanged faulty remarks { nodes { codes } } cards(first: 100) { nodes { id student { id } pdfBase64 } }`;
  return (await data(`query ($id: ID!) { reportBatch(id: $id) { ${fields} } }`, { id })).reportBatch;
}

async function until(id: string, isSo: (batch: any) => boolean): Promise<any> {
  for (;;) {
    const batch = await batchNow(id);
    if (isSo(batch)) return batch;
    await new Promise((next) => setTimeout(next, 100));
  }
}
const isOver = ({ status }: { status: string }) => ['DONE', 'FAILED', 'CANCELLED'].includes(status);

test('F04 one mutation gives more time to a section, a school or the whole district, and to nobody else', async () => {
  const period = notOpened;
  const [one, beside] = sections.filter(({ schoolId }) => schoolId === schools[0]);
  const elsewhere = sections.find(({ schoolId }) => schoolId !== schools[0])!;
  const outcomes = async () =>
    Promise.all([one!, beside!, elsewhere].map(({ id, students }) => save(id, students[0]!, period.id, 'B'))).then((all) =>
      all.map((outcome) => outcome === 'WINDOW_CLOSED'),
    );
  const extend = (level: object) =>
    data('mutation ($input: ExtendGradingWindowInput!) { extendGradingWindow(input: $input) { isOpen } }', {
      input: { gradingPeriodId: period.id, closesAt: '2026-11-25T00:00:00Z', reason: 'the network was down', ...level },
    });
  expect(await outcomes()).toEqual([true, true, true]);
  await extend({ sectionId: one!.id });
  expect(await outcomes()).toEqual([false, true, true]);
  await extend({ schoolId: schools[0] });
  expect(await outcomes()).toEqual([false, false, true]);
  await extend({});
  expect(await outcomes()).toEqual([false, false, false]);
}, 60_000);

test('F04 cards and conference packets print from what is posted, say what is not, and are the family’s to read', async () => {
  const schoolId = sections[0]!.schoolId;
  const gradingPeriodId = periods.at(-1)!.id;
  const { id, students } = sections[0]!;
  const studentId = students[0]!;
  await data('mutation ($input: ExtendGradingWindowInput!) { extendGradingWindow(input: $input) { id } }', {
    input: { gradingPeriodId, closesAt: '2027-02-25T00:00:00Z', reason: 'conferences come first' },
  });
  expect(await save(id, studentId, gradingPeriodId, 'A')).toBe('SAVED');
  const cells = [{ studentId, baseRevision: await revisionOf(id, studentId, gradingPeriodId) }];
  const place = { saveId: randomUUIDv7(), sectionId: id, gradingPeriodId, reason: 'The teacher is ill' };
  expect((await data(postMarks, { input: { ...place, cells } })).postMarks.rows).toEqual([{ outcome: 'SAVED', code: null }]);

  const batches = [];
  for (const kind of ['REPORT_CARD', 'CONFERENCE_PACKET'])
    batches.push(await until(await print({ schoolId, gradingPeriodId, kind }), isOver));
  for (const batch of batches) {
    expect(batch).toMatchObject({ status: 'DONE', done: batch.total, unchanged: 0 });
    expect(batch.printed).toBeGreaterThan(10);
  }
  expect(await until(await print({ schoolId, gradingPeriodId }), isOver)).toMatchObject({ printed: 0, unchanged: batches[0].printed });

  const card = batches[0].cards.nodes.find(({ student }: any) => student.id === studentId);
  const parent = await system.tokenFor({ subject: randomUUIDv7(), grants: [{ role: 'PARENT', schoolId: null }], students: [studentId] });
  const stranger = await system.tokenFor({
    subject: randomUUIDv7(),
    grants: [{ role: 'PARENT', schoolId: null }],
    students: [students[1]!],
  });
  const list = `query ($id: ID!) { student(id: $id) { reportCards(first: 5) { nodes { id kind pdfBase64 } } } }`;
  const own = (await data(list, { id: studentId }, parent)).student.reportCards.nodes;
  expect(own.map(({ kind }: any) => kind)).toEqual(['CONFERENCE_PACKET', 'REPORT_CARD']);
  expect(own[1]).toMatchObject({ id: card.id, pdfBase64: card.pdfBase64 });
  expect(Buffer.from(card.pdfBase64, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
  const theirs = await ask(system, stranger, `query ($id: ID!) { reportCard(id: $id) { id } }`, { id: card.id });
  expect(theirs.data?.reportCard ?? null).toBeNull();

  await system.close();
  const [row] = await inDatabases(dir, (sql) => sql('grading', 'select snapshot from report_card where id = $1', [card.id]));
  system = await fiveProcesses(dir);
  const { sections: printed, missing } = row.snapshot;
  const posted = printed.filter(({ mark }: any) => mark !== null);
  expect(posted.map(({ mark }: any) => mark)).toContain('A');
  expect(printed.length - posted.length).toBeGreaterThan(0);
  expect(missing).toContain(`${printed.length - posted.length} of ${printed.length}`);
}, 180_000);

test('F06 while a batch runs, and while it waits for a service that is down, teachers go on saving; nothing of it is on their way', async () => {
  const gradingPeriodId = periods.at(-1)!.id;
  await system.stopService!('attendance');
  const batch = await print({ gradingPeriodId });
  expect(await until(batch, ({ waitingFor }) => waitingFor.join() === 'attendance')).toMatchObject({
    waitingFor: ['attendance'],
    printed: 0,
    faulty: 0,
  });
  const outcomes: string[] = [];
  for (const { id, students } of sections.slice(0, 10)) outcomes.push(await save(id, students[1] ?? students[0]!, gradingPeriodId, 'C'));
  await system.startService!('attendance');
  let done = false;
  const watched = until(batch, isOver).finally(() => (done = true));
  for (let n = 10; n < sections.length && !(done && n > 15); n++)
    outcomes.push(await save(sections[n]!.id, sections[n]!.students.at(-1)!, gradingPeriodId, 'C'));
  expect(await watched).toMatchObject({ status: 'DONE', waitingFor: [] });
  expect(outcomes.length).toBeGreaterThan(15);
  expect(new Set(outcomes)).toEqual(new Set(['SAVED']));
}, 180_000);
