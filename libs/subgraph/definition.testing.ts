import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SubgraphDefinition } from './definition.ts';
import { forgottenSlices, historyGaps, strayRefusals } from './forgotten.ts';
import { rowLevelSecurityGaps, schemaDifferences } from './schemaDifferences.ts';
import { openTestSubgraph, type TestSubgraph } from './testing.ts';

/** What every service promises of its own parts, as tests of the file that calls this: tables, entities, guards, history and slices agree. */
export function testDefinition(definition: SubgraphDefinition): void {
  let service: TestSubgraph;
  beforeAll(async () => {
    service = await openTestSubgraph(definition);
  });
  afterAll(() => service.close());

  test('all migrations together make exactly the tables that the entities describe', async () => {
    expect(await schemaDifferences(definition, service.database)).toEqual([]);
  });

  test('every table is guarded by row-level security, which the serving role cannot pass by', async () => {
    expect(await rowLevelSecurityGaps(service.database)).toEqual([]);
  });

  test('every table that says who wrote a row keeps what the row was before', async () => {
    expect(await historyGaps(service.database)).toEqual([]);
  });

  test('every folder with a schema.graphql is a slice, and every refusal is for a constraint that there is', async () => {
    expect(forgottenSlices(definition)).toEqual([]);
    expect(await strayRefusals(definition, service.database)).toEqual([]);
  });
}
