import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { administrator, clerk, counselor, id, north, openSchools, openSection, principal, southPrincipal, teacher } from '../testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openSchools();
});
afterAll(() => service.close());

const verb = (name: string, answer = 'id') =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${answer} } }`;
const does = async (viewer: Viewer, name: string, input: object, answer?: string) =>
  (await service.data(viewer, verb(name, answer), { input }))[name];
const refusal = async (viewer: Viewer, name: string, input: object, answer?: string) => {
  const { errors } = await service.ask(viewer, verb(name, answer), { input });
  return errors?.[0]?.extensions as Record<string, unknown> | undefined;
};

const pupil = (n: number) => id('student', n);
const period = (n: number) => id('period', n);
let plans = 0;
const plan = (): Promise<string> =>
  does(counselor, 'addScenario', { schoolId: north, schoolYear: 2027, name: `Plan ${++plans}` }).then(({ id }) => id);
const shown = async (scenarioId: string) =>
  (
    await service.data(
      counselor,
      `query ($id: ID!) { scenario(id: $id) { name status revision basedOn { id }
         sections { nodes { sectionId number revision seats seatsTaken isLive locks teacher { id } room { name } course { title } sessions { title }
           meetings { session { title } period { name } day } } }
         changes { nodes { id revision what undoesId } } faults { code } } }`,
      { id: scenarioId },
    )
  )['scenario'];
const sectionOf = async (scenarioId: string, sectionId: string) =>
  (await shown(scenarioId)).sections.nodes.find((section: { sectionId: string }) => section.sectionId === sectionId);
const seatsOf = async (scenarioId: string, studentId: string): Promise<string[]> =>
  (
    await service.data(counselor, `query ($id: ID!, $s: ID!) { scenario(id: $id) { seats(studentId: $s) { sectionId } } }`, {
      id: scenarioId,
      s: studentId,
    })
  )['scenario'].seats.map(({ sectionId }: { sectionId: string }) => sectionId);
const change = (scenarioId: string, sectionId: string, revision: number, more: object, viewer = counselor) =>
  does(viewer, 'changeScenarioSection', { scenarioId, sectionId, revision, ...more }, 'revision seats locks meetings { period { name } }');
const undo = (scenarioId: string, changeId: string) => does(counselor, 'undoScenarioChange', { scenarioId, changeId }, 'revision');
const lastChange = async (scenarioId: string) => (await shown(scenarioId)).changes.nodes[0];

let algebra: string;
let fall: string;
beforeAll(async () => {
  algebra = await openSection(service, { number: 'A1', seatLimit: 30 });
  fall = await openSection(service, { number: 'B1', sessionIds: [id('session', 2)] });
  const room = await does(clerk, 'addRoom', { schoolId: north, name: 'P 1' });
  await does(principal, 'setMeetings', { sectionId: algebra, begins: '2026-08-17', meetings: [{ periodId: period(1), roomId: room.id }] });
  await does(principal, 'setMeetings', { sectionId: fall, begins: '2026-08-17', meetings: [{ periodId: period(2) }] });
  await does(principal, 'assignTeacher', { sectionId: algebra, staffId: teacher.subject, role: 'TEACHER_OF_RECORD', begins: '2026-08-17' });
  for (const [sectionId, n] of [
    [algebra, 1],
    [algebra, 2],
    [fall, 1],
  ] as const)
    // prettier-ignore
    await does(clerk, 'addToRoster', { sectionId, studentId: pupil(n) }, 'begins');
});

describe('a scenario', () => {
  test('begins as the live sections are: terms, periods, rooms, teachers, seats and who sits there', async () => {
    const scenario = await plan();
    const { sections, status, revision, changes } = await shown(scenario);
    expect({ status, revision, changes }).toEqual({ status: 'DRAFT', revision: 0, changes: { nodes: [] } });
    expect(sections.nodes).toEqual([
      {
        ...{ sectionId: algebra, number: 'A1', revision: 0, seats: 30, seatsTaken: 2, isLive: true, locks: [] },
        ...{ teacher: { id: teacher.subject }, room: { name: 'P 1' }, course: { title: 'Algebra 1' } },
        sessions: [{ title: 'Fall' }, { title: 'Spring' }],
        meetings: [
          { session: { title: 'Fall' }, period: { name: '1' }, day: '' },
          { session: { title: 'Spring' }, period: { name: '1' }, day: '' },
        ],
      },
      {
        ...{ sectionId: fall, number: 'B1', revision: 0, seats: null, seatsTaken: 1, isLive: true, locks: [] },
        ...{ teacher: null, room: null, course: { title: 'Algebra 1' }, sessions: [{ title: 'Fall' }] },
        meetings: [{ session: { title: 'Fall' }, period: { name: '2' }, day: '' }],
      },
    ]);
    expect(await seatsOf(scenario, pupil(1))).toEqual([algebra, fall].sort());
  });

  test('is the school’s own: to others it is not there, also where row-level security alone stands', async () => {
    const scenario = await plan();
    const seen = await service.data(
      southPrincipal,
      `query ($id: ID!) { scenario(id: $id) { id } scenarios(schoolId: "${north}", schoolYear: 2027) { id } }`,
      {
        id: scenario,
      },
    );
    expect(seen).toEqual({ scenario: null, scenarios: [] });
    expect((await refusal(southPrincipal, 'copyScenario', { scenarioId: scenario, name: 'Mine' }))?.['code']).toBe('NOT_FOUND');
    expect(await service.code(teacher, `{ scenario(id: "${scenario}") { id } }`)).toBe('FORBIDDEN');
    const rows = await service.database.transaction(southPrincipal, null, ({ query }) =>
      query<{ n: number }>(
        `select ((select count(*) from scenario) + (select count(*) from scenario_section) + (select count(*) from scenario_seat)
           + (select count(*) from scenario_change) + (select count(*) from schedule_run))::integer as n`,
      ),
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  test('changes without the live schedule, and without its copies', async () => {
    const scenario = await plan();
    const told = (await service.told()).length;
    await change(scenario, algebra, 0, { seats: 12, meetings: [{ periodId: period(3) }] });
    const { id: copy } = await does(counselor, 'copyScenario', { scenarioId: scenario, name: `Copy of ${scenario}` });
    await change(scenario, algebra, 1, { seats: 14 });
    expect(await sectionOf(copy, algebra)).toMatchObject({
      seats: 12,
      seatsTaken: 2,
      meetings: [{ period: { name: '3' } }, { period: { name: '3' } }],
    });
    expect((await shown(copy)).basedOn).toEqual({ id: scenario });
    expect(await sectionOf(scenario, algebra)).toMatchObject({ seats: 14 });
    const { section } = await service.data(clerk, `{ section(id: "${algebra}") { seatLimit meetingPatterns { period { name } } } }`);
    expect(section).toEqual({ seatLimit: 30, meetingPatterns: [{ period: { name: '1' } }] });
    expect((await service.told()).length).toBe(told);
  });

  test('changed by two counselors at once keeps both changes, or tells the second what the first did', async () => {
    const scenario = await plan();
    await Promise.all([change(scenario, algebra, 0, { seats: 20 }), change(scenario, fall, 0, { seats: 21 }, principal)]);
    expect([(await sectionOf(scenario, algebra)).seats, (await sectionOf(scenario, fall)).seats]).toEqual([20, 21]);
    expect((await shown(scenario)).revision).toBe(2);

    const { revision } = await sectionOf(scenario, algebra);
    const input = { scenarioId: scenario, sectionId: algebra, revision, seats: 25 };
    const answers = await Promise.all(
      [24, 26].map((seats) => service.ask(counselor, verb('changeScenarioSection', 'seats'), { input: { ...input, seats } })),
    );
    const won = answers.filter(({ errors }) => !errors);
    expect(won).toHaveLength(1);
    const { seats } = (won[0]!.data as { changeScenarioSection: { seats: number } }).changeScenarioSection;
    const lost = answers.find(({ errors }) => errors)!.errors![0]!.extensions;
    expect(lost).toMatchObject({
      code: 'CHANGED_MEANWHILE',
      seats,
      later: [{ what: 'Section A1: seats changed', madeBy: counselor.subject }],
    });
    expect((await sectionOf(scenario, algebra)).seats).toBe(seats);
  });

  test('refuses what the school does not have, and nothing of the edit is done', async () => {
    const scenario = await plan();
    const code = async (more: object) =>
      (
        await refusal(
          counselor,
          'changeScenarioSection',
          { scenarioId: scenario, sectionId: algebra, revision: 0, seats: 5, ...more },
          'seats',
        )
      )?.['code'];
    expect(await code({ meetings: [{ periodId: id('period', 11) }] })).toBe('PERIOD_UNKNOWN');
    expect(await code({ meetings: [{ periodId: period(1), day: 'Q' }] })).toBe('PERIOD_UNKNOWN');
    expect(await code({ roomId: id('room', 77) })).toBe('ROOM_UNKNOWN');
    expect(await code({ seats: 0 })).toBe('SEATS_INVALID');
    expect(
      (
        await refusal(counselor, 'setScenarioSeats', {
          scenarioId: scenario,
          studentId: pupil(1),
          sectionIds: [id('section', 9)],
          seenSectionIds: [algebra, fall],
        })
      )?.['code'],
    ).toBe('NOT_FOUND');
    expect(
      (
        await refusal(
          counselor,
          'addScenarioSection',
          { scenarioId: scenario, courseId: id('course', 9), number: 'X', sessionIds: [id('session', 2)] },
          'number',
        )
      )?.['code'],
    ).toBe('COURSE_UNKNOWN');
    expect(
      (
        await refusal(
          counselor,
          'addScenarioSection',
          { scenarioId: scenario, courseId: id('course', 1), number: 'X', sessionIds: [id('session', 9)] },
          'number',
        )
      )?.['code'],
    ).toBe('SESSION_UNKNOWN');
    expect((await refusal(counselor, 'addScenario', { schoolId: north, schoolYear: 2027, name: ' ' }))?.['code']).toBe('NAME_MISSING');
    expect(await shown(scenario)).toMatchObject({ revision: 0, changes: { nodes: [] } });
    expect((await sectionOf(scenario, algebra)).seats).toBe(30);
  });
});

describe('a change of a scenario', () => {
  test('can be taken back, and the taking back too; sections that were taken out come back with who sat in them', async () => {
    const scenario = await plan();
    await change(scenario, algebra, 0, { seats: 11, teacherId: null, locks: ['PLACEMENT'] });
    const edit = await lastChange(scenario);
    await does(counselor, 'removeScenarioSection', { scenarioId: scenario, sectionId: fall, revision: 0 });
    expect(await sectionOf(scenario, fall)).toBeUndefined();
    expect(await seatsOf(scenario, pupil(1))).toEqual([algebra]);
    await undo(scenario, (await lastChange(scenario)).id);
    expect(await sectionOf(scenario, fall)).toMatchObject({ seatsTaken: 1, meetings: [{ period: { name: '2' } }] });
    expect(await seatsOf(scenario, pupil(1))).toEqual([algebra, fall].sort());

    await undo(scenario, edit.id);
    expect(await sectionOf(scenario, algebra)).toMatchObject({ seats: 30, teacher: { id: teacher.subject }, locks: [] });
    await undo(scenario, (await lastChange(scenario)).id);
    expect(await sectionOf(scenario, algebra)).toMatchObject({ seats: 11, teacher: null, locks: ['PLACEMENT'] });
    expect((await shown(scenario)).changes.nodes.map(({ revision }: { revision: number }) => revision)).toEqual([5, 4, 3, 2, 1]);
    expect((await refusal(counselor, 'undoScenarioChange', { scenarioId: scenario, changeId: edit.id }))?.['code']).toBe('UNDONE_ALREADY');
  });

  test('is not taken back over a later change of the same section, which is named', async () => {
    const scenario = await plan();
    await change(scenario, algebra, 0, { seats: 11 });
    const first = await lastChange(scenario);
    await change(scenario, algebra, 1, { seats: 12 });
    expect(await refusal(counselor, 'undoScenarioChange', { scenarioId: scenario, changeId: first.id })).toMatchObject({
      code: 'CHANGED_MEANWHILE',
      later: [{ revision: 2, what: 'Section A1: seats changed' }],
    });
    expect((await sectionOf(scenario, algebra)).seats).toBe(12);
  });

  test('that added a section is not taken back while somebody sits in it', async () => {
    const scenario = await plan();
    const added = await does(
      counselor,
      'addScenarioSection',
      {
        scenarioId: scenario,
        courseId: id('course', 1),
        number: 'N1',
        sessionIds: [id('session', 3)],
        seats: 20,
        meetings: [{ periodId: period(2) }],
      },
      'sectionId isLive meetings { session { title } }',
    );
    expect(added).toMatchObject({ isLive: false, meetings: [{ session: { title: 'Spring' } }] });
    const adding = await lastChange(scenario);
    const seen = [algebra];
    await does(counselor, 'setScenarioSeats', {
      scenarioId: scenario,
      studentId: pupil(2),
      sectionIds: [algebra, added.sectionId],
      seenSectionIds: seen,
    });
    expect((await refusal(counselor, 'undoScenarioChange', { scenarioId: scenario, changeId: adding.id }))?.['code']).toBe(
      'CHANGED_MEANWHILE',
    );
    expect(
      await refusal(counselor, 'setScenarioSeats', {
        scenarioId: scenario,
        studentId: pupil(2),
        sectionIds: [algebra],
        seenSectionIds: seen,
      }),
    ).toMatchObject({ code: 'CHANGED_MEANWHILE', sectionIds: [algebra, added.sectionId].sort() });
    await undo(scenario, (await lastChange(scenario)).id);
    await undo(scenario, adding.id);
    expect(await seatsOf(scenario, pupil(2))).toEqual([algebra]);
    expect((await shown(scenario)).sections.nodes).toHaveLength(2);
  });

  test('is never rewritten, not even by the service itself', async () => {
    const scenario = await plan();
    await change(scenario, algebra, 0, { seats: 11 });
    await expect(service.sql(`update scenario_change set what = 'nothing' where scenario_id = $1`, [scenario])).rejects.toThrow(
      'append-only',
    );
    await expect(service.sql(`delete from scenario_change where scenario_id = $1`, [scenario])).rejects.toThrow('append-only');
  });
});

test('faults are told in words: two classes at once, a teacher twice, seats beyond the limit', async () => {
  const scenario = await plan();
  expect((await shown(scenario)).faults).toEqual([]);
  await change(scenario, fall, 0, { meetings: [{ periodId: period(1) }], teacherId: teacher.subject, seats: 1 });
  await change(scenario, algebra, 0, { seats: 1 });
  const codes = (await shown(scenario)).faults.map(({ code }: { code: string }) => code);
  expect(codes).toEqual(expect.arrayContaining(['TEACHER_DOUBLE_BOOKED', 'STUDENT_DOUBLE_BOOKED', 'SEATS_EXCEEDED']));
});

test('scenarios side by side tell how far requests are met, who teaches how much, and which students differ', async () => {
  const sheet = id('sheet', 1);
  await service.sql(
    `insert into request_sheet (id, school_id, student_id, school_year, grade_level, programs) values ($1, $2, $3, 2027, '09', '{EL}')`,
    [sheet, north, pupil(2)],
  );
  await service.sql(
    `insert into course_request (sheet_id, school_id, student_id, school_year, course_id, priority, place, source) values ($1, $2, $3, 2027, $4, 1, 1, 'ENTERED')`,
    [sheet, north, pupil(2), id('course', 1)],
  );
  const [one, two] = [await plan(), await plan()];
  await does(counselor, 'setScenarioSeats', { scenarioId: two, studentId: pupil(2), sectionIds: [], seenSectionIds: [algebra] });
  const { compareScenarios } = await service.data(
    counselor,
    `query ($ids: [ID!]!) { compareScenarios(ids: $ids) { differingStudents { id }
       scenarios { scenario { id } students requests primaryPercent metPercent corePercent completePercent holes teachers { teacher { id } sections students } } } }`,
    { ids: [one, two] },
  );
  expect(compareScenarios).toEqual({
    differingStudents: [{ id: pupil(2) }],
    scenarios: [
      {
        scenario: { id: one },
        students: 1,
        requests: 1,
        primaryPercent: 100,
        metPercent: 100,
        corePercent: 100,
        completePercent: 100,
        holes: 4,
        teachers: [{ teacher: { id: teacher.subject }, sections: 1, students: 2 }],
      },
      {
        scenario: { id: two },
        students: 1,
        requests: 1,
        primaryPercent: 0,
        metPercent: 0,
        corePercent: 0,
        completePercent: 0,
        holes: 6,
        teachers: [{ teacher: { id: teacher.subject }, sections: 1, students: 1 }],
      },
    ],
  });
  const { scenario } = await service.data(counselor, `{ scenario(id: "${one}") { satisfaction { group students primaryPercent } } }`);
  expect(scenario.satisfaction).toEqual(['ALL', 'GRADE 09', 'PROGRAM EL'].map((group) => ({ group, students: 1, primaryPercent: 100 })));
  const unmet = async (id: string) =>
    (await service.data(counselor, `{ scenario(id: "${id}") { unmet { student { id } course { title } priority code reason repair } } }`))[
      'scenario'
    ].unmet;
  expect(await unmet(one)).toEqual([]);
  expect(await unmet(two)).toEqual([
    {
      ...{ student: { id: pupil(2) }, course: { title: 'Algebra 1' }, priority: 1, code: 'COULD_BE_SEATED' },
      ...{ reason: expect.any(String), repair: expect.any(String) },
    },
  ]);
  expect(await service.code(administrator, `{ compareScenarios(ids: ["${one}"]) { differingStudents { id } } }`)).toBe('BAD_USER_INPUT');
});

test('what is asked for stands beside what is offered: singletons, doubletons, and courses that the same students ask for', async () => {
  const [ceramics, band] = ['Ceramics', 'Band'].map((title, n) => ({ title, courseId: id('course', 20 + n) }));
  for (const { title, courseId } of [ceramics!, band!])
    await service.sql('insert into course (id, title) values ($1, $2)', [courseId, title]);
  const scenario = await plan();
  for (const courseId of [ceramics!.courseId, band!.courseId])
    await does(
      counselor,
      'addScenarioSection',
      { scenarioId: scenario, courseId, number: 'R', sessionIds: [id('session', 2)], seats: 9 },
      'number',
    );
  await service.sql(`insert into request_sheet (id, school_id, student_id, school_year) select v, $2, v, 2027 from unnest($1::uuid[]) v`, [
    [pupil(31), pupil(32)],
    north,
  ]);
  await service.sql(
    `insert into course_request (sheet_id, school_id, student_id, school_year, course_id, priority, place, source)
       select s, $2, s, 2027, c, 2, 1, 'ENTERED' from unnest($1::uuid[]) s, unnest($3::uuid[]) c`,
    [[pupil(31), pupil(32)], north, [ceramics!.courseId, band!.courseId]],
  );
  const asked = `{ scenario(id: "${scenario}") { conflictMatrix { demands { course { title } requests sections seats }
    pairs { course { title } other { title } students } singletons { course { title } requests conflicts { other { title } students } } doubletons { course { title } } } } }`;
  const { conflictMatrix } = (await service.data(counselor, asked))['scenario'];
  const [one, two] = [{ title: 'Ceramics' }, { title: 'Band' }];
  expect(conflictMatrix.demands).toContainEqual({ course: one, requests: 2, sections: 1, seats: 9 });
  expect(conflictMatrix.pairs).toEqual([{ course: one, other: two, students: 2 }]);
  expect(conflictMatrix.singletons).toEqual([
    { course: one, requests: 2, conflicts: [{ other: two, students: 2 }] },
    { course: two, requests: 2, conflicts: [{ other: one, students: 2 }] },
  ]);
  expect(conflictMatrix.doubletons).toEqual([{ course: { title: 'Algebra 1' } }]);
});

test('a large school is judged in a thread of its own, with the same answer', async () => {
  const scenario = await plan();
  await change(scenario, fall, 0, { seats: 1 });
  const faults = async () =>
    (await service.data(counselor, `{ scenario(id: "${scenario}") { faults { code studentIds } } }`))['scenario'].faults;
  expect(await faults()).toEqual([]);
  await service.sql(
    `insert into scenario_seat (scenario_id, student_id, section_id, school_id) select $1, uuidv7(), $2, $3 from generate_series(1, 700)`,
    [scenario, fall, north],
  );
  expect(await faults()).toMatchObject([{ code: 'SEATS_EXCEEDED' }]);
});
