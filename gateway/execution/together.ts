/** Several entity fetches to one subgraph at the same time, sent as one operation: one hop, one look at who asks, shared batches. */
import { Kind, parse, print, visit } from 'graphql';
import type { DocumentNode, FieldNode, OperationDefinitionNode, VariableDefinitionNode } from 'graphql';
import { compileEntityFetch, compileFetch, reportMissing, send, variablesOf } from './fetch.ts';
import type { EntityQuestion, Fetch, PlanSource, Question, Run, Step } from './fetch.ts';

const entitiesOf = (index: number) => `entities${index}`;
const representationsOf = (index: number) => `representations${index}`;

/** @returns `undefined` when the fetches cannot be asked in one document: there is only one, or one has fragments of its own. */
export function compileTogether(fetches: readonly Fetch[], source: PlanSource): Step[] | undefined {
  const question = fetches.length > 1 ? questionOf(fetches) : undefined;
  if (!question) return undefined;
  const parts = fetches.map((fetch) => compileEntityFetch(fetch, source));
  const alone = fetches.map((fetch) => compileFetch(fetch, source));
  const apart = (run: Run) => Promise.all(alone.map((step) => step(run)));
  const together = async (run: Run) => {
    const asked = parts.flatMap((part) => part(run) ?? []);
    if (asked.length < parts.length) return apart(run);
    try {
      // One error of the subgraph may cost the whole answer; apart, it costs only its own part.
      if (!(await ask(fetches, question, asked, run))) return await apart(run);
    } catch (error) {
      reportMissing(fetches, run, error);
    }
  };
  return [async (run) => void (await together(run))];
}

/** @returns false when the answer holds no data at all */
async function ask(fetches: readonly Fetch[], question: Question, asked: readonly EntityQuestion[], run: Run): Promise<boolean> {
  const variables = variablesOf(fetches, run);
  asked.forEach(({ representations }, i) => (variables[representationsOf(i)] = representations));
  const { data, errors = [] } = await send(fetches[0]!, question, run, variables);
  if (!data) return false;
  for (const error of errors) {
    const part = asked.findIndex((_, i) => entitiesOf(i) === error.path?.[0]);
    asked[Math.max(part, 0)]!.report(error);
  }
  asked.forEach((part, i) => {
    try {
      part.accept(data[entitiesOf(i)]);
    } catch (error) {
      reportMissing([fetches[i]!], run, error);
    }
  });
  return true;
}

/** One document of several `_entities` fields, each under an alias and with representations of its own. */
function questionOf(fetches: readonly Fetch[]): Question | undefined {
  const ours = new Set(fetches.map((_, i) => representationsOf(i)));
  if (fetches.some(({ variableUsages }) => variableUsages.some((name) => ours.has(name)))) return undefined;
  const documents = fetches.map(({ node }) => node.operationDocumentNode ?? parse(node.operation));
  if (documents.some(({ definitions }) => definitions.length !== 1)) return undefined;
  const variables = new Map<string, VariableDefinitionNode>();
  const selections: FieldNode[] = [];
  for (const [index, document] of documents.entries()) {
    const operation = withOwnRepresentations(document, index).definitions[0] as OperationDefinitionNode;
    const [field] = operation.selectionSet.selections;
    if (operation.selectionSet.selections.length !== 1 || field?.kind !== Kind.FIELD || field.name.value !== '_entities') return undefined;
    if (field.alias || field.directives?.length || operation.directives?.length) return undefined;
    selections.push({ ...field, alias: { kind: Kind.NAME, value: entitiesOf(index) } });
    for (const variable of operation.variableDefinitions ?? []) variables.set(variable.variable.name.value, variable);
  }
  const first = documents[0]!.definitions[0] as OperationDefinitionNode;
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [{ ...first, variableDefinitions: [...variables.values()], selectionSet: { kind: Kind.SELECTION_SET, selections } }],
  };
  return { query: print(document), operationName: first.name?.value, document };
}

const withOwnRepresentations = (document: DocumentNode, index: number): DocumentNode =>
  visit(document, {
    Variable: (variable) =>
      variable.name.value === 'representations' ? { ...variable, name: { kind: Kind.NAME, value: representationsOf(index) } } : undefined,
  });
