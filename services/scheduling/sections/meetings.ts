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

/** Meetings with their section, period and room, in order of time: all that a list of the day shows, in one statement. */
const withSection = (meetings: string) => `
  select m.section_id as "sectionId", m.asked, m.date, m.period_id as "periodId", m.starts_at as "startsAt", m.ends_at as "endsAt",
    ${asJson(columnsOf(Section, 's'))} as section, ${asJson(columnsOf(Period, 'p'))} as period,
    case when r.id is not null then ${asJson(columnsOf(Room, 'r'))} end as room
  from ${meetings} m join section s on s.id = m.section_id join period p on p.id = m.period_id left join room r on r.id = m.room_id
  order by m.starts_at, p.sort_order, s.number, s.id`;

const ofPerson = withSection('meetings_of_person($1, $2, $3, $4)');
const ofSections = withSection('meetings_on($1, $2, $3, $4)');

/**
 * The viewer's day in one statement: what they teach, co-teach or substitute, and what the students who are theirs attend. A teacher
 * of record keeps the meeting in the list on days when a substitute stands in. Without a date, today at each section's school.
 */
export function myDay(date: string | null | undefined, { viewer, read, now }: Context): Promise<MeetingRow[]> {
  return read<MeetingRow>(ofPerson, [viewer.subject, viewer.students, date ?? null, now()]);
}

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
