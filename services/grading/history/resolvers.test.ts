import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { randomFrom } from '@rollbook/subgraph/random.testing.ts';
import { idOf, ids, newSaveId, openGrading, people, type Grading } from '../testing.ts';

const seed = Number(process.env['ROLLBOOK_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const students = [ids.ana, ids.ben, ids.cho];
const quizzes = ['a', 'b'].map((name) => idOf(`quiz ${name}`));

const markHistory = `query ($s: ID!, $student: ID!, $period: ID!) { markHistory(sectionId: $s, studentId: $student, gradingPeriodId: $period) {
  revision value comment status saveId savedAt savedBy { id } reason } }`;
const scoreHistory = `query ($s: ID!, $student: ID!, $assignment: ID!) { scoreHistory(sectionId: $s, studentId: $student, assignmentId: $assignment) {
  revision value textScore status late missing incomplete comment withdrawn saveId savedAt savedBy { id } reason } }`;
const verbs = {
  saveMarks: `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome revision } } }`,
  postMarks: `mutation ($input: PostMarksInput!) { postMarks(input: $input) { rows { outcome revision } } }`,
  saveScores: `mutation ($input: SaveScoresInput!) { saveScores(input: $input) { rows { outcome revision } } }`,
};

let service: Grading;
beforeAll(async () => {
  service = await openGrading();
  await service.sql(`insert into grading_window (grading_period_id, opens_at, closes_at) values ($1, '2026-10-01Z', '2026-10-10Z')`, [
    ids.fall,
  ]);
  for (const id of quizzes)
    await service.sql(`insert into assignment (id, school_id, section_id, title) values ($1, $2, $3, 'Quiz')`, [
      ...[id, ids.school, ids.algebra],
    ]);
});
afterAll(() => service.close());

/** Saves something somewhere: by a teacher or the office, fresh or stale, good or refused. */
async function saveSomething(random: () => number): Promise<void> {
  const pick = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)]!;
  service.clock.now = new Date(service.clock.now.getTime() + 1_000);
  const verb = pick(['saveMarks', 'saveMarks', 'postMarks', 'saveScores', 'saveScores'] as const);
  const viewer = pick([people.teacher, people.coTeacher, people.principal]);
  const quiz = pick(quizzes);
  const [table, item] = verb === 'saveScores' ? ['score', `assignment_id = '${quiz}'`] : ['mark', `grading_period_id = '${ids.fall}'`];
  const revisions = await service.sql<{ id: string; revision: number }>(`select student_id as id, revision from ${table} where ${item}`);
  const cells = students
    .filter(() => random() < 0.6)
    .map((studentId) => {
      const now = revisions.find(({ id }) => id === studentId)?.revision ?? 0;
      const base = { studentId, baseRevision: random() < 0.2 ? Math.max(0, now - 1) : now };
      const comment = pick([null, `said ${Math.floor(random() * 1e6)}`]);
      if (verb === 'saveMarks') return { ...base, value: pick(['A', 'B', null, 'no mark']), comment };
      if (verb === 'postMarks') return base;
      const words = {
        late: random() < 0.5,
        missing: random() < 0.5,
        textScore: pick([null, 'fine']),
        status: pick(['SUBMITTED', 'FULLY_GRADED']),
      };
      return { ...base, assignmentId: quiz, value: pick(['7.50', '10', null, 'NaN']), comment, ...words };
    });
  if (!cells.length) return;
  const place = verb === 'saveScores' ? {} : { gradingPeriodId: ids.fall };
  const input = { saveId: newSaveId(), sectionId: ids.algebra, ...place, cells, reason: pick([null, 'asked by the office']) };
  await service.data(viewer, verbs[verb], { input });
}

const marksOf = async (student: string, viewer: Viewer = people.teacher) =>
  (await service.data(viewer, markHistory, { s: ids.algebra, student, period: ids.fall })).markHistory;
const scoresOf = async (student: string, assignment: string) =>
  (await service.data(people.teacher, scoreHistory, { s: ids.algebra, student, assignment })).scoreHistory;

