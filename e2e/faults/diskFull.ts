/** The disk fills up while teachers save: they are told, nothing acknowledged is lost, and with room again saving goes on by itself. */
import { setTimeout as pause } from 'node:timers/promises';
import { diskWithDistrict, start, writersOf, type Drill, type Findings } from './district.ts';
import { lostSoFar } from './kept.ts';
import { countsOf, type Refusal } from './writers.ts';

/** What a save may be refused with while there is no room; each is to be sent again. */
const honest = ['DISK_FULL', 'UNAVAILABLE'];
/** Enough for PostgreSQL to end for want of room, to come back for reading only, and to refuse saves then. */
const fullForMs = 6_000;

export async function diskFull(drill: Drill): Promise<Findings> {
  const { rounds, random, say } = drill;
  const failures: string[] = [];
  const refused: Refusal[] = [];
  let lost = 0;
  const { disk, dir } = diskWithDistrict(drill, 450);
  const running = await start(dir, drill);
  const writers = await writersOf(running, drill);
  for (let round = 1; round <= rounds; round++) {
    const freeMb = 1 + Math.floor(random() * 30);
    writers.refusals = [];
    writers.bulk = 6_000;
    const writing = writers.start(running.teacher);
    await pause(500);
    disk.fillUpTo(freeMb);
    for (let waited = 0; !writers.refusals.length && waited < 60_000; waited += 100) await pause(100);
    await pause(fullForMs);
    disk.makeRoom();
    await writing.stop();
    writers.bulk = 0;
    const counts = countsOf(writers.refusals);
    if (!writers.refusals.length) failures.push(`the disk was filled up to ${freeMb} MB, and nobody was refused`);
    for (const { code, message } of writers.refusals)
      if (!honest.includes(code)) failures.push(`a save was refused with ${code}: ${message}`);
    refused.push(...writers.refusals);

    await writers.onceMore(running.teacher);
    lost = await lostSoFar(dir, writers, running.teacher, failures);
    say(`round ${round}: filled up to ${freeMb} MB; refused ${JSON.stringify(counts)}; with room again saving went on; ${lost} lost`);
  }
  return { acknowledged: writers.acknowledged.length, lost, refused: countsOf(refused), failures };
}
