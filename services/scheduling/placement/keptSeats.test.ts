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
  southPrincipal,
  teacher,
} from '../testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openSchools();
});
afterAll(() => service.close());

const student = (n: number) => id('keptStudent', n);
let courses = 0;
async function newCourse(): Promise<string> {
  const courseId = id('keptCourse', ++courses);
  await service.sql('insert into course (id, number, title) values ($1, $2, $2)', [courseId, `K${courses}`]);
  return courseId;
}

interface Needs {
  readonly reservations?: object[];
  readonly link?: string;
  readonly team?: string;
}
async function ask(section: string, { reservations = [], link, team }: Needs): Promise<string> {
  await service.sql('insert into section_need (section_id, school_id, reservations, link, team) values ($1, $2, $3, $4, $5)', [
    ...[section, north, JSON.stringify(reservations), link ?? null, team ?? null],
  ]);
  return section;
}
/** A section that asks for something, in a period. */
async function classOf(courseId: string, n: number, needs: Needs = {}, seatLimit?: number, days?: string[]): Promise<string> {
  const section = await openSection(service, { courseId, ...(seatLimit ? { seatLimit } : {}) });
  await service.data(administrator, 'mutation ($input: SetMeetingsInput!) { setMeetings(input: $input) { id } }', {
    input: { sectionId: section, begins: '2026-08-17', meetings: [{ periodId: id('period', n), ...(days ? { days } : {}) }] },
  });
  return ask(section, needs);
}
const keeping = (seats: number, program = 'SPECIAL_EDUCATION'): Needs => ({ reservations: [{ program, seats }] });
const sheet = (n: number, programs: string[], team: string | null = null, year = 2027) =>
  service.sql('insert into request_sheet (school_id, student_id, school_year, programs, team) values ($1, $2, $3, $4, $5)', [
    ...[north, student(n), year, programs, team],
  ]);

const codeOf = async (answer: ReturnType<TestSubgraph['ask']>) => (await answer).errors?.[0]?.extensions['code'];
const change = 'mutation ($input: ChangeScheduleInput!) { changeSchedule(input: $input) { concerns { code sentence } } }';
const changing = (n: number, input: object, viewer: Viewer = clerk) =>
  service.ask(viewer, change, { input: { studentId: student(n), reason: 'Placed', ...input } });
const sits = async (n: number, addSectionIds: string[], more: object = {}) =>
  expect(await codeOf(changing(n, { addSectionIds, ...more }, counselor))).toBeUndefined();
const add = 'mutation ($input: AddToRosterInput!) { addToRoster(input: $input) { sectionId } }';
const adding = (n: number, sectionId: string, more: object = {}, viewer: Viewer = clerk) =>
  codeOf(service.ask(viewer, add, { input: { studentId: student(n), sectionId, ...more } }));
const hold = 'mutation ($input: HoldSeatsInput!) { holdSeats(input: $input) { id } }';
const holding = (n: number, sectionIds: string[], more: object = {}, viewer: Viewer = clerk) =>
  service.ask(viewer, hold, { input: { studentId: student(n), sectionIds, ...more } });
const seatedIn = async (section: string) =>
  Number((await service.sql('select count(*) as n from section_enrollment where section_id = $1 and ends is null', [section]))[0]!['n']);

