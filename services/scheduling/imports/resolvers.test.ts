import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sourcedUuid } from '@rollbook/school';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { administrator, id, monday, openSchools, principal } from '../testing.ts';

const source = 'old-sis';
const files = { academicSessions: 'AcademicSessions', courses: 'Courses', classes: 'Classes', enrollments: 'Enrollments' } as const;
type File = keyof typeof files;
type Package = Record<File, Record<string, unknown>[]>;

let service: TestSubgraph;
beforeEach(async () => {
  service = await openSchools();
});
afterEach(() => service.close());

const idOf = (kind: string, sourcedId: string) => sourcedUuid(source, kind, sourcedId);

async function send(file: File, rows: unknown[], more: Record<string, unknown> = {}) {
  const input = { importId: id('import', 1), batch: 0, source, dryRun: false, today: monday, rows, ...more };
  const answer = await service.data(
    administrator,
    `mutation ($input: Import${files[file]}Input!) { import${files[file]}(input: $input) {
       created changed unchanged refused { row sourcedId code } differences { sourcedId field before after } } }`,
    { input },
  );
  return answer[`import${files[file]}`] as {
    created: number;
    changed: number;
    unchanged: number;
    refused: { row: number; sourcedId: string; code: string }[];
    differences: { sourcedId: string; field: string; before: string | null; after: string | null }[];
  };
}

async function finish(importId: string, more: Record<string, unknown> = {}) {
  const input = { importId, source, bulkKinds: Object.keys(files), today: monday, ...more };
  let ended = 0;
  let calls = 0;
  for (let done = false; !done; calls++) {
    const { finishScheduleImport: answer } = await service.data(
      administrator,
      'mutation ($input: FinishScheduleImportInput!) { finishScheduleImport(input: $input) { ended done } }',
      { input },
    );
    ended += answer.ended;
    done = answer.done;
  }
  return { ended, calls };
}

/** Two classes of one teacher in the first two periods, three students in the first, one in the second. */
const small = (): Package => ({
  academicSessions: [
    {
      sourcedId: 'q1',
      title: 'Quarter 1',
      type: 'gradingPeriod',
      begins: '2026-08-17',
      ends: '2026-10-20',
      parentSourcedId: 'fall',
      schoolYear: 2027,
    },
    {
      sourcedId: 'fall',
      title: 'Fall',
      type: 'semester',
      begins: '2026-08-17',
      ends: '2027-01-16',
      parentSourcedId: 'y',
      schoolYear: 2027,
    },
    {
      sourcedId: 'spring',
      title: 'Spring',
      type: 'semester',
      begins: '2027-01-16',
      ends: '2027-06-12',
      parentSourcedId: 'y',
      schoolYear: 2027,
    },
    { sourcedId: 'y', title: '2026-27', type: 'schoolYear', begins: '2026-08-17', ends: '2027-06-12', schoolYear: 2027 },
  ],
  courses: [{ sourcedId: 'alg', title: 'Algebra', courseCode: 'A1', grades: ['09'], orgSourcedId: 'district', schoolYearSourcedId: 'y' }],
  classes: [
    {
      sourcedId: 'c1',
      title: 'Algebra 1',
      classCode: '101',
      classType: 'scheduled',
      location: 'R 7',
      courseSourcedId: 'alg',
      schoolSourcedId: 's',
      termSourcedIds: ['fall', 'spring'],
      periods: ['1'],
    },
    {
      sourcedId: 'c2',
      title: 'Algebra 2',
      classCode: '102',
      classType: 'scheduled',
      courseSourcedId: 'alg',
      schoolSourcedId: 's',
      termSourcedIds: ['fall'],
      periods: ['2'],
    },
  ],
  enrollments: [
    { sourcedId: 'e1', classSourcedId: 'c1', schoolSourcedId: 's', userSourcedId: 'ann', role: 'student' },
    { sourcedId: 'e2', classSourcedId: 'c1', schoolSourcedId: 's', userSourcedId: 'ben', role: 'student' },
    {
      sourcedId: 'e3',
      classSourcedId: 'c1',
      schoolSourcedId: 's',
      userSourcedId: 'cleo',
      role: 'student',
      begins: '2026-09-01',
      ends: '2027-06-12',
    },
    { sourcedId: 'e4', classSourcedId: 'c2', schoolSourcedId: 's', userSourcedId: 'ann', role: 'student' },
    { sourcedId: 't1', classSourcedId: 'c1', schoolSourcedId: 's', userSourcedId: 'ms-ito', role: 'teacher', primary: true },
    { sourcedId: 't2', classSourcedId: 'c2', schoolSourcedId: 's', userSourcedId: 'ms-ito', role: 'teacher', primary: true },
  ],
});

