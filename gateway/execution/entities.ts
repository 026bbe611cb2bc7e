/** What a query plan says about entities: how to name one to another subgraph, and how to undo the planner's renaming. */
import { isAbstractType, isInterfaceType, type GraphQLSchema } from 'graphql';
import { isJsonObject, mergeInto, type JsonObject } from './json.ts';
import { NotCompilable, type FetchNode } from './planTypes.ts';

type RequiredSelection = NonNullable<FetchNode['requires']>[number];
type Rewrite = NonNullable<FetchNode['outputRewrites']>[number];

/** Copies what a subgraph needs to know an entity by; `null` when a part is missing because its own fetch failed. */
export type Represent = (entity: JsonObject) => JsonObject | null;

/** @param supergraph the full schema, which also knows types that the public schema hides. */
export function compileRepresentation(selections: readonly RequiredSelection[], supergraph: GraphQLSchema): Represent {
  const parts = selections.map((selection) => compilePart(selection, supergraph));
  return (entity) => {
    const representation: JsonObject = {};
    return parts.every((part) => part(entity, representation)) ? representation : null;
  };
}

/** Copies one selection from the entity to its representation; false when the entity lacks it. */
function compilePart(selection: RequiredSelection, supergraph: GraphQLSchema): (from: JsonObject, to: JsonObject) => boolean {
  if (selection.kind === 'InlineFragment') {
    if (!selection.typeCondition) throw new NotCompilable('a required fragment without a type');
    const applies = compileTypeTest(selection.typeCondition, supergraph);
    const represent = compileRepresentation(selection.selections, supergraph);
    return (from, to) => {
      const inner = applies(from.__typename) && represent(from);
      if (inner) mergeInto(to, inner);
      return true; // another fragment may be the one for this type
    };
  }
  const name = selection.alias ?? selection.name;
  const represent = selection.selections?.length ? compileRepresentation(selection.selections, supergraph) : undefined;
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    return represent && isJsonObject(value) ? represent(value) : value;
  };
  return (from, to) => {
    if (from[name] === undefined) return false;
    to[name] = copy(from[name]);
    return true;
  };
}

/** Is an object of this type one that `... on condition` selects? False when its type is not known. */
function compileTypeTest(condition: string, supergraph: GraphQLSchema): (typename: unknown) => boolean {
  const type = supergraph.getType(condition);
  const names = new Set<unknown>([condition]);
  if (isAbstractType(type)) for (const possible of supergraph.getPossibleTypes(type)) names.add(possible.name);
  if (isInterfaceType(type)) for (const interfaceType of supergraph.getImplementations(type).interfaces) names.add(interfaceType.name);
  return (typename) => names.has(typename);
}

const FRAGMENT = '... on ';

/**
 * Compiles the changes the planner wants made to what is sent or received. Where two types of a union have fields of one
 * name but different types it asks the subgraph under an alias of its own; this puts the answer back under the
 * client's name, whatever the value is: 0, false, "" and null too.
 */
export function compileRewrites(
  rewrites: readonly Rewrite[] | undefined,
  supergraph: GraphQLSchema,
): ((data: unknown) => void) | undefined {
  if (!rewrites?.length) return undefined;
  const compiled = rewrites.map((rewrite) => compileRewrite(rewrite, supergraph));
  return (data) => compiled.forEach((rewrite) => rewrite(data));
}

function compileRewrite(rewrite: Rewrite, supergraph: GraphQLSchema): (data: unknown) => void {
  const last = rewrite.path.at(-1);
  if (last === undefined || last.startsWith(FRAGMENT)) throw new NotCompilable('a rewrite that names no field');
  const steps = rewrite.path.slice(0, -1).map((name) => ({
    name,
    applies: name.startsWith(FRAGMENT) ? compileTypeTest(name.slice(FRAGMENT.length), supergraph) : undefined,
  }));
  const apply = (value: unknown, depth: number): void => {
    if (Array.isArray(value)) return value.forEach((element) => apply(element, depth));
    if (!isJsonObject(value)) return;
    const step = steps[depth];
    if (!step) return rewriteField(value, last, rewrite);
    if (!step.applies) apply(value[step.name], depth + 1);
    else if (value.__typename === undefined || step.applies(value.__typename)) apply(value, depth + 1);
  };
  return (data) => apply(data, 0);
}

function rewriteField(object: JsonObject, name: string, rewrite: Rewrite): void {
  if (rewrite.kind === 'ValueSetter') object[name] = rewrite.setValueTo;
  else if (object[name] !== undefined) {
    mergeInto(object, { [rewrite.renameKeyTo]: object[name] });
    object[name] = undefined;
  }
}
