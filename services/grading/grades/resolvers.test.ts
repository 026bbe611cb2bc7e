import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { calculationOf } from '../gradebook/calculationOf.ts';
import { ids, idOf, newSaveId, openGrading, people, type Grading } from '../testing.ts';

let service: Grading;
beforeAll(async () => {
  service = await openGrading();
});
beforeEach(async () => {
  for (const table of ['score', 'assignment', 'category', 'gradebook_rules']) await service.sql(`delete from ${table}`);
  await service.sql(`update mark_scale set mark_values = '{A,B,C,D,F,I}' where school_id is null`);
  await service.sql('delete from grading_scale where school_id is not null');
});
afterAll(() => service.close());

const verb = async (viewer: Viewer, name: string, input: object, fields: string) =>
  (
    await service.data(viewer, `mutation ($i: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $i) { ${fields} } }`, {
      i: input,
    })
  )[name];
const code = (viewer: Viewer, name: string, input: object) =>
  service.code(viewer, `mutation ($i: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $i) { __typename } }`, {
    i: input,
  });

const category = async (title: string, weight: number | null, more: object = {}) =>
  (await verb(people.teacher, 'addCategory', { sectionId: ids.algebra, title, weight, ...more }, 'id')).id as string;
const assignment = async (title: string, more: object = {}) =>
  (await verb(people.teacher, 'addAssignment', { sectionId: ids.algebra, title, highest: '20', dueOn: '2026-10-01', ...more }, 'id'))
    .id as string;
const score = async (assignmentId: string, scores: Record<string, string | null>, more: object = {}) => {
  const cells = Object.entries(scores).map(([name, value]) => ({ assignmentId, studentId: idOf(name), value, baseRevision: 0, ...more }));
  const input = { saveId: newSaveId(), sectionId: ids.algebra, cells };
  const { rows } = await verb(people.teacher, 'saveScores', input, 'rows { outcome code }');
  expect(rows).toEqual(cells.map(() => ({ outcome: 'SAVED', code: null })));
};
const rules = (more: object, viewer = people.teacher) =>
  verb(viewer, 'changeGradebook', { sectionId: ids.algebra, ...more }, 'method places missingPercent renormalize');
const override = (more: object, viewer: Viewer = people.teacher) =>
  verb(
    viewer,
    'overrideGrade',
    { sectionId: ids.algebra, studentId: ids.ana, reason: 'She showed it orally', ...more },
    'mark calculatedMark percent override { id mark reason by { id } calculatedPercent } overrides { id mark }',
  );

const gradeFields = 'mark percent reason';
// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function gradeOf(viewer: Viewer, name = 'Ana', fields = gradeFields, period: string | null = null): Promise<any> {
  const answer = await service.ask(
    viewer,
    `query ($r: [_Any!]!, $p: ID) { _entities(representations: $r) { ... on SectionEnrollment { calculatedGrade(gradingPeriodId: $p) { ${fields} } } } }`,
    { r: [{ __typename: 'SectionEnrollment', sectionId: ids.algebra, studentId: idOf(name) }], p: period },
  );
  if (answer.errors) return answer.errors[0]!.extensions['code'];
  const [found] = answer.data!['_entities'] as ({ calculatedGrade: Record<string, unknown> | null } | null)[];
  return found && found.calculatedGrade;
}
async function gradesOf(viewer: Viewer, fields = 'student { id } percent', page = '') {
  const answer = await service.entities(
    viewer,
    [{ __typename: 'Section', id: ids.algebra }],
    `... on Section { calculatedGrades${page} { nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`,
  );
  const [found] = answer.data!['_entities'] as ({ calculatedGrades: { nodes: object[]; pageInfo: { endCursor: string } } } | null)[];
  return found && found.calculatedGrades;
}

