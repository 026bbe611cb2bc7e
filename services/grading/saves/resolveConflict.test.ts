import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { ids, newSaveId, openGrading, people, type Grading } from '../testing.ts';

const resolve = `mutation ($input: ResolveConflictInput!) { resolveConflict(input: $input) {
  saveId replayed receivedAt outcome revision code message current { value comment revision savedBy { id } }
  conflict { id value comment resolution resolvedAt resolvedBy { id } } } }`;
const saveMarks = `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome revision } } }`;
const saveScores = `mutation ($input: SaveScoresInput!) { saveScores(input: $input) { rows { outcome revision } } }`;
const list = `query ($s: ID!, $all: Boolean) { conflicts(sectionId: $s, includeResolved: $all) { nodes { id value resolution } } }`;

let service: Grading;
let quiz: string;
beforeAll(async () => {
  service = await openGrading();
  await service.sql(`insert into grading_window (grading_period_id, opens_at, closes_at) values ($1, '2026-10-01Z', '2026-10-10Z')`, [
    ids.fall,
  ]);
  const [row] = await service.sql<{ id: string }>(
    `insert into assignment (school_id, section_id, title) values ($1, $2, 'Quiz') returning id`,
    [ids.school, ids.algebra],
  );
  quiz = row!.id;
});
beforeEach(async () => {
  service.clock.now = new Date('2026-10-05T17:00:00Z');
  await service.sql('delete from mark');
  await service.sql('delete from score');
});
afterAll(() => service.close());

const saveMark = async (viewer: Viewer, value: string, baseRevision: number, comment: string | null = null) => {
  const cells = [{ studentId: ids.ana, value, baseRevision, comment }];
  const input = { saveId: newSaveId(), sectionId: ids.algebra, gradingPeriodId: ids.fall, cells };
  return (await service.data(viewer, saveMarks, { input })).saveMarks.rows[0];
};
const openConflicts = async () => (await service.data(people.teacher, list, { s: ids.algebra })).conflicts.nodes;
/** The co-teacher's C, "mine", loses to the teacher's A. Answers the conflict's id. */
async function disagree(): Promise<string> {
  await saveMark(people.teacher, 'A', 0, 'theirs');
  expect(await saveMark(people.coTeacher, 'C', 0, 'mine')).toMatchObject({ outcome: 'CONFLICT' });
  return (await openConflicts())[0].id;
}
const inputOf = (conflictId: string, resolution: string, more: object = {}) => ({ saveId: newSaveId(), conflictId, resolution, ...more });
const keep = (conflictId: string, baseRevision = 1, more: object = {}) => inputOf(conflictId, 'KEEP_MINE', { baseRevision, ...more });
const resolved = async (viewer: Viewer, input: object) => (await service.data(viewer, resolve, { input })).resolveConflict;
const codeOf = (viewer: Viewer, input: object) => service.code(viewer, resolve, { input });
const stored = async () => (await service.sql('select value, comment, revision from mark where student_id = $1', [ids.ana]))[0];

describe('taking theirs', () => {
  test('leaves the value that stands, and the conflict is shown on request only, with who dismissed it and when', async () => {
    const id = await disagree();
    expect(await resolved(people.coTeacher, inputOf(id, 'TAKE_THEIRS'))).toMatchObject({
      ...{ replayed: false, outcome: 'SAVED', revision: null, code: null, current: null },
      conflict: { id, value: 'C', resolution: 'TAKE_THEIRS', resolvedAt: '2026-10-05T17:00:00.000Z' },
    });
    expect(await stored()).toEqual({ value: 'A', comment: 'theirs', revision: 1 });
    expect((await openConflicts()).map((conflict: { id: string }) => conflict.id)).not.toContain(id);
    const all = (await service.data(people.principal, list, { s: ids.algebra, all: true })).conflicts.nodes;
    expect(all).toContainEqual({ id, value: 'C', resolution: 'TAKE_THEIRS' });
  });
});

