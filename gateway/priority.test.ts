import { expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { buildSchema, parse, Kind, printSchema } from 'graphql';
import { priorityIn, saves } from './priority.ts';
import { supergraphSdl } from './supergraph.ts';
import { teacher } from './testing.ts';

const schema = buildSchema(supergraphSdl(), { assumeValid: true });
const priorityOf = priorityIn(() => schema);
const parent: Viewer = { ...teacher, grants: [{ role: 'PARENT', schoolId: null }] };

test.each([
  ['a save', 'mutation ($i: SaveMarksInput!) { saveMarks(input: $i) { replayed } }', 'SAVE'],
  ['a roll, whatever the operation is called', 'mutation importEverything { __typename takeRoll(input: null) { outcome } }', 'SAVE'],
  ['an office verb', 'mutation { enrollStudent(input: null) { id } }', 'SCREEN'],
  ['an import, also beside a save', 'mutation { saveMarks(input: null) { replayed } importUsers(input: null) { created } }', 'BULK'],
  ['the end of an import', 'mutation { finishPeopleImport(input: null) { done } }', 'BULK'],
  ["a teacher's day", '{ me { id } myDay { sectionId } }', 'SCREEN'],
  ['a list', '{ students(first: 5) { nodes { id } } }', 'LIST'],
  [
    'a list under another name, in a fragment',
    'query { ...f } fragment f on Query { me: students { nodes { id } } ...g } fragment g on Query { ...f me { id } }',
    'LIST',
  ],
  ['what is not GraphQL', '{ students(', 'SCREEN'],
  ['a field that is not there', '{ nothing }', 'SCREEN'],
  ['__proto__', '{ __proto__ constructor }', 'SCREEN'],
])('%s', (_, query, priority) => {
  expect(priorityOf({ query }, teacher)).toBe(priority);
  expect(priorityOf({ query }, teacher)).toBe(priority); // as it is remembered
});

const report = 'nodes { id enrollments { startsOn } }';
test.each([
  ['a whole page with lists in its rows', `{ students(first: 100) { ${report} } }`, {}, 'BULK'],
  ['by a variable', `query ($n: Int) { students(first: $n) { ${report} } }`, { n: 100 }, 'BULK'],
  ['by a variable that is left out', `query ($n: Int = 100) { students(first: $n) { ${report} } }`, {}, 'BULK'],
  ['of which less is asked for after all', `query ($n: Int = 100) { students(first: $n) { ${report} } }`, { n: 20 }, 'LIST'],
  [
    'in fragments',
    `{ ...a } fragment a on Query { students(first: 100) { ...b } } fragment b on StudentConnection { ...b ${report} }`,
    {},
    'BULK',
  ],
  ['by its edges', `{ students(first: 100) { edges { node { enrollments { startsOn } } } } }`, {}, 'BULK'],
  ['a page', `{ students(first: 99) { ${report} } }`, {}, 'LIST'],
  ['a page of unsaid length', `{ students { ${report} } }`, {}, 'LIST'],
  ['a long list to choose from', '{ students(first: 100) { nodes { id displayName } pageInfo { endCursor } } }', {}, 'LIST'],
  ['a long list to choose from beside a screen', '{ students(first: 100) { nodes { id } } me { grants { role } } }', {}, 'LIST'],
  ['a number that is none', `query ($n: Int) { students(first: $n) { ${report} } }`, { n: {} }, 'LIST'],
  ['__proto__', `query ($__proto__: Int) { students(first: $__proto__) { ${report} } }`, {}, 'LIST'],
] as const)('export or screen: %s', (_, query, variables, priority) => {
  for (let n = 0; n < 2; n++) expect(priorityOf({ query, variables }, teacher)).toBe(priority);
});

test('how many rows are asked for is looked at each time, though the document is remembered', () => {
  const query = `query ($n: Int) { students(first: $n) { ${report} } }`;
  const ask = (n: number) => priorityOf({ query, variables: { n } }, teacher);
  expect([ask(10), ask(100), ask(10)]).toEqual(['LIST', 'BULK', 'LIST']);
});

test('every import is BULK: what a batch carries in, and what ends it', () => {
  const mutations = Object.keys(schema.getMutationType()!.getFields()).filter((name) => /import/i.test(name));
  expect(mutations.length).toBeGreaterThan(10);
  for (const name of mutations)
    expect([name, priorityOf({ query: `mutation { ${name}(input: null) { x } }` }, teacher)]).toEqual([name, 'BULK']);
});

test('of several operations in a document, the one that is named counts', () => {
  const query = 'query Day { me { id } } query Find { students { nodes { id } } }';
  expect(priorityOf({ query, operationName: 'Day' }, teacher)).toBe('SCREEN');
  expect(priorityOf({ query, operationName: 'Find' }, teacher)).toBe('LIST');
});

test('what families look at comes after what the school works with', () => {
  expect(priorityOf({ query: '{ me { id } }' }, parent)).toBe('LIST');
  expect(priorityOf({ query: '{ me { id } }' }, { ...parent, grants: [...parent.grants, ...teacher.grants] })).toBe('SCREEN');
});

test('what programs of vendors fetch comes last, beside their own a person of the school does not', () => {
  const vendor: Viewer = { ...teacher, grants: [{ role: 'VENDOR', schoolId: null }] };
  expect(priorityOf({ query: '{ me { id } }' }, vendor)).toBe('BULK');
  expect(priorityOf({ query: '{ me { id } }' }, { ...vendor, grants: [...vendor.grants, ...teacher.grants] })).toBe('SCREEN');
});

test('every save by name is a mutation of the graph', () => {
  const mutations = Object.keys(schema.getMutationType()!.getFields());
  expect(saves.filter((name) => !mutations.includes(name))).toEqual([]);
  // And what carries a saveId is one.
  const inputs = parse(printSchema(schema)).definitions.flatMap((definition) =>
    definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && definition.fields?.some(({ name }) => name.value === 'saveId')
      ? [definition.name.value]
      : [],
  );
  const withSaveId = Object.values(schema.getMutationType()!.getFields()).filter(({ args }) =>
    args.some(({ type }) => inputs.includes(type.toString().replace('!', ''))),
  );
  expect(withSaveId.map(({ name }) => name).filter((name) => !saves.includes(name))).toEqual([]);
});
