import { holds, refuse } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type Slice } from '@rollbook/subgraph';
import { aboutStudent, readAboutStudents, taughtByViewer } from '../people/classrooms.ts';
import type { StudentRow } from '../people/entities.ts';
import { office } from '../people/office.ts';
import { studentById } from '../people/students.ts';
import type { SchoolRow } from '../schools/entities.ts';
import { schoolById } from '../schools/resolvers.ts';
import { enrollStudent, transferStudent, withdrawStudent } from './enroll.ts';
import { Enrollment, EntryCode, ExitCode, type CodeRow, type EnrollmentRow } from './entities.ts';
import type {
  AddEntryCodeInput,
  AddExitCodeInput,
  Arguments,
  QueryEnrollmentCountArguments,
  SchoolEnrollmentsArguments,
} from '../schema.types.ts';

const columns = `${columnsOf(Enrollment, 'e')}, s.school_ids as "schoolIds"`;
const covering = (day: string) => `e.begins <= ${day} and (e.ends is null or e.ends > ${day})`;

const enrollmentById = batch<string, EnrollmentRow>(
  (ids, context) =>
    readAboutStudents(context, `select ${columns} from enrollment e join student s on s.id = e.student_id where e.id = any($1)`, [ids]),
  (enrollment) => enrollment.id,
);

/** All enrollments of a student, the first one first. */
const enrollmentsOf = batch<string, { studentId: string; rows: EnrollmentRow[] }>(
  async (studentIds, context) => {
    const rows = await readAboutStudents<EnrollmentRow>(
      context,
      `select ${columns} from enrollment e join student s on s.id = e.student_id where e.student_id = any($1) order by e.begins, e.id`,
      [studentIds],
    );
    return [...Map.groupBy(rows, (row) => row.studentId)].map(([studentId, rows]) => ({ studentId, rows }));
  },
  ({ studentId }) => studentId,
);

/** Where a student is enrolled today; the primary school first. */
const presentOf = batch<string, { studentId: string; schoolIds: string[] }>(
  (studentIds, { read, now }) =>
    read(
      `select e.student_id as "studentId", array_agg(e.school_id order by e.is_primary desc, e.begins) as "schoolIds"
         from enrollment e where e.student_id = any($1) and ${covering('day_at(e.school_id, $2)')} group by e.student_id`,
      [studentIds, now()],
    ),
  ({ studentId }) => studentId,
);

/** Who is enrolled at a school on a day, by name. A teacher sees the students she teaches. */
async function rosterOf(school: SchoolRow, { asOf, gradeLevel, ...page }: SchoolEnrollmentsArguments, context: Context) {
  const { viewer, now } = context;
  if (!holds(viewer, ['TEACHER', ...office], school.id)) refuse('FORBIDDEN', `The roster of ${school.name} is for its staff.`);
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  const only = holds(viewer, office, school.id) ? null : [...(await taughtByViewer(context))];
  const rows = await readAboutStudents<EnrollmentRow & { sortName: string }>(
    context,
    `select ${columns}, s.sort_name as "sortName" from enrollment e join student s on s.id = e.student_id
       cross join coalesce($2::date, day_at($1, $3)) as day
       where e.school_id = $1 and ${covering('day')} and ($4::text is null or e.grade_level = $4) and ($5::uuid[] is null or s.id = any($5))
         and ($6::text[] is null or (s.sort_name, e.id) > ($6[1], $6[2]::uuid))
       order by s.sort_name, e.id limit $7`,
    [school.id, asOf ?? null, now(), gradeLevel ?? null, only, after, limit],
  );
  return connectionOf(rows, limit, (row) => [row.sortName, row.id]);
}

