/** Variables that an operation accepts: plans do not depend on their values, but Apollo coerces them before it plans. */
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  typeFromAST,
} from 'graphql';
import type { GraphQLInputType, GraphQLSchema, OperationDefinitionNode } from 'graphql';

/** A value for each required variable of the operation; variables that may be left out are left out. */
export function sampleVariables(operation: OperationDefinitionNode, schema: GraphQLSchema): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
    const type = typeFromAST(schema, typeNode);
    if (isNonNullType(type) && isInputType(type) && !defaultValue) variables[variable.name.value] = sampleValue(type);
  }
  return variables;
}

function sampleValue(inputType: GraphQLInputType): unknown {
  const type = getNullableType(inputType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return { Boolean: false, Int: 0, Float: 0 }[getNamedType(type).name] ?? '';
  const fields = Object.values(type.getFields());
  const needed = type.isOneOf ? fields.slice(0, 1) : fields.filter(isRequiredInputField);
  return Object.fromEntries(needed.map((field) => [field.name, sampleValue(field.type)]));
}
