import { columnsOf, type Context } from '@rollbook/subgraph';
import { Period, type PeriodRow } from '../bellschedules/entities.ts';
import { batchOfLists } from '../lists.ts';
import { Room, Section, type RoomRow, type SectionRow } from './entities.ts';

/** One meeting of a section on one day, with all that a list of the day shows. Times are the school's own, "08:05". */
export interface MeetingRow {
  readonly sectionId: string;
  readonly periodId: string;
  readonly date: string;
  /** Null while the school has no bells for the day. */
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly section: SectionRow;
  readonly period: PeriodRow;
  readonly room: RoomRow | null;
}

const asJson = (columns: string) => `(select to_jsonb(x) from (select ${columns}) x)`;

/**
 * The meetings of the sections and days in `wanted` (section_id, asked, date, period_id: null for all periods), in order of time.
 * A section meets on a school day when its pattern holds on that day, for that day of the rotation or weekday, and the day's bells
 * have the period; while a school has no bells for the day, the pattern alone decides. Nobody meets on a holiday.
 */
const meetingsOf = (wanted: string) => `
  with wanted (section_id, asked, date, period_id) as (${wanted})
  select s.id as "sectionId", m.period_id as "periodId", w.date, w.asked,
    to_char(t.starts_at, 'HH24:MI') as "startsAt", to_char(t.ends_at, 'HH24:MI') as "endsAt",
    ${asJson(columnsOf(Section, 's'))} as section, ${asJson(columnsOf(Period, 'p'))} as period,
    case when r.id is not null then ${asJson(columnsOf(Room, 'r'))} end as room
  from wanted w
  join section s on s.id = w.section_id and s.begins <= w.date and w.date < coalesce(least(s.ends, s.cancelled_on), 'infinity')
  cross join lateral school_day(s.school_id, s.track, w.date) d
  join meeting_pattern m on m.section_id = s.id and m.begins <= w.date and (m.ends is null or w.date < m.ends)
    and m.day_label in ('', d.weekday, d.day_label) and (w.period_id is null or m.period_id = w.period_id)
  join period p on p.id = m.period_id
  left join room r on r.id = m.room_id
  left join bell_schedule_time t on t.bell_schedule_id = d.bell_schedule_id and t.period_id = m.period_id
  where d.bell_schedule_id is null or t.id is not null
  order by t.starts_at, p.sort_order, s.number, s.id`;

const ofPerson = meetingsOf(`
  select t.section_id, null::date, d.date, null::uuid
    from teacher_assignment t cross join lateral (select coalesce($3::date, school_today(t.school_id, $4)) as date) d
    where t.staff_id = $1 and t.begins <= d.date and (t.ends is null or d.date < t.ends)
  union
  select e.section_id, null::date, d.date, null::uuid
    from section_enrollment e cross join lateral (select coalesce($3::date, school_today(e.school_id, $4)) as date) d
    where e.student_id = any($2) and e.begins <= d.date and (e.ends is null or d.date < e.ends)`);

/**
 * The viewer's day in one statement: what they teach, co-teach or substitute, and what the students who are theirs attend. A teacher
 * of record keeps the meeting in the list on days when a substitute stands in. Without a date, today at each section's school.
 */
export function myDay(date: string | null | undefined, { viewer, read, now }: Context): Promise<MeetingRow[]> {
  return read<MeetingRow>(ofPerson, [viewer.subject, viewer.students, date ?? null, now()]);
}

const ofSections = meetingsOf(`
  select k.section_id, k.asked, coalesce(k.asked, school_today(s.school_id, $4)), k.period_id
  from unnest($1::uuid[], $2::date[], $3::uuid[]) as k (section_id, asked, period_id) join section s on s.id = k.section_id`);

interface MeetingsKey {
  readonly sectionId: string;
  /** Null: today at the section's school. */
  readonly asked: string | null;
}

/** The meetings of a section on a day. */
export const meetingsOfSection = batchOfLists<MeetingsKey, MeetingRow & MeetingsKey>(
  (keys, { read, now }) => read(ofSections, [keys.map((k) => k.sectionId), keys.map((k) => k.asked), keys.map(() => null), now()]),
  ({ sectionId, asked }) => ({ sectionId, asked }),
  ({ sectionId, asked }) => `${sectionId} ${asked}`,
);

export interface MeetingKey {
  readonly sectionId: string;
  readonly periodId: string;
  readonly date: string;
}

/** One meeting by its key. Where a period comes twice in a day, the first of the two stands for both. */
export const meetingsByKey = batchOfLists<MeetingKey, MeetingRow>(
  (keys, { read, now }) => read(ofSections, [keys.map((k) => k.sectionId), keys.map((k) => k.date), keys.map((k) => k.periodId), now()]),
  ({ sectionId, periodId, date }) => ({ sectionId, periodId, date }),
  ({ sectionId, periodId, date }) => `${sectionId} ${periodId} ${date}`,
);
