import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { violations } from '@rollbook/timetable';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { clerk, colleague, counselor, id, north, openSchools, openSection, principal, southPrincipal, teacher } from '../testing.ts';
import type { ScenarioRow } from './entities.ts';
import { schoolOf } from './schoolOf.ts';

let service: TestSubgraph;
let scenario: string;
const fall = id('session', 2);
const spring = id('session', 3);
const pupil = (n: number) => id('student', n);
const [lecture, lab, pottery, english, spanish3, spanish4, health] = [11, 12, 13, 14, 15, 16, 17].map((n) => id('course', n)) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

/** A school of six periods on days A and B, two laboratories, a studio and rooms for anything. */
beforeEach(async () => {
  // The day before school begins.
  service = await openSchools({ now: () => new Date('2026-08-16T19:00:00Z') });
  await service.sql(
    `insert into course (id, number, title) select v.id::uuid, v.title, v.title from jsonb_to_recordset($1) as v (id text, title text)`,
    [
      JSON.stringify(
        Object.entries({ lecture, lab, pottery, english, spanish3, spanish4, health }).map(([title, course]) => ({ id: course, title })),
      ),
    ],
  );
  await service.sql(
    `insert into period (id, school_id, name, sort_order)
       select v.id::uuid, $2, v.name, v.place from jsonb_to_recordset($1) as v (id text, name text, place int)`,
    [JSON.stringify([4, 5, 6].map((n) => ({ id: id('period', n), name: `${n}`, place: n }))), north],
  );
  await service.sql(
    `with c as (insert into calendar (id, school_id, school_year, title, begins, ends) values ($1, $2, 2027, 'Year', '2026-08-17', '2027-06-12') returning id)
     insert into calendar_date (calendar_id, school_id, track, date, kind, day_label)
       select c.id, $2, '', d.date::date, 'INSTRUCTIONAL', d.label from c, (values ('2026-08-17', 'A'), ('2026-08-18', 'B')) as d (date, label)`,
    [id('calendar', 1), north],
  );
  for (const [name, capacity, groups] of [
    ['Lab 1', 30, ['science']],
    ['Studio', 30, ['art']],
    ['101', 60, []],
    ['102', 60, []],
  ] as const)
    await does('addRoom', { schoolId: north, name, capacity, groups });
  for (const staffId of [teacher.subject, colleague.subject])
    await does('setTeachingCapacity', {
      ...{ schoolId: north, staffId, schoolYear: 2027, maxSections: 5 },
      courseIds: [lecture, lab, pottery, english, spanish3, spanish4, health],
    });
  scenario = await plan('Plan A');
});
afterEach(() => service.close());