/** Sends a whole package and finishes it; counts of all files together. */
async function bring(pack: Package, importId: string, today = monday) {
  const total = { created: 0, changed: 0, unchanged: 0, refused: [] as string[] };
  for (const file of Object.keys(files) as File[]) {
    const answer = await send(file, pack[file], { importId, today });
    total.created += answer.created;
    total.changed += answer.changed;
    total.unchanged += answer.unchanged;
    total.refused.push(...answer.refused.map(({ sourcedId, code }) => `${sourcedId} ${code}`));
  }
  return { ...total, ...(await finish(importId, { today })) };
}

const roster = () =>
  service.sql(`select sourced_id as line, begins, ends from section_enrollment order by sourced_id`) as Promise<
    { line: string; begins: string; ends: string | null }[]
  >;
const toldSince = async (count: number) => (await service.told()).slice(count);

describe('a package', () => {
  test('becomes sections with sessions, times, rooms, teachers and rosters, and each is told once', async () => {
    expect(await bring(small(), id('import', 1))).toEqual({ created: 13, changed: 0, unchanged: 0, refused: [], ended: 0, calls: 1 });
    const told = await service.told();
    expect(told.map(({ type }) => type).sort()).toEqual([
      ...['CourseChanged', 'CourseChanged', 'GradingPeriodChanged', 'SectionChanged', 'SectionChanged'],
    ]);
    expect(told.find(({ type }) => type === 'GradingPeriodChanged')!.payload).toEqual({
      id: idOf('academicSession', 'q1'),
      schoolYear: 2027,
      title: 'Quarter 1',
      begins: '2026-08-17',
      ends: '2026-10-20',
      sessionId: idOf('academicSession', 'fall'),
    });
    expect(told.find(({ aggregate }) => aggregate === idOf('class', 'c1'))!.payload).toMatchObject({
      schoolId: idOf('org', 's'),
      courseId: idOf('course', 'alg'),
      number: '101',
      begins: '2026-08-17',
      ends: '2027-06-12',
      cancelled: false,
      teachers: [{ staffId: idOf('user', 'ms-ito'), role: 'TEACHER_OF_RECORD', begins: '2026-08-17', ends: '2027-06-12' }],
      meetings: [{ periodName: '1', days: [], begins: '2026-08-17', ends: '2027-06-12', roomName: 'R 7' }],
    });
    const { students } = told.find(({ aggregate }) => aggregate === idOf('class', 'c1'))!.payload;
    expect(students).toHaveLength(3);
    expect(students).toContainEqual({ studentId: idOf('user', 'cleo'), begins: '2026-09-01', ends: '2027-06-12' });
    expect(await service.sql('select number, seats_taken from section order by number')).toEqual([
      { number: '101', seats_taken: 3 },
      { number: '102', seats_taken: 1 },
    ]);
  });

  test('brought a second time changes nothing, ends nothing and tells nothing', async () => {
    await bring(small(), id('import', 1));
    const [before] = await service.sql('select (select count(*) from outbox) as told, (select count(*) from history) as history');
    expect(await bring(small(), id('import', 2), '2026-11-02')).toEqual({
      created: 0,
      changed: 0,
      unchanged: 13,
      refused: [],
      ended: 0,
      calls: 1,
    });
    expect(await service.sql('select (select count(*) from outbox) as told, (select count(*) from history) as history')).toEqual([before]);
  });

  test('shows in a dry run what it would do, and does nothing', async () => {
    const pack = small();
    for (const file of Object.keys(files) as File[])
      expect(await send(file, pack[file], { dryRun: true })).toMatchObject({ created: pack[file].length, changed: 0, refused: [] });
    expect(await service.sql(`select 1 from section union all select 1 from import_batch union all select 1 from room`)).toEqual([]);
    await bring(pack, id('import', 1));
    pack.classes[0]!['title'] = 'Algebra one';
    expect((await send('classes', pack.classes, { importId: id('import', 2), dryRun: true })).differences).toEqual([
      { sourcedId: 'c1', field: 'title', before: 'Algebra 1', after: 'Algebra one' },
    ]);
    expect(await service.sql(`select title from section where number = '101'`)).toEqual([{ title: 'Algebra 1' }]);
  });

  test('sent again in part answers what it answered', async () => {
    const pack = small();
    const first = await send('academicSessions', pack.academicSessions);
    expect(await send('academicSessions', pack.academicSessions)).toEqual(first);
    expect(first.created).toBe(4);
  });

  test('is for a district administrator', async () => {
    const input = { importId: id('import', 1), batch: 0, source, dryRun: false, today: monday, rows: [] };
    expect(
      await service.code(principal, 'mutation ($input: ImportCoursesInput!) { importCourses(input: $input) { created } }', { input }),
    ).toBe('FORBIDDEN');
  });
});

