/** The best loading of a small school's master, proved by an exact solver: what the loaders are measured against. */
import { Worker } from 'node:worker_threads';
import type { PlacedSection, Reservation, School, Section, Student } from './school.ts';
import { shareOfAlternate, worth } from './school.ts';

export interface Proof {
  /** The worth of the best schedule found; 0 when none was found in time. */
  readonly value: number;
  /** What no loading of this master can exceed, as far as was shown. */
  readonly bound: number;
  /** Whether nothing better exists. */
  readonly proved: boolean;
  /** Percent of the bound that the value may fall short of it. */
  readonly gapPercent: number;
}

/**
 * The highest worth that a loading of the placed sections can have, by integer programming (HiGHS) in a thread of its own, which is
 * ended after `seconds`, or at once when `signal` aborts; then what was shown until then is told. Seats kept for programs, teams, tracks,
 * released slots and locks are respected. Schools with linked sections are refused: their proof is not written.
 */
export async function provedBest(
  school: School,
  placed: readonly PlacedSection[],
  { seconds, signal }: { readonly seconds: number; readonly signal?: AbortSignal },
): Promise<Proof> {
  const { text, offset } = programOf(school, placed);
  const worker = new Worker(new URL('./proveThread.ts', import.meta.url), { workerData: { text, seconds } });
  const told = { value: 0, bound: Infinity, proved: false };
  let late: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      late = setTimeout(resolve, (seconds + 2) * 1_000);
      signal?.addEventListener('abort', () => resolve(), { once: true });
      if (signal?.aborted) resolve();
      worker.on('message', (news: Partial<typeof told>) => {
        Object.assign(told, news);
        if ('proved' in news) resolve();
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve());
    });
  } finally {
    clearTimeout(late);
    await worker.terminate();
  }
  const [value, bound] = [told.value + offset, told.bound + offset];
  return { value, bound, proved: told.proved, gapPercent: told.proved ? 0 : (1 - value / bound) * 100 };
}

/** Sections of one course at the same times for the same students: their seats are one pool. */
interface Pool {
  readonly index: number;
  readonly courseId: string;
  readonly placement: readonly string[];
  readonly team: string | null;
  readonly track: string | null;
  seats: number;
  readonly kept: Reservation[];
  /** Each a variable of the programme, with who would sit there. */
  readonly sitters: { readonly name: string; readonly student: Student }[];
  readonly locked: Student[];
}

/** The integer programme in the LP format, and the worth of what locked seats answer, which is not part of it. */
export function programOf(school: School, placed: readonly PlacedSection[]): { text: string; offset: number } {
  if (school.sections.some(({ link }) => link !== null))
    throw new Error('The best loading of a school with linked sections cannot be proved.');
  const pools = poolsOf(school, placed);
  const poolsOfCourse = Map.groupBy(new Set(pools.values()), ({ courseId }) => courseId);
  const terms: string[] = [];
  const rows: string[] = [];
  let offset = 0;
  for (const student of school.students) {
    const own = variablesOf(student, pools, poolsOfCourse, terms.length);
    offset += own.offset;
    terms.push(...own.variables.map(({ name, value }) => `${value} ${name}`));
    for (const { name, pool } of own.variables) pool.sitters.push({ name, student });
    rows.push(...studentRows(own.variables));
  }
  for (const pool of new Set(pools.values())) rows.push(...seatRows(pool));
  const named = rows.map((row, index) => ` c${index}: ${row}`);
  const binaries = terms.map((term) => term.split(' ')[1]);
  return {
    text: ['Maximize', ` obj: ${inLines(terms, ' + ')}`, 'Subject To', ...named, 'Binary', inLines(binaries, ' '), 'End', ''].join('\n'),
    offset,
  };
}

/** Joined, with a new line now and then: some readers of the format take no endless ones. */
const inLines = (words: readonly (string | undefined)[], between: string): string =>
  words.map((word, index) => (index ? between : '') + (index % 20 === 19 ? '\n' : '') + word).join('');

