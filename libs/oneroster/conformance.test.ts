import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { checkPackage, openPackage } from './index.ts';

const fixtures = `${process.env['ROLLBOOK_FIXTURES'] ?? new URL('../../../shared/data', import.meta.url).pathname}/oneroster`;
const expected = `${fixtures}/conformance/EXPECTED.tsv`;

if (!existsSync(expected)) {
  test.skip(`conformance packages (no ${expected})`, () => {});
} else {
  const cases = readFileSync(expected, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));

  test('there are 13 conformance packages', () => expect(cases).toHaveLength(13));

  describe('strictly checked', () => {
    for (const [file = '', , , verdict, codes = ''] of cases) {
      test(`${file} is ${verdict}${codes && `: ${codes}`}`, async () => {
        const report = await checkPackage(`${fixtures}/conformance/${file}`, { strictness: 'strict' });
        expect(Object.keys(report.totals).sort()).toEqual(codes.split(' ').filter(Boolean).sort());
        expect(report.valid).toBe(verdict === 'valid');
        for (const issue of report.issues) {
          expect(issue).toMatchObject({
            severity: 'refused',
            message: expect.stringMatching(/.{8}/),
            action: expect.stringMatching(/.{8}/),
          });
          expect(issue.file).toMatch(/\.(csv|zip)$/);
          if (!issue.code.startsWith('package.')) expect(issue.line).toBeGreaterThan(0);
          if (/^(row|reference|semantic)\./.test(issue.code)) expect(issue.column).toBeTruthy();
        }
      });
    }
  });
}

/** Packages as other systems export them. */
const exports = [
  { name: 'or12-four-schools', enrollments: 2500, strict: true },
  { name: 'or11-small', enrollments: 546, strict: false },
  { name: 'or11-district', enrollments: 5810, strict: false },
];

for (const { name, enrollments, strict } of exports) {
  const path = `${fixtures}/${name}.zip`;
  if (!existsSync(path)) {
    test.skip(`${name} (no ${path})`, () => {});
    continue;
  }
  describe(name, () => {
    test(strict ? 'is valid by the letter' : 'is refused by the letter, with reasons', async () => {
      const report = await checkPackage(path, { strictness: 'strict' });
      expect(report.valid).toBe(strict);
      if (!strict) expect(Object.keys(report.totals)).toEqual(['row.field_forbidden_in_bulk', 'row.invalid_year']);
    });

    test('is read tolerantly, every row of it', async () => {
      const report = await checkPackage(path, { strictness: 'tolerant' });
      expect(report.valid).toBe(true);
      expect(report.counts.enrollments).toEqual({ rows: enrollments, refused: 0, repaired: strict ? 0 : enrollments });
    });

    test('gives its enrollments row by row', async () => {
      const opened = await openPackage(path, { strictness: 'tolerant' });
      let rows = 0;
      for await (const { row, issues } of opened.rows('enrollments')) {
        rows++;
        expect(row.status).toBe('');
        expect(issues.filter(({ severity }) => severity === 'refused')).toEqual([]);
      }
      await opened.close();
      expect(rows).toBe(enrollments);
    });
  });
}
