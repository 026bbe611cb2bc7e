import { expect, test } from '@jest/globals';
import { subgraphNames, supergraphSdl } from '@rollbook/gateway';
import { sdlOf } from '@rollbook/subgraph';
import { Kind, parse, type FieldDefinitionNode, type ObjectTypeDefinitionNode, type ObjectTypeExtensionNode, type TypeNode } from 'graphql';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientOperations } from '@rollbook/gateway/warmUp.ts';
import { composeSupergraph, operationsOfClient } from './compose.ts';
import { inputsOf } from './inputs.ts';
import { services } from './services.ts';

test('the committed supergraph is what the services compose to (npm run compose writes it)', () => {
  expect(supergraphSdl()).toBe(composeSupergraph());
  expect(services.map(({ name }) => name)).toEqual([...subgraphNames]);
});

test('every folder of services/ is a service of the district', () => {
  const folders = readdirSync(join(services[0]!.folder, '..'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual(services.map(({ name }) => name).sort());
});

for (const service of services)
  test(`the committed ${service.name}/schema.types.ts is what its SDL says clients may send (npm run compose writes it)`, async () => {
    expect(readFileSync(join(service.folder, 'schema.types.ts'), 'utf8')).toBe(await inputsOf(service));
  });

interface Declared {
  readonly service: string;
  readonly type: string;
  readonly field: FieldDefinitionNode;
}

const types = services.flatMap((service) =>
  parse(sdlOf(service)).definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION
      ? [{ service: service.name, definition }]
      : [],
  ),
);
const fields: Declared[] = types.flatMap(({ service, definition }) =>
  (definition.fields ?? []).map((field) => ({ service, type: definition.name.value, field })),
);
const named = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : named(type.type));
const isRequired = (type: TypeNode) => type.kind === Kind.NON_NULL_TYPE;
const isEntity = (definition: ObjectTypeDefinitionNode | ObjectTypeExtensionNode | undefined) =>
  definition?.directives?.some(({ name }) => name.value === 'key') ?? false;
/** Must the thing itself be there, alone or in each place of a list? */
const requiresEach = (type: TypeNode): boolean =>
  type.kind === Kind.NON_NULL_TYPE
    ? type.type.kind === Kind.NAMED_TYPE || requiresEach(type.type)
    : type.kind === Kind.LIST_TYPE && requiresEach(type.type);

function isKeyField(definition: ObjectTypeDefinitionNode | ObjectTypeExtensionNode, field: string): boolean {
  return (definition.directives ?? []).some(
    (directive) =>
      directive.name.value === 'key' &&
      directive.arguments?.some(
        ({ name, value }) => name.value === 'fields' && value.kind === Kind.STRING && value.value.split(/\s+/).includes(field),
      ),
  );
}

/** The service that says what a thing is: the one that declares the most of it. */
const owners = new Map<string, string>();
for (const { type } of fields) {
  const counts = Map.groupBy(
    fields.filter((field) => field.type === type),
    (field) => field.service,
  );
  owners.set(type, [...counts].sort((a, b) => b[1].length - a[1].length)[0]![0]);
}

// A null where none is allowed takes its parent with it: one service down must not take another's answer along.
test('every query is nullable, so that a service that is down leaves the other answers', () => {
  expect(
    fields
      .filter(({ type, field }) => type === 'Query' && isRequired(field.type))
      .map(({ service, field }) => `${service}: Query.${field.name.value}`),
  ).toEqual([]);
});

test("a reference to another service's thing is nullable", () => {
  const wrong = fields.filter(({ service, type, field }) => {
    const target = named(field.type);
    const here = types.find(
      ({ service: s, definition }) => s === service && definition.name.value === target && definition.kind === Kind.OBJECT_TYPE_DEFINITION,
    );
    return type !== 'Query' && requiresEach(field.type) && isEntity(here?.definition) && owners.get(target) !== service;
  });
  expect(wrong.map(({ service, type, field }) => `${service}: ${type}.${field.name.value}`)).toEqual([]);
});

test("what a service adds to another's thing is nullable", () => {
  const wrong = fields.filter(({ service, type, field }) => {
    if (type === 'Query' || type === 'Mutation' || owners.get(type) === service || !isRequired(field.type)) return false;
    const definitions = types
      .filter(({ service: s, definition }) => s === service && definition.name.value === type)
      .map(({ definition }) => definition);
    const shareable = definitions.some((definition) => definition.directives?.some(({ name }) => name.value === 'shareable'));
    return !shareable && !definitions.some((definition) => isKeyField(definition, field.name.value));
  });
  expect(wrong.map(({ service, type, field }) => `${service}: ${type}.${field.name.value}`)).toEqual([]);
});

test('what libs/client sends is planned by the gateway at its start, in the text that is sent', () => {
  const committed = clientOperations().map(({ name, query }) => [name, query]);
  expect(committed).toEqual(operationsOfClient().sort(([a], [b]) => (a < b ? -1 : 1)));
  expect(committed.length).toBeGreaterThan(3);
});
