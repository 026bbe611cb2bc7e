import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { administrator, clerk, counselor, id, monday, openSchools, openSection, principal, southPrincipal } from '../testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openSchools();
});
afterAll(() => service.close());

const student = (n: number) => id('student', n);
const period = (n: number) => id('period', n);
const meets = (n: number) => [{ periodId: period(n) }];

let courses = 0;
async function newCourse(): Promise<string> {
  const courseId = id('repairCourse', ++courses);
  await service.sql('insert into course (id, number, title) values ($1, $2, $2)', [courseId, `R${courses}`]);
  return courseId;
}
async function classOf(courseId: string, n: number, seatLimit?: number, day?: string): Promise<string> {
  const section = await openSection(service, { courseId, ...(seatLimit ? { seatLimit } : {}) });
  const meetings = meets(n).map((meeting) => (day ? { ...meeting, days: [day] } : meeting));
  await service.data(administrator, 'mutation ($input: SetMeetingsInput!) { setMeetings(input: $input) { id } }', {
    input: { sectionId: section, begins: '2026-08-17', meetings },
  });
  return section;
}
const sit = (n: number, ...addSectionIds: string[]) =>
  service.data(clerk, 'mutation ($input: ChangeScheduleInput!) { changeSchedule(input: $input) { added { sectionId } } }', {
    input: { studentId: student(n), addSectionIds, on: '2026-08-17', reason: 'Placed' },
  });
const answer = '{ seated students { student { id } drop { id } add { id } isUnplaced } }';
const planned = `query ($id: ID!, $on: Date!, $meetings: [MeetingInput!]) { sectionChangePlan(sectionId: $id, on: $on, meetings: $meetings) ${answer} }`;
const applied = `mutation ($input: ApplySectionChangeInput!) { applySectionChange(input: $input) ${answer} }`;
const planOf = async (sectionId: string, meetings?: object[]) =>
  told((await service.data(counselor, planned, { id: sectionId, on: monday, meetings })).sectionChangePlan);
const apply = (sectionId: string, meetings?: object[], more: object = {}, viewer: Viewer = principal) =>
  service.ask(viewer, applied, { input: { sectionId, on: monday, meetings, reason: 'Too few', ...more } });

interface Plan {
  readonly seated: number;
  readonly students: { student: { id: string }; drop: { id: string }[]; add: { id: string }[]; isUnplaced: boolean }[];
}
const ids = (list: { id: string }[]) => list.map((each) => each.id).sort();
const told = ({ seated, students }: Plan) => ({
  seated,
  students: Object.fromEntries(
    students.map(({ student, drop, add, isUnplaced }) => [Number.parseInt(student.id.slice(-12), 16), [ids(drop), ids(add), isUnplaced]]),
  ),
});
const classesOf = async (n: number, on = monday): Promise<string[]> =>
  (
    await service.sql<{ id: string }>(
      `select e.section_id as id from section_enrollment e join section s on s.id = e.section_id where e.student_id = $1
         and e.begins <= $2 and $2 < coalesce(least(e.ends, s.cancelled_on), 'infinity') order by 1`,
      [student(n), on],
    )
  ).map((row) => row.id);

