import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestSubgraph, rowLevelSecurityGaps, schemaDifferences, type TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { attendance } from './subgraph.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openTestSubgraph(attendance);
});
afterAll(() => service.close());

test('all migrations together make exactly the tables that the entities describe', async () => {
  expect(await schemaDifferences(attendance, service.database)).toEqual([]);
});

test('every table is guarded by row-level security, which the serving role cannot pass by', async () => {
  expect(await rowLevelSecurityGaps(service.database)).toEqual([]);
});
