import { forgetImport, type Context, type Transaction } from '@rollbook/subgraph';
import { tellGradingPeriods } from './gradingPeriods.ts';
import { rememberToTell, tellNextSections } from './toTell.ts';
import type { FinishScheduleImportInput } from '../schema.types.ts';

const unseen = (kind: string) => `not exists (select from import_seen i where i.import_id = $2 and i.kind = '${kind}' and i.row_id = e.id)`;

/**
 * How what a bulk file no longer holds ends: $1 the source, $2 the import, $3 today. What is over already stays as it is, and what has
 * not begun never takes place. Each gives the ids it ended and the sections this changes. Enrollments come
 * before classes: those of a cancelled class would count as over.
 */
const endings = {
  academicSessions: `update academic_session e set ends = greatest(e.begins, $3::date)
    where e.source = $1 and e.ends > greatest(e.begins, $3::date) and ${unseen('academicSessions')} returning e.id, null::uuid as "sectionId"`,
  courses: `update course e set ended_on = $3 where e.source = $1 and e.ended_on is null and ${unseen('courses')}
    returning e.id, null::uuid as "sectionId"`,
  enrollments: `with students as (
      update section_enrollment e set ends = greatest(e.begins, $3::date) from section s
      where s.id = e.section_id and e.source = $1 and coalesce(least(e.ends, s.ends, s.cancelled_on), 'infinity') > greatest(e.begins, $3::date)
        and ${unseen('enrollments')} returning e.id, e.section_id
    ), teachers as (
      update teacher_assignment e set ends = greatest(e.begins, $3::date) from section s
      where s.id = e.section_id and e.source = $1 and coalesce(least(e.ends, s.ends, s.cancelled_on), 'infinity') > greatest(e.begins, $3::date)
        and ${unseen('enrollments')} returning e.id, e.section_id)
    select id, section_id as "sectionId" from students union all select id, section_id from teachers`,
  classes: `with cancelled as (
      update section e set cancelled_on = greatest(e.begins, $3::date)
      where e.source = $1 and e.cancelled_on is null and coalesce(e.ends, 'infinity') > $3 and ${unseen('classes')} returning e.id
    ), patterns as (
      update meeting_pattern m set ends = greatest(m.begins, $3::date) from cancelled c
      where m.section_id = c.id and (m.ends is null or m.ends > greatest(m.begins, $3::date)))
    select id, id as "sectionId" from cancelled`,
} as const;

/** One call of the end of an import: the first ends and tells of grading periods, each tells of some hundreds of sections. */
export async function finishScheduleImport(input: FinishScheduleImportInput, context: Context): Promise<{ ended: number; done: boolean }> {
  const { importId, source } = input;
  return context.write(async (tx) => {
    const ended = (await isFirst(tx, importId)) ? await endAndTellSessions(tx, input) : 0;
    const done = !(await tellNextSections(tx, importId));
    if (done) await forgetImport(tx, importId);
    return { ended, done };
  }, `import from ${source}`);
}

/** Takes the receipt of the ending; only one call of an import gets it. */
async function isFirst({ query }: Transaction, importId: string): Promise<boolean> {
  const taken = await query(
    `insert into import_batch (import_id, kind, batch, answer) values ($1, 'end', 0, '{}') on conflict do nothing returning batch`,
    [importId],
  );
  return taken.length > 0;
}

async function endAndTellSessions(tx: Transaction, { importId, source, bulkKinds, today }: FinishScheduleImportInput): Promise<number> {
  // Nothing is known yet of the sizes of what was just brought, and a plan for small tables would go through them row by row.
  await tx.query(`select set_config('enable_nestloop', 'off', true)`);
  let ended = 0;
  const endedSessions: string[] = [];
  for (const kind of Object.keys(endings) as (keyof typeof endings)[]) {
    // A file of which nothing arrived does not say that everything is gone.
    const arrived = await tx.query('select from import_batch where import_id = $1 and kind = $2 limit 1', [importId, kind]);
    if (!bulkKinds.includes(kind) || !arrived.length) continue;
    const rows = await tx.query<{ id: string; sectionId: string | null }>(endings[kind], [source, importId, today]);
    ended += rows.length;
    if (kind === 'academicSessions') endedSessions.push(...rows.map(({ id }) => id));
    await rememberToTell(
      tx,
      importId,
      rows.flatMap(({ sectionId }) => sectionId ?? []),
    );
  }
  await tellGradingPeriods(tx, importId, source, endedSessions);
  await tx.query(`select set_config('enable_nestloop', 'on', true)`);
  return ended;
}
