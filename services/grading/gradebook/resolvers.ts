import { isUuid, refuse } from '@rollbook/school';
import { type Context, type Slice, type Transaction } from '@rollbook/subgraph';
import type { EnrollmentRow } from '../marks/enrollments.ts';
import type { SectionRow } from '../rosters/entities.ts';
import { aboutSection, findSection, sectionToGrade } from '../rosters/resolvers.ts';
import { findStandard } from '../standards/resolvers.ts';
import { assignmentsOf, categoriesOfSection, categorySubject, findAssignment, findCategory } from './assignments.ts';
import { Assignment, Category, Score, type AssignmentRow, type CategoryRow, type ScoreRow } from './entities.ts';
import { copyGradebook, type Copied } from './copyGradebook.ts';
import { fillScores } from './fillScores.ts';
import { finishGradebookImport } from './imports/finish.ts';
import { importCategories } from './imports/categories.ts';
import { importLineItems } from './imports/lineItems.ts';
import { importResults } from './imports/results.ts';
import { checkDescription, checkDropLowest, checkRange, checkTitle, checkWeight } from './rules.ts';
import { saveScores } from './saveScores.ts';
import { findScore, scoresOf, scoreSubject } from './scores.ts';
import { undoScores } from './undoScores.ts';
import type { AddAssignmentInput, AddCategoryInput, Arguments, ChangeAssignmentInput } from '../schema.types.ts';

/** Who: those who teach the section today; the principal. */
async function addCategory(input: AddCategoryInput, context: Context): Promise<CategoryRow> {
  const { schoolId, teacherIds, studentIds } = await sectionToGrade(input.sectionId, context);
  checkTitle(input.title);
  checkWeight(input.weight);
  checkDropLowest(input.dropLowest);
  const { dropLowest, extraCredit, ...content } = input;
  return context.write(async ({ em }) => {
    const own = { title: input.title.trim(), schoolId, dropLowest: dropLowest ?? 0, extraCredit: extraCredit ?? false };
    const category = em.create(Category, { ...content, ...own });
    await em.flush();
    return { ...category, teacherIds, studentIds } as unknown as CategoryRow;
  });
}

type AssignmentContent = Omit<ChangeAssignmentInput, 'id'>;

/** Who: those who teach the section today; the principal. */
async function addAssignment({ sectionId, ...content }: AddAssignmentInput, context: Context): Promise<AssignmentRow> {
  const { schoolId, teacherIds, studentIds } = await sectionToGrade(sectionId, context);
  checkContent(content);
  return context.write(async ({ em, query }) => {
    await checkReferences({ sectionId, schoolId }, content, query);
    const usual = { lowest: content.lowest ?? '0', extraCredit: content.extraCredit ?? false };
    const assignment = em.create(Assignment, { ...content, ...usual, sectionId, schoolId });
    await em.flush();
    return { ...assignment, teacherIds, studentIds } as unknown as AssignmentRow;
  });
}

/** Who: those who teach its section today; the principal. */
async function changeAssignment({ id, ...content }: ChangeAssignmentInput, context: Context): Promise<AssignmentRow> {
  const found = (await findAssignment(id, context)) ?? refuse('NOT_FOUND', `There is no assignment ${id} in a school of yours.`);
  const { teacherIds, studentIds } = await sectionToGrade(found.sectionId, context);
  if (content.title === null) refuse('TITLE_INVALID', 'An assignment has a title; leave it out to keep the one it has.');
  if (content.lowest === null) refuse('RANGE_INVALID', 'An assignment has a lowest score; leave it out to keep the one it has.');
  checkContent(content);
  return context.write(async ({ em, query }) => {
    await checkReferences(found, content, query);
    const assignment = await em.findOneOrFail(Assignment, { id });
    const { extraCredit, ...rest } = content;
    em.assign(assignment, extraCredit == null ? rest : { ...rest, extraCredit });
    await em.flush();
    return { ...assignment, teacherIds, studentIds } as unknown as AssignmentRow;
  });
}

function checkContent({ title, description, lowest, highest }: AssignmentContent): void {
  if (title != null) checkTitle(title);
  checkDescription(description);
  checkRange(lowest, highest);
}

interface Place {
  readonly sectionId: string;
  readonly schoolId: string;
}

