import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { ids, idOf, newSaveId, openGrading, people, type Grading } from '../testing.ts';
import { pickUpPostings } from './pickup.ts';

const fields = `id courseNumber courseTitle session schoolYear part parts mark creditsAttempted creditsEarned points weightedPoints weighted pending
  source voided inGpa earnsCredit reason schoolName endedOn summer replaces { id mark source }`;
const transcript = `query ($studentId: ID!) { transcript(studentId: $studentId) {
  creditsAttempted creditsEarned gpa weightedGpa gpaShown weightedGpaShown student { id } records { ${fields} } } }`;
const transfer = `mutation ($input: RecordTransferCreditInput!) { recordTransferCredit(input: $input) { ${fields} } }`;
const correct = `mutation ($input: CorrectTranscriptRecordInput!) { correctTranscriptRecord(input: $input) { ${fields} } }`;
const setFinal = `mutation ($input: SetFinalPeriodsInput!) { setFinalPeriods(input: $input) { session summer gradingPeriod { id } } }`;

let service: Grading;
beforeAll(async () => {
  service = await openGrading();
  const course = { schoolId: null, number: 'ALG1', title: 'Algebra 1', credits: '10.000', subjects: ['Mathematics'], subjectCodes: ['C'] };
  await service.hear('scheduling', 'CourseChanged', { id: idOf('course'), ...course, repeatable: false });
  for (const [name, id] of Object.entries({ Ana: ids.ana, Ben: ids.ben, Cho: ids.cho, Dee: ids.dee }))
    await enroll(name, id, ids.school, null);
  await service.sql(
    `insert into grading_window (grading_period_id, opens_at, closes_at) select id, '2026-08-01Z', '2027-07-10Z' from grading_period`,
  );
});
afterAll(() => service.close());

const enroll = (name: string, studentId: string, schoolId: string, ends: string | null, begins = '2026-08-17', gradeLevel = '12') =>
  service.hear('student', 'EnrollmentsChanged', {
    schoolId,
    enrollments: [{ id: idOf(`${name} at ${schoolId}`), studentId, gradeLevel, primary: true, begins, ends }],
  });

/** Until all that was saved is taken up: what other transactions of the machine still run holds it up for a moment. */
const pickUp = async () => {
  const behind = 'select from transcript_pickup where tx < (select max(tx) from save where tx < pg_current_xact_id()::text::bigint)';
  for (let more = true; more;) {
    more = await service.database.bulk(({ query }) => pickUpPostings(query));
    if (!more) more = (await service.sql(behind)).length > 0;
  }
};
const save = (cells: object[], gradingPeriodId: string, sectionId = ids.algebra, viewer = people.teacher, reason?: string) =>
  service.data(viewer, `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome code revision } } }`, {
    input: { saveId: newSaveId(), sectionId, gradingPeriodId, cells, reason },
  });
const post = (cells: object[], gradingPeriodId: string, sectionId = ids.algebra, viewer = people.teacher, reason?: string) =>
  service.data(viewer, `mutation ($input: PostMarksInput!) { postMarks(input: $input) { rows { outcome code } } }`, {
    input: { saveId: newSaveId(), sectionId, gradingPeriodId, cells, reason },
  });
/** Gives and posts a mark in the state that it is in. */
async function give(studentId: string, value: string, gradingPeriodId = ids.winter, viewer = people.teacher, reason?: string) {
  const [mark] = await service.sql('select revision from mark where student_id = $1 and grading_period_id = $2', [
    studentId,
    gradingPeriodId,
  ]);
  const baseRevision = mark?.revision ?? 0;
  await save([{ studentId, value, baseRevision }], gradingPeriodId, ids.algebra, viewer, reason);
  const posted = await post([{ studentId, baseRevision: baseRevision + 1 }], gradingPeriodId, ids.algebra, viewer, reason);
  expect(posted.postMarks.rows).toEqual([{ outcome: 'SAVED', code: null }]);
}
const transcriptOf = async (studentId: string, viewer: Viewer = people.counselor) =>
  (await service.data(viewer, transcript, { studentId })).transcript;
const recordsOf = async (studentId: string) => (await transcriptOf(studentId)).records;

