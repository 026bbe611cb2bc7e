import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  administrator,
  openTestDistrict,
  parentOf,
  someone,
  staffViewer,
  today,
  vendor,
  yearBegins,
  type TestDistrict,
} from '../testing.ts';

let district: TestDistrict;
let ask: TestDistrict['service'];
beforeAll(async () => {
  district = await openTestDistrict();
  ask = district.service;
});
afterAll(() => ask.close());

const enroll =
  'mutation ($input: EnrollStudentInput!) { enrollStudent(input: $input) { id begins ends gradeLevel primary school { name } } }';
const withdraw = 'mutation ($input: WithdrawStudentInput!) { withdrawStudent(input: $input) { id ends exitCode } }';
const transfer =
  'mutation ($input: TransferStudentInput!) { transferStudent(input: $input) { begins gradeLevel entryCode school { name } } }';
const count = async (schoolId: string | null, asOf?: string) =>
  (await ask.data(administrator, 'query ($s: ID, $d: Date) { enrollmentCount(schoolId: $s, asOf: $d) }', { s: schoolId, d: asOf }))
    .enrollmentCount as number;
const enrollmentOf = async (studentId: string) =>
  (await ask.sql<{ id: string }>('select id from enrollment where student_id = $1 order by begins', [studentId])).at(-1)!.id;
const entry = (studentId: string, schoolId: string, more = {}) => ({
  input: { studentId, schoolId, gradeLevel: '10', begins: today, entryCode: 'FROM_DISTRICT', ...more },
});

describe('a child is in one school, and counts once', () => {
  test('a second primary enrollment on the same days is refused, whoever asks and however many ask at once', async () => {
    const child = await district.addStudent(district.garfield, 'Ana', 'Once');
    expect(await ask.code(administrator, enroll, entry(child, district.roosevelt))).toBe('ENROLLED_ELSEWHERE');
    expect(await ask.code(administrator, enroll, entry(child, district.garfield, { primary: false }))).toBe('ENROLLED_ALREADY');
    await ask.data(administrator, withdraw, { input: { enrollmentId: await enrollmentOf(child), on: today, exitCode: 'TO_DISTRICT' } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => ask.ask(administrator, enroll, entry(child, n % 2 ? district.roosevelt : district.garfield))),
    );
    expect(answers.filter((answer) => !answer.errors)).toHaveLength(1);
  });

  test('a second school beside the one that counts the student is possible, and counts nobody', async () => {
    const child = await district.addStudent(district.garfield, 'Bo', 'Twice');
    const before = await count(district.roosevelt);
    await ask.data(administrator, enroll, entry(child, district.roosevelt, { primary: false }));
    expect(await count(district.roosevelt)).toBe(before);
    const { student } = await ask.data(administrator, 'query ($id: ID!) { student(id: $id) { gradeLevel schools { name } } }', {
      id: child,
    });
    expect(student).toEqual({ gradeLevel: '09', schools: [{ name: 'Garfield' }, { name: 'Roosevelt' }] });
  });

  test('the count as of a day is the same whatever happens later, and by every route', async () => {
    const child = await district.addStudent(district.stevenson, 'Cy', 'Counted').catch(() => null);
    expect(child).toBeNull(); // 09 is not taught there
    const [before, then] = [await count(district.garfield), await count(district.garfield, '2026-09-01')];
    const leaver = await district.addStudent(district.garfield, 'Cy', 'Counted');
    await ask.data(administrator, withdraw, {
      input: { enrollmentId: await enrollmentOf(leaver), on: '2026-10-01', exitCode: 'TO_STATE' },
    });
    expect(await count(district.garfield)).toBe(before);
    expect(await count(district.garfield, '2026-09-01')).toBe(then + 1);
    expect(await count(district.garfield, '2026-09-30')).toBe(then + 1);
    expect(await count(district.garfield, '2026-10-01')).toBe(then);
    const roster = await ask.data(
      administrator,
      'query ($id: ID!, $d: Date) { school(id: $id) { enrollments(asOf: $d) { nodes { primary } } } }',
      { id: district.garfield, d: '2026-09-01' },
    );
    expect(roster.school.enrollments.nodes.filter((row: { primary: boolean }) => row.primary)).toHaveLength(then + 1);
    expect(await count(null)).toBe(
      (await count(district.garfield)) + (await count(district.roosevelt)) + (await count(district.stevenson)),
    );
  });

  test('who never came counts on no day, and may enroll elsewhere from that very day', async () => {
    const before = await count(district.garfield, yearBegins);
    const child = await district.addStudent(district.garfield, 'Dee', 'Noshow');
    await ask.data(administrator, withdraw, { input: { enrollmentId: await enrollmentOf(child), on: yearBegins, exitCode: 'NO_SHOW' } });
    expect(await count(district.garfield, yearBegins)).toBe(before);
    await ask.data(administrator, enroll, entry(child, district.roosevelt, { begins: yearBegins }));
  });

  test('a transfer leaves no day without a school and none with two, keeps the old enrollment, and tells who withdrew', async () => {
    const child = await district.addStudent(district.garfield, 'Eli', 'Moves');
    const enrollmentId = await enrollmentOf(child);
    const { transferStudent } = await ask.data(administrator, transfer, {
      input: { enrollmentId, toSchoolId: district.roosevelt, on: today },
    });
    expect(transferStudent).toEqual({ begins: today, gradeLevel: '09', entryCode: 'FROM_DISTRICT', school: { name: 'Roosevelt' } });
    const rows = await ask.sql('select begins::text, ends::text, exit_code from enrollment where student_id = $1 order by begins', [child]);
    expect(rows).toEqual([
      { begins: yearBegins, ends: today, exit_code: 'TO_DISTRICT' },
      { begins: today, ends: null, exit_code: null },
    ]);
    const row = { id: expect.any(String), studentId: child, gradeLevel: '09', primary: true };
    const enrolled = (schoolId: string, begins: string, ends: string | null) => ({
      type: 'EnrollmentsChanged',
      aggregate: schoolId,
      payload: { schoolId, enrollments: [{ ...row, begins, ends }] },
    });
    expect((await ask.told()).slice(-4)).toEqual([
      enrolled(district.garfield, yearBegins, null),
      enrolled(district.garfield, yearBegins, today),
      { type: 'StudentWithdrawn', aggregate: child, payload: { studentId: child, schoolId: district.garfield, on: today } },
      enrolled(district.roosevelt, today, null),
    ]);
    const [history] = await ask.sql(`select before ->> 'ends' as ends from history where table_name = 'enrollment' and row_id = $1`, [
      enrollmentId,
    ]);
    expect(history).toEqual({ ends: null });
  });

  test('a transfer that the new school refuses leaves the child in the old one, and tells nothing', async () => {
    const child = await district.addStudent(district.garfield, 'Fay', 'Stays');
    const told = (await ask.told()).length;
    const input = { enrollmentId: await enrollmentOf(child), toSchoolId: district.stevenson, on: today };
    expect(await ask.code(administrator, transfer, { input })).toBe('GRADE_NOT_TAUGHT');
    expect(await ask.sql('select ends from enrollment where student_id = $1', [child])).toEqual([{ ends: null }]);
    expect(await ask.told()).toHaveLength(told);
  });
});

