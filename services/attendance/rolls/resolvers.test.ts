import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import {
  administrator,
  calendarFact,
  clerk,
  correctAttendance,
  coTeacher,
  counselor,
  farClerk,
  farTeacher,
  id,
  newSaveId,
  openAttendance,
  otherTeacher,
  parent,
  principal,
  rollInput,
  seats,
  sectionFact,
  student,
  substitute,
  takeRoll,
  teacher,
  today,
  tomorrow,
  vendor,
  yesterday,
  type Attendance,
  type RollChanges,
} from '../testing.ts';

let service: Attendance;
let section: number;
beforeAll(async () => {
  service = await openAttendance();
});
afterAll(() => service.close());
// Every test has a section of its own.
beforeEach(async () => {
  section = await service.ownSection();
});

const takeCode = (viewer: Viewer, changes: RollChanges = {}) => service.code(viewer, takeRoll, { input: service.ownRoll(changes) });
const correction = (changes: RollChanges = {}) => {
  const { exceptions: _, ...input } = service.ownRoll();
  return {
    ...input,
    baseRevision: 1,
    reason: 'a parent called',
    corrections: [{ studentId: id('student', 1), code: 'E', comment: 'doctor' }],
    ...changes,
  };
};
const correct = async (viewer: Viewer, changes: RollChanges = {}) =>
  (await service.data(viewer, correctAttendance, { input: correction(changes) }))['correctAttendance'];
const statesOf = (answer: { roll: { entries: { attendance: { state: string } }[] } }) =>
  answer.roll.entries.map((entry) => entry.attendance.state);
const historyOf = () =>
  service.sql(
    `select s.* from roll_save s where roll_id in (select id from roll where section_id = $1) order by revision nulls last, save_id`,
    [id('section', section)],
  );

