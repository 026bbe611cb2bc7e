import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import {
  administrator,
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
} from '../testing.ts';

// Student 1 has Algebra with `teacher` in period 1 and History with `otherTeacher` in period 2; student 7 has History only.
const history = id('section', 2);
let service: Attendance;
beforeAll(async () => {
  service = await openAttendance();
  await service.hear(
    'scheduling',
    'SectionChanged',
    sectionFact(2, {
      teachers: [{ staffId: otherTeacher.subject, role: 'TEACHER_OF_RECORD', begins: '2026-08-17', ends: null }],
      students: [...seats(1), ...seats(1, 7)],
      meetings: [{ periodId: id('period', 2), periodName: 'Period 2', days: [], begins: '2026-08-17', ends: null }],
    }),
  );
  // nobody sits in it: nobody has to take its roll
  await service.hear('scheduling', 'SectionChanged', sectionFact(3, { students: [] }));
  await service.hear('scheduling', 'SectionChanged', sectionFact(4, { schoolId: id('school', 2), students: seats(2, 40) }));
});
afterAll(() => service.close());

const take = (viewer: Viewer, changes: object) => service.data(viewer, takeRoll, { input: rollInput({ ...changes }) });

const missingIn = async (viewer: Viewer, school: number, args = '') => {
  const { data, errors } = await service.entities(
    viewer,
    [{ __typename: 'School', id: id('school', school) }],
    `... on School { missingRolls${args} { nodes { section { id } date period { id } periodName teachers { id } } pageInfo { hasNextPage endCursor } } }`,
  );
  if (errors) return errors[0]!.extensions['code'];
  return (data!['_entities'] as { missingRolls: any }[])[0]!.missingRolls; // eslint-disable-line @typescript-eslint/no-explicit-any
};
const sectionsOf = (missing: { nodes: { section: { id: string } }[] }) => missing.nodes.map((node) => node.section.id);