describe('a seat that is kept for a program', () => {
  test('is for its students, by the sheet of the year or the last before it; others are told, and a counselor may give it', async () => {
    const section = await classOf(await newCourse(), 1, keeping(2), 3);
    await sheet(1, ['SPECIAL_EDUCATION']);
    await sheet(2, ['SPECIAL_EDUCATION'], null, 2026);
    await sheet(3, ['ENGLISH_LEARNER']);
    await sits(3, [section]);
    const refused = await changing(4, { addSectionIds: [section] });
    expect(refused.errors![0]!.extensions['code']).toBe('SEATS_KEPT');
    expect(refused.errors![0]!.message).toContain('are kept for SPECIAL_EDUCATION.');
    expect(await adding(4, section)).toBe('SEATS_KEPT');
    expect(await codeOf(holding(4, [section]))).toBe('SEATS_KEPT');
    expect(await codeOf(changing(4, { addSectionIds: [section], override: true }))).toBe('FORBIDDEN');
    expect(await codeOf(holding(4, [section], { override: true }))).toBe('FORBIDDEN');
    await sits(1, [section]);
    await sits(2, [section]);
    expect(await adding(5, section)).toBe('SECTION_FULL');
  });

  test('is given to somebody else by a counselor with a reason, and told as what was overridden', async () => {
    const section = await classOf(await newCourse(), 1, keeping(3), 3);
    const given = await changing(11, { addSectionIds: [section], override: true }, counselor);
    expect((given.data!['changeSchedule'] as { concerns: object[] }).concerns).toMatchObject([{ code: 'SEATS_KEPT' }]);
    expect(await adding(12, section, { overrideReason: 'Agreed with the co-teacher' }, principal)).toBeUndefined();
    const held = await holding(13, [section], { override: true }, counselor);
    const holdId = (held.data!['holdSeats'] as { id: string }).id;
    const commit = (override: boolean) =>
      codeOf(
        service.ask(counselor, 'mutation ($input: CommitHoldInput!) { commitHold(input: $input) { added { sectionId } } }', {
          input: { holdId, reason: 'Placed', override },
        }),
      );
    expect(await commit(false)).toBe('SEATS_KEPT');
    expect(await commit(true)).toBeUndefined();
  });

  test('counts as filled by one who holds it, and by one of two programs it is for', async () => {
    const reservations = [
      { program: 'ENGLISH_LEARNER', seats: 1 },
      { program: 'SPECIAL_EDUCATION', seats: 1 },
    ];
    const section = await classOf(await newCourse(), 1, { reservations }, 3);
    await sheet(21, ['ENGLISH_LEARNER', 'SPECIAL_EDUCATION']);
    await sheet(22, ['ENGLISH_LEARNER']);
    expect(await codeOf(holding(21, [section]))).toBeUndefined();
    await sits(22, [section]);
    await sits(23, [section]);
    expect(await adding(24, section)).toBe('SECTION_FULL');
    // What student 21 held is theirs; neither of the other two sits on it.
    await sits(21, [section]);
  });

  test('is never taken by fifty others who come at the same moment, on whatever way, and is there for its students after that', async () => {
    const section = await classOf(await newCourse(), 1, keeping(4), 10);
    for (let n = 150; n < 154; n++) await sheet(n, ['SPECIAL_EDUCATION']);
    const ways = [
      (n: number) => codeOf(changing(n, { addSectionIds: [section] })),
      (n: number) => adding(n, section),
      async (n: number) => {
        const answer = await holding(n, [section]);
        if (answer.errors) return answer.errors[0]!.extensions['code'];
        const { id: holdId } = answer.data!['holdSeats'] as { id: string };
        const commit = 'mutation ($input: CommitHoldInput!) { commitHold(input: $input) { added { sectionId } } }';
        return codeOf(service.ask(clerk, commit, { input: { holdId, reason: 'Placed' } }));
      },
    ];
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => ways[n % 3]!(100 + n)));
    expect(answers.filter((code) => code === undefined)).toHaveLength(6);
    expect(new Set(answers)).toEqual(new Set([undefined, 'SEATS_KEPT']));
    expect(await Promise.all([150, 151, 152, 153].map((n) => adding(n, section)))).toEqual([undefined, undefined, undefined, undefined]);
    expect(await seatedIn(section)).toBe(10);
  });

  test('is kept by the database from whatever writes: fifty rows at the same moment, and a row that becomes open again', async () => {
    const section = await classOf(await newCourse(), 1, keeping(4), 10);
    const insert = `insert into section_enrollment (section_id, school_id, student_id, begins, ends) values ($1, $2, $3, '2026-08-17', $4) returning id`;
    const [left] = await service.sql<{ id: string }>(insert, [section, north, student(299), '2026-09-01']);
    const rows = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => service.sql(insert, [section, north, student(200 + n), null])),
    );
    expect(rows.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    const again = service.sql('update section_enrollment set ends = null where id = $1', [left!.id]);
    await expect(again).rejects.toThrow('kept for students of a program');
    expect(await seatedIn(section)).toBe(6);
  });

  test('is not what a walk-in of no program is offered, and is what one of the program is', async () => {
    const art = await newCourse();
    const section = await classOf(art, 1, keeping(2), 2);
    await sheet(31, ['SPECIAL_EDUCATION']);
    expect(await walkIn(31, [art])).toEqual([[section], []]);
    expect(await walkIn(32, [art])).toEqual([[], [art]]);
  });
});

