import { buildSubgraphSchema } from '@apollo/subgraph';
import { isAbstractType, isObjectType, Kind, parse, type GraphQLAbstractType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { guard } from './access.ts';
import { isRead } from './columns.ts';
import type { Context } from './context.ts';
import type { Resolvers, SubgraphDefinition } from './definition.ts';
import { scalars } from './scalars.ts';
import { sdlOf } from './sdl.ts';

/** Builds a service's executable schema and refuses to when SDL, resolvers, entities and access do not fit together. */
export function schemaOf(definition: SubgraphDefinition, options: { enforceAccess: boolean }): GraphQLSchema {
  const resolvers = mergeResolvers(definition);
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdlOf(definition)), resolvers: { ...resolvers, ...scalars } as never }]);
  checkFields(schema, definition, resolvers);
  guard(schema, definition, options.enforceAccess);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type)) closeStub(type);
    if (isAbstractType(type)) settleType(type);
  }
  return schema;
}

interface Entity {
  extensions: { apollo?: { subgraph?: { resolveReference?: unknown } } };
}

/** A type of another service that is only pointed at is nothing here. The library would echo the reference as if it were a row. */
function closeStub(type: GraphQLObjectType): void {
  const entity = type as Entity;
  if (keysOf(type).length && !entity.extensions.apollo?.subgraph?.resolveReference)
    entity.extensions = { ...entity.extensions, apollo: { subgraph: { resolveReference: () => null } } };
}

/** In a compiled operation an error of resolveType would leave the answer waiting for ever; no type is an error of the field. */
function settleType(type: GraphQLAbstractType): void {
  const resolve = type.resolveType;
  type.resolveType = (value, context: Context, info, abstract) => {
    try {
      return resolve!(value, context, info, abstract);
    } catch (error) {
      context.log.error({ err: error }, `${type.name}.__resolveType failed`);
      return undefined;
    }
  };
}

/** Is each @key of a type one that this service answers references by? */
function keysOf(type: GraphQLObjectType): { resolvable: boolean }[] {
  const directives = [type.astNode, ...type.extensionASTNodes].flatMap((node) => node?.directives ?? []);
  return directives
    .filter((directive) => directive.name.value === 'key')
    .map((directive) => {
      const resolvable = directive.arguments?.find((argument) => argument.name.value === 'resolvable')?.value;
      return { resolvable: !(resolvable?.kind === Kind.BOOLEAN && !resolvable.value) };
    });
}

/** Two slices may both add fields to a type; they may not both resolve one field. */
function mergeResolvers(definition: SubgraphDefinition): Record<string, Record<string, unknown>> {
  // Without prototypes: a field may be called `constructor`.
  const merged = Object.create(null) as Record<string, Record<string, unknown>>;
  for (const [slice, { resolvers }] of Object.entries(definition.slices) as [string, { resolvers: Resolvers }][])
    for (const [type, fields] of Object.entries(resolvers))
      for (const [field, resolve] of Object.entries(fields)) {
        merged[type] ??= Object.create(null) as Record<string, unknown>;
        if (field in merged[type]) throw new Error(`${definition.name}: ${type}.${field} is resolved twice, again in ${slice}.`);
        merged[type][field] = resolve;
      }
  return merged;
}

/** Every field of the SDL is a column of the entity with the type's name, a resolver, or part of what a verb returns. */
function checkFields(schema: GraphQLSchema, definition: SubgraphDefinition, resolvers: Record<string, Record<string, unknown>>): void {
  const entities = new Map(
    Object.values(definition.slices).flatMap((slice) => slice.entities.map((entity) => [entity.meta.className as string, entity] as const)),
  );
  const faults: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('_')) continue;
    if (isAbstractType(type) && !resolvers[type.name]?.['__resolveType']) faults.push(`${type.name} needs __resolveType`);
    if (!isObjectType(type)) continue;
    if (keysOf(type).some(({ resolvable }) => resolvable) && !resolvers[type.name]?.['__resolveReference'])
      faults.push(`${type.name} has a @key and needs __resolveReference (or "resolvable: false")`);
    const isRoot = type === schema.getQueryType() || type === schema.getMutationType();
    const entity = entities.get(type.name);
    for (const name of Object.keys(type.getFields())) {
      if (name.startsWith('_') || resolvers[type.name]?.[name]) continue;
      if (isRoot) faults.push(`${type.name}.${name} has no resolver`);
      else if (entity && !isRead(entity, name)) faults.push(`${type.name}.${name} is neither a column of ${type.name} nor a resolver`);
    }
  }
  for (const [type, fields] of Object.entries(resolvers)) {
    const known = schema.getType(type);
    if (!known) faults.push(`resolvers for ${type}, which the SDL does not know`);
    else if (isObjectType(known))
      for (const field of Object.keys(fields))
        if (!field.startsWith('__') && !Object.hasOwn(known.getFields(), field))
          faults.push(`a resolver for ${type}.${field}, which the SDL does not know`);
  }
  if (faults.length) throw new Error(`${definition.name}: ${faults.join('; ')}.`);
}
