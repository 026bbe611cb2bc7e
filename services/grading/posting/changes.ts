import { isUuid, refuse } from '@rollbook/school';
import { columnsOf, connectionOf, pageArguments, type Context, type Transaction } from '@rollbook/subgraph';
import { draftSchoolsOf, markFault } from '../marks/rules.ts';
import { sectionToGrade } from '../rosters/resolvers.ts';
import { reasonOf, refusals } from '../saves/rules.ts';
import type { ApproveMarkChangeInput, DeclineMarkChangeInput, QueryMarkChangesArguments, RequestMarkChangeInput } from '../schema.types.ts';
import { MarkChange, type MarkChangeRow, type MarkContent } from './entities.ts';
import { checkPeriod, codesToChoose, formOf } from './forms.ts';
import { contentFault } from './rules.ts';

type Query = Transaction['query'];

const columns = columnsOf(MarkChange, 'c');
const withTeachers = `select ${columns}, teachers_at(r, $1) as "teacherIds" from mark_change c join section_roster r on r.section_id = c.section_id`;

/** Who: a school's counselors and principal; teachers, those of the sections they teach today. */
export async function markChanges({ schoolId, includeDecided, ...page }: QueryMarkChangesArguments, context: Context) {
  const { after, limit } = pageArguments(page, ['uuid']);
  const offices = draftSchoolsOf(context.viewer);
  const all = !offices || offices.includes(schoolId);
  if (!isUuid(schoolId)) refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
  const rows = await context.read<MarkChangeRow>(
    `${withTeachers} where c.school_id = $2 and ($3 or viewer_subject() = any (teachers_at(r, $1))) and ($4 or c.decision is null)
        and ($5::uuid is null or c.id < $5) order by c.id desc limit $6`,
    [context.now().toISOString(), schoolId, all, includeDecided ?? false, after?.[0] ?? null, limit],
  );
  return connectionOf(rows, limit, ({ id }) => [id]);
}

interface Place {
  readonly sectionId: string;
  readonly studentId: string;
  readonly gradingPeriodId: string;
}

type Standing = MarkContent & { readonly revision: number };

/** The mark of a place, locked; null when there is none. Whoever saves in the section waits until this transaction is over. */
async function standing(query: Query, { sectionId, studentId, gradingPeriodId }: Place): Promise<Standing | null> {
  await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [sectionId]);
  const [mark] = await query<Standing>(
    `select value, effort, conduct, comment_codes as "commentCodes", comment, revision
       from mark where section_id = $1 and student_id = $2 and grading_period_id = $3 for update`,
    [sectionId, studentId, gradingPeriodId],
  );
  return mark ?? null;
}

const contentOf = (mark: MarkContent): MarkContent => {
  const { value, effort, conduct, commentCodes, comment } = mark;
  return { value, effort, conduct, commentCodes, comment };
};

const nothing: MarkContent = { value: null, effort: null, conduct: null, commentCodes: [], comment: null };

/** What the mark shall say: what is left out stays as it is. */
function wantedOf(input: RequestMarkChangeInput, found: MarkContent): MarkContent {
  const { value = found.value, effort = found.effort, conduct = found.conduct, comment = found.comment } = input;
  const commentCodes = input.commentCodes === undefined ? found.commentCodes : (input.commentCodes ?? []);
  return { value, effort, conduct, commentCodes, comment };
}

