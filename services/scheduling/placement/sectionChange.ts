import { schoolYearOf, type Role } from '@rollbook/school';
import type { Context, Transaction } from '@rollbook/subgraph';
import { tellSections } from '../events.ts';
import type { SectionRow } from '../sections/entities.ts';
import { checkDayOf, checkReason, patternDays, type DayOfPattern } from '../sections/rules.ts';
import { closesOn, sectionById, sectionFor } from '../sections/sections.ts';
import { writeCancelled, writeMeetings } from '../sections/verbs.ts';
import { asManyAsCome } from './liveSchool.ts';
import { repairSection, type AskingSection, type Repair, type Seated } from './repair.ts';
import type { ApplySectionChangeInput, MeetingInput, QuerySectionChangePlanArguments } from '../schema.types.ts';

const schedulers: readonly Role[] = ['PRINCIPAL', 'COUNSELOR', 'DISTRICT_ADMINISTRATOR'];

/** What happens to a section from a day on: it meets at another time, or (null) no more. */
interface Wanted {
  readonly section: SectionRow;
  readonly on: string;
  readonly days: readonly DayOfPattern[] | null;
}

export interface SectionPlan {
  readonly schoolId: string;
  readonly sectionId: string;
  readonly on: string;
  /** How many sit in the section on that day. */
  readonly seated: number;
  readonly students: readonly (Repair & { readonly schoolId: string })[];
}

async function wantedOf(
  input: { sectionId: string; on: string; meetings?: readonly MeetingInput[] | null },
  context: Context,
): Promise<Wanted> {
  const section = await sectionFor(context, input.sectionId, schedulers);
  checkDayOf(section, closesOn(section), input.on);
  return { section, on: input.on, days: input.meetings ? patternDays(input.meetings) : null };
}

/** Who: principal or counselor of the school, district administrator. Nothing is changed. */
export async function sectionChangePlan(args: QuerySectionChangePlanArguments, context: Context): Promise<SectionPlan> {
  return plan(context.read, await wantedOf(args, context));
}

type Query = Transaction['query'];

/** What is planned on the rosters as they are in this moment. */
async function plan(query: Query, { section, on, days }: Wanted): Promise<SectionPlan> {
  const seated = await query<Seated>(
    `select e.student_id as "studentId", e.sections as "sectionIds", coalesce(r.programs, '{}') as programs, nullif(r.team, '') as team,
         nullif(r.track, '') as track
       from (
         select e.student_id, array_agg(distinct e.section_id) as sections
         from section s join section_enrollment e on e.section_id = s.id and coalesce(e.ends, 'infinity') > greatest($2::date, e.begins)
         where s.school_id = $1 and coalesce(least(s.ends, s.cancelled_on), 'infinity') > greatest($2, s.begins)
         group by e.student_id) e
       left join lateral (
         select * from request_sheet q where q.school_id = $1 and q.student_id = e.student_id and q.school_year <= $3
         order by q.school_year desc limit 1) r on true
       order by e.student_id`,
    [section.schoolId, on, schoolYearOf(on)],
  );
  // Below 0: somebody came in above the limit, or leaves later than another one comes; nobody is let in for them.
  const sections = await query<AskingSection>(
    `select s.id, s.course_id as "courseId", s.number, s.track, false as own, n.team, coalesce(n.reservations, '[]') as reservations,
       case when n.link is not null then live_link(s.id) end as link,
       case when s.seat_limit is null then ${asManyAsCome} else (s.seat_limit - live_holds(s.id) - (
         select count(distinct e.student_id) from section_enrollment e
           where e.section_id = s.id and coalesce(e.ends, 'infinity') > greatest($2, e.begins)))::integer end as left,
       coalesce((select jsonb_agg(jsonb_build_object('periodId', m.period_id, 'dayLabel', m.day_label,
           'begins', greatest(m.begins, s.begins, $2), 'ends', coalesce(least(m.ends, s.ends, s.cancelled_on), '9999-01-01')))
         from meeting_pattern m where m.section_id = s.id
           and greatest(m.begins, s.begins, $2) < coalesce(least(m.ends, s.ends, s.cancelled_on), 'infinity')), '[]') as meetings
     from section s left join section_need n on n.section_id = s.id
     where s.school_id = $1 and coalesce(least(s.ends, s.cancelled_on), 'infinity') > greatest($2::date, s.begins) order by s.id`,
    [section.schoolId, on],
  );
  const will = sections.map((one): AskingSection => {
    if (one.id !== section.id) return one;
    const ends = closesOn(section) ?? '9999-01-01';
    return { ...one, left: days ? one.left : 0, meetings: (days ?? []).map((day) => ({ ...day, begins: on, ends })) };
  });
  const { id: sectionId, schoolId } = section;
  const repairs = await repairSection({ sectionId, isCancelled: days === null }, will, seated);
  const count = seated.filter(({ sectionIds }) => sectionIds.includes(sectionId)).length;
  return { schoolId, sectionId, on, seated: count, students: repairs.map((repair) => ({ ...repair, schoolId })) };
}

/** Who: principal or counselor of the school, district administrator. Tells SectionChanged of all that it touches. */
export async function applySectionChange(input: ApplySectionChangeInput, context: Context): Promise<SectionPlan> {
  const why = checkReason(input.reason);
  const wanted = await wantedOf(input, context);
  const { section, on, days } = wanted;
  return context.write(async (tx) => {
    // With all sections of the school at rest, what is planned now is true until it is done.
    await tx.query(
      'select from section where school_id = $1 and coalesce(least(ends, cancelled_on), $2::date + 1) > $2 order by id for no key update',
      [section.schoolId, on],
    );
    const planned = await plan(tx.query, wanted);
    const rows = (of: (repair: Repair) => readonly string[]) =>
      planned.students.flatMap((repair) => of(repair).map((sectionId) => ({ studentId: repair.studentId, sectionId })));
    await tx.query(
      `update section_enrollment e set ends = greatest(e.begins, $2::date) from jsonb_to_recordset($1) as d ("studentId" uuid, "sectionId" uuid)
         where e.section_id = d."sectionId" and e.student_id = d."studentId" and coalesce(e.ends, 'infinity') > greatest(e.begins, $2)`,
      [JSON.stringify(rows(({ drop }) => drop)), on],
    );
    if (days) await writeMeetings(tx, section, on, days);
    else await writeCancelled(tx, section, on);
    // The plan leaves every seat that is kept for a program; one that was given to somebody else before may be given again.
    await tx.query(`select set_config('rollbook.kept_seats', 'given', true)`);
    await tx.query(
      `insert into section_enrollment (section_id, school_id, student_id, begins)
         select s.id, s.school_id, a."studentId", greatest(s.begins, $2::date) from jsonb_to_recordset($1) as a ("studentId" uuid, "sectionId" uuid)
         join section s on s.id = a."sectionId"`,
      [JSON.stringify(rows(({ add }) => add)), on],
    );
    const touched = [...planned.students.flatMap(({ drop, add }) => [...drop, ...add]), section.id];
    await tellSections(tx, [...new Set(touched)].sort());
    return planned;
  }, why);
}

export const sectionsNamed = (ids: readonly string[], { load }: Context) => Promise.all(ids.map((id) => load(sectionById, id)));
