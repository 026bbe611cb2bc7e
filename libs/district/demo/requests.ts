/** What each student of a middle or high school asks for, and which courses a school of that size can run. */
import {
  catalog,
  courseIndex,
  openElectives,
  otherLanguages,
  pairWhenFew,
  pathways,
  semesterPairs,
  type CatalogCourse,
} from './catalog.ts';
import { ability, family, programsOf, type Population } from './people.ts';
import { smallestCourse } from './proportions.ts';
import { hash, hashUnit, randomStream } from './random.ts';
import type { School } from './schools.ts';

/** What fills a period for a year: a course of a year, or two courses of a semester each. */
export interface Offering {
  index: number;
  key: string;
  courses: readonly CatalogCourse[];
  /** The offering that students get when too few ask; 'ALWAYS' = it always runs. */
  whenFew: string | undefined;
}

export const offerings: readonly Offering[] = [
  ...catalog
    .filter(({ level, length }) => level !== 'elementary' && length === 'YEAR')
    .map((course) => ({ key: course.number, courses: [course], whenFew: course.whenFew })),
  ...semesterPairs.map((key) => ({
    key,
    courses: key.split('+').map((number) => catalog[courseIndex(number)]!),
    whenFew: pairWhenFew[key],
  })),
].map((offering, index) => ({ ...offering, index }));

const byKey = new Map(offerings.map((offering) => [offering.key, offering]));

export function offering(key: string): Offering {
  const found = byKey.get(key);
  if (!found) throw new Error(`No course or pair of semester courses is called ${key}`);
  return found;
}

/** A school's students and their requests: row i holds the offerings of `students[i]`, most important first, one for each period. */
export interface Requests {
  students: Uint32Array;
  perStudent: number;
  choices: Int16Array;
}

/** The requests of a school's students, with courses that too few ask for already replaced. */
export function requestsAt(school: School, population: Population, students: Uint32Array): Requests {
  const perStudent = school.periods.length;
  const choices = new Int16Array(students.length * perStudent);
  const offered = electivesOffered(school, population.seed, students.length);
  students.forEach((student, row) => {
    const wanted = school.level === 'middle' ? middleRequests(population, student) : highRequests(population, student, perStudent, offered);
    const needed = [...new Set(wanted)].slice(0, perStudent);
    addElectives(population, student, needed, perStudent);
    needed.forEach((key, column) => (choices[row * perStudent + column] = offering(key).index));
  });
  const requests = { students, perStudent, choices };
  dropSmallCourses(school, population, requests);
  return requests;
}

interface Offered {
  pathways: readonly (readonly string[])[];
  languages: readonly (readonly string[])[];
}

function electivesOffered(school: School, seed: number, students: number): Offered {
  const shuffled = randomStream(seed, 3000 + school.index).shuffle([...pathways]);
  return {
    pathways: shuffled.slice(0, Math.max(4, Math.floor(students / 90))),
    languages: otherLanguages.slice(0, Math.floor(students / 450)),
  };
}

function middleRequests(population: Population, student: number): string[] {
  const grade = population.grade[student]!;
  const talent = ability(population, student);
  const honors = talent > 0.78 ? 'H' : '';
  const programs = programsOf(population, student);
  const math = grade === 8 ? (talent > 0.72 ? 'M-ALG1' : 'M-MATH8') : talent > 0.72 ? `M-MATH${grade}A` : `M-MATH${grade}`;
  const requests = [`M-ENG${grade}${honors}`, math, `M-SCI${grade}`, `M-HIST${grade}`, `M-PE${grade}`];
  const chance = hashUnit(population.seed, 301, student);
  if (programs.includes('SPED') && chance < 0.45) requests.push('M-LEARN');
  else if (programs.includes('EL') && chance < 0.5) requests.push(chance < 0.12 ? 'M-ELD1' : chance < 0.3 ? 'M-ELD2' : 'M-ELD3');
  else if (grade > 6 && chance < 0.25)
    requests.push(family(population.seed, population.household[student]!).language === 'es' ? 'M-SPNS' : 'M-SPAN');
  return requests;
}

function highRequests(population: Population, student: number, perStudent: number, offered: Offered): string[] {
  const { seed } = population;
  const grade = population.grade[student]!;
  const programs = programsOf(population, student);
  const chance = hashUnit(seed, 302, student);
  const requests = core(population, student, grade);
  if (programs.includes('SPED') && chance < 0.45) requests.push('LEARN');
  else if (programs.includes('EL') && chance < 0.5) requests.push(['ELD1', 'ELD2', 'ELD3', 'ELD4'][Math.floor(chance * 8)]!);
  const studiesLanguage = hashUnit(seed, 303, student) < 0.66;
  if (studiesLanguage) requests.push(...languageCourse(population, student, grade, offered));
  const electivesFrom = studiesLanguage && perStudent === 6 ? 11 : 9;
  const pathway = offered.pathways[hash(seed, 304, student) % offered.pathways.length]!;
  const step = grade - electivesFrom;
  const next = step < 0 ? undefined : (pathway[step] ?? repeatable(pathway.at(-1)!));
  if (next && offering(next).courses[0]!.grades.includes(grade)) requests.push(next);
  return requests;
}

const repeatable = (number: string): string | undefined => (offering(number).courses[0]!.repeatable ? number : undefined);

