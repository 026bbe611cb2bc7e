/**
 * Compiles a query plan of @apollo/gateway into closures: fetch from a subgraph, name entities to the next one, merge
 * what comes back. The meaning is that of Apollo's own executor; README.md lists where it differs on purpose.
 */
import type { GraphQLDataSource } from '@apollo/gateway';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { compileRepresentation, compileRewrites } from './entities.ts';
import { fieldsFetched, subgraphError, subgraphUnavailable } from './errors.ts';
import { isJsonObject, mergeInto, objectsAt, pathsAt, singlePlace } from './json.ts';
import type { JsonObject, JsonPath, PlanPath } from './json.ts';
import { INCOMING_OPERATION, NotCompilable, type FetchNode, type PlanNode, type RequestContext } from './planTypes.ts';

/** One request on its way through a plan. */
export interface Run {
  request: RequestContext;
  /** As the client sent them: the subgraphs coerce them and apply defaults. */
  variables: JsonObject;
  /** Coerced, with defaults: what @skip and @include look at. */
  conditions: JsonObject;
  /** What the subgraphs have answered so far, merged. */
  data: JsonObject;
  errors: GraphQLError[];
}
export type Step = (run: Run) => Promise<void>;

/** What plans are compiled against. */
export interface PlanSource {
  /** The full schema, which also knows types that the public schema hides. */
  supergraph: GraphQLSchema;
  dataSources: Readonly<Record<string, GraphQLDataSource>>;
  /** Filled with the variables that the plan's conditions look at. */
  conditions: Set<string>;
}

export function compilePlan(node: PlanNode, source: PlanSource, path: PlanPath = []): Step {
  switch (node.kind) {
    case 'Sequence': {
      const steps = node.nodes.map((child) => compilePlan(child, source, path));
      return async (run) => {
        for (const step of steps) await step(run);
      };
    }
    case 'Parallel': {
      const steps = node.nodes.map((child) => compilePlan(child, source, path));
      return async (run) => {
        await Promise.all(steps.map((step) => step(run)));
      };
    }
    case 'Flatten':
      return compilePlan(node.node, source, [...path, ...node.path]);
    case 'Condition': {
      const { condition, ifClause, elseClause } = node;
      source.conditions.add(condition);
      const whenTrue = ifClause && compilePlan(ifClause, source, path);
      const whenFalse = elseClause && compilePlan(elseClause, source, path);
      return async (run) => (run.conditions[condition] ? whenTrue : whenFalse)?.(run);
    }
    case 'Fetch':
      return compileFetch(node, source, path);
    default:
      throw new NotCompilable(`a ${node.kind} node`);
  }
}

/** Everything a fetch needs that is known before the first request. */
interface Fetch {
  node: FetchNode;
  path: PlanPath;
  dataSource: GraphQLDataSource;
  variableUsages: readonly string[];
  /** Puts what the planner renamed back under the client's names. */
  restoreNames: ((data: unknown) => void) | undefined;
  /** The client's names by the planner's, for the paths of errors. */
  clientNames: ReadonlyMap<string | number, string>;
}

function compileFetch(node: FetchNode, source: PlanSource, path: PlanPath): Step {
  const { serviceName, variableUsages = [] } = node;
  const dataSource = source.dataSources[serviceName];
  if (!dataSource) throw new NotCompilable(`no data source for the subgraph "${serviceName}"`);
  if (node.contextRewrites?.length) throw new NotCompilable('@fromContext');
  if (inheritedName.test(node.operation)) throw new NotCompilable('a name that every object has');
  const renamings = (node.outputRewrites ?? []).flatMap((rewrite) =>
    rewrite.kind === 'KeyRenamer' ? [[rewrite.path.at(-1)!, rewrite.renameKeyTo] as const] : [],
  );
  const fetch: Fetch = {
    node,
    path,
    dataSource,
    variableUsages,
    restoreNames: compileRewrites(node.outputRewrites, source.supergraph),
    clientNames: new Map(renamings),
  };
  const step = node.requires ? compileEntityFetch(fetch, node.requires, source) : compileRootFetch(fetch);
  return async (run) => {
    try {
      await step(run);
    } catch (error) {
      const failure = error instanceof GraphQLError ? error : unusableAnswer(error);
      for (const missing of missingPlaces(fetch, run)) run.errors.push(subgraphError(failure, serviceName, missing));
    }
  };
}

/** Names that every object has already: documents that use them are rare, and left to Apollo's own executor. */
const inheritedNames = Object.getOwnPropertyNames(Object.prototype);
const inheritedName = new RegExp(`\\b(${inheritedNames.join('|')})\\b`);
export const isInheritedName = (name: string): boolean => inheritedNames.includes(name);

