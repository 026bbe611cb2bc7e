import { Kind, visit, type DirectiveNode, type DocumentNode, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql';

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * The document to plan instead of the client's. It asks for the same; two things that the planner gets wrong are gone:
 *
 * - `@skip(if: true)` and the like: below a field with a condition of its own the planner forgets them, fetches what is
 *   to be left out, and the client sees errors of fields that it did not ask for. They are decided here.
 * - An object of which nothing may be left, once fragments that do not apply and fields under @skip or @include are taken out: the
 *   planner drops it, nobody knows whether it is there, and `{}` is answered as null. It is asked for `__typename` too.
 */
export function planningDocument(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: {
      enter: (set) => ({ ...set, selections: set.selections.filter((selection) => isKept(selection)).map(withoutConstants) }),
      leave(set, _key, parent) {
        const inField = parent !== undefined && 'kind' in parent && parent.kind === Kind.FIELD;
        return set.selections.length === 0 || (inField && !isNeverEmpty(set))
          ? { ...set, selections: [TYPENAME, ...set.selections] }
          : undefined;
      },
    },
  });
}

/** False when a directive with a constant says "leave it out". */
const isKept = ({ directives }: SelectionNode): boolean => (directives ?? []).every((directive) => constantOf(directive) !== false);

const withoutConstants = <Selection extends SelectionNode>(selection: Selection): Selection => ({
  ...selection,
  directives: selection.directives?.filter((directive) => constantOf(directive) === undefined),
});

/** Whether a @skip or @include with a constant keeps its selection; undefined for a variable, or another directive. */
function constantOf({ name, arguments: args }: DirectiveNode): boolean | undefined {
  const condition = args?.[0]?.value;
  if ((name.value !== 'skip' && name.value !== 'include') || condition?.kind !== Kind.BOOLEAN) return undefined;
  return condition.value === (name.value === 'include');
}

const isNeverEmpty = ({ selections }: SelectionSetNode): boolean =>
  selections.some((selection) => selection.kind === Kind.FIELD && !selection.directives?.length);
