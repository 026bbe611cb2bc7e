/* eslint-disable @typescript-eslint/no-explicit-any -- answers are as the graph says; the assertions are their types */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { schedulingParts } from '@rollbook/district/importing/schedulingPackage.ts';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import { randomUUIDv7 } from 'node:crypto';
import { ask, demoDirectory, fiveProcesses, type System } from './topologies.ts';

// A counselor's spring: next year's schedule of a school, from the requests to the roster on the teacher's screen, by the graph alone.

let system: System;
let remove: () => void;
let counselor: string;
let administrator: string;
let schoolId: string;

const schoolYear = 2028;
const firstDay = '2027-08-16';
const lastDay = '2028-06-01';
/** Six periods; 24 students ask for six courses each, and nine sections hold them: two courses have a single section. */
const courses = [
  { number: 'ENG', title: 'English', teacher: 0, sections: 2 },
  { number: 'ALG', title: 'Algebra', teacher: 1, sections: 2 },
  { number: 'BIO', title: 'Biology', teacher: 2, sections: 2 },
  { number: 'HIS', title: 'History', teacher: 3, sections: 2 },
  { number: 'ART', title: 'Art', teacher: 4, sections: 2 },
  { number: 'BAND', title: 'Band', teacher: 5, sections: 1 },
  { number: 'CHOIR', title: 'Choir', teacher: 6, sections: 1 },
] as const;
const seats = 14;

beforeAll(async () => {
  const demo = await demoDirectory();
  remove = demo.remove;
  system = await fiveProcesses(demo.dir);
  administrator = await system.tokenFor(importingAdministrator);
  const { schools } = await data('{ schools(first: 10) { nodes { id } } }', {}, administrator);
  schoolId = schools.nodes.at(-1).id;
  counselor = await system.tokenFor({ subject: randomUUIDv7(), grants: [{ role: 'COUNSELOR', schoolId }], students: [] });
}, 180_000);
afterAll(async () => {
  await system?.close();
  remove?.();
});

/** The data of an answer that must have no errors. */
async function data(query: string, variables: object = {}, token = counselor): Promise<any> {
  const answer = await ask(system, token, query, variables);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}
async function does(name: string, input: object, answer = 'id', token = counselor): Promise<any> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  return (await data(`mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} } }`, { input }, token))[name];
}
/** Asks until the answer is as it should be. */
async function until<T>(find: () => Promise<T | null | undefined | false>, seconds = 60): Promise<T> {
  for (const end = performance.now() + seconds * 1_000; performance.now() < end;) {
    const found = await find();
    if (found) return found;
    await new Promise((later) => setTimeout(later, 250));
  }
  throw new Error(`It was not so within ${seconds} s.`);
}

/** The school's package: what a district would bring from its old system. */
async function schoolPackage() {
  const year = await does(
    'addAcademicSession',
    { title: '2027-28', type: 'SCHOOL_YEAR', schoolYear, begins: firstDay, ends: lastDay },
    'id',
    administrator,
  );
  const { students } = await data('query ($s: ID!) { students(schoolId: $s, first: 24) { nodes { id } } }', { s: schoolId });
  const { staffMembers } = await data('query ($s: ID!) { staffMembers(schoolId: $s, role: "TEACHER", first: 20) { nodes { id } } }', {
    s: schoolId,
  });
  const pupils: string[] = students.nodes.map(({ id }: any) => id);
  const teachers: string[] = staffMembers.nodes.map(({ id }: any) => id);
  const music = ['BAND', 'CHOIR'];
  const must = ['ENG', 'ALG', 'BIO', 'HIS', 'ART'];
  const request = (student: string, number: string, priority: number, alternates: string[]) => ({
    ...{ student, course: `NEXT-${number}`, priority, alternates },
  });
  const files = [
    ...schedulingParts('COURSES', courses.map(({ number, title }) => ({ number: `NEXT-${number}`, title, credits: 10 }))), // prettier-ignore
    ...schedulingParts('ROOMS', courses.map(({ number }) => ({ name: `Room ${number}`, capacity: 30 }))), // prettier-ignore
    ...schedulingParts('TEACHERS', courses.map(({ number, teacher }) => ({ teacher: teachers[teacher]!, courses: [`NEXT-${number}`], max_sections: 5 }))), // prettier-ignore
    ...schedulingParts(
      'SECTIONS',
      courses.flatMap(({ number, sections }) =>
        Array.from({ length: sections }, (_, n) => ({
          ...{ number: `NEXT-${number}-${n + 1}`, course: `NEXT-${number}`, terms: ['2027-28'], seats },
        })),
      ),
    ),
    ...schedulingParts('STUDENTS', pupils.map((student) => ({ student, grade: '10' }))), // prettier-ignore
    ...schedulingParts(
      'REQUESTS',
      pupils.flatMap((id, n) => [
        ...must.map((number) => request(id, number, 1, [])),
        request(id, music[n % 2]!, 2, [`NEXT-${music[(n + 1) % 2]}`]),
      ]),
    ),
  ];
  return { year, files, pupils, teachers };
}