describe('a calculated grade', () => {
  test('follows the scores and the settings at once, and shows every step', async () => {
    const tests = await category('Tests', 60);
    const homework = await category('Homework', 40);
    await score(await assignment('Test 1', { categoryId: tests }), { Ana: '18', Ben: '10' });
    const quiz = await assignment('Page 7', { categoryId: homework, highest: '10' });
    await score(quiz, { Ana: '7' });
    // points: 25/30
    expect(await gradeOf(people.teacher)).toEqual({ mark: 'B', percent: '83.33', reason: null });
    expect(await rules({ method: 'WEIGHTED', places: 1 })).toMatchObject({ method: 'WEIGHTED', places: 1, missingPercent: '0' });
    // 90 x 0.6 + 70 x 0.4 = 82
    const steps = `percent places cutoff { mark from below } categories { category { title } weight appliedWeight earned outOf percent
      scores { assignment { id } title value counted reason } }`;
    expect(await gradeOf(people.teacher, 'Ana', steps)).toEqual({
      ...{ percent: '82.0', places: 1, cutoff: { mark: 'B', from: '80', below: '90' } },
      categories: [
        {
          ...{ category: { title: 'Homework' }, weight: 40, appliedWeight: '40.0000', earned: '7', outOf: '10', percent: '70.0000' },
          scores: [{ assignment: { id: quiz }, title: 'Page 7', value: '7', counted: '7', reason: null }],
        },
        expect.objectContaining({ weight: 60, percent: '90.0000' }),
      ],
    });
    // Ben has no homework: 50 % of his tests alone
    expect(await gradeOf(people.teacher, 'Ben')).toEqual({ mark: 'F', percent: '50.0', reason: null });
    expect(await gradeOf(people.teacher, 'Cho')).toEqual({ mark: null, percent: null, reason: 'NOTHING_COUNTED' });
  });

  test('of a grading period counts its work: by its own word, else by the day on which it is due or was given', async () => {
    await score(await assignment('in fall'), { Ana: '20' });
    await score(await assignment('in winter', { dueOn: '2026-10-17' }), { Ana: '0' });
    await score(await assignment('due in winter, for fall', { dueOn: '2026-11-01', gradingPeriodId: ids.fall }), { Ana: '10' });
    await score(await assignment('given in winter', { dueOn: null, assignedOn: '2026-12-18' }), { Ana: '5' });
    await score(await assignment('of no day', { dueOn: null }), { Ana: '15' });
    const percent = async (period: string | null) => (await gradeOf(people.teacher, 'Ana', 'percent', period))?.percent;
    expect(await percent(ids.fall)).toBe('75.00'); // 20 and 10 of 40
    expect(await percent(ids.winter)).toBe('12.50'); // 0 and 5 of 40
    expect(await percent(null)).toBe('50.00'); // 50 of 100
    expect(await percent(idOf('no period'))).toBeNull();
    expect(await gradeOf(people.teacher, 'Ana', 'percent', 'x')).toBeNull();
  });

  test('is seen as scores are: by its teachers, the office, and the own family', async () => {
    await score(await assignment('Quiz'), { Ana: '20', Ben: '10' });
    for (const viewer of [
      people.teacher,
      people.coTeacher,
      people.substitute,
      people.counselor,
      people.principal,
      people.parent,
      people.ana,
    ])
      expect(await gradeOf(viewer, 'Ana', 'percent')).toEqual({ percent: '100.00' });
    for (const viewer of [people.colleague, people.stranger, people.otherPrincipal, people.otherParent])
      expect(await gradeOf(viewer, 'Ana', 'percent')).toBeNull();
    expect(await gradeOf(people.clerk)).toBe('FORBIDDEN');
    expect((await gradesOf(people.teacher))!.nodes).toHaveLength(3);
    expect((await gradesOf(people.parent))!.nodes).toEqual([{ student: { id: ids.ana }, percent: '100.00' }]);
    expect(await gradesOf(people.colleague)).toBeNull();
  });

  test('of a whole section, page by page, costs one statement however many students there are', async () => {
    await score(await assignment('Quiz'), { Ana: '20', Ben: '10', Cho: '5' });
    const first = (await gradesOf(people.teacher, 'student { id }', '(first: 2)'))!;
    const second = (await gradesOf(people.teacher, 'student { id }', `(first: 2, after: "${first.pageInfo.endCursor}")`))!;
    expect([...first.nodes, ...second.nodes]).toEqual([ids.ana, ids.ben, ids.cho].sort().map((id) => ({ student: { id } })));
    const students = Array.from({ length: 200 }, (_, n) => idOf(`student ${n}`));
    let statements = 0;
    const found = await calculationOf(
      (async (sql: string, params: readonly unknown[]) => {
        statements += 1;
        return service.sql(sql, params as never);
      }) as never,
      ...([ids.algebra, null, [ids.ana, ...students], new Date('2026-10-05T17:00:00Z')] as const),
    );
    expect(statements).toBe(1);
    expect(found.size).toBe(201);
    expect(found.get(ids.ana)!.percent).toBe('100.00');
  });

  test('of another child is not there for a family, by row-level security alone', async () => {
    const alone = await openGrading({ enforceAccess: false });
    try {
      const asked = [ids.ana, ids.ben].map((studentId) => ({ __typename: 'SectionEnrollment', sectionId: ids.algebra, studentId }));
      const seen = async (viewer: Viewer) =>
        (await alone.entities(viewer, asked, '... on SectionEnrollment { calculatedGrade { reason } }')).data!['_entities'];
      const none = { calculatedGrade: { reason: 'NOTHING_COUNTED' } };
      expect(await seen(people.parent)).toMatchObject([none, { calculatedGrade: null }]);
      expect(await seen(people.teacher)).toMatchObject([none, none]);
    } finally {
      await alone.close();
    }
  });

  test('of a section that nobody knows is none', async () => {
    expect((await calculationOf(service.sql as never, idOf('no section'), null, [ids.ana])).size).toBe(0);
  });
});

