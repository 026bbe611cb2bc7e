import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import {
  administrator,
  clerk,
  colleague,
  counselor,
  id,
  monday,
  openSchools,
  openSection,
  parentOf,
  principal,
  southPrincipal,
  southTeacher,
  teacher,
  vendor,
} from '../testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openSchools();
});
afterAll(() => service.close());

const add = 'mutation ($input: AddToRosterInput!) { addToRoster(input: $input) { sectionId studentId student { id } begins ends } }';
const drop = 'mutation ($input: DropFromRosterInput!) { dropFromRoster(input: $input) { begins ends } }';
const student = (n: number) => id('student', n);
const seat = (sectionId: string, n: number, more: object = {}, viewer: Viewer = clerk) =>
  service.data(viewer, add, { input: { sectionId, studentId: student(n), ...more } }).then((data) => data.addToRoster);
const leave = (sectionId: string, n: number, on: string, viewer: Viewer = clerk) =>
  service
    .data(viewer, drop, { input: { sectionId, studentId: student(n), on, reason: 'Schedule change' } })
    .then((data) => data.dropFromRoster);
const rosterAs = async (viewer: Viewer, sectionId: string, on: string | null = null): Promise<string[]> =>
  (
    await service.data(viewer, 'query ($id: ID!, $on: Date) { section(id: $id) { roster(on: $on) { student { id } } } }', {
      id: sectionId,
      on,
    })
  ).section.roster.map((row: { student: { id: string } }) => row.student.id);
const seats = (sectionId: string) =>
  service.sql(
    'select seats_taken, seats_over, (select count(*)::int from section_enrollment e where e.section_id = s.id and ends is null) as rows from section s where id = $1',
    [sectionId],
  );
const teaches = (sectionId: string, who: Viewer, begins = '2026-08-17', ends: string | null = null) =>
  service.sql(
    'insert into teacher_assignment (section_id, school_id, staff_id, role, begins, ends) select id, school_id, $2, $3, $4, $5 from section where id = $1',
    [sectionId, who.subject, ends ? 'SUBSTITUTE' : 'CO_TEACHER', begins, ends],
  );

