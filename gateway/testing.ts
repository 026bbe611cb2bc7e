/** For tests: a school over two tiny subgraphs, whose answers each test decides, behind the real gateway on a real port. */
import type { Viewer } from '@rollbook/school';
import { SignJWT, generateKeyPair, type JWTPayload } from 'jose';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { pino, stdSerializers } from 'pino';
import { composeSupergraph, subgraphExecutor, type SubgraphSource } from './execution/sampleSchool.ts';
import { openGateway, type GatewayOptions, type Source } from './server.ts';
import { verifierOf } from './viewer.ts';

export const teacher: Viewer = {
  subject: '0196a000-0000-7000-8000-000000000001',
  grants: [{ role: 'TEACHER', schoolId: '0196a000-0000-7000-8000-0000000000aa' }],
  students: [],
};

type Resolvers = SubgraphSource['resolvers'];

const student: SubgraphSource = {
  name: 'student',
  sdl: `
    type Query { students: [Student!]! student(id: ID!): Student named(name: Name!): String principal: String! }
    type Student @key(fields: "id") { id: ID! displayName: String! grade: Int friends: [Student!]! }
    input Name { given: String! family: String }`,
  resolvers: {
    Query: {
      students: () => [{ id: 's1' }, { id: 's2' }],
      student: (_: unknown, { id }: { id: string }) => ({ id }),
      named: (_: unknown, { name }: { name: Record<string, string> }) => JSON.stringify(name),
      principal: () => 'Ms. Pi',
    },
    Student: {
      displayName: ({ id }) => `Student ${id}`,
      grade: () => 0,
      friends: ({ id }) => [{ id }],
      __resolveReference: ({ id }) => ({ id }),
    },
  },
};
const grading: SubgraphSource = {
  name: 'grading',
  sdl: `
    type Mutation { saveMark(studentId: ID!, value: Int!): Mark }
    type Mark { value: Int! }
    type Student @key(fields: "id") { id: ID! latestMark: Int }`,
  resolvers: {
    Mutation: { saveMark: (_: unknown, { value }: { value: number }) => ({ value }) },
    Student: { latestMark: () => 0, __resolveReference: ({ id }) => ({ id }) },
  },
};

export const tinySupergraph = composeSupergraph([student, grading]);

type Execute = Extract<Source, { execute: unknown }>['execute'];

/** The tiny subgraph, with some of its resolvers replaced. */
export function tinySubgraph(name: 'student' | 'grading', replaced: Resolvers = {}): { execute: Execute } {
  const { sdl, resolvers } = name === 'student' ? student : grading;
  const types = { ...resolvers };
  for (const [type, fields] of Object.entries(replaced)) types[type] = { ...resolvers[type], ...fields } as Resolvers[string];
  const execute = subgraphExecutor({ name, sdl, resolvers: types });
  return {
    execute: ({ query, operationName, variables = {} }, viewer) =>
      execute({ query, operationName: operationName ?? undefined, variables }, viewer),
  };
}

/** Signs as the district's identity provider does, unless a test wants it wrong. */
export async function testIssuer(kid?: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const sign = (claims: JWTPayload = {}) =>
    new SignJWT({
      ...{ iss: 'district', aud: 'rollbook', sub: teacher.subject, grants: teacher.grants, students: [], exp: inSeconds(600) },
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', ...(kid ? { kid } : {}) })
      .sign(privateKey);
  return { publicKey, sign };
}

export const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

const open: { close(): Promise<unknown> }[] = [];

/** Ends everything that a test opened; for `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const opened of open.splice(0).reverse()) await opened.close();
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

type Given = Partial<Omit<GatewayOptions, 'sources'>> & { readonly sources?: Readonly<Record<string, Source>> };

/** Opens a gateway over the tiny school. `ask` sends an operation as the teacher; `logged` is what the log holds. */
export async function openSchool({ sources, ...options }: Given = {}) {
  const { publicKey, sign } = await testIssuer();
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'trace', serializers: { error: stdSerializers.err } }, { write: (line) => void logged.push(JSON.parse(line)) });
  const gateway = await openGateway({
    sources: { student: tinySubgraph('student'), grading: tinySubgraph('grading'), ...sources } as never,
    verify: verifierOf({ issuer: 'district', keys: { publicKey } }),
    secret: 'between the gateway and its services',
    supergraphSdl: tinySupergraph,
    operations: [],
    port: 0,
    log,
    ...options,
  });
  open.push(gateway);
  const token = await sign();
  const send = (init: RequestInit & { path?: string }): Promise<Response> =>
    fetch(new URL(init.path ?? '/graphql', gateway.url), {
      method: 'POST',
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(init.headers as Record<string, string>) },
    });
  const ask = async (query: unknown, more: Record<string, unknown> = {}): Promise<Answer> =>
    answerOf(await send({ body: JSON.stringify({ query, ...more }) }));
  return { ...gateway, send, ask, logged, token };
}

/** What a client sees of an answer; it must be JSON. */
export async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, ...((await response.json()) as object) };
}

/** An HTTP server of a test's own on loopback. */
export async function serve(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const served = {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    close: async () => {
      server.closeAllConnections();
      if (server.listening) await new Promise((closed) => server.close(closed));
    },
  };
  open.push(served);
  return served;
}
