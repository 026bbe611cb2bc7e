import { holds, refuse, type Role } from '@rollbook/school';
import { batch, columnsOf, type Context } from '@rollbook/subgraph';
import { batchOfLists } from '../lists.ts';
import { Room, Section, TeacherAssignment, type RoomRow, type SectionRow, type TeacherAssignmentRow } from './entities.ts';

export const sectionColumns = columnsOf(Section, 's');

export const sectionById = batch<string, SectionRow>(
  (ids, { read }) => read(`select ${sectionColumns} from section s where s.id = any($1)`, [ids]),
  (section) => section.id,
);
export const roomById = batch<string, RoomRow>(
  (ids, { read }) => read(`select ${columnsOf(Room, 'r')} from room r where r.id = any($1)`, [ids]),
  (room) => room.id,
);

/** All who teach or taught a section, by the day they began; what was taken back before it began is left out. */
export const teachersOfSection = batchOfLists<string, TeacherAssignmentRow>(
  (ids, { read }) =>
    read(
      `select ${columnsOf(TeacherAssignment, 't')} from teacher_assignment t where t.section_id = any($1) and (t.ends is null or t.ends > t.begins)
       order by t.begins, t.id`,
      [ids],
    ),
  (assignment) => assignment.sectionId,
);

/** A section in whose school the viewer has one of the roles. Any other is not found. */
export async function sectionFor({ viewer, load }: Context, sectionId: string, roles: readonly Role[]): Promise<SectionRow> {
  const section = await load(sectionById, sectionId);
  if (!section || !holds(viewer, roles, section.schoolId))
    refuse('NOT_FOUND', `There is no section ${sectionId} in a school where you are ${roles.join(' or ')}.`);
  return section;
}

/** The first day a section no longer meets; null when none is known. */
export function closesOn({ ends, cancelledOn }: SectionRow): string | null {
  if (ends === null || cancelledOn === null) return ends ?? cancelledOn;
  return cancelledOn < ends ? cancelledOn : ends;
}
