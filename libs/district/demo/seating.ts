/** Seats the students of a middle or high school: each period of each student gets exactly one section. */
import { openElectives, type Department } from './catalog.ts';
import { programsOf } from './people.ts';
import { teacherLoad } from './proportions.ts';
import { lastResort, offering, offerings } from './requests.ts';
import { departmentOf, emptySection, hireTeacher, place, type Board, type Section } from './sections.ts';

/** Worth of a request: the first ones are what graduation asks for. Balance never outweighs a request. */
const worth = [90_000, 80_000, 70_000, 60_000, 50_000, 40_000, 30_000];

/**
 * One student after the other, in random order. The best set of seats for one student is found exactly, by dynamic programming over the set of
 * periods already used. A period that is left takes another elective with a free seat, and at last a new section.
 */
export function seatStudents(board: Board): void {
  const { requests, random } = board;
  const rows = random.shuffle(Uint32Array.from(requests.students, (_, row) => row));
  const planner = new SeatPlanner(board);
  for (const row of rows) {
    const student = requests.students[row]!;
    const wanted = requests.choices.subarray(row * requests.perStudent, (row + 1) * requests.perStudent);
    const seats = planner.best(student, wanted);
    if (easier(wanted, seats)) seats.splice(0, seats.length, ...planner.best(student, wanted));
    seats.forEach((section, period) => {
      seats[period] = section ?? anyElective(board, student, seats, period) ?? newSection(board, student, seats, period);
      seats[period]!.students.push(student);
    });
  }
}

/** Puts the regular course in place of an honors or advanced one that found no seat; true when there was such a request. */
function easier(wanted: Int16Array, seats: readonly (Section | undefined)[]): boolean {
  let changed = false;
  wanted.forEach((choice, request) => {
    const { whenFew } = offerings[choice]!;
    if (!whenFew || whenFew === 'ALWAYS' || seats.some((seat) => seat?.offering.index === choice)) return;
    const other = offering(whenFew).index;
    if (wanted.includes(other)) return;
    wanted[request] = other;
    changed = true;
  });
  return changed;
}

/** Reuses its tables from student to student. */
class SeatPlanner {
  readonly #board: Board;
  readonly #periods: number;
  /** For the first i requests and a set of used periods: the best worth, and the period that request i − 1 took (−1 = none). */
  readonly #value: Float64Array[];
  readonly #choice: Int8Array[];
  readonly #sections: (Section | undefined)[];

  constructor(board: Board) {
    this.#board = board;
    this.#periods = board.school.periods.length;
    const sets = 1 << this.#periods;
    this.#value = Array.from({ length: board.requests.perStudent + 1 }, () => new Float64Array(sets));
    this.#choice = Array.from({ length: board.requests.perStudent + 1 }, () => new Int8Array(sets));
    this.#sections = new Array<Section | undefined>(board.requests.perStudent * this.#periods);
  }

  /** A section or nothing for each period, so that the most important requests are met and classes stay even. */
  best(student: number, wanted: Int16Array): (Section | undefined)[] {
    const inSpecialEducation = programsOf(this.#board.population, student).includes('SPED');
    const periods = this.#periods;
    this.#value[0]!.fill(-Infinity)[0] = 0;
    for (let request = 0; request < wanted.length; request++) this.#extend(request, wanted[request]!, inSpecialEducation);
    const last = this.#value[wanted.length]!;
    let set = 0;
    for (let other = 1; other < last.length; other++) if (last[other]! > last[set]!) set = other;
    const seats = new Array<Section | undefined>(periods).fill(undefined);
    for (let request = wanted.length - 1; request >= 0; request--) {
      const period = this.#choice[request + 1]![set]!;
      if (period < 0) continue;
      seats[period] = this.#sections[request * periods + period];
      set &= ~(1 << period);
    }
    return seats;
  }

  #extend(request: number, wanted: number, inSpecialEducation: boolean): void {
    const before = this.#value[request]!;
    const after = this.#value[request + 1]!;
    const choice = this.#choice[request + 1]!;
    after.set(before);
    choice.fill(-1);
    for (let period = 0; period < this.#periods; period++) {
      const { section, worthOfSeat } = this.#seat(wanted, period, inSpecialEducation);
      this.#sections[request * this.#periods + period] = section;
      if (!section) continue;
      const gain = worth[request]! + worthOfSeat;
      const bit = 1 << period;
      for (let set = 0; set < before.length; set++) {
        if (set & bit || before[set]! + gain <= after[set | bit]!) continue;
        after[set | bit] = before[set]! + gain;
        choice[set | bit] = period;
      }
    }
  }

  /** The section to sit in when this offering is taken in this period: the emptiest, co-taught for those whom it is for. */
  #seat(wanted: number, period: number, inSpecialEducation: boolean): { section: Section | undefined; worthOfSeat: number } {
    let section: Section | undefined;
    let worthOfSeat = -Infinity;
    for (const candidate of this.#board.at[wanted * this.#periods + period]!) {
      if (candidate.students.length >= candidate.most) continue;
      const room = 1000 * (1 - candidate.students.length / candidate.wanted);
      const together = candidate.coTeacher < 0 ? 0 : inSpecialEducation ? 1500 : -300;
      if (room + together > worthOfSeat) [section, worthOfSeat] = [candidate, room + together];
    }
    return { section, worthOfSeat };
  }
}

/** An elective of the student's grade that meets in this period, has a seat and is not one they have already. */
function anyElective(board: Board, student: number, seats: readonly (Section | undefined)[], period: number): Section | undefined {
  const periods = board.school.periods.length;
  const candidates = [...openElectives[board.population.grade[student]!]!, lastResort(board.school)]
    .flatMap((key) => board.at[offering(key).index * periods + period]!)
    .filter((section) => section.students.length < section.most && !seats.some((seat) => seat?.offering === section.offering));
  return candidates.sort((a, b) => a.students.length / a.most - b.students.length / b.most)[0];
}

/** One more section for a student who has nothing in this period: of supervised study, or of an open elective if they have that already. */
function newSection(board: Board, student: number, seats: readonly (Section | undefined)[], period: number): Section {
  const choices = [lastResort(board.school), ...openElectives[board.population.grade[student]!]!].map(offering);
  const chosen = choices.find((each) => !seats.some((seat) => seat?.offering === each))!;
  const section = emptySection(chosen, 20);
  section.teacher = freeTeacher(board, departmentOf(chosen), period) ?? hireTeacher(board, departmentOf(chosen));
  section.room = board.staff[section.teacher]!.room;
  board.sections.push(section);
  place(board, section, period);
  return section;
}

/** A teacher of the department who has nothing in this period and less than a full load. */
function freeTeacher(board: Board, department: Department, period: number): number | undefined {
  for (const [teacher, taken] of board.busy) {
    if (board.staff[teacher]!.department === department && (taken & (1 << period)) === 0 && bits(taken) < teacherLoad) return teacher;
  }
  return undefined;
}

function bits(set: number): number {
  let count = 0;
  for (let rest = set; rest; rest &= rest - 1) count++;
  return count;
}
