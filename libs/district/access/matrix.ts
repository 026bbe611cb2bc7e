import { isDistrictWide, schoolsOf, type IsoDate } from '@rollbook/school';
import type { SubgraphDefinition } from '@rollbook/subgraph';
import { composed, contractOf, type Contract, type Field, type Type } from './contract.ts';
import { Findings, judge } from './judge.ts';
import { asksForDays, questionOf } from './questions.ts';
import { nameOf, roadsOf, unreached, type Road } from './roads.ts';
import type { Samples } from './samples.ts';
import type { Ask, Town } from './town.ts';
import type { Person } from './viewers.ts';

/** What was found on all roads of a contract. */
export interface Matrix {
  readonly findings: Findings;
  /** Types that no question reaches. */
  readonly answersOnly: readonly Type[];
  /** Types and fields (as Type.field) of which nobody found anything. */
  readonly unseen: readonly string[];
}

interface Walk {
  readonly contract: Contract;
  readonly service: string;
  readonly samples: Samples;
  readonly town: Town;
  readonly viewers: readonly Person[];
  readonly ask: Ask;
  readonly where: string;
  readonly rowsOnly: boolean;
  /** With references, as the gateway asks a service, each field apart; else from the outside. */
  readonly byReference: boolean;
  /** The days to ask for where one may be named; null is not to name one. */
  readonly days: readonly (IsoDate | null)[];
}

/** Asks one service everything, in everybody's name: by reference, and by its own queries. */
export function walkService(
  service: SubgraphDefinition,
  town: Town,
  viewers: readonly Person[],
  samples: Samples,
  rowsOnly: boolean,
): Promise<Matrix> {
  const subgraph = (rowsOnly ? town.unchecked : town.checked)[service.name]!;
  return walk({
    ...{ contract: contractOf(service), service: service.name, samples, town, rowsOnly, byReference: true, days: [null] },
    viewers: rowsOnly ? unlikeInRows(viewers) : viewers,
    ask: (viewer, query, variables) => subgraph.execute({ query, variables }, viewer),
    where: `${service.name}${rowsOnly ? ' by row-level security alone' : ''}`,
  });
}

/** Asks the whole graph everything over HTTP, in everybody's name, today and for another day. */
export function walkGraph(
  services: readonly SubgraphDefinition[],
  town: Town,
  viewers: readonly Person[],
  samples: Samples,
  day: IsoDate,
): Promise<Matrix> {
  return walk({
    ...{ contract: composed(services.map(contractOf)), service: services[0]!.name, samples, town, viewers, rowsOnly: false },
    ...{ byReference: false, days: [null, day], ask: town.overGateway, where: 'graph' },
  });
}

async function walk(asking: Walk): Promise<Matrix> {
  const { contract, samples, service, byReference, days } = asking;
  const findings = new Findings();
  const all = roadsOf(contract, (type) => byReference && type.key !== null && samples.ofType(service, type).length > 0);
  // Over HTTP an edge's node need not be asked for again: it is the page's node, by the same resolver.
  const roads = byReference ? all : all.filter(({ steps }) => steps.at(-1)?.name !== 'node');
  for (const day of days) for (const road of roads) if (!day || asksForDays(road)) await go(road, day, asking, findings);
  const unseen = [...new Set(roads.map(({ to }) => to))]
    .filter(({ fields }) => fields.length > 0)
    .flatMap(({ name, fields }) =>
      findings.seen.has(name)
        ? fields
            .filter(mayHide)
            .map((field) => `${name}.${field.name}`)
            .filter((field) => !findings.valued.has(field))
        : [name],
    );
  return { findings, unseen, answersOnly: unreached(contract, roads) };
}

async function go(road: Road, day: IsoDate | null, walk: Walk, findings: Findings): Promise<void> {
  const { contract, samples, service, viewers, ask, town, rowsOnly, where } = walk;
  const question = questionOf(road, { contract, service, samples, day, apart: walk.byReference });
  if (!question) return;
  await Promise.all(
    viewers.map(async ({ who, viewer }) => {
      const answer = await ask(viewer, question.query, question.variables);
      if (answer.data === undefined) throw new Error(`${where}: ${nameOf(road)} cannot be asked: ${answer.errors?.[0]?.message}`);
      judge(question, answer, { viewer, who, records: town.records, rowsOnly, isToday: day === null, findings, where });
    }),
  );
}

/** A fact of the institution need not be there to be found: there is nobody to hide it from. */
const mayHide = ({ fieldClass }: Field) => fieldClass !== 'SCHOOL';

/** Row-level security knows of a viewer the schools and the children; of several who have the same, one is asked. */
function unlikeInRows(viewers: readonly Person[]): Person[] {
  const rows = ({ viewer }: Person) => JSON.stringify([isDistrictWide(viewer), schoolsOf(viewer).sort(), [...viewer.students].sort()]);
  return [...new Map(viewers.map((person) => [rows(person), person])).values()];
}
