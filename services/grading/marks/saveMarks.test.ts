import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { ids, idOf, newSaveId, openGrading, people, type Grading } from '../testing.ts';

const save = `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) {
  saveId replayed receivedAt rows { studentId outcome revision code message current { value comment status revision savedAt savedBy { id } } } } }`;
const post = `mutation ($input: PostMarksInput!) { postMarks(input: $input) { saveId replayed rows { studentId outcome revision code current { value } } } }`;

let service: Grading;
beforeAll(async () => {
  service = await openGrading();
});
beforeEach(async () => {
  service.clock.now = new Date('2026-10-05T17:00:00Z');
  await service.sql('delete from mark');
  await service.sql('delete from grading_window');
  await service.sql(`insert into grading_window (grading_period_id, opens_at, closes_at) values ($1, '2026-10-01Z', '2026-10-10Z')`, [
    ids.fall,
  ]);
  await service.hear('scheduling', 'SectionChanged', service.algebra);
});
afterAll(() => service.close());

const cell = (studentId: string, value: string | null, baseRevision = 0, more: object = {}) => ({
  studentId,
  value,
  baseRevision,
  ...more,
});
const inputOf = (cells: object[], more: object = {}) => ({
  ...{ saveId: newSaveId(), sectionId: ids.algebra, gradingPeriodId: ids.fall, cells },
  ...more,
});
const saveMarks = async (viewer: Viewer, cells: object[], more: object = {}) =>
  (await service.data(viewer, save, { input: inputOf(cells, more) })).saveMarks;
const saveOne = async (viewer: Viewer, ...args: Parameters<typeof cell>) => (await saveMarks(viewer, [cell(...args)])).rows[0];
const postMarks = async (viewer: Viewer, cells: object[], more: object = {}) =>
  (await service.data(viewer, post, { input: inputOf(cells, more) })).postMarks.rows;
const storedMark = async (studentId: string) =>
  (await service.sql('select value, comment, status, revision from mark where student_id = $1', [studentId]))[0];

describe('who may', () => {
  test('the teacher of record, a co-teacher and a substitute of the day save; nobody else does', async () => {
    expect(await saveOne(people.teacher, ids.ana, 'A')).toMatchObject({ outcome: 'SAVED', revision: 1, code: null });
    expect(await saveOne(people.coTeacher, ids.ben, 'B')).toMatchObject({ outcome: 'SAVED', revision: 1 });
    expect(await saveOne(people.substitute, ids.cho, 'C')).toMatchObject({ outcome: 'SAVED', revision: 1 });
    expect(await saveOne(people.colleague, ids.ana, 'F', 1)).toMatchObject({ outcome: 'REFUSED', code: 'FORBIDDEN', current: null });
    for (const viewer of [people.counselor, people.clerk, people.parent, people.ana, people.vendor])
      expect(await service.code(viewer, save, { input: inputOf([cell(ids.ana, 'F', 1)]) })).toBe('FORBIDDEN');
    expect(await storedMark(ids.ana)).toMatchObject({ value: 'A', revision: 1 });
  });

  test("a substitute's right ends with the day at the school, not in Greenwich", async () => {
    service.clock.now = new Date('2026-10-06T06:59:00Z');
    expect(await saveOne(people.substitute, ids.ana, 'A')).toMatchObject({ outcome: 'SAVED' });
    service.clock.now = new Date('2026-10-06T07:00:00Z');
    expect(await saveOne(people.substitute, ids.ben, 'A')).toMatchObject({ outcome: 'REFUSED', code: 'FORBIDDEN' });
  });

  test('a section of another school is as if it were not there, and leaves no receipt', async () => {
    for (const viewer of [people.stranger, people.otherPrincipal])
      expect(await service.code(viewer, save, { input: inputOf([cell(ids.ana, 'A')]) })).toBe('NOT_FOUND');
    expect(await service.code(people.teacher, save, { input: inputOf([cell(ids.ana, 'A')], { sectionId: 'Algebra' }) })).toBe('NOT_FOUND');
    expect(await service.sql('select from save where subject = $1', [people.stranger.subject])).toEqual([]);
  });

  test('the office acts for a teacher only with a reason, which is kept', async () => {
    expect(await saveOne(people.principal, ids.ana, 'A')).toMatchObject({ outcome: 'REFUSED', code: 'REASON_REQUIRED' });
    const reason = 'clerical error, Education Code 49066';
    const { saveId, rows } = await saveMarks(people.principal, [cell(ids.ana, 'A')], { reason });
    expect(rows[0]).toMatchObject({ outcome: 'SAVED' });
    expect(await service.sql('select reason from save where id = $1', [saveId])).toEqual([{ reason }]);
    expect((await saveMarks(people.administrator, [cell(ids.ana, 'B', 1)], { reason })).rows[0]).toMatchObject({
      outcome: 'SAVED',
      revision: 2,
    });
  });
});

