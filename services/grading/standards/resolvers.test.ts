import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { ids, idOf, newSaveId, openGrading, people, type Grading } from '../testing.ts';

let service: Grading;
beforeAll(async () => {
  service = await openGrading();
});
beforeEach(async () => {
  for (const table of ['score', 'assignment', 'category', 'gradebook_rules', 'rubric', 'standard'])
    await service.sql(`delete from ${table}`);
});
afterAll(() => service.close());

const typeOf = (name: string) => `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
const verb = async (viewer: Viewer, name: string, input: object, fields: string) =>
  (await service.data(viewer, `mutation ($i: ${typeOf(name)}!) { ${name}(input: $i) { ${fields} } }`, { i: input }))[name];
const code = (viewer: Viewer, name: string, input: object) =>
  service.code(viewer, `mutation ($i: ${typeOf(name)}!) { ${name}(input: $i) { __typename } }`, { i: input });

const fourLevels = [
  { mark: '4', from: '3.5' },
  { mark: '3', from: '2.5', below: '3.5' },
  { mark: '2', from: '1.5', below: '2.5' },
  { mark: '1', from: '0', below: '1.5' },
];
const rubric = async (more: object = {}, viewer = people.administrator) =>
  (await verb(
    viewer,
    'setRubric',
    { title: 'Elementary', levels: fourLevels, ...more },
    'id school { id } title levels { mark from below }',
  )) as {
    id: string;
    levels: object[];
  };
const standard = async (code: string, more: object = {}) =>
  (await verb(people.administrator, 'setStandard', { code, title: `What ${code} says`, ...more }, 'id')).id as string;

test('a fourth grade is marked by standards: scores on the rubric, the newest counting most', async () => {
  const { id: rubricId } = await rubric();
  const [reads, writes] = [await standard('RL.4.1'), await standard('W.4.2')];
  const input = { sectionId: ids.algebra, method: 'STANDARDS', rubricId, standardsMethod: 'DECAYING', newestCounts: '65', places: 2 };
  expect(await verb(people.teacher, 'changeGradebook', input, 'standardsMethod newestCounts rubric { title }')).toEqual({
    ...{ standardsMethod: 'DECAYING', newestCounts: '65', rubric: { title: 'Elementary' } },
  });
  const score = async (standardId: string, dueOn: string, value: string) => {
    const work = { sectionId: ids.algebra, title: `due ${dueOn}`, standardId, highest: '4', dueOn };
    const { id } = await verb(people.teacher, 'addAssignment', work, 'id standard { code }');
    const cells = [{ assignmentId: id, studentId: ids.ana, value, baseRevision: 0 }];
    await verb(people.teacher, 'saveScores', { saveId: newSaveId(), sectionId: ids.algebra, cells }, 'rows { outcome }');
  };
  // Saved in another order than they are due.
  await score(reads, '2026-10-02', '3');
  await score(reads, '2026-09-02', '2');
  await score(writes, '2026-09-09', '4');
  const { data } = await service.entities(
    people.parent,
    [{ __typename: 'SectionEnrollment', sectionId: ids.algebra, studentId: ids.ana }],
    `... on SectionEnrollment { calculatedGrade { percent calculatedMark cutoff { from } categories { title }
       standards { standard { id } code value level method evidence { assignment { id } dueOn value } } } }`,
  );
  // reads: 2 x 0.35 + 3 x 0.65 = 2.65; writes: 4; (2.65 + 4) / 2 = 3.325 -> 3.33
  expect(data!['_entities']).toMatchObject([
    {
      calculatedGrade: {
        ...{ percent: '3.33', calculatedMark: '3', cutoff: { from: '2.5' }, categories: [] },
        standards: [
          {
            ...{ standard: { id: reads }, code: 'RL.4.1', value: '2.65', level: '3', method: 'DECAYING' },
            evidence: [{ dueOn: '2026-09-02', value: '2' }, { dueOn: '2026-10-02', value: '3' }], // prettier-ignore
          },
          { code: 'W.4.2', value: '4.00', level: '4' },
        ],
      },
    },
  ]);
  expect(await code(people.teacher, 'changeGradebook', { sectionId: ids.algebra, rubricId: null })).toBe('RUBRIC_REQUIRED');
});

test('rubrics and standards are of a school or the district; a section uses both, and none of another school', async () => {
  const own = await rubric({ schoolId: ids.school, title: 'Ours' }, people.principal);
  await rubric();
  const foreign = await rubric({ schoolId: ids.otherSchool, title: 'Theirs' }, people.otherPrincipal);
  await standard('B', { schoolId: ids.school });
  await standard('A');
  const theirs = await standard('C', { schoolId: ids.otherSchool });
  const list = async (schoolId: string | null, page = '') => {
    const ask = `query ($s: ID) { rubrics(schoolId: $s${page}) { nodes { title } pageInfo { hasNextPage endCursor } } standards(schoolId: $s) { nodes { code } } }`;
    const { rubrics, standards } = await service.data(people.parent, ask, { s: schoolId });
    return [
      rubrics.nodes.map(({ title }: { title: string }) => title),
      standards.nodes.map((node: { code: string }) => node.code),
      rubrics.pageInfo,
    ];
  };
  expect(await list(ids.school)).toMatchObject([['Elementary', 'Ours'], ['A', 'B'], { hasNextPage: false }]);
  expect(await list(null)).toMatchObject([['Elementary'], ['A'], {}]);
  const [first, , { endCursor }] = await list(ids.school, ', first: 1');
  expect([first, (await list(ids.school, `, first: 1, after: "${endCursor}"`))[0]]).toEqual([['Elementary'], ['Ours']]);
  expect(await code(people.teacher, 'changeGradebook', { sectionId: ids.algebra, rubricId: foreign.id })).toBe('RUBRIC_UNKNOWN');
  expect(await verb(people.teacher, 'changeGradebook', { sectionId: ids.algebra, rubricId: own.id }, 'method')).toEqual({
    method: 'POINTS',
  });
  const work = { sectionId: ids.algebra, title: 'Essay' };
  for (const standardId of [theirs, 'x', '', idOf('none')])
    expect(await code(people.teacher, 'addAssignment', { ...work, standardId })).toBe('STANDARD_UNKNOWN');
});

test('what is set again is changed, keeps its id and what it was', async () => {
  const { id } = await rubric();
  const again = await rubric({ levels: [{ mark: 'P', from: '1' }, { mark: 'NP', from: '0', below: '1' }] }); // prettier-ignore
  expect(again).toMatchObject({ id, levels: [{ mark: 'P', from: '1', below: null }, { mark: 'NP' }] });
  const [before] = await service.sql(`select jsonb_array_length(before -> 'levels') as levels from history where table_name = 'rubric' and row_id = $1 and operation = 'UPDATE'`, [id]); // prettier-ignore
  expect(before).toEqual({ levels: 4 });
  const reads = await standard('RL.4.1');
  expect(await standard('RL.4.1', { title: 'Refers to details' })).toBe(reads);
});

test('levels with a hole, and people who may not, are refused by name', async () => {
  const usual = { title: 'Elementary', levels: fourLevels };
  expect(await code(people.administrator, 'setRubric', { ...usual, levels: fourLevels.slice(0, 3) })).toBe('SCALE_GAP');
  expect(await code(people.administrator, 'setRubric', { ...usual, levels: [fourLevels[0], { mark: '1', from: '0', below: '3' }] })).toBe(
    'SCALE_GAP',
  );
  expect(await code(people.administrator, 'setRubric', { ...usual, levels: [fourLevels[0], { mark: '1', from: '0', below: '4' }] })).toBe(
    'SCALE_OVERLAP',
  );
  expect(await code(people.administrator, 'setRubric', { ...usual, title: ' ' })).toBe('TITLE_INVALID');
  expect(await code(people.administrator, 'setStandard', { code: ' ', title: 'x' })).toBe('CODE_INVALID');
  expect(await code(people.administrator, 'setStandard', { code: 'x', title: '' })).toBe('TITLE_INVALID');
  for (const name of ['setRubric', 'setStandard']) {
    const input = name === 'setRubric' ? usual : { code: 'x', title: 'x' };
    expect(await code(people.principal, name, input)).toBe('FORBIDDEN');
    expect(await code(people.otherPrincipal, name, { ...input, schoolId: ids.school })).toBe('NOT_FOUND');
    for (const viewer of [people.teacher, people.counselor, people.parent])
      expect(await code(viewer, name, { ...input, schoolId: ids.school })).toBe('FORBIDDEN');
  }
  expect(await service.sql('select from rubric union all select from standard')).toEqual([]);
});
