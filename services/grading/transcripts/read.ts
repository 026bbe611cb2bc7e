import { holds, isUuid, refuse, schoolYearOf, todayIn } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context } from '@rollbook/subgraph';
import type { QueryClassRanksArguments, QueryStudentsOnListArguments, QueryTranscriptFaultsArguments } from '../schema.types.ts';
import { FinalPeriod, type FinalPeriodRow, type PolicyRow, type RecordRow } from './entities.ts';
import { policyOf, recordColumns, recordsOf } from './records.ts';
import { isOnList, ranked, standings, totalsOf, type Ranked, type Standing, type Totals } from './rules.ts';
import { keepers } from './verbs.ts';

/** Of a student: where the records are kept, which decides who sees them; and what they add up to. */
export interface TranscriptRow extends Totals {
  readonly studentId: string;
  /** The schools whose offices keep the student's records today. */
  readonly schoolIds: readonly string[];
  readonly standings: readonly Standing<RecordRow>[];
}

/** A record with who may see it and how it counts. */
export interface ShownRecord extends RecordRow {
  readonly schoolIds: readonly string[];
  readonly inGpa: boolean | null;
  readonly earnsCredit: boolean | null;
}

export const transcriptOf = batch<string, TranscriptRow>(
  async (ids, { read }) => {
    const kept = await read<{ id: string; schoolIds: string[] }>(
      `select id, record_schools(id) as "schoolIds" from unnest($1::uuid[]) s (id)
        where viewer_is_district() or id = any (viewer_students()) or keeps_records_of(id)`,
      [ids],
    );
    const records = Map.groupBy(await recordsOf(read, ids), ({ studentId }) => studentId);
    return Promise.all(
      kept.map(async ({ id, schoolIds }) => {
        const policy = await policyOf(read, schoolIds[0] ?? noSchool);
        const all = standings(records.get(id) ?? [], policy.repeats);
        return { studentId: id, schoolIds, standings: all, ...totalsOf(all) };
      }),
    );
  },
  ({ studentId }) => studentId,
);
const noSchool = '00000000-0000-8000-8000-000000000000';

export const shownRecord = ({ record, inGpa, earnsCredit }: Standing<RecordRow>, { schoolIds }: TranscriptRow): ShownRecord => ({
  ...record,
  schoolIds: [...schoolIds, record.schoolId],
  inGpa: inGpa && record.points !== null,
  earnsCredit: earnsCredit && record.creditsEarned !== '0.000',
});

export const recordById = batch<string, RecordRow>(
  (ids, { read }) => read(`select ${recordColumns} from transcript_record r where r.id = any($1)`, [ids]),
  ({ id }) => id,
);

/** Refuses NOT_FOUND unless the school is one whose transcripts the viewer keeps. Answers the day it is there. */
export async function schoolKept(schoolId: string, { viewer, read, now }: Context): Promise<string> {
  const [school] = isUuid(schoolId) && holds(viewer, keepers, schoolId) ? await read<{ timeZone: string }>(timeZoneSql, [schoolId]) : [];
  if (!school) refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
  return todayIn(school.timeZone, now());
}
const timeZoneSql = 'select time_zone as "timeZone" from school where id = $1';

export interface RankRow extends Ranked<string> {
  readonly total: number;
  readonly schoolId: string;
}

/** The whole class by average. What was earned in sessions that ended by the day counts. */
export async function rankClass(
  read: Context['read'],
  { schoolId, gradeLevel, on, weighted }: { schoolId: string; gradeLevel: string; on: string; weighted: boolean },
): Promise<Ranked<string>[]> {
  const students = await read<{ id: string }>(
    `select distinct student_id as id from enrolled_student
      where school_id = $1 and grade_level = $2 and is_primary and begins <= $3 and (ends is null or ends > $3)`,
    [schoolId, gradeLevel, on],
  );
  const ids = students.map(({ id }) => id).sort();
  const { repeats } = await policyOf(read, schoolId);
  const earned = Map.groupBy(
    (await recordsOf(read, ids)).filter(({ endedOn }) => endedOn <= on),
    ({ studentId }) => studentId,
  );
  const averages = ids.map((id) => {
    const { gpa, weightedGpa } = totalsOf(standings(earned.get(id) ?? [], repeats));
    return { of: id, gpa: weighted ? weightedGpa : gpa };
  });
  return ranked(averages);
}

