import { isRoot, type Contract, type Field, type Type } from './contract.ts';

/** Where a question begins: with references to records of a type, as the gateway asks a service, or with a field of Query. */
export type Start = { readonly type: Type } | { readonly query: Field };

/** A way through the graph to the objects of a type; or only to the answer of a query that is a number or a text, a type without fields. */
export interface Road {
  readonly start: Start;
  readonly steps: readonly Field[];
  readonly to: Type;
}

export const startOf = ({ start }: Road) => ('query' in start ? `Query.${start.query.name}` : start.type.name);
export const nameOf = (road: Road) => [startOf(road), ...road.steps.map(({ name }) => name)].join('.');

/**
 * The ways to every type: the shortest to each, and from there over every field that leads on to another, so that each field that
 * gives a type is the last step of one of them. Types that only mutations answer with have none.
 */
export function roadsOf(contract: Contract, startable: (type: Type) => boolean): Road[] {
  const typeOf = (field: Field) => contract.types.get(field.type);
  const queries = contract.types.get('Query')?.fields ?? [];
  const starts: Road[] = [...contract.types.values()].filter(startable).map((type) => ({ start: { type }, steps: [], to: type }));
  const plain = ({ type }: Field): Type => ({ name: type, fields: [], key: null });
  const first: Road[] = queries.map((query) => ({ start: { query }, steps: [], to: typeOf(query) ?? plain(query) }));
  const shortest = new Map<Type, Road>();
  const roads: Road[] = [...starts, ...first];
  for (let reached = roads; reached.length;) {
    const beginnings = reached.filter((road) => !shortest.has(road.to) && shortest.set(road.to, road));
    reached = beginnings.flatMap((road) =>
      road.to.fields.flatMap((field) => (typeOf(field) ? [{ start: road.start, steps: [...road.steps, field], to: typeOf(field)! }] : [])),
    );
    roads.push(...reached);
  }
  return roads;
}

/** The types that no question reaches: answers of verbs. */
export function unreached(contract: Contract, roads: readonly Road[]): Type[] {
  const reached = new Set(roads.map(({ to }) => to.name));
  return [...contract.types.values()].filter(({ name }) => !isRoot(name) && !reached.has(name));
}
