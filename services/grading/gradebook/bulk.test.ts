import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { refuse, type Viewer } from '@rollbook/school';
import { ids, idOf, newSaveId, openGrading, people, type Grading } from '../testing.ts';
import { listedOnce } from './receipts.ts';

let service: Grading;
let quiz: string;
let essay: string;
beforeAll(async () => {
  service = await openGrading();
});
beforeEach(async () => {
  for (const table of ['score', 'assignment', 'category', 'gradebook_rules']) await service.sql(`delete from ${table}`);
  quiz = await add('Quiz 1');
  essay = await add('Essay');
});
afterAll(() => service.close());

const typeOf = (name: string) => `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
const rowFields = 'replayed rows { studentId assignmentId outcome code revision current { value } }';
const verb = async (viewer: Viewer, name: string, input: object, fields = rowFields) =>
  (await service.data(viewer, `mutation ($i: ${typeOf(name)}!) { ${name}(input: $i) { ${fields} } }`, { i: input }))[name];
const code = (viewer: Viewer, name: string, input: object) =>
  service.code(viewer, `mutation ($i: ${typeOf(name)}!) { ${name}(input: $i) { __typename } }`, { i: input });

const add = async (title: string, more: object = {}) =>
  (await verb(people.teacher, 'addAssignment', { sectionId: ids.algebra, title, highest: '20', ...more }, 'id')).id as string;
const here = () => ({ saveId: newSaveId(), sectionId: ids.algebra });
const cell = (name: string, value: string | null, baseRevision = 0, more: object = {}) => ({
  ...{ assignmentId: quiz, studentId: idOf(name), value, baseRevision },
  ...more,
});
const save = (...cells: object[]) => verb(people.teacher, 'saveScores', { ...here(), cells });
const fill = (more: object, viewer: Viewer = people.teacher) =>
  verb(viewer, 'fillScores', { ...here(), assignmentId: quiz, whom: 'WITHOUT_SCORE', ...more });
const undo = (undoneSaveId: string, more: object = {}, viewer: Viewer = people.teacher) =>
  verb(viewer, 'undoScores', { ...here(), undoneSaveId, ...more });

const names = new Map(['Ana', 'Ben', 'Cho', 'Dee'].map((name) => [idOf(name), name]));
/** What stands: by student, the value (or the words, or a dash) and the revision. */
async function standing(assignmentId = quiz): Promise<Record<string, string>> {
  const rows = await service.sql('select student_id, points, text_score, status, missing, revision from score where assignment_id = $1', [assignmentId]); // prettier-ignore
  return Object.fromEntries(
    rows.map((row) => [
      names.get(row['student_id'] as string)!,
      `${row['points'] ?? row['text_score'] ?? (row['missing'] ? 'missing' : row['status'] === 'EXEMPT' ? 'exempt' : '-')}@${row['revision']}`,
    ]),
  );
}
const outcomes = ({ rows }: { rows: { studentId: string; code: string | null; outcome: string }[] }) =>
  Object.fromEntries(rows.map((row) => [names.get(row.studentId)!, row.code ?? row.outcome]));

describe('filling', () => {
  test('those who have no score get it, and nobody else; who left the section is not filled', async () => {
    await save(cell('Ana', '17'), cell('Ben', null, 0, { status: 'EXEMPT' }));
    expect(outcomes(await fill({ value: '0', missing: true }))).toEqual({ Cho: 'SAVED' });
    expect(await standing()).toEqual({ Ana: '17@1', Ben: 'exempt@1', Cho: '0@1' });
    expect(await code(people.teacher, 'fillScores', { ...here(), assignmentId: quiz, whom: 'WITHOUT_SCORE', value: '0' })).toBe(
      'NOTHING_TO_FILL',
    );
  });

  test('a score that was cleared is none', async () => {
    await save(cell('Ana', '17'), cell('Ben', '9'), cell('Cho', '8'));
    await save(cell('Ana', null, 1));
    expect(outcomes(await fill({ value: '5' }))).toEqual({ Ana: 'SAVED' });
    expect(await standing()).toEqual({ Ana: '5@3', Ben: '9@1', Cho: '8@1' });
  });

  test('everybody gets it; a score that the sender had not seen is a conflict, and stands', async () => {
    await save(cell('Ana', '17'), cell('Ben', '12'));
    const seen = [{ studentId: ids.ana, revision: 1 }];
    expect(outcomes(await fill({ whom: 'EVERYBODY', value: '20', seen }))).toEqual({ Ana: 'SAVED', Ben: 'CONFLICT', Cho: 'SAVED' });
    expect(await standing()).toEqual({ Ana: '20@2', Ben: '12@1', Cho: '20@1' });
  });

  test('a fill sent again, or twenty times at once, has one effect and one answer', async () => {
    const input = { ...here(), assignmentId: quiz, whom: 'WITHOUT_SCORE', value: '3.0' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => verb(people.teacher, 'fillScores', input)));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ rows }) => JSON.stringify(rows))).size).toBe(1);
    expect(await standing()).toEqual({ Ana: '3@1', Ben: '3@1', Cho: '3@1' });
    expect(await code(people.teacher, 'fillScores', { ...input, value: '4' })).toBe('SAVE_ID_REUSED');
    expect(await code(people.teacher, 'fillScores', { ...input, assignmentId: essay })).toBe('SAVE_ID_REUSED');
  });

  test('copies of a fill that list otherwise, because somebody saves between them, are one fill all the same', async () => {
    let tries = 0;
    const save = async () => (++tries === 1 ? refuse('SAVE_ID_REUSED', 'listed otherwise') : 'the answer of the first');
    expect(await listedOnce(save)).toBe('the answer of the first');
    const reused = async () => refuse('SAVE_ID_REUSED', 'another save');
    await expect(listedOnce(reused)).rejects.toThrow('another save');
    for (let n = 0; n < 10; n++) {
      const assignmentId = await add(`Lab ${n}`);
      const input = { ...here(), assignmentId, whom: 'WITHOUT_SCORE', value: '3' };
      const between = { ...here(), cells: [cell('Ana', '19', 0, { assignmentId })] };
      const copy = () => verb(people.teacher, 'fillScores', input);
      const [first, , ...others] = await Promise.all([copy(), verb(people.coTeacher, 'saveScores', between), copy(), copy()]);
      for (const other of others) expect(other.rows).toEqual(first.rows);
      expect(await standing(assignmentId)).toMatchObject({ Ben: '3@1', Cho: '3@1' });
    }
  });

  test.each([
    [{ value: 'x' }, 'SCORE_NOT_A_NUMBER'],
    [{ value: '1.00001' }, 'SCORE_TOO_PRECISE'],
    [{ value: '1', daysLate: 2 }, 'DAYS_LATE_INVALID'],
    [{ value: '1', late: true, daysLate: 367 }, 'DAYS_LATE_INVALID'],
    [{ assignmentId: 'x' }, 'ASSIGNMENT_UNKNOWN'],
    [{ sectionId: idOf('none') }, 'NOT_FOUND'],
    [{ saveId: 'x' }, 'SAVE_ID_INVALID'],
  ])('what is odd is refused by name (%#)', async (odd, refusal) => {
    expect(await code(people.teacher, 'fillScores', { ...here(), assignmentId: quiz, whom: 'EVERYBODY', ...odd })).toBe(refusal);
    expect(await standing()).toEqual({});
  });

  test('who may: those who teach the section, the office with a reason', async () => {
    const input = { ...here(), assignmentId: quiz, whom: 'EVERYBODY', value: '1' };
    for (const viewer of [people.colleague, people.counselor, people.parent])
      expect(await code(viewer, 'fillScores', input)).toBe('FORBIDDEN');
    expect(outcomes(await fill({ value: '1' }, people.principal))).toMatchObject({ Ana: 'REASON_REQUIRED' });
    expect(outcomes(await fill({ value: '1', reason: 'She is ill' }, people.principal))).toMatchObject({ Ana: 'SAVED' });
  });
});

describe('taking back', () => {
  test('a bulk save is undone: what was before stands again, and what was not is empty', async () => {
    await save(cell('Ana', '17', 0, { late: true, daysLate: 3, comment: 'better' }));
    const saveId = newSaveId();
    const seen = [{ studentId: ids.ana, revision: 1 }];
    await fill({ saveId, whom: 'EVERYBODY', value: '0', seen });
    expect(outcomes(await undo(saveId))).toEqual({ Ana: 'SAVED', Ben: 'SAVED', Cho: 'SAVED' });
    expect(await standing()).toEqual({ Ana: '17@3', Ben: '-@2', Cho: '-@2' });
    expect(await service.sql('select late, days_late, comment from score where student_id = $1', [ids.ana])).toEqual([
      { late: true, days_late: 3, comment: 'better' },
    ]);
  });

  test('what was changed since stays, and is told; what was refused or lost is none of it', async () => {
    await save(cell('Ben', '12'));
    const saveId = newSaveId();
    await fill({ saveId, whom: 'EVERYBODY', value: '0' });
    await save(cell('Ana', '9', 1));
    const undoId = newSaveId();
    expect(outcomes(await undo(saveId, { saveId: undoId }))).toEqual({ Ana: 'CHANGED_SINCE', Cho: 'SAVED' });
    expect(await standing()).toEqual({ Ana: '9@2', Ben: '12@1', Cho: '-@2' });
    // Nothing of it is left now.
    expect(await code(people.teacher, 'undoScores', { ...here(), undoneSaveId: saveId })).toBe('NOTHING_TO_UNDO');
    expect(await service.sql('select from conflict where save_id = $1', [undoId])).toEqual([]);
  });

  test('what somebody changes at the same moment is not overwritten: it was restored first, or it stays', async () => {
    for (let n = 0; n < 10; n++) {
      const { id: lab } = await verb(people.teacher, 'addAssignment', { sectionId: ids.algebra, title: `Lab ${n}`, highest: '20' }, 'id');
      const saveId = newSaveId();
      await fill({ saveId, assignmentId: lab, value: '2' });
      const change = { ...here(), cells: [cell('Ana', '19', 1, { assignmentId: lab })] };
      const [undone, changed] = await Promise.all([undo(saveId), verb(people.coTeacher, 'saveScores', change)]);
      const outcome = outcomes(undone)['Ana'];
      const isRestored = outcome === 'SAVED';
      expect(['SAVED', 'CHANGED_SINCE', 'CONFLICT']).toContain(outcome);
      expect(outcomes(changed)).toEqual({ Ana: isRestored ? 'CONFLICT' : 'SAVED' });
      expect(await standing(lab)).toEqual({ Ana: isRestored ? '-@2' : '19@2', Ben: '-@2', Cho: '-@2' });
    }
  });

  test('an undo sent again has one effect, and an undo can be undone', async () => {
    const [saveId, undoId] = [newSaveId(), newSaveId()];
    await fill({ saveId, value: '11' });
    const input = { ...here(), saveId: undoId, undoneSaveId: saveId };
    const first = await verb(people.teacher, 'undoScores', input);
    expect(await verb(people.teacher, 'undoScores', input)).toEqual({ ...first, replayed: true });
    expect(await standing()).toEqual({ Ana: '-@2', Ben: '-@2', Cho: '-@2' });
    await undo(undoId);
    expect(await standing()).toEqual({ Ana: '11@3', Ben: '11@3', Cho: '11@3' });
  });

  test('several assignments at once are one operation, and one undo', async () => {
    const saveId = newSaveId();
    const cells = [quiz, essay].flatMap((assignmentId) => ['Ana', 'Ben', 'Cho'].map((name) => cell(name, '4', 0, { assignmentId })));
    await verb(people.teacher, 'saveScores', { ...here(), saveId, cells });
    expect((await undo(saveId)).rows).toHaveLength(6);
    expect([await standing(quiz), await standing(essay)]).toEqual([
      { Ana: '-@2', Ben: '-@2', Cho: '-@2' },
      { Ana: '-@2', Ben: '-@2', Cho: '-@2' },
    ]);
  });

  test('who may, and of what: a save of scores of this section', async () => {
    const saveId = newSaveId();
    await fill({ saveId, value: '11' });
    for (const viewer of [people.colleague, people.counselor, people.parent])
      expect(await code(viewer, 'undoScores', { ...here(), undoneSaveId: saveId })).toBe('FORBIDDEN');
    for (const undoneSaveId of ['x', newSaveId()])
      expect(await code(people.teacher, 'undoScores', { ...here(), undoneSaveId })).toBe('SAVE_UNKNOWN');
    expect(outcomes(await undo(saveId, {}, people.principal))).toMatchObject({ Ana: 'REASON_REQUIRED' });
    expect(outcomes(await undo(saveId, { reason: 'It was the wrong class' }, people.coTeacher))).toMatchObject({ Ana: 'SAVED' });
  });

  test('500 cells are filled in one save and taken back in one', async () => {
    const more = Array.from({ length: 164 }, (_, n) => ({ studentId: idOf(`pupil ${n}`), begins: '2026-08-17', ends: '2026-12-19' }));
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, students: [...service.algebra.students, ...more] });
    const third = await add('Lab');
    const everybody = [ids.ana, ids.ben, ...more.map(({ studentId }) => studentId)];
    const cells = [quiz, essay, third].flatMap((assignmentId) => everybody.map((studentId) => ({ assignmentId, studentId, value: '19.9999', baseRevision: 0 }))); // prettier-ignore
    const saveId = newSaveId();
    const saved = await verb(people.teacher, 'saveScores', { ...here(), saveId, cells: [...cells, cell('Cho', '19.9999'), cell('Cho', '1', 0, { assignmentId: essay })] }); // prettier-ignore
    expect(saved.rows).toHaveLength(500);
    expect((await undo(saveId)).rows.filter(({ outcome }: { outcome: string }) => outcome === 'SAVED')).toHaveLength(500);
    const [count] = await service.sql('select count(*)::integer as n, max(revision) as most, count(points)::integer as scored from score');
    expect(count).toEqual({ n: 500, most: 2, scored: 0 });
    await service.hear('scheduling', 'SectionChanged', service.algebra);
  });
});

describe('days late', () => {
  test('are kept with the score, its history and its conflicts', async () => {
    await save(cell('Ana', '17', 0, { late: true, daysLate: 3 }));
    expect(
      await verb(people.coTeacher, 'saveScores', { ...here(), cells: [cell('Ana', '17', 0, { late: true, daysLate: 3 })] }),
    ).toMatchObject({
      rows: [{ outcome: 'SAVED', revision: 1 }],
    });
    const conflict = await verb(people.coTeacher, 'saveScores', { ...here(), cells: [cell('Ana', '17', 0, { late: true, daysLate: 4 })] }, 'rows { outcome current { daysLate late } }'); // prettier-ignore
    expect(conflict.rows).toEqual([{ outcome: 'CONFLICT', current: { daysLate: 3, late: true } }]);
    const [lost] = await service.sql('select id from conflict where assignment_id = $1', [quiz]);
    const keep = { saveId: newSaveId(), conflictId: lost!['id'], resolution: 'KEEP_MINE', baseRevision: 1 };
    expect(await verb(people.coTeacher, 'resolveConflict', keep, 'outcome revision')).toEqual({ outcome: 'SAVED', revision: 2 });
    const { scoreHistory } = await service.data(
      people.teacher,
      `query ($s: ID!, $p: ID!, $a: ID!) { scoreHistory(sectionId: $s, studentId: $p, assignmentId: $a) { revision daysLate } }`,
      { s: ids.algebra, p: ids.ana, a: quiz },
    );
    expect(scoreHistory).toEqual([{ revision: 1, daysLate: 3 }, { revision: 2, daysLate: 4 }]); // prettier-ignore
  });

  test('are refused of work that is not late', async () => {
    const { rows } = await save(cell('Ana', '17', 0, { daysLate: 3 }), cell('Ben', '17', 0, { late: true, daysLate: 0 }));
    expect(rows.map((row: { code: string }) => row.code)).toEqual(['DAYS_LATE_INVALID', 'DAYS_LATE_INVALID']);
  });
});

describe('copying a gradebook', () => {
  const target = idOf('Algebra 1, this year');
  const copy = (more: object = {}, viewer: Viewer = people.teacher) =>
    verb(
      viewer,
      'copyGradebook',
      { fromSectionId: ids.algebra, toSectionId: target, ...more },
      'section { id } categories assignments shiftDays',
    );
  const copyCode = (more: object, viewer: Viewer = people.teacher) =>
    code(viewer, 'copyGradebook', { fromSectionId: ids.algebra, toSectionId: target, ...more });

  beforeAll(async () => {
    const year = { begins: '2027-08-12', ends: '2027-12-18' };
    const teachers = [{ staffId: people.teacher.subject, role: 'TEACHER_OF_RECORD', begins: '2026-08-17', ends: null }];
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, id: target, ...year, teachers, students: [] });
  });
  beforeEach(async () => {
    const tests = (await verb(people.teacher, 'addCategory', { sectionId: ids.algebra, title: 'Tests', weight: 100, dropLowest: 1 }, 'id'))
      .id;
    await verb(people.teacher, 'changeAssignment', { id: quiz, categoryId: tests, dueOn: '2026-10-02', assignedOn: '2026-09-25', extraCredit: true, gradingPeriodId: ids.fall }, 'id'); // prettier-ignore
    await verb(people.teacher, 'changeGradebook', { sectionId: ids.algebra, method: 'WEIGHTED', places: 1 }, 'method');
    await save(cell('Ana', '17'));
  });

  test('categories, settings and assignments come along, on the same day of the week; scores do not', async () => {
    // From 17 August 2026 to 12 August 2027 are 360 days, 51.4 weeks: 51 weeks, 357 days.
    expect(await copy()).toEqual({ section: { id: target }, categories: 1, assignments: 2, shiftDays: 357 });
    expect(
      await service.sql(
        `select a.title, a.due_on::text as due, a.assigned_on::text as given, a.extra_credit as extra, a.grading_period_id as period, c.title as category,
                c.section_id = a.section_id as own, c.drop_lowest as drop
           from assignment a left join category c on c.id = a.category_id where a.section_id = $1 order by a.title`,
        [target],
      ),
    ).toEqual([
      { title: 'Essay', due: null, given: null, extra: false, period: null, category: null, own: null, drop: null },
      { title: 'Quiz 1', due: '2027-09-24', given: '2027-09-17', extra: true, period: null, category: 'Tests', own: true, drop: 1 },
    ]);
    expect(await service.sql(`select rules ->> 'method' as method from gradebook_rules where section_id = $1`, [target])).toEqual([
      { method: 'WEIGHTED' },
    ]);
    expect(await service.sql('select count(*)::integer as n from score')).toEqual([{ n: 1 }]);
    expect(await copyCode({})).toBe('GRADEBOOK_NOT_EMPTY');
  });

  test('moved by no day, assignments keep their grading period', async () => {
    expect(await copy({ shiftDays: 0 })).toMatchObject({ shiftDays: 0 });
    expect(await service.sql(`select grading_period_id as period, due_on::text as due from assignment where section_id = $1 and title = 'Quiz 1'`, [target])).toEqual([
      { period: ids.fall, due: '2026-10-02' },
    ]); // prettier-ignore
  });

  test('who may, and what is odd', async () => {
    expect(await copyCode({}, people.coTeacher)).toBe('FORBIDDEN'); // teaches the one alone
    expect(await copyCode({}, people.stranger)).toBe('NOT_FOUND');
    expect(await copyCode({}, people.principal)).toBe('REASON_REQUIRED');
    expect(await copyCode({ toSectionId: ids.algebra })).toBe('SAME_SECTION');
    expect(await copyCode({ fromSectionId: 'x' })).toBe('NOT_FOUND');
    expect(await copyCode({ shiftDays: 3_661 })).toBe('SHIFT_INVALID');
    expect(await copyCode({ fromSectionId: target, toSectionId: ids.algebra })).toBe('GRADEBOOK_NOT_EMPTY');
    for (const table of ['score', 'assignment', 'category']) await service.sql(`delete from ${table}`);
    expect(await copyCode({})).toBe('NOTHING_TO_COPY');
    expect(await service.sql('select from gradebook_rules where section_id = $1', [target])).toEqual([]);
  });
});
