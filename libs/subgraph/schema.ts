import { buildSubgraphSchema } from '@apollo/subgraph';
import { isAbstractType, isObjectType, parse, type GraphQLSchema } from 'graphql';
import { guard } from './access.ts';
import type { Resolvers, SubgraphDefinition } from './definition.ts';
import { scalars } from './scalars.ts';
import { sdlOf } from './sdl.ts';

/** Builds a service's executable schema and refuses to when SDL, resolvers, entities and access do not fit together. */
export function schemaOf(definition: SubgraphDefinition, options: { enforceAccess: boolean }): GraphQLSchema {
  const resolvers = mergeResolvers(definition);
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdlOf(definition)), resolvers: { ...resolvers, ...scalars } as never }]);
  checkFields(schema, definition, resolvers);
  guard(schema, definition, options.enforceAccess);
  return schema;
}

/** Two slices may both add fields to a type; they may not both resolve one field. */
function mergeResolvers(definition: SubgraphDefinition): Record<string, Record<string, unknown>> {
  const merged: Record<string, Record<string, unknown>> = {};
  for (const [slice, { resolvers }] of Object.entries(definition.slices) as [string, { resolvers: Resolvers }][])
    for (const [type, fields] of Object.entries(resolvers))
      for (const [field, resolve] of Object.entries(fields)) {
        merged[type] ??= {};
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
    const isRoot = type === schema.getQueryType() || type === schema.getMutationType();
    const entity = entities.get(type.name);
    for (const name of Object.keys(type.getFields())) {
      if (name.startsWith('_') || resolvers[type.name]?.[name]) continue;
      if (isRoot) faults.push(`${type.name}.${name} has no resolver`);
      else if (entity && !(name in entity.meta.properties))
        faults.push(`${type.name}.${name} is neither a column of ${type.name} nor a resolver`);
    }
  }
  for (const [type, fields] of Object.entries(resolvers)) {
    const known = schema.getType(type);
    if (!known) faults.push(`resolvers for ${type}, which the SDL does not know`);
    else if (isObjectType(known))
      for (const field of Object.keys(fields))
        if (!field.startsWith('__') && !(field in known.getFields()))
          faults.push(`a resolver for ${type}.${field}, which the SDL does not know`);
  }
  if (faults.length) throw new Error(`${definition.name}: ${faults.join('; ')}.`);
}
