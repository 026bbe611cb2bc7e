import { refuse, todayIn } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context } from '@rollbook/subgraph';
import type { QueryStudentsNotOnTrackArguments } from '../schema.types.ts';
import type { RecordRow } from '../transcripts/entities.ts';
import { schoolKept, transcriptOf, type TranscriptRow } from '../transcripts/read.ts';
import { DiplomaException, DiplomaPlan, type ExceptionRow, type PlanRow } from './entities.ts';
import { audit, classYearOf, missingOf, statusOf, type Audited, type GraduationStatus, type Source } from './rules.ts';

/** An exception with who granted it and when, and who may see it. */
export interface ShownException extends ExceptionRow {
  readonly recordedBy: string;
  readonly recordedAt: Date;
  readonly schoolIds: readonly string[];
}

/** A student as an audit needs them: where and in which grade they are, or were last, and what they take today. */
interface Situation {
  readonly studentId: string;
  readonly schoolId: string | null;
  readonly gradeLevel: string | null;
  readonly plans: readonly PlanRow[];
  readonly exceptions: readonly ShownException[];
  readonly seats: readonly (Source & { readonly repeatable: boolean })[];
  readonly today: string;
  /** The last day that the enrollment tells of. */
  readonly on: string;
}

export interface AuditRow {
  readonly studentId: string;
  readonly schoolIds: readonly string[];
  readonly gradeLevel: string;
  readonly classYear: number;
  readonly plan: PlanRow;
  readonly status: GraduationStatus;
  readonly missing: string;
  readonly audited: readonly Audited[];
  readonly unused: readonly Source[];
  readonly exceptions: readonly ShownException[];
}

const situationOf = batch<string, Situation>(
  async (ids, { read, now }) => {
    const where = await read<{
      studentId: string;
      schoolId: string | null;
      gradeLevel: string | null;
      ends: string | null;
      timeZone: string | null;
    }>(
      `select s.id as "studentId", e.school_id as "schoolId", e.grade_level as "gradeLevel", e.ends, c.time_zone as "timeZone"
         from unnest($1::uuid[]) s (id)
         left join lateral (select * from enrolled_student e where e.student_id = s.id and coalesce(e.ends, 'infinity') > e.begins
           order by e.ends desc nulls first, e.is_primary desc, e.begins desc limit 1) e on true
         left join school c on c.id = e.school_id`,
      [ids],
    );
    const plans = await read<PlanRow>(`select ${columnsOf(DiplomaPlan, 'd')} from diploma_plan d order by d.class_year desc`);
    const exceptions = await read<ShownException>(
      `select ${exceptionColumns} from diploma_exception x where x.student_id = any($1) and not x.withdrawn order by x.id`,
      [ids],
    );
    const seats = await read<Source & { studentId: string; repeatable: boolean }>(
      `select distinct on (t.student_id, t.section_id) t.student_id as "studentId", t.section_id as id, c.number as "courseNumber",
              c.title as "courseTitle", c.subjects, c.subject_codes as "subjectCodes", c.repeatable, null as points,
              greatest(0, c.credits - (select coalesce(sum(r.credits_attempted), 0) from transcript_record r
                where r.section_id = t.section_id and r.student_id = t.student_id and not r.voided
                  and not exists (select from transcript_record n where n.replaces = r.id)))::numeric(6, 3) as credits
         from section_seat t join section_roster s on s.section_id = t.section_id join course c on c.id = s.course_id
         join school h on h.id = s.school_id
         cross join lateral (select ($2::timestamptz at time zone h.time_zone)::date) d (day)
        where t.student_id = any($1) and not s.cancelled and c.credits > 0 and (s.ends is null or s.ends > d.day)
          and (t.ends is null or t.ends > d.day)
        order by t.student_id, t.section_id`,
      [ids, now().toISOString()],
    );
    const of = <Row extends { studentId: string }>(rows: readonly Row[]) => Map.groupBy(rows, ({ studentId }) => studentId);
    const [exceptionsOf, seatsOf] = [of(exceptions), of(seats)];
    return where.map(({ studentId, schoolId, gradeLevel, ends, timeZone }) => {
      const today = todayIn(timeZone ?? 'UTC', now());
      const on = ends && ends < today ? ends : today;
      // The school's own come first: of these, and only then of the district's, the latest that holds for the class.
      const own = plans.filter((plan) => plan.schoolId === schoolId);
      return {
        ...{ studentId, schoolId, gradeLevel, today, on, plans: [...own, ...plans.filter((plan) => plan.schoolId === null)] },
        ...{ exceptions: exceptionsOf.get(studentId) ?? [], seats: seatsOf.get(studentId) ?? [] },
      };
    });
  },
  ({ studentId }) => studentId,
);

export const exceptionColumns = `${columnsOf(DiplomaException, 'x')}, x.recorded_by as "recordedBy", x.recorded_at as "recordedAt",
  array_append(record_schools(x.student_id), x.school_id) as "schoolIds"`;

