/**
 * The demo district: a believable US school district of any size, made from a seed. The same options give the same rows, byte for byte, on every
 * machine. Nobody in it exists; e-mail domains and telephone numbers are ones that reach nobody (RFC 2606, 555-0100 to 555-0199).
 */
import { bellSchedules, schoolCalendar, type BellSchedule, type SchoolCalendarDay, type SchoolYear } from './calendar.ts';
import { catalog, type CatalogCourse } from './catalog.ts';
import { categories, lineItems, marks, results, type StudentMark } from './gradebook.ts';
import { classId, courseId } from './ids.ts';
import { planDistrict, type DemoOptions, type DistrictPlan } from './plan.ts';
import { rolls, type Roll } from './rolls.ts';
import * as rows from './rows.ts';
import type { Row } from './rows.ts';
import { signIns, type SignIns } from './signIns.ts';
import { contacts, households, programs, type Household, type ProgramEnrollment, type StudentContact } from './students.ts';
import type { Weekday } from '@rollbook/school';

export type {
  BellSchedule,
  DemoOptions,
  Household,
  ProgramEnrollment,
  Roll,
  Row,
  SchoolCalendarDay,
  SchoolYear,
  SignIns,
  StudentContact,
  StudentMark,
};

/** When and where a class meets. */
export interface Meeting {
  classSourcedId: string;
  schoolSourcedId: string;
  /** Label of a period in the school's bell schedules. */
  period: string;
  days: readonly Weekday[];
  room: string;
}

/** What OneRoster's courses have no column for. */
export type CourseDetails = Pick<CatalogCourse, 'number' | 'credits' | 'length' | 'department' | 'repeatable'> & {
  courseSourcedId: string;
  prerequisiteSourcedIds: readonly string[];
};

/** Every list is lazy, and may be walked as often as one likes. */
export interface DemoDistrict {
  name: string;
  schoolYear: SchoolYear;
  /** The rows of the OneRoster files, by file name. */
  files: Record<
    | 'orgs'
    | 'academicSessions'
    | 'courses'
    | 'classes'
    | 'users'
    | 'roles'
    | 'enrollments'
    | 'demographics'
    | 'categories'
    | 'lineItems'
    | 'results',
    Iterable<Row>
  >;
  courseDetails: Iterable<CourseDetails>;
  bellSchedules: Iterable<BellSchedule>;
  calendar: Iterable<SchoolCalendarDay>;
  meetings: Iterable<Meeting>;
  households: Iterable<Household>;
  contacts: Iterable<StudentContact>;
  programs: Iterable<ProgramEnrollment>;
  rolls: Iterable<Roll>;
  marks: Iterable<StudentMark>;
  signIns: SignIns;
}

/** @throws RangeError that names the option that is wrong */
export function demoDistrict(options: DemoOptions): DemoDistrict {
  const plan = planDistrict(options);
  const lazily = <T>(make: (plan: DistrictPlan) => Iterator<T>): Iterable<T> => ({ [Symbol.iterator]: () => make(plan) });
  return {
    name: plan.name,
    schoolYear: plan.year,
    files: {
      orgs: lazily(rows.orgs),
      academicSessions: lazily(rows.academicSessions),
      courses: lazily(rows.courses),
      classes: lazily(rows.classes),
      users: lazily(rows.users),
      roles: lazily(rows.roles),
      enrollments: lazily(rows.enrollments),
      demographics: lazily(rows.demographics),
      categories: lazily(categories),
      lineItems: lazily(lineItems),
      results: lazily(results),
    },
    courseDetails: lazily(courseDetails),
    bellSchedules: lazily(allBells),
    calendar: lazily(allDays),
    meetings: lazily(meetings),
    households: lazily(households),
    contacts: lazily(contacts),
    programs: lazily(programs),
    rolls: lazily(rolls),
    marks: lazily(marks),
    signIns: signIns(plan),
  };
}

function* courseDetails({ schools }: DistrictPlan): Generator<CourseDetails> {
  const levels = new Set(schools.map(({ level }) => level));
  for (const { number, credits, length, department, repeatable, prerequisites, level } of catalog) {
    if (!levels.has(level)) continue;
    yield {
      courseSourcedId: courseId(number),
      number,
      credits,
      length,
      department,
      repeatable,
      prerequisiteSourcedIds: prerequisites.map(courseId),
    };
  }
}

function* allBells({ schools }: DistrictPlan): Generator<BellSchedule> {
  for (const school of schools) yield* bellSchedules(school);
}

function* allDays({ schools, year }: DistrictPlan): Generator<SchoolCalendarDay> {
  for (const school of schools) yield* schoolCalendar(school, year);
}

function* meetings({ classes, schools, year }: DistrictPlan): Generator<Meeting> {
  for (const [index, { school, period, days, room }] of classes.entries()) {
    yield { classSourcedId: classId(year.year, index), schoolSourcedId: schools[school]!.sourcedId, period, days, room };
  }
}
