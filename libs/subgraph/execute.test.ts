import { describe, expect, test } from '@jest/globals';
import { Refused } from '@rollbook/school';
import fc from 'fast-check';
import { execute, parse, validate } from 'graphql';
import { runSketch, sketch } from './example/sketch.ts';
import { vendor } from './example/people.ts';
import { pino, type Logger } from 'pino';
import { executor } from './execute.ts';
import { schemaOf } from './schema.ts';

const silent = pino({ level: 'silent' });

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
        twice: (_, { word }: { word: string }) => word + word,
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

const seed = Number(process.env['ROLLBOOK_SEED'] ?? Date.now() % 1_000_000);
test(`answers five hundred random documents as graphql-js (ROLLBOOK_SEED=${seed})`, async () => {
  const random = fc.sample(fc.integer({ min: 0, max: 999_999 }), { seed, numRuns: 200_000 })[Symbol.iterator]();
  const pick = <T>(of: readonly T[]): T => of[(random.next().value as number) % of.length]!;
  let plain = false; // without directives: compiled
  const directive = () =>
    plain
      ? ''
      : pick(['', '', '', ' @skip(if: $yes)', ' @skip(if: $no)', ' @include(if: $yes)', ' @include(if: $no)', ' @include(if: true)']);
  const word = () => pick(['', '(word: "x")', '(word: null)', '(word: $w)', '(word: $d)', '(word: $missing)']);
  const leaf = () => pick(['name', 'a: name', 'b: name', '__typename', () => `echo${word()}`, () => `c: echo${word()}`]);
  function selection(depth: number): string {
    const one = (): string => {
      const field = pick(depth > 0 ? [0, 0, 1, 2, 3, 4] : [0]);
      if (field === 1) return `${pick(['', 's: '])}same${directive()} ${selection(depth - 1)}`;
      if (field === 2) return `${pick(['', 'm: '])}list${directive()} ${selection(depth - 1)}`;
      if (field === 3) return `...${pick(['', ' on Same'])}${directive()} ${selection(depth - 1)}`;
      if (field === 4) return `...${pick(['F', 'G'])}${directive()}`;
      const chosen = leaf();
      return `${typeof chosen === 'string' ? chosen : chosen()}${directive()}`;
    };
    return `{ ${Array.from({ length: 1 + ((random.next().value as number) % 3) }, one).join(' ')} }`;
  }
  let [compared, compiled] = [0, 0];
  while (compared < 500) {
    plain = pick([true, false]);
    const fragments = `fragment F on Same ${selection(0)} fragment G on Same { ${pick(['...F', 'name', 'same { ...F }'])} ${leaf() instanceof Function ? 'echo' : 'name'} }`;
    const body = `{ same ${selection(3)} }`;
    const used = (name: string) => `${body} ${fragments}`.includes(`$${name}`);
    const declared = ['yes: Boolean!', 'no: Boolean!', 'w: String', 'd: String = "default"', 'missing: String'].filter((d) =>
      used(d.split(':')[0]!),
    );
    const query = `query ${declared.length ? `(${declared.map((d) => `$${d}`).join(', ')})` : ''} ${body} ${fragments}`;
    if (validate(schema, parse(query)).length) continue; // fields that cannot be merged, fragments nobody spreads
    const variables = { yes: true, no: false, w: 'w' };
    expect({ query, ...(await ours(query, variables)) }).toEqual({ query, ...(await reference(query, variables)) });
    compared++;
    if (plain) compiled++;
  }
  expect(compiled).toBeGreaterThan(100);
});

test('answers always: what fails outside of any field is INTERNAL, and told no more of', async () => {
  const broken = new Proxy({}, { ownKeys: () => { throw new Error('secret'); } }); // prettier-ignore
  const answer = await run({ query: '{ echo }', variables: broken }, vendor);
  expect(answer).toMatchObject({ data: null, errors: [{ extensions: { code: 'INTERNAL' } }] });
  expect(JSON.stringify(answer)).not.toContain('secret');
});

