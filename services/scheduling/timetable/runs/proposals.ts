import { refuse } from '@rollbook/school';
import type { Transaction } from '@rollbook/subgraph';
import { keepChange } from '../changes.ts';
import type { ScheduleRunRow } from '../entities.ts';
import { changedMeanwhile } from '../rules.ts';
import { lockDraft } from '../scenarios.ts';

/**
 * Puts what a run proposes into its scenario as one change. Sections that were taken out meanwhile, or added, stay as they are; a build
 * that was ended before it seated anybody leaves the seats as they are.
 * Refuses CHANGED_MEANWHILE, NOTHING_PROPOSED.
 */
export async function applyProposal(tx: Transaction, runId: string, baseRevision: number): Promise<void> {
  const { query } = tx;
  const [run] = await query<ScheduleRunRow & { seats: boolean }>(
    `select id, scenario_id as "scenarioId", kind, checkpoint ? 'seats' as seats
     from schedule_run where id = $1 and status in ('DONE', 'CANCELLED', 'FAILED') and checkpoint is not null`,
    [runId],
  );
  if (!run) refuse('NOTHING_PROPOSED', 'The run goes on, or ended before it found anything.');
  const scenario = await lockDraft(query, run.scenarioId);
  if (scenario.revision !== baseRevision) changedMeanwhile('The scenario', `revision ${baseRevision}`, { revision: scenario.revision });
  const [touched] = await query<{ sections: string[]; students: string[] }>(
    `select
       array(select p."sectionId" from ${proposedSections} join scenario_section x on x.scenario_id = $2 and x.section_id = p."sectionId"
         where not x.taken_out and (x.meets, x.teacher_id, x.room_id) is distinct from (p.placement, p."teacherId", p."roomId") order by 1) as sections,
       array(select student_id from scenario_seat where scenario_id = $2 and r.checkpoint ? 'seats'
         union select p."studentId" from ${proposedSeats} order by 1) as students
     from schedule_run r where r.id = $1`,
    [runId, scenario.id],
  );
  const { sections, students } = touched!;
  const what = `${run.kind === 'BUILD' ? 'Built' : 'Loaded'}: ${sections.length} sections placed, ${students.length} students seated`;
  const change = await keepChange(tx, scenario, { kind: 'RUN_APPLIED', what, sectionIds: sections, studentIds: students }, async () => {
    await query(
      `update scenario_section x set meets = p.placement, teacher_id = p."teacherId", room_id = p."roomId"
       from schedule_run r, ${proposedSections}
       where r.id = $1 and x.scenario_id = $2 and x.section_id = p."sectionId" and x.section_id = any($3)`,
      [runId, scenario.id, sections],
    );
    if (run.seats) await seatAsProposed(tx, runId, scenario.id, scenario.schoolId);
  });
  await query('update schedule_run set change_id = $2 where id = $1', [runId, change.id]);
}

const proposedSections = `jsonb_to_recordset(r.checkpoint -> 'sections') as p ("sectionId" uuid, placement text[], "teacherId" uuid, "roomId" uuid)`;
const proposedSeats = `jsonb_to_recordset(r.checkpoint -> 'seats') as p ("studentId" uuid, "sectionId" uuid, "requestId" uuid, alternate integer)`;

/** Locks stay with the seats they are on. */
async function seatAsProposed({ query }: Transaction, runId: string, scenarioId: string, schoolId: string): Promise<void> {
  await query(
    `delete from scenario_seat x where x.scenario_id = $2 and not exists (
       select from schedule_run r, ${proposedSeats}
       where r.id = $1 and p."studentId" = x.student_id and p."sectionId" = x.section_id)`,
    [runId, scenarioId],
  );
  await query(
    `insert into scenario_seat (scenario_id, student_id, section_id, school_id, request_id, alternate)
     select $2, p."studentId", p."sectionId", $3, p."requestId", p.alternate
     from schedule_run r, ${proposedSeats} join scenario_section x on x.section_id = p."sectionId" and x.scenario_id = $2
     where r.id = $1 and not x.taken_out
     on conflict (scenario_id, student_id, section_id) do update set request_id = excluded.request_id, alternate = excluded.alternate`,
    [runId, scenarioId, schoolId],
  );
}
