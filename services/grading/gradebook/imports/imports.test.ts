import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sourcedUuid } from '@rollbook/school';
import { idOf, openGrading, people, type Grading } from '../../testing.ts';

const source = 'sis.example';
const counts = 'created changed unchanged refused { row sourcedId code } differences { sourcedId field before after }';
const verbs = ['importCategories', 'importLineItems', 'importResults'] as const;
type Verb = (typeof verbs)[number];
const mutation = (verb: Verb) => `mutation ($input: I${verb.slice(1)}Input!) { ${verb}(input: $input) { ${counts} } }`;
const finish = `mutation ($input: FinishGradebookImportInput!) { finishGradebookImport(input: $input) { ended done } }`;

let service: Grading;
beforeAll(async () => {
  service = await openGrading();
});
afterAll(() => service.close());

const today = '2026-10-05';
let imports = 0;
const newImport = () => idOf(`import ${imports++}`);
const ask = async (verb: Verb, rows: object[], { importId = newImport(), batch = 0, dryRun = false } = {}) =>
  (await service.data(people.administrator, mutation(verb), { input: { importId, batch, source, dryRun, today, rows } }))[verb];
const end = async (importId: string, bulkKinds: string[]) => {
  let ended = 0;
  for (let done = false; !done;) {
    const answer = (await service.data(people.administrator, finish, { input: { importId, source, bulkKinds, today } }))
      .finishGradebookImport;
    ended += answer.ended;
    done = answer.done;
  }
  return ended;
};
const lineItem = (sourcedId: string, more: object = {}) => ({
  ...{ sourcedId, title: `Work ${sourcedId}`, assignedOn: '2026-09-01', dueOn: '2026-09-08', classSourcedId: 'class-1' },
  ...{
    categorySourcedId: 'homework',
    academicSessionSourcedId: 'q1',
    resultValueMin: '0',
    resultValueMax: '10',
    schoolSourcedId: 'school-1',
  },
  ...more,
});
const result = (sourcedId: string, score: string | null, more: object = {}) => ({
  ...{ sourcedId, lineItemSourcedId: 'li-1', studentSourcedId: sourcedId, scoreStatus: 'fully graded', score, scoreDate: '2026-09-09' },
  ...more,
});
const none = { created: 0, changed: 0, unchanged: 0, refused: [], differences: [] };
const derived = (kind: string, sourcedId: string) => sourcedUuid(source, kind, sourcedId);
const scoreOf = async (student: string) =>
  (await service.sql(`select points, status, late, missing, incomplete, text_score, revision, withdrawn_on::text as withdrawn_on from score where student_id = $1`, [
      derived('user', student),
    ]))[0]; // prettier-ignore

