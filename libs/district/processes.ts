import { systemViewer, type Viewer } from '@rollbook/school';
import { signRequest } from '@rollbook/subgraph/token.ts';
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { request } from 'undici';
import type { DatabaseUrls } from '@rollbook/postgres';
import { freePort } from '@rollbook/postgres/embedded.ts';
import { openDatabases } from './databases.ts';
import { developmentIssuer, openIssuer, type DevelopmentIssuer } from './issuer.ts';
import { services } from './services.ts';

const require = createRequire(import.meta.url);

/** The system as a large district runs it: each service and the gateway a process of its own, the databases apart. */
export interface ProcessDistrict {
  readonly url: string;
  readonly issuer: DevelopmentIssuer;
  /** The process of each service and of the gateway, for measuring and for killing. */
  readonly processes: Readonly<Record<string, ChildProcess>>;
  accessOf(personId: string): Promise<Viewer>;
  /** Starts a process again that has ended, at its old address. */
  restart(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface ProcessOptions {
  readonly dir: string;
  readonly port: number;
  readonly logLevel?: string;
  readonly executor?: 'compiled' | 'stock';
  /** Rehearses another day: the instant at which the services' clocks start. */
  readonly rehearsalNow?: string;
  /** The file that a part runs, in place of its main.ts: measurements compare with others' programs. */
  readonly programOf?: (name: string) => string;
}

/** Starts five processes with the environment variables that docker-compose.yml uses. */
export async function openDistrictProcesses(options: ProcessOptions): Promise<ProcessDistrict> {
  const databases = await openDatabases(options.dir);
  const issuer = await openIssuer(options.dir);
  const secret = randomBytes(32).toString('hex');
  const keys = await serveKeys(issuer);
  const processes: Record<string, ChildProcess> = {};
  const addresses: Record<string, string> = {};
  for (const { name } of services) addresses[`${name.toUpperCase()}_URL`] = `http://127.0.0.1:${await freePort()}`;

  const system = {
    addresses,
    secret,
    urls: databases.urls,
    jwksUrl: keys.url,
    gatewayPort: options.port,
    executor: options.executor ?? 'compiled',
  };
  const programOf = options.programOf ?? ((name: string) => require.resolve(`@rollbook/${name}/main.ts`));
  const start = async (name: string): Promise<string> => {
    const child = fork(programOf(name), [], {
      env: {
        ...process.env,
        ...environmentOf(name, system),
        LOG_LEVEL: options.logLevel ?? 'warn',
        SERVICE: name,
        ...(options.rehearsalNow ? { REHEARSAL_NOW: options.rehearsalNow } : {}),
      },
      stdio: 'inherit',
    });
    processes[name] = child;
    return new Promise((ready, failed) => {
      child.once('message', (message) => ready((message as { url: string }).url));
      child.once('exit', (code) => failed(new Error(`${name} ended with ${code} before it was ready; its log says why.`)));
    });
  };

  const close = async () => {
    for (const name of ['gateway', ...services.map((service) => service.name)]) await endProcess(processes[name]);
    keys.close();
    await databases.stop();
  };
  try {
    await Promise.all(services.map(({ name }) => start(name)));
    const url = await start('gateway');
    const studentUrl = addresses['STUDENT_URL']!;
    return {
      url,
      issuer,
      processes,
      accessOf: (personId) => accessOverHttp(studentUrl, secret, personId),
      restart: async (name) => void (await start(name)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface System {
  readonly addresses: Readonly<Record<string, string>>;
  readonly secret: string;
  readonly urls: Readonly<Record<string, DatabaseUrls>>;
  readonly jwksUrl: string;
  readonly gatewayPort: number;
  readonly executor: string;
}

/** The environment of one part; docker-compose.yml sets the same variables. */
export function environmentOf(name: string, { addresses, secret, urls, jwksUrl, gatewayPort, executor }: System): Record<string, string> {
  const common = { ...addresses, GATEWAY_SECRET: secret };
  if (name === 'gateway') return { ...common, PORT: String(gatewayPort), ISSUER: developmentIssuer, JWKS_URL: jwksUrl, EXECUTOR: executor };
  const { app, owner } = urls[name]!;
  return { ...common, PORT: new URL(addresses[`${name.toUpperCase()}_URL`]!).port, DATABASE_URL: app, DATABASE_OWNER_URL: owner };
}

async function endProcess(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** The development issuer's keys where the gateway can fetch them, as a district's identity provider publishes its own. */
async function serveKeys(issuer: DevelopmentIssuer): Promise<{ url: string; close(): void }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(issuer.jwks));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}/jwks`, close: () => server.close() };
}

async function accessOverHttp(url: string, secret: string, personId: string): Promise<Viewer> {
  const response = await request(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await signRequest(secret, 'student', systemViewer)}` },
    body: JSON.stringify({
      query: 'query Access($id: ID!) { accessOf(personId: $id) { subject grants { role schoolId } students } }',
      variables: { id: personId },
    }),
  });
  const { data, errors } = (await response.body.json()) as { data: { accessOf: Viewer }; errors?: { message: string }[] };
  if (errors) throw new Error(errors[0]!.message);
  return data.accessOf;
}
