/** Who the synthetic students are and what they ask for: by grade, lane and track of study, as counselors see it. */
import type { Random } from '../random.ts';
import type { CatalogCourse, Field, Track } from './catalog.ts';
import { catalog, tracks } from './catalog.ts';

export type Lane = 'support' | 'regular' | 'honors';

export interface Wish {
  title: string;
  readonly priority: 1 | 2 | 3;
  alternates: string[];
}

export interface Person {
  readonly grade: number;
  readonly lane: Lane;
  readonly track: Track;
  readonly language: string | null;
  /** The field of most of the student's electives. */
  readonly favorite: Field | null;
  /** Rather takes what few take. */
  readonly keen: boolean;
  readonly programs: readonly string[];
  /** Comes a period later: an approved late start. */
  readonly lateStart: boolean;
  /** Slots of 16 (8 periods in 2 semesters) that the student means to fill. */
  readonly slots: number;
  readonly wishes: Wish[];
}

export const courseOf: ReadonlyMap<string, CatalogCourse> = new Map(catalog.map((course) => [course.title, course]));
export const slotsOf = (title: string): number => {
  const { term, periods } = courseOf.get(title)!;
  return (term === 'YEAR' ? 2 : 1) * periods;
};

/** One of the keys, as often as its number says. */
export function oneOf<T extends string>(random: Random, shares: Readonly<Record<T, number>>): T {
  const entries = Object.entries(shares) as [T, number][];
  let left = random.unit() * entries.reduce((sum, [, share]) => sum + share, 0);
  for (const [key, share] of entries) if ((left -= share) < 0) return key;
  return entries.at(-1)![0];
}

const languages = { Spanish: 50, French: 17, German: 9, Mandarin: 8, 'American Sign Language': 7, Latin: 5, Japanese: 4 };
const shareWithLanguage: Readonly<Record<number, number>> = { 9: 0.84, 10: 0.8, 11: 0.5, 12: 0.2 };
const mostSlots: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  9: { 16: 9, 14: 1 },
  10: { 16: 9, 14: 1 },
  11: { 16: 9, 14: 1 },
  12: { 16: 2, 14: 3, 12: 5 },
};

/** `count` students, about a quarter in each grade, with what their plans of study ask for and no electives yet. */
export function drawPeople(count: number, random: Random): Person[] {
  const electives = catalog.filter(({ sections }) => sections > 0);
  return Array.from({ length: count }, (_, index) => {
    const grade = 9 + Math.floor((index * 4) / count);
    const programs = [...(random.unit() < 0.13 ? ['SPECIAL_EDUCATION'] : []), ...(random.unit() < 0.09 ? ['ENGLISH_LEARNER'] : [])];
    const lane = programs.length ? oneOf(random, { support: 5, regular: 5 }) : oneOf(random, { support: 12, regular: 53, honors: 35 });
    const track = tracks[random.below(tracks.length)]!;
    const learns = !programs.includes('ENGLISH_LEARNER') && random.unit() < shareWithLanguage[grade]!;
    const ofTrack = electives.filter((course) => course.track === track);
    const lateStart = grade === 12 && random.unit() < 0.08;
    const person: Person = {
      grade,
      lane,
      track,
      language: learns ? oneOf(random, languages) : null,
      favorite: random.unit() < 0.85 ? ofTrack[random.below(ofTrack.length)]!.field : null,
      keen: random.unit() < 0.3,
      programs,
      lateStart,
      slots: Math.min(Number(oneOf(random, mostSlots[grade]!)), lateStart ? 14 : 16),
      wishes: [],
    };
    person.wishes.push(...planOfStudy(person, random));
    return person;
  });
}

function planOfStudy(person: Person, random: Random): Wish[] {
  const must = [english(person), mathematics(person, random), ...science(person, random), ...socialStudies(person, random)];
  if (person.grade === 9) must.push('Physical Education 9');
  if (person.grade === 10) must.push('Physical Education 10', 'Health');
  if (person.programs.includes('ENGLISH_LEARNER')) must.push(`English Language Development ${1 + random.below(3)}`);
  if (person.programs.includes('SPECIAL_EDUCATION') && random.unit() < 0.5) must.push('Study Skills');
  const wishes = must.filter((title) => title !== null).map((title): Wish => ({ title, priority: 1, alternates: [] }));
  const level = person.language === null ? null : languageLevel(person.grade, random);
  const inLanguage = `${person.language} ${level}`;
  if (courseOf.has(inLanguage)) wishes.push({ title: inLanguage, priority: 2, alternates: [] });
  return wishes;
}

