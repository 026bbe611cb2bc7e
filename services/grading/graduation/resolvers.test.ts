import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { ids, idOf, openGrading, people, type Grading } from '../testing.ts';

const audit = `query ($studentId: ID!, $planned: [ID!]) { graduationAudit(studentId: $studentId, planned: $planned) {
  classYear status missing student { id } plan { name } unused { courseNumber credits }
  requirements { requirement { key } required earned met missing records { id courseNumber credits } inProgress { courseNumber credits }
    planned { courseNumber credits } exceptions { kind courseNumber credits why recordedBy { id } } } } }`;
const setPlan = `mutation ($input: SetDiplomaPlanInput!) { setDiplomaPlan(input: $input) { id name classYear school { id } requirements { key credits passCounts } } }`;
const grant = `mutation ($input: GrantDiplomaExceptionInput!) { grantDiplomaException(input: $input) { id kind withdrawn } }`;
const withdraw = `mutation ($input: WithdrawDiplomaExceptionInput!) { withdrawDiplomaException(input: $input) { id withdrawn } }`;
const transfer = `mutation ($input: RecordTransferCreditInput!) { recordTransferCredit(input: $input) { id } }`;
const correct = `mutation ($input: CorrectTranscriptRecordInput!) { correctTranscriptRecord(input: $input) { id } }`;

const plan = {
  ...{ classYear: 2026, name: 'Diploma', creditsPerYear: '60' },
  requirements: [
    { key: 'english', name: 'English', credits: '20', subjects: ['English'] },
    { key: 'algebra', name: 'Algebra 1', credits: '10', courses: ['ALG1'] },
    { key: 'c', name: 'A-G area C', credits: '20', codes: ['C'], leastPoints: '2', passCounts: false },
    { key: 'electives', name: 'Electives', credits: '10' },
  ],
};

let service: Grading;
beforeAll(async () => {
  service = await openGrading();
  const course = (id: string, number: string, subjects: string[], subjectCodes: string[], more: object = {}) =>
    service.hear('scheduling', 'CourseChanged', {
      ...{ id: idOf(id), schoolId: null, number, title: number, credits: '10.000', subjects, subjectCodes, repeatable: false },
      ...more,
    });
  await course('course', 'ALG1', ['Mathematics'], ['C']);
  await course('geometry', 'GEO', ['Mathematics'], ['C']);
  await course('english', 'ENG', ['English'], ['B']);
  await course('dance', 'DANCE', ['Art'], []);
  await service.data(people.administrator, setPlan, { input: plan });
});
afterAll(() => service.close());

/** A student of their own for each test: a senior of the class of 2027 who sits in no class. */
let senior: string;
let seniors = 0;
beforeEach(async () => {
  senior = idOf(`senior ${++seniors}`);
  await enroll(senior);
});
const enroll = (studentId: string, gradeLevel = '12', schoolId = ids.school) =>
  service.hear('student', 'EnrollmentsChanged', {
    schoolId,
    enrollments: [{ id: idOf(`of ${studentId}`), studentId, gradeLevel, primary: true, begins: '2026-08-17', ends: null }],
  });
let sessions = 0;
const earn = async (courseId: string, mark: string, more: object = {}, studentId = senior) => {
  const { recordTransferCredit } = await service.data(people.counselor, transfer, {
    input: {
      ...{ schoolId: ids.school, studentId, fromSchool: 'Garfield High', schoolYear: 2026, session: `Session ${++sessions}` },
      ...{
        endedOn: `2026-01-${String(10 + (sessions % 20)).padStart(2, '0')}`,
        courseId: idOf(courseId),
        mark,
        credits: '10',
        reason: 'paper',
        ...more,
      },
    },
  });
  return recordTransferCredit.id as string;
};
const auditOf = async (viewer: Viewer = people.counselor, planned: string[] = [], studentId = senior) =>
  (await service.data(viewer, audit, { studentId, planned })).graduationAudit;
/** Earned credits by requirement. */
const earnedOf = async () =>
  Object.fromEntries(
    (await auditOf()).requirements.map(({ requirement, earned }: { requirement: { key: string }; earned: string }) => [
      requirement.key,
      Number(earned),
    ]),
  );