describe('taking roll', () => {
  test('exceptions are said, and everybody else on the roster is present as a fact of their own', async () => {
    const answer = await service.take(teacher, {
      exceptions: [
        { studentId: id('student', 1), code: 'A' },
        { studentId: id('student', 2), code: 'T', minutes: 7, comment: 'bus' },
      ],
    });
    expect(answer).toMatchObject({ outcome: 'SAVED', replayed: false, revision: 1, code: null });
    expect(answer.rows).toEqual([1, 2].map((n) => ({ studentId: id('student', n), outcome: 'SAVED', code: null })));
    expect(answer.roll).toMatchObject({ revision: 1, state: 'SUBMITTED', takenBy: { id: teacher.subject } });
    expect(statesOf(answer)).toEqual(['ABSENT', 'TARDY', 'PRESENT', 'PRESENT', 'PRESENT']);
    expect(await service.sql(`select taken_state from roll_entry where section_id = $1`, [id('section', section)])).toHaveLength(5);
  });

  test('a student who joins after the roll was taken is not submitted, neither present nor absent', async () => {
    await service.take(teacher);
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { students: seats(6) }));
    const again = await service.take(teacher, { baseRevision: 0 });
    expect(statesOf(again)).toEqual(['ABSENT', 'PRESENT', 'PRESENT', 'PRESENT', 'PRESENT', 'NOT_SUBMITTED']);
  });

  test('the same save again is answered the same again and changes nothing, in another order of rows too', async () => {
    const exceptions = [
      { studentId: id('student', 2), code: 'T' },
      { studentId: id('student', 1), code: 'Z' },
    ];
    const saveId = newSaveId();
    const first = await service.take(teacher, { saveId, exceptions });
    const second = await service.take(teacher, { saveId, exceptions: exceptions.toReversed() });
    expect(second).toEqual({ ...first, replayed: true });
    expect(await historyOf()).toHaveLength(1);
  });

  test('a late repetition does not undo a later save', async () => {
    const saveId = newSaveId();
    await service.take(teacher, { saveId });
    await service.take(teacher, { baseRevision: 1, exceptions: [] });
    expect(await service.take(teacher, { saveId })).toMatchObject({ outcome: 'SAVED', replayed: true, revision: 1, roll: { revision: 2 } });
    expect(
      await service.sql(`select 1 from roll_entry where section_id = $1 and taken_state <> 'PRESENT'`, [id('section', section)]),
    ).toEqual([]);
  });

  test('a repetition is answered after the roll has closed and the teacher has left', async () => {
    const saveId = newSaveId();
    await service.take(teacher, { saveId });
    service.clock.now = new Date('2026-12-18T18:00:00Z');
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { teachers: [] }));
    expect(
      (
        await service.ask(teacher, `${takeRoll.split('roll {')[0]} } }`, {
          input: service.ownRoll({ saveId }),
        })
      ).data,
    ).toMatchObject({ takeRoll: { outcome: 'SAVED', replayed: true } });
  });

  test('a save id stands for one content of one person', async () => {
    const saveId = newSaveId();
    await service.take(teacher, { saveId });
    expect(await takeCode(teacher, { saveId, exceptions: [] })).toBe('SAVE_ID_REUSED');
    expect(await takeCode(teacher, { saveId, baseRevision: 1 })).toBe('SAVE_ID_REUSED');
    expect(await takeCode(coTeacher, { saveId })).toBe('SAVE_ID_REUSED');
    expect(await service.code(clerk, correctAttendance, { input: correction({ saveId }) })).toBe('SAVE_ID_REUSED');
    expect(await historyOf()).toHaveLength(1);
  });

  test('a save id of another school tells nothing of that school', async () => {
    const saveId = newSaveId();
    await service.take(teacher, { saveId });
    await service.hear('scheduling', 'SectionChanged', {
      ...sectionFact(9000 + section),
      schoolId: id('school', 2),
      teachers: [{ staffId: farTeacher.subject, role: 'TEACHER_OF_RECORD', begins: '2026-08-17', ends: null }],
    });
    expect(await takeCode(farTeacher, { saveId, sectionId: id('section', 9000 + section) })).toBe('SAVE_ID_REUSED');
    expect(await service.sql(`select 1 from roll where section_id = $1`, [id('section', 9000 + section)])).toEqual([]);
  });

  test('twenty copies of one save at once have one effect', async () => {
    const saveId = newSaveId();
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.take(teacher, { saveId })));
    expect(answers.map((a) => a.outcome)).toEqual(Array(20).fill('SAVED'));
    expect(answers.filter((a) => !a.replayed)).toHaveLength(1);
    expect(await historyOf()).toHaveLength(1);
  });

  test('of twenty first rolls at once one is saved, and the others are kept as what was said', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => service.take(i % 2 ? teacher : coTeacher)));
    expect(answers.filter((a) => a.outcome === 'SAVED')).toHaveLength(1);
    expect(answers.filter((a) => a.outcome === 'CONFLICT')).toHaveLength(19);
    expect((await historyOf()).filter((save) => save.revision === null)).toHaveLength(19);
  });

  test('twenty copies of a save that loses are one loss', async () => {
    await service.take(teacher);
    const saveId = newSaveId();
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.take(coTeacher, { saveId })));
    expect(answers.map((a) => a.outcome)).toEqual(Array(20).fill('CONFLICT'));
    expect(answers.filter((a) => !a.replayed)).toHaveLength(1);
    expect(await historyOf()).toHaveLength(2);
  });

  test('a stale roll is answered with the current one and changes nothing; a base that never was as well', async () => {
    await service.take(teacher);
    for (const baseRevision of [0, 7]) {
      const answer = await service.take(coTeacher, { baseRevision, exceptions: [{ studentId: id('student', 3), code: 'U' }] });
      expect(answer).toMatchObject({ outcome: 'CONFLICT', revision: null, rows: [], roll: { revision: 1 } });
      expect(statesOf(answer)).toEqual(['ABSENT', 'PRESENT', 'PRESENT', 'PRESENT', 'PRESENT']);
    }
  });

  test('one bad row loses no good one, and never makes its student present', async () => {
    const answer = await service.take(teacher, {
      exceptions: [
        { studentId: id('student', 1), code: 'A' },
        { studentId: id('student', 2), code: 'Q' },
        { studentId: id('student', 77), code: 'A' },
      ],
    });
    expect(answer.rows.map((row: { outcome: string; code: string }) => [row.outcome, row.code])).toEqual([
      ['SAVED', null],
      ['REFUSED', 'CODE_NOT_VALID'],
      ['REFUSED', 'NOT_ENROLLED'],
    ]);
    expect(statesOf(answer)).toEqual(['ABSENT', 'NOT_SUBMITTED', 'PRESENT', 'PRESENT', 'PRESENT']);
  });

  test('the roster of the day counts: not who left before it, not who comes after it', async () => {
    const students = [
      { studentId: id('student', 1), begins: '2026-08-17', ends: today },
      { studentId: id('student', 2), begins: today, ends: tomorrow },
      { studentId: id('student', 3), begins: tomorrow, ends: null },
    ];
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { students }));
    const answer = await service.take(teacher);
    expect(answer.rows).toMatchObject([{ code: 'NOT_ENROLLED' }]);
    expect(answer.roll.entries).toMatchObject([{ student: { id: id('student', 2) }, attendance: { state: 'PRESENT' } }]);
  });
});

