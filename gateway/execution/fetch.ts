/** One fetch of a query plan: what it asks a subgraph, and where its answer and its errors go. */
import type { GraphQLDataSource } from '@apollo/gateway';
import { GraphQLError, type DocumentNode, type GraphQLSchema } from 'graphql';
import { compileRepresentation, compileRewrites } from './entities.ts';
import { fieldsFetched, subgraphError, subgraphUnavailable, type ReportedError } from './errors.ts';
import { isJsonObject, mergeInto, objectsAt, pathsAt, singlePlace } from './json.ts';
import type { JsonObject, JsonPath, PlanPath } from './json.ts';
import { INCOMING_OPERATION, NotCompilable, type FetchNode, type RequestContext } from './planTypes.ts';

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

/** What a subgraph is asked, as often as a plan runs. */
export interface Question {
  query: string;
  operationName: string | undefined;
  document: DocumentNode | undefined;
}

/** Everything a fetch needs that is known before the first request. */
export interface Fetch {
  node: FetchNode;
  question: Question;
  path: PlanPath;
  dataSource: GraphQLDataSource;
  variableUsages: readonly string[];
  /** Puts what the planner renamed back under the client's names. */
  restoreNames: ((data: unknown) => void) | undefined;
  /** The client's names by the planner's, for the paths of errors. */
  clientNames: ReadonlyMap<string | number, string>;
}

export function describeFetch(node: FetchNode, source: PlanSource, path: PlanPath): Fetch {
  const { serviceName, variableUsages = [] } = node;
  const dataSource = source.dataSources[serviceName];
  if (!dataSource) throw new NotCompilable(`no data source for the subgraph "${serviceName}"`);
  if (node.contextRewrites?.length) throw new NotCompilable('@fromContext');
  if (inheritedName.test(node.operation)) throw new NotCompilable('a name that every object has');
  const renamings = (node.outputRewrites ?? []).flatMap((rewrite) =>
    rewrite.kind === 'KeyRenamer' ? [[rewrite.path.at(-1)!, rewrite.renameKeyTo] as const] : [],
  );
  return {
    node,
    question: { query: node.operation, operationName: node.operationName, document: node.operationDocumentNode },
    path,
    dataSource,
    variableUsages,
    restoreNames: compileRewrites(node.outputRewrites, source.supergraph),
    clientNames: new Map(renamings),
  };
}

/** A fetch by itself. */
export function compileFetch(fetch: Fetch, source: PlanSource): Step {
  const step = fetch.node.requires ? alone(fetch, compileEntityFetch(fetch, source)) : compileRootFetch(fetch);
  return async (run) => {
    try {
      await step(run);
    } catch (error) {
      reportMissing([fetch], run, error);
    }
  };
}

/** Tells the client of each place that the fetches would have filled. */
export function reportMissing(fetches: readonly Fetch[], run: Run, error: unknown): void {
  const failure = error instanceof GraphQLError ? error : unusableAnswer(error);
  for (const fetch of fetches)
    for (const missing of missingPlaces(fetch, run)) run.errors.push(subgraphError(failure, fetch.node.serviceName, missing));
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
    const { data, errors = [] } = await send(fetch, fetch.question, run, variablesOf([fetch], run));
    for (const error of errors) report(error, fetch, run, (path) => [...singlePlace(fetch.path), ...path]);
    if (!data) return;
    fetch.restoreNames?.(data);
    targets.forEach((target, i) => mergeInto(target, i === 0 ? data : structuredClone(data)));
  };
}

/** What an entity fetch asks in one run: `null` when there is nothing to ask. */
export type EntityFetch = (run: Run) => EntityQuestion | null;
export interface EntityQuestion {
  representations: JsonObject[];
  /** Puts the answer's `_entities` in their places. */
  accept(entities: unknown): void;
  /** An error of the answer; its path begins with `_entities`. */
  report(error: ReportedError): void;
}

/** A fetch of more fields for objects that other subgraphs have answered: one `_entities` call for all of them. */
export function compileEntityFetch(fetch: Fetch, source: PlanSource): EntityFetch {
  if (fetch.variableUsages.includes('representations')) throw new NotCompilable('a variable called $representations');
  const represent = compileRepresentation(fetch.node.requires!, source.supergraph);
  const rewriteInput = compileRewrites(fetch.node.inputRewrites, source.supergraph);
  return (run) => {
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
    if (!targets.length) return null;
    let places: JsonPath[] | undefined;
    const clientPath = ([, index, ...rest]: JsonPath) => {
      places ??= pathsAt(run.data, fetch.path);
      const entity = typeof index === 'number' ? places[positions[index] ?? -1] : undefined;
      return entity ? [...entity, ...rest] : singlePlace(fetch.path);
    };
    return {
      representations,
      accept: (entities) => mergeEntities(fetch, entities, targets),
      report: (error) => report(error, fetch, run, clientPath),
    };
  };
}

/** Asks for the entities of one fetch. */
const alone =
  (fetch: Fetch, entityFetch: EntityFetch): Step =>
  async (run) => {
    const asked = entityFetch(run);
    if (!asked) return;
    const variables = { representations: asked.representations, ...variablesOf([fetch], run) };
    const { data, errors = [] } = await send(fetch, fetch.question, run, variables);
    errors.forEach(asked.report);
    if (data) asked.accept(data._entities);
  };

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

/** The client's variables that these fetches use. */
export function variablesOf(fetches: readonly Fetch[], run: Run): JsonObject {
  const variables: JsonObject = {};
  for (const { variableUsages } of fetches)
    for (const name of variableUsages) if (run.variables[name] !== undefined) variables[name] = run.variables[name];
  return variables;
}

/** @throws GraphQLError when the subgraph does not answer */
export async function send({ node, path, dataSource }: Fetch, question: Question, run: Run, variables: JsonObject) {
  const { query, operationName, document } = question;
  try {
    return await dataSource.process({
      kind: INCOMING_OPERATION,
      request: { query, operationName, variables },
      document,
      incomingRequestContext: run.request,
      context: run.request.context,
      pathInIncomingRequest: [...path],
    });
  } catch (error) {
    throw error instanceof GraphQLError ? error : subgraphUnavailable(node.serviceName, 'EXCEPTION', error);
  }
}

/** @param toClientPath from a path in the subgraph's answer to the path in the client's */
function report(error: ReportedError, { node, path, clientNames }: Fetch, run: Run, toClientPath: (path: JsonPath) => JsonPath): void {
  const clientPath = error.path && toClientPath(error.path.map((step) => clientNames.get(step) ?? step));
  run.errors.push(subgraphError(error, node.serviceName, clientPath ?? singlePlace(path)));
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
