/** What is known of students that OneRoster has no place for: programs, whom to call, where they live. */
import { laterOf, type IsoDate } from '@rollbook/school';
import { contactId, householdId, studentId } from './ids.ts';
import { address, contact, entryDay, family, householdCount, programsOf, span, type ProgramCode, type Relation } from './people.ts';
import type { DistrictPlan } from './plan.ts';
import { hash } from './random.ts';

export interface ProgramEnrollment {
  studentSourcedId: string;
  /** EL = English learner, SPED = special education, 504 = plan under section 504, GATE = gifted. */
  program: ProgramCode;
  beginDate: IsoDate;
}

export interface StudentContact {
  studentSourcedId: string;
  contactSourcedId: string;
  relation: Relation;
  /** 1 is called first. */
  priority: number;
  custody: boolean;
  livesWith: boolean;
  /** ISO 639; the first is the one to write and call in. */
  languages: readonly string[];
}

export interface Household {
  sourcedId: string;
  /** Spoken at home, ISO 639. */
  language: string;
  /** Null for families without a fixed home. */
  address: { street: string; city: string; state: string; postalCode: string } | null;
  studentSourcedIds: readonly string[];
  contactSourcedIds: readonly string[];
}

/** The day on which a student's year begins: the first school day, or the day they came. */
export function entryDate({ year, population }: DistrictPlan, student: number): IsoDate {
  return year.schoolDays[entryDay(population, student)]!.date;
}

export function* programs(plan: DistrictPlan): Generator<ProgramEnrollment> {
  const { population } = plan;
  for (let student = 0; student < population.grade.length; student++) {
    for (const program of programsOf(population, student)) {
      yield { studentSourcedId: studentId(student), program, beginDate: programBegin(plan, student, program) };
    }
  }
}

/** Homelessness is asked every year; a plan or an identification may be as old as the child's time at school. */
function programBegin(plan: DistrictPlan, student: number, program: ProgramCode): IsoDate {
  const grade = plan.population.grade[student]!;
  const first =
    program === 'GATE' ? Math.max(0, grade - 3) : program === 'HOMELESS' ? 0 : program === 'FOSTER' ? Math.min(2, grade) : grade;
  const drawn = hash(plan.seed, 501, student, program.length + program.charCodeAt(0));
  const yearsAgo = program === 'EL' ? first : drawn % (first + 1);
  if (yearsAgo === 0) return entryDate(plan, student);
  const month = 9 + (Math.floor(drawn / 32) % 4);
  return `${plan.year.year - 1 - yearsAgo}-${String(month).padStart(2, '0')}-${String(1 + (Math.floor(drawn / 256) % 28)).padStart(2, '0')}`;
}

export function* contacts({ population }: DistrictPlan): Generator<StudentContact> {
  for (let student = 0; student < population.grade.length; student++) {
    const household = population.household[student]!;
    for (const number of span(population.firstContact[household]!, population.firstContact[household + 1]!)) {
      const { relation, priority, custody, livesWith, languages } = contact(population, household, number);
      yield {
        studentSourcedId: studentId(student),
        contactSourcedId: contactId(number),
        relation,
        priority,
        custody,
        livesWith,
        languages,
      };
    }
  }
}

export function* households({ population, seed }: DistrictPlan): Generator<Household> {
  const { firstStudent, firstContact } = population;
  for (let household = 0; household < householdCount(population); household++) {
    yield {
      sourcedId: householdId(household),
      language: family(seed, household).language,
      address: address(seed, household) ?? null,
      studentSourcedIds: span(firstStudent[household]!, firstStudent[household + 1]!).map(studentId),
      contactSourcedIds: span(firstContact[household]!, firstContact[household + 1]!).map(contactId),
    };
  }
}

export const laterEntry = (plan: DistrictPlan, student: number, date: IsoDate): IsoDate => laterOf(entryDate(plan, student), date);
