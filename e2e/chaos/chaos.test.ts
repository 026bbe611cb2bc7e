import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variants } from './broken.ts';
import { campaign } from './campaign.ts';
import type { Kind } from './checker.ts';
import { allFaults, plannedFaults } from './faults.ts';
import { settle } from './lessons.ts';

/** The faults of a run are always the same ones; what they meet is not. */
const seed = 7;
let template: string;
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'rollbook-chaos-town-'));
  await settle(template, 300);
}, 120_000);
afterAll(() => rmSync(template, { recursive: true, force: true }));

test('the same seed plans the same faults: each kind, and at least a hundred in a minute', () => {
  const plan = plannedFaults(seed, 60);
  expect(plannedFaults(seed, 60)).toEqual(plan);
  expect(plannedFaults(seed + 1, 60)).not.toEqual(plan);
  expect(plan.length).toBeGreaterThanOrEqual(100);
  expect(new Set(plan.map(({ fault }) => fault))).toEqual(new Set(allFaults));
  expect(plan.every(({ atMs }) => atMs < 60_000)).toBe(true);
});

test(`teachers save for fifteen seconds under faults, and every promise is kept (seed ${seed})`, async () => {
  const { violations, stories, ...run } = await campaign({ template, topology: 'one', seed, seconds: 15, teachers: 12, atLeast: 100 });
  expect({ violations, stories }).toEqual({ violations: [], stories: [] });
  // The run was worth its name.
  expect(run.faults.length).toBeGreaterThan(15);
  expect(run.acknowledged).toBeGreaterThanOrEqual(100);
  expect(run.conflicts).toBeGreaterThan(0);
  expect(run.reads).toBeGreaterThan(0);
}, 180_000);

/** By which violations each broken variant may be known; one of them must be found. */
const knownBy: Readonly<Record<string, readonly Kind[]>> = {
  'acknowledge-from-memory': ['lost_ack'],
  'retry-without-key': ['dup_apply', 'conflict_applied'],
  'receipt-in-another-transaction': ['final', 'lost_update'],
  'synchronous-commit-off': ['lost_ack'],
  'last-write-wins': ['lost_update'],
};

describe('the checker finds, in a system that is broken on purpose,', () => {
  test.each(variants.map((variant) => [variant.name, variant] as const))(
    '%s',
    async (name, variant) => {
      const found: Kind[] = [];
      // On a machine that is busy, a few seconds may not meet the moment that matters; three times a few do.
      for (let run = 0; run < 3 && !knownBy[name]!.some((kind) => found.includes(kind)); run++) {
        const how = { template, topology: 'one', seconds: 5, teachers: 12, atLeast: 60, restMs: 6_000 } as const;
        const { violations } = await campaign({ ...how, seed: seed + run, variant });
        found.push(...violations.map(({ kind }) => kind));
      }
      console.log(`${name}: ${[...Map.groupBy(found, (kind) => kind)].map(([kind, all]) => `${kind} ${all.length}`).join(', ')}`);
      expect(knownBy[name]!.filter((kind) => found.includes(kind))).not.toEqual([]);
    },
    240_000,
  );
});
