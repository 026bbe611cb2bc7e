/** The synthetic school of libs/timetable as a district would bring it: its people, its calendar, and the CSV package of its next year. */
import type { GraphClient } from '@rollbook/district/importing/graphClient.ts';
import { schedulingParts, type SchedulingPart, type SchedulingRow } from '@rollbook/district/importing/schedulingPackage.ts';
import { sourcedUuid } from '@rollbook/school';
import type { School } from '@rollbook/timetable';
import { randomUUIDv7 } from 'node:crypto';

/** The system that the people and the package come from: so both mean the same persons. */
const source = 'planner';
export const year = { schoolYear: 2028, begins: '2027-08-16', half: '2028-01-10', ends: '2028-06-01' };
/** Two weeks before school begins. */
export const planningDay = '2027-08-02T16:00:00Z';

export const personId = (id: string): string => sourcedUuid(source, 'user', id);
export const schoolId = sourcedUuid(source, 'org', 'high');

const rowsAtOnce = 400;

/** Brings the district, its one school, and everybody in it. */
export async function bringPeople(administrator: GraphClient, school: School): Promise<void> {
  const common = { importId: randomUUIDv7(), source, dryRun: false, today: planningDay.slice(0, 10) };
  const bring = async (verb: string, batch: number, rows: readonly object[], more: object = {}) => {
    const type = `${verb[0]!.toUpperCase()}${verb.slice(1)}Input`;
    const { [verb]: answer } = await administrator.ask<Record<string, { refused: readonly unknown[] }>>(
      `mutation ($input: ${type}!) { ${verb}(input: $input) { refused { sourcedId code message } } }`,
      { input: { ...common, batch, rows, ...more } },
    );
    if (answer!.refused.length) throw new Error(`The school's people do not come in: ${JSON.stringify(answer!.refused[0])}`);
  };
  await bring('importOrgs', 0, [
    { sourcedId: 'district', type: 'district', name: 'Measured Unified' },
    { sourcedId: 'high', type: 'school', name: 'Measured High', timeZone: 'America/Los_Angeles', lowestGrade: '09', highestGrade: '12' },
  ]);
  const user = (id: string, name: string, role: string, gradeLevel: string | null) => {
    const [givenName, familyName] = [name.split(' ')[0], name.split(' ').slice(1).join(' ') || name];
    return { sourcedId: id, givenName, familyName, gradeLevel, roles: [{ role, orgSourcedId: 'high' }], agentSourcedIds: [] };
  };
  const users = [
    ...school.teachers.map(({ id, name }) => user(id, name, 'teacher', null)),
    ...school.students.map(({ id, name, grade }) => user(id, name, 'student', grade.padStart(2, '0'))),
  ];
  for (let from = 0, batch = 0; from < users.length; from += rowsAtOnce, batch++)
    await bring('importUsers', batch, users.slice(from, from + rowsAtOnce), { schoolYearBegins: year.begins });
}

/** The year with its two semesters, and the periods of the day. */
export async function bringYear(administrator: GraphClient, school: School): Promise<void> {
  const add = async (title: string, type: string, begins: string, ends: string, parentId: string | null) => {
    const input = { title, type, schoolYear: year.schoolYear, begins, ends, parentId };
    const { addAcademicSession } = await administrator.ask<{ addAcademicSession: { id: string } }>(
      'mutation ($input: AddAcademicSessionInput!) { addAcademicSession(input: $input) { id } }',
      { input },
    );
    return addAcademicSession.id;
  };
  const whole = await add('2027-28', 'SCHOOL_YEAR', year.begins, year.ends, null);
  await add('S1', 'SEMESTER', year.begins, year.half, whole);
  await add('S2', 'SEMESTER', year.half, year.ends, whole);
  const names = [...new Set(school.slots.map(({ period }) => period))];
  await administrator.ask('mutation ($input: SetPeriodsInput!) { setPeriods(input: $input) { id } }', { input: { schoolId, names } });
}

/**
 * The school's package, in parts that are sent one after the other. Two things are not in it: second teachers of co-taught classes, and that
 * no double period may span lunch.
 */
export function packageOf(school: School): SchedulingPart[] {
  const slotsOf = new Map(school.sections.map(({ courseId, possible }) => [courseId, possible[0]!]));
  const terms = [...new Set(school.slots.map(({ term }) => term))];
  const termOf = new Map(school.slots.map(({ id, term }) => [id, term]));
  const periodOf = new Map(school.slots.map(({ id, period }) => [id, period]));
  const courses = school.courses.map(({ id, title, credits }): SchedulingRow => ({
    ...{ number: id, title, credits: credits * 10 },
    period_load: slotsOf.get(id)!.length / terms.length,
  }));
  const teachers = school.teachers.map(({ id, courseIds, maxSlotsPerTerm, preparationSlots, unavailable }): SchedulingRow => ({
    ...{ teacher: id, courses: courseIds, max_sections: maxSlotsPerTerm, preparation_periods: preparationSlots },
    unavailable: [...new Set(unavailable.map((slot) => periodOf.get(slot)!))],
  }));
  const sections = school.sections.map(({ courseId, number, seats, reservations, teacherId, roomGroups, possible }): SchedulingRow => ({
    ...{ number: `${courseId}-${number}`, course: courseId, terms, seats, teacher: teacherId, room_groups: roomGroups },
    one_term: new Set(possible[0]!.map((slot) => termOf.get(slot))).size < terms.length,
    reserved: reservations.map(({ program, seats: kept }) => `${program}:${kept}`),
    periods_in_row: new Set(possible[0]!.map((slot) => periodOf.get(slot))).size,
  }));
  const students = school.students.map(({ id, grade, programs }): SchedulingRow => ({
    ...{ student: id, grade: grade.padStart(2, '0'), programs },
  }));
  const requests = school.students.flatMap(({ id, requests }) =>
    requests.map(({ courseId, priority, alternates }): SchedulingRow => ({ student: id, course: courseId, priority, alternates })),
  );
  return [
    ...schedulingParts('COURSES', courses),
    ...schedulingParts('ROOMS', school.rooms.map(({ name, capacity, shared, groups }) => ({ name, capacity, shared, groups }))), // prettier-ignore
    ...schedulingParts('TEACHERS', teachers),
    ...schedulingParts('SECTIONS', sections),
    ...schedulingParts('STUDENTS', students),
    ...schedulingParts('REQUESTS', requests),
  ];
}

/** What `importRequests` is told besides its files. */
export const importing = { schoolId, schoolYear: year.schoolYear, source, strict: true, dryRun: false };
