import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import {
  administrator,
  clerk,
  colleague,
  counselor,
  id,
  north,
  openSchools,
  openSection,
  parentOf,
  principal,
  south,
  southPrincipal,
  southTeacher,
  studentAs,
  teacher,
  vendor,
} from '../testing.ts';

let service: TestSubgraph;
const course = (n: number) => id('course', n);
let number = 0;
let student: string;

// The courses of a small high school; its day has three periods.
const catalog: readonly (readonly [n: number, number: string, more?: Record<string, unknown>])[] = [
  [11, 'ENG9', { subjects: ['English'] }],
  [12, 'ENG10', { subjects: ['English'], prerequisites: [{ anyOf: ['ENG9', 'ENG9H'], note: null }] }],
  [13, 'ART'],
  [14, 'CHOIR', { repeatable: true }],
  [15, 'BAND', { prerequisites: [{ anyOf: [], note: 'Audition' }] }],
  [16, 'GEO', { prerequisites: [{ anyOf: ['ALG1'], note: null }] }],
  [17, 'HEALTH', { load: '0.5' }],
  [18, 'LATIN', { ended: '2020-06-01' }],
  [19, 'SURF', { org: south }],
  [20, 'CALC', { grades: ['12'] }],
];

beforeAll(async () => {
  service = await openSchools();
  for (const [n, name, more = {}] of catalog)
    await service.sql(
      `insert into course (id, number, title, credits, subjects, prerequisites, repeatable, period_load, ended_on, org_id, grade_levels)
         values ($1, $2, $2, 10, $3, $4, $5, $6, $7, $8, $9)`,
      [
        course(n),
        name,
        more['subjects'] ?? [],
        JSON.stringify(more['prerequisites'] ?? []),
        more['repeatable'] ?? false,
        more['load'] ?? '1',
        more['ended'] ?? null,
        more['org'] ?? null,
        more['grades'] ?? [],
      ],
    );
});
afterAll(() => service.close());
beforeEach(() => {
  student = id('student', ++number);
});

const sheetFields =
  'id revision gradeLevel requests { id course { id } priority place alternates { id } status source } warnings { code hard course { id } message } credits { subject required earned planned missing }';
