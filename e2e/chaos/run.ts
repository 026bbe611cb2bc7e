/**
 * npm run chaos -- --seed S --seconds T [--topology one|five|both] [--teachers N] [--broken variant]
 *
 * Teachers save while the system is killed, stopped, starved and lied to; afterwards nothing may be lost, doubled, overwritten or made up.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { variants } from './broken.ts';
import { campaign, type Outcome } from './campaign.ts';
import { settle } from './lessons.ts';
import type { Topology } from './system.ts';

const options = {
  seed: { type: 'string' },
  seconds: { type: 'string', default: '60' },
  topology: { type: 'string', default: 'both' },
  teachers: { type: 'string', default: '12' },
  broken: { type: 'string' },
} as const;

function asked() {
  const { values } = parseArgs({ options });
  const whole = (name: 'seed' | 'seconds' | 'teachers', text: string) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} is a whole number from 1, not "${text}".`);
    return number;
  };
  const { topology, broken } = values;
  if (!['one', 'five', 'both'].includes(topology)) throw new Error(`--topology is one, five or both, not "${topology}".`);
  const variant = variants.find(({ name }) => name === broken);
  if (broken && !variant) throw new Error(`--broken is one of ${variants.map(({ name }) => name).join(', ')}, not "${broken}".`);
  return {
    seed: whole('seed', values.seed ?? String(1 + Math.floor(Math.random() * 2 ** 31))),
    seconds: whole('seconds', values.seconds),
    teachers: whole('teachers', values.teachers),
    topologies: (topology === 'both' ? ['one', 'five'] : [topology]) as Topology[],
    ...(variant ? { variant } : {}),
  };
}

const countOf = (names: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, same]) => [name, same.length]).toSorted());

function summarise({ faults, sendings, acknowledged, replays, conflicts, reads, drainedMs, violations, stories }: Outcome): void {
  console.log(`${faults.length} faults: ${Object.entries(countOf(faults)).map(([fault, n]) => `${fault} ${n}`).join(', ')}.`); // prettier-ignore
  console.log(`${sendings} sendings, ${acknowledged} answered (${replays} of them replays), ${conflicts} conflicts, ${reads} readings.`);
  console.log(`The outboxes were empty ${(drainedMs / 1000).toFixed(1)} s after the last fault.`);
  for (const { kind, key, text } of violations.slice(0, 30)) console.log(`VIOLATION ${kind}: ${key ? `${key}: ` : ''}${text}`);
  if (violations.length > 30) console.log(`… and ${violations.length - 30} more`);
  for (const story of stories) console.log(`\n${story.join('\n  ')}`);
  console.log(violations.length ? `${violations.length} violations.` : 'Nothing was lost, doubled, overwritten unseen or made up.');
}

const { topologies, ...how } = asked();
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
const template = mkdtempSync(join(tmpdir(), 'rollbook-chaos-town-'));
try {
  console.log(`Seed ${how.seed}. A demo district moves in.`);
  await settle(template, 300);
  for (const topology of topologies) {
    interrupted.signal.throwIfAborted();
    console.log(`${topology === 'one' ? 'One process' : 'Five processes'}, ${how.teachers} teachers, ${how.seconds} s.`);
    const outcome = await campaign({ ...how, template, topology, signal: interrupted.signal, say: console.log });
    summarise(outcome);
    const { seed, seconds } = how;
    const { faults, acknowledged, replays, conflicts, violations } = outcome;
    const kinds = countOf(violations.map(({ kind }) => kind));
    const broken = how.variant ? { broken: how.variant.name } : {};
    console.log(
      JSON.stringify({
        ...{ seed, topology, ...broken, seconds, faults: faults.length, acknowledged, replays, conflicts },
        violations: { total: violations.length, ...kinds },
      }),
    );
    if (violations.length) process.exitCode = 1;
  }
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
  console.log('Interrupted: nothing was checked.');
  process.exitCode = 130;
} finally {
  rmSync(template, { recursive: true, force: true });
}
