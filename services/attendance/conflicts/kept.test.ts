import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { coTeacher, id, newSaveId, openAttendance, teacher, type Attendance } from '../testing.ts';

let service: Attendance;
beforeAll(async () => {
  service = await openAttendance();
});
afterAll(() => service.close());
beforeEach(() => service.ownSection());

const stored = async () => [
  await service.sql('select * from roll_save order by save_id'),
  await service.sql('select * from roll_conflict_resolution'),
];
const resolve = `mutation ($input: ResolveRollConflictInput!) { resolveRollConflict(input: $input) { outcome } }`;

test('what lost cannot be changed, open or resolved, nor what became of it, not even by the district', async () => {
  await service.take(teacher);
  const lost = service.ownRoll({ exceptions: [{ studentId: id('student', 2), code: 'T', comment: 'bus' }] });
  expect(await service.take(coTeacher, lost)).toMatchObject({ outcome: 'CONFLICT' });
  const frozen = async () => {
    const before = await stored();
    for (const change of [`comments = '{}'`, `codes = '{A}'`, `saved_by = uuidv7()`, `answer = '{"outcome": "REFUSED"}'`, 'revision = 7'])
      await expect(service.sql(`update roll_save set ${change} where save_id = $1`, [lost.saveId])).rejects.toThrow('append-only');
    for (const change of [`resolution = 'KEEP_MINE', base_revision = 1`, 'resolved_by = uuidv7()', 'resolved_at = now()'])
      await expect(service.sql(`update roll_conflict_resolution set ${change}`)).rejects.toThrow('append-only');
    for (const table of ['roll_save', 'roll_conflict_resolution'])
      await expect(service.sql(`delete from ${table}`)).rejects.toThrow('append-only');
    expect(await stored()).toEqual(before);
  };
  await frozen();
  const input = { saveId: newSaveId(), lostSaveId: lost.saveId, resolution: 'TAKE_THEIRS' };
  expect(await service.data(coTeacher, resolve, { input })).toMatchObject({ resolveRollConflict: { outcome: 'SAVED' } });
  await frozen();
});
