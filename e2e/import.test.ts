/* eslint-disable @typescript-eslint/no-explicit-any -- answers are as the graph says; the assertions are their types */
import { openLog } from '@rollbook/subgraph/log.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDistrict, type District } from '@rollbook/district/district.ts';
import { importPackage, type ImportOptions, type ImportReport } from '@rollbook/district/importing/importPackage.ts';
import { untilSettled } from '@rollbook/district/settled.ts';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentsOf } from './contents.ts';
import { run } from './programs.ts';
import { ask, openedUntilTheEnd, today } from './topologies.ts';

const fixtures = join(process.env['ROLLBOOK_FIXTURES'] ?? join(import.meta.dirname, '..', '..', 'shared', 'data'), 'oneroster');
const withFixtures = existsSync(fixtures) ? test : test.skip;
const why = existsSync(fixtures) ? '' : ` (skipped: there are no fixtures at ${fixtures})`;

const dirs: string[] = [];
const freshDirectory = () => dirs[dirs.push(mkdtempSync(join(tmpdir(), 'rollbook-import-'))) - 1]!;
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

async function withDistrict<T>(
  dir: string,
  work: (district: District, bring: (file: string, options?: Partial<ImportOptions>) => Promise<ImportReport>) => Promise<T>,
): Promise<T> {
  const district = await openedUntilTheEnd(
    openDistrict({ dir, port: 0, log: openLog('fatal'), now: () => new Date(`${today}T18:00:00Z`) }),
  );
  try {
    const token = await district.issuer.sign(importingAdministrator);
    return await work(district, async (file, options = {}) => {
      const report = await importPackage(join(fixtures, file), {
        ...{ url: district.url, token, strictness: 'tolerant', dryRun: false, timeZone: 'America/Los_Angeles', today },
        ...options,
      });
      await untilSettled(Object.values(district.subgraphs));
      return report;
    });
  } finally {
    await district.close();
  }
}

/** Counts of things as a vendor with every right would count them: page by page through the graph. */
async function countsInGraph(district: District): Promise<Record<string, number>> {
  const token = await district.issuer.sign(importingAdministrator);
  const counts: Record<string, number> = { schools: 0, sections: 0, rosterRows: 0, teacherAssignments: 0 };
  const { data } = await ask(district, token, '{ schools(first: 100) { nodes { id } } }');
  const students = new Set<string>();
  for (const { id } of data.schools.nodes) {
    counts['schools']! += 1;
    for (const student of await pages(district, token, 'students', id, 'id')) students.add(student.id);
    for (const section of await pages(district, token, 'sections', id, 'id begins')) {
      counts['sections']! += 1;
      const answer = await ask(
        district,
        token,
        'query ($id: ID!, $on: Date!) { section(id: $id) { roster(on: $on) { studentId } teachers(on: $on) { id } } }',
        {
          id: section.id,
          on: section.begins,
        },
      );
      counts['rosterRows']! += answer.data.section.roster.length;
      counts['teacherAssignments']! += answer.data.section.teachers.length;
    }
  }
  counts['students'] = students.size;
  return counts;
}

async function pages(district: District, token: string, list: string, schoolId: string, fields: string): Promise<any[]> {
  const nodes = [];
  for (let after: string | null = null; ;) {
    const query = `query ($schoolId: ID!, $after: String) { ${list}(schoolId: $schoolId, first: 100, after: $after) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`;
    const { data, errors } = await ask(district, token, query, { schoolId, after });
    if (errors) throw new Error(JSON.stringify(errors));
    nodes.push(...data[list].nodes);
    if (!data[list].pageInfo.hasNextPage) return nodes;
    after = data[list].pageInfo.endCursor;
  }
}

