import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { ids, idOf, newSaveId, openGrading, people, type Grading } from '../testing.ts';

const addAssignment = `mutation ($input: AddAssignmentInput!) { addAssignment(input: $input) {
  id title description assignedOn dueOn lowest highest section { id } category { id title } gradingPeriod { id } } }`;
const change = `mutation ($input: ChangeAssignmentInput!) { changeAssignment(input: $input) { id title description dueOn lowest highest } }`;
const addCategory = `mutation ($input: AddCategoryInput!) { addCategory(input: $input) { id title weight section { id } } }`;
const save = `mutation ($input: SaveScoresInput!) { saveScores(input: $input) { saveId replayed receivedAt
  rows { assignmentId studentId outcome revision code message current { value status late comment revision savedBy { id } } } } }`;

let service: Grading;
let quiz: string;
beforeAll(async () => {
  service = await openGrading();
});
beforeEach(async () => {
  await service.sql('delete from score');
  await service.sql('delete from assignment');
  await service.sql('delete from category');
  quiz = (await add({})).id;
});
afterAll(() => service.close());

const usual = { sectionId: ids.algebra, title: 'Quiz 1', highest: '20', dueOn: '2026-10-02' };
const add = async (more: object, viewer: Viewer = people.teacher) =>
  (await service.data(viewer, addAssignment, { input: { ...usual, ...more } })).addAssignment;
const cell = (studentId: string, value: string | null, baseRevision = 0, more: object = {}) => ({
  ...{ assignmentId: quiz, studentId, value, baseRevision },
  ...more,
});
const inputOf = (cells: object[], more: object = {}) => ({ saveId: newSaveId(), sectionId: ids.algebra, cells, ...more });
const saveScores = async (viewer: Viewer, cells: object[], more: object = {}) =>
  (await service.data(viewer, save, { input: inputOf(cells, more) })).saveScores;
const saveOne = async (viewer: Viewer, ...args: Parameters<typeof cell>) => (await saveScores(viewer, [cell(...args)])).rows[0];
const points = async (studentId: string) => (await service.sql('select points, revision from score where student_id = $1', [studentId]))[0];