describe('a package', () => {
  test('comes in before scheduling has told of its class, under the ids every service derives', async () => {
    expect(await ask('importCategories', [{ sourcedId: 'homework', title: 'Homework', weight: '40' }])).toEqual({ ...none, created: 1 });
    expect(await ask('importLineItems', [lineItem('li-1'), lineItem('li-2')])).toEqual({ ...none, created: 2 });
    const rows = [
      result('s1', '9.50', { late: true }),
      result('s2', '12'),
      result('s3', null, { scoreStatus: 'exempt' }),
      result('s4', null, { scoreStatus: 'not submitted', missing: true }),
      result('s5', null, { scoreStatus: 'Partially graded', incomplete: true, textScore: 'good start', comment: 'see me' }),
    ];
    expect(await ask('importResults', rows)).toEqual({ ...none, created: 5 });
    expect(await scoreOf('s1')).toMatchObject({ points: '9.5', status: 'FULLY_GRADED', late: true, revision: 1 });
    expect(await scoreOf('s2')).toMatchObject({ points: '12', late: false });
    expect(await scoreOf('s3')).toMatchObject({ points: null, status: 'EXEMPT' });
    expect(await scoreOf('s4')).toMatchObject({ status: 'NOT_SUBMITTED', missing: true });
    expect(await scoreOf('s5')).toMatchObject({ status: 'PARTIALLY_GRADED', incomplete: true, text_score: 'good start' });
    expect(await service.sql('select school_id, section_id, grading_period_id, category_id from assignment where id = $1', [derived('lineItem', 'li-1')])).toEqual([
      {
        ...{ school_id: derived('org', 'school-1'), section_id: derived('class', 'class-1') },
        ...{ grading_period_id: derived('academicSession', 'q1'), category_id: derived('category', 'homework') },
      },
    ]); // prettier-ignore
  });

  test('that comes again changes nothing; what differs is one revision more, with its history', async () => {
    const [before] = await service.sql('select count(*)::int as saves from save');
    expect(await ask('importCategories', [{ sourcedId: 'homework', title: 'Homework', weight: '40' }])).toEqual({ ...none, unchanged: 1 });
    expect(await ask('importLineItems', [lineItem('li-1'), lineItem('li-2')])).toEqual({ ...none, unchanged: 2 });
    expect(await ask('importResults', [result('s1', '9.5', { late: true })])).toEqual({ ...none, unchanged: 1 });
    expect((await service.sql('select count(*)::int as saves from save'))[0]).toEqual(before);
    expect(await ask('importResults', [result('s1', '10', { late: true }), result('s2', '12')])).toEqual({
      ...none,
      changed: 1,
      unchanged: 1,
    });
    expect(await scoreOf('s1')).toMatchObject({ points: '10', revision: 2 });
    const [last] = await service.sql(`select kind, student_ids, base_revisions, cell_values, lates from save order by tx desc limit 1`);
    expect(last).toEqual({ kind: 'IMPORT', student_ids: [derived('user', 's1')], base_revisions: [1], cell_values: ['10'], lates: [true] });
  });

  test('a batch that is sent again answers what it answered, also at the same moment', async () => {
    const importId = newImport();
    const rows = [result('s1', '8'), result('s6', '7')];
    const first = await ask('importResults', rows, { importId });
    expect(first).toEqual({ ...none, created: 1, changed: 1 });
    await ask('importResults', [result('s1', '9')]);
    expect(await ask('importResults', rows, { importId })).toEqual(first);
    expect(await scoreOf('s1')).toMatchObject({ points: '9' });
  });

  test('a dry run tells the differences and changes nothing, before the package is there too', async () => {
    const rows = [result('s1', '3'), result('s7', '3'), result('x', '3', { lineItemSourcedId: 'li-new' })];
    const before = await service.sql('select * from score order by id');
    expect(await ask('importResults', rows, { dryRun: true })).toMatchObject({
      ...{ created: 2, changed: 1, refused: [] },
      differences: [{ sourcedId: 's1', field: 'points', before: '9', after: '3' }],
    });
    expect(await service.sql('select * from score order by id')).toEqual(before);
    const items = [
      lineItem('li-1', { title: 'New', resultValueMax: '11' }),
      lineItem('li-9', { categorySourcedId: 'new', schoolSourcedId: null }),
    ];
    expect(await ask('importLineItems', items, { dryRun: true })).toMatchObject({
      ...{ created: 1, changed: 1, refused: [] },
      differences: expect.arrayContaining([{ sourcedId: 'li-1', field: 'highest', before: '10', after: '11' }]),
    });
    expect(await service.sql('select from assignment where id = $1', [derived('lineItem', 'li-9')])).toEqual([]);
  });

  test('a row that breaks a rule is left out alone, by name', async () => {
    const codes = async (verb: Verb, rows: object[]) =>
      (await ask(verb, rows)).refused.map(({ row, code }: { row: number; code: string }) => `${row} ${code}`);
    expect(
      await codes('importCategories', [
        { sourcedId: 'c1', title: ' ' },
        { sourcedId: 'c2', title: 'x', weight: '12.5' },
        { sourcedId: 'c3', title: 'Tests' },
        { sourcedId: 'c3', title: 'Tests' },
      ]),
    ).toEqual(['0 TITLE_INVALID', '1 WEIGHT_INVALID', '3 DUPLICATE_ROW']);
    expect(
      await codes('importLineItems', [
        lineItem('a', { title: '' }),
        lineItem('b', { categorySourcedId: 'nowhere' }),
        lineItem('c', { schoolSourcedId: null, classSourcedId: 'unknown' }),
        lineItem('d', { dueOn: '2026-02-30' }),
        lineItem('e', { dueOn: '2026-08-01' }),
        lineItem('f', { resultValueMax: '-1' }),
        lineItem('g', { resultValueMax: 'ten' }),
        lineItem('h', { categorySourcedId: null }),
      ]),
    ).toEqual(['0 TITLE_INVALID', '1 CATEGORY_UNKNOWN', '2 SCHOOL_UNKNOWN', '3 DATE_INVALID', '4 DATE_INVALID', '5 RANGE_INVALID', '6 SCORE_NOT_A_NUMBER']); // prettier-ignore
    expect(
      await codes('importResults', [
        result('r0', '1e309'),
        result('r1', '1', { lineItemSourcedId: 'nowhere' }),
        result('r2', '1', { scoreStatus: 'graded' }),
        result('r3', '1', { scoreDate: '09/09/2026' }),
        result('r4', '1', { comment: 'NUL \0' }),
        result('r5', '1'),
        result('r6', '1', { studentSourcedId: 'r5' }),
        result('r7', '0.00001'),
      ]),
    ).toEqual(['0 SCORE_NOT_A_NUMBER', '1 LINE_ITEM_UNKNOWN', '2 SCORE_STATUS_INVALID', '3 DATE_INVALID', '4 TEXT_INVALID', '6 DUPLICATE_ROW', '7 SCORE_TOO_PRECISE']); // prettier-ignore
    expect(await scoreOf('r5')).toMatchObject({ points: '1' });
  });

  test('a score that a teacher entered is the same cell: an import changes it by one revision', async () => {
    await service.sql(
      `insert into score (school_id, section_id, assignment_id, student_id, points, status, late, missing, incomplete, scored_on, revision, saved_at, save_id)
         values ($1, $2, $3, $4, 5, 'FULLY_GRADED', false, false, false, $5, 3, now(), uuidv7())`,
      [derived('org', 'school-1'), derived('class', 'class-1'), derived('lineItem', 'li-2'), derived('user', 'typed'), today],
    );
    expect(await ask('importResults', [result('typed', '6', { lineItemSourcedId: 'li-2' })])).toEqual({ ...none, changed: 1 });
    expect(await scoreOf('typed')).toMatchObject({ points: '6', revision: 4 });
  });

  test('only a district administrator imports', async () => {
    const input = { importId: newImport(), batch: 0, source, dryRun: false, today, rows: [] };
    for (const viewer of [people.principal, people.teacher, people.clerk, people.vendor]) {
      for (const verb of verbs) expect(await service.code(viewer, mutation(verb), { input })).toBe('FORBIDDEN');
      expect(await service.code(viewer, finish, { input: { importId: input.importId, source, bulkKinds: [], today } })).toBe('FORBIDDEN');
    }
  });
});

