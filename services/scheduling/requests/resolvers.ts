import { refuse, type Role } from '@rollbook/school';
import type { Context, Slice } from '@rollbook/subgraph';
import { schoolById, schoolFor } from '../calendar/schools.ts';
import { periodById } from '../bellschedules/schedules.ts';
import { courseById } from '../catalog/courses.ts';
import { loadList } from '../lists.ts';
import type { StudentRow } from '../rosters/rosters.ts';
import { counselors } from './counselors.ts';
import {
  CourseHistory,
  CourseRequest,
  GraduationPlan,
  RequestSheet,
  TeachingCapacity,
  type CapacityRow,
  type RequestRow,
  type SheetRow,
} from './entities.ts';
import {
  aboutStudent,
  capacitiesOf,
  listRequests,
  listToReview,
  planById,
  plansOf,
  requestsFor,
  reviewedSheet,
  sheetsFor,
  tally,
  yearAsked,
  type Tally,
} from './read.ts';
import type { Warning } from './rules.ts';
import { requestVerbs } from './verbs.ts';
import type { Arguments } from '../schema.types.ts';

const office: readonly Role[] = [...counselors, 'CLERK'];

/** The rest of a student is the student service's. */
const studentOf = ({ studentId, schoolId, teacherIds = [] }: SheetRow | RequestRow): StudentRow => ({
  id: studentId,
  schoolIds: [schoolId],
  teacherIds,
});
const coursesOf = async (ids: readonly string[], { load }: Context) =>
  (await Promise.all(ids.map((id) => load(courseById, id)))).filter((course) => course !== null);

export const requests: Slice<Arguments> = {
  entities: [GraduationPlan, RequestSheet, CourseRequest, CourseHistory, TeachingCapacity],
  subjects: {
    RequestSheet: aboutStudent,
    CourseRequest: aboutStudent,
    GraduationPlan: () => ({ schoolIds: null }),
    CourseTally: ({ schoolId }: Tally) => ({ schoolIds: [schoolId] }),
    TeachingCapacity: ({ schoolId }: CapacityRow) => ({ schoolIds: [schoolId] }),
  },
  refusals: {
    sheet_plan: ['PLAN_UNKNOWN', 'The school has no such graduation plan.'],
    sheet_year: ['SCHOOL_YEAR_INVALID', 'A school year is named by the year it ends in, such as 2027.'],
    capacity_sections: ['CAPACITY_INVALID', 'Somebody teaches no section or more.'],
    capacity_preparation: ['CAPACITY_INVALID', 'No period or more is left for preparation.'],
  },
  resolvers: {
    Query: {
      courseRequests: async (_, args, context) => {
        await schoolFor(context, args.schoolId, office);
        return listRequests(args, context);
      },
      requestTally: async (_, { schoolId, schoolYear }, context) => {
        await schoolFor(context, schoolId, counselors);
        return tally(schoolId, await yearAsked(schoolYear, schoolId, context), context);
      },
      studentsToReview: async (_, args, context) => {
        await schoolFor(context, args.schoolId, counselors);
        return listToReview(args, context);
      },
      graduationPlans: async (_, { schoolId }, context) => {
        if (!(await context.load(schoolById, schoolId))) refuse('NOT_FOUND', `There is no school ${schoolId}.`);
        return plansOf(schoolId, context);
      },
      teachingCapacities: async (_, { schoolId, schoolYear }, context) => {
        await schoolFor(context, schoolId, counselors);
        return capacitiesOf(schoolId, await yearAsked(schoolYear, schoolId, context), context);
      },
    },
    Mutation: requestVerbs!,
    Student: {
      courseRequests: (student: StudentRow, { schoolYear }, context) => requestsFor(student, schoolYear, context),
      requestSheets: (student: StudentRow, { schoolYear }, context) => sheetsFor(student, schoolYear, context),
    },
    RequestSheet: {
      student: studentOf,
      school: ({ schoolId }: SheetRow, _, { load }) => load(schoolById, schoolId),
      plan: async ({ planId }: SheetRow, _, context) => (planId ? ((await loadList(context, planById, planId))[0] ?? null) : null),
      requests: async (sheet: SheetRow, _, context) => (await reviewedSheet(sheet, context)).requests,
      warnings: async (sheet: SheetRow, _, context) => (await reviewedSheet(sheet, context)).warnings,
      credits: async (sheet: SheetRow, _, context) => (await reviewedSheet(sheet, context)).credits,
    },
    CourseRequest: {
      student: studentOf,
      school: ({ schoolId }: RequestRow, _, { load }) => load(schoolById, schoolId),
      course: ({ courseId }: RequestRow, _, { load }) => load(courseById, courseId),
      alternates: ({ alternates }: RequestRow, _, context) => coursesOf(alternates, context),
    },
    RequestWarning: {
      course: ({ courseId }: Warning, _, { load }) => (courseId ? load(courseById, courseId) : null),
    },
    CourseTally: {
      course: ({ courseId }: Tally, _, { load }) => load(courseById, courseId),
    },
    TeachingCapacity: {
      staff: ({ staffId }: CapacityRow) => ({ id: staffId }),
      courses: ({ courseIds }: CapacityRow, _, context) => coursesOf(courseIds, context),
    },
    UnavailablePeriod: {
      period: ({ periodId }: { periodId: string }, _, { load }) => load(periodById, periodId),
    },
  },
};
