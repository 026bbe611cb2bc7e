import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { openPool } from '@rollbook/postgres';
import { cloneDatabase } from '@rollbook/postgres/testing.ts';
import { migrate, migrationsOf } from '@rollbook/subgraph/migrate.ts';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { scheduling } from '../subgraph.ts';
import { clerk, colleague, counselor, id, north, openSchools, openSection, principal, teacher } from '../testing.ts';

let service: TestSubgraph;
let algebra: string;
let geometry: string;
let room: string;
beforeEach(async () => {
  // The day before school begins.
  service = await openSchools({ now: () => new Date('2026-08-16T19:00:00Z') });
  algebra = await openSection(service, { number: 'A1', seatLimit: 2 });
  geometry = await openSection(service, { number: 'G1', seatLimit: 2 });
  room = (await does(clerk, 'addRoom', { schoolId: north, name: 'C 1' })).id;
  await does(principal, 'setMeetings', { sectionId: algebra, begins: '2026-08-17', meetings: [{ periodId: period(1), roomId: room }] });
  await does(principal, 'setMeetings', { sectionId: geometry, begins: '2026-08-17', meetings: [{ periodId: period(2), roomId: room }] });
  await does(principal, 'assignTeacher', { sectionId: algebra, staffId: teacher.subject, role: 'TEACHER_OF_RECORD', begins: '2026-08-17' });
  for (const [sectionId, n] of [
    [algebra, 1],
    [algebra, 2],
    [geometry, 3],
  ] as const)
    // prettier-ignore
    await does(clerk, 'addToRoster', { sectionId, studentId: pupil(n) }, 'begins');
});
afterEach(() => service.close());

