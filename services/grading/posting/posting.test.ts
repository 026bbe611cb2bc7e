import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemViewer, type Viewer } from '@rollbook/school';
import type { Transaction } from '@rollbook/subgraph';
import { setTimeout as pause } from 'node:timers/promises';
import { idOf, ids, newSaveId, openGrading, people, type Grading } from '../testing.ts';
import { freezeCalculations } from './freeze.ts';

let service: Grading;
beforeAll(async () => {
  service = await openGrading();
});
beforeEach(async () => {
  service.clock.now = new Date('2026-10-05T17:00:00Z');
  for (const table of ['mark', 'grading_window', 'mark_form', 'mark_verification'])
    await service.sql(`delete from ${table}${table === 'mark_form' ? ' where school_id is not null' : ''}`);
  await service.sql(`insert into grading_window (grading_period_id, opens_at, closes_at) values ($1, '2026-10-01Z', '2026-10-10Z')`, [ids.fall]); // prettier-ignore
  await service.hear('scheduling', 'SectionChanged', service.algebra);
});
afterAll(() => service.close());

const place = { sectionId: ids.algebra, gradingPeriodId: ids.fall };
const saveDocument = `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { replayed rows { outcome revision code message
  current { value effort conduct commentCodes } } } }`;
const postDocument = `mutation ($input: PostMarksInput!) { postMarks(input: $input) { rows { outcome revision code } } }`;
const save = async (cells: object[], viewer: Viewer = people.teacher, more: object = {}) =>
  (await service.data(viewer, saveDocument, { input: { saveId: newSaveId(), ...place, cells, ...more } })).saveMarks.rows;
const post = async (cells: object[], viewer: Viewer = people.teacher, more: object = {}) =>
  (await service.data(viewer, postDocument, { input: { saveId: newSaveId(), ...place, cells, ...more } })).postMarks.rows;
const cell = (studentId: string, value: string | null, baseRevision = 0, more: object = {}) => ({
  studentId,
  value,
  baseRevision,
  ...more,
});
const seen = (studentId: string, baseRevision: number) => ({ studentId, baseRevision });
const stored = async (student = ids.ana) =>
  (
    await service.sql('select value, effort, conduct, comment_codes, comment, status, revision from mark where student_id = $1', [student])
  )[0];
const everybody = [ids.ana, ids.ben, ids.cho];
/** Everybody has a posted A. */
async function postAll(): Promise<void> {
  await save(everybody.map((id) => cell(id, 'A')));
  await post(everybody.map((id) => seen(id, 1)));
}