describe('when roll can be taken', () => {
  const refusal = async (viewer: Viewer, changes: RollChanges) => {
    const { outcome, code, roll } = await service.take(viewer, changes);
    expect(outcome).toBe('REFUSED');
    expect(roll).toMatchObject({ revision: 0, state: 'NOT_SUBMITTED' });
    expect(await historyOf()).toEqual([]);
    return code;
  };

  test('not tomorrow, by the day it is at the school', async () => {
    expect(await refusal(teacher, { date: tomorrow })).toBe('FUTURE_DATE');
    service.clock.now = new Date('2026-11-19T07:59:00Z'); // still the 18th in Los Angeles
    expect(await refusal(teacher, { date: tomorrow })).toBe('FUTURE_DATE');
    service.clock.now = new Date('2026-11-19T08:01:00Z');
    expect(await service.take(teacher, { date: tomorrow })).toMatchObject({ outcome: 'SAVED' });
  });

  test('not on a holiday, and not on a day that the calendar does not hold', async () => {
    expect(await refusal(clerk, { date: '2026-11-11' })).toBe('NOT_A_SCHOOL_DAY');
    expect(await refusal(clerk, { date: '2026-11-15' })).toBe('NOT_A_SCHOOL_DAY');
  });

  test('on any weekday while the school has no calendar for the school year', async () => {
    const there = { ...sectionFact(section), schoolId: id('school', 2) };
    await service.hear('scheduling', 'SectionChanged', there);
    expect(await service.take(farClerk, { date: '2026-11-11' })).toMatchObject({ outcome: 'SAVED' });
    expect(await service.take(farClerk, { date: '2026-11-15' })).toMatchObject({ outcome: 'REFUSED', code: 'NOT_A_SCHOOL_DAY' });
  });

  test('only when the section meets: its period, its rotating day, its term', async () => {
    expect(await refusal(teacher, { periodId: id('period', 2) })).toBe('NOT_MEETING');
    const meeting = { periodId: id('period', 1), periodName: 'Period 1', begins: '2026-08-17', ends: null };
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { meetings: [{ ...meeting, days: ['A'] }] }));
    expect(await refusal(teacher, {})).toBe('NOT_MEETING'); // the 18th is a B day
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { ends: today }));
    expect(await refusal(teacher, {})).toBe('NOT_MEETING');
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { cancelled: true, ends: yesterday }));
    expect(await refusal(teacher, {})).toBe('NOT_MEETING');
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { meetings: [{ ...meeting, days: ['B'] }] }));
    expect(await service.take(teacher)).toMatchObject({ outcome: 'SAVED' });
  });

  test('a meeting pattern by weekday is understood', async () => {
    const meeting = { periodId: id('period', 1), periodName: 'Period 1', begins: '2026-08-17', ends: null };
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { meetings: [{ ...meeting, days: ['TUESDAY'] }] }));
    expect(await refusal(teacher, {})).toBe('NOT_MEETING');
    expect(await service.take(teacher, { date: yesterday })).toMatchObject({ outcome: 'SAVED' });
  });

  test('in any period while the pattern of the section is not known', async () => {
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { meetings: [] }));
    expect(await service.take(teacher, { periodId: id('period', 8) })).toMatchObject({ outcome: 'SAVED' });
  });

  test('by the teacher for some days, by the office later; how many is data', async () => {
    const change = `mutation ($input: ChangeAttendanceRulesInput!) { changeAttendanceRules(input: $input) { schoolId teacherDays } }`;
    expect(await service.take(teacher, { date: '2026-11-12' })).toMatchObject({ outcome: 'SAVED' });
    await service.data(principal, change, { input: { schoolId: id('school', 1), teacherDays: 1, absentFromPercent: 100 } });
    expect(await service.take(teacher, { date: yesterday })).toMatchObject({ outcome: 'SAVED' });
    expect(await service.take(teacher, { date: '2026-11-16' })).toMatchObject({ outcome: 'REFUSED', code: 'ROLL_CLOSED' });
    expect(await service.take(clerk, { date: '2026-11-16' })).toMatchObject({ outcome: 'SAVED' });
    await service.sql(`delete from attendance_rule where school_id is not null`);
  });
});

