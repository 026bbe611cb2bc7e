import { isUuid, type Subject } from '@rollbook/school';
import { batch, columnsOf, type Context, type Slice } from '@rollbook/subgraph';
import {
  Calendar,
  CalendarDay,
  School,
  SectionMeetingPattern,
  SectionRoster,
  SectionSeat,
  type SchoolRow,
  type SectionRow,
} from './entities.ts';
import type { Arguments } from '../schema.types.ts';

export const schoolById = batch<string, SchoolRow>(
  (ids, { read }) => read(`select ${columnsOf(School, 's')} from school s where s.id = any($1)`, [ids.filter(isUuid)]),
  (school) => school.id,
);

export const sectionById = batch<string, SectionRow>(
  (ids, { read }) =>
    read(`select s.section_id as id, ${columnsOf(SectionRoster, 's')} from section_roster s where s.section_id = any($1)`, [
      ids.filter(isUuid),
    ]),
  (section) => section.id,
);

/** A section as a family may know it: that it is, not who belongs to it. */
export const sectionOnly = (id: string, schoolId: string): SectionRow => ({
  id,
  schoolId,
  teacherIds: [],
  teacherBegins: [],
  teacherEnds: [],
  studentIds: [],
  studentBegins: [],
  studentEnds: [],
});

/** A seat as other services name it. `section` is null for a family, who may not read the roster of a class, only their own seat. */
export interface SeatRow {
  readonly sectionId: string;
  readonly studentId: string;
  readonly section: SectionRow | null;
}

async function findSeat(
  { sectionId, studentId }: { sectionId: string; studentId: string },
  { viewer, load }: Context,
): Promise<SeatRow | null> {
  const section = await load(sectionById, sectionId);
  if (section) return section.studentIds.includes(studentId) ? { sectionId, studentId, section } : null;
  return viewer.students.includes(studentId) ? { sectionId, studentId, section: null } : null;
}

/** A student as far as rosters tell: in which schools, taught by whom (somebody whose days in a section touch the student's). */
export interface StudentRow {
  readonly id: string;
  readonly schoolIds: readonly string[];
  readonly teacherIds: readonly string[];
}

const studentById = batch<string, StudentRow>(
  (ids, { read }) =>
    read(
      `select seat.student_id as id, array_agg(distinct seat.school_id) as "schoolIds",
         coalesce(array_agg(distinct t.id) filter (where t.id is not null), '{}') as "teacherIds"
       from section_seat seat
         left join section_roster s on s.section_id = seat.section_id
         left join lateral unnest(s.teacher_ids, s.teacher_begins, s.teacher_ends) t (id, begins, ends)
           on t.begins < coalesce(seat.ends, 'infinity') and seat.begins < coalesce(t.ends, 'infinity')
       where seat.student_id = any($1) group by seat.student_id`,
      [ids.filter(isUuid)],
    ),
  (student) => student.id,
);

export const rosters: Slice<Arguments> = {
  entities: [School, Calendar, CalendarDay, SectionRoster, SectionSeat, SectionMeetingPattern],
  subjects: {
    // What is told here of a school, a section or a roll is about everybody in it: for staff, for no family.
    School: (school: SchoolRow): Subject => ({ schoolIds: [school.id] }),
    Section: aboutSection,
    SectionMeeting: ({ section }: { section: SectionRow }) => aboutSection(section),
    SectionEnrollment: ({ studentId, section }: SeatRow) => ({
      schoolIds: section ? [section.schoolId] : [],
      studentId,
      teacherIds: section?.teacherIds ?? [],
    }),
    Student: ({ id, schoolIds, teacherIds }: StudentRow) => ({ schoolIds, studentId: id, teacherIds }),
  },
  resolvers: {
    School: { __resolveReference: ({ id }: { id: string }, { load }: Context) => load(schoolById, id) },
    Section: { __resolveReference: ({ id }: { id: string }, { load }: Context) => load(sectionById, id) },
    SectionMeeting: {
      __resolveReference: async (meeting: { sectionId: string; periodId: string; date: string }, { load }: Context) => {
        const section = await load(sectionById, meeting.sectionId);
        return section && { ...meeting, section };
      },
    },
    SectionEnrollment: { __resolveReference: findSeat },
    Student: { __resolveReference: ({ id }: { id: string }, { load }: Context) => load(studentById, id) },
  },
};

function aboutSection({ schoolId, teacherIds }: SectionRow): Subject {
  return { schoolIds: [schoolId], teacherIds };
}
