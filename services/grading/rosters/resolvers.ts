import { isUuid, refuse, type Subject } from '@rollbook/school';
import { batch, type Context, type Slice } from '@rollbook/subgraph';
import {
  Course,
  EnrolledStudent,
  GradingPeriod,
  School,
  SectionRoster,
  SectionSeat,
  type SectionRow,
  type StudentRow,
} from './entities.ts';
import type { Arguments } from '../schema.types.ts';

/** Of a section's students (`r` is its row, or null) those who are the viewer's own. */
export const ownStudents = `array(select own from unnest(viewer_students()) own where own = any (r.student_ids))`;

const sectionById = batch<string, SectionRow>(
  (ids, { read, now }) =>
    read(
      `select r.section_id as id, r.school_id as "schoolId", teachers_at(r, $2) as "teacherIds", ${ownStudents} as "studentIds"
         from section_roster r where r.section_id = any($1)`,
      [ids, now().toISOString()],
    ),
  (section) => section.id,
);

/** Every student the viewer asks for: one who sits in no class that the viewer may see is there with no school and no teacher. */
const studentById = batch<string, StudentRow>(
  (ids, { read, now }) =>
    read(
      `select s.id, coalesce(array_agg(distinct seat.school_id) filter (where seat.school_id is not null), '{}') as "schoolIds",
              coalesce(array_agg(distinct t.id) filter (where t.id is not null), '{}') as "teacherIds"
         from unnest($1::uuid[]) s (id)
         left join section_seat seat on seat.student_id = s.id
         left join section_roster r on r.section_id = seat.section_id
         left join lateral
           (select t.id from (select roster_day(r, $2) offset 0) d (day), unnest(r.teacher_ids, r.teacher_begins, r.teacher_ends) t (id, begins, ends)
             where t.begins <= d.day and (t.ends is null or t.ends > d.day)
               and seat.begins <= d.day and (seat.ends is null or seat.ends > d.day)) t on true
        group by s.id`,
      [ids, now().toISOString()],
    ),
  (student) => student.id,
);

export async function findSection(id: string, { load }: Context): Promise<SectionRow | null> {
  return isUuid(id) ? load(sectionById, id) : null;
}

/** About a whole class: for those who teach it, the offices of its school and the families of those who sit in it. */
export const aboutSection = ({ schoolId, teacherIds, studentIds }: Omit<SectionRow, 'id'>): Subject => ({
  schoolIds: [schoolId],
  teacherIds,
  studentIds,
});

/** The section, for a verb of its teachers: refuses NOT_FOUND, and FORBIDDEN to who does not teach it today or lead its school. */
export async function sectionToGrade(id: string, context: Context): Promise<SectionRow> {
  const section = (await findSection(id, context)) ?? refuse('NOT_FOUND', `There is no section ${id} in a school of yours.`);
  const { viewer } = context;
  const teaches = section.teacherIds.includes(viewer.subject);
  if (!teaches && !isOffice(context, section.schoolId))
    refuse('FORBIDDEN', 'You do not teach this section today. Its teachers, and the principal, keep its gradebook.');
  return section;
}

/** The schools whose principal the viewer is; null stands for all of them. */
export function officesOf({ viewer }: Context): string[] | null {
  if (viewer.grants.some(({ role, schoolId }) => schoolId === null && (role === 'PRINCIPAL' || role === 'DISTRICT_ADMINISTRATOR')))
    return null;
  return viewer.grants.flatMap(({ role, schoolId }) => (role === 'PRINCIPAL' && schoolId ? [schoolId] : []));
}

export function isOffice(context: Context, schoolId: string): boolean {
  const offices = officesOf(context);
  return !offices || offices.includes(schoolId);
}

export const rosters: Slice<Arguments> = {
  entities: [School, GradingPeriod, SectionRoster, SectionSeat, Course, EnrolledStudent],
  subjects: {
    Section: aboutSection,
    Student: ({ id, schoolIds, teacherIds }: StudentRow) => ({ schoolIds, teacherIds, studentId: id }),
  },
  resolvers: {
    Section: {
      __resolveReference: ({ id }: { id: string }, context: Context) => findSection(id, context),
    },
    Student: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(studentById, id),
    },
  },
};
