import { expect, test } from '@jest/globals';
import { administrator } from './example/people.ts';
import { runSketch, sketch } from './example/sketch.ts';
import { limits } from './limits.ts';

let resolved = 0;
const run = runSketch(
  sketch(
    `extend type Query { shelf: Shelf! @allow(roles: ["DISTRICT_ADMINISTRATOR"]) }
     "Shelves stand behind shelves."
     type Shelf @access(class: "OPEN") { id: ID! next: Shelf! }`,
    {
      resolvers: {
        Query: { shelf: () => (resolved++, { id: '0' }) },
        Shelf: { next: () => (resolved++, { id: '1' }) },
      },
    },
  ),
);
const ask = (query: string) => run({ query }, administrator);

/** `n` levels of fields: shelf, then next in next, then an id. */
const deep = (n: number) => `{ shelf { ${'next { '.repeat(n - 2)} id ${'} '.repeat(n - 2)} } }`;
const times = (n: number, text: (i: number) => string) => Array.from({ length: n }, (_, i) => text(i)).join(' ');

const cases: [what: string, at: (n: number) => string, limit: number, message: string][] = [
  ['levels', deep, limits.depth, 'has a depth of 17 and the limit is 16'],
  ['aliases', (n) => `{ shelf { ${times(n, (i) => `a${i}: id`)} } }`, limits.aliases, 'has 201 aliases and the limit is 200'],
  [
    'directives',
    (n) => `{ shelf { ${times(n, () => 'id @include(if: true)')} } }`,
    limits.directives,
    'has 101 directives and the limit is 100',
  ],
  [
    'selections, unfolded from fragments',
    // shelf, k ids of it, and 39 spreads of 100 ids each
    (n) => `{ shelf { ${times(39, () => '...F')} ${times(n - 3_901, () => 'id')} } } fragment F on Shelf { ${times(100, () => 'id')} }`,
    limits.selections,
    'has 4001 selections and the limit is 4000',
  ],
];
for (const [what, at, limit, message] of cases)
  test(`${limit} ${what} are answered, one more is refused before anything runs`, async () => {
    const fine = await ask(at(limit));
    expect(fine.errors).toBeUndefined();
    expect(fine.data).toHaveProperty('shelf');
    resolved = 0;
    const refused = await ask(at(limit + 1));
    expect(refused).toMatchObject({ rejected: true, errors: [{ extensions: { code: 'OPERATION_TOO_LARGE', limit } }] });
    expect(refused.errors![0]!.message).toContain(message);
    expect(refused.data).toBeUndefined();
    expect(resolved).toBe(0);
  });

test('more words than any screen needs are refused while they are read, however little they ask for', async () => {
  const refused = await ask(times(700, (i) => `query A${i} { shelf { id } }`));
  expect(refused).toMatchObject({ rejected: true, errors: [{ extensions: { code: 'OPERATION_TOO_LARGE' } }] });
  expect(refused.errors![0]!.message).toContain('4000 tokens');
});

test('depth counts through fragments, inline and named', async () => {
  const query = `{ shelf { ...A } } fragment A on Shelf { ${'next { ... on Shelf { '.repeat(15)} id ${'} }'.repeat(15)} }`;
  expect(await ask(query)).toMatchObject({ errors: [{ extensions: { what: 'depth' } }] });
});

/** A chain of fragments, each spreading the next one twice: n levels unfold into 2^n fields. */
const fanOut = (n: number) =>
  `{ shelf { ...F0 } } ${times(n, (i) => `fragment F${i} on Shelf { ...F${i + 1} ...F${i + 1} }`)} fragment F${n} on Shelf { id next { id } }`;

test('a small document that unfolds into a large one is refused without unfolding it', async () => {
  const query = fanOut(13);
  expect(query.length).toBeLessThan(1_000);
  expect(await ask(query)).toMatchObject({ rejected: true, errors: [{ extensions: { code: 'OPERATION_TOO_LARGE', what: 'selections' } }] });
  // With 2^300 fields, nothing that visits them one by one would ever answer.
  expect(await ask(fanOut(300))).toMatchObject({ rejected: true, errors: [{ extensions: { code: 'OPERATION_TOO_LARGE' } }] });
});

test('a fragment that holds itself is refused', async () => {
  for (const query of [
    '{ shelf { ...A } } fragment A on Shelf { id ...A }',
    '{ shelf { ...A } } fragment A on Shelf { next { ...B } } fragment B on Shelf { next { ...A } ...A }',
  ])
    expect((await ask(query)).errors![0]).toMatchObject({ message: expect.stringMatching(/within itself/) });
});
