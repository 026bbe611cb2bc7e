import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import {
  administrator,
  clerk,
  counselor,
  id,
  monday,
  north,
  openSchools,
  openSection,
  principal,
  south,
  southPrincipal,
  studentAs,
  teacher,
} from '../testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openSchools();
});
afterAll(() => service.close());

const student = (n: number) => id('student', n);
const period = (n: number) => id('period', n);

const setMeetings = 'mutation ($input: SetMeetingsInput!) { setMeetings(input: $input) { id } }';
const meet = (sectionId: string, meetings: object[], begins = '2026-08-17') => ({ input: { sectionId, begins, meetings } });
/** A section of the northern school that meets in a period, on all days or on some. */
async function classIn(n: number, { days, ...more }: Record<string, unknown> = {}): Promise<string> {
  const section = await openSection(service, more);
  const [{ begins }] = (await service.sql<{ begins: string }>('select begins from section where id = $1', [section])) as [
    { begins: string },
  ];
  await service.data(administrator, setMeetings, meet(section, [{ periodId: period(n), ...(days ? { days } : {}) }], begins));
  return section;
}

const change = `mutation ($input: ChangeScheduleInput!) {
  changeSchedule(input: $input) { added { sectionId begins ends } dropped { sectionId ends } } }`;
const changing = (n: number, input: object, viewer: Viewer = clerk) =>
  service.ask(viewer, change, { input: { studentId: student(n), reason: 'Placed', ...input } });
const overridden = change.replace('dropped', 'concerns { code sentence } dropped');
const changed = async (n: number, input: { override?: boolean; [more: string]: unknown }, viewer: Viewer = clerk) =>
  (await service.data(viewer, input.override ? overridden : change, { input: { studentId: student(n), reason: 'Placed', ...input } }))
    .changeSchedule;
const refused = async (n: number, input: object, viewer: Viewer = clerk) =>
  (await changing(n, input, viewer)).errors?.[0]?.extensions['code'];
const classesOf = async (n: number): Promise<string[]> =>
  (
    await service.sql<{ id: string }>(
      'select section_id as id from section_enrollment where student_id = $1 and (ends is null or ends > begins and ends > $2) order by 1',
      [student(n), monday],
    )
  ).map((row) => row.id);
const seats = async (sectionId: string) =>
  (
    await service.sql(
      'select seats_taken as taken, (select count(*)::int from section_enrollment e where e.section_id = s.id and ends is null) as rows from section s where id = $1',
      [sectionId],
    )
  )[0];

