/** Seven people to look at the demo district through, whose records belong together. */
import { contactId, districtId, staffId, studentId } from './ids.ts';
import { contact, contactRole, entryDay, family, householdCount, programsOf, span, studentName } from './people.ts';
import type { DistrictPlan } from './plan.ts';
import { levelOfGrade, teacherLoad } from './proportions.ts';
import { staffName, staffRole, type Position } from './staff.ts';
import type { PlannedClass } from './timetable.ts';

export interface SignIn {
  userSourcedId: string;
  name: string;
  /** OneRoster's word, `ext:clerk` for the office clerk. */
  role: string;
  /** The org in which the role holds. */
  orgSourcedId: string;
  orgName: string;
}

export interface SignIns {
  /** Has five periods, a class on every school day, and the student below in one of them. */
  teacher: SignIn;
  counselor: SignIn;
  clerk: SignIn;
  principal: SignIn;
  districtAdministrator: SignIn;
  /** Has two children, at two schools, if any family of the district has. */
  parent: SignIn & { children: { userSourcedId: string; name: string; orgSourcedId: string }[] };
  student: SignIn;
}

/** Staff are of the student's school; the student is a child of the parent. */
export function signIns(plan: DistrictPlan): SignIns {
  const { population, schools, staff, seed } = plan;
  const { household, student } = chosenFamily(plan);
  const school = schools[population.school[student]!]!;
  const place = { orgSourcedId: school.sourcedId, orgName: school.name };
  const nameOf = (number: number) => {
    const { given, family: familyName } = studentName(population, number);
    return `${given} ${familyName}`;
  };
  const staffSignIn = (member: number, where: { orgSourcedId: string; orgName: string }): SignIn => {
    const { given, family: familyName } = staffName(seed, member);
    return { userSourcedId: staffId(member), name: `${given} ${familyName}`, role: staffRole[staff[member]!.position], ...where };
  };
  const first = (position: Position) => staff.findIndex((member) => member.school === school.index && member.position === position);
  const adult = contact(population, household, population.firstContact[household]!);
  const children = span(population.firstStudent[household]!, population.firstStudent[household + 1]!).map((child) => ({
    userSourcedId: studentId(child),
    name: nameOf(child),
    orgSourcedId: schools[population.school[child]!]!.sourcedId,
  }));
  return {
    teacher: staffSignIn(teacherOf(plan, student), place),
    counselor: staffSignIn(first('counselor'), place),
    clerk: staffSignIn(first('clerk'), place),
    principal: staffSignIn(first('principal'), place),
    districtAdministrator: staffSignIn(0, { orgSourcedId: districtId, orgName: plan.name }),
    parent: {
      userSourcedId: contactId(population.firstContact[household]!),
      name: `${adult.given} ${adult.family}`,
      role: contactRole(adult.relation),
      ...place,
      children,
    },
    student: { userSourcedId: studentId(student), name: nameOf(student), role: 'student', ...place },
  };
}

/** The first ordinary family with two children, one of them in high school; if it can be, at two schools. */
function chosenFamily({ population, seed }: DistrictPlan): { household: number; student: number } {
  let best = { household: -1, student: -1, fit: -1 };
  for (let household = 0; household < householdCount(population) && best.fit < 5; household++) {
    const children = span(population.firstStudent[household]!, population.firstStudent[household + 1]!);
    const student = children.find((child) => levelOfGrade(population.grade[child]!) === 'high');
    if (student === undefined) continue;
    const { adults, inFosterCare, homeless } = family(seed, household);
    const ordinary = adults[0] === 'MOTHER' && adults[1] === 'FATHER' && !inFosterCare && !homeless;
    const plain = children.every((child) => entryDay(population, child) === 0) && !programsOf(population, student).includes('SPED');
    const apart = new Set(children.map((child) => population.school[child]!)).size === 2;
    const fit = (children.length === 2 ? 2 : 0) + (apart ? 1 : 0) + (ordinary ? 1 : 0) + (plain ? 1 : 0);
    if (fit > best.fit) best = { household, student, fit };
  }
  return best;
}

/** A teacher of the student with a full load in both semesters, or as near to it as a small school has. */
function teacherOf({ classes }: DistrictPlan, student: number): number {
  const periods = new Map<number, Set<string>>();
  const theirs: PlannedClass[] = [];
  for (const planned of classes) {
    const taught = periods.get(planned.teacher) ?? new Set<string>();
    periods.set(planned.teacher, taught.add(planned.period));
    if (planned.semester === 0 && planned.roster.includes(student)) theirs.push(planned);
  }
  const load = ({ teacher }: PlannedClass) => periods.get(teacher)!.size;
  return (theirs.find((planned) => load(planned) === teacherLoad) ?? theirs.sort((a, b) => load(b) - load(a))[0]!).teacher;
}
