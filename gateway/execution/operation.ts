/** Compiles a planned operation into one function: coerce variables, run the plan, complete the response. */
import { GraphQLError, Kind, getVariableValues, visit, type GraphQLSchema } from 'graphql';
import { startsWith, type JsonObject } from './json.ts';
import { isInheritedName, type Run, type Step } from './fetch.ts';
import { compilePlan } from './plan.ts';
import { NotCompilable, type Answer, type PlannedOperation, type RequestContext } from './planTypes.ts';
import { compileShape, type Completion } from './shape.ts';

export type CompiledOperation = (request: RequestContext) => Promise<Answer>;
type Shape = ReturnType<typeof compileShape>;

/** Each variable of @skip and @include doubles the number of shapes a response may have. */
const MOST_CONDITIONS = 6;

/**
 * @param supergraph the full schema, which also knows types that the public schema hides
 * @throws NotCompilable when the operation is one for Apollo's own executor
 */
export function compileOperation(
  { queryPlan, operationContext, serviceMap }: PlannedOperation,
  supergraph: GraphQLSchema,
): CompiledOperation {
  const { operation, fragments, schema } = operationContext;
  if (operation.operation === 'subscription' || queryPlan.node?.kind === 'Subscription') throw new NotCompilable('a subscription');
  const conditionNames = inspectSelections(operationContext);
  const plan = queryPlan.node && compilePlan(queryPlan.node, { supergraph, dataSources: serviceMap, conditions: conditionNames });
  if (conditionNames.size > MOST_CONDITIONS) throw new NotCompilable(`more than ${MOST_CONDITIONS} variables in @skip and @include`);
  const shapes = new Map<number, Shape>();

  return async (request) => {
    const variables = request.request.variables ?? {};
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    if (coerced.errors) return { errors: coerced.errors };
    const conditions = coerced.coerced;
    const key = shapeKey(conditionNames, conditions);
    if (key instanceof GraphQLError) return { errors: [key] };
    let shape = shapes.get(key);
    if (!shape) shapes.set(key, (shape = compileShape(operation, { schema, fragments, conditions })));
    return execute({ request, variables, conditions, data: {}, errors: [] }, plan, shape);
  };
}

/** Which of the possible shapes these values ask for: one bit a variable. */
function shapeKey(names: ReadonlySet<string>, values: JsonObject): number | GraphQLError {
  let key = 0;
  for (const name of names) {
    const value = values[name];
    if (typeof value !== 'boolean') {
      return new GraphQLError(`Variable "$${name}" decides a @skip or @include and must be true or false.`, {
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
    key = key * 2 + Number(value);
  }
  return key;
}

async function execute(run: Run, plan: Step | undefined, shape: Shape): Promise<Answer> {
  await plan?.(run);
  const completion: Completion = { violations: [], path: [] };
  const data = shape(run.data, completion);
  const errors = [...run.errors, ...completion.violations.filter((violation) => !isExplained(violation, run.errors))];
  return errors.length ? { data, errors } : { data };
}

/** Has an error been reported that tells why this value is missing: above it, below it, or beside it in the same object? */
function isExplained({ path = [] }: GraphQLError, reported: readonly GraphQLError[]): boolean {
  const object = path.slice(0, -1);
  return reported.some(({ path: at }) => !at || startsWith(at, object) || startsWith(path, at));
}

/**
 * Refuses selections that only Apollo's own executor answers.
 *
 * @returns the names of the variables that @skip and @include use
 */
function inspectSelections({ operation, fragments }: PlannedOperation['operationContext']): Set<string> {
  const conditions = new Set<string>();
  visit(
    { kind: Kind.DOCUMENT, definitions: [operation, ...Object.values(fragments)] },
    {
      Field({ name, alias }) {
        if (name.value.startsWith('__') && name.value !== '__typename') throw new NotCompilable('introspection');
        const responseName = alias?.value ?? name.value;
        if (alias?.value === '__typename') throw new NotCompilable('the alias "__typename"');
        if (isInheritedName(responseName)) throw new NotCompilable(`the response name "${responseName}"`);
      },
      Directive({ name, arguments: args }) {
        if (name.value !== 'skip' && name.value !== 'include') return;
        const condition = args?.[0]?.value;
        if (condition?.kind === Kind.VARIABLE) conditions.add(condition.name.value);
      },
    },
  );
  return conditions;
}