describe('a change of classes', () => {
  test('drops and adds in one act, keeps the days and the reason, and tells both sections', async () => {
    const [old, next] = [await classIn(1), await classIn(1)];
    await changed(1, { addSectionIds: [old], on: '2026-08-17' });
    const before = (await service.told()).length;
    expect(await changed(1, { dropSectionIds: [old], addSectionIds: [next], on: '2026-10-12', reason: 'Level too low' })).toEqual({
      added: [{ sectionId: next, begins: '2026-10-12', ends: null }],
      dropped: [{ sectionId: old, ends: '2026-10-12' }],
    });
    expect((await service.told()).slice(before).map(({ aggregate }) => aggregate)).toEqual([old, next].sort());
    expect(await service.sql('select distinct reason from section_enrollment where student_id = $1', [student(1)])).toEqual([
      { reason: 'Level too low' },
    ]);
  });

  test('is all of it or nothing: a full section leaves the student where they were', async () => {
    const [old, full] = [await classIn(1), await classIn(1, { seatLimit: 1 })];
    await changed(2, { addSectionIds: [old] });
    await changed(3, { addSectionIds: [full] });
    expect(await refused(2, { dropSectionIds: [old], addSectionIds: [full] })).toBe('SECTION_FULL');
    expect(await classesOf(2)).toEqual([old]);
  });

  test('beyond the limit needs a principal or counselor and a reason', async () => {
    const full = await classIn(1, { seatLimit: 1 });
    await changed(10, { addSectionIds: [full] });
    for (const viewer of [clerk, administrator])
      expect(await refused(11, { addSectionIds: [full], override: true }, viewer)).toBe('FORBIDDEN');
    expect(await refused(11, { addSectionIds: [full], override: true, reason: ' ' }, counselor)).toBe('REASON_REQUIRED');
    await changed(11, { addSectionIds: [full], override: true, reason: 'Twins' }, counselor);
    expect(await service.sql('select recorded_by, reason from section_enrollment where student_id = $1', [student(11)])).toEqual([
      { recorded_by: counselor.subject, reason: 'Twins' },
    ]);
  });

  test('is for the office of the school, and for sections of one school', async () => {
    const section = await classIn(1);
    for (const viewer of [teacher, studentAs(student(4))]) expect(await refused(4, { addSectionIds: [section] }, viewer)).toBe('FORBIDDEN');
    expect(await refused(4, { addSectionIds: [section] }, southPrincipal)).toBe('NOT_FOUND');
    expect(await refused(4, {})).toBe('BAD_USER_INPUT');
    expect(await refused(4, { dropSectionIds: [section] })).toBe('NOT_ON_ROSTER');
    expect(await refused(4, { addSectionIds: [section], on: '2026-08-01' })).toBeUndefined();
    expect(await service.sql('select begins from section_enrollment where student_id = $1', [student(4)])).toEqual([
      { begins: '2026-08-17' },
    ]);
  });
});

