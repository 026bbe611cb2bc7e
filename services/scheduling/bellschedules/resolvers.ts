import { refuse, type Role } from '@rollbook/school';
import { columnsOf, type Context, type Slice } from '@rollbook/subgraph';
import { schoolFor } from '../calendar/schools.ts';
import { batchOfLists, loadList } from '../lists.ts';
import {
  BellSchedule,
  BellScheduleTime,
  BellScheduleUse,
  Period,
  type BellScheduleRow,
  type BellScheduleTimeRow,
  type BellScheduleUseRow,
  type PeriodRow,
} from './entities.ts';
import { checkPeriodNames, checkPeriods, checkTimes } from './rules.ts';
import { bellScheduleById, periodById } from './schedules.ts';
import type { Arguments, SetBellScheduleInput, SetPeriodsInput, UseBellScheduleInput } from '../schema.types.ts';

const keepers: readonly Role[] = ['PRINCIPAL', 'COUNSELOR', 'DISTRICT_ADMINISTRATOR'];

const periodsOfSchool = batchOfLists<string, PeriodRow>(
  (schoolIds, { read }) =>
    read(`select ${columnsOf(Period, 'p')} from period p where p.school_id = any($1) order by p.sort_order, p.name`, [schoolIds]),
  (period) => period.schoolId,
);
const bellSchedulesOfSchool = batchOfLists<string, BellScheduleRow>(
  (schoolIds, { read }) =>
    read(`select ${columnsOf(BellSchedule, 'b')} from bell_schedule b where b.school_id = any($1) order by b.name`, [schoolIds]),
  (schedule) => schedule.schoolId,
);
const timesOfSchedule = batchOfLists<string, BellScheduleTimeRow>(
  (ids, { read }) =>
    read(
      `select t.bell_schedule_id as "bellScheduleId", t.period_id as "periodId", t.label,
         to_char(t.starts_at, 'HH24:MI') as "startsAt", to_char(t.ends_at, 'HH24:MI') as "endsAt"
       from bell_schedule_time t where t.bell_schedule_id = any($1) order by t.starts_at, t.ends_at, t.id`,
      [ids],
    ),
  (time) => time.bellScheduleId,
);
const usesOfSchedule = batchOfLists<string, BellScheduleUseRow>(
  (ids, { read }) =>
    read(`select ${columnsOf(BellScheduleUse, 'u')} from bell_schedule_use u where u.bell_schedule_id = any($1) order by u.begins, u.id`, [
      ids,
    ]),
  (use) => use.bellScheduleId,
);

async function bellScheduleOn(schoolId: string, date: string, track: string | null | undefined, { read }: Context) {
  const [schedule] = await read<BellScheduleRow>(
    `select ${columnsOf(BellSchedule, 'b')} from school_day($1, $2, $3) d join bell_schedule b on b.id = d.bell_schedule_id`,
    [schoolId, track ?? '', date],
  );
  return schedule ?? null;
}

/** Who: principal or counselor of the school, district administrator. */
async function setPeriods({ schoolId, names }: SetPeriodsInput, context: Context): Promise<PeriodRow[]> {
  checkPeriodNames(names);
  await schoolFor(context, schoolId, keepers);
  return context.write(async ({ query }) => {
    await query(
      `insert into period as p (school_id, name, sort_order)
         select $1, name, place from unnest($2::text[]) with ordinality as n (name, place)
       on conflict on constraint period_name do update set sort_order = excluded.sort_order where p.sort_order <> excluded.sort_order`,
      [schoolId, names],
    );
    return query(`select ${columnsOf(Period, 'p')} from period p where p.school_id = $1 order by p.sort_order, p.name`, [schoolId]);
  });
}

