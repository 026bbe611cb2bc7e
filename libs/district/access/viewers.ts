import { sourcedUuid, type Role, type Viewer } from '@rollbook/school';
import type { Town } from './town.ts';

export interface Person {
  readonly who: string;
  readonly viewer: Viewer;
}

const staff = (subject: string, role: Role, schoolId: string | null): Viewer => ({ subject, grants: [{ role, schoolId }], students: [] });
const somebody = (name: string) => sourcedUuid('access', 'person', name);
const and = (viewer: Viewer, other: Viewer): Viewer => ({
  ...viewer,
  grants: [...viewer.grants, ...other.grants],
  students: [...viewer.students, ...other.students],
});

/** Everybody who may ask: real people with what they may do today, and those whom the demo district has none of. */
export async function viewersOf({ people, accessOf }: Town): Promise<Person[]> {
  const { here, elsewhere, personas } = people;
  const real = (name: string) => accessOf(personas.get(name)!);
  const family = (name: string, role: Role, ...students: string[]): Viewer => ({
    subject: somebody(name),
    grants: [{ role, schoolId: null }],
    students,
  });
  const parentElsewhere = family('parent elsewhere', 'PARENT', people.farStudent);
  const viewers: Record<string, Viewer> = {
    'the teacher': await real('teacher'),
    'a colleague': await accessOf(people.colleague),
    "today's substitute": await accessOf(people.substituteToday),
    "yesterday's substitute": await accessOf(people.substituteYesterday),
    'a former co-teacher': await accessOf(people.formerTeacher),
    'a teacher elsewhere': await accessOf(people.farTeacher),
    'the counselor': await real('counselor'),
    'the clerk': await real('clerk'),
    'the principal': await real('principal'),
    'a counselor elsewhere': staff(somebody('counselor'), 'COUNSELOR', elsewhere),
    'a clerk elsewhere': staff(somebody('clerk'), 'CLERK', elsewhere),
    'a principal elsewhere': staff(somebody('principal'), 'PRINCIPAL', elsewhere),
    'a district administrator': await real('administrator'),
    'the parent': await real('parent'),
    "a classmate's parent": family('parent', 'PARENT', people.classmate),
    'the student': await real('student'),
    'a former pupil': family('former pupil', 'STUDENT', people.formerPupil),
    'a teacher who is a parent elsewhere': and(await accessOf(people.colleague), parentElsewhere),
    'a counselor who teaches elsewhere': and(staff(somebody('both'), 'COUNSELOR', here), staff('', 'TEACHER', elsewhere)),
    'a vendor': staff(somebody('vendor'), 'VENDOR', null),
    'somebody without any role': { subject: somebody('nobody'), grants: [], students: [] },
  };
  return Object.entries(viewers).map(([who, viewer]) => ({ who, viewer }));
}
