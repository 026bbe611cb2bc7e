import { columnsOf, connectionOf, pageArguments, type Context, type Slice } from '@rollbook/subgraph';
import { periodById } from '../bellschedules/schedules.ts';
import { sessionById } from '../calendar/sessions.ts';
import { courseById } from '../catalog/courses.ts';
import { batchOfLists, loadList } from '../lists.ts';
import {
  PatternDay,
  Room,
  Section,
  SectionNeed,
  TeacherAssignment,
  type RoomRow,
  type SectionRow,
  type TeacherAssignmentRow,
} from './entities.ts';
import { meetingsByKey, meetingsOfSection, myDay, type MeetingKey } from './meetings.ts';
import { roomById, sectionById, sectionColumns, teachersOfSection } from './sections.ts';
import { sectionVerbs } from './verbs.ts';
import type { Arguments, QuerySectionsArguments } from '../schema.types.ts';

interface PatternRow {
  readonly sectionId: string;
  readonly periodId: string;
  readonly roomId: string | null;
  readonly days: readonly string[];
  readonly begins: string;
  readonly ends: string | null;
}

const patternsOfSection = batchOfLists<string, PatternRow>(
  (ids, { read }) =>
    read(
      `select m.section_id as "sectionId", m.period_id as "periodId", m.room_id as "roomId", m.begins, m.ends,
         coalesce(array_agg(m.day_label order by m.day_label) filter (where m.day_label <> ''), '{}') as days
       from meeting_pattern m join period p on p.id = m.period_id
       where m.section_id = any($1) and (m.ends is null or m.ends > m.begins)
       group by m.section_id, m.period_id, m.room_id, m.begins, m.ends, p.sort_order order by m.begins, p.sort_order, m.period_id`,
      [ids],
    ),
  (pattern) => pattern.sectionId,
);

const roomsOfSchool = batchOfLists<string, RoomRow>(
  (schoolIds, { read }) =>
    read(`select ${columnsOf(Room, 'r')} from room r where r.school_id = any($1) order by r.name, r.id`, [schoolIds]),
  (room) => room.schoolId,
);

interface StaffDay {
  readonly staffId: string;
  /** Null: today at each section's school. */
  readonly asked: string | null;
}

const sectionsOfStaff = batchOfLists<StaffDay, SectionRow & StaffDay>(
  (keys, { read, now }) =>
    read(
      `select distinct k.staff_id as "staffId", k.asked, ${sectionColumns}
       from unnest($1::uuid[], $2::date[]) as k (staff_id, asked)
       join teacher_assignment t on t.staff_id = k.staff_id
       join section s on s.id = t.section_id
       cross join lateral (select coalesce(k.asked, school_today(s.school_id, $3)) as date) d
       where t.begins <= d.date and d.date < coalesce(least(t.ends, s.ends, s.cancelled_on), 'infinity') and s.begins <= d.date
       order by s.number, s.id`,
      [keys.map((k) => k.staffId), keys.map((k) => k.asked), now()],
    ),
  ({ staffId, asked }) => ({ staffId, asked }),
  ({ staffId, asked }) => `${staffId} ${asked}`,
);

async function listSections(schoolId: string, { courseId, on, ...page }: Omit<QuerySectionsArguments, 'schoolId'>, { read }: Context) {
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  const rows = await read<SectionRow>(
    `select ${sectionColumns} from section s where s.school_id = $1 and ($2::uuid is null or s.course_id = $2)
       and ($3::date is null or (s.begins <= $3 and $3 < coalesce(least(s.ends, s.cancelled_on), 'infinity')))
       and ($4::text[] is null or (s.number, s.id) > ($4[1], $4[2]::uuid))
       order by s.number, s.id limit $5`,
    [schoolId, courseId ?? null, on ?? null, after, limit],
  );
  return connectionOf(rows, limit, (section) => [section.number, section.id]);
}

async function teachersOf(sectionId: string, on: string | null | undefined, context: Context): Promise<readonly TeacherAssignmentRow[]> {
  const all = await loadList(context, teachersOfSection, sectionId);
  return on ? all.filter(({ begins, ends }) => begins <= on && (ends === null || on < ends)) : all;
}