describe('keeping mine', () => {
  test('saves the value and the comment that lost, on the revision that was seen now, and says who kept it', async () => {
    const id = await disagree();
    expect(await resolved(people.coTeacher, keep(id))).toMatchObject({
      ...{ outcome: 'SAVED', revision: 2, code: null },
      conflict: { id, resolution: 'KEEP_MINE', resolvedBy: { id: people.coTeacher.subject } },
    });
    expect(await stored()).toEqual({ value: 'C', comment: 'mine', revision: 2 });
  });

  test('of a score keeps everything that was said of it', async () => {
    const cell = (value: string, more: object) => ({ assignmentId: quiz, studentId: ids.ben, baseRevision: 0, value, ...more });
    const save = (viewer: Viewer, one: object) =>
      service.data(viewer, saveScores, { input: { saveId: newSaveId(), sectionId: ids.algebra, cells: [one] } });
    await save(people.teacher, cell('10', {}));
    await save(people.coTeacher, cell('7.5', { late: true, textScore: 'seven', status: 'PARTIALLY_GRADED', comment: 'late' }));
    const [conflict] = await openConflicts();
    expect(await resolved(people.coTeacher, keep(conflict.id))).toMatchObject({ outcome: 'SAVED', revision: 2 });
    expect(await service.sql('select points, text_score, status, late, missing, comment from score')).toEqual([
      { points: '7.5', text_score: 'seven', status: 'PARTIALLY_GRADED', late: true, missing: false, comment: 'late' },
    ]);
  });

  test('on a revision that has passed is a conflict again: what stands is shown, and a new conflict keeps the value', async () => {
    const id = await disagree();
    await saveMark(people.teacher, 'B', 1);
    const answer = await resolved(people.coTeacher, keep(id));
    expect(answer).toMatchObject({ outcome: 'CONFLICT', code: 'CONFLICT', revision: 2, current: { value: 'B', revision: 2 } });
    expect(answer.conflict).toMatchObject({ value: 'C', comment: 'mine', resolution: null });
    expect(answer.conflict.id).not.toBe(id);
    expect(await stored()).toMatchObject({ value: 'B', revision: 2 });
    const open = (await openConflicts()).map((conflict: { id: string }) => conflict.id);
    expect(open).toContain(answer.conflict.id);
    expect(open).not.toContain(id);
    expect(await resolved(people.coTeacher, keep(answer.conflict.id, 2))).toMatchObject({ outcome: 'SAVED', revision: 3 });
  });

  test.each([
    ['after the window has closed', 'WINDOW_CLOSED', async () => void (service.clock.now = new Date('2026-10-12T17:00:00Z'))],
    ['of a student who has left', 'NOT_ENROLLED', () => hear({ students: [] })],
    ['of a cancelled section', 'SECTION_CANCELLED', () => hear({ cancelled: true })],
    ['that is no longer on the scale', 'VALUE_NOT_ON_SCALE', () => setScale(['A', 'B'])],
  ])('%s is refused as any save is, and the conflict stays', async (_, code, happen) => {
    const id = await disagree();
    await happen();
    try {
      const input = keep(id);
      const answer = await resolved(people.coTeacher, input);
      expect(answer).toMatchObject({ outcome: 'REFUSED', code, conflict: { id, resolution: null } });
      expect(await resolved(people.coTeacher, input)).toEqual({ ...answer, replayed: true });
      expect(await stored()).toMatchObject({ value: 'A', revision: 1 });
    } finally {
      await hear({});
      await service.sql('delete from mark_scale where school_id is not null');
    }
  });
  const hear = (changes: object) => service.hear('scheduling', 'SectionChanged', { ...service.algebra, ...changes });
  const setScale = (values: string[]) =>
    service.sql('insert into mark_scale (school_id, mark_values) values ($1, $2)', [ids.school, values]);
});

