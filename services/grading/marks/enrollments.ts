import type { Subject } from '@rollbook/school';
import { batch, columnsOf, type Context } from '@rollbook/subgraph';
import { Mark, type MarkRow } from './entities.ts';
import { draftSchoolsOf } from './rules.ts';

/** A student's place in a section: what decides who may see it, and the last mark. */
export interface EnrollmentRow {
  readonly sectionId: string;
  readonly studentId: string;
  readonly schoolId: string;
  readonly teacherIds: readonly string[];
  readonly latestMark: MarkRow | null;
}

type Key = Pick<EnrollmentRow, 'sectionId' | 'studentId'>;
type Found = Omit<EnrollmentRow, 'latestMark'> & Omit<{ [K in keyof MarkRow]: MarkRow[K] | null }, keyof EnrollmentRow>;

/** Places in sections with their last marks, a whole class in one statement: every roster that is shown asks for it. */
const enrollments = batch<Key, EnrollmentRow>(
  async (keys, { read, viewer, now }) => {
    const rows = await read<Found>(
      `with section as materialized
         (select r.section_id, r.school_id, r.student_ids, teachers_at(r, $3) as teachers, sees_drafts(r, $3, $4::uuid[]) as drafts
            from section_roster r where r.section_id = any ($1))
       select m.*, k.section_id as "sectionId", k.student_id as "studentId", s.school_id as "schoolId", s.teachers as "teacherIds"
         from unnest($1::uuid[], $2::uuid[]) k (section_id, student_id)
         join section s on s.section_id = k.section_id and k.student_id = any (s.student_ids)
         left join lateral
           (select ${columnsOf(Mark, 'm')} from mark m left join grading_period p on p.id = m.grading_period_id
             where m.section_id = k.section_id and m.student_id = k.student_id and (s.drafts or m.status = 'POSTED')
             order by p.begins desc nulls last, m.saved_at desc limit 1) m on true`,
      [keys.map((key) => key.sectionId), keys.map((key) => key.studentId), now().toISOString(), draftSchoolsOf(viewer)],
    );
    return rows.map((row) => ({ ...row, latestMark: row.id === null ? null : (row as unknown as MarkRow) }));
  },
  ({ sectionId, studentId }) => ({ sectionId, studentId }),
  ({ sectionId, studentId }) => `${sectionId} ${studentId}`,
);

export const findEnrollment = (key: Key, { load }: Context): Promise<EnrollmentRow | null> => load(enrollments, key);

export const enrollmentSubject = ({ schoolId, studentId, teacherIds }: EnrollmentRow): Subject => ({
  schoolIds: [schoolId],
  studentId,
  teacherIds,
});
