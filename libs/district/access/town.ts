import { openGateway, verifierOf } from '@rollbook/gateway';
import type { Viewer } from '@rollbook/school';
import { openLog, openSubgraph, type Subgraph } from '@rollbook/subgraph';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { openDatabases } from '../databases.ts';
import { settleDemo } from '../demo/settle.ts';
import { accessFrom, openDistrict } from '../district.ts';
import { developmentIssuer, openIssuer } from '../issuer.ts';
import { services } from '../services.ts';
import { readPersonas } from '../signIns.ts';
import { arrange, today, type Arranged } from './arrange.ts';
import { Records } from './records.ts';
import { hideSecrets } from './secrets.ts';

/** Ten in the morning in Los Angeles, a Wednesday. */
const now = () => new Date(`${today}T18:00:00Z`);
const log = openLog('silent');

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { message: string; path?: readonly (string | number)[]; extensions: Record<string, unknown> }[];
}

export type Ask = (viewer: Viewer, query: string, variables?: Record<string, unknown>) => Promise<Answer>;

/** A small district in which everything that decides about access happens to somebody, opened twice over the same databases. */
export interface Town {
  /** With all checks, and with row-level security alone. */
  readonly checked: Readonly<Record<string, Subgraph>>;
  readonly unchecked: Readonly<Record<string, Subgraph>>;
  /** From outside: over HTTP, with a token. */
  readonly overGateway: Ask;
  readonly people: Arranged;
  readonly records: Records;
  accessOf(personId: string): Promise<Viewer>;
  close(): Promise<void>;
}

export async function openTown(): Promise<Town> {
  const dir = mkdtempSync(join(tmpdir(), 'rollbook-access-'));
  const people = await settle(dir);
  const databases = await openDatabases(dir);
  const open = async (enforceAccess: boolean) => {
    const opened = services.map((service) => openSubgraph(service, { urls: databases.urls[service.name]!, log, now, enforceAccess }));
    return Object.fromEntries((await Promise.all(opened)).map((subgraph) => [subgraph.name, subgraph]));
  };
  const checked = await open(true);
  const unchecked = await open(false);
  await hideSecrets(checked);
  const records = await Records.read(services, checked, today);
  const gateway = await gatewayOver(dir, checked);
  return {
    ...{ checked, unchecked, people, records, overGateway: gateway.ask },
    accessOf: (personId) => accessFrom(checked['student']!, personId),
    async close() {
      await gateway.close();
      await Promise.all([...Object.values(checked), ...Object.values(unchecked)].map((subgraph) => subgraph.close()));
      await databases.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function settle(dir: string): Promise<Arranged> {
  const district = await openDistrict({ dir, port: 0, log, now });
  try {
    await settleDemo(district, dir, { students: 150, schools: 3, today, rollDays: 2 }, () => undefined);
    return await arrange(district, new Map(readPersonas(dir).map(({ name, personId }) => [name, personId ?? ''])));
  } finally {
    await district.close();
  }
}

async function gatewayOver(dir: string, subgraphs: Readonly<Record<string, Subgraph>>): Promise<{ ask: Ask; close(): Promise<void> }> {
  const issuer = await openIssuer(dir);
  const sources = Object.fromEntries(Object.values(subgraphs).map(({ name, execute }) => [name, { execute }]));
  const gateway = await openGateway({
    sources: sources as never,
    verify: verifierOf({ issuer: developmentIssuer, keys: { publicKey: issuer.publicKey } }),
    ...{ secret: 'for other processes, of which there are none', log, port: 0 },
    maxConcurrent: Infinity, // who may is asked here, not what goes first
  });
  const agent = new Agent({ connections: 8 });
  const tokens = new Map<Viewer, Promise<string>>();
  return {
    async ask(viewer, query, variables = {}) {
      if (!tokens.has(viewer)) tokens.set(viewer, issuer.sign(viewer));
      const { body } = await request(`${gateway.url}/graphql`, {
        ...{ method: 'POST', dispatcher: agent, body: JSON.stringify({ query, variables }) },
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokens.get(viewer)}` },
      });
      return (await body.json()) as Answer;
    },
    async close() {
      await agent.close();
      await gateway.close();
    },
  };
}