describe('what the client is told of an error', () => {
  const secret = 'select secret from student where name = $1';
  const faulty = (fault: () => unknown, log: Logger = silent) =>
    runSketch(
      sketch(
        `extend type Query { a: Int! @allow(roles: ["VENDOR"]) b: Int @allow(roles: ["VENDOR"]) fine: Int @allow(roles: ["VENDOR"]) day: Date @allow(roles: ["VENDOR"])
         list: [Int!] @allow(roles: ["VENDOR"]) }`,
        { resolvers: { Query: { a: fault, b: fault, fine: () => 1, day: fault, list: fault } } as never },
      ),
      log,
    );
  const throwing = (error: unknown) => () => {
    throw error;
  };

  test('a refusal reaches them whole: code, message, and the facts that help to repair the request', async () => {
    const refusal = new Refused('CONFLICT', 'Somebody saved before you.', { revision: 7, code: 'X' });
    for (const run of [faulty(throwing(refusal)), faulty(() => Promise.reject(refusal))])
      expect(await run({ query: '{ b fine }' }, vendor)).toEqual({
        data: { b: null, fine: 1 },
        errors: [{ message: 'Somebody saved before you.', path: ['b'], extensions: { code: 'CONFLICT', revision: 7 } }],
      });
  });

  const ours: [what: string, fault: () => unknown, field?: string][] = [
    ['an error', throwing(new Error(secret))],
    ['a rejected promise', () => Promise.reject(new Error(secret))],
    ['an error of the database', throwing(Object.assign(new Error(secret), { severity: 'ERROR', code: '42P01', detail: secret }))],
    ['an error with extensions of its own', throwing(Object.assign(new Error(secret), { extensions: { code: secret } }))],
    ['something that is no error', throwing({ message: secret })],
    ['a text', throwing(secret)],
    ['nothing at all', throwing(undefined)],
    ['a value its type does not have', () => secret],
    ['a day that does not exist', () => `2026-02-31 ${secret}`, 'day'],
    ['nothing where there must be a value', () => null, 'a'],
    ['a list that is none', () => 17, 'list'],
    ['an error as a value in a list', () => [1, new Error(secret)], 'list'],
    ['a rejected promise in a list', () => [1, Promise.reject(new Error(secret))], 'list'],
  ];
  for (const [what, fault, field = 'b'] of ours)
    for (const compiled of [true, false])
      test(`${what} is INTERNAL with an id that is in the log beside the cause, of which the answer tells nothing (${compiled ? 'compiled' : 'by graphql-js'})`, async () => {
        const lines: string[] = [];
        const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
        const answer = await faulty(fault, log)({ query: `{ ${field} ${compiled ? '' : '@include(if: true)'} }` }, vendor);
        expect(answer.errors).toHaveLength(1);
        const [error] = answer.errors!;
        expect(error!.extensions).toEqual({ code: 'INTERNAL', id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
        expect(error!.path![0]).toBe(field);
        expect(JSON.stringify(answer)).not.toContain('secret');
        expect(lines).toHaveLength(1);
        const logged = JSON.parse(lines[0]!) as { id: string; err: { message: string } };
        expect(logged.id).toBe(error!.extensions['id']);
        if (!/nothing|list that|text|no error/.test(what)) expect(JSON.stringify(logged.err)).toMatch(/secret/);
      });

  const requests: [what: string, query: string, variables: unknown, message: string | RegExp, code?: string][] = [
    ['a word that is no query', 'hello', {}, /Syntax Error/, 'GRAPHQL_PARSE_FAILED'],
    ['a field that does not exist', '{ c }', {}, /Cannot query field "c"/, 'GRAPHQL_VALIDATION_FAILED'],
    ['a variable that is missing', 'query ($n: Int!) { fine @include(if: true) echo(n: $n) }', {}, /"\$n" of required type/],
    ['a variable of another type', 'query ($n: Int!) { echo(n: $n) }', { n: 'x' }, /"\$n" got invalid value "x"/],
    ['a day that does not exist', 'query ($d: Date) { echo(day: $d) }', { d: '2026-02-30' }, /not a date|"\$d" got invalid value/],
  ];
  const asking = runSketch(
    sketch(`extend type Query { fine: Int @allow(roles: ["VENDOR"]) echo(n: Int, day: Date): Int @allow(roles: ["VENDOR"]) }`, {
      resolvers: { Query: { fine: () => 1, echo: () => 1 } },
    }),
  );
  for (const [what, query, variables, message, code = 'BAD_USER_INPUT'] of requests)
    test(`${what} is refused before anything runs, and named`, async () => {
      const answer = await asking({ query, variables: variables as Record<string, unknown> }, vendor);
      expect(answer).toMatchObject({ rejected: true, errors: [{ extensions: { code } }] });
      expect(answer.errors![0]!.message).toMatch(message);
      expect(answer).not.toHaveProperty('data');
    });
});

describe('operations', () => {
  let parsed = 0;
  /** Counts how often documents are prepared: each time, the schema's validation asks once for the type of the root. */
  const counted = (() => {
    const definition = sketch(`extend type Query { one: Int ${everyone} two: Int ${everyone} }`, {
      resolvers: { Query: { one: () => 1, two: () => 2 } },
    });
    const own = schemaOf(definition, { enforceAccess: true });
    const getQueryType = own.getQueryType.bind(own);
    own.getQueryType = () => {
      parsed++;
      return getQueryType();
    };
    return executor({ schema: own, database: {} as never, log: silent, now: () => new Date() });
  })();
  const prepared = async (work: () => Promise<unknown>) => {
    parsed = 0;
    await work();
    return parsed;
  };

  test('a document is prepared once, and never again while it is in use', async () => {
    const query = '{ one }';
    expect(await prepared(() => counted({ query }, vendor))).toBeGreaterThan(0);
    expect(await prepared(() => Promise.all(Array.from({ length: 50 }, () => counted({ query }, vendor))))).toBe(0);
    for (let n = 0; n < 1_500; n++) {
      await counted({ query: `{ a${n}: one }` }, vendor);
      if (n % 500 === 0) expect(await prepared(() => counted({ query }, vendor))).toBe(0);
    }
    expect(await prepared(() => counted({ query: '{ a0: one }' }, vendor))).toBeGreaterThan(0); // the least used is forgotten
  });

  test('a document that was refused is not checked again either', async () => {
    const query = '{ three }';
    await counted({ query }, vendor);
    expect(await prepared(() => counted({ query }, vendor))).toBe(0);
  });

  test('long documents push each other out: what is kept is bounded by its length', async () => {
    const long = (n: number) => `{ one } #${n}${' '.repeat(200_000)}`;
    await counted({ query: long(0) }, vendor);
    expect(await prepared(() => counted({ query: long(0) }, vendor))).toBe(0);
    await counted({ query: long(1) }, vendor);
    await counted({ query: long(2) }, vendor);
    expect(await prepared(() => counted({ query: long(0) }, vendor))).toBeGreaterThan(0);
  });

  test('the operation that is named is run, of those in the document', async () => {
    const query = 'query A { one } query B { two }';
    expect((await counted({ query, operationName: 'A' }, vendor)).data).toEqual({ one: 1 });
    expect((await counted({ query, operationName: 'B' }, vendor)).data).toEqual({ two: 2 });
    expect(await counted({ query, operationName: 'C' }, vendor)).toMatchObject({
      rejected: true,
      errors: [{ message: 'The document holds no operation called "C".', extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
    });
    expect(await counted({ query }, vendor)).toMatchObject({
      rejected: true,
      errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
    });
    expect(await counted({ query: 'fragment F on Query { one }' }, vendor)).toMatchObject({ rejected: true });
  });

  test('no request can take the place of another in what is kept', async () => {
    const query = 'query A {\n two }';
    expect(await counted({ operationName: 'query A {', query: ' two }' }, vendor)).toMatchObject({ rejected: true });
    expect((await counted({ query }, vendor)).data).toEqual({ two: 2 });
    expect(await counted({ query: `A\n${query} ` }, vendor)).toMatchObject({ rejected: true });
    expect((await counted({ operationName: 'A', query: `${query} ` }, vendor)).data).toEqual({ two: 2 });
  });
});
