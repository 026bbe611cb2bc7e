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

/** Here the resolvers' own checks are off: what is not seen, the database alone does not show. */
let district: TestDistrict;
let ask: TestDistrict['service'];
let ours: string;
let theirs: string;
const mother = someone(70);
const nobody: Viewer = { subject: someone(71), grants: [], students: [] };

beforeAll(async () => {
  district = await openTestDistrict({ enforceAccess: false });
  ask = district.service;
  ours = await district.addStudent(district.garfield, 'Our', 'Child');
  theirs = await district.addStudent(district.roosevelt, 'Their', 'Child');
  for (const [i, id] of [ours, theirs].entries()) {
    const contact = i === 0 ? mother : someone(72);
    await ask.sql(`insert into demographics (student_id, birth_date) values ($1, '2011-01-01')`, [id]);
    await ask.sql(`insert into contact_relation (student_id, contact_id, priority) values ($1, $2, 1)`, [id, contact]);
    await ask.sql(`insert into contact (id, given_name, family_name, relation) values ($1, 'A', 'Contact', 'PARENT')`, [contact]);
    await ask.sql(`insert into household (id, street, city, state, postal_code) values ($1, 'S', 'C', 'CA', '9')`, [someone(80 + i)]);
    await ask.sql(`insert into residence (student_id, household_id, begins) values ($1, $2, $3)`, [id, someone(80 + i), yearBegins]);
    await ask.sql(`insert into program_participation (student_id, program_code, begins) values ($1, 'EL', $2)`, [id, yearBegins]);
    const schoolId = i === 0 ? district.garfield : district.roosevelt;
    await ask.hear('scheduling', 'SectionChanged', {
      id: someone(90 + i),
      schoolId,
      cancelled: false,
      teachers: [{ staffId: someone(73), begins: yearBegins, ends: null }],
      students: [{ studentId: id, begins: yearBegins, ends: null }],
    });
  }
  await ask.sql(`insert into staff (id, given_name, family_name) values ($1, 'A', 'Teacher')`, [someone(73)]);
  await ask.sql(`insert into role_grant (staff_id, role, school_id, begins) values ($1, 'TEACHER', $2, $3)`, [
    someone(73),
    district.garfield,
    today,
  ]);
});
afterAll(() => ask.close());

const seen = async (viewer: Viewer, table: string): Promise<number> =>
  (await ask.database.statement<{ n: number }>(viewer, `select count(*)::int as n from ${table}`, []))[0]!.n;

/** Tables with one row about the child of each school. */
const ofStudents = [
  'student',
  'demographics',
  'enrollment',
  'contact_relation',
  'contact',
  'household',
  'residence',
  'program_participation',
];

