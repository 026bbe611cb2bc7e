import { expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TypedOperation } from './graph.ts';
import * as operations from './operations.ts';

const supergraph = readFileSync(join(import.meta.dirname, '../../gateway/supergraph.graphql'), 'utf8');
const schema = buildSchema(supergraph, { assumeValidSDL: true });
const named = Object.entries(operations) as [string, TypedOperation<unknown, unknown>][];

test('nothing in the supergraph is hidden from clients, so that checking against it is checking against their schema', () => {
  expect(supergraph).not.toContain('@inaccessible');
});

test.each(named)('%s fits the public contract', (_, { text }) => {
  expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
});

test.each(named)('%s is one operation, named as the program names it', (name, { text }) => {
  const { definitions } = parse(text);
  expect(definitions.map((definition) => 'name' in definition && definition.name?.value)).toEqual([name[0]!.toUpperCase() + name.slice(1)]);
});

test('a field that the graph does not have is found', () => {
  expect(validate(schema, parse(operations.teacherDay.text.replace('displayName', 'shoeSize')))).toHaveLength(1);
});
