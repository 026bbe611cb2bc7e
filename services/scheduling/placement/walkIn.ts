import { refuse, schoolYearOf } from '@rollbook/school';
import type { Context } from '@rollbook/subgraph';
import { walkIn as bestSchedules } from '@rollbook/timetable';
import { schoolFor } from '../calendar/schools.ts';
import { office, todayAt } from './change.ts';
import { concernsOf } from './concerns.ts';
import { asManyAsCome, liveSchool, type LiveSection, type LiveStudent } from './liveSchool.ts';
import type { Concern } from './rules.ts';
import type { QueryWalkInArguments, WalkInRequestInput } from '../schema.types.ts';

export interface WalkInSeat {
  readonly sectionId: string;
  readonly alternate: number;
}

export interface WalkInChoice extends WalkInSeat {
  readonly seatsLeft: number | null;
  /** How many requests could be met if this section was taken. */
  readonly met: number;
  readonly isAsGood: boolean;
}

export interface WalkIn {
  readonly schoolId: string;
  readonly studentId: string;
  readonly best: readonly WalkInSeat[];
  readonly unmet: readonly string[];
  readonly periods: readonly { readonly periodId: string; readonly choices: readonly WalkInChoice[] }[];
  readonly concerns: readonly Concern[];
}

const mostRequests = 20;

/** Who: the office of the school. Answers on the seats as they are in this moment; nothing is kept. */
export async function walkIn({ schoolId, studentId, on, requests }: QueryWalkInArguments, context: Context): Promise<WalkIn> {
  await schoolFor(context, schoolId, office);
  const day = on ?? (await todayAt(schoolId, context));
  const wanted = requests ? checked(requests) : await requestsOf(schoolId, studentId, day, context);
  const courseIds = [...new Set(wanted.flatMap(({ courseId, alternates }) => [courseId, ...alternates]))];
  const [sections, concerns] = await Promise.all([
    liveSections({ schoolId, studentId, day, courseIds }, context),
    concernsOf(context.read, studentId, courseIds),
  ]);
  const track = sections.find((section) => section.own && section.track !== '')?.track ?? null;
  return { schoolId, studentId, concerns, ...choicesOf(sections, wanted, { id: studentId, requests: wanted, track }) };
}

type Request = ReturnType<typeof checked>[number];

function checked(requests: readonly WalkInRequestInput[]) {
  if (requests.length > mostRequests) refuse('BAD_USER_INPUT', `A student has at most ${mostRequests} requests, not ${requests.length}.`);
  const twice = requests.find(({ courseId }, n) => requests.findIndex((other) => other.courseId === courseId) !== n);
  if (twice) refuse('BAD_USER_INPUT', `Course ${twice.courseId} is asked for twice.`);
  return requests.map(({ courseId, priority, alternates }) => {
    const asked = priority ?? 2;
    if (asked !== 1 && asked !== 2 && asked !== 3) refuse('PRIORITY_INVALID', `A priority is 1, 2 or 3, not ${asked}.`);
    return { id: courseId, courseId, priority: asked as 1 | 2 | 3, alternates: alternates ?? [] };
  });
}

/** What stands on the student's sheet of the school year. */
const requestsOf = (schoolId: string, studentId: string, day: string, { read }: Context): Promise<Request[]> =>
  read(
    `select r.course_id as id, r.course_id as "courseId", r.priority, r.alternates from course_request r
       where r.school_id = $1 and r.student_id = $2 and r.school_year = $3 and r.status = 'REQUESTED' order by r.place, r.id`,
    [schoolId, studentId, schoolYearOf(day)],
  );

interface Asked {
  readonly schoolId: string;
  readonly studentId: string;
  readonly day: string;
  readonly courseIds: readonly string[];
}

/**
 * The sections of these courses, what is linked to them, and those of the student, from a day on, with the seats that are left for the student
 * this moment: those that are kept for programs of others are not. What is for another team or track is left out.
 */
const liveSections = ({ schoolId, studentId, day, courseIds }: Asked, { read }: Context): Promise<LiveSection[]> =>
  read(
    `with alive as materialized (
       select s.*, n.team, live_link(s.id) as link, coalesce(n.reservations, '[]') <> '[]' as keeps, exists (
         select from section_enrollment e where e.section_id = s.id and e.student_id = $2 and coalesce(e.ends, 'infinity') > greatest($3, e.begins)) as own
       from section s left join section_need n on n.section_id = s.id
       where s.school_id = $1 and coalesce(least(s.ends, s.cancelled_on), 'infinity') > greatest($3::date, s.begins)
     ), linked as (select link from alive where link is not null and (own or course_id = any($4)))
     select s.id, s.course_id as "courseId", s.number, s.track, s.own, s.link,
       case when s.seat_limit is null then ${asManyAsCome} else greatest(0, s.seat_limit + s.seats_over - s.seats_taken - (
         select count(*)::integer from seat_hold h where h.section_id = s.id and h.student_id <> $2 and h.expires_at > clock_timestamp())
         - case when s.keeps then kept_from($2, s.id) else 0 end) end as left,
       coalesce((select jsonb_agg(jsonb_build_object('periodId', m.period_id, 'dayLabel', m.day_label,
           'begins', greatest(m.begins, s.begins, $3), 'ends', coalesce(least(m.ends, s.ends, s.cancelled_on), '9999-01-01')))
         from meeting_pattern m where m.section_id = s.id
           and greatest(m.begins, s.begins, $3) < coalesce(least(m.ends, s.ends, s.cancelled_on), 'infinity')), '[]') as meetings
     from alive s left join lateral sheet_for($2, s.id) r on s.team is not null or s.track <> ''
     where s.own or ((s.course_id = any($4) or s.link in (select link from linked))
       and (s.team is null or s.team = r.team) and (s.track = '' or coalesce(r.track, '') in ('', s.track)))
     order by s.id`,
    [schoolId, studentId, day, courseIds],
  );

/** The best schedule, and for each period what else could be taken there and how much of the rest it leaves. */
function choicesOf(
  sections: readonly LiveSection[],
  requests: readonly Request[],
  student: LiveStudent,
): Pick<WalkIn, 'best' | 'unmet' | 'periods'> {
  const live = liveSchool(sections, student);
  if (!live)
    refuse(
      'TOO_MANY_TIMES',
      `The classes of the ${requests.length} courses meet at more different times than can be looked at together. Ask for fewer courses at once, or with fewer alternates, and take those seats first.`,
    );
  const { school, placed, asking } = live;
  const { best, alternatives } = bestSchedules(school, placed, [], asking);
  const byId = new Map(sections.map((section) => [section.id, section]));
  const seats = best.seats.map(({ sectionId, alternate }) => ({ sectionId, alternate }));
  const had = requests.length - asking.requests.length;
  const periods = new Map<string, WalkInChoice[]>();
  for (const { sectionId, seatsLeft, seats: around, value, unmet } of alternatives) {
    const { meetings, left } = byId.get(sectionId)!;
    const choice = {
      sectionId,
      alternate: around.find((seat) => seat.sectionId === sectionId)!.alternate,
      seatsLeft: left === asManyAsCome ? null : seatsLeft,
      met: had + asking.requests.length - unmet.length,
      isAsGood: value >= best.value,
    };
    for (const id of new Set(meetings.map(({ periodId }) => periodId))) periods.set(id, [...(periods.get(id) ?? []), choice]);
  }
  return { best: seats, unmet: best.unmet, periods: [...periods].map(([periodId, choices]) => ({ periodId, choices })) };
}
