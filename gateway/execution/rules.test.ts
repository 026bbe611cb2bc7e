import { expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { keyFieldNames, noKeyFieldAlias, plainMutationFields } from './rules.ts';
import { composeSupergraph, school } from './sampleSchool.ts';

const schema = buildSchema(/* GraphQL */ `
  type Query {
    student: Student
  }
  type Student {
    id: ID!
    name: String
    section: ID
  }
  type Mutation {
    takeRoll: Int
    saveMarks: Int
  }
`);
const faults = (source: string): string[] =>
  validate(schema, parse(source), [noKeyFieldAlias(() => new Set(['id', 'section', '__typename'])), plainMutationFields]).map(
    ({ message }) => message,
  );

test('the names of key fields are read from the supergraph, nested ones too', () => {
  expect([...keyFieldNames(composeSupergraph(school))].toSorted()).toEqual(['__typename', 'id']);
  const compound = {
    name: 'a',
    sdl: 'type Query { a: A } type A @key(fields: "n section { id }") { n: Int section: B } type B { id: ID! x: Int }',
    resolvers: {},
  };
  expect([...keyFieldNames(composeSupergraph([compound]))].toSorted()).toEqual(['__typename', 'id', 'n', 'section']);
});

test.each([
  ['{ student { id: name } }', '"id" is the name of a key field and cannot be an alias: choose another name for "name".'],
  [
    '{ student { ...F } } fragment F on Student { section: id }',
    '"section" is the name of a key field and cannot be an alias: choose another name for "id".',
  ],
  ['{ student { __typename: name } }', '"__typename" is the name of a key field and cannot be an alias: choose another name for "name".'],
])('an alias that is the name of a key field is refused: %s', (source, message) => {
  expect(faults(source)).toEqual([message]);
});

test.each(['{ student { id name section } }', '{ student { id: id label: name } }'])('other aliases are not: %s', (source) => {
  expect(faults(source)).toEqual([]);
});

test.each([
  ['mutation { ... on Mutation { takeRoll } }', 'The fields of a mutation cannot be in a fragment: select them directly.'],
  ['mutation { ...F } fragment F on Mutation { takeRoll }', 'The fields of a mutation cannot be in a fragment: select them directly.'],
  ['mutation { takeRoll takeRoll }', 'The mutation field "takeRoll" is selected twice: select it once, or give it an alias.'],
  ['mutation { takeRoll @skip(if: true) saveMarks }', 'The mutation field "takeRoll" cannot have directives: leave the field out instead.'],
  [
    'mutation ($x: Boolean!) { takeRoll @include(if: $x) }',
    'The mutation field "takeRoll" cannot have directives: leave the field out instead.',
  ],
])('%s is refused', (source, message) => {
  expect(faults(source)).toEqual([message]);
});

test('mutation fields selected plainly are not refused, nor is the like in a query', () => {
  expect(faults('mutation { takeRoll again: takeRoll saveMarks }')).toEqual([]);
  expect(faults('query ($x: Boolean!) { ... on Query { student { name name @skip(if: $x) } } }')).toEqual([]);
});
