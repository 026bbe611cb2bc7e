import { type Board, none } from './board.ts';
import { refuseFaults } from './faults.ts';
import { greedyBoard } from './greedy.ts';
import { loadStudents, seatOnce } from './load.ts';
import { type Moved, moveGroup, undo } from './moves.ts';
import { type Random, randomFrom } from './random.ts';
import type { PlacedSection, Progress, School, Seat } from './school.ts';
import { type Shift, Valuation } from './valuation.ts';

/** A build that can go on later: plain data, that JSON can hold. */
export interface BuildCheckpoint {
  /** The best master schedule so far. */
  readonly sections: readonly PlacedSection[];
  /** How much of its time the build has had, from 0 to 1. */
  readonly done: number;
}

export interface BuildOptions {
  readonly seed: number;
  /** How long it may take, loading at the end included. */
  readonly seconds: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Ends after so many moves, too: then the answer is the same on every machine, if the time suffices. */
  readonly moves?: number;
  /** Called each second. */
  readonly onProgress?: (progress: Progress) => void;
  /** Asked many times a second: true ends the build with the best so far. */
  readonly stop?: () => boolean;
  /** A build that was interrupted, or any master schedule to begin with: `done` 0 stirs it thoroughly, near 1 only polishes it. */
  readonly start?: BuildCheckpoint;
  /** Called with the first schedule there is, and then about every five seconds, with what a later call needs as its `start`. */
  readonly checkpoint?: (state: BuildCheckpoint) => void;
}

export interface BuiltMaster {
  readonly sections: readonly PlacedSection[];
  readonly seats: readonly Seat[];
  /** What the seats are worth, and what no master schedule of this school can exceed. */
  readonly value: number;
  readonly bound: number;
}

/** How much a schedule may get worse by one move, at the beginning and at the end: from a wish with an alternate to next to nothing. */
const hot = 600;
const cold = 20;
/** How many moves are tried between two looks at the clock: some milliseconds. */
const movesBetweenLooks = 20;
const secondsBetweenCheckpoints = 5;
/** Of the time, what loading at the end gets, and the most seconds of it. */
const shareOfLoading = 0.1;
const mostSecondsOfLoading = 5;

/** The best board so far, as three columns: cheap to copy. */
class Best {
  value = -Infinity;
  worth = 0;
  unmet = 0;
  private at = new Int32Array(0);
  private teacherOf = new Int32Array(0);
  private roomOf = new Int32Array(0);

  note(board: Board, { value, worth, unmet }: Valuation): void {
    this.value = value;
    this.worth = worth;
    this.unmet = unmet;
    this.copy(board);
  }

  copy(board: Board): void {
    this.at = board.at.slice();
    this.teacherOf = board.teacherOf.slice();
    this.roomOf = board.roomOf.slice();
  }

  putOn(board: Board): void {
    const was = [...board.groups.keys()].map((group) => ({
      group,
      at: this.at[group]!,
      teacher: this.teacherOf[group]!,
      room: this.roomOf[group]!,
    }));
    undo(board, was);
  }
}

/** What moves mean for students, and whether they are kept. */
class Annealing {
  readonly board: Board;
  readonly valuation: Valuation;
  readonly best = new Best();
  private readonly random: Random;
  private readonly groupOf: Int32Array;
  private readonly sectionsOf: number[][];
  private readonly movable: readonly number[];
  /** [group][placement]: its bits. */
  private readonly bits: readonly (readonly (readonly [number, number])[])[];

  constructor(school: School, board: Board, random: Random, stop: () => boolean) {
    this.board = board;
    this.random = random;
    this.valuation = new Valuation(school, board.placed(), stop);
    this.groupOf = new Int32Array(school.sections.length);
    this.sectionsOf = school.courses.map(() => []);
    for (const [group, { sections }] of board.groups.entries()) {
      for (const section of sections) {
        this.groupOf[section] = group;
        this.sectionsOf[this.valuation.indexed.courseOf[section]!]?.push(section);
      }
    }
    this.movable = [...board.groups.keys()].filter((group) => board.groups[group]!.placements.length > 1);
    this.bits = board.groups.map(({ placementIds }) => placementIds.map((one) => this.valuation.bitsOf(one)));
    this.best.note(board, this.valuation);
  }

  get canMove(): boolean {
    return this.movable.length > 0;
  }