/** Who: those who teach the section today; the principal. */
export async function requestMarkChange(input: RequestMarkChangeInput, context: Context): Promise<MarkChangeRow> {
  const { sectionId, studentId, gradingPeriodId } = input;
  const { schoolId } = await sectionToGrade(sectionId, context);
  const why = reasonOf(input.reason) ?? refuse('REASON_REQUIRED', 'Say why the mark shall change; the office decides by it.');
  if (!isUuid(studentId)) refuse('NOT_ENROLLED', refusals['NOT_ENROLLED']!);
  const fault = markFault(input);
  if (fault) refuse(fault, refusals[fault] ?? fault);
  const now = context.now();
  const id = await context.write(async ({ query }) => {
    await checkPeriod(query, gradingPeriodId);
    const mark = await standing(query, input);
    await checkPlace(query, input, mark, now);
    const wanted = wantedOf(input, mark ?? nothing);
    if (input.baseRevision !== (mark?.revision ?? 0)) changedMeanwhile(wanted, mark);
    if (JSON.stringify(wanted) === JSON.stringify(contentOf(mark ?? nothing))) refuse('NOTHING_CHANGES', 'The mark says this already.');
    await checkContent(query, schoolId, gradingPeriodId, wanted, now);
    const [asked] = await query<{ id: string }>(
      `insert into mark_change (school_id, section_id, student_id, grading_period_id, base_revision, found, wanted, why, asked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
      [
        ...[schoolId, sectionId, studentId, gradingPeriodId, input.baseRevision],
        ...[mark && JSON.stringify(contentOf(mark)), JSON.stringify(wanted), why, now.toISOString()],
      ],
    );
    return asked!.id;
  });
  return changeById(id, context);
}

async function changeById(id: string, { read, now }: Context): Promise<MarkChangeRow> {
  const [change] = await read<MarkChangeRow>(`${withTeachers} where c.id = $2`, [now().toISOString(), id]);
  return change!;
}

/** Refuses SECTION_CANCELLED, WINDOW_OPEN, NOT_ENROLLED: a mark that is there may change also after its student has left. */
async function checkPlace(query: Query, place: Place, mark: Standing | null, now: Date): Promise<void> {
  const [section] = await query<{ cancelled: boolean; open: boolean; sits: boolean }>(
    `select r.cancelled, window_open($2, r.school_id, r.section_id, viewer_subject(), $4) as open, $3 = any (students_at(r, $4)) as sits
       from section_roster r where r.section_id = $1`,
    [place.sectionId, place.gradingPeriodId, place.studentId, now.toISOString()],
  );
  if (section!.cancelled) refuse('SECTION_CANCELLED', refusals['SECTION_CANCELLED']!);
  if (section!.open) refuse('WINDOW_OPEN', 'The grading window is open here: change the mark, and post it.');
  if (!mark && !section!.sits) refuse('NOT_ENROLLED', refusals['NOT_ENROLLED']!);
}

async function checkContent(query: Query, schoolId: string, gradingPeriodId: string, wanted: MarkContent, now: Date): Promise<void> {
  const form = await formOf(query, schoolId, gradingPeriodId);
  const [scale] = await query<{ values: string[] }>(
    `select mark_values as values from mark_scale where school_id = $1 or school_id is null order by school_id nulls last limit 1`,
    [schoolId],
  );
  const fault = contentFault(wanted, { form, values: scale!.values, codes: await codesToChoose(query, schoolId, now) });
  if (fault) refuse(fault, refusals[fault] ?? fault);
}

const changedMeanwhile = (wanted: MarkContent, mark: Standing | null): never =>
  refuse('CHANGED_MEANWHILE', 'The mark changed in the meantime; it stands as it is, and what was asked is kept beside it.', {
    wanted,
    found: mark && contentOf(mark),
    revision: mark?.revision ?? 0,
  });

/** The request, locked: who decides it at the same moment waits here, and then sees that it is decided. */
async function toDecide(changeId: string, { viewer }: Context, query: Query, now: Date): Promise<MarkChangeRow> {
  const [change] = isUuid(changeId)
    ? await query<MarkChangeRow>(`${withTeachers} where c.id = $2 for update of c`, [now.toISOString(), changeId])
    : [];
  const offices = draftSchoolsOf(viewer);
  if (!change || (offices && !offices.includes(change.schoolId)))
    return refuse('NOT_FOUND', `There is no request ${changeId} in a school of yours.`);
  return change;
}

/** Has the viewer decided so before (then this is the answer again)? Refuses CHANGE_DECIDED when it was decided otherwise. */
function isRepeated(change: MarkChangeRow, decision: 'APPROVED' | 'DECLINED', { viewer }: Context): boolean {
  if (change.decision === null) return false;
  if (change.decision === decision && change.decidedBy === viewer.subject) return true;
  return refuse('CHANGE_DECIDED', 'Somebody decided this request before you; ask for it again to see who and how.', {
    decision: change.decision,
    revision: change.revision,
  });
}

/** Who: a counselor or the principal of the school, but not who asked. */
export async function approveMarkChange(input: ApproveMarkChangeInput, context: Context): Promise<MarkChangeRow> {
  const now = context.now();
  const reason = reasonOf(input.reason);
  await context.write(async ({ query }) => {
    const change = await toDecide(input.changeId, context, query, now);
    if (isRepeated(change, 'APPROVED', context)) return;
    if (change.askedBy === context.viewer.subject) refuse('OWN_REQUEST', 'You asked for this change; somebody else decides it.');
    const mark = await standing(query, change);
    const revision = mark?.revision ?? 0;
    if (revision !== (input.baseRevision ?? change.baseRevision)) changedMeanwhile(change.wanted, mark);
    const applied = { ...change, reason: reason ?? change.why, revision: revision + 1, at: now.toISOString() };
    await writeMark(query, applied);
    await decide(query, change.id, 'APPROVED', now, reason, { replaced: mark && contentOf(mark), revision: revision + 1 });
  }, reason ?? 'a change was asked for and approved');
  return changeById(input.changeId, context);
}

type Applied = MarkChangeRow & { readonly reason: string; readonly revision: number; readonly at: string };

/** Writes the mark as it was wanted, posted; with the save that is its history, and frozen as any posting is. */
async function writeMark(query: Query, change: Applied): Promise<void> {
  const { schoolId, sectionId, studentId, gradingPeriodId, wanted, revision, reason, at } = change;
  const { value, comment, effort, conduct, commentCodes } = wanted;
  await query(
    `with told as
       (insert into save (id, kind, school_id, section_id, grading_period_id, received_at, reason, places, student_ids, base_revisions,
                          cell_values, comments, efforts, conducts, comment_codes)
          values (uuidv7(), 'CHANGE', $1, $2, $4, $5, $6, '{0}', array[$3::uuid], array[$7 - 1], array[$8], array[$9], array[coalesce($10, '')],
                  array[coalesce($11, '')], array[array_to_string($12::text[], ',')]) returning id),
     given as
       (insert into mark as m (school_id, section_id, student_id, grading_period_id, value, comment, effort, conduct, comment_codes, status,
                               revision, saved_at, posted_at, save_id)
          select $1, $2, $3, $4, $8, $9, $10, $11, $12, 'POSTED', $7, $5, $5, id from told
          on conflict (section_id, student_id, grading_period_id) do update set
            (value, comment, effort, conduct, comment_codes, status, revision, saved_at, saved_by, posted_at, save_id) =
            (excluded.value, excluded.comment, excluded.effort, excluded.conduct, excluded.comment_codes, 'POSTED', excluded.revision,
             excluded.saved_at, excluded.saved_by, excluded.posted_at, excluded.save_id)
          returning m.*)
     insert into posting (save_id, school_id, section_id, grading_period_id, posted_at, mark_ids, student_ids, revisions,
                          cell_values, efforts, conducts, comment_codes, comments)
       select save_id, school_id, section_id, grading_period_id, posted_at, array[id], array[student_id], array[revision],
              array[value], array[effort], array[conduct], array[array_to_string(comment_codes, ',')], array[comment] from given`,
    [schoolId, sectionId, studentId, gradingPeriodId, at, reason, revision, value, comment, effort, conduct, commentCodes],
  );
}

/** Who: a counselor or the principal of the school. */
export async function declineMarkChange(input: DeclineMarkChangeInput, context: Context): Promise<MarkChangeRow> {
  const now = context.now();
  const reason = reasonOf(input.reason) ?? refuse('REASON_REQUIRED', 'Say why the mark stays as it is; the teacher reads it.');
  await context.write(async ({ query }) => {
    const change = await toDecide(input.changeId, context, query, now);
    if (isRepeated(change, 'DECLINED', context)) return;
    await decide(query, change.id, 'DECLINED', now, reason, { replaced: null, revision: null });
  });
  return changeById(input.changeId, context);
}

async function decide(
  query: Query,
  id: string,
  decision: 'APPROVED' | 'DECLINED',
  now: Date,
  why: string | null,
  { replaced, revision }: Pick<MarkChangeRow, 'replaced' | 'revision'>,
): Promise<void> {
  await query(
    `update mark_change set decision = $2, decided_at = $3, decided_by = viewer_subject(), decided_why = $4, replaced = $5, revision = $6
      where id = $1`,
    [id, decision, now.toISOString(), why, replaced && JSON.stringify(replaced), revision],
  );
}
