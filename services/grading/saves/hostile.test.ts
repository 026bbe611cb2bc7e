import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { idOf, ids, newSaveId, openGrading, people, type Grading } from '../testing.ts';

// What somebody may type, paste or send, each by its name: the answer says what is wrong, nothing is half saved, the cell beside it is.

const rows = 'replayed rows { outcome revision code message }';
const saveMarks = `mutation ($input: SaveMarksInput!) { saved: saveMarks(input: $input) { ${rows} } }`;
const saveScores = `mutation ($input: SaveScoresInput!) { saved: saveScores(input: $input) { ${rows} } }`;

let service: Grading;
let quiz: string;
beforeAll(async () => {
  service = await openGrading();
  quiz = (await service.sql(`insert into assignment (school_id, section_id, title) values ($1, $2, 'Quiz') returning id`, [ids.school, ids.algebra]))[0]!['id']; // prettier-ignore
});
beforeEach(async () => {
  service.clock.now = new Date('2026-10-05T17:00:00Z');
  await service.sql('delete from mark');
  await service.sql('delete from score');
  await service.sql('delete from grading_window');
  await openWindow('2026-10-01Z', '2026-10-10Z');
  await service.hear('scheduling', 'SectionChanged', service.algebra);
});
afterAll(() => service.close());

const openWindow = (opens: string, closes: string) =>
  service.sql('insert into grading_window (grading_period_id, opens_at, closes_at) values ($1, $2, $3)', [ids.fall, opens, closes]);
const marksInput = (cells: object[], more: object = {}) => ({
  ...{ saveId: newSaveId(), sectionId: ids.algebra, gradingPeriodId: ids.fall, cells },
  ...more,
});
const mark = (odd: object = {}, studentId = ids.ana) => ({ studentId, baseRevision: 0, value: 'A', ...odd });
const score = (odd: object = {}, studentId = ids.ana) => ({ ...mark({ value: '5' }, studentId), assignmentId: quiz, ...odd });
const saveOne = async (viewer: Viewer, odd: object = {}, studentId = ids.ana) =>
  (await service.data(viewer, saveMarks, { input: marksInput([mark(odd, studentId)]) })).saved.rows[0];
const held = async () => ({
  marks: await service.sql('select student_id, value, comment, revision from mark order by 1'),
  scores: await service.sql('select student_id, points, text_score, comment, revision from score order by 1'),
});

/** The odd cell is refused with its code, the good one beside it is saved, and a resend is answered the same. */
async function expectRefusedAlone(verb: 'marks' | 'scores', odd: object, code: string): Promise<void> {
  const [document, good, bad] = verb === 'marks' ? [saveMarks, mark({}, ids.ben), mark(odd)] : [saveScores, score({}, ids.ben), score(odd)];
  const { gradingPeriodId, ...input } = marksInput([bad, good]);
  const variables = { input: verb === 'marks' ? { ...input, gradingPeriodId } : input };
  const first = (await service.data(people.teacher, document, variables)).saved;
  expect(first.rows).toMatchObject([{ outcome: 'REFUSED', code, message: expect.stringMatching(/\w{3}/) }, { outcome: 'SAVED' }]);
  expect((await service.data(people.teacher, document, variables)).saved).toEqual({ ...first, replayed: true });
  const there = (await held())[verb];
  expect(there.map(({ student_id }) => student_id)).toEqual([ids.ben]);
}

const odd: readonly (readonly [name: string, text: string])[] = [
  ['minus zero', '-0'],
  ['NaN', 'NaN'],
  ['1e309', '1e309'],
  ['Infinity', 'Infinity'],
  ['Arabic digits', '١٠٠'],
  ['full-width digits', '１００'],
  ['nothing', ''],
  ['blanks', '  '],
  ['a blank before it', ' 4'],
  ['right-to-left text', 'שלום'],
  ['an emoji', '🙂'],
  ['a zero-width space', '\u200b4'],
  ['a NUL', '4\0'],
  ['a lone surrogate', '\ud800'],
  ["O'Brien", "O'Brien"],
  ["Robert'); DROP TABLE", "Robert'); DROP TABLE mark;--"],
  ['=HYPERLINK()', '=HYPERLINK("http://example.org")'],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['256 kB', '4'.repeat(256 * 1024)],
];