/** Who: principal or counselor of the school, district administrator. */
async function setBellSchedule({ schoolId, name, times }: SetBellScheduleInput, context: Context): Promise<BellScheduleRow> {
  checkTimes(times);
  await schoolFor(context, schoolId, keepers);
  return context.write(async ({ query }) => {
    const periods = await query<PeriodRow>('select id, name from period where school_id = $1', [schoolId]);
    checkPeriods(times, new Set(periods.map((period) => period.name)));
    // The update of nothing locks a schedule that is there, so that two who set it at once follow one another.
    const [schedule] = await query<BellScheduleRow>(
      `insert into bell_schedule as b (school_id, name) values ($1, $2)
       on conflict on constraint bell_schedule_name do update set name = excluded.name returning ${columnsOf(BellSchedule, 'b')}`,
      [schoolId, name],
    );
    await query('delete from bell_schedule_time where bell_schedule_id = $1', [schedule!.id]);
    await query(
      `insert into bell_schedule_time (bell_schedule_id, school_id, period_id, label, starts_at, ends_at)
         select $1, $2, p.id, coalesce(t.label, p.name), t."startsAt", t."endsAt"
         from jsonb_to_recordset($3) as t ("startsAt" time, "endsAt" time, label text, period text)
         left join period p on p.school_id = $2 and p.name = t.period`,
      [schedule!.id, schoolId, JSON.stringify(times)],
    );
    return schedule!;
  });
}

/** Who: principal or counselor of the school, district administrator. */
async function useBellSchedule(input: UseBellScheduleInput, context: Context): Promise<BellScheduleUseRow> {
  const { bellScheduleId, weekday = null, dayLabel = null, begins } = input;
  if (!weekday === !dayLabel) refuse('BAD_USER_INPUT', 'Name either a weekday or a day of the rotation.');
  const schedule =
    (await context.load(bellScheduleById, bellScheduleId)) ?? refuse('NOT_FOUND', `There is no bell schedule ${bellScheduleId}.`);
  const { id: schoolId } = await schoolFor(context, schedule.schoolId, keepers);
  return context.write(async ({ query }) => {
    await query(
      `update bell_schedule_use set ends = $4 where school_id = $1 and (weekday = $2 or day_label = $3) and begins <= $4
         and (ends is null or ends > $4)`,
      [schoolId, weekday, dayLabel, begins],
    );
    const [use] = await query<BellScheduleUseRow>(
      `insert into bell_schedule_use as u (school_id, bell_schedule_id, weekday, day_label, begins) values ($1, $2, $3, $4, $5)
         returning ${columnsOf(BellScheduleUse, 'u')}`,
      [schoolId, bellScheduleId, weekday, dayLabel, begins],
    );
    return use!;
  });
}

const institutional = () => ({ schoolIds: null });
const laterRule = ['LATER_RULE_EXISTS', 'There is a rule for this day that begins later; begin on or after it.'] as const;

export const bellschedules: Slice<Arguments> = {
  entities: [Period, BellSchedule, BellScheduleTime, BellScheduleUse],
  subjects: { Period: institutional, BellSchedule: institutional, BellScheduleTime: institutional, BellScheduleUse: institutional },
  refusals: {
    period_once_at_a_time: ['PERIOD_TWICE_AT_A_TIME', 'A period overlaps itself: two of its times have minutes in common.'],
    weekday_has_one_schedule: laterRule,
    day_label_has_one_schedule: laterRule,
  },
  resolvers: {
    Mutation: {
      setPeriods: (_, { input }, context) => setPeriods(input, context),
      setBellSchedule: (_, { input }, context) => setBellSchedule(input, context),
      useBellSchedule: (_, { input }, context) => useBellSchedule(input, context),
    },
    School: {
      periods: ({ id }: { id: string }, _, context) => loadList(context, periodsOfSchool, id),
      bellSchedules: ({ id }: { id: string }, _, context) => loadList(context, bellSchedulesOfSchool, id),
      bellScheduleOn: ({ id }: { id: string }, { date, track }, context) => bellScheduleOn(id, date, track, context),
    },
    Period: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(periodById, id),
    },
    BellSchedule: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(bellScheduleById, id),
      times: ({ id }: BellScheduleRow, _, context) => loadList(context, timesOfSchedule, id),
      uses: ({ id }: BellScheduleRow, _, context) => loadList(context, usesOfSchedule, id),
    },
    BellScheduleTime: {
      period: ({ periodId }: BellScheduleTimeRow, _, { load }) => (periodId ? load(periodById, periodId) : null),
    },
    BellScheduleUse: {
      bellSchedule: ({ bellScheduleId }: BellScheduleUseRow, _, { load }) => load(bellScheduleById, bellScheduleId),
    },
  },
};