/** Most begin in grade 9, some a year before in middle school, some later. */
const languageLevel = (grade: number, random: Random): number =>
  Math.max(1, grade - 8 + Number(oneOf(random, { '1': 15, '0': 65, '-1': 15, '-2': 5 })));

function english({ grade, lane }: Person): string {
  if (lane !== 'honors') return `English ${grade}`;
  return { 9: 'English 9 Honors', 10: 'English 10 Honors', 11: 'AP English Language', 12: 'AP English Literature' }[grade]!;
}

function mathematics({ grade, lane }: Person, random: Random): string | null {
  if (lane === 'honors') {
    if (grade === 12) return oneOf(random, { 'AP Calculus AB': 45, 'AP Calculus BC': 25, 'AP Statistics': 30 });
    return { 9: 'Geometry Honors', 10: 'Algebra 2 Honors', 11: 'Precalculus Honors' }[grade]!;
  }
  if (grade < 12) return { 9: 'Algebra 1', 10: 'Geometry', 11: 'Algebra 2' }[grade]!;
  return random.unit() < 0.7 ? oneOf(random, { Precalculus: 6, Statistics: 4 }) : null;
}

function science({ grade, lane, track }: Person, random: Random): string[] {
  const inclined = track === 'science' || track === 'health';
  if (grade === 9) return [lane === 'honors' ? 'Biology Honors' : 'Biology'];
  if (grade === 10) return [{ honors: 'Chemistry Honors', regular: 'Chemistry', support: 'Environmental Science' }[lane]];
  if (grade === 12 && random.unit() > (inclined ? 0.95 : 0.6)) return [];
  if (lane !== 'honors') return [oneOf(random, { Physics: grade === 11 ? 6 : 2, 'Anatomy and Physiology': 4, 'Environmental Science': 3 })];
  if (grade === 12 && inclined) return [oneOf(random, { 'AP Physics C': 4, 'AP Biology': 3, 'AP Chemistry': 3 })];
  if (inclined) return [oneOf(random, { 'AP Biology': 3, 'AP Chemistry': 3, 'AP Physics 1': 4 })];
  return [oneOf(random, { 'AP Physics 1': 4, 'AP Environmental Science': 3, 'Anatomy and Physiology': 3 })];
}

function socialStudies({ grade, lane, track }: Person, random: Random): string[] {
  const advanced = lane === 'honors' && (track === 'humanities' || random.unit() < 0.6);
  if (grade === 12) return advanced ? ['AP Government', 'AP Economics'] : ['Government', 'Economics'];
  const usual = { 9: 'World Geography', 10: 'World History', 11: 'United States History' }[grade]!;
  return [advanced ? { 9: 'AP Human Geography', 10: 'AP World History', 11: 'AP United States History' }[grade]! : usual];
}

/** A course of a plan of study that fewer than `fewest` want is not offered; they take what comes instead of it. Returns who wants what. */
export function withdrawSmallCourses(people: readonly Person[], fewest: number): Map<string, number> {
  for (;;) {
    const wanted = new Map<string, number>();
    for (const { wishes } of people) for (const { title } of wishes) wanted.set(title, (wanted.get(title) ?? 0) + 1);
    const small = new Set([...wanted].filter(([title, count]) => count < fewest && !mustBeOffered(title)).map(([title]) => title));
    if (!small.size) return wanted;
    for (const { wishes } of people) {
      for (const wish of wishes) if (small.has(wish.title)) wish.title = courseOf.get(wish.title)!.instead ?? '';
      const kept = wishes.filter(({ title }, index) => title !== '' && wishes.findIndex((other) => other.title === title) === index);
      wishes.splice(0, wishes.length, ...kept);
    }
  }
}

const mustBeOffered = (title: string): boolean => {
  const { instead, field } = courseOf.get(title)!;
  return instead === null && field !== 'World languages' && field !== 'Special education' && field !== 'English language development';
};

/** An elective as this school offers it. */
export interface Offered {
  readonly course: CatalogCourse;
  sections: number;
  enrolled: number;
}

/**
 * Which electives the school offers: those that a large school has most of, a ladder from its first step, until what is offered holds
 * the periods that the students have left.
 */
