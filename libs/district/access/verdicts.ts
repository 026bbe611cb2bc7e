import { isDistrictWide, mayRead, schoolsOf, type FieldClass, type Viewer } from '@rollbook/school';
import type { About } from './records.ts';

/** What the access table says: this viewer must be able to read it, must not, or either is right. */
export type Verdict = 'MUST' | 'MAY' | 'MUST_NOT';

/** A fact of the institution: what the class SCHOOL names, and the directory of those who work there. */
const isInstitutional = (fieldClass: FieldClass, about: About | undefined) =>
  !about || fieldClass === 'SCHOOL' || (fieldClass === 'DIRECTORY' && !about.studentId);

/** What resolvers and row-level security together must do. `abouts`: of each whom it belongs to; one suffices. */
export function verdictOf(viewer: Viewer, fieldClass: FieldClass | 'OPEN', abouts: readonly About[]): Verdict {
  if (fieldClass === 'OPEN') return 'MAY';
  const verdicts = (abouts.length ? abouts : [undefined]).map((about) => verdictAbout(viewer, fieldClass, about));
  return (['MUST', 'MAY'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'MUST_NOT';
}

function verdictAbout(viewer: Viewer, fieldClass: FieldClass, about: About | undefined): Verdict {
  if (isInstitutional(fieldClass, about)) return mayRead(viewer, fieldClass, { schoolIds: null }) ? 'MUST' : 'MUST_NOT';
  const { schoolIds, studentId, sectionId, studentIds, teacherIds, everTeacherIds, draft } = about!;
  const seen = draft ? { ...viewer, students: [] } : viewer;
  const teachers = teacherIds && { teacherIds };
  if (mayRead(seen, fieldClass, { schoolIds, studentId, ...teachers })) return 'MUST';
  // Who taught a section once may see its days of then; whose child sits in a class, what the class shares (never its rolls).
  const past = fieldClass === 'ATTENDANCE' || (fieldClass === 'ROSTER' && sectionId) ? { teacherIds: everTeacherIds } : teachers;
  const shared = fieldClass === 'ATTENDANCE' ? {} : { studentIds };
  return mayRead(seen, fieldClass, { schoolIds, studentId, ...shared, ...past }) ? 'MAY' : 'MUST_NOT';
}

/** What row-level security alone must stop: other schools and other children. */
export function isBeyondRows(viewer: Viewer, fieldClass: FieldClass | 'OPEN', abouts: readonly About[]): boolean {
  const stopped = abouts.filter((about) => fieldClass !== 'OPEN' && !isInstitutional(fieldClass, about));
  return stopped.length > 0 && stopped.length === abouts.length && !stopped.some((about) => rowsShow(viewer, about));
}

export function rowsShow(viewer: Viewer, { schoolIds, studentId, studentIds, draft }: About): boolean {
  if (isDistrictWide(viewer) || schoolIds.some((id) => schoolsOf(viewer).includes(id))) return true;
  return !draft && [...studentIds, ...(studentId ? [studentId] : [])].some((id) => viewer.students.includes(id));
}

/** May the viewer know that this student is there at all? Who once taught them finds their names on the rolls and marks of then. */
export const mayName = (viewer: Viewer, abouts: readonly About[]) =>
  abouts.some(({ schoolIds, studentId, everTeacherIds: teacherIds }) => mayRead(viewer, 'ROSTER', { schoolIds, studentId, teacherIds }));
