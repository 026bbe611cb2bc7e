import { isUuid, refuse } from '@rollbook/school';
import { columnsOf, type Context, type Transaction } from '@rollbook/subgraph';
import { schoolFor } from '../calendar/schools.ts';
import { counselors } from './counselors.ts';
import { GraduationPlan, TeachingCapacity, type CapacityRow, type PlanRow } from './entities.ts';
import type { SetGraduationPlanInput, SetTeachingCapacityInput } from '../schema.types.ts';

/** Who: counselor or principal of the school, district administrator. */
export async function setGraduationPlan({ schoolId, name, requirements }: SetGraduationPlanInput, context: Context): Promise<PlanRow> {
  await schoolFor(context, schoolId, counselors);
  const subjects = requirements.map(({ subject }) => subject.trim());
  if (!name.trim() || subjects.includes('')) refuse('PLAN_INVALID', 'A plan and its subjects have names.');
  if (new Set(subjects).size < subjects.length) refuse('PLAN_INVALID', 'A plan names a subject once.');
  if (requirements.some(({ credits }) => !(credits >= 0 && credits < 1_000))) refuse('PLAN_INVALID', 'Credits are between 0 and 1,000.');
  return context.write(async ({ query }) => {
    const [plan] = await query<PlanRow>(
      `insert into graduation_plan as p (school_id, name, requirements) values ($1, $2, $3)
         on conflict on constraint plan_name do update set requirements = excluded.requirements returning ${columnsOf(GraduationPlan, 'p')}`,
      [schoolId, name.trim(), JSON.stringify(requirements)],
    );
    return plan!;
  });
}

/** What somebody could teach, as it is kept. */
export type Capacity = Omit<CapacityRow, 'id' | 'schoolId' | 'schoolYear'>;

/** Who: as for setGraduationPlan. */
export async function setTeachingCapacity(input: SetTeachingCapacityInput, context: Context): Promise<CapacityRow> {
  const { schoolId, schoolYear, staffId } = input;
  await schoolFor(context, schoolId, counselors);
  if (!isUuid(staffId)) refuse('STAFF_UNKNOWN', `"${staffId}" is the id of nobody.`);
  const capacity: Capacity = {
    staffId,
    courseIds: input.courseIds ?? [],
    subjects: input.subjects ?? [],
    maxSections: input.maxSections,
    preparationPeriods: input.preparationPeriods ?? 0,
    unavailable: (input.unavailable ?? []).map(({ periodId, days }) => ({ periodId, days: days ?? [] })),
  };
  return context.write(async (tx) => {
    await checkNames(tx, schoolId, capacity);
    const [row] = await tx.query<CapacityRow>(`${writeCapacities} returning ${columnsOf(TeachingCapacity, 'c')}`, [
      schoolId,
      schoolYear,
      JSON.stringify([capacity]),
    ]);
    return row!;
  });
}

/** $1 the school, $2 the school year, $3 a JSON list of capacities. */
export const writeCapacities = `
  insert into teaching_capacity as c
    (school_id, school_year, staff_id, course_ids, subjects, max_sections, preparation_periods, unavailable)
    select $1, $2, w."staffId", w."courseIds", w.subjects, w."maxSections", w."preparationPeriods", w.unavailable
    from jsonb_to_recordset($3) as w ("staffId" uuid, "courseIds" uuid[], subjects text[], "maxSections" int, "preparationPeriods" int,
      unavailable jsonb)
  on conflict on constraint capacity_once do update set
    (course_ids, subjects, max_sections, preparation_periods, unavailable) =
    (excluded.course_ids, excluded.subjects, excluded.max_sections, excluded.preparation_periods, excluded.unavailable)`;

async function checkNames({ query }: Transaction, schoolId: string, { courseIds, unavailable }: Capacity): Promise<void> {
  const periodIds = unavailable.map(({ periodId }) => periodId);
  const known = await query<{ id: string }>(
    `select id from course where id::text = any($1) union all select id from period where id::text = any($2) and school_id = $3`,
    [courseIds, periodIds, schoolId],
  );
  const ids = new Set(known.map(({ id }) => id));
  const course = courseIds.find((id) => !ids.has(id));
  if (course !== undefined) refuse('COURSE_UNKNOWN', `There is no course ${course}.`);
  const period = periodIds.find((id) => !ids.has(id));
  if (period !== undefined) refuse('PERIOD_UNKNOWN', `The school has no period ${period}.`);
}
