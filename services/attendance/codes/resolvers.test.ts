import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import {
  administrator,
  clerk,
  farClerk,
  id,
  openAttendance,
  parent,
  principal,
  rollInput,
  takeRoll,
  teacher,
  today,
  tomorrow,
  vendor,
  yesterday,
  type Attendance,
} from '../testing.ts';

let service: Attendance;
beforeAll(async () => {
  service = await openAttendance();
});
afterAll(() => service.close());

const add =
  'mutation ($input: AddAttendanceCodeInput!) { addAttendanceCode(input: $input) { id schoolId code title kind excused begins ends } }';
const end = 'mutation ($input: EndAttendanceCodeInput!) { endAttendanceCode(input: $input) { id ends } }';
const code = (changes: object = {}) => ({
  schoolId: id('school', 1),
  code: 'H',
  title: 'At home, remote lessons',
  kind: 'PRESENT',
  excused: false,
  begins: '2026-11-01',
  ...changes,
});
const codesOf = async (viewer: Viewer, school: number, on?: string): Promise<{ code: string; title: string }[]> =>
  (
    await service.data(viewer, 'query ($s: ID!, $on: Date) { attendanceCodes(schoolId: $s, on: $on) { id code title kind } }', {
      s: id('school', school),
      on,
    })
  )['attendanceCodes'];
const letters = async (...args: Parameters<typeof codesOf>) => (await codesOf(...args)).map((c) => c.code).join('');

test('a district starts with a set of letters that every school has and everybody may read', async () => {
  for (const viewer of [teacher, clerk, parent, vendor]) expect(await letters(viewer, 1)).toBe('ADEFLSTU');
});

test('a letter is valid from its first day until it ends, at its school only, and on the roll as in the list', async () => {
  const { addAttendanceCode: added } = await service.data(principal, add, { input: code({ begins: today, ends: tomorrow }) });
  expect(added).toMatchObject({ code: 'H', schoolId: id('school', 1), ends: tomorrow });
  expect([
    await letters(teacher, 1),
    await letters(teacher, 1, yesterday),
    await letters(teacher, 1, tomorrow),
    await letters(farClerk, 2),
  ]).toEqual(['ADEFHLSTU', 'ADEFLSTU', 'ADEFLSTU', 'ADEFLSTU']);
  const take = async (date: string) =>
    (await service.data(teacher, takeRoll, { input: rollInput({ date, exceptions: [{ studentId: id('student', 1), code: 'H' }] }) }))[
      'takeRoll'
    ].rows[0].code;
  expect([await take(today), await take(yesterday)]).toEqual([null, 'CODE_NOT_VALID']);
});

test("a school's own letter comes before the district's, also on the roll", async () => {
  await service.data(principal, add, { input: code({ code: 'F', title: 'Field work away', kind: 'ABSENT' }) });
  expect((await codesOf(teacher, 1)).filter((c) => c.code === 'F')).toMatchObject([{ title: 'Field work away', kind: 'ABSENT' }]);
  const { takeRoll: taken } = await service.data(teacher, takeRoll, {
    input: rollInput({ date: '2026-11-16', exceptions: [{ studentId: id('student', 1), code: 'F' }] }),
  });
  expect(taken.roll.entries[0].attendance).toEqual({ state: 'ABSENT', code: 'F' });
});

test("a school's own letters and rules are facts that everybody may read, families and other schools too", async () => {
  for (const viewer of [parent, vendor, farClerk]) {
    expect((await codesOf(viewer, 1)).filter((c) => c.code === 'F')).toMatchObject([{ title: 'Field work away' }]);
    expect(await service.data(viewer, `{ attendanceRules(schoolId: "${id('school', 1)}") { teacherDays } }`)).toEqual({
      attendanceRules: { teacherDays: 7 },
    });
  }
});

test('one letter means one thing at a time: of twenty who add it at once one does', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => service.ask(principal, add, { input: code({ code: 'X1' }) })));
  expect(answers.filter((answer) => !answer.errors)).toHaveLength(1);
  expect(new Set(answers.flatMap((answer) => answer.errors ?? []).map((error) => error.extensions['code']))).toEqual(
    new Set(['CODE_EXISTS']),
  );
});

test('a letter that ends stays in the history, and what was said with it stays', async () => {
  const { addAttendanceCode: added } = await service.data(administrator, add, { input: code({ schoolId: null, code: 'Y' }) });
  await service.data(administrator, end, { input: { id: added.id, ends: today } });
  expect([await letters(farClerk, 2), await letters(farClerk, 2, yesterday)]).toEqual(['ADEFLSTU', 'ADEFLSTUY']);
  expect(await service.sql(`select operation, changed_by from history where row_id = $1`, [added.id])).toEqual([
    { operation: 'UPDATE', changed_by: administrator.subject },
  ]);
  expect(await service.code(administrator, end, { input: { id: added.id, ends: '2026-10-01' } })).toBe('SPAN_INVALID');
});

test('malformed letters and spans are refused by name', async () => {
  for (const wrong of [{ code: 'a' }, { code: '' }, { code: 'ABCDE' }, { title: ' ' }])
    expect(await service.code(principal, add, { input: code(wrong) })).toBe('CODE_MALFORMED');
  expect(await service.code(principal, add, { input: code({ code: 'Z', ends: '2026-11-01' }) })).toBe('SPAN_INVALID');
});

test('a principal sets the own school, the district administrator everything, nobody else anything', async () => {
  const rules =
    'mutation ($input: ChangeAttendanceRulesInput!) { changeAttendanceRules(input: $input) { schoolId teacherDays absentFromPercent } }';
  const input = (schoolId: string | null, changes: object = {}) => ({
    input: { schoolId, teacherDays: 3, absentFromPercent: 50, ...changes },
  });
  expect(await service.code(principal, add, { input: code({ schoolId: id('school', 2) }) })).toBe('NOT_FOUND');
  expect(await service.code(principal, add, { input: code({ schoolId: null }) })).toBe('FORBIDDEN');
  expect(await service.code(clerk, add, { input: code() })).toBe('FORBIDDEN');
  expect(await service.code(principal, rules, input(id('school', 2)))).toBe('NOT_FOUND');
  expect(await service.code(principal, rules, input(null))).toBe('FORBIDDEN');
  expect(await service.code(principal, rules, input(id('school', 1), { absentFromPercent: 0 }))).toBe('RULE_INVALID');
  expect(await service.code(principal, rules, input(id('school', 1), { teacherDays: -1 }))).toBe('RULE_INVALID');
  expect(await service.data(principal, rules, input(id('school', 1)))).toEqual({
    changeAttendanceRules: { schoolId: id('school', 1), teacherDays: 3, absentFromPercent: 50 },
  });
  expect(await service.data(administrator, rules, input(null, { teacherDays: 5 }))).toMatchObject({
    changeAttendanceRules: { schoolId: null, teacherDays: 5 },
  });
  const ask = async (school: number) =>
    (await service.data(teacher, `{ attendanceRules(schoolId: "${id('school', school)}") { schoolId teacherDays } }`))['attendanceRules'];
  expect([await ask(1), await ask(2)]).toEqual([
    { schoolId: id('school', 1), teacherDays: 3 },
    { schoolId: null, teacherDays: 5 },
  ]);
});

test('a school that does not exist is said so', async () => {
  expect(await service.code(teacher, `{ attendanceCodes(schoolId: "nowhere") { code } }`)).toBe('NOT_FOUND');
});