describe('who takes roll', () => {
  test.each([
    ['the teacher of record', teacher],
    ['a co-teacher', coTeacher],
    ['the clerk', clerk],
    ['the principal', principal],
    ['the district administrator', administrator],
  ])('%s does', async (_, viewer) => {
    expect(await service.take(viewer)).toMatchObject({ outcome: 'SAVED' });
  });
  test('a substitute does on the day of the substitution, and on no other', async () => {
    expect(await service.take(substitute, { date: yesterday })).toMatchObject({ outcome: 'SAVED' });
    expect(await takeCode(substitute)).toBe('FORBIDDEN');
  });
  test.each([
    ['a teacher of another section', otherTeacher, 'FORBIDDEN'],
    ['a counselor', counselor, 'FORBIDDEN'],
    ['a parent', parent, 'FORBIDDEN'],
    ['a student', student, 'FORBIDDEN'],
    ['a vendor', vendor, 'FORBIDDEN'],
    ['a teacher of another school', farTeacher, 'NOT_FOUND'],
    ['the office of another school', farClerk, 'NOT_FOUND'],
  ])('%s does not', async (_, viewer, code) => {
    expect(await takeCode(viewer)).toBe(code);
    expect(await historyOf()).toEqual([]);
  });
  test.each([
    ['a nil save id', { saveId: '00000000-0000-0000-0000-000000000000' }],
    ['an upper-case save id', { saveId: newSaveId().toUpperCase() }],
    ['a section that is no id', { sectionId: `Robert'); drop table roll;--` }],
    ['a negative revision', { baseRevision: -1 }],
    ['a student twice', { exceptions: [rollInput().exceptions[0], rollInput().exceptions[0]] }],
    ['a NUL in a comment', { exceptions: [{ ...rollInput().exceptions[0], comment: 'a\0b' }] }],
    ['half a surrogate pair', { exceptions: [{ ...rollInput().exceptions[0], comment: '\ud800' }] }],
    ['a comment of 256 kB', { exceptions: [{ ...rollInput().exceptions[0], comment: 'x'.repeat(262_144) }] }],
    ['5,001 rows', { exceptions: seats(5_001).map(({ studentId }) => ({ studentId, code: 'A' })) }],
    ['negative minutes', { exceptions: [{ ...rollInput().exceptions[0], minutes: -5 }] }],
  ])('%s is refused by name', async (_, changes) => {
    expect(await takeCode(teacher, changes)).toBe('BAD_USER_INPUT');
    expect(await historyOf()).toEqual([]);
  });
});

