import { refuse, type Role } from '@rollbook/school';
import { columnsOf, connectionOf, pageArguments, type Context } from '@rollbook/subgraph';
import { Period, type PeriodRow } from '../bellschedules/entities.ts';
import { periodById } from '../bellschedules/schedules.ts';
import { checkSpan } from '../calendar/rules.ts';
import { schoolFor } from '../calendar/schools.ts';
import { checkReason } from '../sections/rules.ts';
import { office } from './change.ts';
import { PeriodRelease, type GapRow, type ReleaseRow } from './entities.ts';
import { alarmAbove } from './rules.ts';
import type {
  QueryScheduleGapCountArguments,
  QueryStudentsWithoutFullScheduleArguments,
  ReleaseFromPeriodInput,
  SetOptionalPeriodsInput,
} from '../schema.types.ts';

const schedulers: readonly Role[] = ['PRINCIPAL', 'COUNSELOR', 'DISTRICT_ADMINISTRATOR'];

/** Who: the office of the school. One statement, on the facts as they are. */
export async function studentsWithoutFullSchedule(args: QueryStudentsWithoutFullScheduleArguments, context: Context) {
  const { schoolId, on, ...page } = args;
  await schoolFor(context, schoolId, office);
  const { after, limit } = pageArguments(page, ['date', 'uuid']);
  const rows = await context.read<GapRow>(
    `select $1::uuid as "schoolId", g.student_id as "studentId", g.grade_level as "gradeLevel", g.period_ids as "periodIds", g.classes, g.since
       from (select coalesce($2::date, placement_day($1, $3)) as day) d cross join lateral schedule_gaps($1, d.day) g
       where $4::text[] is null or (g.since, g.student_id) > ($4[1]::date, $4[2]::uuid)
       order by g.since, g.student_id limit $5`,
    [schoolId, on ?? null, context.now(), after, limit],
  );
  return connectionOf(rows, limit, ({ since, studentId }) => [since, studentId]);
}

/** Who: the office of the school. */
export async function scheduleGapCount({ schoolId, on }: QueryScheduleGapCountArguments, context: Context) {
  await schoolFor(context, schoolId, office);
  const [counted] = await context.read<{ on: string; students: number; withoutAny: number }>(
    `select d.day as "on", count(g.student_id)::integer as students, (count(*) filter (where g.classes = 0))::integer as "withoutAny"
       from (select coalesce($2::date, placement_day($1, $3)) as day) d left join lateral schedule_gaps($1, d.day) g on true group by d.day`,
    [schoolId, on ?? null, context.now()],
  );
  return { ...counted!, schoolId, alarm: counted!.students > alarmAbove };
}

/** Who: principal or counselor of the school, district administrator. */
export async function setOptionalPeriods({ schoolId, periodIds }: SetOptionalPeriodsInput, context: Context): Promise<PeriodRow[]> {
  await schoolFor(context, schoolId, schedulers);
  return context.write(async ({ query }) => {
    await query('update period set optional = not optional where school_id = $1 and optional <> (id = any($2))', [schoolId, periodIds]);
    const periods = await query<PeriodRow & { optional: boolean }>(
      `select ${columnsOf(Period, 'p')} from period p where p.school_id = $1 order by p.sort_order, p.name`,
      [schoolId],
    );
    const unknown = periodIds.find((id) => !periods.some((period) => period.id === id));
    if (unknown !== undefined) refuse('PERIOD_UNKNOWN', `The school has no period ${unknown}.`);
    return periods;
  });
}

/** Who: principal or counselor of the school, district administrator. */
export async function releaseFromPeriod({ reason, ...input }: ReleaseFromPeriodInput, context: Context): Promise<ReleaseRow> {
  const why = checkReason(reason);
  const period = (await context.load(periodById, input.periodId)) ?? refuse('NOT_FOUND', `There is no period ${input.periodId}.`);
  await schoolFor(context, period.schoolId, schedulers);
  if (input.ends) checkSpan({ begins: input.begins, ends: input.ends });
  return context.write(async ({ em }) => {
    const release = em.create(PeriodRelease, { ...input, schoolId: period.schoolId });
    await em.flush();
    return release as unknown as ReleaseRow;
  }, why);
}
