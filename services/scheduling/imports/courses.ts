import { sourcedUuid } from '@rollbook/school';
import { columnsOf, type AppliedRows, type ImportInput, type Transaction } from '@rollbook/subgraph';
import { Course, type CourseRow } from '../catalog/entities.ts';
import { isDeleted, recordsOf, refusal, settle, type Wanted } from './rules.ts';
import type { ImportCourseRow } from '../schema.types.ts';

interface WantedCourse extends Wanted {
  readonly orgId: string;
  readonly number: string | null;
  readonly title: string;
  readonly subjects: readonly string[];
  readonly subjectCodes: readonly string[];
  readonly gradeLevels: readonly string[];
  readonly schoolYear: number | null;
  readonly endedOn: string | null;
}

const fields = ['orgId', 'number', 'title', 'subjects', 'subjectCodes', 'gradeLevels', 'schoolYear', 'endedOn'] as const;

/** Credits and prerequisites are not in such a file and stay as they were set here. */
export async function applyCourses({ query }: Transaction, { source, today, rows }: ImportInput<ImportCourseRow>): Promise<AppliedRows> {
  const id = (sourcedId: string) => sourcedUuid(source, 'course', sourcedId);
  const ids = rows.map((row) => id(row.sourcedId));
  const found = await query<CourseRow>(`select ${columnsOf(Course, 'c')} from course c where c.id = any($1)`, [ids]);
  const present = new Map(found.map((course) => [course.id, course]));
  const years = await schoolYears(query, source, rows);
  const { wanted, refused } = recordsOf<ImportCourseRow, WantedCourse>(rows, (row, index) => {
    if (!row.title.trim()) return refusal('TITLE_MISSING', 'A course needs a title.');
    return {
      row: index,
      sourcedId: row.sourcedId,
      id: id(row.sourcedId),
      deleted: isDeleted(row.status),
      orgId: sourcedUuid(source, 'org', row.orgSourcedId),
      number: row.courseCode ?? null,
      title: row.title,
      subjects: row.subjects ?? [],
      subjectCodes: row.subjectCodes ?? [],
      gradeLevels: row.grades ?? [],
      schoolYear: years.get(row.schoolYearSourcedId ?? '') ?? null,
      endedOn: isDeleted(row.status) ? (present.get(id(row.sourcedId))?.endedOn ?? today) : null,
    };
  });
  const { created, changed, unchanged, differences } = settle(wanted, present, fields);
  const written = [...created, ...changed];
  if (written.length)
    await query(
      `insert into course (id, org_id, number, title, subjects, subject_codes, grade_levels, school_year, ended_on, source, sourced_id)
         select r.id, r."orgId", r.number, r.title, r.subjects, r."subjectCodes", r."gradeLevels", r."schoolYear", r."endedOn", $2, r."sourcedId"
         from jsonb_to_recordset($1) as r (id uuid, "orgId" uuid, number text, title text, subjects text[], "subjectCodes" text[],
           "gradeLevels" text[], "schoolYear" integer, "endedOn" date, "sourcedId" text) order by r.id
       on conflict (id) do update set (org_id, number, title, subjects, subject_codes, grade_levels, school_year, ended_on) =
         (excluded.org_id, excluded.number, excluded.title, excluded.subjects, excluded.subject_codes, excluded.grade_levels,
          excluded.school_year, excluded.ended_on)`,
      [JSON.stringify(written), source],
    );
  return {
    created: created.length,
    changed: changed.length,
    unchanged,
    refused,
    differences,
    seen: ids,
    touched: written.map((course) => course.id),
  };
}

async function schoolYears(query: Transaction['query'], source: string, rows: readonly ImportCourseRow[]): Promise<Map<string, number>> {
  const sourcedIds = [...new Set(rows.flatMap((row) => row.schoolYearSourcedId ?? []))];
  const found = await query<{ sourcedId: string; schoolYear: number }>(
    'select sourced_id as "sourcedId", school_year as "schoolYear" from academic_session where id = any($1)',
    [sourcedIds.map((sourcedId) => sourcedUuid(source, 'academicSession', sourcedId))],
  );
  return new Map(found.map((session) => [session.sourcedId, session.schoolYear]));
}