/** Facts of the institution: every signed-in person may read them (who teaches: everybody but vendors). */
const institutional = () => ({ schoolIds: null });

export const sections: Slice<Arguments> = {
  entities: [Room, Section, SectionNeed, PatternDay, TeacherAssignment],
  subjects: {
    Staff: institutional,
    Room: institutional,
    Section: institutional,
    TeacherAssignment: institutional,
    MeetingPattern: institutional,
    SectionMeeting: institutional,
  },
  refusals: {
    room_name: ['ROOM_EXISTS', 'The school has a room of this name already.'],
    room_name_check: ['NAME_MISSING', 'A room needs a name.'],
    room_capacity_check: ['CAPACITY_INVALID', 'A room holds at least one.'],
    section_need_row: ['PERIODS_INVALID', 'A section takes 1 to 4 periods in a row.'],
    section_title_check: ['NAME_MISSING', 'A section needs a title.'],
    section_course: ['COURSE_UNKNOWN', 'There is no such course.'],
    section_seat_limit_check: ['SEAT_LIMIT_INVALID', 'A seat limit is at least 1; leave it out for as many as come.'],
    pattern_period: ['PERIOD_UNKNOWN', 'A period of these meetings is not one of this school.'],
    pattern_room: ['ROOM_UNKNOWN', 'A room of these meetings is not one of this school.'],
    section_meets_once: ['MEETING_TWICE', 'The section would meet twice in one period of one day.'],
    room_taken: ['ROOM_TAKEN', 'Another section has the room in this period on some of these days.'],
    teacher_once: ['TEACHES_ALREADY', 'This person teaches the section already on some of these days.'],
    one_teacher_of_record: [
      'TEACHER_OF_RECORD_TAKEN',
      'The section has a teacher of record on some of these days; end that assignment first.',
    ],
  },
  resolvers: {
    Query: {
      myDay: (_, { date }, context) => myDay(date, context),
      section: (_, { id }, { load }) => load(sectionById, id),
      sections: (_, { schoolId, ...rest }, context) => listSections(schoolId, rest, context),
      rooms: (_, { schoolId }, context) => loadList(context, roomsOfSchool, schoolId),
    },
    Mutation: sectionVerbs,
    School: {
      sections: ({ id }: { id: string }, page, context) => listSections(id, page, context),
      rooms: ({ id }: { id: string }, _, context) => loadList(context, roomsOfSchool, id),
    },
    Staff: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      sections: ({ id }: { id: string }, { on }, context) => loadList(context, sectionsOfStaff, { staffId: id, asked: on ?? null }),
    },
    Room: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(roomById, id),
    },
    Section: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(sectionById, id),
      school: ({ schoolId }: SectionRow) => ({ id: schoolId }),
      course: ({ courseId }: SectionRow, _, { load }) => load(courseById, courseId),
      sessions: async ({ sessionIds }: SectionRow, _, { load }) =>
        (await Promise.all(sessionIds.map((id) => load(sessionById, id)))).filter((session) => session !== null),
      teachers: ({ id }: SectionRow, { on }, context) => teachersOf(id, on, context),
      meetingPatterns: ({ id }: SectionRow, _, context) => loadList(context, patternsOfSection, id),
      meetings: ({ id }: SectionRow, { on }, context) => loadList(context, meetingsOfSection, { sectionId: id, asked: on ?? null }),
    },
    TeacherAssignment: {
      staff: ({ staffId }: TeacherAssignmentRow) => ({ id: staffId }),
      section: ({ sectionId }: TeacherAssignmentRow, _, { load }) => load(sectionById, sectionId),
    },
    MeetingPattern: {
      period: ({ periodId }: PatternRow, _, { load }) => load(periodById, periodId),
      room: ({ roomId }: PatternRow, _, { load }) => (roomId ? load(roomById, roomId) : null),
    },
    SectionMeeting: {
      __resolveReference: async ({ sectionId, periodId, date }: MeetingKey, context: Context) =>
        (await loadList(context, meetingsByKey, { sectionId, periodId, date }))[0] ?? null,
    },
  },
};
