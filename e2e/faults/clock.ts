/** The clocks of gateway and services are two hours wrong, together and against each other, and are set right again, while teachers save. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { start, writersOf, type Drill, type Findings, type Running } from './district.ts';
import { kept } from './kept.ts';
import { fakeTime } from './obstacles.ts';
import { countsOf } from './writers.ts';

interface Skew {
  readonly who: readonly string[];
  readonly hours: number;
  /** Does a service take the gateway's word, which is good for 30 seconds by the gateway's clock? */
  readonly accepted: boolean;
}

const everybody = ['student', 'scheduling', 'grading', 'attendance', 'gateway'];
const skews: readonly Skew[] = [
  { who: everybody, hours: 2, accepted: true },
  { who: everybody, hours: -2, accepted: true },
  { who: ['grading'], hours: 2, accepted: false },
  { who: ['grading'], hours: -2, accepted: true },
  { who: ['gateway'], hours: 2, accepted: true },
  { who: ['gateway'], hours: -2, accepted: false },
];
/** libfaketime looks at its file once a second. */
const untilSeenMs = 1_500;
const wrongForMs = 1_500;

export async function clock(drill: Drill): Promise<Findings> {
  const { home, template, rounds, random, say } = drill;
  const failures: string[] = [];
  let lost = 0;
  const dir = join(home, 'district');
  cpSync(template, dir, { recursive: true });
  const running = await start(dir, drill);
  const clocks = new Clocks(home);
  await clocks.giveTo(running);
  const writers = await writersOf(running, drill);
  const refused: Record<string, number> = {};
  for (let round = 1; round <= rounds; round++)
    for (const { who, hours, accepted } of skews.toSorted(() => random() - 0.5)) {
      const name = `${who.length > 1 ? 'all clocks' : `the clock of ${who[0]}`} ${hours > 0 ? '+' : ''}${hours} h`;
      const writing = writers.start(running.teacher);
      await pause(200);
      clocks.set(who, hours);
      await pause(untilSeenMs);
      const before = writers.acknowledged.length;
      writers.refusals = [];
      await pause(wrongForMs);
      const saved = writers.acknowledged.length - before;
      const counts = countsOf(writers.refusals);
      const message = writers.refusals[0]?.message;
      clocks.set(who, 0);
      await pause(untilSeenMs);
      await writing.stop();
      if (accepted !== saved > 0 || accepted !== (writers.refusals.length === 0))
        failures.push(`with ${name}, ${saved} saves were acknowledged, and refused: ${JSON.stringify(counts)}`);
      for (const [code, count] of Object.entries(counts)) refused[code] = (refused[code] ?? 0) + count;
      await writers.onceMore(running.teacher);
      const found = await kept(dir, writers);
      lost += found.lost;
      failures.push(...found.wrong, ...(await writers.sendAgain(running.teacher)));
      say(`${name}: ${saved} acknowledged, refused ${JSON.stringify(counts)}${message ? ` ("${message}")` : ''}; ${found.lost} lost`);
    }
  if (lost) failures.push(`${lost} acknowledged saves were lost`);
  return { acknowledged: writers.acknowledged.length, lost, refused, failures };
}

/** One for each process, set by a file that libfaketime reads. Timers go on by the monotonic clock, as on a real machine. */
class Clocks {
  readonly #home: string;

  constructor(home: string) {
    this.#home = home;
    this.set(everybody, 0);
  }

  set(who: readonly string[], hours: number): void {
    for (const name of who) writeFileSync(this.#file(name), `${hours < 0 ? '-' : '+'}${Math.abs(hours) * 3600}s`);
  }

  /** Starts each part again, with its clock: a process is given it when it begins. */
  async giveTo({ district }: Running): Promise<void> {
    for (const name of everybody) {
      const child = district.processes[name]!;
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      await ended;
      Object.assign(process.env, {
        LD_PRELOAD: fakeTime(),
        FAKETIME_TIMESTAMP_FILE: this.#file(name),
        FAKETIME_CACHE_DURATION: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
        DONT_FAKE_MONOTONIC: '1',
      });
      await district.restart(name).finally(() => delete process.env['LD_PRELOAD']);
    }
  }

  #file(name: string): string {
    return join(this.#home, `clock-of-${name}`);
  }
}
