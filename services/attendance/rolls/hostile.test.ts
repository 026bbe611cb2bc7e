import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  coTeacher,
  id,
  newSaveId,
  openAttendance,
  otherTeacher,
  seats,
  sectionFact,
  substitute,
  takeRoll,
  teacher,
  tomorrow,
  yesterday,
  type Attendance,
} from '../testing.ts';

// What somebody may type, paste or send into a roll, each by its name: the answer says what is wrong, and nothing is half saved.

let service: Attendance;
let section: number;
beforeAll(async () => {
  service = await openAttendance();
});
beforeEach(async () => {
  section = await service.ownSection();
});
afterAll(() => service.close());

const exception = (odd: object = {}, student = 1) => ({ studentId: id('student', student), code: 'A', ...odd });
const entries = () =>
  service.sql('select student_id, taken_code, taken_comment from roll_entry where section_id = $1 order by 1', [id('section', section)]);
async function expectNothingSaved(): Promise<void> {
  expect(await service.sql('select from roll where section_id = $1', [id('section', section)])).toEqual([]);
  expect(await entries()).toEqual([]);
}

describe('a letter that the school does not have is refused alone, and its student is not present by it', () => {
  test.each([
    ['minus zero', '-0'],
    ['NaN', 'NaN'],
    ['1e309', '1e309'],
    ['Arabic digits', '١٠٠'],
    ['nothing', ''],
    ['blanks', '  '],
    ['a blank after it', 'A '],
    ['a small letter', 'a'],
    ['right-to-left text', 'שלום'],
    ['an emoji', '🙂'],
    ['a zero-width space', 'A\u200b'],
    ["O'Brien", "O'Brien"],
    ["Robert'); DROP TABLE", "Robert'); DROP TABLE roll;--"],
    ['=HYPERLINK()', '=HYPERLINK("http://example.org")'],
    ['__proto__', '__proto__'],
  ])('%s', async (_, code) => {
    const answer = await service.take(teacher, { exceptions: [exception({ code }), exception({}, 2)] });
    expect(answer).toMatchObject({ outcome: 'SAVED', rows: [{ outcome: 'REFUSED', code: 'CODE_NOT_VALID' }, { outcome: 'SAVED' }] });
    expect((await entries()).map(({ student_id }) => student_id)).toEqual([2, 3, 4, 5].map((n) => id('student', n)));
  });
});

describe('a comment is kept to the letter', () => {
  test.each([
    ['right-to-left text', 'يعمل، שלום'],
    ['emoji, also joined ones', 'sick 👩‍🏫🤒'],
    ['zero-width characters', 'a\u200bb\ufeff'],
    ["O'Brien", "O'Brien called"],
    ["Robert'); DROP TABLE", "Robert'); DROP TABLE roll_save;--"],
    ['=HYPERLINK()', '=HYPERLINK("http://example.org", "note")'],
    ['2,000 characters', 'x'.repeat(2_000)],
  ])('%s', async (_, comment) => {
    expect(await service.take(teacher, { exceptions: [exception({ comment })] })).toMatchObject({ outcome: 'SAVED' });
    expect((await entries())[0]).toMatchObject({ taken_comment: comment });
  });
});

describe('a roll as a whole is refused, and nothing of it is saved', () => {
  const many = (count: number) => seats(count).map(({ studentId }) => ({ studentId, code: 'A' }));
  test.each([
    ['a comment of 256 kB', { exceptions: [exception({ comment: 'x'.repeat(256 * 1024) })] }],
    ['a comment with a NUL', { exceptions: [exception({ comment: 'a\0' })] }],
    ['a comment with a lone surrogate', { exceptions: [exception({ comment: '\ud800' })] }],
    ['a letter with a NUL', { exceptions: [exception({ code: '\0' })] }],
    ['a letter that is a number', { exceptions: [exception({ code: -0 })] }],
    ['minutes below 0', { exceptions: [exception({ minutes: -1 })] }],
    ['minutes 1e309', { exceptions: [exception({ minutes: 1e309 })] }],
    ['minutes NaN', { exceptions: [exception({ minutes: NaN })] }],
    ['the same student twice', { exceptions: [exception(), exception({ code: 'T' })] }],
    ['5,001 exceptions', { exceptions: many(5_001) }],
    ['a student that is none', { exceptions: [exception({ studentId: '__proto__' })] }],
    ['revision -1', { baseRevision: -1 }],
    ['revision 2^31 - 1', { baseRevision: 2 ** 31 - 1 }],
    ['revision 2^63', { baseRevision: 2 ** 63 }],
    ['revision 1.5', { baseRevision: 1.5 }],
    ['a nil saveId', { saveId: '00000000-0000-0000-0000-000000000000' }],
    ['an upper-case saveId', { saveId: newSaveId().toUpperCase() }],
    ['a saveId of version 4', { saveId: crypto.randomUUID() }],
    ["a section Robert'); DROP TABLE", { sectionId: "Robert'); DROP TABLE roll;--" }],
    ['29 February of a year that has none', { date: '2026-02-29' }],
    ['a date that is none', { date: '2026-13-01' }],
    ['a date with a time', { date: '2026-11-18T08:00:00Z' }],
  ])('%s', async (_, changes) => {
    expect(await service.code(teacher, takeRoll, { input: service.ownRoll(changes) })).toBe('BAD_USER_INPUT');
    await expectNothingSaved();
  });
  test.each([
    ['of another user', coTeacher, {}],
    ['reused with other content', teacher, { exceptions: [] }],
    ['reused for another day', teacher, { date: yesterday }],
    ['reused on another revision', teacher, { baseRevision: 1 }],
  ])('a saveId %s', async (_, viewer, changes) => {
    const input = service.ownRoll();
    await service.data(teacher, takeRoll, { input });
    const { errors } = await service.ask(viewer, takeRoll, { input: { ...input, ...changes } });
    expect(errors).toMatchObject([{ extensions: { code: 'SAVE_ID_REUSED' } }]);
    expect(await service.sql('select revision from roll where section_id = $1', [id('section', section)])).toEqual([{ revision: 1 }]);
  });
  test('a revision of the future is a conflict, and the roll stays as it is', async () => {
    await service.take(teacher);
    for (const baseRevision of [7, 2 ** 31 - 2])
      expect(await service.take(teacher, { baseRevision })).toMatchObject({ outcome: 'CONFLICT', roll: { revision: 1 } });
  });
});

