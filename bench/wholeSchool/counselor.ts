import { GraphClient } from '@rollbook/district/importing/graphClient.ts';
import { openDistrictProcesses, type ProcessDistrict } from '@rollbook/district/processes.ts';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import type { Viewer } from '@rollbook/school';
import { randomUUIDv7 } from 'node:crypto';
import { planningDay, schoolId } from './school.ts';

/** A run as its counselor sees it. */
export interface Run {
  readonly id: string;
  readonly status: 'WAITING' | 'RUNNING' | 'DONE' | 'CANCELLED' | 'FAILED';
  readonly best: number | null;
  readonly bound: number | null;
  readonly unmet: number | null;
  readonly secondsLeft: number;
  readonly checkpointAt: string | null;
  readonly failure: string | null;
  readonly applied: boolean;
}
export const runFields = 'id status best bound unmet secondsLeft checkpointAt failure applied';

/** The system in five processes, and those who ask it over HTTP. */
export interface Office {
  readonly administrator: GraphClient;
  readonly counselor: GraphClient;
  as(viewer: Viewer): Promise<GraphClient>;
  /** As when its machine loses power: the service's process is gone at once. Answers when it was killed. */
  killScheduling(): Promise<number>;
  startScheduling(): Promise<void>;
  close(): Promise<void>;
}

export async function openOffice(dir: string): Promise<Office> {
  const district: ProcessDistrict = await openDistrictProcesses({ dir, port: 0, logLevel: 'error', rehearsalNow: planningDay });
  const clients: GraphClient[] = [];
  const as = async (viewer: Viewer) => {
    const client = new GraphClient(district.url, await district.issuer.sign(viewer));
    clients.push(client);
    return client;
  };
  return {
    administrator: await as(importingAdministrator),
    counselor: await as({ subject: randomUUIDv7(), grants: [{ role: 'COUNSELOR', schoolId }], students: [] }),
    as,
    killScheduling: async () => {
      const child = district.processes['scheduling']!;
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      const at = Date.now();
      await ended;
      return at;
    },
    startScheduling: () => district.restart('scheduling'),
    close: async () => {
      for (const client of clients) await client.close();
      await district.close();
    },
  };
}

/** A verb by its name. */
export async function does<T>(graph: GraphClient, name: string, input: object, answer = 'id'): Promise<T> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const data = await graph.ask<Record<string, T>>(`mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} } }`, { input });
  return data[name]!;
}

export async function runOf(graph: GraphClient, id: string): Promise<Run> {
  const { scheduleRun } = await graph.ask<{ scheduleRun: Run }>(`query ($id: ID!) { scheduleRun(id: $id) { ${runFields} } }`, { id });
  if (scheduleRun.status === 'FAILED') throw new Error(`The run failed: ${scheduleRun.failure}`);
  return scheduleRun;
}

/** Asks until the answer is there. */
export async function until<T>(everyMs: number, withinSeconds: number, find: () => Promise<T | null>): Promise<T> {
  for (const end = performance.now() + withinSeconds * 1_000; performance.now() < end;) {
    const found = await find();
    if (found !== null) return found;
    await wait(everyMs);
  }
  throw new Error(`It was not so within ${withinSeconds} s.`);
}

export const wait = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, ms));

export const isOver = ({ status }: Run): boolean => ['DONE', 'CANCELLED'].includes(status);
