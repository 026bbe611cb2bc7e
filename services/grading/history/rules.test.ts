import { expect, test } from '@jest/globals';
import { replayed } from './rules.ts';

test('a posting keeps the value before it, and a change of what was posted is a draft again', () => {
  const changes = [
    { kind: 'MARKS', value: 'B', comment: 'first' },
    { kind: 'POST', value: null, comment: null },
    { kind: 'MARKS', value: 'A', comment: null },
  ] as const;
  expect(replayed(changes).map(({ value, comment, status }) => [value, comment, status])).toEqual([
    ['B', 'first', 'DRAFT'],
    ['B', 'first', 'POSTED'],
    ['A', null, 'DRAFT'],
  ]);
});
