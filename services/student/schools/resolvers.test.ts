import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { openTestSubgraph, type TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { student } from '../subgraph.ts';

const administrator: Viewer = {
  subject: '0198a7b0-0000-7000-8000-00000000000a',
  grants: [{ role: 'DISTRICT_ADMINISTRATOR', schoolId: null }],
  students: [],
};
const vendor: Viewer = { subject: '0198a7b0-0000-7000-8000-00000000000b', grants: [{ role: 'VENDOR', schoolId: null }], students: [] };
const openSchool = `mutation ($input: OpenSchoolInput!) { openSchool(input: $input) { id name district { name } } }`;
const input = { name: 'Garfield High', timeZone: 'America/Los_Angeles', lowestGrade: '09', highestGrade: '12' };

let service: TestSubgraph;
beforeAll(async () => {
  service = await openTestSubgraph(student);
  await service.sql(`insert into district (name) values ('Del Norte Unified')`);
});
afterAll(() => service.close());

test('an administrator opens a school, everybody finds it, and the others are told', async () => {
  const { openSchool: school } = await service.data(administrator, openSchool, { input });
  expect(school).toMatchObject({ name: 'Garfield High', district: { name: 'Del Norte Unified' } });
  const { schools } = await service.data(vendor, '{ schools(first: 10) { nodes { id name timeZone } pageInfo { hasNextPage } } }');
  expect(schools.nodes).toContainEqual({ id: school.id, name: 'Garfield High', timeZone: 'America/Los_Angeles' });
  expect((await service.told())[0]).toMatchObject({ type: 'SchoolChanged', aggregate: school.id, payload: { name: 'Garfield High' } });
});

test('a time zone or a span of grades that does not exist is refused by name, and nothing is kept', async () => {
  expect(await service.code(administrator, openSchool, { input: { ...input, name: 'X', timeZone: 'Mars/Olympus' } })).toBe(
    'TIME_ZONE_UNKNOWN',
  );
  expect(await service.code(administrator, openSchool, { input: { ...input, name: 'X', lowestGrade: '12', highestGrade: '09' } })).toBe(
    'GRADE_SPAN_INVALID',
  );
  expect(await service.sql(`select 1 from school where name = 'X'`)).toEqual([]);
});

test('nobody else opens a school', async () => {
  expect(await service.code(vendor, openSchool, { input })).toBe('FORBIDDEN');
});

test('what the staff of a school changes leaves its history, which the staff itself cannot write or read', async () => {
  const [school] = await service.sql<{ id: string }>(`select id from school where name = 'Garfield High'`);
  const clerk: Viewer = {
    subject: '0198a7b0-0000-7000-8000-00000000000c',
    grants: [{ role: 'CLERK', schoolId: school!.id }],
    students: [],
  };
  const asClerk = (sql: string) => service.database.transaction(clerk, 'typing error', (tx) => tx.query(sql));
  await asClerk(`update school set name = 'Garfield High School'`);
  expect(await service.sql(`select before ->> 'name' as name, changed_by, reason from history where table_name = 'school'`)).toEqual([
    { name: 'Garfield High', changed_by: clerk.subject, reason: 'typing error' },
  ]);
  expect(await asClerk('select 1 from history')).toEqual([]);
  await expect(
    asClerk(`insert into history (table_name, row_id, operation, before) values ('school', '1', 'UPDATE', '{}')`),
  ).rejects.toThrow('row-level security');
});

test('a member of one school reads the facts of another, but changes neither', async () => {
  const [school] = await service.sql<{ id: string }>(`select id from school where name like 'Garfield%'`);
  const elsewhere: Viewer = { ...vendor, grants: [{ role: 'TEACHER', schoolId: vendor.subject }] };
  expect(await service.data(elsewhere, 'query ($id: ID!) { school(id: $id) { lowestGrade } }', { id: school!.id })).toEqual({
    school: { lowestGrade: '09' },
  });
  const { _entities: entities } = (
    await service.entities(elsewhere, [{ __typename: 'School', id: school!.id }], '... on School { highestGrade }')
  ).data as { _entities: unknown[] };
  expect(entities).toEqual([{ __typename: 'School', highestGrade: '12' }]);
});

test('what a change does not name stays; what it names is checked, told and kept in the history', async () => {
  const [school] = await service.sql<{ id: string }>(`select id from school where name like 'Garfield%'`);
  const change = 'mutation ($input: ChangeSchoolInput!) { changeSchool(input: $input) { name timeZone lowestGrade highestGrade } }';
  const asked = (changes: object) => ({ input: { schoolId: school!.id, reason: 'new wing', ...changes } });
  expect(await service.code(administrator, change, asked({ lowestGrade: '13' }))).toBe('GRADE_SPAN_INVALID');
  expect(await service.code(administrator, change, asked({ timeZone: 'PSTX' }))).toBe('TIME_ZONE_UNKNOWN');
  expect(await service.code(administrator, change, asked({ name: ' ' }))).toBe('NAME_MISSING');
  expect(await service.code(administrator, change, asked({ name: null }))).toBe('NAME_MISSING');
  expect(await service.code(administrator, change, { input: { schoolId: vendor.subject, reason: 'x' } })).toBe('NOT_FOUND');
  const { changeSchool } = await service.data(administrator, change, asked({ lowestGrade: '06', timeZone: 'America/Denver' }));
  expect(changeSchool).toEqual({ name: 'Garfield High School', timeZone: 'America/Denver', lowestGrade: '06', highestGrade: '12' });
  expect((await service.told()).at(-1)!.payload).toMatchObject({ id: school!.id, timeZone: 'America/Denver' });
  const [before] = await service.sql(`select before ->> 'lowest_grade' as grade, reason from history order by id desc limit 1`);
  expect(before).toEqual({ grade: '09', reason: 'new wing' });
});

test('there is one district', async () => {
  expect(await service.code(administrator, 'mutation { openDistrict(input: { name: "Another" }) { id } }')).toBe('DISTRICT_EXISTS');
});