describe('row by row', () => {
  test('one bad cell never loses the good ones', async () => {
    const { rows } = await saveMarks(people.teacher, [
      cell(ids.cho, 'A+'),
      cell(ids.dee, 'A'),
      cell(idOf('nobody'), 'A'),
      cell('not an id', 'A'),
      cell(ids.ben, 'Q'),
      cell(ids.ana, 'B', 0, { comment: 'Works well. 🙂 שלום' }),
    ]);
    expect(rows.map((row: { outcome: string; code: string }) => row.code ?? row.outcome)).toEqual([
      ...['SAVED', 'NOT_ENROLLED', 'NOT_ENROLLED', 'NOT_ENROLLED', 'VALUE_NOT_ON_SCALE', 'SAVED'],
    ]);
    expect(rows.map((row: { studentId: string }) => row.studentId)[3]).toBe('not an id');
    expect(await storedMark(ids.ana)).toMatchObject({ comment: 'Works well. 🙂 שלום', status: 'DRAFT' });
    expect(await storedMark(ids.dee)).toBeUndefined();
  });

  test.each([
    [{ value: '' }, 'VALUE_NOT_ON_SCALE'],
    [{ value: '  ' }, 'VALUE_NOT_ON_SCALE'],
    [{ value: 'A ' }, 'VALUE_NOT_ON_SCALE'],
    [{ value: 'a' }, 'VALUE_NOT_ON_SCALE'],
    [{ value: 'NaN' }, 'VALUE_NOT_ON_SCALE'],
    [{ value: '-0' }, 'VALUE_NOT_ON_SCALE'],
    [{ value: '١' }, 'VALUE_NOT_ON_SCALE'],
    [{ value: 'A\0' }, 'VALUE_NOT_ON_SCALE'],
    [{ value: '\ud800' }, 'VALUE_NOT_ON_SCALE'],
    [{ value: "Robert'); DROP TABLE mark" }, 'VALUE_NOT_ON_SCALE'],
    [{ comment: 'x'.repeat(8_001) }, 'COMMENT_TOO_LONG'],
    [{ comment: 'x'.repeat(256 * 1024) }, 'COMMENT_TOO_LONG'],
    [{ comment: 'a\0b' }, 'TEXT_INVALID'],
    [{ comment: 'half \udc00' }, 'TEXT_INVALID'],
    [{ comment: ' \n' }, 'COMMENT_BLANK'],
    [{ baseRevision: -1 }, 'REVISION_UNKNOWN'],
    [{ baseRevision: 7 }, 'REVISION_UNKNOWN'],
    [{ baseRevision: 2 ** 31 - 1 }, 'REVISION_UNKNOWN'],
  ])('an odd cell is refused alone and by name, and so again when resent (%#)', async (odd, code) => {
    const input = inputOf([cell(ids.ana, 'A', 0, odd), cell(ids.ben, 'B')]);
    const first = (await service.data(people.teacher, save, { input })).saveMarks;
    expect(first.rows).toMatchObject([{ outcome: 'REFUSED', code }, { outcome: 'SAVED' }]);
    expect(first.rows[0].message).toMatch(/\w/);
    expect((await service.data(people.teacher, save, { input })).saveMarks).toEqual({ ...first, replayed: true });
    expect(await storedMark(ids.ana)).toBeUndefined();
  });

  test.each([
    [{ cells: [cell(ids.ana, 'A'), cell(ids.ana, 'B')] }, 'DUPLICATE_CELL'],
    [{ cells: [] }, 'NO_CELLS'],
    [{ cells: Array.from({ length: 5001 }, (_, n) => cell(idOf(`${n}`), 'A')) }, 'TOO_MANY_CELLS'],
    [{ saveId: '00000000-0000-0000-0000-000000000000' }, 'SAVE_ID_INVALID'],
    [{ saveId: newSaveId().toUpperCase() }, 'SAVE_ID_INVALID'],
    [{ saveId: crypto.randomUUID() }, 'SAVE_ID_INVALID'],
    [{ gradingPeriodId: idOf('no such period') }, 'GRADING_PERIOD_UNKNOWN'],
    [{ gradingPeriodId: '' }, 'GRADING_PERIOD_UNKNOWN'],
    [{ cells: [{ ...cell(ids.ana, 'A'), baseRevision: 2 ** 63 }] }, 'BAD_USER_INPUT'],
    [{ reason: 'NUL \0' }, 'TEXT_INVALID'],
  ])('an odd save is refused as a whole and leaves nothing behind (%#)', async (odd, code) => {
    const [before] = await service.sql('select count(*) from save');
    expect(await service.code(people.teacher, save, { input: inputOf([cell(ids.ana, 'A')], odd) })).toBe(code);
    expect((await service.sql('select count(*) from save'))[0]).toEqual(before);
  });

  test("a school's own scale decides, and null clears a mark", async () => {
    const set = `mutation ($input: SetMarkScaleInput!) { setMarkScale(input: $input) { values school { id } } }`;
    const input = { schoolId: ids.school, values: ['E', 'S', 'N'] };
    expect(await service.code(people.otherPrincipal, set, { input })).toBe('NOT_FOUND');
    expect(await service.code(people.principal, set, { input: { values: ['E'] } })).toBe('FORBIDDEN');
    expect(await service.code(people.principal, set, { input: { ...input, values: ['E', 'E'] } })).toBe('SCALE_INVALID');
    await service.data(people.principal, set, { input });
    expect(await saveOne(people.teacher, ids.ana, 'A')).toMatchObject({ code: 'VALUE_NOT_ON_SCALE' });
    expect(await saveOne(people.teacher, ids.ana, 'S')).toMatchObject({ outcome: 'SAVED' });
    expect(await saveOne(people.teacher, ids.ana, null, 1)).toMatchObject({ outcome: 'SAVED', revision: 2 });
    const query = `query ($s: ID!) { markScale(schoolId: $s) { values } }`;
    expect((await service.data(people.vendor, query, { s: ids.otherSchool })).markScale.values).toContain('A+');
    await service.sql('delete from mark_scale where school_id is not null');
  });
});

