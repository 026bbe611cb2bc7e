import { refuse } from '@rollbook/school';
import type { Prerequisite } from '../catalog/rules.ts';
import type { Requirement } from './entities.ts';

/** A request as somebody wants it; its place is its place in the list. */
export interface Wanted {
  readonly courseId: string;
  readonly priority: number;
  readonly alternates: readonly string[];
}

/** What the rules must know of a course. */
export interface CourseFacts {
  readonly id: string;
  readonly number: string | null;
  readonly title: string;
  readonly subjects: readonly string[];
  readonly gradeLevels: readonly string[];
  readonly credits: number;
  readonly periodLoad: number;
  readonly repeatable: boolean;
  readonly prerequisites: readonly Prerequisite[];
  /** Is it offered at this school in this school year? */
  readonly offered: boolean;
}

/** A course that a student took or takes. */
export interface Taken {
  readonly courseId: string | null;
  readonly courseNumber: string;
  /** Null: in progress. */
  readonly passed: boolean | null;
  readonly credits: number;
}

/** What the rules must know of a student's year. */
export interface Situation {
  readonly courses: ReadonlyMap<string, CourseFacts>;
  /** Of courses with one number, the one that is offered. */
  readonly numbered: ReadonlyMap<string, CourseFacts>;
  readonly taken: readonly Taken[];
  /** Periods of the school's day; 0: not known, and nothing is too much. */
  readonly periods: number;
  /** Those of them in which everybody should have a class: a zero period is not. */
  readonly expected: number;
  readonly gradeLevel: string | null;
  readonly plan: readonly Requirement[];
}

export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly courseId: string | null;
  /** Refused at entry, unless somebody who may do so overrides it. */
  readonly hard: boolean;
  /** By how much; what was so before and is no worse now is not refused. */
  readonly extent: number;
}

type Rule = (sheet: readonly Wanted[], situation: Situation) => Warning[];

const titleOf = ({ courses }: Situation, id: string) => courses.get(id)?.title ?? id;
const hard = (code: string, courseId: string | null, message: string, extent = 1): Warning => ({
  code,
  message,
  courseId,
  hard: true,
  extent,
});
const soft = (code: string, courseId: string | null, message: string): Warning => ({ code, message, courseId, hard: false, extent: 1 });

/** A course, or one that stands for it, is offered at the school in the school year. */
const offeredThere: Rule = (sheet, situation) =>
  [...new Set(sheet.flatMap(({ courseId, alternates }) => [courseId, ...alternates]))]
    .filter((id) => !situation.courses.get(id)?.offered)
    .map((id) => hard('COURSE_NOT_OFFERED', id, `${titleOf(situation, id)} is not offered at this school in this school year.`));

/** What was passed is not taken again, unless the course may be repeated. */
const notPassedYet: Rule = (sheet, situation) =>
  sheet
    .map(({ courseId }) => situation.courses.get(courseId))
    .filter((course) => course && !course.repeatable && situation.taken.some((taken) => taken.passed && isOf(course, taken)))
    .map((course) => hard('ALREADY_PASSED', course!.id, `The student passed ${course!.title} already, and it is not taken twice.`));

const isOf = ({ id, number }: CourseFacts, taken: Taken) => taken.courseId === id || (number !== null && taken.courseNumber === number);

/** Every entry of a course's prerequisites is met by one of its courses: taken and not failed, or asked for further up on the sheet. */
const prerequisitesMet: Rule = (sheet, situation) => {
  const met = new Set(situation.taken.filter(({ passed }) => passed !== false).map(({ courseNumber }) => courseNumber));
  for (const { courseId, passed } of situation.taken)
    if (courseId && passed !== false) met.add(situation.courses.get(courseId)?.number ?? '');
  return sheet.flatMap(({ courseId }) => {
    const course = situation.courses.get(courseId);
    const missing = (course?.prerequisites ?? []).filter(({ anyOf }) => anyOf.length && !anyOf.some((number) => met.has(number)));
    if (course?.number) met.add(course.number);
    return missing.map(({ anyOf }) =>
      hard('PREREQUISITE_UNMET', courseId, `${course!.title} needs ${anyOf.join(' or ')} before it.`, missing.length),
    );
  });
};

