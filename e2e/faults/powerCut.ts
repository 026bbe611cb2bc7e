/** The power fails while teachers save: what was acknowledged is on the disk as the cut leaves it. */
import { openDatabases } from '@rollbook/district/databases.ts';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { diskWithDistrict, start, writersOf, type Drill, type Findings, type Running } from './district.ts';
import { Disk } from './disk.ts';
import { kept, lostSoFar } from './kept.ts';
import { freeze, signal, sql } from './postgres.ts';
import type { Writers } from './writers.ts';

/** The loop device has no cache that a cut would empty: a disk that lies about its own is not simulated. */
export async function powerCut(drill: Drill): Promise<Findings> {
  const { rounds, random, say } = drill;
  const failures: string[] = [];
  let lost = 0;
  let { disk, dir } = diskWithDistrict(drill, 600);
  let running = await start(dir, drill);
  const writers = await writersOf(running, drill);
  for (let round = 1; round <= rounds; round++) {
    const afterMs = 500 + Math.floor(random() * 2_000);
    disk = await saveUntilTheCut(afterMs, { disk, dir, running, writers }, drill, round);
    dir = join(disk.dir, 'district');
    running = await start(dir, drill); // recovers, and passes the check of its settings
    lost = await lostSoFar(dir, writers, running.teacher, failures);
    say(`round ${round}: cut after ${afterMs} ms; ${writers.acknowledged.length} saves acknowledged so far, ${lost} lost`);
    await writers.onceMore(running.teacher);
  }
  const acknowledged = writers.acknowledged.length;

  // The same without fsync, turned off behind the back of services that would refuse to start so.
  for (const text of ['alter system set fsync = off', 'select pg_reload_conf()']) await sql(dir, 'postgres', text);
  await untilOff(dir);
  disk = await saveUntilTheCut(1_500, { disk, dir, running, writers }, drill, rounds + 1);
  const control = {
    acknowledged: writers.acknowledged.length - acknowledged,
    lost: await lostWithoutServices(join(disk.dir, 'district'), writers),
  };
  say(`with fsync=off: ${control.acknowledged} acknowledged, ${control.lost} lost`);
  if (!control.lost) failures.push('with fsync=off nothing was lost: this drill proves nothing here');
  return { acknowledged, lost, withoutFsync: control, failures };
}

interface Cut {
  readonly disk: Disk;
  readonly dir: string;
  readonly running: Running;
  readonly writers: Writers;
}

/** Answers the disk that is found when the power is back. */
async function saveUntilTheCut(afterMs: number, { disk, dir, running, writers }: Cut, drill: Drill, round: number): Promise<Disk> {
  const writing = writers.start(running.teacher);
  await pause(afterMs);
  const pids = await freeze(dir);
  drill.ending.defer(() => signal(pids, 'SIGKILL'));
  const found = new Disk(join(drill.home, `after-cut-${round}.img`));
  await disk.copyAsAfterPowerCut(found);
  for (const child of Object.values(running.district.processes)) child.kill('SIGKILL');
  signal(pids, 'SIGKILL');
  await running.district.close();
  await writing.stop();
  disk.unmount();
  rmSync(disk.image);
  found.mount();
  drill.ending.defer(() => found.unmount());
  return found;
}

async function untilOff(dir: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const [row] = await sql<{ fsync: string }>(dir, 'postgres', 'show fsync');
    if (row!.fsync === 'off') return pause(200); // the other backends hear of it at the same time
    await pause(20);
  }
  throw new Error('fsync could not be turned off.');
}

/** Counted by PostgreSQL alone; where it cannot even start on what is left, everything is lost. */
async function lostWithoutServices(dir: string, writers: Writers): Promise<number> {
  const databases = await openDatabases(dir).catch(() => null);
  if (!databases) return writers.acknowledged.length;
  try {
    return (await kept(dir, writers)).lost;
  } finally {
    await databases.stop();
  }
}