/** A fetch of root fields (or, below a field that answers `Query` itself, of root fields further down). */
function compileRootFetch(fetch: Fetch): Step {
  return async (run) => {
    const targets = objectsAt(run.data, fetch.path);
    if (!targets.length) return;
    const data = await send(fetch, run, {}, (path) => [...singlePlace(fetch.path), ...path]);
    if (!data) return;
    fetch.restoreNames?.(data);
    targets.forEach((target, i) => mergeInto(target, i === 0 ? data : structuredClone(data)));
  };
}

/** A fetch of more fields for objects that other subgraphs have answered: one `_entities` call for all of them. */
function compileEntityFetch(fetch: Fetch, requires: NonNullable<FetchNode['requires']>, source: PlanSource): Step {
  if (fetch.variableUsages.includes('representations')) throw new NotCompilable('a variable called $representations');
  const represent = compileRepresentation(requires, source.supergraph);
  const rewriteInput = compileRewrites(fetch.node.inputRewrites, source.supergraph);
  return async (run) => {
    const targets: JsonObject[] = [];
    const positions: number[] = [];
    const representations: JsonObject[] = [];
    objectsAt(run.data, fetch.path).forEach((entity, position) => {
      const representation = represent(entity);
      if (!representation?.__typename) return; // of a type that this subgraph does not know, or its key is missing
      rewriteInput?.(representation);
      representations.push(representation);
      targets.push(entity);
      positions.push(position);
    });
    if (!targets.length) return;
    let places: JsonPath[] | undefined;
    const data = await send(fetch, run, { representations }, ([, index, ...rest]) => {
      places ??= pathsAt(run.data, fetch.path);
      const entity = typeof index === 'number' ? places[positions[index] ?? -1] : undefined;
      return entity ? [...entity, ...rest] : singlePlace(fetch.path);
    });
    if (data) mergeEntities(fetch, data._entities, targets);
  };
}

function mergeEntities(fetch: Fetch, entities: unknown, targets: readonly JsonObject[]): void {
  if (!Array.isArray(entities) || entities.length !== targets.length)
    throw new Error(`Expected "_entities" to be a list of ${targets.length}.`);
  targets.forEach((target, i) => {
    const entity: unknown = entities[i];
    if (!isJsonObject(entity)) return; // the subgraph does not know it, or has reported an error
    if (fetch.restoreNames) {
      entity.__typename ??= target.__typename;
      fetch.restoreNames(entity);
    }
    mergeInto(target, entity);
  });
}

/**
 * Calls the subgraph and reports the errors of its answer.
 *
 * @param toClientPath from a path in the subgraph's response to the path in the client's
 * @returns the answer's data
 * @throws GraphQLError when there is no answer
 */
async function send(
  { node, path, dataSource, variableUsages, clientNames }: Fetch,
  run: Run,
  variables: JsonObject,
  toClientPath: (path: JsonPath) => JsonPath,
): Promise<JsonObject | null | undefined> {
  for (const name of variableUsages) if (run.variables[name] !== undefined) variables[name] = run.variables[name];
  const options = {
    kind: INCOMING_OPERATION,
    request: { query: node.operation, operationName: node.operationName, variables },
    document: node.operationDocumentNode,
    incomingRequestContext: run.request,
    context: run.request.context,
    pathInIncomingRequest: [...path],
  };
  let answer;
  try {
    answer = await dataSource.process(options);
  } catch (error) {
    throw error instanceof GraphQLError ? error : subgraphUnavailable(node.serviceName, 'EXCEPTION', error);
  }
  for (const error of answer.errors ?? []) {
    const clientPath = error.path && toClientPath(error.path.map((step) => clientNames.get(step) ?? step));
    run.errors.push(subgraphError(error, node.serviceName, clientPath ?? singlePlace(path)));
  }
  return answer.data;
}

const unusableAnswer = (cause: unknown): GraphQLError =>
  new GraphQLError('The answer of a subgraph could not be used.', {
    originalError: cause instanceof Error ? cause : undefined,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });

/**
 * Where in the client's response a failed fetch leaves a gap: each root field; the field of a single entity; else the
 * place that is nearest to all the entities (for the rows of a list: the list).
 */
function missingPlaces({ node, path }: Fetch, run: Run): JsonPath[] {
  const places = pathsAt(run.data, path);
  const [place = []] = places;
  if (places.length !== 1) return [singlePlace(path)];
  const fields = fieldsFetched(node, run.conditions);
  const named = node.requires ? fields.length === 1 : fields.length > 0;
  return named ? fields.map((field) => [...place, field]) : [place];
}
