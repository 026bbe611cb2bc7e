import { holds } from '@rollbook/school';
import { batch, type Context, type Transaction } from '@rollbook/subgraph';
import type { AboutStudent } from './entities.ts';

/** What scheduling tells of a section: its whole present state. */
export interface SectionChanged {
  readonly id: string;
  readonly schoolId: string;
  readonly cancelled: boolean;
  readonly teachers: readonly { staffId: string; begins: string; ends: string | null }[];
  readonly students: readonly { studentId: string; begins: string; ends: string | null }[];
}

/** Keeps who teaches whom; a repeated event changes nothing, a cancelled section is taught to nobody. */
export async function keepClassroom({ query }: Transaction, section: SectionChanged): Promise<void> {
  await query('delete from classroom_teacher where section_id = $1', [section.id]);
  if (section.cancelled) {
    await query('delete from classroom where section_id = $1', [section.id]);
    return;
  }
  const { students, teachers } = section;
  await query(
    `insert into classroom (section_id, school_id, student_ids, student_begins, student_ends) values ($1, $2, $3, $4, $5)
       on conflict (section_id) do update set school_id = excluded.school_id, student_ids = excluded.student_ids,
         student_begins = excluded.student_begins, student_ends = excluded.student_ends`,
    [section.id, section.schoolId, students.map((s) => s.studentId), students.map((s) => s.begins), students.map((s) => s.ends)],
  );
  await query(
    `insert into classroom_teacher (section_id, school_id, staff_id, begins, ends)
       select $1, $2, staff_id, begins, nullif(max(coalesce(ends, 'infinity')), 'infinity') from unnest($3::uuid[], $4::date[], $5::date[]) as t (staff_id, begins, ends)
       group by staff_id, begins`,
    [section.id, section.schoolId, teachers.map((t) => t.staffId), teachers.map((t) => t.begins), teachers.map((t) => t.ends)],
  );
}

const taughtBy = batch<string, { staffId: string; studentIds: ReadonlySet<string> }>(
  async (staffIds, { read, now }) => {
    const rows = await read<{ staffId: string; studentIds: string[] }>(
      `select t.staff_id as "staffId", array_agg(distinct s.id) as "studentIds"
         from classroom_teacher t join classroom c on c.section_id = t.section_id
           cross join lateral day_at(t.school_id, $2) as today
           cross join lateral unnest(c.student_ids, c.student_begins, c.student_ends) as s (id, begins, ends)
         where t.staff_id = any($1) and t.begins <= today and (t.ends is null or t.ends > today)
           and s.begins <= today and (s.ends is null or s.ends > today)
         group by t.staff_id`,
      [staffIds, now()],
    );
    return rows.map(({ staffId, studentIds }) => ({ staffId, studentIds: new Set(studentIds) }));
  },
  ({ staffId }) => staffId,
);

/** The students whom the viewer teaches today: as teacher of record, co-teacher or substitute. */
export async function taughtByViewer({ viewer, load }: Context): Promise<ReadonlySet<string>> {
  if (!holds(viewer, ['TEACHER'])) return new Set();
  return (await load(taughtBy, viewer.subject))?.studentIds ?? new Set();
}

/** Reads rows about students; the statement selects "studentId" and "schoolIds" (the student's), and `teacherIds` is added here. */
export async function readAboutStudents<Row extends AboutStudent>(
  context: Context,
  sql: string,
  params: readonly unknown[],
): Promise<Row[]> {
  const [rows, taught] = await Promise.all([context.read<Row>(sql, params), taughtByViewer(context)]);
  const self = [context.viewer.subject];
  return rows.map((row) => ({ ...row, teacherIds: taught.has(row.studentId) ? self : [] }));
}

export const aboutStudent = ({ studentId, schoolIds, teacherIds }: AboutStudent) => ({ studentId, schoolIds, teacherIds });
