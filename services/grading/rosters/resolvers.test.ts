import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { ids, idOf, newSaveId, openGrading, people, type Grading } from '../testing.ts';

let service: Grading;
let alone: Grading;

/** Ana has a posted mark for fall and a draft for winter; Ben a draft for fall. */
async function withMarks(grading: Grading) {
  const save = (gradingPeriodId: string, cells: object[]) =>
    grading.data(people.teacher, `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome } } }`, {
      input: { saveId: newSaveId(), sectionId: ids.algebra, gradingPeriodId, cells },
    });
  await grading.sql(
    `insert into grading_window (grading_period_id, opens_at, closes_at) select id, '2026-10-01Z', '2026-10-10Z' from grading_period`,
  );
  const cell = (studentId: string, value: string) => ({ studentId, value, baseRevision: 0 });
  await save(ids.fall, [cell(ids.ana, 'A'), cell(ids.ben, 'B')]);
  await save(ids.winter, [cell(ids.ana, 'C')]);
  await grading.data(people.teacher, `mutation ($input: PostMarksInput!) { postMarks(input: $input) { rows { outcome } } }`, {
    input: {
      ...{ saveId: newSaveId(), sectionId: ids.algebra, gradingPeriodId: ids.fall },
      cells: [{ studentId: ids.ana, baseRevision: 1 }],
    },
  });
  return grading;
}

beforeAll(async () => {
  service = await withMarks(await openGrading());
  alone = await withMarks(await openGrading({ enforceAccess: false }));
});
afterAll(() => Promise.all([service.close(), alone.close()]));

const enrollment = (studentId: string, sectionId = ids.algebra) => ({ __typename: 'SectionEnrollment', sectionId, studentId });
const latest = async (viewer: Viewer, studentId: string, grading = service) => {
  const { data, errors } = await grading.entities(
    viewer,
    [enrollment(studentId)],
    '... on SectionEnrollment { latestMark { value status gradingPeriod { id } } }',
  );
  const [found] = (data?.['_entities'] ?? []) as { latestMark: { value: string; status: string } | null }[];
  return errors ? errors[0]!.extensions['code'] : found && (found.latestMark?.value ?? null);
};

describe('who sees which marks', () => {
  test('those who teach the section today, its counselors and its principal see drafts; the family what was posted', async () => {
    for (const viewer of [people.teacher, people.coTeacher, people.substitute, people.counselor, people.principal, people.administrator])
      expect(await latest(viewer, ids.ana)).toBe('C');
    expect(await latest(people.parent, ids.ana)).toBe('A');
    expect(await latest(people.ana, ids.ana)).toBe('A');
    expect(await latest(people.otherParent, ids.ben)).toBeNull();
  });

  test('another teacher, another school, another family and the clerk see none', async () => {
    for (const viewer of [people.colleague, people.stranger, people.otherPrincipal, people.otherParent])
      expect(await latest(viewer, ids.ana)).toBeNull();
    expect(await latest(people.clerk, ids.ana)).toBe('FORBIDDEN');
    expect(await latest(people.vendor, ids.ana)).toBeNull();
  });

  test('a teacher who is a parent of a pupil elsewhere in the school sees posted marks there, and no drafts', async () => {
    const both: Viewer = {
      subject: people.colleague.subject,
      grants: [...people.colleague.grants, { role: 'PARENT', schoolId: null }],
      students: [ids.ana],
    };
    expect(await latest(both, ids.ana)).toBe('A');
    const { data } = await service.entities(both, [{ __typename: 'Student', id: ids.ana }], '... on Student { marks { value } }');
    expect(data!['_entities']).toEqual([{ __typename: 'Student', marks: [{ value: 'A' }] }]);
  });

  test('one mark, a section and a student show what their reader may see', async () => {
    const [ana] = await service.sql('select id from mark where student_id = $1 and grading_period_id = $2', [ids.ana, ids.fall]);
    const [ben] = await service.sql('select id from mark where student_id = $1', [ids.ben]);
    const value = async (viewer: Viewer, id: string) =>
      (await service.data(viewer, `query ($id: ID!) { mark(id: $id) { value revision savedBy { id } section { id } } }`, { id })).mark;
    expect(await value(people.parent, ana!['id'])).toEqual({
      ...{ value: 'A', revision: 2, savedBy: { id: people.teacher.subject }, section: { id: ids.algebra } },
    });
    expect(await value(people.otherParent, ben!['id'])).toBeNull();
    expect(await value(people.colleague, ana!['id'])).toBeNull();
    expect(await value(people.stranger, ana!['id'])).toBeNull();
    expect(await value(people.parent, 'no id')).toBeNull();
    const of = async (viewer: Viewer, reference: object, on: string, period: string | null = null) => {
      const answer = await service.ask(
        viewer,
        `query ($r: [_Any!]!, $p: ID) { _entities(representations: $r) { ... on ${on} { marks(gradingPeriodId: $p) { value } } } }`,
        { r: [reference], p: period },
      );
      const [found] = (answer.data!['_entities'] ?? []) as { marks: { value: string }[] }[];
      return found?.marks.map((mark) => mark.value).sort() ?? null;
    };
    const section = { __typename: 'Section', id: ids.algebra };
    expect(await of(people.teacher, section, 'Section')).toEqual(['A', 'B', 'C']);
    expect(await of(people.teacher, section, 'Section', ids.fall)).toEqual(['A', 'B']);
    expect(await of(people.parent, section, 'Section')).toEqual(['A']);
    expect(await of(people.colleague, section, 'Section')).toBeNull();
    expect(await of(people.stranger, section, 'Section')).toBeNull();
    const student = { __typename: 'Student', id: ids.ana };
    expect(await of(people.counselor, student, 'Student', ids.winter)).toEqual(['C']);
    expect(await of(people.parent, student, 'Student')).toEqual(['A']);
    expect(await of(people.colleague, student, 'Student')).toBeNull();
    expect(await of(people.otherParent, student, 'Student')).toBeNull();
  });
});