describe('records are made of what was posted', () => {
  test('only of final marks; once each, however often the pickup runs; also of what was posted before the period was called final', async () => {
    await give(ids.ana, 'B', ids.fall);
    await give(ids.ana, 'A');
    await pickUp();
    expect(await recordsOf(ids.ana)).toEqual([]);
    const periods = [{ gradingPeriodId: ids.winter, session: 'Fall 2026' }];
    const { setFinalPeriods } = await service.data(people.administrator, setFinal, { input: { schoolYear: 2027, periods } });
    expect(setFinalPeriods).toEqual([{ session: 'Fall 2026', summer: false, gradingPeriod: { id: ids.winter } }]);
    await Promise.all([pickUp(), pickUp(), pickUp()]);
    await pickUp();
    expect(await recordsOf(ids.ana)).toMatchObject([
      {
        ...{ courseNumber: 'ALG1', courseTitle: 'Algebra 1', session: 'Fall 2026', schoolYear: 2027, part: 1, parts: 1, mark: 'A' },
        ...{
          creditsAttempted: '10.000',
          creditsEarned: '10.000',
          points: '4.00',
          weighted: false,
          source: 'POSTED',
          endedOn: '2026-12-18',
        },
        ...{ inGpa: true, earnsCredit: true, reason: null, replaces: null },
      },
    ]);
    expect(await transcriptOf(ids.ana)).toMatchObject({ creditsEarned: '10.000', gpa: '4.0000', weightedGpa: '4.0000', gpaShown: '4.00' });
  });

  test('a draft makes none; a changed mark makes a correction that tells the reason, and the first record stays as it was', async () => {
    await save([{ studentId: ids.ana, value: 'C', baseRevision: 2 }], ids.winter);
    await pickUp();
    expect(await recordsOf(ids.ana)).toMatchObject([{ mark: 'A' }]);
    await post([{ studentId: ids.ana, baseRevision: 3 }], ids.winter, ids.algebra, people.principal, 'scored with the wrong key');
    await pickUp();
    await pickUp();
    const [record, ...more] = await recordsOf(ids.ana);
    expect(more).toEqual([]);
    expect(record).toMatchObject({ mark: 'C', source: 'CORRECTION', replaces: { mark: 'A', source: 'POSTED' }, points: '2.00' });
    expect(record.reason).toContain('scored with the wrong key');
    expect(await transcriptOf(ids.ana)).toMatchObject({ gpa: '2.0000' });
  });

  test('a mark of a section whose course is not known waits for it', async () => {
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, courseId: idOf('not told yet') });
    await give(ids.ben, 'B');
    await pickUp();
    expect(await recordsOf(ids.ben)).toEqual([]);
    await service.hear('scheduling', 'SectionChanged', service.algebra);
    await pickUp();
    expect(await recordsOf(ids.ben)).toMatchObject([{ mark: 'B' }]);
  });

  test('what the catalog says later of the course changes no record', async () => {
    const course = {
      schoolId: null,
      number: 'X',
      title: 'Another title',
      credits: '1.000',
      subjects: [],
      subjectCodes: [],
      repeatable: true,
    };
    const before = await recordsOf(ids.ben);
    await service.hear('scheduling', 'CourseChanged', { id: idOf('course'), ...course });
    await pickUp();
    expect(await recordsOf(ids.ben)).toEqual(before);
  });

  test('a record is never changed or taken away, by whomever', async () => {
    await expect(service.sql(`update transcript_record set mark = 'A'`)).rejects.toThrow('never changed');
    await expect(service.sql('delete from transcript_record')).rejects.toThrow('never changed');
    await expect(service.sql('truncate transcript_record cascade')).rejects.toThrow();
  });
});