describe('adding and dropping', () => {
  test('a student sits in a section from a day to its end, or to the day they leave; as of a date the roster stays what it was', async () => {
    const section = await openSection(service);
    expect(await seat(section, 1)).toEqual({
      sectionId: section,
      studentId: student(1),
      student: { id: student(1) },
      begins: monday,
      ends: null,
    });
    await seat(section, 2, { begins: '2026-08-17' });
    expect(await leave(section, 2, '2026-10-12')).toEqual({ begins: '2026-08-17', ends: '2026-10-12' });
    expect(await rosterAs(principal, section, '2026-10-02')).toEqual([student(2)]);
    expect(await rosterAs(principal, section, '2026-10-09')).toEqual([student(1), student(2)]);
    expect(await rosterAs(principal, section, '2026-10-12')).toEqual([student(1)]);
    expect(await rosterAs(principal, section, '2027-06-12')).toEqual([]);
    await seat(section, 2, { begins: '2026-11-02' });
    expect(await rosterAs(principal, section, '2026-11-02')).toEqual([student(1), student(2)]);
    expect((await service.told()).at(-1)!.payload.students).toEqual([
      { studentId: student(1), begins: monday, ends: '2027-06-12' },
      { studentId: student(2), begins: '2026-08-17', ends: '2026-10-12' },
      { studentId: student(2), begins: '2026-11-02', ends: '2027-06-12' },
    ]);
    expect(
      await service.sql(
        `select h.before ->> 'ends' as was, e.reason from history h join section_enrollment e on e.id::text = h.row_id where h.table_name = 'section_enrollment'`,
      ),
    ).toEqual([{ was: null, reason: 'Schedule change' }]);
  });

  test('what never took place is on no roster and not told', async () => {
    const section = await openSection(service);
    await seat(section, 1, { begins: '2026-11-02' });
    await leave(section, 1, '2026-10-12');
    expect(await rosterAs(principal, section, '2026-11-02')).toEqual([]);
    expect((await service.told()).at(-1)!.payload.students).toEqual([]);
    await seat(section, 1, { begins: '2026-11-02' });
    expect(await rosterAs(principal, section, '2026-11-02')).toEqual([student(1)]);
  });

  test('each refusal names what is wrong and changes nothing', async () => {
    const section = await openSection(service);
    await seat(section, 1);
    const refused = (input: object, viewer: Viewer = clerk) =>
      service.code(viewer, add, { input: { sectionId: section, studentId: student(2), ...input } });
    expect(await refused({ studentId: student(1), begins: '2026-11-02' })).toBe('ON_ROSTER_ALREADY');
    expect(await refused({ begins: '2026-08-16' })).toBe('OUTSIDE_SECTION');
    expect(await refused({ begins: '2027-06-12' })).toBe('OUTSIDE_SECTION');
    expect(await refused({ overLimitReason: 'Please' })).toBe('FORBIDDEN');
    expect(await refused({ overLimitReason: ' ' }, counselor)).toBe('REASON_REQUIRED');
    expect(await refused({ sectionId: id('section', 1) })).toBe('NOT_FOUND');
    expect(await refused({}, southPrincipal)).toBe('NOT_FOUND');
    for (const nobody of [teacher, vendor, parentOf(student(2))]) expect(await refused({}, nobody)).toBe('FORBIDDEN');
    const notDropped = (input: object, viewer: Viewer = clerk) =>
      service.code(viewer, drop, { input: { sectionId: section, studentId: student(1), reason: 'x', ...input } });
    expect(await notDropped({ studentId: student(2) })).toBe('NOT_ON_ROSTER');
    expect(await notDropped({ reason: '  ' })).toBe('REASON_REQUIRED');
    expect(await notDropped({}, southPrincipal)).toBe('NOT_FOUND');
    expect(await notDropped({}, teacher)).toBe('FORBIDDEN');
    expect(await rosterAs(principal, section)).toEqual([student(1)]);
  });

  test('the same student added twenty times at the same moment is there once', async () => {
    const section = await openSection(service);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => service.ask(clerk, add, { input: { sectionId: section, studentId: student(1) } })),
    );
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    expect(await seats(section)).toEqual([{ seats_taken: 1, seats_over: 0, rows: 1 }]);
  });
});

describe('seats', () => {
  test('of two hundred who want thirty seats at the same moment, thirty sit', async () => {
    const section = await openSection(service, { seatLimit: 30 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => service.ask(clerk, add, { input: { sectionId: section, studentId: student(1000 + n) } })),
    );
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(30);
    expect(new Set(answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions['code']) ?? []))).toEqual(
      new Set(['SECTION_FULL']),
    );
    expect(await seats(section)).toEqual([{ seats_taken: 30, seats_over: 0, rows: 30 }]);
  });

  test('beyond the limit are given by a principal or counselor with a reason, one by one, and are not there for others afterwards', async () => {
    const section = await openSection(service, { seatLimit: 1 });
    await seat(section, 1);
    expect(await service.code(counselor, add, { input: { sectionId: section, studentId: student(2) } })).toBe('SECTION_FULL');
    expect(await service.code(administrator, add, { input: { sectionId: section, studentId: student(2), overLimitReason: 'x' } })).toBe(
      'FORBIDDEN',
    );
    await seat(section, 2, { overLimitReason: 'Twins' }, counselor);
    expect(
      await service.sql('select reason from section_enrollment where section_id = $1 and student_id = $2', [section, student(2)]),
    ).toEqual([{ reason: 'Twins' }]);
    expect(await service.code(principal, add, { input: { sectionId: section, studentId: student(3) } })).toBe('SECTION_FULL');
    await leave(section, 2, monday);
    expect(await seats(section)).toEqual([{ seats_taken: 1, seats_over: 0, rows: 1 }]);
    expect(await service.code(principal, add, { input: { sectionId: section, studentId: student(3) } })).toBe('SECTION_FULL');
    await leave(section, 1, monday);
    await seat(section, 3);
    expect(await seats(section)).toEqual([{ seats_taken: 1, seats_over: 0, rows: 1 }]);
  });

  test('a limit below the seats that are taken is refused; one above lets more in', async () => {
    const section = await openSection(service, { seatLimit: 2 });
    await seat(section, 1);
    await seat(section, 2);
    const change = 'mutation ($input: ChangeSectionInput!) { changeSection(input: $input) { seatLimit seatsTaken } }';
    expect(await service.code(counselor, change, { input: { sectionId: section, seatLimit: 1 } })).toBe('SEAT_LIMIT_BELOW_TAKEN');
    expect((await service.data(counselor, change, { input: { sectionId: section, seatLimit: 3 } })).changeSection).toEqual({
      seatLimit: 3,
      seatsTaken: 2,
    });
    await seat(section, 3);
    expect(await service.code(counselor, add, { input: { sectionId: section, studentId: student(4) } })).toBe('SECTION_FULL');
  });

  test('the database itself refuses a seat beyond the limit, whoever writes', async () => {
    const section = await openSection(service, { seatLimit: 1 });
    await expect(
      service.sql(
        `insert into section_enrollment (section_id, school_id, student_id, begins) select id, school_id, s, begins from section, unnest($2::uuid[]) as s where id = $1`,
        [section, [student(1), student(2)]],
      ),
    ).rejects.toMatchObject({ code: 'SECTION_FULL' });
  });
});