const figures = 'scenario { id } students requests primaryPercent metPercent completePercent holes teachers { sections students }';

test('F12 a school is scheduled by the graph alone: imported, counted, built, loaded, compared, committed, and the teacher has her roster', async () => {
  const { files, pupils, teachers } = await schoolPackage();
  const whole = { schoolId, schoolYear, source: 'old-system', strict: true, files };
  const imported = 'saved unchanged refused rows { file line outcome code message }';
  const rehearsed = await does('importRequests', { ...whole, dryRun: true }, imported);
  expect(rehearsed.rows.filter(({ code }: any) => code)).toEqual([]);
  const brought = await does('importRequests', { ...whole, dryRun: false }, imported);
  expect([brought.saved, brought.refused]).toEqual([rehearsed.saved, 0]);
  expect((await does('importRequests', { ...whole, dryRun: false }, imported)).saved).toBe(0);

  const { requestTally } = await data(
    'query ($s: ID!, $y: Int!) { requestTally(schoolId: $s, schoolYear: $y) { course { number } requests asAlternate sections seats } }',
    { s: schoolId, y: schoolYear },
  );
  const tally = new Map(requestTally.map((row: any) => [row.course.number, row]));
  expect(tally.get('NEXT-ENG')).toMatchObject({ requests: 24, asAlternate: 0, sections: 2, seats: 28 });
  expect(tally.get('NEXT-BAND')).toMatchObject({ requests: 12, asAlternate: 12, sections: 1, seats: 14 });

  const first = await does('addScenario', { schoolId, schoolYear, name: 'First' }, 'id revision');
  const second = await does('copyScenario', { scenarioId: first.id, name: 'Built' }, 'id revision');
  const compare = 'query ($ids: [ID!]!) { compareScenarios(ids: $ids) { scenarios { ' + figures + ' } differingStudents { id } } }';
  const alike = (await data(compare, { ids: [first.id, second.id] })).compareScenarios;
  // Nobody has a class yet.
  for (const one of alike.scenarios) expect(one).toMatchObject({ students: 24, requests: 144, primaryPercent: 0, completePercent: 0 });
  expect(alike.differingStudents).toEqual([]);

  const run = await does('startRun', { scenarioId: second.id, kind: 'BUILD', seconds: 10, seed: 7 }, 'id status');
  const ended = await until(async () => {
    const { scheduleRun } = await data('query ($id: ID!) { scheduleRun(id: $id) { status failure best bound unmet applied } }', {
      id: run.id,
    });
    if (scheduleRun.status === 'FAILED') throw new Error(scheduleRun.failure);
    return scheduleRun.status === 'DONE' && scheduleRun;
  });
  expect(ended).toMatchObject({ unmet: 0, best: ended.bound });
  if (!ended.applied) {
    const { scenario } = await data('query ($id: ID!) { scenario(id: $id) { revision } }', { id: second.id });
    await does('applyRun', { runId: run.id, baseRevision: scenario.revision }, 'revision');
  }

  const both = (await data(compare, { ids: [first.id, second.id] })).compareScenarios;
  expect(both.scenarios[1]).toMatchObject({ students: 24, requests: 144, primaryPercent: 100, metPercent: 100, completePercent: 100 });
  expect(both.differingStudents).toHaveLength(24);
  const explained =
    'query ($id: ID!) { scenario(id: $id) { revision faults { code sentence } satisfaction { group students primaryPercent } } }';
  const { scenario: built } = await data(explained, { id: second.id });
  expect(built.faults).toEqual([]);
  expect(built.satisfaction.find(({ students }: any) => students === 24)).toMatchObject({ primaryPercent: 100 });

  const reason = 'Schedule of 2027-28';
  const committed = await does(
    'commitScenario',
    { scenarioId: second.id, baseRevision: built.revision, reason, begins: firstDay },
    'status',
  );
  expect(committed.status).toBe('COMMITTED');
  const again = await ask(system, counselor, 'mutation ($input: CommitScenarioInput!) { commitScenario(input: $input) { status } }', {
    input: { scenarioId: first.id, baseRevision: first.revision, reason },
  });
  expect(again.errors?.[0]!.extensions['code']).toBeDefined(); // the schedule has changed since it was taken

  // On the first day the teacher of English has her two classes, everybody is on one of the rosters, and a roll is to be taken. Names she
  // reads when they are her pupils: on that day.
  const english = await system.tokenFor({ subject: teachers[0]!, grants: [{ role: 'TEACHER', schoolId }], students: [] });
  const day = `query ($on: Date!) { myDay(date: $on) { section { id course { number } roster(on: $on) { student { id } } } roll { state } } }`;
  const classes = await until(async () => {
    const { myDay } = await data(day, { on: firstDay }, english);
    const mine = myDay.filter(({ section }: any) => section.course.number === 'NEXT-ENG');
    return mine.length === 2 && mine;
  });
  const onRosters = classes.flatMap(({ section }: any) => section.roster.map(({ student }: any) => student.id));
  expect(onRosters.toSorted()).toEqual(pupils.toSorted());
}, 240_000);

