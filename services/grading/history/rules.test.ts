import { expect, test } from '@jest/globals';
import { replayed } from './rules.ts';

const silent = { effort: null, conduct: null, codes: null } as const;

test('a posting keeps the value before it, and a change of what was posted is a draft again', () => {
  const changes = [
    { ...silent, kind: 'MARKS', value: 'B', comment: 'first' },
    { ...silent, kind: 'POST', value: null, comment: null },
    { ...silent, kind: 'MARKS', value: 'A', comment: null },
  ] as const;
  expect(replayed(changes).map(({ value, comment, status }) => [value, comment, status])).toEqual([
    ['B', 'first', 'DRAFT'],
    ['B', 'first', 'POSTED'],
    ['A', null, 'DRAFT'],
  ]);
});

test('effort, conduct and codes stay until something else is said of them, and an empty text clears them', () => {
  const changes = [
    { ...silent, kind: 'MARKS', value: 'B', comment: null, effort: 'E', codes: 'E01,E02' },
    { ...silent, kind: 'MARKS', value: 'A', comment: null, conduct: 'S' },
    { ...silent, kind: 'CHANGE', value: 'A', comment: null, effort: '', codes: '' },
  ] as const;
  expect(replayed(changes).map(({ effort, conduct, commentCodes, status }) => [effort, conduct, commentCodes, status])).toEqual([
    ['E', null, ['E01', 'E02'], 'DRAFT'],
    ['E', 'S', ['E01', 'E02'], 'DRAFT'],
    [null, 'S', [], 'POSTED'],
  ]);
});
