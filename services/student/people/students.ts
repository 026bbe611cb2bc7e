import { holds, refuse, rolesToward, staffRoles, todayIn } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type Transaction } from '@rollbook/subgraph';
import { checkEnrollment, insertEnrollment } from '../enrollment/enroll.ts';
import { aboutStudent, readAboutStudents, taughtByViewer } from './classrooms.ts';
import { Demographics, Student, type StudentRow } from './entities.ts';
import { office, requireOffice } from './office.ts';
import type { Checked } from '../schools/rules.ts';
import { checkName, prefixSpan } from './rules.ts';
import type { AddStudentInput, ChangeStudentInput, DemographicsInput, QueryStudentsArguments } from '../schema.types.ts';

/**
 * What a class list asks of each student comes in one statement: who they are, when they were born and the grade of the primary
 * enrollment that covers today. $1: the instant.
 */
const students = `select ${columnsOf(Student, 's')}, s.id as "studentId", d.birth_date as "birthDate", d.sex,
    (select max(e.grade_level) from enrollment e where e.student_id = s.id and e.is_primary
       and e.begins <= day_at(e.school_id, $1) and (e.ends is null or e.ends > day_at(e.school_id, $1))) as "gradeLevel"
  from student s left join demographics d on d.student_id = s.id`;

/** Those enrolled in one school ($2) today: found by the school, whose size bounds the search, and not by going through the district. */
const inSchool = `join (select student_id from enrollment where school_id = $2
    and begins <= (select day_at($2, $1)) and (ends is null or ends > (select day_at($2, $1))) offset 0) here on here.student_id = s.id`;

export const studentById = batch<string, StudentRow>(
  (ids, context) => readAboutStudents(context, `${students} where s.id = any($2)`, [context.now(), ids]),
  (student) => student.id,
);

/** The student as the viewer may see them; null for a stranger. */
export async function findStudent(id: string, { viewer, load }: Context): Promise<StudentRow | null> {
  const student = await load(studentById, id);
  return student && rolesToward(viewer, aboutStudent(student)).length ? student : null;
}

/** What a verb answers: the student as it is now, not as it was when the operation first looked. */
export async function studentNow(id: string, context: Context): Promise<StudentRow> {
  const [student] = await studentById.fetch([id], context);
  return student ?? refuse('NOT_FOUND', `There is no student ${id} here.`);
}

/** Students by name: those enrolled today in one school, or in all the schools in which the viewer works. */
export async function listStudents({ schoolId, filter, ...page }: QueryStudentsArguments, context: Context) {
  const { viewer, now } = context;
  if (!holds(viewer, staffRoles, schoolId)) refuse('FORBIDDEN', 'You do not work at this school, so its students are not yours to list.');
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  const wanted = (filter ?? '').trim();
  // In the schools whose office the viewer belongs to, all; elsewhere a teacher lists the students she teaches.
  const all = holds(viewer, ['DISTRICT_ADMINISTRATOR']) || (schoolId != null && holds(viewer, office, schoolId));
  const offices = viewer.grants.flatMap((grant) => (office.includes(grant.role) ? (grant.schoolId ?? []) : []));
  const only = all ? null : [...(await taughtByViewer(context))];
  const rows = await readAboutStudents<StudentRow>(
    context,
    // Who is on the page first, and then what is told of each.
    `with page as materialized (
       select s.id from student s ${schoolId ? inSchool : ''}
        where $3::text[] is not null and (${matching(wanted, schoolId != null)})
          and ($4::uuid[] is null or s.id = any($4) or ($2::uuid is null and s.school_ids && $7))
          and ($5::text[] is null or (s.sort_name, s.id) > ($5[1], $5[2]::uuid))
        order by s.sort_name, s.id limit $6)
     ${students} where s.id = any(array(select id from page)) order by s.sort_name, s.id`,
    [now(), schoolId ?? null, [wanted, ...prefixSpan(wanted.toLowerCase())], only, after, limit, offices],
  );
  return connectionOf(rows, limit, (student) => [student.sortName, student.id]);
}

/** How a filter is met: in one school by any name or the number, in the whole district by what an index finds. $3: filter, span. */
function matching(filter: string, inSchool: boolean): string {
  if (filter === '') return 'true';
  const byFamilyName = 's.sort_name >= $3[2] and s.sort_name < $3[3]';
  if (inSchool)
    return `${byFamilyName} or s.local_id = $3[1] or starts_with(lower(s.given_name), $3[2]) or starts_with(lower(s.preferred_given_name), $3[2])`;
  return /\d/.test(filter) ? 's.local_id = $3[1]' : byFamilyName;
}

/** Who: the office of the school that enrolls. The student and the first enrollment are one act. */
export async function addStudent({ enrollment, demographics, ...names }: AddStudentInput, context: Context): Promise<StudentRow> {
  checkName(names);
  await checkEnrollment(enrollment, context);
  const id = await context.write(async (tx) => {
    // Born with the school, so that row-level security lets the school's office write the row; partial: the database makes sortName.
    const student = tx.em.create(Student, { ...names, schoolIds: [enrollment.schoolId] }, { partial: true });
    await tx.em.flush();
    await insertEnrollment({ ...enrollment, studentId: student.id }, context, tx);
    if (demographics) await keepDemographics(student.id, demographics, tx);
    return student.id;
  });
  return studentNow(id, context);
}

/** Who: the office of a school in which the student is enrolled. What is not named in the input stays as it is. */
export async function changeStudent({ studentId, demographics, reason, ...changes }: ChangeStudentInput, context: Context) {
  await context.write(async (tx) => {
    await requireOffice(studentId, context, tx);
    const student = await tx.em.findOneOrFail(Student, { id: studentId });
    checkName({ ...student, ...changes });
    tx.em.assign(student, changes as Checked<typeof changes>);
    await tx.em.flush();
    if (demographics) await keepDemographics(studentId, demographics, tx);
  }, reason);
  return studentNow(studentId, context);
}

async function keepDemographics(studentId: string, input: DemographicsInput, { em }: Transaction): Promise<void> {
  const known = await em.findOne(Demographics, { studentId });
  const { races, ...told } = input;
  if (known) em.assign(known, { ...told, ...(races && { races: [...races] }) });
  else em.create(Demographics, { ...told, races: [...(races ?? [])], studentId });
  await em.flush();
}

/** The day it is at a school, or at the first of a student's schools. */
export async function todayAt(schoolId: string | undefined, { read, now }: Context): Promise<string> {
  if (!schoolId) return todayIn('UTC', now());
  const [school] = await read<{ timeZone: string }>('select time_zone as "timeZone" from school where id = $1', [schoolId]);
  return todayIn(school?.timeZone ?? 'UTC', now());
}

const demographicsOf = batch<string, { studentId: string }>(
  (ids, { read }) => read(`select ${columnsOf(Demographics, 'd')} from demographics d where d.student_id = any($1)`, [ids]),
  ({ studentId }) => studentId,
);

/** Birth date, sex and the rest: null when nothing was told. The student's relation to the viewer goes with it. */
export async function findDemographics(student: StudentRow, { load }: Context) {
  const row = await load(demographicsOf, student.id);
  return row && { ...row, schoolIds: student.schoolIds, teacherIds: student.teacherIds };
}
