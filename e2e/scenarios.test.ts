/* eslint-disable @typescript-eslint/no-explicit-any -- answers are as the graph says; the assertions are their types */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createGraph, openOutbox, type Graph } from '@rollbook/client';
import { fileStorage } from '@rollbook/client/fileStorage.ts';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import { addDays } from '@rollbook/school';
import { randomUUIDv7 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, demoDirectory, fiveProcesses, inDatabases, today, type Answer, type System } from './topologies.ts';

// What other systems did to schools, by the numbers under which the mission of this one keeps them; each must be impossible here.

interface Cell {
  readonly studentId: string;
  revision: number;
}
interface Class {
  readonly id: string;
  readonly schoolId: string;
  readonly teacherId: string;
  readonly token: string;
  /** Of the grading period that may be graded now. */
  readonly periodId: string;
  readonly cells: readonly Cell[];
}

let system: System;
let dir: string;
let remove: () => void;
let office: string;
let classes: Class[];

const list = `query ($schoolId: ID!, $on: Date!) { sections(schoolId: $schoolId, first: 40) { nodes { id teachers(on: $on) { staff { id } }
  roster(on: $on) { student { id } latestMark { revision gradingPeriod { id } } } } } }`;

async function findClasses(): Promise<Class[]> {
  const found: Class[] = [];
  for (const { id: schoolId } of (await ask(system, office, '{ schools(first: 10) { nodes { id } } }')).data.schools.nodes)
    for (const section of (await ask(system, office, list, { schoolId, on: today })).data.sections.nodes) {
      const graded = section.roster.filter((row: any) => row.latestMark);
      const [teacher] = section.teachers;
      if (!teacher || graded.length < 5) continue;
      const periodId = graded[0].latestMark.gradingPeriod.id;
      const token = await system.tokenFor({ subject: teacher.staff.id, grants: [{ role: 'TEACHER', schoolId }], students: [] });
      const cells = graded.filter((row: any) => row.latestMark.gradingPeriod.id === periodId).map((row: any) => ({ studentId: row.student.id, revision: row.latestMark.revision })); // prettier-ignore
      found.push({ id: section.id, schoolId, teacherId: teacher.staff.id, token, periodId, cells });
    }
  return found;
}

beforeAll(async () => {
  ({ dir, remove } = await demoDirectory());
  system = await fiveProcesses(dir);
  office = await system.tokenFor(importingAdministrator);
  classes = await findClasses();
}, 180_000);
afterAll(async () => {
  await system?.close();
  remove?.();
});

/** A class that no other scenario touches. */
function nextClass(): Class {
  const one = classes.pop();
  if (!one) throw new Error('The demo district has too few classes for these scenarios.');
  return one;
}

const saveMarks = `mutation Save($input: SaveMarksInput!) { saveMarks(input: $input) { replayed receivedAt
  rows { studentId outcome revision code current { value revision } } } }`;
const takeRoll = `mutation Take($input: TakeRollInput!) { takeRoll(input: $input) { outcome code replayed roll { state revision
  entries { student { id } attendance { state } } } } }`;

interface Edit {
  readonly studentId: string;
  readonly baseRevision: number;
  readonly value: string;
  readonly comment?: string;
}
const inputOf = (of: Class, cells: readonly Edit[], periodId = of.periodId) => ({
  ...{ saveId: randomUUIDv7(), sectionId: of.id, gradingPeriodId: periodId, cells },
});
const edit = ({ studentId, revision }: Cell, value: string, comment?: string): Edit => ({
  ...{ studentId, baseRevision: revision, value },
  ...(comment ? { comment } : {}),
});
const send = (of: Class, input: object) => ask(system, of.token, saveMarks, { input });

/** Every cell that the system said it saved: looked for in the database when everything has ended. */
const acknowledged: { saveId: string; studentId: string; revision: number }[] = [];
function note(input: { saveId: string }, answer: Answer): void {
  for (const { studentId, outcome, revision } of answer.data?.saveMarks?.rows ?? [])
    if (outcome === 'SAVED') acknowledged.push({ saveId: input.saveId, studentId, revision });
}

