import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomFrom } from '@rollbook/subgraph/random.testing.ts';
import { execute, parse, printSchema, specifiedRules, validate, type GraphQLSchema } from 'graphql';
import { CompiledGateway } from './gateway.ts';
import { randomOperation, type RandomOperation } from './randomOperations.ts';
import { requestContext } from './requestContext.ts';
import { composeSupergraph, localDataSources, monolith, school, someIds } from './sampleSchool.ts';

/** ROLLBOOK_RANDOM_OPERATIONS=50000 looks longer; ROLLBOOK_SEED=7 repeats a run. */
const operations = Number(process.env.ROLLBOOK_RANDOM_OPERATIONS ?? 2000);
const seed = Number(process.env.ROLLBOOK_SEED ?? Date.now() % 1_000_000);

let gateway: CompiledGateway;
let whole: GraphQLSchema;

beforeAll(async () => {
  gateway = new CompiledGateway({ supergraphSdl: composeSupergraph(school), dataSource: localDataSources(school) });
  await gateway.load({ apollo: {} });
  whole = monolith(printSchema(gateway.schema), school);
});
afterAll(() => gateway.stop());

const isValid = (source: string): boolean =>
  validate(gateway.schema, parse(source), [...specifiedRules, ...gateway.validationRules]).length === 0;

test(
  `${operations} random operations over four subgraphs are answered as one schema answers them (seed ${seed})`,
  async () => {
    const random = randomFrom(seed);
    let written = 0;
    for (let compared = 0; compared < operations;) {
      const operation = randomOperation(gateway.schema, someIds, random);
      written++;
      if (!isValid(operation.source)) continue;
      compared++;
      await compare(operation);
    }
    expect(gateway.stats.stock).toBe(0); // it is the compiled plans that were compared
    console.log(`Compared ${operations} of ${written} random operations (the others were not valid), seed ${seed}.`);
  },
  10 * 60_000,
);

async function compare({ source, variables }: RandomOperation): Promise<void> {
  const expected = await execute({ schema: whole, document: parse(source), variableValues: variables });
  const answer = await gateway.executor(requestContext(source, { variables }));
  const described = (result: { data?: unknown; errors?: readonly unknown[] }) => ({
    data: JSON.stringify(result.data), // as text: the order of the fields counts
    failed: Boolean(result.errors?.length),
    source,
    variables,
  });
  expect(described(answer)).toEqual(described(expected));
}
