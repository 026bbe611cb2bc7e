/** The district as rows of the OneRoster 1.2.1 files, column → text. Each generator holds one row at a time. */
import { addDays } from '@rollbook/school';
import { catalog, subjectCode } from './catalog.ts';
import { classId, contactId, courseId, districtId, staffId, studentId } from './ids.ts';
import { asciiName, contact, contactRole, family, householdCount, phone, sexOf, span, studentName, type Population } from './people.ts';
import { bornAbroad, grades } from './proportions.ts';
import type { DistrictPlan } from './plan.ts';
import { hash, hashUnit } from './random.ts';
import { staffName, staffPhone, staffRole } from './staff.ts';
import { entryDate, laterEntry } from './students.ts';
import type { PlannedClass } from './timetable.ts';

export type Row = Record<string, string>;

export function* orgs({ name, schools }: DistrictPlan): Generator<Row> {
  yield { sourcedId: districtId, name, type: 'district', identifier: '1999999' };
  for (const school of schools) {
    yield { sourcedId: school.sourcedId, name: school.name, type: 'school', identifier: school.number, parentSourcedId: districtId };
  }
}

export function* academicSessions({ year }: DistrictPlan): Generator<Row> {
  for (const { sourcedId, title, type, start, end, parent } of [year.term, ...year.semesters, ...year.gradingPeriods]) {
    const parentSourcedId = parent?.sourcedId ?? '';
    yield { sourcedId, title, type, startDate: start, endDate: end, parentSourcedId, schoolYear: String(year.year) };
  }
}

/** The courses that are taught in this district: the catalog, without the levels it has no school for. */
export function* courses({ year, schools }: DistrictPlan): Generator<Row> {
  const levels = new Set(schools.map(({ level }) => level));
  for (const course of catalog) {
    if (!levels.has(course.level)) continue;
    yield {
      sourcedId: courseId(course.number),
      schoolYearSourcedId: year.term.sourcedId,
      title: course.title,
      courseCode: course.number,
      grades: course.grades.map((grade) => grades[grade]).join(','),
      orgSourcedId: districtId,
      // A comma inside the name would read as two subjects.
      subjects: course.subject.replaceAll(',', ''),
      subjectCodes: subjectCode(course.subject),
    };
  }
}

export function* classes({ classes: planned, schools, year, population }: DistrictPlan): Generator<Row> {
  for (const [index, each] of planned.entries()) {
    const course = catalog[each.course]!;
    const present = new Set(Array.from(each.roster, (student) => population.grade[student]!));
    const terms = each.semester === 0 ? year.semesters : [year.semesters[each.semester - 1]!];
    const number = String(each.section).padStart(2, '0');
    yield {
      sourcedId: classId(year.year, index),
      title: each.period === 'HR' ? `Homeroom ${each.room}` : `${course.title} (${number})`,
      grades: grades.filter((_, grade) => present.has(grade)).join(','),
      courseSourcedId: courseId(course.number),
      classCode: `${course.number}-${number}`,
      classType: each.period === 'HR' ? 'homeroom' : 'scheduled',
      location: each.room,
      schoolSourcedId: schools[each.school]!.sourcedId,
      termSourcedIds: terms.map(({ sourcedId }) => sourcedId).join(','),
      subjects: course.subject.replaceAll(',', ''),
      subjectCodes: subjectCode(course.subject),
      periods: each.period,
    };
  }
}

export function* users(plan: DistrictPlan): Generator<Row> {
  yield* staffUsers(plan);
  for (let household = 0; household < householdCount(plan.population); household++) yield* familyUsers(plan, household);
}

function* staffUsers({ staff, staffUsernames, schools, seed }: DistrictPlan): Generator<Row> {
  for (const [member, { school }] of staff.entries()) {
    const { given, family: familyName } = staffName(seed, member);
    yield {
      sourcedId: staffId(member),
      enabledUser: 'true',
      username: staffUsernames[member]!,
      givenName: given,
      familyName,
      identifier: String(100_000 + member),
      email: `${staffUsernames[member]}@arroyovista.example`,
      phone: staffPhone(seed, member),
      primaryOrgSourcedId: school < 0 ? districtId : schools[school]!.sourcedId,
    };
  }
}

/** A household's children, then their contacts. */
function* familyUsers({ population, schools, seed }: DistrictPlan, household: number): Generator<Row> {
  const { firstStudent, firstContact } = population;
  const adults = span(firstContact[household]!, firstContact[household + 1]!);
  const agentSourcedIds = adults.map(contactId).join(',');
  for (const student of span(firstStudent[household]!, firstStudent[household + 1]!)) {
    const name = studentName(population, student);
    const number = studentNumber(student);
    yield {
      sourcedId: studentId(student),
      enabledUser: 'true',
      username: `s${number}`,
      userIds: `{stateId:${stateNumber(student)}}`,
      givenName: name.given,
      middleName: name.middle,
      familyName: name.family,
      preferredGivenName: name.preferred,
      identifier: number,
      email: `s${number}@students.arroyovista.example`,
      agentSourcedIds,
      grades: grades[population.grade[student]!]!,
      primaryOrgSourcedId: schools[population.school[student]!]!.sourcedId,
      pronouns: sexOf(population, student) === 'other' ? 'they/them' : '',
    };
  }
  for (const number of adults) {
    const { given, family: familyName, email, phone: called } = contact(population, household, number);
    yield {
      sourcedId: contactId(number),
      enabledUser: 'true',
      username: email || `${asciiName(given)}.${asciiName(familyName)}${number + 1}`,
      givenName: given,
      familyName,
      email,
      sms: called,
      phone: hashUnit(seed, 601, number) < 0.4 ? phone(seed, 9_000_000 + household) : called,
      primaryOrgSourcedId: schools[population.school[firstStudent[household]!]!]!.sourcedId,
    };
  }
}

