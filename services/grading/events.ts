import type { Event } from '@rollbook/events';
import type { Transaction } from '@rollbook/subgraph';

/** A range of days; `ends` is the first day after it, null while it is open. */
interface Range {
  readonly begins: string;
  readonly ends: string | null;
}

interface SchoolChanged {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
}

interface SectionChanged {
  readonly id: string;
  readonly schoolId: string;
  readonly courseId: string;
  readonly title: string;
  readonly number: string;
  readonly sessionIds: readonly string[];
  readonly begins: string | null;
  readonly ends: string | null;
  readonly cancelled: boolean;
  readonly teachers: readonly (Range & { readonly staffId: string })[];
  readonly students: readonly (Range & { readonly studentId: string })[];
}

/** Of sections that were told of before their course was kept. */
interface SectionCoursesTold {
  readonly sections: readonly {
    readonly id: string;
    readonly courseId: string;
    readonly number: string;
    readonly sessionIds: readonly string[];
  }[];
}

interface CourseChanged {
  readonly id: string;
  /** The school that offers it; null, or the id of no school: the district does. */
  readonly schoolId: string | null;
  readonly number: string | null;
  readonly title: string;
  /** For the whole course, exact decimal text; null when the catalog does not say. */
  readonly credits: string | null;
  readonly subjects: readonly string[];
  /** Codes of subjects, the A-G areas among them. */
  readonly subjectCodes: readonly string[];
  readonly repeatable: boolean;
}

interface EnrollmentsChanged {
  readonly schoolId: string;
  readonly enrollments: readonly object[];
}

interface GradingPeriodChanged {
  readonly id: string;
  readonly schoolYear: number;
  readonly title: string;
  readonly begins: string;
  readonly ends: string;
  readonly sessionId: string | null;
  /** No longer one to post into: a term whose year has real grading periods by now. */
  readonly withdrawn?: true;
}

/** student: a school was opened or changed. */
export async function hearSchoolChanged({ query }: Transaction, event: Event): Promise<void> {
  const { id, name, timeZone } = event.payload as SchoolChanged;
  await query(
    `insert into school (id, name, time_zone) values ($1, $2, $3)
       on conflict (id) do update set name = excluded.name, time_zone = excluded.time_zone`,
    [id, name, timeZone],
  );
}

/** scheduling: who teaches a section and who sits in it, from when to when. */
export async function hearSectionChanged({ query }: Transaction, event: Event): Promise<void> {
  const { id, schoolId, courseId, title, number, sessionIds, begins, ends, cancelled, teachers, students } =
    event.payload as SectionChanged;
  await query(
    `insert into section_roster
       (section_id, school_id, title, begins, ends, cancelled, teacher_ids, teacher_begins, teacher_ends, student_ids, student_begins, student_ends,
        course_id, number, session_ids)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
       on conflict (section_id) do update set
         (school_id, title, begins, ends, cancelled, teacher_ids, teacher_begins, teacher_ends, student_ids, student_begins, student_ends,
          course_id, number, session_ids) =
         (excluded.school_id, excluded.title, excluded.begins, excluded.ends, excluded.cancelled,
          excluded.teacher_ids, excluded.teacher_begins, excluded.teacher_ends,
          excluded.student_ids, excluded.student_begins, excluded.student_ends,
          excluded.course_id, excluded.number, excluded.session_ids)`,
    [
      ...[id, schoolId, title, begins, ends, cancelled],
      ...[teachers.map(({ staffId }) => staffId), ...spans(teachers)],
      ...[students.map(({ studentId }) => studentId), ...spans(students)],
      ...[courseId, number, sessionIds],
    ],
  );
}

const spans = (ranges: readonly Range[]) => [ranges.map(({ begins }) => begins), ranges.map(({ ends }) => ends)];

/** scheduling: a grading period was added or moved. */
export async function hearGradingPeriodChanged({ query }: Transaction, event: Event): Promise<void> {
  const { id, schoolYear, title, begins, ends, sessionId, withdrawn } = event.payload as GradingPeriodChanged;
  if (withdrawn || ends <= begins) {
    // What was ever saved into it keeps it.
    await query(
      `delete from grading_period p where p.id = $1 and not exists (select from save s where s.grading_period_id = p.id)
         and not exists (select from grading_window w where w.grading_period_id = p.id)`,
      [id],
    );
    return;
  }
  await query(
    `insert into grading_period (id, school_year, title, begins, ends, session_id) values ($1, $2, $3, $4, $5, $6)
       on conflict (id) do update set (school_year, title, begins, ends, session_id) =
         (excluded.school_year, excluded.title, excluded.begins, excluded.ends, excluded.session_id)`,
    [id, schoolYear, title, begins, ends, sessionId],
  );
}

/** scheduling: which course a section is of, told once for all sections that were there before this was kept. */
export async function hearSectionCourses({ query }: Transaction, event: Event): Promise<void> {
  const { sections } = event.payload as SectionCoursesTold;
  await query(
    `update section_roster r set course_id = s."courseId", number = s.number,
       session_ids = array(select jsonb_array_elements_text(s."sessionIds")::uuid)
       from jsonb_to_recordset($1) as s (id uuid, "courseId" uuid, number text, "sessionIds" jsonb) where r.section_id = s.id`,
    [JSON.stringify(sections)],
  );
}

/** scheduling: a course of the catalog was added or changed. */
export async function hearCourseChanged({ query }: Transaction, event: Event): Promise<void> {
  const { id, schoolId, number, title, credits, subjects, subjectCodes, repeatable } = event.payload as CourseChanged;
  await query(
    `insert into course (id, school_id, number, title, credits, subjects, subject_codes, repeatable) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (id) do update set (school_id, number, title, credits, subjects, subject_codes, repeatable) =
         (excluded.school_id, excluded.number, excluded.title, excluded.credits, excluded.subjects, excluded.subject_codes, excluded.repeatable)`,
    [id, schoolId, number, title, credits, subjects, subjectCodes, repeatable],
  );
}

/** student: who is enrolled at a school, in which grade, from when to when. */
export async function hearEnrollmentsChanged({ query }: Transaction, event: Event): Promise<void> {
  const { schoolId, enrollments } = event.payload as EnrollmentsChanged;
  await query(
    `insert into enrolled_student (id, school_id, student_id, grade_level, is_primary, begins, ends)
       select id, $1, "studentId", "gradeLevel", "primary", begins, ends from jsonb_to_recordset($2)
         as r (id uuid, "studentId" uuid, "gradeLevel" text, "primary" boolean, begins date, ends date)
     on conflict (id) do update set (school_id, student_id, grade_level, is_primary, begins, ends) =
       (excluded.school_id, excluded.student_id, excluded.grade_level, excluded.is_primary, excluded.begins, excluded.ends)`,
    [schoolId, JSON.stringify(enrollments)],
  );
}
