/**
 * Students come and classes change in the middle of the year: a generated school with full rosters is put into the databases, and the
 * running system is asked over HTTP, through the gateway.
 *
 *   npm run bench -- placement --seed S [--students 3200] [--newcomers 600]
 *
 * Walk-ins are asked one after the other and four at once, each time while two others drop and add classes without a pause. Then ten
 * sections are cancelled and ten move to another time.
 */
import { GraphClient } from '@rollbook/district/importing/graphClient.ts';
import { openIssuer } from '@rollbook/district/issuer.ts';
import { randomFrom } from '@rollbook/timetable/random.ts';
import { frontDesk } from '@rollbook/timetable/walkIn.ts';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { randomUUIDv7 } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { placeNewcomers, startChanging, type Placed } from './desk.ts';
import { fillDatabases, today, type LiveSchool } from './liveSchool.ts';
import { changeSections } from './sectionChanges.ts';

const peopleChanging = 2;
const desksAtOnce = 4;

export async function measure(args: string[]): Promise<Record<string, unknown>> {
  const text = { type: 'string' } as const;
  const options = { seed: { ...text, default: '1' }, students: { ...text, default: '3200' }, newcomers: { ...text, default: '600' } };
  const { values } = parseArgs({ args, options });
  const [seed, students, newcomers] = (['seed', 'students', 'newcomers'] as const).map((name) => {
    const least = name === 'students' ? 40 : 0;
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least)
      throw new Error(`--${name} is a whole number of at least ${least}, not "${values[name]}".`);
    return value;
  }) as [number, number, number];
  const dir = mkdtempSync(join(tmpdir(), 'rollbook-bench-'));
  console.log(`Generating a school of ${students} students, with seed ${seed}, into the databases ...`);
  const { live, databases } = await fillDatabases(dir, { students, seed, newcomers });
  try {
    const solver = solverTimes(live, seed);
    const district = fork(join(import.meta.dirname, '..', 'district.ts'), [dir, `${today}T18:00:00Z`], {
      env: { ...process.env, ROLLBOOK_POSTGRES_URL: databases.administratorUrl('scheduling') },
      stdio: 'inherit',
    });
    try {
      const [{ url }] = (await once(district, 'message')) as [{ url: string }];
      const graph = new GraphClient(url, await tokenOf(dir, live.schoolId));
      const walkIns = await measureWalkIns(graph, live, seed);
      const changes = await changeSections(graph, live, databases, randomFrom(seed));
      await graph.close();
      return { seed, students, ...solver, ...walkIns, ...changes };
    } finally {
      const ended = once(district, 'exit');
      district.kill('SIGTERM');
      await ended;
    }
  } finally {
    await databases.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A counselor of the school. */
async function tokenOf(dir: string, schoolId: string): Promise<string> {
  const issuer = await openIssuer(dir);
  return issuer.sign({ subject: randomUUIDv7(), grants: [{ role: 'COUNSELOR', schoolId }], students: [] });
}

/** How long the best schedule and all alternatives of a newcomer take without the system around it. */
function solverTimes({ school, placed, seats }: LiveSchool, seed: number) {
  const desk = frontDesk(school, placed, seats);
  const comers = randomFrom(seed).shuffle(school.students);
  const timeOf = (student: (typeof comers)[number]): number => {
    const began = performance.now();
    desk.place({ ...student, id: `newcomer like ${student.id}` });
    return performance.now() - began;
  };
  comers.slice(0, 500).forEach(timeOf); // until everything is compiled
  const measured = comers.map(timeOf);
  console.log(`Solver, best schedule and all alternatives: p50 ${part(measured, 0.5)} ms, p99 ${part(measured, 0.99)} ms`);
  return { solverP50Ms: part(measured, 0.5), solverP99Ms: part(measured, 0.99) };
}

async function measureWalkIns(graph: GraphClient, live: LiveSchool, seed: number) {
  const [warm, some] = [live.newcomers.length / 6, (live.newcomers.length * 7) / 12];
  await placeNewcomers(graph, live, live.newcomers.slice(0, warm), 2, seed + 1);
  const endChanging = startChanging(graph, live, peopleChanging, seed);
  const one = await placeNewcomers(graph, live, live.newcomers.slice(warm, some), 1, seed + 2);
  const several = await placeNewcomers(graph, live, live.newcomers.slice(some), desksAtOnce, seed + 3);
  const { changes, refused } = await endChanging();
  say('One desk', one);
  say(`${desksAtOnce} desks`, several);
  console.log(
    `At the same time ${peopleChanging} others made ${changes} changes of classes; ${refused} were refused, because the seat was gone.`,
  );
  return {
    walkInP50Ms: part(one.walkInMs, 0.5),
    walkInP99Ms: part(one.walkInMs, 0.99),
    takeP99Ms: part(one.takeMs, 0.99),
    parallelWalkInP50Ms: part(several.walkInMs, 0.5),
    parallelWalkInP99Ms: part(several.walkInMs, 0.99),
    parallelTakeP99Ms: part(several.takeMs, 0.99),
    walkIns: one.walkInMs.length + several.walkInMs.length,
    changesAtTheSameTime: changes,
  };
}

function say(who: string, { walkInMs, takeMs, choices, unmet, taken }: Placed): void {
  const each = (sum: number) => (sum / walkInMs.length).toFixed(1);
  console.log(
    `${who}: walkIn p50 ${part(walkInMs, 0.5)} ms, p99 ${part(walkInMs, 0.99)} ms; holdSeats and commitHold p50 ${part(takeMs, 0.5)} ms, ` +
      `p99 ${part(takeMs, 0.99)} ms (${walkInMs.length} students, each told of ${each(choices.reduce((sum, n) => sum + n, 0))} choices; ` +
      `${each(unmet)} requests unmet; ${taken} found a seat taken meanwhile)`,
  );
}

/** The value below which such a share of all is. */
function part(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(3));
}
