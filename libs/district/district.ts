import { openGateway, verifierOf, type Gateway, type GatewayOptions } from '@rollbook/gateway';
import { systemViewer, type Viewer } from '@rollbook/school';
import { openSubgraph, type Subgraph } from '@rollbook/subgraph';
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { openDatabases, type Databases } from './databases.ts';
import { developmentIssuer, openIssuer, type DevelopmentIssuer } from './issuer.ts';
import { lastSchoolDay } from './schoolDay.ts';
import { services } from './services.ts';
import { readPersonas, signInsOf, type SignIn } from './signIns.ts';

/** The whole system on one machine. */
export interface District {
  /** Where the gateway answers. */
  readonly url: string;
  readonly issuer: DevelopmentIssuer;
  readonly subgraphs: Readonly<Record<string, Subgraph>>;
  /** What a person may do, as their token will say it. */
  accessOf(personId: string): Promise<Viewer>;
  signIns(): Promise<SignIn[]>;
  close(): Promise<void>;
}

export interface DistrictOptions {
  /** Where databases, keys and sign-ins are kept. */
  readonly dir: string;
  readonly port: number;
  readonly log: Logger;
  readonly host?: string;
  readonly executor?: GatewayOptions['executor'];
  readonly now?: () => Date;
  readonly postgresSettings?: Record<string, string>;
  /** Databases that somebody else opened and will stop. */
  readonly databases?: Pick<Databases, 'urls'>;
}

/** Opens databases, four services and the gateway in this process; no HTTP hop inside. */
export async function openDistrict(options: DistrictOptions): Promise<District> {
  const { dir, log, port } = options;
  const now = options.now ?? (() => new Date());
  const own = options.databases ? undefined : await openDatabases(dir, options.postgresSettings);
  const { urls } = options.databases ?? own!;
  const opened: Subgraph[] = [];
  let gateway: Gateway | undefined;
  const close = async () => {
    await gateway?.close();
    // All at once: each stops hearing the others before any of them is gone.
    await Promise.all(opened.map((subgraph) => subgraph.close()));
    await own?.stop();
  };
  try {
    const issuer = await openIssuer(dir);
    const subgraphs: Record<string, Subgraph> = {};
    const outcomes = await Promise.allSettled(
      services.map(async (definition) => {
        const subgraph = await openSubgraph(definition, {
          urls: urls[definition.name]!,
          log,
          ...(options.now ? { now: options.now } : {}),
        });
        subgraphs[definition.name] = subgraph;
        opened.push(subgraph);
      }),
    );
    // The others have come to rest before anything is closed, so what is told is why the first one failed.
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    for (const subgraph of Object.values(subgraphs)) subgraph.listen((source) => subgraphs[source]!.feed);
    const accessOf = (personId: string) => accessFrom(subgraphs['student']!, personId);
    const signIns = () => signInsOf(readPersonas(dir), accessOf, issuer);
    gateway = await openGateway({
      sources: Object.fromEntries(Object.values(subgraphs).map((subgraph) => [subgraph.name, { execute: subgraph.execute }])) as never,
      verify: verifierOf({ issuer: developmentIssuer, keys: { publicKey: issuer.publicKey } }),
      secret: randomBytes(32).toString('hex'),
      log: log.child({ service: 'gateway' }),
      port,
      ...(options.host ? { host: options.host } : {}),
      ...(options.executor ? { executor: options.executor } : {}),
      development: { signIns, defaults: async () => ({ date: await lastSchoolDay(subgraphs, now()) }) },
    });
    return { url: gateway.url, issuer, subgraphs, accessOf, signIns, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Asks the student service what a person may do. */
export async function accessFrom(student: Pick<Subgraph, 'execute'>, personId: string): Promise<Viewer> {
  const query = 'query Access($id: ID!) { accessOf(personId: $id) { subject grants { role schoolId } students } }';
  const { data, errors } = await student.execute({ query, variables: { id: personId } }, systemViewer);
  if (errors) throw new Error(errors[0]!.message);
  return (data as { accessOf: Viewer }).accessOf;
}
