/* eslint-disable @typescript-eslint/no-explicit-any -- answers are as the graph says; the assertions are their types */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import { randomUUIDv7 } from 'node:crypto';
import { ask, demoDirectory, fiveProcesses, today, type System } from './topologies.ts';

// What other systems did to students' schedules, by the numbers under which the mission of this one keeps them.

let system: System;
let remove: () => void;
let office: string;
let counselor: string;
let clerk: string;
let schoolId: string;
let grade: string;
let courseId: string;
let sessionIds: string[];
let periodIds: string[];

beforeAll(async () => {
  const demo = await demoDirectory();
  remove = demo.remove;
  system = await fiveProcesses(demo.dir);
  office = await system.tokenFor(importingAdministrator);
  const { schools } = await data('{ schools(first: 10) { nodes { id highestGrade } } }', {}, office);
  ({ id: schoolId, highestGrade: grade } = schools.nodes.at(-1));
  counselor = await system.tokenFor({ subject: randomUUIDv7(), grants: [{ role: 'COUNSELOR', schoolId }], students: [] });
  clerk = await system.tokenFor({ subject: randomUUIDv7(), grants: [{ role: 'CLERK', schoolId }], students: [] });
  const school = await data(
    `query ($s: ID!, $on: Date!) { sections(schoolId: $s, on: $on, first: 1) { nodes { course { id } sessions { id } meetingPatterns { period { id } } } }
}`,
    { s: schoolId, on: today },
  );
  const [section] = school.sections.nodes;
  [courseId, sessionIds] = [section.course.id, section.sessions.map((session: any) => session.id)];
  const names = ['Drill 1', 'Drill 2', 'Drill 3'];
  const { setPeriods } = await data(
    'mutation ($input: SetPeriodsInput!) { setPeriods(input: $input) { id name } }',
    { input: { schoolId, names } },
    office,
  );
  periodIds = names.map((name) => setPeriods.find((period: any) => period.name === name).id);
  // A period that the school's bells have.
  periodIds.push(section.meetingPatterns[0].period.id);
}, 180_000);
afterAll(async () => {
  await system?.close();
  remove?.();
});

/** The data of an answer that must have no errors. */
async function data(query: string, variables: object, token = counselor): Promise<any> {
  const answer = await ask(system, token, query, variables);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

/** A section of a course that meets in one of the drill's periods on every school day. */
async function openClass(period: number, more: object = {}): Promise<string> {
  const { addSection } = await data('mutation ($input: AddSectionInput!) { addSection(input: $input) { id begins } }', {
    input: { schoolId, courseId, number: 'DRILL', sessionIds, ...more },
  });
  const meetings = [{ periodId: periodIds[period - 1] }];
  await data('mutation ($input: SetMeetingsInput!) { setMeetings(input: $input) { id } }', {
    input: { sectionId: addSection.id, begins: addSection.begins, meetings },
  });
  return addSection.id;
}

const change = 'mutation ($input: ChangeScheduleInput!) { changeSchedule(input: $input) { added { sectionId } } }';
const add = (studentId: string, sectionId: string, more: object = {}, token = clerk) =>
  ask(system, token, change, { input: { studentId, addSectionIds: [sectionId], reason: 'Drill', ...more } });
const codeOf = (answer: { errors?: { extensions: Record<string, unknown> }[] }) => answer.errors?.[0]?.extensions['code'] ?? 'DONE';

/** What a counselor's program does: the same again, until the graph says how it is. A seat whose answer was lost is there already. */
async function addUntilAnswered(studentId: string, sectionId: string): Promise<string> {
  for (let times = 0; times < 600; times++) {
    const code = await add(studentId, sectionId).then(codeOf, () => 'LOST');
    if (code === 'DONE' || code === 'ON_ROSTER_ALREADY') return 'SEATED';
    if (code === 'SECTION_FULL') return code;
    await new Promise((next) => setTimeout(next, 200));
  }
  throw new Error(`There was no answer for ${studentId} in 600 tries.`);
}

async function seatsOf(sectionId: string): Promise<{ taken: number; roster: string[] }> {
  const { section } = await data('query ($id: ID!) { section(id: $id) { seatsTaken roster { student { id } } } }', { id: sectionId });
  return { taken: section.seatsTaken, roster: section.roster.map((row: any) => row.student.id).toSorted() };
}
const total = (answers: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(answers, String)].map(([code, all]) => [code, all.length]));