describe('missing rolls', () => {
  test('every section that met and has no roll is listed, with whom to remind', async () => {
    const missing = await missingIn(clerk, 1, `(date: "${yesterday}")`);
    expect(missing.nodes).toEqual([
      {
        section: { id: id('section', 1) },
        date: yesterday,
        period: { id: id('period', 1) },
        periodName: 'Period 1',
        teachers: [teacher, coTeacher, substitute].map(({ subject }) => ({ id: subject })),
      },
      {
        section: { id: history },
        date: yesterday,
        period: { id: id('period', 2) },
        periodName: 'Period 2',
        teachers: [{ id: otherTeacher.subject }],
      },
    ]);
  });

  test('a roll that is taken leaves the list, whatever it says; a correction of nothing does not', async () => {
    await take(teacher, { date: '2026-11-16', exceptions: [] });
    expect(sectionsOf(await missingIn(clerk, 1, '(date: "2026-11-16")'))).toEqual([history]);
  });

  test('a holiday and a day to come have none, today is asked without a date', async () => {
    for (const date of ['2026-11-11', tomorrow]) expect((await missingIn(clerk, 1, `(date: "${date}")`)).nodes).toEqual([]);
    expect((await missingIn(clerk, 1)).nodes.map((node: { date: string }) => node.date)).toEqual([today, today]);
  });

  test('pages meet without gap or repetition', async () => {
    const first = await missingIn(clerk, 1, `(date: "${yesterday}", first: 1)`);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await missingIn(clerk, 1, `(date: "${yesterday}", first: 1, after: "${first.pageInfo.endCursor}")`);
    expect([...sectionsOf(first), ...sectionsOf(second)]).toEqual([id('section', 1), history]);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  test('a section whose pattern is not known is missed once on each school day', async () => {
    await service.hear('scheduling', 'SectionChanged', sectionFact(5, { meetings: [] }));
    const ask = async () =>
      (await missingIn(clerk, 1)).nodes.filter((node: { section: { id: string } }) => node.section.id === id('section', 5));
    expect(await ask()).toMatchObject([{ period: null, periodName: null }]);
    await take(teacher, { sectionId: id('section', 5), periodId: id('period', 6) });
    expect(await ask()).toEqual([]);
    await service.hear('scheduling', 'SectionChanged', sectionFact(5, { cancelled: true, ends: '2026-08-17' }));
  });

  test('a section that was cancelled is still missed for the days on which it met', async () => {
    await service.hear('scheduling', 'SectionChanged', sectionFact(5, { cancelled: true, ends: today }));
    expect(sectionsOf(await missingIn(clerk, 1, `(date: "${yesterday}")`))).toContain(id('section', 5));
    expect(sectionsOf(await missingIn(clerk, 1))).not.toContain(id('section', 5));
    await service.hear('scheduling', 'SectionChanged', sectionFact(5, { cancelled: true, ends: '2026-08-17' }));
  });

  test('the office and counselors see the school, a teacher the own sections, others nothing', async () => {
    for (const viewer of [clerk, principal, counselor, administrator])
      expect(sectionsOf(await missingIn(viewer, 1, `(date: "${yesterday}")`))).toEqual([id('section', 1), history]);
    expect(sectionsOf(await missingIn(otherTeacher, 1, `(date: "${yesterday}")`))).toEqual([history]);
    expect(sectionsOf(await missingIn(substitute, 1, `(date: "${yesterday}")`))).toEqual([id('section', 1)]);
    expect(sectionsOf(await missingIn(substitute, 1))).toEqual([]);
    for (const viewer of [parent, student, farTeacher, farClerk, vendor]) {
      const { data, errors } = await service.entities(
        viewer,
        [{ __typename: 'School', id: id('school', 1) }],
        '... on School { missingRolls { nodes { date } } }',
      );
      expect(errors ? 'error' : data!['_entities']).toEqual([null]);
    }
  });

  test('a section lists its own over a span of days', async () => {
    const ask = (viewer: Viewer, from: string, to: string) =>
      service.entities(
        viewer,
        [{ __typename: 'Section', id: history }],
        `... on Section { missingRolls(from: "${from}", to: "${to}") { date periodName } }`,
      );
    const { data } = await ask(otherTeacher, '2026-11-10', '2026-11-30');
    expect((data!['_entities'] as { missingRolls: { date: string }[] }[])[0]!.missingRolls.map(({ date }) => date.slice(8))).toEqual([
      '10',
      '12',
      '13',
      '16',
      '17',
      '18',
    ]);
    expect((await ask(otherTeacher, '2026-11-30', '2026-11-10')).errors?.[0]?.extensions['code']).toBe('RANGE_INVALID');
    expect((await ask(teacher, today, today)).data).toEqual({ _entities: [null] });
  });
});

describe('a student over days', () => {
  const daysOf = async (viewer: Viewer, n: number, from: string, to: string) => {
    const { data, errors } = await service.entities(
      viewer,
      [{ __typename: 'Student', id: id('student', n) }],
      `... on Student { attendance(from: "${from}", to: "${to}") { date state school { id } periods { section { id } period { id } attendance { state code } } } }`,
    );
    if (errors) return errors[0]!.extensions['code'];
    return (data!['_entities'] as ({ attendance: any } | null)[])[0]?.attendance ?? null; // eslint-disable-line @typescript-eslint/no-explicit-any
  };

  test('a day is absent when every period was, not submitted while a roll is missing that could make it so', async () => {
    await take(clerk, { date: '2026-11-09' });
    const [day] = await daysOf(parent, 1, '2026-11-09', '2026-11-09');
    expect(day).toMatchObject({ date: '2026-11-09', state: 'NOT_SUBMITTED', school: { id: id('school', 1) } });
    expect(day.periods).toEqual([
      { section: { id: id('section', 1) }, period: { id: id('period', 1) }, attendance: { state: 'ABSENT', code: 'A' } },
      { section: { id: history }, period: { id: id('period', 2) }, attendance: { state: 'NOT_SUBMITTED', code: null } },
    ]);
    await take(clerk, { date: '2026-11-09', sectionId: history, periodId: id('period', 2) });
    expect(await daysOf(parent, 1, '2026-11-09', '2026-11-09')).toMatchObject([{ state: 'ABSENT' }]);
  });

  test('the share that makes a day absent is data', async () => {
    await take(teacher, { date: '2026-11-12' });
    await take(otherTeacher, { date: '2026-11-12', sectionId: history, periodId: id('period', 2), exceptions: [] });
    expect(await daysOf(counselor, 1, '2026-11-12', '2026-11-12')).toMatchObject([{ state: 'PRESENT' }]);
    const change = 'mutation ($input: ChangeAttendanceRulesInput!) { changeAttendanceRules(input: $input) { absentFromPercent } }';
    await service.data(principal, change, { input: { schoolId: id('school', 1), teacherDays: 7, absentFromPercent: 50 } });
    expect(await daysOf(counselor, 1, '2026-11-12', '2026-11-12')).toMatchObject([{ state: 'ABSENT' }]);
    await service.data(principal, change, { input: { schoolId: id('school', 1), teacherDays: 7, absentFromPercent: 100 } });
  });

  test('a correction by the office shows in the day', async () => {
    await take(teacher, { date: '2026-11-13' });
    const { exceptions: _, ...input } = rollInput({ date: '2026-11-13' });
    const correction = {
      ...input,
      saveId: newSaveId(),
      baseRevision: 1,
      reason: 'seen at the nurse',
      corrections: [{ studentId: id('student', 1) }],
    };
    await service.data(clerk, correctAttendance, { input: correction });
    const [day] = await daysOf(parent, 1, '2026-11-13', '2026-11-13');
    expect(day.periods[0].attendance).toEqual({ state: 'PRESENT', code: null });
  });

  test('holidays and days to come are not among the days; each school day is, once', async () => {
    const days = await daysOf(clerk, 7, '2026-11-10', '2026-11-30');
    expect(days.map((day: { date: string }) => day.date.slice(8))).toEqual(['10', '12', '13', '16', '17', '18']);
  });

  test('a student who left keeps what was said and is expected nowhere after', async () => {
    const leaving = { studentId: id('student', 8), begins: '2026-08-17', ends: '2026-11-13' };
    await service.hear('scheduling', 'SectionChanged', sectionFact(6, { students: [leaving] }));
    await take(teacher, { sectionId: id('section', 6), date: '2026-11-12', exceptions: [] });
    expect((await daysOf(clerk, 8, '2026-11-10', today)).map((day: { date: string; state: string }) => [day.date, day.state])).toEqual([
      ['2026-11-10', 'NOT_SUBMITTED'],
      ['2026-11-12', 'PRESENT'],
    ]);
    await service.hear('scheduling', 'SectionChanged', sectionFact(6, { students: [] }));
    expect(await daysOf(clerk, 8, '2026-11-10', today)).toBeNull(); // no seat at all any more: nobody this service knows
  });

  test('families see their own, the office and counselors the school, a teacher the own sections', async () => {
    for (const viewer of [parent, clerk, principal, counselor, administrator])
      expect((await daysOf(viewer, 1, '2026-11-12', '2026-11-12'))[0].periods).toHaveLength(2);
    const [own] = await daysOf(otherTeacher, 1, '2026-11-12', '2026-11-12');
    expect(own).toMatchObject({ state: null, periods: [{ section: { id: history } }] });
    expect(await daysOf(student, 2, '2026-11-12', '2026-11-12')).toMatchObject([{ state: 'PRESENT' }]);
    for (const viewer of [student, farTeacher, farClerk, vendor]) expect(await daysOf(viewer, 7, today, today)).toBeNull();
    expect(await daysOf(teacher, 7, today, today)).toBeNull();
    expect(await daysOf(parent, 7, today, today)).toBeNull();
  });

  test('a range is refused that runs backwards or holds more than 400 days', async () => {
    expect(await daysOf(parent, 1, today, yesterday)).toBe('RANGE_INVALID');
    expect(await daysOf(parent, 1, '2020-01-01', today)).toBe('RANGE_INVALID');
  });
});
