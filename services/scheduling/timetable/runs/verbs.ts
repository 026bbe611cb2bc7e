import { holds, refuse } from '@rollbook/school';
import { batch, columnsOf, type Context } from '@rollbook/subgraph';
import { changing } from '../edits.ts';
import { ScheduleRun, type ScenarioRow, type ScheduleRunRow } from '../entities.ts';
import { lockDraft, scenarioFor, schedulers } from '../scenarios.ts';
import { applyProposal } from './proposals.ts';
import { stopHere, takeUp } from './running.ts';
import type { ApplyRunInput, CancelRunInput, StartRunInput } from '../../schema.types.ts';

/** All of a run but what it proposes, which may be megabytes. */
const runColumns = columnsOf(ScheduleRun, 'r')
  .split(', ')
  .filter((column) => !column.startsWith('r.checkpoint as'))
  .join(', ');

interface RunRow extends ScheduleRunRow {
  readonly leaseUntil: Date | null;
}

export const runById = batch<string, RunRow>(
  (ids, { read }) => read(`select ${runColumns} from schedule_run r where r.id = any($1)`, [ids]),
  (run) => run.id,
);

const isLeft = ({ status, leaseUntil }: RunRow, now: number) =>
  status === 'WAITING' || (status === 'RUNNING' && (leaseUntil === null || leaseUntil.getTime() < now));

/** A run; one that nobody works on any more is taken up. */
export async function runSeen(id: string, context: Context): Promise<ScheduleRunRow | null> {
  const run = await context.load(runById, id);
  if (!run || !holds(context.viewer, schedulers, run.schoolId)) return null;
  // By the clock of the machine: leases are made and judged by the database's own.
  if (isLeft(run, Date.now())) await takeUp(run.id, context);
  return run;
}

export const runsOf = (scenarioId: string, { read }: Context): Promise<ScheduleRunRow[]> =>
  read(`select ${runColumns} from schedule_run r where r.scenario_id = $1 order by r.id desc limit 20`, [scenarioId]);

async function runFor({ viewer, load }: Context, id: string): Promise<RunRow> {
  const run = await load(runById, id);
  if (!run || !holds(viewer, schedulers, run.schoolId))
    refuse('NOT_FOUND', `There is no run ${id} in a school where you are ${schedulers.join(' or ')}.`);
  return run;
}

/** Who: principal or counselor of the school, district administrator. */
export async function startRun({ scenarioId, kind, seconds, seed }: StartRunInput, context: Context): Promise<ScheduleRunRow> {
  await scenarioFor(context, scenarioId);
  const run = await context.write(async ({ query }) => {
    const scenario = await lockDraft(query, scenarioId);
    const [row] = await query<RunRow>(
      `insert into schedule_run as r (scenario_id, school_id, kind, seconds, seconds_left, seed, scenario_revision)
         values ($1, $2, $3, $4::integer, $4, $5, $6) returning ${runColumns}`,
      [scenarioId, scenario.schoolId, kind, seconds, seed ?? 1, scenario.revision],
    );
    return row!;
  });
  await takeUp(run.id, context);
  return runNow(run.id, context);
}

/** As it is by now, whatever was loaded before. */
async function runNow(id: string, { read }: Context): Promise<RunRow> {
  const [run] = await read<RunRow>(`select ${runColumns} from schedule_run r where r.id = $1`, [id]);
  return run!;
}

const lookAgainMs = 50;
const looks = 10;

/** Who: principal or counselor of the school, district administrator. */
export async function cancelRun({ runId }: CancelRunInput, context: Context): Promise<ScheduleRunRow> {
  await runFor(context, runId);
  await context.write(async ({ query }) => {
    const open = await query(
      `update schedule_run set cancel_requested = true,
         status = case when coalesce(lease_until, '-infinity') < clock_timestamp() then 'CANCELLED' else status end,
         ended_at = case when coalesce(lease_until, '-infinity') < clock_timestamp() then clock_timestamp() end
       where id = $1 and status in ('WAITING', 'RUNNING') returning id`,
      [runId],
    );
    if (!open.length) refuse('RUN_OVER', 'The run is over.');
  });
  if (await stopHere(runId)) return runNow(runId, context);
  // Another process works on it, and looks four times a second whether it shall end.
  for (let look = 1; ; look++) {
    const run = await runNow(runId, context);
    if (run.endedAt || look === looks) return run;
    await new Promise((done) => setTimeout(done, lookAgainMs));
  }
}

/** Who: principal or counselor of the school, district administrator. */
export async function applyRun({ runId, baseRevision }: ApplyRunInput, context: Context): Promise<ScenarioRow> {
  const { scenarioId } = await runFor(context, runId);
  return changing(scenarioId, context, (tx) => applyProposal(tx, runId, baseRevision));
}