describe('the settings of a gradebook', () => {
  test('what is left out stays, what was before is kept, and the office says why', async () => {
    await rules({ places: 0, late: { kind: 'PER_DAY', percent: '10', atMost: '50' }, missingPercent: '50' });
    await rules({ late: null }, people.coTeacher);
    const fields = 'places missingPercent late { kind percent atMost } curve { kind } cutoffs { mark } rubric { id }';
    const read = async (viewer: Viewer) => {
      const { data } = await service.entities(
        viewer,
        [{ __typename: 'Section', id: ids.algebra }],
        `... on Section { gradebookRules { ${fields} } }`,
      );
      return (data!['_entities'] as ({ gradebookRules: object } | null)[])[0]?.gradebookRules ?? null;
    };
    const now = { places: 0, missingPercent: '50', late: null, curve: null, cutoffs: null, rubric: null };
    for (const viewer of [people.teacher, people.parent, people.principal]) expect(await read(viewer)).toEqual(now);
    expect(await read(people.colleague)).toBeNull();
    const [before] = await service.sql(`select before -> 'rules' -> 'late' ->> 'percent' as percent, changed_by from history where table_name = 'gradebook_rules' and operation = 'UPDATE'`); // prettier-ignore
    expect(before).toEqual({ percent: '10', changed_by: people.coTeacher.subject });
    expect(await code(people.principal, 'changeGradebook', { sectionId: ids.algebra, places: 1 })).toBe('REASON_REQUIRED');
    expect(await rules({ places: 1, reason: 'The teacher asked' }, people.principal)).toMatchObject({ places: 1 });
    for (const viewer of [people.colleague, people.counselor, people.parent])
      expect(await code(viewer, 'changeGradebook', { sectionId: ids.algebra, places: 1 })).toBe('FORBIDDEN');
    expect(await code(people.stranger, 'changeGradebook', { sectionId: ids.algebra, places: 1 })).toBe('NOT_FOUND');
  });

  test('weights that do not add up are refused, unless they are to be taken in proportion', async () => {
    const tests = await category('Tests', 60);
    const homework = await category('Homework', 30);
    expect(await code(people.teacher, 'changeGradebook', { sectionId: ids.algebra, method: 'WEIGHTED' })).toBe('WEIGHTS_INVALID');
    expect(await rules({ method: 'WEIGHTED', renormalize: true })).toMatchObject({ method: 'WEIGHTED', renormalize: true });
    expect(await code(people.teacher, 'changeGradebook', { sectionId: ids.algebra, renormalize: false })).toBe('WEIGHTS_INVALID');
    const both = [
      { id: tests, weight: 55 },
      { id: homework, weight: 45, dropLowest: 2 },
    ];
    expect(await rules({ renormalize: false, categories: both })).toMatchObject({ renormalize: false });
    expect(await code(people.teacher, 'changeGradebook', { sectionId: ids.algebra, categories: [{ id: tests, weight: 50 }] })).toBe(
      'WEIGHTS_INVALID',
    );
    expect(await service.sql('select weight, drop_lowest as drop from category order by title')).toEqual([
      { weight: 45, drop: 2 },
      { weight: 55, drop: 0 },
    ]);
    // A category that comes later makes the weights wrong: there is no grade until they are set, and it says so.
    await category('Projects', 10);
    await score(await assignment('Test', { categoryId: tests }), { Ana: '20' });
    expect(await gradeOf(people.teacher)).toEqual({ mark: null, percent: null, reason: 'WEIGHTS_INVALID' });
  });

  test.each([
    [{ cutoffs: [{ mark: 'A', from: '90' }, { mark: 'B', from: '0', below: '89.99' }] }, 'SCALE_GAP'],
    [{ cutoffs: [{ mark: 'A', from: '90', below: '100' }, { mark: 'B', from: '0', below: '90' }] }, 'SCALE_GAP'],
    [{ cutoffs: [{ mark: 'A', from: '90' }] }, 'SCALE_GAP'],
    [{ cutoffs: [{ mark: 'A', from: '90' }, { mark: 'B', from: '0', below: '91' }] }, 'SCALE_OVERLAP'],
    [{ cutoffs: [{ mark: 'A', from: '90' }, { mark: 'B', from: '0' }] }, 'SCALE_OVERLAP'],
    [{ cutoffs: [{ mark: 'A', from: '90' }, { mark: 'A', from: '0', below: '90' }] }, 'SCALE_INVALID'],
    [{ cutoffs: [{ mark: 'A', from: 'ninety' }] }, 'SCALE_INVALID'],
    [{ cutoffs: [{ mark: 'A', from: '0.00001' }] }, 'SCALE_INVALID'],
    [{ cutoffs: [] }, 'SCALE_INVALID'],
    [{ cutoffs: [{ mark: 'Excellent', from: '0' }] }, 'VALUE_NOT_ON_SCALE'],
    [{ incompleteMark: 'INC' }, 'VALUE_NOT_ON_SCALE'],
    [{ places: 5 }, 'RULES_INVALID'],
    [{ dropLowest: -1 }, 'RULES_INVALID'],
    [{ missingPercent: '101' }, 'RULES_INVALID'],
    [{ missingAfterDays: 366 }, 'RULES_INVALID'],
    [{ minimum: '-1' }, 'RULES_INVALID'],
    [{ late: { kind: 'FLAT', percent: '1e1' } }, 'RULES_INVALID'],
    [{ late: { kind: 'FLAT', percent: '10', atMost: '20' } }, 'RULES_INVALID'],
    [{ curve: { kind: 'ADD' } }, 'CURVE_INVALID'],
    [{ curve: { kind: 'ADD', points: '100.5' } }, 'CURVE_INVALID'],
    [{ curve: { kind: 'TABLE', steps: [{ from: '50', to: '60' }] } }, 'CURVE_INVALID'],
    [{ curve: { kind: 'TABLE', steps: [{ from: '50', to: '60' }, { from: '50', to: '70' }] } }, 'CURVE_INVALID'],
    [{ curve: { kind: 'TABLE', steps: [{ from: '50', to: '60' }, { from: '60', to: '50' }] } }, 'CURVE_INVALID'],
    [{ method: 'STANDARDS' }, 'RUBRIC_REQUIRED'],
    [{ rubricId: 'x' }, 'RUBRIC_UNKNOWN'],
    [{ categories: [{ id: 'x', weight: 5 }] }, 'CATEGORY_UNKNOWN'],
    [{ categories: [{ id: idOf('none'), weight: 101 }] }, 'WEIGHT_INVALID'],
    [{ categories: [{ id: idOf('none'), dropLowest: 101 }] }, 'RULES_INVALID'],
  ])('what is odd is refused by name, and nothing is changed (%#)', async (odd, refusal) => {
    expect(await code(people.teacher, 'changeGradebook', { sectionId: ids.algebra, ...odd })).toBe(refusal);
    expect(await service.sql('select from gradebook_rules')).toEqual([]);
  }); // prettier-ignore

  test('a category of the district, or of another section, is not changed from here', async () => {
    await service.sql(`insert into category (id, title, weight) values ($1, 'Exams', 10)`, [idOf('exams')]);
    expect(await code(people.teacher, 'changeGradebook', { sectionId: ids.algebra, categories: [{ id: idOf('exams'), weight: 5 }] })).toBe(
      'CATEGORY_UNKNOWN',
    );
  });
});