describe(`after 300 saves of all kinds (seed ${seed})`, () => {
  beforeAll(async () => {
    const random = randomFrom(seed);
    for (let n = 0; n < 300; n++) await saveSomething(random);
  }, 60_000);

  test('the history of each mark, replayed, is the mark: value, comment, status, revision, who and in which save', async () => {
    const marks = await service.sql(
      `select student_id, value, comment, status, revision, save_id, saved_by, saved_at from mark where section_id = $1`,
      [ids.algebra],
    );
    expect(marks).toHaveLength(students.length);
    for (const { student_id, saved_by, saved_at, save_id: saveId, ...mark } of marks) {
      const versions = await marksOf(student_id);
      expect(versions.map(({ revision }: { revision: number }) => revision)).toEqual(versions.map((_: unknown, n: number) => n + 1));
      expect(versions.at(-1)).toMatchObject({ ...mark, saveId });
      const given = versions.findLast(({ status }: { status: string }) => status === 'DRAFT');
      expect(given).toMatchObject({ savedBy: { id: saved_by }, savedAt: new Date(saved_at).toISOString() });
      expect(versions.length).toBeGreaterThan(3);
    }
  });

  test('the history of each score, replayed, is the score', async () => {
    const scores = await service.sql(
      `select student_id, assignment_id, points::text as value, text_score as "textScore", status, late, missing, incomplete, comment, revision,
              save_id as "saveId", saved_by from score where section_id = $1`,
      [ids.algebra],
    );
    expect(scores).toHaveLength(students.length * quizzes.length);
    for (const { student_id, assignment_id, saved_by, ...score } of scores) {
      const versions = await scoresOf(student_id, assignment_id);
      expect(versions.map(({ revision }: { revision: number }) => revision)).toEqual(versions.map((_: unknown, n: number) => n + 1));
      expect(versions.at(-1)).toEqual({ ...score, withdrawn: false, savedAt: expect.any(String), savedBy: { id: saved_by }, reason: versions.at(-1).reason }); // prettier-ignore
    }
  });
});

test('a history tells who, when and why: the teacher, the office with its reason, the posting', async () => {
  await service.sql('delete from mark');
  const save = (viewer: Viewer, verb: 'saveMarks' | 'postMarks', cell: object, reason: string | null = null) =>
    service.data(viewer, verbs[verb], {
      input: { saveId: newSaveId(), sectionId: ids.algebra, gradingPeriodId: ids.winter, reason, cells: [{ studentId: ids.ana, ...cell }] },
    });
  await service.sql(`insert into grading_window (grading_period_id, opens_at, closes_at) values ($1, '2026-10-01Z', '2026-10-10Z')`, [
    ids.winter,
  ]);
  await save(people.teacher, 'saveMarks', { baseRevision: 0, value: 'A', comment: 'well done' });
  await save(people.principal, 'saveMarks', { baseRevision: 1, value: 'B' }, 'clerical error');
  await save(people.coTeacher, 'postMarks', { baseRevision: 2 });
  const read = `query ($s: ID!, $student: ID!, $period: ID!) { markHistory(sectionId: $s, studentId: $student, gradingPeriodId: $period) { value comment status reason savedBy { id } } }`;
  const of = { s: ids.algebra, student: ids.ana, period: ids.winter };
  for (const viewer of [people.teacher, people.counselor, people.principal, people.administrator])
    expect((await service.data(viewer, read, of)).markHistory).toEqual([
      { value: 'A', comment: 'well done', status: 'DRAFT', reason: null, savedBy: { id: people.teacher.subject } },
      { value: 'B', comment: null, status: 'DRAFT', reason: 'clerical error', savedBy: { id: people.principal.subject } },
      { value: 'B', comment: null, status: 'POSTED', reason: null, savedBy: { id: people.coTeacher.subject } },
    ]);
});

test.each([
  ['a teacher without this class', people.colleague, 'FORBIDDEN'],
  ['a parent, who sees what was posted and not what it was before', people.parent, 'FORBIDDEN'],
  ['the student', people.ana, 'FORBIDDEN'],
  ['the clerk', people.clerk, 'FORBIDDEN'],
  ['a vendor', people.vendor, 'FORBIDDEN'],
  ['the principal of another school', people.otherPrincipal, 'NOT_FOUND'],
])('not for %s', async (_, viewer, code) => {
  expect(await service.code(viewer, markHistory, { s: ids.algebra, student: ids.ana, period: ids.fall })).toBe(code);
  expect(await service.code(viewer, scoreHistory, { s: ids.algebra, student: ids.ana, assignment: quizzes[0] })).toBe(code);
});

test('what never was has no history', async () => {
  expect(await marksOf(ids.dee)).toEqual([]);
  expect(await marksOf('x')).toEqual([]);
  expect(await scoresOf(ids.ana, '')).toEqual([]);
});
