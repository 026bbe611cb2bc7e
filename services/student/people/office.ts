import { holds, refuse, type Role } from '@rollbook/school';
import type { Context, Transaction } from '@rollbook/subgraph';

/** Who keeps the records of a school's students. */
export const office: readonly Role[] = ['COUNSELOR', 'CLERK', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'];

/** Only the office of a school in which the student is enrolled today, or will be, keeps the student's records. */
export async function requireOffice(
  studentId: string,
  context: Context,
  { query }: Transaction,
  roles: readonly Role[] = office,
): Promise<void> {
  const [student] = await query<{ schoolIds: string[] }>(
    `select array(select e.school_id from enrollment e where e.student_id = s.id
         and (e.ends is null or e.ends > day_at(e.school_id, $2)))::text[] as "schoolIds" from student s where s.id = $1`,
    [studentId, context.now()],
  );
  if (!student) refuse('NOT_FOUND', `There is no student ${studentId} here.`);
  const district = holds(context.viewer, ['DISTRICT_ADMINISTRATOR']);
  if (!district && !student.schoolIds.some((schoolId) => holds(context.viewer, roles, schoolId)))
    refuse('FORBIDDEN', `This is for ${roles.join(', ')} of a school in which the student is enrolled now.`);
}
