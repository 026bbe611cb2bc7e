import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { demoDistrict, type DemoDistrict, type DemoOptions } from './district.ts';

const small: DemoOptions = { schools: 3, students: 600, seed: 1, today: '2026-11-21' };
const parts = ['courseDetails', 'bellSchedules', 'calendar', 'meetings', 'households', 'contacts', 'programs', 'rolls', 'marks'] as const;

/** A fingerprint of each file and list. */
function fingerprints(district: DemoDistrict): Record<string, string> {
  const lists: [string, Iterable<unknown>][] = [
    ...Object.entries(district.files),
    ...parts.map((part) => [part, district[part]] as const),
  ].map(([name, rows]) => [name, rows]);
  return Object.fromEntries(
    lists.map(([name, rows]) => {
      const digest = createHash('sha256');
      for (const row of rows) digest.update(JSON.stringify(row));
      return [name, digest.digest('hex')];
    }),
  );
}

describe('what a seed decides', () => {
  test('the same options give the same rows, and every list can be walked twice', () => {
    const district = demoDistrict(small);
    const first = fingerprints(district);
    expect(fingerprints(district)).toEqual(first);
    expect(fingerprints(demoDistrict({ ...small }))).toEqual(first);
    expect(demoDistrict(small).signIns).toEqual(district.signIns);
  });

  test('another seed gives other schools, people, classes, rolls and marks', () => {
    const one = fingerprints(demoDistrict(small));
    const two = fingerprints(demoDistrict({ ...small, seed: 2 }));
    const same = Object.keys(one).filter((name) => one[name] === two[name]);
    // The calendar is the district's; of it only the bells belong to a school.
    expect(same.sort()).toEqual(['academicSessions', 'calendar', 'categories', 'courseDetails', 'courses']);
  });

  test('as days go by, only rolls, scores and marks change', () => {
    const now = fingerprints(demoDistrict(small));
    const later = fingerprints(demoDistrict({ ...small, today: '2027-04-15' }));
    const changed = Object.keys(now).filter((name) => now[name] !== later[name]);
    expect(changed.sort()).toEqual(['lineItems', 'marks', 'results', 'rolls']);
  });

  test('making another district in between changes nothing', () => {
    const before = fingerprints(demoDistrict(small));
    demoDistrict({ ...small, schools: 4, students: 2000 });
    expect(fingerprints(demoDistrict(small))).toEqual(before);
  });
});

describe('options that cannot be', () => {
  test.each([
    [{ schools: 0 }, 'schools must be a whole number from 1 to 5000, not 0'],
    [{ schools: 2.5 }, 'schools must be a whole number from 1 to 5000, not 2.5'],
    [{ students: 100 }, 'students must be a whole number from 120 to 18000 (40 to 6000 for each of 3 schools), not 100'],
    [{ seed: -1 }, 'seed must be a whole number from 0 to 4294967295, not -1'],
    [{ today: '2026-02-30' }, 'today must be a day written YYYY-MM-DD, not "2026-02-30"'],
    [{ schoolYear: 27 }, 'schoolYear must be a whole number from 1990 to 2100, not 27'],
    [{ assignments: NaN }, 'assignments must be a whole number from 0 to 40, not NaN'],
  ])('%j is refused with a message that names it', (wrong, message) => {
    expect(() => demoDistrict({ ...small, ...wrong })).toThrow(new RangeError(message));
  });
});
