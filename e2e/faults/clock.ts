/** The clocks of gateway and services are two hours wrong, together and against each other, and are set right again, while teachers save. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { signIn, start, writersOf, type Drill, type Findings, type Running } from './district.ts';
import { lostSoFar } from './kept.ts';
import { fakeTime } from './obstacles.ts';
import { countsOf, type Refusal } from './writers.ts';

interface Skew {
  readonly who: readonly string[];
  readonly hours: number;
  /**
   * A service takes the gateway's word for 30 seconds, by its own clock, and none from the future. Clocks that differ are a matter between
   * the two: a client is told INTERNAL, which means "send the same save again", and is not signed out.
   */
  readonly accepted: boolean;
}

const everybody = ['student', 'scheduling', 'grading', 'attendance', 'gateway'];
const skews: readonly Skew[] = [
  { who: everybody, hours: 2, accepted: true },
  { who: everybody, hours: -2, accepted: true },
  { who: ['grading'], hours: 2, accepted: false },
  { who: ['grading'], hours: -2, accepted: false },
  { who: ['gateway'], hours: 2, accepted: false },
  { who: ['gateway'], hours: -2, accepted: false },
];
/** What was asked under the clocks of before is answered by then. */
const untilSeenMs = 500;
const wrongForMs = 1_000;

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
  const refused: Refusal[] = [];
  const inRandomOrder = skews.map((skew) => ({ skew, n: random() })).toSorted((a, b) => a.n - b.n);
  for (let round = 1; round <= rounds; round++) {
    const { who, hours, accepted } = inRandomOrder[round % skews.length]!.skew;
    const name = `${who.length > 1 ? 'all clocks' : `the clock of ${who[0]}`} ${hours > 0 ? '+' : ''}${hours} h`;
    const acrossTheStep = writers.start(running.teacher);
    await pause(200);
    clocks.set(who, hours);
    await pause(untilSeenMs);
    await acrossTheStep.stop();

    // A new sign-in, for which the gateway has no word from before.
    const writing = writers.start(await signIn(running));
    const before = writers.acknowledged.length;
    writers.refusals = [];
    await pause(wrongForMs);
    const saved = writers.acknowledged.length - before;
    const counts = countsOf(writers.refusals);
    refused.push(...writers.refusals);
    clocks.set(who, 0);
    await pause(untilSeenMs);
    await writing.stop();
    if (accepted !== saved > 0 || Object.keys(counts).join() !== (accepted ? '' : 'INTERNAL'))
      failures.push(`with ${name}, ${saved} saves were acknowledged, and refused: ${JSON.stringify(counts)}`);
    await writers.onceMore(running.teacher);
    lost = await lostSoFar(dir, writers, running.teacher, failures);
    say(`round ${round}, ${name}: ${saved} acknowledged, refused ${JSON.stringify(counts)}; ${lost} lost`);
  }
  return { acknowledged: writers.acknowledged.length, lost, refused: countsOf(refused), failures };
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
    await Promise.all(everybody.map((name) => killed(district.processes[name]!)));
    const started = everybody.map((name) => {
      const settings = { LD_PRELOAD: fakeTime(), FAKETIME_TIMESTAMP_FILE: this.#file(name), FAKETIME_NO_CACHE: '1' };
      Object.assign(process.env, settings, { FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' });
      const restarted = district.restart(name); // has the environment of this moment
      delete process.env['LD_PRELOAD'];
      return restarted;
    });
    await Promise.all(started);
  }

  #file(name: string): string {
    return join(this.#home, `clock-of-${name}`);
  }
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