test('F07 what counselors designed is there after a crash, and the run that was at work is finished', async () => {
  const mine = await does('addScenario', { schoolId, schoolYear, name: 'Before the crash' }, 'id revision');
  const whole =
    'query ($id: ID!) { scenario(id: $id) { revision sections(first: 100) { nodes { sectionId number revision seats meetings { day period { id } } } } } }';
  const { scenario } = await data(whole, { id: mine.id });
  const [section] = scenario.sections.nodes;
  const edited = await does(
    'changeScenarioSection',
    { scenarioId: mine.id, sectionId: section.sectionId, revision: section.revision, seats: 17 },
    'seats',
  );
  expect(edited.seats).toBe(17);
  const asEdited = (await data(whole, { id: mine.id })).scenario;

  const run = await does('startRun', { scenarioId: mine.id, kind: 'BUILD', seconds: 30, seed: 3 }, 'id');
  const status = 'query ($id: ID!) { scheduleRun(id: $id) { status failure applied } }';
  const now = async () => {
    const answer = await ask(system, counselor, status, { id: run.id });
    const found = answer.data?.scheduleRun;
    if (found?.status === 'FAILED') throw new Error(found.failure);
    return found;
  };
  await until(async () => (await now())?.status === 'RUNNING');
  await system.stopService!('scheduling');
  await system.startService!('scheduling');
  const after = await until(async () => (await ask(system, counselor, whole, { id: mine.id })).data?.scenario);
  expect(after).toEqual(asEdited);
  const cancelled = await until(async () => (await now())?.status !== 'WAITING' && (await now()));
  // It may be at its end by now: a small school is proved best in a moment.
  if (cancelled.status === 'RUNNING')
    await ask(system, counselor, 'mutation ($input: CancelRunInput!) { cancelRun(input: $input) { id } }', { input: { runId: run.id } });
  const ended = await until(async () => ['DONE', 'CANCELLED'].includes((await now())?.status) && (await now()));
  if (!ended.applied) await does('applyRun', { runId: run.id, baseRevision: asEdited.revision }, 'revision');
  const { scenario: built } = await data(whole, { id: mine.id });
  expect(built.sections.nodes.filter(({ meetings }: any) => !meetings?.length)).toEqual([]);
  expect(built.sections.nodes.find(({ sectionId }: any) => sectionId === section.sectionId).seats).toBe(17);
}, 180_000);

test('F09 a course that was passed, and one whose prerequisite is missing, are refused; only a reason of a counselor goes past it', async () => {
  const { students } = await data('query ($s: ID!) { students(schoolId: $s, first: 2) { nodes { id } } }', { s: schoolId });
  const [senior, junior] = students.nodes.map(({ id }: any) => id);
  const files = [
    ...schedulingParts('COURSES', [
      { number: 'NEXT-CALC', title: 'Calculus', prerequisites: 'NEXT-PRE' },
      { number: 'NEXT-PRE', title: 'Precalculus', prerequisites: null },
    ]),
    ...schedulingParts('SECTIONS', [
      { number: 'NEXT-CALC-1', course: 'NEXT-CALC', terms: '2027-28' },
      { number: 'NEXT-PRE-1', course: 'NEXT-PRE', terms: '2027-28' },
    ]),
    ...schedulingParts('STUDENTS', [
      { student: senior, grade: '12' },
      { student: junior, grade: '11' },
    ]),
    ...schedulingParts('COURSE_HISTORY', [{ student: senior, course: 'NEXT-PRE', school_year: 2027, passed: true }]),
  ];
  const input = { schoolId, schoolYear, source: 'old-system', strict: true, dryRun: false, files };
  expect((await does('importRequests', input, 'refused rows { code message }')).rows.filter(({ code }: any) => code)).toEqual([]);
  const found = await data(
    'query ($s: ID!, $on: Date!) { sections(schoolId: $s, on: $on, first: 100) { nodes { course { id number } } } }',
    { s: schoolId, on: firstDay },
  );
  const courseId = (number: string) => found.sections.nodes.find(({ course }: any) => course.number === number).course.id;
  const asks = async (studentId: string, number: string, more: object = {}) => {
    const input = { schoolId, studentId, schoolYear, courseId: courseId(number), ...more };
    const { errors } = await ask(
      system,
      counselor,
      'mutation ($input: RequestCourseInput!) { requestCourse(input: $input) { revision } }',
      { input },
    );
    return errors?.[0]!.extensions['code'] ?? 'DONE';
  };
  expect(await asks(senior, 'NEXT-PRE')).toBe('ALREADY_PASSED');
  expect(await asks(junior, 'NEXT-CALC')).toBe('PREREQUISITE_UNMET');
  expect(await asks(senior, 'NEXT-CALC')).toBe('DONE');
  expect(await asks(junior, 'NEXT-CALC', { override: { reason: 'Passed at another school' } })).toBe('DONE');
});
