import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import { sdlOf, type SubgraphDefinition } from '@rollbook/subgraph';
import {
  Kind,
  parse,
  type DefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InputValueDefinitionNode,
  type TypeNode,
} from 'graphql';

/** What a reader of the generated file must know. */
const header = `// Made by \`npm run compose\` from this service's schema.graphql files. Do not edit it.
// What clients may send: the inputs, their enums, and the arguments of every field that has any.

`;

/**
 * The TypeScript of what clients may send to a service. \`Arguments\` is by type and field; a slice that is a \`Slice<Arguments>\` has
 * its resolvers' arguments typed by it, so that an argument that is renamed in the SDL is an error where it is read.
 */
export async function inputsOf(service: SubgraphDefinition): Promise<string> {
  const definitions = parse(sdlOf(service)).definitions;
  const kept = definitions.filter(({ kind }) =>
    [Kind.INPUT_OBJECT_TYPE_DEFINITION, Kind.ENUM_TYPE_DEFINITION, Kind.SCALAR_TYPE_DEFINITION].includes(kind as never),
  );
  const types = await codegen({
    filename: 'schema.types.ts',
    schema: { kind: Kind.DOCUMENT, definitions: [...kept, ...argumentsOf(definitions)].map(withoutDefaults) },
    documents: [],
    config: {},
    pluginMap: { typescript },
    plugins: [
      {
        typescript: {
          immutableTypes: true,
          enumsAsTypes: true,
          // What libs/subgraph/scalars.ts makes of them.
          scalars: { ID: 'string', Date: 'string', DateTime: 'Date' },
        },
      },
    ],
  });
  return `${header}${types.trim()}\n`;
}

/** Arguments are an input too: \`Query.mark(id: ID!)\` as \`input QueryMarkArguments { id: ID! }\`, all of them in \`input Arguments\`. */
function argumentsOf(definitions: readonly DefinitionNode[]): InputObjectTypeDefinitionNode[] {
  const inputs: InputObjectTypeDefinitionNode[] = [];
  const byType = new Map<string, InputValueDefinitionNode[]>();
  for (const definition of definitions)
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION)
      for (const field of definition.fields ?? [])
        if (field.arguments?.length) {
          const type = definition.name.value;
          const name = `${type}${field.name.value[0]!.toUpperCase()}${field.name.value.slice(1)}Arguments`;
          inputs.push(input(name, field.arguments));
          byType.set(type, [...(byType.get(type) ?? []), required(field.name.value, name)]);
        }
  for (const [type, fields] of byType) inputs.push(input(`${type}Arguments`, fields));
  return [
    ...inputs,
    input(
      'Arguments',
      [...byType.keys()].map((type) => required(type, `${type}Arguments`)),
    ),
  ];
}

const name = (value: string) => ({ kind: Kind.NAME, value }) as const;

const input = (called: string, fields: readonly InputValueDefinitionNode[]): InputObjectTypeDefinitionNode => ({
  ...{ kind: Kind.INPUT_OBJECT_TYPE_DEFINITION, name: name(called), fields },
});

function required(field: string, type: string): InputValueDefinitionNode {
  const named: TypeNode = { kind: Kind.NAMED_TYPE, name: name(type) };
  return { kind: Kind.INPUT_VALUE_DEFINITION, name: name(field), type: { kind: Kind.NON_NULL_TYPE, type: named } };
}

/** Whoever reads an argument that must have a value finds one: its default, if it was left out. */
function withoutDefaults(definition: DefinitionNode): DefinitionNode {
  if (definition.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION) return definition;
  return { ...definition, fields: (definition.fields ?? []).map(({ defaultValue: _, ...field }) => field) };
}
