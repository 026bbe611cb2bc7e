import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import {
  administrator,
  openTestDistrict,
  parentOf,
  someone,
  staffViewer,
  today,
  vendor,
  yearBegins,
  type TestDistrict,
} from '../testing.ts';

interface Page {
  nodes: { givenName: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

let district: TestDistrict;
let ask: TestDistrict['service'];
let ana: string;
beforeAll(async () => {
  district = await openTestDistrict();
  ask = district.service;
  ana = await district.addStudent(district.garfield, 'Ana', 'Alvarez');
});
afterAll(() => ask.close());

const look = 'query ($id: ID!) { student(id: $id) { displayName } }';
const sees = async (viewer: Viewer, id: string) => (await ask.data(viewer, look, { id })).student !== null;
const clerk = () => staffViewer('CLERK', district.garfield);

describe('students', () => {
  const change = `mutation ($input: ChangeStudentInput!) { changeStudent(input: $input) {
    displayName preferredName localId birthDate demographics { races countryOfBirth } } }`;

  test('what a change does not name stays, and what was before is in the history with who and why', async () => {
    const input = {
      studentId: ana,
      preferredGivenName: 'Annie',
      localId: 'A-1',
      demographics: { birthDate: '2012-02-29' },
      reason: 'birth certificate',
    };
    await ask.data(clerk(), change, { input });
    const more = { studentId: ana, preferredFamilyName: 'Ruiz', demographics: { races: ['White', 'Asian'] }, reason: 'as the family says' };
    expect((await ask.data(clerk(), change, { input: more })).changeStudent).toEqual({
      displayName: 'Annie Ruiz',
      preferredName: 'Annie',
      localId: 'A-1',
      birthDate: '2012-02-29',
      demographics: { races: ['White', 'Asian'], countryOfBirth: null },
    });
    const history = await ask.sql(
      `select before ->> 'preferred_given_name' as name, changed_by, reason from history where table_name = 'student' and row_id = $1 order by id`,
      [ana],
    );
    expect(history).toEqual([
      { name: null, changed_by: clerk().subject, reason: 'birth certificate' },
      { name: 'Annie', changed_by: clerk().subject, reason: 'as the family says' },
    ]);
  });

  test('a name cannot be taken away, and a number cannot be had twice', async () => {
    const code = (changes: object) => ask.code(clerk(), change, { input: { studentId: ana, reason: 'x', ...changes } });
    expect(await code({ familyName: ' ' })).toBe('NAME_MISSING');
    expect(await code({ givenName: null })).toBe('NAME_MISSING');
    const other = await district.addStudent(district.garfield, 'Ben', 'Brown');
    expect(await code({ studentId: other, localId: 'A-1' })).toBe('LOCAL_ID_TAKEN');
  });

  test('a former school still sees the student, and no longer changes the record', async () => {
    const gone = await district.addStudent(district.roosevelt, 'Cal', 'Cole');
    const [row] = await ask.sql('select id from enrollment where student_id = $1', [gone]);
    const transfer = 'mutation ($input: TransferStudentInput!) { transferStudent(input: $input) { id } }';
    await ask.data(administrator, transfer, { input: { enrollmentId: row!['id'], toSchoolId: district.garfield, on: '2026-10-01' } });
    const former = staffViewer('CLERK', district.roosevelt);
    expect(await sees(former, gone)).toBe(true);
    expect(await ask.code(former, change, { input: { studentId: gone, givenName: 'X', reason: 'x' } })).toBe('FORBIDDEN');
    expect(await ask.code(former, change, { input: { studentId: ana, givenName: 'X', reason: 'x' } })).toBe('NOT_FOUND');
    await ask.data(clerk(), change, { input: { studentId: gone, givenName: 'Calvin', reason: 'x' } });
  });

  test('a new student and the first enrollment are one act: when one is refused, neither is there', async () => {
    const add = 'mutation ($input: AddStudentInput!) { addStudent(input: $input) { id } }';
    const enrollment = { schoolId: district.garfield, gradeLevel: '09', begins: yearBegins, entryCode: 'WHIM' };
    const input = { givenName: 'Nobody', familyName: 'Nowhere', enrollment };
    expect(await ask.code(clerk(), add, { input })).toBe('ENTRY_CODE_UNKNOWN');
    expect(await ask.code(clerk(), add, { input: { ...input, givenName: '' } })).toBe('NAME_MISSING');
    expect(await ask.code(staffViewer('CLERK', district.roosevelt), add, { input })).toBe('FORBIDDEN');
    expect(await ask.code(staffViewer('TEACHER', district.garfield), add, { input })).toBe('FORBIDDEN');
    expect(await ask.sql(`select 1 from student where given_name = 'Nobody'`)).toEqual([]);
  });

  test('a list finds by family name, given name and number, and its pages neither repeat nor skip', async () => {
    for (const name of ['Zadie', 'Zeno', 'Zoe']) await district.addStudent(district.garfield, name, 'Paige');
    const list = `query ($s: ID, $f: String, $n: Int, $a: String) { students(schoolId: $s, filter: $f, first: $n, after: $a) {
      nodes { givenName } pageInfo { hasNextPage endCursor } } }`;
    const names = async (variables: object, viewer = clerk()) =>
      (await ask.data(viewer, list, variables as Record<string, unknown>)).students.nodes.map((s: { givenName: string }) => s.givenName);
    expect(await names({ s: district.garfield, f: 'PAI' })).toEqual(['Zadie', 'Zeno', 'Zoe']);
    expect(await names({ s: district.garfield, f: 'zo' })).toEqual(['Zoe']);
    expect(await names({ s: district.garfield, f: 'A-1' })).toEqual(['Ana']);
    expect(await names({ f: 'paige, ze' }, administrator)).toEqual(['Zeno']);
    expect(await names({ f: 'A-1' }, administrator)).toEqual(['Ana']);
    const all: string[] = [];
    for (let a: string | null = null; ;) {
      const { students }: { students: Page } = await ask.data(clerk(), list, { s: district.garfield, n: 2, a });
      all.push(...students.nodes.map((s) => s.givenName));
      if (!students.pageInfo.hasNextPage) break;
      a = students.pageInfo.endCursor;
    }
    expect(all).toEqual(await names({ s: district.garfield }));
    expect(await ask.code(clerk(), list, { s: district.roosevelt })).toBe('FORBIDDEN');
    expect(await ask.code(parentOf(ana), list, { s: district.garfield })).toBe('FORBIDDEN');
  });
});

describe('a teacher sees the students she teaches', () => {
  const teacher = someone(50);
  const viewer = () => staffViewer('TEACHER', district.garfield, teacher);
  const section = (id: number, more: object) => ({
    id: someone(id),
    schoolId: district.garfield,
    cancelled: false,
    teachers: [{ staffId: teacher, role: 'TEACHER_OF_RECORD', begins: yearBegins, ends: null }],
    students: [{ studentId: ana, begins: yearBegins, ends: null }],
    ...more,
  });
  const hear = (id: number, more: object = {}) => ask.hear('scheduling', 'SectionChanged', section(id, more));

  test('from the event on, however often it comes, until the section is cancelled', async () => {
    expect(await sees(viewer(), ana)).toBe(false);
    await hear(60);
    await hear(60);
    expect(await sees(viewer(), ana)).toBe(true);
    expect(await ask.sql('select 1 from classroom')).toHaveLength(1);
    const { students } = await ask.data(viewer(), 'query ($s: ID) { students(schoolId: $s) { nodes { id } } }', { s: district.garfield });
    expect(students.nodes).toEqual([{ id: ana }]);
    await hear(60, { cancelled: true });
    expect(await sees(viewer(), ana)).toBe(false);
  });

  test('only on the days on which both are there: a substitute of yesterday and a student who left are strangers', async () => {
    const dated = (begins: string, ends: string | null) => ({ begins, ends });
    const teachers = (range: object) => [{ staffId: teacher, role: 'SUBSTITUTE', ...range }];
    const students = (range: object) => [{ studentId: ana, ...range }];
    const cases: [object, boolean][] = [
      [{ teachers: teachers(dated('2026-11-19', today)) }, false],
      [{ teachers: teachers(dated(today, '2026-11-21')) }, true],
      [{ teachers: teachers(dated('2026-11-21', null)) }, false],
      [{ students: students(dated(yearBegins, today)) }, false],
      [{ students: students(dated('2026-11-21', null)) }, false],
      [{ students: [] }, false],
      [{}, true],
    ];
    for (const [more, expected] of cases) {
      await hear(61, more);
      expect([more, await sees(viewer(), ana)]).toEqual([more, expected]);
    }
  });

  test('if she is a counselor at another school too, her list has that school and whom she teaches, and no page names anybody else', async () => {
    const eve = await district.addStudent(district.roosevelt, 'Eve', 'Adams');
    await district.addStudent(district.garfield, 'Untaught', 'Aaron');
    const both: Viewer = { ...viewer(), grants: [...viewer().grants, { role: 'COUNSELOR', schoolId: district.roosevelt }] };
    const listed: string[] = [];
    for (let a: string | null = null, more = true; more;) {
      const query = 'query ($a: String) { students(first: 1, after: $a) { nodes { id } pageInfo { hasNextPage endCursor } } }';
      const { students }: { students: Omit<Page, 'nodes'> & { nodes: { id: string }[] } } = await ask.data(both, query, { a });
      listed.push(...students.nodes.map(({ id }) => id));
      ({ endCursor: a, hasNextPage: more } = students.pageInfo);
      expect(Buffer.from(a!, 'base64url').toString()).not.toContain('aaron');
    }
    expect(listed).toContain(eve);
    expect(listed).toContain(ana);
  });

  test('she reads contacts and programs of these students, and changes nothing of them', async () => {
    const query = 'query ($id: ID!) { student(id: $id) { contacts { displayName } programs { begins } enrollments { begins } } }';
    expect((await ask.data(viewer(), query, { id: ana })).student).toEqual({
      contacts: [],
      programs: [],
      enrollments: [{ begins: yearBegins }],
    });
    const change = 'mutation ($input: ChangeStudentInput!) { changeStudent(input: $input) { id } }';
    expect(await ask.code(viewer(), change, { input: { studentId: ana, givenName: 'X', reason: 'x' } })).toBe('FORBIDDEN');
  });
});

describe('staff and roles', () => {
  const add = 'mutation ($input: AddStaffInput!) { addStaff(input: $input) { id displayName } }';
  const grant = 'mutation ($input: GrantRoleInput!) { grantRole(input: $input) { id role begins ends school { name } } }';
  const end = 'mutation ($input: EndRoleInput!) { endRole(input: $input) { ends } }';
  const access = 'query ($id: ID!) { accessOf(personId: $id) { subject grants { role schoolId } students } }';
  const accessOf = async (id: string) => (await ask.data(administrator, access, { id })).accessOf;

  test('a role holds from its day until before its end, once at a time, and ends without a trace in the records', async () => {
    const { addStaff } = await ask.data(administrator, add, {
      input: { givenName: 'Grace', familyName: 'Hopper', email: 'g@example.org' },
    });
    expect(await accessOf(addStaff.id)).toEqual({ subject: addStaff.id, grants: [], students: [] });
    const input = { staffId: addStaff.id, role: 'TEACHER', schoolId: district.garfield, begins: today };
    const { grantRole } = await ask.data(administrator, grant, { input });
    expect(grantRole).toMatchObject({ role: 'TEACHER', begins: today, ends: null, school: { name: 'Garfield' } });
    expect(await ask.code(administrator, grant, { input })).toBe('ROLE_HELD_ALREADY');
    await ask.data(administrator, grant, { input: { ...input, role: 'COUNSELOR', begins: '2026-11-21' } });
    await ask.data(administrator, grant, { input: { ...input, role: 'DISTRICT_ADMINISTRATOR', schoolId: null } });
    const [teaching, everything] = [
      { role: 'TEACHER', schoolId: district.garfield },
      { role: 'DISTRICT_ADMINISTRATOR', schoolId: null },
    ];
    expect((await accessOf(addStaff.id)).grants).toEqual([everything, teaching]);
    expect((await ask.data(administrator, end, { input: { grantId: grantRole.id, on: today } })).endRole.ends).toBe(today);
    expect((await accessOf(addStaff.id)).grants).toEqual([everything]);
    expect(await ask.code(administrator, end, { input: { grantId: grantRole.id, on: today } })).toBe('ROLE_NOT_HELD');
    await ask.sql('update staff set enabled = false where id = $1', [addStaff.id]);
    expect((await accessOf(addStaff.id)).grants).toEqual([]);
  });

  test('a role in the wrong place, for nobody, or that ends before it begins is refused', async () => {
    const { addStaff } = await ask.data(administrator, add, { input: { givenName: 'Alan', familyName: 'Turing' } });
    const input = { staffId: addStaff.id, role: 'TEACHER', schoolId: district.garfield, begins: today };
    const code = (more: object) => ask.code(administrator, grant, { input: { ...input, ...more } });
    expect(await code({ schoolId: null })).toBe('ROLE_PLACE_INVALID');
    expect(await code({ role: 'DISTRICT_ADMINISTRATOR' })).toBe('ROLE_PLACE_INVALID');
    expect(await code({ staffId: someone(99) })).toBe('NOT_FOUND');
    expect(await code({ schoolId: someone(99) })).toBe('NOT_FOUND');
    expect(await code({ ends: today })).toBe('DATES_INVALID');
    expect(await ask.code(administrator, add, { input: { givenName: '', familyName: 'X' } })).toBe('NAME_MISSING');
    expect(await ask.code(clerk(), grant, { input })).toBe('FORBIDDEN');
    expect(await ask.code(clerk(), add, { input: { givenName: 'A', familyName: 'B' } })).toBe('FORBIDDEN');
    expect(await ask.code(clerk(), end, { input: { grantId: someone(99), on: today } })).toBe('FORBIDDEN');
  });

  test('the directory is for everybody but a vendor', async () => {
    const list =
      'query ($s: ID, $r: String) { staffMembers(schoolId: $s, role: $r, filter: "hop") { nodes { displayName email roles { role } } } }';
    const hopper = { displayName: 'Grace Hopper', email: 'g@example.org', roles: [{ role: 'DISTRICT_ADMINISTRATOR' }] };
    expect((await ask.data(parentOf(ana), list)).staffMembers.nodes).toEqual([hopper]);
    expect((await ask.data(clerk(), list, { r: 'TEACHER' })).staffMembers.nodes).toEqual([]);
    expect(await ask.code(vendor, list)).toBe('FORBIDDEN');
  });

  test('what somebody may be signed in as is for the token issuer alone', async () => {
    for (const viewer of [clerk(), parentOf(ana), vendor]) expect(await ask.code(viewer, access, { id: ana })).toBe('FORBIDDEN');
    expect(await ask.code(administrator, access, { id: someone(99) })).toBe('NOT_FOUND');
    expect(await accessOf(ana)).toEqual({ subject: ana, grants: [{ role: 'STUDENT', schoolId: null }], students: [ana] });
  });

  describe('contacts', () => {
    const addContact = `mutation ($input: AddContactInput!) { addContact(input: $input) { id displayName relation custody priority languages mayPickUp } }`;
    const changeContact =
      'mutation ($input: ChangeContactInput!) { changeContact(input: $input) { custody mayPickUp phone languages priority } }';
    const endContact = 'mutation ($input: EndContactInput!) { endContact(input: $input) { id } }';
    const person = { givenName: 'Mara', familyName: 'Alvarez', phone: '555-0100', languages: ['es', 'en'] };
    let mara: string;

    test("a mother has a parent's rights from the start, a neighbor none; both are called in their order", async () => {
      const mother = await ask.data(clerk(), addContact, { input: { studentId: ana, person, relation: 'PARENT', mayPickUp: true } });
      mara = mother.addContact.id;
      expect(mother.addContact).toMatchObject({
        displayName: 'Mara Alvarez',
        relation: 'PARENT',
        custody: 'LEGAL',
        priority: 1,
        languages: ['es', 'en'],
      });
      const neighbor = { givenName: 'Ned', familyName: 'Next' };
      const other = await ask.data(clerk(), addContact, { input: { studentId: ana, person: neighbor, relation: 'OTHER' } });
      expect(other.addContact).toMatchObject({ custody: 'NONE', priority: 2 });
      expect(await accessOf(mara)).toEqual({ subject: mara, grants: [{ role: 'PARENT', schoolId: null }], students: [ana] });
      expect(await accessOf(other.addContact.id)).toMatchObject({ grants: [], students: [] });
    });

    test('one mother is one person for two children', async () => {
      const sister = await district.addStudent(district.garfield, 'Bea', 'Alvarez');
      await ask.data(clerk(), addContact, { input: { studentId: sister, contactId: mara, relation: 'PARENT' } });
      expect((await accessOf(mara)).students.toSorted()).toEqual([ana, sister].toSorted());
      expect(await ask.code(clerk(), addContact, { input: { studentId: sister, contactId: mara, relation: 'PARENT' } })).toBe(
        'CONTACT_LISTED_ALREADY',
      );
    });

    test('whom a court bars picks nobody up and sees nothing, and the family is not told', async () => {
      const bar = { studentId: ana, contactId: mara, custody: 'BARRED', reason: 'court order 7' };
      expect((await ask.data(clerk(), changeContact, { input: bar })).changeContact).toMatchObject({ custody: 'BARRED', mayPickUp: false });
      expect((await accessOf(mara)).students).not.toContain(ana);
      expect(await ask.code(clerk(), changeContact, { input: { ...bar, custody: undefined, mayPickUp: true } })).toBe('CUSTODY_BARRED');
      const query = 'query ($id: ID!) { student(id: $id) { contacts { custody } } }';
      expect((await ask.data(parentOf(ana), query, { id: ana })).student.contacts[0]).toEqual({ custody: null });
      const back = {
        studentId: ana,
        contactId: mara,
        custody: 'LEGAL',
        person: { phone: '555-0199', languages: null },
        reason: 'order lifted',
      };
      expect((await ask.data(clerk(), changeContact, { input: back })).changeContact).toMatchObject({
        custody: 'LEGAL',
        phone: '555-0199',
        languages: [],
      });
      const history = await ask.sql(`select reason from history where table_name = 'contact_relation' order by id`);
      expect(history.map((row) => row['reason'])).toEqual(['court order 7', 'order lifted']);
    });

    test('a place in the order of calls that is given as null stays as it was', async () => {
      const input = { studentId: ana, contactId: mara, priority: null, livesWith: true, reason: 'moved in' };
      expect((await ask.data(clerk(), changeContact, { input })).changeContact).toMatchObject({ priority: 1 });
    });

    test('a contact that ended is called no more and sees no more', async () => {
      const input = { studentId: ana, contactId: mara, on: today, reason: 'moved away' };
      await ask.data(clerk(), endContact, { input });
      expect((await accessOf(mara)).students).not.toContain(ana);
      expect(await ask.code(clerk(), endContact, { input })).toBe('NOT_FOUND');
    });

    test('what is wrong is refused by name', async () => {
      const code = (more: object, viewer = clerk()) =>
        ask.code(viewer, addContact, { input: { studentId: ana, person, relation: 'PARENT', ...more } });
      expect(await code({ contactId: mara })).toBe('BAD_USER_INPUT');
      expect(await code({ person: null })).toBe('BAD_USER_INPUT');
      expect(await code({ person: null, contactId: someone(99) })).toBe('NOT_FOUND');
      expect(await code({ person: { ...person, familyName: '' } })).toBe('NAME_MISSING');
      expect(await code({ custody: 'BARRED', mayPickUp: true })).toBe('CUSTODY_BARRED');
      expect(await code({ priority: 0 })).toBe('PRIORITY_INVALID');
      expect(await code({}, staffViewer('CLERK', district.roosevelt))).toBe('NOT_FOUND');
      expect(await code({}, staffViewer('TEACHER', district.garfield))).toBe('FORBIDDEN');
      expect(await code({}, parentOf(ana))).toBe('FORBIDDEN');
    });

    test('somebody who works at a school and has a child in another has both under one id', async () => {
      await ask.sql(
        `insert into contact_relation (student_id, contact_id, priority) select $1, id, 3 from staff where given_name = 'Alan'`,
        [ana],
      );
      await ask.sql(
        `insert into contact (id, given_name, family_name, relation) select id, 'Alan', 'Turing', 'PARENT' from staff where given_name = 'Alan'`,
      );
      const [alan] = await ask.sql<{ id: string }>(`select id from contact where given_name = 'Alan'`);
      const input = { staffId: alan!.id, role: 'TEACHER', schoolId: district.roosevelt, begins: today };
      await ask.data(administrator, grant, { input });
      expect(await accessOf(alan!.id)).toEqual({
        subject: alan!.id,
        grants: [
          { role: 'TEACHER', schoolId: district.roosevelt },
          { role: 'PARENT', schoolId: null },
        ],
        students: [ana],
      });
      const viewer: Viewer = { subject: alan!.id, grants: (await accessOf(alan!.id)).grants, students: [ana] };
      const me = await ask.data(viewer, '{ me { id displayName roles { role school { name } } students { givenName } } }');
      expect(me.me).toEqual({
        id: alan!.id,
        displayName: 'Alan Turing',
        roles: [
          { role: 'TEACHER', school: { name: 'Roosevelt' } },
          { role: 'PARENT', school: null },
        ],
        students: [{ givenName: 'Ana' }],
      });
    });
  });
});

test('a vendor is told who it is, and nothing about anybody', async () => {
  expect((await ask.data(vendor, '{ me { displayName roles { role } students { id } } }')).me).toEqual({
    displayName: null,
    roles: [{ role: 'VENDOR' }],
    students: [],
  });
  expect(await ask.code(vendor, look, { id: ana })).toBe('FORBIDDEN');
});

test('a household is found on the days on which the student lives there, by brothers and sisters alike', async () => {
  const [tim, tom] = [
    await district.addStudent(district.garfield, 'Tim', 'Two'),
    await district.addStudent(district.garfield, 'Tom', 'Two'),
  ];
  const address = { street: '1 Elm St', city: 'Del Norte', state: 'CA', postalCode: '90001' };
  const add = 'mutation ($input: AddHouseholdInput!) { addHousehold(input: $input) { id since until } }';
  const { addHousehold } = await ask.data(clerk(), add, { input: { ...address, studentIds: [tim, tom], begins: yearBegins } });
  const second = await ask.data(clerk(), add, { input: { ...address, street: '2 Oak St', studentIds: [tom], begins: yearBegins } });
  const move = 'mutation ($input: MoveStudentInput!) { moveStudent(input: $input) { households { street } } }';
  const input = { studentId: tim, fromHouseholdId: addHousehold.id, toHouseholdId: second.addHousehold.id, on: '2026-10-01' };
  expect((await ask.data(clerk(), move, { input })).moveStudent.households).toEqual([{ street: '2 Oak St' }]);
  const query = 'query ($id: ID!, $on: Date) { student(id: $id) { households(on: $on) { street } } }';
  expect((await ask.data(parentOf(tim), query, { id: tim, on: '2026-09-30' })).student.households).toEqual([{ street: '1 Elm St' }]);
  expect((await ask.data(clerk(), query, { id: tom })).student.households).toHaveLength(2);
  expect(await ask.code(clerk(), move, { input })).toBe('NOT_FOUND');
  expect(await ask.code(clerk(), move, { input: { studentId: tim, on: today } })).toBe('BAD_USER_INPUT');
  expect(await ask.code(clerk(), move, { input: { studentId: tim, toHouseholdId: input.toHouseholdId, on: today } })).toBe(
    'LIVES_THERE_ALREADY',
  );
  expect(await ask.code(staffViewer('CLERK', district.roosevelt), add, { input: { ...address, studentIds: [tim], begins: today } })).toBe(
    'NOT_FOUND',
  );
  expect(await ask.code(clerk(), add, { input: { ...address, studentIds: [], begins: today } })).toBe('BAD_USER_INPUT');
});

test('a reference to a student or a member of staff is answered, and to a stranger is null', async () => {
  const references = [
    { __typename: 'Student', id: ana },
    { __typename: 'Student', id: someone(99) },
  ];
  const names = async (viewer: Viewer) => (await ask.entities(viewer, references, '... on Student { givenName }')).data!['_entities'];
  expect(await names(clerk())).toEqual([{ __typename: 'Student', givenName: 'Ana' }, null]);
  expect(await names(parentOf(ana))).toEqual([{ __typename: 'Student', givenName: 'Ana' }, null]);
  for (const viewer of [staffViewer('CLERK', district.roosevelt), staffViewer('TEACHER', district.garfield), parentOf(someone(98)), vendor])
    expect(await names(viewer)).toEqual([null, null]);
  const [member] = await ask.sql<{ id: string }>(`select id from staff limit 1`);
  const staff = async (viewer: Viewer) =>
    ((await ask.entities(viewer, [{ __typename: 'Staff', id: member!.id }], '... on Staff { id }')).data!['_entities'] as unknown[])[0];
  expect(await staff(parentOf(ana))).toMatchObject({ id: member!.id });
  expect(await staff(vendor)).toBeNull();
});
