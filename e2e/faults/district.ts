/** The district under test: five processes, on a Wednesday in November at ten in the morning in Los Angeles. */
import { settleDemo } from '@rollbook/district/demo/settle.ts';
import { openDistrict } from '@rollbook/district/district.ts';
import { openDistrictProcesses, type ProcessDistrict } from '@rollbook/district/processes.ts';
import { readPersonas } from '@rollbook/district/signIns.ts';
import type { Viewer } from '@rollbook/school';
import { clockFrom, openLog } from '@rollbook/subgraph';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Disk } from './disk.ts';
import { Writers, type Address } from './writers.ts';

export const today = '2026-11-18';
const startsAt = `${today}T18:00:00Z`;

/** What a drill is told, and where it says what it does. */
export interface Drill {
  /** A directory of its own. */
  readonly home: string;
  /** The data directory of a district that is not running; a drill works on a copy. */
  readonly template: string;
  readonly rounds: number;
  readonly random: () => number;
  readonly say: (sentence: string) => void;
  /** Takes what must be undone, whatever happens. */
  readonly ending: AsyncDisposableStack;
}

/** What a drill found; `failures` in sentences, none when the promise held. */
export interface Findings {
  readonly acknowledged: number;
  readonly lost: number;
  readonly failures: string[];
  readonly [figure: string]: unknown;
}

export async function makeTemplate(dir: string): Promise<void> {
  const district = await openDistrict({ dir, port: 0, log: openLog('fatal'), now: clockFrom(startsAt, openLog('silent')) });
  await settleDemo(district, dir, { students: 120, schools: 1, rollDays: 1, today }, () => undefined).finally(() => district.close());
}

/** A disk with the district of the template on it, all of it written down. */
export function diskWithDistrict({ home, template, ending }: Drill, megabytes: number): { disk: Disk; dir: string } {
  const disk = new Disk(join(home, 'disk.img'));
  disk.format(megabytes);
  disk.mount();
  ending.defer(() => disk.unmount());
  const dir = join(disk.dir, 'district');
  cpSync(template, dir, { recursive: true });
  disk.flush();
  return { disk, dir };
}

export interface Running {
  readonly district: ProcessDistrict;
  /** The teacher of the demo district, and where they are signed in. */
  readonly person: Viewer;
  readonly teacher: Address;
}

export async function start(dir: string, { ending }: Drill): Promise<Running> {
  const district = await openDistrictProcesses({ dir, port: await freePort(), logLevel: 'silent', rehearsalNow: startsAt });
  let closed = false;
  const close = async () => {
    if (!closed) await district.close();
    closed = true;
  };
  ending.defer(close);
  const { personId } = readPersonas(dir).find(({ name }) => name === 'teacher')!;
  const person = await district.accessOf(personId!);
  const running = { district: { ...district, close }, person };
  return { ...running, teacher: await signIn(running) };
}

/** The address of the teacher, under a token that nobody has seen yet. */
export async function signIn({ district, person }: Omit<Running, 'teacher'>): Promise<Address> {
  return { url: district.url, token: await district.issuer.sign(person) };
}

export const writersOf = ({ teacher }: Running, { random }: Drill) => Writers.of(teacher, today, random);

/** For the gateway, which then comes back to the same address when it is started again. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}