/** The audit of a student today; null without a plan or a class. `planned`: courses that are asked for. */
export async function auditOf(studentId: string, planned: readonly Source[], { load }: Context): Promise<AuditRow | null> {
  const transcript = await load(transcriptOf, studentId);
  if (!transcript) return null;
  const situation = (await load(situationOf, studentId))!;
  const classYear = classYearOf(situation.gradeLevel, situation.on);
  const plan = classYear === null ? undefined : situation.plans.find((each) => each.classYear <= classYear);
  if (!plan || classYear === null) return null;
  const earned = earnedOf(transcript);
  const isEarned = (source: Source) => earned.some(({ courseNumber }) => courseNumber !== null && courseNumber === source.courseNumber);
  const inProgress = situation.seats.filter((seat) => (seat.repeatable || !isEarnedInFull(seat, earned)) && seat.credits !== '0.000');
  const sources = { earned, inProgress, planned: planned.filter((source) => !isEarned(source)) };
  const audited = audit(plan.requirements, sources, situation.exceptions);
  const used = new Map<string, bigint>();
  for (const { records } of audited)
    for (const { source, credits } of records) used.set(source.id, (used.get(source.id) ?? 0n) + BigInt(credits.replace('.', '')));
  const left = (source: Source) => BigInt(source.credits.replace('.', '')) - (used.get(source.id) ?? 0n);
  return {
    ...{ studentId, schoolIds: transcript.schoolIds, gradeLevel: situation.gradeLevel!, classYear, plan, audited },
    ...{ exceptions: situation.exceptions, missing: missingOf(audited).toFixed(3) },
    status: statusOf(audited, classYear - classYearOf('12', situation.today)!, plan.creditsPerYear),
    unused: earned.filter((source) => left(source) > 0n).map((source) => ({ ...source, credits: thousandthsShown(left(source)) })),
  };
}

const thousandthsShown = (amount: bigint) => `${amount / 1000n}.${String(amount % 1000n).padStart(3, '0')}`;

/** What was earned of a course: taking it again adds nothing. A seat's credits count as far as they are more. */
function isEarnedInFull(seat: Source, earned: readonly Source[]): boolean {
  const same = earned.filter(({ courseNumber }) => courseNumber !== null && courseNumber === seat.courseNumber);
  const sum = same.reduce((total, { credits }) => total + BigInt(credits.replace('.', '')), 0n);
  return sum >= BigInt(seat.credits.replace('.', '')) && sum > 0n;
}

const earnedOf = ({ standings }: TranscriptRow): Source[] =>
  standings
    .filter(({ record, earnsCredit }) => earnsCredit && record.creditsEarned !== '0.000')
    .map(({ record }) => ({ ...sourceOf(record), id: record.id }));

const sourceOf = ({ id, courseNumber, courseTitle, subjects, subjectCodes, creditsEarned, points }: RecordRow): Source => ({
  ...{ id, courseNumber, courseTitle, subjects, subjectCodes, credits: creditsEarned, points },
});

const mostPlanned = 100;

/** Courses of the catalog that are asked for. One that is not known here is refused: it would silently cover nothing. */
export async function plannedCourses(ids: readonly string[], { read }: Context): Promise<Source[]> {
  if (ids.length > mostPlanned) refuse('BAD_USER_INPUT', `At most ${mostPlanned} courses are planned, not ${ids.length}.`);
  const found = await read<Source>(
    `select c.id, c.number as "courseNumber", c.title as "courseTitle", c.subjects, c.subject_codes as "subjectCodes", null as points,
            coalesce(c.credits, 0)::numeric(6, 3) as credits from course c where c.id::text = any($1)`,
    [ids],
  );
  const missing = ids.find((id) => !found.some((course) => course.id === id));
  if (missing !== undefined) refuse('COURSE_UNKNOWN', `There is no course ${missing} in the catalog.`);
  return found;
}

export interface NotOnTrackRow {
  readonly studentId: string;
  readonly schoolId: string;
  readonly gradeLevel: string;
  readonly missing: string;
  readonly requirements: readonly string[];
}

/** So many students are audited at once; a page takes as many as it needs. */
const auditedAtOnce = 300;

export async function studentsNotOnTrack({ schoolId, gradeLevel, ...page }: QueryStudentsNotOnTrackArguments, context: Context) {
  const { after, limit } = pageArguments(page, ['uuid']);
  const today = await schoolKept(schoolId, context);
  const found: NotOnTrackRow[] = [];
  for (let last = after?.[0] ?? null; found.length < limit;) {
    const students = await context.read<{ id: string }>(
      `select distinct student_id as id from enrolled_student where school_id = $1 and ($2::text is null or grade_level = $2) and is_primary
         and begins <= $3 and (ends is null or ends > $3) and ($4::uuid is null or student_id > $4) order by 1 limit ${auditedAtOnce}`,
      [schoolId, gradeLevel ?? null, today, last],
    );
    const audits = await Promise.all(students.map(({ id }) => auditOf(id, [], context)));
    for (const each of audits)
      if (each?.status === 'NOT_ON_TRACK')
        found.push({
          ...{ studentId: each.studentId, schoolId, gradeLevel: each.gradeLevel, missing: each.missing },
          requirements: each.audited.filter(({ missing }) => missing !== '0.000').map(({ requirement }) => requirement.name),
        });
    if (students.length < auditedAtOnce) break;
    last = students.at(-1)!.id;
  }
  return connectionOf(found.slice(0, limit), limit, ({ studentId }) => [studentId]);
}