describe('effort, conduct and comment codes are saved as marks are', () => {
  test('with the mark; who says nothing of them leaves them, null clears them', async () => {
    const more = { effort: 'E', conduct: 'S', commentCodes: ['E02', 'N01'] };
    expect(await save([cell(ids.ana, 'A', 0, more)])).toMatchObject([{ outcome: 'SAVED' }]);
    await save([cell(ids.ana, 'B', 1)]);
    expect(await stored()).toMatchObject({ value: 'B', effort: 'E', conduct: 'S', comment_codes: ['E02', 'N01'] });
    await save([cell(ids.ana, 'B', 2, { effort: null, commentCodes: null })]);
    expect(await stored()).toMatchObject({ effort: null, conduct: 'S', comment_codes: [], revision: 3 });
  });

  test.each([
    [{ effort: 'Q' }, 'EFFORT_NOT_ON_SCALE'],
    [{ effort: '' }, 'EFFORT_NOT_ON_SCALE'],
    [{ conduct: 'A' }, 'CONDUCT_NOT_ON_SCALE'],
    [{ commentCodes: ['Z99'] }, 'COMMENT_CODE_UNKNOWN'],
    [{ commentCodes: ['E01,E02'] }, 'COMMENT_CODE_UNKNOWN'],
    [{ commentCodes: ['E01', 'E01'] }, 'COMMENT_CODE_TWICE'],
    [{ commentCodes: ['E01', 'E02', 'E03', 'N01', 'N02'] }, 'TOO_MANY_COMMENT_CODES'],
    [{ comment: 'x'.repeat(256 * 1024) }, 'COMMENT_TOO_LONG'],
  ])('%j is refused alone, and the cell beside it is saved', async (odd, code) => {
    const rows = await save([cell(ids.ana, 'A', 0, odd), cell(ids.ben, 'B')]);
    expect(rows).toMatchObject([{ outcome: 'REFUSED', code, message: expect.stringMatching(/\w{3}/) }, { outcome: 'SAVED' }]);
    expect(await stored()).toBeUndefined();
  });

  test('markup in a comment is a text like any other, kept as it was typed', async () => {
    const comment = '<b onclick="x()">#strong[*A*] & $1</b>';
    await save([cell(ids.ana, 'A', 0, { comment })]);
    expect(await stored()).toMatchObject({ comment });
  });

  test('a save of before there were such things is still the same save when it is sent again', async () => {
    // What the fingerprint was made of then: student, revision, value, comment.
    const saveId = newSaveId();
    const input = { saveId, ...place, cells: [cell(ids.ana, 'A')] };
    await service.data(people.teacher, saveDocument, { input });
    const { createHash } = await import('node:crypto');
    const asked = ['MARKS', ids.algebra, ids.fall, null, [[ids.ana, 0, 'A', null]]];
    const content = createHash('sha256').update(JSON.stringify(asked)).digest();
    expect(await service.sql('select content from save where id = $1', [saveId])).toEqual([{ content }]);
  });

  test('a conflict keeps what was said of them on both sides, and keeping mine saves it', async () => {
    await save([cell(ids.ana, 'A', 0, { effort: 'E' })]);
    const [row] = await save([cell(ids.ana, 'A', 0, { effort: 'U', commentCodes: ['C02'] })], people.coTeacher);
    expect(row).toMatchObject({ outcome: 'CONFLICT', current: { effort: 'E', commentCodes: [] } });
    const list = `query ($s: ID!) { conflicts(sectionId: $s, first: 1) { nodes { id effort conduct commentCodes foundEffort foundCommentCodes } } }`;
    const [conflict] = (await service.data(people.teacher, list, { s: ids.algebra })).conflicts.nodes;
    expect(conflict).toMatchObject({ effort: 'U', conduct: null, commentCodes: ['C02'], foundEffort: 'E', foundCommentCodes: [] });
    const resolve = `mutation ($input: ResolveConflictInput!) { resolveConflict(input: $input) { outcome } }`;
    const input = { saveId: newSaveId(), conflictId: conflict.id, resolution: 'KEEP_MINE', baseRevision: 1 };
    expect((await service.data(people.coTeacher, resolve, { input })).resolveConflict).toEqual({ outcome: 'SAVED' });
    expect(await stored()).toMatchObject({ value: 'A', effort: 'U', comment_codes: ['C02'], revision: 2 });
  });

  test('a mark that differs in effort alone is no repetition', async () => {
    await save([cell(ids.ana, 'A', 0, { effort: 'E' })]);
    expect(await save([cell(ids.ana, 'A', 0, { effort: 'E' })])).toMatchObject([{ outcome: 'SAVED', revision: 1 }]);
    expect(await save([cell(ids.ana, 'A', 0)])).toMatchObject([{ outcome: 'SAVED', revision: 1 }]);
    expect(await save([cell(ids.ana, 'A', 0, { effort: 'S' })])).toMatchObject([{ outcome: 'CONFLICT' }]);
  });

  test('the history of a mark tells them, version by version', async () => {
    await service.sql(`insert into grading_window (grading_period_id, opens_at, closes_at) values ($1, '2026-10-01Z', '2026-10-10Z')`, [ids.winter]); // prettier-ignore
    const winter = { gradingPeriodId: ids.winter };
    await save([cell(ids.ana, 'A', 0, { effort: 'E', commentCodes: ['E01'] })], people.teacher, winter);
    await save([cell(ids.ana, 'B', 1, { conduct: 'U', commentCodes: [] })], people.teacher, winter);
    await post([seen(ids.ana, 2)], people.teacher, winter);
    const read = `query ($s: ID!, $student: ID!, $p: ID!) { markHistory(sectionId: $s, studentId: $student, gradingPeriodId: $p) { value effort conduct commentCodes status } }`;
    const { markHistory } = await service.data(people.teacher, read, { s: ids.algebra, student: ids.ana, p: ids.winter });
    expect(markHistory).toEqual([
      { value: 'A', effort: 'E', conduct: null, commentCodes: ['E01'], status: 'DRAFT' },
      { value: 'B', effort: 'E', conduct: 'U', commentCodes: [], status: 'DRAFT' },
      { value: 'B', effort: 'E', conduct: 'U', commentCodes: [], status: 'POSTED' },
    ]);
  });
});

