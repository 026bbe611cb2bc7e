/** What a person does in a district. Names follow OneRoster's roles where it has one. */
export const roles = ['TEACHER', 'COUNSELOR', 'CLERK', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR', 'PARENT', 'STUDENT', 'VENDOR'] as const;
export type Role = (typeof roles)[number];

/** Roles that belong to a school (or, for the district administrator, to all of them). */
export const staffRoles: readonly Role[] = ['TEACHER', 'COUNSELOR', 'CLERK', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'];

/** A role, and where it holds: `schoolId` is null when it holds in the whole district. */
export interface RoleGrant {
  readonly role: Role;
  readonly schoolId: string | null;
}

/** Who asks. Made from the access token by the gateway, and passed to every service with the request. */
export interface Viewer {
  /** The person's id in the student service. */
  readonly subject: string;
  readonly grants: readonly RoleGrant[];
  /** Students whose records are theirs to see: a parent's children, a student's own id. */
  readonly students: readonly string[];
}

/**
 * Every readable field belongs to one class; no class is readable by default.
 * SCHOOL: facts of the institution. DIRECTORY: 34 CFR 99.3 directory information and staff names. ROSTER: who sits where.
 * CONTACT: addresses, birth date, family. GRADES, ATTENDANCE: as named. HEALTH: programs and needs of a student.
 * PLANNING: next year's schedule while it is made: for those who make it.
 * OFFICE: what a school's office works with while it changes somebody's schedule. RECORDS: orders of documents about many students, for those
 * who keep the school's records.
 */
export const fieldClasses = [
  'SCHOOL',
  'DIRECTORY',
  'ROSTER',
  'CONTACT',
  'GRADES',
  'ATTENDANCE',
  'HEALTH',
  'PLANNING',
  'OFFICE',
  'RECORDS',
] as const;
export type FieldClass = (typeof fieldClasses)[number];

/** Which roles may read which class of field, about somebody they are related to (`rolesToward`). */
export const access: Readonly<Record<FieldClass, readonly Role[]>> = {
  SCHOOL: roles,
  DIRECTORY: [...staffRoles, 'PARENT', 'STUDENT'],
  ROSTER: [...staffRoles, 'PARENT', 'STUDENT'],
  CONTACT: ['TEACHER', 'COUNSELOR', 'CLERK', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR', 'PARENT', 'STUDENT'],
  GRADES: ['TEACHER', 'COUNSELOR', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR', 'PARENT', 'STUDENT'],
  ATTENDANCE: ['TEACHER', 'COUNSELOR', 'CLERK', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR', 'PARENT', 'STUDENT'],
  HEALTH: ['TEACHER', 'COUNSELOR', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR', 'PARENT', 'STUDENT'],
  PLANNING: ['COUNSELOR', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'],
  OFFICE: ['COUNSELOR', 'CLERK', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'],
  RECORDS: ['COUNSELOR', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'],
};

/**
 * Whom a record is about, as far as it decides who may read it. What is left out relates fewer people, never more: `{ schoolIds: [id] }`
 * is for the staff of that school alone, and `{ schoolIds: null }`, a fact of the institution, is the one subject that is for everybody.
 */
export interface Subject {
  /** The schools the record belongs to; null when it belongs to none in particular. */
  readonly schoolIds: readonly string[] | null;
  /** The student the record is about, if it is about one. */
  readonly studentId?: string | null;
  /** Of a record about nobody alone that families may read too (an assignment): the students whose families these are. */
  readonly studentIds?: readonly string[];
  /** The people a teacher's relation is made of: those who teach this student or section. Absent: any teacher of the school. */
  readonly teacherIds?: readonly string[];
}

/** Has the viewer one of these roles, in this school (or anywhere, when no school is named)? */
export function holds(viewer: Viewer, wanted: readonly Role[], schoolId?: string | null): boolean {
  return viewer.grants.some((g) => wanted.includes(g.role) && (schoolId == null || g.schoolId === null || g.schoolId === schoolId));
}

/** Does a role of the viewer hold in every school? */
export function isDistrictWide(viewer: Viewer): boolean {
  return viewer.grants.some((g) => g.schoolId === null && staffRoles.includes(g.role));
}

/** The schools in which the viewer is staff. A district-wide viewer has them all, listed or not. */
export function schoolsOf(viewer: Viewer): string[] {
  return [...new Set(viewer.grants.filter((g) => g.schoolId !== null && staffRoles.includes(g.role)).map((g) => g.schoolId as string))];
}

/** The roles in which the viewer stands toward a record; empty when they have nothing to do with it. */
export function rolesToward(viewer: Viewer, subject: Subject): Role[] {
  const found: Role[] = [];
  for (const { role, schoolId } of viewer.grants) {
    if (staffRoles.includes(role)) {
      const here = schoolId === null || subject.schoolIds === null || subject.schoolIds.includes(schoolId);
      const teaches = role !== 'TEACHER' || !subject.teacherIds || subject.teacherIds.includes(viewer.subject);
      if (here && teaches) found.push(role);
    } else if (isInstitutional(subject) || (role !== 'VENDOR' && isFamilyOf(viewer, subject))) found.push(role);
  }
  return found;
}

/** About no student and of no school in particular: a bell schedule, the catalog, the staff directory. */
const isInstitutional = ({ schoolIds, studentId, studentIds }: Subject) => schoolIds === null && !studentId && !studentIds;

function isFamilyOf(viewer: Viewer, { studentId, studentIds = [] }: Subject): boolean {
  return studentId ? viewer.students.includes(studentId) : studentIds.some((id) => viewer.students.includes(id));
}

/** May the viewer read fields of this class of a record about this subject? */
export function mayRead(viewer: Viewer, fieldClass: FieldClass, subject: Subject): boolean {
  return rolesToward(viewer, subject).some((role) => access[fieldClass].includes(role));
}

/** The services' own hand: listeners that apply another service's events. Never made from a token. */
export const systemViewer: Viewer = {
  subject: '00000000-0000-8000-8000-000000000000',
  grants: [{ role: 'DISTRICT_ADMINISTRATOR', schoolId: null }],
  students: [],
};