describe('a mark that is no mark of the scale is refused alone', () => {
  test.each(odd)('%s', (_, value) => expectRefusedAlone('marks', { value }, 'VALUE_NOT_ON_SCALE'));
});

describe('a score that is no decimal is refused alone', () => {
  test.each(odd.filter(([name]) => name !== '256 kB'))('%s', (_, value) => expectRefusedAlone('scores', { value }, 'SCORE_NOT_A_NUMBER'));
  test.each([
    ['100.0000000001', '100.0000000001', 'SCORE_TOO_PRECISE'],
    ['256 kB of digits', '4'.repeat(256 * 1024), 'SCORE_OUT_OF_RANGE'],
    ['a million', '1000000', 'SCORE_OUT_OF_RANGE'],
    ['below the lowest', '-1', 'SCORE_BELOW_MINIMUM'],
  ])('%s', (_, value, code) => expectRefusedAlone('scores', { value }, code));
});

describe('a value that is no text at all is refused by the form of the request', () => {
  test.each([
    ['the number -0', -0],
    ['the number NaN', NaN],
    ['the number 1e309', 1e309],
    ['the number 100', 100],
    ['true', true],
    ['a list', ['A', 'B']],
    ['an object', { value: 'A' }],
  ])('%s', async (_, value) => {
    const before = await held();
    expect(await service.code(people.teacher, saveMarks, { input: marksInput([mark({ value })]) })).toBe('BAD_USER_INPUT');
    expect(await held()).toEqual(before);
  });
});

describe('a comment', () => {
  const kept = [
    ['of right-to-left text', 'يعمل جيدًا، שלום'],
    ['with emoji, also joined ones', 'well done 👩‍🏫🙂'],
    ['with zero-width characters between others', 'a\u200bb\u200dc\ufeff'],
    ["by O'Brien", "O'Brien said so"],
    ["Robert'); DROP TABLE", "Robert'); DROP TABLE mark;--"],
    ['=HYPERLINK()', '=HYPERLINK("http://example.org", "grades")'],
    ['of several lines', 'one\r\ntwo\tthree'],
    ['__proto__', '__proto__'],
    ['of 8,000 characters', 'x'.repeat(8_000)],
  ] as const;
  test.each(kept)('%s is kept to the letter', async (_, comment) => {
    expect(await saveOne(people.teacher, { comment })).toMatchObject({ outcome: 'SAVED' });
    expect((await held()).marks).toMatchObject([{ comment }]);
  });
  const refused = [
    ['of 256 kB', 'x'.repeat(256 * 1024), 'COMMENT_TOO_LONG'],
    ['with a NUL', 'a\0b', 'TEXT_INVALID'],
    ['with a lone surrogate', 'half \udc00', 'TEXT_INVALID'],
    ['of nothing', '', 'COMMENT_BLANK'],
    ['of blanks', '  ', 'COMMENT_BLANK'],
  ] as const;
  test.each(refused)('%s is refused alone, of a mark', (_, comment, code) => expectRefusedAlone('marks', { comment }, code));
  test.each(refused)('%s is refused alone, of a score', (_, comment, code) => expectRefusedAlone('scores', { comment }, code));
});

describe('a revision that the cell never had', () => {
  test.each([
    ['-1', -1],
    ['of the future', 7],
    ['the largest there is', 2 ** 31 - 1],
  ])('%s is refused alone', (_, baseRevision) => expectRefusedAlone('marks', { baseRevision }, 'REVISION_UNKNOWN'));
  test.each([
    ['2^63', 2 ** 63],
    ['2^31', 2 ** 31],
    ['one and a half', 1.5],
    ['text', '0'],
    ['nothing', null],
  ])('%s is refused by the form of the request', async (_, baseRevision) => {
    expect(await service.code(people.teacher, saveMarks, { input: marksInput([mark({ baseRevision })]) })).toBe('BAD_USER_INPUT');
  });
});