describe('who and when', () => {
  test.each([
    ['on a holiday', { date: '2026-11-11' }, 'NOT_A_SCHOOL_DAY'],
    ['on a Sunday', { date: '2026-11-15' }, 'NOT_A_SCHOOL_DAY'],
    ['of tomorrow', { date: tomorrow }, 'FUTURE_DATE'],
    ['in a period in which the section does not meet', { periodId: id('period', 2) }, 'NOT_MEETING'],
  ])('a roll %s is refused', async (_, changes, code) => {
    expect(await service.take(teacher, changes)).toMatchObject({ outcome: 'REFUSED', code, roll: { revision: 0, state: 'NOT_SUBMITTED' } });
    await expectNothingSaved();
  });
  test('a roll after the days that a teacher has is refused', async () => {
    service.clock.now = new Date('2026-12-18T18:00:00Z');
    expect(await service.take(teacher)).toMatchObject({ outcome: 'REFUSED', code: 'ROLL_CLOSED' });
    await expectNothingSaved();
  });
  test('a roll of a section that ended is refused', async () => {
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { ends: '2026-11-01' }));
    expect(await service.take(teacher)).toMatchObject({ outcome: 'REFUSED', code: 'NOT_MEETING' });
    await expectNothingSaved();
  });
  test('a student who left is refused alone', async () => {
    const students = [{ studentId: id('student', 1), begins: '2026-08-17', ends: yesterday }, ...seats(2, 2)];
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { students }));
    const { rows } = await service.take(teacher, { exceptions: [exception(), exception({}, 2)] });
    expect(rows).toMatchObject([{ outcome: 'REFUSED', code: 'NOT_ENROLLED' }, { outcome: 'SAVED' }]);
  });
  test('a teacher without this class, and a substitute whose day is over, are refused', async () => {
    for (const viewer of [otherTeacher, substitute])
      expect(await service.code(viewer, takeRoll, { input: service.ownRoll() })).toBe('FORBIDDEN');
    await expectNothingSaved();
  });
  test('29 February is a school day like others', async () => {
    service.clock.now = new Date('2028-02-29T18:00:00Z');
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { ends: null }));
    expect(await service.take(teacher, { date: '2028-02-29' })).toMatchObject({ outcome: 'SAVED' });
  });
  test.each([
    // It is Sunday at the school until 24:00 there; the section meets on Mondays.
    ['back', '2026-11-02', '2026-11-02T07:59:59Z', '2026-11-02T08:00:00Z'],
    ['forward', '2027-03-15', '2027-03-15T06:59:59Z', '2027-03-15T07:00:00Z'],
  ])('the Monday after the night in which the clocks go %s begins at midnight of the school', async (_, date, before, after) => {
    await service.hear('scheduling', 'CalendarChanged', { id: id('calendar', 2), schoolId: id('school', 2), schoolYear: 2027, days: [{ date, kind: 'INSTRUCTIONAL', dayLabel: null }] }); // prettier-ignore
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { schoolId: id('school', 2) }));
    const there = { ...teacher, grants: [{ role: 'TEACHER' as const, schoolId: id('school', 2) }] };
    service.clock.now = new Date(before);
    expect(await service.take(there, { date })).toMatchObject({ outcome: 'REFUSED', code: 'FUTURE_DATE' });
    service.clock.now = new Date(after);
    expect(await service.take(there, { date })).toMatchObject({ outcome: 'SAVED' });
  });
});
