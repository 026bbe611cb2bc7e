import { afterEach, describe, expect, test } from '@jest/globals';
import type { GraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { CompiledGateway, type CompiledGatewayConfig } from './gateway.ts';
import { requestContext, type RequestOptions } from './requestContext.ts';
import { composeSupergraph, localDataSources, school, type SubgraphSource } from './sampleSchool.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const started: CompiledGateway[] = [];

/** A gateway over these subgraphs, and a way to ask it; what was sent to which subgraph is recorded. */
async function start(config: Partial<CompiledGatewayConfig> = {}, subgraphs: readonly SubgraphSource[] = school) {
  const sent: string[] = [];
  const sources = config.dataSource ?? localDataSources(subgraphs);
  const dataSource = (name: string, url: string | undefined): GraphQLDataSource => {
    const source = sources(name, url);
    return {
      process(options) {
        sent.push(name);
        return source.process(options);
      },
    };
  };
  const gateway = new CompiledGateway({ supergraphSdl: composeSupergraph(subgraphs), logger: quiet, ...config, dataSource });
  await gateway.load({ apollo: {} });
  started.push(gateway);
  const ask = async (source: string, options?: RequestOptions) => {
    const answer = await gateway.executor(requestContext(source, options));
    return { ...answer, errors: answer.errors?.map((error) => error.toJSON()) };
  };
  return { gateway, ask, sent };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((gateway) => gateway.stop()));
});

/** The school with one subgraph that fails in this way. */
const failing = (dead: string, fail: () => never) => {
  const sources = localDataSources(school);
  return (name: string): GraphQLDataSource => (name === dead ? { process: async () => fail() } : sources(name));
};
const refuseConnection = (): never => {
  throw new Error('connect ECONNREFUSED 127.0.0.1:4003');
};

