import { hash } from 'node:crypto';
import { ApolloGateway, buildOperationContext, type GraphQLDataSource, type SupergraphSdlHook } from '@apollo/gateway';
import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { buildASTSchema, getOperationAST, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode, ValidationRule } from 'graphql';
import { compileOperation, type CompiledOperation } from './operation.ts';
import { NotCompilable, type Answer, type PlannedOperation, type RequestContext } from './planTypes.ts';
import { RecentlyUsed } from './recentlyUsed.ts';
import { keyFieldNames, noKeyFieldAlias, plainMutationFields } from './rules.ts';
import { sampleVariables } from './sampleVariables.ts';
import { planningDocument } from './planningDocument.ts';

// A school's system reports to nobody: @apollo/gateway would send usage data every hour.
process.env.APOLLO_TELEMETRY_DISABLED ??= '1';

type GatewayInterface = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

export interface CompiledGatewayConfig {
  /** The composed Federation 2 schema, or a hook that loads it and later hands over new ones. */
  supergraphSdl: string | SupergraphSdlHook;
  /** How to reach a subgraph. Called once for each; what it answers must be objects that nobody else holds. */
  dataSource: (subgraph: string, url: string | undefined) => GraphQLDataSource;
  /** `stock` leaves every operation to Apollo's own executor. Default `compiled`. */
  executor?: 'compiled' | 'stock';
  /** How many operations to keep compiled; those used last are kept. Default 1000. */
  maxCompiledPlans?: number;
  /** Told once for each operation that is left to Apollo's own executor, with the reason. */
  onRefused?: (operationName: string | undefined, reason: string) => void;
  /** Where Apollo's gateway logs. Default: the console, warnings and errors. */
  logger?: NonNullable<ConstructorParameters<typeof ApolloGateway>[0]>['logger'];
}

/** What the gateway has done since it was made. */
export interface ExecutionStats {
  /** Requests answered by compiled plans, and by Apollo's own executor. */
  compiled: number;
  stock: number;
  /** Operations planned and compiled, and those that the compiler refused. */
  plansCompiled: number;
  plansRefused: number;
  /** Operations held now, compiled or refused. */
  plansHeld: number;
}

/** All that belongs to one supergraph: replaced as a whole when a new one comes. */
interface Loaded {
  apiSchema: GraphQLSchema;
  supergraph: GraphQLSchema;
  keyFields: ReadonlySet<string>;
  usesInterfaceObject: boolean;
  plans: RecentlyUsed<CompiledOperation | 'stock'>;
  /** Operations being planned now: whoever else asks for one waits for it instead of planning it too. */
  planning: Map<string, Promise<CompiledOperation | 'stock'>>;
}

/** An operation and what Apollo knows it by. */
interface Source {
  document: DocumentNode;
  queryHash: string;
  operationName: string | undefined;
}

/**
 * A gateway for Apollo Server: @apollo/gateway loads the supergraph and plans, and what it planned is compiled once
 * and run here. README.md tells why, and what is left to Apollo's own executor.
 *
 *     const gateway = new CompiledGateway({ supergraphSdl, dataSource });
 *     const server = new ApolloServer({ gateway, validationRules: gateway.validationRules });
 */
export class CompiledGateway implements GatewayInterface {
  /** For Apollo Server's `validationRules`: they refuse what the planner would plan wrongly. */
  readonly validationRules: ValidationRule[];
  readonly #config: CompiledGatewayConfig;
  readonly #apollo: ApolloGateway;
  /** The requests that are made only to get a plan. */
  readonly #planOnly = new WeakSet<object>();
  readonly #counts = { compiled: 0, stock: 0, plansCompiled: 0, plansRefused: 0 };
  #loaded: Loaded | undefined;

