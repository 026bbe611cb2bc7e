import { isUuid, refuse, Refused } from '@rollbook/school';
import type { Transaction } from '@rollbook/subgraph';
import { setImmediate } from 'node:timers/promises';
import type { RequestSource, SheetRow } from './entities.ts';
import { openSheets, sheetColumns, situationOf, wantedOf, type Offerings, type OpenSheet, type Year } from './facts.ts';
import { checkGrade, checkSheet, newWarnings, warningsOf, type Wanted } from './rules.ts';

/** What is kept of a student for a school year, besides the requests; what is undefined stays. */
export interface SheetFacts {
  readonly studentId: string;
  readonly gradeLevel?: string | null;
  readonly programs?: readonly string[] | null;
  readonly team?: string | null;
  readonly track?: string | null;
  readonly planId?: string | null;
}

/**
 * Opens sheets, or changes what is given of those that are open; one that stays as it was keeps no history of it. All are locked, in the
 * order of their students. Answers the sheets in that order. Refuses STUDENT_UNKNOWN, GRADE_UNKNOWN, PLAN_UNKNOWN.
 */
export async function keepSheets(
  { query }: Transaction,
  { schoolId, schoolYear }: Year,
  facts: readonly SheetFacts[],
): Promise<SheetRow[]> {
  for (const { studentId, gradeLevel, planId } of facts) {
    if (!isUuid(studentId)) refuse('STUDENT_UNKNOWN', `"${studentId}" is the id of no student.`);
    if (planId != null && !isUuid(planId)) refuse('PLAN_UNKNOWN', `The school has no graduation plan ${planId}.`);
    checkGrade(gradeLevel);
  }
  const sorted = [...new Map(facts.map((each) => [each.studentId, each])).values()].sort((a, b) => (a.studentId < b.studentId ? -1 : 1));
  await query(
    `insert into request_sheet (school_id, student_id, school_year) select $1, id, $2 from unnest($3::uuid[]) as id order by id
       on conflict on constraint sheet_once do nothing`,
    [schoolId, schoolYear, sorted.map(({ studentId }) => studentId)],
  );
  const locked = await lockSheets({ query }, { schoolId, schoolYear }, sorted.map(({ studentId }) => studentId)); // prettier-ignore
  await query(
    `update request_sheet s set (grade_level, programs, team, track, plan_id) = (f.grade_level, f.programs, f.team, f.track, f.plan_id)
     from (
       select s.id, coalesce(f."gradeLevel", s.grade_level) as grade_level, coalesce(f.programs, s.programs) as programs,
         coalesce(f.team, s.team) as team, coalesce(f.track, s.track) as track, coalesce(f."planId", s.plan_id) as plan_id
       from jsonb_to_recordset($1) as f ("studentId" uuid, "gradeLevel" text, programs text[], team text, track text, "planId" uuid)
       join request_sheet s on s.student_id = f."studentId" where s.id = any($2)
     ) f
     where s.id = f.id
       and (s.grade_level, s.programs, s.team, s.track, s.plan_id) is distinct from (f.grade_level, f.programs, f.team, f.track, f.plan_id)`,
    [JSON.stringify(sorted), locked.map(({ id }) => id)],
  );
  return query(`select ${sheetColumns} from request_sheet s where s.id = any($1) order by s.student_id`, [locked.map(({ id }) => id)]);
}

/** Open sheets of these students, locked in the order of their students. */
function lockSheets(
  { query }: Pick<Transaction, 'query'>,
  { schoolId, schoolYear }: Year,
  studentIds: readonly string[],
): Promise<SheetRow[]> {
  return query<SheetRow>(
    `select ${sheetColumns} from request_sheet s where s.school_id = $1 and s.school_year = $2 and s.student_id = any($3)
     order by s.student_id for no key update`,
    [schoolId, schoolYear, studentIds],
  );
}

/** A sheet as it shall be. */
export interface Edit {
  readonly sheet: OpenSheet;
  readonly wanted: readonly Wanted[];
}

export interface Plan {
  readonly changed: readonly Edit[];
  readonly unchanged: readonly Edit[];
  /** Edits that would break a rule, and which. */
  readonly refused: readonly { readonly edit: Edit; readonly refusal: Refused }[];
  /** Of the changed: how many have warnings by it that they had not. */
  readonly warned: number;
}

const sheetsInATurn = 50;

