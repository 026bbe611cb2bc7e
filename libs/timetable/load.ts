import { refuseFaults } from './faults.ts';
import type { IndexedSchool, Offer, Offering } from './indexed.ts';
import { indexSchool, offeringOf } from './indexed.ts';
import type { Random } from './random.ts';
import { randomFrom } from './random.ts';
import { seatsOf } from './rosters.ts';
import type { PlacedSection, Progress, School, Seat } from './school.ts';
import { Seating } from './seating.ts';
import type { Taken } from './student.ts';

export interface LoadOptions {
  readonly seed: number;
  /** The longest that it may take. */
  readonly seconds?: number;
  /** Ends after so many attempts in a row that better nothing: 10,000, if left out. */
  readonly steps?: number;
  /** Milliseconds of a clock that only goes on. */
  readonly now: () => number;
  /** Told once a second; `secondsLeft` is 0 when `seconds` is left out. */
  readonly onProgress?: (progress: Progress) => void;
  /** Asked between two attempts; true ends the run, which keeps its best. */
  readonly stop?: () => boolean;
  /** Seats to begin with, as of an earlier run; students without any are seated first. */
  readonly start?: readonly Seat[];
}

export interface Loaded {
  readonly seats: readonly Seat[];
  /** The worth of all met requests. */
  readonly value: number;
  /** What no loading of this master schedule can exceed: each student's best schedule as if all sections were endless. */
  readonly bound: number;
  /** Requests that neither their course nor an alternate answers. */
  readonly unmet: number;
  readonly steps: number;
  /** "bound" and "steps": the same seed gives the same seats again; "time" and "stop" depend on the machine. */
  readonly endedBy: 'bound' | 'steps' | 'time' | 'stop';
}

/** A warm start accepts a loss of this worth now and then, the end none: a third-rank wish is 100. */
const warmth = 300;
const chainLength = 3;
const patience = 10_000;
/**
 * In what order students come decides which of several good loadings the chains arrive at; in small schools some are a quarter of a percent
 * apart. A school of so many students is loaded in so many orders, which takes it a second.
 */
const small = 600;
const ordersOfSmall = 8;

/**
 * Finds every student a seat for each request, on a master schedule that stands. Students come in a random order and take the best
 * schedule on the seats that are left; then those who miss something try to push in by chains of others who give way, which is kept when
 * all together do not lose, or lose little while the run is young. Ends when everybody has what no loading could better. Small schools are
 * loaded in several orders, unless `steps` or `start` say how; the best counts.
 * @throws ContradictorySchool when the school contradicts itself (`faultsOfSchool` tells all of it).
 */
export function loadStudents(school: School, placed: readonly PlacedSection[], options: LoadOptions): Loaded {
  const begin = options.now();
  refuseFaults(school);
  const isLeftToUs = options.steps === undefined && !options.start;
  const orders = isLeftToUs && school.students.length <= small ? ordersOfSmall : 1;
  let best = loadInOrder(school, placed, options, begin);
  for (let n = 1; n < orders && best.endedBy === 'steps'; n++) {
    const better = best;
    const onProgress = (progress: Progress) =>
      options.onProgress?.(progress.best > better.value ? progress : { ...progress, best: better.value, unmet: better.unmet });
    const next = loadInOrder(school, placed, { ...options, seed: options.seed + n * 7919, onProgress }, begin);
    const [first, second] = next.value > best.value ? [next, best] : [best, next];
    best = { ...first, steps: first.steps + second.steps, endedBy: next.endedBy };
  }
  return best;
}

function loadInOrder(school: School, placed: readonly PlacedSection[], options: LoadOptions, begin: number): Loaded {
  const random = randomFrom(options.seed);
  const seating = emptySeating(school, placed, random);
  const { indexed, offering } = seating;
  const bounds = Int32Array.from(indexed.students, (student) => seating.solver.solve(student, offering, 'any'));
  const bound = bounds.reduce((sum, value) => sum + value, 0);

  const before = sectionsBefore(options.start ?? []);
  if (options.start) seatAsBefore(seating, options.start);
  for (const student of random.shuffle(indexed.students)) {
    if (options.stop?.()) break;
    if (seating.values[student.index]! < bounds[student.index]!)
      seating.improveAlone(student.index, seating.values[student.index]! - (before.size ? 0 : 1));
  }
  const run = pushAround(seating, bounds, bound, random, options, begin);
  const seats = seatsOf(indexed, offering, run.schedules, before);
  return { seats, value: run.value, bound, unmet: unmetOf(indexed, run.schedules), steps: run.steps, endedBy: run.endedBy };
}

/**
 * Gives every student, in a random order, the best schedule on the seats that are left, and no more: what `loadStudents` begins with, for
 * whoever has no time for the rest. The school must be one that it does not refuse.
 */
export function seatOnce(school: School, placed: readonly PlacedSection[], seed: number): Pick<Loaded, 'seats' | 'value'> {
  const random = randomFrom(seed);
  const seating = emptySeating(school, placed, random);
  const { indexed, offering } = seating;
  for (const { index } of random.shuffle(indexed.students)) seating.improveAlone(index, -1);
  return { seats: seatsOf(indexed, offering, seating.schedules, new Map()), value: seating.total };
}

function emptySeating(school: School, placed: readonly PlacedSection[], random: Random): Seating {
  const indexed = indexSchool(school, placed);
  const offering = offeringOf(indexed, placed);
  offering.ofCourse.forEach((offers, course) => (offering.ofCourse[course] = random.shuffle(offers)));
  return new Seating(indexed, offering, random);
}

