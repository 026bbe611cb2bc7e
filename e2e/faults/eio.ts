/** The disk answers "Input/output error" when PostgreSQL synchronizes: it ends rather than go on, and comes back. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { start, writersOf, type Drill, type Findings } from './district.ts';
import { lostSoFar } from './kept.ts';
import { processesOf, sql } from './postgres.ts';
import { countsOf } from './writers.ts';

export async function eio(drill: Drill): Promise<Findings> {
  const { home, template, rounds, random, say } = drill;
  const failures: string[] = [];
  let lost = 0;
  const dir = join(home, 'district');
  cpSync(template, dir, { recursive: true });
  const running = await start(dir, drill);
  const writers = await writersOf(running, drill);
  for (let round = 1; round <= rounds; round++) {
    // The log of every commit, and in turn the tables at a checkpoint.
    const atCheckpoint = round % 2 === 0;
    const nth = 1 + Math.floor(random() * (atCheckpoint ? 5 : 40));
    writers.refusals = [];
    const writing = writers.start(running.teacher);
    await pause(300);
    const injected = await failing(dir, atCheckpoint ? 'fsync' : 'fdatasync', nth, drill, round);
    if (atCheckpoint) await sql(dir, 'rollbook_grading', 'checkpoint').catch(() => undefined); // it ends with the server
    if (!(await injected.ended())) failures.push(`round ${round}: PostgreSQL went on after its ${nth}th ${injected.call} had failed`);
    const before = writers.acknowledged.length;
    for (let waited = 0; writers.acknowledged.length < before + 10 && waited < 60_000; waited += 100) await pause(100);
    await writing.stop();
    await writers.onceMore(running.teacher);
    lost = await lostSoFar(dir, writers, running.teacher, failures);
    const refused = JSON.stringify(countsOf(writers.refusals));
    say(`round ${round}: EIO from ${injected.call} number ${nth} of a process; refused ${refused}; saving went on; ${lost} lost`);
  }
  return { acknowledged: writers.acknowledged.length, lost, failures };
}

/** From now on the nth such call of each process of PostgreSQL fails once. */
async function failing(dir: string, call: string, nth: number, { home, ending }: Drill, round: number) {
  const pids = processesOf(dir);
  const log = join(home, `strace-${round}`);
  const inject = ['-f', '-o', log, '-e', `trace=${call}`, '-e', `inject=${call}:error=EIO:when=${nth}`, '-p', pids.join(',')];
  const strace = spawn('strace', inject, { stdio: ['ignore', 'ignore', 'pipe'] });
  ending.defer(() => void strace.kill('SIGKILL'));
  await once(strace.stderr, 'data'); // "Process n attached"
  strace.stderr.resume();
  /** Did it fail, and did PostgreSQL end for it? */
  const ended = async () => {
    for (let waited = 0; waited < 30_000; waited += 50) {
      if (!existsSync(`/proc/${pids[0]}`))
        return existsSync(log) && readFileSync(log, 'utf8').includes('EIO (Input/output error) (INJECTED)');
      await pause(50);
    }
    return false;
  };
  return { call, ended };
}