export function offerElectives(people: readonly Person[], random: Random): Offered[] {
  const slotsLeft = people.reduce((sum, person) => sum + Math.max(0, person.slots - filled(person)), 0);
  const scale = people.length / 3_200;
  const drawn = new Map<string, number>();
  for (const { title, sections, after } of catalog)
    drawn.set(title, Math.min(sections + random.unit(), drawn.get(after ?? '') ?? Infinity));
  const ranked = catalog.filter(({ sections }) => sections > 0).sort((a, b) => drawn.get(b.title)! - drawn.get(a.title)!);
  const offered: Offered[] = [];
  let slots = 0;
  const room = (one: Offered): number => one.sections * one.course.seats * slotsOf(one.course.title);
  for (const course of ranked) {
    if (slots * usualFill >= slotsLeft && scale < 0.8) break;
    if (course.after !== null && !offered.some((other) => other.course.title === course.after)) continue;
    const one = {
      course,
      sections: Math.max(1, Math.round(course.sections * scale * thrift(course.sections) + random.unit() - 0.5)),
      enrolled: 0,
    };
    offered.push(one);
    slots += room(one);
  }
  for (let next = 0; slots * usualFill < slotsLeft; next = (next + 1) % offered.length) {
    const one = offered[next]!;
    if (one.course.sections < 3) continue;
    one.sections++;
    slots += room(one) / one.sections;
  }
  return offered;
}

/** The share of the catalog's sections that is planned, before chance adds one or takes one: a large course gives up more than a small one. */
const thrift = (sections: number): number => (sections > 2 ? 0.5 : 0.78);

/** The share of its seats that an elective fills where the school plans well. */
const usualFill = 0.93;

const filled = ({ wishes }: Person): number => wishes.reduce((sum, { title }) => sum + slotsOf(title), 0);

/** Fills each student's periods with electives and ranks alternates to most of them. */
export function chooseElectives(people: readonly Person[], offered: readonly Offered[], random: Random): void {
  for (const person of random.shuffle(people)) {
    for (let left = person.slots - filled(person); left > 0; left = person.slots - filled(person)) {
      const one = draw(person, offered, left, random, seatsLeft);
      if (!one) break;
      one.enrolled++;
      const priority = one.course.track === person.track || random.unit() < 0.6 ? 2 : 3;
      person.wishes.push({ title: one.course.title, priority, alternates: [] });
    }
  }
  for (const person of people) for (const wish of person.wishes) wish.alternates = alternatesTo(wish, person, offered, random);
}

/** An elective in the mind of this student, the likelier the larger it is; null when none fits. */
function draw(person: Person, offered: readonly Offered[], slots: number, random: Random, size: (one: Offered) => number): Offered | null {
  const weights = offered.map((one) => (slotsOf(one.course.title) <= slots ? appeal(person, one) * size(one) : 0));
  let left = random.unit() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) if (weight > 0 && (left -= weight) < 0) return offered[index]!;
  return null;
}

const seatsLeft = ({ sections, course, enrolled }: Offered): number => Math.max(0, sections * course.seats - enrolled);

function appeal(person: Person, { course }: Offered): number {
  if (!course.grades.includes(person.grade)) return 0;
  const ladderOf = (title: string): string => title.replace(/ \d$/, '');
  const ladder = ladderOf(course.title);
  if (person.wishes.some(({ title }) => ladderOf(title) === ladder)) return 0;
  const level = Number(/ (\d)$/.exec(course.title)?.[1] ?? 1);
  const ofInterest =
    (course.track === person.track ? 10 : 1) * (course.field === person.favorite ? 10 : 1) * (course.sections <= 2 && person.keen ? 20 : 1);
  const demanding = course.title.startsWith('AP ') && person.lane !== 'honors' ? 0.1 : 1;
  return ofInterest * demanding * (level > 1 ? 0.7 * (person.grade - 8) : 1);
}

/** Three of four electives have one or two; of the others those with an advanced course, now and then. */
function alternatesTo({ title, priority }: Wish, person: Person, offered: readonly Offered[], random: Random): string[] {
  const course = courseOf.get(title)!;
  if (priority === 1) return course.instead !== null && random.unit() < 0.15 && isOffered(course.instead, person) ? [course.instead] : [];
  if (course.sections === 0 || random.unit() > 0.75) return [];
  const alike = offered.filter((one) => one.course.term === course.term && one.course.periods === course.periods);
  const picked = new Set<string>();
  for (const _ of Array(1 + random.below(2))) {
    const one = draw(person, alike, slotsOf(title), random, ({ sections }) => sections);
    if (one) picked.add(one.course.title);
  }
  return [...picked];
}

/** Only a course of the student's own plan can be meant: it is offered if it never is withdrawn. */
const isOffered = (title: string, person: Person): boolean => mustBeOffered(title) && person.wishes.every((wish) => wish.title !== title);
