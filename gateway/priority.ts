import { limits } from '@rollbook/subgraph/limits.ts';
import type { Priority } from '@rollbook/subgraph/admission.ts';
import type { Viewer } from '@rollbook/school';
import { getNamedType, getOperationAST, Kind, OperationTypeNode, parse, type GraphQLSchema, type SelectionSetNode } from 'graphql';
import { RecentlyUsed } from './execution/recentlyUsed.ts';
import type { Operation } from './incoming.ts';

/** What somebody typed and would have to type again: it goes first. */
export const saves = [
  ...['saveMarks', 'postMarks', 'saveScores', 'takeRoll', 'correctAttendance', 'resolveConflict', 'resolveRollConflict'],
  'extendGradingWindow', // the district's answer to a deadline that people cannot meet
] as readonly string[];

const isImport = (name: string) => /^(import|finish)[A-Z].*|Import$/.test(name);
const families: readonly string[] = ['PARENT', 'STUDENT'];

/** Documents up to this length are remembered; longer ones are looked at each time. */
const longestKept = 8_000;

/**
 * Tells what class an operation is of, by its root fields alone: a header that says so would be said by everybody. Of several, the
 * lowest counts. What cannot be parsed is left to the server, which says why, as a SCREEN.
 */
export function priorityIn(schemaOf: () => GraphQLSchema): (operation: Operation, viewer: Viewer) => Priority {
  const known = new RecentlyUsed<Priority>(2_000);
  return (operation, viewer) => {
    const key = `${operation.operationName ?? ''}\0${operation.query}`;
    let priority = known.get(key);
    if (!priority) {
      priority = classOf(operation, schemaOf());
      if (key.length <= longestKept) known.set(key, priority);
    }
    const isFamily = viewer.grants.every(({ role }) => families.includes(role));
    return priority === 'SCREEN' && isFamily ? 'LIST' : priority;
  };
}

function classOf({ query, operationName }: Operation, schema: GraphQLSchema): Priority {
  let document;
  try {
    document = parse(query, { maxTokens: limits.tokens, noLocation: true });
  } catch {
    return 'SCREEN';
  }
  const operation = getOperationAST(document, operationName);
  if (!operation) return 'SCREEN';
  const names = new Set<string>();
  const seen = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        for (const definition of document.definitions)
          if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value)
            collect(definition.selectionSet);
      }
    }
  };
  collect(operation.selectionSet);
  const fields = [...names].filter((name) => !name.startsWith('__'));
  if (operation.operation === OperationTypeNode.MUTATION) {
    if (fields.some(isImport)) return 'BULK';
    return fields.length && fields.every((name) => saves.includes(name)) ? 'SAVE' : 'SCREEN';
  }
  const types = schema.getQueryType()?.getFields() ?? {};
  return fields.some((name) => types[name] && getNamedType(types[name].type).name.endsWith('Connection')) ? 'LIST' : 'SCREEN';
}