describe('once', () => {
  test.each(['TAKE_THEIRS', 'KEEP_MINE'])(
    '%s sent again is answered the same and changes nothing; its saveId serves nothing else',
    async (resolution) => {
      const input = inputOf(await disagree(), resolution, { baseRevision: 1 });
      const first = await resolved(people.coTeacher, input);
      await saveMark(people.teacher, 'B', first.revision ?? 1);
      service.clock.now = new Date('2027-02-05T17:00:00Z');
      expect(await resolved(people.coTeacher, input)).toEqual({ ...first, replayed: true });
      expect(await stored()).toMatchObject({ value: 'B' });
      expect(await codeOf(people.teacher, input)).toBe('SAVE_ID_REUSED');
      expect(await codeOf(people.coTeacher, { ...input, baseRevision: 2, resolution: 'KEEP_MINE' })).toBe('SAVE_ID_REUSED');
    },
  );

  test('a resolution does not take the id of a save that was made before', async () => {
    const id = await disagree();
    const [save] = await service.sql<{ id: string }>('select id from save limit 1');
    for (const resolution of ['TAKE_THEIRS', 'KEEP_MINE'])
      expect(await codeOf(people.coTeacher, inputOf(id, resolution, { saveId: save!.id, baseRevision: 1 }))).toBe('SAVE_ID_REUSED');
    expect((await openConflicts())[0].id).toBe(id);
  });

  test('twenty copies of one resolution at the same moment have one effect', async () => {
    const input = keep(await disagree());
    const answers = await Promise.all(Array.from({ length: 20 }, () => resolved(people.coTeacher, input)));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await stored()).toEqual({ value: 'C', comment: 'mine', revision: 2 });
  });

  test('of two who resolve one conflict at once one does, and the other is told', async () => {
    for (let round = 0; round < 10; round++) {
      await service.sql('delete from mark');
      const id = await disagree();
      const outcomes = await Promise.all([
        service.ask(people.coTeacher, resolve, { input: keep(id) }),
        service.ask(people.teacher, resolve, { input: inputOf(id, 'TAKE_THEIRS') }),
      ]);
      const codes = outcomes.map(({ errors }) => errors?.[0]?.extensions['code'] ?? 'DONE');
      expect(codes.toSorted()).toEqual(['CONFLICT_RESOLVED', 'DONE']);
      expect(await stored()).toMatchObject(codes[0] === 'DONE' ? { value: 'C', revision: 2 } : { value: 'A', revision: 1 });
    }
  });

  test('what was resolved stays as it was resolved, also for who keeps the database', async () => {
    const id = await disagree();
    await resolved(people.teacher, inputOf(id, 'TAKE_THEIRS'));
    for (const sql of [`update conflict set resolution = 'KEEP_MINE' where id = $1`, 'delete from conflict where id = $1'])
      await expect(service.sql(sql, [id])).rejects.toThrow('resolved once');
  });
});

describe('who may', () => {
  test('the office with a reason, which is kept', async () => {
    const id = await disagree();
    for (const input of [keep(id), inputOf(id, 'TAKE_THEIRS')]) expect(await codeOf(people.principal, input)).toBe('REASON_REQUIRED');
    const { saveId } = await resolved(people.principal, keep(id, 1, { reason: 'asked both' }));
    expect(await service.sql('select reason, subject from save where id = $1', [saveId])).toEqual([
      { reason: 'asked both', subject: people.principal.subject },
    ]);
  });

  test.each([
    ['a teacher without this class', people.colleague, 'FORBIDDEN'],
    ['the counselor', people.counselor, 'FORBIDDEN'],
    ['the clerk', people.clerk, 'FORBIDDEN'],
    ['a parent', people.parent, 'FORBIDDEN'],
    ['a vendor', people.vendor, 'FORBIDDEN'],
    ['a teacher of another school', people.stranger, 'NOT_FOUND'],
    ['the principal of another school', people.otherPrincipal, 'NOT_FOUND'],
  ])('not %s', async (_, viewer, code) => {
    const id = await disagree();
    for (const input of [keep(id, 1, { reason: 'x' }), inputOf(id, 'TAKE_THEIRS', { reason: 'x' })])
      expect(await codeOf(viewer, input)).toBe(code);
    expect((await openConflicts())[0].id).toBe(id);
    expect(await service.sql('select from save where subject = $1', [viewer.subject])).toEqual([]);
  });

  test('a substitute whose day is over does not', async () => {
    const id = await disagree();
    service.clock.now = new Date('2026-10-06T17:00:00Z');
    expect(await codeOf(people.substitute, keep(id))).toBe('FORBIDDEN');
  });

  test.each([
    ['a conflict that is none', { conflictId: ids.ana }, 'NOT_FOUND'],
    ['an id that is none', { conflictId: '' }, 'NOT_FOUND'],
    ['a saveId that is none', { saveId: '00000000-0000-0000-0000-000000000000' }, 'SAVE_ID_INVALID'],
    ['no revision', { baseRevision: null }, 'REVISION_REQUIRED'],
    ['a revision below 0', { baseRevision: -1 }, 'REVISION_REQUIRED'],
    ['a reason that cannot be stored', { reason: 'a\0' }, 'TEXT_INVALID'],
  ])('%s is told by name', async (_, odd, code) => {
    expect(await codeOf(people.coTeacher, { ...keep(await disagree()), ...odd })).toBe(code);
  });

  test('a revision that never was is refused, and the conflict stays', async () => {
    const id = await disagree();
    expect(await resolved(people.coTeacher, keep(id, 2 ** 31 - 1))).toMatchObject({ outcome: 'REFUSED', code: 'REVISION_UNKNOWN', conflict: { resolution: null } }); // prettier-ignore
  });
});