describe('when', () => {
  test("the server's clock at receipt decides, to the millisecond", async () => {
    service.clock.now = new Date('2026-10-09T23:59:59.999Z');
    expect(await saveOne(people.teacher, ids.ana, 'A')).toMatchObject({ outcome: 'SAVED' });
    service.clock.now = new Date('2026-10-10T00:00:00Z');
    expect(await saveOne(people.teacher, ids.ben, 'A')).toMatchObject({ outcome: 'REFUSED', code: 'WINDOW_CLOSED' });
    service.clock.now = new Date('2026-09-30T23:59:59.999Z');
    expect(await saveOne(people.teacher, ids.ben, 'A')).toMatchObject({ code: 'WINDOW_CLOSED' });
  });

  test('a section that ended is judged on its last day, so that its marks can be given in the week after', async () => {
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, ends: '2026-10-03' });
    expect(await saveOne(people.teacher, ids.ana, 'A')).toMatchObject({ outcome: 'SAVED' });
    expect(await saveOne(people.teacher, ids.dee, 'A')).toMatchObject({ code: 'NOT_ENROLLED' });
    expect(await saveOne(people.substitute, ids.ana, 'A', 1)).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('a cancelled section takes no marks', async () => {
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, cancelled: true });
    expect(await saveOne(people.teacher, ids.ana, 'A')).toMatchObject({ code: 'SECTION_CANCELLED' });
  });
});