describe('the end of an import', () => {
  test('withdraws what a bulk file no longer holds, never deletes, and a row that reappears is back', async () => {
    const kept = { rows: [result('s1', '9'), result('s2', '12')], items: [lineItem('li-1')] };
    const all = await service.sql(`select count(*)::int as n from score where source = $1 and withdrawn_on is null`, [source]);
    const importId = newImport();
    await ask('importLineItems', kept.items, { importId });
    await ask('importResults', kept.rows, { importId });
    const ended = await end(importId, ['results']);
    expect(ended).toBe(all[0]!['n'] - 2);
    expect(await scoreOf('s3')).toMatchObject({ status: 'EXEMPT', withdrawn_on: today, revision: 2 });
    expect(await service.sql(`select from assignment where withdrawn_on is not null`)).toEqual([]);
    expect(
      await service.sql('select withdrawns from save where $1 = any (student_ids) order by tx desc limit 1', [derived('user', 's3')]),
    ).toEqual([{ withdrawns: expect.not.arrayContaining([false]) }]);
    expect(await service.sql('select from import_seen where import_id = $1', [importId])).toEqual([]);
    expect(await ask('importResults', [result('s3', null, { scoreStatus: 'exempt' })])).toEqual({ ...none, changed: 1 });
    expect(await scoreOf('s3')).toMatchObject({ withdrawn_on: null, revision: 3 });
  });

  test('is for the files that held everything, and for this source alone', async () => {
    await service.sql(`insert into category (title, source, sourced_id) values ('Other', 'another.example', '1')`);
    const importId = newImport();
    await ask('importCategories', [{ sourcedId: 'homework', title: 'Homework', weight: '40' }], { importId });
    await end(importId, ['categories', 'orgs']);
    expect(await service.sql(`select title from category where withdrawn_on is null order by title`)).toEqual([
      { title: 'Homework' },
      { title: 'Other' },
    ]);
  });

  test('a row that its source marks as deleted is withdrawn', async () => {
    expect(await ask('importResults', [result('s1', '9', { status: 'tobedeleted' })])).toEqual({ ...none, changed: 1 });
    expect(await scoreOf('s1')).toMatchObject({ points: '9', withdrawn_on: today });
    expect(await ask('importLineItems', [lineItem('li-1', { status: 'ToBeDeleted' })])).toEqual({ ...none, changed: 1 });
    expect(await ask('importLineItems', [lineItem('li-1', { status: 'active' })])).toEqual({ ...none, changed: 1 });
  });
});
