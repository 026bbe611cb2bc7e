import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Ancestry } from './ancestry.ts';

test('an id is in a loop when its ancestors lead back to it, and not when they lead to somebody else’s loop', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.nat(12).map(String), fc.nat(14).map(String), { maxKeys: 12, noNullPrototype: true }), (parents) => {
      const ancestry = new Ancestry();
      for (const [id, parent] of Object.entries(parents)) ancestry.add(id, parent);
      const isInLoop = ancestry.loops();
      for (let id = 0; id < 16; id++) {
        const visited = new Set<string>();
        let at = parents[id];
        for (; at !== undefined && !visited.has(at); at = parents[at]) visited.add(at);
        expect([id, isInLoop(String(id))]).toEqual([id, visited.has(String(id))]);
      }
    }),
    { numRuns: 500 },
  );
});

test('a very long line of ancestors is followed to its end', () => {
  const ancestry = new Ancestry();
  for (let id = 0; id < 100_000; id++) ancestry.add(`o${id}`, `o${id + 1}`);
  expect(ancestry.loops()('o0')).toBe(false);
  ancestry.add('o100000', 'o0');
  expect(ancestry.loops()('o50000')).toBe(true);
});
