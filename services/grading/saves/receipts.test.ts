import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openPool } from '@rollbook/postgres';
import { testServerUrl } from '@rollbook/postgres/testing.ts';
import { ids, newSaveId, openGrading, people, type Grading } from '../testing.ts';

// A save's row is its receipt and its history, so none is ever removed. Should one be gone all the same (a database brought back from
// an older copy, say), the revision that the save names keeps it from having a second effect.

const rows = 'rows { outcome revision code }';
const verbs = {
  saveMarks: `mutation ($input: SaveMarksInput!) { answer: saveMarks(input: $input) { replayed ${rows} } }`,
  postMarks: `mutation ($input: PostMarksInput!) { answer: postMarks(input: $input) { replayed ${rows} } }`,
  saveScores: `mutation ($input: SaveScoresInput!) { answer: saveScores(input: $input) { replayed ${rows} } }`,
};
const resolve = `mutation ($input: ResolveConflictInput!) { resolveConflict(input: $input) { outcome } }`;

let service: Grading;
let quiz: string;
beforeAll(async () => {
  service = await openGrading();
  await service.sql(`insert into grading_window (grading_period_id, opens_at, closes_at) values ($1, '2026-10-01Z', '2026-10-10Z')`, [
    ids.fall,
  ]);
  const added = `insert into assignment (school_id, section_id, title) values ($1, $2, 'Quiz') returning id`;
  quiz = (await service.sql(added, [ids.school, ids.algebra]))[0]!['id'];
});
beforeEach(async () => {
  service.clock.now = new Date('2026-10-05T17:00:00Z');
  await service.sql('delete from mark');
  await service.sql('delete from score');
});
afterAll(() => service.close());

const inputOf = (verb: keyof typeof verbs, cell: object) => ({
  ...{ saveId: newSaveId(), sectionId: ids.algebra, cells: [{ studentId: ids.ana, ...cell }] },
  ...(verb === 'saveScores' ? {} : { gradingPeriodId: ids.fall }),
});
const send = async (verb: keyof typeof verbs, input: object) => (await service.data(people.teacher, verbs[verb], { input })).answer;

/** What only who keeps the database server can do: receipts are gone without a trace. */
async function loseReceipts(): Promise<void> {
  const [{ name }] = (await service.sql<{ name: string }>('select current_database() as name')) as [{ name: string }];
  const url = new URL(testServerUrl());
  url.pathname = `/${name}`;
  const pool = openPool(url.href, { max: 1, name: 'receipts test' });
  await pool.query(`set session_replication_role = replica; delete from save`);
  await pool.end();
  expect(await service.sql('select from save')).toEqual([]);
}

const cellsNow = () =>
  service.sql(`select value, comment, status, revision, saved_at from mark union all
    select points::text, comment, status, revision, saved_at from score`);

const cases: readonly (readonly [name: string, verb: keyof typeof verbs, cell: () => object, before: readonly object[], later: object])[] =
  [
    ['a mark', 'saveMarks', () => ({ value: 'A', baseRevision: 0 }), [], { value: 'B', baseRevision: 1 }],
    [
      'a cleared mark',
      'saveMarks',
      () => ({ value: null, baseRevision: 1 }),
      [{ value: 'A', baseRevision: 0 }],
      { value: 'B', baseRevision: 2 },
    ],
    ['a posting', 'postMarks', () => ({ baseRevision: 1 }), [{ value: 'A', baseRevision: 0 }], { value: 'B', baseRevision: 2 }],
    ['a score', 'saveScores', () => ({ assignmentId: quiz, value: '7', baseRevision: 0 }), [], { value: '8', baseRevision: 1 }],
  ];

test.each(cases)('%s that is sent again when its receipt is gone changes nothing', async (_, verb, cell, before) => {
  for (const one of before) await send('saveMarks', inputOf('saveMarks', one));
  const input = inputOf(verb, cell());
  const first = await send(verb, input);
  const cells = await cellsNow();
  await loseReceipts();
  service.clock.now = new Date('2026-10-06T17:00:00Z');
  expect(await send(verb, input)).toEqual(first);
  expect(await cellsNow()).toEqual(cells);
});

test.each(cases)(
  '%s that is sent again when its receipt is gone does not undo what was saved since',
  async (_, verb, cell, before, later) => {
    for (const one of before) await send('saveMarks', inputOf('saveMarks', one));
    const input = inputOf(verb, cell());
    await send(verb, input);
    const next = verb === 'saveScores' ? 'saveScores' : 'saveMarks';
    await send(next, inputOf(next, verb === 'saveScores' ? { ...later, assignmentId: quiz } : later));
    const cells = await cellsNow();
    await loseReceipts();
    expect(await send(verb, input)).toMatchObject({ replayed: false, rows: [{ outcome: 'CONFLICT' }] });
    expect(await cellsNow()).toEqual(cells);
  },
);

test('a resolution that is sent again when its receipt is gone changes nothing', async () => {
  await send('saveMarks', inputOf('saveMarks', { value: 'A', baseRevision: 0 }));
  await send('saveMarks', inputOf('saveMarks', { value: 'C', baseRevision: 0 }));
  const [conflict] = await service.sql<{ id: string }>('select id from conflict order by id desc limit 1');
  const input = { saveId: newSaveId(), conflictId: conflict!.id, resolution: 'KEEP_MINE', baseRevision: 1 };
  await service.data(people.teacher, resolve, { input });
  await send('saveMarks', inputOf('saveMarks', { value: 'B', baseRevision: 2 }));
  const cells = await cellsNow();
  await loseReceipts();
  expect(await service.code(people.teacher, resolve, { input })).toBe('CONFLICT_RESOLVED');
  expect(await cellsNow()).toEqual(cells);
});

test('a receipt is kept longer than a client could wait: after a school year it answers what it answered', async () => {
  const input = inputOf('saveMarks', { value: 'A', baseRevision: 0 });
  const first = await send('saveMarks', input);
  service.clock.now = new Date('2027-10-05T17:00:00Z');
  expect(await send('saveMarks', input)).toEqual({ ...first, replayed: true });
});