describe('a save as a whole is refused and leaves nothing behind', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => mark({}, idOf(`${n}`)));
  test.each([
    ['the same student twice', { cells: [mark(), mark({ value: 'B' })] }, 'DUPLICATE_CELL'],
    ['5,001 cells', { cells: many(5_001) }, 'TOO_MANY_CELLS'],
    ['no cells', { cells: [] }, 'NO_CELLS'],
    ['a nil saveId', { saveId: '00000000-0000-0000-0000-000000000000' }, 'SAVE_ID_INVALID'],
    ['an upper-case saveId', { saveId: newSaveId().toUpperCase() }, 'SAVE_ID_INVALID'],
    ['a saveId of version 4', { saveId: crypto.randomUUID() }, 'SAVE_ID_INVALID'],
    ['a saveId in braces', { saveId: `{${newSaveId()}}` }, 'SAVE_ID_INVALID'],
    ["a saveId Robert'); DROP TABLE", { saveId: "Robert'); DROP TABLE save;--" }, 'SAVE_ID_INVALID'],
    ['a section that is none', { sectionId: '__proto__' }, 'NOT_FOUND'],
    ['a grading period that is none', { gradingPeriodId: 'constructor' }, 'GRADING_PERIOD_UNKNOWN'],
    ['a reason with a NUL', { reason: '\0' }, 'TEXT_INVALID'],
    ['a reason of 256 kB', { reason: 'x'.repeat(256 * 1024) }, 'REASON_TOO_LONG'],
    ['a field that there is not', { cells: [{ ...mark(), grade: 'A' }] }, 'BAD_USER_INPUT'],
  ])('%s', async (_, more, code) => {
    const [before] = await service.sql('select count(*) from save');
    expect(await service.code(people.teacher, saveMarks, { input: marksInput([mark()], more) })).toBe(code);
    expect((await service.sql('select count(*) from save'))[0]).toEqual(before);
    expect((await held()).marks).toEqual([]);
  });

  test.each([
    ['of another user', people.coTeacher, {}],
    ['reused with other content', people.teacher, { cells: [mark({ value: 'B' })] }],
    ['reused in another grading period', people.teacher, { gradingPeriodId: ids.winter }],
    ['reused with another reason', people.teacher, { reason: 'other' }],
  ])('a saveId %s', async (_, viewer, more) => {
    const input = marksInput([mark()]);
    await service.data(people.teacher, saveMarks, { input });
    const { errors } = await service.ask(viewer, saveMarks, { input: { ...input, ...more } });
    expect(errors).toMatchObject([{ extensions: { code: 'SAVE_ID_REUSED' } }]);
    expect(JSON.stringify(errors)).not.toContain(people.teacher.subject);
    expect((await held()).marks).toMatchObject([{ value: 'A', revision: 1 }]);
  });
});

