import { afterEach, describe, expect, test } from '@jest/globals';
import type { GraphQLDataSource } from '@apollo/gateway';
import { GraphQLError } from 'graphql';
import { CompiledGateway } from './gateway.ts';
import { requestContext, type RequestOptions } from './requestContext.ts';
import { composeSupergraph, localDataSources, school } from './sampleSchool.ts';

type Process = GraphQLDataSource['process'];
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let gateway: CompiledGateway;
afterEach(() => gateway.stop());

interface Sent {
  readonly name: string;
  readonly query: string;
  readonly operation: string | undefined;
}

/** Asks the sample school; `change` may stand in for a subgraph's answer. What each subgraph was asked is kept. */
async function ask(source: string, change?: (name: string, process: Process) => Process, options?: RequestOptions) {
  const sent: Sent[] = [];
  const sources = localDataSources(school);
  const dataSource = (name: string): GraphQLDataSource => {
    const process: Process = (request) => sources(name).process(request);
    const changed = change?.(name, process) ?? process;
    return {
      process: (request) => {
        sent.push({ name, query: request.request.query!, operation: request.request.operationName });
        return changed(request);
      },
    };
  };
  gateway = new CompiledGateway({ supergraphSdl: composeSupergraph(school), logger: quiet, dataSource });
  await gateway.load({ apollo: {} });
  const answer = await gateway.executor(requestContext(source, options));
  return { ...answer, errors: answer.errors?.map((error) => error.toJSON()), sent, stats: gateway.stats };
}

const section = '{ section(id: "c1") { title teacher { name } enrollments { seat student { name } } } }';
const toStudent = (sent: readonly Sent[]) => sent.filter(({ name }) => name === 'student');
const whole = {
  section: {
    title: 'Algebra',
    teacher: { name: 'Mx. Oh' },
    enrollments: [
      { seat: 0, student: { name: 'Ada' } },
      { seat: 1, student: { name: '' } },
    ],
  },
};