describe('revisions', () => {
  test('a stale save is a conflict: the winner stands, the loser is told of it and kept', async () => {
    await saveOne(people.teacher, ids.ana, 'A', 0, { comment: 'first' });
    const row = await saveOne(people.coTeacher, ids.ana, 'C', 0, { comment: 'second' });
    expect(row).toMatchObject({ outcome: 'CONFLICT', code: 'CONFLICT', revision: 1 });
    expect(row.current).toEqual({
      ...{ value: 'A', comment: 'first', status: 'DRAFT', revision: 1, savedAt: '2026-10-05T17:00:00.000Z' },
      savedBy: { id: people.teacher.subject },
    });
    expect(await storedMark(ids.ana)).toMatchObject({ value: 'A', revision: 1 });
    const query = `query ($s: ID!) { conflicts(sectionId: $s, first: 1) { nodes { value comment baseRevision foundValue foundComment foundRevision
      student { id } section { id } gradingPeriod { id } savedBy { id } foundBy { id } } } }`;
    const { conflicts } = await service.data(people.teacher, query, { s: ids.algebra });
    expect(conflicts.nodes).toEqual([
      {
        ...{ value: 'C', comment: 'second', baseRevision: 0, foundValue: 'A', foundComment: 'first', foundRevision: 1 },
        ...{ student: { id: ids.ana }, section: { id: ids.algebra }, gradingPeriod: { id: ids.fall } },
        ...{ savedBy: { id: people.coTeacher.subject }, foundBy: { id: people.teacher.subject } },
      },
    ]);
    expect(await service.code(people.colleague, query, { s: ids.algebra })).toBe('FORBIDDEN');
    expect(await service.code(people.stranger, query, { s: ids.algebra })).toBe('NOT_FOUND');
  });

  test('a save that saw the value before the last is a conflict too, and so is one that clears', async () => {
    for (const [n, value] of ['A', 'B'].entries()) await saveOne(people.teacher, ids.ana, value, n);
    for (const value of ['C', null])
      expect(await saveOne(people.coTeacher, ids.ana, value, 1)).toMatchObject({
        outcome: 'CONFLICT',
        revision: 2,
        current: { value: 'B' },
      });
    expect(await storedMark(ids.ana)).toMatchObject({ value: 'B', revision: 2 });
  });

  test('a stale save of the same value is fine, and different cells merge by themselves', async () => {
    await saveOne(people.teacher, ids.ana, 'A');
    const { rows } = await saveMarks(people.coTeacher, [cell(ids.ana, 'A'), cell(ids.ben, 'B')]);
    expect(rows).toMatchObject([{ outcome: 'SAVED', revision: 1 }, { outcome: 'SAVED', revision: 1 }]); // prettier-ignore
  });

  test('a late retry does not undo a later save', async () => {
    const input = inputOf([cell(ids.ana, 'A')]);
    const first = (await service.data(people.teacher, save, { input })).saveMarks;
    await saveOne(people.coTeacher, ids.ana, 'B', 1);
    service.clock.now = new Date('2026-11-05T17:00:00Z');
    expect((await service.data(people.teacher, save, { input })).saveMarks).toEqual({ ...first, replayed: true });
    expect(await storedMark(ids.ana)).toMatchObject({ value: 'B', revision: 2 });
  });

  test('a saveId that is used again for something else, or by somebody else, is refused and tells nothing', async () => {
    const input = inputOf([cell(ids.ana, 'A')]);
    await service.data(people.teacher, save, { input });
    const other = { ...input, cells: [cell(ids.ana, 'B')] };
    for (const [viewer, asked] of [
      [people.teacher, other],
      [people.coTeacher, input],
    ] as const) {
      // prettier-ignore
      const answer = await service.ask(viewer, save, { input: asked });
      expect(answer.errors).toMatchObject([{ extensions: { code: 'SAVE_ID_REUSED' } }]);
      expect(Object.keys(answer.errors![0]!.extensions)).toEqual(['code']);
    }
    const elsewhere = { ...input, sectionId: ids.otherSection, cells: [cell(idOf('Eli'), 'A')] };
    expect(await service.code(people.stranger, save, { input: elsewhere })).toBe('SAVE_ID_REUSED');
    expect(await service.code(people.teacher, post, { input: { ...input, cells: [{ studentId: ids.ana, baseRevision: 1 }] } })).toBe(
      'SAVE_ID_REUSED',
    );
    expect(await storedMark(ids.ana)).toMatchObject({ value: 'A', revision: 1 });
  });

  test('twenty copies of one save at the same moment have one effect', async () => {
    const input = inputOf([cell(ids.ana, 'A'), cell(ids.ben, 'B')]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.data(people.teacher, save, { input })));
    expect(answers.filter(({ saveMarks }) => !saveMarks.replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ saveMarks }) => JSON.stringify({ ...saveMarks, replayed: null }))).size).toBe(1);
    expect(await storedMark(ids.ana)).toMatchObject({ value: 'A', revision: 1 });
  });

  test('of twenty different saves of one cell at the same moment one wins and nineteen are kept as conflicts', async () => {
    const [before] = await service.sql('select count(*)::int as n from conflict');
    const values = Array.from({ length: 20 }, (_, n) => `comment ${n}`);
    const rows = await Promise.all(values.map((comment) => saveOne(people.teacher, ids.ana, 'A', 0, { comment })));
    expect(rows.filter(({ outcome }) => outcome === 'SAVED')).toHaveLength(1);
    expect(rows.filter(({ outcome }) => outcome === 'CONFLICT')).toHaveLength(19);
    expect((await service.sql('select count(*)::int as n from conflict'))[0]!.n - before!.n).toBe(19);
  });

  test('receipts are history: nobody changes or removes one', async () => {
    await saveOne(people.teacher, ids.ana, 'A');
    for (const sql of [`update save set reason = 'x'`, 'delete from save'])
      await expect(service.sql(sql)).rejects.toThrow('a save is history');
  });
});

