import { isUuid, mayRead, type Subject } from '@rollbook/school';
import { batch, connectionOf, pageArguments, type Context } from '@rollbook/subgraph';
import { calculationsOf, type CalculatedGrade } from '../gradebook/calculationOf.ts';
import type { EnrollmentRow } from '../marks/enrollments.ts';
import { readsDrafts } from '../marks/rules.ts';
import type { SectionRow } from '../rosters/entities.ts';
import type { SectionCalculatedGradesArguments } from '../schema.types.ts';

interface Key {
  readonly sectionId: string;
  readonly studentId: string;
  readonly gradingPeriodId: string | null;
}

/** A student's calculated grade with those who decide who may read it. */
export interface GradeRow extends CalculatedGrade, Key {
  readonly schoolId: string;
  readonly teacherIds: readonly string[];
}

export const gradeSubject = ({ schoolId, studentId, teacherIds }: GradeRow): Subject => ({ schoolIds: [schoolId], studentId, teacherIds });

/** Grades of whole classes, in one statement for all that an operation asks for. */
const gradesOfStudents = batch<Key, Key & CalculatedGrade>(
  async (keys, { read, now }) => {
    const groups = [...Map.groupBy(keys, ({ sectionId, gradingPeriodId }) => `${sectionId} ${gradingPeriodId}`).values()];
    const asked = groups.map((group) => ({ ...group[0]!, studentIds: group.map(({ studentId }) => studentId) }));
    const found = await calculationsOf(read, asked, now());
    return groups.flatMap((group, n) =>
      group.flatMap((key) => {
        const grade = found[n]!.get(key.studentId);
        return grade ? { ...grade, ...key } : [];
      }),
    );
  },
  ({ sectionId, studentId, gradingPeriodId }) => ({ sectionId, studentId, gradingPeriodId }),
  ({ sectionId, studentId, gradingPeriodId }) => `${sectionId} ${studentId} ${gradingPeriodId}`,
);

/** Null for a grading period that is none: nobody earned anything in it. */
export async function gradeOf(
  enrollment: EnrollmentRow,
  gradingPeriodId: string | null,
  { load, viewer }: Context,
): Promise<GradeRow | null> {
  if (gradingPeriodId !== null && !isUuid(gradingPeriodId)) return null;
  const { sectionId, studentId, schoolId, teacherIds } = enrollment;
  const grade = await load(gradesOfStudents, { sectionId, studentId, gradingPeriodId });
  if (!grade) return null;
  // An override is a teacher's, like a draft; the family sees the mark once it is posted.
  const overrides = readsDrafts(viewer, { schoolIds: [schoolId], studentId, teacherIds }) ? grade.overrides : [];
  return { ...grade, overrides, schoolId, teacherIds };
}

/** A page of the grades of those who sit in a section today, as far as the viewer may see them. */
export async function gradesOfSection(section: SectionRow, args: SectionCalculatedGradesArguments, context: Context) {
  const { gradingPeriodId = null, ...page } = args;
  const { after, limit } = pageArguments(page, ['uuid']);
  const { id: sectionId, schoolId, teacherIds } = section;
  const seats = await context.read<{ studentId: string }>(
    `select x.id as "studentId" from section_roster r, unnest(students_at(r, $2)) x (id)
      where r.section_id = $1 and ($3::text[] is null or x.id > $3[1]::uuid) and (works_at(r.school_id) or x.id = any (viewer_students()))
      order by x.id limit $4`,
    [sectionId, context.now().toISOString(), after, limit],
  );
  const rows = await Promise.all(
    seats.map(({ studentId }) => gradeOf({ sectionId, studentId, schoolId, teacherIds, latestMark: null }, gradingPeriodId, context)),
  );
  const seen = rows.filter((grade) => grade !== null && mayRead(context.viewer, 'GRADES', gradeSubject(grade))) as GradeRow[];
  return connectionOf(seen, limit, ({ studentId }) => [studentId]);
}