describe('a OneRoster 1.2 package of four schools', () => {
  let dir: string;
  beforeAll(() => {
    dir = freshDirectory();
  });

  withFixtures(
    `the graph holds as many of each thing as the files have rows${why}`,
    async () => {
      await withDistrict(dir, async (district, bring) => {
        const report = await bring('or12-four-schools.zip', { strictness: 'strict' });
        expect(report.applied).toBe(true);
        expect(report.totals).toEqual({});
        const rows = Object.fromEntries(Object.entries(report.files).map(([file, count]) => [file, count.rows]));
        expect(rows).toMatchObject({
          orgs: 5,
          users: 448,
          demographics: 400,
          academicSessions: 9,
          courses: 40,
          classes: 100,
          enrollments: 2500,
          categories: 1,
          lineItems: 96,
          results: 2400,
        });
        for (const [file, count] of Object.entries(report.files)) expect([file, count.created]).toEqual([file, count.rows]);
        expect(await countsInGraph(district)).toEqual({
          schools: 4,
          students: 400,
          sections: 100,
          rosterRows: 2400,
          teacherAssignments: 100,
        });
      });
    },
    120_000,
  );

  withFixtures(
    `imported again it changes nothing, and a dry run says so${why}`,
    async () => {
      const before = await contentsOf(dir);
      await withDistrict(dir, async (_, bring) => {
        for (const dryRun of [true, false]) {
          const again = await bring('or12-four-schools.zip', { strictness: 'strict', dryRun });
          for (const [file, { rows, created, changed, unchanged, refused }] of Object.entries(again.files))
            expect([file, created, changed, refused, unchanged]).toEqual([file, 0, 0, 0, rows]);
          expect([again.ended, again.differences]).toEqual([0, []]);
        }
      });
      expect(await contentsOf(dir)).toEqual(before);
    },
    120_000,
  );
});

describe('a OneRoster 1.1 package as vendors write them', () => {
  withFixtures(
    `strict mode refuses it whole and says where; tolerant mode brings it in and says what it repaired${why}`,
    async () => {
      await withDistrict(freshDirectory(), async (district, bring) => {
        const strict = await bring('or11-district.zip', { strictness: 'strict' });
        expect(strict.applied).toBe(false);
        expect(strict.issues[0]).toMatchObject({
          file: expect.any(String),
          line: expect.any(Number),
          code: expect.any(String),
          action: expect.any(String),
        });
        const { data } = await ask(district, await district.issuer.sign(importingAdministrator), '{ schools(first: 1) { nodes { id } } }');
        expect(data.schools.nodes).toEqual([]);

        const tolerant = await bring('or11-district.zip');
        expect(tolerant.applied).toBe(true);
        for (const [file, { rows, created, refused }] of Object.entries(tolerant.files))
          expect([file, created + refused]).toEqual([file, rows]);
        const counts = await countsInGraph(district);
        expect(counts).toMatchObject({ schools: 8, students: 778 - (tolerant.files.users!.refused ?? 0), sections: 364 });
        expect(counts['rosterRows']! + counts['teacherAssignments']!).toBe(5810 - tolerant.files.enrollments!.refused);
      });
    },
    240_000,
  );
});

describe('an import that is killed', () => {
  withFixtures(
    `run again, it ends where an undisturbed one does, whatever the point of the kill${why}`,
    async () => {
      const undisturbed = freshDirectory();
      await withDistrict(undisturbed, (_, bring) => bring('or12-four-schools.zip'));
      const expected = await contentsOf(undisturbed);
      const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
      console.log(`seed ${seed}`);
      let random = seed;
      const next = () => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;

      const disturbed = freshDirectory();
      for (let kill = 0; kill < 4; kill++) await importInProcess(disturbed, 1_500 + next() * 3_000);
      expect(await importInProcess(disturbed, null)).toBe(0);
      expect(await contentsOf(disturbed)).toEqual(expected);
    },
    300_000,
  );
});

/** `npm run import` as a process of its own, killed with everything it has after so many milliseconds; answers its exit code. */
async function importInProcess(dir: string, killAfterMs: number | null): Promise<number | null> {
  const { child, ended } = run('import.ts', join(fixtures, 'or12-four-schools.zip'), '--data', dir, '--today', today);
  const timer = killAfterMs === null ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const code = await ended;
  clearTimeout(timer);
  return code;
}

describe('the conformance packages', () => {
  const list = join(fixtures, 'conformance', 'EXPECTED.tsv');
  const packages = existsSync(list)
    ? readFileSync(list, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t'))
    : [];

  withFixtures(
    `every valid one is accepted, every invalid one refused with its kind of error and place, and leaves nothing${why}`,
    async () => {
      expect(packages.length).toBe(13);
      await withDistrict(freshDirectory(), async (district, bring) => {
        for (const [file, , , expected, codes] of packages) {
          const report = await bring(join('conformance', file!), { strictness: 'strict', source: file! });
          expect([file, report.applied]).toEqual([file, expected === 'valid']);
          if (expected === 'valid') continue;
          expect([file, Object.keys(report.totals).sort()]).toEqual([file, codes!.trim().split(' ').sort()]);
          for (const issue of report.issues) expect(issue.file).toBeTruthy();
        }
        const token = await district.issuer.sign(importingAdministrator);
        const { data } = await ask(district, token, '{ schools(first: 100) { nodes { name } } }');
        expect(data.schools.nodes.length).toBeGreaterThan(0);
      });
    },
    240_000,
  );
});