/** How many students count at a school (or in the district) on a day: primary enrollments that cover it. */
async function enrollmentCount({ schoolId, asOf }: QueryEnrollmentCountArguments, { viewer, read, now }: Context) {
  if (!holds(viewer, schoolId ? office : ['DISTRICT_ADMINISTRATOR'], schoolId))
    refuse('FORBIDDEN', schoolId ? 'Only the office of the school counts its students.' : 'Name a school: the district is counted by its own staff.'); // prettier-ignore
  const [{ count }] = (await read<{ count: number }>(
    // Materialized: each school's day is worked out once, not once for each student.
    `with days as materialized (select id, coalesce($2::date, day_at(id, $3)) as day from school where $1::uuid is null or id = $1)
       select count(*)::int as count from days join enrollment e on e.school_id = days.id and e.is_primary and ${covering('days.day')}`,
    [schoolId ?? null, asOf ?? null, now()],
  )) as [{ count: number }];
  return count;
}

async function addCode(
  entity: typeof EntryCode | typeof ExitCode,
  input: AddEntryCodeInput | AddExitCodeInput,
  context: Context,
): Promise<CodeRow> {
  return context.write(async ({ em }) => {
    em.create(entity, input);
    await em.flush();
    return input;
  });
}

/** What a verb answers: the enrollment as it is now. */
async function enrollmentNow(id: string, context: Context): Promise<EnrollmentRow> {
  const [enrollment] = await enrollmentById.fetch([id], context);
  return enrollment ?? refuse('NOT_FOUND', `There is no enrollment ${id} here.`);
}

const anyCode = (code: CodeRow) => code && { schoolIds: null };

export const enrollment: Slice<Arguments> = {
  entities: [Enrollment, EntryCode, ExitCode],
  subjects: { Enrollment: aboutStudent, EntryCode: anyCode, ExitCode: anyCode },
  refusals: {
    enrollment_one_primary: [
      'ENROLLED_ELSEWHERE',
      'On some of these days the student is enrolled at a school already that counts them: withdraw or transfer the student first.',
    ],
    enrollment_once_in_school: ['ENROLLED_ALREADY', 'On some of these days the student is enrolled at this school already.'],
    enrollment_student_id_fkey: ['NOT_FOUND', 'There is no student with this id.'],
    enrollment_entry_code: ['ENTRY_CODE_UNKNOWN', 'This entry code is not in the list `entryCodes`.'],
    enrollment_exit_code: ['EXIT_CODE_UNKNOWN', 'This exit code is not in the list `exitCodes`.'],
    entry_code_pkey: ['CODE_TAKEN', 'There is an entry code with this name already.'],
    exit_code_pkey: ['CODE_TAKEN', 'There is an exit code with this name already.'],
  },
  resolvers: {
    Query: {
      enrollmentCount: (_, args, context) => enrollmentCount(args, context),
      entryCodes: (_, __, { read }) => read('select code, description from entry_code order by code'),
      exitCodes: (_, __, { read }) => read('select code, description from exit_code order by code'),
    },
    Mutation: {
      enrollStudent: async (_, { input }, context) => enrollmentNow(await enrollStudent(input, context), context),
      withdrawStudent: async (_, { input }, context) => enrollmentNow(await withdrawStudent(input, context), context),
      transferStudent: async (_, { input }, context) => enrollmentNow(await transferStudent(input, context), context),
      addEntryCode: (_, { input }, context) => addCode(EntryCode, input, context),
      addExitCode: (_, { input }, context) => addCode(ExitCode, input, context),
    },
    Enrollment: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(enrollmentById, id),
      student: (row: EnrollmentRow, _, { load }) => load(studentById, row.studentId),
      school: (row: EnrollmentRow, _, { load }) => load(schoolById, row.schoolId),
      primary: (row: EnrollmentRow) => row.isPrimary,
    },
    School: {
      enrollments: (school: SchoolRow, args, context) => rosterOf(school, args, context),
    },
    Student: {
      enrollments: async (student: StudentRow, _, { load }) => (await load(enrollmentsOf, student.id))?.rows ?? [],
      gradeLevel: ({ gradeLevel }: StudentRow) => gradeLevel,
      schools: async (student: StudentRow, _, { load }) => {
        const present = (await load(presentOf, student.id))?.schoolIds ?? [];
        return Promise.all(present.map((id) => load(schoolById, id)));
      },
    },
  },
};