const verb = (name: string, answer = 'id') =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${answer} } }`;
const does = async (viewer: Viewer, name: string, input: object, answer?: string) =>
  (await service.data(viewer, verb(name, answer), { input }))[name];
const refused = async (viewer: Viewer, name: string, input: object) => {
  const { errors, data } = await service.ask(viewer, verb(name), { input });
  if (!errors) throw new Error(`No error, but ${JSON.stringify(data)}`);
  return errors[0]!.extensions as Record<string, unknown>;
};
const pupil = (n: number) => id('student', n);
const period = (n: number) => id('period', n);
const plan = async (name: string): Promise<string> =>
  (await does(counselor, 'addScenario', { schoolId: north, schoolYear: 2027, name })).id;
const change = (scenarioId: string, sectionId: string, revision: number, more: object) =>
  does(counselor, 'changeScenarioSection', { scenarioId, sectionId, revision, ...more }, 'revision');
const seat = (scenarioId: string, studentId: string, seenSectionIds: string[], sectionIds: string[]) =>
  does(counselor, 'setScenarioSeats', { scenarioId, studentId, seenSectionIds, sectionIds }, 'revision');
const commit = (scenarioId: string, baseRevision: number) =>
  does(principal, 'commitScenario', { scenarioId, baseRevision, reason: 'Master schedule' }, 'status revision committedAt');
const refusedCommit = (scenarioId: string, baseRevision: number, more: object = {}) =>
  refused(principal, 'commitScenario', { scenarioId, baseRevision, reason: 'Master schedule', ...more });

/** What is live, as far as it goes on or is still to come. */
const live = async () =>
  (
    await service.sql(
      `select s.number, s.seat_limit as seats, s.seats_taken as taken, s.cancelled_on is not null as cancelled,
         array(select p.name || coalesce(' ' || r.name, '') from meeting_pattern m join period p on p.id = m.period_id left join room r on r.id = m.room_id
           where m.section_id = s.id and (m.ends is null or m.ends > m.begins) order by m.begins, p.sort_order) as meets,
         array(select t.staff_id from teacher_assignment t where t.section_id = s.id and (t.ends is null or t.ends > t.begins)) as teachers,
         array(select e.student_id from section_enrollment e where e.section_id = s.id and e.ends is null order by 1) as students
       from section s order by s.number`,
    )
  ).map((row) => ({ ...row }));
/** All there is, history and events included. */
const everything = async () =>
  service.sql(
    `select (select json_agg(s order by s.id) from section s) as sections, (select json_agg(m order by m.id) from meeting_pattern m) as meetings,
       (select json_agg(e order by e.id) from section_enrollment e) as seats, (select json_agg(t order by t.id) from teacher_assignment t) as teachers,
       (select count(*)::int from outbox) as told`,
  );

test('a committed scenario is the live schedule: rooms trade places, people move, sections come and go, and each that changed is told once', async () => {
  const scenario = await plan('Trade');
  await change(scenario, algebra, 0, { meetings: [{ periodId: period(2) }], teacherId: colleague.subject });
  await change(scenario, geometry, 0, { meetings: [{ periodId: period(1) }], teacherId: teacher.subject, seats: 3 });
  const { sectionId: added } = await does(
    counselor,
    'addScenarioSection',
    {
      scenarioId: scenario,
      courseId: id('course', 1),
      number: 'N1',
      sessionIds: [id('session', 3)],
      seats: 9,
      meetings: [{ periodId: period(3) }],
      teacherId: teacher.subject,
    },
    'sectionId',
  );
  await seat(scenario, pupil(1), [algebra], [geometry, added]);
  await seat(scenario, pupil(4), [], [algebra]);
  const before = (await service.told()).length;
  expect(await commit(scenario, 5)).toMatchObject({ status: 'COMMITTED', revision: 5 });
  expect(await live()).toEqual([
    { number: 'A1', seats: 2, taken: 2, cancelled: false, meets: ['2 C 1'], teachers: [colleague.subject], students: [pupil(2), pupil(4)] },
    { number: 'G1', seats: 3, taken: 2, cancelled: false, meets: ['1 C 1'], teachers: [teacher.subject], students: [pupil(1), pupil(3)] },
    { number: 'N1', seats: 9, taken: 1, cancelled: false, meets: ['3'], teachers: [teacher.subject], students: [pupil(1)] },
  ]);
  const told = (await service.told()).slice(before);
  expect(told.map(({ type, aggregate }) => `${type} ${aggregate}`)).toEqual(
    [algebra, geometry, added].sort().map((sectionId) => `SectionChanged ${sectionId}`),
  );
  const ofGeometry = told.find(({ aggregate }) => aggregate === geometry)!.payload;
  expect(
    ofGeometry.students
      .filter(({ begins, ends }: { begins: string; ends: string }) => begins !== ends)
      .map(({ studentId }: { studentId: string }) => studentId),
  ).toEqual([pupil(1), pupil(3)]);
  expect(
    await service.sql(`select distinct reason, recorded_by from section_enrollment where student_id = $1 and ends is null`, [pupil(4)]),
  ).toEqual([{ reason: 'Master schedule', recorded_by: principal.subject }]);
});

test('a committed scenario stays as it was; a copy of it goes on, and what it takes out is cancelled with its commit', async () => {
  const scenario = await plan('First');
  await change(scenario, algebra, 0, { seats: 3 });
  await commit(scenario, 1);
  expect(
    (await refused(counselor, 'changeScenarioSection', { scenarioId: scenario, sectionId: algebra, revision: 1, seats: 4 }))['code'],
  ).toBeDefined();
  expect((await refusedCommit(scenario, 1))['code']).toBe('SCENARIO_COMMITTED');
  const { id: copy } = await does(counselor, 'copyScenario', { scenarioId: scenario, name: 'Second' });
  await does(counselor, 'removeScenarioSection', { scenarioId: copy, sectionId: geometry, revision: 0 });
  await commit(copy, 2);
  expect((await live()).map(({ number, cancelled, meets }) => ({ number, cancelled, meets }))).toEqual([
    { number: 'A1', cancelled: false, meets: ['1 C 1'] },
    { number: 'G1', cancelled: true, meets: [] },
  ]);
  const { scenarios } = await service.data(counselor, `{ scenarios(schoolId: "${north}", schoolYear: 2027) { name status } }`);
  expect(scenarios).toEqual([
    { name: 'Second', status: 'COMMITTED' },
    { name: 'First', status: 'REPLACED' },
  ]);
});

test('of two commits at once one wins, and the other is told what changed', async () => {
  const [one, two] = [await plan('One'), await plan('Two')];
  await change(one, algebra, 0, { seats: 11 });
  await change(two, algebra, 0, { seats: 12 });
  const input = (scenarioId: string) => ({ input: { scenarioId, baseRevision: 1, reason: 'Mine' } });
  const answers = await Promise.all([one, two].map((scenarioId) => service.ask(principal, verb('commitScenario'), input(scenarioId))));
  const won = answers.findIndex(({ errors }) => !errors);
  const [lost] = answers.filter(({ errors }) => errors);
  expect(answers.filter(({ errors }) => errors)).toHaveLength(1);
  expect(lost!.errors![0]!.extensions).toMatchObject({
    code: 'MASTER_CHANGED',
    changed: [{ sectionId: algebra, number: 'A1', difference: 'CHANGED' }],
  });
  expect((await live())[0]).toMatchObject({ seats: [11, 12][won] });

  const again = await Promise.all(
    [0, 1].map(async () => service.ask(principal, verb('copyScenario'), { input: { scenarioId: [one, two][won], name: 'Copy' } })),
  );
  const copy = (again.find(({ errors }) => !errors)!.data as { copyScenario: { id: string } }).copyScenario.id;
  const twice = await Promise.all([0, 1].map(() => service.ask(principal, verb('commitScenario'), input(copy))));
  expect(twice.filter(({ errors }) => !errors)).toHaveLength(1);
  expect(twice.find(({ errors }) => errors)!.errors![0]!.extensions['code']).toBe('SCENARIO_COMMITTED');
});

test('a commit against a master that changed is refused with what changed, and possible once the changes were taken', async () => {
  const scenario = await plan('Late');
  await change(scenario, algebra, 0, { seats: 5 });
  await does(clerk, 'addToRoster', { sectionId: geometry, studentId: pupil(9) }, 'begins');
  const fresh = await openSection(service, { number: 'Z1' });
  const before = await everything();
  expect(await refusedCommit(scenario, 1)).toMatchObject({
    code: 'MASTER_CHANGED',
    changed: [
      { sectionId: geometry, number: 'G1', difference: 'CHANGED' },
      { sectionId: fresh, number: 'Z1', difference: 'ADDED' },
    ],
  });
  expect(await everything()).toEqual(before);
  await does(principal, 'cancelSection', { sectionId: algebra, on: '2026-08-17', reason: 'No teacher' });
  expect(((await refusedCommit(scenario, 1))['changed'] as { difference: string }[])[0]).toMatchObject({
    sectionId: algebra,
    difference: 'GONE',
  });

  expect(await does(counselor, 'takeLiveAgain', { scenarioId: scenario, baseRevision: 1 }, 'revision')).toEqual({ revision: 2 });
  await change(scenario, geometry, 2, { seats: 7 });
  await commit(scenario, 3);
  expect((await live()).filter(({ cancelled }) => !cancelled)).toMatchObject([
    { number: 'G1', seats: 7, students: [pupil(3), pupil(9)] },
    { number: 'Z1' },
  ]);
});

test('a faulty scenario, one that was changed, and a commit without a reason leave everything as it was', async () => {
  const scenario = await plan('Faulty');
  await change(scenario, geometry, 0, { meetings: [{ periodId: period(1) }] });
  const before = await everything();
  const { code, faults } = await refusedCommit(scenario, 1);
  expect({ code, faults }).toMatchObject({
    code: 'SCHEDULE_FAULTY',
    faults: [{ code: 'ROOM_DOUBLE_BOOKED', sectionIds: expect.arrayContaining([algebra, geometry]) }],
  });
  expect(await refusedCommit(scenario, 0)).toMatchObject({ code: 'CHANGED_MEANWHILE', revision: 1 });
  expect((await refusedCommit(scenario, 1, { reason: ' ' }))['code']).toBe('REASON_REQUIRED');
  expect(await everything()).toEqual(before);
});

test('a commit that the database refuses in the middle, because a seat is held for somebody else, leaves everything as it was', async () => {
  const scenario = await plan('Broken');
  await change(scenario, algebra, 0, { meetings: [{ periodId: period(3) }] });
  await seat(scenario, pupil(5), [], [geometry]);
  await service.sql(
    `insert into seat_hold (hold_id, school_id, student_id, section_id, expires_at) values (uuidv7(), $1, $2, $3, now() + interval '5 minutes')`,
    [north, pupil(8), geometry],
  );
  const before = await everything();
  expect((await refusedCommit(scenario, 2))['code']).toBe('SECTION_FULL');
  expect(await everything()).toEqual(before);
});

test('in the middle of the year what was stays, and the new begins that day', async () => {
  const scenario = await plan('January');
  await change(scenario, algebra, 0, { meetings: [{ periodId: period(3) }] });
  await seat(scenario, pupil(2), [algebra], []);
  await does(
    principal,
    'commitScenario',
    { scenarioId: scenario, baseRevision: 2, reason: 'Second semester', begins: '2027-01-16' },
    'status',
  );
  const { section } = await service.data(
    principal,
    `{ section(id: "${algebra}") { meetingPatterns { period { name } begins ends } before: roster(on: "2026-10-05") { studentId } after: roster(on: "2027-01-18") { studentId } } }`,
  );
  expect(section).toEqual({
    meetingPatterns: [
      { period: { name: '1' }, begins: '2026-08-17', ends: '2027-01-16' },
      { period: { name: '3' }, begins: '2027-01-16', ends: '2027-06-12' },
    ],
    before: [{ studentId: pupil(1) }, { studentId: pupil(2) }],
    after: [{ studentId: pupil(1) }],
  });
});

test('of hundreds who are given classes in one statement, the one who would be in two places at once is found', async () => {
  const large = await openSection(service, { number: 'L1' });
  const other = await openSection(service, { number: 'L2' });
  const spring = await openSection(service, { number: 'L3', sessionIds: [id('session', 3)] });
  for (const [sectionId, n, begins] of [
    [large, 1, '2026-08-17'],
    [other, 2, '2026-08-17'],
    [spring, 3, '2027-01-16'],
  ] as const)
    await does(principal, 'setMeetings', { sectionId, begins, meetings: [{ periodId: period(n) }] });
  const give = (sectionId: string, from: number) =>
    service.sql(
      `insert into section_enrollment (section_id, school_id, student_id, begins)
         select $1, $2, n::uuid, (select begins from section where id = $1) from unnest($3::text[]) n`,
      [sectionId, north, Array.from({ length: 300 }, (_, n) => pupil(from + n))],
    );
  await give(large, 1_000);
  await give(other, 1_000);
  await give(spring, 1_000);
  const clash = await openSection(service, { number: 'L4', sessionIds: [id('session', 2)] });
  await does(principal, 'setMeetings', { sectionId: clash, begins: '2026-08-17', meetings: [{ periodId: period(1) }] });
  await expect(give(clash, 1_299)).rejects.toThrow('The student would have two classes at the same time.');
  await give(clash, 1_300);
  expect((await live()).map(({ number, taken }) => [number, taken])).toEqual([
    ['A1', 2],
    ['G1', 1],
    ['L1', 300],
    ['L2', 300],
    ['L3', 300],
    ['L4', 300],
  ]);
});

test('while a commit is judged, the office goes on: nothing is locked before it is written', async () => {
  const version = migrationsOf(scheduling)
    .map(({ sql }) => sql)
    .join('\n');
  const database = await cloneDatabase(scheduling.name, version, (fresh) => migrate(scheduling, fresh));
  const owner = openPool(database.owner, { max: 1, name: 'test' });
  await service.close();
  service = await openSchools({ now: () => new Date('2026-08-16T19:00:00Z'), urls: database });
  const client = await owner.connect();
  try {
    const section = await openSection(service, { number: 'A1', seatLimit: 5 });
    const scenario = await plan('Slow');
    await change(scenario, section, 0, { seats: 4 });
    // Requests cannot be read, so the commit is not judged before this ends.
    await client.query('begin');
    await client.query('lock table course_request');
    let isOver = false;
    const committing = commit(scenario, 1).finally(() => (isOver = true));
    const waits = `select from pg_locks where not granted and relation = 'course_request'::regclass`;
    while (!(await client.query(waits)).rowCount) expect(isOver).toBe(false);
    expect(await does(clerk, 'holdSeats', { sectionIds: [section], studentId: pupil(9) })).toEqual({ id: expect.any(String) });
    expect(isOver).toBe(false);
    await client.query('commit');
    expect(await committing).toMatchObject({ status: 'COMMITTED' });
    expect(await live()).toMatchObject([{ number: 'A1', seats: 4 }]);
  } finally {
    client.release(true);
    await owner.end();
    await service.close();
    await database.drop();
    service = await openSchools();
  }
});