describe('posting', () => {
  test('what was seen is posted, and posting again is no change', async () => {
    await saveOne(people.teacher, ids.ana, 'A');
    expect(await postMarks(people.teacher, [{ studentId: ids.ana, baseRevision: 1 }])).toMatchObject([{ outcome: 'SAVED', revision: 2 }]);
    expect(await postMarks(people.coTeacher, [{ studentId: ids.ana, baseRevision: 2 }])).toMatchObject([{ outcome: 'SAVED', revision: 2 }]);
    expect(await storedMark(ids.ana)).toMatchObject({ status: 'POSTED', revision: 2 });
    expect(await saveOne(people.teacher, ids.ana, 'B', 2)).toMatchObject({ outcome: 'SAVED', revision: 3 });
    expect(await storedMark(ids.ana)).toMatchObject({ value: 'B', status: 'DRAFT' });
  });

  test('nobody posts what they had not seen, what is not there, or what they do not teach', async () => {
    await saveOne(people.teacher, ids.ana, 'A');
    await saveOne(people.coTeacher, ids.ana, 'B', 1);
    await saveOne(people.teacher, ids.cho, null);
    const cells = [ids.ana, ids.ben, ids.cho].map((studentId) => ({ studentId, baseRevision: 1 }));
    expect(await postMarks(people.teacher, cells)).toMatchObject([
      { outcome: 'CONFLICT', revision: 2, current: { value: 'B' } },
      { outcome: 'REFUSED', code: 'NOTHING_TO_POST' },
      { outcome: 'REFUSED', code: 'NOTHING_TO_POST' },
    ]);
    expect(await postMarks(people.teacher, [{ studentId: ids.ana, baseRevision: 5 }])).toMatchObject([{ code: 'REVISION_UNKNOWN' }]);
    expect(await postMarks(people.colleague, [{ studentId: ids.ana, baseRevision: 2 }])).toMatchObject([
      { code: 'FORBIDDEN', current: null },
    ]);
    expect(await postMarks(people.principal, [{ studentId: ids.ana, baseRevision: 2 }])).toMatchObject([{ code: 'REASON_REQUIRED' }]);
    expect(await storedMark(ids.ana)).toMatchObject({ status: 'DRAFT' });
  });

  test('a draft that was received in time is posted after the window has closed', async () => {
    await saveOne(people.teacher, ids.ana, 'A');
    service.clock.now = new Date('2026-10-20T17:00:00Z');
    expect(await postMarks(people.teacher, [{ studentId: ids.ana, baseRevision: 1 }])).toMatchObject([{ outcome: 'SAVED' }]);
    await service.sql(
      `insert into grading_window (grading_period_id, school_id, opens_at, closes_at) values ($1, $2, '2026-10-20Z', '2026-10-21Z')`,
      [...[ids.fall, ids.school]],
    );
    await saveOne(people.teacher, ids.ben, 'B');
    await service.sql(`delete from grading_window where school_id is not null`);
    expect(await postMarks(people.teacher, [{ studentId: ids.ben, baseRevision: 1 }])).toMatchObject([{ code: 'WINDOW_CLOSED' }]);
  });

  test("a draft in a teacher's own extension is in time for whoever posts it later: a co-teacher, or the office", async () => {
    const more = `insert into grading_window (grading_period_id, school_id, teacher_id, opens_at, closes_at) values ($1, $2, $3, '2026-10-12Z', '2026-10-14Z')`;
    await service.sql(more, [ids.fall, ids.school, people.teacher.subject]);
    service.clock.now = new Date('2026-10-13T17:00:00Z');
    for (const studentId of [ids.ana, ids.ben]) expect(await saveOne(people.teacher, studentId, 'A')).toMatchObject({ outcome: 'SAVED' });
    expect(await saveOne(people.coTeacher, ids.cho, 'A')).toMatchObject({ code: 'WINDOW_CLOSED' });
    service.clock.now = new Date('2026-10-20T17:00:00Z');
    expect(await postMarks(people.coTeacher, [{ studentId: ids.ana, baseRevision: 1 }])).toMatchObject([{ outcome: 'SAVED' }]);
    const reason = { reason: 'the teacher is ill' };
    expect(await postMarks(people.principal, [{ studentId: ids.ben, baseRevision: 1 }], reason)).toMatchObject([{ outcome: 'SAVED' }]);
  });

  test('twenty copies of one posting at the same moment have one effect', async () => {
    await saveOne(people.teacher, ids.ana, 'A');
    const input = inputOf([{ studentId: ids.ana, baseRevision: 1 }]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.data(people.teacher, post, { input })));
    expect(answers.filter(({ postMarks }) => !postMarks.replayed)).toHaveLength(1);
    expect(await storedMark(ids.ana)).toMatchObject({ status: 'POSTED', revision: 2 });
  });
});