  constructor(config: CompiledGatewayConfig) {
    this.#config = config;
    const { supergraphSdl, dataSource, logger, maxCompiledPlans = 1000 } = config;
    if (!(maxCompiledPlans >= 1)) throw new RangeError(`maxCompiledPlans must be 1 or more, not ${maxCompiledPlans}.`);
    const settings = {
      buildService: ({ name, url }: { name: string; url?: string }) => dataSource(name, url),
      logger,
      __exposeQueryPlanExperimental: false,
      experimental_didResolveQueryPlan: (planned: PlannedOperation) => {
        if (this.#planOnly.has(planned.requestContext)) throw new Planned(planned);
      },
    };
    // Two calls because the two kinds of supergraphSdl are two types of configuration.
    this.#apollo =
      typeof supergraphSdl === 'string'
        ? new ApolloGateway({ ...settings, supergraphSdl })
        : new ApolloGateway({ ...settings, supergraphSdl });
    this.#apollo.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
      this.#loaded = {
        apiSchema,
        supergraph: buildASTSchema(parse(coreSupergraphSdl), { assumeValidSDL: true, assumeValid: true }),
        keyFields: keyFieldNames(coreSupergraphSdl),
        usesInterfaceObject: /isInterfaceObject:\s*true/.test(coreSupergraphSdl),
        plans: new RecentlyUsed(maxCompiledPlans),
        planning: new Map(),
      };
    });
    this.validationRules = [noKeyFieldAlias(() => this.#current.keyFields), plainMutationFields];
  }

  /** Loads the supergraph. Apollo Server calls this when it starts. */
  async load(options: Parameters<GatewayInterface['load']>[0]): Promise<{ schema: GraphQLSchema; executor: CompiledGateway['executor'] }> {
    const { schema } = await this.#apollo.load(options);
    return { schema, executor: this.executor };
  }

  onSchemaLoadOrUpdate(...args: Parameters<GatewayInterface['onSchemaLoadOrUpdate']>): () => void {
    return this.#apollo.onSchemaLoadOrUpdate(...args);
  }

  stop(): Promise<void> {
    return this.#apollo.stop();
  }

  /** The public schema. */
  get schema(): GraphQLSchema {
    return this.#current.apiSchema;
  }

  get stats(): ExecutionStats {
    return { ...this.#counts, plansHeld: this.#loaded?.plans.size ?? 0 };
  }

  /**
   * Plans and compiles an operation without running it, so that the first request need not wait (planning takes some
   * hundred times longer than running a plan).
   *
   * @param source the very text that clients will send: plans are kept by its hash
   * @returns whether requests will be answered by a compiled plan or by Apollo's own executor
   * @throws GraphQLError when the text is not GraphQL; AggregateError of GraphQLErrors when the operation is not valid
   */
  async plan(source: string, operationName?: string): Promise<'compiled' | 'stock'> {
    const document = parse(source);
    const errors = validate(this.schema, document, [...specifiedRules, ...this.validationRules]);
    if (errors.length) throw new AggregateError(errors, `The operation is not valid: ${errors.map(({ message }) => message).join(' ')}`);
    const operation = getOperationAST(document, operationName);
    if (!operation) throw new Error(`The document has no single operation${operationName ? ` called "${operationName}"` : ''}.`);
    const compiled = await this.#operation({ document, queryHash: hash('sha256', source), operationName }, operation);
    return compiled === 'stock' || this.#config.executor === 'stock' ? 'stock' : 'compiled';
  }

  /** Answers one request that Apollo Server has parsed and validated. */
  readonly executor = async (request: RequestContext): Promise<Answer> => {
    const { document, queryHash } = request;
    const { operationName } = request.request;
    const operation = getOperationAST(document, operationName);
    const compiled =
      operation && this.#config.executor !== 'stock' && !request.metrics?.captureTraces
        ? (this.#current.plans.get(planKey(queryHash, operationName)) ??
          (await this.#operation({ document, queryHash, operationName }, operation)))
        : 'stock';
    if (compiled === 'stock') {
      this.#counts.stock++;
      return this.#apollo.executor(request);
    }
    this.#counts.compiled++;
    return compiled(request);
  };

  get #current(): Loaded {
    if (!this.#loaded) throw new Error('The gateway has not loaded its supergraph: call load() first.');
    return this.#loaded;
  }

  /** The compiled operation, planned when it is new. However many ask for it at once, it is planned once. */
  #operation(source: Source, operation: OperationDefinitionNode): Promise<CompiledOperation | 'stock'> {
    const loaded = this.#current;
    const key = planKey(source.queryHash, source.operationName);
    const known = loaded.planning.get(key);
    if (known) return known;
    const planning = this.#planAndCompile(source, operation, loaded)
      .then((compiled) => {
        loaded.plans.set(key, compiled);
        return compiled;
      })
      .finally(() => loaded.planning.delete(key));
    loaded.planning.set(key, planning);
    return planning;
  }

  async #planAndCompile(source: Source, operation: OperationDefinitionNode, loaded: Loaded): Promise<CompiledOperation | 'stock'> {
    const planned = await this.#planOperation(source, sampleVariables(operation, loaded.apiSchema));
    try {
      if (loaded.usesInterfaceObject) throw new NotCompilable('@interfaceObject');
      const compiled = compileOperation(planned, loaded.supergraph);
      this.#counts.plansCompiled++;
      return compiled;
    } catch (error) {
      if (!(error instanceof NotCompilable)) throw error;
      this.#counts.plansRefused++;
      this.#config.onRefused?.(operation.name?.value, error.message);
      return 'stock';
    }
  }

  /** Sends Apollo's executor on its way and catches it between planning and executing: there is no other way in. */
  async #planOperation({ document, queryHash, operationName }: Source, variables: Record<string, unknown>): Promise<PlannedOperation> {
    const request = { request: { operationName, variables }, document: planningDocument(document), queryHash, metrics: {}, context: {} };
    this.#planOnly.add(request);
    try {
      const { errors = [] } = await this.#apollo.executor(request as unknown as RequestContext);
      throw new AggregateError(errors, `The operation was not planned: ${errors.map(({ message }) => message).join(' ')}`);
    } catch (thrown) {
      if (!(thrown instanceof Planned)) throw thrown;
      const { schema } = thrown.operation.operationContext;
      return { ...thrown.operation, operationContext: buildOperationContext({ schema, operationDocument: document, operationName }) };
    }
  }
}

const planKey = (queryHash: string, operationName: string | undefined): string => `${queryHash} ${operationName ?? ''}`;

/** Carries a plan out of Apollo's executor. */
class Planned extends Error {
  readonly operation: PlannedOperation;

  constructor(operation: PlannedOperation) {
    super('The operation has been planned and is not to be executed.');
    this.operation = operation;
  }
}