describe('which of them a school asks for is data', () => {
  const setForm = `mutation ($input: SetMarkFormInput!) { setMarkForm(input: $input) { types required mostCodes } }`;
  const elementary = {
    schoolId: ids.school,
    types: ['EFFORT', 'COMMENT_CODES'],
    required: ['EFFORT'],
    effortValues: ['4', '3', '2', '1'],
    mostCodes: 2,
  };

  test('what is not on the form is refused, and effort alone can be posted where effort is what is required', async () => {
    await service.data(people.principal, setForm, { input: elementary });
    expect(await save([cell(ids.ana, 'A', 0, { effort: '4' })])).toMatchObject([{ code: 'TYPE_NOT_USED' }]);
    expect(await save([cell(ids.ana, null, 0, { effort: 'E' })])).toMatchObject([{ code: 'EFFORT_NOT_ON_SCALE' }]);
    await save([cell(ids.ana, null, 0, { effort: '4' }), cell(ids.ben, null, 0, { commentCodes: ['E01'] })]);
    expect(await post([seen(ids.ana, 1), seen(ids.ben, 1)])).toMatchObject([{ outcome: 'SAVED' }, { code: 'NOTHING_TO_POST' }]);
  });

  test('of a grading period counts before that of all, and of the school before the district', async () => {
    await service.data(people.principal, setForm, { input: elementary });
    const progress = {
      schoolId: ids.school,
      gradingPeriodId: ids.fall,
      types: ['COMMENT_CODES'],
      required: ['COMMENT_CODES'],
      mostCodes: 3,
    };
    await service.data(people.principal, setForm, { input: progress });
    const read = `query ($s: ID!, $p: ID) { markForm(schoolId: $s, gradingPeriodId: $p) { types required effortValues mostCodes } }`;
    const form = async (s: string, p: string | null = null) => (await service.data(people.parent, read, { s, p })).markForm;
    expect(await form(ids.school, ids.fall)).toMatchObject({ types: ['COMMENT_CODES'] });
    expect(await form(ids.school, ids.winter)).toMatchObject({ types: ['EFFORT', 'COMMENT_CODES'] });
    expect(await form(ids.otherSchool)).toMatchObject({ required: ['MARK'], effortValues: ['E', 'S', 'U'] });
    expect(await save([cell(ids.ana, null, 0, { commentCodes: ['E01'] })])).toMatchObject([{ outcome: 'SAVED' }]);
    expect(await post([seen(ids.ana, 1)])).toMatchObject([{ outcome: 'SAVED' }]);
  });

  test.each([
    [people.principal, { schoolId: undefined }, 'FORBIDDEN'],
    [people.otherPrincipal, {}, 'NOT_FOUND'],
    [people.teacher, {}, 'FORBIDDEN'],
    [people.principal, { required: ['MARK'] }, 'FORM_INVALID'],
    [people.principal, { required: [] }, 'FORM_INVALID'],
    [people.principal, { effortValues: [] }, 'FORM_INVALID'],
    [people.principal, { effortValues: ['4', '4'] }, 'SCALE_INVALID'],
    [people.principal, { mostCodes: 21 }, 'FORM_INVALID'],
    [people.principal, { gradingPeriodId: ids.ana }, 'GRADING_PERIOD_UNKNOWN'],
  ])('a form that is wrong, or not theirs to set, is refused by name (%#)', async (viewer, odd, code) => {
    expect(await service.code(viewer, setForm, { input: { ...elementary, ...odd } })).toBe(code);
  });
});