describe('who and when', () => {
  test('a teacher without a class saves nothing', async () => {
    const jobless = { ...people.colleague, grants: [] };
    expect(await service.code(jobless, saveMarks, { input: marksInput([mark()]) })).toBe('FORBIDDEN');
    expect(await saveOne(people.colleague)).toMatchObject({ outcome: 'REFUSED', code: 'FORBIDDEN' });
    expect((await held()).marks).toEqual([]);
  });
  test('a substitute saves today and not tomorrow', async () => {
    expect(await saveOne(people.substitute)).toMatchObject({ outcome: 'SAVED' });
    service.clock.now = new Date('2026-10-06T17:00:00Z');
    expect(await saveOne(people.substitute, { baseRevision: 1, value: 'F' })).toMatchObject({ outcome: 'REFUSED', code: 'FORBIDDEN' });
  });
  test('a student who left gets no new mark', async () => {
    expect(await saveOne(people.teacher, {}, ids.dee)).toMatchObject({ outcome: 'REFUSED', code: 'NOT_ENROLLED' });
  });
  test('a section that ended is judged on its last day: who sat in it then gets a mark, who had left does not', async () => {
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, ends: '2026-10-03' });
    expect(await saveOne(people.teacher)).toMatchObject({ outcome: 'SAVED' });
    expect(await saveOne(people.teacher, {}, ids.dee)).toMatchObject({ code: 'NOT_ENROLLED' });
  });
  test.each([
    ['before the window opens', '2026-09-30T23:59:59.999Z', 'WINDOW_CLOSED'],
    ['in the instant in which it opens', '2026-10-01T00:00:00Z', 'SAVED'],
    ['in the last millisecond of it', '2026-10-09T23:59:59.999Z', 'SAVED'],
    ['in the instant in which it closes', '2026-10-10T00:00:00Z', 'WINDOW_CLOSED'],
    ['after the window', '2026-10-12T00:00:00Z', 'WINDOW_CLOSED'],
    ['on a Sunday, when there is no school', '2026-10-04T18:00:00Z', 'SAVED'],
  ])('a mark that is received %s', async (_, now, expected) => {
    service.clock.now = new Date(now);
    const { outcome, code } = await saveOne(people.teacher);
    expect(code ?? outcome).toBe(expected);
  });
  test('a window that opens tomorrow is closed today', async () => {
    await service.sql('delete from grading_window');
    await openWindow('2026-10-06Z', '2026-10-10Z');
    expect(await saveOne(people.teacher)).toMatchObject({ code: 'WINDOW_CLOSED' });
  });
  test('29 February is a day like others: a substitute of that day saves on it, and not on 1 March', async () => {
    await openWindowOn('2028-02-29', '2028-03-01');
    for (const [now, expected] of [
      ['2028-02-29T18:00:00Z', 'SAVED'],
      ['2028-03-01T07:59:59Z', 'SAVED'],
      ['2028-03-01T08:00:00Z', 'FORBIDDEN'],
    ] as const)
      // prettier-ignore
      expect(await codeAt(now)).toBe(expected);
  });
  test.each([
    [
      'back, has 25 hours',
      '2026-11-01',
      '2026-11-02',
      ['2026-11-01T07:00:00Z', '2026-11-02T07:59:59Z'],
      ['2026-11-01T06:59:59Z', '2026-11-02T08:00:00Z'],
    ],
    [
      'forward, has 23',
      '2027-03-14',
      '2027-03-15',
      ['2027-03-14T08:00:00Z', '2027-03-15T06:59:59Z'],
      ['2027-03-14T07:59:59Z', '2027-03-15T07:00:00Z'],
    ],
  ] as const)('the day on which the clocks go %s, for a substitute', async (_, day, next, inside, outside) => {
    await openWindowOn(day, next);
    for (const now of inside) expect(await codeAt(now)).toBe('SAVED');
    for (const now of outside) expect(await codeAt(now)).toBe('FORBIDDEN');
  });

  /** A substitute for one day, in a window that is open all around it. */
  async function openWindowOn(begins: string, ends: string): Promise<void> {
    await service.sql('delete from grading_window');
    await openWindow('2026-01-01Z', '2029-01-01Z');
    const substitute = { staffId: people.substitute.subject, role: 'SUBSTITUTE', begins, ends };
    const seats = [{ studentId: ids.ana, begins: '2026-08-17', ends: null }];
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, ends: '2029-01-01', teachers: [substitute], students: seats });
  }
  async function codeAt(now: string): Promise<string> {
    service.clock.now = new Date(now);
    await service.sql('delete from mark');
    const { outcome, code } = await saveOne(people.substitute);
    return code ?? outcome;
  }
});
