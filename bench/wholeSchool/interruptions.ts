/** What becomes of runs that somebody cancels, or whose service is killed (S8). */
import type { GraphClient } from '@rollbook/district/importing/graphClient.ts';
import { does, isOver, runFields, runOf, until, wait, type Office, type Run } from './counselor.ts';

/** When runs are cancelled: first while the school is still read for it, before the start is answered; then so long after that answer. */
const moments = [null, 0, 200, 500, 900, 3_000] as const;

export interface Cancelled {
  readonly kind: 'BUILD' | 'LOAD';
  readonly after: string;
  /** From the mutation until the run is seen as cancelled. */
  readonly ms: number;
  /** Has it a proposal? Of one that was cancelled while the school was read there is none. */
  readonly kept: boolean;
}

/** Cancels a run at each moment, one after the other on one scenario. */
export async function cancelRuns(graph: GraphClient, kind: 'BUILD' | 'LOAD', scenarioId: string): Promise<Cancelled[]> {
  const cancelled: Cancelled[] = [];
  for (const moment of moments) {
    const starting = does<{ id: string }>(graph, 'startRun', { scenarioId, kind, seconds: 120, seed: 1 });
    const id = moment === null ? await newestRun(graph, scenarioId) : (await starting).id;
    await wait(moment ?? 0);
    const begun = performance.now();
    let run = await does<Run>(graph, 'cancelRun', { runId: id }, runFields);
    while (!isOver(run)) run = await runOf(graph, id);
    const ms = Math.round(performance.now() - begun);
    const after = moment === null ? 'while the school is read for it' : `${moment} ms after its start`;
    cancelled.push({ kind, after, ms, kept: run.checkpointAt !== null });
    await starting;
  }
  return cancelled;
}

async function newestRun(graph: GraphClient, scenarioId: string): Promise<string> {
  const query = 'query ($id: ID!) { scenario(id: $id) { runs { id status } } }';
  return until(10, 20, async () => {
    const { scenario } = await graph.ask<{ scenario: { runs: Pick<Run, 'id' | 'status'>[] } }>(query, { id: scenarioId });
    return scenario.runs.find(({ status }) => status === 'RUNNING')?.id ?? null;
  });
}

export interface Resumed {
  /** How old the checkpoint was when the service was killed. */
  readonly checkpointAgeSeconds: number;
  /** From the service's start until the run went on. */
  readonly resumedAfterSeconds: number;
  readonly endedAs: Run['status'];
}

/** Kills the service in the middle of a build, starts it again, and waits for the end of the run. */
export async function killInTheMiddle(office: Office, scenarioId: string, seconds: number): Promise<Resumed> {
  const { counselor } = office;
  const { id } = await does<{ id: string }>(counselor, 'startRun', { scenarioId, kind: 'BUILD', seconds, seed: 2 });
  await wait((seconds / 2) * 1_000);
  const before = await runOf(counselor, id);
  const killedAt = await office.killScheduling();
  await office.startScheduling();
  const begun = performance.now();
  // The first checkpoint after the one that it went on from.
  await until(200, 60, async () => ((await runOf(counselor, id)).checkpointAt === before.checkpointAt ? null : true));
  const resumedAfterSeconds = (performance.now() - begun) / 1_000;
  const ended = await until(500, 2 * seconds + 30, async () => {
    const run = await runOf(counselor, id);
    return isOver(run) ? run : null;
  });
  if (!before.checkpointAt) throw new Error('The run had kept nothing when its service was killed.');
  return { checkpointAgeSeconds: (killedAt - Date.parse(before.checkpointAt)) / 1_000, resumedAfterSeconds, endedAs: ended.status };
}