const verb = (name: string, answer = 'id') =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${answer} } }`;
const does = async (name: string, input: object, answer?: string, viewer = counselor) =>
  (await service.data(viewer, verb(name, answer), { input }))[name];
const code = (name: string, input: object, viewer = counselor) => service.code(viewer, verb(name, 'revision'), { input });
const plan = (name: string): Promise<string> => does('addScenario', { schoolId: north, schoolYear: 2027, name }).then((made) => made.id);
const asked =
  'sectionId revision number reservations { program seats } link team track combinedWith roomGroups periodsInARow dayChoices sessionChoices { title }';
const add = (courseId: string, number: string, more: object = {}) =>
  does('addScenarioSection', { scenarioId: scenario, courseId, number, sessionIds: [fall, spring], seats: 4, ...more }, asked);
const refusedAdd = (courseId: string, number: string, more: object) =>
  code('addScenarioSection', { scenarioId: scenario, courseId, number, sessionIds: [fall, spring], seats: 4, ...more }).catch(
    (error: Error) => error.message,
  );
const change = (sectionId: string, revision: number, more: object) =>
  does('changeScenarioSection', { scenarioId: scenario, sectionId, revision, ...more }, asked);
const sections = async (scenarioId: string) =>
  (
    await service.data(
      counselor,
      `{ scenario(id: "${scenarioId}") { revision faults { sentence } sections { nodes { ${asked} sessions { title } meetings { session { title } day period { name } } room { name } teacher { id } roster { student { id } } } } } }`,
    )
  ).scenario;
/** A scenario as those see it who judge. */
async function schoolNow(scenarioId: string) {
  const [row] = await service.sql(`select id, school_id as "schoolId", school_year as "schoolYear", revision from scenario where id = $1`, [
    scenarioId,
  ]);
  const query = <Row>(sql: string, params?: readonly unknown[]) => service.sql(sql, params as unknown[]) as Promise<Row[]>;
  return schoolOf(query, row as unknown as ScenarioRow);
}
async function judged(scenarioId: string) {
  const { school, placed, seats } = await schoolNow(scenarioId);
  return violations(school, { sections: placed, seats });
}
async function build(): Promise<void> {
  const { id: run } = await does('startRun', { scenarioId: scenario, kind: 'BUILD', seconds: 2, seed: 7 });
  for (;;) {
    const { scheduleRun } = await service.data(counselor, `{ scheduleRun(id: "${run}") { endedAt applied failure unmet } }`);
    if (scheduleRun.endedAt) return expect(scheduleRun).toMatchObject({ applied: true, failure: null, unmet: 0 });
    await new Promise((done) => setTimeout(done, 50));
  }
}
async function ask(n: number, courseIds: readonly string[], programs: readonly string[] = []): Promise<void> {
  await does('openRequestSheets', { schoolId: north, schoolYear: 2027, sheets: [{ studentId: pupil(n), programs }] });
  const requests = courseIds.map((courseId) => ({ courseId, priority: 1 }));
  await does('saveRequests', { schoolId: north, studentId: pupil(n), schoolYear: 2027, baseRevision: 0, requests });
}

/** What a section of every kind asks for. */
async function everyKind(): Promise<void> {
  await add(lecture, 'L', { link: 'Biology 1' });
  await add(lab, 'B', { link: 'Biology 1', roomGroups: ['science'] });
  await add(pottery, 'P', { periodsInARow: 2, dayChoices: [['A'], ['B']], roomGroups: ['art'] });
  await add(english, 'E', { reservations: [{ program: 'SPECIAL_EDUCATION', seats: 2 }], coTeacherIds: [colleague.subject], teacherId: teacher.subject, locks: ['TEACHER'] }); // prettier-ignore
  await add(spanish3, 'S3', { combinedWith: 'Spanish' });
  await add(spanish4, 'S4', { combinedWith: 'Spanish' });
  await add(health, 'H', { sessionChoiceIds: [fall, spring] });
}

test('what a counselor asks of sections is built, committed and lived by: kept seats, a link, a double period, a room, two as one, a semester', async () => {
  await everyKind();
  await ask(1, [lecture, pottery, english, spanish3]);
  await ask(2, [lecture, pottery, english, spanish4]);
  await ask(3, [english, spanish4, health], ['SPECIAL_EDUCATION']);
  await ask(4, [english, spanish3, health], ['SPECIAL_EDUCATION']);
  await build();
  expect(await judged(scenario)).toEqual([]);
  const { revision } = await sections(scenario);
  await does('commitScenario', { scenarioId: scenario, baseRevision: revision, reason: 'Master schedule' }, 'status', principal);

  const live = await plan('As it is live');
  expect(await judged(live)).toEqual([]);
  // Nobody asked for the lab: it came with the lecture, and may go with it.
  expect((await schoolNow(live)).school.students.flatMap(({ locked }) => locked)).toEqual([]);
  const { nodes } = (await sections(live)).sections;
  const by = Object.fromEntries(nodes.map((node: { number: string }) => [node.number, node]));
  const times = (number: string) => by[number].meetings.map(({ session, day, period }: { session: { title: string }; day: string; period: { name: string } }) => [session.title, day, Number(period.name)]); // prettier-ignore
  const roster = (number: string) => by[number].roster.map(({ student }: { student: { id: string } }) => student.id);
  expect(roster('B')).toEqual([pupil(1), pupil(2)]);
  expect(roster('L')).toEqual(roster('B'));
  expect(by.B.room.name).toBe('Lab 1');
  expect(by.P.room.name).toBe('Studio');
  expect(new Set(times('P').map(([, day]: [string, string]) => day)).size).toBe(1);
  expect(times('P')[1][2] - times('P')[0][2]).toBe(1);
  expect(times('S3')).toEqual(times('S4'));
  expect(by.S3).toMatchObject({ room: by.S4.room, teacher: by.S4.teacher, combinedWith: 'Spanish' });
  expect(by.H.sessions).toEqual([{ title: times('H')[0][0] }]);
  expect(new Set(times('H').map(([session]: [string]) => session)).size).toBe(1);
  expect(roster('E')).toEqual([pupil(1), pupil(2), pupil(3), pupil(4)]);
  expect(by.E.reservations).toEqual([{ program: 'SPECIAL_EDUCATION', seats: 2 }]);
  const [fact] = await service.sql(
    `select (select count(*)::int from meeting_pattern m join section s on s.id = m.section_id where s.number = 'H' and (m.begins < s.begins or m.ends > s.ends)) as outside,
       (select count(*)::int from section_enrollment e join section s on s.id = e.section_id where s.number = 'H' and e.begins = s.begins and e.ends is null) as seated`,
  );
  expect(fact).toEqual({ outside: 0, seated: 2 });
});

test('a seat beyond those that are left to everybody is a fault, and the scenario is not committed', async () => {
  const { sectionId } = await add(english, 'E', { reservations: [{ program: 'SPECIAL_EDUCATION', seats: 3 }], teacherId: teacher.subject, meetings: [{ periodId: id('period', 1) }] }); // prettier-ignore
  for (const n of [1, 2]) {
    await ask(n, [english]);
    await does('setScenarioSeats', { scenarioId: scenario, studentId: pupil(n), seenSectionIds: [], sectionIds: [sectionId] });
  }
  const { revision, faults } = await sections(scenario);
  expect(faults.map(({ sentence }: { sentence: string }) => sentence).join()).toContain('SPECIAL_EDUCATION');
  expect(
    await service.code(principal, verb('commitScenario'), { input: { scenarioId: scenario, baseRevision: revision, reason: 'x' } }),
  ).toBe('SCHEDULE_FAULTY');
});

const plain = ({ nodes }: { nodes: { sectionId: string; revision: number }[] }) =>
  nodes.map(({ sectionId: _, revision: __, ...rest }) => rest);
test('what is asked stays through a copy, through a change that is taken back, and through a commit', async () => {
  await everyKind();
  const before = await sections(scenario);
  const copy = await does('copyScenario', { scenarioId: scenario, name: 'Plan B' });
  expect(plain((await sections(copy.id)).sections)).toEqual(plain(before.sections));

  const { sectionId, revision } = before.sections.nodes.find(({ number }: { number: string }) => number === 'P');
  const changed = await change(sectionId, revision, { roomGroups: [], periodsInARow: 1, link: ' L ', team: 'Blue', reservations: [{ program: 'AVID', seats: 1 }] }); // prettier-ignore
  expect(changed).toMatchObject({ roomGroups: [], periodsInARow: 1, link: 'L', team: 'Blue', reservations: [{ program: 'AVID', seats: 1 }] }); // prettier-ignore
  const { scenario: told } = await service.data(counselor, `{ scenario(id: "${scenario}") { changes { nodes { id what } } } }`);
  expect(told.changes.nodes[0].what).toBe('Section P: kept seats, link, team, room groups, periods in a row changed');
  await does('undoScenarioChange', { scenarioId: scenario, changeId: told.changes.nodes[0].id });
  expect(plain((await sections(scenario)).sections)).toEqual(plain(before.sections));

  const now = await sections(scenario);
  await does('commitScenario', { scenarioId: scenario, baseRevision: now.revision, reason: 'Master' }, 'status', principal);
  expect(plain((await sections(await plan('Next'))).sections)).toEqual(plain(before.sections));
});

test('a section that meets otherwise than is asked of it is a fault until a run moves it, or somebody locks it there', async () => {
  const { sectionId } = await add(pottery, 'P', { meetings: [{ periodId: id('period', 1) }], teacherId: teacher.subject });
  const faults = async () => (await service.data(counselor, `{ scenario(id: "${scenario}") { faults { code } } }`)).scenario.faults;
  expect(await faults()).toEqual([]);
  await change(sectionId, 1, { periodsInARow: 2 });
  expect(await faults()).toEqual([{ code: 'PLACEMENT_NOT_POSSIBLE' }]);
  await change(sectionId, 2, { locks: ['PLACEMENT'] });
  expect(await faults()).toEqual([]);
});

test('a live section goes to the semester in which it meets, and back, with its students and its teacher', async () => {
  const sectionId = await openSection(service, { number: 'A1', courseId: health });
  await does('addToRoster', { sectionId, studentId: pupil(1) }, 'begins', clerk);
  await does('assignTeacher', { sectionId, staffId: teacher.subject, role: 'TEACHER_OF_RECORD', begins: '2026-08-17' }, 'id', principal);
  const live = async () =>
    (
      await service.sql(
        `select s.session_ids as sessions, s.begins, s.ends, e.begins as seat, t.begins as teacher, m.begins as meets, m.ends as until
           from section s join section_enrollment e on e.section_id = s.id and e.ends is null
           join teacher_assignment t on t.section_id = s.id and t.ends is null
           join meeting_pattern m on m.section_id = s.id and m.ends > m.begins where s.id = $1`,
        [sectionId],
      )
    ).map((row) => ({ ...row }));
  const of = (session: string, begins: string, ends: string) => [
    { sessions: [session], begins, ends, seat: begins, teacher: begins, meets: begins, until: ends },
  ];
  for (const [session, begins, ends] of [
    [spring, '2027-01-16', '2027-06-12'],
    [fall, '2026-08-17', '2027-01-16'],
  ] as const) {
    scenario = await plan(`Ending ${ends}`);
    await change(sectionId, 0, { sessionChoiceIds: [fall, spring], meetings: [{ periodId: id('period', 1), sessionId: session }] });
    await does('commitScenario', { scenarioId: scenario, baseRevision: 1, reason: 'Master' }, 'status', principal);
    expect(await live()).toEqual(of(session, begins, ends));
  }
});

test('a live section of which something else is asked since is a changed one; one of which nothing is asked is as it was', async () => {
  const section = await openSection(service, { number: 'A1' });
  const known = await service.sql('select fingerprint from live_sections($1, 2027)', [north]);
  const other = await plan('Other');
  await service.sql(`insert into section_need (section_id, school_id) values ($1, $2)`, [section, north]);
  expect(await service.sql('select fingerprint from live_sections($1, 2027)', [north])).toEqual(known);
  await service.sql(`update section_need set link = 'X' where section_id = $1`, [section]);
  expect(await service.code(principal, verb('commitScenario'), { input: { scenarioId: other, baseRevision: 0, reason: 'Master' } })).toBe(
    'MASTER_CHANGED',
  );
  await does('takeLiveAgain', { scenarioId: other, baseRevision: 0 });
  expect((await sections(other)).sections.nodes[0].link).toBe('X');
});

test('a change that was kept before sections asked for anything can still be taken back', async () => {
  const { sectionId } = await add(english, 'E');
  await change(sectionId, 1, { seats: 3 });
  // As the release before kept it.
  const old = (side: string) =>
    `jsonb_set(${side}, '{sections,0}', ${side} -> 'sections' -> 0 #- '{room_groups}' #- '{session_choices}' #- '{pattern_given}')`;
  const [last] = await service.sql(
    `insert into scenario_change (scenario_id, school_id, revision, kind, what, section_ids, student_ids, before, after, made_by)
       select scenario_id, school_id, 100, kind, what, section_ids, student_ids, ${old('before')}, ${old('after')}, made_by
       from scenario_change where scenario_id = $1 and revision = 2 returning id`,
    [scenario],
  );
  await does('undoScenarioChange', { scenarioId: scenario, changeId: last!['id'] });
  const { sections: found } = await service
    .data(counselor, `{ scenario(id: "${scenario}") { sections { nodes { seats roomGroups } } } }`)
    .then((data) => data.scenario);
  expect(found.nodes).toEqual([{ seats: 4, roomGroups: [] }]);
});