describe('corrections by the office', () => {
  test('what the roll said and what the office says are both kept, and the office stands', async () => {
    await service.take(teacher);
    const answer = await correct(clerk);
    expect(answer).toMatchObject({ outcome: 'SAVED', revision: 2, roll: { revision: 2 } });
    expect(answer.roll.entries[0].attendance).toEqual({
      state: 'ABSENT',
      code: 'E',
      excused: true,
      taken: { state: 'ABSENT', code: 'A' },
      office: { state: 'ABSENT', code: 'E', comment: 'doctor' },
    });
    expect((await historyOf()).map((save) => [save.revision, save.saved_by, save.correction_reason])).toEqual([
      [1, teacher.subject, null],
      [2, clerk.subject, 'a parent called'],
    ]);
  });

  test('a roll taken again does not undo the office', async () => {
    await service.take(teacher);
    await correct(clerk);
    const again = await service.take(teacher, { baseRevision: 2, exceptions: [] });
    expect(again).toMatchObject({ outcome: 'SAVED', revision: 3 });
    expect(again.roll.entries[0].attendance).toEqual({ state: 'ABSENT', code: 'E' });
    expect(
      await service.sql(`select taken_state from roll_entry where section_id = $1 and student_id = $2`, [
        id('section', section),
        id('student', 1),
      ]),
    ).toEqual([{ taken_state: 'PRESENT' }]);
  });

  test('a stale correction loses and is kept; a repeated one is answered again', async () => {
    await service.take(teacher);
    const saveId = newSaveId();
    expect(await correct(clerk, { baseRevision: 0 })).toMatchObject({ outcome: 'CONFLICT', roll: { revision: 1 } });
    expect(await correct(clerk, { saveId })).toMatchObject({ outcome: 'SAVED', replayed: false });
    expect(await correct(clerk, { saveId })).toMatchObject({ outcome: 'SAVED', replayed: true, revision: 2 });
    expect(await historyOf()).toHaveLength(3);
  });

  test('present by the office: without a letter', async () => {
    await service.take(teacher);
    const answer = await correct(principal, { corrections: [{ studentId: id('student', 1) }] });
    expect(answer.roll.entries[0].attendance).toMatchObject({ state: 'PRESENT', code: null, taken: { code: 'A' } });
  });

  test('a roll that was not taken is not corrected into existence', async () => {
    expect(await correct(clerk)).toMatchObject({ outcome: 'REFUSED', code: 'ROLL_NOT_TAKEN', roll: { revision: 0 } });
    expect(await service.sql(`select 1 from roll where section_id = $1`, [id('section', section)])).toEqual([]);
  });

  test('rows about strangers or with unknown letters are refused alone; with no row left nothing is done', async () => {
    await service.take(teacher);
    const rows = [1, 2, 50].map((n) => ({ studentId: id('student', n), code: n === 2 ? 'QQ' : 'E' }));
    expect((await correct(clerk, { corrections: rows })).rows.map((row: { code: string }) => row.code)).toEqual([
      null,
      'CODE_NOT_VALID',
      'NOT_ENROLLED',
    ]);
    expect(await correct(clerk, { baseRevision: 2, corrections: rows.slice(1) })).toMatchObject({
      outcome: 'REFUSED',
      code: 'NOTHING_TO_CORRECT',
      roll: { revision: 2 },
    });
  });

  test('is for the office of the school, with a reason', async () => {
    await service.take(teacher);
    for (const viewer of [teacher, counselor, parent, vendor])
      expect(await service.code(viewer, correctAttendance, { input: correction() })).toBe('FORBIDDEN');
    expect(await service.code(farClerk, correctAttendance, { input: correction() })).toBe('NOT_FOUND');
    expect(await service.code(clerk, correctAttendance, { input: correction({ reason: '  ' }) })).toBe('BAD_USER_INPUT');
    expect(await service.code(clerk, correctAttendance, { input: correction({ corrections: [] }) })).toBe('BAD_USER_INPUT');
    expect(await historyOf()).toHaveLength(1);
  });

  test('what was said is never changed or deleted, not even by the district', async () => {
    await service.take(teacher);
    await expect(service.sql(`update roll_save set codes = '{}'`)).rejects.toThrow('append-only');
    await expect(service.sql(`delete from roll_save`)).rejects.toThrow('append-only');
  });
});