describe('what a later bulk file no longer holds', () => {
  test('ends today, is told, is history, and is active again when it reappears', async () => {
    await bring(small(), id('import', 1));
    const told = (await service.told()).length;
    const pack = small();
    pack.enrollments = pack.enrollments.filter(({ sourcedId }) => sourcedId !== 'e2');
    expect(await bring(pack, id('import', 2), '2026-11-02')).toMatchObject({ created: 0, changed: 0, ended: 1 });
    expect((await roster()).find(({ line }) => line === 'e2')).toMatchObject({ begins: '2026-08-17', ends: '2026-11-02' });
    expect((await toldSince(told)).map(({ aggregate }) => aggregate)).toEqual([idOf('class', 'c1')]);
    expect(await service.sql(`select seats_taken from section where number = '101'`)).toEqual([{ seats_taken: 2 }]);
    expect(await service.sql(`select before ->> 'ends' as ends, reason from history where table_name = 'section_enrollment'`)).toEqual([
      { ends: null, reason: 'import from old-sis' },
    ]);
    expect(await bring(small(), id('import', 3), '2026-11-09')).toMatchObject({ created: 0, changed: 1, ended: 0 });
    expect((await roster()).find(({ line }) => line === 'e2')).toMatchObject({ begins: '2026-08-17', ends: null });
  });

  test('a class that is gone is cancelled with its meetings; a course and a grading period end', async () => {
    await bring(small(), id('import', 1));
    const told = (await service.told()).length;
    const pack = small();
    pack.classes.pop();
    pack.enrollments = pack.enrollments.filter(({ classSourcedId }) => classSourcedId !== 'c2');
    pack.academicSessions.shift();
    expect(await bring(pack, id('import', 2), '2026-10-06')).toMatchObject({ ended: 4, changed: 0 });
    const events = await toldSince(told);
    expect(events.find(({ type }) => type === 'GradingPeriodChanged')!.payload).toMatchObject({ title: 'Quarter 1', ends: '2026-10-06' });
    expect(events.find(({ type }) => type === 'SectionChanged')!.payload).toMatchObject({
      number: '102',
      cancelled: true,
      ends: '2026-10-06',
      students: [{ begins: '2026-08-17', ends: '2026-10-06' }],
      meetings: [{ ends: '2026-10-06' }],
    });
    expect(await bring(small(), id('import', 3), '2026-10-07')).toMatchObject({ created: 0, ended: 0 });
    expect(await service.sql(`select cancelled_on from section where number = '102'`)).toEqual([{ cancelled_on: null }]);
  });

  test('a finish that is sent again, or for a file of which nothing arrived, ends nothing', async () => {
    await bring(small(), id('import', 1));
    expect(await finish(id('import', 1))).toEqual({ ended: 0, calls: 1 });
    await send('courses', small().courses, { importId: id('import', 2) });
    expect(await finish(id('import', 2))).toEqual({ ended: 0, calls: 1 });
    expect(await service.sql('select 1 from section where cancelled_on is not null')).toEqual([]);
  });

  test('what is over already stays as it was', async () => {
    await bring(small(), id('import', 1));
    const pack = {
      ...small(),
      classes: small().classes.slice(0, 1),
      enrollments: small().enrollments.filter((e) => e['classSourcedId'] === 'c1'),
    };
    expect(await bring(pack, id('import', 2), '2027-02-01')).toMatchObject({ ended: 0 });
    expect((await roster()).find(({ line }) => line === 'e4')).toMatchObject({ ends: null });
  });

  test('rows that are to be deleted end today, once', async () => {
    await bring(small(), id('import', 1));
    const gone = [
      { ...small().enrollments[0]!, status: 'tobedeleted' },
      { ...small().enrollments[0]!, sourcedId: 'never', status: 'tobedeleted' },
    ];
    expect(await send('enrollments', gone, { importId: id('import', 2), today: '2026-11-02' })).toMatchObject({
      created: 0,
      changed: 1,
      unchanged: 1,
    });
    expect(await send('enrollments', gone, { importId: id('import', 3), today: '2026-11-09' })).toMatchObject({ changed: 0, unchanged: 2 });
    expect((await roster())[0]).toMatchObject({ line: 'e1', ends: '2026-11-02' });
    const c2 = { ...small().classes[1]!, status: 'tobedeleted' };
    expect(await send('classes', [c2], { importId: id('import', 2), today: '2026-11-02' })).toMatchObject({ changed: 1 });
    expect(await send('classes', [c2], { importId: id('import', 3), today: '2026-11-09' })).toMatchObject({ changed: 0, unchanged: 1 });
  });
});