describe('corrections by the office', () => {
  const input = async (more: object = {}) => ({
    input: { recordId: (await recordsOf(ids.ben))[0].id, mark: 'A', reason: 'paper grade book', ...more },
  });

  test('a correction is corrected in its turn, all of them stay, and the last one counts', async () => {
    const first = await input();
    const { correctTranscriptRecord: better } = await service.data(people.counselor, correct, first);
    expect(better).toMatchObject({
      mark: 'A',
      source: 'CORRECTION',
      reason: 'paper grade book',
      creditsEarned: '10.000',
      replaces: { mark: 'B' },
    });
    expect(await service.code(people.counselor, correct, first)).toBe('ALREADY_CORRECTED');
    await service.data(people.principal, correct, await input({ mark: 'C', credits: '7.5', reason: 'read again' }));
    expect(await recordsOf(ids.ben)).toMatchObject([{ mark: 'C', creditsEarned: '7.500', replaces: { id: better.id } }]);
    expect(await service.sql('select mark from transcript_record where student_id = $1 order by id', [ids.ben])).toEqual([
      ...[{ mark: 'B' }, { mark: 'A' }, { mark: 'C' }],
    ]);
  });

  test('of two corrections at the same moment one is written', async () => {
    const { recordId } = (await input()).input;
    const at = (mark: string) => service.ask(people.counselor, correct, { input: { recordId, mark, reason: 'at once' } });
    const both = await Promise.all([at('A'), at('D')]);
    expect(both.map(({ errors }) => errors?.[0]!.extensions['code'] ?? 'written').sort()).toEqual(['ALREADY_CORRECTED', 'written']);
  });

  test('a record that ought not to be there is taken away, with who and why, and can be brought back', async () => {
    const { correctTranscriptRecord: gone } = await service.data(people.counselor, correct, await input({ mark: undefined, voided: true }));
    expect(await recordsOf(ids.ben)).toEqual([]);
    expect(gone).toMatchObject({ voided: true, inGpa: false, earnsCredit: false });
    await service.data(people.counselor, correct, { input: { recordId: gone.id, voided: false, reason: 'it was right' } });
    expect(await recordsOf(ids.ben)).toHaveLength(1);
  });

  test.each([
    [{ reason: ' ' }, people.counselor, 'REASON_REQUIRED'],
    [{ credits: '-1' }, people.counselor, 'CREDITS_INVALID'],
    [{ mark: 'Q' }, people.counselor, 'MARK_WITHOUT_MEANING'],
    [{ mark: undefined }, people.counselor, 'NOTHING_CHANGED'],
    [{ recordId: 'none' }, people.counselor, 'NOT_FOUND'],
    [{}, people.otherPrincipal, 'NOT_FOUND'],
    [{}, people.teacher, 'FORBIDDEN'],
    [{}, people.clerk, 'FORBIDDEN'],
    [{}, people.parent, 'FORBIDDEN'],
  ])('%j is refused', async (odd, viewer, code) => {
    const before = await recordsOf(ids.ben);
    expect(await service.code(viewer, correct, await input(odd))).toBe(code);
    expect(await recordsOf(ids.ben)).toEqual(before);
  });
});

describe('transfer credit', () => {
  const credit = (more: object = {}) => ({
    input: {
      ...{ schoolId: ids.school, studentId: ids.cho, fromSchool: 'Lincoln High, Ohio', schoolYear: 2026, session: 'Spring 2026' },
      ...{
        endedOn: '2026-06-05',
        courseTitle: 'World History',
        subjects: ['Social Science'],
        subjectCodes: ['A'],
        mark: 'B',
        credits: '5',
      },
      ...{ reason: 'transcript of 12 June', ...more },
    },
  });

  test('counts like what was earned here, and says where it comes from', async () => {
    const { recordTransferCredit: record } = await service.data(people.counselor, transfer, credit());
    expect(record).toMatchObject({
      ...{ schoolName: 'Lincoln High, Ohio', source: 'TRANSFER', mark: 'B', points: '3.00', creditsEarned: '5.000' },
      ...{ reason: 'transcript of 12 June', courseNumber: null },
    });
    expect(await transcriptOf(ids.cho)).toMatchObject({ creditsEarned: '5.000', gpa: '3.0000' });
    const { recordTransferCredit: known } = await service.data(
      people.counselor,
      transfer,
      credit({ courseId: idOf('course'), courseTitle: undefined, subjects: undefined, subjectCodes: undefined }),
    );
    expect(known).toMatchObject({ courseNumber: 'X', courseTitle: 'Another title' });
  });

  test.each([
    [{ reason: '' }, 'REASON_REQUIRED'],
    [{ credits: '0' }, 'CREDITS_INVALID'],
    [{ credits: 'five' }, 'CREDITS_INVALID'],
    [{ mark: 'Q' }, 'MARK_WITHOUT_MEANING'],
    [{ courseTitle: ' ' }, 'COURSE_INVALID'],
    [{ courseId: idOf('no course') }, 'COURSE_INVALID'],
    [{ session: '' }, 'COURSE_INVALID'],
    [{ studentId: idOf('nobody') }, 'NOT_FOUND'],
    [{ schoolId: ids.otherSchool }, 'NOT_FOUND'],
  ])('%j is refused, and nothing is written', async (odd, code) => {
    const before = await recordsOf(ids.cho);
    expect(await service.code(people.counselor, transfer, credit(odd))).toBe(code);
    expect(await recordsOf(ids.cho)).toEqual(before);
  });
});