export async function classRanks({ schoolId, gradeLevel, on, weighted, ...page }: QueryClassRanksArguments, context: Context) {
  const { after, limit } = pageArguments(page, ['integer', 'uuid']);
  const today = await schoolKept(schoolId, context);
  const all = await rankClass(context.read, { schoolId, gradeLevel, on: on ?? today, weighted: weighted ?? false });
  const rest = all.filter(({ of, place }) => !after || place > Number(after[0]) || (place === Number(after[0]) && of > after[1]!));
  const rows = rest.slice(0, limit).map((rank) => ({ ...rank, total: all.length, schoolId }));
  return connectionOf<RankRow>(rows, limit, ({ place, of }) => [String(place), of]);
}

export interface ListedRow {
  readonly studentId: string;
  readonly schoolId: string;
  readonly gpa: string;
  readonly creditsEarned: string;
}

/** So many students are judged at once; a page is read from as many as it takes. */
const judgedAtOnce = 500;

export async function studentsOnList({ schoolId, list, schoolYear, session, ...page }: QueryStudentsOnListArguments, context: Context) {
  const { after, limit } = pageArguments(page, ['uuid']);
  const today = await schoolKept(schoolId, context);
  const policy = await policyOf(context.read, schoolId);
  const rule = policy.lists.find(({ name }) => name === list) ?? refuse('LIST_UNKNOWN', `The school's policy has no list "${list}".`);
  if (rule.over === 'SESSION' && (schoolYear == null || !session))
    refuse('SESSION_REQUIRED', `"${list}" is made for one session: name its school year and its name.`);
  const found: ListedRow[] = [];
  for (let last = after?.[0] ?? null; found.length < limit;) {
    const students = await context.read<{ id: string }>(
      `select distinct student_id as id from enrolled_student where school_id = $1 and begins <= $2 and (ends is null or ends > $2)
         and ($3::uuid is null or student_id > $3) order by 1 limit ${judgedAtOnce}`,
      [schoolId, today, last],
    );
    const ids = students.map(({ id }) => id);
    const records = Map.groupBy(await recordsOf(context.read, ids), ({ studentId }) => studentId);
    for (const id of ids) {
      const mine = (records.get(id) ?? []).filter(
        (record) => rule.over === 'ALL' || (record.schoolYear === schoolYear && record.session === session),
      );
      if (!isOnList(mine, rule, policy.repeats)) continue;
      const { gpa, weightedGpa, creditsEarned } = totalsOf(standings(mine, policy.repeats));
      found.push({ studentId: id, schoolId, gpa: (rule.weighted ? weightedGpa : gpa)!, creditsEarned });
    }
    if (ids.length < judgedAtOnce) break;
    last = ids.at(-1)!;
  }
  return connectionOf(found.slice(0, limit), limit, ({ studentId }) => [studentId]);
}

/** The final periods of a school's year: its own list, or else the district's. */
export const finalPeriodsOf = (schoolId: string, schoolYear: number | null, { read, now }: Context) =>
  isUuid(schoolId)
    ? read<FinalPeriodRow>(
        `select ${columnsOf(FinalPeriod, 'f')} from final_period f join grading_period g on g.id = f.grading_period_id
          where f.school_year = $2 and (f.school_id = $1 or f.school_id is null) and is_final_period($1, f.grading_period_id)
            and (f.school_id is not null or not exists (select from final_period own where own.school_id = $1 and own.school_year = $2))
          order by g.begins`,
        [schoolId, schoolYear ?? schoolYearOf(todayIn('UTC', now()))],
      )
    : Promise.resolve([]);

export interface FaultRow {
  readonly kind: string;
  readonly studentId: string;
  readonly schoolId: string;
  readonly schoolYear: number;
  readonly session: string;
  readonly message: string;
}

