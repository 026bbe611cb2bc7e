/**
 * Compiles an operation into the function that makes the client's response out of the data the plan collected: the
 * selected fields only, in the order the specification prescribes, with a null where a non-null field has no value
 * moved up to the nearest field that may be null.
 */
import {
  GraphQLError,
  Kind,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLLeafType,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { isJsonObject, type JsonObject } from './json.ts';

/** What completing one response found. `path` is scratch space: the first `depth` steps are where we are. */
export interface Completion {
  violations: GraphQLError[];
  path: (string | number)[];
}

/** What a shape is compiled from. `conditions` holds the values of the variables that @skip and @include use. */
export interface ShapeSource {
  schema: GraphQLSchema;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  conditions: Readonly<Record<string, unknown>>;
}

/** Answers the completed value; `undefined` means "null where none is allowed": whatever holds it becomes null. */
type Complete = (value: unknown, completion: Completion, depth: number) => unknown;

/** @returns a function from collected data to the response's `data` (null when a root field that must not be null is). */
export function compileShape(
  operation: OperationDefinitionNode,
  source: ShapeSource,
): (data: JsonObject, completion: Completion) => JsonObject | null {
  const rootType = source.schema.getRootType(operation.operation);
  if (!rootType) throw new Error(`The schema has no ${operation.operation} type.`);
  const complete = completeFields(rootType, [operation.selectionSet], source);
  return (data, completion) => (complete(data, completion, 0) ?? null) as JsonObject | null;
}

/** The fields of one concrete type under one combination of @skip and @include: the specification's CollectFields. */
function collectFields(
  type: GraphQLObjectType,
  selectionSet: SelectionSetNode,
  source: ShapeSource,
  fields: Map<string, FieldNode[]>,
): void {
  for (const selection of selectionSet.selections) {
    if (!isIncluded(selection, source.conditions)) continue;
    if (selection.kind === Kind.FIELD) {
      const responseName = selection.alias?.value ?? selection.name.value;
      const nodes = fields.get(responseName);
      if (nodes) nodes.push(selection);
      else fields.set(responseName, [selection]);
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : source.fragments[selection.name.value];
    if (!fragment) throw new Error(`Unknown fragment "${(selection as { name: { value: string } }).name.value}".`);
    if (conditionHolds(fragment.typeCondition?.name.value, type, source.schema)) collectFields(type, fragment.selectionSet, source, fields);
  }
}

/** What @skip and @include say about a selection. */
export function isIncluded({ directives }: SelectionNode, conditions: ShapeSource['conditions']): boolean {
  return (directives ?? []).every(({ name, arguments: args }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const condition = args?.[0]?.value;
    const holds =
      condition?.kind === Kind.VARIABLE ? conditions[condition.name.value] : condition?.kind === Kind.BOOLEAN && condition.value;
    return holds === (name.value === 'include');
  });
}

function conditionHolds(condition: string | undefined, type: GraphQLObjectType, schema: GraphQLSchema): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditionType = schema.getType(condition);
  return isAbstractType(conditionType) && schema.isSubType(conditionType, type);
}

/** Completes an object known to be of this concrete type. */
function completeFields(type: GraphQLObjectType, selectionSets: SelectionSetNode[], source: ShapeSource): Complete {
  const collected = new Map<string, FieldNode[]>();
  for (const selectionSet of selectionSets) collectFields(type, selectionSet, source, collected);
  const fields = [...collected].map(([name, nodes]) => ({ name, complete: completeField(type, name, nodes, source) }));
  return (value, completion, depth) => {
    const completed: JsonObject = {};
    for (const { name, complete } of fields) {
      completion.path[depth] = name;
      const field = complete((value as JsonObject)[name], completion, depth + 1);
      if (field === undefined) return undefined;
      completed[name] = field;
    }
    return completed;
  };
}

function completeField(parent: GraphQLObjectType, responseName: string, nodes: FieldNode[], source: ShapeSource): Complete {
  const fieldName = nodes[0]!.name.value;
  if (fieldName === '__typename') return () => parent.name;
  const field = parent.getFields()[fieldName];
  if (!field) throw new Error(`${parent.name} has no field "${fieldName}".`);
  return completeType(field.type, nodes, `${parent.name}.${responseName}`, source);
}

function completeType(type: GraphQLOutputType, nodes: FieldNode[], place: string, source: ShapeSource): Complete {
  if (isNonNullType(type)) return completeNonNull(completeType(type.ofType, nodes, place, source), type.ofType, place);
  if (isListType(type)) return completeList(completeType(type.ofType, nodes, place, source), type, place);
  if (isObjectType(type)) return completeObject(type, nodes, place, source);
  if (isCompositeType(type)) return completeAbstract(type, nodes, place, source);
  return completeLeaf(type, place);
}

function completeNonNull(inner: Complete, type: GraphQLOutputType, place: string): Complete {
  return (value, completion, depth) => {
    const completed = inner(value, completion, depth);
    if (completed != null) return completed;
    // A value that was there and became null has been reported where that happened.
    if (value == null) violation(completion, depth, `Cannot return null for non-nullable ${describe(completion, depth, place, type)}.`);
    return undefined;
  };
}

function completeList(completeElement: Complete, type: GraphQLOutputType, place: string): Complete {
  return (value, completion, depth) => {
    if (value == null) return null;
    if (!Array.isArray(value)) return invalid(completion, depth, place, type);
    const completed = new Array<unknown>(value.length);
    for (let index = 0; index < value.length; index++) {
      completion.path[depth] = index;
      const element = completeElement(value[index], completion, depth + 1);
      if (element === undefined) return null;
      completed[index] = element;
    }
    return completed;
  };
}

const selectionSetsOf = (nodes: FieldNode[]): SelectionSetNode[] => nodes.flatMap((node) => node.selectionSet ?? []);

function completeObject(type: GraphQLObjectType, nodes: FieldNode[], place: string, source: ShapeSource): Complete {
  const fields = completeFields(type, selectionSetsOf(nodes), source);
  return (value, completion, depth) => {
    if (value == null) return null;
    if (!isJsonObject(value)) return invalid(completion, depth, place, type);
    return fields(value, completion, depth) ?? null;
  };
}

/** One shape for every concrete type that turns up, compiled when it first does. */
function completeAbstract(type: GraphQLCompositeType, nodes: FieldNode[], place: string, source: ShapeSource): Complete {
  const selectionSets = selectionSetsOf(nodes);
  const shapes = new Map<unknown, Complete>();
  const shapeOf = (typename: unknown): Complete | undefined => {
    const known = shapes.get(typename);
    if (known || typeof typename !== 'string') return known;
    const concrete = source.schema.getType(typename);
    if (!isObjectType(concrete) || !isAbstractType(type) || !source.schema.isSubType(type, concrete)) return undefined;
    const shape = completeFields(concrete, selectionSets, source);
    shapes.set(typename, shape);
    return shape;
  };
  return (value, completion, depth) => {
    if (value == null) return null;
    const shape = isJsonObject(value) ? shapeOf(value.__typename) : undefined;
    if (shape) return shape(value, completion, depth) ?? null;
    // The name is not repeated: it may be of a type that the public schema hides.
    violation(completion, depth, `Invalid __typename found for object at ${describe(completion, depth, place, type)}.`);
    return null;
  };
}

function completeLeaf(type: GraphQLLeafType, place: string): Complete {
  const isValid = leafTest(type);
  return (value, completion, depth) => {
    if (value == null) return null;
    return isValid(value) ? value : invalid(completion, depth, place, type);
  };
}

/** Custom scalars are the subgraphs' own affair: whatever they answer is passed on. */
function leafTest(type: GraphQLLeafType): (value: unknown) => boolean {
  if (isEnumType(type)) return (value) => typeof value === 'string' && type.getValue(value) != null;
  if (!isSpecifiedScalarType(type)) return () => true;
  switch (type.name) {
    case 'Boolean':
      return (value) => typeof value === 'boolean';
    case 'Int':
      return (value) => Number.isInteger(value);
    case 'Float':
      return (value) => Number.isFinite(value);
    case 'ID':
      return (value) => typeof value === 'string' || Number.isInteger(value);
    default:
      return (value) => typeof value === 'string';
  }
}

function invalid(completion: Completion, depth: number, place: string, type: GraphQLOutputType): null {
  violation(completion, depth, `Invalid value found for ${describe(completion, depth, place, type)}.`);
  return null;
}

/** The code and the wording are those of @apollo/gateway. */
function violation({ violations, path }: Completion, depth: number, message: string): void {
  violations.push(new GraphQLError(message, { path: path.slice(0, depth), extensions: { code: 'INVALID_GRAPHQL' } }));
}

function describe({ path }: Completion, depth: number, place: string, type: GraphQLOutputType): string {
  const last = path[depth - 1];
  return typeof last === 'number' ? `array element of type ${type} at index ${last}` : `field ${place}`;
}
