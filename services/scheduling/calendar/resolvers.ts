import { refuse, type Role } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type Slice } from '@rollbook/subgraph';
import { bellScheduleById } from '../bellschedules/schedules.ts';
import { gradingPeriodChanged, tellCalendar } from '../events.ts';
import { batchOfLists, loadList } from '../lists.ts';
import { AcademicSession, Calendar, CalendarDate, School, type CalendarDateRow, type CalendarRow, type SessionRow } from './entities.ts';
import { checkDates, checkSpan, checkWithin } from './rules.ts';
import { schoolFor } from './schools.ts';
import { sessionById } from './sessions.ts';
import type {
  AddAcademicSessionInput,
  AddCalendarInput,
  AddGradingPeriodInput,
  Arguments,
  CalendarDatesArguments,
  SetCalendarDatesInput,
} from '../schema.types.ts';

const keepers: readonly Role[] = ['PRINCIPAL', 'CLERK', 'DISTRICT_ADMINISTRATOR'];

const sessionsOfYear = batchOfLists<number, SessionRow>(
  (years, { read }) =>
    read(
      `select ${columnsOf(AcademicSession, 'a')} from academic_session a where a.school_year = any($1) and a.ends > a.begins
         order by a.begins, a.ends desc, a.id`,
      [years],
    ),
  (session) => session.schoolYear,
);
const calendarsOfSchool = batchOfLists<string, CalendarRow>(
  (schoolIds, { read }) =>
    read(`select ${columnsOf(Calendar, 'c')} from calendar c where c.school_id = any($1) order by c.begins desc, c.track`, [schoolIds]),
  (calendar) => calendar.schoolId,
);
const calendarById = batch<string, CalendarRow>(
  (ids, { read }) => read(`select ${columnsOf(Calendar, 'c')} from calendar c where c.id = any($1)`, [ids]),
  (calendar) => calendar.id,
);

function listSchoolYears({ read }: Context) {
  return read(
    `select school_year as year, min(begins) as begins, max(ends) as ends from academic_session where ends > begins
       group by school_year order by school_year desc`,
  );
}

async function listDates(calendar: CalendarRow, { from, to, ...page }: CalendarDatesArguments, { read }: Context) {
  const { after, limit } = pageArguments(page, ['date']);
  const rows = await read<CalendarDateRow>(
    `select ${columnsOf(CalendarDate, 'd')} from calendar_date d where d.calendar_id = $1
       and ($2::date is null or d.date >= $2) and ($3::date is null or d.date <= $3) and ($4::text[] is null or d.date > $4[1]::date)
       order by d.date limit $5`,
    [calendar.id, from ?? null, to ?? null, after, limit],
  );
  return connectionOf(rows, limit, (day) => [day.date]);
}

/** Who: a district administrator. Tells GradingPeriodChanged when it is a grading period. */
async function addSession(input: AddAcademicSessionInput, context: Context): Promise<SessionRow> {
  checkSpan(input);
  if (input.parentId) checkWithin(input, await parentSession(input.parentId, context));
  return context.write(async ({ em, tell }) => {
    const session = em.create(AcademicSession, input) as unknown as SessionRow;
    await em.flush();
    if (session.type === 'GRADING_PERIOD') await tell(gradingPeriodChanged(session));
    return session;
  });
}

async function parentSession(id: string, { load }: Context): Promise<SessionRow> {
  return (await load(sessionById, id)) ?? refuse('PARENT_UNKNOWN', `There is no session ${id} to be part of.`);
}

async function addAcademicSession(input: AddAcademicSessionInput, context: Context): Promise<SessionRow> {
  if (input.type === 'GRADING_PERIOD') refuse('BAD_USER_INPUT', 'A grading period is added by addGradingPeriod.', { argument: 'type' });
  return addSession(input, context);
}

async function addGradingPeriod({ sessionId, ...input }: AddGradingPeriodInput, context: Context): Promise<SessionRow> {
  const { schoolYear } = await parentSession(sessionId, context);
  return addSession({ ...input, type: 'GRADING_PERIOD', schoolYear, parentId: sessionId }, context);
}