describe('who sees what belongs to a whole section', () => {
  const parts = [
    { __typename: 'Assignment', id: idOf('essay') },
    { __typename: 'Category', id: idOf('essays') },
    { __typename: 'Section', id: ids.algebra },
  ];
  const seenBy = async (viewer: Viewer, grading = service) => {
    const { data } = await grading.entities(
      viewer,
      parts,
      '... on Assignment { title } ... on Category { title } ... on Section { gradingCategories { title } assignments { nodes { title } } }',
    );
    return data!['_entities'];
  };
  const everything = [
    { __typename: 'Assignment', title: 'Essay' },
    { __typename: 'Category', title: 'Essays' },
    { __typename: 'Section', gradingCategories: [{ title: 'Essays' }], assignments: { nodes: [{ title: 'Essay' }] } },
  ];
  beforeAll(async () => {
    for (const grading of [service, alone]) {
      const place = [ids.school, ids.algebra];
      await grading.sql(`insert into category (id, school_id, section_id, title) values ($1, $2, $3, 'Essays')`, [
        idOf('essays'),
        ...place,
      ]);
      await grading.sql(`insert into assignment (id, school_id, section_id, category_id, title) values ($1, $3, $4, $2, 'Essay')`, [
        ...[idOf('essay'), idOf('essays'), ...place],
      ]);
    }
  });
  const elsewhere: Viewer = { subject: idOf('parent of Eli'), grants: [{ role: 'PARENT', schoolId: null }], students: [idOf('Eli')] };

  test('its teachers, the offices of its school and the families of those who sit in it see its gradebook', async () => {
    for (const viewer of [people.teacher, people.substitute, people.counselor, people.principal, people.parent, people.ana])
      expect(await seenBy(viewer)).toEqual(everything);
  });

  test('a family of another section, a colleague, another school and a vendor do not', async () => {
    for (const viewer of [elsewhere, people.colleague, people.stranger, people.otherPrincipal, people.vendor])
      expect(await seenBy(viewer)).toEqual([null, null, null]);
  });

  test('row-level security alone hides it from other families and schools', async () => {
    for (const viewer of [elsewhere, people.stranger, people.otherPrincipal, people.vendor])
      expect(await seenBy(viewer, alone)).toEqual([null, null, null]);
    expect(await seenBy(people.parent, alone)).toEqual(everything);
  });

  test("a school's own scale of marks is a fact that everybody may read", async () => {
    await service.sql(`insert into mark_scale (school_id, mark_values) values ($1, '{E,S,N}')`, [ids.otherSchool]);
    for (const viewer of [people.teacher, people.parent, people.vendor])
      expect(await service.data(viewer, `{ markScale(schoolId: "${ids.otherSchool}") { values } }`)).toEqual({
        markScale: { values: ['E', 'S', 'N'] },
      });
  });

  test("a teacher elsewhere whose child sits in it finds no section to save in: a family's eyes are not a teacher's hands", async () => {
    const both: Viewer = {
      ...people.stranger,
      grants: [...people.stranger.grants, { role: 'PARENT', schoolId: null }],
      students: [ids.ana],
    };
    const cells = [{ studentId: ids.ana, baseRevision: 0, value: 'A' }];
    for (const [verb, input] of [
      ['saveMarks', { sectionId: ids.algebra, gradingPeriodId: ids.fall, cells }],
      ['postMarks', { sectionId: ids.algebra, gradingPeriodId: ids.fall, cells: [{ studentId: ids.ana, baseRevision: 1 }] }],
      ['saveScores', { sectionId: ids.algebra, cells: [{ ...cells[0], assignmentId: idOf('essay'), value: '1' }] }],
    ] as const) {
      const name = `${verb[0]!.toUpperCase()}${verb.slice(1)}Input`;
      expect(
        await service.code(both, `mutation ($input: ${name}!) { ${verb}(input: $input) { saveId } }`, {
          input: { saveId: newSaveId(), ...input },
        }),
      ).toBe('NOT_FOUND');
    }
  });
});