describe('values', () => {
  test('a zero survives when the planner has to rename its field', async () => {
    const { ask, gateway } = await start();
    const { data } = await ask('{ timeline { ... on Roll { minutes } ... on DaySummary { minutes } } }');
    expect(data).toEqual({ timeline: [{ minutes: 0 }, { minutes: 0 }, { minutes: 45 }, { minutes: null }] });
    expect(gateway.stats).toMatchObject({ compiled: 1, stock: 0 });
  });

  test('lists of lists are merged, not replaced, by the next subgraph', async () => {
    const { ask } = await start();
    expect((await ask('{ pairs { ... on Student { name absences } } }')).data).toEqual({
      pairs: [[{ name: 'Ada', absences: 0 }, null], [], [{}, { name: '', absences: 1 }]],
    });
  });

  test('a list of one type is fetched into where another type has its __typename under the same alias', async () => {
    const { ask } = await start();
    const { data, errors } = await ask(
      '{ pairs { ... on Student { a: __typename } ... on Teacher { a: sections { seatMap { absent seat } } } } }',
    );
    expect(errors).toBeUndefined();
    const seats = [{ absent: false, seat: 0 }, { absent: true, seat: 1 }, { absent: null, seat: null }, null];
    expect(data).toEqual({ pairs: [[{ a: 'Student' }, null], [], [{ a: [{ seatMap: [seats, []] }] }, { a: 'Student' }]] });
  });

  test('lists that two subgraphs both answer are merged, the lists in them too', async () => {
    const grid = (name: string, values: (number | null)[][]): SubgraphSource => ({
      name,
      sdl: `type Query { grid: [[Cell]] @shareable } type Cell { ${name}: Int }`,
      resolvers: { Query: { grid: () => values.map((row) => row.map((value) => (value === null ? null : { [name]: value }))) } },
    });
    const { ask, sent } = await start({}, [grid('room', [[0, 1], [], [null]]), grid('period', [[2, 0], [], [null]])]);
    const { data } = await ask('{ grid { room period } }');
    expect(data).toEqual({
      grid: [
        [
          { room: 0, period: 2 },
          { room: 1, period: 0 },
        ],
        [],
        [null],
      ],
    });
    expect(sent.toSorted()).toEqual(['period', 'room']);
  });

  test.each([true, false])('an object of which everything is skipped is there, and empty (%s)', async (x) => {
    const { ask } = await start();
    const source =
      'query ($x: Boolean!) { mark(id: "m1") @include(if: $x) { points @skip(if: $x) } student(id: "s1") { ... on Member { ... on Teacher { room } } } }';
    expect((await ask(source, { variables: { x } })).data).toEqual(x ? { mark: {}, student: {} } : { student: {} });
  });

  test('what is skipped by a constant is not fetched, and so cannot fail', async () => {
    const { ask } = await start();
    const source = 'query ($x: Boolean = true) { marks { section @include(if: $x) { seatMap { student { gpa @skip(if: true) id } } } } }';
    expect((await ask(source)).errors).toBeUndefined();
  });

  test('a subgraph cannot reach the prototype of objects', async () => {
    const sources = localDataSources(school);
    const evil = '{"data":{"_entities":[{"absences":1,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}}}]}}';
    const { ask } = await start({
      dataSource: (name) => (name === 'attendance' ? { process: async () => JSON.parse(evil) } : sources(name)),
    });
    expect((await ask('{ student(id: "s1") { nickname absences } }')).data).toEqual({ student: { nickname: '', absences: 1 } });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('a value of the wrong type is null, with an error that says where', async () => {
    const { ask } = await start({
      dataSource: () => ({ process: async () => ({ data: { students: [{ nickname: 7, gradeLevel: 1 }] } }) }),
    });
    const { data, errors } = await ask('{ students { nickname gradeLevel } }');
    expect(data).toEqual({ students: [{ nickname: null, gradeLevel: 1 }] });
    expect(errors).toEqual([
      {
        message: 'Invalid value found for field Student.nickname.',
        path: ['students', 0, 'nickname'],
        extensions: { code: 'INVALID_GRAPHQL' },
      },
    ]);
  });
});

describe('variables', () => {
  const byId = 'query ($id: ID!) { student(id: $id) { name } }';
  const conditional = 'query ($x: Boolean = false) { student(id: "s1") { name nickname @include(if: $x) } }';

  test.each([
    [byId, {}],
    [byId, { id: {} }],
    [byId, { id: 1 }],
    [byId, { id: 's1', unknown: 1 }],
    [conditional, {}],
    [conditional, { x: true }],
    [conditional, { x: 'yes' }],
  ])('%s with %j is answered as by the stock executor', async (source, variables) => {
    const [ours, stock] = [await start(), await start({ executor: 'stock' })];
    expect(await ours.ask(source, { variables })).toEqual(await stock.ask(source, { variables }));
  });

  test('a null that decides a @skip or @include is refused before anything runs', async () => {
    const { ask, sent } = await start();
    const { data, errors } = await ask(conditional, { variables: { x: null } });
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ message: expect.stringContaining('"$x"'), extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(sent).toEqual([]);
  });

  test('one plan serves every combination of conditions', async () => {
    const { ask, gateway } = await start();
    const source = 'query ($a: Boolean!, $b: Boolean!) { student(id: "s1") { id name @include(if: $a) absences @skip(if: $b) } }';
    const answers = [];
    for (const a of [true, false]) for (const b of [true, false]) answers.push((await ask(source, { variables: { a, b } })).data?.student);
    expect(answers).toEqual([{ id: 's1', name: 'Ada' }, { id: 's1', name: 'Ada', absences: 0 }, { id: 's1' }, { id: 's1', absences: 0 }]);
    expect(gateway.stats.plansCompiled).toBe(1);
  });
});

describe('mutations', () => {
  const withMutations = () => {
    const done: string[] = [];
    const counting = (name: string) => () => done.push(name);
    const subgraphs: SubgraphSource[] = [
      {
        name: 'marks',
        sdl: 'type Query { marks: Int } type Mutation { saveMarks(input: MarkInput!): Int postMarks: Int } input MarkInput { section: ID! rows: [Int!]! weight: Float! note: String by: By! } enum By { TEACHER }',
        resolvers: { Mutation: { saveMarks: counting('save'), postMarks: counting('post') } },
      },
      {
        name: 'rolls',
        sdl: 'type Query { rolls: Int } type Mutation { takeRoll: Int }',
        resolvers: { Mutation: { takeRoll: counting('take') } },
      },
    ];
    return { done, subgraphs };
  };
  const save = 'saveMarks(input: { section: 1, rows: [], weight: 1, by: TEACHER })';

  test('run one after the other across subgraphs, in the order written', async () => {
    const { done, subgraphs } = withMutations();
    const { ask, gateway } = await start({}, subgraphs);
    expect((await ask(`mutation { ${save} takeRoll postMarks again: takeRoll }`)).data).toEqual({
      saveMarks: 1,
      takeRoll: 2,
      postMarks: 3,
      again: 4,
    });
    expect(done).toEqual(['save', 'take', 'post', 'take']);
    expect(gateway.stats.compiled).toBe(1);
  });

  test('planning ahead runs nothing, and needs no variables', async () => {
    const { done, subgraphs } = withMutations();
    const { ask, gateway } = await start({}, subgraphs);
    const source = 'mutation Save($input: MarkInput!) { saveMarks(input: $input) }';
    expect(await gateway.plan(source)).toBe('compiled');
    expect(done).toEqual([]);
    await ask(source, { variables: { input: { section: 'c1', rows: [1], weight: 1, by: 'TEACHER' } } });
    expect(done).toEqual(['save']);
    expect(gateway.stats).toMatchObject({ plansCompiled: 1, compiled: 1 });
  });
});

describe('what the stock executor keeps', () => {
  test.each([
    ['{ __schema { queryType { name } } }', 'introspection'],
    ['{ toString: student(id: "s1") { id } }', 'the response name "toString"'],
    ['{ student(id: "s1") { __typename: name } }', 'the alias "__typename"'],
    ['query ($valueOf: ID!) { student(id: $valueOf) { id } }', 'a name that every object has'],
  ])('%s: %s', async (source, reason) => {
    const refused: string[] = [];
    const { ask, gateway } = await start({ onRefused: (_, why) => refused.push(why) });
    for (let i = 0; i < 2; i++) expect((await ask(source, { variables: { valueOf: 's1' } })).data).toBeDefined();
    expect(refused).toEqual([reason]); // told once, and remembered
    expect(gateway.stats).toMatchObject({ compiled: 0, stock: 2, plansRefused: 1 });
  });

  test('more variables in @skip and @include than are worth compiling', async () => {
    const { ask, gateway } = await start();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const source = `query (${names.map((name) => `$${name}: Boolean!`)}) { student(id: "s1") { ${names.map((name) => `${name}: name @skip(if: $${name})`).join(' ')} } }`;
    await ask(source, { variables: Object.fromEntries(names.map((name) => [name, name !== 'c'])) });
    expect(gateway.stats).toMatchObject({ compiled: 0, stock: 1 });
  });

  test('requests to be traced', async () => {
    const { ask, gateway } = await start();
    await ask('{ students { id } }', { metrics: { captureTraces: true, startHrTime: process.hrtime() } });
    expect(gateway.stats).toMatchObject({ compiled: 0, stock: 1 });
  });

  test('everything, when the configuration says so', async () => {
    const { ask, gateway } = await start({ executor: 'stock' });
    expect(await gateway.plan('{ students { id } }')).toBe('stock');
    expect((await ask('{ students { id } }')).data).toEqual({ students: [{ id: 's1' }, { id: 's2' }] });
    expect(gateway.stats).toMatchObject({ compiled: 0, stock: 1 });
  });
});

describe('plans', () => {
  test('are held up to a number, those used last', async () => {
    const { ask, gateway } = await start({ maxCompiledPlans: 3 });
    const ids = ['s1', 's2', 's3', 's1', 's4', 's1'];
    for (const id of ids) await ask(`{ student(id: "${id}") { id } }`);
    expect(gateway.stats).toMatchObject({ plansHeld: 3, plansCompiled: 4 });
  });

  test('of two operations in one document are kept apart', async () => {
    const { ask } = await start();
    const source = 'query A { student(id: "s1") { name } } query B { student(id: "s2") { id } }';
    for (let i = 0; i < 2; i++) {
      expect((await ask(source, { operationName: 'A' })).data).toEqual({ student: { name: 'Ada' } });
      expect((await ask(source, { operationName: 'B' })).data).toEqual({ student: { id: 's2' } });
    }
  });

  test('are made once when many ask for a new operation at the same time', async () => {
    const { ask, gateway } = await start();
    await Promise.all(Array.from({ length: 20 }, () => ask('{ students { name absences } }')));
    expect(gateway.stats).toMatchObject({ plansCompiled: 1, compiled: 20 });
  });

  test('are not made for operations that are not valid', async () => {
    const { gateway } = await start();
    await expect(gateway.plan('{ students { id: name } }')).rejects.toThrow('"id" is the name of a key field');
    await expect(gateway.plan('{ nobody }')).rejects.toThrow('Cannot query field "nobody"');
    await expect(gateway.plan('{ students {')).rejects.toThrow('Syntax Error');
    await expect(gateway.plan('query A { students { id } }', 'B')).rejects.toThrow('no single operation called "B"');
    expect(gateway.stats.plansHeld).toBe(0);
  });

  test('are dropped when the supergraph changes, and rules follow it', async () => {
    const [student, ...others] = school as [SubgraphSource, ...SubgraphSource[]];
    const keyed = {
      ...student,
      sdl: student.sdl.replace('type Contact {', 'type Contact @key(fields: "phone") {').replace('type Query {', 'type Query { extra: Int'),
    };
    let update: (supergraphSdl: string) => void = () => {};
    const { ask, gateway } = await start({
      supergraphSdl: async (hooks) => {
        update = hooks.update;
        return { supergraphSdl: composeSupergraph(school) };
      },
    });
    const source = '{ student(id: "s1") { name } }';
    const aliased = '{ student(id: "s1") { contacts { phone: name } } }';
    await ask(source);
    await gateway.plan(aliased);
    expect(gateway.stats.plansHeld).toBe(2);
    update(composeSupergraph([keyed, ...others]));
    expect(gateway.stats.plansHeld).toBe(0);
    expect(gateway.schema.getQueryType()?.getFields().extra).toBeDefined();
    expect((await ask(source)).data).toEqual({ student: { name: 'Ada' } });
    await expect(gateway.plan(aliased)).rejects.toThrow('"phone" is the name of a key field');
  });

  test('cannot be asked for before the supergraph is loaded, nor held in no number', () => {
    const config = { supergraphSdl: composeSupergraph(school), dataSource: localDataSources(school), logger: quiet };
    expect(() => new CompiledGateway(config).schema).toThrow('call load() first');
    expect(() => new CompiledGateway({ ...config, maxCompiledPlans: 0 })).toThrow('maxCompiledPlans must be 1 or more, not 0');
  });
});

describe('errors', () => {
  test('have the path in the client names and count the nulls of a list', async () => {
    const { ask } = await start();
    const { data, errors } = await ask('{ ada: student(id: "s1") { others: friends { points: gpa } } }');
    expect(data).toEqual({ ada: { others: [null, { points: null }, { points: null }, { points: null }] } });
    expect(errors).toEqual([
      {
        message: 'The grade points of s3 are being computed.',
        path: ['ada', 'others', 2, 'points'],
        extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'grading' },
      },
    ]);
  });

  test('point at the right element when some were not asked about', async () => {
    const { ask } = await start();
    expect((await ask('{ members { ... on Student { gpa } } }')).errors).toMatchObject([{ path: ['members', 2, 'gpa'] }]);
  });

  test('do not show the names that the planner gave to fields', async () => {
    const minutes = () => {
      throw new Error('No clock.');
    };
    const subgraphs = school.map((subgraph) => ({ ...subgraph, resolvers: { ...subgraph.resolvers, DaySummary: { minutes } } }));
    const { ask } = await start({}, subgraphs);
    const { errors } = await ask('{ timeline { ... on Roll { minutes } ... on DaySummary { minutes } } }');
    expect(errors?.map(({ path }) => path)).toEqual([
      ['timeline', 0, 'minutes'],
      ['timeline', 3, 'minutes'],
    ]);
  });

  test('keep the code and the extensions that the subgraph gave them', async () => {
    const forbidden = () => {
      throw new GraphQLError('Not your student.', { extensions: { code: 'FORBIDDEN', rule: 'roster' } });
    };
    const subgraphs = school.map((subgraph) =>
      subgraph.name === 'grading'
        ? { ...subgraph, resolvers: { ...subgraph.resolvers, Student: { ...subgraph.resolvers.Student, gpa: forbidden } } }
        : subgraph,
    );
    const { ask } = await start({}, subgraphs);
    expect((await ask('{ student(id: "s1") { name gpa } }')).errors).toEqual([
      { message: 'Not your student.', path: ['student', 'gpa'], extensions: { code: 'FORBIDDEN', rule: 'roster', serviceName: 'grading' } },
    ]);
  });

  test('tell of a child that no subgraph knows, instead of silently dropping the row', async () => {
    const { ask } = await start();
    const { data, errors } = await ask('{ enrollment(id: "e5") { seat student { name } } }');
    expect(data).toEqual({ enrollment: null });
    expect(errors).toMatchObject([{ path: ['enrollment', 'student', 'name'], extensions: { code: 'INVALID_GRAPHQL' } }]);
  });

  test('of an answer that cannot be used name the subgraph', async () => {
    const sources = localDataSources(school);
    const broken: GraphQLDataSource = { process: async () => ({ data: { _entities: [] } }) };
    const { ask } = await start({ dataSource: (name) => (name === 'grading' ? broken : sources(name)) });
    const { data, errors } = await ask('{ student(id: "s1") { name gpa } }');
    expect(data).toEqual({ student: { name: 'Ada', gpa: null } });
    expect(errors).toMatchObject([{ path: ['student', 'gpa'], extensions: { code: 'INTERNAL_SERVER_ERROR', serviceName: 'grading' } }]);
  });
});

describe('a subgraph that is down', () => {
  const unavailable = (path: (string | number)[], serviceName = 'grading') => ({
    message: `The subgraph "${serviceName}" did not answer.`,
    path,
    extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName, reason: 'EXCEPTION' },
  });

  test('leaves the data of the others, and names itself and the field that is missing', async () => {
    const { ask } = await start({ dataSource: failing('grading', refuseConnection) });
    expect(await ask('{ student(id: "s1") { name points: gpa absences } }')).toEqual({
      data: { student: { name: 'Ada', points: null, absences: 0 } },
      errors: [unavailable(['student', 'points'])],
    });
  });

  test('is one error for all the rows of a list', async () => {
    const { ask } = await start({ dataSource: failing('grading', refuseConnection) });
    expect(await ask('{ section(id: "c1") { title enrollments { seat mark { points } } } }')).toEqual({
      data: {
        section: {
          title: 'Algebra',
          enrollments: [
            { seat: 0, mark: null },
            { seat: 1, mark: null },
          ],
        },
      },
      errors: [unavailable(['section', 'enrollments'])],
    });
  });

  test('is an error for each root field, except those left out', async () => {
    const { ask } = await start({ dataSource: failing('grading', refuseConnection) });
    const source =
      'query ($all: Boolean!) { one: mark(id: "m1") { points } two: mark(id: "m2") { points } marks @include(if: $all) { id } student(id: "s1") { name } }';
    expect(await ask(source, { variables: { all: false } })).toEqual({
      data: { one: null, two: null, student: { name: 'Ada' } },
      errors: [unavailable(['one']), unavailable(['two'])],
    });
  });

  test('explains the nulls that follow from it: they are not errors of their own', async () => {
    const { ask } = await start({ dataSource: failing('student', refuseConnection) });
    expect(await ask('{ enrollment(id: "e1") { seat student { id name } } }')).toEqual({
      data: { enrollment: null },
      errors: [unavailable(['enrollment', 'student', 'name'], 'student')],
    });
  });

  test('does not keep later fetches from running', async () => {
    const { ask, sent } = await start({ dataSource: failing('grading', refuseConnection) });
    await ask('{ student(id: "s1") { gpa homeroom { title rolls { id } } } }');
    expect(sent.toSorted()).toEqual(['attendance', 'grading', 'scheduling', 'student']);
  });
});

describe.each(['compiled', 'stock'] as const)('behind Apollo Server, %s', (executor) => {
  test('requests are answered and rules applied', async () => {
    const gateway = new CompiledGateway({
      supergraphSdl: composeSupergraph(school),
      dataSource: localDataSources(school),
      logger: quiet,
      executor,
    });
    const server = new ApolloServer({ gateway, validationRules: gateway.validationRules, logger: quiet });
    await server.start();
    const ask = async (query: string, variables?: Record<string, unknown>) => {
      const { body } = await server.executeOperation({ query, variables });
      return JSON.parse(JSON.stringify(body.kind === 'single' ? body.singleResult : null));
    };
    const source = 'query ($id: ID!) { student(id: $id) { name absences } }';
    for (let i = 0; i < 2; i++) expect(await ask(source, { id: 's1' })).toEqual({ data: { student: { name: 'Ada', absences: 0 } } });
    expect(await ask(source)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(await ask('{ students { id: name absences } }')).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    expect(gateway.stats).toMatchObject(executor === 'compiled' ? { compiled: 3, stock: 0 } : { compiled: 0, stock: 3 });
    await server.stop();
  });
});