/** Eight digits, in no visible order and never twice: multiplication modulo a prime. */
const studentNumber = (student: number): string => String(10_000_000 + (((student + 1) * 48_271) % 9_999_991));
/** Ten digits, as California's statewide student identifier has. */
const stateNumber = (student: number): string => String(1_000_000_000 + (((student + 1) * 69_621) % 998_244_353));

export function* roles(plan: DistrictPlan): Generator<Row> {
  const { staff, schools, population, year } = plan;
  const begun = year.term.start;
  for (const [member, { school, position }] of staff.entries()) {
    const id = staffId(member);
    const orgSourcedId = school < 0 ? districtId : schools[school]!.sourcedId;
    yield { sourcedId: `role-${id}`, userSourcedId: id, roleType: 'primary', role: staffRole[position], beginDate: begun, orgSourcedId };
  }
  for (let student = 0; student < population.grade.length; student++) {
    const id = studentId(student);
    const orgSourcedId = schools[population.school[student]!]!.sourcedId;
    const beginDate = entryDate(plan, student);
    yield { sourcedId: `role-${id}`, userSourcedId: id, roleType: 'primary', role: 'student', beginDate, orgSourcedId };
  }
  for (let household = 0; household < householdCount(population); household++) yield* familyRoles(plan, household);
}

/** A contact has a role at every school where a child of the household is. */
function* familyRoles({ schools, population, seed }: DistrictPlan, household: number): Generator<Row> {
  const { adults } = family(seed, household);
  const children = span(population.firstStudent[household]!, population.firstStudent[household + 1]!);
  const theirSchools = [...new Set(children.map((student) => population.school[student]!))];
  for (const [place, relation] of adults.entries()) {
    const id = contactId(population.firstContact[household]! + place);
    for (const [turn, school] of theirSchools.entries()) {
      const { sourcedId: orgSourcedId } = schools[school]!;
      const roleType = turn === 0 ? 'primary' : 'secondary';
      yield { sourcedId: `role-${id}-${school + 1}`, userSourcedId: id, roleType, role: contactRole(relation), orgSourcedId };
    }
  }
}

export function* enrollments(plan: DistrictPlan): Generator<Row> {
  for (const [index, planned] of plan.classes.entries()) {
    const classSourcedId = classId(plan.year.year, index);
    const schoolSourcedId = plan.schools[planned.school]!.sourcedId;
    const { start, end } = termOf(plan, planned);
    for (const teacher of [planned.teacher, planned.coTeacher]) {
      if (teacher < 0) continue;
      const userSourcedId = staffId(teacher);
      const primary = teacher === planned.teacher ? 'true' : 'false';
      const sourcedId = `${classSourcedId}.${userSourcedId}`;
      yield { sourcedId, classSourcedId, schoolSourcedId, userSourcedId, role: 'teacher', primary, beginDate: start, endDate: end };
    }
    for (const student of planned.roster) {
      const userSourcedId = studentId(student);
      const sourcedId = `${classSourcedId}.${userSourcedId}`;
      const beginDate = laterEntry(plan, student, start);
      yield { sourcedId, classSourcedId, schoolSourcedId, userSourcedId, role: 'student', primary: 'false', beginDate, endDate: end };
    }
  }
}

/** From when to when a class meets; the end is exclusive. */
export const termOf = ({ year }: DistrictPlan, { semester }: PlannedClass) => (semester === 0 ? year.term : year.semesters[semester - 1]!);

const raceColumns = [
  'americanIndianOrAlaskaNative',
  'asian',
  'blackOrAfricanAmerican',
  'nativeHawaiianOrOtherPacificIslander',
  'white',
] as const;

export function* demographics({ population, seed, year }: DistrictPlan): Generator<Row> {
  for (let student = 0; student < population.grade.length; student++) {
    const household = population.household[student]!;
    const { father, mother, language } = family(seed, household);
    const abroad = language !== 'en' && hashUnit(seed, 602, student) < bornAbroad;
    const races = new Set([...father.races, ...mother.races]);
    const row: Row = {
      sourcedId: studentId(student),
      birthDate: birthDate(population, year.year, student),
      sex: sexOf(population, student),
      demographicRaceTwoOrMoreRaces: String(races.size > 1),
      hispanicOrLatinoEthnicity: String(father.hispanic === true || mother.hispanic === true),
      countryOfBirthCode: abroad ? mother.country : 'US',
      stateOfBirthAbbreviation: abroad ? '' : 'CA',
      cityOfBirth: abroad ? '' : 'Arroyo Vista',
    };
    for (const race of raceColumns) row[race] = String(races.has(race));
    yield row;
  }
}

/**
 * A child in kindergarten turned five by 1 September (California Education Code 48000), and so on up. The children of a household are born in the
 * same season, so that siblings a grade apart are never less than nine months apart; those in one grade are twins. A few only children repeat a grade.
 */
function birthDate(population: Population, year: number, student: number): string {
  const { seed } = population;
  const household = population.household[student]!;
  const siblings = span(population.firstStudent[household]!, population.firstStudent[household + 1]!);
  const grade = population.grade[student]!;
  const twin = siblings.find((sibling) => population.grade[sibling] === grade)!;
  const season = 45 + (hash(seed, 603, household) % 275);
  const repeats = siblings.length === 1 && hashUnit(seed, 605, student) < 0.03 ? 1 : 0;
  return addDays(`${year - 7 - grade - repeats}-09-02`, season - 45 + (hash(seed, 604, twin) % 90));
}
