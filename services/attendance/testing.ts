import type { Role, Viewer } from '@rollbook/school';
import type { SubgraphOptions } from '@rollbook/subgraph';
import { openTestSubgraph, type TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { randomBytes } from 'node:crypto';
import { attendance } from './subgraph.ts';

// A small school for this service's tests. It is Wednesday, 18 November 2026, 10 o'clock in Los Angeles.
export const now = () => new Date('2026-11-18T18:00:00Z');
export const [today, yesterday, tomorrow] = ['2026-11-18', '2026-11-17', '2026-11-19'] as const;

/** An id that is the same in every run: `id('student', 3)`. */
const kinds = ['school', 'section', 'period', 'teacher', 'student', 'office', 'calendar'] as const;
export function id(kind: (typeof kinds)[number], n: number): string {
  return `00000000-0000-7000-8000-${String(kinds.indexOf(kind) + 1).padStart(4, '0')}${String(n).padStart(8, '0')}`;
}

export function newSaveId(): string {
  const hex = randomBytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const staff = (subject: string, role: Role, schoolId: string | null = id('school', 1)): Viewer => ({
  subject,
  grants: [{ role, schoolId }],
  students: [],
});
export const teacher = staff(id('teacher', 1), 'TEACHER');
export const coTeacher = staff(id('teacher', 2), 'TEACHER');
export const substitute = staff(id('teacher', 3), 'TEACHER');
export const otherTeacher = staff(id('teacher', 4), 'TEACHER');
export const clerk = staff(id('office', 1), 'CLERK');
export const principal = staff(id('office', 2), 'PRINCIPAL');
export const counselor = staff(id('office', 3), 'COUNSELOR');
export const administrator = staff(id('office', 4), 'DISTRICT_ADMINISTRATOR', null);
export const farTeacher = staff(id('teacher', 9), 'TEACHER', id('school', 2));
export const farClerk = staff(id('office', 9), 'CLERK', id('school', 2));
export const parent: Viewer = { subject: id('office', 20), grants: [{ role: 'PARENT', schoolId: null }], students: [id('student', 1)] };
export const student: Viewer = { subject: id('student', 2), grants: [{ role: 'STUDENT', schoolId: null }], students: [id('student', 2)] };
export const vendor: Viewer = { subject: id('office', 30), grants: [{ role: 'VENDOR', schoolId: null }], students: [] };

export const seats = (count: number, from = 1) =>
  Array.from({ length: count }, (_, i) => ({ studentId: id('student', from + i), begins: '2026-08-17', ends: null as string | null }));

/** What scheduling tells of a section; section 1 of school 1 meets in period 1 on every school day. */
export function sectionFact(n: number, changes: object = {}) {
  return {
    id: id('section', n),
    schoolId: id('school', 1),
    courseId: id('section', 900),
    title: 'Algebra 1',
    number: String(n),
    sessionIds: [],
    begins: '2026-08-17',
    ends: '2027-06-12',
    cancelled: false,
    teachers: [
      { staffId: teacher.subject, role: 'TEACHER_OF_RECORD', begins: '2026-08-17', ends: null },
      { staffId: coTeacher.subject, role: 'CO_TEACHER', begins: '2026-09-01', ends: null },
      { staffId: substitute.subject, role: 'SUBSTITUTE', begins: yesterday, ends: today },
    ],
    students: seats(5),
    meetings: [{ periodId: id('period', 1), periodName: 'Period 1', days: [], begins: '2026-08-17', ends: null, roomName: 'B2' }],
    ...changes,
  };
}

/** Two schools of one district; the first has a calendar in which 11 November is a holiday and the days turn A, B, A, B ... */
async function openSchools(service: TestSubgraph): Promise<void> {
  for (const n of [1, 2])
    await service.hear('student', 'SchoolChanged', {
      id: id('school', n),
      districtId: id('school', 900),
      name: `School ${n}`,
      timeZone: 'America/Los_Angeles',
    });
  await service.hear('scheduling', 'CalendarChanged', calendarFact());
  await service.hear('scheduling', 'SectionChanged', sectionFact(1));
}

export function calendarFact() {
  const days = ['09', '10', '11', '12', '13', '16', '17', '18', '19', '20'].map((day, i) => ({
    date: `2026-11-${day}`,
    kind: day === '11' ? 'HOLIDAY' : 'INSTRUCTIONAL',
    dayLabel: day === '11' ? null : i % 2 ? 'B' : 'A',
  }));
  return { id: id('calendar', 1), schoolId: id('school', 1), schoolYear: 2027, days };
}

export interface RollChanges {
  readonly [name: string]: unknown;
}

/** A roll of section 1, today, period 1, with student 1 absent. */
export function rollInput(changes: RollChanges = {}) {
  return {
    saveId: newSaveId(),
    sectionId: id('section', 1),
    date: today,
    periodId: id('period', 1),
    baseRevision: 0,
    exceptions: [{ studentId: id('student', 1), code: 'A' }],
    ...changes,
  };
}

export const takeRoll = `mutation ($input: TakeRollInput!) { takeRoll(input: $input) {
  saveId outcome replayed code message revision rows { studentId outcome code }
  roll { id revision state takenBy { id } entries { student { id } attendance { state code } } } } }`;
export const correctAttendance = `mutation ($input: CorrectAttendanceInput!) { correctAttendance(input: $input) {
  outcome replayed code revision rows { studentId outcome code }
  roll { revision entries { student { id } attendance { state code excused taken { state code } office { state code comment } } } } } }`;

/** The two schools, at ten o'clock of `today`; `clock.now` may be set. */
export async function openAttendance(options: Partial<SubgraphOptions> = {}) {
  const clock = { now: now() };
  const service = await openTestSubgraph(attendance, { now: () => clock.now, ...options });
  await openSchools(service);
  let section = 1;
  const ownRoll = (changes: RollChanges = {}) => rollInput({ sectionId: id('section', section), ...changes });
  return {
    ...service,
    clock,
    /** Begins a test at ten o'clock again, with a section of its own; answers the number of it. */
    async ownSection(): Promise<number> {
      clock.now = now();
      section = Math.max(section, 100) + 1;
      await service.hear('scheduling', 'SectionChanged', sectionFact(section));
      return section;
    },
    /** As `rollInput`, of the test's own section. */
    ownRoll,
    /** Takes the roll of the test's own section; answers what the teacher is answered. */
    take: async (viewer: Viewer, changes: RollChanges = {}) =>
      (await service.data(viewer, takeRoll, { input: ownRoll(changes) }))['takeRoll'],
  };
}

export type Attendance = Awaited<ReturnType<typeof openAttendance>>;