describe('scales', () => {
  const passing = [
    { mark: 'A', from: '50' },
    { mark: 'F', from: '0', below: '50' },
  ];
  const scale = async () =>
    (
      await service.data(people.parent, 'query ($s: ID!) { gradingScale(schoolId: $s) { school { id } cutoffs { mark from below } } }', {
        s: ids.school,
      })
    ).gradingScale;

  test("a school's own goes before the district's, a section's own before both", async () => {
    await score(await assignment('Quiz'), { Ana: '12' });
    expect(await gradeOf(people.teacher, 'Ana', 'mark')).toEqual({ mark: 'D' });
    expect((await scale()).cutoffs).toHaveLength(5);
    await verb(people.principal, 'setGradingScale', { schoolId: ids.school, cutoffs: passing.toReversed() }, 'cutoffs { mark }');
    expect(await scale()).toEqual({
      school: { id: ids.school },
      cutoffs: [{ mark: 'A', from: '50', below: null }, { mark: 'F', from: '0', below: '50' }], // prettier-ignore
    });
    expect(await gradeOf(people.teacher, 'Ana', 'mark')).toEqual({ mark: 'A' });
    await rules({ cutoffs: [{ mark: 'C', from: '0' }] });
    expect(await gradeOf(people.teacher, 'Ana', 'mark')).toEqual({ mark: 'C' });
    await rules({ cutoffs: null });
    expect(await gradeOf(people.teacher, 'Ana', 'mark')).toEqual({ mark: 'A' });
  });

  test("is set by who leads the school, the district's by the district", async () => {
    expect(await code(people.principal, 'setGradingScale', { cutoffs: passing })).toBe('FORBIDDEN');
    expect(await code(people.otherPrincipal, 'setGradingScale', { schoolId: ids.school, cutoffs: passing })).toBe('NOT_FOUND');
    expect(await code(people.teacher, 'setGradingScale', { schoolId: ids.school, cutoffs: passing })).toBe('FORBIDDEN');
    expect(await code(people.principal, 'setGradingScale', { schoolId: 'x', cutoffs: passing })).toBe('NOT_FOUND');
    expect(await code(people.administrator, 'setGradingScale', { cutoffs: passing.slice(1) })).toBe('SCALE_GAP');
    expect(await code(people.administrator, 'setGradingScale', { cutoffs: [{ mark: 'P', from: '0' }] })).toBe('VALUE_NOT_ON_SCALE');
  });
});

