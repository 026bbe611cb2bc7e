import { expect, test } from '@jest/globals';
import type { RoleRow } from './mapping.ts';
import { RolesByUser } from './rolesByUser.ts';

const role = (role: string, orgSourcedId: string, begins: string | null = null, ends: string | null = null): RoleRow => ({
  ...{ role, orgSourcedId, begins, ends },
});

test('each user has the roles that were added, in their order, wherever they stood in the file', () => {
  const roles = new RolesByUser();
  roles.add('ann', role('student', 'north', '2026-08-17'));
  roles.add('ben', role('teacher', 'north'));
  roles.add('ann', role('student', 'south', null, '2027-06-12'));
  roles.add('ann', role('student', 'south', null, '2027-06-12'));
  expect(roles.of('ann')).toEqual([
    role('student', 'north', '2026-08-17'),
    role('student', 'south', null, '2027-06-12'),
    role('student', 'south', null, '2027-06-12'),
  ]);
  expect(roles.of('ben')).toEqual([role('teacher', 'north')]);
  expect(roles.of('cleo')).toEqual([]);
  roles.close();
});

test('the roles of more users than memory holds are all there', () => {
  const roles = new RolesByUser();
  const users = 150_000; // 300,000 roles take 12 MB; 1 MB of them is held
  for (const org of ['north', 'south']) for (let user = 0; user < users; user++) roles.add(`u${user}`, role(`role ${user % 9}`, org));
  for (let user = 0; user < users; user += 101)
    expect(roles.of(`u${user}`)).toEqual([role(`role ${user % 9}`, 'north'), role(`role ${user % 9}`, 'south')]);
  roles.close();
});