const none = { english: 0, algebra: 0, c: 0, electives: 0 };

describe('golden cases', () => {
  test('a course that was repeated counts once, by the attempt that earned it; the failed one is named nowhere', async () => {
    await earn('course', 'F');
    const passed = await earn('course', 'B');
    expect(await earnedOf()).toEqual({ ...none, algebra: 10 });
    const { requirements, unused } = await auditOf();
    expect(requirements[1].records).toEqual([{ id: passed, courseNumber: 'ALG1', credits: '10.000' }]);
    expect(unused).toEqual([]);
    // Passed a second time, the ten credits are still ten.
    await earn('course', 'A');
    expect(await earnedOf()).toEqual({ ...none, algebra: 10 });
  });

  test('a D earns the diploma credit and not the A-G area; the better repetition does', async () => {
    await earn('geometry', 'D');
    expect(await earnedOf()).toEqual({ ...none, electives: 10 });
    await earn('geometry', 'B');
    expect(await earnedOf()).toEqual({ ...none, c: 10 });
  });

  test('a pass counts for the diploma where passes count, and not for an area where they do not; no pass counts nowhere', async () => {
    await earn('english', 'P');
    await earn('geometry', 'P');
    await earn('course', 'NP');
    expect(await earnedOf()).toEqual({ ...none, english: 10, electives: 10 });
  });

  test('credit from elsewhere counts like credit from here, also with a number of its own by its subject', async () => {
    await earn('english', 'A', {
      courseId: undefined,
      courseNumber: 'OH-ENG-1',
      courseTitle: 'English I',
      subjects: ['English'],
      credits: '7.5',
    });
    expect(await earnedOf()).toEqual({ ...none, english: 7.5 });
  });

  test('summer school completes what the year left open', async () => {
    await earn('course', 'F');
    await earn('course', 'C', { summer: true, session: 'Summer 2026', endedOn: '2026-07-20' });
    expect(await earnedOf()).toEqual({ ...none, algebra: 10 });
  });

  test('a substitution counts, tells why and by whom, and is taken back; a waiver lowers what is asked', async () => {
    await earn('dance', 'A');
    expect(await earnedOf()).toEqual({ ...none, electives: 10 });
    const exception = {
      schoolId: ids.school,
      studentId: senior,
      requirement: 'algebra',
      kind: 'SUBSTITUTION',
      courseNumber: 'DANCE',
      reason: 'IEP',
    };
    const { grantDiplomaException: granted } = await service.data(people.counselor, grant, { input: exception });
    expect(await earnedOf()).toEqual({ ...none, algebra: 10 });
    expect((await auditOf()).requirements[1].exceptions).toEqual([
      { kind: 'SUBSTITUTION', courseNumber: 'DANCE', credits: null, why: 'IEP', recordedBy: { id: people.counselor.subject } },
    ]);
    const taken = { input: { exceptionId: granted.id, reason: 'wrong student' } };
    await service.data(people.counselor, withdraw, taken);
    expect((await service.data(people.counselor, withdraw, taken)).withdrawDiplomaException.withdrawn).toBe(true);
    expect(await earnedOf()).toEqual({ ...none, electives: 10 });
    const waiver = {
      schoolId: ids.school,
      studentId: senior,
      requirement: 'english',
      kind: 'WAIVER',
      credits: '15',
      reason: 'newcomer, AB 2121',
    };
    await service.data(people.counselor, grant, { input: waiver });
    expect((await auditOf()).requirements[0]).toMatchObject({ required: '5.000', missing: '5.000', met: false });
    await service.data(people.counselor, grant, { input: { ...waiver, credits: undefined } });
    expect((await auditOf()).requirements[0]).toMatchObject({ required: '0.000', met: true });
  });

  test('a correction of a record is in the audit at once', async () => {
    const recordId = await earn('course', 'A');
    await service.data(people.counselor, correct, { input: { recordId, mark: 'F', reason: 'wrong student' } });
    expect(await earnedOf()).toEqual(none);
    expect((await auditOf()).status).toBe('NOT_ON_TRACK');
  });
});

