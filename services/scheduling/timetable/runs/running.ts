import { Refused, refuse } from '@rollbook/school';
import type { Hand, Transaction } from '@rollbook/subgraph';
import type { Progress } from '@rollbook/timetable';
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { scenarioNow } from '../edits.ts';
import type { ScheduleRunRow } from '../entities.ts';
import { schoolOf } from '../schoolOf.ts';
import { applyProposal } from './proposals.ts';
import type { Task } from './engine.ts';
import type { Message, Order } from './worker.ts';

let engine = new URL('./engine.ts', import.meta.url).href;
/** For tests alone: what does the work in place of the library. */
export function useEngine(address: string): void {
  engine = address;
}

/** This process, as it signs a lease. */
const holder = randomUUID();
/** Whoever is not heard of for so long has lost the run. */
export const leaseSeconds = 5;
const beatMs = 250;
const writeEveryBeats = 4;
/** A worker that was told to end has so long to say what it has. */
const graceMs = 400;
/** A run that brings each process down is not tried for ever. */
const mostAttempts = 5;
/** How many runs this process works on at once; others wait. Each needs a processor, and people are waiting for answers too. */
const mostAtOnce = Math.max(1, Math.floor(availableParallelism() / 2));

/** A run that this process works on. */
interface Work {
  /** Ends it with the best it has. */
  stop(): Promise<void>;
  /** Leaves it, as it is in the database, to whoever takes it up. */
  leave(): Promise<void>;
}
const working = new Map<string, Work>();

const lookAroundMs = 2_000;

/** Takes up what waits or was left, by whatever process, until the service closes; then leaves what is at work to the next one. */
export function keepRunsGoing(hand: Hand): () => Promise<void> {
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    if (working.size >= mostAtOnce) return;
    const left = await hand.write(({ query }) =>
      query<{ id: string }>(
        `select id from schedule_run where status in ('WAITING', 'RUNNING') and coalesce(lease_until, '-infinity') < clock_timestamp()
           order by id limit $1`,
        [mostAtOnce],
      ),
    );
    for (const { id } of left) await takeUp(id, hand);
  };
  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => hand.log.warn({ err: error }, 'schedule runs could not be looked for'));
  }, lookAroundMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
    await Promise.all([...working.values()].map((run) => run.leave()));
  };
}

/** Ends a run that this process works on, with the best it has; false when another one does. */
export async function stopHere(runId: string): Promise<boolean> {
  const run = working.get(runId);
  await run?.stop();
  return run !== undefined;
}

interface Claimed extends ScheduleRunRow {
  readonly checkpoint: Task['start'];
}

/** Takes a run up if nobody works on it, and goes on with it in the background. */
export async function takeUp(runId: string, hand: Hand): Promise<void> {
  if (working.has(runId) || working.size >= mostAtOnce) return;
  let isStopped = false;
  // The place is taken before anything is waited for. Who cancels while the school is read need not wait for that: there is no best yet.
  const stop = () => {
    isStopped = true;
    return endAs(runId, hand, 'CANCELLED', null, null);
  };
  working.set(runId, { stop, leave: () => Promise.resolve() });
  let task: Task | null = null;
  try {
    task = await claim(runId, hand);
  } catch (error) {
    hand.log.error({ err: error, run: runId }, 'a schedule run could not be begun');
    const reason = error instanceof Refused ? error.message : 'What the run needs to know could not be read.';
    await endAs(runId, hand, 'FAILED', null, reason).catch((failed: unknown) =>
      hand.log.error({ err: failed, run: runId }, 'and this could not be said'),
    );
  }
  if (task && !isStopped) working.set(runId, work(runId, task, hand));
  else working.delete(runId);
}

