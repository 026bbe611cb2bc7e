import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  clerk,
  correctAttendance,
  coTeacher,
  id,
  newSaveId,
  openAttendance,
  sectionFact,
  takeRoll,
  teacher,
  today,
  tomorrow,
  type Attendance,
} from '../testing.ts';

// A save that was told "refused" stays refused: a copy of it that the network held back must not save, an hour later, what its sender
// has been told is not saved.

let service: Attendance;
let section: number;
beforeAll(async () => {
  service = await openAttendance();
});
afterAll(() => service.close());
beforeEach(async () => {
  section = await service.ownSection();
});

const taken = () => service.sql('select revision from roll where section_id = $1', [id('section', section)]);
const morrow = () => (service.clock.now = new Date('2026-11-19T18:00:00Z'));
const correct = async (input: object) => (await service.data(clerk, correctAttendance, { input }))['correctAttendance'];
const correction = () => {
  const { exceptions: _, ...input } = service.ownRoll();
  return { ...input, reason: 'a parent called', corrections: [{ studentId: id('student', 1), code: 'E' }] };
};

describe('a roll that was refused', () => {
  test('is refused again when its day has come; under a new id it is saved', async () => {
    const roll = service.ownRoll({ date: tomorrow });
    const first = await service.take(teacher, roll);
    expect(first).toMatchObject({ outcome: 'REFUSED', code: 'FUTURE_DATE', replayed: false });
    morrow();
    expect(await service.take(teacher, roll)).toEqual({ ...first, replayed: true });
    expect(await taken()).toEqual([]);
    expect(await service.take(teacher, { ...roll, saveId: newSaveId() })).toMatchObject({ outcome: 'SAVED', revision: 1 });
    expect(await service.take(teacher, roll)).toMatchObject({ outcome: 'REFUSED', code: 'FUTURE_DATE', replayed: true });
  });

  test('is told to nobody else, and its id serves for nothing else', async () => {
    const roll = service.ownRoll({ date: tomorrow });
    await service.take(teacher, roll);
    morrow();
    for (const [viewer, changes] of [
      [coTeacher, {}],
      [teacher, { exceptions: [] }],
      [teacher, { baseRevision: 1 }],
    ] as const)
      expect(await service.code(viewer, takeRoll, { input: { ...roll, ...changes } })).toBe('SAVE_ID_REUSED');
    expect(await taken()).toEqual([]);
  });

  test('is no part of what was said of the roll, and no conflict', async () => {
    await service.take(teacher);
    const periodOnly = { meetings: [] as object[] };
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { ends: today }));
    const refused = service.ownRoll({ baseRevision: 1 });
    expect(await service.take(teacher, refused)).toMatchObject({ outcome: 'REFUSED', code: 'NOT_MEETING' });
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, periodOnly));
    const question = `... on Section { roll(date: "${today}", periodId: "${id('period', 1)}") { revision statements { saveId } } }`;
    const { data } = await service.entities(teacher, [{ __typename: 'Section', id: id('section', section) }], question);
    expect(data).toMatchObject({
      _entities: [{ roll: { revision: 1, statements: [{ saveId: expect.not.stringMatching(refused.saveId) }] } }],
    });
    const list = `query ($s: ID!) { rollConflicts(sectionId: $s) { nodes { saveId } } }`;
    expect((await service.data(teacher, list, { s: id('section', section) }))['rollConflicts'].nodes).toEqual([]);
    const resolve = `mutation ($input: ResolveRollConflictInput!) { resolveRollConflict(input: $input) { outcome } }`;
    const input = { saveId: newSaveId(), lostSaveId: refused.saveId, resolution: 'KEEP_MINE', baseRevision: 1 };
    expect(await service.code(teacher, resolve, { input })).toBe('NOT_FOUND');
  });

  test('of twenty copies at the same moment is refused twenty times, and kept once', async () => {
    const roll = service.ownRoll({ date: tomorrow });
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.take(teacher, roll)));
    expect(new Set(answers.map(({ outcome, code }) => `${outcome} ${code}`))).toEqual(new Set(['REFUSED FUTURE_DATE']));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await service.sql('select from roll_save where save_id = $1', [roll.saveId])).toHaveLength(1);
  });

  test('because its school was not announced yet is judged when it has been', async () => {
    const unknown = { ...sectionFact(section), schoolId: id('school', 500 + section) };
    await service.hear('scheduling', 'SectionChanged', unknown);
    const roll = service.ownRoll();
    const office = { ...clerk, grants: [{ role: 'CLERK' as const, schoolId: unknown.schoolId }] };
    expect(await service.take(office, roll)).toMatchObject({ outcome: 'REFUSED', code: 'SCHOOL_NOT_KNOWN' });
    await service.hear('student', 'SchoolChanged', {
      ...{ id: unknown.schoolId, districtId: id('school', 900), name: 'A new school', timeZone: 'America/Los_Angeles' },
    });
    expect(await service.take(office, roll)).toMatchObject({ outcome: 'SAVED', revision: 1, replayed: false });
  });
});