describe('two classes at the same time', () => {
  test('are refused in one change, by a later one, and by addToRoster; on other days of the rotation or other dates they are not', async () => {
    const [a, b] = [await classIn(2), await classIn(2)];
    expect(await refused(20, { addSectionIds: [a, b] })).toBe('TWO_CLASSES_AT_ONCE');
    expect(await classesOf(20)).toEqual([]);
    await changed(20, { addSectionIds: [a] });
    expect(await refused(20, { addSectionIds: [b] })).toBe('TWO_CLASSES_AT_ONCE');
    expect(await refused(20, { addSectionIds: [b], override: true }, principal)).toBe('TWO_CLASSES_AT_ONCE');
    const add = 'mutation ($input: AddToRosterInput!) { addToRoster(input: $input) { sectionId } }';
    expect(await service.code(clerk, add, { input: { sectionId: b, studentId: student(20) } })).toBe('TWO_CLASSES_AT_ONCE');

    const [onA, onB, onTuesday] = [
      await classIn(2, { days: ['A'] }),
      await classIn(2, { days: ['B'] }),
      await classIn(2, { days: ['TUESDAY'] }),
    ];
    await changed(21, { addSectionIds: [onA, onB] });
    expect(await refused(21, { addSectionIds: [onTuesday] })).toBe('TWO_CLASSES_AT_ONCE');
    const [fall, spring] = [await classIn(2, { sessionIds: [id('session', 2)] }), await classIn(2, { sessionIds: [id('session', 3)] })];
    await changed(22, { addSectionIds: [fall, spring] });
    expect(await classesOf(22)).toHaveLength(2);
  });

  test('of two adds at the same moment one is refused, fifty times over', async () => {
    const [a, b] = [await classIn(2), await classIn(2)];
    for (let n = 0; n < 50; n++) {
      const codes = await Promise.all([refused(300 + n, { addSectionIds: [a] }), refused(300 + n, { addSectionIds: [b] })]);
      expect(codes.toSorted()).toEqual(['TWO_CLASSES_AT_ONCE', undefined]);
    }
  });

  test('a class does not move onto another class of one of its students or of its teacher, and not while the student is being added', async () => {
    const [a, b] = [await classIn(2), await classIn(3)];
    await changed(23, { addSectionIds: [a, b] });
    const move = (sectionId: string, n: number) =>
      service.ask(administrator, setMeetings, meet(sectionId, [{ periodId: period(n) }], monday));
    expect((await move(b, 2)).errors![0]!.extensions['code']).toBe('TWO_CLASSES_AT_ONCE');
    for (let n = 0; n < 20; n++) {
      const [taken, moving] = [await classIn(1), await classIn(3)];
      await changed(400 + n, { addSectionIds: [taken] });
      const answers = await Promise.all([move(moving, 1), changing(400 + n, { addSectionIds: [moving] })]);
      expect(answers.filter(({ errors }) => errors)).toHaveLength(1);
    }
  });

  test('what another system booked twice is kept, and nothing of ours is added to it', async () => {
    const [a, b, c] = [await classIn(2), await classIn(2), await classIn(2)];
    await service.sql(
      `insert into section_enrollment (section_id, school_id, student_id, begins, source, sourced_id)
         select id, school_id, $2, begins, 'old', id::text from section where id = any($1)`,
      [[a, b], student(24)],
    );
    expect(await classesOf(24)).toHaveLength(2);
    expect(await refused(24, { addSectionIds: [c] })).toBe('TWO_CLASSES_AT_ONCE');
    expect((await service.ask(administrator, setMeetings, meet(a, [{ periodId: period(2) }], monday))).errors).toBeUndefined();
  });

  test('a teacher is in one room at a time; two lists in one room are one class; of two substitutions at once one is refused', async () => {
    const assign = 'mutation ($input: AssignTeacherInput!) { assignTeacher(input: $input) { id } }';
    const teach = (sectionId: string, n: number) =>
      service.ask(administrator, assign, { input: { sectionId, staffId: id('staff', n), role: 'CO_TEACHER', begins: '2026-08-17' } });
    const [a, b] = [await classIn(2), await classIn(2)];
    expect((await teach(a, 70)).errors).toBeUndefined();
    expect((await teach(b, 70)).errors![0]!.extensions['code']).toBe('TEACHER_TWICE_AT_ONCE');
    const addRoom = 'mutation ($input: AddRoomInput!) { addRoom(input: $input) { id } }';
    const roomId = (await service.data(administrator, addRoom, { input: { schoolId: north, name: 'Studio', shared: true } })).addRoom.id;
    const combined = [await openSection(service), await openSection(service)];
    for (const section of combined) await service.data(administrator, setMeetings, meet(section, [{ periodId: period(2), roomId }]));
    for (const section of combined) expect((await teach(section, 71)).errors).toBeUndefined();

    const stand = 'mutation ($input: AddSubstituteInput!) { addSubstitute(input: $input) { id } }';
    for (let n = 0; n < 10; n++) {
      const input = (sectionId: string) => ({ sectionId, staffId: id('staff', 100 + n), begins: monday, ends: '2026-10-06' });
      const answers = await Promise.all([a, b].map((section) => service.ask(clerk, stand, { input: input(section) })));
      expect(answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions['code']) ?? [])).toEqual(['TEACHER_TWICE_AT_ONCE']);
    }
  });

  test('a track that has no day of school in common with another is no conflict', async () => {
    const addCalendar = `insert into calendar (school_id, school_year, track, title, begins, ends) values ($1, 2027, $2, $2, '2026-08-17', '2027-06-12') returning id`;
    for (const [track, dates] of Object.entries({ A: ['2026-09-01', '2026-09-02'], B: ['2026-10-01', '2026-10-02'], C: ['2026-10-02'] })) {
      const [calendar] = await service.sql<{ id: string }>(addCalendar, [north, track]);
      await service.sql(
        `insert into calendar_date (calendar_id, school_id, track, date, kind) select $1, $2, $3, d, 'INSTRUCTIONAL' from unnest($4::date[]) d`,
        [calendar!.id, north, track, dates],
      );
    }
    const [a, b, c] = [await classIn(2, { track: 'A' }), await classIn(2, { track: 'B' }), await classIn(2, { track: 'C' })];
    await changed(25, { addSectionIds: [a, b], on: '2026-08-17' });
    expect(await refused(25, { addSectionIds: [c], on: '2026-08-17' })).toBe('TWO_CLASSES_AT_ONCE');
  });
});

