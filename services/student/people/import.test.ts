import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sourcedUuid } from '@rollbook/school';
import type { ImportAnswer } from '@rollbook/subgraph';
import { openTestSubgraph, type TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { randomUUID } from 'node:crypto';
import { student } from '../subgraph.ts';
import { administrator, staffViewer, today, yearBegins } from '../testing.ts';

let ask: TestSubgraph;
beforeAll(async () => {
  ask = await openTestSubgraph(student, { now: () => new Date(`${today}T20:00:00Z`) });
});
afterAll(() => ask.close());

const source = 'sis';
const idOf = (sourcedId: string, kind = 'user') => sourcedUuid(source, kind, sourcedId);
const answer = 'created changed unchanged refused { row sourcedId code } differences { sourcedId field before after }';

interface Asked {
  importId?: string;
  batch?: number;
  dryRun?: boolean;
  on?: string;
}
async function send(verb: 'importOrgs' | 'importUsers' | 'importDemographics', rows: object[], asked: Asked = {}): Promise<ImportAnswer> {
  const { importId = randomUUID(), batch = 0, dryRun = false, on = today } = asked;
  const extra = verb === 'importUsers' ? { schoolYearBegins: yearBegins } : {};
  const type = `I${verb.slice(1)}Input`;
  const input = { importId, batch, source, dryRun, today: on, rows, ...extra };
  return (await ask.data(administrator, `mutation ($input: ${type}!) { ${verb}(input: $input) { ${answer} } }`, { input }))[verb];
}
const finish = async (importId: string, bulkKinds: string[], on = today) =>
  (
    await ask.data(administrator, 'mutation ($input: FinishPeopleImportInput!) { finishPeopleImport(input: $input) { ended done } }', {
      input: { importId, source, bulkKinds, today: on },
    })
  ).finishPeopleImport;

const org = (sourcedId: string, more = {}) => ({ sourcedId, name: sourcedId, type: 'school', timeZone: 'America/Los_Angeles', ...more });
const orgs = [
  org('d', { type: 'district' }),
  org('high', { lowestGrade: '09', highestGrade: '12' }),
  org('middle', { lowestGrade: '06', highestGrade: '08' }),
];
const user = (sourcedId: string, role: string, more: object = {}, roleMore: object = {}) => ({
  sourcedId,
  givenName: 'Given',
  familyName: sourcedId,
  roles: [{ role, orgSourcedId: 'high', ...roleMore }],
  agentSourcedIds: [],
  ...more,
});
const pupil = (sourcedId: string, more: object = {}, roleMore: object = {}) =>
  user(sourcedId, 'student', { gradeLevel: '10', ...more }, roleMore);
const codes = (result: ImportAnswer) => result.refused.map(({ sourcedId, code }) => [sourcedId, code]);
const counts = ({ created, changed, unchanged, refused }: ImportAnswer) => [created, changed, unchanged, refused.length];
const enrollments = (sourcedId: string) =>
  ask.sql(
    `select c.sourced_id as school, grade_level as grade, begins::text, ends::text, is_primary as primary
       from enrollment e join school c on c.id = e.school_id where student_id = $1 order by begins, c.sourced_id`,
    [idOf(sourcedId)],
  );
const accessOf = async (sourcedId: string) =>
  (
    await ask.data(administrator, 'query ($id: ID!) { accessOf(personId: $id) { grants { role schoolId } students } }', {
      id: idOf(sourcedId),
    })
  ).accessOf;

describe('orgs', () => {
  test('schools before any district are refused one by one; with it they are there, and the others are told', async () => {
    expect(codes(await send('importOrgs', orgs.slice(1)))).toEqual([
      ['high', 'NO_DISTRICT'],
      ['middle', 'NO_DISTRICT'],
    ]);
    expect(counts(await send('importOrgs', orgs))).toEqual([3, 0, 0, 0]);
    expect((await ask.told()).map(({ type, payload }) => [type, payload.name]).toSorted()).toEqual([
      ['SchoolChanged', 'high'],
      ['SchoolChanged', 'middle'],
    ]);
  });
  test("again they change nothing and tell nothing, and what OneRoster cannot tell stays the office's", async () => {
    const told = (await ask.told()).length;
    expect(counts(await send('importOrgs', orgs))).toEqual([0, 0, 3, 0]);
    expect(counts(await send('importOrgs', [org('high', { timeZone: null })]))).toEqual([0, 0, 1, 0]);
    expect(await ask.told()).toHaveLength(told);
    expect(await ask.sql(`select 1 from history`)).toEqual([]);
  });
  test('each row that is wrong is refused by name, and the others are applied', async () => {
    const result = await send('importOrgs', [
      org('', {}),
      org('high'),
      org('high'),
      org('x1', { name: ' ' }),
      org('x2', { type: 'galaxy' }),
      org('x3', { type: 'district' }),
      org('x4', { timeZone: 'Mars/Olympus' }),
      org('x5', { timeZone: null }),
      org('x6', { lowestGrade: '12', highestGrade: '09' }),
      org('state', { type: 'state' }),
    ]);
    expect(codes(result)).toEqual([
      ['', 'SOURCED_ID_MISSING'],
      ['high', 'ROW_REPEATED'],
      ['x1', 'NAME_MISSING'],
      ['x2', 'ORG_TYPE_UNKNOWN'],
      ['x3', 'DISTRICT_EXISTS'],
      ['x4', 'TIME_ZONE_UNKNOWN'],
      ['x5', 'TIME_ZONE_UNKNOWN'],
      ['x6', 'GRADE_SPAN_INVALID'],
    ]);
    expect(await ask.sql(`select 1 from school where sourced_id like 'x%'`)).toEqual([]);
  });
  test('a dry run tells what would change, and changes nothing', async () => {
    const result = await send('importOrgs', [org('high', { name: 'High School' }), org('new')], { dryRun: true });
    expect(counts(result)).toEqual([1, 1, 0, 0]);
    expect(result.differences).toEqual([{ sourcedId: 'high', field: 'name', before: 'high', after: 'High School' }]);
    expect(await ask.sql(`select name from school order by name`)).toEqual([{ name: 'high' }, { name: 'middle' }]);
  });
});

describe('users', () => {
  const family = [
    pupil('kid', { agentSourcedIds: ['mom', 'gran'], identifier: '1', preferredGivenName: 'Kiddo' }),
    user('mom', 'parent', { email: 'mom@example.org' }),
    user('gran', 'relative'),
    user('teach', 'teacher'),
    user('both', 'teacher', {
      roles: [
        { role: 'teacher', orgSourcedId: 'high' },
        { role: 'parent', orgSourcedId: 'high' },
      ],
    }),
  ];

  test('a package becomes students with enrollments, staff with roles, contacts; a child may stand before its mother', async () => {
    expect(counts(await send('importUsers', family))).toEqual([5, 0, 0, 0]);
    expect(await enrollments('kid')).toEqual([{ school: 'high', grade: '10', begins: yearBegins, ends: null, primary: true }]);
    const query = `query ($id: ID!) { student(id: $id) { displayName localId gradeLevel contacts { displayName relation custody priority email } } }`;
    expect((await ask.data(administrator, query, { id: idOf('kid') })).student).toEqual({
      displayName: 'Kiddo kid',
      localId: '1',
      gradeLevel: '10',
      contacts: [
        { displayName: 'Given mom', relation: 'PARENT', custody: 'LEGAL', priority: 1, email: 'mom@example.org' },
        { displayName: 'Given gran', relation: 'RELATIVE', custody: 'NONE', priority: 2, email: null },
      ],
    });
    expect(await accessOf('mom')).toEqual({ grants: [{ role: 'PARENT', schoolId: null }], students: [idOf('kid')] });
    expect(await accessOf('gran')).toEqual({ grants: [], students: [] });
    expect((await accessOf('teach')).grants).toEqual([{ role: 'TEACHER', schoolId: idOf('high', 'org') }]);
  });

  test('a second import of the same changes no row and leaves no history', async () => {
    const before = await ask.sql('select count(*) from history');
    const versions = `select (select string_agg(xmin::text, ',' order by id) from student), (select string_agg(xmin::text, ',' order by id) from enrollment),
      (select string_agg(xmin::text, ',' order by id) from role_grant), (select string_agg(xmin::text, ',' order by id) from contact_relation)`;
    const rows = await ask.sql(versions);
    expect(counts(await send('importUsers', family))).toEqual([0, 0, 5, 0]);
    expect(await ask.sql(versions)).toEqual(rows);
    expect(await ask.sql('select count(*) from history')).toEqual(before);
  });

  test('a batch sent again answers what it answered', async () => {
    const importId = randomUUID();
    const first = await send('importUsers', [pupil('again')], { importId });
    expect(counts(first)).toEqual([1, 0, 0, 0]);
    expect(await send('importUsers', [pupil('again')], { importId })).toEqual(first);
    expect(counts(await send('importUsers', [pupil('again')], { importId, batch: 1 }))).toEqual([0, 0, 1, 0]);
  });

  test("OneRoster's words become our roles, at a school or in the district", async () => {
    const words: [string, string, string | null][] = [
      ['counselor', 'high', 'COUNSELOR'],
      ['principal', 'high', 'PRINCIPAL'],
      ['siteAdministrator', 'middle', 'PRINCIPAL'],
      ['districtAdministrator', 'd', 'DISTRICT_ADMINISTRATOR'],
      ['systemAdministrator', 'high', 'DISTRICT_ADMINISTRATOR'],
      ['administrator', 'high', 'PRINCIPAL'],
      ['administrator', 'd', 'DISTRICT_ADMINISTRATOR'],
      ['ext:clerk', 'high', 'CLERK'],
      ['ext:coach', 'high', null],
      ['aide', 'high', null],
      ['proctor', 'high', null],
    ];
    const rows = words.map(([role, orgSourcedId], i) => user(`w${i}`, role, {}, { orgSourcedId }));
    expect(counts(await send('importUsers', rows))).toEqual([words.length, 0, 0, 0]);
    for (const [i, [, place, role]] of words.entries())
      expect((await accessOf(`w${i}`)).grants).toEqual(
        role ? [{ role, schoolId: role === 'DISTRICT_ADMINISTRATOR' ? null : idOf(place, 'org') }] : [],
      );
    expect(await ask.sql(`select 1 from staff where sourced_id like 'w%'`)).toHaveLength(words.length);
  });

  test('each row that is wrong is refused by name, and the others are applied', async () => {
    const office = await ask.sql<{ id: string }>(
      `insert into student (given_name, family_name, local_id) values ('By', 'Hand', '77') returning id`,
    );
    const result = await send('importUsers', [
      pupil(''),
      pupil('r1'),
      pupil('r1'),
      pupil('r2', { givenName: ' ' }),
      pupil('r3', { familyName: null }),
      pupil('r4', { roles: [] }),
      user('r5', 'wizard'),
      user('r6', 'teacher', {}, { orgSourcedId: 'elsewhere' }),
      pupil('r7', {}, { orgSourcedId: 'elsewhere' }),
      pupil('r8', {}, { orgSourcedId: 'd' }),
      user('r9', 'counselor', {}, { orgSourcedId: 'd' }),
      pupil('r10', { gradeLevel: 'senior' }),
      pupil('r11', { gradeLevel: '02' }),
      pupil('r12', {}, { begins: '2026-02-30' }),
      pupil('r13', {}, { begins: '2026-10-01', ends: '2026-10-01' }),
      pupil('r14', { identifier: '77' }),
      pupil('r15', { identifier: '78' }),
      pupil('r16', { identifier: '78' }),
      pupil('r17', {
        roles: [
          { role: 'student', orgSourcedId: 'high' },
          { role: 'student', orgSourcedId: 'high', begins: '2026-09-01' },
        ],
      }),
    ]);
    expect(codes(result)).toEqual([
      ['', 'SOURCED_ID_MISSING'],
      ['r1', 'ROW_REPEATED'],
      ['r2', 'NAME_MISSING'],
      ['r3', 'NAME_MISSING'],
      ['r4', 'NO_ROLE'],
      ['r5', 'ROLE_UNKNOWN'],
      ['r6', 'ORG_UNKNOWN'],
      ['r7', 'ORG_UNKNOWN'],
      ['r8', 'ORG_NOT_A_SCHOOL'],
      ['r9', 'ORG_NOT_A_SCHOOL'],
      ['r10', 'GRADE_UNKNOWN'],
      ['r11', 'GRADE_NOT_TAUGHT'],
      ['r12', 'DATE_INVALID'],
      ['r13', 'DATES_INVALID'],
      ['r14', 'LOCAL_ID_TAKEN'],
      ['r16', 'LOCAL_ID_TAKEN'],
      ['r17', 'DATES_INVALID'],
    ]);
    expect(office).toHaveLength(1);
    expect((await ask.sql(`select sourced_id from student where sourced_id like 'r%' order by 1`)).map((row) => row['sourced_id'])).toEqual(
      ['r1', 'r15'],
    );
  });

  test('a student whom the office enrolled elsewhere is not taken from there', async () => {
    await send('importUsers', [pupil('ours')]);
    const transfer = 'mutation ($input: TransferStudentInput!) { transferStudent(input: $input) { id } }';
    const [row] = await ask.sql('select id from enrollment where student_id = $1', [idOf('ours')]);
    const input = { enrollmentId: row!['id'], toSchoolId: idOf('middle', 'org'), on: today, gradeLevel: '08' };
    await ask.data(administrator, transfer, { input });
    expect(codes(await send('importUsers', [pupil('ours')]))).toEqual([['ours', 'ENROLLED_BY_OTHERS']]);
    expect((await enrollments('ours')).map((one) => [one['school'], one['ends']])).toEqual([
      ['high', today],
      ['middle', null],
    ]);
  });

  test('a student who is told to be in another school moves there today, counts in each on its days, and the others are told', async () => {
    await send('importUsers', [pupil('mover')]);
    const there = [pupil('mover', { gradeLevel: '08' }, { orgSourcedId: 'middle' })];
    expect(counts(await send('importUsers', there))).toEqual([0, 1, 0, 0]);
    const expected = [
      { school: 'high', grade: '10', begins: yearBegins, ends: today, primary: true },
      { school: 'middle', grade: '08', begins: today, ends: null, primary: true },
    ];
    expect(await enrollments('mover')).toEqual(expected);
    const told = await ask.told();
    expect(told.findLast(({ type }) => type === 'StudentWithdrawn')!.payload).toMatchObject({ schoolId: idOf('high', 'org'), on: today });
    const [mover, high, middle] = [idOf('mover'), idOf('high', 'org'), idOf('middle', 'org')];
    const days = told
      .filter(({ type }) => type === 'EnrollmentsChanged')
      .flatMap(({ payload }) => payload.enrollments.map((row: object) => ({ ...row, schoolId: payload.schoolId })))
      .filter(({ studentId }) => studentId === mover)
      .map(({ schoolId, gradeLevel, begins, ends }) => [schoolId, gradeLevel, begins, ends]);
    expect(days.slice(0, 1)).toEqual([[high, '10', yearBegins, null]]);
    expect(days.slice(1)).toContainEqual([high, '10', yearBegins, today]);
    expect(days.at(-1)).toEqual([middle, '08', today, null]);
    expect(counts(await send('importUsers', there, { on: '2026-12-01' }))).toEqual([0, 0, 1, 0]);
    expect(await enrollments('mover')).toEqual(expected);
    expect(await ask.told()).toEqual(told);
  });

  test('two schools: the primary org counts the student', async () => {
    const roles = [
      { role: 'student', orgSourcedId: 'high' },
      { role: 'student', orgSourcedId: 'middle' },
    ];
    const refused = await send('importUsers', [pupil('two', { roles, primaryOrgSourcedId: 'middle' })]);
    expect(codes(refused)).toEqual([['two', 'GRADE_NOT_TAUGHT']]); // one grade, and only one of the schools teaches it
    await send('importUsers', [pupil('two', { roles, primaryOrgSourcedId: 'middle', gradeLevel: null })]);
    expect((await enrollments('two')).map((one) => [one['school'], one['primary']])).toEqual([
      ['high', false],
      ['middle', true],
    ]);
  });

  test('two schools may change places: the one that counted the student no longer does before the other begins to', async () => {
    const roles = [
      { role: 'student', orgSourcedId: 'high' },
      { role: 'student', orgSourcedId: 'middle' },
    ];
    const primaries = async (primaryOrgSourcedId: string) => {
      await send('importUsers', [pupil('swap', { roles, primaryOrgSourcedId, gradeLevel: null })]);
      return (await enrollments('swap')).filter((one) => one['primary']).map((one) => one['school']);
    };
    expect([await primaries('high'), await primaries('middle'), await primaries('high')]).toEqual([['high'], ['middle'], ['high']]);
  });

  test('what the office said of a contact outlives the import', async () => {
    const kid = idOf('kid');
    const change = 'mutation ($input: ChangeContactInput!) { changeContact(input: $input) { custody } }';
    await ask.data(administrator, change, { input: { studentId: kid, contactId: idOf('mom'), custody: 'BARRED', reason: 'court' } });
    const end = 'mutation ($input: EndContactInput!) { endContact(input: $input) { id } }';
    await ask.data(administrator, end, { input: { studentId: kid, contactId: idOf('gran'), on: today, reason: 'asked' } });
    expect(counts(await send('importUsers', family))).toEqual([0, 0, 5, 0]);
    const query = 'query ($id: ID!) { student(id: $id) { contacts { id custody } } }';
    expect((await ask.data(administrator, query, { id: kid })).student.contacts).toEqual([{ id: idOf('mom'), custody: 'BARRED' }]);
  });

  test('a role that the district took away is not given back by the import, and one that it gave is not taken', async () => {
    const [row] = await ask.sql<{ id: string }>('select id from role_grant where staff_id = $1', [idOf('teach')]);
    const end = 'mutation ($input: EndRoleInput!) { endRole(input: $input) { ends } }';
    await ask.data(administrator, end, { input: { grantId: row!.id, on: today } });
    const grant = 'mutation ($input: GrantRoleInput!) { grantRole(input: $input) { id } }';
    await ask.data(administrator, grant, {
      input: { staffId: idOf('teach'), role: 'COUNSELOR', schoolId: idOf('high', 'org'), begins: today },
    });
    await send('importUsers', family);
    expect((await accessOf('teach')).grants).toEqual([{ role: 'COUNSELOR', schoolId: idOf('high', 'org') }]);
    await ask.data(administrator, grant, {
      input: { staffId: idOf('both'), role: 'PRINCIPAL', schoolId: idOf('middle', 'org'), begins: today },
    });
    expect(counts(await send('importUsers', [user('both', 'principal', {}, { orgSourcedId: 'middle' })]))).toEqual([0, 1, 0, 0]);
    expect((await accessOf('both')).grants).toEqual([{ role: 'PRINCIPAL', schoolId: idOf('middle', 'org') }]);
  });

  test('a contact that the package no longer names ends, and comes back with it', async () => {
    const rows = (agents: string[]) => [pupil('child', { agentSourcedIds: agents }), user('pa', 'guardian')];
    await send('importUsers', rows(['pa']));
    expect((await accessOf('pa')).students).toEqual([idOf('child')]);
    expect(counts(await send('importUsers', rows([])))).toEqual([0, 1, 1, 0]);
    expect((await accessOf('pa')).students).toEqual([]);
    await send('importUsers', rows(['pa']));
    expect((await accessOf('pa')).students).toEqual([idOf('child')]);
  });

  test('a dry run tells what would change, and changes nothing; a school that the package would bring is not missed', async () => {
    const told = await ask.told();
    const state = () =>
      ask.sql(
        'select (select count(*) from student), (select count(*) from staff), (select count(*) from history), (select count(*) from import_seen)',
      );
    const before = await state();
    const rows = [
      pupil('child', { familyName: 'Renamed' }),
      pupil('fresh'),
      pupil('awaits', {}, { orgSourcedId: 'next' }),
      pupil('bad', { givenName: '' }),
    ];
    const result = await send('importUsers', rows, { dryRun: true });
    expect(counts(result)).toEqual([2, 1, 0, 1]);
    expect(result.differences).toEqual([{ sourcedId: 'child', field: 'family_name', before: 'child', after: 'Renamed' }]);
    expect(await state()).toEqual(before);
    expect(await ask.told()).toEqual(told);
  });

  test('to be deleted: everything ends today, and nothing is gone', async () => {
    await send('importUsers', [pupil('leaver', { agentSourcedIds: ['pa'] })]);
    expect(counts(await send('importUsers', [{ ...pupil('leaver'), status: 'tobedeleted' }]))).toEqual([0, 1, 0, 0]);
    expect((await enrollments('leaver')).map((one) => one['ends'])).toEqual([today]);
    expect((await accessOf('leaver')).students).toEqual([]);
    expect((await accessOf('pa')).students).not.toContain(idOf('leaver'));
    expect((await ask.told()).at(-1)).toMatchObject({ type: 'StudentWithdrawn', aggregate: idOf('leaver') });
  });

  test("it is for the district's administrators", async () => {
    const input = { importId: randomUUID(), batch: 0, source, dryRun: false, today, schoolYearBegins: yearBegins, rows: [] };
    const verb = 'mutation ($input: ImportUsersInput!) { importUsers(input: $input) { created } }';
    expect(await ask.code(staffViewer('PRINCIPAL', idOf('high', 'org')), verb, { input })).toBe('FORBIDDEN');
    const rows = Array.from({ length: 1_001 }, (_, i) => pupil(`many${i}`));
    expect(await ask.code(administrator, verb, { input: { ...input, rows } })).toBe('TOO_MANY_ROWS');
  });
});

describe('demographics', () => {
  const row = (sourcedId: string, more = {}) => ({
    sourcedId,
    birthDate: '2010-05-05',
    sex: 'female',
    hispanicOrLatino: true,
    races: ['White'],
    ...more,
  });

  test('are kept of students, seen, changed, and the second time unchanged', async () => {
    expect(counts(await send('importDemographics', [row('kid'), row('mom')]))).toEqual([1, 0, 1, 0]);
    expect(counts(await send('importDemographics', [row('kid')]))).toEqual([0, 0, 1, 0]);
    expect(counts(await send('importDemographics', [row('kid', { birthDate: '2010-05-06' })]))).toEqual([0, 1, 0, 0]);
    const query = 'query ($id: ID!) { student(id: $id) { birthDate sex demographics { races hispanicOrLatino } } }';
    expect((await ask.data(administrator, query, { id: idOf('kid') })).student).toEqual({
      birthDate: '2010-05-06',
      sex: 'female',
      demographics: { races: ['White'], hispanicOrLatino: true },
    });
  });
  test('each row that is wrong is refused by name', async () => {
    const result = await send('importDemographics', [
      row(''),
      row('kid', { birthDate: '2010-02-30' }),
      row('nobody'),
      row('child'),
      row('child'),
    ]);
    expect(codes(result)).toEqual([
      ['', 'SOURCED_ID_MISSING'],
      ['kid', 'DATE_INVALID'],
      ['nobody', 'PERSON_UNKNOWN'],
      ['child', 'ROW_REPEATED'],
    ]);
    const dry = await send('importDemographics', [row('nobody'), row('kid', { sex: 'male' })], { dryRun: true });
    expect(counts(dry)).toEqual([1, 1, 0, 0]);
    expect(await ask.sql(`select sex from demographics where student_id = $1`, [idOf('kid')])).toEqual([{ sex: 'female' }]);
  });
});

describe('the end of a bulk import', () => {
  const open = () => ask.sql<{ id: string }>(`select student_id as id from enrollment where source = $1 and ends is null`, [source]);

  test('what the package no longer holds ends today, in as many calls as it takes; who reappears is there again', async () => {
    const crowd = Array.from({ length: 620 }, (_, i) => pupil(`crowd${i}`));
    await send('importUsers', crowd);
    const stay = [
      ...(await ask.sql<{ sourced_id: string }>(`select sourced_id from student where source = $1 and sourced_id not like 'crowd%'`, [
        source,
      ])),
    ];
    const importId = randomUUID();
    await send('importUsers', [pupil('crowd7'), pupil('crowd8', { givenName: '' })], { importId });
    await send('importOrgs', [orgs[0]!, orgs[1]!], { importId });
    const first = await finish(importId, ['user', 'org', 'class']);
    expect(first).toEqual({ ended: 500, done: false });
    let last = first;
    while (!last.done) last = await finish(importId, ['user', 'org', 'class']);
    expect((await open()).map(({ id }) => id).toSorted()).toEqual([idOf('crowd7'), idOf('crowd8')].toSorted()); // a refused row is still in the package
    expect(await ask.sql(`select sourced_id from school where closed_on = $1`, [today])).toEqual([{ sourced_id: 'middle' }]);
    expect(stay.length).toBeGreaterThan(0);
    expect(await ask.sql('select 1 from import_seen where import_id = $1', [importId])).toEqual([]);
    expect(await ask.sql(`select 1 from outbox where type = 'StudentWithdrawn' and aggregate = $1`, [idOf('crowd9')])).toHaveLength(1);
    expect(counts(await send('importUsers', [pupil('crowd9')]))).toEqual([0, 1, 0, 0]);
    expect(await enrollments('crowd9')).toEqual([{ school: 'high', grade: '10', begins: yearBegins, ends: null, primary: true }]);
    expect((await accessOf('crowd9')).students).toEqual([idOf('crowd9')]);
  });

  test("a package that is not bulk ends nobody, and what the office keeps is not the source's to end", async () => {
    const before = (await open()).length;
    const importId = randomUUID();
    await send('importUsers', [pupil('delta')], { importId });
    expect(await finish(importId, [])).toEqual({ ended: 0, done: true });
    expect(await open()).toHaveLength(before + 1);
    expect(await ask.sql(`select ended_on from student where local_id = '77'`)).toEqual([{ ended_on: null }]);
  });
});
