import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { ids, newSaveId, openGrading, people, type Grading } from '../testing.ts';

let service: Grading;
beforeAll(async () => {
  service = await openGrading();
  await service.sql(`insert into grading_window (grading_period_id, opens_at, closes_at) values ($1, '2026-10-01Z', '2026-10-10Z')`, [
    ids.fall,
  ]);
});
afterAll(() => service.close());

const saveMarks = `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome } } }`;
const say = (viewer: Viewer, value: string) => {
  const cells = [{ studentId: ids.ana, value, baseRevision: 0 }];
  return service.data(viewer, saveMarks, { input: { saveId: newSaveId(), sectionId: ids.algebra, gradingPeriodId: ids.fall, cells } });
};
const conflicts = () => service.sql<Record<string, unknown>>('select * from conflict order by id');

test('of an open conflict nothing can be changed but that it is resolved, not even by the district', async () => {
  await say(people.teacher, 'A');
  await say(people.coTeacher, 'C');
  const before = await conflicts();
  expect(before).toMatchObject([{ lost: { value: 'C' }, found: { value: 'A' }, resolution: null }]);
  const columns = Object.keys(before[0]!).filter((name) => !name.startsWith('resol'));
  expect(columns).toContain('lost');
  const changes: Readonly<Record<string, string>> = {
    ...{ lost: `'{"value": "F"}'`, found: `'{"value": "F"}'`, received_at: `received_at - interval '1 day'` },
    ...{ base_revision: 'base_revision + 1', found_revision: 'found_revision + 1', grading_period_id: 'null', assignment_id: 'uuidv7()' },
  };
  for (const column of columns) {
    const change = `${column} = ${changes[column] ?? 'uuidv7()'}`;
    await expect(service.sql(`update conflict set ${change}`)).rejects.toThrow('a conflict is kept, and resolved once');
    // Nor beside a resolution.
    const resolution = `resolution = 'TAKE_THEIRS', resolved_at = now(), resolved_by = subject, resolving_save_id = save_id`;
    await expect(service.sql(`update conflict set ${resolution}, ${change}`)).rejects.toThrow('a conflict is kept, and resolved once');
  }
  expect(await conflicts()).toEqual(before);
});