/** Who: principal or clerk of the school, district administrator. Tells CalendarChanged (without days yet). */
async function addCalendar(input: AddCalendarInput, context: Context): Promise<CalendarRow> {
  checkSpan(input);
  await schoolFor(context, input.schoolId, keepers);
  return context.write(async (tx) => {
    const calendar = tx.em.create(Calendar, { ...input, track: input.track ?? '' });
    await tx.em.flush();
    await tellCalendar(tx, calendar.id);
    return calendar as unknown as CalendarRow;
  });
}

/** Who: principal or clerk of the school, district administrator. Tells CalendarChanged, unless nothing is different. */
async function setCalendarDates({ calendarId, dates }: SetCalendarDatesInput, context: Context): Promise<CalendarRow> {
  const calendar = (await context.load(calendarById, calendarId)) ?? refuse('NOT_FOUND', `There is no calendar ${calendarId}.`);
  await schoolFor(context, calendar.schoolId, keepers);
  checkDates(
    dates.map(({ date }) => date),
    calendar,
  );
  return context.write(async (tx) => {
    await tx.query('select from calendar where id = $1 for no key update', [calendarId]);
    const changed = await tx.query(
      `insert into calendar_date as d (calendar_id, school_id, track, date, kind, day_label, bell_schedule_id, note)
         select $1, $2, $3, r.date, r.kind, nullif(r."dayLabel", ''), r."bellScheduleId", r.note
         from jsonb_to_recordset($4) as r (date date, kind text, "dayLabel" text, "bellScheduleId" uuid, note text)
       on conflict (school_id, track, date) do update
         set (kind, day_label, bell_schedule_id, note) = (excluded.kind, excluded.day_label, excluded.bell_schedule_id, excluded.note)
         where (d.kind, d.day_label, d.bell_schedule_id, d.note)
           is distinct from (excluded.kind, excluded.day_label, excluded.bell_schedule_id, excluded.note)
       returning d.id`,
      [calendarId, calendar.schoolId, calendar.track, JSON.stringify(dates)],
    );
    if (changed.length) await tellCalendar(tx, calendarId);
    return calendar;
  });
}

/** A fact of the institution: every signed-in person may read it. */
const institutional = () => ({ schoolIds: null });

export const calendar: Slice<Arguments> = {
  entities: [School, AcademicSession, Calendar, CalendarDate],
  subjects: {
    School: institutional,
    SchoolYear: institutional,
    AcademicSession: institutional,
    Calendar: institutional,
    CalendarDate: institutional,
  },
  refusals: {
    calendar_once: ['CALENDAR_OVERLAPS', 'The school has a calendar for some of these days already (on this track).'],
    calendar_date_schedule: ['BELL_SCHEDULE_UNKNOWN', 'A bell schedule of these days is not one of this school.'],
  },
  resolvers: {
    Query: {
      schoolYears: (_, __, context) => listSchoolYears(context),
      academicSession: (_, { id }, { load }) => load(sessionById, id),
    },
    Mutation: {
      addAcademicSession: (_, { input }, context) => addAcademicSession(input, context),
      addGradingPeriod: (_, { input }, context) => addGradingPeriod(input, context),
      addCalendar: (_, { input }, context) => addCalendar(input, context),
      setCalendarDates: (_, { input }, context) => setCalendarDates(input, context),
    },
    School: {
      // The student service knows which schools there are; here a school is what its id points at.
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      calendars: async ({ id }: { id: string }, { schoolYear }, context) =>
        (await loadList(context, calendarsOfSchool, id)).filter((each) => schoolYear == null || each.schoolYear === schoolYear),
    },
    SchoolYear: {
      sessions: ({ year }: { year: number }, _, context) => loadList(context, sessionsOfYear, year),
    },
    AcademicSession: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(sessionById, id),
      parent: ({ parentId }: SessionRow, _, { load }) => (parentId ? load(sessionById, parentId) : null),
    },
    Calendar: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(calendarById, id),
      school: ({ schoolId }: CalendarRow) => ({ id: schoolId }),
      dates: (calendar: CalendarRow, page, context) => listDates(calendar, page, context),
    },
    CalendarDate: {
      bellSchedule: ({ bellScheduleId }: CalendarDateRow, _, { load }) => (bellScheduleId ? load(bellScheduleById, bellScheduleId) : null),
    },
  },
};
