import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
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
let child: string;
beforeAll(async () => {
  district = await openTestDistrict();
  ask = district.service;
  child = await district.addStudent(district.garfield, 'Eve', 'Ellis');
});
afterAll(() => ask.close());

const enter = 'mutation ($input: EnterProgramInput!) { enterProgram(input: $input) { id begins ends program { code name } } }';
const exit = 'mutation ($input: ExitProgramInput!) { exitProgram(input: $input) { ends } }';
const query = 'query ($id: ID!, $on: Date) { student(id: $id) { programs(on: $on) { program { code } } } }';
const codesOn = async (viewer: Viewer, on?: string): Promise<string[]> =>
  (await ask.data(viewer, query, { id: child, on })).student.programs.map((row: { program: { code: string } }) => row.program.code);
const counselor = () => staffViewer('COUNSELOR', district.garfield);

test('a program is seen from the day it begins until before it ends, by those who may, and never by the clerk', async () => {
  const input = { studentId: child, programCode: 'SPED', begins: today };
  const { enterProgram } = await ask.data(counselor(), enter, { input });
  expect(enterProgram).toMatchObject({ begins: today, ends: null, program: { code: 'SPED', name: 'Special education' } });
  await ask.hear('scheduling', 'SectionChanged', {
    id: someone(60),
    schoolId: district.garfield,
    cancelled: false,
    teachers: [{ staffId: someone(50), begins: yearBegins, ends: null }],
    students: [{ studentId: child, begins: yearBegins, ends: null }],
  });
  const teacher = staffViewer('TEACHER', district.garfield, someone(50));
  for (const viewer of [counselor(), staffViewer('PRINCIPAL', district.garfield), administrator, parentOf(child), teacher]) {
    expect(await codesOn(viewer)).toEqual(['SPED']);
    expect(await codesOn(viewer, '2026-11-19')).toEqual([]);
  }
  expect(await ask.code(staffViewer('CLERK', district.garfield), query, { id: child })).toBe('FORBIDDEN');
  await ask.data(counselor(), exit, { input: { participationId: enterProgram.id, on: '2026-12-01', reason: 'reviewed' } });
  expect([await codesOn(counselor(), '2026-11-30'), await codesOn(counselor(), '2026-12-01')]).toEqual([['SPED'], []]);
  const [history] = await ask.sql(`select reason, changed_by from history where table_name = 'program_participation'`);
  expect(history).toEqual({ reason: 'reviewed', changed_by: counselor().subject });
  expect(await ask.code(counselor(), exit, { input: { participationId: enterProgram.id, on: '2026-12-02', reason: 'x' } })).toBe(
    'NOT_IN_PROGRAM',
  );
});

test('twice at once, an unknown code, wrong days and the wrong people are refused by name', async () => {
  const input = { studentId: child, programCode: 'EL', begins: today };
  const code = (more: object, viewer = counselor()) => ask.code(viewer, enter, { input: { ...input, ...more } });
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask.ask(counselor(), enter, { input })));
  expect(answers.filter((answer) => !answer.errors)).toHaveLength(1);
  expect(await code({})).toBe('IN_PROGRAM_ALREADY');
  expect(await code({ programCode: 'YOGA' })).toBe('PROGRAM_UNKNOWN');
  expect(await code({ ends: today })).toBe('DATES_INVALID');
  expect(await code({}, staffViewer('COUNSELOR', district.roosevelt))).toBe('NOT_FOUND');
  for (const viewer of [staffViewer('CLERK', district.garfield), staffViewer('TEACHER', district.garfield), parentOf(child), vendor])
    expect(await code({}, viewer)).toBe('FORBIDDEN');
  expect(await ask.code(counselor(), exit, { input: { participationId: someone(99), on: today, reason: 'x' } })).toBe('NOT_FOUND');
});

test('a district adds a program of its own, once', async () => {
  const add = 'mutation { addProgram(input: { code: "AVID", name: "Advancement Via Individual Determination" }) { code } }';
  expect((await ask.data(administrator, add)).addProgram.code).toBe('AVID');
  expect(await ask.code(administrator, add)).toBe('CODE_TAKEN');
  expect((await ask.data(counselor(), '{ programs { code } }')).programs).toContainEqual({ code: 'AVID' });
});
