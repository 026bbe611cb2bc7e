import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { IdIndex } from './idIndex.ts';

test('an index of ids answers as a Map of ids to numbers does', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.uuid(), fc.string(), fc.nat(50).map(String)), { maxLength: 400 }), (ids) => {
      const index = new IdIndex();
      const map = new Map<string, number>();
      for (const id of ids) {
        expect(index.numberOf(id)).toBe(map.get(id) ?? -1);
        expect(index.add(id)).toBe(map.has(id) ? -1 : map.size);
        if (!map.has(id)) map.set(id, map.size);
      }
      expect(index.size).toBe(map.size);
      for (const [id, number] of map) expect(index.numberOf(id)).toBe(number);
    }),
  );
});

test('an index keeps its numbers while it grows', () => {
  const index = new IdIndex();
  for (let number = 0; number < 50_000; number++) expect(index.add(`id-${number}`)).toBe(number);
  for (let number = 0; number < 50_000; number++) expect(index.numberOf(`id-${number}`)).toBe(number);
  expect(index.numberOf('id-50000')).toBe(-1);
});
