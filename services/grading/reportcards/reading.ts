import type { BulkTransaction } from '@rollbook/subgraph';
import type { BatchRow } from './entities.ts';
import type { Kind, SectionToPrint, Template } from './rules.ts';

type Query = BulkTransaction['query'];

/** A grading period at a school as a batch prints it. */
export interface Period {
  readonly id: string;
  readonly title: string;
  readonly schoolYear: number;
  readonly begins: string;
  readonly ends: string;
}

export async function periodOf(query: Query, id: string): Promise<Period | null> {
  const [period] = await query<Period>(`select id, title, school_year as "schoolYear", begins, ends from grading_period where id = $1`, [
    id,
  ]);
  return period ?? null;
}

/**
 * Lists whom a batch prints for: everybody (or of those whom it names, each) who is in a class of the school, or enrolled there, on the last day of the grading period (before
 * that: today). Who is in no class is listed too, and becomes a fault that somebody looks at. By school; packets in
 * the order of the families' first talks, those without one last; then by student.
 */
export async function listStudents(query: Query, batch: BatchRow, period: Period, now: Date): Promise<number> {
  const rows = await query<{ n: number }>(
    `with place as materialized (
         select id, name, greatest(least($3::date - 1, ($4::timestamptz at time zone time_zone)::date), $2::date) as day
           from school where $5::uuid is null or id = $5),
       someone as (
         select s.school_id, s.student_id
           from place p join section_seat s on s.school_id = p.id join section_roster r on r.section_id = s.section_id
           where not r.cancelled and s.begins <= p.day and (s.ends is null or s.ends > least(p.day, r.ends - 1)) and (r.ends is null or r.ends > $2::date)
         union
         select e.school_id, e.student_id from place p join enrolled_student e on e.school_id = p.id
           where e.is_primary and e.begins <= p.day and (e.ends is null or e.ends > p.day)),
       listed as (
         insert into report_batch_student (batch_id, place, student_id, school_id, state)
           select $1, row_number() over (order by p.name, s.school_id, talk.begins_at nulls last, s.student_id), s.student_id, s.school_id, 'LISTED'
             from someone s join place p on p.id = s.school_id
               left join lateral (
                 select min(b.begins_at) as begins_at from conference_booking b join conference c on c.id = b.conference_id
                   where $7 and b.student_id = s.student_id and b.school_id = s.school_id and c.grading_period_id = $8 and b.cancelled_at is null) talk on true
             where $6::uuid[] is null or s.student_id = any ($6) returning 1)
     select count(*)::integer as n from listed`,
    [
      batch.id,
      period.begins,
      period.ends,
      now.toISOString(),
      batch.schoolId,
      batch.studentIds,
      batch.kind === 'CONFERENCE_PACKET',
      period.id,
    ],
  );
  return rows[0]!.n;
}

export interface SectionRow extends Omit<SectionToPrint, 'teacher' | 'codes'> {
  readonly studentId: string;
  readonly teacherId: string | null;
  readonly commentCodes: readonly string[];
}

/**
 * The sections each student is in on the last day of the grading period (before that: today), or has a posted mark in, by title. A section
 * that ended within the period counts on its own last day. Marks that are not posted are not there.
 */
export async function sectionsOf(
  query: Query,
  studentIds: readonly string[],
  schoolId: string,
  period: Period,
  today: string,
): Promise<Map<string, SectionRow[]>> {
  const rows = await query<SectionRow>(
    `select distinct on (s.student_id, r.title, r.section_id) s.student_id as "studentId", r.title, t.id as "teacherId",
         trim_scale(c.credits)::text as credits, m.id is not null as "isPosted", m.value, m.effort, m.conduct, m.comment,
         coalesce(m.comment_codes, '{}') as "commentCodes"
       from section_seat s
         join section_roster r on r.section_id = s.section_id
         cross join lateral (select least(greatest(least($4::date - 1, $5::date), $3::date), coalesce(r.ends - 1, 'infinity')) as day) d
         left join course c on c.id = r.course_id
         left join mark m on m.section_id = s.section_id and m.student_id = s.student_id and m.grading_period_id = $6 and m.status = 'POSTED'
         left join lateral (
           select t.id from unnest(r.teacher_ids, r.teacher_begins, r.teacher_ends) with ordinality t (id, begins, ends, n)
             order by t.begins <= d.day and (t.ends is null or t.ends > d.day) desc, t.n limit 1) t on true
       where s.student_id = any ($1) and r.school_id = $2 and not r.cancelled
         and (m.id is not null or (s.begins <= d.day and (s.ends is null or s.ends > d.day) and d.day >= $3::date))
       order by s.student_id, r.title, r.section_id`,
    [studentIds, schoolId, period.begins, period.ends, today, period.id],
  );
  return Map.groupBy(rows, ({ studentId }) => studentId);
}