test('S7 of a thousand students added at once to thirty seats thirty sit, with the service killed in the middle', async () => {
  const section = await openClass(1, { seatLimit: 30 });
  const students = Array.from({ length: 1_000 }, () => randomUUIDv7());
  let answered = 0;
  let isKilled!: () => void;
  const middle = new Promise<void>((done) => (isKilled = done));
  const seated: string[] = [];
  const adding = Promise.all(
    students.map(async (studentId) => {
      const outcome = await addUntilAnswered(studentId, section);
      if (outcome === 'SEATED') seated.push(studentId);
      if (++answered === 10) isKilled();
      return outcome;
    }),
  );
  await middle;
  await system.stopService!('scheduling');
  expect(seated.length).toBeLessThan(1_000);
  await system.startService!('scheduling');
  expect(total(await adding)).toEqual({ SEATED: 30, SECTION_FULL: 970 });
  expect(await seatsOf(section)).toEqual({ taken: 30, roster: seated.toSorted() });
}, 180_000);

test('F08 a student without classes is on the list from the minute of the enrollment, is placed from held seats, and leaves it', async () => {
  const addStudent = 'mutation ($input: AddStudentInput!) { addStudent(input: $input) { id } }';
  const enrollment = { schoolId, gradeLevel: grade, begins: today, entryCode: 'FROM_STATE' };
  const { addStudent: walkIn } = await data(addStudent, { input: { givenName: 'Wanda', familyName: 'Walkin', enrollment } });
  const list = `query ($s: ID!, $after: String) { studentsWithoutFullSchedule(schoolId: $s, first: 100, after: $after) {
    nodes { student { id displayName } emptyPeriods { id } classes since } pageInfo { hasNextPage endCursor } }
    scheduleGapCount(schoolId: $s) { students withoutAny alarm } }`;
  const entry = async () => {
    for (let after: string | null = null; ;) {
      const { studentsWithoutFullSchedule: page, scheduleGapCount: count } = await data(list, { s: schoolId, after });
      expect(count.alarm).toBe(count.students > 10);
      const found = page.nodes.find((node: any) => node.student.id === walkIn.id);
      if (found || !page.pageInfo.hasNextPage) return found;
      after = page.pageInfo.endCursor;
    }
  };
  let told = await entry();
  for (let times = 0; !told && times < 100; times++) {
    await new Promise((next) => setTimeout(next, 100));
    told = await entry();
  }
  expect(told).toMatchObject({ student: { displayName: 'Wanda Walkin' }, classes: 0, since: today });
  const free: string[] = [];
  for (const { id } of told.emptyPeriods) {
    if (!periodIds.includes(id)) periodIds.push(id);
    free.push(await openClass(periodIds.indexOf(id) + 1));
  }
  const { holdSeats: hold } = await data('mutation ($input: HoldSeatsInput!) { holdSeats(input: $input) { id } }', {
    input: { studentId: walkIn.id, sectionIds: free },
  });
  const commit = 'mutation ($input: CommitHoldInput!) { commitHold(input: $input) { added { sectionId } } }';
  const placed = await data(commit, { input: { holdId: hold.id, reason: 'Walk-in' } }, clerk);
  expect(placed.commitHold.added).toHaveLength(free.length);
  expect(await entry()).toBeUndefined();
}, 120_000);

test('F10 two classes at the same time are refused to a student, a teacher and a room, also in the same moment', async () => {
  const { addRoom: room } = await data('mutation ($input: AddRoomInput!) { addRoom(input: $input) { id } }', {
    input: { schoolId, name: 'Drill room' },
  });
  const sections = [await openClass(2), await openClass(2)];
  for (let n = 0; n < 20; n++) {
    const [studentId, staffId] = [randomUUIDv7(), randomUUIDv7()];
    const seats = await Promise.all(sections.map((section) => add(studentId, section)));
    expect(total(seats.map((answer) => String(codeOf(answer))))).toEqual({ DONE: 1, TWO_CLASSES_AT_ONCE: 1 });
    const assign = 'mutation ($input: AssignTeacherInput!) { assignTeacher(input: $input) { id } }';
    const posts = await Promise.all(
      sections.map((sectionId) => ask(system, counselor, assign, { input: { sectionId, staffId, role: 'CO_TEACHER', begins: today } })),
    );
    expect(total(posts.map((answer) => String(codeOf(answer))))).toEqual({ DONE: 1, TEACHER_TWICE_AT_ONCE: 1 });
  }
  const meet = 'mutation ($input: SetMeetingsInput!) { setMeetings(input: $input) { id } }';
  const meetings = [{ periodId: periodIds[2], roomId: room.id }];
  const rooms = await Promise.all(
    sections.map((sectionId) => ask(system, counselor, meet, { input: { sectionId, begins: today, meetings } })),
  );
  expect(total(rooms.map((answer) => String(codeOf(answer))))).toEqual({ DONE: 1, ROOM_TAKEN: 1 });
}, 60_000);