describe('what cannot be is refused by name, and nothing of it is kept:', () => {
  const program = 'SPECIAL_EDUCATION';
  test.each([
    ['more kept seats than there are', { reservations: [{ program, seats: 5 }] }, 'RESERVED_MORE_THAN_SEATS'],
    ['a program twice', { reservations: [{ program, seats: 1 }, { program, seats: 1 }] }, 'RESERVATION_INVALID'], // prettier-ignore
    ['no seats for a program', { reservations: [{ program, seats: 0 }] }, 'RESERVATION_INVALID'],
    ['a room of a group that there is none of', { roomGroups: ['science', 'kitchen'] }, 'ROOM_GROUP_UNKNOWN'],
    ['a track without a calendar', { track: 'C' }, 'TRACK_UNKNOWN'],
    ['a day that there is not', { dayChoices: [['A', 'Z']] }, 'DAY_UNKNOWN'],
    ['five periods in a row', { periodsInARow: 5 }, 'PERIODS_INVALID'],
    ['a session of no such year', { sessionChoiceIds: [id('session', 9)] }, 'SESSION_UNKNOWN'],
    ['one of two semesters, and meetings in both', { sessionChoiceIds: [fall, spring], meetings: [{ periodId: id('period', 1) }] }, 'SESSION_UNKNOWN'], // prettier-ignore
  ])('%s', async (_, input, refusal) => {
    expect(await refusedAdd(english, 'E', input)).toBe(refusal);
    expect((await sections(scenario)).sections.nodes).toEqual([]);
  });

  test('seats below those that are kept', async () => {
    const { sectionId } = await add(english, 'E', { reservations: [{ program, seats: 3 }] });
    expect(await code('changeScenarioSection', { scenarioId: scenario, sectionId, revision: 1, seats: 2 })).toBe(
      'RESERVED_MORE_THAN_SEATS',
    );
  });

  test('a link of two sections of one course', async () => {
    await add(lecture, 'L1', { link: 'X' });
    expect(await refusedAdd(lecture, 'L2', { link: 'X' })).toBe('LINK_OF_ONE_COURSE');
    await add(lab, 'B1', { link: 'X' });
  });

  test('combined sections that are locked to different times, or have none in common', async () => {
    const at = (n: number) => ({ combinedWith: 'S', locks: ['PLACEMENT'], meetings: [{ periodId: id('period', n) }] });
    await add(spanish3, 'S3', at(1));
    expect(await refusedAdd(spanish4, 'S4', at(2))).toBe('COMBINED_APART');
    expect(await refusedAdd(spanish4, 'S4', { combinedWith: 'S', periodsInARow: 2 })).toBe('NO_PLACEMENT');
    const { sectionId } = await add(spanish4, 'S4', at(1));
    expect(
      await code('changeScenarioSection', { scenarioId: scenario, sectionId, revision: 2, meetings: [{ periodId: id('period', 3) }] }),
    ).toBe('COMBINED_APART');
  });

  test('a double period where no two periods follow one another', async () => {
    await service.sql('delete from period where school_id = $1 and name <> $2', [north, '1']);
    const { errors } = await service.ask(counselor, verb('addScenarioSection', 'revision'), {
      input: { scenarioId: scenario, courseId: pottery, number: 'P', sessionIds: [fall], periodsInARow: 2 },
    });
    expect(errors![0]).toMatchObject({
      message: 'Section P could meet nowhere: it takes 2 periods that follow one another, and the school has 1.',
      extensions: { code: 'NO_PLACEMENT' },
    });
  });
});

test('the office says what a room is fit for; nobody else does', async () => {
  const [room] = (await service.data(counselor, `{ rooms(schoolId: "${north}") { id name groups } }`)).rooms;
  expect(room).toMatchObject({ name: '101', groups: [] });
  const input = { roomId: room.id, groups: [' gym', 'art', 'gym'], capacity: null };
  expect(await does('changeRoom', input, 'name capacity shared groups', clerk)).toEqual({ name: '101', capacity: null, shared: false, groups: ['art', 'gym'] }); // prettier-ignore
  expect(await does('changeRoom', { roomId: room.id, name: '103' }, 'name groups', clerk)).toEqual({ name: '103', groups: ['art', 'gym'] });
  const refused = (input: object, viewer = clerk) => service.code(viewer, verb('changeRoom'), { input: { roomId: room.id, ...input } });
  expect(await refused({ groups: ['a;b'] })).toBe('GROUP_INVALID');
  expect(await refused({ name: '102' })).toBe('ROOM_EXISTS');
  expect(await refused({ groups: [] }, southPrincipal)).toBe('NOT_FOUND');
});
