import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { sourcedUuid } from './ids.ts';

describe('the id of an imported record', () => {
  test('is a UUID of version 8 with the RFC 9562 variant', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (source, kind, sourcedId) => {
        expect(sourcedUuid(source, kind, sourcedId)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  test('is the start of SHA-256, but for version and variant', () => {
    fc.assert(
      fc.property(fc.string(), (sourcedId) => {
        const digest = createHash('sha256').update(`district\0user\0${sourcedId}`).digest();
        digest[6] = (digest[6]! & 0x0f) | 0x80;
        digest[8] = (digest[8]! & 0x3f) | 0x80;
        expect(sourcedUuid('district', 'user', sourcedId).replaceAll('-', '')).toBe(digest.toString('hex').slice(0, 32));
      }),
    );
  });

  test('never changes: ids in a database depend on it', () => {
    expect(sourcedUuid('a', 'b', 'c')).toBe('8badde10-c760-89b7-82de-fb4b5e225de7');
  });

  test('differs for another source, another kind, another record', () => {
    const ids = [sourcedUuid('a', 'user', '1'), sourcedUuid('b', 'user', '1'), sourcedUuid('a', 'org', '1'), sourcedUuid('a', 'user', '2')];
    expect(new Set(ids).size).toBe(4);
    expect(sourcedUuid('a', 'bc', 'd')).not.toBe(sourcedUuid('ab', 'c', 'd'));
  });

  test('hardly ever repeats: 200,000 records, 200,000 ids', () => {
    const ids = new Set<string>();
    for (let record = 0; record < 200_000; record++) ids.add(sourcedUuid('district', 'user', String(record)));
    expect(ids.size).toBe(200_000);
  });
});
