import { access, refuse, rolesToward, staffRoles, type Viewer } from '@rollbook/school';

/** What decides who may read a section's roster. */
export interface RosterOf {
  readonly sectionId: string;
  readonly schoolId: string;
  /** Those who teach the section on the day that is asked for, or now. */
  readonly teacherIds: readonly string[];
}

/**
 * Which students of a roster a viewer sees: all of them (null) when they teach the section or are of the school's office; else
 * those who are theirs. Refuses FORBIDDEN when they are neither.
 */
export function studentsSeen(viewer: Viewer, { sectionId, schoolId, teacherIds }: RosterOf): readonly string[] | null {
  const asStaff = rolesToward(viewer, { schoolIds: [schoolId], teacherIds }).filter((role) => staffRoles.includes(role));
  if (asStaff.some((role) => access.ROSTER.includes(role))) return null;
  if (viewer.students.length) return viewer.students;
  return refuse('FORBIDDEN', `The roster of section ${sectionId} is for those who teach it, for its school's office and for its families.`);
}
