import { openIssuer } from '@rollbook/district/issuer.ts';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Variant } from './broken.ts';
import { storyOf, violationsOf, type Violation } from './checker.ts';
import { openServer, type Ask, type Server } from './databases.ts';
import { plannedFaults, torment, type Fault } from './faults.ts';
import { readHeld, receiptsIn, rostersIn } from './held.ts';
import { answerIn, logTo, now, readLog, sendingsIn, verbOf, type Event, type SaveInput } from './history.ts';
import { askGraph, planLessons, type Teacher } from './lessons.ts';
import { openProxy, type Answered } from './proxy.ts';
import { pick, randomFrom } from './random.ts';
import { forkTied, killed, openSystem, type System, type Topology } from './system.ts';
import type { Assignment, Report } from './teachers.ts';

export interface CampaignOptions {
  /** A settled district's directory, which is copied. */
  readonly template: string;
  readonly topology: Topology;
  readonly seed: number;
  readonly seconds: number;
  readonly teachers: number;
  readonly variant?: Variant;
  /** Ends it early and in order; it rejects then, and nothing was checked. */
  readonly signal?: AbortSignal;
  /** It goes on until so many answers were heard, however slow the machine is: before the faults a tenth, in all of it these. */
  readonly atLeast?: number;
  /** How long outboxes and rosters may take to come to rest. */
  readonly restMs?: number;
  readonly say?: (line: string) => void;
}

export interface Outcome {
  readonly faults: readonly Fault[];
  readonly sendings: number;
  readonly acknowledged: number;
  readonly replays: number;
  readonly conflicts: number;
  readonly reads: number;
  readonly drainedMs: number;
  readonly violations: readonly Violation[];
  /** Of a cell with a violation: all that happened to it. */
  readonly stories: readonly (readonly string[])[];
}

const longestRestMs = 60_000;
const programs = 4;

/** Runs the real system under teachers and faults, and then looks for broken promises. Leaves nothing behind. */
export async function campaign(options: CampaignOptions): Promise<Outcome> {
  const dir = mkdtempSync(join(tmpdir(), 'rollbook-chaos-'));
  const closing: (() => Promise<unknown> | void)[] = [() => rmSync(dir, { recursive: true, force: true })];
  try {
    cpSync(options.template, dir, { recursive: true });
    const server = await openServer(dir);
    closing.push(() => server.close());
    process.env['ROLLBOOK_POSTGRES_URL'] = server.url('postgres');
    const system = await openSystem(options.topology, dir);
    closing.push(() => system.close());
    return await tormented(options, dir, server, system, closing);
  } finally {
    for (const close of closing.toReversed()) await close();
    delete process.env['ROLLBOOK_POSTGRES_URL'];
  }
}

async function tormented(
  options: CampaignOptions,
  dir: string,
  server: Server,
  system: System,
  closing: (() => unknown)[],
): Promise<Outcome> {
  const {
    seed,
    seconds,
    variant,
    atLeast = 0,
    restMs = longestRestMs,
    say = () => undefined,
    signal = new AbortController().signal,
  } = options;
  const { ask } = server;
  const teachers = await planLessons(options.teachers, dir, `http://127.0.0.1:${system.port}`, ask);
  await rostersAgree(ask, longestRestMs);
  await variant?.prepare?.(server);
  const before = new Set(await receiptsIn(ask));
  const copies = logTo(join(dir, 'copies.jsonl'));
  const inPlace = variant?.inPlace ? { inPlace: variant.inPlace } : {};
  const proxy = await openProxy({ port: system.port, overheard: overheardBy(copies), ...inPlace });
  closing.push(() => proxy.close());
  const classrooms = openClassrooms({ dir, url: proxy.url, seed, teachers, forgetsSaveIds: variant?.forgetsSaveIds ?? false });
  closing.push(() => classrooms.close());

  const office = new AbortController();
  const changes = changeRosters(proxy.url, dir, teachers, randomFrom(seed + 1_000), AbortSignal.any([office.signal, signal]));
  const heard = async (count: number) => {
    const giveUp = performance.now() + longestRestMs;
    while (classrooms.acknowledged() < count && performance.now() < giveUp && !signal.aborted) await pause(50);
  };
  await heard(atLeast / 10);
  const until = performance.now() + seconds * 1000;
  let faults = 0;
  const progress = setInterval(() => {
    const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    say(`${left} s left, ${faults} faults, ${classrooms.acknowledged()} acknowledged, ${classrooms.unsaved()} in outboxes`);
  }, 3_000);
  closing.push(() => clearInterval(progress));
  const plan = plannedFaults(seed, seconds, variant?.faults);
  const done = await torment(plan, { system, server, proxy, classrooms }, signal, (count) => (faults = count));
  await pause(Math.max(0, until - performance.now()), undefined, { signal }).catch(() => undefined);
  await heard(atLeast);
  office.abort();
  await changes;
  signal.throwIfAborted();

  const from = performance.now();
  const waiting = await classrooms.drain(restMs, signal);
  signal.throwIfAborted();
  const drainedMs = Math.round(performance.now() - from);
  await rostersAgree(ask, restMs);
  await classrooms.close();
  const events = [...classrooms.logs, join(dir, 'copies.jsonl')].flatMap(readLog).toSorted((a, b) => a.at - b.at);
  const held = await readHeld(ask, before, [...waiting, ...system.failed]);
  const sendings = sendingsIn(events);
  const violations = violationsOf(events, sendings, held);
  const answered = sendings.filter(({ answeredAt }) => answeredAt !== null);
  const keys = [...new Set(violations.flatMap(({ key }) => key ?? []))];
  return {
    ...{ faults: done, drainedMs, violations },
    ...{ sendings: sendings.length, acknowledged: answered.length, replays: answered.filter(({ replayed }) => replayed).length },
    conflicts: answered.flatMap(({ rows }) => rows).filter(({ outcome }) => outcome === 'CONFLICT').length,
    reads: events.filter(({ event }) => event === 'read').length,
    stories: keys.slice(0, 5).map((key) => storyOf(key, events, sendings, held)),
  }; // prettier-ignore
}