/** Sends as a client does: the same save again until there is an answer to it. Answers with how often it was sent. */
async function sendUntilAnswered(of: Class, input: { saveId: string }): Promise<{ answer: Answer; times: number }> {
  for (let times = 1; times <= 200; times++) {
    const answer = await send(of, input).catch(() => null);
    if (answer?.data?.saveMarks) {
      note(input, answer);
      return { answer, times };
    }
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error('There was no answer to a save in 200 tries.');
}

const history = `query ($s: ID!, $student: ID!, $period: ID!) { markHistory(sectionId: $s, studentId: $student, gradingPeriodId: $period) {
  revision value comment saveId savedBy { id } reason } }`;
const historyOf = async (of: Class, { studentId }: { studentId: string }, period = of.periodId) =>
  (await ask(system, office, history, { s: of.id, student: studentId, period })).data.markHistory;

/** Saves three cells of a class, `rounds` times, one after the other. */
async function grade(of: Class, rounds: number): Promise<number> {
  let sent = 0;
  const cells = of.cells.slice(0, 3);
  for (let round = 0; round < rounds; round++) {
    const values = ['A', 'B', 'C', 'D'];
    const input = inputOf(of, cells.map((cell) => edit(cell, values[round % 4]!, `round ${round}`))); // prettier-ignore
    const { answer, times } = await sendUntilAnswered(of, input);
    sent += times;
    for (const [n, row] of answer.data.saveMarks.rows.entries()) {
      expect(row).toMatchObject({ outcome: 'SAVED', revision: cells[n]!.revision + 1 });
      cells[n]!.revision = row.revision;
    }
  }
  return sent;
}

async function expectAppliedOnce(of: Class, rounds: number): Promise<void> {
  for (const cell of of.cells.slice(0, 3)) {
    const versions = await historyOf(of, cell);
    expect(versions.map(({ revision }: any) => revision)).toEqual(versions.map((_: unknown, n: number) => n + 1));
    expect(versions.slice(-rounds).map(({ comment }: any) => comment)).toEqual(Array.from({ length: rounds }, (_, n) => `round ${n}`));
    expect(new Set(versions.map(({ saveId }: any) => saveId)).size).toBe(versions.length);
  }
}

describe('F01 the deadline', () => {
  test('twenty-four teachers save at once while lists are read: every save is answered, is there once, and nothing ends', async () => {
    const graded = Array.from({ length: 24 }, nextClass);
    let reading = true;
    const pages = Array.from({ length: 6 }, async () => {
      let read = 0;
      while (reading) {
        const { status } = await ask(system, office, list, { schoolId: graded[0]!.schoolId, on: today });
        if (status === 200) read++;
      }
      return read;
    });
    await Promise.all(graded.map((one) => grade(one, 5))).finally(() => (reading = false));
    expect((await Promise.all(pages)).every((read) => read > 0)).toBe(true);
    for (const one of graded) await expectAppliedOnce(one, 5);
    expect((await ask(system, office, '{ me { id } }')).errors).toBeUndefined();
  }, 60_000);
});

describe('F02 the crash', () => {
  test('the service is killed while teachers save: what was acknowledged is there, what was not is sent again and applied once', async () => {
    const graded = Array.from({ length: 6 }, nextClass);
    const before = acknowledged.length;
    const saving = Promise.all(graded.map((one) => grade(one, 30)));
    while (acknowledged.length < before + 60) await new Promise((next) => setTimeout(next, 1)); // 20 of 180 saves
    await system.stopService!('grading');
    await system.startService!('grading');
    const sent = await saving;
    for (const one of graded) await expectAppliedOnce(one, 30);
    // Somebody was cut off, and sent again.
    expect(sent.reduce((sum, times) => sum + times, 0)).toBeGreaterThan(6 * 30);
  }, 60_000);
});

describe('F03 one service down', () => {
  test('with attendance gone a roster answers with what it has and says what is missing, and marks are saved', async () => {
    const one = nextClass();
    await system.stopService!('attendance');
    try {
      const roster = `query ($id: ID!, $on: Date!) { section(id: $id) { roster(on: $on) { student { displayName } latestMark { value } attendance(date: $on) { state } } } }`;
      const { status, data, errors } = await ask(system, one.token, roster, { id: one.id, on: today });
      expect(status).toBe(200);
      expect(data.section.roster[0]).toMatchObject({ student: { displayName: expect.any(String) }, attendance: null });
      expect(new Set(errors!.map(({ extensions }) => `${extensions['serviceName']} ${extensions['code']}`))).toEqual(new Set(['attendance SUBGRAPH_UNAVAILABLE'])); // prettier-ignore
      await grade(one, 1);
    } finally {
      await system.startService!('attendance');
    }
  }, 30_000);
});

const extend = `mutation ($input: ExtendGradingWindowInput!) { extendGradingWindow(input: $input) { level isOpen closesAt } }`;

/** A grading period whose window closed last week; its first grading is what the scenarios are about. */
async function closedPeriod(title: string): Promise<string> {
  const ofSection = `query ($id: ID!) { section(id: $id) { sessions { id begins ends } } }`;
  const [session] = (await ask(system, office, ofSection, { id: classes[0]!.id })).data.section.sessions;
  const add = `mutation ($input: AddGradingPeriodInput!) { addGradingPeriod(input: $input) { id } }`;
  const input = { sessionId: session.id, title, begins: session.begins, ends: addDays(session.begins, 30) };
  const { id } = (await ask(system, office, add, { input })).data.addGradingPeriod;
  const open = `mutation ($input: OpenGradingWindowInput!) { openGradingWindow(input: $input) { isOpen } }`;
  const window = { gradingPeriodId: id, opensAt: `${addDays(today, -14)}T00:00:00Z`, closesAt: `${addDays(today, -7)}T00:00:00Z` };
  // Until grading has heard of the period.
  for (let n = 0; n < 100; n++) {
    const { data } = await ask(system, office, open, { input: window });
    if (data?.openGradingWindow) return id;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error('Grading has not heard of a new grading period.');
}

describe('F04 the deadline moves', () => {
  test('one mutation gives one section more time, at once and no other section; drafts of it are posted', async () => {
    const [late, other] = [nextClass(), nextClass()];
    const period = await closedPeriod('Six weeks');
    const [cell] = late.cells as [Cell];
    const base = { studentId: cell.studentId, baseRevision: 0 };
    const saved = async (one: Class, edits: readonly Edit[]) => (await send(one, inputOf(one, edits, period))).data.saveMarks.rows[0];
    expect(await saved(late, [{ ...base, value: 'D' }])).toMatchObject({ outcome: 'REFUSED', code: 'WINDOW_CLOSED' });
    const input = { gradingPeriodId: period, sectionId: late.id, closesAt: '2027-06-01T00:00:00Z', reason: 'the system was down' };
    expect((await ask(system, office, extend, { input })).data.extendGradingWindow).toMatchObject({ level: 'SECTION', isOpen: true });
    const row = await saved(late, [{ ...base, value: 'D' }]);
    expect(row).toMatchObject({ outcome: 'SAVED', revision: 1 });
    const elsewhere = { studentId: other.cells[0]!.studentId, baseRevision: 0, value: 'D' };
    expect(await saved(other, [elsewhere])).toMatchObject({ code: 'WINDOW_CLOSED' });
    const post = `mutation ($input: PostMarksInput!) { postMarks(input: $input) { rows { outcome } } }`;
    const cells = [{ studentId: cell.studentId, baseRevision: row.revision }];
    const posted = await ask(system, late.token, post, {
      input: { saveId: randomUUIDv7(), sectionId: late.id, gradingPeriodId: period, cells },
    });
    expect(posted.data.postMarks.rows).toEqual([{ outcome: 'SAVED' }]);
  }, 20_000);
});

describe('F05 grades that disappear', () => {
  test('a stale save is answered as a conflict and kept; resolved, the history replays to the mark that stands', async () => {
    const one = nextClass();
    const [cell] = one.cells as [Cell];
    const first = await send(one, inputOf(one, [edit(cell, 'A', 'seen')]));
    expect(first.data.saveMarks.rows[0]).toMatchObject({ outcome: 'SAVED' });
    const stale = await send(one, inputOf(one, [edit(cell, 'F', 'not seen')]));
    expect(stale.data.saveMarks.rows[0]).toMatchObject({ outcome: 'CONFLICT', current: { value: 'A', revision: cell.revision + 1 } });
    const conflicts = `query ($s: ID!) { conflicts(sectionId: $s) { nodes { id value comment foundValue } } }`;
    const [conflict] = (await ask(system, one.token, conflicts, { s: one.id })).data.conflicts.nodes;
    expect(conflict).toMatchObject({ value: 'F', comment: 'not seen', foundValue: 'A' });
    const resolve = `mutation ($input: ResolveConflictInput!) { resolveConflict(input: $input) { outcome revision conflict { resolution } } }`;
    const input = { saveId: randomUUIDv7(), conflictId: conflict.id, resolution: 'KEEP_MINE', baseRevision: cell.revision + 1 };
    expect((await ask(system, one.token, resolve, { input })).data.resolveConflict).toEqual({
      ...{ outcome: 'SAVED', revision: cell.revision + 2, conflict: { resolution: 'KEEP_MINE' } },
    });
    expect((await ask(system, one.token, conflicts, { s: one.id })).data.conflicts.nodes).toEqual([]);
    const versions = await historyOf(one, cell);
    expect(versions.slice(-2)).toMatchObject([{ value: 'A', comment: 'seen' }, { value: 'F', comment: 'not seen', saveId: input.saveId }]); // prettier-ignore
  }, 20_000);
});

describe('F06 the batch', () => {
  test('while somebody reads everything, page after page, every save is answered before they are done', async () => {
    const one = nextClass();
    const everything = `query ($schoolId: ID!, $on: Date!) { sections(schoolId: $schoolId, first: 40) { nodes { id title
      roster(on: $on) { student { id displayName marks { value comment gradingPeriod { id } } } latestMark { value } } marks { value student { id } } } } }`;
    let wanted = true;
    let pages = 0;
    const readers = Array.from({ length: 4 }, async () => {
      while (wanted) {
        const { data } = await ask(system, office, everything, { schoolId: one.schoolId, on: today });
        if (data?.sections) pages++;
      }
    });
    const before = pages;
    await grade(one, 20).finally(() => (wanted = false));
    await Promise.all(readers);
    expect(pages).toBeGreaterThan(before);
    await expectAppliedOnce(one, 20);
  }, 60_000);
});

/** A meeting of a class in the last days of which no roll was taken, and its class. */
async function missingRoll(): Promise<{ one: Class; date: string; periodId: string }> {
  for (const one of classes) {
    const missing = `query ($id: ID!, $from: Date!, $to: Date!) { section(id: $id) { missingRolls(from: $from, to: $to) { date period { id } } } }`;
    const { data } = await ask(system, one.token, missing, { id: one.id, from: addDays(today, -1), to: today });
    const [meeting] = data.section.missingRolls;
    if (!meeting?.period) continue;
    classes.splice(classes.indexOf(one), 1);
    return { one, date: meeting.date, periodId: meeting.period.id };
  }
  throw new Error('Every roll was taken.');
}
const rollOf = (one: Class, date: string, periodId: string, exceptions: object[] = []) => ({
  ...{ saveId: randomUUIDv7(), sectionId: one.id, date, periodId, baseRevision: 0, exceptions },
});

describe('F20 attendance that takes hours', () => {
  test('a roll is one request of less than a kilobyte that names the exceptions only; missing rolls are listed until they are taken, also from paper', async () => {
    const { one, date, periodId } = await missingRoll();
    const listed = `query ($id: ID!, $on: Date!) { section(id: $id) { missingRolls(from: $on, to: $on) { period { id } } } }`;
    const isListed = async () =>
      (await ask(system, office, listed, { id: one.id, on: date })).data.section.missingRolls.some(
        ({ period }: any) => period.id === periodId,
      );
    expect(await isListed()).toBe(true);
    const input = rollOf(one, date, periodId, [{ studentId: one.cells[0]!.studentId, code: 'A' }]);
    expect(JSON.stringify({ query: takeRoll, variables: { input } }).length).toBeLessThan(1_000);
    expect((await ask(system, one.token, takeRoll, { input })).data.takeRoll).toMatchObject({
      outcome: 'SAVED',
      roll: { state: 'SUBMITTED' },
    });
    expect(await isListed()).toBe(false);
    const paper = await missingRoll();
    const byOffice = await ask(system, office, takeRoll, { input: rollOf(paper.one, paper.date, paper.periodId) });
    expect(byOffice.data.takeRoll).toMatchObject({ outcome: 'SAVED' });
  }, 20_000);
});

describe('F21 absent is not "not taken"', () => {
  test('before the roll nobody is present or absent; after it everybody is one of them; a day with a missing roll is never a present one', async () => {
    const { one, date, periodId } = await missingRoll();
    const states = `query ($id: ID!, $date: Date!, $periodId: ID!) { section(id: $id) { roll(date: $date, periodId: $periodId) { state entries { student { id } attendance { state } } } } }`;
    const before = (await ask(system, one.token, states, { id: one.id, date, periodId })).data.section.roll;
    expect(before.state).toBe('NOT_SUBMITTED');
    expect(new Set(before.entries.map(({ attendance }: any) => attendance.state))).toEqual(new Set(['NOT_SUBMITTED']));
    const [absent, present] = one.cells as [Cell, Cell];
    const day = `query ($id: ID!, $date: Date!) { student(id: $id) { attendance(from: $date, to: $date) { state periods { section { id } attendance { state } } } } }`;
    const dayOf = async ({ studentId }: Cell) => (await ask(system, office, day, { id: studentId, date })).data.student.attendance[0];
    const stateHere = (found: any) => found.periods.find(({ section }: any) => section.id === one.id).attendance.state;
    const untaken = await dayOf(present);
    expect(stateHere(untaken)).toBe('NOT_SUBMITTED');
    // A day is present by what other rolls say, if by anything.
    if (untaken.state === 'PRESENT') expect(untaken.periods.map(({ attendance }: any) => attendance.state)).toContain('PRESENT');
    const input = rollOf(one, date, periodId, [{ studentId: absent.studentId, code: 'A' }]);
    const taken = (await ask(system, one.token, takeRoll, { input })).data.takeRoll;
    const said = new Map(taken.roll.entries.map((entry: any) => [entry.student.id, entry.attendance.state]));
    expect([said.get(absent.studentId), said.get(present.studentId)]).toEqual(['ABSENT', 'PRESENT']);
    expect([...said.values()]).not.toContain('NOT_SUBMITTED');
    expect([stateHere(await dayOf(absent)), stateHere(await dayOf(present))]).toEqual(['ABSENT', 'PRESENT']);
  }, 20_000);
});

/** The teacher of a class at their own computer, with what it keeps in a folder, and what it sent. */
async function atTheComputer({ teacherId, token }: Class, folder: string) {
  const sent: { saveId: string }[] = [];
  const plain = createGraph({ url: `${system.url}/graphql`, token });
  const graph: Graph = {
    request: (operation, variables, person) => {
      sent.push((variables as { input: { saveId: string } }).input);
      return plain.request(operation, variables, person);
    },
  };
  const storage = await fileStorage(folder);
  const outbox = await openOutbox({ storage, graph, person: teacherId });
  const close = async () => {
    await outbox.close();
    await storage.close();
  };
  return { outbox, sent, close };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((next) => setTimeout(next, 50));
}

describe('F31 unreachable on the weekend of the deadline', () => {
  test('what was typed while the system was gone, and past the deadline, is sent again with more time and applied once', async () => {
    const one = nextClass();
    const period = await closedPeriod('Seven weeks');
    const [{ studentId }] = one.cells as [Cell];
    const cell = { kind: 'mark', sectionId: one.id, gradingPeriodId: period, studentId } as const;
    const folder = mkdtempSync(join(tmpdir(), 'rollbook-weekend-'));
    await system.stopService!('grading');

    // Friday: typed, tried, and the computer is put away.
    const friday = await atTheComputer(one, folder);
    await friday.outbox.edit(cell, { value: 'B', comment: 'typed offline' }, { revision: 0 });
    await until(() => friday.outbox.summary().lastError?.code === 'SUBGRAPH_UNAVAILABLE');
    expect(friday.outbox.stateOf(cell)).toMatchObject({ state: 'SENT', durable: true });
    await friday.close();

    // Monday: the service is back, the district has given more time, and nobody types it again.
    await system.startService!('grading');
    const input = { gradingPeriodId: period, closesAt: '2027-06-02T00:00:00Z', reason: 'unreachable since Friday' };
    expect((await ask(system, office, extend, { input })).data.extendGradingWindow).toMatchObject({ level: 'DISTRICT', isOpen: true });
    const monday = await atTheComputer(one, folder);
    await until(() => monday.outbox.stateOf(cell)?.state === 'SAVED');
    expect(monday.outbox.summary()).toMatchObject({ unsaved: 0, attention: 0 });
    await monday.close();
    rmSync(folder, { recursive: true });

    const sent = [...friday.sent, ...monday.sent];
    expect(new Set(sent.map((save) => JSON.stringify(save))).size).toBe(1);
    const [draft] = sent as [{ saveId: string }];
    acknowledged.push({ saveId: draft.saveId, studentId, revision: 1 });
    expect((await send(one, draft)).data.saveMarks).toMatchObject({ replayed: true, rows: [{ outcome: 'SAVED', revision: 1 }] });
    expect(await historyOf(one, { studentId }, period)).toMatchObject([{ revision: 1, value: 'B', saveId: draft.saveId }]);
  }, 30_000);
});

test('everything that was acknowledged in all of this is in the database, each cell once', async () => {
  await system.close();
  const held = await inDatabases(dir, (sql) =>
    sql(
      'grading',
      `select s.id || ' ' || c.student_id || ' ' || (c.base + 1) as cell from save s cross join lateral unnest(s.places, s.student_ids, s.base_revisions) c (n, student_id, base)
        where s.kind = 'MARKS' and not exists (select from jsonb_array_elements(coalesce(s.exceptions, '[]')) x where (x ->> 'n')::integer = c.n)`,
    ),
  );
  const cells = held.map(({ cell }) => cell as string);
  expect(acknowledged.length).toBeGreaterThan(500);
  const there = new Set(cells);
  expect(there.size).toBe(cells.length);
  expect(acknowledged.filter(({ saveId, studentId, revision }) => !there.has(`${saveId} ${studentId} ${revision}`))).toEqual([]);
}, 30_000);
