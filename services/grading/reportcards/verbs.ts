import { holds, isDistrictWide, isUuid, refuse, type Role } from '@rollbook/school';
import { batch, columnsOf, type Context } from '@rollbook/subgraph';
import { isOffice, officesOf } from '../rosters/resolvers.ts';
import { endRow, wakeBatches } from './batches.ts';
import { ReportBatch, ReportCardTemplate, type BatchRow, type TemplateRow } from './entities.ts';
import { checkFields } from './rules.ts';
import type { CancelReportBatchInput, PrintReportCardsInput, ResumeReportBatchInput, SetReportCardTemplateInput } from '../schema.types.ts';

const printers: readonly Role[] = ['COUNSELOR', 'CLERK', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'];
export const batchColumns = columnsOf(ReportBatch, 'b');

/** May the viewer print for this school, or without one for the district? */
export function mayPrint({ viewer }: Context, schoolId: string | null): boolean {
  return schoolId === null ? isDistrictWide(viewer) && holds(viewer, printers) : holds(viewer, printers, schoolId);
}

export const batchById = batch<string, BatchRow>(
  (ids, { read }) => read(`select ${batchColumns} from report_batch b where b.id = any($1)`, [ids]),
  ({ id }) => id,
);

async function checkSchool(schoolId: string | null, context: Context): Promise<void> {
  const known =
    schoolId === null ||
    (isUuid(schoolId) && mayPrint(context, schoolId) && (await context.read('select from school where id = $1', [schoolId])).length > 0);
  if (!known) refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
  if (schoolId === null && !mayPrint(context, null))
    refuse('FORBIDDEN', 'Documents of the whole district are printed by its own staff; name your school.');
}

const mostNamed = 500;

/** Who: the office of the school; district staff for the district. */
export async function printReportCards(input: PrintReportCardsInput, context: Context): Promise<BatchRow> {
  const schoolId = input.schoolId ?? null;
  const kind = input.kind ?? 'REPORT_CARD';
  await checkSchool(schoolId, context);
  const studentIds = input.studentIds ?? null;
  if (studentIds && (studentIds.length > mostNamed || !studentIds.every(isUuid)))
    refuse('BAD_USER_INPUT', `"studentIds" names at most ${mostNamed} students, by their ids.`, { argument: 'studentIds' });
  const started = await context.write(async ({ query }) => {
    const known =
      isUuid(input.gradingPeriodId) && (await query('select from grading_period where id = $1', [input.gradingPeriodId])).length;
    if (!known)
      refuse('GRADING_PERIOD_UNKNOWN', `There is no grading period ${input.gradingPeriodId}. Grading periods are added in scheduling.`);
    // Two that start at the same moment meet here.
    await query(`select pg_advisory_xact_lock(hashtext('report_batch'))`);
    const [running] = await query<{ id: string }>(
      `select id from report_batch where ended_at is null and grading_period_id = $1 and kind = $2
         and ($3::uuid is null or school_id is null or school_id = $3) limit 1`,
      [input.gradingPeriodId, kind, schoolId],
    );
    if (running)
      refuse('RUNNING_ALREADY', 'A batch of these documents is not over yet; wait for it, or cancel it.', { batchId: running.id });
    const [row] = await query<BatchRow>(
      `insert into report_batch as b (kind, school_id, grading_period_id, status, without_attendance, student_ids) values ($1, $2, $3, 'WAITING', $4, $5)
         returning ${batchColumns}`,
      [kind, schoolId, input.gradingPeriodId, input.withoutAttendance ?? false, studentIds],
    );
    return row!;
  });
  wakeBatches();
  return started;
}

async function openBatch(id: string, context: Context): Promise<BatchRow> {
  const found = isUuid(id) ? await context.load(batchById, id) : null;
  if (!found || !mayPrint(context, found.schoolId)) return refuse('NOT_FOUND', `There is no batch ${id} of yours.`);
  return found;
}

/** Who: those who may start it. */
export async function cancelReportBatch({ batchId }: CancelReportBatchInput, context: Context): Promise<BatchRow> {
  await openBatch(batchId, context);
  return context.write(async ({ query }) => {
    const [held] = await query<{ isHeld: boolean }>(
      `update report_batch set cancel_requested = true where id = $1 and ended_at is null
         returning status = 'RUNNING' and coalesce(lease_until, '-infinity') > clock_timestamp() as "isHeld"`,
      [batchId],
    );
    if (!held) refuse('BATCH_OVER', 'The batch is over.');
    // Whoever works on it ends it with the next chunk; otherwise it ends here.
    if (!held!.isHeld) await endRow(query, batchId, 'CANCELLED', null);
    return now(query, batchId);
  });
}

/** Who: those who may start it. */
export async function resumeReportBatch({ batchId, withoutAttendance }: ResumeReportBatchInput, context: Context): Promise<BatchRow> {
  await openBatch(batchId, context);
  const row = await context.write(async ({ query }) => {
    const open = await query(
      `update report_batch set without_attendance = without_attendance or $2, status = case status when 'PAUSED' then 'WAITING' else status end
         where id = $1 and ended_at is null returning id`,
      [batchId, withoutAttendance ?? false],
    );
    if (!open.length) refuse('BATCH_OVER', 'The batch is over.');
    return now(query, batchId);
  });
  wakeBatches();
  return row;
}

async function now(query: Parameters<typeof endRow>[0], id: string): Promise<BatchRow> {
  const [row] = await query<BatchRow>(`select ${batchColumns} from report_batch b where b.id = $1`, [id]);
  return row!;
}

const grades = ['TK', 'KG', ...Array.from({ length: 12 }, (_, n) => String(n + 1).padStart(2, '0'))];

/** Who: a district administrator; a principal for the own school. */
export async function setReportCardTemplate(input: SetReportCardTemplateInput, context: Context): Promise<TemplateRow> {
  const schoolId = input.schoolId ?? null;
  if (schoolId === null && officesOf(context))
    refuse('FORBIDDEN', "The district's templates are set by a district administrator; name your school.");
  if (schoolId !== null) {
    const known =
      isUuid(schoolId) && isOffice(context, schoolId) && (await context.read('select from school where id = $1', [schoolId])).length;
    if (!known) refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
  }
  checkFields(input.fields);
  const unknown = input.gradeLevels.find((grade) => !grades.includes(grade));
  if (unknown !== undefined) refuse('GRADE_UNKNOWN', `There is no grade "${unknown}"; grades are ${grades.join(', ')}.`);
  const kind = input.layout === 'PACKET' ? 'CONFERENCE_PACKET' : 'REPORT_CARD';
  return context.write(async ({ em }) => {
    const place = { schoolId, kind, layout: input.layout };
    const said = { gradeLevels: [...new Set(input.gradeLevels)], fields: [...new Set(input.fields)] };
    const before = await em.findOne(ReportCardTemplate, place);
    const template = before ? em.assign(before, said) : em.create(ReportCardTemplate, { ...place, ...said });
    await em.flush();
    return template as unknown as TemplateRow;
  });
}
