import { expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { INCOMING_OPERATION } from './planTypes.ts';
import { localDataSource, type LocalSubgraph } from './localDataSource.ts';
import { requestContext } from './requestContext.ts';

function call(execute: LocalSubgraph<{ viewer: string }>, variables: Record<string, unknown> = {}) {
  const incomingRequestContext = requestContext('{ a }', { context: { viewer: 'v1' } });
  const options = { kind: INCOMING_OPERATION, incomingRequestContext, context: incomingRequestContext.context };
  return localDataSource('grading', execute).process({ ...options, request: { query: '{ a }', operationName: 'A', variables } });
}

test('the subgraph gets the operation and the context of the client’s request', async () => {
  const seen: unknown[] = [];
  await call(
    async (request, context) => {
      seen.push(request, context);
      return { data: {} };
    },
    { id: 1 },
  );
  expect(seen).toEqual([{ query: '{ a }', operationName: 'A', variables: { id: 1 }, document: undefined }, { viewer: 'v1' }]);
});

test('an answer that the subgraph keeps is copied: what is done to one reply shows in no other', async () => {
  const kept = { data: { marks: [{ points: 0, tags: ['a'] }, null] } };
  const first = (await call(async () => kept)).data as typeof kept.data;
  first.marks[0]!.points = 99;
  first.marks[0]!.tags.push('b');
  expect((await call(async () => kept)).data).toEqual({ marks: [{ points: 0, tags: ['a'] }, null] });
});

test('a subgraph that changes its variables does not change the gateway’s', async () => {
  const variables = { representations: [{ id: 's1', languages: ['en'] }] };
  await call(async ({ variables: own }) => {
    const [representation] = own.representations as typeof variables.representations;
    representation!.id = 'other';
    representation!.languages.push('fa');
    return { data: {} };
  }, variables);
  expect(variables).toEqual({ representations: [{ id: 's1', languages: ['en'] }] });
});

test('values are what JSON would have made of them', async () => {
  const data = Object.assign(Object.create(null), {
    at: new Date(0),
    none: null,
    nested: Object.assign(Object.create(null), { no: false }),
  });
  expect((await call(async () => ({ data }))).data).toEqual({ at: '1970-01-01T00:00:00.000Z', none: null, nested: { no: false } });
});

test('errors are passed on with their codes', async () => {
  const error = new GraphQLError('No.', { path: ['a'], extensions: { code: 'FORBIDDEN' } });
  expect(await call(async () => ({ data: null, errors: [error] }))).toEqual({ data: null, errors: [error] });
});

test('an exception is an error that names the subgraph and keeps its cause for the log only', async () => {
  const cause = new Error('password in the connection string');
  const failure = call(() => Promise.reject(cause));
  await expect(failure).rejects.toMatchObject({
    message: 'The subgraph "grading" did not answer.',
    extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'grading', reason: 'EXCEPTION' },
    originalError: cause,
  });
});