describe('a row that breaks a rule is left out alone', () => {
  test('of sessions, courses and classes', async () => {
    const pack = small();
    pack.academicSessions.push(
      { sourcedId: 'x1', title: 'X', type: 'week', begins: '2026-08-17', ends: '2026-10-20', schoolYear: 2027 },
      { sourcedId: 'x2', title: 'X', type: 'term', begins: '2026-10-20', ends: '2026-08-17', schoolYear: 2027 },
      { sourcedId: 'x3', title: ' ', type: 'term', begins: '2026-08-17', ends: '2026-10-20', schoolYear: 2027 },
      { sourcedId: 'x4', title: 'X', type: 'term', begins: '2026-08-17', ends: '2026-10-20', schoolYear: 27 },
      { ...pack.academicSessions[0]! },
    );
    pack.courses.push({ ...pack.courses[0]!, sourcedId: 'x5', title: '' });
    pack.classes.push(
      { ...pack.classes[0]!, sourcedId: 'x6', courseSourcedId: 'nothing' },
      { ...pack.classes[0]!, sourcedId: 'x7', termSourcedIds: ['never'] },
      { ...pack.classes[0]!, sourcedId: 'x8', termSourcedIds: [] },
      { ...pack.classes[0]!, sourcedId: 'x9', title: '' },
    );
    expect(await bring(pack, id('import', 1))).toMatchObject({
      created: 13,
      refused: [
        'x1 TYPE_UNKNOWN',
        'x2 DATES_REVERSED',
        'x3 TITLE_MISSING',
        'x4 SCHOOL_YEAR_INVALID',
        'q1 ROW_TWICE',
        'x5 TITLE_MISSING',
        'x6 COURSE_UNKNOWN',
        'x7 SESSION_UNKNOWN',
        'x8 SESSION_UNKNOWN',
        'x9 TITLE_MISSING',
      ],
    });
    expect(await send('classes', [{ ...pack.classes[0]!, schoolSourcedId: 'other' }], { importId: id('import', 2) })).toMatchObject({
      refused: [{ sourcedId: 'c1', code: 'SCHOOL_CHANGED' }],
    });
  });

  test('of enrollments: the same student twice in a class at a time, two primary teachers, roles and days that do not fit', async () => {
    const pack = small();
    const [e1, , e3, , t1] = pack.enrollments as Record<string, unknown>[];
    pack.enrollments.push(
      { ...e1, sourcedId: 'x1' },
      { ...e3, sourcedId: 'x2', begins: '2026-08-20', ends: '2026-09-02' },
      { ...e3, sourcedId: 'ok', begins: '2026-08-20', ends: '2026-09-01' },
      { ...t1, sourcedId: 'x3', userSourcedId: 'mr-fox' },
      { ...e1, sourcedId: 'x4', classSourcedId: 'nothing' },
      { ...e1, sourcedId: 'x5', role: 'proctor' },
      { ...e1, sourcedId: 'x6', role: 'mascot' },
      { ...e1, sourcedId: 'x7', userSourcedId: 'dan', begins: '2026-09-02', ends: '2026-09-02' },
      { ...e1, sourcedId: 'x8', userSourcedId: 'dan', begins: '2027-06-12' },
      { ...e1, sourcedId: 'x9', userSourcedId: 'dan', begins: '2026-01-01', ends: '2026-08-17' },
    );
    expect(await bring(pack, id('import', 1))).toMatchObject({
      created: 14,
      refused: [
        'x1 ENROLLMENT_OVERLAPS',
        'x2 ENROLLMENT_OVERLAPS',
        'x3 TEACHER_OF_RECORD_TAKEN',
        'x4 CLASS_UNKNOWN',
        'x5 ROLE_NOT_KEPT',
        'x6 ROLE_UNKNOWN',
        'x7 DATES_REVERSED',
        'x8 OUTSIDE_SECTION',
        'x9 OUTSIDE_SECTION',
      ],
    });
    expect((await roster()).map(({ line }) => line)).toEqual(['e1', 'e2', 'e3', 'e4', 'ok']);
    expect(await send('enrollments', [{ ...t1, role: 'student' }], { importId: id('import', 2) })).toMatchObject({
      refused: [{ sourcedId: 't1', code: 'ROLE_CHANGED' }],
    });
    // A refused row is still in the file: what is here under its id does not end.
    expect(await bring({ ...pack, enrollments: [...pack.enrollments.slice(0, 6)] }, id('import', 3), '2026-11-02')).toMatchObject({
      ended: 0,
    });
  });

  test('overlaps are found across batches too', async () => {
    const pack = small();
    await bring({ ...pack, enrollments: [] }, id('import', 1));
    const e1 = pack.enrollments[0]!;
    await send('enrollments', [e1], { importId: id('import', 2), batch: 0 });
    expect(await send('enrollments', [{ ...e1, sourcedId: 'x' }], { importId: id('import', 2), batch: 1 })).toMatchObject({
      refused: [{ sourcedId: 'x', code: 'ENROLLMENT_OVERLAPS' }],
    });
  });
});

