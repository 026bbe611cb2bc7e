import type { Context, Slice } from '@rollbook/subgraph';
import type { CategoryArithmetic, ScoreArithmetic } from '../gradebook/calculation.ts';
import type { Override } from '../gradebook/calculationOf.ts';
import { findAssignment, findCategory } from '../gradebook/assignments.ts';
import type { StandardArithmetic } from '../gradebook/standards.ts';
import type { EnrollmentRow } from '../marks/enrollments.ts';
import type { SectionRow } from '../rosters/entities.ts';
import { aboutSection } from '../rosters/resolvers.ts';
import { findRubric, findStandard } from '../standards/resolvers.ts';
import { gradeOf, gradesOfSection, gradeSubject, type GradeRow } from './calculatedGrades.ts';
import { GradebookRules, GradeOverride, GradingScale, type GradebookRulesRow, type GradingScaleRow } from './entities.ts';
import { overrideGrade } from './overrides.ts';
import { gradingScale, setGradingScale } from './scales.ts';
import { changeGradebook, gradebookRulesOf } from './settings.ts';
import type { Arguments } from '../schema.types.ts';

const assignment = ({ assignmentId }: { assignmentId: string }, _: unknown, context: Context) => findAssignment(assignmentId, context);

/** The override in force: the newest, unless it says that the calculated mark holds again. */
const inForce = ({ overrides: [newest] }: GradeRow): Override | null => (newest?.mark ? newest : null);

const rulesField = Object.fromEntries(
  (
    [
      'method',
      'renormalize',
      'dropLowest',
      'late',
      'countIncomplete',
      'incompleteMark',
      'curve',
      'minimum',
      'places',
      'newestCounts',
    ] as const
  ).map((name) => [name, ({ rules }: GradebookRulesRow) => rules[name]]),
);

export const grades: Slice<Arguments> = {
  entities: [GradingScale, GradebookRules, GradeOverride],
  subjects: {
    // As with the marks that may be given: a fact of the institution.
    GradingScale: () => ({ schoolIds: null }),
    GradebookRules: aboutSection,
    CalculatedGrade: gradeSubject,
  },
  resolvers: {
    Query: {
      gradingScale: (_, { schoolId }, context) => gradingScale(schoolId, context),
    },
    Mutation: {
      setGradingScale: (_, { input }, context) => setGradingScale(input, context),
      changeGradebook: (_, { input }, context) => changeGradebook(input, context),
      overrideGrade: (_, { input }, context) => overrideGrade(input, context),
    },
    Section: {
      gradebookRules: (section: SectionRow, _, context) => gradebookRulesOf(section, context),
      calculatedGrades: (section: SectionRow, args, context) => gradesOfSection(section, args, context),
    },
    SectionEnrollment: {
      calculatedGrade: (enrollment: EnrollmentRow, { gradingPeriodId = null }, context) => gradeOf(enrollment, gradingPeriodId, context),
    },
    GradingScale: {
      school: ({ schoolId }: GradingScaleRow) => (schoolId ? { id: schoolId } : null),
    },
    GradebookRules: {
      ...rulesField,
      section: ({ sectionId: id, ...section }: GradebookRulesRow): SectionRow => ({ id, ...section }),
      missingPercent: ({ rules }: GradebookRulesRow) => rules.missing.percent,
      missingAfterDays: ({ rules }: GradebookRulesRow) => rules.missing.afterDays,
      standardsMethod: ({ rules }: GradebookRulesRow) => rules.standards,
      rubric: ({ rubricId }: GradebookRulesRow, _, context) => (rubricId ? findRubric(rubricId, context) : null),
    },
    CalculatedGrade: {
      student: ({ studentId, schoolId, teacherIds }: GradeRow) => ({ id: studentId, schoolIds: [schoolId], teacherIds }),
      section: ({ sectionId, schoolId, teacherIds, studentId }: GradeRow): SectionRow => ({
        ...{ id: sectionId, schoolId, teacherIds, studentIds: [studentId] },
      }),
      gradingPeriod: ({ gradingPeriodId }: GradeRow) => (gradingPeriodId ? { id: gradingPeriodId } : null),
      mark: (grade: GradeRow) => inForce(grade)?.mark ?? grade.mark,
      calculatedMark: ({ mark }: GradeRow) => mark,
      override: inForce,
      places: ({ rounding }: GradeRow) => rounding.places,
    },
    CalculatedCategory: {
      category: ({ id }: CategoryArithmetic, _, context) => (id ? findCategory(id, context) : null),
    },
    CalculatedScore: { assignment: (score: ScoreArithmetic, _, context) => assignment(score, _, context) },
    CalculatedStandard: {
      standard: ({ id }: StandardArithmetic, _, context) => findStandard(id, context),
    },
    StandardEvidence: { assignment },
    GradeOverride: {
      reason: ({ said }: Override) => said,
      at: ({ at }: Override) => new Date(at),
      by: ({ by }: Override) => ({ id: by }),
    },
  },
};
