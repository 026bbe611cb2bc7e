import { isUuid, refuse } from '@rollbook/school';
import { batch, connectionOf, pageArguments, type Context, type Transaction } from '@rollbook/subgraph';
import { draftSchoolsOf, readsDrafts } from '../marks/rules.ts';
import { findSection, isOffice, sectionToGrade } from '../rosters/resolvers.ts';
import { reasonOf } from '../saves/rules.ts';
import type {
  QueryMissingMarksArguments,
  QueryPostingStatusArguments,
  QuerySchoolPostingsArguments,
  VerifyMarksInput,
} from '../schema.types.ts';
import type { MarkContent, MarkType } from './entities.ts';
import { checkPeriod, formOf } from './forms.ts';
import { lacksOf } from './rules.ts';

/** How far a section is with a grading period, and who may know. */
export interface SectionPostingRow {
  readonly sectionId: string;
  readonly title: string;
  readonly schoolId: string;
  readonly teacherIds: readonly string[];
  readonly gradingPeriodId: string;
  readonly seated: number;
  readonly posted: number;
  readonly drafts: number;
  readonly required: readonly MarkType[];
  /** Of each type, how many of those who sit in it have not been given it. */
  readonly without: Readonly<Record<MarkType, number>>;
  readonly revision: number;
  readonly verified: boolean;
  readonly verifiedAt: Date | null;
  readonly verifiedBy: string | null;
}

/** Sections (`r`) that meet in a grading period (`p`), with all that is told of their posting; more conditions may follow. */
const postings = `
  select r.section_id as "sectionId", r.title, r.school_id as "schoolId", teachers_at(r, $1) as "teacherIds", p.id as "gradingPeriodId",
         c.seated, c.posted, c.drafts, f.required_types as required, c.revisions::integer as revision,
         jsonb_build_object('MARK', c.without_mark, 'EFFORT', c.without_effort, 'CONDUCT', c.without_conduct,
           'COMMENT_CODES', c.without_codes, 'COMMENT', c.without_comment) as without,
         coalesce(v.revisions = c.revisions, false) as verified, v.verified_at as "verifiedAt", v.verified_by as "verifiedBy"
    from section_roster r
    join grading_period p on p.id = $2 and not r.cancelled and coalesce(r.begins < p.ends, true) and coalesce(r.ends > p.begins, true)
    cross join lateral form_of(r.school_id, p.id) f
    cross join lateral posting_of(r.section_id, p.id, posting_day(r, p.ends, $1)) c
    left join mark_verification v on v.section_id = r.section_id and v.grading_period_id = p.id`;

/** Who: the offices of a school. Refuses NOT_FOUND. */
function checkSchool(schoolId: string, { viewer }: Context): void {
  const offices = draftSchoolsOf(viewer);
  if (!isUuid(schoolId) || (offices && !offices.includes(schoolId))) refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
}