/** Everything that is odd in a school's records, and in postings that have none. */
export async function transcriptFaults({ schoolId, ...page }: QueryTranscriptFaultsArguments, context: Context) {
  const { after, limit } = pageArguments(page, ['uuid', 'integer', 'text', 'text', 'text']);
  await schoolKept(schoolId, context);
  const policy: PolicyRow = await policyOf(context.read, schoolId);
  const known = policy.marks.map(({ mark }) => mark);
  const attempting = policy.marks.filter(({ attempts }) => attempts).map(({ mark }) => mark);
  const rows = await context.read<FaultRow>(
    `${faultsSql} select f.*, $1::uuid as "schoolId" from faults f
      where $5::text[] is null or ("studentId", "schoolYear", session, kind, message) > ($5[1]::uuid, $5[2]::integer, $5[3], $5[4], $5[5])
      order by "studentId", "schoolYear", session, kind, message limit $6`,
    [schoolId, policy.mostAtOnce, known, attempting, after, limit],
  );
  return connectionOf(rows, limit, ({ studentId, schoolYear, session, kind, message }) => [
    ...[studentId, String(schoolYear), session, kind, message],
  ]);
}

/** $1 the school, $2 how many classes can be at once, $3 the marks that mean something, $4 those that attempt credits. */
export const faultsSql = `
  with standing as materialized
    (select r.* from transcript_record r
      where r.school_id = $1 and not r.voided and not exists (select from transcript_record c where c.replaces = r.id)),
  last as materialized
    (select distinct on (p.mark_id) p.* from mark_posting p where p.school_id = $1 and is_final_period(p.school_id, p.grading_period_id)
      order by p.mark_id, p.revision desc),
  faults (kind, "studentId", "schoolYear", session, message) as
    (select 'TOO_MANY_CLASSES', r.student_id, r.school_year, r.session, format('%s classes in one session; %s are possible.', count(*), $2::integer)
       from standing r where r.source <> 'TRANSFER' group by r.student_id, r.school_year, r.session having count(*) > $2
     union all
     select 'SAME_COURSE_TWICE', r.student_id, r.school_year, r.session, format('%s is there %s times.', min(r.course_title), count(*))
       from standing r where not r.repeatable and r.credits_attempted > 0
      group by r.student_id, r.school_year, r.session, coalesce(r.course_number, 'title ' || r.course_title), r.part, r.parts having count(*) > 1
     union all
     select 'MARK_WITHOUT_MEANING', r.student_id, r.school_year, r.session, format('%s has the mark %s.', r.course_title, r.mark)
       from standing r where not r.mark = any ($3)
     union all
     select 'COURSE_WITHOUT_CREDITS', r.student_id, r.school_year, r.session, format('%s had no credits.', r.course_title)
       from standing r where r.mark = any ($4) and r.credits_attempted = 0
     union all
     select 'NEVER_IN_SECTION', r.student_id, r.school_year, r.session, format('%s, with a mark from a section of which no seat is known.', r.course_title)
       from standing r where r.section_id is not null
        and not exists (select from section_seat s where s.section_id = r.section_id and s.student_id = r.student_id)
     union all
     select 'OTHER_THAN_POSTED', p.student_id, f.school_year, f.session,
            coalesce(format('%s says %s, and %s was posted.', r.course_title, r.mark, p.value), format('%s was posted, and there is no record.', p.value))
       from last p
       join lateral (select f.school_year, f.session from final_period f where f.grading_period_id = p.grading_period_id
                      and (f.school_id = p.school_id or f.school_id is null) order by f.school_id nulls last limit 1) f on true
       left join lateral (select r.* from transcript_record r where r.section_id = p.section_id and r.student_id = p.student_id
                      and r.grading_period_id = p.grading_period_id
                      and not exists (select from transcript_record c where c.replaces = r.id)) r on true
      where p.value is not null and (r.id is null or r.mark_revision is not null and r.mark <> p.value))`;
