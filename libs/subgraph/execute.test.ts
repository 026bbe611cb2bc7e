import { expect, test } from '@jest/globals';
import { execute, parse } from 'graphql';
import { runSketch, sketch } from './example/sketch.ts';
import { vendor } from './example/people.ts';
import { schemaOf } from './schema.ts';

const everyone = `@allow(roles: ["VENDOR"])`;
const echo = sketch(
  `extend type Query {
     echo(word: String = "none", n: Int, list: [Int], box: Box): String! ${everyone}
     twice(word: String! = "once"): String! ${everyone}
     same: Same! ${everyone}
   }
   "A parcel."
   input Box { word: String! = "empty" size: Int = 3 inner: Box }
   "Itself."
   type Same @access(class: "OPEN") { name: String! same: Same! echo(word: String): String! list: [Same]! }`,
  {
    resolvers: {
      Query: {
        echo: (_, args) => JSON.stringify(args),
        twice: (_, { word }) => word + word,
        same: () => ({ name: 'same' }),
      },
      Same: {
        same: () => Promise.resolve({ name: 'inner' }),
        echo: (_, args) => JSON.stringify(args),
        list: () => [{ name: '0' }, null, Promise.resolve({ name: '2' })],
      },
    },
  },
);
const run = runSketch(echo);
const schema = schemaOf(echo, { enforceAccess: true });

/** What graphql-js answers, over the same resolvers. */
async function reference(query: string, variables?: Record<string, unknown>) {
  const result = await execute({ schema, document: parse(query), contextValue: { viewer: vendor }, variableValues: variables ?? null });
  return { data: result.data ? JSON.parse(JSON.stringify(result.data)) : null, failed: Boolean(result.errors) };
}
async function ours(query: string, variables?: Record<string, unknown>) {
  const result = await run({ query, variables }, vendor);
  return { data: result.data ? JSON.parse(JSON.stringify(result.data)) : null, failed: Boolean(result.errors) };
}

const mark = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';

test('a text in a query is a text: the marks of the compiler do not make it a program', async () => {
  const query = `{ echo(word: "${mark}(globalThis.broken=1)") }`;
  expect(await ours(query)).toEqual(await reference(query));
  expect(globalThis).not.toHaveProperty('broken');
  const escaped = `{ echo(word: "\\u005f_MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d(globalThis.broken=1)") }`;
  expect(await ours(escaped)).toEqual(await reference(escaped));
  expect(globalThis).not.toHaveProperty('broken');
});

const cases: [what: string, query: string, variables?: Record<string, unknown>][] = [
  ['a default of an argument', '{ echo twice }'],
  ['an argument left to a variable that is not given', 'query ($w: String) { echo(word: $w) }'],
  ['a variable with a default', 'query ($w: String = "mine") { echo(word: $w) }'],
  ['a default that is overridden by null', 'query ($w: String = "mine") { echo(word: $w) }', { w: null }],
  ['a non-null variable with a default', 'query ($w: String! = "mine") { twice(word: $w) }'],
  ['a nullable variable for a non-null argument with a default', 'query ($w: String) { twice(word: $w) }'],
  ['the same, given as null', 'query ($w: String) { twice(word: $w) }', { w: null }],
  ['defaults inside an input object', 'query ($b: Box) { echo(box: $b) }', { b: { inner: {} } }],
  ['a list made of one', 'query ($l: [Int]) { echo(list: $l) }', { l: 3 }],
  ['a list with null', 'query ($l: [Int]) { echo(list: $l) }', { l: [1, null] }],
  ['@skip and @include', 'query ($no: Boolean!) { same { name @include(if: $no) same @skip(if: $no) { name } } }', { no: true }],
  ['@skip on a fragment', 'query ($no: Boolean!) { same { ...F @skip(if: $no) } } fragment F on Same { name }', { no: false }],
  ['one field twice, once skipped', '{ same { name @skip(if: true) name } }'],
  ['an alias called __proto__', '{ same { __proto__: name } __proto__: same { name } }'],
  ['an alias called constructor', '{ constructor: same { constructor: name toString: name } }'],
  ['a variable called __proto__', 'query ($__proto__: String) { echo(word: $__proto__) }', JSON.parse('{"__proto__": "x"}')],
  ['a variable called constructor that is not given', 'query ($constructor: String) { echo(word: $constructor) }', {}],
  ['__proto__ in an input object', 'query ($b: Box) { echo(box: $b) }', JSON.parse('{"b": {"__proto__": {"size": 9}}}')],
  ['nothing and promises in a list', '{ same { list { name same { name } } } }'],
];
for (const [what, query, variables] of cases)
  test(`answers as graphql-js: ${what}`, async () => {
    expect(await ours(query, variables)).toEqual(await reference(query, variables));
  });
