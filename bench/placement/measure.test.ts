import { expect, test } from '@jest/globals';
import { measure } from './measure.ts';

const seed = Math.floor(Math.random() * 1_000_000);

test(`the bench answers all figures of a small school, in which nobody has more than two changes or loses a course to another (seed ${seed})`, async () => {
  const figures = await measure(['--seed', String(seed), '--students', '120', '--newcomers', '24']);
  expect(figures).toMatchObject({ seed, students: 120, walkIns: 20, changeOthersWorse: 0 });
  expect(figures['changeMostChanges']).toBeLessThanOrEqual(2);
  expect(figures['changeUnplaced']).toBeLessThanOrEqual(figures['changeSeated'] as number);
  for (const key of ['solverP99Ms', 'walkInP99Ms', 'parallelWalkInP99Ms', 'sectionsChanged']) expect(figures[key]).toBeGreaterThan(0);
}, 60_000);

test('an option that is no number is named', async () => {
  await expect(measure(['--seed', 'x'])).rejects.toThrow('--seed');
  await expect(measure(['--students', '3'])).rejects.toThrow('--students');
});
