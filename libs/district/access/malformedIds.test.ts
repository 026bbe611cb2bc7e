import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SubgraphDefinition } from '@rollbook/subgraph';
import { services } from '../services.ts';
import { today } from './arrange.ts';
import { contractOf, type Argument, type Contract, type Type } from './contract.ts';
import { Samples, situationsOf, type Situation } from './samples.ts';
import { openTown, type Answer, type Town } from './town.ts';
import { call, inputsFor, mayCall, verbsOf } from './verbs.ts';
import { viewersOf, type Person } from './viewers.ts';

// An id that is none, in every place where the SDL takes one: a link that was cut off, a number of another system. It is somebody's slip
// and is answered as one, never as a fault of ours that wakes somebody up.

const malformed = ['not-a-uuid', ''];

let town: Town;
let people: Person[];
let samples: Samples;
let here: Situation;
beforeAll(async () => {
  town = await openTown();
  people = await viewersOf(town);
  const situations = situationsOf(town.people, town.records);
  samples = new Samples(town.records, situations);
  here = situations[0]!;
}, 120_000);
afterAll(() => town?.close());

/** Asks in everybody's name and tells whose answers are faults of ours. */
class Questions {
  readonly faults: string[] = [];
  asked = 0;
  readonly #service: string;
  constructor({ name }: SubgraphDefinition) {
    this.#service = name;
  }

  async ask(what: string, query: string, variables: Record<string, unknown>): Promise<void> {
    for (const { who, viewer } of people) {
      const { errors = [] }: Answer = await town.checked[this.#service]!.execute({ query, variables }, viewer);
      const ours = errors.map(({ extensions }) => String(extensions['code'])).filter(isOurs);
      this.faults.push(...ours.map((code) => `${who} asks for ${what} with ${JSON.stringify(variables)}: ${code}`));
      this.asked += 1;
    }
  }

  expectNoFault(): void {
    expect(this.faults.slice(0, 20)).toEqual([]);
    expect(this.asked).toBeGreaterThan(0);
  }
}

const isOurs = (code: string) => code === 'INTERNAL' || code === 'UNAVAILABLE';
const keyed = ({ types }: Contract) => [...types.values()].filter(({ key }) => key);

/** All that a type tells without being asked for more; empty for what has no fields. */
function look({ types }: Contract, name: string): string {
  const fields = types.get(name)?.fields.filter(({ args }) => !args.some(({ required }) => required));
  return fields
    ? `{ __typename ${fields.map((field) => (types.has(field.type) ? `${field.name} { __typename }` : field.name)).join(' ')} }`
    : '';
}

/** Arguments once for each id among them, with this one malformed and all others of records that there are. */
function argumentsWith(service: string, args: readonly Argument[], id: string) {
  const plain: Readonly<Record<string, unknown>> = { ID: undefined, Date: today, Int: 1 };
  return args
    .filter(({ type }) => type === 'ID')
    .map((wrong) => {
      const given = args.filter((argument) => argument.required || argument === wrong);
      const valueOf = (argument: Argument) => (argument === wrong ? id : (plain[argument.type] ?? samples.anyId(service, argument.name)));
      return {
        declared: given.map(({ name, type }) => `$${name}: ${type}!`).join(', '),
        passed: given.map(({ name }) => `${name}: $${name}`).join(', '),
        variables: Object.fromEntries(given.map((argument) => [argument.name, valueOf(argument)])),
      };
    });
}

test.each(services)('no query of the $name service has an internal error for a malformed id', async (service) => {
  const contract = contractOf(service);
  const questions = new Questions(service);
  for (const { name, type, args } of contract.types.get('Query')!.fields)
    for (const { declared, passed, variables } of malformed.flatMap((id) => argumentsWith(service.name, args, id)))
      await questions.ask(name, `query (${declared}) { ${name}(${passed}) ${look(contract, type)} }`, variables);
  questions.expectNoFault();
});

test.each(services)('no reference to the $name service has an internal error for a malformed key', async (service) => {
  const contract = contractOf(service);
  const questions = new Questions(service);
  for (const type of keyed(contract))
    for (const reference of malformed.flatMap((id) => referencesWith(service.name, type, id))) {
      const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type.name} ${look(contract, type.name)} } }`;
      await questions.ask(type.name, query, { r: [reference] });
    }
  questions.expectNoFault();
});

/** A reference once for each id in its key. */
function referencesWith(service: string, type: Type, id: string): object[] {
  const sample = samples.ofType(service, type)[0]?.reference ?? { __typename: type.name };
  return type.key!.filter((part) => /^id$|Id$/.test(part)).map((part) => ({ ...sample, [part]: id }));
}

test.each(services.filter((service) => keyed(contractOf(service)).some(({ fields }) => fields.some(takesId))))(
  'no field of a record of the $name service has an internal error for a malformed id',
  async (service) => {
    const contract = contractOf(service);
    const questions = new Questions(service);
    for (const owner of keyed(contract))
      for (const { name, type, args } of owner.fields)
        for (const { declared, passed, variables } of malformed.flatMap((id) => argumentsWith(service.name, args, id))) {
          const asked = `... on ${owner.name} { ${name}(${passed}) ${look(contract, type)} }`;
          const r = samples.ofType(service.name, owner).map(({ reference }) => reference);
          await questions.ask(name, `query ($r: [_Any!]!, ${declared}) { _entities(representations: $r) { ${asked} } }`, {
            ...variables,
            r,
          });
        }
    questions.expectNoFault();
  },
);

function takesId({ args }: { args: readonly Argument[] }): boolean {
  return args.some(({ type }) => type === 'ID');
}

test.each(services)('every verb of the $name service refuses a malformed id', async (service) => {
  const wrong: string[] = [];
  let calls = 0;
  const atWork = people.filter(({ viewer }) => viewer.grants.some(({ schoolId }) => schoolId === null || schoolId === here.School));
  for (const verb of verbsOf(service))
    for (const { who, viewer } of atWork.filter((person) => mayCall(verb, person)))
      for (const input of malformed.flatMap((id) =>
        inputsWith(verb.contract, verb.field.args[0]!.type, inputsFor(verb, here, samples)[0]!, id),
      )) {
        const codes = await call(
          (by, query, variables) => town.checked[service.name]!.execute({ query, variables }, by),
          verb,
          viewer,
          input,
        );
        wrong.push(
          ...codes
            .filter((code) => isOurs(code) || code === 'DONE')
            .map((code) => `${who}: ${verb.field.name} ${JSON.stringify(input)}: ${code}`),
        );
        calls += 1;
      }
  expect(wrong).toEqual([]);
  expect(calls).toBeGreaterThan(0);
});

/** An input once for each id in it, however deep, with this one malformed. */
function inputsWith(contract: Contract, type: string, input: object, id: string): object[] {
  return contract.inputs.get(type)!.flatMap(({ name, type: of, list }) => {
    const value = (input as Record<string, unknown>)[name];
    const put = (part: unknown) => ({ ...input, [name]: list ? [part] : part });
    if (of === 'ID') return [put(id)];
    if (!contract.inputs.has(of) || value == null) return [];
    return inputsWith(contract, of, (list ? (value as object[])[0]! : value) as object, id).map(put);
  });
}
