import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { colleague, counselor, id, north, openSchools, openSection, principal, teacher } from '../testing.ts';

// What counselors ask that cannot be: each time the answer says what is wrong, and the live schedule stays as it is.

let service: TestSubgraph;
let algebra: string;
let geometry: string;
let before: unknown;
const [pupil, period] = [(n: number) => id('student', n), (n: number) => id('period', n)];
beforeAll(async () => {
  service = await openSchools({ now: () => new Date('2026-08-16T19:00:00Z') });
  await service.sql(`insert into course (id, number, title, grade_levels) values ($1, 'GEO', 'Geometry', '{10}')`, [id('course', 2)]);
  algebra = await openSection(service, { number: 'A1', seatLimit: 30 });
  geometry = await openSection(service, { number: 'G1', seatLimit: 30, courseId: id('course', 2) });
  // Algebra has somebody who may teach it; geometry has nobody.
  await does('setTeachingCapacity', { schoolId: north, schoolYear: 2027, staffId: colleague.subject, courseIds: [id('course', 1)], maxSections: 5 }); // prettier-ignore
  for (const courseId of [id('course', 1), id('course', 2)])
    await does('requestCourse', { schoolId: north, studentId: pupil(1), schoolYear: 2027, courseId, priority: 1 }, 'revision');
  before = await live();
});
afterAll(() => service.close());

