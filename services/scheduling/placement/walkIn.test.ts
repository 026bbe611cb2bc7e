import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { administrator, clerk, id, north, openSchools, openSection, principal, southPrincipal, teacher } from '../testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openSchools();
});
afterAll(() => service.close());

const student = (n: number) => id('student', n);
const course = (n: number) => id('walkInCourse', n);
const period = (n: number) => id('period', n);

let courses = 0;
/** A course that nothing else in these tests uses. */
async function newCourse(): Promise<string> {
  const n = ++courses;
  await service.sql('insert into course (id, number, title) values ($1, $2, $2)', [course(n), `W${n}`]);
  return course(n);
}
async function classOf(courseId: string, n: number, more: object = {}, days?: string[]): Promise<string> {
  const section = await openSection(service, { courseId, ...more });
  await service.data(administrator, 'mutation ($input: SetMeetingsInput!) { setMeetings(input: $input) { id } }', {
    input: { sectionId: section, begins: '2026-08-17', meetings: [{ periodId: period(n), ...(days ? { days } : {}) }] },
  });
  return section;
}

const question = `query ($s: ID!, $student: ID!, $requests: [WalkInRequestInput!]) { walkIn(schoolId: $s, studentId: $student, requests: $requests) {
  best { section { id } alternate } unmet { id } periods { period { name } choices { section { id } alternate seatsLeft met isAsGood } } } }`;
interface Answer {
  readonly best: { section: { id: string }; alternate: number }[];
  readonly unmet: { id: string }[];
  readonly periods: {
    period: { name: string };
    choices: { section: { id: string }; alternate: number; seatsLeft: number | null; met: number; isAsGood: boolean }[];
  }[];
}
const askFor = async (n: number, requests?: object[]): Promise<Answer> =>
  (await service.data(clerk, question, { s: north, student: student(n), requests })).walkIn;
const sectionsOf = ({ best }: Answer) => best.map(({ section }) => section.id).sort();
const change = 'mutation ($input: ChangeScheduleInput!) { changeSchedule(input: $input) { added { sectionId } } }';
const sit = (n: number, ...addSectionIds: string[]) =>
  service.data(clerk, change, { input: { studentId: student(n), addSectionIds, reason: 'Placed' } });

