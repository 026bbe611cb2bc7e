import { holds, isDistrictWide, refuse, type Role } from '@rollbook/school';
import { columnsOf, connectionOf, pageArguments, type Context, type Slice } from '@rollbook/subgraph';
import { schoolById, schoolFor } from '../calendar/schools.ts';
import { courseById } from './courses.ts';
import { Course, type CourseRow } from './entities.ts';
import { checkCredits, checkPeriodLoad, prerequisitesOf } from './rules.ts';
import type { AddCourseInput, Arguments, ChangeCourseInput, QueryCoursesArguments } from '../schema.types.ts';

const keepers: readonly Role[] = ['COUNSELOR', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'];

async function listCourses({ schoolId, filter, ...page }: QueryCoursesArguments, { read }: Context) {
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  const rows = await read<CourseRow>(
    `select ${columnsOf(Course, 'c')} from course c
       where (c.org_id = $1 or c.org_id is null or not exists (select from school s where s.id = c.org_id)) and c.ended_on is null
         and ($2::text is null or strpos(lower(c.title), lower($2)) > 0 or starts_with(lower(c.number), lower($2)))
         and ($3::text[] is null or (c.title, c.id) > ($3[1], $3[2]::uuid))
       order by c.title, c.id limit $4`,
    [schoolId ?? null, filter || null, after, limit],
  );
  return connectionOf(rows, limit, (course) => [course.title, course.id]);
}

/** Who: counselor or principal for a course of their school; a district administrator for one of the district. */
async function addCourse(input: AddCourseInput, context: Context): Promise<CourseRow> {
  checkCredits(input.credits);
  checkPeriodLoad(input.periodLoad);
  const prerequisites = prerequisitesOf(input.prerequisites ?? [], input.number);
  if (input.schoolId) await schoolFor(context, input.schoolId, keepers);
  else if (!isDistrictWide(context.viewer)) refuse('FORBIDDEN', 'A course of the whole district is added by a district administrator.');
  return context.write(async ({ query }) => {
    const [course] = await query<CourseRow>(
      `insert into course as c (org_id, number, title, credits, subjects, subject_codes, grade_levels, prerequisites, repeatable, period_load)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${columnsOf(Course, 'c')}`,
      [
        input.schoolId ?? null,
        input.number ?? null,
        input.title,
        input.credits ?? null,
        input.subjects ?? [],
        input.subjectCodes ?? [],
        input.gradeLevels ?? [],
        JSON.stringify(prerequisites),
        input.repeatable ?? false,
        input.periodLoad ?? '1',
      ],
    );
    return course!;
  });
}

/** Who: as for addCourse. */
async function changeCourse(input: ChangeCourseInput, context: Context): Promise<CourseRow> {
  checkCredits(input.credits);
  checkPeriodLoad(input.periodLoad);
  const course = await context.load(courseById, input.courseId);
  const mine = course && (course.orgId ? holds(context.viewer, keepers, course.orgId) : isDistrictWide(context.viewer));
  if (!mine) refuse('NOT_FOUND', `There is no course ${input.courseId} that you may change.`);
  const prerequisites = input.prerequisites ? JSON.stringify(prerequisitesOf(input.prerequisites, input.number ?? course.number)) : null;
  return context.write(async ({ query }) => {
    const [changed] = await query<CourseRow>(
      `update course c set number = coalesce($2, number), title = coalesce($3, title), credits = coalesce($4, credits),
         subjects = coalesce($5, subjects), subject_codes = coalesce($6, subject_codes), grade_levels = coalesce($7, grade_levels),
         prerequisites = coalesce($8, prerequisites), ended_on = coalesce($9, ended_on),
         repeatable = coalesce($10, repeatable), period_load = coalesce($11, period_load)
       where id = $1 returning ${columnsOf(Course, 'c')}`,
      [
        course.id,
        input.number ?? null,
        input.title ?? null,
        input.credits ?? null,
        input.subjects ?? null,
        input.subjectCodes ?? null,
        input.gradeLevels ?? null,
        prerequisites,
        input.endedOn ?? null,
        input.repeatable ?? null,
        input.periodLoad ?? null,
      ],
    );
    return changed!;
  });
}

export const catalog: Slice<Arguments> = {
  entities: [Course],
  refusals: { course_title_check: ['TITLE_MISSING', 'A course needs a title.'] },
  subjects: { Course: () => ({ schoolIds: null }) },
  resolvers: {
    Query: {
      course: (_, { id }, { load }) => load(courseById, id),
      courses: (_, page, context) => listCourses(page, context),
    },
    Mutation: {
      addCourse: (_, { input }, context) => addCourse(input, context),
      changeCourse: (_, { input }, context) => changeCourse(input, context),
    },
    Course: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(courseById, id),
      school: ({ orgId }: CourseRow, _, { load }) => (orgId ? load(schoolById, orgId) : null),
    },
  },
};