describe('the status', () => {
  test("is complete when all is earned, and on track while today's classes cover the rest", async () => {
    for (const course of ['course', 'geometry', 'english', 'dance']) await earn(course, 'A');
    await earn('english', 'A', { courseId: undefined, courseNumber: 'ENG2', courseTitle: 'English 2', subjects: ['English'] });
    expect(await auditOf()).toMatchObject({ status: 'NOT_ON_TRACK', classYear: 2027, missing: '10.000', plan: { name: 'Diploma' } });
    const section = {
      ...service.algebra,
      id: idOf('more algebra'),
      courseId: idOf('more'),
      students: [{ studentId: senior, begins: '2026-08-17', ends: null }],
    };
    await service.hear('scheduling', 'CourseChanged', {
      ...{
        id: idOf('more'),
        schoolId: null,
        number: 'ALG2',
        title: 'Algebra 2',
        credits: '10.000',
        subjects: [],
        subjectCodes: ['C'],
        repeatable: false,
      },
    });
    await service.hear('scheduling', 'SectionChanged', section);
    const taking = await auditOf();
    expect(taking).toMatchObject({ status: 'ON_TRACK', missing: '0.000' });
    expect(taking.requirements[2].inProgress).toEqual([{ courseNumber: 'ALG2', credits: '10.000' }]);
    await earn('more', 'B');
    expect(await auditOf()).toMatchObject({ status: 'COMPLETE' });
  });

  test('tells what courses asked for would cover, and refuses one that is not in the catalog', async () => {
    const { requirements, status } = await auditOf(people.counselor, [idOf('english'), idOf('dance')]);
    expect(requirements[0]).toMatchObject({ planned: [{ courseNumber: 'ENG', credits: '10.000' }], missing: '10.000' });
    expect(status).toBe('NOT_ON_TRACK');
    expect(await service.code(people.counselor, audit, { studentId: senior, planned: [idOf('no course')] })).toBe('COURSE_UNKNOWN');
  });

  test('follows the plan of the class, and a later plan is for later classes', async () => {
    await service.data(people.principal, setPlan, {
      input: {
        ...plan,
        schoolId: ids.school,
        classYear: 2028,
        name: 'New diploma',
        requirements: [{ key: 'all', name: 'All', credits: '200' }],
      },
    });
    const junior = idOf('a junior');
    await enroll(junior, '11');
    expect(await auditOf(people.counselor, [], junior)).toMatchObject({
      classYear: 2028,
      plan: { name: 'New diploma' },
      status: 'NOT_ON_TRACK',
    });
    expect(await auditOf()).toMatchObject({ classYear: 2027, plan: { name: 'Diploma' } });
    const graduate = idOf('who graduated before any plan');
    await service.hear('student', 'EnrollmentsChanged', {
      schoolId: ids.school,
      enrollments: [
        { id: idOf('of a graduate'), studentId: graduate, gradeLevel: '12', primary: true, begins: '2019-08-17', ends: '2020-06-10' },
      ],
    });
    expect(await service.code(people.counselor, audit, { studentId: graduate })).toBe('PLAN_MISSING');
    await service.sql('delete from diploma_plan where school_id is not null');
    const freshman = idOf('a freshman');
    await enroll(freshman, '09');
    expect(await auditOf(people.counselor, [], freshman)).toMatchObject({ classYear: 2030, status: 'ON_TRACK', missing: '60.000' });
  });
});

