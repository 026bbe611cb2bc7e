import { columnsOf, type Transaction } from '@rollbook/subgraph';
import { CourseRequest, GraduationPlan, RequestSheet, type PlanRow, type RequestRow, type SheetRow } from './entities.ts';
import type { CourseFacts, Situation, Taken, Wanted } from './rules.ts';

type Query = Transaction['query'];

export const sheetColumns = columnsOf(RequestSheet, 's');
export const requestColumns = columnsOf(CourseRequest, 'r');

/** A school and a school year. */
export interface Year {
  readonly schoolId: string;
  readonly schoolYear: number;
}

/** What decides about every sheet of a school's year. */
export interface Offerings {
  readonly courses: ReadonlyMap<string, CourseFacts>;
  readonly numbered: ReadonlyMap<string, CourseFacts>;
  /** Periods of the day, and those of them in which everybody should have a class. */
  readonly periods: number;
  readonly expected: number;
  readonly plans: ReadonlyMap<string, PlanRow>;
}

/** A sheet with what stands on it, and what its student took. */
export interface OpenSheet {
  readonly row: SheetRow;
  readonly requests: readonly RequestRow[];
  readonly taken: readonly Taken[];
}

/** Courses that ended are offered to the end of the school year in which they did: a school year turns on 1 July. */
export async function offeringsOf(query: Query, { schoolId, schoolYear }: Year): Promise<Offerings> {
  const courses = await query<Omit<CourseFacts, 'credits' | 'periodLoad'> & { credits: string | null; periodLoad: string }>(
    `select c.id, c.number, c.title, c.subjects, c.grade_levels as "gradeLevels", c.credits, c.period_load as "periodLoad", c.repeatable,
       c.prerequisites, (c.ended_on is null or c.ended_on > make_date($2 - 1, 7, 1)) and (c.school_year is null or c.school_year = $2) as offered
     from course c where c.org_id = $1 or c.org_id is null or not exists (select from school s where s.id = c.org_id)
     order by c.number, c.id`,
    [schoolId, schoolYear],
  );
  const [day] = await query<{ periods: number; expected: number }>(
    'select count(*)::int as periods, count(*) filter (where not optional)::int as expected from period where school_id = $1',
    [schoolId],
  );
  const plans = await query<PlanRow>(`select ${columnsOf(GraduationPlan, 'p')} from graduation_plan p where p.school_id = $1`, [schoolId]);
  const facts = courses.map((course) => ({ ...course, credits: Number(course.credits ?? 0), periodLoad: Number(course.periodLoad) }));
  const offeredLast = facts.filter(({ number }) => number !== null).sort((a, b) => Number(a.offered) - Number(b.offered));
  return {
    courses: new Map(facts.map((course) => [course.id, course])),
    numbered: new Map(offeredLast.map((course) => [course.number!, course])),
    ...day!,
    plans: new Map(plans.map((plan) => [plan.id, plan])),
  };
}

/** The requests that stand on these sheets and their students' courses; sheets are given in the order wanted. */
export async function openSheets(query: Query, rows: readonly SheetRow[]): Promise<OpenSheet[]> {
  const requests = await query<RequestRow>(
    `select ${requestColumns} from course_request r where r.sheet_id = any($1) and r.status = 'REQUESTED' order by r.place, r.id`,
    [rows.map(({ id }) => id)],
  );
  const taken = await query<Omit<Taken, 'credits'> & { studentId: string; credits: string }>(
    `select h.student_id as "studentId", h.course_id as "courseId", h.course_number as "courseNumber", h.passed, h.credits
     from course_history h where h.student_id = any($1)`,
    [rows.map(({ studentId }) => studentId)],
  );
  const ofSheet = Map.groupBy(requests, ({ sheetId }) => sheetId);
  const ofStudent = Map.groupBy(taken, ({ studentId }) => studentId);
  return rows.map((row) => ({
    row,
    requests: ofSheet.get(row.id) ?? [],
    taken: (ofStudent.get(row.studentId) ?? []).map((each) => ({ ...each, credits: Number(each.credits) })),
  }));
}

/** What the rules are told of a sheet. */
export function situationOf({ row, taken }: Pick<OpenSheet, 'row' | 'taken'>, { plans, ...offerings }: Offerings): Situation {
  return { ...offerings, taken, gradeLevel: row.gradeLevel, plan: (row.planId && plans.get(row.planId)?.requirements) || [] };
}

/** A sheet as its rows have it. */
export const wantedOf = (requests: readonly RequestRow[]): Wanted[] =>
  requests.map(({ courseId, priority, alternates }) => ({ courseId, priority, alternates }));