interface Run {
  readonly schedules: readonly (readonly Taken[])[];
  readonly value: number;
  readonly steps: number;
  readonly endedBy: Loaded['endedBy'];
}

function pushAround(seating: Seating, bounds: Int32Array, bound: number, random: Random, options: LoadOptions, begin: number): Run {
  const wanting = new Wanting(seating, bounds);
  const { steps: most = patience, seconds = Infinity } = options;
  let best = { value: seating.total, schedules: [...seating.schedules] };
  let bettered = 0;
  let toldAt = 0;
  for (let step = 0; ; step++) {
    const end = (endedBy: Loaded['endedBy']): Run => ({ ...best, steps: step, endedBy });
    if (best.value === bound) return end('bound');
    if (step - bettered >= most) return end('steps');
    const elapsed = (options.now() - begin) / 1000;
    if (elapsed >= seconds) return end('time');
    if (options.stop?.()) return end('stop');
    if (options.onProgress && elapsed - toldAt >= 1) {
      toldAt = elapsed;
      options.onProgress({
        best: best.value,
        bound,
        unmet: unmetOf(seating.indexed, best.schedules),
        secondsLeft: seconds < Infinity ? seconds - elapsed : 0,
      });
    }
    const done = Math.max((step - bettered) / most, elapsed / seconds);
    attempt(seating, wanting.any(random), random, warmth * Math.max(0, 1 - 1.25 * done));
    wanting.lookAt(seating.changed());
    if (seating.total <= best.value) continue;
    best = { value: seating.total, schedules: [...seating.schedules] };
    bettered = step;
  }
}

/** One student who misses something tries to push in; taken back when it costs others more than the moment's warmth allows. */
function attempt(seating: Seating, student: number, random: Random, temperature: number): void {
  seating.begin();
  const change = seating.pushIn(student, 1 + random.below(chainLength));
  if (change >= 0 || (temperature > 0 && random.unit() < Math.exp(change / temperature))) return;
  seating.undo();
}

/** The students who have less than they could have. */
class Wanting {
  private readonly seating: Seating;
  private readonly bounds: Int32Array;
  private readonly list: number[] = [];
  private readonly place: Int32Array;

  constructor(seating: Seating, bounds: Int32Array) {
    this.seating = seating;
    this.bounds = bounds;
    this.place = new Int32Array(bounds.length).fill(-1);
    this.lookAt(bounds.keys());
  }

  get size(): number {
    return this.list.length;
  }

  any(random: Random): number {
    return this.list[random.below(this.list.length)]!;
  }

  lookAt(students: Iterable<number>): void {
    for (const student of students) {
      const isWanting = this.seating.values[student]! < this.bounds[student]!;
      const at = this.place[student]!;
      if (isWanting && at < 0) this.place[student] = this.list.push(student) - 1;
      if (isWanting || at < 0) continue;
      const last = this.list.pop()!;
      if (last !== student) {
        this.list[at] = last;
        this.place[last] = at;
      }
      this.place[student] = -1;
    }
  }
}

/** Requests without a seat. */
export const unmetOf = ({ students }: IndexedSchool, schedules: readonly (readonly Taken[])[]): number =>
  students.reduce((sum, { asks }, index) => sum + asks.length - schedules[index]!.filter(({ ask }) => ask >= 0).length, 0);

const sectionsBefore = (seats: readonly Seat[]): Map<string, Set<string>> => {
  const before = new Map<string, Set<string>>();
  for (const { studentId, sectionId } of seats) before.set(studentId, (before.get(studentId) ?? new Set()).add(sectionId));
  return before;
};

/** Seats as they were, where they still can be: whoever has one that cannot be is seated anew. */
function seatAsBefore(seating: Seating, seats: readonly Seat[]): void {
  for (const [student, schedule] of schedulesFrom(seating.indexed, seating.offering, seats)) {
    if (schedule && seating.hasSeats(student, schedule)) seating.assign(student, schedule);
  }
}

/** Schedules by offer, from seats by section; null where a seat is in no section that is offered, or answers no request of the student. */
export function schedulesFrom(indexed: IndexedSchool, offering: Offering, seats: readonly Seat[]): Map<number, Taken[] | null> {
  const offerOfSection = new Map<number, Offer>();
  for (const offer of offering.ofCourse.flat()) for (const section of offer.sections) offerOfSection.set(section, offer);
  const schedules = new Map<number, Taken[] | null>();
  for (const { studentId, sectionId, requestId, alternate } of seats) {
    const student = indexed.studentIndex.get(studentId);
    const section = indexed.sectionIndex.get(sectionId);
    if (student === undefined) continue;
    const { locked, asks } = indexed.students[student]!;
    const isLocked = section !== undefined && locked.includes(section);
    const offer = section === undefined || isLocked ? null : (offerOfSection.get(section) ?? null);
    const ask = requestId === null ? -1 : asks.findIndex(({ request }) => request.id === requestId);
    const isSound = (isLocked || offer) && (requestId === null || ask >= 0) && schedules.get(student) !== null;
    if (isSound) schedules.set(student, [...(schedules.get(student) ?? []), { offer, section: isLocked ? section : -1, ask, alternate }]);
    else schedules.set(student, null);
  }
  return schedules;
}
