import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { sourcedUuid } from '@rollbook/school';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { clerk, counselor, id, north, openSchools, principal, south, southPrincipal, teacher, vendor } from '../testing.ts';
import type { ScheduleFile } from '../schema.types.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openSchools();
});
afterAll(() => service.close());

interface Row {
  readonly file: ScheduleFile;
  readonly line: number;
  readonly outcome: string;
  readonly code: string | null;
  readonly column: string | null;
  readonly message: string | null;
  readonly remedy: string | null;
}
interface Answer {
  readonly saved: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly rows: readonly Row[];
}
const mutation =
  'mutation ($input: ImportRequestsInput!) { importRequests(input: $input) { saved unchanged refused rows { file line outcome code column message remedy } } }';
const files = (parts: Partial<Record<ScheduleFile, string>>) => Object.entries(parts).map(([file, csv]) => ({ file, csv }));
const input = (parts: Partial<Record<ScheduleFile, string>>, more: object = {}) => ({
  input: { schoolId: north, schoolYear: 2027, source: 'SIS', strict: false, dryRun: false, files: files(parts), ...more },
});
const bring = async (parts: Partial<Record<ScheduleFile, string>>, more: object = {}, viewer: Viewer = counselor): Promise<Answer> =>
  (await service.data(viewer, mutation, input(parts, more))).importRequests;
const faults = ({ rows }: Answer) => rows.filter((row) => row.code).map(({ file, line, column, code }) => [file, line, column, code]);
const person = (sourcedId: string) => sourcedUuid('SIS', 'user', sourcedId);
const everything = async () =>
  JSON.stringify(
    await service.sql(
      `select (select jsonb_agg(to_jsonb(t) order by id) from course t) as a, (select jsonb_agg(to_jsonb(t) order by id) from room t) as b,
         (select jsonb_agg(to_jsonb(t) order by id) from teaching_capacity t) as c, (select jsonb_agg(to_jsonb(t) order by id) from section t) as d,
         (select jsonb_agg(to_jsonb(t) order by id) from request_sheet t) as e, (select jsonb_agg(to_jsonb(t) order by id) from course_request t) as f,
         (select jsonb_agg(to_jsonb(t) order by id) from course_history t) as g, (select count(*) from history) as h,
         (select count(*) from outbox) as i, (select jsonb_agg(to_jsonb(t) order by id) from teacher_assignment t) as j`,
    ),
  );

const whole: Partial<Record<ScheduleFile, string>> = {
  // The requests come first: what they build on is applied before them all the same.
  REQUESTS: 'student,course,priority,alternates\ns1,ENG10,1,\ns1,ART,,CHOIR;PE\ns2,ENG9,1,\n',
  COURSES:
    'number,title,credits,period_load,subjects,grades,prerequisites,consent,repeatable\nENG9,English 9,10,,English,09,,,\nENG10,English 10,10,1,English,10,ENG9|ENG9H,,false\nART,Art,5,0.5,Arts,,,,\nCHOIR,Choir,10,,Arts;Music,,,Audition,true\nPE,"Sports, outdoors",10,,,,,,true\n',
  ROOMS: 'name,capacity,shared\n101,30,false\nGym,120,true\n',
  TEACHERS: 'teacher,courses,subjects,max_sections,preparation_periods,unavailable\nt1,ENG9;ENG10,,5,1,3:A;2\nt2,,Arts,3,,\n',
  SECTIONS: 'number,course,terms,title,seats,grades,teacher\n1,ENG10,Fall;Spring,,30,,t1\n2,ART,Fall,Art for all,25,,\n',
  STUDENTS: 'student,grade,programs,team,track,plan\ns1,10,AVID;ENGLISH_LEARNER,Blue,,\ns2,09,,,,\n',
  COURSE_HISTORY: 'student,course,school_year,term,mark,passed,credits\ns1,ENG9H,2026,,A,true,10\ns1,PE,2026,S1,B,true,\n',
};