describe('row-level security by itself', () => {
  test('nothing crosses schools, and families see what is theirs and posted', async () => {
    for (const viewer of [people.stranger, people.otherPrincipal, people.otherParent, people.vendor])
      expect(await latest(viewer, ids.ana, alone)).toBeNull();
    expect(await latest(people.parent, ids.ana, alone)).toBe('A');
    expect(await latest(people.otherParent, ids.ben, alone)).toBeNull();
  });

  test.each([
    'mark',
    'score',
    'save',
    'conflict',
    'section_roster',
    'section_seat',
    'grading_window',
    'assignment',
    'category',
    'mark_scale',
  ])('the table %s shows and takes no row of another school', async (table) => {
    const inName = <Row>(viewer: Viewer, sql: string) => service.database.transaction(viewer, null, (tx) => tx.query<Row>(sql));
    const [{ forced }] = (await service.sql(
      `select relrowsecurity and relforcerowsecurity as forced from pg_class where relname = '${table}'`,
    )) as [{ forced: boolean }];
    expect(forced).toBe(true);
    if (['mark', 'save', 'section_roster', 'section_seat'].includes(table))
      expect((await inName(people.teacher, `select from ${table} where school_id = '${ids.school}'`)).length).toBeGreaterThan(0);
    if (['mark', 'score', 'save', 'conflict', 'section_roster', 'section_seat', 'assignment', 'category'].includes(table))
      expect(await inName(people.otherPrincipal, `select from ${table} where school_id = '${ids.school}'`)).toEqual([]);
    if (table !== 'save')
      expect(await inName(people.otherPrincipal, `delete from ${table} where school_id = '${ids.school}' returning 1`)).toEqual([]);
  });

  test('a family reads its own posted marks, writes none, and reads no receipt', async () => {
    const inName = (sql: string) => service.database.transaction(people.parent, null, (tx) => tx.query(sql));
    expect(await inName('select student_id, status from mark')).toEqual([{ student_id: ids.ana, status: 'POSTED' }]);
    expect(await inName(`update mark set value = 'A+' returning 1`)).toEqual([]);
    expect(await inName('select from save')).toEqual([]);
    expect(await inName('select from conflict')).toEqual([]);
  });

  test('a save into another school stops at the database', async () => {
    const input = { saveId: newSaveId(), sectionId: ids.algebra, gradingPeriodId: ids.fall, cells: [{ studentId: ids.cho, baseRevision: 0, value: 'F' }] }; // prettier-ignore
    const save = `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome } } }`;
    for (const viewer of [people.stranger, people.otherPrincipal, people.parent])
      expect(await alone.ask(viewer, save, { input })).not.toMatchObject({ data: { saveMarks: { rows: [{ outcome: 'SAVED' }] } } });
    expect(await alone.sql('select from mark where student_id = $1', [ids.cho])).toEqual([]);
  });
});

