import { isDate } from '@rollbook/school';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

function asDate(value: unknown): string {
  if (!isDate(value)) throw new GraphQLError(`${JSON.stringify(value)} is not a date; write a day that exists as "2026-11-21".`);
  return value;
}

function asInstant(value: unknown): Date {
  const time = typeof value === 'string' && instant.test(value) && isDate(value.slice(0, 10)) ? new Date(value) : null;
  if (!time || Number.isNaN(time.getTime()))
    throw new GraphQLError(`${JSON.stringify(value)} is not an instant; write it as "2026-11-21T15:04:05Z".`);
  return time;
}

/** What the scalars of the prelude mean. */
export const scalars: Record<string, GraphQLScalarType> = {
  Date: new GraphQLScalarType({
    name: 'Date',
    serialize: asDate,
    parseValue: asDate,
    parseLiteral: (node) => asDate(node.kind === Kind.STRING ? node.value : null),
  }),
  DateTime: new GraphQLScalarType({
    name: 'DateTime',
    serialize: (value) => (value instanceof Date ? value : asInstant(value)).toISOString(),
    parseValue: asInstant,
    parseLiteral: (node) => asInstant(node.kind === Kind.STRING ? node.value : null),
  }),
};
