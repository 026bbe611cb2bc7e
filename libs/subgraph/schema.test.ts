import { describe, expect, test } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import type { Slice, SubgraphDefinition } from './definition.ts';
import { vendor } from './example/people.ts';
import { runSketch, sketch } from './example/sketch.ts';
import { schemaOf } from './schema.ts';
import { pino } from 'pino';

const open = (definition: SubgraphDefinition) => () => schemaOf(definition, { enforceAccess: true });
const Book = defineEntity({ name: 'Book', tableName: 'book', properties: { id: p.uuid().primary(), title: p.text() } });
const subject = () => ({ schoolIds: null });

/** A whole service of one entity; each test takes one thing away. */
const sdl = `
  extend type Query { book(id: ID!): Book @allow(roles: ["TEACHER"]) }
  type Book @key(fields: "id") @access(class: "SCHOOL") { id: ID! title: String! }`;
const slice: Slice = {
  entities: [Book],
  subjects: { Book: subject },
  resolvers: { Query: { book: () => null }, Book: { __resolveReference: () => null } },
};

describe('a service does not start', () => {
  test('(though this one does)', () => {
    expect(open(sketch(sdl, slice))).not.toThrow();
  });

  const faults: [what: string, definition: SubgraphDefinition, message: string][] = [
    [
      'with a field that is neither a column nor a resolver',
      sketch(sdl.replace('title: String!', 'title: String! weight: Int'), slice),
      'Book.weight is neither a column of Book nor a resolver',
    ],
    [
      'with a field whose name every object has',
      sketch(sdl.replace('title: String!', 'title: String! constructor: Int'), slice),
      'Book.constructor is neither a column of Book nor a resolver',
    ],
    [
      'with a root field without a resolver',
      sketch(sdl, { ...slice, resolvers: { Book: slice.resolvers['Book']! } }),
      'Query.book has no resolver',
    ],
    [
      'with a resolver for a field that the SDL does not know',
      sketch(sdl, { ...slice, resolvers: { ...slice.resolvers, Book: { ...slice.resolvers['Book'], weight: () => 1 } } }),
      'a resolver for Book.weight, which the SDL does not know',
    ],
    [
      'with resolvers for a type that the SDL does not know',
      sketch(sdl, { ...slice, resolvers: { ...slice.resolvers, Shelf: { books: () => [] } } }),
      'resolvers for Shelf, which the SDL does not know',
    ],
    [
      'with a field that has no class',
      sketch(
        sdl.replace(
          'type Book @key(fields: "id") @access(class: "SCHOOL") { id: ID!',
          'type Book @key(fields: "id") { id: ID! @access(class: "SCHOOL")',
        ),
        slice,
      ),
      'Book.title needs @access(class: ...) on it or its type',
    ],
    ['with a class that does not exist', sketch(sdl.replace('"SCHOOL"', '"SECRET"'), slice), 'Book.id: SECRET is no class of fields'],
    [
      'with a root field that names no roles',
      sketch(sdl.replace('@allow(roles: ["TEACHER"])', ''), slice),
      'Query.book needs @allow(roles: [...]) with roles of TEACHER',
    ],
    ['with a root field for nobody', sketch(sdl.replace('["TEACHER"]', '[]'), slice), 'Query.book needs @allow(roles: [...])'],
    [
      'with a role that does not exist',
      sketch(sdl.replace('["TEACHER"]', '["TEACHER", "WIZARD"]'), slice),
      'Query.book needs @allow(roles: [...]) with roles of TEACHER',
    ],
    [
      'with a classed type that does not say whom it is about',
      sketch(sdl, { ...slice, subjects: {} }),
      `Book needs an entry in its slice's "subjects"`,
    ],
    [
      'with a key by which references come, and nothing that answers them',
      sketch(sdl, { ...slice, resolvers: { Query: slice.resolvers['Query']! } }),
      'Book has a @key and needs __resolveReference',
    ],
    ['with a union that cannot tell its types apart', sketch(`${sdl} union Thing = Book`, slice), 'Thing needs __resolveType'],
    [
      'with a mutation that names no roles',
      sketch(`${sdl} extend type Mutation { burn: Int! }`, {
        ...slice,
        resolvers: { ...slice.resolvers, Mutation: { burn: () => 1 } },
      }),
      'Mutation.burn needs @allow(roles: [...])',
    ],
  ];
  for (const [what, definition, message] of faults)
    test(what, () => {
      expect(open(definition)).toThrow(message);
    });

  test('with a field that two slices resolve', () => {
    const one = sketch(sdl, slice);
    const definition = {
      ...one,
      slices: { drawing: one.slices['drawing']!, second: { entities: [], resolvers: { Query: { book: () => null } } } },
    };
    expect(open(definition)).toThrow('Query.book is resolved twice, again in second');
  });

  test('and is told all that is wrong at once', () => {
    expect(open(sketch(sdl.replace('title: String!', 'title: String! weight: Int color: Int'), slice))).toThrow(/weight.*color/);
  });
});