describe('who sees a transcript', () => {
  test('the office of the school, the student and the family; no teacher, no clerk, nobody else', async () => {
    for (const viewer of [people.counselor, people.principal, people.administrator, people.parent, people.ana])
      expect((await transcriptOf(ids.ana, viewer)).records).toHaveLength(1);
    for (const viewer of [people.teacher, people.clerk, people.vendor])
      expect(await service.code(viewer, transcript, { studentId: ids.ana })).toBe('FORBIDDEN');
    for (const viewer of [people.otherPrincipal, people.otherParent])
      expect((await service.ask(viewer, transcript, { studentId: ids.ana })).data?.['transcript'] ?? null).toBeNull();
  });

  test('who moves keeps one history: the new school sees all of it, the old one no longer asks for it', async () => {
    await service.sql(`update enrolled_student set ends = '2026-10-01' where student_id = $1`, [ids.ana]);
    await enroll('Ana', ids.ana, ids.otherSchool, null, '2026-10-01');
    expect((await transcriptOf(ids.ana, people.otherPrincipal)).records).toMatchObject([{ mark: 'C', schoolName: 'a school' }]);
    expect((await service.ask(people.counselor, transcript, { studentId: ids.ana })).data?.['transcript'] ?? null).toBeNull();
    // Which school gave it corrects it.
    const { id } = (await transcriptOf(ids.ana, people.otherPrincipal)).records[0];
    const change = { input: { recordId: id, mark: 'A', reason: 'better' } };
    expect(await service.code(people.otherPrincipal, correct, change)).toBe('NOT_FOUND');
    await service.sql(`update enrolled_student set ends = '2026-11-01' where student_id = $1 and ends is null`, [ids.ana]);
    expect((await transcriptOf(ids.ana, people.otherPrincipal)).records).toHaveLength(1);
  });

  test('the database by itself shows a school only its own records and those of its students', async () => {
    const alone = await service.database.transaction(people.otherPrincipal, null, ({ query }) =>
      query<{ student_id: string }>('select distinct student_id from transcript_record'),
    );
    expect(alone).toEqual([{ student_id: ids.ana }]);
    const family = await service.database.transaction(people.otherParent, null, ({ query }) =>
      query<{ student_id: string }>('select distinct student_id from transcript_record'),
    );
    expect(family).toEqual([{ student_id: ids.ben }]);
  });
});

