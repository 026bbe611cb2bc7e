/** Who teaches what, when and where, and who sits in it: one school at a time. */
import type { Weekday } from '@rollbook/school';
import { planHomerooms } from './homerooms.ts';
import { planSections } from './sections.ts';
import type { Population } from './people.ts';
import { randomStream } from './random.ts';
import type { School } from './schools.ts';
import type { Staff } from './staff.ts';

/** A class of the year: one course, one roster, one period. */
export interface PlannedClass {
  school: number;
  /** Position in the catalog. */
  course: number;
  /** Its number among the classes of this course at this school, from 1. */
  section: number;
  /** 0 = all year, 1 or 2 = one semester. */
  semester: 0 | 1 | 2;
  period: string;
  days: readonly Weekday[];
  /** Numbers of staff; −1 = no co-teacher. */
  teacher: number;
  coTeacher: number;
  room: string;
  /** Students in it; the two halves of a semester pair, and the subjects of a homeroom, share one array. */
  roster: Uint32Array;
}

export const everyDay: readonly Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'];

/** Plans a school's classes and hires the teachers they need. */
export function planSchool(school: School, population: Population, students: Uint32Array, staff: Staff): PlannedClass[] {
  const random = randomStream(population.seed, 2000 + school.index);
  const plan = school.level === 'elementary' ? planHomerooms : planSections;
  const classes = plan(school, population, students, staff, random);
  const sections = new Map<number, number>();
  for (const planned of classes) {
    planned.section = (sections.get(planned.course) ?? 0) + 1;
    sections.set(planned.course, planned.section);
  }
  return classes;
}