const verb = (name: string, answer = 'id') =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${answer} } }`;
const does = async (name: string, input: object, answer?: string) => (await service.data(counselor, verb(name, answer), { input }))[name];
const refused = async (name: string, input: object, answer?: string) => {
  const { errors, data } = await service.ask(principal, verb(name, answer), { input });
  if (!errors) throw new Error(`No error, but ${JSON.stringify(data)}`);
  return errors[0]! as { message: string; extensions: Record<string, unknown> };
};
let plans = 0;
const plan = async (): Promise<string> => (await does('addScenario', { schoolId: north, schoolYear: 2027, name: `Plan ${++plans}` })).id;
const change = (scenarioId: string, sectionId: string, more: object) =>
  does('changeScenarioSection', { scenarioId, sectionId, revision: 0, ...more }, 'revision');
/** A run, when it is over. */
async function run(scenarioId: string, kind: 'BUILD' | 'LOAD') {
  const started = await does('startRun', { scenarioId, kind, seconds: 1, seed: 1 });
  for (;;) {
    const { scheduleRun } = await service.data(counselor, `{ scheduleRun(id: "${started.id}") { status failure applied endedAt } }`);
    if (scheduleRun.endedAt) return scheduleRun;
    await new Promise((later) => setTimeout(later, 50));
  }
}
const look = async (scenarioId: string) =>
  (
    await service.data(
      counselor,
      `{ scenario(id: "${scenarioId}") { revision faults { code sentence sectionIds studentIds students { id } teachers { id } } concerns(code: "STILL_OPEN") { sentence sectionIds }
        sections { nodes { sectionId teacher { id } meetings { period { id } } } } } }`,
    )
  ).scenario;
const commit = async (scenarioId: string) =>
  refused('commitScenario', { scenarioId, baseRevision: (await look(scenarioId)).revision, reason: 'Next year' });
const live = () =>
  service.sql(
    `select s.*, (select count(*) from meeting_pattern) as meetings, (select count(*) from section_enrollment) as seats from section s order by id`,
  );

test('two sections that are locked to one teacher at one time are a fault that names both; a run keeps the locks, and the commit is refused', async () => {
  const scenario = await plan();
  const locked = { meetings: [{ periodId: period(1) }], teacherId: teacher.subject, locks: ['PLACEMENT', 'TEACHER'] };
  await change(scenario, algebra, locked);
  await change(scenario, geometry, locked);
  expect(await run(scenario, 'BUILD')).toMatchObject({ status: 'DONE', applied: true });
  const { sections, faults } = await look(scenario);
  for (const { teacher: one, meetings } of sections.nodes)
    expect([one.id, ...new Set(meetings.map((meeting: { period: { id: string } }) => meeting.period.id))]).toEqual([
      teacher.subject,
      period(1),
    ]);
  expect(faults).toContainEqual({
    code: 'TEACHER_DOUBLE_BOOKED',
    sentence: 'A teacher would teach Algebra 1 (A1) and Geometry (G1) at the same time, in period 1.',
    sectionIds: expect.arrayContaining([algebra, geometry]),
    ...{ studentIds: [], students: [], teachers: [{ id: teacher.subject }] },
  });
  expect(await commit(scenario)).toMatchObject({ extensions: { code: 'SCHEDULE_FAULTY' } });
  expect(await live()).toEqual(before);
});

test('a student who is locked into two classes at one time: a fault that names both, a run that says so, and the commit is refused', async () => {
  const scenario = await plan();
  for (const sectionId of [algebra, geometry])
    await change(scenario, sectionId, { meetings: [{ periodId: period(2) }], locks: ['PLACEMENT'] });
  const sectionIds = [algebra, geometry];
  await does('setScenarioSeats', { scenarioId: scenario, studentId: pupil(1), seenSectionIds: [], sectionIds, lockedSectionIds: sectionIds }, 'revision'); // prettier-ignore
  for (const kind of ['BUILD', 'LOAD'] as const)
    expect(await run(scenario, kind)).toMatchObject({
      status: 'FAILED',
      applied: false,
      failure: 'A student is locked in Algebra 1 (A1) and Geometry (G1), which both meet in period 2.',
    });
  expect((await look(scenario)).faults).toContainEqual({
    code: 'STUDENT_DOUBLE_BOOKED',
    sentence: 'A student would be in Algebra 1 (A1) and Geometry (G1) at the same time, in period 2.',
    sectionIds: expect.arrayContaining(sectionIds),
    ...{ studentIds: [pupil(1)], students: [{ id: pupil(1) }], teachers: [] },
  });
  expect(await commit(scenario)).toMatchObject({ extensions: { code: 'SCHEDULE_FAULTY' } });
  expect(await live()).toEqual(before);
});

test('a section that nobody may teach is placed without a teacher, and told; somebody who may not teach it is a fault', async () => {
  const scenario = await plan();
  expect(await run(scenario, 'BUILD')).toMatchObject({ status: 'DONE', applied: true });
  const { sections, concerns } = await look(scenario);
  const built = new Map(sections.nodes.map((section: { sectionId: string }) => [section.sectionId, section]));
  expect(built.get(algebra)).toMatchObject({ teacher: { id: colleague.subject } });
  expect(built.get(geometry)).toMatchObject({ teacher: null, meetings: [{}, {}] });
  expect(concerns).toContainEqual({ sentence: expect.stringMatching(/G1.* no teacher/), sectionIds: [geometry] });
  await does('changeScenarioSection', { scenarioId: scenario, sectionId: geometry, revision: (await look(scenario)).revision, teacherId: colleague.subject }, 'revision'); // prettier-ignore
  expect((await look(scenario)).faults).toContainEqual(expect.objectContaining({ code: 'TEACHER_NOT_QUALIFIED', sectionIds: [geometry] }));
  expect(await commit(scenario)).toMatchObject({ extensions: { code: 'SCHEDULE_FAULTY' } });
  expect(await live()).toEqual(before);
});

test('a section of 0 seats is refused wherever it is written', async () => {
  const scenario = await plan();
  const section = { scenarioId: scenario, courseId: id('course', 1), number: 'A2', sessionIds: [id('session', 2)], seats: 0 };
  expect((await refused('addScenarioSection', section, 'revision')).extensions['code']).toBe('SEATS_INVALID');
  const zero = { scenarioId: scenario, sectionId: algebra, revision: 0, seats: 0 };
  expect((await refused('changeScenarioSection', zero, 'revision')).extensions['code']).toBe('SEATS_INVALID');
  expect(await look(scenario)).toMatchObject({ revision: 0 });
  expect(await live()).toEqual(before);
});

test('requests that name each other as alternates are refused, and told which', async () => {
  const ask = (studentId: string, courseId: string, alternateIds: string[]) =>
    service.ask(counselor, verb('requestCourse', 'revision'), {
      input: { schoolId: north, studentId, schoolYear: 2027, courseId, priority: 2, alternateIds },
    });
  expect((await ask(pupil(7), id('course', 1), [id('course', 2)])).errors).toBeUndefined();
  const { errors } = await ask(pupil(7), id('course', 2), [id('course', 1)]);
  expect(errors![0]).toMatchObject({
    message: expect.stringContaining('The alternates of Algebra 1 lead back to it.'),
    extensions: { code: 'ALTERNATES_CIRCLE' },
  });
});
