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
  readonly title: string;
  readonly begins: string | null;
  readonly ends: string | null;
  readonly cancelled: boolean;
  readonly teachers: readonly (Range & { readonly staffId: string })[];
  readonly students: readonly (Range & { readonly studentId: string })[];
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
  const { id, schoolId, title, begins, ends, cancelled, teachers, students } = event.payload as SectionChanged;
  await query(
    `insert into section_roster
       (section_id, school_id, title, begins, ends, cancelled, teacher_ids, teacher_begins, teacher_ends, student_ids, student_begins, student_ends)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       on conflict (section_id) do update set
         (school_id, title, begins, ends, cancelled, teacher_ids, teacher_begins, teacher_ends, student_ids, student_begins, student_ends) =
         (excluded.school_id, excluded.title, excluded.begins, excluded.ends, excluded.cancelled,
          excluded.teacher_ids, excluded.teacher_begins, excluded.teacher_ends,
          excluded.student_ids, excluded.student_begins, excluded.student_ends)`,
    [
      ...[id, schoolId, title, begins, ends, cancelled],
      ...[teachers.map(({ staffId }) => staffId), ...spans(teachers)],
      ...[students.map(({ studentId }) => studentId), ...spans(students)],
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
