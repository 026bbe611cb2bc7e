import { addDays } from '@rollbook/school';
import type { Transaction } from '@rollbook/subgraph';
import type { PolicyRow } from './entities.ts';
import { policiesOf, writeRecords, type NewRecord } from './records.ts';
import { shareOf, worthOf } from './rules.ts';

type Query = Transaction['query'];

/** So many saves are looked through, and so many sections taken up, in one transaction. */
const savesAtOnce = 5_000;
const sectionsAtOnce = 40;

/**
 * Takes up postings of final marks: notes the sections in which anything was posted since, and makes the records of some of them. Follows the
 * saves in the order of their transactions, up to the oldest that still runs, so that a posting costs nothing for it and none is passed
 * over. One at a time in the whole service; true while there is more to do.
 */
export async function pickUpPostings(query: Query): Promise<boolean> {
  if (!(await lockPickup(query, 'pg_try_advisory_xact_lock'))) return false;
  const moreSaves = await followSaves(query);
  const due = await query<Due>(
    `with taken as
       (select d.section_id, d.grading_period_id from transcript_due d
          join section_roster r on r.section_id = d.section_id join course c on c.id = r.course_id join school s on s.id = r.school_id
         order by d.section_id, d.grading_period_id limit $1)
     delete from transcript_due d using taken t where d.section_id = t.section_id and d.grading_period_id = t.grading_period_id
     returning d.section_id as "sectionId", d.grading_period_id as "gradingPeriodId"`,
    [sectionsAtOnce],
  );
  if (due.length) await makeRecords(query, due);
  return moreSaves || due.length === sectionsAtOnce;
}

/** Whoever changes what is due waits for who takes it up, or is passed by. Ends with the transaction. */
export async function lockPickup(query: Query, lock: 'pg_advisory_xact_lock' | 'pg_try_advisory_xact_lock'): Promise<boolean> {
  const [row] = await query<{ got: unknown }>(`select ${lock}(hashtext('transcript_pickup')) as got`);
  return row!.got !== false;
}

async function followSaves(query: Query): Promise<boolean> {
  const [found] = await query<{ upto: string | null; n: number }>(
    `select max(tx)::text as upto, count(*)::int as n from
       (select s.tx from save s where s.tx > (select tx from transcript_pickup) and s.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
         order by s.tx limit $1) s`,
    [savesAtOnce],
  );
  const { upto, n } = found!;
  if (upto === null) return false;
  await query(
    `insert into transcript_due (section_id, grading_period_id)
       select distinct s.section_id, s.grading_period_id from save s
        where s.tx > (select tx from transcript_pickup) and s.tx <= $1 and s.grading_period_id is not null
          and is_final_period(s.school_id, s.grading_period_id)
     on conflict do nothing`,
    [upto],
  );
  await query('update transcript_pickup set tx = $1', [upto]);
  return n === savesAtOnce;
}

interface Due {
  readonly sectionId: string;
  readonly gradingPeriodId: string;
}

/** A posted mark whose record is still to be made, with its section and course as they are now. */
interface Posted extends Due {
  readonly studentId: string;
  readonly revision: number;
  readonly mark: string;
  readonly why: string | null;
  readonly schoolId: string;
  readonly schoolName: string;
  readonly schoolYear: number;
  readonly session: string;
  readonly summer: boolean;
  readonly ends: string;
  readonly courseId: string;
  readonly courseNumber: string | null;
  readonly courseTitle: string;
  readonly credits: string | null;
  readonly subjects: readonly string[];
  readonly subjectCodes: readonly string[];
  readonly repeatable: boolean;
  readonly part: number;
  readonly parts: number;
  /** The record that stands for the mark so far. */
  readonly before: string | null;
}