describe('what is there', () => {
  test('takes the new id when the other system gives its enrollments new ids, and nobody leaves a class by it', async () => {
    await bring(small(), id('import', 1));
    const pack = small();
    for (const line of pack.enrollments) line['sourcedId'] = `new-${line['sourcedId']}`;
    expect(await bring(pack, id('import', 2), '2026-11-02')).toMatchObject({ created: 0, changed: 6, refused: [], ended: 0 });
    expect(await roster()).toEqual([
      { line: 'new-e1', begins: '2026-08-17', ends: null },
      { line: 'new-e2', begins: '2026-08-17', ends: null },
      { line: 'new-e3', begins: '2026-09-01', ends: null },
      { line: 'new-e4', begins: '2026-08-17', ends: null },
    ]);
    expect(await bring(pack, id('import', 3), '2026-11-09')).toMatchObject({ created: 0, changed: 0, ended: 0 });
  });

  test('a new primary teacher follows the one who is gone from the file', async () => {
    await bring(small(), id('import', 1));
    const pack = small();
    Object.assign(pack.enrollments[4]!, { sourcedId: 't3', userSourcedId: 'mr-fox' });
    expect(await bring(pack, id('import', 2), '2026-11-02')).toMatchObject({ created: 1, refused: [] });
    const teachers = () =>
      service.sql(`select sourced_id as line, begins, ends from teacher_assignment where sourced_id <> 't2' order by begins`);
    const expected = [
      { line: 't1', begins: '2026-08-17', ends: '2026-11-02' },
      { line: 't3', begins: '2026-11-02', ends: null },
    ];
    expect(await teachers()).toEqual(expected);
    expect(await bring(pack, id('import', 3), '2026-11-09')).toMatchObject({ changed: 0, ended: 0, refused: [] });
    expect(await teachers()).toEqual(expected);
  });

  test('a class that changes its period or its room keeps what was until today', async () => {
    await bring(small(), id('import', 1));
    const pack = small();
    pack.classes[0]!['periods'] = ['4'];
    expect(await bring(pack, id('import', 2), '2026-11-02')).toMatchObject({ created: 0, changed: 1, ended: 0 });
    const meets = await service.sql(
      `select p.name, r.name as room, m.begins, m.ends from meeting_pattern m join period p on p.id = m.period_id join room r on r.id = m.room_id order by m.begins`,
    );
    expect(meets).toEqual([
      { name: '1', room: 'R 7', begins: '2026-08-17', ends: '2026-11-02' },
      { name: '4', room: 'R 7', begins: '2026-11-02', ends: '2027-06-12' },
    ]);
    expect(await bring(pack, id('import', 3), '2026-11-09')).toMatchObject({ changed: 0 });
  });

  test('may fill a section beyond its limit of seats, and the next one by hand is refused', async () => {
    await bring({ ...small(), enrollments: [] }, id('import', 1));
    await service.sql(`update section set seat_limit = 2 where number = '101'`);
    expect(await bring(small(), id('import', 2))).toMatchObject({ created: 6, refused: [] });
    expect(await service.sql(`select seats_taken, seats_over from section where number = '101'`)).toEqual([
      { seats_taken: 3, seats_over: 1 },
    ]);
    expect(
      await service.code(administrator, 'mutation ($input: AddToRosterInput!) { addToRoster(input: $input) { begins } }', {
        input: { sectionId: idOf('class', 'c1'), studentId: id('student', 1) },
      }),
    ).toBe('SECTION_FULL');
  });
});

