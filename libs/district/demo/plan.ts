/** Everything that must be decided before the first row can be written; it is small, and the rows are made from it on demand. */
import type { IsoDate } from '@rollbook/school';
import { schoolYear, yearOf, type SchoolYear } from './calendar.ts';
import { populate, type Population } from './people.ts';
import { studentsPerAssistantPrincipal, studentsPerClerk, studentsPerCounselor } from './proportions.ts';
import { schoolsOf, type School } from './schools.ts';
import { hire, staffUsernames, type Position, type Staff } from './staff.ts';
import { planSchool, type PlannedClass } from './timetable.ts';

export interface DemoOptions {
  /** 1 = a high school, 2 = a middle and a high school, 3 or more = elementary, middle and high schools. */
  schools: number;
  /** In kindergarten to grade 12, in the whole district. */
  students: number;
  /** A whole number from 0 to 4,294,967,295. The same seed gives the same district, on every machine. */
  seed: number;
  /** Rolls, scores and marks exist up to this day, and nothing else depends on it within a school year. */
  today: IsoDate;
  /** The year in which the school year ends; the one that contains `today` unless said otherwise. */
  schoolYear?: number;
  /** For how many school days before `today` there are rolls. 10 unless said otherwise. */
  rollDays?: number;
  /** Line items of a class in each grading period. 3 unless said otherwise. */
  assignments?: number;
}

export interface DistrictPlan {
  seed: number;
  today: IsoDate;
  rollDays: number;
  assignments: number;
  name: string;
  schools: readonly School[];
  year: SchoolYear;
  population: Population;
  staff: Staff;
  staffUsernames: readonly string[];
  /** All classes, school after school. */
  classes: readonly PlannedClass[];
}

/** Limits that keep a district believable; the upper ones are those of the number types inside. */
const limits = { schools: 5_000, studentsPerSchool: { least: 40, most: 6_000 } };

/** @throws RangeError that names the option, what it is and what it may be */
export function planDistrict(options: DemoOptions): DistrictPlan {
  const { schools: schoolCount, students, seed, today, rollDays, assignments, schoolYear: ending } = checked(options);
  const schools = schoolsOf(schoolCount, seed);
  const population = populate(schools, students, seed);
  const staff: Staff = [];
  staffDistrict(staff, schoolCount);
  const bySchool = studentsBySchool(schools, population);
  const classes: PlannedClass[] = [];
  for (const school of schools) {
    const here = bySchool[school.index]!;
    classes.push(...planSchool(school, population, here, staff));
    staffOffice(staff, school, here.length);
  }
  return {
    seed,
    today,
    rollDays,
    assignments,
    name: 'Arroyo Vista Unified School District',
    schools,
    year: schoolYear(ending),
    population,
    staff,
    staffUsernames: staffUsernames(seed, staff),
    classes,
  };
}

function checked(options: DemoOptions): Required<DemoOptions> {
  const { schools, students, seed, today, rollDays = 10, assignments = 3 } = options;
  const { least, most } = limits.studentsPerSchool;
  whole('schools', schools, 1, limits.schools);
  whole('students', students, schools * least, schools * most, ` (${least} to ${most} for each of ${schools} schools)`);
  whole('seed', seed, 0, 0xffff_ffff);
  whole('rollDays', rollDays, 0, 180);
  whole('assignments', assignments, 0, 40);
  const schoolYear = options.schoolYear ?? yearOf(today);
  yearOf(today);
  whole('schoolYear', schoolYear, 1990, 2100);
  return { schools, students, seed, today, rollDays, assignments, schoolYear };
}

function whole(name: string, value: number, least: number, most: number, why = ''): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}${why}, not ${value}`);
}

function studentsBySchool(schools: readonly School[], { school }: Population): Uint32Array[] {
  const counts = new Uint32Array(schools.length);
  for (const index of school) counts[index]!++;
  const lists = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  school.forEach((index, student) => (lists[index]![counts[index]!++] = student));
  return lists;
}

function staffDistrict(staff: Staff, schools: number): void {
  const add = (position: Position) => hire(staff, { school: -1, position, department: '', room: '' });
  for (let i = 0; i < 2 + Math.floor(schools / 10); i++) add('districtAdministrator');
  add('systemAdministrator');
}

function staffOffice(staff: Staff, school: School, students: number): void {
  const add = (position: Position, count: number) => {
    for (let i = 0; i < count; i++) hire(staff, { school: school.index, position, department: '', room: '' });
  };
  add('principal', 1);
  add('assistantPrincipal', Math.floor(students / studentsPerAssistantPrincipal));
  add('counselor', school.level === 'elementary' ? 1 : Math.ceil(students / studentsPerCounselor));
  add('clerk', Math.ceil(students / studentsPerClerk));
  add('aide', Math.ceil(students / 200));
}