describe('a package', () => {
  test('is brought as it says, sections are told, and a second time changes nothing', async () => {
    const told = (await service.told()).length;
    const answer = await bring(whole, { strict: true });
    expect(faults(answer)).toEqual([]);
    expect(answer).toMatchObject({ saved: 18, unchanged: 0, refused: 0 });
    expect(answer.rows[0]).toMatchObject({ file: 'REQUESTS', line: 2, outcome: 'SAVED' });
    expect((await service.told()).slice(told).map(({ type, payload }) => [type, payload.number, payload.teachers?.length])).toEqual(
      expect.arrayContaining([
        ['SectionChanged', '1', 1],
        ['SectionChanged', '2', 0],
      ]),
    );
    const before = await everything();
    expect(await bring(whole, { strict: true })).toMatchObject({ saved: 0, unchanged: 18, refused: 0 });
    expect(await everything()).toBe(before);
  });

  test('says all of it: courses, capacities, sections, sheets, history and requests', async () => {
    expect(
      await service.sql(
        `select number, title, credits, period_load, subjects, grade_levels, prerequisites, repeatable from course where org_id = $1 and number in ('ENG10', 'CHOIR') order by number`,
        [north],
      ),
    ).toEqual([
      { number: 'CHOIR', title: 'Choir', credits: '10.000', period_load: '1.00', subjects: ['Arts', 'Music'], grade_levels: [], prerequisites: [{ anyOf: [], note: 'Audition' }], repeatable: true }, // prettier-ignore
      { number: 'ENG10', title: 'English 10', credits: '10.000', period_load: '1.00', subjects: ['English'], grade_levels: ['10'], prerequisites: [{ anyOf: ['ENG9', 'ENG9H'], note: null }], repeatable: false }, // prettier-ignore
    ]);
    expect(
      await service.sql('select max_sections, preparation_periods, unavailable, cardinality(course_ids) as courses from teaching_capacity where staff_id = $1', [person('t1')]), // prettier-ignore
    ).toEqual([
      { max_sections: 5, preparation_periods: 1, courses: 2, unavailable: [{ periodId: id('period', 3), days: ['A'] }, { periodId: id('period', 2), days: [] }] }, // prettier-ignore
    ]);
    expect(await service.sql(`select number, title, seat_limit, begins, ends from section order by number`)).toEqual([
      { number: '1', title: 'English 10', seat_limit: 30, begins: '2026-08-17', ends: '2027-06-12' },
      { number: '2', title: 'Art for all', seat_limit: 25, begins: '2026-08-17', ends: '2027-01-16' },
    ]);
    expect(
      await service.sql('select grade_level, programs, team, revision from request_sheet where student_id = $1', [person('s1')]),
    ).toEqual([{ grade_level: '10', programs: ['AVID', 'ENGLISH_LEARNER'], team: 'Blue', revision: 1 }]);
    expect(
      await service.sql(
        `select c.number, r.priority, r.place, r.source, array(select number from course a where a.id = any (r.alternates) order by number) as alternates
         from course_request r join course c on c.id = r.course_id where student_id = $1 order by r.place`,
        [person('s1')],
      ),
    ).toEqual([
      { number: 'ENG10', priority: 1, place: 1, source: 'IMPORTED', alternates: [] },
      { number: 'ART', priority: 2, place: 2, source: 'IMPORTED', alternates: ['CHOIR', 'PE'] },
    ]);
    expect(
      await service.sql(`select course_number, passed, credits, course_id is null as unknown from course_history order by course_number`),
    ).toEqual([
      { course_number: 'ENG9H', passed: true, credits: '10.000', unknown: true },
      { course_number: 'PE', passed: true, credits: '10.000', unknown: false },
    ]);
  });

  const half: Partial<Record<ScheduleFile, string>> = {
    COURSES:
      'number,title,period_load,prerequisites,grades\nBIO,Biology,1,,\nCHEM,Chemistry,0,,\nPHYS,Physics,1,PHYS,\nGEO,Geology,1,,13\nALG1,Algebra One,1,,\nBIO,Biology again,1,,\n',
    ROOMS: 'name,capacity\n201,28\n202,0\n',
    TEACHERS: 'teacher,courses,max_sections,unavailable\nt3,BIO,5,\nt4,NONE,5,\nt5,BIO,,\nt6,BIO,5,9\n',
    SECTIONS: 'number,course,terms,seats,teacher\n3,BIO,Fall,20,\n4,BIO,Winter,20,\n5,BIO,Fall,0,\n1,ENG10,Fall;Spring,30,t2\n',
    STUDENTS: 'student,grade,plan\ns3,09,\ns4,9,\ns5,09,Diploma\n',
    COURSE_HISTORY: 'student,course,school_year,passed\ns3,ENG9,2026,true\ns3,ART,26,true\ns3,ART,2026,maybe\n',
    REQUESTS:
      'student,course,priority,alternates\ns3,BIO,1,ART\ns3,ENG9,1,\ns3,ART,5,\ns3,CHOIR,2,CHOIR\ns3,NONE,2,\ns3,BIO,2,\ns4,ENG10,1,\ns4,ART,2,BIO;BIO\n,ART,2,\n',
  };
  const wrong = [
    ...[
      ['COURSES', 3, null, 'PERIOD_LOAD_INVALID'],
      ['COURSES', 4, null, 'PREREQUISITE_OF_ITSELF'],
      ['COURSES', 5, null, 'GRADE_UNKNOWN'],
    ],
    ...[
      ['COURSES', 6, null, 'COURSE_OF_DISTRICT'],
      ['COURSES', 7, null, 'ROW_TWICE'],
      ['ROOMS', 3, 'capacity', 'CAPACITY_INVALID'],
    ],
    ...[
      ['TEACHERS', 3, 'courses', 'COURSE_UNKNOWN'],
      ['TEACHERS', 4, 'max_sections', 'VALUE_MISSING'],
    ],
    ...[
      ['TEACHERS', 5, 'unavailable', 'PERIOD_UNKNOWN'],
      ['SECTIONS', 3, 'terms', 'TERM_UNKNOWN'],
      ['SECTIONS', 4, 'seats', 'SEATS_INVALID'],
    ],
    ...[
      ['SECTIONS', 5, 'teacher', 'TEACHER_OF_RECORD_TAKEN'],
      ['STUDENTS', 3, null, 'GRADE_UNKNOWN'],
      ['STUDENTS', 4, 'plan', 'PLAN_UNKNOWN'],
    ],
    ...[
      ['COURSE_HISTORY', 3, 'school_year', 'SCHOOL_YEAR_INVALID'],
      ['COURSE_HISTORY', 4, 'passed', 'VALUE_INVALID'],
    ],
    ...[
      ['REQUESTS', 3, 'course', 'ALREADY_PASSED'],
      ['REQUESTS', 4, 'priority', 'PRIORITY_INVALID'],
    ],
    ...[
      ['REQUESTS', 5, 'alternates', 'ALTERNATE_REPEATED'],
      ['REQUESTS', 6, 'course', 'COURSE_UNKNOWN'],
      ['REQUESTS', 7, null, 'ROW_TWICE'],
    ],
    ...[
      ['REQUESTS', 8, 'course', 'PREREQUISITE_UNMET'],
      ['REQUESTS', 9, 'alternates', 'ALTERNATE_REPEATED'],
    ],
    ...[['REQUESTS', 10, 'student', 'VALUE_MISSING']],
  ];

  test('with half its rows wrong saves nothing when strict, nothing in a dry run, and tells every wrong row', async () => {
    const before = await everything();
    const strict = await bring(half, { strict: true });
    expect(faults(strict)).toEqual(wrong);
    expect(strict).toMatchObject({ saved: 0, refused: wrong.length });
    expect(strict.rows.filter(({ outcome }) => outcome === 'HELD_BACK')).toHaveLength(7);
    expect(await everything()).toBe(before);
    const dry = await bring(half, { dryRun: true });
    expect(dry).toMatchObject({ saved: 7, refused: wrong.length });
    expect(await everything()).toBe(before);
  });

  test('with half its rows wrong saves the right half when tolerant, and says of each other row what to do', async () => {
    const answer = await bring(half);
    expect(faults(answer)).toEqual(wrong);
    expect(answer).toMatchObject({ saved: 7, unchanged: 0, refused: wrong.length });
    for (const { code, message, remedy } of answer.rows.filter((row) => row.outcome === 'REFUSED'))
      expect([code, message, remedy].every((text) => text && text.length > 3)).toBe(true);
    expect(
      await service.sql(`select c.number from course_request r join course c on c.id = r.course_id where student_id = $1`, [person('s3')]),
    ).toEqual([{ number: 'BIO' }]);
    expect(await bring(half)).toMatchObject({ saved: 0, unchanged: 7, refused: wrong.length });
  });

  test('changes what is different and keeps what an empty cell leaves out; a student keeps the requests it does not name', async () => {
    expect(await bring({ STUDENTS: 'student,grade\ns1,11\n', REQUESTS: 'student,course,priority\ns1,CHOIR,3\ns1,ART,1\n' })).toMatchObject({
      saved: 3,
    });
    expect(await service.sql('select grade_level, programs, team from request_sheet where student_id = $1', [person('s1')])).toEqual([
      { grade_level: '11', programs: ['AVID', 'ENGLISH_LEARNER'], team: 'Blue' },
    ]);
    expect(
      await service.sql(`select c.number, r.priority from course_request r join course c on c.id = r.course_id where student_id = $1 order by r.place`, [person('s1')]), // prettier-ignore
    ).toEqual([
      { number: 'ENG10', priority: 1 },
      { number: 'ART', priority: 1 },
      { number: 'CHOIR', priority: 3 },
    ]);
  });

  test('sent twice at the same moment is there once', async () => {
    const parts = {
      COURSES: 'number,title\nTWICE,Twice\n',
      SECTIONS: 'number,course,terms\n9,TWICE,Fall\n',
      ROOMS: 'name\nTwice\n',
      STUDENTS: 'student,grade\ns9,09\n',
      REQUESTS: 'student,course\ns9,ART\ns9,CHOIR\n',
    };
    const answers = await Promise.all(Array.from({ length: 4 }, () => service.ask(counselor, mutation, input(parts))));
    expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
    expect(await service.sql('select revision from request_sheet where student_id = $1', [person('s9')])).toEqual([{ revision: 1 }]);
    for (const once of [`room where name = 'Twice'`, `course where number = 'TWICE'`, `section where number = '9'`])
      expect(await service.sql(`select from ${once}`)).toHaveLength(1);
  });

  test('is for counselors and principals of the school; others change nothing', async () => {
    const before = await everything();
    expect(await service.code(southPrincipal, mutation, input(whole))).toBe('NOT_FOUND');
    for (const schoolId of [south, 'x', '']) expect(await service.code(principal, mutation, input(whole, { schoolId }))).toBe('NOT_FOUND');
    for (const nobody of [clerk, teacher, vendor]) expect(await service.code(nobody, mutation, input(whole))).toBe('FORBIDDEN');
    const many = `name\n${Array.from({ length: 5_001 }, (_, n) => `R${n}`).join('\n')}`;
    expect(await service.code(counselor, mutation, input({ ROOMS: many }))).toBe('TOO_MANY_ROWS');
    expect(faults(await bring({ ROOMS: 'title\nA\n' }))).toEqual([
      ['ROOMS', 1, 'name', 'COLUMN_MISSING'],
      ['ROOMS', 1, 'title', 'COLUMN_UNKNOWN'],
    ]);
    expect(await everything()).toBe(before);
  });
});