describe('who reads a roster', () => {
  let section: string;
  beforeAll(async () => {
    section = await openSection(service);
    await seat(section, 1, { begins: '2026-08-17' });
    await seat(section, 2, { begins: '2026-08-17' });
    await teaches(section, teacher);
  });
  const both = [student(1), student(2)];

  test('those who teach it, the office of the school and the district all of it; a family its own; nobody else', async () => {
    for (const viewer of [teacher, principal, counselor, clerk, administrator]) expect(await rosterAs(viewer, section)).toEqual(both);
    expect(await rosterAs(parentOf(student(2)), section)).toEqual([student(2)]);
    expect(await rosterAs(parentOf(student(3)), section)).toEqual([]);
    const query = `{ section(id: "${section}") { roster { studentId } } }`;
    for (const viewer of [colleague, southTeacher, southPrincipal, vendor]) expect(await service.code(viewer, query)).toBe('FORBIDDEN');
  });

  test('a teacher of another class who is a parent of one of the students: only their own child', async () => {
    const both: Viewer = { ...colleague, grants: [...colleague.grants, { role: 'PARENT', schoolId: null }], students: [student(2)] };
    expect(await rosterAs(both, section)).toEqual([student(2)]);
  });

  test('a substitute on the days of the standing in', async () => {
    const sub: Viewer = { ...teacher, subject: id('staff', 60) };
    await teaches(section, sub, '2026-10-12', '2026-10-14');
    expect(await rosterAs(sub, section, '2026-10-13')).toEqual(both);
    expect(await service.code(sub, `{ section(id: "${section}") { roster(on: "2026-10-14") { studentId } } }`)).toBe('FORBIDDEN');
    expect(await service.code(sub, `{ section(id: "${section}") { roster { studentId } } }`)).toBe('FORBIDDEN');
  });

  test('who taught there once finds its students on the roster of then, and not where they are today', async () => {
    const former: Viewer = { ...teacher, subject: id('staff', 61) };
    await teaches(section, former, '2026-08-17', '2026-09-01');
    const query = `{ section(id: "${section}") { roster(on: "2026-08-20") { studentId student { sections { id } } } } }`;
    const { data, errors } = await service.ask(former, query);
    expect((data as { section: { roster: object[] } }).section.roster).toContainEqual({
      studentId: student(1),
      student: { sections: null },
    });
    expect(new Set(errors!.map((error) => error.extensions['code']))).toEqual(new Set(['FORBIDDEN']));
  });

  test('without a date the roster is that of the nearest day the section has', async () => {
    const spring = await openSection(service, { sessionIds: [id('session', 3)] });
    await seat(spring, 1);
    expect(await rosterAs(principal, spring)).toEqual([student(1)]);
  });

  test('a student and a roster row by reference are there for the same people', async () => {
    const references = [
      { __typename: 'SectionEnrollment', sectionId: section, studentId: student(1) },
      { __typename: 'SectionEnrollment', sectionId: section, studentId: student(3) },
    ];
    const rows = async (viewer: Viewer) =>
      (
        (await service.entities(viewer, references, '... on SectionEnrollment { begins student { id } section { id } }')).data![
          '_entities'
        ] as ({ begins: string } | null)[]
      ).map((row) => row?.begins ?? null);
    for (const viewer of [teacher, principal, parentOf(student(1))]) expect(await rows(viewer)).toEqual(['2026-08-17', null]);
    for (const viewer of [colleague, southPrincipal, parentOf(student(2))]) expect(await rows(viewer)).toEqual([null, null]);

    const sections = async (viewer: Viewer, n: number) =>
      (
        (await service.entities(viewer, [{ __typename: 'Student', id: student(n) }], `... on Student { sections(on: "${monday}") { id } }`))
          .data!['_entities'] as ({
          sections: { id: string }[];
        } | null)[]
      )[0]?.sections.map((each) => each.id) ?? null;
    for (const viewer of [teacher, principal, parentOf(student(1))]) expect(await sections(viewer, 1)).toContain(section);
    expect(await sections(colleague, 1)).toBeNull();
    expect(await sections(southPrincipal, 1)).toEqual([]);
    expect(await sections(principal, 999)).toEqual([]);
    const answer = await service.ask(teacher, `{ section(id: "${section}") { roster { student { id sections { id } } } } }`);
    expect(answer.errors).toBeUndefined();
  });

  test('row-level security alone stops at the school and at the family', async () => {
    const rows = (viewer: Viewer) =>
      service.database.transaction(viewer, 'x', ({ query }) =>
        query<{ student_id: string }>('select student_id from section_enrollment where section_id = $1', [section]),
      );
    expect(await rows(southPrincipal)).toEqual([]);
    expect(await rows(southTeacher)).toEqual([]);
    expect(await rows(vendor)).toEqual([]);
    expect(await rows(parentOf(student(1)))).toEqual([{ student_id: student(1) }]);
    expect(await rows(teacher)).toHaveLength(2);
    await expect(
      service.database.transaction(parentOf(student(1)), 'x', ({ query }) =>
        query('update section_enrollment set ends = begins where section_id = $1 returning id', [section]),
      ),
    ).resolves.toEqual([]);
  });
});

