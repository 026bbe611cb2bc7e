import { holds, type IsoDate, type Role, type Viewer } from '@rollbook/school';
import type { SectionRow } from './entities.ts';

/** Roles that take and correct rolls in the office. */
export const officeRoles: readonly Role[] = ['CLERK', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'];
/** Roles that see the attendance of a whole school. */
export const schoolWideRoles: readonly Role[] = [...officeRoles, 'COUNSELOR'];

function on(date: IsoDate, ids: readonly string[], begins: readonly string[], ends: readonly (string | null)[]): string[] {
  return [...new Set(ids.filter((_, i) => begins[i]! <= date && (ends[i] == null || date < ends[i]!)))];
}

/** Who teaches a section on a day: teacher of record, co-teachers, and that day's substitute. */
export function teachersOn(section: SectionRow, date: IsoDate): string[] {
  return on(date, section.teacherIds, section.teacherBegins, section.teacherEnds);
}

/** Who is on a section's roster on a day. */
export function studentsOn(section: SectionRow, date: IsoDate): string[] {
  return on(date, section.studentIds, section.studentBegins, section.studentEnds);
}

/** May the viewer see the attendance of this section on this day: as somebody who teaches it that day, or in the school's office? */
export function maySeeClass(viewer: Viewer, section: SectionRow, date: IsoDate): boolean {
  return (
    holds(viewer, schoolWideRoles, section.schoolId) ||
    (holds(viewer, ['TEACHER'], section.schoolId) && teachersOn(section, date).includes(viewer.subject))
  );
}

/** Where the viewer is office staff: in every school, or in some. */
export function officesOf(viewer: Viewer): { everywhere: boolean; schoolIds: string[] } {
  const grants = viewer.grants.filter((grant) => officeRoles.includes(grant.role));
  return {
    everywhere: grants.some((grant) => grant.schoolId === null),
    schoolIds: grants.flatMap((grant) => grant.schoolId ?? []),
  };
}