/** What a second copy was answered is evidence too, though no teacher heard it. */
const overheardBy =
  (log: (event: Event) => void) =>
  (body: string, { status, text }: Answered) => {
    const { query, variables } = JSON.parse(body) as { query: string; variables: { input: SaveInput } };
    const verb = verbOf(query);
    const told = verb && status === 200 && answerIn(verb, (JSON.parse(text) as { data?: unknown }).data);
    if (!verb || !told) return;
    const attempt = `${variables.input.saveId} copy ${now()}`;
    log({ event: 'invoke', attempt, teacher: 'a copy', verb, input: variables.input, at: now() });
    log({ event: 'ack', attempt, ...told, at: now() });
  };

interface Classrooms {
  readonly logs: readonly string[];
  children(): ChildProcess[];
  acknowledged(): number;
  unsaved(): number;
  killAndRestart(n: number): Promise<void>;
  /** Nobody types any more; resolves when all is sent or time is up, with what is left. */
  drain(withinMs: number, signal: AbortSignal): Promise<string[]>;
  close(): Promise<unknown>;
}

/** Teachers in a few programs, dealt out so that those who share a section are in different ones. */
function openClassrooms({ dir, ...all }: Omit<Assignment, 'log' | 'isOver'>): Classrooms {
  let isOver = false;
  let earlier = 0;
  const count = Math.min(programs, all.teachers.length);
  const logs = Array.from({ length: count }, (_, n) => join(dir, `teachers-${n}.jsonl`));
  const reports: (Report | undefined)[] = [];
  const children = logs.map((_, n) => start(n));

  function start(n: number): ChildProcess {
    const child = forkTied('teachers.ts');
    const teachers = all.teachers.filter((_, m) => m % count === n);
    const assignment: Assignment = { ...all, dir: join(dir, 'outboxes'), seed: all.seed + 100 * n, teachers, log: logs[n]!, isOver };
    child.on('message', (report: Report) => (reports[n] = report));
    child.send(assignment);
    return child;
  }

  const close = () => Promise.all(children.map(killed));
  return {
    logs,
    children: () => children,
    acknowledged: () => reports.reduce((sum, report) => sum + (report?.acknowledged ?? 0), earlier),
    unsaved: () => reports.reduce((sum, report) => sum + (report?.unsaved ?? 0), 0),
    close,
    async killAndRestart(n) {
      await killed(children[n]);
      earlier += reports[n]?.acknowledged ?? 0;
      reports[n] = undefined;
      children[n] = start(n);
    },
    async drain(withinMs, signal) {
      isOver = true;
      for (const child of children) child.send('over');
      // Two reports in a row: what was on its way to the storage is in the second.
      for (let until = performance.now() + withinMs, calm = 0; performance.now() < until && !signal.aborted;) {
        calm = reports.length === count && reports.every((report) => report?.unsaved === 0) ? calm + 1 : 0;
        if (calm > 3) return [];
        await pause(200);
      }
      return reports.flatMap((report) => report?.waiting ?? ['a program that says nothing']);
    },
  };
}

/** The office takes students out of sections and puts them back, whatever becomes of it. */
async function changeRosters(
  url: string,
  dir: string,
  teachers: readonly Teacher[],
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  const token = await (await openIssuer(dir)).sign(importingAdministrator);
  const add = 'mutation ($input: AddToRosterInput!) { addToRoster(input: $input) { begins } }';
  const drop = 'mutation ($input: DropFromRosterInput!) { dropFromRoster(input: $input) { ends } }';
  while (!signal.aborted) {
    const { sectionId, studentIds } = pick(random, pick(random, teachers).lessons);
    const studentId = pick(random, studentIds.slice(3));
    const input = { sectionId, studentId };
    // Nobody needs to know whether it was done: what was committed is compared with what others hold.
    await askGraph(url, token, drop, { input: { ...input, reason: 'moved' } }).catch(() => undefined);
    await pause(random() * 600, undefined, { signal }).catch(() => undefined);
    await askGraph(url, token, add, { input }).catch(() => undefined);
    await pause(200 + random() * 600, undefined, { signal }).catch(() => undefined);
  }
}

/** Waits until every listener holds what scheduling has committed; the checker says so when that does not come. */
async function rostersAgree(ask: Ask, withinMs: number): Promise<void> {
  for (let until = performance.now() + withinMs; performance.now() < until; await pause(200)) {
    const { committed, held } = await rostersIn(ask);
    const truth = new Set(committed);
    if (Object.values(held).every((rows) => truth.symmetricDifference(new Set(rows)).size === 0)) return;
  }
}
