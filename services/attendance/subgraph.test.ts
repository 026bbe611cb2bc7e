import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  forgottenSlices,
  historyGaps,
  openTestSubgraph,
  rowLevelSecurityGaps,
  schemaDifferences,
  strayRefusals,
  type TestSubgraph,
} from '@rollbook/subgraph/testing.ts';
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

test('every table that says who wrote a row keeps what the row was before', async () => {
  expect(await historyGaps(service.database)).toEqual([]);
});

test('every folder with a schema.graphql is a slice, and every refusal is for a constraint that there is', async () => {
  expect(forgottenSlices(attendance)).toEqual([]);
  expect(await strayRefusals(attendance, service.database)).toEqual([]);
});
