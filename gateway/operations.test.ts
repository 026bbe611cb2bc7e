import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parse } from 'graphql';
import { CompiledGateway } from './execution/gateway.ts';
import { supergraphSdl } from './supergraph.ts';
import { closeAll, openSchool, tinySubgraph } from './testing.ts';
import { ownOperations } from './warmUp.ts';

let asked: jest.Mock<ReturnType<typeof tinySubgraph>['execute']>;
let school: Awaited<ReturnType<typeof openSchool>>;
beforeEach(async () => {
  asked = jest.fn(tinySubgraph('student').execute);
  school = await openSchool({ sources: { student: { execute: asked } } });
});
afterEach(closeAll);

const repeat = (count: number, text: (n: number) => string) => Array.from({ length: count }, (_, n) => text(n)).join(' ');
const chain = (count: number, type: string, fragment: (n: number) => string) =>
  `${repeat(count, (n) => `fragment f${n} on ${type} { ${fragment(n)} }`)} fragment f${count} on ${type}`;

describe('an operation that is refused is 400, says why, and reaches no service', () => {
  const VALIDATION = 'GRAPHQL_VALIDATION_FAILED';
  const cases: [string, string, Record<string, unknown>, string, RegExp][] = [
    ['a syntax error', '{ students { id }', {}, 'GRAPHQL_PARSE_FAILED', /Syntax Error: Expected Name, found <EOF>/],
    ['no operation', 'fragment F on Query { principal }', {}, VALIDATION, /never used/],
    ['an unknown field', '{ studnets { id } }', {}, VALIDATION, /^Cannot query field "studnets" on type "Query"\.$/],
    ['an unknown argument', '{ student(ident: "s1") { id } }', {}, VALIDATION, /Unknown argument "ident"/],
    ['an unknown name', 'query A { principal }', { operationName: 'B' }, 'OPERATION_RESOLUTION_FAILURE', /Unknown operation named "B"/],
    [
      'two and no name',
      'query A { principal } query B { principal }',
      {},
      'OPERATION_RESOLUTION_FAILURE',
      /several operations: say in "operationName"/,
    ],
    ['a subscription', 'subscription { principal }', {}, VALIDATION, /subscription/],
    [
      'a variable of the wrong type',
      'query ($id: ID!) { student(id: $id) { id } }',
      { variables: { id: {} } },
      'BAD_USER_INPUT',
      /"\$id" got invalid value/,
    ],
    [
      'a variable left out',
      'query ($id: ID!) { student(id: $id) { id } }',
      {},
      'BAD_USER_INPUT',
      /"\$id" of required type "ID!" was not provided/,
    ],
    [
      'a misspelt part of a variable',
      'query ($n: Name!) { named(name: $n) }',
      { variables: { n: { given: 'A', famly: 'B' } } },
      'BAD_USER_INPUT',
      /Field "famly" is not defined by type "Name"\.$/,
    ],
    ['_entities', '{ _entities(representations: []) { __typename } }', {}, VALIDATION, /Cannot query field "_entities"/],
    ['_service', '{ _service { sdl } }', {}, VALIDATION, /Cannot query field "_service"/],
    ['introspection', '{ __schema { types { name } } }', {}, VALIDATION, /on development systems only/],
    ['introspection of a type', '{ __type(name: "Student") { name } }', {}, VALIDATION, /on development systems only/],
    ["an alias that is a key's name", '{ students { id: displayName } }', {}, VALIDATION, /"id" is the name of a key field/],
    ['an alias that would be lost', '{ student(id: "s1") { __proto__: displayName } }', {}, VALIDATION, /"__proto__" cannot be a name/],
    [
      'a variable that would be lost',
      'query ($__proto__: ID!) { student(id: $__proto__) { id } }',
      {},
      VALIDATION,
      /"__proto__" cannot be a name/,
    ],
    ['@defer', '{ ... @defer { principal } }', {}, VALIDATION, /Unknown directive "@defer"/],
  ];
  test.each(cases)('%s', async (_, query, more, code, message) => {
    const { status, data, errors } = await school.ask(query, more);
    expect({ status, data }).toEqual({ status: 400, data: undefined });
    expect(errors![0]).toMatchObject({ message: expect.stringMatching(message), extensions: { code } });
    expect(asked).not.toHaveBeenCalled();
  });

  test('no message holds a suggestion, a stack or a path of this machine', async () => {
    for (const [, query, more] of cases) {
      const text = JSON.stringify((await school.ask(query, more)).errors);
      expect(text).not.toMatch(/Did you mean|stack|node_modules|file:\/\/|\.ts\b|ApolloServer/);
    }
  });
});