describe('comments by code are translated by people', () => {
  const read = async (language: string | null) => {
    const [{ id }] = (await service.sql<{ id: string }>('select id from mark where student_id = $1', [ids.ana])) as [{ id: string }];
    const query = `query ($id: ID!, $l: String) { mark(id: $id) { chosenComments(language: $l) { code text { language text translated } } } }`;
    return (await service.data(people.teacher, query, { id, l: language })).mark.chosenComments;
  };
  const set = `mutation ($input: SetCommentCodeInput!) { setCommentCode(input: $input) { id code texts { language text } withdrawnOn } }`;

  test.each(['en', 'es', 'hy', 'ko', 'fa'])('every code that a district begins with has a text in %s', async (language) => {
    const list = `query ($s: ID!, $l: String) { commentCodes(schoolId: $s) { nodes { code text(language: $l) { language text translated } } } }`;
    const { nodes } = (await service.data(people.parent, list, { s: ids.school, l: language })).commentCodes;
    expect(nodes.length).toBeGreaterThanOrEqual(10);
    for (const { text } of nodes) expect(text).toMatchObject({ language, translated: true });
  });

  test('a missing translation is told as it was written, and that it is not translated', async () => {
    const texts = [
      { language: 'en', text: 'Plays the cello beautifully' },
      { language: 'es', text: 'Toca muy bien el violonchelo' },
    ];
    await service.data(people.principal, set, { input: { schoolId: ids.school, code: 'M01', texts } });
    await save([cell(ids.ana, 'A', 0, { commentCodes: ['M01'] })]);
    expect(await read('es-MX')).toEqual([
      { code: 'M01', text: { language: 'es', text: 'Toca muy bien el violonchelo', translated: true } },
    ]);
    expect(await read('ko')).toEqual([{ code: 'M01', text: { language: 'en', text: 'Plays the cello beautifully', translated: false } }]);
    expect(await read(null)).toMatchObject([{ text: { language: 'en', translated: true } }]);
  });

  test('a code that was withdrawn is chosen no more, and read where it stands', async () => {
    const input = { schoolId: ids.school, code: 'M02', texts: [{ language: 'en', text: 'Sings' }] };
    await service.data(people.principal, set, { input });
    await save([cell(ids.ana, 'A', 0, { commentCodes: ['M02'] })]);
    await service.data(people.principal, set, { input: { ...input, withdrawn: true } });
    expect(await save([cell(ids.ben, 'A', 0, { commentCodes: ['M02'] })])).toMatchObject([{ code: 'COMMENT_CODE_UNKNOWN' }]);
    expect(await read('en')).toMatchObject([{ code: 'M02', text: { text: 'Sings' } }]);
  });

  test.each([
    [{ code: 'e1' }, 'CODE_INVALID'],
    [{ code: 'A,B' }, 'CODE_INVALID'],
    [{ texts: [] }, 'TEXT_INVALID'],
    [{ texts: [{ language: 'not a language', text: 'x' }] }, 'TEXT_INVALID'],
    [{ texts: [{ language: 'en', text: ' ' }] }, 'TEXT_INVALID'],
    [{ texts: [{ language: 'en', text: 'x' }, { language: 'EN', text: 'y' }] }, 'TEXT_INVALID'], // prettier-ignore
    [{ texts: [{ language: 'en', text: 'x'.repeat(256 * 1024) }] }, 'TEXT_INVALID'],
  ])('an odd code is refused by name (%#)', async (odd, code) => {
    const input = { schoolId: ids.school, code: 'M03', texts: [{ language: 'en', text: 'Fine' }], ...odd };
    expect(await service.code(people.principal, set, { input })).toBe(code);
  });
});

const status = `query ($s: ID!, $p: ID!, $first: Int, $after: String) { postingStatus(schoolId: $s, gradingPeriodId: $p, first: $first, after: $after) {
  nodes { section { id } teachers { id } seated posted drafts missing lacking { type students } revision verified verifiedAt verifiedBy { id } } pageInfo { endCursor hasNextPage } } }`;
const statusOf = async (viewer: Viewer = people.principal) =>
  (await service.data(viewer, status, { s: ids.school, p: ids.fall })).postingStatus.nodes[0];

describe('who has posted and what is missing, live', () => {
  test('of a section: everybody who sits in it is posted, a draft or missing, and who left is not counted', async () => {
    expect(await statusOf()).toMatchObject({ seated: 3, posted: 0, drafts: 0, missing: 3, lacking: [{ type: 'MARK', students: 3 }] });
    await save([cell(ids.ana, 'A'), cell(ids.ben, 'B')]);
    await post([seen(ids.ana, 1)]);
    const found = await statusOf();
    expect(found).toMatchObject({ section: { id: ids.algebra }, seated: 3, posted: 1, drafts: 1, missing: 1, verified: false });
    expect(found.lacking).toEqual([{ type: 'MARK', students: 2 }]);
    expect(found.teachers.map(({ id }: { id: string }) => id)).toContain(people.coTeacher.subject);
  });

  test('students who lack something are named with what they lack, page by page', async () => {
    await save([cell(ids.ana, 'A'), cell(ids.ben, 'B')]);
    await post([seen(ids.ana, 1)]);
    const missing = `query ($s: ID!, $p: ID!, $after: String) { missingMarks(sectionId: $s, gradingPeriodId: $p, first: 1, after: $after) {
      nodes { student { id } status lacks } pageInfo { endCursor hasNextPage } } }`;
    const page = async (viewer: Viewer, after: string | null) => (await service.data(viewer, missing, { s: ids.algebra, p: ids.fall, after })).missingMarks; // prettier-ignore
    const first = await page(people.teacher, null);
    const second = await page(people.counselor, first.pageInfo.endCursor);
    const found = [...first.nodes, ...second.nodes].toSorted((a, b) => (a.student.id < b.student.id ? -1 : 1));
    const expected = [
      { student: { id: ids.ben }, status: 'DRAFT', lacks: ['MARK'] },
      { student: { id: ids.cho }, status: null, lacks: ['MARK'] },
    ].toSorted((a, b) => (a.student.id < b.student.id ? -1 : 1));
    expect(found).toEqual(expected);
    expect(second.pageInfo.hasNextPage).toBe(false);
    expect(await service.code(people.colleague, missing, { s: ids.algebra, p: ids.fall })).toBe('FORBIDDEN');
    expect(await service.code(people.stranger, missing, { s: ids.algebra, p: ids.fall })).toBe('NOT_FOUND');
  });

  test('a section of another half of the year, and a cancelled one, is not waited for', async () => {
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, cancelled: true });
    expect(await statusOf()).toBeUndefined();
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, begins: '2026-10-17', students: [] });
    expect(await statusOf()).toBeUndefined();
  });

  test('the district sees each school as a row; a principal the own one', async () => {
    await postAll();
    const schools = `query ($p: ID!) { schoolPostings(gradingPeriodId: $p) { nodes { school { id } sections sectionsPosted sectionsVerified seated posted drafts missing } } }`;
    const read = async (viewer: Viewer) => (await service.data(viewer, schools, { p: ids.fall })).schoolPostings.nodes;
    const all = await read(people.administrator);
    expect(all).toHaveLength(2);
    const own = { sections: 1, sectionsPosted: 1, sectionsVerified: 0, seated: 3, posted: 3, drafts: 0, missing: 0 };
    expect(all).toContainEqual({ school: { id: ids.school }, ...own });
    expect(all).toContainEqual({ school: { id: ids.otherSchool }, ...own, sectionsPosted: 0, seated: 1, posted: 0, missing: 1 });
    expect(await read(people.principal)).toEqual([{ school: { id: ids.school }, ...own }]);
  });

  test('only for those whose office it is', async () => {
    expect(await service.code(people.otherPrincipal, status, { s: ids.school, p: ids.fall })).toBe('NOT_FOUND');
    for (const viewer of [people.teacher, people.parent, people.clerk, people.vendor])
      expect(await service.code(viewer, status, { s: ids.school, p: ids.fall })).toBe('FORBIDDEN');
  });
});