describe('what is refused', () => {
  test('a grade, a code, a day or a school that does not fit is refused by name', async () => {
    const child = await district.addStudent(district.garfield, 'Gus', 'Wrong');
    const enrollmentId = await enrollmentOf(child);
    await ask.data(administrator, withdraw, { input: { enrollmentId, on: '2026-11-01', exitCode: 'UNKNOWN' } });
    const code = (more: object) => ask.code(administrator, enroll, entry(child, district.garfield, more));
    expect(await code({ gradeLevel: '08' })).toBe('GRADE_NOT_TAUGHT');
    expect(await code({ gradeLevel: 'senior' })).toBe('GRADE_UNKNOWN');
    expect(await code({ entryCode: 'WHIM' })).toBe('ENTRY_CODE_UNKNOWN');
    expect(await code({ schoolId: someone(99) })).toBe('NOT_FOUND');
    expect(await code({ studentId: someone(99) })).toBe('NOT_FOUND');
    const leave = (more: object) =>
      ask.code(administrator, withdraw, { input: { enrollmentId, on: '2026-10-01', exitCode: 'UNKNOWN', ...more } });
    expect(await leave({ exitCode: 'WHIM' })).toBe('EXIT_CODE_UNKNOWN');
    expect(await leave({ on: '2026-08-01' })).toBe('DATES_INVALID');
    expect(await leave({ on: '2026-11-02' })).toBe('ALREADY_WITHDRAWN');
    expect(await leave({ enrollmentId: someone(99) })).toBe('NOT_FOUND');
  });

  test('the clerk of another school neither enrolls here nor withdraws, and is not told that the enrollment exists', async () => {
    const child = await district.addStudent(district.garfield, 'Hal', 'Ours');
    const stranger = staffViewer('CLERK', district.roosevelt);
    expect(await ask.code(stranger, enroll, entry(child, district.garfield))).toBe('FORBIDDEN');
    const input = { enrollmentId: await enrollmentOf(child), on: today, exitCode: 'UNKNOWN' };
    expect(await ask.code(stranger, withdraw, { input })).toBe('NOT_FOUND');
    for (const viewer of [staffViewer('TEACHER', district.garfield), parentOf(child), vendor])
      expect(await ask.code(viewer, withdraw, { input })).toBe('FORBIDDEN');
    await ask.data(staffViewer('CLERK', district.garfield), withdraw, { input });
  });

  test('the receiving clerk enrolls a student whom she could not see before, and sees the student from then on', async () => {
    const child = await district.addStudent(district.garfield, 'Ida', 'Arrives');
    await ask.data(administrator, withdraw, { input: { enrollmentId: await enrollmentOf(child), on: today, exitCode: 'TO_DISTRICT' } });
    const receiving = staffViewer('CLERK', district.roosevelt);
    const look = 'query ($id: ID!) { student(id: $id) { familyName enrollments { school { name } } } }';
    expect((await ask.data(receiving, look, { id: child })).student).toBeNull();
    await ask.data(receiving, enroll, entry(child, district.roosevelt));
    expect((await ask.data(receiving, look, { id: child })).student).toEqual({
      familyName: 'Arrives',
      enrollments: [{ school: { name: 'Garfield' } }, { school: { name: 'Roosevelt' } }],
    });
  });

  test('a school with students does not close; one without does, and enrolls nobody any more', async () => {
    const close = 'mutation ($input: CloseSchoolInput!) { closeSchool(input: $input) { closedOn } }';
    const reason = 'merged';
    expect(await ask.code(administrator, close, { input: { schoolId: district.garfield, on: today, reason } })).toBe('SCHOOL_HAS_STUDENTS');
    expect(
      (await ask.data(administrator, close, { input: { schoolId: district.stevenson, on: today, reason } })).closeSchool.closedOn,
    ).toBe(today);
    const child = await district.addStudent(district.garfield, 'Jo', 'Late');
    expect(await ask.code(administrator, enroll, entry(child, district.stevenson, { gradeLevel: '08' }))).toBe('SCHOOL_CLOSED');
  });

  test('the roster and the count of a school are for its staff', async () => {
    const roster = 'query ($id: ID!) { school(id: $id) { enrollments { nodes { id } } } }';
    for (const viewer of [staffViewer('CLERK', district.roosevelt), parentOf(someone(9))])
      expect(await ask.code(viewer, roster, { id: district.garfield })).toBe('FORBIDDEN');
    const counting = 'query ($id: ID) { enrollmentCount(schoolId: $id) }';
    expect(await ask.code(staffViewer('CLERK', district.roosevelt), counting, { id: district.garfield })).toBe('FORBIDDEN');
    expect(await ask.code(staffViewer('CLERK', district.roosevelt), counting)).toBe('FORBIDDEN');
    await ask.data(staffViewer('PRINCIPAL', district.garfield), counting, { id: district.garfield });
  });
});

test("a district adds its state's codes, and none twice", async () => {
  const add = 'mutation { addExitCode(input: { code: "E140", description: "No Show, California" }) { code } }';
  expect((await ask.data(administrator, add)).addExitCode.code).toBe('E140');
  expect(await ask.code(administrator, add)).toBe('CODE_TAKEN');
  expect((await ask.data(administrator, '{ exitCodes { code } }')).exitCodes).toContainEqual({ code: 'E140' });
});

test('two enrollments of one student at once both leave their school with the student', async () => {
  const child = await district.addStudent(district.garfield, 'Kit', 'Both');
  const add = (schoolId: string) =>
    ask.sql(`insert into enrollment (student_id, school_id, is_primary, begins) values ($1, $2, false, '2027-08-01')`, [child, schoolId]);
  await Promise.all([add(district.roosevelt), add(district.stevenson)]);
  const [row] = await ask.sql('select school_ids from student where id = $1', [child]);
  expect(String(row!['school_ids'])).toContain(district.roosevelt);
  expect(String(row!['school_ids'])).toContain(district.stevenson);
});