describe('an operation that is too large is 400 and reaches no service', () => {
  const TOO_LARGE = 'OPERATION_TOO_LARGE';
  const cycle = 'GRAPHQL_VALIDATION_FAILED';
  const cases: [string, string, string, RegExp][] = [
    ['30,000 tokens', `{ ${'a '.repeat(30_000)} }`, TOO_LARGE, /more than 4000 tokens/],
    ['the same field 3,900 times', `{ ${'principal '.repeat(3_900)} }`, TOO_LARGE, /over and over/],
    [
      'a depth of 17',
      `{ student(id: 1) { ${'friends { '.repeat(15)} id ${'} '.repeat(15)} } }`,
      TOO_LARGE,
      /depth of 17 and the limit is 16/,
    ],
    ['a depth of 1,200', `{ students { ${'friends { '.repeat(1_200)} id ${'} '.repeat(1_200)} } }`, TOO_LARGE, /depth of 1202/],
    [
      '2,000 aliases',
      `{ ${repeat(1_900, (n) => `p${n}: principal`).replaceAll(': ', ':')} }`,
      TOO_LARGE,
      /4000 tokens|aliases and the limit is 200/,
    ],
    ['201 aliases', `{ ${repeat(201, (n) => `p${n}: principal`)} }`, TOO_LARGE, /201 aliases and the limit is 200/],
    ['500 directives', `{ principal ${'@skip(if: false) '.repeat(500)} }`, TOO_LARGE, /500 directives and the limit is 100/],
    ['a list 3,900 deep', `{ student(id: ${'['.repeat(1_900)}1${']'.repeat(1_900)}) { id } }`, cycle, /ID cannot represent/],
    [
      '8,192 fields by 13 fragments',
      `{ ...f0 } ${chain(13, 'Query', (n) => `...f${n + 1} ...f${n + 1}`)} { principal }`,
      TOO_LARGE,
      /8192 selections/,
    ],
    [
      '8,192 fields by 13 levels of friends',
      `{ students { ...f0 } } ${chain(13, 'Student', (n) => `friends { ...f${n + 1} } a${n}: friends { ...f${n + 1} }`)} { id }`,
      TOO_LARGE,
      /aliases and the limit/,
    ],
    ['a fragment in itself', '{ ...A } fragment A on Query { principal ...A }', cycle, /within itself/],
    [
      'fragments in each other',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }',
      cycle,
      /within itself/,
    ],
    [
      'fifty fragments in each other',
      `{ ...f0 } ${repeat(50, (n) => `fragment f${n} on Query { ${repeat(18, (m) => `...f${(n + m) % 50}`)} }`)}`,
      cycle,
      /within itself/,
    ],
  ];
  test.each(cases)('%s', async (_, query, code, message) => {
    const { status, data, errors } = await school.ask(query);
    expect({ status, data }).toEqual({ status: 400, data: undefined });
    expect(errors!.map(({ extensions }) => extensions['code'])).toContain(code);
    expect(errors!.map((error) => error.message)).toContainEqual(expect.stringMatching(message));
    expect(asked).not.toHaveBeenCalled();
  });

  test('one at the limit is answered', async () => {
    const deep = await school.ask(`{ student(id: 1) { ${'friends { '.repeat(14)} id ${'} '.repeat(14)} } }`);
    expect({ status: deep.status, errors: deep.errors }).toEqual({ status: 200, errors: undefined });
    const wide = await school.ask(`{ ${repeat(200, (n) => `p${n}: principal`)} }`);
    expect(Object.keys(wide.data!)).toHaveLength(200);
  });

  test('variables nested 40,000 deep harm nobody, whether or not the operation uses them', async () => {
    const nested = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
    for (const query of [
      '{ principal }',
      'query ($deep: ID!) { student(id: $deep) { id } }',
      'query ($deep: Name!) { named(name: $deep) }',
    ]) {
      const response = await school.send({ body: `{"query":${JSON.stringify(query)},"variables":{"deep":${nested}}}` });
      expect([200, 400]).toContain(response.status);
    }
    expect((await school.ask('{ principal }')).data).toEqual({ principal: 'Ms. Pi' });
  });
});

