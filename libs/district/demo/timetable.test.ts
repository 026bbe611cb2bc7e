import { beforeAll, describe, expect, test } from '@jest/globals';
import { dayOfWeek } from '@rollbook/school';
import type { DemoOptions } from './district.ts';
import { classSize, teacherLoad } from './proportions.ts';
import { Reader, expectNone, twice } from './testing.ts';

const small: DemoOptions = { schools: 3, students: 1500, seed: 1, today: '2026-11-21' };
const sizes: DemoOptions[] = [
  small,
  { ...small, seed: 4_000_000_000 },
  { schools: 1, students: 3200, seed: 5, today: '2026-11-21' },
  { schools: 2, students: 80, seed: 6, today: '2026-09-01' },
  { schools: 11, students: 6000, seed: 7, today: '2027-07-20', schoolYear: 2027 },
];

/** A seed that nobody chose; printed, so that a failure can be repeated. */
const anySeed = Math.floor(Math.random() * 2 ** 32);
console.log(`The last district has seed ${anySeed}`);
sizes.push({ schools: 5, students: 2500, seed: anySeed, today: '2026-11-21' });

describe.each(sizes)('$schools schools, $students students, seed $seed', (options) => {
  let read: Reader;
  beforeAll(() => {
    read = new Reader(options);
  });

  test('there are as many students as asked for, each at one school that teaches their grade', () => {
    expect(read.students.size).toBe(options.students);
    const level = new Map([...read.district.files.orgs].map(({ sourcedId, name }) => [sourcedId, name]));
    const kindOf = (grade: string) => (grade === 'KG' || grade <= '05' ? 'Elementary' : grade <= '08' ? 'Middle' : 'High');
    expectNone(
      [...read.students].map((id) => read.users.get(id)!),
      ({ grades, primaryOrgSourcedId }) => !level.get(primaryOrgSourcedId)!.endsWith(`${kindOf(grades!)} School`),
    );
  });

  test('every enrollment points to a user and a class of the same school', () => {
    expectNone(
      read.enrollments,
      ({ classSourcedId, userSourcedId, schoolSourcedId }) =>
        read.classes.get(classSourcedId!)?.schoolSourcedId !== schoolSourcedId ||
        read.users.get(userSourcedId!)?.primaryOrgSourcedId !== schoolSourcedId,
    );
    expect(twice(read.enrollments.map(({ sourcedId }) => sourcedId!))).toEqual([]);
  });

  test('no student is in two classes at once, and every one has a class in every period of every day', () => {
    const taken = [...read.times((id) => read.rosters.get(id) ?? [])];
    expect(twice(taken)).toEqual([]);
    const perStudent = new Map<string, number>();
    for (const time of taken) {
      const student = time.slice(0, time.indexOf('|'));
      perStudent.set(student, (perStudent.get(student) ?? 0) + 1);
    }
    const periods = new Map<string, number>();
    for (const { name, schoolSourcedId, periods: bells } of read.district.bellSchedules) {
      if (name === 'Regular day') periods.set(schoolSourcedId, bells.filter(({ label }) => /^\d$|^HR$/.test(label)).length);
    }
    expectNone(read.students, (id) => perStudent.get(id) !== 2 * 5 * periods.get(read.users.get(id)!.primaryOrgSourcedId!)!);
  });

  test('no student has a course twice in a semester', () => {
    const pairs: string[] = [];
    for (const [id, roster] of read.rosters) {
      const { courseSourcedId, termSourcedIds } = read.classes.get(id)!;
      for (const term of termSourcedIds!.split(',')) for (const student of roster) pairs.push(`${student}|${courseSourcedId}|${term}`);
    }
    expect(twice(pairs)).toEqual([]);
  });

  test('no teacher and no room is in two places at once, co-teachers included', () => {
    expect(twice(read.times((id) => read.teachers.get(id)!.map(({ userSourcedId }) => userSourcedId!)))).toEqual([]);
    expect(twice(read.times((id, room) => [`${read.classes.get(id)!.schoolSourcedId} ${room}`]))).toEqual([]);
  });

  test('every class has one primary teacher, and no secondary teacher more than five periods', () => {
    expectNone(read.teachers.values(), (teachers) => teachers.filter(({ primary }) => primary === 'true').length !== 1);
    expect(read.teachers.size).toBe(read.classes.size);
    const periods = new Map<string, Set<string>>();
    for (const { classSourcedId, period } of read.district.meetings) {
      if (read.classes.get(classSourcedId)!.courseSourcedId!.startsWith('course-E-')) continue;
      for (const { userSourcedId } of read.teachers.get(classSourcedId)!) {
        periods.set(userSourcedId!, (periods.get(userSourcedId!) ?? new Set()).add(period));
      }
    }
    expectNone(periods, ([, taught]) => taught.size > teacherLoad);
  });

  test('no class is empty or above its bound', () => {
    const sizes = [...read.classes.values()].map(({ sourcedId, courseSourcedId, grades }) => {
      return { courseSourcedId, size: read.rosters.get(sourcedId!)!.length, most: mostIn(courseSourcedId!, grades!) };
    });
    expectNone(sizes, ({ size, most }) => size === 0 || size > most);
  });

  test('siblings live in one household, share its name and its contacts, and no two sisters or brothers have one given name', () => {
    const sex = new Map([...read.district.files.demographics].map((row) => [row.sourcedId!, row.sex!]));
    const homes = [...read.district.households];
    const childrenOf = (ids: readonly string[]) => ids.map((id) => read.users.get(id)!);
    expectNone(homes, ({ studentSourcedIds }) => new Set(childrenOf(studentSourcedIds).map(({ familyName }) => familyName)).size !== 1);
    expectNone(homes, ({ studentSourcedIds, contactSourcedIds }) =>
      childrenOf(studentSourcedIds).some(({ agentSourcedIds }) => agentSourcedIds !== contactSourcedIds.join(',')),
    );
    for (const each of ['female', 'male']) {
      expectNone(homes, ({ studentSourcedIds }) => {
        return twice(childrenOf(studentSourcedIds.filter((id) => sex.get(id) === each)).map(({ givenName }) => givenName!)).length > 0;
      });
    }
    const placed = homes.flatMap(({ studentSourcedIds }) => studentSourcedIds);
    expect([placed.length, new Set(placed).size]).toEqual([options.students, options.students]);
  });

  test('every roll is of a class that meets that day, before today, and names only students who had come', () => {
    const began = new Map(read.enrollments.map(({ sourcedId, beginDate }) => [sourcedId!, beginDate!]));
    const ends = new Map(read.enrollments.map(({ classSourcedId, endDate }) => [classSourcedId!, endDate!]));
    const meets = new Map([...read.district.meetings].map((meeting) => [meeting.classSourcedId, meeting]));
    const schoolDays = new Set(read.district.schoolYear.schoolDays.map(({ date }) => date));
    const rolls = [...read.district.rolls];
    expect(new Set(rolls.map(({ date }) => date)).size).toBe(10);
    expectNone(rolls, ({ date, classSourcedId }) => date >= options.today || !schoolDays.has(date) || date >= ends.get(classSourcedId)!);
    expectNone(rolls, ({ date, classSourcedId, period }) => {
      const meeting = meets.get(classSourcedId)!;
      return meeting.period !== period || !meeting.days.includes(dayOfWeek(date));
    });
    expectNone(rolls, ({ date, classSourcedId, exceptions }) =>
      exceptions.some(({ studentSourcedId }) => !(began.get(`${classSourcedId}.${studentSourcedId}`)! <= date)),
    );
    expect(twice(rolls.map(({ classSourcedId, date }) => `${classSourcedId} ${date}`))).toEqual([]);
  });

  test('the people to sign in as belong together', () => {
    const { teacher, student, parent, counselor, clerk, principal, districtAdministrator } = read.district.signIns;
    const school = student.orgSourcedId;
    for (const { userSourcedId, orgSourcedId } of [teacher, counselor, clerk, principal]) {
      expect([orgSourcedId, read.users.get(userSourcedId)!.primaryOrgSourcedId]).toEqual([school, school]);
    }
    const taught = [...read.teachers]
      .filter(([, rows]) => rows.some(({ userSourcedId }) => userSourcedId === teacher.userSourcedId))
      .map(([id]) => id);
    expect(taught.some((id) => read.rosters.get(id)!.includes(student.userSourcedId))).toBe(true);
    expect(parent.children.map(({ userSourcedId }) => userSourcedId)).toContain(student.userSourcedId);
    expect(read.users.get(student.userSourcedId)!.agentSourcedIds!.split(',')).toContain(parent.userSourcedId);
    for (const person of [teacher, student, parent, counselor, clerk, principal, districtAdministrator]) {
      const { givenName, familyName } = read.users.get(person.userSourcedId)!;
      expect(person.name).toBe(`${givenName} ${familyName}`);
      const roles = [...read.district.files.roles].filter(({ userSourcedId }) => userSourcedId === person.userSourcedId);
      expect(roles).toContainEqual(expect.objectContaining({ role: person.role, orgSourcedId: person.orgSourcedId }));
    }
    if (options.students < 1500) return;
    const meetings = [...read.district.meetings].filter(({ classSourcedId }) => taught.includes(classSourcedId));
    const days = new Set(meetings.flatMap((meeting) => meeting.days));
    const periods = new Set(meetings.map(({ period }) => period));
    expect([days.size, periods.size]).toEqual([5, 5]);
    expect(new Set(parent.children.map(({ orgSourcedId }) => orgSourcedId)).size).toBe(options.schools === 1 ? 1 : 2);
  });
});

/** The bound of a class, by what everybody in the office knows of its course. */
function mostIn(course: string, grades: string): number {
  if (course.startsWith('course-E-'))
    return (['04', '05'].includes(grades) ? classSize.fourthAndFifth : classSize.kindergartenToThird).most;
  if (/-(M-)?(PE\d+|WEIGHTS|TEAMS)$/.test(course)) return classSize.physicalEducation.most;
  if (/BAND|ORCH|CHOIR/.test(course)) return classSize.performing.most;
  if (/ELD\d/.test(course)) return classSize.languageDevelopment.most;
  if (/LEARN$/.test(course)) return classSize.learningCenter.most;
  return classSize.secondary.most;
}