const verb = (name: string) =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${sheetFields} } }`;
const place = () => ({ schoolId: north, studentId: student, schoolYear: 2028 });
const ask = (courseId: string, more: object = {}) => ({ courseId, ...more });
const save = (requests: object[], baseRevision: number, more: object = {}, viewer: Viewer = counselor) =>
  service.data(viewer, verb('saveRequests'), { input: { ...place(), baseRevision, requests, ...more } }).then((data) => data.saveRequests);
const saveCode = (requests: object[], baseRevision = 0, more: object = {}, viewer: Viewer = counselor) =>
  service.code(viewer, verb('saveRequests'), { input: { ...place(), baseRevision, requests, ...more } });
const request = (input: object, viewer: Viewer = counselor) =>
  service.data(viewer, verb('requestCourse'), { input: { ...place(), ...input } }).then((data) => data.requestCourse);
const requestCode = (input: object, viewer: Viewer = counselor) =>
  service.code(viewer, verb('requestCourse'), { input: { ...place(), ...input } });
const open = (facts: object = {}, studentId = student) =>
  service.data(counselor, `mutation ($input: OpenRequestSheetsInput!) { openRequestSheets(input: $input) { id } }`, {
    input: { schoolId: north, schoolYear: 2028, sheets: [{ studentId, ...facts }] },
  });
const took = (courseNumber: string, passed: boolean | null, schoolYear = 2027) =>
  service.sql(
    `insert into course_history (school_id, student_id, course_number, school_year, passed, credits) values ($1, $2, $3, $4, $5, 10)`,
    [north, student, courseNumber, schoolYear, passed],
  );
const codesOf = ({ warnings }: { warnings: { code: string }[] }) => warnings.map(({ code }) => code).sort();
const coursesOf = ({ requests }: { requests: { course: { id: string } }[] }) => requests.map((each) => each.course.id);
const stored = () =>
  service.sql(`select course_id, status, source from course_request where student_id = $1 order by place, course_id`, [student]);

describe('a student’s requests', () => {
  test('are asked for, changed and withdrawn, each change with its history', async () => {
    const sheet = await request({ courseId: course(13), alternateIds: [course(14), course(15)] });
    expect(sheet).toMatchObject({ revision: 1, requests: [{ priority: 2, place: 1, status: 'REQUESTED', source: 'ENTERED' }] });
    expect(sheet.requests[0].alternates).toEqual([{ id: course(14) }, { id: course(15) }]);
    const requestId = sheet.requests[0].id;
    const changed = (await service.data(counselor, verb('changeRequest'), { input: { requestId, priority: 1 } })).changeRequest;
    expect(changed.requests[0]).toMatchObject({ priority: 1, alternates: [{ id: course(14) }, { id: course(15) }] });
    const input = { requestId, reason: 'Changed her mind' };
    expect((await service.data(counselor, verb('withdrawRequest'), { input })).withdrawRequest).toMatchObject({
      revision: 3,
      requests: [],
    });
    expect(await service.code(counselor, verb('withdrawRequest'), { input })).toBe('REQUEST_WITHDRAWN');
    expect(await service.code(counselor, verb('changeRequest'), { input: { requestId, priority: 2 } })).toBe('REQUEST_WITHDRAWN');
    expect(
      await service.sql(
        `select before ->> 'status' as status, before ->> 'priority' as priority from history where row_id = $1 order by id`,
        [requestId],
      ),
    ).toEqual([
      { status: 'REQUESTED', priority: '2' },
      { status: 'REQUESTED', priority: '1' },
    ]);
    expect(await service.sql('select reason from course_request where id = $1', [requestId])).toEqual([{ reason: 'Changed her mind' }]);
    expect((await request({ courseId: course(13) })).requests).toMatchObject([{ id: requestId, status: 'REQUESTED' }]);
  });

  test('each refusal names what is wrong and changes nothing', async () => {
    await request({ courseId: course(13) });
    expect(await requestCode({ courseId: course(13) })).toBe('REQUESTED_TWICE');
    for (const courseId of [id('course', 999), 'not-a-uuid', '', course(19)])
      expect(await requestCode({ courseId })).toBe('COURSE_UNKNOWN');
    for (const priority of [0, 4]) expect(await requestCode({ courseId: course(14), priority })).toBe('PRIORITY_INVALID');
    for (const alternateIds of [[course(14)], [course(15), course(15)]])
      expect(await requestCode({ courseId: course(14), alternateIds })).toBe('ALTERNATE_REPEATED');
    for (const studentId of ['not-a-uuid', '']) expect(await requestCode({ courseId: course(14), studentId })).toBe('STUDENT_UNKNOWN');
    for (const schoolId of ['not-a-uuid', id('school', 9), south])
      expect(await requestCode({ courseId: course(14), schoolId })).toBe('NOT_FOUND');
    expect(await requestCode({ courseId: course(14) }, southPrincipal)).toBe('NOT_FOUND');
    for (const nobody of [clerk, teacher, vendor, parentOf(student), studentAs(student)])
      expect(await requestCode({ courseId: course(14) }, nobody)).toBe('FORBIDDEN');
    expect(await requestCode({ courseId: course(14), schoolYear: 9999 })).toBe('SCHOOL_YEAR_INVALID');
    expect(
      await saveCode(
        Array.from({ length: 31 }, () => ask(course(14))),
        1,
      ),
    ).toBe('SHEET_TOO_LONG');
    expect(await stored()).toEqual([{ course_id: course(13), status: 'REQUESTED', source: 'ENTERED' }]);
  });
});

describe('rules at entry', () => {
  test('what was passed is refused, what was failed or may be repeated is not', async () => {
    await took('ART', true);
    await took('CHOIR', true);
    await took('ENG9', false);
    expect(await requestCode({ courseId: course(13) })).toBe('ALREADY_PASSED');
    expect(coursesOf(await request({ courseId: course(14) }))).toEqual([course(14)]);
    expect(coursesOf(await request({ courseId: course(11) }))).toEqual([course(14), course(11)]);
  });

  test('a prerequisite is met by any of its courses: taken, in progress, or further up on the sheet', async () => {
    expect(await requestCode({ courseId: course(12) })).toBe('PREREQUISITE_UNMET');
    expect(await saveCode([ask(course(12)), ask(course(11))])).toBe('PREREQUISITE_UNMET');
    expect(coursesOf(await save([ask(course(11)), ask(course(12))], 0))).toEqual([course(11), course(12)]);
    student = id('student', ++number);
    await took('ENG9H', null);
    expect(coursesOf(await request({ courseId: course(12) }))).toEqual([course(12)]);
    student = id('student', ++number);
    await took('ENG9', false);
    expect(await requestCode({ courseId: course(12) })).toBe('PREREQUISITE_UNMET');
  });

  test('a course that ended is refused, as a request and as an alternate', async () => {
    expect(await requestCode({ courseId: course(18) })).toBe('COURSE_NOT_OFFERED');
    expect(await requestCode({ courseId: course(13), alternateIds: [course(18)] })).toBe('COURSE_NOT_OFFERED');
  });

  test('alternates in a circle are refused, however long the way round', async () => {
    const circle = [
      ask(course(13), { alternateIds: [course(14)] }),
      ask(course(14), { alternateIds: [course(15)] }),
      ask(course(15), { alternateIds: [course(13)] }),
    ];
    expect(await saveCode(circle)).toBe('ALTERNATES_CIRCLE');
    expect(codesOf(await save(circle.slice(0, 2), 0))).toContain('ALTERNATE_REQUESTED');
  });

  test('more than the day holds is refused, less is told; half courses count half', async () => {
    const three = [course(11), course(13), course(14)].map((each) => ask(each));
    expect(codesOf(await save(three.slice(0, 2), 0))).toContain('TOO_FEW_REQUESTS');
    expect(await saveCode([...three, ask(course(17))], 1)).toBe('TOO_MANY_REQUESTS');
    const full = await save([...three.slice(0, 2), ask(course(17))], 1);
    expect(full.warnings.find(({ code }: { code: string }) => code === 'TOO_FEW_REQUESTS').message).toBe(
      "The requests fill 2.5 of the day's 3 periods.",
    );
    expect(codesOf(await save(three, 2))).toEqual(['NO_ALTERNATES', 'NO_ALTERNATES', 'NO_ALTERNATES']);
  });

  test('an optional period may be filled and need not be', async () => {
    await service.sql('update period set optional = true where id = $1', [id('period', 3)]);
    const three = [course(11), course(13), course(14)].map((each) => ask(each, { priority: 1 }));
    expect(codesOf(await save(three.slice(0, 1), 0))).toEqual(['TOO_FEW_REQUESTS']);
    expect(codesOf(await save(three.slice(0, 2), 1))).toEqual([]);
    expect(codesOf(await save(three, 2))).toEqual([]);
    await service.sql('update period set optional = false where id = $1', [id('period', 3)]);
  });

  test('consent, the wrong grade and missing alternates are told, and refuse nothing', async () => {
    await open({ gradeLevel: '09' });
    const sheet = await save([ask(course(15)), ask(course(20), { alternateIds: [course(13)] }), ask(course(14), { priority: 1 })], 0);
    expect(codesOf(sheet)).toEqual(['CONSENT_NEEDED', 'NO_ALTERNATES', 'WRONG_GRADE']);
    expect(sheet.warnings.every(({ hard }: { hard: boolean }) => !hard)).toBe(true);
  });

  test('a hard rule is passed by with a reason, by a counselor or a principal of the school, and is a warning from then on', async () => {
    const override = { reason: 'Placement test' };
    expect(await requestCode({ courseId: course(16), override }, administrator)).toBe('FORBIDDEN');
    expect(await requestCode({ courseId: course(16), override: { reason: ' ' } })).toBe('REASON_REQUIRED');
    expect(await requestCode({ courseId: course(16) })).toBe('PREREQUISITE_UNMET');
    const sheet = await request({ courseId: course(16), override }, principal);
    expect(sheet.warnings).toContainEqual(expect.objectContaining({ code: 'PREREQUISITE_UNMET', hard: true, course: { id: course(16) } }));
    expect(await service.sql('select reason from course_request where student_id = $1', [student])).toEqual([{ reason: 'Placement test' }]);
    expect(coursesOf(await request({ courseId: course(13) }))).toEqual([course(16), course(13)]);
    expect(await requestCode({ courseId: course(12) })).toBe('PREREQUISITE_UNMET');
  });

  test('who asks for too much with a reason may ask for less without one, and not for more', async () => {
    const five = [11, 12, 13, 14, 15].map((n) => ask(course(n)));
    await save(five, 0, { override: { reason: 'Two at the college' } });
    expect(await saveCode([...five, ask(course(20))], 1)).toBe('TOO_MANY_REQUESTS');
    expect((await save(five.slice(0, 4), 1)).revision).toBe(2);
    expect(await saveCode(five, 2)).toBe('TOO_MANY_REQUESTS');
  });
});

describe('a whole sheet', () => {
  test('is saved at once: what it does not name is withdrawn, and a wrong line saves nothing', async () => {
    await save([ask(course(13)), ask(course(14))], 0);
    expect(await saveCode([ask(course(11)), ask(id('course', 999))], 1)).toBe('COURSE_UNKNOWN');
    expect(await stored()).toHaveLength(2);
    const sheet = await save([ask(course(14), { priority: 3 }), ask(course(11))], 1);
    expect(coursesOf(sheet)).toEqual([course(14), course(11)]);
    expect((await stored()).filter(({ status }) => status === 'WITHDRAWN')).toEqual([
      { course_id: course(13), status: 'WITHDRAWN', source: 'ENTERED' },
    ]);
    expect((await save([ask(course(14), { priority: 3 }), ask(course(11))], 2)).revision).toBe(2);
  });

  test('of two counselors who save one sheet at once, one is told of the other and loses nothing unseen', async () => {
    for (let round = 0; round < 5; round++) {
      student = id('student', ++number);
      const baseRevision = round % 2;
      if (baseRevision) await save([ask(course(17))], 0);
      const sheets = [[ask(course(13))], [ask(course(14))], [ask(course(11))]];
      const answers = await Promise.all(
        sheets.map((requests) => service.ask(counselor, verb('saveRequests'), { input: { ...place(), baseRevision, requests } })),
      );
      const done = answers.filter(({ errors }) => !errors);
      expect(done).toHaveLength(1);
      for (const { errors } of answers.filter((answer) => answer.errors))
        expect(errors![0]!.extensions).toMatchObject({ code: 'CONFLICT', revision: baseRevision + 1, changedBy: counselor.subject });
      const [winner] = done.map(({ data }) => coursesOf((data as Record<string, never>)['saveRequests']!));
      expect((await stored()).filter(({ status }) => status === 'REQUESTED').map((row) => row.course_id)).toEqual(winner);
    }
  });

  test('twenty single requests at once for one sheet are each there or refused, none lost', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        service.ask(counselor, verb('requestCourse'), {
          input: { ...place(), courseId: course([11, 13, 14, 17][n % 4]!), override: { reason: 'All at once' } },
        }),
      ),
    );
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(4);
    const rows = await service.sql('select place, revision from course_request r join request_sheet s on s.id = r.sheet_id where r.student_id = $1 order by 1', [student]); // prettier-ignore
    expect(rows).toEqual([1, 2, 3, 4].map((each) => ({ place: each, revision: 4 })));
  });
});

describe('many sheets', () => {
  const edit = 'students changed unchanged warned refused { studentId code }';
  const massEdit = (input: object, viewer: Viewer = counselor) =>
    service.ask(viewer, `mutation ($input: MassEditRequestsInput!) { massEditRequests(input: $input) { ${edit} } }`, {
      input: { schoolId: north, schoolYear: 2028, dryRun: false, reason: 'No teacher for it', ...input },
    });
  const generate = (input: object) =>
    service.ask(counselor, `mutation ($input: GenerateRequestsInput!) { generateRequests(input: $input) { ${edit} } }`, {
      input: { schoolId: north, schoolYear: 2028, dryRun: false, ...input },
    });
  const answered = (answer: Awaited<ReturnType<typeof massEdit>>) => Object.values(answer.data as object)[0];

  test('a dry run tells the counts of what is then done; whom a rule forbids it is left out and told', async () => {
    const students = [1, 2, 3].map(() => id('student', ++number));
    for (const [n, each] of students.entries()) {
      student = each;
      await open({ gradeLevel: '11', programs: n < 2 ? ['AVID'] : [] });
      await save([ask(course(13), { priority: 3, alternateIds: [course(16)] }), ask(course(14))], 0, { override: { reason: 'x' } });
    }
    student = students[1]!;
    await took('ENG9', true);
    const input = {
      kind: 'REPLACE',
      courseId: course(11),
      replacedCourseId: course(13),
      filter: { requestingCourseId: course(13), gradeLevel: '11' },
    };
    const before = await service.sql('select * from course_request order by id');
    const expected = { students: 3, changed: 2, unchanged: 0, warned: 0, refused: [{ studentId: students[1], code: 'ALREADY_PASSED' }] };
    expect(answered(await massEdit({ ...input, dryRun: true }))).toEqual(expected);
    expect(await service.sql('select * from course_request order by id')).toEqual(before);
    expect(answered(await massEdit(input))).toEqual(expected);
    const rows = await service.sql(
      `select student_id, priority, place, source, reason from course_request where course_id = $1 and student_id = any($2) order by 1`,
      [course(11), students],
    );
    expect(rows).toEqual(
      [students[0], students[2]].map((each) => ({
        student_id: each,
        priority: 3,
        place: 1,
        source: 'MASS_EDIT',
        reason: 'No teacher for it',
      })),
    );
    expect(answered(await massEdit({ kind: 'WITHDRAW', courseId: course(14), filter: { program: 'AVID' } }))).toMatchObject({
      students: 2,
      changed: 2,
    });
    expect(answered(await massEdit({ kind: 'ADD', courseId: course(14), filter: { studentIds: students } }))).toMatchObject({
      changed: 2,
      unchanged: 1,
    });
  });

  test('a mass edit without a reason, of unknown courses, or by others is refused', async () => {
    const input = { kind: 'ADD', courseId: course(13), filter: {} };
    const code = async (more: object, viewer: Viewer = counselor) =>
      (await massEdit({ ...input, ...more }, viewer)).errors?.[0]?.extensions['code'];
    expect(await code({ reason: ' ' })).toBe('REASON_REQUIRED');
    expect(await code({ courseId: 'x' })).toBe('COURSE_UNKNOWN');
    expect(await code({ filter: { requestingCourseId: 'x' } })).toBe('COURSE_UNKNOWN');
    expect(await code({ filter: { studentIds: ['x'] } })).toBe('STUDENT_UNKNOWN');
    expect(await code({ kind: 'REPLACE' })).toBe('BAD_USER_INPUT');
    expect(await code({ kind: 'REPLACE', replacedCourseId: course(19) })).toBe('COURSE_UNKNOWN');
    expect(await code({}, southPrincipal)).toBe('NOT_FOUND');
    expect(await code({}, clerk)).toBe('FORBIDDEN');
  });

  test('a grade is filled from a template, without what was passed or is there', async () => {
    await open({ gradeLevel: '08' });
    await took('ART', true);
    await request({ courseId: course(14) });
    const template = [course(11), course(13), course(14)].map((each) => ask(each, { priority: 1 }));
    expect(answered(await generate({ gradeLevel: '08', template, dryRun: true }))).toMatchObject({ students: 1, changed: 1 });
    expect(await stored()).toHaveLength(1);
    expect(answered(await generate({ gradeLevel: '08', template }))).toMatchObject({ students: 1, changed: 1 });
    expect(await stored()).toEqual([
      { course_id: course(14), status: 'REQUESTED', source: 'ENTERED' },
      { course_id: course(11), status: 'REQUESTED', source: 'GENERATED' },
    ]);
    expect(answered(await generate({ gradeLevel: '08', template }))).toMatchObject({ changed: 0, unchanged: 1 });
  });

  test('a grade is filled with the next course of each subject in which the plan needs credits, and the gap is told', async () => {
    const setPlan =
      'mutation ($input: SetGraduationPlanInput!) { setGraduationPlan(input: $input) { id name requirements { subject credits courses } } }';
    const requirements = [
      { subject: 'English', credits: 20, courses: ['ENG9', 'ENG10'] },
      { subject: 'Art', credits: 10, courses: ['ART'] },
    ];
    const { setGraduationPlan: plan } = await service.data(counselor, setPlan, {
      input: { schoolId: north, name: 'Diploma', requirements },
    });
    expect(plan.requirements).toEqual(requirements);
    expect(await service.code(counselor, setPlan, { input: { schoolId: north, name: 'X', requirements: [requirements[0], requirements[0]] } })).toBe('PLAN_INVALID'); // prettier-ignore
    expect(await service.code(southPrincipal, setPlan, { input: { schoolId: north, name: 'X', requirements } })).toBe('NOT_FOUND');
    await open({ gradeLevel: '12', planId: plan.id });
    await took('ART', true);
    expect(answered(await generate({ gradeLevel: '12' }))).toMatchObject({ students: 1, changed: 1 });
    const sheet = await save([ask(course(11), { priority: 1 })], 1);
    expect(sheet.revision).toBe(1);
    expect(sheet.credits).toEqual([
      { subject: 'English', required: 20, earned: 0, planned: 10, missing: 10 },
      { subject: 'Art', required: 10, earned: 10, planned: 0, missing: 0 },
    ]);
    expect(codesOf(sheet)).toEqual(['GRADUATION_GAP', 'TOO_FEW_REQUESTS']);
    await open({ gradeLevel: '11' });
    expect(codesOf(await save([ask(course(11), { priority: 1 })], 1))).toEqual(['TOO_FEW_REQUESTS']);
    for (const planId of ['x', id('plan', 9)])
      expect(await service.code(counselor, 'mutation ($input: OpenRequestSheetsInput!) { openRequestSheets(input: $input) { id } }', { input: { schoolId: north, schoolYear: 2028, sheets: [{ studentId: student, planId }] } })).toBe('PLAN_UNKNOWN'); // prettier-ignore
  });
});

test('whoever is enrolled and will be in the grade gets a sheet, who left or is elsewhere does not, and a dry run opens none', async () => {
  const [here, gone, younger, there] = [1, 2, 3, 4].map(() => id('student', ++number));
  await service.hear('student', 'EnrollmentsChanged', {
    schoolId: north,
    enrollments: [
      { id: id('enrollment', number), studentId: here, gradeLevel: '05', primary: true, begins: '2026-08-17', ends: null },
      { id: id('enrollment', number + 1), studentId: gone, gradeLevel: '05', primary: true, begins: '2026-08-17', ends: '2026-09-01' },
      { id: id('enrollment', number + 2), studentId: younger, gradeLevel: '03', primary: true, begins: '2026-08-17', ends: null },
    ],
  });
  await service.hear('student', 'EnrollmentsChanged', {
    schoolId: south,
    enrollments: [
      { id: id('enrollment', number + 3), studentId: there, gradeLevel: '05', primary: true, begins: '2026-08-17', ends: null },
    ],
  });
  const generate = 'mutation ($input: GenerateRequestsInput!) { generateRequests(input: $input) { students changed } }';
  const filled = async (dryRun: boolean) =>
    (
      await service.data(counselor, generate, {
        input: { schoolId: north, schoolYear: 2028, gradeLevel: '06', dryRun, template: [ask(course(14))] },
      })
    ).generateRequests;
  const sheets = () =>
    service.sql('select student_id, grade_level from request_sheet where student_id = any($1)', [[here, gone, younger, there]]);
  expect(await filled(true)).toEqual({ students: 1, changed: 1 });
  expect(await sheets()).toEqual([]);
  expect(await filled(false)).toEqual({ students: 1, changed: 1 });
  expect(await sheets()).toEqual([{ student_id: here, grade_level: '06' }]);
});

test('a sheet that fills the day is not filled further by a plan', async () => {
  const requirements = [{ subject: 'English', credits: 20, courses: ['ENG9', 'ENG10'] }];
  const setPlan = 'mutation ($input: SetGraduationPlanInput!) { setGraduationPlan(input: $input) { id } }';
  const { setGraduationPlan: plan } = await service.data(counselor, setPlan, { input: { schoolId: north, name: 'English', requirements } });
  await open({ gradeLevel: '07', planId: plan.id });
  await save([ask(course(13)), ask(course(14)), ask(course(15))], 0);
  const generate = 'mutation ($input: GenerateRequestsInput!) { generateRequests(input: $input) { changed unchanged refused { code } } }';
  const filled = (input: object) =>
    service.data(counselor, generate, { input: { schoolId: north, schoolYear: 2028, gradeLevel: '07', dryRun: false, ...input } });
  expect((await filled({})).generateRequests).toEqual({ changed: 0, unchanged: 1, refused: [] });
  await save([ask(course(13)), ask(course(14))], 1);
  expect((await filled({})).generateRequests).toEqual({ changed: 1, unchanged: 0, refused: [] });
});

describe('what is read', () => {
  const list = `query ($s: ID!, $y: Int, $f: CourseRequestFilter, $first: Int, $after: String) {
    courseRequests(schoolId: $s, schoolYear: $y, filter: $f, first: $first, after: $after) {
      nodes { student { id } course { id } priority } pageInfo { hasNextPage endCursor } } }`;

  test('requests of a school by student and place, each once whatever the page; the next school year when none is named', async () => {
    const all: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { courseRequests }: Record<string, any> = await service.data(clerk, list, { s: north, first: 7, after }); // eslint-disable-line @typescript-eslint/no-explicit-any
      all.push(
        ...courseRequests.nodes.map((node: { student: { id: string }; course: { id: string } }) => `${node.student.id} ${node.course.id}`),
      );
      ({ hasNextPage: more, endCursor: after } = courseRequests.pageInfo);
    }
    const rows = await service.sql(
      `select student_id || ' ' || course_id as line from course_request where school_year = 2028 and status = 'REQUESTED' order by student_id, place`,
    );
    expect(all).toEqual(rows.map(({ line }) => line));
    expect((await service.data(clerk, list, { s: north, y: 2029 })).courseRequests.nodes).toEqual([]);
    for (const f of [{ courseId: 'x' }, { studentId: 'x' }])
      expect((await service.data(clerk, list, { s: north, f })).courseRequests.nodes).toEqual([]);
    expect(await service.code(southPrincipal, list, { s: north })).toBe('NOT_FOUND');
    expect(await service.code(teacher, list, { s: north })).toBe('FORBIDDEN');
  });

  test('the tally counts requests, alternates, grades, sections and seats as they are now', async () => {
    const tallyOf = async (courseId: string) =>
      (
        await service.data(
          principal,
          `query { requestTally(schoolId: "${north}", schoolYear: 2030) { course { id } requests required chosen wished asAlternate byGrade { gradeLevel requests } sections seats } }`,
        )
      ).requestTally.find((line: { course: { id: string } }) => line.course.id === courseId);
    await service.sql(`insert into academic_session (id, title, type, school_year, begins, ends) values ($1, 'Y', 'SCHOOL_YEAR', 2030, '2029-08-15', '2030-06-10')`, [id('session', 30)]); // prettier-ignore
    const sheet = (requests: object[]) => service.data(counselor, verb('saveRequests'), { input: { ...place(), schoolYear: 2030, baseRevision: 0, requests } }); // prettier-ignore
    await sheet([ask(course(13), { priority: 1 }), ask(course(14), { alternateIds: [course(17)] })]);
    await service.data(counselor, 'mutation ($input: OpenRequestSheetsInput!) { openRequestSheets(input: $input) { id } }', { input: { schoolId: north, schoolYear: 2030, sheets: [{ studentId: student, gradeLevel: '10' }] } }); // prettier-ignore
    student = id('student', ++number);
    await sheet([ask(course(13), { priority: 3 })]);
    const none = { requests: 0, required: 0, chosen: 0, wished: 0, asAlternate: 0, byGrade: [], sections: 0, seats: 0 };
    expect(await tallyOf(course(13))).toEqual({
      ...none,
      ...{ course: { id: course(13) }, requests: 2, required: 1, wished: 1 },
      byGrade: [
        { gradeLevel: '10', requests: 1 },
        { gradeLevel: null, requests: 1 },
      ],
    });
    expect(await tallyOf(course(17))).toEqual({ ...none, course: { id: course(17) }, asAlternate: 1 });
    await openSection(service, { courseId: course(13), sessionIds: [id('session', 30)], seatLimit: 30 });
    expect(await tallyOf(course(13))).toMatchObject({ sections: 1, seats: 30 });
    await openSection(service, { courseId: course(13), sessionIds: [id('session', 30)] });
    await openSection(service, { courseId: course(13), seatLimit: 30 });
    expect(await tallyOf(course(13))).toMatchObject({ sections: 2, seats: null });
  });

  test('students to review are those with warnings of the codes that are asked for', async () => {
    await open({ gradeLevel: '09' });
    await save([ask(course(20), { priority: 1 }), ask(course(14), { priority: 1 }), ask(course(13), { priority: 1 })], 0);
    const review = async (codes: string[] | null, first = 100) =>
      (
        await service.data(
          counselor,
          'query ($s: ID!, $codes: [String!], $first: Int) { studentsToReview(schoolId: $s, codes: $codes, first: $first) { nodes { student { id } warnings { code } } pageInfo { hasNextPage } } }',
          { s: north, codes, first },
        )
      ).studentsToReview;
    const wrongGrade = await review(['WRONG_GRADE']);
    expect(wrongGrade.nodes.map((node: { student: { id: string } }) => node.student.id)).toContain(student);
    for (const { warnings } of wrongGrade.nodes) expect(warnings.map(({ code }: { code: string }) => code)).toContain('WRONG_GRADE');
    expect((await review(['NO_SUCH'])).nodes).toEqual([]);
    expect((await review(null, 2)).nodes).toHaveLength(2);
    expect((await review(null, 2)).pageInfo.hasNextPage).toBe(true);
  });

  test('a student’s requests are for the office of the school, who teaches them, and their family', async () => {
    await save([ask(course(13)), ask(course(14))], 0);
    const section = await openSection(service);
    await service.sql('insert into section_enrollment (section_id, school_id, student_id, begins) values ($1, $2, $3, $4)', [section, north, student, '2026-08-17']); // prettier-ignore
    await service.sql(`insert into teacher_assignment (section_id, school_id, staff_id, role, begins) values ($1, $2, $3, 'CO_TEACHER', '2026-08-17')`, [section, north, teacher.subject]); // prettier-ignore
    const read = async (viewer: Viewer) => {
      const answer = await service.entities(viewer, [{ __typename: 'Student', id: student }], '... on Student { courseRequests { course { id } alternates { id } } requestSheets { revision programs } }'); // prettier-ignore
      return (answer.data as { _entities: ({ courseRequests: unknown[] } | null)[] })._entities[0]?.courseRequests?.length ?? null;
    };
    for (const viewer of [counselor, clerk, principal, administrator, teacher, parentOf(student), studentAs(student)])
      expect(await read(viewer)).toBe(2);
    for (const viewer of [colleague, southPrincipal, southTeacher, vendor, parentOf(id('student', 77))])
      expect([null, 0]).toContain(await read(viewer));
  });

  test('row-level security alone shows and gives nothing to another school, and families only read', async () => {
    await took('ART', true);
    await request({ courseId: course(14) });
    await service.sql(`insert into teaching_capacity (school_id, staff_id, school_year, max_sections) values ($1, $2, 2028, 5) on conflict do nothing`, [north, teacher.subject]); // prettier-ignore
    const tables = ['request_sheet', 'course_request', 'course_history'];
    const rows = (viewer: Viewer, table: string) =>
      service.database.transaction(viewer, 'x', ({ query }) => query(`select from ${table} where student_id = $1`, [student]));
    const touched = (viewer: Viewer, table: string) =>
      service.database.transaction(viewer, 'x', ({ query }) =>
        query(`update ${table} set school_year = 2028 where student_id = $1 returning id`, [student]),
      );
    for (const table of tables) {
      for (const stranger of [southPrincipal, southTeacher, vendor, parentOf(id('student', 88))]) {
        expect(await rows(stranger, table)).toEqual([]);
        expect(await touched(stranger, table)).toEqual([]);
      }
      expect(await rows(parentOf(student), table)).toHaveLength(1);
      expect(await touched(parentOf(student), table)).toEqual([]);
      expect(await rows(counselor, table)).toHaveLength(1);
    }
    for (const stranger of [southPrincipal, vendor, parentOf(student)])
      expect(await service.database.transaction(stranger, 'x', ({ query }) => query('select from teaching_capacity'))).toEqual([]);
  });

  test('who could teach what is kept for a year, and is the school’s own business', async () => {
    const set = 'mutation ($input: SetTeachingCapacityInput!) { setTeachingCapacity(input: $input) { staff { id } courses { id } subjects maxSections preparationPeriods unavailable { period { id } days } } }'; // prettier-ignore
    const input = { schoolId: north, staffId: colleague.subject, schoolYear: 2028, courseIds: [course(11)], subjects: ['Art'], maxSections: 5, preparationPeriods: 1, unavailable: [{ periodId: id('period', 3), days: ['A'] }] }; // prettier-ignore
    const expected = { staff: { id: colleague.subject }, courses: [{ id: course(11) }], subjects: ['Art'], maxSections: 5, preparationPeriods: 1, unavailable: [{ period: { id: id('period', 3) }, days: ['A'] }] }; // prettier-ignore
    expect((await service.data(counselor, set, { input })).setTeachingCapacity).toEqual(expected);
    expect((await service.data(counselor, set, { input: { ...input, maxSections: 4 } })).setTeachingCapacity.maxSections).toBe(4);
    for (const [more, code] of [
      [{ staffId: 'x' }, 'STAFF_UNKNOWN'],
      [{ courseIds: ['x'] }, 'COURSE_UNKNOWN'],
      [{ unavailable: [{ periodId: 'x' }] }, 'PERIOD_UNKNOWN'],
      [{ unavailable: [{ periodId: id('period', 11) }] }, 'PERIOD_UNKNOWN'],
      [{ maxSections: -1 }, 'CAPACITY_INVALID'],
      [{ schoolId: south }, 'NOT_FOUND'],
    ] as const)
      expect(await service.code(counselor, set, { input: { ...input, ...more } })).toBe(code);
    const read = 'query ($s: ID!) { teachingCapacities(schoolId: $s) { staff { id } maxSections } }';
    expect((await service.data(principal, read, { s: north })).teachingCapacities).toContainEqual({
      staff: { id: colleague.subject },
      maxSections: 4,
    });
    expect(await service.code(southPrincipal, read, { s: north })).toBe('NOT_FOUND');
  });
});