describe('a class', () => {
  const ranks = `query ($schoolId: ID!, $on: Date, $first: Int, $after: String, $weighted: Boolean) {
    classRanks(schoolId: $schoolId, gradeLevel: "12", on: $on, first: $first, after: $after, weighted: $weighted) {
      nodes { place of gpa student { id } } pageInfo { endCursor hasNextPage } } }`;

  test('is ranked on a day, by pages, by what had been earned by then', async () => {
    const credit = (studentId: string, mark: string, endedOn: string, session = endedOn) =>
      service.data(people.counselor, transfer, {
        input: {
          ...{ schoolId: ids.school, studentId, fromSchool: 'elsewhere', schoolYear: 2026, session, endedOn },
          ...{ courseTitle: `${mark} ${endedOn}`, mark, credits: '100', reason: 'ranked' },
        },
      });
    for (const [n, mark] of ['A', 'B', 'B', 'C'].entries()) {
      await enroll(`student ${n}`, idOf(`student ${n}`), ids.school, null);
      await credit(idOf(`student ${n}`), mark, '2025-12-19');
    }
    await credit(idOf('student 3'), 'A', '2026-11-19');
    const places = async (on: string) => {
      const { nodes } = (await service.data(people.counselor, ranks, { schoolId: ids.school, on })).classRanks;
      return nodes.map(({ place, gpa }: { place: number; gpa: string }) => [place, gpa]);
    };
    expect(await places('2026-09-01')).toEqual([
      ...[
        [1, '4.0000'],
        [2, '3.0000'],
        [2, '3.0000'],
        [2, '3.0000'],
        [5, '2.0000'],
      ],
    ]);
    const page = async (after: string | null) =>
      (await service.data(people.counselor, ranks, { schoolId: ids.school, on: '2026-11-20', first: 2, after })).classRanks;
    const one = await page(null);
    const two = await page(one.pageInfo.endCursor);
    const three = await page(two.pageInfo.endCursor);
    const all = [...one.nodes, ...two.nodes, ...three.nodes];
    expect(all.map(({ place }) => place)).toEqual([1, 2, 2, 2, 2]);
    expect(new Set(all.map(({ student }) => student.id)).size).toBe(5);
    expect([all[0].of, three.pageInfo.hasNextPage]).toEqual([5, false]);
    expect(await service.code(people.otherPrincipal, ranks, { schoolId: ids.school })).toBe('NOT_FOUND');
  });

  test('has lists by rules that are data', async () => {
    const listed = `query ($schoolId: ID!, $list: String!, $schoolYear: Int, $session: String, $first: Int, $after: String) {
      studentsOnList(schoolId: $schoolId, list: $list, schoolYear: $schoolYear, session: $session, first: $first, after: $after) {
        nodes { student { id } gpa creditsEarned } pageInfo { hasNextPage endCursor } } }`;
    const which = { schoolId: ids.school, list: 'Honor roll', schoolYear: 2026, session: '2025-12-19' };
    const { studentsOnList } = await service.data(people.counselor, listed, which);
    expect(studentsOnList.nodes).toEqual([{ student: { id: idOf('student 0') }, gpa: '4.0000', creditsEarned: '100.000' }]);
    const athletics = { ...which, list: 'Athletics', first: 3 };
    const first = (await service.data(people.counselor, listed, athletics)).studentsOnList;
    const rest = (await service.data(people.counselor, listed, { ...athletics, after: first.pageInfo.endCursor })).studentsOnList;
    expect([first.nodes.length, first.pageInfo.hasNextPage, rest.nodes.length, rest.pageInfo.hasNextPage]).toEqual([3, true, 1, false]);
    expect(await service.code(people.counselor, listed, { ...which, list: 'none' })).toBe('LIST_UNKNOWN');
    expect(await service.code(people.counselor, listed, { ...which, session: undefined })).toBe('SESSION_REQUIRED');
  });
});