async function walkIn(n: number, courseIds: string[]): Promise<[string[], string[]]> {
  const { walkIn } = await service.data(
    clerk,
    `query ($s: ID!, $student: ID!, $requests: [WalkInRequestInput!]) {
      walkIn(schoolId: $s, studentId: $student, requests: $requests) { best { section { id } } unmet { id } } }`,
    { s: north, student: student(n), requests: courseIds.map((courseId) => ({ courseId })) },
  );
  return [walkIn.best.map(({ section }: { section: { id: string } }) => section.id).sort(), walkIn.unmet.map((c: { id: string }) => c.id)];
}

describe('a lecture and its lab', () => {
  test('are taken and left together', async () => {
    const [lecture, lab] = [
      await classOf(await newCourse(), 1, { link: 'Biology 1' }),
      await classOf(await newCourse(), 2, { link: 'Biology 1' }),
    ];
    expect(await codeOf(changing(41, { addSectionIds: [lecture] }))).toBe('LINK_BROKEN');
    expect(await adding(41, lecture)).toBe('LINK_BROKEN');
    expect(await codeOf(holding(41, [lecture]))).toBe('LINK_BROKEN');
    expect(await codeOf(holding(41, [lecture, lab]))).toBeUndefined();
    await sits(41, [lecture, lab]);
    expect(await codeOf(changing(41, { dropSectionIds: [lab] }))).toBe('LINK_BROKEN');
    await sits(41, [], { dropSectionIds: [lab], override: true });
    expect(await codeOf(changing(41, { addSectionIds: [lab] }))).toBeUndefined();
    expect(await codeOf(changing(41, { dropSectionIds: [lecture, lab] }))).toBeUndefined();
  });

  test('are offered together to a walk-in, or not at all; who has one is offered the other', async () => {
    const [physics, physicsLab, art] = [await newCourse(), await newCourse(), await newCourse()];
    const [lecture, lab] = [await classOf(physics, 1, { link: 'P1' }), await classOf(physicsLab, 2, { link: 'P1' })];
    const [lecture3, fullLab] = [await classOf(physics, 3, { link: 'P2' }), await classOf(physicsLab, 2, { link: 'P2' }, 1)];
    const [art1, art3] = [await classOf(art, 1), await classOf(art, 3)];
    await sits(51, [lecture3, fullLab]);
    expect(await walkIn(52, [physics, art])).toEqual([[lecture, lab, art3].sort(), []]);
    expect(await walkIn(52, [physics, physicsLab, art])).toEqual([[lecture, lab, art3].sort(), []]);
    await sits(53, [lecture], { override: true });
    expect(await walkIn(53, [physicsLab])).toEqual([[lab], []]);
    await sits(54, [fullLab], { override: true });
    expect(await walkIn(54, [physics])).toEqual([[lecture3], []]);
    await sits(55, [art1, art3], {});
    expect(await walkIn(55, [physics])).toEqual([[], [physics]]);
  });
});

test('a section of a team is for students of the team, for a walk-in too; a counselor may decide otherwise', async () => {
  const english = await newCourse();
  const blue = await classOf(english, 1, { team: 'Blue' });
  await sheet(61, [], 'Blue');
  expect(await walkIn(61, [english])).toEqual([[blue], []]);
  expect(await walkIn(62, [english])).toEqual([[], [english]]);
  expect(await codeOf(changing(61, { addSectionIds: [blue] }))).toBeUndefined();
  expect(await codeOf(changing(62, { addSectionIds: [blue] }))).toBe('OTHER_TEAM');
  expect(await codeOf(holding(62, [blue]))).toBe('OTHER_TEAM');
  await sits(62, [blue], { override: true });
});

