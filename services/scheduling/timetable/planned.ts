import { batch, type Context } from '@rollbook/subgraph';
import type { ScenarioRow } from './entities.ts';
import { findScenario } from './scenarios.ts';
import { schoolOf, type Planned } from './schoolOf.ts';

/** What a scenario is judged by, read once however much is asked of it in one operation. */
const plannedById = batch<string, { readonly id: string; readonly planned: Planned }>(
  async (ids, context) => {
    const found = await Promise.all(ids.map((id) => findScenario(id, context)));
    const scenarios = found.filter((scenario) => scenario !== null);
    const read = <Row>(sql: string, params?: readonly unknown[]) => context.read<Row>(sql, params);
    return Promise.all(scenarios.map(async (scenario) => ({ id: scenario.id, planned: await schoolOf(read, scenario) })));
  },
  ({ id }) => id,
);

export const plannedOf = async ({ id }: ScenarioRow, { load }: Context): Promise<Planned> => (await load(plannedById, id))!.planned;