/** What a prerequisite says in words, somebody has to ask for. */
const consent: Rule = (sheet, situation) =>
  sheet.flatMap(({ courseId }) =>
    (situation.courses.get(courseId)?.prerequisites ?? [])
      .filter(({ anyOf, note }) => !anyOf.length && note)
      .map(({ note }) => soft('CONSENT_NEEDED', courseId, `${titleOf(situation, courseId)}: ${note}.`)),
  );

/** The courses fill the day, and no more. */
const fitsTheDay: Rule = (sheet, situation) => {
  const { periods, expected, courses } = situation;
  const load = sheet.reduce((sum, { courseId }) => sum + (courses.get(courseId)?.periodLoad ?? 1), 0);
  const told = (day: number) => `The requests fill ${load} of the day's ${day} periods.`;
  if (periods && load > periods) return [hard('TOO_MANY_REQUESTS', null, told(periods), load)];
  return load < expected ? [soft('TOO_FEW_REQUESTS', null, told(expected))] : [];
};

/** What was chosen and not required names what would do instead. */
const alternatesNamed: Rule = (sheet, situation) =>
  sheet
    .filter(({ priority, alternates }) => priority > 1 && !alternates.length)
    .map(({ courseId }) => soft('NO_ALTERNATES', courseId, `There is no alternate for ${titleOf(situation, courseId)}.`));

/** Two courses that are asked for do not stand for each other, nor three in a round. */
const noCircle: Rule = (sheet, situation) => {
  const next = new Map(sheet.map(({ courseId, alternates }) => [courseId, alternates]));
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    (next.get(from) ?? []).some((id) => id === to || (!seen.has(id) && reaches(id, to, seen.add(id))));
  const circle = sheet.find(({ courseId }) => reaches(courseId, courseId, new Set()));
  return circle
    ? [hard('ALTERNATES_CIRCLE', circle.courseId, `The alternates of ${titleOf(situation, circle.courseId)} lead back to it.`)]
    : [];
};

/** What is asked for anyway is no help as an alternate. */
const alternatesNew: Rule = (sheet, situation) => {
  const asked = new Set(sheet.map(({ courseId }) => courseId));
  return sheet.flatMap(({ courseId, alternates }) =>
    alternates
      .filter((id) => asked.has(id))
      .map((id) =>
        soft(
          'ALTERNATE_REQUESTED',
          courseId,
          `${titleOf(situation, id)} is asked for too, and an alternate of ${titleOf(situation, courseId)}.`,
        ),
      ),
  );
};

/** A course is meant for the student's grade. */
const rightGrade: Rule = (sheet, situation) =>
  sheet
    .map(({ courseId }) => situation.courses.get(courseId))
    .filter((course) => situation.gradeLevel && course?.gradeLevels.length && !course.gradeLevels.includes(situation.gradeLevel))
    .map((course) => soft('WRONG_GRADE', course!.id, `${course!.title} is meant for grade ${course!.gradeLevels.join(', ')}.`));

/** What is still missing for a diploma can be reached at one course of the subject a year. */
const diplomaInReach: Rule = (sheet, situation) => {
  const { gradeLevel, numbered } = situation;
  if (!gradeLevel || !/^(09|10|11|12)$/.test(gradeLevel)) return [];
  const yearsLeft = 12 - Number(gradeLevel);
  const largest = (numbers: readonly string[]) => Math.max(0, ...numbers.map((number) => numbered.get(number)?.credits ?? 0));
  return creditsOf(sheet, situation)
    .filter(({ missing, courses: numbers }) => missing > yearsLeft * largest(numbers))
    .map(({ subject, missing }) =>
      soft('GRADUATION_GAP', null, `${missing} credits of ${subject} would still be missing, with ${yearsLeft} years after this one.`),
    );
};

const rules: readonly Rule[] = [
  offeredThere,
  notPassedYet,
  prerequisitesMet,
  fitsTheDay,
  noCircle,
  alternatesNamed,
  alternatesNew,
  consent,
  rightGrade,
  diplomaInReach,
];

/** All that is to be looked at on a sheet, hard rules first. */
export const warningsOf = (sheet: readonly Wanted[], situation: Situation): Warning[] => rules.flatMap((rule) => rule(sheet, situation));

/** What a change makes wrong that was not, or makes worse. */
export function newWarnings(before: readonly Warning[], after: readonly Warning[]): Warning[] {
  const nameOf = (warning: Warning) => (warning.hard ? `${warning.code} ${warning.courseId}` : warning.message);
  const extents = new Map(before.map((warning) => [nameOf(warning), warning.extent]));
  return after.filter((warning) => warning.extent > (extents.get(nameOf(warning)) ?? 0));
}