describe('row-level security alone', () => {
  test("a school's name that somebody elsewhere wants changed is not changed, and not told as if it were", async () => {
    const change = 'mutation ($input: ChangeSchoolInput!) { changeSchool(input: $input) { id } }';
    const told = (await ask.told()).length;
    const input = { schoolId: district.garfield, name: 'Renamed', reason: 'x' };
    for (const viewer of [staffViewer('PRINCIPAL', district.roosevelt), parentOf(ours), vendor])
      expect(await ask.code(viewer, change, { input })).toBe('NOT_FOUND');
    expect(await ask.sql('select name from school where id = $1', [district.garfield])).toEqual([{ name: 'Garfield' }]);
    expect(await ask.told()).toHaveLength(told);
  });

  test.each(ofStudents)('%s: each school sees its own child, the district both, a parent theirs, and others none', async (table) => {
    const [key, own, other] = table === 'contact' ? ['id', mother, someone(72)] : table === 'household' ? ['id', someone(80), someone(81)] : [table === 'student' ? 'id' : 'student_id', ours, theirs]; // prettier-ignore
    const rows = async (viewer: Viewer) =>
      (await ask.database.statement<{ key: string }>(viewer, `select ${key} as key from ${table}`, [])).map((row) => row.key);
    expect((await rows(administrator)).toSorted()).toEqual([own, other].toSorted());
    expect(await rows(staffViewer('CLERK', district.garfield))).toEqual([own]);
    expect(await rows(staffViewer('TEACHER', district.roosevelt))).toEqual([other]);
    expect(await rows(parentOf(ours))).toEqual([own]);
    for (const viewer of [staffViewer('CLERK', district.stevenson), parentOf(someone(98)), vendor, nobody])
      expect(await rows(viewer)).toEqual([]);
  });

  test.each(ofStudents)('%s: another school, a parent and a vendor write nothing', async (table) => {
    for (const viewer of [staffViewer('PRINCIPAL', district.stevenson), parentOf(ours), vendor, nobody])
      expect(await ask.database.statement(viewer, `update ${table} set recorded_at = now() returning 1`, [])).toEqual([]);
    await expect(ask.database.statement(parentOf(ours), `delete from ${table} returning 1`, [])).resolves.toEqual([]);
  });

  test('a school writes rows about its own students only', async () => {
    const clerk = staffViewer('CLERK', district.garfield);
    const insert = (studentId: string) =>
      ask.database.statement(clerk, `insert into program_participation (student_id, program_code, begins) values ($1, 'GATE', $2)`, [
        studentId,
        today,
      ]);
    await insert(ours);
    await expect(insert(theirs)).rejects.toThrow('row-level security');
    const enroll = (schoolId: string) =>
      ask.database.statement(
        clerk,
        `insert into enrollment (student_id, school_id, is_primary, begins) values ($1, $2, false, '2030-01-01')`,
        [theirs, schoolId],
      );
    await expect(enroll(district.roosevelt)).rejects.toThrow('row-level security');
    await expect(
      ask.database.statement(clerk, `update student set school_ids = array[$1::uuid] where id = $2`, [district.roosevelt, ours]),
    ).rejects.toThrow('row-level security');
  });

  test('classrooms are for the staff of their school', async () => {
    for (const table of ['classroom', 'classroom_teacher']) {
      expect(await seen(administrator, table)).toBe(2);
      expect(await seen(staffViewer('TEACHER', district.garfield), table)).toBe(1);
      for (const viewer of [staffViewer('TEACHER', district.stevenson), parentOf(ours), vendor]) expect(await seen(viewer, table)).toBe(0);
    }
  });

  test('the staff directory is for all who belong to the district, and only the district writes it', async () => {
    for (const table of ['staff', 'role_grant']) {
      for (const viewer of [administrator, staffViewer('CLERK', district.stevenson), parentOf(ours)])
        expect(await seen(viewer, table)).toBe(1);
      for (const viewer of [vendor, nobody]) expect(await seen(viewer, table)).toBe(0);
      expect(await seen({ ...nobody, subject: someone(73) }, table)).toBe(1);
      expect(
        await ask.database.statement(
          staffViewer('PRINCIPAL', district.garfield),
          `update ${table} set recorded_at = now() returning 1`,
          [],
        ),
      ).toEqual([]);
    }
    const give = `insert into role_grant (staff_id, role, begins) values ($1, 'DISTRICT_ADMINISTRATOR', $2)`;
    await expect(ask.database.statement(staffViewer('PRINCIPAL', district.garfield), give, [someone(73), today])).rejects.toThrow(
      'row-level security',
    );
  });

  test('a contact sees their own row, also without a child', async () => {
    expect(await seen({ ...nobody, subject: mother }, 'contact')).toBe(1);
  });

  test('the graph shows nothing across schools, and nothing to a parent of another child', async () => {
    const query =
      'query ($id: ID!) { student(id: $id) { givenName contacts { id } programs { id } enrollments { id } households { id } demographics { birthDate } } }';
    for (const viewer of [staffViewer('CLERK', district.garfield), parentOf(ours), vendor])
      expect((await ask.data(viewer, query, { id: theirs })).student).toBeNull();
    const { data } = await ask.entities(
      parentOf(ours),
      [
        { __typename: 'Student', id: theirs },
        { __typename: 'Student', id: ours },
      ],
      '... on Student { givenName }',
    );
    expect(data!['_entities']).toEqual([null, { __typename: 'Student', givenName: 'Our' }]);
    const list = '{ staffMembers { nodes { id } } }';
    expect((await ask.data(vendor, list)).staffMembers.nodes).toEqual([]);
  });

  test('every table with people in it is under row-level security that binds its owner too', async () => {
    const open = await ask.sql(
      `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and not (relrowsecurity and relforcerowsecurity)
         and relname not in ('outbox', 'inbox', 'feed_position', 'mikro_orm_migrations')`,
    );
    expect(open).toEqual([]);
  });
});