describe('names that JavaScript has a meaning for', () => {
  test.each(['constructor', 'toString', 'hasOwnProperty', 'prototype'])('%s as an alias is a name like any other', async (name) => {
    const answer = await school.send({ body: JSON.stringify({ query: `{ student(id: "s1") { ${name}: displayName } }` }) });
    expect((await answer.text()).trimEnd()).toBe(`{"data":{"student":{"${name}":"Student s1"}}}`);
  });

  test.each(['__proto__', 'constructor'])('%s as a variable, or in one, changes nothing', async (name) => {
    const body = `{"query":"query ($n: Name!) { named(name: $n) }","variables":{"${name}":{"polluted":1},"n":{"given":"Ada","${name}":{"family":"P"}}}}`;
    const answer = (await (await school.send({ body })).json()) as { errors?: { extensions: object }[] };
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const harmless = `{"query":"query ($n: Name!) { named(name: $n) }","variables":{"${name}":{"polluted":1},"n":{"given":"Ada"}}}`;
    expect(await (await school.send({ body: harmless })).json()).toEqual({ data: { named: '{"given":"Ada"}' } });
  });
});

describe('on a development system', () => {
  const development = { signIns: async () => [] };

  test('the schema may be asked about, and messages suggest names', async () => {
    const { ask } = await openSchool({ development });
    expect((await ask('{ __type(name: "Mark") { name } }')).data).toEqual({ __type: { name: 'Mark' } });
    expect((await ask('{ studnets { id } }')).errors![0]!.message).toContain('Did you mean "students"');
  });

  test('what is between the gateway and its services is closed all the same', async () => {
    const { ask } = await openSchool({ development });
    expect((await ask('{ _entities(representations: []) { __typename } }')).status).toBe(400);
  });
});

describe('our own operations', () => {
  test('fit the committed supergraph, and run by compiled plans', async () => {
    const gateway = new CompiledGateway({ supergraphSdl: supergraphSdl(), dataSource: () => ({ process: async () => ({ data: null }) }) });
    await gateway.load({ apollo: {} });
    try {
      for (const { query } of ownOperations()) expect([query, await gateway.plan(query)]).toEqual([query, 'compiled']);
      expect(ownOperations().map(({ name }) => name)).toContain('TeacherDay');
    } finally {
      await gateway.stop();
    }
  });

  test('are called as their files are', () => {
    for (const { name, query } of ownOperations()) {
      const names = parse(query).definitions.flatMap((definition) => ('name' in definition ? [definition.name?.value] : []));
      expect(names).toContain(name);
    }
  });

  test('one that does not fit the graph is named in the log, and the others are planned', async () => {
    const { logged, ask } = await openSchool({
      operations: [
        { name: 'Old', query: '{ blackboard }' },
        { name: 'Who', query: '{ principal }' },
      ],
    });
    expect(logged.filter(({ level }) => level === 50)).toEqual([
      expect.objectContaining({ name: 'Old', msg: expect.stringContaining('does not fit') }),
    ]);
    expect(logged).toContainEqual(expect.objectContaining({ name: 'Who', how: 'compiled' }));
    expect((await ask('{ principal }')).data).toEqual({ principal: 'Ms. Pi' });
  });
});
