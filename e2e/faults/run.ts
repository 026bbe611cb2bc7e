/** `npm run faults`: what the machine can do to a district while teachers save. Nothing acknowledged may be lost. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomFrom } from '../chaos/random.ts';
import type { Drill, Findings } from './district.ts';
import { faults, obstacleTo, type Fault } from './obstacles.ts';

const usage = `Makes faults of the machine while marks are saved in a demo district of five processes. Root on Linux only.

  npm run faults -- [options]

  --only <fault>    power-cut, disk-full, eio or clock (default: all of them)
  --rounds <n>      how often (default 6)
  --seed <n>        repeats the instants of an earlier run
  --template <dir>  the data directory of a district to work on copies of, in place of a new one
`;

const drills: Record<Fault, () => Promise<(drill: Drill) => Promise<Findings>>> = {
  'power-cut': async () => (await import('./powerCut.ts')).powerCut,
  'disk-full': async () => (await import('./diskFull.ts')).diskFull,
  eio: async () => (await import('./eio.ts')).eio,
  clock: async () => (await import('./clock.ts')).clock,
};

/** Its mounts are seen by this program alone, and gone with it, whatever ends it. */
async function withMountsOfItsOwn(): Promise<number> {
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', 'unshare', '--mount', ...program], {
    stdio: 'inherit',
    detached: true, // Ctrl-C reaches it once, through this process
    env: { ...process.env, ROLLBOOK_FAULTS_MOUNTS: 'own' },
  });
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => child.kill(name));
  return new Promise((ended) => child.once('close', (code) => ended(code ?? 1)));
}

async function drill(fault: Fault, plan: Omit<Drill, 'random' | 'say'> & { seed: number }): Promise<boolean> {
  const say = (sentence: string) => console.log(`${fault}: ${sentence}`);
  const home = join(plan.home, fault);
  mkdirSync(home);
  await using ending = plan.ending.use(new AsyncDisposableStack());
  ending.defer(() => rmSync(home, { recursive: true, force: true }));
  const run = await drills[fault]();
  const { failures, ...figures } = await run({ ...plan, home, ending, say, random: randomFrom(plan.seed) });
  for (const failure of failures.slice(0, 10)) say(`FAILED: ${failure}`);
  console.log(JSON.stringify({ fault, seed: plan.seed, rounds: plan.rounds, ...figures, failures: failures.length }));
  return failures.length === 0;
}

interface Asked {
  readonly faults: readonly Fault[];
  readonly rounds: number;
  readonly seed: number;
  readonly template: string | undefined;
}

function asked(): Asked | null {
  const text = { type: 'string' } as const;
  const options = { only: text, rounds: text, seed: text, template: text, help: { type: 'boolean' } } as const;
  const { values } = parseArgs({ options });
  if (values.help) return null;
  const chosen = faults.filter((fault) => !values.only || fault === values.only);
  if (!chosen.length) throw new Error(`--only is one of ${faults.join(', ')}, not "${values.only}".`);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
  const rounds = Number(values.rounds ?? 6);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed is a whole number, not "${values.seed}".`);
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error(`--rounds is a whole number from 1, not "${values.rounds}".`);
  return { faults: chosen, rounds, seed, template: values.template };
}

async function drillAll({ faults, rounds, seed, template }: Asked): Promise<number> {
  await using ending = new AsyncDisposableStack();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => void ending.disposeAsync().finally(() => process.exit(130)));
  const home = mkdtempSync(join(tmpdir(), 'rollbook-faults-'));
  ending.defer(() => rmSync(home, { recursive: true, force: true }));
  const made = join(home, 'template');
  if (!template) {
    console.log('Making a demo district ...');
    await (await import('./district.ts')).makeTemplate(made);
  }
  let held = true;
  for (const fault of faults) held = (await drill(fault, { home, template: template ?? made, rounds, seed, ending })) && held;
  return held ? 0 : 1;
}

async function main(): Promise<number> {
  const plan = asked();
  if (!plan) {
    console.log(usage);
    return 0;
  }
  const possible = plan.faults.filter((fault) => !obstacleTo(fault));
  if (process.env['ROLLBOOK_FAULTS_MOUNTS'] === 'own') return drillAll({ ...plan, faults: possible });
  for (const fault of plan.faults) if (obstacleTo(fault)) console.log(`${fault}: skipped, because ${obstacleTo(fault)}`);
  return possible.length ? withMountsOfItsOwn() : 0;
}

try {
  process.exit(await main());
} catch (error) {
  console.error(`The faults were not tried to the end: ${(error as Error).stack}`);
  process.exit(1);
}