describe('what speaks against a class', () => {
  test('a course that was passed, or whose prerequisite is missing, is refused by name unless it is overridden with a reason', async () => {
    await service.sql(
      `insert into course (id, number, title, prerequisites) values ($1, 'ALG2', 'Algebra 2', '[{"anyOf": ["ALG1", "GEO"], "note": null}]')`,
      [id('course', 2)],
    );
    const [algebra, next] = [await classIn(1), await classIn(1, { courseId: id('course', 2) })];
    const took = (n: number, passed: boolean | null) =>
      service.sql(
        `insert into course_history (school_id, student_id, course_number, school_year, passed) values ($1, $2, 'ALG1', 2026, $3)`,
        [north, student(n), passed],
      );
    await took(30, true);
    await took(31, false);
    expect(await refused(30, { addSectionIds: [algebra] }, counselor)).toBe('ALREADY_PASSED');
    expect(await refused(30, { addSectionIds: [algebra] }, clerk)).toBe('COUNSELOR_NEEDED');
    expect(await refused(31, { addSectionIds: [next] }, counselor)).toBe('PREREQUISITE_UNMET');
    expect(await refused(32, { addSectionIds: [next] }, counselor)).toBe('PREREQUISITE_UNMET');
    await changed(30, { addSectionIds: [next] });
    await changed(31, { addSectionIds: [algebra] });
    const add = 'mutation ($input: AddToRosterInput!) { addToRoster(input: $input) { sectionId } }';
    expect(await service.code(principal, add, { input: { sectionId: next, studentId: student(32) } })).toBe('PREREQUISITE_UNMET');
    const { concerns } = await changed(32, { addSectionIds: [next], override: true, reason: 'Passed the test' }, counselor);
    expect(concerns).toEqual([{ code: 'PREREQUISITE_UNMET', sentence: 'Algebra 2 needs ALG1 or GEO before it.' }]);
  });

  test('a second period without a class is refused; what was empty before is not held against a change', async () => {
    const day = await Promise.all([1, 2, 3].map((n) => classIn(n)));
    await enroll(40);
    await changed(40, { addSectionIds: day });
    await changed(40, { dropSectionIds: [day[0]!] });
    expect(await refused(40, { dropSectionIds: [day[1]!] })).toBe('SECOND_EMPTY_PERIOD');
    const { concerns } = await changed(40, { dropSectionIds: [day[1]!], override: true, reason: 'Works in the afternoon' }, principal);
    expect(concerns.map(({ sentence }: { sentence: string }) => sentence)).toEqual([
      'The student would have no class in the periods 1, 2.',
    ]);
    const other = await classIn(3);
    expect((await changed(40, { dropSectionIds: [day[2]!], addSectionIds: [other] })).added).toHaveLength(1);
  });
});

const enroll = (n: number, more: object = {}, schoolId = north) =>
  service.hear('student', 'EnrollmentsChanged', {
    schoolId,
    enrollments: [
      { id: id('enrollment', n), studentId: student(n), gradeLevel: '09', primary: true, begins: '2026-08-10', ends: null, ...more },
    ],
  });