describe('two fetches of one subgraph at the same time', () => {
  test('are one operation', async () => {
    const { data, errors, sent, stats } = await ask(section);
    expect(data).toEqual(whole);
    expect(errors).toBeUndefined();
    expect(stats).toMatchObject({ compiled: 1, stock: 0 });
    expect(toStudent(sent)).toHaveLength(1);
  });

  test('of which one has nothing to ask, are the other alone', async () => {
    const { data, sent } = await ask('{ section(id: "c2") { teacher { name } enrollments { student { name } } } }');
    expect(data).toEqual({ section: { teacher: null, enrollments: [{ student: { name: 'Dee' } }] } });
    expect(toStudent(sent)).toHaveLength(1);
    expect(toStudent(sent)[0]!.query).not.toContain('entities1');
  });

  test("are sent the client's variables that either of them uses, under the name of one of them", async () => {
    const source = `query Class($n: Int!, $all: Boolean!) { section(id: "c1") {
        teacher { name email @include(if: $all) } enrollments { student { contacts(first: $n) { name } nickname @skip(if: $all) } } } }`;
    const { data, errors, sent } = await ask(source, undefined, { variables: { n: 1, all: true } });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      section: {
        teacher: { name: 'Mx. Oh', email: 'oh@school' },
        enrollments: [{ student: { contacts: [{ name: 'Eve' }] } }, { student: { contacts: [] } }],
      },
    });
    expect(toStudent(sent)).toHaveLength(1);
    const [{ query, operation }] = toStudent(sent) as [Sent];
    expect(operation).toMatch(/^Class__student__/);
    expect(query).toContain(`query ${operation}(`);
  });

  test('of which one has a fragment of its own, are asked apart', async () => {
    const { data, errors, sent } = await ask(`fragment Whole on Student { name email gradeLevel nickname withdrawn }
      { section(id: "c1") { teacher { name } enrollments { student { ...Whole friends { ...Whole } } } } }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ section: { teacher: { name: 'Mx. Oh' }, enrollments: [{ student: { name: 'Ada' } }, {}] } });
    expect(toStudent(sent).map(({ query }) => query.includes('fragment Whole'))).toEqual([false, true]);
  });

  test("keep the client's variables and each its own arguments", async () => {
    const source = `query ($n: Int!, $representations0: Int!) { section(id: "c1") {
        teacher { name } enrollments { student { contacts(first: $n) { name } friends { contacts(first: $representations0) { order } } } } } }`;
    const { data, errors, sent } = await ask(source, undefined, { variables: { n: 1, representations0: 1 } });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      section: { teacher: { name: 'Mx. Oh' }, enrollments: [{ student: { contacts: [{ name: 'Eve' }] } }, {}] },
    });
    expect(toStudent(sent).every(({ query }) => !query.includes('entities1'))).toBe(true); // the name is taken: asked apart
  });

  test('report an error where it belongs, in the part that has it', async () => {
    const { data, errors } = await ask(
      '{ section(id: "c1") { teacher { email } enrollments { student { nickname } } } }',
      (name, process) => async (request) => {
        const answer = await process(request);
        if (name !== 'student') return answer;
        const part = Object.keys(answer.data!).find((key) => (answer.data![key] as unknown[]).length === 2)!;
        (answer.data![part] as unknown[])[1] = null;
        return { ...answer, errors: [new GraphQLError('Not for you.', { path: [part, 1], extensions: { code: 'FORBIDDEN' } })] };
      },
    );
    expect(errors).toMatchObject([
      { message: 'Not for you.', path: ['section', 'enrollments', 1, 'student'], extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(data).toEqual({
      section: { teacher: { email: 'oh@school' }, enrollments: [{ student: { nickname: '' } }, { student: { nickname: null } }] },
    });
  });

  test.each([
    { asked: 1, path: ['section', 'teacher', 'email'], left: { teacher: { email: null } } },
    {
      asked: 2,
      path: ['section', 'enrollments'],
      left: { enrollments: [{ student: { nickname: null } }, { student: { nickname: null } }] },
    },
  ])('of which one answer does not fit what was asked ($asked), lose that one alone', async ({ asked, path, left }) => {
    const { data, errors } = await ask(
      '{ section(id: "c1") { title teacher { email } enrollments { student { nickname } } } }',
      (name, process) => async (request) => {
        const answer = await process(request);
        if (name === 'student') Object.values(answer.data!).forEach((part: unknown[]) => part.length === asked && part.pop());
        return answer;
      },
    );
    const enrollments = [{ student: { nickname: '' } }, { student: { nickname: null } }];
    expect(data).toEqual({ section: { title: 'Algebra', teacher: { email: 'oh@school' }, enrollments, ...left } });
    expect(errors).toMatchObject([
      { message: 'The answer of a subgraph could not be used.', path, extensions: { serviceName: 'student' } },
    ]);
  });

  test('are asked apart when one error has cost both their answer', async () => {
    const { data, errors, sent } = await ask(
      section,
      (name, process) => async (request) =>
        name === 'student' && request.request.query!.includes('entities1')
          ? { data: null, errors: [new GraphQLError('Something went wrong.')] }
          : process(request),
    );
    expect(data).toEqual(whole);
    expect(errors).toBeUndefined();
    expect(toStudent(sent)).toHaveLength(3);
  });

  test('of a subgraph that does not answer name both places, and are not tried again', async () => {
    const { data, errors, sent } = await ask(section, (name, process) => async (request) => {
      if (name === 'student') throw new Error('connect ECONNREFUSED 127.0.0.1:4001');
      return process(request);
    });
    expect(data).toEqual({ section: null });
    expect(toStudent(sent)).toHaveLength(1);
    expect(errors!.map(({ path }) => path!.join('.')).sort()).toEqual(['section.enrollments', 'section.teacher.name']);
  });
});
