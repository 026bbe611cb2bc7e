import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import {
  administrator,
  clerk,
  correctAttendance,
  farClerk,
  farTeacher,
  id,
  newSaveId,
  openAttendance,
  parent,
  rollInput,
  sectionFact,
  student,
  takeRoll,
  teacher,
  today,
  vendor,
  type Attendance,
} from '../testing.ts';

// The resolvers' own checks are off: what holds here, holds by row-level security alone.
let service: Attendance;
beforeAll(async () => {
  service = await openAttendance({ enforceAccess: false });
  const far = { staffId: farTeacher.subject, role: 'TEACHER_OF_RECORD', begins: '2026-08-17', ends: null };
  const seat = { studentId: id('student', 50), begins: '2026-08-17', ends: null };
  await service.hear('scheduling', 'SectionChanged', sectionFact(2, { schoolId: id('school', 2), teachers: [far], students: [seat] }));
  await service.data(teacher, takeRoll, { input: rollInput() });
  const { exceptions: _, ...input } = rollInput();
  const corrections = [{ studentId: id('student', 1), code: 'E' }];
  await service.data(clerk, correctAttendance, {
    input: { ...input, saveId: newSaveId(), baseRevision: 1, reason: 'called', corrections },
  });
  await service.data(farTeacher, takeRoll, { input: rollInput({ sectionId: id('section', 2), exceptions: [] }) });
});
afterAll(() => service.close());

const people = ['section_roster', 'section_seat', 'roll', 'roll_entry', 'roll_save'] as const;
const institution = ['school', 'calendar', 'calendar_day', 'section_meeting', 'attendance_code', 'attendance_rule'] as const;
const inTheNameOf = <Row>(viewer: Viewer, sql: string) => service.database.transaction(viewer, 'test', ({ query }) => query<Row>(sql));
const countsOf = async (viewer: Viewer, tables: readonly string[]) =>
  Promise.all(tables.map(async (table) => (await inTheNameOf<{ n: number }>(viewer, `select count(*)::integer as n from ${table}`))[0]!.n));

describe('rows about people', () => {
  test.each([
    ['the district sees all', administrator, [2, 6, 2, 6, 3]],
    ['a teacher sees the own school', teacher, [1, 5, 1, 5, 2]],
    ['a clerk sees the own school', clerk, [1, 5, 1, 5, 2]],
    ['staff of the other school see theirs', farClerk, [1, 1, 1, 1, 1]],
    ['a parent sees the own child', parent, [0, 1, 0, 1, 0]],
    ['a student sees the own record', student, [0, 1, 0, 1, 0]],
    ['a vendor sees nothing', vendor, [0, 0, 0, 0, 0]],
  ] as const)('%s', async (_, viewer, counts) => {
    expect(await countsOf(viewer, people)).toEqual(counts);
  });

  test('what a parent sees is about the own child', async () => {
    for (const table of ['section_seat', 'roll_entry'])
      expect(await inTheNameOf(parent, `select student_id from ${table}`)).toEqual([{ student_id: id('student', 1) }]);
  });

  test('every table of this service is under forced row-level security', async () => {
    const open = await service.sql(
      `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and not (relrowsecurity and relforcerowsecurity)
         and relname not in ('mikro_orm_migrations', 'outbox', 'inbox', 'feed_position') order by 1`,
    );
    expect(open).toEqual([]);
  });
});

describe('writing', () => {
  test.each([parent, student, vendor, farTeacher])('nobody writes about people elsewhere (%#)', async (viewer) => {
    for (const table of people)
      expect(
        await inTheNameOf(viewer, `update ${table} set school_id = school_id where school_id = '${id('school', 1)}' returning 1`).catch(
          (error: Error) => (error.message.includes('append-only') ? [] : Promise.reject(error)),
        ),
      ).toEqual([]);
    await expect(
      inTheNameOf(
        viewer,
        `insert into section_seat values ('${id('section', 1)}', '${id('student', 99)}', '${id('school', 1)}', '${today}')`,
      ),
    ).rejects.toThrow('row-level security');
  });
  test.each([parent, student, vendor])('families and vendors write no facts of the institution (%#)', async (viewer) => {
    for (const table of institution) expect(await inTheNameOf(viewer, `delete from ${table} returning 1`)).toEqual([]);
  });
  test('a section of another school is not there for a save', async () => {
    for (const viewer of [farTeacher, farClerk, parent, student, vendor]) {
      expect(await service.code(viewer, takeRoll, { input: rollInput({ baseRevision: 2 }) })).toBe('NOT_FOUND');
      const { exceptions: _, ...input } = rollInput({ baseRevision: 2 });
      const corrections = [{ studentId: id('student', 1), code: 'E' }];
      expect(await service.code(viewer, correctAttendance, { input: { ...input, reason: 'x', corrections } })).toBe('NOT_FOUND');
    }
  });
});

describe('the graph', () => {
  const everything = `
    ... on Section { roll(date: "${today}", periodId: "${id('period', 1)}") { revision entries { student { id } } statements { saveId } } missingRolls(from: "${today}", to: "${today}") { date } }
    ... on SectionEnrollment { attendance(date: "${today}", periodId: "${id('period', 1)}") { state code } }
    ... on Student { days: attendance(from: "${today}", to: "${today}") { state periods { attendance { code } } } }
    ... on Roll { revision entries { student { id } } }`;
  const references = async () => [
    { __typename: 'Section', id: id('section', 1) },
    { __typename: 'Student', id: id('student', 3) },
    { __typename: 'SectionEnrollment', sectionId: id('section', 1), studentId: id('student', 3) },
    { __typename: 'Roll', id: (await service.sql<{ id: string }>(`select id from roll where section_id = $1`, [id('section', 1)]))[0]!.id },
  ];

  test.each([farTeacher, farClerk, parent, student, vendor])('nothing of another school or another child is there (%#)', async (viewer) => {
    expect(await service.entities(viewer, await references(), everything)).toEqual({ data: { _entities: [null, null, null, null] } });
  });
  test('and it is there for the school', async () => {
    const { data, errors } = await service.entities(clerk, await references(), everything);
    expect(errors).toBeUndefined();
    expect((data!['_entities'] as unknown[]).every(Boolean)).toBe(true);
  });
  test('no missing roll of another school is told', async () => {
    await service.hear('scheduling', 'SectionChanged', sectionFact(3));
    const ask = async (viewer: Viewer) =>
      (
        await service.entities(
          viewer,
          [{ __typename: 'School', id: id('school', 1) }],
          '... on School { missingRolls { nodes { section { id } } } }',
        )
      ).data;
    for (const viewer of [farTeacher, farClerk, parent, student, vendor])
      expect(await ask(viewer)).toMatchObject({ _entities: [{ missingRolls: { nodes: [] } }] });
    expect(await ask(clerk)).toMatchObject({ _entities: [{ missingRolls: { nodes: [{ section: { id: id('section', 3) } }] } }] });
  });
});