describe('seats that are held', () => {
  const hold = 'mutation ($input: HoldSeatsInput!) { holdSeats(input: $input) { id expiresAt sections { id } } }';
  const commit = 'mutation ($input: CommitHoldInput!) { commitHold(input: $input) { added { sectionId } } }';
  const release = 'mutation ($input: ReleaseHoldInput!) { releaseHold(input: $input) { id } }';
  const held = async (n: number, sectionIds: string[], more: object = {}): Promise<string> =>
    (await service.data(clerk, hold, { input: { studentId: student(n), sectionIds, ...more } })).holdSeats.id;
  const taking = (holdId: string, more: object = {}) => service.ask(clerk, commit, { input: { holdId, reason: 'Walk-in', ...more } });
  const codeOf = async (answer: ReturnType<TestSubgraph['ask']>) => (await answer).errors?.[0]?.extensions['code'];
  const end = (holdId: string) => service.sql(`update seat_hold set expires_at = now() - interval '1 second' where hold_id = $1`, [holdId]);

  test('count as taken for others, are taken up by their student once, all together', async () => {
    const [a, b] = [await classIn(1, { seatLimit: 1 }), await classIn(2, { seatLimit: 2 })];
    const holdId = await held(50, [a, b]);
    expect(await refused(51, { addSectionIds: [a] })).toBe('SECTION_FULL');
    expect(await service.code(clerk, hold, { input: { studentId: student(51), sectionIds: [a, b] } })).toBe('SECTION_FULL');
    await changed(51, { addSectionIds: [b] });
    expect(await refused(52, { addSectionIds: [b] })).toBe('SECTION_FULL');
    expect((await taking(holdId)).errors).toBeUndefined();
    expect(await classesOf(50)).toEqual([a, b].sort());
    expect(await codeOf(taking(holdId))).toBe('NOT_FOUND');
    expect([await seats(a), await seats(b)]).toEqual([
      { taken: 1, rows: 1 },
      { taken: 2, rows: 2 },
    ]);
  });

  test('are free again by themselves; then the hold is worth nothing', async () => {
    const a = await classIn(1, { seatLimit: 1 });
    const holdId = await held(53, [a], { minutes: 1 });
    await end(holdId);
    expect(await codeOf(taking(holdId))).toBe('HOLD_EXPIRED');
    await changed(54, { addSectionIds: [a] });
    expect(await classesOf(53)).toEqual([]);
  });

  test('are given back, and replaced by the next hold for the student', async () => {
    const a = await classIn(1, { seatLimit: 1 });
    const first = await held(55, [a]);
    const second = await held(55, [a]);
    expect(await codeOf(taking(first))).toBe('NOT_FOUND');
    expect(await codeOf(service.ask(southPrincipal, release, { input: { holdId: second } }))).toBe('NOT_FOUND');
    await service.data(clerk, release, { input: { holdId: second } });
    await held(56, [a]);
  });

  test('all or none are taken up: when one of the classes clashes with another, the student has none and the hold stays', async () => {
    const [mine, a, b] = [await classIn(1), await classIn(1), await classIn(2)];
    await changed(57, { addSectionIds: [mine] });
    const holdId = await held(57, [a, b]);
    expect(await codeOf(taking(holdId))).toBe('TWO_CLASSES_AT_ONCE');
    expect(await classesOf(57)).toEqual([mine]);
    await changed(57, { dropSectionIds: [mine] });
    expect((await taking(holdId)).errors).toBeUndefined();
  });

  test('of fifty holds, adds and takings-up at the same moment on one seat, one student sits', async () => {
    const a = await classIn(1, { seatLimit: 1 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        if (n % 2) return codeOf(changing(600 + n, { addSectionIds: [a] }));
        const answer = await service.ask(clerk, hold, { input: { studentId: student(600 + n), sectionIds: [a] } });
        return answer.errors
          ? answer.errors[0]!.extensions['code']
          : codeOf(taking((answer.data as { holdSeats: { id: string } }).holdSeats.id));
      }),
    );
    expect(answers.filter((code) => code === undefined)).toHaveLength(1);
    expect(await seats(a)).toEqual({ taken: 1, rows: 1 });
  });

  test('for no minutes, for hours or for nobody’s sections are refused', async () => {
    const a = await classIn(1);
    const code = (input: object, viewer: Viewer = clerk) =>
      service.code(viewer, hold, { input: { studentId: student(58), sectionIds: [a], ...input } });
    expect(await code({ minutes: 0 })).toBe('BAD_USER_INPUT');
    expect(await code({ minutes: 61 })).toBe('BAD_USER_INPUT');
    expect(await code({ sectionIds: [] })).toBe('BAD_USER_INPUT');
    expect(await code({}, southPrincipal)).toBe('NOT_FOUND');
    expect(await code({}, teacher)).toBe('FORBIDDEN');
  });
});

