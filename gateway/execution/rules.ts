/**
 * Validation rules for what the query planner of @apollo/gateway 2.14 plans wrongly without saying so. Every gateway and
 * router with that planner has these faults, so they are refused here instead of being answered wrongly.
 */
import {
  GraphQLError,
  Kind,
  parse,
  visit,
  type ASTVisitor,
  type SelectionNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/**
 * The names of the fields that entities are known by (and those that one subgraph requires of another), with
 * `__typename`, which is a part of every key.
 *
 * @param supergraphSdl the composed schema with its join directives
 */
export function keyFieldNames(supergraphSdl: string): Set<string> {
  const names = new Set(['__typename']);
  visit(parse(supergraphSdl), {
    Directive({ name, arguments: args }) {
      if (name.value !== 'join__type' && name.value !== 'join__field') return;
      for (const { name: argument, value } of args ?? []) {
        if ((argument.value !== 'key' && argument.value !== 'requires') || value.kind !== Kind.STRING) continue;
        visit(parse(`{ ${value.value} }`), { Field: (field) => void names.add(field.name.value) });
      }
    },
  });
  return names;
}

/**
 * Refuses an alias that is the name of a key field, as in `{ student { id: name } }`: the planner takes what is under that name for
 * the key, and asks other subgraphs for the wrong entity (apollographql/federation#3036).
 *
 * @param keyFields asked anew for each document, since a supergraph may be replaced while the gateway runs
 */
export function noKeyFieldAlias(keyFields: () => ReadonlySet<string>): ValidationRule {
  return (context): ASTVisitor => ({
    Field(node) {
      const alias = node.alias?.value;
      if (alias === undefined || alias === node.name.value || !keyFields().has(alias)) return;
      const message = `"${alias}" is the name of a key field and cannot be an alias: choose another name for "${node.name.value}".`;
      context.reportError(new GraphQLError(message, { nodes: node }));
    },
  });
}

/**
 * Refuses what makes the planner change the order of a mutation's fields, run one twice, or run one that is to be
 * skipped: root fields in fragments, repeated response names, and @skip or @include on a root field.
 */
export function plainMutationFields(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition({ operation, selectionSet }) {
      if (operation !== 'mutation') return;
      const seen = new Set<string>();
      for (const selection of selectionSet.selections) {
        const fault = mutationFieldFault(selection, seen);
        if (fault) context.reportError(new GraphQLError(fault, { nodes: selection }));
      }
    },
  };
}

function mutationFieldFault(selection: SelectionNode, seen: Set<string>): string | undefined {
  if (selection.kind !== Kind.FIELD) return 'The fields of a mutation cannot be in a fragment: select them directly.';
  const name = selection.alias?.value ?? selection.name.value;
  if (selection.directives?.length) return `The mutation field "${name}" cannot have directives: leave the field out instead.`;
  if (seen.has(name)) return `The mutation field "${name}" is selected twice: select it once, or give it an alias.`;
  seen.add(name);
  return undefined;
}
