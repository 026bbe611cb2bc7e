import type { Role, Viewer } from '@rollbook/school';

const id = (n: number) => `0198a7b0-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const garfield = id(1);
export const lincoln = id(2);
export const ana = id(11);
export const ben = id(12);

const person = (n: number, role: Role, schoolId: string | null = null, students: string[] = []): Viewer => ({
  subject: id(n),
  grants: [{ role, schoolId }],
  students,
});

export const administrator = person(21, 'DISTRICT_ADMINISTRATOR');
export const clerk = person(22, 'CLERK', garfield);
export const clerkOfLincoln = person(23, 'CLERK', lincoln);
export const principal = person(24, 'PRINCIPAL', garfield);
export const teacher = person(25, 'TEACHER', garfield);
export const parentOfAna = person(26, 'PARENT', null, [ana]);
export const parentOfBen = person(27, 'PARENT', null, [ben]);
export const vendor = person(28, 'VENDOR');