describe('a section that is cancelled', () => {
  test('leaves each student the same courses with one or two changes, nobody else fewer, and who has no way is told', async () => {
    const [art, biology, chess] = [await newCourse(), await newCourse(), await newCourse()];
    const gone = await classOf(art, 1);
    const [art2, biology2, biology3, chess3] = [
      await classOf(art, 2),
      await classOf(biology, 2),
      await classOf(biology, 3),
      await classOf(chess, 3),
    ];
    await sit(1, gone);
    await sit(2, gone, biology2);
    await sit(3, gone, biology2, chess3);
    await sit(4, biology2);
    const expected = {
      seated: 3,
      students: {
        1: [[gone], [art2], false],
        2: [[gone, biology2].sort(), [art2, biology3].sort(), false],
        3: [[gone], [], true],
      },
    };
    expect(await planOf(gone)).toEqual(expected);
    expect(await classesOf(2)).toEqual([gone, biology2].sort());
    const before = (await service.told()).length;
    expect(told((await apply(gone)).data!['applySectionChange'] as never)).toEqual(expected);
    expect(await classesOf(1)).toEqual([art2]);
    expect(await classesOf(2)).toEqual([art2, biology3].sort());
    expect(await classesOf(3)).toEqual([biology2, chess3].sort());
    expect(await classesOf(4)).toEqual([biology2]);
    expect(await classesOf(2, '2026-10-02')).toEqual([gone, biology2].sort());
    expect((await service.told()).slice(before).map(({ aggregate }) => aggregate)).toEqual([gone, art2, biology2, biology3].sort());
    expect(await service.sql('select cancelled_on, reason from section where id = $1', [gone])).toEqual([
      { cancelled_on: monday, reason: 'Too few' },
    ]);
    expect((await apply(gone)).errors![0]!.extensions['code']).toBe('OUTSIDE_SECTION');
  });

  test('gives no seat twice: of three students two find one of two seats', async () => {
    const art = await newCourse();
    const [gone, other] = [await classOf(art, 1), await classOf(art, 2, 2)];
    for (const n of [11, 12, 13]) await sit(n, gone);
    const { students } = told((await apply(gone)).data!['applySectionChange'] as never);
    expect(Object.values(students).filter(([, , isUnplaced]) => isUnplaced)).toHaveLength(1);
    expect(await service.sql('select seats_taken from section where id = $1', [other])).toEqual([{ seats_taken: 2 }]);
  });
});

describe('a full class that somebody needs', () => {
  test('is left by somebody who finds the same course elsewhere, and not by who would lose it', async () => {
    const [art, chess] = [await newCourse(), await newCourse()];
    const [gone, full, art3] = [await classOf(art, 1), await classOf(art, 2, 2), await classOf(art, 3)];
    const chess3 = await classOf(chess, 3);
    await sit(41, gone, chess3);
    await sit(42, full, chess3);
    await sit(43, full);
    const applied = (await apply(gone)).data!['applySectionChange'] as unknown as Plan;
    expect(applied.students.map(({ student }) => student.id)).toEqual([student(41), student(43)]);
    expect(told(applied)).toEqual({ seated: 1, students: { 41: [[gone], [full], false], 43: [[full], [art3], false] } });
    expect(await Promise.all([41, 42, 43].map((n) => classesOf(n)))).toEqual([[full, chess3].sort(), [full, chess3].sort(), [art3]]);
    expect(await service.sql('select seats_taken from section where id = $1', [full])).toEqual([{ seats_taken: 2 }]);
  });

  test('is still full when somebody gives way who came in above its limit', async () => {
    const [art, chess] = [await newCourse(), await newCourse()];
    const [gone, over] = [await classOf(art, 1), await classOf(art, 2, 1)];
    await classOf(art, 3, 1);
    const chess3 = await classOf(chess, 3);
    await sit(44, gone, chess3);
    await sit(45, over);
    const input = { studentId: student(46), addSectionIds: [over], on: '2026-08-17', reason: 'Twins', override: true };
    const letIn = 'mutation ($input: ChangeScheduleInput!) { changeSchedule(input: $input) { added { sectionId } } }';
    await service.data(counselor, letIn, { input });
    const applied = (await apply(gone)).data?.['applySectionChange'] as unknown as Plan;
    expect(told(applied)).toEqual({ seated: 1, students: { 44: [[gone], [], true] } });
    expect(await service.sql('select seats_taken from section where id = $1', [over])).toEqual([{ seats_taken: 2 }]);
  });

  test('is still full when somebody gives way whose seat was given to another from a later day on', async () => {
    const [art, chess] = [await newCourse(), await newCourse()];
    const [gone, full] = [await classOf(art, 1), await classOf(art, 2, 1)];
    await classOf(art, 3);
    await sit(47, gone, await classOf(chess, 3));
    await sit(48, full);
    await service.sql(`update section_enrollment set ends = $3 where student_id = $1 and section_id = $2`, [
      student(48),
      full,
      '2026-11-30',
    ]);
    await sit(49, full, await classOf(chess, 3));
    const applied = (await apply(gone)).data?.['applySectionChange'] as unknown as Plan;
    expect(told(applied)).toEqual({ seated: 1, students: { 47: [[gone], [], true] } });
    expect(await service.sql('select seats_taken from section where id = $1', [full])).toEqual([{ seats_taken: 1 }]);
  });

  test('is no way out of two classes at once that another system gave somebody: these stay as they are', async () => {
    const [art, chess, dance] = [await newCourse(), await newCourse(), await newCourse()];
    const [gone, full] = [await classOf(art, 1), await classOf(art, 2, 1)];
    await classOf(art, 3);
    const [chess2, chess3] = [await classOf(chess, 2), await classOf(chess, 3)];
    await sit(51, gone, await classOf(dance, 3));
    await service.sql(
      `insert into section_enrollment (section_id, school_id, student_id, begins, source, sourced_id)
         select id, school_id, $2, '2026-08-17', 'sis', id::text from section where id = any($1)`,
      [[full, chess2], student(52)],
    );
    await sit(53, chess3);
    expect((await planOf(gone)).students).toEqual({ 51: [[gone], [], true] });
  });
});

