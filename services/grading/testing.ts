import { sourcedUuid, type Viewer } from '@rollbook/school';
import type { SubgraphOptions } from '@rollbook/subgraph';
import { openTestSubgraph } from '@rollbook/subgraph/testing.ts';
import { grading } from './subgraph.ts';

/** An id for a name: the same in every test, readable in none. */
export const idOf = (name: string): string => sourcedUuid('test', 'any', name);

const school = idOf('Garfield High');
const otherSchool = idOf('Roosevelt High');
const staff = (name: string, role: Viewer['grants'][number]['role'], schoolId: string | null = school): Viewer => ({
  subject: idOf(name),
  grants: [{ role, schoolId }],
  students: [],
});
const family = (name: string, role: 'PARENT' | 'STUDENT', child: string): Viewer => ({
  subject: idOf(name),
  grants: [{ role, schoolId: null }],
  students: [idOf(child)],
});

export const people = {
  teacher: staff('Ms Alvarez', 'TEACHER'),
  coTeacher: staff('Mr Bell', 'TEACHER'),
  substitute: staff('Mx Cole', 'TEACHER'),
  colleague: staff('Ms Duong', 'TEACHER'),
  stranger: staff('Mr Eriksen', 'TEACHER', otherSchool),
  counselor: staff('Ms Fox', 'COUNSELOR'),
  clerk: staff('Mr Garza', 'CLERK'),
  principal: staff('Dr Hill', 'PRINCIPAL'),
  otherPrincipal: staff('Dr Ito', 'PRINCIPAL', otherSchool),
  administrator: staff('Ms Jones', 'DISTRICT_ADMINISTRATOR', null),
  vendor: { subject: idOf('vendor'), grants: [{ role: 'VENDOR', schoolId: null }], students: [] } as Viewer,
  parent: family('parent of Ana', 'PARENT', 'Ana'),
  ana: family('Ana', 'STUDENT', 'Ana'),
  otherParent: family('parent of Ben', 'PARENT', 'Ben'),
};

export const ids = {
  school,
  otherSchool,
  algebra: idOf('Algebra 1'),
  otherSection: idOf('Biology'),
  fall: idOf('first quarter'),
  winter: idOf('second quarter'),
  ana: idOf('Ana'),
  ben: idOf('Ben'),
  cho: idOf('Cho'),
  /** Left the section on 1 October. */
  dee: idOf('Dee'),
};

/** The first quarter of a school year in Los Angeles, on a day in it; `clock.now` may be set. */
export async function openGrading(options: Partial<SubgraphOptions> = {}) {
  const clock = { now: new Date('2026-10-05T17:00:00Z') };
  const service = await openTestSubgraph(grading, { now: () => clock.now, ...options });
  const year = { begins: '2026-08-17', ends: '2026-12-19' };
  const seat = (studentId: string, ends: string | null = year.ends) => ({ studentId, begins: year.begins, ends });
  const post = (viewer: Viewer, role: string, begins = year.begins, ends: string | null = year.ends) => ({
    ...{ staffId: viewer.subject, role, begins, ends },
  });
  const algebra = {
    ...{ id: ids.algebra, schoolId: school, courseId: idOf('course'), title: 'Algebra 1', number: '101', sessionIds: [], ...year },
    ...{ cancelled: false, meetings: [] },
    teachers: [
      post(people.teacher, 'TEACHER_OF_RECORD'),
      post(people.coTeacher, 'CO_TEACHER'),
      post(people.substitute, 'SUBSTITUTE', '2026-10-05', '2026-10-06'),
    ],
    students: [seat(ids.ana), seat(ids.ben), seat(ids.cho), seat(ids.dee, '2026-10-01')],
  };
  const biology = { ...algebra, id: ids.otherSection, schoolId: otherSchool, title: 'Biology' };
  for (const id of [school, otherSchool])
    await service.hear('student', 'SchoolChanged', { id, districtId: idOf('district'), name: 'a school', timeZone: 'America/Los_Angeles' });
  await service.hear('scheduling', 'SectionChanged', algebra);
  await service.hear('scheduling', 'SectionChanged', {
    ...biology,
    teachers: [post(people.stranger, 'TEACHER_OF_RECORD')],
    students: [seat(idOf('Eli'))],
  });
  const period = (id: string, title: string, begins: string, ends: string) => ({
    id,
    title,
    begins,
    ends,
    schoolYear: 2027,
    sessionId: null,
  });
  await service.hear('scheduling', 'GradingPeriodChanged', period(ids.fall, 'Quarter 1', '2026-08-17', '2026-10-17'));
  await service.hear('scheduling', 'GradingPeriodChanged', period(ids.winter, 'Quarter 2', '2026-10-17', '2026-12-19'));
  return { ...service, clock, algebra };
}

export type Grading = Awaited<ReturnType<typeof openGrading>>;

/** A new save's id, as a client makes it: UUID version 7. */
export function newSaveId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const random = crypto.randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
