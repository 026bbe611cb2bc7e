/** How many sections each course of the synthetic school has, where they could meet, and which are co-taught. */
import type { Placement, Slot } from '../school.ts';
import type { CatalogCourse } from './catalog.ts';
import type { Offered, Person } from './requests.ts';
import { courseOf } from './requests.ts';

const periods = ['1', '2', '3', '4', '5', '6', '7', '8'];
const terms = ['S1', 'S2'];

/** 8 periods in each of 2 semesters; all days are alike. */
export const slots: readonly Slot[] = terms.flatMap((term) =>
  periods.map((period, order) => ({ id: `${term} ${period}`, term, day: '', period, order })),
);

/** A double period does not span lunch, which follows the fourth. */
const startsOfDouble = ['1', '2', '3', '5', '6', '7'];

export function placementsOf({ term, periods: length }: CatalogCourse): readonly Placement[] {
  const meets = (inTerms: readonly string[], start: string): Placement =>
    inTerms.flatMap((name) => Array.from({ length }, (_, index) => `${name} ${Number(start) + index}`));
  const starts = length === 2 ? startsOfDouble : periods;
  return term === 'YEAR'
    ? starts.map((start) => meets(terms, start))
    : terms.flatMap((name) => starts.map((start) => meets([name], start)));
}

/** A group of the synthetic school, before it has a teacher. */
export interface Group {
  readonly course: CatalogCourse;
  readonly number: number;
  /** How many sections the course has. */
  readonly of: number;
  /** Seats kept for students of special education, with a second teacher; 0: none. */
  readonly reserved: number;
}

/** Regular classes that special education joins. */
const coTaught = new Set([
  'English 9',
  'English 10',
  'English 11',
  'Algebra 1',
  'Geometry',
  'Biology',
  'World History',
  'United States History',
]);
const reservedSeats = 8;
/** The share of its seats that a required course fills. */
const requiredFill = 0.97;

/** The sections of all courses: of required ones as many as students ask, of electives as planned. */
export function groupsOf(people: readonly Person[], wanted: ReadonlyMap<string, number>, offered: readonly Offered[]): Group[] {
  const planned = new Map(offered.map(({ course, sections }) => [course.title, sections]));
  for (const [title, count] of wanted) planned.set(title, Math.ceil(count / (courseOf.get(title)!.seats * requiredFill)));
  return [...planned].flatMap(([title, of]) => {
    const course = courseOf.get(title)!;
    const inProgram = people.filter((one) => one.programs.includes('SPECIAL_EDUCATION') && one.wishes.some((wish) => wish.title === title));
    const shared = coTaught.has(title) ? Math.floor((inProgram.length * 0.35) / reservedSeats) : 0;
    return Array.from({ length: of }, (_, index): Group => ({
      course,
      number: index + 1,
      of,
      reserved: index < shared ? reservedSeats : 0,
    }));
  });
}
