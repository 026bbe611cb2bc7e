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
  north,
  openSchools,
  openSection,
  parentOf,
  principal,
  southPrincipal,
  southTeacher,
  studentAs,
  teacher,
  vendor,
} from '../testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openSchools();
});
afterAll(() => service.close());

/** A verb by its name: `verb('setMeetings')`, with what it shall answer. */
const verb = (name: string, answer = 'id') =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${answer} } }`;
const does = async (viewer: Viewer, name: string, input: object, answer?: string) =>
  (await service.data(viewer, verb(name, answer), { input }))[name];
const refusal = (viewer: Viewer, name: string, input: object) => service.code(viewer, verb(name), { input });

const meets = (sectionId: string, period: number, more: object = {}, begins = '2026-08-17') =>
  does(principal, 'setMeetings', { sectionId, begins, meetings: [{ periodId: id('period', period), ...more }] });
const teaches = (sectionId: string, who: Viewer, role = 'TEACHER_OF_RECORD', more: object = {}) =>
  does(principal, 'assignTeacher', { sectionId, staffId: who.subject, role, begins: '2026-08-17', ...more });
const told = async (sectionId: string) => (await service.told()).filter(({ aggregate }) => aggregate === sectionId).at(-1)!.payload;

const day =
  'query ($date: Date) { myDay(date: $date) { sectionId date startsAt endsAt section { number } period { name } room { name } } }';
const dayOf = async (viewer: Viewer, date: string | null = monday) =>
  (await service.data(viewer, day, { date })).myDay.map(
    (m: { period: { name: string }; section: { number: string } }) => `${m.period.name} ${m.section.number}`,
  );

describe('a teacher’s day', () => {
  const kim: Viewer = { ...teacher, subject: id('staff', 50) };
  const sub: Viewer = { ...teacher, subject: id('staff', 51) };

  test('holds own, co-taught and substituted meetings in order of time, and is empty on a day without school', async () => {
    const [first, third, second, other] = [
      await openSection(service, { number: 'D1' }),
      await openSection(service, { number: 'D3' }),
      await openSection(service, { number: 'D2' }),
      await openSection(service, { number: 'D4' }),
    ];
    const room = await does(clerk, 'addRoom', { schoolId: north, name: 'D 12' });
    await meets(first, 1, { roomId: room.id });
    await meets(second, 2);
    await meets(third, 3);
    await meets(other, 3);
    await teaches(first, kim);
    await teaches(third, colleague);
    await teaches(third, kim, 'CO_TEACHER');
    await teaches(second, colleague);
    await does(clerk, 'addSubstitute', { sectionId: second, staffId: kim.subject, begins: monday, ends: '2026-10-06' });
    await does(clerk, 'addSubstitute', { sectionId: first, staffId: sub.subject, begins: monday, ends: '2026-10-06' });

    expect(await dayOf(kim)).toEqual(['1 D1', '2 D2', '3 D3']);
    expect(await dayOf(kim, '2026-10-06')).toEqual(['1 D1', '3 D3']);
    expect(await dayOf(kim, null)).toEqual(['1 D1', '2 D2', '3 D3']);
    expect(await dayOf(sub)).toEqual(['1 D1']);
    expect(await dayOf(sub, '2026-10-06')).toEqual([]);
    expect(await dayOf(colleague)).toEqual(['2 D2', '3 D3']);
    expect(await dayOf(kim, '2026-10-04')).toEqual([]);
    expect((await service.data(kim, day, { date: monday })).myDay[0]).toEqual({
      sectionId: first,
      date: monday,
      startsAt: null,
      endsAt: null,
      section: { number: 'D1' },
      period: { name: '1' },
      room: { name: 'D 12' },
    });
  });

  test('follows the bells of the date, is what it was on a past day, and ends with the section', async () => {
    const section = await openSection(service, { number: 'P1', sessionIds: [id('session', 2)] });
    const pat: Viewer = { ...teacher, subject: id('staff', 52) };
    await meets(section, 1);
    await meets(section, 2, {}, '2026-11-02');
    await teaches(section, pat);
    expect(await dayOf(pat, '2026-10-30')).toEqual(['1 P1']);
    expect(await dayOf(pat, '2026-11-02')).toEqual(['2 P1']);
    expect(await dayOf(pat, '2027-01-15')).toEqual(['2 P1']);
    expect(await dayOf(pat, '2027-01-18')).toEqual([]);
  });

  test('of a student and of a parent is what the student attends', async () => {
    const section = await openSection(service, { number: 'K1' });
    await meets(section, 2);
    await does(clerk, 'addToRoster', { sectionId: section, studentId: id('student', 70) }, 'begins');
    expect(await dayOf(parentOf(id('student', 70)))).toEqual(['2 K1']);
    expect(await dayOf({ ...studentAs(id('student', 70)), students: [id('student', 70)] })).toEqual(['2 K1']);
    expect(await dayOf(parentOf(id('student', 71)))).toEqual([]);
    expect(await service.code(vendor, day, { date: monday })).toBe('FORBIDDEN');
  });

  test('asks the database once for a whole day, and once for all its rosters', async () => {
    const section = await openSection(service, { number: 'Q1' });
    await meets(section, 1);
    const lee: Viewer = { ...teacher, subject: id('staff', 53) };
    await teaches(section, lee);
    const more = await openSection(service, { number: 'Q2' });
    await meets(more, 2);
    await teaches(more, lee);
    const asked: string[] = [];
    const connect = service.database.reads.connect.bind(service.database.reads);
    service.database.reads.connect = (async () => {
      const client = await connect();
      const query = client.query.bind(client);
      client.query = ((question: { text?: string } | string, ...rest: unknown[]) => {
        const text = typeof question === 'string' ? question : question.text!;
        if (!/^(reset all|select (where )?set_config)/.test(text)) asked.push(text);
        return (query as (...all: unknown[]) => unknown)(question, ...rest);
      }) as typeof client.query;
      return client;
    }) as typeof connect;
    try {
      await service.data(
        lee,
        `{ myDay(date: "${monday}") { startsAt section { number roster { student { id } begins } } period { name } room { name } } }`,
      );
    } finally {
      service.database.reads.connect = connect as never;
    }
    expect(asked).toHaveLength(2);
  });
});

describe('meetings', () => {
  test('change from a day on; what they were stays, and a room is nobody else’s meanwhile', async () => {
    const room = (await does(clerk, 'addRoom', { schoolId: north, name: 'M 1' })).id;
    const gym = (await does(clerk, 'addRoom', { schoolId: north, name: 'Gym', shared: true })).id;
    const [one, two] = [await openSection(service, { number: 'M1' }), await openSection(service, { number: 'M2' })];
    await meets(one, 1, { roomId: room, days: ['A', 'B'] });
    expect(
      await refusal(principal, 'setMeetings', {
        sectionId: two,
        begins: '2026-08-17',
        meetings: [{ periodId: id('period', 1), roomId: room }],
      }),
    ).toBe('ROOM_TAKEN');
    await meets(two, 1, { roomId: room, days: ['C'] });
    await meets(two, 1, { roomId: gym });
    await meets(one, 1, { roomId: gym }, '2026-11-02');
    await meets(two, 1, { roomId: room }, '2026-11-02');
    const { section } = await service.data(
      vendor,
      `{ section(id: "${one}") { meetingPatterns { period { name } days room { name } begins ends } } }`,
    );
    expect(section.meetingPatterns).toEqual([
      { period: { name: '1' }, days: ['A', 'B'], room: { name: 'M 1' }, begins: '2026-08-17', ends: '2026-11-02' },
      { period: { name: '1' }, days: [], room: { name: 'Gym' }, begins: '2026-11-02', ends: '2027-06-12' },
    ]);
    expect((await told(one)).meetings).toEqual([
      { periodId: id('period', 1), periodName: '1', days: ['A', 'B'], begins: '2026-08-17', ends: '2026-11-02', roomName: 'M 1' },
      { periodId: id('period', 1), periodName: '1', days: [], begins: '2026-11-02', ends: '2027-06-12', roomName: 'Gym' },
    ]);
  });

  test('of twenty sections that want one room at the same moment, one gets it', async () => {
    const room = (await does(clerk, 'addRoom', { schoolId: north, name: 'M 20' })).id;
    const sections = await Promise.all(Array.from({ length: 20 }, (_, n) => openSection(service, { number: `R${n}` })));
    const answers = await Promise.all(
      sections.map((sectionId) =>
        service.ask(principal, verb('setMeetings'), {
          input: { sectionId, begins: '2026-08-17', meetings: [{ periodId: id('period', 3), roomId: room }] },
        }),
      ),
    );
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    expect(answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions['code']) ?? [])).toEqual(
      Array(19).fill('ROOM_TAKEN'),
    );
  });

  test('that cannot be are refused by name, and what was there stays', async () => {
    const sectionId = await openSection(service, { number: 'M9' });
    await meets(sectionId, 1);
    const set = (meetings: object[], begins = '2026-08-17') => refusal(principal, 'setMeetings', { sectionId, begins, meetings });
    expect(await set([{ periodId: id('period', 1) }, { periodId: id('period', 1), days: ['A'] }])).toBe('MEETING_TWICE');
    expect(await set([{ periodId: id('period', 11) }])).toBe('PERIOD_UNKNOWN');
    expect(await set([{ periodId: id('period', 1), roomId: id('room', 1) }])).toBe('ROOM_UNKNOWN');
    expect(await set([{ periodId: id('period', 1), days: [' '] }])).toBe('BAD_USER_INPUT');
    expect(await set([], '2027-06-12')).toBe('OUTSIDE_SECTION');
    expect((await told(sectionId)).meetings).toHaveLength(1);
  });

  test('are found by their key, all of a request together', async () => {
    const section = await openSection(service, { number: 'M10' });
    await meets(section, 2);
    const keys = [
      { __typename: 'SectionMeeting', sectionId: section, periodId: id('period', 2), date: monday },
      { __typename: 'SectionMeeting', sectionId: section, periodId: id('period', 2), date: '2026-10-04' },
      { __typename: 'SectionMeeting', sectionId: section, periodId: id('period', 1), date: monday },
    ];
    const answer = await service.entities(teacher, keys, '... on SectionMeeting { date section { number } period { name } }');
    expect(answer.data!['_entities']).toEqual([
      { __typename: 'SectionMeeting', date: monday, section: { number: 'M10' }, period: { name: '2' } },
      null,
      null,
    ]);
  });
});

describe('who teaches', () => {
  test('one teacher of record at a time, nobody twice, a substitute for some days', async () => {
    const sectionId = await openSection(service, { number: 'T1' });
    const first = await teaches(sectionId, teacher);
    expect(
      await refusal(principal, 'assignTeacher', { sectionId, staffId: colleague.subject, role: 'TEACHER_OF_RECORD', begins: '2026-11-02' }),
    ).toBe('TEACHER_OF_RECORD_TAKEN');
    expect(
      await refusal(principal, 'assignTeacher', { sectionId, staffId: teacher.subject, role: 'CO_TEACHER', begins: '2026-11-02' }),
    ).toBe('TEACHES_ALREADY');
    expect(
      await refusal(principal, 'assignTeacher', { sectionId, staffId: colleague.subject, role: 'SUBSTITUTE', begins: '2026-11-02' }),
    ).toBe('BAD_USER_INPUT');
    expect(await refusal(clerk, 'addSubstitute', { sectionId, staffId: colleague.subject, begins: '2026-11-02', ends: '2026-11-02' })).toBe(
      'DATES_REVERSED',
    );
    expect(await refusal(clerk, 'addSubstitute', { sectionId, staffId: colleague.subject, begins: '2026-08-16', ends: '2026-11-02' })).toBe(
      'OUTSIDE_SECTION',
    );
    expect(await refusal(principal, 'endTeacherAssignment', { assignmentId: first.id, on: '2026-11-02', reason: ' ' })).toBe(
      'REASON_REQUIRED',
    );
    const ended = await does(principal, 'endTeacherAssignment', { assignmentId: first.id, on: '2026-11-02', reason: 'Leave' }, 'ends');
    expect(ended).toEqual({ ends: '2026-11-02' });
    expect(await refusal(principal, 'endTeacherAssignment', { assignmentId: first.id, on: '2026-11-02', reason: 'Leave' })).toBe(
      'ASSIGNMENT_OVER',
    );
    await teaches(sectionId, colleague, 'TEACHER_OF_RECORD', { begins: '2026-11-02' });
    expect((await told(sectionId)).teachers).toEqual([
      { staffId: teacher.subject, role: 'TEACHER_OF_RECORD', begins: '2026-08-17', ends: '2026-11-02' },
      { staffId: colleague.subject, role: 'TEACHER_OF_RECORD', begins: '2026-11-02', ends: '2027-06-12' },
    ]);
    expect(
      await service.sql(`select reason from history where table_name = 'teacher_assignment' and row_id = $1`, [first.id]),
    ).toHaveLength(1);
    const staffOn = async (viewer: Viewer, on: string) =>
      (await service.ask(viewer, `{ section(id: "${sectionId}") { teachers(on: "${on}") { staff { id } } } }`)) as {
        data: { section: { teachers: unknown[] } };
      };
    expect((await staffOn(parentOf(id('student', 1)), '2026-10-30')).data.section.teachers).toEqual([{ staff: { id: teacher.subject } }]);
    expect(await service.code(vendor, `{ section(id: "${sectionId}") { teachers { role } } }`)).toBe('FORBIDDEN');
    const sections = await service.entities(
      parentOf(id('student', 1)),
      [{ __typename: 'Staff', id: colleague.subject }],
      `... on Staff { sections(on: "2026-11-02") { number } }`,
    );
    expect(JSON.stringify(sections.data)).toContain('"T1"');
  });

  test('of twenty who would be teacher of record at the same moment, one is', async () => {
    const sectionId = await openSection(service, { number: 'T2' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        service.ask(principal, verb('assignTeacher'), {
          input: { sectionId, staffId: id('staff', 100 + n), role: 'TEACHER_OF_RECORD', begins: '2026-08-17' },
        }),
      ),
    );
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
  });
});

describe('a section', () => {
  test('lasts as long as its sessions and is refused when something it needs is not there', async () => {
    const input = { schoolId: north, courseId: id('course', 1), number: 'S1', sessionIds: [id('session', 3), id('session', 2)] };
    expect(await does(counselor, 'addSection', input, 'begins ends title gradeLevels seatLimit course { number } school { id }')).toEqual({
      begins: '2026-08-17',
      ends: '2027-06-12',
      title: 'Algebra 1',
      gradeLevels: ['09'],
      seatLimit: null,
      course: { number: 'ALG1' },
      school: { id: north },
    });
    for (const [more, code] of [
      [{ courseId: id('course', 9) }, 'COURSE_UNKNOWN'],
      [{ sessionIds: [id('session', 2), id('session', 9)] }, 'SESSION_UNKNOWN'],
      [{ sessionIds: [] }, 'SESSION_UNKNOWN'],
      [{ track: 'Z' }, 'TRACK_UNKNOWN'],
      [{ seatLimit: 0 }, 'SEAT_LIMIT_INVALID'],
      [{ title: '' }, 'NAME_MISSING'],
    ] as const)
      expect(await refusal(counselor, 'addSection', { ...input, ...more })).toBe(code);
    expect(await refusal(southPrincipal, 'addSection', input)).toBe('NOT_FOUND');
    expect(await refusal(teacher, 'addSection', input)).toBe('FORBIDDEN');
    expect(await refusal(clerk, 'addSection', input)).toBe('FORBIDDEN');
  });

  test('of a course that another school offers is refused', async () => {
    const { addCourse: course } = await service.data(
      southPrincipal,
      'mutation ($input: AddCourseInput!) { addCourse(input: $input) { id } }',
      {
        input: { schoolId: id('school', 2), title: 'Surfing' },
      },
    );
    expect(
      await refusal(principal, 'addSection', { schoolId: north, courseId: course.id, number: 'X', sessionIds: [id('session', 2)] }),
    ).toBe('COURSE_UNKNOWN');
  });

  test('cancelled meets no more, frees its room, says why, and keeps its past', async () => {
    const room = (await does(clerk, 'addRoom', { schoolId: north, name: 'C 1' })).id;
    const sectionId = await openSection(service, { number: 'C1' });
    await meets(sectionId, 1, { roomId: room });
    await does(clerk, 'addToRoster', { sectionId, studentId: id('student', 80), begins: '2026-08-17' }, 'begins');
    expect(await refusal(principal, 'cancelSection', { sectionId, on: '2026-10-12', reason: '' })).toBe('REASON_REQUIRED');
    expect(await refusal(principal, 'cancelSection', { sectionId, on: '2026-08-16', reason: 'x' })).toBe('OUTSIDE_SECTION');
    await does(principal, 'cancelSection', { sectionId, on: '2026-10-12', reason: 'Too few' }, 'cancelledOn');
    expect(await refusal(principal, 'cancelSection', { sectionId, on: '2026-10-12', reason: 'Too few' })).toBe('SECTION_CANCELLED');
    expect(await told(sectionId)).toMatchObject({
      cancelled: true,
      ends: '2026-10-12',
      students: [{ ends: '2026-10-12' }],
      meetings: [{ ends: '2026-10-12' }],
    });
    const family = parentOf(id('student', 80));
    expect(await dayOf(family, '2026-10-09')).toEqual(['1 C1']);
    expect(await dayOf(family, '2026-10-12')).toEqual([]);
    const late = { sectionId, studentId: id('student', 81), begins: '2026-10-12' };
    expect(await service.code(clerk, verb('addToRoster', 'begins'), { input: late })).toBe('OUTSIDE_SECTION');
    const next = await openSection(service, { number: 'C2' });
    await meets(next, 1, { roomId: room }, '2026-10-12');
    expect(
      await service.sql(`select before ->> 'cancelled_on' as was from history where table_name = 'section' and row_id = $1`, [sectionId]),
    ).toEqual([{ was: null }]);
    expect(await service.sql('select reason from section where id = $1', [sectionId])).toEqual([{ reason: 'Too few' }]);
  });

  test('is read by everybody who is signed in, from page to page in order of number', async () => {
    const query =
      'query ($after: String) { sections(schoolId: "' +
      north +
      '", first: 10, after: $after) { nodes { number } pageInfo { hasNextPage endCursor } } }';
    const numbers: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { sections }: { sections: { nodes: { number: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
        await service.data(southTeacher, query, { after });
      numbers.push(...sections.nodes.map(({ number }) => number));
      ({ hasNextPage: more, endCursor: after } = sections.pageInfo);
    }
    const all = await service.sql<{ number: string }>('select number from section where school_id = $1 order by number, id', [north]);
    expect(numbers).toEqual(all.map(({ number }) => number));
    expect(await service.code(vendor, `{ sections(schoolId: "${north}", first: 101) { nodes { id } } }`)).toBe('BAD_USER_INPUT');
  });

  test('is changed by principal and counselor of its school alone', async () => {
    const sectionId = await openSection(service, { number: 'V1' });
    for (const [name, input] of [
      ['changeSection', { sectionId, title: 'X' }],
      ['setMeetings', { sectionId, begins: monday, meetings: [] }],
      ['assignTeacher', { sectionId, staffId: teacher.subject, role: 'CO_TEACHER', begins: monday }],
      ['cancelSection', { sectionId, on: monday, reason: 'x' }],
    ] as const) {
      expect(await refusal(southPrincipal, name, input)).toBe('NOT_FOUND');
      for (const nobody of [teacher, clerk, vendor, parentOf(id('student', 1))])
        expect(await refusal(nobody, name, input)).toBe('FORBIDDEN');
    }
    expect(await does(administrator, 'changeSection', { sectionId, title: 'X', number: 'V2' }, 'title number')).toEqual({
      title: 'X',
      number: 'V2',
    });
    expect(await told(sectionId)).toMatchObject({ title: 'X', number: 'V2', teachers: [], meetings: [], students: [] });
  });
});

test('row-level security alone keeps staff of another school from writing', async () => {
  const sectionId = await openSection(service, { number: 'L1' });
  for (const statement of [
    `update section set title = 'mine' where id = $1 returning id`,
    `delete from meeting_pattern where section_id = $1 returning id`,
  ])
    expect(await service.database.transaction(southPrincipal, 'x', ({ query }) => query(statement, [sectionId]))).toEqual([]);
  await expect(
    service.database.transaction(southPrincipal, 'x', ({ query }) =>
      query(
        `insert into teacher_assignment (section_id, school_id, staff_id, role, begins) values ($1, $2, $3, 'CO_TEACHER', '2026-10-05')`,
        [sectionId, north, id('staff', 7)],
      ),
    ),
  ).rejects.toThrow(/row-level security/);
});