/** The lease of a run, and what it is to do; null when it is over or somebody else's. */
async function claim(runId: string, { write }: Hand): Promise<Task | null> {
  const [run] = await write(({ query }) =>
    query<Claimed>(
      `update schedule_run r set status = 'RUNNING', lease_holder = $2, lease_until = clock_timestamp() + make_interval(secs => $3),
         attempts = attempts + 1
       where id = $1 and status in ('WAITING', 'RUNNING') and coalesce(lease_until, '-infinity') < clock_timestamp()
       returning r.id, r.scenario_id as "scenarioId", r.kind, r.seed, r.seconds_left as "secondsLeft", r.attempts, r.checkpoint`,
      [runId, holder, leaseSeconds * 2],
    ),
  );
  if (!run) return null;
  if (run.attempts > mostAttempts) refuse('RUN_FAILED', `The service stopped ${mostAttempts} times while it worked on this run.`);
  const { school, placed } = await write(async ({ query }) => schoolOf(query, await scenarioNow(query, run.scenarioId)));
  return { kind: run.kind, school, placed, seed: run.seed, seconds: run.secondsLeft, start: run.checkpoint };
}

/** What is known of a run that goes on. */
interface State {
  progress: Progress | null;
  /** The best so far, as text, and whether it is in the database. */
  best: string | null;
  isKept: boolean;
  /** When the lease was last renewed, on this process's clock. */
  renewedMs: number;
  ended: boolean;
}

function work(runId: string, task: Task, hand: Hand): Work {
  const flag = new SharedArrayBuffer(4);
  const order: Order = { engine, task, stop: flag };
  const state: State = { progress: null, best: null, isKept: true, renewedMs: performance.now(), ended: false };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: order });
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  let isStopped = false;
  let grace: NodeJS.Timeout | undefined;
  let beat: NodeJS.Timeout | undefined;

  /** Once: no more is heard of the worker; what became of the run is written, as often as it takes. */
  const finish = async (status: 'DONE' | 'CANCELLED' | 'FAILED' | 'LOST', reason: string | null = null) => {
    if (state.ended) return;
    state.ended = true;
    clearTimeout(grace);
    clearTimeout(beat);
    void worker.terminate();
    if (status !== 'LOST') await writeEnd(runId, hand, status, state, reason);
    working.delete(runId);
    end();
  };
  worker.on('message', (message: Message) => {
    if (state.ended) return;
    if ('contradiction' in message) return void finish('FAILED', message.contradiction);
    if ('progress' in message) state.progress = message.progress;
    else Object.assign(state, { best: message.best, isKept: false });
    if (!('outcome' in message)) return;
    const { value: best, bound, unmet } = message.outcome;
    state.progress = { best, bound, unmet, secondsLeft: isStopped ? (state.progress?.secondsLeft ?? 0) : 0 };
    void finish(isStopped ? 'CANCELLED' : 'DONE');
  });
  worker.on('error', (error: Error) => {
    hand.log.error({ err: error, run: runId }, 'a schedule run broke');
    void finish('FAILED', `The run broke: ${error.message}`);
  });
  worker.on('exit', () => void finish('FAILED', 'The run ended without a result.'));

  const stop = () => {
    if (!isStopped) {
      isStopped = true;
      Atomics.store(new Int32Array(flag), 0, 1);
      grace = setTimeout(() => void finish('CANCELLED'), graceMs);
    }
    return over;
  };
  let beats = 0;
  const nextBeat = () => {
    beat = setTimeout(async () => {
      const heard = await renew(runId, hand, state, ++beats % writeEveryBeats === 0);
      if (state.ended) return;
      if (heard === 'LOST') void finish('LOST');
      else if (typeof heard === 'object') void finish('FAILED', heard.message);
      else if (heard === 'CANCEL') void stop();
      nextBeat();
    }, beatMs);
  };
  nextBeat();
  return { stop, leave: () => finish('LOST') };
}

/**
 * Says that the run is still worked on and how far it is, and puts a new best into the database. `LOST`: it is somebody else's by now,
 * or may be, since the database was not heard of for as long as the lease is. An error is what stands in the way for good.
 */