describe('students without a full schedule', () => {
  let town: TestSubgraph;
  let whole: TestSubgraph;
  beforeAll(async () => {
    whole = service;
    town = await openSchools();
    service = town;
  });
  afterAll(async () => {
    service = whole;
    await town.close();
  });
  const list = `query ($s: ID!, $on: Date, $first: Int, $after: String) { studentsWithoutFullSchedule(schoolId: $s, on: $on, first: $first, after: $after) {
    nodes { student { id } gradeLevel emptyPeriods { name } classes since } pageInfo { hasNextPage endCursor } } }`;
  const gaps = async (on?: string, viewer: Viewer = counselor): Promise<unknown[]> =>
    (await town.data(viewer, list, { s: north, on: on ?? null })).studentsWithoutFullSchedule.nodes.map(
      (node: { student: { id: string }; emptyPeriods: { name: string }[]; classes: number; since: string }) => [
        Number.parseInt(node.student.id.slice(-12), 16),
        node.emptyPeriods.map(({ name }) => name).join(),
        node.classes,
        node.since,
      ],
    );

  test('are there from the minute they enroll until the last period is filled, and again when a class ends', async () => {
    const day = await Promise.all([1, 2].map((n) => classIn(n)));
    expect(await gaps()).toEqual([]);
    await enroll(1);
    await enroll(2, { begins: '2026-09-14' });
    await enroll(3, { primary: false });
    await enroll(4, { ends: '2026-10-01' });
    await enroll(5, {}, south);
    expect(await gaps()).toEqual([
      [1, '1,2', 0, '2026-08-17'],
      [2, '1,2', 0, '2026-09-14'],
    ]);
    await changed(1, { addSectionIds: [day[0]!], on: '2026-08-17' });
    expect(await gaps()).toEqual([
      [1, '2', 1, '2026-08-17'],
      [2, '1,2', 0, '2026-09-14'],
    ]);
    await changed(1, { addSectionIds: [day[1]!] });
    await changed(2, { addSectionIds: day, on: '2026-09-21' });
    expect(await gaps()).toEqual([]);
    await changed(2, { dropSectionIds: [day[0]!], on: '2026-10-05' });
    expect(await gaps()).toEqual([[2, '1', 1, '2026-10-05']]);
    expect(await gaps('2026-09-15')).toEqual([
      [1, '2', 1, '2026-08-17'],
      [4, '1,2', 0, '2026-08-17'],
      [2, '1,2', 0, '2026-09-14'],
    ]);
    expect(await gaps('2026-10-02')).toEqual([[1, '2', 1, '2026-08-17']]);
    const cancel = 'mutation ($input: CancelSectionInput!) { cancelSection(input: $input) { id } }';
    const other = await classIn(2);
    await changed(1, { dropSectionIds: [day[1]!], addSectionIds: [other], on: '2026-10-05' });
    await town.data(principal, cancel, { input: { sectionId: other, on: '2026-10-05', reason: 'Too few' } });
    expect(await gaps()).toEqual([
      [1, '2', 1, '2026-10-05'],
      [2, '1', 1, '2026-10-05'],
    ]);
  });

  test('an optional period and one that a student is released from are not missed; half a rotation is', async () => {
    const optional = 'mutation ($input: SetOptionalPeriodsInput!) { setOptionalPeriods(input: $input) { name optional } }';
    const set = (...periodIds: string[]) => ({ input: { schoolId: north, periodIds } });
    await town.data(counselor, optional, set(period(2)));
    expect(await gaps()).toEqual([[2, '1', 1, '2026-10-05']]);
    expect(await town.code(counselor, optional, set(period(11)))).toBe('PERIOD_UNKNOWN');
    await town.data(counselor, optional, set());
    const release = 'mutation ($input: ReleaseFromPeriodInput!) { releaseFromPeriod(input: $input) { begins ends period { name } } }';
    const input = { studentId: student(2), periodId: period(1), begins: '2026-10-05', ends: '2026-11-02', reason: 'Works' };
    await town.data(counselor, release, { input });
    expect(await town.code(counselor, release, { input })).toBe('RELEASED_ALREADY');
    expect(await gaps()).toEqual([[1, '2', 1, '2026-10-05']]);
    expect(await gaps('2026-11-02')).toHaveLength(2);
    const [onA, onB] = [await classIn(2, { days: ['A'] }), await classIn(2, { days: ['B'] })];
    await changed(1, { addSectionIds: [onA] });
    expect(await gaps()).toEqual([[1, '2', 2, '2026-10-05']]);
    await changed(1, { addSectionIds: [onB] });
    expect(await gaps()).toEqual([]);
  });

  test('more than ten at a school raise the alarm; the list goes from page to page, for the office of the school alone', async () => {
    const count = 'query ($s: ID!) { scheduleGapCount(schoolId: $s) { on students withoutAny alarm } }';
    const counted = async () => (await town.data(principal, count, { s: north })).scheduleGapCount;
    for (let n = 100; n < 110; n++) await enroll(n);
    expect(await counted()).toEqual({ on: monday, students: 10, withoutAny: 10, alarm: false });
    await enroll(110);
    expect(await counted()).toEqual({ on: monday, students: 11, withoutAny: 11, alarm: true });
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page: { nodes: { student: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = (
        await town.data(clerk, list, { s: north, first: 4, after })
      ).studentsWithoutFullSchedule;
      seen.push(...page.nodes.map((node) => node.student.id));
      [after, more] = [page.pageInfo.endCursor, page.pageInfo.hasNextPage];
    }
    expect(seen).toEqual(Array.from({ length: 11 }, (_, n) => student(100 + n)));
    for (const query of [list, count]) {
      expect(await town.code(southPrincipal, query, { s: north })).toBe('NOT_FOUND');
      expect(await town.code(teacher, query, { s: north })).toBe('FORBIDDEN');
    }
    await town.hear('student', 'EnrollmentsChanged', {
      schoolId: north,
      enrollments: [
        { id: id('enrollment', 110), studentId: student(110), gradeLevel: '09', primary: true, begins: '2026-08-10', ends: '2026-08-10' },
      ],
    });
    expect((await counted()).students).toBe(10);
  });
});

test('row-level security alone hides who is enrolled, held, released and placed from another school', async () => {
  const seen = (viewer: Viewer) =>
    service.database.transaction(viewer, null, async ({ query }) =>
      Promise.all(
        ['enrolled_student', 'seat_hold', 'period_release', 'placed_student', 'placed_teacher'].map(async (table) => [
          table,
          (await query(`select from ${table} where school_id = $1 limit 1`, [north])).length,
        ]),
      ),
    );
  await service.sql(
    `insert into seat_hold (hold_id, school_id, student_id, section_id, expires_at) select $2, school_id, $2, id, now() + interval '1 hour' from section where school_id = $1 limit 1`,
    [north, student(900)],
  );
  await service.sql(`insert into period_release (school_id, student_id, period_id, begins) values ($1, $2, $3, '2026-10-05')`, [
    north,
    student(900),
    period(1),
  ]);
  expect((await seen(principal)).map(([, rows]) => rows)).toEqual([1, 1, 1, 1, 1]);
  expect((await seen(southPrincipal)).map(([, rows]) => rows)).toEqual([0, 0, 0, 0, 0]);
});