describe('"these are my final marks"', () => {
  const verify = `mutation ($input: VerifyMarksInput!) { verifyMarks(input: $input) { verified verifiedAt verifiedBy { id } revision } }`;
  const verified = (viewer: Viewer, revision: number, more: object = {}) =>
    service.ask(viewer, verify, { input: { ...place, revision, ...more } });

  test('the office sees it, and any later change of any of the marks ends it', async () => {
    await postAll();
    expect((await verified(people.teacher, 6)).errors).toBeUndefined();
    expect(await statusOf()).toMatchObject({
      verified: true,
      verifiedAt: '2026-10-05T17:00:00.000Z',
      verifiedBy: { id: people.teacher.subject },
    });
    await save([cell(ids.ben, 'B', 2)]);
    expect(await statusOf()).toMatchObject({ verified: false, verifiedBy: { id: people.teacher.subject } });
    await post([seen(ids.ben, 3)]);
    expect(await statusOf()).toMatchObject({ verified: false, posted: 3 });
    expect((await verified(people.coTeacher, 8)).data).toMatchObject({ verifyMarks: { verified: true } });
  });

  test('not while something is a draft or missing, nor of marks that changed unseen', async () => {
    await save([cell(ids.ana, 'A')]);
    expect((await verified(people.teacher, 1)).errors).toMatchObject([{ extensions: { code: 'NOT_ALL_POSTED', drafts: 1, missing: 2 } }]);
    await service.sql('delete from mark');
    await postAll();
    expect((await verified(people.teacher, 5)).errors).toMatchObject([{ extensions: { code: 'CHANGED_MEANWHILE', revision: 6 } }]);
  });

  test('by who teaches it; by the office with a reason', async () => {
    await postAll();
    for (const [viewer, code] of [
      [people.colleague, 'FORBIDDEN'],
      [people.stranger, 'NOT_FOUND'],
      [people.principal, 'REASON_REQUIRED'],
      [people.parent, 'FORBIDDEN'],
      [people.counselor, 'FORBIDDEN'],
    ] as const)
      expect((await verified(viewer, 6)).errors).toMatchObject([{ extensions: { code } }]);
    expect((await verified(people.principal, 6, { reason: 'the teacher is ill' })).errors).toBeUndefined();
  });
});

const frozen = () => service.sql('select revision, value, effort, comment_codes, calculation, changed from mark_posting where student_id = $1 order by posted_at, revision', [ids.ana]); // prettier-ignore
const inOwnHand = <T>(work: (tx: Transaction) => Promise<T>) => service.database.transaction(systemViewer, null, work);
/** Until everything is calculated; whoever else is at it, or still writes, is waited for. */
async function freeze(): Promise<void> {
  const isMissing = 'select from posting p where not exists (select from posting_calculation k where k.save_id = p.save_id)';
  while ((await service.sql(isMissing)).length) if (!(await inOwnHand((tx) => freezeCalculations(tx, service.clock.now)))) await pause(20);
}
/** Nothing is calculated during this. */
const withoutCalculating = (work: () => Promise<unknown>) =>
  inOwnHand(async ({ query }) => {
    await query(`select pg_advisory_xact_lock(hashtext('posting_calculation'))`);
    await work();
  });