/** The rules take some milliseconds for a class and a second for a school: whoever waits for something short is let in between. */
export async function letOthersIn(n: number): Promise<void> {
  if (n % sheetsInATurn === sheetsInATurn - 1) await setImmediate();
}

/** What comes of edits, each judged by itself; with `mayOverride`, hard rules only warn. Nothing is written. */
export async function planEdits(edits: readonly Edit[], offerings: Offerings, mayOverride: boolean): Promise<Plan> {
  const changed: Edit[] = [];
  const unchanged: Edit[] = [];
  const refused: { edit: Edit; refusal: Refused }[] = [];
  let warned = 0;
  for (const [n, edit] of edits.entries()) {
    await letOthersIn(n);
    const { sheet, wanted } = edit;
    const before = wantedOf(sheet.requests);
    if (
      JSON.stringify(before) === JSON.stringify(wanted.map(({ courseId, priority, alternates }) => ({ courseId, priority, alternates })))
    ) {
      unchanged.push(edit);
      continue;
    }
    const situation = situationOf(sheet, offerings);
    try {
      checkSheet(wanted, situation);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused.push({ edit, refusal: error });
      continue;
    }
    const added = newWarnings(warningsOf(before, situation), warningsOf(wanted, situation));
    const broken = mayOverride ? [] : added.filter(({ hard }) => hard);
    if (broken.length) {
      const message = `${broken.map((warning) => warning.message).join(' ')} A counselor or a principal may override this with a reason.`;
      const all = broken.map(({ code, courseId }) => ({ code, courseId }));
      refused.push({ edit, refusal: new Refused(broken[0]!.code, message, { broken: all }) });
      continue;
    }
    changed.push(edit);
    if (added.length) warned += 1;
  }
  return { changed, unchanged, refused, warned };
}

/** Writes edits whose sheets are locked: what is not wanted any more is withdrawn, what is new or different written, the revision counts up. */
export async function writeEdits({ query }: Transaction, edits: readonly Edit[], source: RequestSource): Promise<void> {
  const sheetIds = edits.map(({ sheet }) => sheet.row.id);
  const rows = edits.flatMap(({ sheet, wanted }) => wanted.map((each, index) => ({ ...each, sheetId: sheet.row.id, place: index + 1 })));
  await query(
    `update course_request r set status = 'WITHDRAWN', source = $3
     where r.sheet_id = any($1) and r.status = 'REQUESTED' and not exists (
       select from jsonb_to_recordset($2) as w ("sheetId" uuid, "courseId" uuid) where w."sheetId" = r.sheet_id and w."courseId" = r.course_id)`,
    [sheetIds, JSON.stringify(rows), source],
  );
  await query(
    `insert into course_request as r (sheet_id, school_id, student_id, school_year, course_id, priority, place, alternates, source)
       select s.id, s.school_id, s.student_id, s.school_year, w."courseId", w.priority, w.place, w.alternates, $3
       from jsonb_to_recordset($2) as w ("sheetId" uuid, "courseId" uuid, priority int, place int, alternates uuid[])
       join request_sheet s on s.id = w."sheetId" where s.id = any($1) order by s.id, w.place
     on conflict on constraint request_once do update set
       (sheet_id, priority, place, alternates, status, source) =
       (excluded.sheet_id, excluded.priority, excluded.place, excluded.alternates, 'REQUESTED', excluded.source)
       where (r.priority, r.place, r.alternates, r.status) is distinct from (excluded.priority, excluded.place, excluded.alternates, 'REQUESTED')`,
    [sheetIds, JSON.stringify(rows), source],
  );
  await query('update request_sheet set revision = revision + 1 where id = any($1)', [sheetIds]);
}

/** One edit of one sheet, as a verb for one student makes it: done, or refused as a whole. Answers the sheet. */
export async function writeOne(tx: Transaction, edit: Edit, offerings: Offerings, mayOverride: boolean): Promise<SheetRow> {
  const { changed, refused } = await planEdits([edit], offerings, mayOverride);
  if (refused[0]) throw refused[0].refusal;
  if (!changed.length) return edit.sheet.row;
  await writeEdits(tx, changed, 'ENTERED');
  return { ...edit.sheet.row, revision: edit.sheet.row.revision + 1 };
}

/** A sheet that was just locked, with what stands on it. */
export async function openOne(tx: Transaction, row: SheetRow): Promise<OpenSheet> {
  const [sheet] = await openSheets(tx.query, [row]);
  return sheet!;
}