describe('what is heard', () => {
  test('a student who leaves the school leaves its sections that day, once; what was over before stays', async () => {
    const [fall, year, other] = [
      await openSection(service, { sessionIds: [id('session', 2)] }),
      await openSection(service),
      await openSection(service),
    ];
    for (const section of [fall, year, other]) await seat(section, 500, { begins: '2026-08-17' });
    await leave(other, 500, '2026-09-14');
    const before = (await service.told()).length;
    const withdrawn = { studentId: student(500), schoolId: id('school', 1), on: '2027-02-01' };
    await service.hear('student', 'StudentWithdrawn', withdrawn);
    const told = (await service.told()).slice(before);
    expect(told.map(({ aggregate }) => aggregate)).toEqual([year]);
    expect(told[0]!.payload.students).toEqual([{ studentId: student(500), begins: '2026-08-17', ends: '2027-02-01' }]);
    expect(await rosterAs(principal, year, '2027-01-29')).toEqual([student(500)]);
    expect(await rosterAs(principal, year, '2027-02-01')).toEqual([]);
    await service.hear('student', 'StudentWithdrawn', withdrawn);
    expect(await service.told()).toHaveLength(before + 1);
  });

  test('a school has the name and the time zone that were told last', async () => {
    const school = { id: id('school', 9), districtId: id('district', 1), name: 'East', timeZone: 'America/New_York' };
    for (const name of ['East', 'East', 'East High']) await service.hear('student', 'SchoolChanged', { ...school, name });
    expect(await service.sql('select name, time_zone from school where id = $1', [school.id])).toEqual([
      { name: 'East High', time_zone: 'America/New_York' },
    ]);
  });
});