describe('what is posted is frozen', () => {
  test('with what the gradebook calculated then, whatever is scored, saved or posted later', async () => {
    service.clock.now = new Date('2026-10-06T17:00:00Z');
    const before = (await frozen()).length;
    const [quiz] = await service.sql<{ id: string }>(
      `insert into assignment (school_id, section_id, grading_period_id, title, highest) values ($1, $2, $3, 'Quiz', 10) returning id`,
      [ids.school, ids.algebra, ids.fall],
    );
    const score = (value: string, baseRevision: number) =>
      service.data(people.teacher, `mutation ($input: SaveScoresInput!) { saveScores(input: $input) { rows { outcome } } }`, {
        input: {
          saveId: newSaveId(),
          sectionId: ids.algebra,
          cells: [{ assignmentId: quiz!.id, studentId: ids.ana, baseRevision, value }],
        },
      });
    await score('9', 0);
    await save([cell(ids.ana, 'A', 0, { effort: 'E', commentCodes: ['E01'] })]);
    await post([seen(ids.ana, 1)]);
    await freeze();
    await score('5', 1);
    await withoutCalculating(async () => {
      await save([cell(ids.ana, 'F', 2, { effort: 'U' })]);
      await post([seen(ids.ana, 3)]);
      await score('1', 2);
    });
    await freeze();
    const [first, second] = (await frozen()).slice(before);
    expect(first).toMatchObject({ revision: 2, value: 'A', effort: 'E', comment_codes: ['E01'], changed: false });
    expect(first!['calculation']).toMatchObject({ percent: expect.stringMatching(/^90/) });
    // Scored again before it was calculated: the calculation says so.
    expect(second).toMatchObject({ revision: 4, value: 'F', effort: 'U', changed: true });
    expect(second!['calculation']).toMatchObject({ percent: expect.stringMatching(/^10/) });
    const read = `query ($id: ID!) { mark(id: $id) { status posting { revision value effort calculation scoresChanged postedBy { id } } } }`;
    const [mark] = await service.sql<{ id: string }>('select id from mark where student_id = $1', [ids.ana]);
    const { posting } = (await service.data(people.principal, read, { id: mark!.id })).mark;
    expect(posting).toMatchObject({ revision: 4, value: 'F', scoresChanged: true, postedBy: { id: people.teacher.subject } });
    expect(JSON.parse(posting.calculation)).toEqual(second!['calculation']);
    expect((await service.data(people.parent, read, { id: mark!.id })).mark).toEqual({ status: 'POSTED', posting: null });
  });

  test('each posting is calculated once, also when two look for work at once', async () => {
    await postAll();
    await Promise.all([freeze(), freeze(), freeze()]);
    const [counted] = await service.sql(`select (select count(*) from posting) = (select count(*) from posting_calculation) as each`);
    expect(counted).toEqual({ each: true });
  });

  test('for good: nobody changes or removes it', async () => {
    await postAll();
    for (const sql of [`update posting set cell_values = '{}'`, 'delete from posting', 'delete from posting_calculation'])
      await expect(service.sql(sql)).rejects.toThrow('append-only');
  });
});

