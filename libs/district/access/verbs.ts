import { holds, systemViewer, type Viewer } from '@rollbook/school';
import type { SubgraphDefinition } from '@rollbook/subgraph';
import { randomUUIDv7 } from 'node:crypto';
import { today } from './arrange.ts';
import { contractOf, type Argument, type Contract, type Field } from './contract.ts';
import type { Findings } from './judge.ts';
import type { Samples, Situation } from './samples.ts';
import type { Ask, Town } from './town.ts';
import type { Person } from './viewers.ts';

/** A mutation and how to call it. */
export interface Verb {
  readonly service: string;
  readonly field: Field;
  readonly contract: Contract;
}

export const verbsOf = (service: SubgraphDefinition): Verb[] => {
  const contract = contractOf(service);
  return (contract.types.get('Mutation')?.fields ?? []).map((field) => ({ service: service.name, field, contract }));
};

/** What a verb takes, in several ways: with every id that it may name, and with each of those that it may leave out alone. */
export function inputsFor(verb: Verb, situation: Situation, samples: Samples): object[] {
  const ids = verb.contract.inputs.get(verb.field.args[0]!.type)!.filter(({ type, required }) => type === 'ID' && !required);
  const alone = ids.length > 1 ? ids.map(({ name }) => inputFor(verb, situation, samples, (id) => id === name)) : [];
  return [inputFor(verb, situation, samples, () => true), ...alone];
}

/** Made of records around the situation, and of plain words. */
function inputFor({ service, field, contract }: Verb, situation: Situation, samples: Samples, names: (id: string) => boolean): object {
  return objectFor(field.args[0]!.type);

  function objectFor(type: string): object {
    const isWanted = ({ name, type, required, list }: Argument) =>
      required || (type === 'ID' ? names(name) : ['String', 'Int'].includes(type) && !list);
    const wanted = contract.inputs.get(type)!.filter(isWanted);
    const values = wanted.map((argument) => [argument.name, argument.list ? [valueFor(argument)] : valueFor(argument)] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined));
  }

  function valueFor({ name, type, required }: Argument): unknown {
    if (contract.inputs.has(type)) return objectFor(type);
    if (contract.enums.has(type)) return contract.enums.get(type)![0];
    if (type === 'ID') return /^(save|import)Id$/.test(name) ? randomUUIDv7() : idFor(name, required);
    return plain(name, type);
  }

  function idFor(name: string, required: boolean): string | undefined {
    const id = samples.id(service, name === 'id' ? field.type : name.replace(/Ids?$/, ''), situation);
    if (!id && required) throw new Error(`There is no record around ${situation.name} to call ${field.name} with as ${name}.`);
    return id;
  }
}

const texts: Readonly<Record<string, string>> = {
  ...{
    timeZone: 'America/Los_Angeles',
    gradeLevel: '10',
    lowestGrade: 'KG',
    highestGrade: '12',
    entryCode: 'ORIGINAL',
    exitCode: 'TO_STATE',
  },
  ...{
    programCode: 'EL',
    code: 'Q',
    startsAt: '08:00',
    endsAt: '08:30',
    credits: '5',
    periodLoad: '1',
    value: '1',
    lowest: '0',
    highest: '10',
  },
};
const numbers: Readonly<Record<string, number>> = { baseRevision: 0, schoolYear: 2027 };

function plain(name: string, type: string): unknown {
  if (type === 'Boolean') return false;
  if (type === 'Float') return 1;
  if (type === 'Int') return numbers[name] ?? 1;
  if (type === 'Date') return name === 'ends' ? '2027-06-01' : today;
  if (type === 'DateTime') return `${name === 'opensAt' ? today : '2027-06-01'}T00:00:00.000Z`;
  return texts[name] ?? 'matrix';
}

/** What became of a call: the codes of its refusals, of single rows too; DONE for each that was none. */
export async function call(ask: Ask, { field, contract }: Verb, viewer: Viewer, input: object): Promise<readonly string[]> {
  const hasRows = contract.types.get(field.type)!.fields.some(({ name }) => name === 'rows');
  const look = hasRows ? '{ rows { code } }' : '{ __typename }';
  const answer = await ask(viewer, `mutation ($input: ${field.args[0]!.type}!) { ${field.name}(input: $input) ${look} }`, { input });
  if (answer.errors) return answer.errors.map(({ extensions }) => String(extensions['code']));
  const { rows } = (answer.data as Record<string, { rows?: { code: string | null }[] }>)[field.name]!;
  return rows?.length ? rows.map(({ code }) => code ?? 'DONE') : ['DONE'];
}

/** What a service keeps: how many rows each table has and what they say, history included. */
export function fingerprint({ checked }: Town, service: string): Promise<string> {
  return checked[service]!.database.transaction(systemViewer, null, async ({ query }) => {
    const tables = await query<{ name: string }>(
      `select relname as name from pg_class
         where relkind = 'r' and relnamespace = 'public'::regnamespace and has_table_privilege(oid, 'select') order by 1`,
    );
    const counts = tables.map(
      ({ name }) => `select '${name}' as name, count(*) as rows, coalesce(sum(hashtextextended(t::text, 0)), 0) as content from ${name} t`,
    );
    return JSON.stringify(await query(counts.join(' union all ')));
  });
}

/** People call a verb who may not, and nothing may come of it. */
export interface Attempt {
  readonly ask: Ask;
  readonly viewers: readonly Person[];
  /** Around whom the input is made. */
  readonly situation: Situation;
  /** How it is refused; null: however it likes, as long as nothing changes. */
  readonly refusals: readonly string[] | null;
  readonly where: string;
}

export async function attempt(
  verb: Verb,
  samples: Samples,
  town: Town,
  { ask, viewers, situation, refusals, where }: Attempt,
  findings: Findings,
): Promise<void> {
  const before = await fingerprint(town, verb.service);
  for (const { who, viewer } of viewers) {
    const answers: (readonly string[])[] = [];
    for (const input of inputsFor(verb, situation, samples)) answers.push(await call(ask, verb, viewer, input));
    findings.cells += answers.length;
    // Of several ways to call it some may be wrong in themselves, but none is granted and one is refused for who asks.
    const isRefused = answers.some((codes) => codes.every((code) => refusals?.includes(code)));
    if (refusals && (!isRefused || answers.flat().includes('DONE')))
      findings.leaks.add(`${where}: ${who} calls ${verb.field.name} for ${situation.name} and is told ${answers.flat().join()}`);
  }
  if ((await fingerprint(town, verb.service)) !== before) findings.leaks.add(`${where}: ${verb.field.name} changed something`);
}

export const mayCall = ({ field }: Verb, { viewer }: Person) => holds(viewer, field.allowed);