describe('the sweep', () => {
  const faults = `query ($schoolId: ID!, $first: Int, $after: String) { transcriptFaults(schoolId: $schoolId, first: $first, after: $after) {
    nodes { kind message session student { id } } pageInfo { endCursor } } }`;
  const found = async () => (await service.data(people.counselor, faults, { schoolId: ids.school })).transcriptFaults.nodes;

  test('finds nothing, and each kind of planted fault', async () => {
    expect(await found()).toEqual([]);
    const plant = (n: number, more: object) =>
      service.sql(
        `insert into transcript_record (student_id, school_id, school_name, school_year, session, ended_on, summer, course_title, subjects,
           subject_codes, part, parts, repeatable, mark, credits_attempted, credits_earned, points, weighted_points, weighted, pending, source, section_id)
         select $1, $2, 'a school', 2027, 'Fall', '2026-12-18', false, coalesce(x.title, 'Course ' || n), '{}', '{}', 1, 1, false,
           coalesce(x.mark, 'A'), coalesce(x.credits, 5), 0, 4, 4, false, false, 'POSTED', x.section
         from generate_series(1, $3::int) n, jsonb_to_record($4) x (title text, mark text, credits numeric, section uuid)`,
        [ids.dee, ids.school, n, JSON.stringify(more)],
      );
    await plant(14, {});
    await plant(2, { title: 'Twice' });
    await plant(1, { title: 'Odd', mark: 'Q' });
    await plant(1, { title: 'Nothing', credits: 0 });
    await plant(1, { title: 'Ghost', section: ids.otherSection });
    await service.sql(
      `insert into posting (save_id, school_id, section_id, grading_period_id, posted_at, posted_by, mark_ids, student_ids, revisions,
           cell_values, efforts, conducts, comment_codes, comments)
         values (uuidv7(), $1, $2, $4, now(), $3, array[uuidv7()], array[$3::uuid], '{2}', '{A}', '{null}', '{null}', '{""}', '{null}')`,
      [ids.school, ids.algebra, ids.dee, ids.winter],
    );
    const kinds = (await found()).map(({ kind }: { kind: string }) => kind);
    expect(new Set(kinds)).toEqual(
      new Set([
        ...['TOO_MANY_CLASSES', 'SAME_COURSE_TWICE', 'MARK_WITHOUT_MEANING', 'COURSE_WITHOUT_CREDITS', 'NEVER_IN_SECTION'],
        'OTHER_THAN_POSTED',
      ]),
    );
    const { pageInfo, nodes } = (await service.data(people.counselor, faults, { schoolId: ids.school, first: 2 })).transcriptFaults;
    const rest = (await service.data(people.counselor, faults, { schoolId: ids.school, after: pageInfo.endCursor })).transcriptFaults.nodes;
    expect([...nodes, ...rest]).toEqual(await found());
  });
});

describe('policies', () => {
  const set = `mutation ($input: SetTranscriptPolicyInput!) { setTranscriptPolicy(input: $input) { school { id } repeats marks { mark points } lists { name } } }`;
  const policy = (more: object = {}) => ({
    input: {
      ...{ schoolId: ids.school, marks: [{ mark: 'A', points: '5', attempts: true, earns: true }], weightedCodes: [], weightBonus: '0' },
      ...{ weightFrom: '0', repeats: 'LATEST', mostAtOnce: 8, lists: [], ...more },
    },
  });

  test("are the district's until a school has its own, and change no record", async () => {
    const before = await recordsOf(ids.ben);
    const ask = `query ($schoolId: ID!) { transcriptPolicy(schoolId: $schoolId) { school { id } repeats mostAtOnce weightBonus } }`;
    expect((await service.data(people.parent, ask, { schoolId: ids.school })).transcriptPolicy).toMatchObject({
      school: null,
      repeats: 'BEST',
    });
    await service.data(people.principal, set, policy());
    expect((await service.data(people.parent, ask, { schoolId: ids.school })).transcriptPolicy).toMatchObject({
      school: { id: ids.school },
      repeats: 'LATEST',
    });
    expect((await service.data(people.parent, ask, { schoolId: ids.otherSchool })).transcriptPolicy.school).toBeNull();
    expect((await recordsOf(ids.ben))[0].points).toBe(before[0].points);
    await service.sql('delete from transcript_policy where school_id is not null');
  });

  test('are set by who leads the place, and must be possible', async () => {
    expect(await service.code(people.principal, set, policy({ schoolId: null }))).toBe('FORBIDDEN');
    expect(await service.code(people.principal, set, policy({ schoolId: ids.otherSchool }))).toBe('NOT_FOUND');
    expect(await service.code(people.counselor, set, policy())).toBe('FORBIDDEN');
    expect(await service.code(people.principal, set, policy({ marks: [] }))).toBe('POLICY_INVALID');
    const final = (more: object) => ({
      input: { schoolId: ids.school, schoolYear: 2027, periods: [{ gradingPeriodId: ids.winter, session: 'F' }], ...more },
    });
    expect(await service.code(people.principal, setFinal, final({ schoolYear: 2026 }))).toBe('GRADING_PERIOD_UNKNOWN');
    expect(await service.code(people.principal, setFinal, final({ periods: [{ gradingPeriodId: ids.winter, session: ' ' }] }))).toBe(
      'SESSION_INVALID',
    );
    expect(await service.code(people.principal, setFinal, final({ schoolId: null }))).toBe('FORBIDDEN');
  });
});
