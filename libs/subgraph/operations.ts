import {
  execute,
  getNamedType,
  getOperationAST,
  isInputObjectType,
  Kind,
  OperationTypeNode,
  parse,
  specifiedRules,
  typeFromAST,
  validate,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  type NamedTypeNode,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from './context.ts';
import type { GraphAnswer, GraphRequest } from './execute.ts';
import { limitRules, limits } from './limits.ts';

export type Run = (context: Context, variables: Record<string, unknown>) => Promise<ExecutionResult> | ExecutionResult;

/** A compiled operation takes up to 300 times the length of its text, so what is kept is bounded by number and by length. */
const kept = { operations: 1_000, characters: 500_000 } as const;

/**
 * Finds an operation ready to run, or the answer that says why it cannot be: each document is parsed, checked and compiled once,
 * and kept while it is among the last used.
 */
export function operationsOf(schema: GraphQLSchema): (request: GraphRequest) => Run | GraphAnswer {
  const operations = new Map<string, Run | GraphAnswer>();
  let characters = 0;
  return (request) => {
    // No name and no document that could run holds a NUL, so no key of one request can be the key of another.
    const key = `${request.operationName ?? ''}\0${request.query}`;
    let run = operations.get(key);
    if (run) operations.delete(key);
    else {
      run = prepare(schema, request);
      characters += key.length;
    }
    operations.set(key, run);
    for (const oldest of operations.keys()) {
      if (operations.size <= kept.operations && characters <= kept.characters) break;
      operations.delete(oldest);
      characters -= oldest.length;
    }
    return run;
  };
}

/** Parses, validates and compiles; a document that is not valid has its answer at once. */
function prepare(schema: GraphQLSchema, request: GraphRequest): Run | GraphAnswer {
  let document: DocumentNode;
  try {
    document = request.document ?? parse(request.query, { maxTokens: limits.tokens });
  } catch (error) {
    const tooLarge = (error as Error).message.includes('tokens');
    return rejected([error as GraphQLError], tooLarge ? 'OPERATION_TOO_LARGE' : 'GRAPHQL_PARSE_FAILED');
  }
  // How large it is comes first: the other rules may take long over what is too large.
  for (const rules of [limitRules, specifiedRules]) {
    const errors = validate(schema, document, rules, { maxErrors: 10 });
    if (errors.length) return rejected(errors, 'GRAPHQL_VALIDATION_FAILED');
  }
  const operationName = request.operationName ?? null;
  if (!getOperationAST(document, operationName)) return rejected([{ message: noOperation(operationName) }], 'OPERATION_RESOLUTION_FAILURE');
  if (mayCompile(schema, document)) {
    // Errors are formatted by the caller, not by the compiler; what it cannot compile is run by graphql-js.
    const compiled = compileQuery(schema, document, operationName ?? undefined, {});
    if (isCompiledQuery(compiled)) return (context, variables) => compiled.query(undefined, context, variables);
  }
  return (contextValue, variableValues) => execute({ schema, document, contextValue, variableValues, operationName });
}

function noOperation(name: string | null): string {
  return name === null
    ? 'The document holds several operations (or none); name the one to run as "operationName".'
    : `The document holds no operation called ${JSON.stringify(name)}.`;
}

/**
 * Whether graphql-jit 0.8.9 answers a document as graphql-js does. It does not with @skip and @include, with defaults of non-null
 * variables and of fields of input objects, and with the name `__proto__`; those documents, and mutations, whose answers are small,
 * are run by graphql-js. A string that holds one of its own marks it would even run as a program.
 */
function mayCompile(schema: GraphQLSchema, document: DocumentNode): boolean {
  let may = true;
  visit(document, {
    OperationDefinition(operation) {
      if (operation.operation !== OperationTypeNode.QUERY) may = false;
    },
    Directive(directive) {
      if (directive.name.value === 'skip' || directive.name.value === 'include') may = false;
    },
    VariableDefinition({ type, defaultValue }) {
      if (defaultValue && type.kind === Kind.NON_NULL_TYPE) may = false;
      if (isInputObjectType(getNamedType(typeFromAST(schema, type as NamedTypeNode)))) may = false;
    },
    StringValue(string) {
      if (string.value.includes('__MAGIC_')) may = false;
    },
    Name(name) {
      if (name.value === '__proto__') may = false;
    },
  });
  return may;
}

function rejected(
  errors: readonly Pick<GraphQLError, 'message' | 'extensions'>[] | readonly { message: string }[],
  code: string,
): GraphAnswer {
  return {
    rejected: true,
    errors: errors.map((error) => ({ message: error.message, extensions: { code, ...('extensions' in error && error.extensions) } })),
  };
}