describe('what others tell', () => {
  test('a class of thirty is one statement', async () => {
    const students = Array.from({ length: 30 }, (_, n) => idOf(`pupil ${n}`));
    const big = {
      ...service.algebra,
      id: idOf('big'),
      students: students.map((studentId) => ({ studentId, begins: '2026-08-17', ends: null })),
    };
    await service.hear('scheduling', 'SectionChanged', big);
    const statements = countReads();
    const { data } = await service.entities(
      people.teacher,
      students.map((studentId) => enrollment(studentId, big.id)),
      '... on SectionEnrollment { studentId latestMark { value student { id } } }',
    );
    expect((data!['_entities'] as { studentId: string }[]).map(({ studentId }) => studentId)).toEqual(students);
    expect(statements()).toBe(1);
  });

  /** Counts the statements of the next operation, besides those that open and close its transaction. */
  function countReads(): () => number {
    const pool = service.database.reads as unknown as { connect: () => Promise<{ query: (...args: unknown[]) => unknown }> };
    const connect = pool.connect.bind(pool);
    let count = 0;
    pool.connect = async () => {
      pool.connect = connect;
      const client = await connect();
      const query = client.query;
      client.query = (...args: unknown[]) => {
        if (args[0] === 'reset all') client.query = query;
        else if (!JSON.stringify(args[0]).includes('set_config')) count++;
        return query.apply(client, args);
      };
      return client;
    };
    return () => count;
  }

  test('the same fact twice is once; a later one replaces it', async () => {
    const section = { ...service.algebra, id: idOf('told twice') };
    for (let n = 0; n < 2; n++) await service.hear('scheduling', 'SectionChanged', section);
    await service.hear('scheduling', 'SectionChanged', { ...section, teachers: [], cancelled: true });
    expect(await service.sql('select teacher_ids, cancelled from section_roster where section_id = $1', [section.id])).toEqual([
      { teacher_ids: [], cancelled: true },
    ]);
    const period = { id: idOf('period'), title: 'Q3', schoolYear: 2027, begins: '2027-01-05', ends: '2027-03-10', sessionId: null };
    for (const title of ['Q3', 'Q3', 'Third quarter']) await service.hear('scheduling', 'GradingPeriodChanged', { ...period, title });
    expect(await service.sql('select title from grading_period where id = $1', [period.id])).toEqual([{ title: 'Third quarter' }]);
  });

  test('a grading period that is withdrawn is gone, unless something was saved into it', async () => {
    const period = { id: idOf('a term'), title: 'Fall', schoolYear: 2027, begins: '2026-08-17', ends: '2026-12-19', sessionId: null };
    const kept = async (id: string) => (await service.sql('select id from grading_period where id = $1', [id])).length;
    await service.hear('scheduling', 'GradingPeriodChanged', period);
    await service.hear('scheduling', 'GradingPeriodChanged', { ...period, withdrawn: true });
    expect(await kept(period.id)).toBe(0);
    await service.hear('scheduling', 'GradingPeriodChanged', { ...period, ends: period.begins }); // of no day
    expect(await kept(period.id)).toBe(0);
    await service.hear('scheduling', 'GradingPeriodChanged', period);
    await service.sql(`insert into grading_window (grading_period_id, opens_at, closes_at) values ($1, '2026-12-01Z', '2026-12-20Z')`, [
      period.id,
    ]);
    await service.hear('scheduling', 'GradingPeriodChanged', { ...period, withdrawn: true });
    expect(await kept(period.id)).toBe(1);
  });

  test('a school that moves to another time zone has another day', async () => {
    await service.hear('student', 'SchoolChanged', { id: idOf('moved'), districtId: '', name: 'a', timeZone: 'America/Los_Angeles' });
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, id: idOf('there'), schoolId: idOf('moved'), ends: null });
    const day = async () =>
      (await service.sql(`select roster_day(r, '2026-10-05T02:00:00Z')::text as day from section_roster r where section_id = $1`, [idOf('there')]))[0]!['day']; // prettier-ignore
    expect(await day()).toBe('2026-10-04');
    await service.hear('student', 'SchoolChanged', { id: idOf('moved'), districtId: '', name: 'a', timeZone: 'America/New_York' });
    expect(await day()).toBe('2026-10-04');
    await service.hear('student', 'SchoolChanged', { id: idOf('moved'), districtId: '', name: 'a', timeZone: 'Europe/Berlin' });
    expect(await day()).toBe('2026-10-05');
  });
});