describe('after the window has closed a change is a request', () => {
  const changed =
    'id baseRevision askedAt decidedAt found { value effort } wanted { value effort commentCodes comment } why decision decidedWhy replaced { value } revision askedBy { id } decidedBy { id }';
  const ask = `mutation ($input: RequestMarkChangeInput!) { requestMarkChange(input: $input) { ${changed} } }`;
  const approve = `mutation ($input: ApproveMarkChangeInput!) { approveMarkChange(input: $input) { ${changed} } }`;
  const decline = `mutation ($input: DeclineMarkChangeInput!) { declineMarkChange(input: $input) { ${changed} } }`;
  const inputOf = (more: object = {}) => ({
    ...place,
    studentId: ids.ana,
    baseRevision: 2,
    value: 'B',
    reason: 'I added up wrongly',
    ...more,
  });
  const close = () => void (service.clock.now = new Date('2026-10-12T17:00:00Z'));
  const asked = async (more: object = {}, viewer = people.teacher) =>
    (await service.data(viewer, ask, { input: inputOf(more) })).requestMarkChange;
  beforeEach(async () => {
    await service.sql(
      `update mark_change set decision = 'DECLINED', decided_at = now(), decided_by = viewer_subject() where decision is null`,
    );
  });

  test('that the office approves: both values are kept, the mark has a new revision, posted, and its history says why', async () => {
    await postAll();
    close();
    const change = await asked({ effort: 'S' });
    expect(change).toMatchObject({ found: { value: 'A', effort: null }, wanted: { value: 'B', effort: 'S' }, decision: null });
    expect(await stored()).toMatchObject({ value: 'A', revision: 2 });
    const done = (await service.data(people.counselor, approve, { input: { changeId: change.id, reason: 'seen the papers' } }))
      .approveMarkChange;
    expect(done).toMatchObject({ decision: 'APPROVED', decidedWhy: 'seen the papers', replaced: { value: 'A' }, revision: 3 });
    expect(await stored()).toMatchObject({ value: 'B', effort: 'S', status: 'POSTED', revision: 3 });
    expect((await frozen()).at(-1)).toMatchObject({ revision: 3, value: 'B', effort: 'S' });
    const read = `query ($s: ID!, $student: ID!, $p: ID!) { markHistory(sectionId: $s, studentId: $student, gradingPeriodId: $p) { saveId revision value status reason savedBy { id } } }`;
    const { markHistory } = await service.data(people.teacher, read, { s: ids.algebra, student: ids.ana, p: ids.fall });
    const [{ save_id: saveId }] = (await service.sql('select save_id from mark where student_id = $1', [ids.ana])) as [{ save_id: string }];
    const why = { reason: 'seen the papers', savedBy: { id: people.counselor.subject } };
    expect(markHistory).toContainEqual({ saveId, revision: 3, value: 'B', status: 'POSTED', ...why });
    const list = `query ($s: ID!, $all: Boolean) { markChanges(schoolId: $s, includeDecided: $all) { nodes { id } } }`;
    const ofSchool = async (all: boolean) => (await service.data(people.principal, list, { s: ids.school, all })).markChanges.nodes;
    expect(await ofSchool(true)).toContainEqual({ id: change.id });
    expect(await ofSchool(false)).not.toContainEqual({ id: change.id });
  });

  test('that the office declines: the mark stays, and the teacher reads why', async () => {
    await postAll();
    close();
    const { id } = await asked();
    expect(await service.code(people.principal, decline, { input: { changeId: id, reason: ' ' } })).toBe('REASON_REQUIRED');
    const input = { changeId: id, reason: 'the papers say A' };
    expect((await service.data(people.principal, decline, { input })).declineMarkChange).toMatchObject({
      decision: 'DECLINED',
      decidedWhy: 'the papers say A',
    });
    expect(await stored()).toMatchObject({ value: 'A', revision: 2 });
    const list = `query ($s: ID!) { markChanges(schoolId: $s, includeDecided: true, first: 1) { nodes { id decidedWhy } } }`;
    expect((await service.data(people.teacher, list, { s: ids.school })).markChanges.nodes).toEqual([
      { id, decidedWhy: 'the papers say A' },
    ]);
    expect((await service.data(people.colleague, list, { s: ids.school })).markChanges.nodes).toEqual([]);
  });

  test('of two who approve at once one does; the other is told, and the mark changes once', async () => {
    for (let round = 0; round < 5; round++) {
      await service.sql('delete from mark');
      service.clock.now = new Date('2026-10-05T17:00:00Z');
      await postAll();
      close();
      const { id } = await asked();
      const answers = await Promise.all(
        [people.counselor, people.principal].map((viewer) => service.ask(viewer, approve, { input: { changeId: id } })),
      );
      expect(answers.map(({ errors }) => errors?.[0]?.extensions['code'] ?? 'DONE').toSorted()).toEqual(['CHANGE_DECIDED', 'DONE']);
      expect(await stored()).toMatchObject({ value: 'B', revision: 3 });
    }
  });

  test('an approval that is sent again is answered the same', async () => {
    await postAll();
    close();
    const { id } = await asked();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => service.data(people.principal, approve, { input: { changeId: id } })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await stored()).toMatchObject({ value: 'B', revision: 3 });
  });

  test('an approval after another change tells both values and changes nothing, until the office names what stands now', async () => {
    await postAll();
    close();
    const { id } = await asked();
    await service.sql(`insert into grading_window (grading_period_id, school_id, opens_at, closes_at) values ($1, $2, '2026-10-12Z', '2026-10-13Z')`, [ids.fall, ids.school]); // prettier-ignore
    await save([cell(ids.ana, 'C', 2)], people.coTeacher);
    const { errors } = await service.ask(people.principal, approve, { input: { changeId: id } });
    expect(errors).toMatchObject([
      { extensions: { code: 'CHANGED_MEANWHILE', wanted: { value: 'B' }, found: { value: 'C' }, revision: 3 } },
    ]);
    expect(await stored()).toMatchObject({ value: 'C', revision: 3 });
    const { approveMarkChange } = await service.data(people.principal, approve, { input: { changeId: id, baseRevision: 3 } });
    expect(approveMarkChange).toMatchObject({ decision: 'APPROVED', found: { value: 'A' }, replaced: { value: 'C' }, revision: 4 });
    expect(await stored()).toMatchObject({ value: 'B', status: 'POSTED', revision: 4 });
  });

  test('a mark that was never given can be asked for; not for who has left, unless there is one', async () => {
    await save([cell(ids.ana, 'A')]);
    close();
    const { id } = await asked({ studentId: ids.cho, baseRevision: 0 });
    await service.data(people.principal, approve, { input: { changeId: id } });
    expect(await stored(ids.cho)).toMatchObject({ value: 'B', status: 'POSTED', revision: 1 });
    expect(await service.code(people.teacher, ask, { input: inputOf({ studentId: ids.dee, baseRevision: 0 }) })).toBe('NOT_ENROLLED');
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, students: [] });
    await asked({ baseRevision: 1 });
  });

  test.each([
    ['while the window is open', { at: '2026-10-05T17:00:00Z' }, people.teacher, 'WINDOW_OPEN'],
    ['without a reason', { reason: ' ' }, people.teacher, 'REASON_REQUIRED'],
    ['that changes nothing', { value: 'A' }, people.teacher, 'NOTHING_CHANGES'],
    ['to what is not on the scale', { value: 'Z' }, people.teacher, 'VALUE_NOT_ON_SCALE'],
    ['with a code that is none', { commentCodes: ['Z9'] }, people.teacher, 'COMMENT_CODE_UNKNOWN'],
    ['to nothing', { value: null }, people.teacher, 'NOTHING_TO_POST'],
    ['with a comment of 256 kB', { comment: 'x'.repeat(256 * 1024) }, people.teacher, 'COMMENT_TOO_LONG'],
    ['of a mark that changed', { baseRevision: 1 }, people.teacher, 'CHANGED_MEANWHILE'],
    ['of no student', { studentId: 'x' }, people.teacher, 'NOT_ENROLLED'],
    ['of no section', { sectionId: idOf('nowhere') }, people.teacher, 'NOT_FOUND'],
    ['of no grading period', { gradingPeriodId: idOf('never') }, people.teacher, 'GRADING_PERIOD_UNKNOWN'],
    ['by who does not teach it', {}, people.colleague, 'FORBIDDEN'],
    ['by the family', {}, people.parent, 'FORBIDDEN'],
    ['by a teacher of another school', {}, people.stranger, 'NOT_FOUND'],
  ] as readonly [string, { at?: string }, Viewer, string][])(
    'a request %s is refused by name, and nothing is kept',
    async (_, { at = '2026-10-12T17:00:00Z', ...odd }: { at?: string }, viewer, code) => {
      await postAll();
      service.clock.now = new Date(at);
      const [before] = await service.sql('select count(*) from mark_change');
      expect(await service.code(viewer, ask, { input: inputOf(odd) })).toBe(code);
      expect((await service.sql('select count(*) from mark_change'))[0]).toEqual(before);
    },
  );

  test('one mark has one open request, and nobody approves the own', async () => {
    await postAll();
    close();
    const { id } = await asked({ reason: 'the teacher has left' }, people.principal);
    expect(await service.code(people.teacher, ask, { input: inputOf({ value: 'C' }) })).toBe('CHANGE_REQUESTED');
    expect(await service.code(people.principal, approve, { input: { changeId: id } })).toBe('OWN_REQUEST');
    expect(await service.code(people.otherPrincipal, approve, { input: { changeId: id } })).toBe('NOT_FOUND');
    expect(await service.code(people.teacher, approve, { input: { changeId: id } })).toBe('FORBIDDEN');
    expect(await service.code(people.clerk, approve, { input: { changeId: id } })).toBe('FORBIDDEN');
    await service.data(people.administrator, approve, { input: { changeId: id } });
  });

  test('an approved change ends a verification', async () => {
    await postAll();
    await service.data(people.teacher, `mutation ($input: VerifyMarksInput!) { verifyMarks(input: $input) { verified } }`, { input: { ...place, revision: 6 } }); // prettier-ignore
    close();
    expect(await statusOf()).toMatchObject({ verified: true });
    const { id } = await asked();
    expect(await statusOf()).toMatchObject({ verified: true });
    await service.data(people.principal, approve, { input: { changeId: id } });
    expect(await statusOf()).toMatchObject({ verified: false });
  });
});