/** English, mathematics, science, history, physical education: what graduation asks for. */
function core(population: Population, student: number, grade: number): string[] {
  const talent = ability(population, student);
  const chance = hashUnit(population.seed, 305, student);
  const honors = talent > 0.78 ? 'H' : '';
  const math = mathCourse(grade, talent, chance);
  switch (grade) {
    case 9:
      return [`ENG9${honors}`, ...math, `BIO${honors}`, 'PE9', 'ETHNIC+HEALTH'];
    case 10:
      return [`ENG10${honors}`, ...math, `CHEM${honors}`, talent > 0.88 ? 'APWORLD' : `WORLD${honors}`, 'PE10'];
    case 11:
      return [talent > 0.78 ? 'APLANG' : 'ENG11', ...math, talent > 0.78 ? 'APUSH' : 'USHIST', talent > 0.85 ? 'APPHYS' : 'PHYS'];
    default: {
      const advanced = talent > 0.85 ? ['APPHYSC', 'APBIO', 'APCHEM'] : talent > 0.5 ? ['ANAT', 'MARINE', 'FORENS', 'APES'] : [];
      const science = advanced.length ? [advanced[Math.floor(chance * advanced.length)]!] : [];
      const english = talent > 0.78 ? 'APLIT' : talent > 0.4 ? 'ERW12' : 'ENG12';
      return [english, talent > 0.82 ? 'APGOV+APECON' : 'GOV+ECON', ...math, ...science];
    }
  }
}

/** Algebra 1, Geometry, Algebra 2 and on; a student who had Algebra 1 in middle school is a year ahead. */
function mathCourse(grade: number, talent: number, chance: number): string[] {
  const honors = talent > 0.8 ? 'H' : '';
  const year = grade - 9 + (talent > 0.72 ? 1 : 0);
  if (year === 0) return ['ALG1'];
  if (year === 1) return [`GEO${honors}`];
  if (year === 2) return [`ALG2${honors}`];
  if (year === 4) return [talent > 0.9 ? 'APCALCBC' : chance < 0.6 ? 'APCALCAB' : 'APSTAT'];
  if (talent > 0.5) return [`PRECALC${honors}`];
  return chance < 0.25 ? ['FINALG'] : chance < 0.4 ? ['DATA'] : chance < 0.75 ? ['STATS'] : [];
}

function languageCourse(population: Population, student: number, grade: number, { languages }: Offered): string[] {
  const year = grade - 9;
  const home = family(population.seed, population.household[student]!).language;
  const choice = hash(population.seed, 306, student) % 100;
  const other = languages[Math.floor(choice / 11)];
  if (home === 'es' && choice % 2 === 0) return [['SPNS1', 'SPNS2', 'APSPAN'][year] ?? []].flat();
  if (other) return other.slice(year, year + 1);
  return [['SPAN1', 'SPAN2', 'SPAN3'][year] ?? []].flat();
}

/** Fills the list with electives that need no earlier course, starting at another place for each student. */
function addElectives(population: Population, student: number, requests: string[], length: number): void {
  const open = openElectives[population.grade[student]!]!;
  const start = hash(population.seed, 307, student) % open.length;
  for (let i = 0; requests.length < length; i++) {
    const next = open[(start + i) % open.length]!;
    if (i >= open.length) throw new Error(`Grade ${population.grade[student]} has too few open electives`);
    if (!requests.includes(next)) requests.push(next);
  }
}

/** The electives of a grade that a school runs however small it is: the first few, so that everybody finds a seat. */
const alwaysOpen = 4;
const runsAlways = new Set([
  ...offerings.filter(({ whenFew }) => whenFew === 'ALWAYS').map(({ index }) => index),
  ...Object.values(openElectives).flatMap((keys) => keys.slice(0, alwaysOpen).map((key) => offering(key).index)),
]);

/** Cancels courses that too few asked for, until none is left, and gives those students their next choice. */
function dropSmallCourses(school: School, population: Population, { students, perStudent, choices }: Requests): void {
  const smallest = Math.max(4, Math.min(smallestCourse, Math.floor(students.length / 30)));
  const closed = new Set<number>();
  for (;;) {
    const counts = new Uint32Array(offerings.length);
    for (const choice of choices) counts[choice]!++;
    const small = offerings.filter(
      ({ index }) => counts[index]! > 0 && counts[index]! < smallest && !runsAlways.has(index) && !closed.has(index),
    );
    if (small.length === 0) break;
    for (const { index } of small) closed.add(index);
    for (let place = 0; place < choices.length; place++) {
      if (!closed.has(choices[place]!)) continue;
      const row = Math.floor(place / perStudent);
      const mine = choices.subarray(row * perStudent, (row + 1) * perStudent);
      choices[place] = replacement(population, students[row]!, mine, offerings[choices[place]!]!, closed, school);
    }
  }
}

function replacement(
  population: Population,
  student: number,
  mine: Int16Array,
  dropped: Offering,
  closed: Set<number>,
  school: School,
): number {
  for (let next = dropped.whenFew; next && next !== 'ALWAYS'; next = offering(next).whenFew) {
    const { index } = offering(next);
    if (!closed.has(index) && !mine.includes(index)) return index;
  }
  const open = openElectives[population.grade[student]!]!;
  const start = hash(population.seed, 308, student) % open.length;
  for (let i = 0; i < open.length; i++) {
    const { index } = offering(open[(start + i) % open.length]!);
    if (!closed.has(index) && !mine.includes(index)) return index;
  }
  return offering(lastResort(school)).index;
}

/** The class that has room for anybody: supervised study. */
export const lastResort = (school: School): string => (school.level === 'middle' ? 'M-LAB' : 'LAB');