describe('a walk-in', () => {
  test('is told the best schedule on live seats, what else could be taken in each period, and may hold and take it', async () => {
    const [art, biology] = [await newCourse(), await newCourse()];
    const full = await classOf(art, 1, { seatLimit: 1 });
    await sit(1, full);
    const [art2, biology2, biology3] = [await classOf(art, 2), await classOf(biology, 2, { seatLimit: 5 }), await classOf(biology, 3)];
    const answer = await askFor(2, [{ courseId: art }, { courseId: biology, priority: 1 }]);
    expect(sectionsOf(answer)).toEqual([art2, biology3].sort());
    expect(answer.unmet).toEqual([]);
    expect(
      answer.periods.map(({ period: { name }, choices }) => [
        name,
        choices.map((each) => [each.section.id, each.seatsLeft, each.met, each.isAsGood]),
      ]),
    ).toEqual([
      [
        '2',
        [
          [art2, null, 2, true],
          [biology2, 5, 1, false],
        ],
      ],
      ['3', [[biology3, null, 2, true]]],
    ]);
    const hold = 'mutation ($input: HoldSeatsInput!) { holdSeats(input: $input) { id } }';
    const { holdSeats } = await service.data(clerk, hold, { input: { studentId: student(2), sectionIds: sectionsOf(answer) } });
    const commit = 'mutation ($input: CommitHoldInput!) { commitHold(input: $input) { added { sectionId } } }';
    await service.data(clerk, commit, { input: { holdId: holdSeats.id, reason: 'Walk-in' } });
    expect((await askFor(2, [{ courseId: art }, { courseId: biology }])).unmet).toEqual([]);
  });

  test('is not offered what is held for another, nor anything beside a class that the student has; an alternate is better than nothing', async () => {
    const [art, biology, chess] = [await newCourse(), await newCourse(), await newCourse()];
    const [last, other, chess3] = [await classOf(art, 1, { seatLimit: 1 }), await classOf(biology, 2), await classOf(chess, 3)];
    await service.data(clerk, 'mutation ($input: HoldSeatsInput!) { holdSeats(input: $input) { id } }', {
      input: { studentId: student(10), sectionIds: [last] },
    });
    const mine = await classOf(await newCourse(), 2);
    await sit(11, mine);
    const answer = await askFor(11, [{ courseId: art, alternates: [chess] }, { courseId: biology }]);
    expect(answer.best).toEqual([{ section: { id: chess3 }, alternate: 1 }]);
    expect(answer.unmet).toEqual([{ id: biology }]);
    expect(answer.periods.flatMap(({ choices }) => choices.map(({ section }) => section.id))).toEqual([chess3]);
    expect(sectionsOf(await askFor(10, [{ courseId: art }, { courseId: biology }]))).toEqual([last, other].sort());
  });

  test('has one class on A days and another on B days in one period, and none on Tuesdays beside them', async () => {
    const [art, biology, chess] = [await newCourse(), await newCourse(), await newCourse()];
    const [onA, onB] = [await classOf(art, 1, {}, ['A']), await classOf(biology, 1, {}, ['B'])];
    await classOf(chess, 1, {}, ['TUESDAY']);
    const answer = await askFor(12, [{ courseId: art, priority: 1 }, { courseId: biology, priority: 1 }, { courseId: chess }]);
    expect(sectionsOf(answer)).toEqual([onA, onB].sort());
    expect(answer.unmet).toEqual([{ id: chess }]);
  });

  test('is asked by the sheet of the school year, and warned of what was passed', async () => {
    const art = await newCourse();
    const section = await classOf(art, 1);
    const [sheet] = await service.sql<{ id: string }>(
      'insert into request_sheet (school_id, student_id, school_year) values ($1, $2, 2027) returning id',
      [north, student(13)],
    );
    await service.sql(
      `insert into course_request (sheet_id, school_id, student_id, school_year, course_id, priority, place, source)
         values ($1, $2, $3, 2027, $4, 2, 1, 'ENTERED')`,
      [sheet!.id, north, student(13), art],
    );
    await service.sql(
      `insert into course_history (school_id, student_id, course_id, course_number, school_year, passed) values ($1, $2, $3, 'W', 2026, true)`,
      [north, student(13), art],
    );
    const answer = await askFor(13);
    expect(sectionsOf(answer)).toEqual([section]);
    const concerns = 'query ($s: ID!, $student: ID!) { walkIn(schoolId: $s, studentId: $student) { concerns { code } } }';
    const asked = { s: north, student: student(13) };
    expect((await service.data(principal, concerns, asked)).walkIn.concerns).toEqual([{ code: 'ALREADY_PASSED' }]);
    expect(await service.code(clerk, concerns, asked)).toBe('FORBIDDEN');
  });

  test('is for the office of the school; requests that cannot be are refused', async () => {
    const art = await newCourse();
    const code = (requests: object[], viewer = clerk) => service.code(viewer, question, { s: north, student: student(14), requests });
    expect(await code([], teacher)).toBe('FORBIDDEN');
    expect(await code([], southPrincipal)).toBe('NOT_FOUND');
    expect(await code([{ courseId: art }, { courseId: art }], principal)).toBe('BAD_USER_INPUT');
    expect(await code([{ courseId: art, priority: 4 }])).toBe('PRIORITY_INVALID');
    expect(await code(Array.from({ length: 21 }, (_, n) => ({ courseId: id('any', n) })))).toBe('BAD_USER_INPUT');
    expect((await askFor(14, [{ courseId: art }])).unmet).toEqual([{ id: art }]);
    expect((await askFor(14, [])).best).toEqual([]);
  });

  test('meets as many requests as trying every combination does', async () => {
    const seed = Math.floor(Math.random() * 1e9);
    let state = seed;
    const dice = (n: number) => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state >>> 8) % n;
    };
    for (let round = 0; round < 6; round++) {
      const asked = await Promise.all([0, 1, 2].map(() => newCourse()));
      const offers: number[][] = [];
      for (const courseId of asked) {
        const periods = [...new Set(Array.from({ length: 1 + dice(2) }, () => 1 + dice(3)))];
        for (const n of periods) await classOf(courseId, n);
        offers.push(periods);
      }
      const most = (next: number, used: readonly number[]): number =>
        next === offers.length
          ? used.length
          : Math.max(most(next + 1, used), ...offers[next]!.filter((n) => !used.includes(n)).map((n) => most(next + 1, [...used, n])));
      const { best } = await askFor(15, asked.map((courseId) => ({ courseId }))); // prettier-ignore
      expect({ seed, round, met: best.length }).toEqual({ seed, round, met: most(0, []) });
    }
  });
});