describe('overrides', () => {
  test('both marks are seen, with who, when and why; cleared, the calculated one holds again', async () => {
    await score(await assignment('Quiz'), { Ana: '12' });
    const first = await override({ mark: 'B' });
    expect(first).toMatchObject({
      ...{ mark: 'B', calculatedMark: 'D', percent: '60.00' },
      override: { mark: 'B', reason: 'She showed it orally', by: { id: people.teacher.subject }, calculatedPercent: '60.00' },
    });
    // An override is a teacher's, like a draft: also to a colleague who is a parent.
    const both: Viewer = { ...people.colleague, grants: [...people.colleague.grants, ...people.parent.grants], students: [ids.ana] };
    for (const viewer of [people.parent, people.ana, both])
      expect(await gradeOf(viewer, 'Ana', 'mark override { mark } overrides { mark }')).toEqual({
        mark: 'D',
        override: null,
        overrides: [],
      });
    for (const viewer of [people.coTeacher, people.counselor, people.principal])
      expect(await gradeOf(viewer, 'Ana', 'mark calculatedMark')).toEqual({ mark: 'B', calculatedMark: 'D' });
    expect(await gradeOf(people.otherParent, 'Ben', 'mark override { mark }')).toEqual({ mark: null, override: null });
    const seen = { sectionId: ids.algebra, studentId: ids.ana, reason: 'x' };
    expect(await code(people.coTeacher, 'overrideGrade', { ...seen, mark: 'C' })).toBe('OVERRIDE_CHANGED');
    const cleared = await override({ mark: null, seenOverrideId: first.override.id }, people.principal);
    expect(cleared).toMatchObject({ mark: 'D', calculatedMark: 'D', override: null, overrides: [{ mark: null }, { mark: 'B' }] });
    expect(await code(people.teacher, 'overrideGrade', { ...seen, seenOverrideId: cleared.overrides[0].id })).toBe('NOTHING_TO_CLEAR');
    await expect(service.sql(`update grade_override set said = 'x'`)).rejects.toThrow('an override is history');
    // That of a grading period is another one.
    expect(await gradeOf(people.teacher, 'Ana', 'overrides { mark }', ids.fall)).toEqual({ overrides: [] });
  });

  const codeOrDone = async (viewer: Viewer, input: object) => {
    const { errors } = await service.ask(viewer, 'mutation ($i: OverrideGradeInput!) { overrideGrade(input: $i) { mark } }', { i: input });
    return errors ? errors[0]!.extensions['code'] : 'DONE';
  };

  test('of ten set at once by those who saw the same grade, one holds and the others are told', async () => {
    const usual = { sectionId: ids.algebra, studentId: ids.ben, reason: 'why' };
    const marks = ['A', 'B', 'C', 'D', 'F', 'A', 'B', 'C', 'D', 'F'];
    const viewers = [people.teacher, people.coTeacher];
    const codes = await Promise.all(marks.map((mark, n) => codeOrDone(viewers[n % 2]!, { ...usual, mark })));
    expect(codes.toSorted()).toEqual(['DONE', ...Array<string>(9).fill('OVERRIDE_CHANGED')]);
    expect(await service.sql('select from grade_override where student_id = $1', [ids.ben])).toHaveLength(1);
  });

  test('what is odd is refused by name', async () => {
    const usual = { sectionId: ids.algebra, studentId: ids.cho, mark: 'A', reason: 'why' };
    for (const [odd, refusal] of [
      [{ mark: 'A+' }, 'VALUE_NOT_ON_SCALE'],
      [{ reason: '  ' }, 'REASON_REQUIRED'],
      [{ reason: 'x'.repeat(501) }, 'REASON_TOO_LONG'],
      [{ reason: 'a\0' }, 'TEXT_INVALID'],
      [{ studentId: idOf('Eli') }, 'NOT_ENROLLED'],
      [{ studentId: 'x' }, 'NOT_ENROLLED'],
      [{ gradingPeriodId: idOf('none') }, 'GRADING_PERIOD_UNKNOWN'],
      [{ gradingPeriodId: 'x' }, 'GRADING_PERIOD_UNKNOWN'],
      [{ sectionId: idOf('none') }, 'NOT_FOUND'],
      [{ seenOverrideId: idOf('none') }, 'OVERRIDE_CHANGED'],
    ] as const)
      expect([odd, await code(people.teacher, 'overrideGrade', { ...usual, ...odd })]).toEqual([odd, refusal]);
    for (const viewer of [people.colleague, people.counselor, people.parent])
      expect(await code(viewer, 'overrideGrade', usual)).toBe('FORBIDDEN');
    expect(await service.sql('select from grade_override where student_id = $1', [ids.cho])).toEqual([]);
  });
});
