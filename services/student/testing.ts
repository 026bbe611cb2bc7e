import type { Role, Viewer } from '@rollbook/school';
import { openTestSubgraph, type TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { student } from './subgraph.ts';

/** Noon of this day in Los Angeles is the present of every test; the school year began on `yearBegins`. */
export const today = '2026-11-20';
export const yearBegins = '2026-08-13';

export const someone = (n: number) => `0198a7b0-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const staffViewer = (role: Role, schoolId: string | null, subject = someone(1)): Viewer => ({
  subject,
  grants: [{ role, schoolId }],
  students: [],
});
export const administrator = staffViewer('DISTRICT_ADMINISTRATOR', null, someone(2));
export const parentOf = (...students: string[]): Viewer => ({
  subject: someone(3),
  grants: [{ role: 'PARENT', schoolId: null }],
  students,
});
export const vendor: Viewer = { subject: someone(4), grants: [{ role: 'VENDOR', schoolId: null }], students: [] };

export interface TestDistrict {
  readonly service: TestSubgraph;
  /** Grades 09 to 12. */
  readonly garfield: string;
  /** Grades 09 to 12, another school. */
  readonly roosevelt: string;
  /** Grades 06 to 08. */
  readonly stevenson: string;
  /** Adds a student enrolled in grade 09 since the school year began; answers the id. */
  addStudent(schoolId: string, givenName: string, familyName: string): Promise<string>;
}

/** A district of three schools. `enforceAccess: false` leaves row-level security alone. */
export async function openTestDistrict(options: { enforceAccess?: boolean } = {}): Promise<TestDistrict> {
  const service = await openTestSubgraph(student, { now: () => new Date(`${today}T20:00:00Z`), ...options });
  await service.data(administrator, 'mutation { openDistrict(input: { name: "Del Norte Unified" }) { id } }');
  const open = async (name: string, lowestGrade: string, highestGrade: string): Promise<string> => {
    const input = { name, timeZone: 'America/Los_Angeles', lowestGrade, highestGrade };
    const query = 'mutation ($input: OpenSchoolInput!) { openSchool(input: $input) { id } }';
    return (await service.data(administrator, query, { input })).openSchool.id;
  };
  const [garfield, roosevelt, stevenson] = [
    await open('Garfield', '09', '12'),
    await open('Roosevelt', '09', '12'),
    await open('Stevenson', '06', '08'),
  ];
  const query = 'mutation ($input: AddStudentInput!) { addStudent(input: $input) { id } }';
  return {
    service,
    garfield,
    roosevelt,
    stevenson,
    addStudent: async (schoolId, givenName, familyName) => {
      const enrollment = { schoolId, gradeLevel: '09', begins: yearBegins, entryCode: 'ORIGINAL' };
      return (await service.data(administrator, query, { input: { givenName, familyName, enrollment } })).addStudent.id;
    },
  };
}
