import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type DocumentNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** How large one operation may be. A school's own screens stay far below; what is above costs more than any screen needs. */
export const limits = { tokens: 4_000, depth: 16, aliases: 200, directives: 100, selections: 4_000, bodyBytes: 256 * 1024 } as const;

/**
 * Validation rules for `limits`. Fragments are counted where they are spread, so that a small document that unfolds into a large
 * one is refused by what it unfolds into; counts are kept per fragment, so counting is linear in the document.
 */
export const limitRules: readonly ValidationRule[] = [
  (context: ValidationContext): ASTVisitor => ({
    Document: {
      enter(document: DocumentNode) {
        const measure = measurer(document);
        for (const definition of document.definitions) {
          if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
          const size = measure(definition.selectionSet);
          for (const what of ['depth', 'aliases', 'directives', 'selections'] as const)
            if (size[what] > limits[what])
              context.reportError(
                new GraphQLError(
                  `The operation has ${what === 'depth' ? 'a depth of' : ''} ${size[what]} ${what === 'depth' ? '' : what} and the limit is ${limits[what]}. Ask for less, or in several requests.`.replaceAll(
                    / +/g,
                    ' ',
                  ),
                  {
                    nodes: definition.name ?? definition,
                    extensions: { code: 'OPERATION_TOO_LARGE', limit: limits[what], what },
                  },
                ),
              );
        }
      },
    },
  }),
];

interface Size {
  depth: number;
  aliases: number;
  directives: number;
  selections: number;
}

function measurer(document: DocumentNode): (set: SelectionSetNode) => Size {
  const fragments = new Map(document.definitions.flatMap((d) => (d.kind === Kind.FRAGMENT_DEFINITION ? [[d.name.value, d] as const] : [])));
  const measured = new Map<string, Size>();
  const none: Size = { depth: 0, aliases: 0, directives: 0, selections: 0 };

  function ofFragment(name: string): Size {
    const fragment = fragments.get(name);
    if (!fragment) return none; // told by another rule
    let size = measured.get(name);
    if (!size) {
      measured.set(name, none); // a cycle ends here, and is told by another rule
      measured.set(name, (size = measure(fragment.selectionSet)));
    }
    return size;
  }

  function measure(set: SelectionSetNode): Size {
    const total = { ...none };
    for (const selection of set.selections) {
      total.directives += selection.directives?.length ?? 0;
      let inner = none;
      if (selection.kind === Kind.FIELD) {
        total.selections += 1;
        if (selection.alias) total.aliases += 1;
        if (selection.selectionSet) inner = measure(selection.selectionSet);
        total.depth = Math.max(total.depth, inner.depth + 1);
      } else {
        inner = selection.kind === Kind.INLINE_FRAGMENT ? measure(selection.selectionSet) : ofFragment(selection.name.value);
        total.depth = Math.max(total.depth, inner.depth);
      }
      total.aliases += inner.aliases;
      total.directives += inner.directives;
      total.selections += inner.selections;
    }
    return total;
  }
  return measure;
}