/** An assignment counts in a category of its section or the district, for a grading period and a standard that exist. */
async function checkReferences({ sectionId, schoolId }: Place, content: AssignmentContent, query: Transaction['query']): Promise<void> {
  const { categoryId, gradingPeriodId, standardId } = content;
  const known = async (sql: string, id: string, ...more: string[]) => isUuid(id) && (await query(sql, [id, ...more])).length > 0;
  const category = `select from category where id = $1 and (section_id is null or section_id = $2) and withdrawn_on is null`;
  if (categoryId && !(await known(category, categoryId, sectionId)))
    refuse('CATEGORY_UNKNOWN', `This section has no category ${categoryId}; add it with addCategory.`);
  if (gradingPeriodId && !(await known('select from grading_period where id = $1', gradingPeriodId)))
    refuse('GRADING_PERIOD_UNKNOWN', `There is no grading period ${gradingPeriodId}.`);
  const standard = 'select from standard where id = $1 and (school_id is null or school_id = $2)';
  if (standardId != null && !(await known(standard, standardId, schoolId)))
    refuse('STANDARD_UNKNOWN', `There is no standard ${standardId} of this school or the district.`);
}

export const gradebook: Slice<Arguments> = {
  entities: [Category, Assignment, Score],
  subjects: {
    Category: categorySubject,
    Assignment: aboutSection,
    Score: scoreSubject,
  },
  refusals: {
    category_title: ['CATEGORY_EXISTS', 'This section has a category of this title already.'],
    assignment_dates: ['DATES_INVALID', 'An assignment is due on the day it is given or later.'],
    assignment_range: ['RANGE_INVALID', 'The highest score is not below the lowest.'],
  },
  resolvers: {
    Query: {
      assignment: async (_, { id }, context) => findAssignment(id, context),
    },
    Mutation: {
      addCategory: (_, { input }, context) => addCategory(input, context),
      addAssignment: (_, { input }, context) => addAssignment(input, context),
      changeAssignment: (_, { input }, context) => changeAssignment(input, context),
      saveScores: (_, { input }, context) => saveScores(input, context),
      fillScores: (_, { input }, context) => fillScores(input, context),
      undoScores: (_, { input }, context) => undoScores(input, context),
      copyGradebook: (_, { input }, context) => copyGradebook(input, context),
      importCategories: (_, { input }, context) => importCategories(input, context),
      importLineItems: (_, { input }, context) => importLineItems(input, context),
      importResults: (_, { input }, context) => importResults(input, context),
      finishGradebookImport: (_, { input }, context) => finishGradebookImport(input, context),
    },
    Section: {
      gradingCategories: async ({ id }: SectionRow, _, { load }) => (await load(categoriesOfSection, id))?.categories ?? [],
      assignments: ({ id }: SectionRow, page, context) => assignmentsOf(id, page, context),
    },
    SectionEnrollment: {
      scores: (enrollment: EnrollmentRow, page, context) => scoresOf(enrollment, page, context),
    },
    Category: {
      __resolveReference: ({ id }: { id: string }, context: Context) => findCategory(id, context),
      section: ({ sectionId }: CategoryRow, _, context) => (sectionId ? findSection(sectionId, context) : null),
    },
    Assignment: {
      __resolveReference: ({ id }: { id: string }, context: Context) => findAssignment(id, context),
      section: ({ sectionId, schoolId, teacherIds, studentIds }: AssignmentRow): SectionRow => ({
        ...{ id: sectionId, schoolId, teacherIds, studentIds },
      }),
      category: ({ categoryId }: AssignmentRow, _, context) => (categoryId ? findCategory(categoryId, context) : null),
      gradingPeriod: ({ gradingPeriodId }: AssignmentRow) => (gradingPeriodId ? { id: gradingPeriodId } : null),
      standard: ({ standardId }: AssignmentRow, _, context) => (standardId ? findStandard(standardId, context) : null),
    },
    CopyGradebookAnswer: {
      section: ({ toSectionId }: Copied, _, context) => findSection(toSectionId, context),
    },
    Score: {
      __resolveReference: ({ id }: { id: string }, context: Context) => findScore(id, context),
      student: ({ studentId, schoolId, teacherIds }: ScoreRow) => ({ id: studentId, schoolIds: [schoolId], teacherIds }),
      assignment: ({ assignmentId }: ScoreRow, _, context) => findAssignment(assignmentId, context),
      value: ({ points }: ScoreRow) => points,
      savedBy: ({ savedBy }: ScoreRow) => ({ id: savedBy }),
    },
  },
};