export interface SubjectCredits {
  readonly subject: string;
  readonly required: number;
  readonly earned: number;
  readonly planned: number;
  readonly missing: number;
  readonly courses: readonly string[];
}

/** Credits by subject: a course counts where the plan names its number, and once. */
export function creditsOf(sheet: readonly Wanted[], { courses, taken, plan }: Situation): SubjectCredits[] {
  const asked = sheet.map(({ courseId }) => courses.get(courseId)).filter((course) => course !== undefined);
  return plan.map(({ subject, credits: required, courses: numbers }) => {
    const counts = (number: string | null) => number !== null && numbers.includes(number);
    const sum = (list: readonly { credits: number }[]) => Math.round(1000 * list.reduce((all, { credits }) => all + credits, 0)) / 1000;
    const done = taken.filter(({ courseNumber }) => counts(courseNumber));
    const earned = sum(done.filter(({ passed }) => passed));
    const planned = sum([...done.filter(({ passed }) => passed === null), ...asked.filter(({ number }) => counts(number))]);
    return { subject, required, earned, planned, missing: Math.max(0, required - earned - planned), courses: numbers };
  });
}

const longestSheet = 30;

/** What no reason makes right. Refuses SHEET_TOO_LONG, COURSE_UNKNOWN, PRIORITY_INVALID, REQUESTED_TWICE, ALTERNATE_REPEATED. */
export function checkSheet(sheet: readonly Wanted[], { courses }: Pick<Situation, 'courses'>): void {
  if (sheet.length > longestSheet) refuse('SHEET_TOO_LONG', `A sheet holds at most ${longestSheet} requests, not ${sheet.length}.`);
  const seen = new Set<string>();
  for (const { courseId, priority, alternates } of sheet) {
    const unknown = [courseId, ...alternates].find((id) => !courses.has(id));
    if (unknown !== undefined) refuse('COURSE_UNKNOWN', `There is no course ${unknown} at this school.`);
    const { title } = courses.get(courseId)!;
    if (![1, 2, 3].includes(priority)) refuse('PRIORITY_INVALID', `A priority is 1, 2 or 3, not ${priority}.`);
    if (seen.has(courseId)) refuse('REQUESTED_TWICE', `${title} is asked for already.`);
    if (new Set(alternates).size < alternates.length) refuse('ALTERNATE_REPEATED', `${title} has one alternate twice.`);
    if (alternates.includes(courseId)) refuse('ALTERNATE_REPEATED', `${title} is its own alternate.`);
    seen.add(courseId);
  }
}

export const gradeLevels = ['KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'];

/** Refuses GRADE_UNKNOWN. */
export function checkGrade(gradeLevel: string | null | undefined): void {
  if (gradeLevel != null && !gradeLevels.includes(gradeLevel))
    refuse('GRADE_UNKNOWN', `"${gradeLevel}" is no grade; grades are KG and 01 to 12.`);
}

/**
 * The next course of each subject in which the plan still needs credits: the first that was neither passed nor is in progress, is
 * offered, not asked for yet, and whose prerequisites are met, as long as the day has room for it. One course of a subject a year; a subject that is asked for has its own.
 */
export function nextCourses(sheet: readonly Wanted[], situation: Situation): Wanted[] {
  const added: Wanted[] = [];
  for (const { courses: numbers } of situation.plan) {
    const now = creditsOf([...sheet, ...added], situation).find(({ courses }) => courses === numbers)!;
    const asked = [...sheet, ...added].some(({ courseId }) => numbers.includes(situation.courses.get(courseId)?.number ?? ''));
    if (asked || now.missing <= 0) continue;
    const next = numbers
      .map((number) => situation.numbered.get(number))
      .filter((course) => course?.offered && !situation.taken.some((taken) => taken.passed !== false && isOf(course, taken)))
      .map((course) => ({ courseId: course!.id, priority: 1, alternates: [] }))
      .find((wanted) => isPossible([...sheet, ...added, wanted], situation));
    if (next) added.push(next);
  }
  return added;
}

/** May the last request of a sheet be asked for after the others? */
function isPossible(sheet: readonly Wanted[], situation: Situation): boolean {
  const unmet = prerequisitesMet(sheet, situation).some(({ courseId }) => courseId === sheet.at(-1)!.courseId);
  return !unmet && !fitsTheDay(sheet, situation).some((warning) => warning.hard);
}