test('what a live section asks is told to those who plan at its school, and to nobody else', async () => {
  const courseId = await newCourse();
  const lab = await classOf(await newCourse(), 2, { link: 'Asked 1' });
  const section = await classOf(courseId, 1, { ...keeping(3), link: 'Asked 1', team: 'Blue' });
  const plain = await openSection(service, { courseId });
  const asks = `asks { reservations { program seats } link linkedWith { id } team track combinedWith roomGroups periodsInARow dayChoices sessionChoices { id } }`;
  const told = async (of: string, viewer: Viewer = counselor) => await service.ask(viewer, `{ section(id: "${of}") { ${asks} } }`);
  expect((await told(section)).data).toEqual({
    section: {
      asks: {
        ...{
          reservations: [{ program: 'SPECIAL_EDUCATION', seats: 3 }],
          link: 'Asked 1',
          linkedWith: [{ id: lab }],
          team: 'Blue',
          track: '',
        },
        ...{ combinedWith: null, roomGroups: [], periodsInARow: null, dayChoices: null, sessionChoices: [] },
      },
    },
  });
  expect((await told(plain)).data).toEqual({ section: { asks: null } });
  for (const viewer of [clerk, teacher]) expect(await codeOf(told(section, viewer))).toBe('FORBIDDEN');
  expect((await told(section, southPrincipal)).data).toEqual({ section: { asks: null } });
});

describe('a section that is cancelled', () => {
  interface Plan {
    readonly students: {
      student: { id: string };
      drop: { id: string }[];
      add: { id: string }[];
      isUnplaced: boolean;
      givesWay: boolean;
    }[];
  }
  const cancelled = async (sectionId: string) => {
    const { applySectionChange } = await service.data(
      principal,
      `mutation ($input: ApplySectionChangeInput!) { applySectionChange(input: $input) {
        students { student { id } drop { id } add { id } isUnplaced givesWay } } }`,
      { input: { sectionId, on: monday, reason: 'Too few' } },
    );
    const ids = (list: { id: string }[]) => list.map((each) => each.id).sort();
    return Object.fromEntries(
      (applySectionChange as Plan).students.map((one) => [
        Number.parseInt(one.student.id.slice(-12), 16),
        { drop: ids(one.drop), add: ids(one.add), isUnplaced: one.isUnplaced, givesWay: one.givesWay },
      ]),
    );
  };
  const moves = (drop: string[], add: string[], more: object = {}) => ({
    ...{ drop: drop.sort(), add: add.sort(), isUnplaced: false, givesWay: false },
    ...more,
  });

  test('gives no kept seat to others: who is of the program gets it, and one of the program who sits on an open one makes room', async () => {
    const art = await newCourse();
    const [gone, coTaught] = [await classOf(art, 1), await classOf(art, 2, keeping(1), 2)];
    await sheet(71, ['SPECIAL_EDUCATION']);
    for (const n of [70, 71, 72]) await sits(n, [gone]);
    const students = await cancelled(gone);
    expect(students[71]).toEqual(moves([gone], [coTaught]));
    expect([students[70]!.isUnplaced, students[72]!.isUnplaced].sort()).toEqual([false, true]);
    expect(await seatedIn(coTaught)).toBe(2);
  });

  test('leaves a kept seat empty that only others could take, and what was given to another before stays theirs', async () => {
    const art = await newCourse();
    const [gone, coTaught] = [await classOf(art, 1), await classOf(art, 2, keeping(2), 3)];
    await sits(81, [coTaught]);
    await sits(82, [coTaught], { override: true });
    await sits(83, [gone]);
    expect(await cancelled(gone)).toEqual({ 83: moves([gone], [], { isUnplaced: true }) });
    expect(await seatedIn(coTaught)).toBe(2);
  });

  test('takes the lab of a lecture along, and leaves the half of a link that somebody has', async () => {
    const [physics, lab] = [await newCourse(), await newCourse()];
    const [lecture1, lab2] = [await classOf(physics, 1, { link: 'X1' }), await classOf(lab, 2, { link: 'X1' })];
    const [lecture2, lab3] = [await classOf(physics, 2, { link: 'X2' }), await classOf(lab, 3, { link: 'X2' })];
    await sits(84, [lecture1, lab2]);
    await sits(85, [lecture1], { override: true });
    expect(await cancelled(lecture1)).toEqual({
      84: moves([lecture1, lab2], [lecture2, lab3]),
      85: moves([lecture1], [], { isUnplaced: true }),
    });
  });

  test('finds a student no seat in a section of another team; who only makes room for others is told apart', async () => {
    const english = await newCourse();
    const gone = await classOf(english, 1, { team: 'Blue' });
    const [red, blue, all3] = [
      await classOf(english, 2, { team: 'Red' }),
      await classOf(english, 2, { team: 'Blue' }, 1),
      await classOf(english, 3),
    ];
    for (const n of [86, 87]) await sheet(n, [], 'Blue');
    const busy3 = await classOf(await newCourse(), 3);
    await sits(86, [gone, busy3]);
    await sits(87, [blue]);
    expect(await cancelled(gone)).toEqual({ 86: moves([gone], [blue]), 87: moves([blue], [all3], { givesWay: true }) });
    expect(await seatedIn(red)).toBe(0);
  });
});

