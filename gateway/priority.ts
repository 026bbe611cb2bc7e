import { limits } from '@rollbook/subgraph/limits.ts';
import { priorities, type Priority } from '@rollbook/subgraph/admission.ts';
import type { Viewer } from '@rollbook/school';
import {
  BREAK,
  getNamedType,
  getNullableType,
  getOperationAST,
  isListType,
  Kind,
  OperationTypeNode,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ExecutableDefinitionNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type GraphQLType,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { RecentlyUsed } from './execution/recentlyUsed.ts';
import type { Operation } from './incoming.ts';

/** What somebody typed and would have to type again: it goes first. */
export const saves = [
  ...['saveMarks', 'postMarks', 'verifyMarks', 'requestMarkChange', 'saveScores', 'fillScores', 'undoScores', 'overrideGrade'],
  ...['takeRoll', 'correctAttendance', 'resolveConflict', 'resolveRollConflict'],
  'extendGradingWindow', // the district's answer to a deadline that people cannot meet
] as readonly string[];

const isImport = (name: string) => /^(import|finish)[A-Z].*|Import$/.test(name);
const families: readonly string[] = ['PARENT', 'STUDENT'];
const vendors: readonly string[] = ['VENDOR'];

/** Documents up to this length are remembered; longer ones are looked at each time. */
const longestKept = 8_000;

/** The most rows that a list gives at once: whoever asks for so many, with lists in each of them, is after the data and not after a screen. */
const wholePage = 100;

/** What a document says of its class; how many rows it asks for may be said by its variables. */
interface Reading {
  readonly priority: Priority;
  readonly pages: readonly ((variables: Operation['variables']) => unknown)[];
}
const screen: Reading = { priority: 'SCREEN', pages: [] };

/**
 * Tells what class an operation is of, by its root fields and by who asks: a header that says so would be said by everybody. Of
 * several, the lowest counts. What cannot be parsed is left to the server, which says why, as a SCREEN.
 */
export function priorityIn(schemaOf: () => GraphQLSchema): (operation: Operation, viewer: Viewer) => Priority {
  const known = new RecentlyUsed<Reading>(2_000);
  return (operation, viewer) => {
    const key = `${operation.operationName ?? ''}\0${operation.query}`;
    let reading = known.get(key);
    if (!reading) {
      reading = readingOf(operation, schemaOf());
      if (key.length <= longestKept) known.set(key, reading);
    }
    const { priority, pages } = reading;
    const isOnly = (roles: readonly string[]) => viewer.grants.every(({ role }) => roles.includes(role));
    const classes: Priority[] = [priority];
    if (isOnly(families) && priority === 'SCREEN') classes.push('LIST');
    if (isOnly(vendors) || pages.some((size) => Number(size(operation.variables)) >= wholePage)) classes.push('BULK');
    return lowest(classes);
  };
}

const lowest = (classes: readonly Priority[]): Priority => priorities[Math.max(...classes.map((each) => priorities.indexOf(each)))]!;

function readingOf({ query, operationName }: Operation, schema: GraphQLSchema): Reading {
  let document;
  try {
    document = parse(query, { maxTokens: limits.tokens, noLocation: true });
  } catch {
    return screen;
  }
  const operation = getOperationAST(document, operationName);
  if (!operation) return screen;
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const fields = rootFields(operation, fragments);
  const names = fields.map(({ name }) => name.value);
  if (operation.operation === OperationTypeNode.MUTATION) {
    if (names.some(isImport)) return { priority: 'BULK', pages: [] };
    return names.length && names.every((name) => saves.includes(name)) ? { priority: 'SAVE', pages: [] } : screen;
  }
  const types = schema.getQueryType()?.getFields() ?? {};
  const lists = fields.filter(({ name }) => types[name.value] && isConnection(types[name.value]!.type));
  if (!lists.length) return screen;
  const theLists = { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: lists } } as const;
  const pages = holdsLists([theLists, ...fragments], schema) ? lists.map((list) => sizeOf(list, operation)) : [];
  return { priority: 'LIST', pages };
}

const isConnection = (type: GraphQLType) => getNamedType(type).name.endsWith('Connection');

/** The fields at the root of an operation, those in fragments too, each fragment looked at once. */
function rootFields(operation: OperationDefinitionNode, fragments: readonly FragmentDefinitionNode[]): FieldNode[] {
  const seen = new Set<string>();
  const fieldsOf = ({ selections }: SelectionSetNode): FieldNode[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return selection.name.value.startsWith('__') ? [] : [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet);
      const name = selection.name.value;
      if (seen.has(name)) return [];
      seen.add(name);
      return fragments.filter((fragment) => fragment.name.value === name).flatMap((fragment) => fieldsOf(fragment.selectionSet));
    });
  return fieldsOf(operation.selectionSet);
}

/** How many rows a list is asked for, when that is said. */
function sizeOf(list: FieldNode, { variableDefinitions = [] }: OperationDefinitionNode): Reading['pages'][number] {
  const first = list.arguments?.find(({ name }) => name.value === 'first')?.value;
  const number = (value: ValueNode | undefined) => (value?.kind === Kind.INT ? Number(value.value) : undefined);
  if (first?.kind !== Kind.VARIABLE) return () => number(first);
  const name = first.name.value;
  const otherwise = number(variableDefinitions.find(({ variable }) => variable.name.value === name)?.defaultValue);
  return (variables) => (variables && Object.hasOwn(variables, name) ? variables[name] : otherwise);
}

/** Are there lists below the root fields? A fragment counts whole, wherever it is used. */
function holdsLists(definitions: readonly ExecutableDefinitionNode[], schema: GraphQLSchema): boolean {
  const types = new TypeInfo(schema);
  let found = false;
  const Field = () => {
    const [parent, type] = [types.getParentType(), types.getType()];
    if (!parent || !type || parent === schema.getQueryType() || isConnection(parent)) return undefined;
    found ||= isConnection(type) || isListType(getNullableType(type));
    return found ? BREAK : undefined;
  };
  visit({ kind: Kind.DOCUMENT, definitions }, visitWithTypeInfo(types, { Field }));
  return found;
}
