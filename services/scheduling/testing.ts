import type { Viewer } from '@rollbook/school';
import { openTestSubgraph, type TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { scheduling } from './subgraph.ts';

/** Ids that read well in a failing test: `id('section', 3)`. */
export function id(kind: string, n: number): string {
  const hex = [...kind].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xffff, 7).toString(16);
  return `0198a7b0-${hex.padStart(4, '0')}-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

export const north = id('school', 1);
export const south = id('school', 2);

const staff = (n: number, role: Viewer['grants'][number]['role'], schoolId: string | null): Viewer => ({
  subject: id('staff', n),
  grants: [{ role, schoolId }],
  students: [],
});
export const administrator = staff(1, 'DISTRICT_ADMINISTRATOR', null);
export const principal = staff(2, 'PRINCIPAL', north);
export const counselor = staff(3, 'COUNSELOR', north);
export const clerk = staff(4, 'CLERK', north);
export const teacher = staff(5, 'TEACHER', north);
export const colleague = staff(6, 'TEACHER', north);
export const southPrincipal = staff(7, 'PRINCIPAL', south);
export const southTeacher = staff(8, 'TEACHER', south);
export const vendor = staff(9, 'VENDOR', null);
export const parentOf = (...students: string[]): Viewer => ({
  subject: id('parent', 1),
  grants: [{ role: 'PARENT', schoolId: null }],
  students,
});
export const studentAs = (student: string): Viewer => ({
  subject: student,
  grants: [{ role: 'STUDENT', schoolId: null }],
  students: [student],
});

/** A Monday in the school year that the tests play in. */
export const monday = '2026-10-05';
export const noon = () => new Date(`${monday}T19:00:00Z`);

/** A service with two schools, the year 2026-27 with two semesters, a course, and the periods 1 to 3 of the northern school. */
export async function openSchools(options: Parameters<typeof openTestSubgraph>[1] = {}): Promise<TestSubgraph> {
  const service = await openTestSubgraph(scheduling, { now: noon, ...options });
  for (const [schoolId, name] of [
    [north, 'North High'],
    [south, 'South High'],
  ])
    await service.hear('student', 'SchoolChanged', { id: schoolId, districtId: id('district', 1), name, timeZone: 'America/Los_Angeles' });
  await service.sql(
    `insert into academic_session (id, title, type, school_year, begins, ends, parent_id) values
       ($1, '2026-27', 'SCHOOL_YEAR', 2027, '2026-08-17', '2027-06-12', null),
       ($2, 'Fall', 'SEMESTER', 2027, '2026-08-17', '2027-01-16', $1),
       ($3, 'Spring', 'SEMESTER', 2027, '2027-01-16', '2027-06-12', $1)`,
    [id('session', 1), id('session', 2), id('session', 3)],
  );
  await service.sql(`insert into course (id, number, title, grade_levels) values ($1, 'ALG1', 'Algebra 1', '{09}')`, [id('course', 1)]);
  await service.sql(
    `insert into period (id, school_id, name, sort_order)
       select v.id::uuid, v.school::uuid, v.name, v.place from jsonb_to_recordset($1) as v (id text, school text, name text, place int)`,
    [
      JSON.stringify(
        [north, south].flatMap((school, s) =>
          ['1', '2', '3'].map((name, n) => ({ id: id('period', 10 * s + n + 1), school, name, place: n + 1 })),
        ),
      ),
    ],
  );
  return service;
}

const addSection = `mutation ($input: AddSectionInput!) { addSection(input: $input) { id } }`;

/** A section of the northern school through both semesters. */
export async function openSection(service: TestSubgraph, input: Record<string, unknown> = {}): Promise<string> {
  const full = { schoolId: north, courseId: id('course', 1), number: '001', sessionIds: [id('session', 2), id('session', 3)], ...input };
  return (await service.data(administrator, addSection, { input: full })).addSection.id;
}