describe('requests whose classes meet at more times than can be looked at together', () => {
  test('are answered exactly: what no class tells apart is one time', async () => {
    const days = Array.from({ length: 20 }, (_, n) => `DAY ${n}`);
    const [gym, art, chess] = [await newCourse(), await newCourse(), await newCourse()];
    const gyms = await Promise.all(
      days.flatMap((day) => [1, 2, 3].map(async (n) => ({ day, n, id: await classOf(gym, n, {}, undefined, [day]) }))),
    );
    const [art1, art2] = [await classOf(art, 1), await classOf(art, 2, {}, undefined, days.slice(1))];
    const chess3 = await classOf(chess, 3);
    const [best, unmet] = await walkIn(91, [gym, art, chess]);
    expect(unmet).toEqual([]);
    expect(best).toContain(chess3);
    const [gymTaken] = gyms.filter(({ id }) => best.includes(id));
    expect(best).toHaveLength(3);
    expect([best.includes(art1) ? 1 : best.includes(art2) && gymTaken!.day !== 'DAY 0' ? 2 : 0, 3]).not.toContain(gymTaken!.n);
    // One day only is left: with the gym of that day in period 2, art of all other days is in nobody's way.
    await sits(92, [art1, chess3]);
    await service.sql('update section set seat_limit = 1, seats_taken = 1 where id = any($1)', [
      gyms.filter(({ day, n }) => n !== 2 || day !== 'DAY 0').map(({ id }) => id),
    ]);
    expect((await walkIn(92, [gym]))[0]).toEqual(gyms.flatMap((one) => (one.n === 2 && one.day === 'DAY 0' ? [one.id] : [])));
  });

  test('are refused when that is not enough, with what to do', async () => {
    const ids: string[] = [];
    const sections: [string, string[]][] = [];
    for (let n = 0; n < 12; n++) ids.push(await newCourse());
    for (let a = 0; a < 12; a++) for (let b = 0; b < a; b++) sections.push([ids[a]!, [`${a} ${b}`]], [ids[b]!, [`${a} ${b}`]]);
    for (const [courseId, days] of sections) await classOf(courseId, 1, {}, undefined, days);
    const refused = await service.ask(
      clerk,
      `query ($requests: [WalkInRequestInput!]) { walkIn(schoolId: "${north}", studentId: "${student(93)}", requests: $requests) { unmet { id } } }`,
      { requests: ids.map((courseId) => ({ courseId })) },
    );
    expect(refused.errors?.[0]?.extensions['code']).toBe('TOO_MANY_TIMES');
    expect(await walkIn(93, ids.slice(0, 4))).toEqual([expect.any(Array), []]);
  });
});