export async function postingStatus({ schoolId, gradingPeriodId, ...page }: QueryPostingStatusArguments, context: Context) {
  checkSchool(schoolId, context);
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  if (!isUuid(gradingPeriodId)) return connectionOf<SectionPostingRow>([], limit, () => []);
  const rows = await context.read<SectionPostingRow>(
    `${postings} where r.school_id = $3 and ($4::text is null or (r.title, r.section_id) > ($4, $5::uuid)) order by r.title, r.section_id limit $6`,
    [context.now().toISOString(), gradingPeriodId, schoolId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  return connectionOf(rows, limit, ({ title, sectionId }) => [title, sectionId]);
}

export interface SchoolPostingRow {
  readonly schoolId: string;
  readonly name: string;
}

export async function schoolPostings({ gradingPeriodId, ...page }: QuerySchoolPostingsArguments, context: Context) {
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  if (!isUuid(gradingPeriodId)) return connectionOf<SchoolPostingRow>([], limit, () => []);
  const rows = await context.read<SchoolPostingRow>(
    `with schools as materialized
       (select s.id, s.name from school s where ($3::uuid[] is null or s.id = any ($3))
           and ($4::text is null or (s.name, s.id) > ($4, $5::uuid)) order by s.name, s.id limit $6)
     select s.id as "schoolId", s.name, count(x."sectionId")::integer as sections,
            (count(*) filter (where x.posted = x.seated))::integer as "sectionsPosted",
            (count(*) filter (where x.verified))::integer as "sectionsVerified", coalesce(sum(x.seated), 0)::integer as seated,
            coalesce(sum(x.posted), 0)::integer as posted, coalesce(sum(x.drafts), 0)::integer as drafts,
            coalesce(sum(x.seated - x.posted - x.drafts), 0)::integer as missing
       from schools s left join lateral (${postings} where r.school_id = s.id) x on true
      group by s.id, s.name order by s.name, s.id`,
    [context.now().toISOString(), gradingPeriodId, draftSchoolsOf(context.viewer), after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  return connectionOf(rows, limit, ({ name, schoolId }) => [name, schoolId]);
}

interface Key {
  readonly sectionId: string;
  readonly gradingPeriodId: string;
}

const readPostings = (query: Transaction['query'], now: Date, gradingPeriodId: string, sectionIds: readonly string[]) =>
  query<SectionPostingRow>(`${postings} where r.section_id = any ($3)`, [now.toISOString(), gradingPeriodId, sectionIds]);

const postingOfSection = batch<Key, SectionPostingRow>(
  async (keys, { read, now }) => {
    const byPeriod = Map.groupBy(keys, ({ gradingPeriodId }) => gradingPeriodId);
    const found = await Promise.all(
      [...byPeriod].map(([id, sections]) => {
        const sectionIds = sections.map(({ sectionId }) => sectionId);
        return readPostings(read, now(), id, sectionIds);
      }),
    );
    return found.flat();
  },
  ({ sectionId, gradingPeriodId }) => ({ sectionId, gradingPeriodId }),
  ({ sectionId, gradingPeriodId }) => `${sectionId} ${gradingPeriodId}`,
);

/** How far a section is, for who teaches it and its office; null for others. */
export async function sectionPosting(
  sectionId: string,
  gradingPeriodId: string,
  { load, viewer }: Context,
): Promise<SectionPostingRow | null> {
  if (!isUuid(gradingPeriodId)) return null;
  const found = await load(postingOfSection, { sectionId, gradingPeriodId });
  return found && readsDrafts(viewer, { schoolIds: [found.schoolId], teacherIds: found.teacherIds }) ? found : null;
}

export interface MissingMarkRow extends MarkContent {
  readonly studentId: string;
  readonly status: 'DRAFT' | 'POSTED' | null;
  readonly schoolId: string;
  readonly teacherIds: readonly string[];
  readonly lacks: readonly MarkType[];
}

export async function missingMarks({ sectionId, gradingPeriodId, ...page }: QueryMissingMarksArguments, context: Context) {
  const section = (await findSection(sectionId, context)) ?? refuse('NOT_FOUND', `There is no section ${sectionId} in a school of yours.`);
  const { schoolId, teacherIds } = section;
  if (!readsDrafts(context.viewer, { schoolIds: [schoolId], teacherIds }))
    refuse('FORBIDDEN', 'You do not teach this section today. What is missing in it is for its teachers and the school.');
  const { after, limit } = pageArguments(page, ['uuid']);
  if (!isUuid(gradingPeriodId)) return connectionOf<MissingMarkRow>([], limit, () => []);
  const { requiredTypes } = await formOf(context.read, schoolId, gradingPeriodId);
  const rows = await context.read<MissingMarkRow>(
    `select * from
       (select distinct on (seat.student_id) seat.student_id as "studentId", m.status, m.value, m.effort, m.conduct,
               coalesce(m.comment_codes, '{}') as "commentCodes", m.comment, coalesce(types_said(m), '{}') as said
          from section_roster r join grading_period p on p.id = $2
          join section_seat seat on seat.section_id = r.section_id
           and seat.begins <= posting_day(r, p.ends, $3) and (seat.ends is null or seat.ends > posting_day(r, p.ends, $3))
          left join mark m on m.section_id = r.section_id and m.student_id = seat.student_id and m.grading_period_id = p.id
         where r.section_id = $1 order by seat.student_id) x
      where (x.status is distinct from 'POSTED' or not $4::text[] <@ x.said) and ($5::uuid is null or x."studentId" > $5)
      order by x."studentId" limit $6`,
    [sectionId, gradingPeriodId, context.now().toISOString(), requiredTypes, after?.[0] ?? null, limit],
  );
  const lacking = rows.map((row) => ({
    ...{ ...row, schoolId, teacherIds },
    lacks: lacksOf(row.status === 'POSTED' ? row : null, requiredTypes),
  }));
  return connectionOf(lacking, limit, ({ studentId }) => [studentId]);
}

/** Who: those who teach the section today; the principal with a reason. */
export async function verifyMarks(input: VerifyMarksInput, context: Context): Promise<SectionPostingRow> {
  const { sectionId, gradingPeriodId } = input;
  const section = await sectionToGrade(sectionId, context);
  const reason = reasonOf(input.reason);
  if (!section.teacherIds.includes(context.viewer.subject) && isOffice(context, section.schoolId) && reason === null)
    refuse('REASON_REQUIRED', 'You do not teach this section; to verify for its teacher, give a reason.');
  const now = context.now();
  await context.write(async ({ query }) => {
    await checkPeriod(query, gradingPeriodId);
    // Saves and postings of the section that arrive now wait, or are seen.
    await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [sectionId]);
    const [posting] = await readPostings(query, now, gradingPeriodId, [sectionId]);
    const found = posting ?? refuse('GRADING_PERIOD_UNKNOWN', 'This section does not meet in that grading period.');
    const missing = found.seated - found.posted - found.drafts;
    if (found.revision !== input.revision)
      refuse('CHANGED_MEANWHILE', 'A mark of this section changed after you read it; look at the marks again.', {
        revision: found.revision,
      });
    if (found.drafts || missing)
      refuse('NOT_ALL_POSTED', `${found.drafts} marks are drafts and ${missing} are missing; post them first.`, {
        drafts: found.drafts,
        missing,
      });
    await query(
      `insert into mark_verification (school_id, section_id, grading_period_id, revisions, verified_at) values ($1, $2, $3, $4, $5)
         on conflict (section_id, grading_period_id) do update set
           (revisions, verified_at, verified_by) = (excluded.revisions, excluded.verified_at, excluded.verified_by)`,
      [found.schoolId, sectionId, gradingPeriodId, found.revision, now.toISOString()],
    );
  }, reason);
  const [verified] = await readPostings(context.read, now, gradingPeriodId, [sectionId]);
  return verified!;
}