describe('a section that moves', () => {
  test('takes along who is free then, moves the class in the way, or else the student to another section of the course', async () => {
    const [art, biology, chess] = [await newCourse(), await newCourse(), await newCourse()];
    const moving = await classOf(art, 1);
    const [art3, biology1, biology2, chess2] = [
      await classOf(art, 3),
      await classOf(biology, 1),
      await classOf(biology, 2),
      await classOf(chess, 2),
    ];
    await sit(21, moving);
    await sit(22, moving, biology2);
    await sit(23, moving, chess2);
    await sit(24, moving, chess2, await classOf(await newCourse(), 3));
    const moved = told((await apply(moving, meets(2))).data!['applySectionChange'] as never);
    expect(moved).toEqual({
      seated: 4,
      students: {
        22: [[biology2], [biology1], false],
        23: [[moving], [art3], false],
        24: [[moving], [], true],
      },
    });
    expect(await classesOf(21)).toEqual([moving]);
    expect(await classesOf(22)).toEqual([moving, biology1].sort());
    const { section } = await service.data(principal, `{ section(id: "${moving}") { meetings(on: "${monday}") { periodId } } }`);
    expect(section.meetings).toEqual([{ periodId: period(2) }]);
  });

  test('does so as a whole or not at all, by those who keep the schedule', async () => {
    const art = await newCourse();
    const section = await classOf(art, 1);
    await sit(31, section);
    const code = async (...args: Parameters<typeof apply>) => (await apply(...args)).errors?.[0]?.extensions['code'];
    expect(await code(section, [{ periodId: period(11) }])).toBe('PERIOD_UNKNOWN');
    expect(await code(section, meets(2), { reason: ' ' })).toBe('REASON_REQUIRED');
    expect(await code(section, meets(2), { on: '2027-06-12' })).toBe('OUTSIDE_SECTION');
    expect(await code(section, meets(2), {}, clerk)).toBe('FORBIDDEN');
    expect(await code(section, meets(2), {}, southPrincipal)).toBe('NOT_FOUND');
    expect(await service.code(southPrincipal, planned, { id: section, on: monday })).toBe('NOT_FOUND');
    expect(await service.sql('select period_id from meeting_pattern where section_id = $1 and ends > begins', [section])).toEqual([
      { period_id: period(1) },
    ]);
  });
});

test('a school whose classes meet at more times than can be looked at together places one student after the other, and gives no seat twice', async () => {
  const days = Array.from({ length: 20 }, (_, n) => `DAY ${n}`);
  const course = await newCourse();
  for (const day of days) for (const n of [1, 2, 3]) await classOf(course, n, undefined, day);
  const [art, chess] = [await newCourse(), await newCourse()];
  const [gone, art2] = [await classOf(art, 1), await classOf(art, 2, 2)];
  for (const n of [61, 62]) await sit(n, gone);
  await sit(63, gone, await classOf(chess, 2));
  expect((await planOf(gone)).students).toEqual({
    61: [[gone], [art2], false],
    62: [[gone], [art2], false],
    63: [[gone], [], true],
  });
  await sit(64, art2);
  expect((await planOf(gone)).students).toEqual({
    61: [[gone], [art2], false],
    62: [[gone], [], true],
    63: [[gone], [], true],
  });
});