describe('who is not on track', () => {
  const list = `query ($schoolId: ID!, $gradeLevel: String, $first: Int, $after: String) {
    studentsNotOnTrack(schoolId: $schoolId, gradeLevel: $gradeLevel, first: $first, after: $after) {
      nodes { student { id } gradeLevel missing requirements } pageInfo { hasNextPage endCursor } } }`;

  interface Page {
    readonly nodes: { student: { id: string }; missing: string }[];
    readonly pageInfo: { hasNextPage: boolean; endCursor: string };
  }
  test('is listed with what is missing, page by page, as one audit after the other would say', async () => {
    const all: string[] = [];
    let after: string | null = null;
    do {
      const { nodes, pageInfo }: Page = (
        await service.data(people.counselor, list, { schoolId: ids.school, gradeLevel: '12', first: 3, after })
      ).studentsNotOnTrack;
      for (const { student, missing } of nodes) {
        all.push(student.id);
        expect(await auditOf(people.counselor, [], student.id)).toMatchObject({ status: 'NOT_ON_TRACK', missing });
      }
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    expect(all).toContain(senior);
    expect(new Set(all).size).toBe(all.length);
    const others = await service.sql<{ id: string }>(
      `select student_id as id from enrolled_student where grade_level = '12' and ends is null and not student_id = any ($1)`,
      [all],
    );
    for (const { id } of others) expect((await auditOf(people.counselor, [], id)).status).not.toBe('NOT_ON_TRACK');
    expect(await service.code(people.otherPrincipal, list, { schoolId: ids.school })).toBe('NOT_FOUND');
  });
});

describe('who may', () => {
  test('the office and the family see an audit; no teacher, no clerk, nobody else', async () => {
    await enroll(ids.ana);
    for (const viewer of [people.counselor, people.principal, people.administrator, people.parent, people.ana])
      expect((await auditOf(viewer, [], ids.ana)).student).toEqual({ id: ids.ana });
    for (const viewer of [people.teacher, people.clerk, people.vendor])
      expect(await service.code(viewer, audit, { studentId: ids.ana })).toBe('FORBIDDEN');
    for (const viewer of [people.otherPrincipal, people.otherParent])
      expect((await service.data(viewer, audit, { studentId: ids.ana })).graduationAudit).toBeNull();
    expect((await service.data(people.counselor, audit, { studentId: 'none' })).graduationAudit).toBeNull();
  });

  test.each([
    [people.counselor, { reason: ' ' }, 'REASON_REQUIRED'],
    [people.counselor, { requirement: 'chess' }, 'REQUIREMENT_UNKNOWN'],
    [people.counselor, { courseNumber: undefined }, 'EXCEPTION_INVALID'],
    [people.counselor, { credits: '5' }, 'EXCEPTION_INVALID'],
    [people.counselor, { kind: 'WAIVER' }, 'EXCEPTION_INVALID'],
    [people.counselor, { kind: 'WAIVER', courseNumber: undefined, credits: '0' }, 'EXCEPTION_INVALID'],
    [people.counselor, { studentId: idOf('stranger') }, 'NOT_FOUND'],
    [people.otherPrincipal, {}, 'NOT_FOUND'],
    [people.teacher, {}, 'FORBIDDEN'],
    [people.parent, {}, 'FORBIDDEN'],
  ])('an exception is refused, and nothing kept', async (viewer, odd, code) => {
    const input = {
      schoolId: ids.school,
      studentId: senior,
      requirement: 'algebra',
      kind: 'SUBSTITUTION',
      courseNumber: 'DANCE',
      reason: 'IEP',
    };
    expect(await service.code(viewer, grant, { input: { ...input, ...odd } })).toBe(code);
    expect(await service.sql('select from diploma_exception where student_id = $1', [senior])).toEqual([]);
  });

  test('a plan is set by who leads the place, and must be possible', async () => {
    expect(await service.code(people.principal, setPlan, { input: plan })).toBe('FORBIDDEN');
    expect(await service.code(people.principal, setPlan, { input: { ...plan, schoolId: ids.otherSchool } })).toBe('NOT_FOUND');
    expect(await service.code(people.counselor, setPlan, { input: plan })).toBe('FORBIDDEN');
    expect(await service.code(people.administrator, setPlan, { input: { ...plan, requirements: [] } })).toBe('PLAN_INVALID');
    const listed = `query ($schoolId: ID!) { diplomaPlans(schoolId: $schoolId) { name classYear school { id } requirements { name leastPoints } } }`;
    expect((await service.data(people.parent, listed, { schoolId: ids.school })).diplomaPlans).toMatchObject([
      { name: 'Diploma', classYear: 2026, school: null },
    ]);
  });
});
