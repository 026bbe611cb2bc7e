import { holds, refuse } from '@rollbook/school';
import type { Context, Transaction } from '@rollbook/subgraph';
import { studentWithdrawn } from '../events.ts';
import { schoolById } from '../schools/resolvers.ts';
import { office } from '../people/office.ts';
import { Enrollment } from './entities.ts';
import { checkGrade } from './rules.ts';
import type { EnrollStudentInput, FirstEnrollmentInput, TransferStudentInput, WithdrawStudentInput } from '../schema.types.ts';

/** May the viewer enroll somebody there, then, and in this grade? */
export async function checkEnrollment(input: FirstEnrollmentInput, { viewer, load }: Context): Promise<void> {
  const school = (await load(schoolById, input.schoolId)) ?? refuse('NOT_FOUND', `There is no school ${input.schoolId}.`);
  if (!holds(viewer, office, school.id)) refuse('FORBIDDEN', `Enrolling at ${school.name} is for its own office.`);
  if (school.closedOn && school.closedOn <= input.begins) refuse('SCHOOL_CLOSED', `${school.name} closed on ${school.closedOn}.`);
  checkGrade(school, input.gradeLevel);
}

/** Writes an enrollment in an open transaction; overlaps are refused by the database. Returns its id. */
export async function insertEnrollment(input: EnrollStudentInput, context: Context, { em }: Transaction): Promise<string> {
  await checkEnrollment(input, context);
  const { primary, ...enrollment } = input;
  const row = em.create(Enrollment, { ...enrollment, isPrimary: primary ?? true });
  await em.flush();
  return row.id;
}

export async function enrollStudent(input: EnrollStudentInput, context: Context): Promise<string> {
  return context.write((tx) => insertEnrollment(input, context, tx));
}

interface Ended {
  readonly id: string;
  readonly studentId: string;
  readonly schoolId: string;
  readonly isPrimary: boolean;
  readonly gradeLevel: string | null;
  readonly begins: string;
  readonly ends: string | null;
}

/** Ends an enrollment in an open transaction and tells StudentWithdrawn. Returns it as it was. */
async function endEnrollment({ enrollmentId, on, exitCode }: WithdrawStudentInput, context: Context, tx: Transaction): Promise<Ended> {
  const [enrollment] = await tx.query<Ended>(
    `select id, student_id as "studentId", school_id as "schoolId", is_primary as "isPrimary", grade_level as "gradeLevel",
         begins::text as begins, ends::text as ends from enrollment where id = $1`,
    [enrollmentId],
  );
  if (!enrollment) refuse('NOT_FOUND', `There is no enrollment ${enrollmentId} here.`);
  if (!holds(context.viewer, office, enrollment.schoolId)) refuse('FORBIDDEN', 'Withdrawing is for the office of the school.');
  if (on < enrollment.begins)
    refuse('DATES_INVALID', `The enrollment begins on ${enrollment.begins}; it cannot end on ${on}, before that.`);
  const ended = await tx.query(
    // Conditional on what was read: of two withdrawals at once, one finds that it came second.
    `update enrollment set ends = $2, exit_code = $3 where id = $1 and (ends is null or ends > $2) returning id`,
    [enrollmentId, on, exitCode],
  );
  if (!ended.length) refuse('ALREADY_WITHDRAWN', `The enrollment has already ended, on ${on} or before.`);
  await tx.tell(studentWithdrawn({ studentId: enrollment.studentId, schoolId: enrollment.schoolId, on }));
  return enrollment;
}

export async function withdrawStudent(input: WithdrawStudentInput, context: Context): Promise<string> {
  return context.write(async (tx) => (await endEnrollment(input, context, tx)).id);
}

/** Who: somebody of both offices. Out of one school and into the other is one act: the child is never in none, and never in two. */
export async function transferStudent(input: TransferStudentInput, context: Context): Promise<string> {
  return context.write(async (tx) => {
    const { enrollmentId, on, toSchoolId } = input;
    const from = await endEnrollment({ enrollmentId, on, exitCode: input.exitCode ?? 'TO_DISTRICT' }, context, tx);
    const gradeLevel = input.gradeLevel ?? from.gradeLevel ?? refuse('GRADE_UNKNOWN', 'The old enrollment tells no grade; name one.');
    const entryCode = input.entryCode ?? 'FROM_DISTRICT';
    const { studentId, isPrimary: primary } = from;
    return insertEnrollment({ studentId, schoolId: toSchoolId, gradeLevel, begins: on, entryCode, primary }, context, tx);
  });
}