async function renew(
  runId: string,
  { write, log }: Hand,
  state: State,
  isTimeToWrite: boolean,
): Promise<'GO_ON' | 'CANCEL' | 'LOST' | Error> {
  const { progress, best, isKept } = state;
  try {
    const rows = await write(({ query }) =>
      isTimeToWrite
        ? query<{ cancel: boolean }>(
            `update schedule_run set lease_until = clock_timestamp() + make_interval(secs => $3),
               best = coalesce($4, best), bound = coalesce($5, bound), unmet = coalesce($6, unmet), seconds_left = coalesce($7, seconds_left),
               checkpoint = coalesce($8, checkpoint), checkpoint_at = case when $8::jsonb is null then checkpoint_at else clock_timestamp() end
             where id = $1 and lease_holder = $2 and status = 'RUNNING' returning cancel_requested as cancel`,
            [
              ...[runId, holder, leaseSeconds, progress?.best ?? null, progress?.bound ?? null, progress?.unmet ?? null],
              ...[progress?.secondsLeft ?? null, isKept ? null : best],
            ],
          )
        : query<{ cancel: boolean }>(
            `select cancel_requested as cancel from schedule_run where id = $1 and lease_holder = $2 and status = 'RUNNING'`,
            [runId, holder],
          ),
    );
    if (!rows.length) return 'LOST';
    if (isTimeToWrite) state.renewedMs = performance.now();
    if (isTimeToWrite && state.best === best) state.isKept = true;
    return rows[0]!.cancel ? 'CANCEL' : 'GO_ON';
  } catch (error) {
    if (error instanceof Refused && error.code === 'DISK_FULL') return error;
    log.warn({ err: error, run: runId }, 'a schedule run could not say how far it is');
    return performance.now() - state.renewedMs < leaseSeconds * 1000 ? 'GO_ON' : 'LOST';
  }
}

const writeAgainMs = 1_000;
const writeAgainTimes = 30;

/** Until the database takes it; if it never does, the run is taken up again from its checkpoint when somebody asks for it. */
async function writeEnd(
  runId: string,
  hand: Hand,
  status: 'DONE' | 'CANCELLED' | 'FAILED',
  state: State,
  reason: string | null,
): Promise<void> {
  for (let times = 1; times <= writeAgainTimes; times++) {
    try {
      // What failed for want of room is told without the best that had none: the checkpoint before it is kept.
      return await endAs(runId, hand, status, status === 'FAILED' ? null : state, reason);
    } catch (error) {
      hand.log.error({ err: error, run: runId, times }, 'how a schedule run ended could not be written');
      // What it found was not taken: told as its failure. Nothing else can be said while the database does not answer.
      if (error instanceof Refused && status !== 'FAILED') [status, reason] = ['FAILED', error.message];
      await new Promise((done) => setTimeout(done, writeAgainMs).unref());
    }
  }
}

/** The end of a run that is this process's: its proposal goes into the scenario, if nobody changed that since. */
function endAs(
  runId: string,
  { write }: Hand,
  status: 'DONE' | 'CANCELLED' | 'FAILED',
  state: State | null,
  reason: string | null,
): Promise<void> {
  return write(async (tx) => {
    const { progress, best } = state ?? {};
    const [run] = await tx.query<ScheduleRunRow>(
      `update schedule_run set status = $3, failure = $4, ended_at = clock_timestamp(), lease_until = null,
         best = coalesce($5, best), bound = coalesce($6, bound), unmet = coalesce($7, unmet), seconds_left = coalesce($8, seconds_left),
         checkpoint = coalesce($9, checkpoint), checkpoint_at = case when $9::jsonb is null then checkpoint_at else clock_timestamp() end
       where id = $1 and lease_holder = $2 and status = 'RUNNING'
       returning id, scenario_id as "scenarioId", scenario_revision as "scenarioRevision", started_by as "startedBy"`,
      [
        ...[runId, holder, status, reason, progress?.best ?? null, progress?.bound ?? null, progress?.unmet ?? null],
        ...[progress?.secondsLeft ?? null, best ?? null],
      ],
    );
    if (run && status === 'DONE') await applyIfUnchanged(tx, run);
  });
}

async function applyIfUnchanged(tx: Transaction, run: ScheduleRunRow): Promise<void> {
  const scenario = await scenarioNow(tx.query, run.scenarioId);
  if (scenario.status !== 'DRAFT' || scenario.revision !== run.scenarioRevision) return;
  // It is the change of whoever began the run.
  await tx.query(`select set_config('rollbook.subject', $1, true)`, [run.startedBy]);
  await applyProposal(tx, run.id, run.scenarioRevision);
}