test('F11 of two hundred adds to one seat one wins; over the limit goes a counselor with a reason, and nobody else', async () => {
  const section = await openClass(3, { seatLimit: 1 });
  const outcomes = await Promise.all(Array.from({ length: 200 }, () => addUntilAnswered(randomUUIDv7(), section)));
  expect(total(outcomes)).toEqual({ SEATED: 1, SECTION_FULL: 199 });
  const over = (token: string, reason: string) => add(randomUUIDv7(), section, { override: true, reason }, token).then(codeOf);
  expect(await over(clerk, 'Please')).toBe('FORBIDDEN');
  expect(await over(office, 'Please')).toBe('FORBIDDEN');
  expect(await over(counselor, ' ')).toBe('REASON_REQUIRED');
  expect(await over(counselor, 'Sibling in the class')).toBe('DONE');
  expect(await seatsOf(section)).toMatchObject({ taken: 2 });
  expect(await add(randomUUIDv7(), section).then(codeOf)).toBe('SECTION_FULL');
}, 60_000);

test('F25 tracks of a year-round school keep their own days and their own classes, and summer is a session of its own', async () => {
  const addSession = 'mutation ($input: AddAcademicSessionInput!) { addAcademicSession(input: $input) { id } }';
  const session = async (input: object): Promise<string> =>
    (await data(addSession, { input: { schoolYear: 2028, ...input } }, office)).addAcademicSession.id;
  const year = await session({ title: '2027-28', type: 'SCHOOL_YEAR', begins: '2027-07-05', ends: '2028-08-12' });
  const allYear = await session({ title: 'Year-round', type: 'TERM', begins: '2027-07-05', ends: '2028-06-24', parentId: year });
  const summer = await session({ title: 'Summer', type: 'TERM', begins: '2028-06-26', ends: '2028-08-05', parentId: year });
  const days = { A: ['2027-07-06', '2027-09-07'], B: ['2027-09-07', '2027-09-08'], C: ['2027-10-04'] };
  for (const [track, dates] of Object.entries(days)) {
    const calendar = { schoolId, schoolYear: 2028, track, title: `Track ${track}`, begins: '2027-07-05', ends: '2028-06-24' };
    const added = await data('mutation ($input: AddCalendarInput!) { addCalendar(input: $input) { id } }', { input: calendar }, office);
    const input = { calendarId: added.addCalendar.id, dates: dates.map((date) => ({ date, kind: 'INSTRUCTIONAL' })) };
    await data('mutation ($input: SetCalendarDatesInput!) { setCalendarDates(input: $input) { id } }', { input }, office);
  }
  const onTrack = (track: string) => openClass(4, { track, sessionIds: [allYear] });
  const [a, b, c] = [await onTrack('A'), await onTrack('B'), await onTrack('C')];
  const inSummer = await openClass(4, { sessionIds: [summer] });
  const meets = async (sectionId: string, on: string): Promise<boolean> =>
    (await data('query ($id: ID!, $on: Date!) { section(id: $id) { meetings(on: $on) { date } } }', { id: sectionId, on })).section.meetings
      .length > 0;
  const sections = [a, b, c, inSummer];
  const meetingOn = async (on: string) => (await Promise.all(sections.map((id) => meets(id, on)))).map(Number).join('');
  expect(await meetingOn('2027-07-06')).toBe('1000');
  expect(await meetingOn('2027-09-07')).toBe('1100');
  expect(await meetingOn('2027-10-04')).toBe('0010');
  expect(await meetingOn('2028-06-28')).toBe('0001');

  const student = randomUUIDv7();
  expect(await add(student, a).then(codeOf)).toBe('DONE');
  expect(await add(student, b).then(codeOf)).toBe('TWO_CLASSES_AT_ONCE');
  expect(await add(student, c).then(codeOf)).toBe('DONE');
  expect(await add(student, inSummer).then(codeOf)).toBe('DONE');
  const sitsIn = async (sectionId: string, on: string): Promise<number> =>
    (await data('query ($id: ID!, $on: Date!) { section(id: $id) { roster(on: $on) { student { id } } } }', { id: sectionId, on })).section
      .roster.length;
  const rostersOn = async (on: string) => (await Promise.all(sections.map((id) => sitsIn(id, on)))).join('');
  expect(await rostersOn('2027-09-07')).toBe('1010');
  expect(await rostersOn('2028-06-28')).toBe('0001');
  await data(change, { input: { studentId: student, dropSectionIds: [inSummer], on: '2028-07-10', reason: 'Left summer school' } });
  expect(await rostersOn('2027-09-07')).toBe('1010');
  expect([await rostersOn('2028-06-28'), await rostersOn('2028-07-10')]).toEqual(['0001', '0000']);
}, 60_000);