describe('a correction that was refused', () => {
  test('of a roll that was not taken is refused again when it was', async () => {
    const input = { ...correction(), baseRevision: 1 };
    const first = await correct(input);
    expect(first).toMatchObject({ outcome: 'REFUSED', code: 'ROLL_NOT_TAKEN', replayed: false });
    await service.take(teacher);
    expect(await correct(input)).toMatchObject({ outcome: 'REFUSED', code: 'ROLL_NOT_TAKEN', replayed: true, roll: { revision: 1 } });
    expect(await correct({ ...input, saveId: newSaveId() })).toMatchObject({ outcome: 'SAVED', revision: 2 });
  });

  test('row by row is refused row by row again when the student has come', async () => {
    await service.take(teacher);
    const input = { ...correction(), baseRevision: 1, corrections: [{ studentId: id('student', 90), code: 'E' }] };
    const first = await correct(input);
    expect(first).toMatchObject({ code: 'NOTHING_TO_CORRECT', rows: [{ studentId: id('student', 90), code: 'NOT_ENROLLED' }] });
    const { students } = sectionFact(section);
    await service.hear(
      'scheduling',
      'SectionChanged',
      sectionFact(section, { students: [...students, { ...students[0]!, studentId: id('student', 90) }] }),
    );
    expect(await correct(input)).toEqual({ ...first, replayed: true, roll: expect.anything() });
    expect(await taken()).toEqual([{ revision: 1 }]);
  });
});

test('a word that was kept and refused is refused again when the roll is open again; its conflict stays', async () => {
  await service.take(teacher);
  const lost = service.ownRoll({ exceptions: [{ studentId: id('student', 2), code: 'T' }] });
  expect(await service.take(coTeacher, lost)).toMatchObject({ outcome: 'CONFLICT' });
  const resolve = `mutation ($input: ResolveRollConflictInput!) { resolveRollConflict(input: $input) { outcome code revision replayed } }`;
  const resolved = async (input: object) => (await service.data(coTeacher, resolve, { input }))['resolveRollConflict'];
  const input = { saveId: newSaveId(), lostSaveId: lost.saveId, resolution: 'KEEP_MINE', baseRevision: 1 };
  service.clock.now = new Date('2026-12-18T18:00:00Z');
  const first = await resolved(input);
  expect(first).toMatchObject({ outcome: 'REFUSED', code: 'ROLL_CLOSED', replayed: false });
  service.clock.now = new Date('2026-11-18T18:00:00Z');
  expect(await resolved(input)).toEqual({ ...first, replayed: true });
  for (const changes of [{ baseRevision: 2 }, { resolution: 'TAKE_THEIRS' }])
    expect(await service.code(coTeacher, resolve, { input: { ...input, ...changes } })).toBe('SAVE_ID_REUSED');
  expect(await resolved({ ...input, saveId: newSaveId() })).toMatchObject({ outcome: 'SAVED', revision: 2 });
});