describe('a type of another service', () => {
  const stub = `
    extend type Query { book: Book @allow(roles: ["VENDOR"]) }
    type Book @key(fields: "id", resolvable: false) @access(class: "OPEN") { id: ID! }`;

  test('may be pointed at without a resolver', async () => {
    const run = runSketch(sketch(stub, { resolvers: { Query: { book: () => ({ id: '7' }) } } }));
    expect((await run({ query: '{ book { id } }' }, vendor)).data).toEqual({ book: { id: '7' } });
  });

  test('is nothing here when it is referred to: no reference is given back as if it were a row', async () => {
    const run = runSketch(sketch(stub, { resolvers: { Query: { book: () => null } } }));
    const query = '{ _entities(representations: [{ __typename: "Book", id: "8" }]) { ... on Book { id } } }';
    expect((await run({ query }, vendor)).data).toEqual({ _entities: [null] });
  });
});

test('a value of a union whose type cannot be told is an error of its field, not an answer that never comes', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const union = `
    extend type Query { thing: Thing @allow(roles: ["VENDOR"]) other: Int @allow(roles: ["VENDOR"]) }
    union Thing = Left | Right
    type Left @access(class: "OPEN") { id: ID! }
    type Right @access(class: "OPEN") { id: ID! }`;
  const run = runSketch(
    sketch(union, {
      resolvers: {
        Query: { thing: () => Promise.resolve({}), other: () => 1 },
        Thing: {
          __resolveType: () => {
            throw new Error('neither');
          },
        },
      },
    }),
    log,
  );
  const answer = await run({ query: '{ thing { ... on Left { id } } other }' }, vendor);
  expect(answer.data).toEqual({ thing: null, other: 1 });
  expect(answer.errors).toMatchObject([{ path: ['thing'], extensions: { code: 'INTERNAL' } }]);
  expect(lines.join()).toContain('neither');
});

test('the type check tells of an argument that the SDL does not give', () => {
  interface Arguments {
    readonly Query: { readonly book: { readonly isbn: string } };
  }
  const { resolvers }: Slice<Arguments> = {
    entities: [],
    resolvers: {
      Query: {
        book: (_, { isbn }) => isbn.toUpperCase(),
        // @ts-expect-error A field without arguments has none to read.
        shelves: (_, { near }) => near,
      },
      Book: {
        // @ts-expect-error Nor has a field of a type of which no field has any.
        loans: (_, { on }) => on,
      },
    },
  };
  const renamed: Slice<{ readonly Query: { readonly book: { readonly ean: string } } }> = {
    entities: [],
    // @ts-expect-error The SDL calls it `ean`, whatever the resolver says.
    resolvers: { Query: { book: (_, { isbn }: { isbn: string }) => isbn } },
  };
  expect([resolvers, renamed.resolvers].map((of) => Object.keys(of['Query']!))).toEqual([['book', 'shelves'], ['book']]);
});