/** The records of what was posted last in these sections, as far as they are not there. What a mark was before is replaced by what it is. */
async function makeRecords(query: Query, due: readonly Due[]): Promise<void> {
  const posted = await query<Posted>(postedSql, [due.map(({ sectionId }) => sectionId), due.map(({ gradingPeriodId }) => gradingPeriodId)]);
  const policies = await policiesOf(query, [...new Set(posted.map(({ schoolId }) => schoolId))]);
  const why = new Map(posted.map(({ before, why }) => [before, `The posted mark was changed${why ? `: ${why}` : '.'}`]));
  await writeRecords(
    query,
    posted.map((mark) => recordOf(mark, policies.get(mark.schoolId)!)),
    ({ replaces }) => (replaces ? why.get(replaces)! : null),
  );
}

function recordOf(posted: Posted, policy: PolicyRow): NewRecord {
  const { credits, ends, before, revision, why: _why, ...as } = posted;
  const known = policy.marks.some(({ mark }) => mark === as.mark);
  // What the policy does not know counts for nothing until somebody says what it is; the sweep over records lists it.
  const worth = known
    ? worthOf(as.mark, shareOf(credits ?? '0', as.part, as.parts), as.subjectCodes, policy)
    : { creditsAttempted: '0.000', creditsEarned: '0.000', points: null, weightedPoints: null, weighted: false, pending: true };
  return {
    ...{ ...as, ...worth, endedOn: addDays(ends, -1), markRevision: revision, replaces: before, voided: false },
    source: before ? 'CORRECTION' : 'POSTED',
  };
}

/**
 * Parts of a course: the final grading periods of the school's year that the section is taught in. A section of one semester is its course's
 * only part, one of a whole year with two final marks has two.
 */
const postedSql = `
  with due as (select * from unnest($1::uuid[], $2::uuid[]) d (section_id, grading_period_id)),
  last as materialized
    (select distinct on (p.mark_id) p.* from due d join mark_posting p on p.section_id = d.section_id and p.grading_period_id = d.grading_period_id
      order by p.mark_id, p.revision desc),
  final as materialized
    (select x.section_id, f.grading_period_id, f.session, f.summer, g.school_year, g.begins, g.ends,
            row_number() over (partition by x.section_id, f.school_year order by g.begins, g.id)::int as part,
            count(*) over (partition by x.section_id, f.school_year)::int as parts
       from (select distinct section_id from due) x join section_roster r on r.section_id = x.section_id
       join grading_period g on g.begins < coalesce(r.ends, 'infinity') and g.ends > coalesce(r.begins, '-infinity')
       join final_period f on f.grading_period_id = g.id and is_final_period(r.school_id, g.id)
        and (f.school_id = r.school_id or f.school_id is null and not exists
              (select from final_period own where own.school_id = r.school_id and own.school_year = f.school_year)))
  select p.section_id as "sectionId", p.grading_period_id as "gradingPeriodId", p.student_id as "studentId", p.revision, p.value as mark,
         (select s.reason from save s where s.id = p.save_id) as why,
         r.school_id as "schoolId", s.name as "schoolName", f.school_year as "schoolYear", f.session, f.summer, f.ends,
         c.id as "courseId", c.number as "courseNumber", c.title as "courseTitle", c.credits, c.subjects, c.subject_codes as "subjectCodes",
         c.repeatable, f.part, f.parts, head.id as before
    from last p
    join section_roster r on r.section_id = p.section_id join school s on s.id = r.school_id join course c on c.id = r.course_id
    join final f on f.section_id = p.section_id and f.grading_period_id = p.grading_period_id
    left join lateral
      (select r.id, r.mark_revision from transcript_record r
        where r.section_id = p.section_id and r.student_id = p.student_id and r.grading_period_id = p.grading_period_id
          and not exists (select from transcript_record c where c.replaces = r.id)) head on true
   where p.value is not null and not exists
     (select from transcript_record done where done.section_id = p.section_id and done.student_id = p.student_id
         and done.grading_period_id = p.grading_period_id and done.mark_revision >= p.revision)
   order by p.student_id, p.section_id`;