  /** One move, kept when it loses no more than chance at this temperature allows. */
  move(temperature: number): void {
    const { board, random, valuation, best } = this;
    const group = this.chooseGroup();
    const { placements } = board.groups[group]!;
    if (placements.length < 2) return;
    const placement = random.below(placements.length);
    if (placement === board.at[group]) return;
    const moved = moveGroup(board, group, placement, random);
    if (moved === null) return;
    const trial = valuation.try(this.shiftsOf(moved), temperature * Math.log(1 - random.unit()));
    if (trial === null) {
      undo(board, moved);
      return;
    }
    valuation.keep(trial);
    if (valuation.value > best.value) best.note(board, valuation);
  }

  /** Half of the time a section of a course that somebody misses, otherwise any. */
  private chooseGroup(): number {
    const { random, valuation } = this;
    if (valuation.missingCount > 0 && random.below(2) === 0) {
      const courses = valuation.missedCourses(valuation.missingStudent(random.below(valuation.missingCount)));
      const sections = this.sectionsOf[courses[random.below(Math.max(1, courses.length))] ?? none] ?? [];
      if (sections.length > 0) return this.groupOf[sections[random.below(sections.length)]!]!;
    }
    return this.movable[random.below(this.movable.length)]!;
  }

  private shiftsOf(moved: readonly Moved[]): Shift[] {
    return moved
      .filter(({ group, at }) => at !== this.board.at[group])
      .flatMap(({ group }) => {
        const to = this.bits[group]![this.board.at[group]!] ?? null;
        return this.board.groups[group]!.sections.map((section) => ({ section, to }));
      });
  }
}

/**
 * Builds a master schedule: begins with a greedy one, and moves sections as long as time lasts. Each move keeps all hard rules about
 * teachers and rooms, and is judged by what it changes for students, each of whom has the best schedule that the master allows; early
 * on moves that lose something are often kept, later hardly ever. At the end all students are loaded into the best.
 *
 * Sections that no teacher or no room is left for are placed without; those that fit nowhere are left out: `concernsOf` names them.
 * @throws ContradictorySchool when the school contradicts itself, such as a section with no possible time (`faultsOfSchool` tells all of it).
 */
export function buildMaster(school: School, options: BuildOptions): BuiltMaster {
  refuseFaults(school);
  const { seed, seconds, now, stop = () => false, start } = options;
  const begun = now();
  const from = start?.done ?? 0;
  const random = randomFrom(seed + Math.round(from * 1_000_000));
  const board = greedyBoard(school, random, start?.sections);
  // Kept before anybody looks at what it is worth to students, which takes a large school some tenths of a second.
  options.checkpoint?.({ sections: board.placed(), done: from });
  const annealing = new Annealing(school, board, random, stop);
  const forLoading = Math.min(mostSecondsOfLoading, seconds * shareOfLoading);
  const stopped = anneal(annealing, options, begun, from, seconds - forLoading);
  annealing.best.putOn(board);
  const sections = board.placed();
  options.checkpoint?.({ sections, done: stopped ? from : 1 });
  // Never cut short: whoever stops a build has seats for its best.
  const first = seatOnce(school, sections, seed);
  const secondsLeft = Math.min(mostSecondsOfLoading, seconds - (now() - begun) / 1000);
  const { seats, value } =
    stopped || secondsLeft <= 0 ? first : loadStudents(school, sections, { seed, seconds: secondsLeft, now, stop, start: first.seats });
  return { sections, seats, value, bound: annealing.valuation.bound };
}

/** Moves until time or moves are used up, or somebody stops it; tells which. */
function anneal(annealing: Annealing, options: BuildOptions, begun: number, from: number, seconds: number): boolean {
  const { now, onProgress, checkpoint, stop, moves = Infinity } = options;
  const { best, board, valuation } = annealing;
  let [told, saved] = [begun, begun];
  for (let tried = 0; annealing.canMove && tried < moves; tried += movesBetweenLooks) {
    if (stop?.()) return true;
    const at = now();
    const spent = (at - begun) / 1000;
    if (spent >= seconds) return false;
    const done = from + (1 - from) * (moves === Infinity ? spent / seconds : tried / moves);
    const temperature = hot * (cold / hot) ** done;
    if (at - told >= 1000) {
      told = at;
      onProgress?.({ best: best.worth, bound: valuation.bound, unmet: best.unmet, secondsLeft: options.seconds - spent });
    }
    if (checkpoint && at - saved >= secondsBetweenCheckpoints * 1000) {
      saved = at;
      checkpoint({ sections: sectionsOf(best, board), done });
    }
    for (let nth = 0; nth < movesBetweenLooks; nth += 1) annealing.move(temperature);
  }
  return false;
}

/** The best master schedule as plain data; the board goes on as it stands. */
function sectionsOf(best: Best, board: Board): readonly PlacedSection[] {
  const current = new Best();
  current.copy(board);
  best.putOn(board);
  const sections = board.placed();
  current.putOn(board);
  return sections;
}