describe('reading rolls', () => {
  const sectionRoll = `... on Section { roll(date: "${today}", periodId: "${id('period', 1)}") { id state revision entries { student { id } attendance { state } } statements { revision kind reason savedBy { id } onRoster exceptions { student { id } code } } } }`;
  const roll = async (viewer: Viewer) => {
    const { data, errors } = await service.entities(viewer, [{ __typename: 'Section', id: id('section', section) }], sectionRoll);
    return errors?.[0]?.extensions['code'] ?? (data!['_entities'] as any[])[0]?.roll ?? null; // eslint-disable-line @typescript-eslint/no-explicit-any
  };

  test('a roll has its id before it is taken, and all its students are not submitted', async () => {
    const before = await roll(teacher);
    expect(before).toMatchObject({ state: 'NOT_SUBMITTED', revision: 0, statements: [] });
    expect(before.entries.map((entry: { attendance: { state: string } }) => entry.attendance.state)).toEqual(
      Array(5).fill('NOT_SUBMITTED'),
    );
    expect((await service.take(teacher)).roll.id).toBe(before.id);
  });

  test('everything that was said is read in order, losing savings too', async () => {
    await service.take(teacher);
    await service.take(coTeacher);
    await correct(clerk);
    expect((await roll(principal)).statements).toMatchObject([
      { revision: 1, kind: 'TAKEN', reason: null, savedBy: { id: teacher.subject }, onRoster: 5, exceptions: [{ code: 'A' }] },
      { revision: null, kind: 'TAKEN', savedBy: { id: coTeacher.subject } },
      { revision: 2, kind: 'CORRECTED', reason: 'a parent called', exceptions: [{ student: { id: id('student', 1) }, code: 'E' }] },
    ]);
  });

  test('who teaches the section that day and the school office read it, others do not', async () => {
    await service.take(teacher);
    for (const viewer of [teacher, coTeacher, clerk, principal, counselor, administrator])
      expect(await roll(viewer)).toMatchObject({ revision: 1 });
    expect(await roll(substitute)).toBe('FORBIDDEN'); // yesterday's
    for (const viewer of [otherTeacher, farTeacher, farClerk, parent, student, vendor]) expect(await roll(viewer)).toBeNull();
    const parentAndTeacher = { ...otherTeacher, grants: [...otherTeacher.grants, ...parent.grants], students: parent.students };
    expect(await roll(parentAndTeacher)).toBeNull();
  });

  test('a meeting of the day and a roll by its id lead to the same roll', async () => {
    const { roll: taken } = await service.take(teacher);
    const meeting = { __typename: 'SectionMeeting', sectionId: id('section', section), periodId: id('period', 1), date: today };
    const { data } = await service.entities(
      teacher,
      [meeting, { __typename: 'Roll', id: taken.id }],
      '... on SectionMeeting { roll { id } } ... on Roll { id takenAt period { id } section { id } }',
    );
    expect(data!['_entities']).toMatchObject([
      { roll: { id: taken.id } },
      { id: taken.id, section: { id: id('section', section) }, period: { id: id('period', 1) } },
    ]);
    expect((await service.entities(otherTeacher, [{ __typename: 'Roll', id: taken.id }], '... on Roll { id }')).data).toEqual({
      _entities: [null],
    });
  });

  test('without a period: the only one there is; with several, one must be named', async () => {
    const ask = async () => {
      const { data, errors } = await service.entities(
        teacher,
        [{ __typename: 'Section', id: id('section', section) }],
        `... on Section { roll(date: "${today}") { state period { id } } }`,
      );
      return errors?.[0]?.extensions['code'] ?? (data!['_entities'] as { roll: unknown }[])[0]!.roll;
    };
    expect(await ask()).toEqual({ state: 'NOT_SUBMITTED', period: { id: id('period', 1) } });
    const meetings = [1, 2].map((n) => ({
      periodId: id('period', n),
      periodName: `Period ${n}`,
      days: [],
      begins: '2026-08-17',
      ends: null,
    }));
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { meetings }));
    expect(await ask()).toBe('PERIOD_NEEDED');
    await service.take(teacher, { periodId: id('period', 2) });
    expect(await ask()).toEqual({ state: 'SUBMITTED', period: { id: id('period', 2) } });
    await service.take(teacher);
    expect(await ask()).toBe('PERIOD_NEEDED');
  });

  const seat = (n: number) => ({ __typename: 'SectionEnrollment', sectionId: id('section', section), studentId: id('student', n) });
  const attendanceOf = (date: string = today) =>
    `... on SectionEnrollment { studentId attendance(date: "${date}", periodId: "${id('period', 1)}") { state code } }`;

  test('the attendance of a whole class is one statement', async () => {
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { students: seats(30) }));
    await service.take(teacher);
    const statements: string[] = [];
    const client = await service.database.reads.connect();
    const query = Object.getPrototypeOf(client).query;
    client.release();
    Object.getPrototypeOf(client).query = function (this: unknown, ...args: [{ text?: string } | string]) {
      statements.push(typeof args[0] === 'string' ? args[0] : (args[0].text ?? ''));
      return query.apply(this, args);
    };
    const thirty = seats(30).map((_, i) => seat(i + 1));
    const { data } = await service.entities(teacher, thirty, attendanceOf()).finally(() => (Object.getPrototypeOf(client).query = query));
    const states = (data!['_entities'] as { attendance: { state: string } }[]).map((e) => e.attendance.state);
    expect(states).toEqual(['ABSENT', ...Array(29).fill('PRESENT')]);
    expect(statements.filter((text) => text.includes('roll_entry'))).toHaveLength(1);
    expect(statements.filter((text) => text.includes('section_roster'))).toHaveLength(1);
  });

  test('a missing roll is not submitted for each student', async () => {
    const { data } = await service.entities(teacher, [seat(1), seat(2)], attendanceOf());
    expect(data!['_entities']).toMatchObject([
      { attendance: { state: 'NOT_SUBMITTED', code: null } },
      { attendance: { state: 'NOT_SUBMITTED' } },
    ]);
  });

  test('a family reads its own seat and no other', async () => {
    await service.take(teacher);
    expect((await service.entities(parent, [seat(1), seat(2)], attendanceOf())).data).toMatchObject({
      _entities: [{ attendance: { state: 'ABSENT', code: 'A' } }, null],
    });
    expect((await service.entities(student, [seat(1), seat(2)], attendanceOf())).data).toMatchObject({
      _entities: [null, { attendance: { state: 'PRESENT' } }],
    });
  });

  test('teachers read the days on which they teach; other schools and vendors nothing', async () => {
    await service.take(teacher);
    expect((await service.entities(substitute, [seat(1)], attendanceOf())).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect((await service.entities(substitute, [seat(1)], attendanceOf(yesterday))).errors).toBeUndefined();
    for (const viewer of [otherTeacher, farTeacher, farClerk, vendor]) {
      const { data } = await service.entities(viewer, [seat(1)], attendanceOf());
      expect(data!['_entities']).toEqual([null]);
    }
  });
});

describe('what scheduling tells', () => {
  test('the same section twice is one roster, and a smaller one takes seats away', async () => {
    await service.hear('scheduling', 'SectionChanged', sectionFact(section));
    await service.hear('scheduling', 'SectionChanged', sectionFact(section, { students: seats(2), meetings: [] }));
    expect(await service.sql('select 1 from section_seat where section_id = $1', [id('section', section)])).toHaveLength(2);
    expect(
      await service.sql('select period_id, begins::text, ends::text from section_meeting where section_id = $1', [id('section', section)]),
    ).toEqual([{ period_id: null, begins: '2026-08-17', ends: '2027-06-12' }]);
  });
  test('a calendar told again without a day loses that day', async () => {
    const fact = calendarFact();
    await service.hear('scheduling', 'CalendarChanged', { ...fact, days: fact.days.filter((day) => day.date !== today) });
    expect(await service.take(teacher)).toMatchObject({ outcome: 'REFUSED', code: 'NOT_A_SCHOOL_DAY' });
    await service.hear('scheduling', 'CalendarChanged', fact);
    expect(await service.take(teacher)).toMatchObject({ outcome: 'SAVED' });
  });
});
