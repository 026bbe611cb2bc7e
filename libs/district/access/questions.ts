import { addDays, type IsoDate } from '@rollbook/school';
import { today } from './arrange.ts';
import type { Contract, Field, Type } from './contract.ts';
import type { Road } from './roads.ts';
import type { Sample, Samples } from './samples.ts';

/** One request that asks fields of the objects at the end of a road. */
export interface Question {
  readonly road: Road;
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly parts: readonly Part[];
}

/** What stands under one alias of the answer. */
export interface Part {
  readonly alias: string;
  /** The samples it began with: of a list of references each at its place, of a query the one. */
  readonly samples: readonly (Sample | null)[];
  readonly fields: readonly Field[];
}

export interface Asking {
  readonly contract: Contract;
  readonly service: string;
  readonly samples: Samples;
  /** The day to ask for where one may be named; null leaves it out, which is today. */
  readonly day: IsoDate | null;
  /** Every field under an alias of its own; else with those whose refusal cannot hide what it tells. */
  readonly apart: boolean;
}

/** The request that asks everything at the end of a road, around each sample; null where there is no sample to begin with. */
export function questionOf(road: Road, asking: Asking): Question | null {
  const together = ({ name, fieldClass, nullable }: Field) => (asking.apart ? name : `${fieldClass} ${nullable}`);
  const groups = road.to.fields.length ? [...Map.groupBy(road.to.fields, together).values()] : [[]];
  const look = (fields: readonly Field[]) =>
    fields.length ? `{ ${opened(road.steps, asking)} ${selectionOf(road.to, fields, asking)} ${closed(road.steps)} }` : '';
  return 'query' in road.start
    ? fromQuery(road, road.start.query, groups, look, asking)
    : fromReferences(road, road.start.type, groups, look, asking);
}

type Look = (fields: readonly Field[]) => string;

function fromReferences(road: Road, type: Type, groups: readonly Field[][], look: Look, { service, samples }: Asking): Question | null {
  const references = samples.ofType(service, type);
  if (!references.length) return null;
  const parts = groups.map((fields, n) => ({ alias: `f${n}`, samples: references, fields }));
  const asked = parts.map(({ alias, fields }) => `${alias}: _entities(representations: $r) { ... on ${type.name} ${look(fields)} }`);
  return {
    road,
    parts,
    query: `query ($r: [_Any!]!) { ${asked.join(' ')} }`,
    variables: { r: references.map(({ reference }) => reference) },
  };
}

function fromQuery(road: Road, field: Field, groups: readonly Field[][], look: Look, { service, samples, day }: Asking): Question | null {
  const around = samples.forQuery(service, field, day);
  if (!around.length) return null;
  const page = field.args.some(({ name }) => name === 'first') ? { first: pageSize } : {};
  const parts = around.flatMap(({ sample }, n) => groups.map((fields, g) => ({ alias: `s${n}f${g}`, samples: [sample], fields })));
  const asked = around.flatMap(({ args }, n) =>
    groups.map(
      (fields, g) =>
        `s${n}f${g}: ${field.name}${written({ ...args, ...page }, (name) => (name in page ? `${pageSize}` : `$${name}${n}`))} ${look(fields)}`,
    ),
  );
  const variables = around.flatMap(({ args }, n) => Object.entries(args).map(([name, value]) => [`${name}${n}`, value] as const));
  const declared = variables.map(([name]) => `$${name}: ${field.args.find((arg) => name.startsWith(arg.name))!.type}!`);
  const head = declared.length ? `(${declared.join(', ')})` : '';
  return { road, parts, query: `query ${head} { ${asked.join(' ')} }`, variables: Object.fromEntries(variables) };
}

/** The fields that tell one object from another. */
const marks = ['id', 'sectionId', 'studentId'];

function selectionOf(type: Type, fields: readonly Field[], asking: Asking): string {
  const keys = type.fields.filter(({ name, args }) => marks.includes(name) && !args.length).map(({ name }) => name);
  return [
    '__typename',
    ...keys,
    ...fields.map((field) => `${field.name}${argumentsOf(field, asking)} ${glance(field, asking.contract)}`),
  ].join(' ');
}

/** Just enough of an object to see that it is there and which it is, and of a page, what it holds. */
function glance(field: Field, contract: Contract): string {
  const type = contract.types.get(field.type);
  if (!type) return '';
  const nodes = type.fields.find(({ name }) => name === 'nodes');
  if (nodes) return `{ nodes ${glance(nodes, contract)} }`;
  return type.fields.some(({ name }) => name === 'id') ? '{ __typename id }' : '{ __typename }';
}

const opened = (steps: readonly Field[], asking: Asking) => steps.map((step) => `${step.name}${argumentsOf(step, asking)} {`).join(' ');
const closed = (steps: readonly Field[]) => steps.map(() => '}').join(' ');
const written = (args: Readonly<Record<string, unknown>>, value: (name: string) => string) =>
  Object.keys(args).length ? `(${Object.keys(args).map((name) => `${name}: ${value(name)}`).join(', ')})` : ''; // prettier-ignore

/** Pages are short: what is wrong with one row is wrong with the first. */
const pageSize = 10;

/** The arguments that a field insists on, and the day where it may be told: ids of what everybody has, days around it. */
function argumentsOf(field: Field, { service, samples, day }: Asking): string {
  const values = field.args.flatMap(({ name, type, required }): [string, string | number][] => {
    if (type === 'Date') return required || day ? [[name, dayFor(name, day ?? today)]] : [];
    if (name === 'first') return [[name, pageSize]];
    if (!required) return [];
    const id = type === 'ID' ? samples.anyId(service, name) : undefined;
    if (!id) throw new Error(`There is nothing to ask ${field.name}(${name}: ${type}!) with.`);
    return [[name, id]];
  });
  const named = Object.fromEntries(values);
  return written(named, (name) => JSON.stringify(named[name]));
}

const dayFor = (argument: string, day: IsoDate) => (argument === 'from' ? addDays(day, -3) : day);

/** May a day be named on the way? (Where it may at the end of a road, the road goes on from there.) */
export const asksForDays = ({ steps, start }: Road): boolean =>
  [...steps, ...('query' in start ? [start.query] : [])].some(({ args }) => args.some(({ type }) => type === 'Date'));
