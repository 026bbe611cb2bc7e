import { refuse } from '@rollbook/school';
import { grades } from '../schools/rules.ts';

interface Taught {
  readonly name: string;
  readonly lowestGrade: string;
  readonly highestGrade: string;
}

const orderOf = (grade: string) => (grades as readonly string[]).indexOf(grade);

export const isGrade = (grade: string): boolean => orderOf(grade) !== -1;

/** Is the grade within the span that the school teaches? */
export function teaches(school: Taught, grade: string): boolean {
  return orderOf(school.lowestGrade) <= orderOf(grade) && orderOf(grade) <= orderOf(school.highestGrade);
}

/** A student is enrolled in a grade that the school teaches. Refuses GRADE_UNKNOWN, GRADE_NOT_TAUGHT. */
export function checkGrade(school: Taught, grade: string): void {
  if (!isGrade(grade)) refuse('GRADE_UNKNOWN', `"${grade}" is not a grade; write one of ${grades.join(', ')}.`);
  if (!teaches(school, grade))
    refuse('GRADE_NOT_TAUGHT', `${school.name} teaches grades ${school.lowestGrade} to ${school.highestGrade}, not ${grade}.`);
}