/** By section id. */
function poolsOf(school: School, placed: readonly PlacedSection[]): Map<string, Pool> {
  const sections = new Map(school.sections.map((section) => [section.id, section]));
  const pools = new Map<string, Pool>();
  const ofSection = new Map<string, Pool>();
  for (const { sectionId, placement } of placed) {
    const section: Section = sections.get(sectionId)!;
    const { courseId, team, track } = section;
    const key = JSON.stringify([courseId, placement.toSorted(), team, track]);
    const pool = pools.get(key) ?? { index: pools.size, courseId, placement, team, track, seats: 0, kept: [], sitters: [], locked: [] };
    pools.set(key, pool);
    ofSection.set(sectionId, pool);
    pool.seats += section.seats;
    pool.kept.push(...section.reservations);
  }
  for (const student of school.students) for (const id of student.locked) ofSection.get(id)?.locked.push(student);
  return ofSection;
}

interface Variable {
  readonly name: string;
  readonly value: number;
  readonly requestId: string;
  readonly pool: Pool;
}

function variablesOf(
  student: Student,
  ofSection: Map<string, Pool>,
  poolsOfCourse: Map<string, Pool[]>,
  first: number,
): { variables: Variable[]; offset: number } {
  const lockedIn = student.locked.flatMap((id) => ofSection.get(id) ?? []);
  const lockedCourses = new Set(lockedIn.map(({ courseId }) => courseId));
  const filled = new Set([...student.released, ...lockedIn.flatMap(({ placement }) => placement)]);
  const variables: Variable[] = [];
  let offset = 0;
  for (const { id, courseId, priority, alternates } of student.requests) {
    const courses = [courseId, ...alternates];
    const valueOf = (nth: number): number => Math.round(worth[priority] * shareOfAlternate(nth));
    const locked = courses.findIndex((course) => lockedCourses.delete(course));
    if (locked >= 0) {
      offset += valueOf(locked);
      continue;
    }
    for (const [nth, course] of courses.entries()) {
      if (lockedIn.some((pool) => pool.courseId === course)) continue;
      for (const pool of poolsOfCourse.get(course) ?? []) {
        const isFor = (pool.team === null || pool.team === student.team) && (pool.track === null || pool.track === student.track);
        if (isFor && !pool.placement.some((slot) => filled.has(slot)))
          variables.push({ name: `x${first + variables.length}`, value: valueOf(nth), requestId: id, pool });
      }
    }
  }
  return { variables, offset };
}

/** At most one seat for a request, one in a slot, one in a course. */
function studentRows(variables: readonly Variable[]): string[] {
  const rows = new Map<string, Set<string>>();
  for (const { name, requestId, pool } of variables) {
    const keys = [`request ${requestId}`, `course ${pool.courseId}`, ...pool.placement.map((slot) => `slot ${slot}`)];
    for (const key of keys) rows.set(key, (rows.get(key) ?? new Set()).add(name));
  }
  const distinct = new Map([...rows.values()].map((names) => [[...names].join(' + '), names]));
  return [...distinct].filter(([, names]) => names.size > 1).map(([sum]) => `${sum} <= 1`);
}

/** For each choice of programs: who is in none of them fits on the seats that are kept for none of them. */
function seatRows({ seats, kept, sitters, locked }: Pool): string[] {
  const programs = [...new Set(kept.map(({ program }) => program))];
  const choices = programs.reduce<string[][]>((all, program) => [...all, ...all.map((choice) => [...choice, program])], [[]]);
  return choices.flatMap((choice) => {
    const outside = (student: Student): boolean => !choice.some((program) => student.programs.includes(program));
    const names = sitters.filter(({ student }) => outside(student)).map(({ name }) => name);
    const keptSeats = kept.filter(({ program }) => choice.includes(program)).reduce((sum, one) => sum + one.seats, 0);
    const left = Math.max(0, seats - keptSeats - locked.filter(outside).length);
    return names.length > left ? [`${inLines(names, ' + ')} <= ${left}`] : [];
  });
}