describe('what sections ask of the schedule', () => {
  const rooms = 'name,groups\nLab,science;kiln\n';
  const header = 'number,course,terms,one_term,seats,reserved,teacher,team,link,combined,room_groups,periods_in_row,days\n';
  const line = (number: string, course: string, more: Record<string, string> = {}) =>
    ['number', 'course', 'terms', 'one_term', 'seats', 'reserved', 'teacher', 'team', 'link', 'combined', 'room_groups', 'periods_in_row', 'days'] // prettier-ignore
      .map((name) => ({ number, course, terms: 'Fall;Spring', ...more })[name] ?? '')
      .join(',');
  const sections = (...lines: readonly string[]) => ({ ROOMS: rooms, SECTIONS: `${header}${lines.join('\n')}\n` });
  const asked = async (number: string) =>
    (
      await service.data(
        counselor,
        `mutation { addScenario(input: { schoolId: "${north}", schoolYear: 2027, name: "${number}" }) { sections { nodes {
         number seats reservations { program seats } team link combinedWith roomGroups periodsInARow dayChoices sessionChoices { title } } } } }`,
      )
    ).addScenario.sections.nodes.find((node: { number: string }) => node.number === number);

  test('comes with the package, stays what it is when sent again, and is there for who plans', async () => {
    const file = sections(
      line('ask-1', 'ART', { seats: '20', reserved: 'SPECIAL_EDUCATION:8;AVID:4', team: 'Blue', link: 'K', room_groups: 'science', one_term: 'true', periods_in_row: '2' }), // prettier-ignore
      line('ask-2', 'CHOIR', { link: 'K', combined: 'Q' }),
      line('ask-3', 'PE', { combined: 'Q' }),
    );
    expect(faults(await bring(file, { strict: true }))).toEqual([]);
    expect(await bring(file)).toMatchObject({ saved: 0, unchanged: 4 });
    expect(await bring({ SECTIONS: 'number,course,terms\nask-1,ART,Fall;Spring\n' })).toMatchObject({ saved: 0, unchanged: 1 });
    expect(await asked('ask-1')).toEqual({
      ...{ number: 'ask-1', seats: 20, team: 'Blue', link: 'K', combinedWith: null, roomGroups: ['science'], periodsInARow: 2, dayChoices: [[]] }, // prettier-ignore
      reservations: [{ program: 'SPECIAL_EDUCATION', seats: 8 }, { program: 'AVID', seats: 4 }], // prettier-ignore
      sessionChoices: [{ title: 'Fall' }, { title: 'Spring' }],
    });
    expect((await service.data(counselor, `{ rooms(schoolId: "${north}") { name groups } }`)).rooms).toContainEqual({ name: 'Lab', groups: ['kiln', 'science'] }); // prettier-ignore
  });

  test('a section that runs in one of its terms is the same one when the term was chosen', async () => {
    const file = sections(line('once', 'ART', { one_term: 'true' }));
    await bring(file);
    await service.sql(`update section set session_ids = $1 where number = 'once'`, [[id('session', 3)]]);
    expect(await bring(file)).toMatchObject({ saved: 0, refused: 0 });
    expect(faults(await bring(sections(line('once', 'ART', { one_term: 'false' }))))).toEqual([
      ['SECTIONS', 2, 'one_term', 'TERMS_CHOSEN'],
    ]);
  });

  test('that cannot be is the fault of its cell, and the other rows are kept', async () => {
    const answer = await bring(
      sections(
        line('bad-1', 'ART', { seats: '5', reserved: 'AVID:6' }),
        line('bad-2', 'ART', { reserved: 'AVID' }),
        line('bad-3', 'ART', { reserved: 'AVID:1;AVID:2' }),
        line('bad-4', 'ART', { room_groups: 'kitchen' }),
        line('bad-5', 'ART', { periods_in_row: '4' }),
        line('bad-6', 'ART', { periods_in_row: '5' }),
        line('bad-7', 'ART', { days: 'A+Z' }),
        line('good', 'ART', { link: 'M', combined: 'R' }),
        line('bad-8', 'ART', { link: 'M' }),
        line('bad-9', 'CHOIR', { combined: 'R', terms: 'Fall' }),
        line('bad-10', 'CHOIR', { combined: 'R', periods_in_row: '2' }),
      ),
    );
    expect(faults(answer)).toEqual([
      ['SECTIONS', 2, 'reserved', 'RESERVED_MORE_THAN_SEATS'],
      ['SECTIONS', 3, 'reserved', 'RESERVATION_INVALID'],
      ['SECTIONS', 4, 'reserved', 'RESERVATION_INVALID'],
      ['SECTIONS', 5, 'room_groups', 'ROOM_GROUP_UNKNOWN'],
      ['SECTIONS', 6, 'periods_in_row', 'NO_PLACEMENT'],
      ['SECTIONS', 7, 'periods_in_row', 'PERIODS_INVALID'],
      ['SECTIONS', 8, 'days', 'DAY_UNKNOWN'],
      ['SECTIONS', 10, 'link', 'LINK_OF_ONE_COURSE'],
      ['SECTIONS', 11, 'combined', 'COMBINED_APART'],
      ['SECTIONS', 12, 'combined', 'COMBINED_APART'],
    ]);
    expect(await service.sql(`select number from section where number like 'bad%' or number = 'good'`)).toEqual([{ number: 'good' }]);
  });

  test('may change hands within a file: two sections that trade their links are no fault', async () => {
    await bring(sections(line('t-1', 'ART', { link: 'V' }), line('t-2', 'ART', { link: 'W' })));
    expect(faults(await bring(sections(line('t-1', 'ART', { link: 'W' }), line('t-2', 'ART', { link: 'V' }))))).toEqual([]);
  });
});