/** Who teaches students of a school, or meets their families: named on their documents. */
export async function teachersOf(query: Query, studentIds: readonly string[], schoolId: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    `select t.id from section_seat s join section_roster r on r.section_id = s.section_id, unnest(r.teacher_ids) t (id)
       where s.student_id = any ($1) and r.school_id = $2
     union
     select staff_id from conference_booking where student_id = any ($1) and school_id = $2`,
    [studentIds, schoolId],
  );
  return rows.map(({ id }) => id);
}

export type Codes = ReadonlyMap<string, SectionToPrint['codes'][number]>;

/** What the comments by code of a school say; its own before the district's. */
export async function codesOf(query: Query, schoolId: string): Promise<Codes> {
  const rows = await query<{ code: string; language: string; texts: Record<string, string> }>(
    `select distinct on (code) code, language, texts from comment_code where school_id = $1 or school_id is null order by code, school_id nulls last`,
    [schoolId],
  );
  return new Map(rows.map(({ code, language, texts }) => [code, { language, texts }]));
}

/** The templates a school prints with: the district's, and its own instead of those. */
export async function templatesOf(query: Query, schoolId: string, kind: Kind): Promise<Template[]> {
  return query<Template>(
    `select distinct on (layout) school_id as "schoolId", kind, layout, grade_levels as "gradeLevels", fields
       from report_card_template where kind = $2 and (school_id = $1 or school_id is null) order by layout, school_id nulls last`,
    [schoolId, kind],
  );
}

/** When each student's family talks with whom about this grading period, in the order of the day. */
export async function talksOf(
  query: Query,
  studentIds: readonly string[],
  schoolId: string,
  periodId: string,
): Promise<Map<string, { studentId: string; staffId: string; beginsAt: string }[]>> {
  const rows = await query<{ studentId: string; staffId: string; beginsAt: string }>(
    `select b.student_id as "studentId", b.staff_id as "staffId", to_char(b.begins_at at time zone s.time_zone, 'YYYY-MM-DD HH24:MI') as "beginsAt"
       from conference_booking b join conference c on c.id = b.conference_id join school s on s.id = b.school_id
      where b.student_id = any ($1) and b.school_id = $2 and c.grading_period_id = $3 and b.cancelled_at is null order by b.begins_at`,
    [studentIds, schoolId, periodId],
  );
  return Map.groupBy(rows, ({ studentId }) => studentId);
}

/** The newest version of each student's document, by what is in it. */
export async function newestOf(
  query: Query,
  studentIds: readonly string[],
  schoolId: string,
  periodId: string,
  kind: Kind,
): Promise<Map<string, { version: number; contentSha256: Buffer }>> {
  const rows = await query<{ studentId: string; version: number; contentSha256: Buffer }>(
    `select s.id as "studentId", c.version, c.content_sha256 as "contentSha256" from unnest($1::uuid[]) s (id)
       cross join lateral (select c.version, c.content_sha256 from report_card c
         where c.student_id = s.id and c.grading_period_id = $3 and c.school_id = $2 and c.kind = $4 order by c.version desc limit 1) c`,
    [studentIds, schoolId, periodId, kind],
  );
  return new Map(rows.map((row) => [row.studentId, row]));
}