describe('grading periods', () => {
  const session = (sourcedId: string, type: string, begins: string, ends: string, parentSourcedId: string | null) => ({
    ...{ sourcedId, title: `The ${sourcedId}`, type, begins, ends, parentSourcedId, schoolYear: 2027 },
  });
  const year = session('y', 'schoolYear', '2026-08-17', '2027-06-12', null);
  const semesters = [
    session('s1', 'semester', '2026-08-17', '2027-01-16', 'y'),
    session('s2', 'semester', '2027-01-16', '2027-06-12', 'y'),
  ];
  const terms = [session('t1', 'term', '2026-08-17', '2026-11-20', 'y'), session('t2', 'term', '2026-11-20', '2027-06-12', 'y')];
  const periods = [
    session('p1', 'gradingPeriod', '2026-08-17', '2026-10-10', 't1'),
    session('p2', 'gradingPeriod', '2026-10-10', '2026-11-20', 't1'),
  ];
  let imports = 0;
  let heard = 0;

  /** Brings sessions alone; what is told of grading periods by it. */
  async function told(academicSessions: Record<string, unknown>[], today = monday): Promise<string[]> {
    await bring({ academicSessions, courses: [], classes: [], enrollments: [] }, id('import', 100 + ++imports), today);
    const all = (await service.told()).filter(({ type }) => type === 'GradingPeriodChanged');
    const facts = all.slice(heard).map(({ payload }) => payload);
    heard += facts.length;
    return facts
      .map(({ title, begins, ends, withdrawn }) => `${withdrawn ? 'not ' : ''}${title.slice(4)} ${begins} ${ends}`)
      .sort((a, b) => (a < b ? -1 : 1));
  }
  beforeEach(() => {
    heard = 0;
  });

  test('are the terms of a year that has none, told once; of a year without terms the semesters', async () => {
    expect(await told([year, ...semesters, ...terms])).toEqual(['t1 2026-08-17 2026-11-20', 't2 2026-11-20 2027-06-12']);
    expect(await told([year, ...semesters, ...terms])).toEqual([]);
    const next = [...semesters, session('y', 'schoolYear', '2026-08-17', '2027-06-12', null)].map((each) => ({
      ...each,
      ...{ sourcedId: `next ${each.sourcedId}`, title: `The next ${each.sourcedId}`, schoolYear: 2028 },
    }));
    expect(await told([year, ...semesters, ...terms, ...next])).toEqual(['next s1 2026-08-17 2027-01-16', 'next s2 2027-01-16 2027-06-12']);
  });

  test('that are terms are told again when they move, and end when the file no longer holds them', async () => {
    await told([year, ...terms]);
    const longer = { ...terms[0]!, ends: '2026-12-01' };
    expect(await told([year, longer, terms[1]!])).toEqual(['t1 2026-08-17 2026-12-01']);
    expect(await told([year, terms[1]!], '2026-11-02')).toEqual(['t1 2026-08-17 2026-11-02']);
  });

  test('take the place of the terms as soon as they come, and leave it to them when they never take place', async () => {
    await told([year, ...terms]);
    expect(await told([year, ...terms, ...periods])).toEqual([
      'not t1 2026-08-17 2026-11-20',
      'not t2 2026-11-20 2027-06-12',
      'p1 2026-08-17 2026-10-10',
      'p2 2026-10-10 2026-11-20',
    ]);
    expect(await told([year, ...terms, ...periods])).toEqual([]);
    expect(await service.sql(`select title, begins, ends from academic_session where sourced_id = 't2'`)).toEqual([
      { title: 'The t2', begins: '2026-11-20', ends: '2027-06-12' },
    ]);
  });

  test('that are gone from the file before they begin are withdrawn, never told as empty, and the terms count again', async () => {
    expect(await told([year, ...terms, ...periods])).toHaveLength(2);
    expect(await told([year, ...terms], '2026-08-01')).toEqual([
      'not p1 2026-08-17 2026-08-18',
      'not p2 2026-10-10 2026-10-11',
      't1 2026-08-17 2026-11-20',
      't2 2026-11-20 2027-06-12',
    ]);
  });

  test('that somebody added by hand make it needless for terms to count as such', async () => {
    await service.sql(
      `insert into academic_session (title, type, school_year, begins, ends) values ('By hand', 'GRADING_PERIOD', 2027, '2026-08-17', '2026-10-10')`,
    );
    expect(await told([year, ...terms])).toEqual([]);
  });
});

test('the end tells some hundreds of sections in a call, each once', async () => {
  const pack = small();
  pack.classes = Array.from({ length: 700 }, (_, n) => ({ ...pack.classes[1]!, sourcedId: `c${n}`, classCode: String(n) }));
  pack.enrollments = [];
  expect(await bring(pack, id('import', 1))).toMatchObject({ created: 705, calls: 3 });
  const told = (await service.told()).filter(({ type }) => type === 'SectionChanged').map(({ aggregate }) => aggregate);
  expect(told).toHaveLength(700);
  expect(new Set(told).size).toBe(700);
});