describe('categories and assignments', () => {
  test('a teacher keeps the own gradebook; a colleague, the clerk and a family do not', async () => {
    const { addCategory: tests } = await service.data(people.teacher, addCategory, {
      input: { sectionId: ids.algebra, title: ' Tests ', weight: 60 },
    });
    expect(tests).toMatchObject({ title: 'Tests', weight: 60, section: { id: ids.algebra } });
    expect(await add({ categoryId: tests.id, gradingPeriodId: ids.fall, assignedOn: '2026-10-01', title: 'Test 1' })).toMatchObject({
      ...{
        title: 'Test 1',
        lowest: '0',
        highest: '20',
        dueOn: '2026-10-02',
        category: { title: 'Tests' },
        gradingPeriod: { id: ids.fall },
      },
    });
    for (const viewer of [people.colleague, people.clerk, people.counselor, people.parent, people.vendor]) {
      expect(await service.code(viewer, addAssignment, { input: usual })).toBe('FORBIDDEN');
      expect(await service.code(viewer, addCategory, { input: { sectionId: ids.algebra, title: 'x' } })).toBe('FORBIDDEN');
      expect(await service.code(viewer, change, { input: { id: quiz, title: 'x' } })).toBe('FORBIDDEN');
    }
    for (const viewer of [people.stranger, people.otherPrincipal])
      expect(await service.code(viewer, addAssignment, { input: usual })).toBe('NOT_FOUND');
    expect(await add({ title: 'By the principal' }, people.principal)).toMatchObject({ title: 'By the principal' });
  });

  test.each([
    [{ title: ' ' }, 'TITLE_INVALID'],
    [{ title: 'a\0' }, 'TITLE_INVALID'],
    [{ description: '\ud800' }, 'DESCRIPTION_INVALID'],
    [{ description: 'x'.repeat(8_001) }, 'DESCRIPTION_INVALID'],
    [{ highest: 'NaN' }, 'SCORE_NOT_A_NUMBER'],
    [{ highest: '1e309' }, 'SCORE_NOT_A_NUMBER'],
    [{ highest: '5', lowest: '6' }, 'RANGE_INVALID'],
    [{ assignedOn: '2026-10-03' }, 'DATES_INVALID'],
    [{ dueOn: '2026-02-29' }, 'BAD_USER_INPUT'],
    [{ categoryId: idOf('none') }, 'CATEGORY_UNKNOWN'],
    [{ categoryId: 'x' }, 'CATEGORY_UNKNOWN'],
    [{ gradingPeriodId: idOf('none') }, 'GRADING_PERIOD_UNKNOWN'],
  ])('an odd assignment is refused by name, new or changed (%#)', async (odd, code) => {
    expect(await service.code(people.teacher, addAssignment, { input: { ...usual, ...odd } })).toBe(code);
    expect(await service.code(people.teacher, change, { input: { id: quiz, ...odd } })).toBe(code);
    expect(await service.sql('select title, highest from assignment')).toEqual([{ title: 'Quiz 1', highest: '20' }]);
  });

  test('a category of another section is none of this one, and a title is there once', async () => {
    await service.sql(`insert into category (id, school_id, section_id, title) values ($1, $2, $3, 'Labs')`, [
      ...[idOf('labs'), ids.otherSchool, ids.otherSection],
    ]);
    expect(await service.code(people.teacher, addAssignment, { input: { ...usual, categoryId: idOf('labs') } })).toBe('CATEGORY_UNKNOWN');
    const input = { sectionId: ids.algebra, title: 'Homework' };
    await service.data(people.teacher, addCategory, { input });
    expect(await service.code(people.teacher, addCategory, { input: { ...input, title: 'HOMEWORK' } })).toBe('CATEGORY_EXISTS');
    expect(await service.code(people.teacher, addCategory, { input: { ...input, title: 'x', weight: 101 } })).toBe('WEIGHT_INVALID');
  });

  test('a change leaves what it does not name, clears what is null, and keeps what was', async () => {
    const { id } = await add({ description: 'chapter 1' });
    const { changeAssignment: changed } = await service.data(people.coTeacher, change, {
      input: { id, title: 'Quiz 1b', description: null },
    });
    expect(changed).toEqual({ id, title: 'Quiz 1b', description: null, dueOn: '2026-10-02', lowest: '0', highest: '20' });
    expect(await service.sql(`select before ->> 'title' as title, changed_by from history where row_id = $1`, [id])).toEqual([
      { title: 'Quiz 1', changed_by: people.coTeacher.subject },
    ]);
    expect(await service.code(people.teacher, change, { input: { id, title: null } })).toBe('TITLE_INVALID');
    expect(await service.code(people.stranger, change, { input: { id, title: 'x' } })).toBe('NOT_FOUND');
  });

  test('the list goes from the last that is due, page by page, without gaps', async () => {
    for (const dueOn of ['2026-10-01', '2026-10-01', null, '2026-10-03', null]) await add({ dueOn, title: `due ${dueOn}` });
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const answer = await service.ask(
        people.teacher,
        `query ($r: [_Any!]!, $after: String) { _entities(representations: $r) { ... on Section {
          assignments(first: 2, after: $after) { nodes { title } pageInfo { hasNextPage endCursor } } } } }`,
        { r: [{ __typename: 'Section', id: ids.algebra }], after },
      );
      const [{ assignments }] = answer.data!['_entities'] as [{ assignments: { nodes: { title: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }]; // prettier-ignore
      seen.push(...assignments.nodes.map(({ title }) => title));
      after = assignments.pageInfo.endCursor;
      more = assignments.pageInfo.hasNextPage;
    }
    expect(seen).toEqual(['due 2026-10-03', 'Quiz 1', 'due 2026-10-01', 'due 2026-10-01', 'due null', 'due null']);
  });
});

describe('scores', () => {
  test('a score is exact: decimal text in, the same number out, extra credit kept', async () => {
    for (const [n, text] of ['0.1', '87.50', '999999.9999', '25', '0'].entries()) {
      expect(await saveOne(people.teacher, ids.ana, text, n)).toMatchObject({ outcome: 'SAVED', revision: n + 1 });
      expect(await points(ids.ana)).toEqual({ points: ['0.1', '87.5', '999999.9999', '25', '0'][n], revision: n + 1 });
    }
  });

  test('one bad cell never loses the good ones; each is told by name, and so again', async () => {
    const other = await add({ title: 'of another section' });
    await service.sql('update assignment set section_id = $1 where id = $2', [ids.otherSection, other.id]);
    const { id: gone } = await add({ title: 'withdrawn' });
    await service.sql(`update assignment set withdrawn_on = '2026-10-01' where id = $1`, [gone]);
    const cells = [
      cell(ids.ben, '12', 0, { late: true, comment: 'better' }),
      cell(ids.dee, '12'),
      cell(ids.ana, '-1'),
      cell(ids.ana, '5', 0, { assignmentId: other.id }),
      cell(ids.ana, '5', 0, { assignmentId: gone }),
      cell(ids.ana, '5', 0, { assignmentId: 'x' }),
      cell(ids.cho, 'NaN'),
      cell(ids.cho, null, 0, { status: 'EXEMPT', assignmentId: quiz.toUpperCase() }),
    ];
    const input = inputOf(cells);
    const first = (await service.data(people.teacher, save, { input })).saveScores;
    expect(first.rows.map((row: { code: string; outcome: string }) => row.code ?? row.outcome)).toEqual([
      ...['SAVED', 'NOT_ENROLLED', 'SCORE_BELOW_MINIMUM', 'ASSIGNMENT_UNKNOWN', 'ASSIGNMENT_UNKNOWN', 'ASSIGNMENT_UNKNOWN'],
      ...['SCORE_NOT_A_NUMBER', 'ASSIGNMENT_UNKNOWN'],
    ]);
    expect((await service.data(people.teacher, save, { input })).saveScores).toEqual({ ...first, replayed: true });
    expect(await service.sql('select late, comment, scored_on::text as on from score')).toEqual([
      { late: true, comment: 'better', on: '2026-10-05' },
    ]);
  });

  test.each([
    [{ value: '100.0000000001' }, 'SCORE_TOO_PRECISE'],
    [{ value: '1000000' }, 'SCORE_OUT_OF_RANGE'],
    [{ value: '' }, 'SCORE_NOT_A_NUMBER'],
    [{ value: '1e309' }, 'SCORE_NOT_A_NUMBER'],
    [{ value: '١٠٠' }, 'SCORE_NOT_A_NUMBER'],
    [{ value: '5\0' }, 'SCORE_NOT_A_NUMBER'],
    [{ textScore: '' }, 'TEXT_SCORE_INVALID'],
    [{ textScore: '\ud800' }, 'TEXT_SCORE_INVALID'],
    [{ comment: 'x'.repeat(256 * 1024) }, 'COMMENT_TOO_LONG'],
    [{ comment: '\0' }, 'TEXT_INVALID'],
    [{ baseRevision: -1 }, 'REVISION_UNKNOWN'],
    [{ baseRevision: 3 }, 'REVISION_UNKNOWN'],
  ])('an odd score is refused alone and by name (%#)', async (odd, code) => {
    const { rows } = await saveScores(people.teacher, [cell(ids.ana, '5', 0, odd), cell(ids.ben, '5')]);
    expect(rows).toMatchObject([{ outcome: 'REFUSED', code }, { outcome: 'SAVED' }]);
    expect(await points(ids.ana)).toBeUndefined();
  });

  test('a stale save is a conflict that is kept; the same score again is none', async () => {
    await saveOne(people.teacher, ids.ana, '10', 0, { comment: 'mine' });
    expect(await saveOne(people.coTeacher, ids.ana, '10.0', 0, { comment: 'mine' })).toMatchObject({ outcome: 'SAVED', revision: 1 });
    expect(await saveOne(people.coTeacher, ids.ana, '10', 0, { comment: 'mine', late: true })).toMatchObject({
      ...{ outcome: 'CONFLICT', revision: 1 },
      current: { value: '10', late: false, comment: 'mine', status: 'FULLY_GRADED', savedBy: { id: people.teacher.subject } },
    });
    const { conflicts } = await service.data(
      people.teacher,
      `query ($s: ID!) { conflicts(sectionId: $s, first: 1) { nodes { value foundValue assignment { id title } gradingPeriod { id } } } }`,
      { s: ids.algebra },
    );
    expect(conflicts.nodes).toEqual([{ value: '10', foundValue: '10', assignment: { id: quiz, title: 'Quiz 1' }, gradingPeriod: null }]);
  });

  test('twenty copies of one save have one effect; its id serves nothing else', async () => {
    const input = inputOf([cell(ids.ana, '7'), cell(ids.ben, '8')]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.data(people.teacher, save, { input })));
    expect(answers.filter(({ saveScores }) => !saveScores.replayed)).toHaveLength(1);
    expect(await points(ids.ana)).toEqual({ points: '7', revision: 1 });
    expect(await service.code(people.teacher, save, { input: { ...input, cells: [cell(ids.ana, '8', 1)] } })).toBe('SAVE_ID_REUSED');
    expect(await service.code(people.teacher, save, { input: inputOf([cell(ids.ana, '8', 1), cell(ids.ana, '9', 1)]) })).toBe(
      'DUPLICATE_CELL',
    );
  });

  test('who may: the teachers of the day, the office with a reason, nobody else', async () => {
    expect(await saveOne(people.substitute, ids.ana, '7')).toMatchObject({ outcome: 'SAVED' });
    expect(await saveOne(people.colleague, ids.ana, '0', 1)).toMatchObject({ code: 'FORBIDDEN', current: null });
    expect(await saveOne(people.principal, ids.ana, '0', 1)).toMatchObject({ code: 'REASON_REQUIRED' });
    expect((await saveScores(people.principal, [cell(ids.ana, '8', 1)], { reason: 'x' })).rows[0]).toMatchObject({ outcome: 'SAVED' });
    expect(await service.code(people.otherPrincipal, save, { input: inputOf([cell(ids.ana, '0', 2)]) })).toBe('NOT_FOUND');
    for (const viewer of [people.counselor, people.clerk, people.parent, people.ana])
      expect(await service.code(viewer, save, { input: inputOf([cell(ids.ana, '0', 2)]) })).toBe('FORBIDDEN');
    expect(await points(ids.ana)).toEqual({ points: '8', revision: 2 });
  });

  test('a roster shows each student the own scores, to those who may see them', async () => {
    const later = await add({ title: 'Quiz 2', dueOn: '2026-10-09' });
    await saveScores(people.teacher, [cell(ids.ana, '10'), cell(ids.ben, '11'), cell(ids.ana, '12', 0, { assignmentId: later.id })]);
    const scores = async (viewer: Viewer) => {
      const answer = await service.entities(
        viewer,
        [ids.ana, ids.ben].map((studentId) => ({ __typename: 'SectionEnrollment', sectionId: ids.algebra, studentId })),
        '... on SectionEnrollment { scores(first: 5) { nodes { value assignment { title } } } }',
      );
      if (answer.errors) return answer.errors[0]!.extensions['code'];
      return (answer.data!['_entities'] as ({ scores: { nodes: { value: string }[] } } | null)[]).map(
        (found) => found?.scores.nodes.map(({ value }) => value) ?? null,
      );
    };
    expect(await scores(people.teacher)).toEqual([['12', '10'], ['11']]);
    expect(await scores(people.counselor)).toEqual([['12', '10'], ['11']]);
    expect(await scores(people.parent)).toEqual([['12', '10'], null]);
    expect(await scores(people.colleague)).toEqual([null, null]);
    expect(await scores(people.stranger)).toEqual([null, null]);
    expect(await scores(people.clerk)).toBe('FORBIDDEN');
  });
});
