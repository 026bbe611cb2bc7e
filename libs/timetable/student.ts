import type { Answer, Ask, IndexedStudent, Offer, Offering } from './indexed.ts';
import { seatsLeft } from './indexed.ts';

/**
 * Which seats count: any seat, as if all sections were endless; only those that are left; or any, where a full offer costs its price (what
 * it is expected to cost to make somebody leave it).
 */
export type Seats = 'any' | 'left' | 'priced';

/** One class of a student's schedule. */
export interface Taken {
  /** Null for a section in which the student is locked. */
  readonly offer: Offer | null;
  /** That section; -1 where an offer leaves open which of its sections. */
  readonly section: number;
  /** The number of the request it answers; -1: it comes with a linked one, or is locked, and answers none. */
  readonly ask: number;
  readonly alternate: number;
}

/** A choice for one request, or for several at once when a link ties them. */
interface Option {
  lo: number;
  hi: number;
  own: number;
  value: number;
  room: number;
  ask: number;
  answer: Answer | null;
  offer: Offer | null;
  bundle: readonly Taken[] | null;
}

/** A request that has options, with those of it that can be taken. */
interface Level {
  ask: number;
  from: number;
  /** Before it the options that the search tries; from it to `end` those that fill the same bits as a better one. */
  to: number;
  end: number;
  most: number;
  fewestBits: number;
  /** The request's bit in the mask of those that are decided. */
  bit: number;
}

/** The most requests for which it is remembered which are decided, whatever their order: one word. */
const mostInAnyOrder = 31;
/** More than all requests of a student are worth together. */
const unknown = 100_000_000;

const bitsIn = (word: number): number => {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/**
 * Finds one student's best schedule: a dynamic programme over the mask of used slots. Each request is answered by one of its options or
 * by none, first the request with the fewest, for what-ifs next always the one with the fewest that are free; what was found to be the
 * most that a set of requests can add beside a mask is remembered, also from one question about the student to the next, and what cannot
 * beat the best so far is left. Options worth the same are tried in the order of seats left, so that of equally good schedules one with
 * seats to spare is found. Keeps its arrays from one student to the next: one for each thread.
 */
export class StudentSolver {
  /** What the schedule found last is worth; with prices, less what its full offers cost. */
  value = 0;

  private student!: IndexedStudent;
  private offering!: Offering;
  private seats: Seats = 'any';
  private most = Infinity;
  private readonly options: Option[] = [];
  private optionCount = 0;
  private readonly levels: Level[] = [];
  private levelCount = 0;
  private blockedLo = 0;
  private blockedHi = 0;
  /** The most that the levels from each on can add. */
  private readonly rest = new Int32Array(128);
  /** The same by the number of bits that are free: [level * 64 + free]; only when more is asked for than fits. */
  private byFree = new Int32Array(0);
  private isOverfull = false;
  /** Requests are decided in the order of their levels: where more is asked for than fits, its bound by free bits counts on that. */
  private isInOrder = false;
  private freeAtStart = 0;
  private bitsAtStart = 0;
  private readonly chosen = new Int32Array(128);
  private readonly best = new Int32Array(128);
  private readonly seen = new Memory();

  /** Finds the best schedule and returns its value; `schedule()` tells it. */
  solve(student: IndexedStudent, offering: Offering, seats: Seats): number {
    this.student = student;
    this.offering = offering;
    this.seats = seats;
    this.gather();
    this.seen.forget();
    this.most = Infinity;
    this.value = -1;
    this.arrange(-1);
    this.search(0, 0, this.blockedLo, this.blockedHi, 0, 0, this.rest[0]!);
    return this.value;
  }

  /**
   * The best schedule, of the student and the seats solved last, that takes this offer; -1 when there is none.
   * @param most what the value is known not to exceed: the search ends when it is reached.
   */
  around(must: Offer, most: number): number {
    this.most = most;
    this.value = -1;
    for (const { ask, from, end } of this.levels.slice(0, this.levelCount)) {
      for (let i = from; i < end; i++) {
        const { offer, bundle } = this.options[i]!;
        if (offer === must || bundle?.some((taken) => taken.offer === must)) this.searchFrom(ask, i);
      }
    }
    return this.value;
  }

  private searchFrom(ask: number, index: number): void {
    this.arrange(ask);
    const { bit, most } = this.levels[0]!;
    const { lo, hi, own, value } = this.options[index]!;
    const rest = this.rest[0]! - most;
    if (this.levelCount > mostInAnyOrder) this.seen.forget();
    this.chosen[0] = index;
    this.search(1, this.levelCount > mostInAnyOrder ? 1 : bit, this.blockedLo | lo, this.blockedHi | hi, own, value, rest);
  }

  /** The schedule found last: locked sections first, then by request. */
  schedule(): Taken[] {
    const taken: Taken[] = [];
    const answered = new Map<number, Taken>();
    for (let level = 0; level < this.levelCount; level++) {
      if (this.best[level]! < 0) continue;
      const { offer, answer, ask, bundle } = this.options[this.best[level]!]!;
      if (bundle) taken.push(...bundle);
      else if (offer) taken.push({ offer, section: -1, ask, alternate: answer!.alternate });
      else answered.set(answer!.locked, { offer, section: answer!.locked, ask, alternate: answer!.alternate });
    }
    const locked = this.student.locked
      .filter((section) => this.offering.placed[section])
      .map((section) => answered.get(section) ?? { offer: null, section, ask: -1, alternate: 0 });
    return [...locked, ...taken.sort((a, b) => a.ask - b.ask)];
  }

  private gather(): void {
    const { student, offering } = this;
    this.optionCount = 0;
    this.levelCount = 0;
    this.blockedLo = student.releasedLo;
    this.blockedHi = student.releasedHi;
    for (const section of student.locked) {
      this.blockedLo |= offering.lo[section]!;
      this.blockedHi |= offering.hi[section]!;
    }
    for (let index = 0; index < student.asks.length; index++) this.gatherAsk(student.asks[index]!, index);
  }

  private gatherAsk(ask: Ask, index: number): void {
    const from = this.optionCount;
    for (const answer of ask.answers) {
      if (answer.locked >= 0) {
        if (this.offering.placed[answer.locked])
          this.addOption(0, 0, ask.own | this.ownOf(answer.course), answer.value, 0, index, answer, null, null);
        continue;
      }
      for (const offer of this.offering.ofCourse[answer.course]!) {
        if (offer.link >= 0) this.gatherLink(offer.link, index);
        else this.gatherOffer(ask, index, answer, offer, from);
      }
    }
    this.closeLevel(index, from);
  }

  private ownOf(course: number): number {
    return this.student.ownOfCourse.size === 0 ? 0 : (this.student.ownOfCourse.get(course) ?? 0);
  }

  private gatherOffer(ask: Ask, index: number, answer: Answer, offer: Offer, from: number): void {
    const room = this.roomFor(offer);
    if (room < 0) return;
    const value = answer.value - (room === 0 && this.seats === 'priced' ? offer.price : 0);
    if (value <= 0) return;
    if (this.seats === 'any') {
      for (let other = from; other < this.optionCount; other++) {
        const { lo, hi, answer: otherAnswer } = this.options[other]!;
        if (otherAnswer === answer && lo === offer.lo && hi === offer.hi) return;
      }
    }
    this.addOption(offer.lo, offer.hi, ask.own | this.ownOf(answer.course), value, room, index, answer, offer, null);
  }

  /** The seats left for the student, 0 for a full offer where that is no obstacle; -1: the student cannot take it. */
  private roomFor(offer: Offer): number {
    const { student } = this.student;
    if ((offer.lo & this.blockedLo) | (offer.hi & this.blockedHi)) return -1;
    if (offer.team !== null && offer.team !== student.team) return -1;
    if (offer.track !== null && offer.track !== student.track) return -1;
    if (this.seats === 'any') return 0;
    const left = seatsLeft(offer, student);
    return left > 0 ? left : this.seats === 'priced' ? 0 : -1;
  }

  /** All sections of a link as one option, for the first of the requests that it can answer; each way to divide them is an option. */
  private gatherLink(link: number, index: number): void {
    const offers = this.offering.ofLink[link]!;
    let lo = 0;
    let hi = 0;
    let room = Infinity;
    let cost = 0;
    for (const offer of offers) {
      const left = this.roomFor(offer);
      if (left < 0 || (offer.lo & lo) | (offer.hi & hi) || this.student.lockedCourses.has(offer.course)) return;
      lo |= offer.lo;
      hi |= offer.hi;
      room = Math.min(room, left);
      if (left === 0 && this.seats === 'priced') cost += offer.price;
    }
    const divide = (next: number, taken: readonly Taken[], own: number, value: number): void => {
      if (next === offers.length) {
        const asks = taken.flatMap(({ ask }) => (ask < 0 ? [] : [ask]));
        const isFull = taken.every(({ offer, ask }) => ask >= 0 || !this.couldAnswer(offer!, own));
        if (isFull && Math.min(...asks) === index && value > cost)
          this.addOption(lo, hi, own, value - cost, room, index, null, null, taken);
        return;
      }
      const offer = offers[next]!;
      const course = this.ownOf(offer.course);
      this.student.asks.forEach(({ answers, own: ofAsk }, ask) => {
        const answer = answers.find((one) => one.course === offer.course);
        if (!answer || own & ofAsk) return;
        const more = { offer, section: -1, ask, alternate: answer.alternate };
        divide(next + 1, [...taken, more], own | ofAsk | course, value + answer.value);
      });
      divide(next + 1, [...taken, { offer, section: -1, ask: -1, alternate: 0 }], own | course, value);
    };
    divide(0, [], 0, 0);
  }

  /** Whether the course could answer a request that is not answered yet: then it does. */
  private couldAnswer({ course }: Offer, own: number): boolean {
    return this.student.asks.some((ask) => (ask.own & own) === 0 && ask.answers.some((answer) => answer.course === course));
  }

  private addOption(
    lo: number,
    hi: number,
    own: number,
    value: number,
    room: number,
    ask: number,
    answer: Answer | null,
    offer: Offer | null,
    bundle: readonly Taken[] | null,
  ): void {
    const index = this.optionCount++;
    const option = this.options[index];
    if (!option) {
      this.options.push({ lo, hi, own, value, room, ask, answer, offer, bundle });
      return;
    }
    option.lo = lo;
    option.hi = hi;
    option.own = own;
    option.value = value;
    option.room = room;
    option.ask = ask;
    option.answer = answer;
    option.offer = offer;
    option.bundle = bundle;
  }

  /** The options of a request, the best first, then those with the most seats left. */
  private closeLevel(ask: number, from: number): void {
    if (from === this.optionCount) return;
    const { options } = this;
    let fewestBits = 64;
    for (let i = from; i < this.optionCount; i++) {
      const option = options[i]!;
      fewestBits = Math.min(fewestBits, bitsIn(option.lo) + bitsIn(option.hi));
      let at = i;
      for (; at > from; at--) {
        const before = options[at - 1]!;
        if (before.value > option.value || (before.value === option.value && before.room >= option.room)) break;
        options[at] = before;
      }
      options[at] = option;
    }
    const to = this.withoutNeedless(from);
    this.levels[this.levelCount] = {
      ask,
      from,
      to,
      end: this.optionCount,
      most: options[from]!.value,
      fewestBits,
      bit: 1 << this.levelCount,
    };
    this.levelCount++;
  }

  /** Puts options that fill the same bits as a better one behind the others, and returns where these end. */
  private withoutNeedless(from: number): number {
    const { options } = this;
    let to = from;
    for (let i = from; i < this.optionCount; i++) {
      const option = options[i]!;
      let before = from;
      while (
        before < to &&
        !(options[before]!.lo === option.lo && options[before]!.hi === option.hi && options[before]!.own === option.own)
      )
        before++;
      if (before < to) continue;
      options[i] = options[to]!;
      options[to++] = option;
    }
    return to;
  }

  /** The requests with the fewest options come first; before them the one that is decided already (-1: none). */
  private arrange(decided: number): void {
    const { levels, levelCount } = this;
    const choices = ({ from, to, ask }: Level): number => (ask === decided ? 0 : to - from);
    for (let i = 1; i < levelCount; i++) {
      const level = levels[i]!;
      let at = i;
      for (; at > 0; at--) {
        const before = levels[at - 1]!;
        if (choices(before) <= choices(level)) break;
        levels[at] = before;
      }
      levels[at] = level;
    }
    this.boundRest();
    // Whoever loads a school asks this way, and gets with it the schedule that spreads students best over equally good ones.
    this.isInOrder = decided < 0 || this.isOverfull || levelCount > mostInAnyOrder;
  }

  private boundRest(): void {
    const { levels, levelCount, rest } = this;
    let wanted = 0;
    rest[levelCount] = 0;
    for (let level = levelCount - 1; level >= 0; level--) {
      rest[level] = rest[level + 1]! + levels[level]!.most;
      wanted += levels[level]!.fewestBits;
    }
    let lo = 0;
    let hi = 0;
    for (let i = 0; i < this.optionCount; i++) {
      lo |= this.options[i]!.lo;
      hi |= this.options[i]!.hi;
    }
    const free = bitsIn(lo) + bitsIn(hi);
    this.isOverfull = wanted > free;
    if (this.isOverfull) this.boundByFree(free);
  }

  /** Which requests would be worth most, if only the number of their bits counted: the knapsack, from the last level to the first. */
  private boundByFree(free: number): void {
    const { levels, levelCount } = this;
    this.bitsAtStart = bitsIn(this.blockedLo) + bitsIn(this.blockedHi);
    this.freeAtStart = free;
    if (this.byFree.length < (levelCount + 1) * 64) this.byFree = new Int32Array((levelCount + 1) * 64);
    const { byFree } = this;
    byFree.fill(0, levelCount * 64, (levelCount + 1) * 64);
    for (let level = levelCount - 1; level >= 0; level--) {
      const { most, fewestBits } = levels[level]!;
      for (let left = 0; left <= free; left++) {
        const without = byFree[(level + 1) * 64 + left]!;
        const within = left >= fewestBits ? byFree[(level + 1) * 64 + left - fewestBits]! + most : 0;
        byFree[level * 64 + left] = Math.max(without, within);
      }
    }
  }

  /**
   * The most that the requests from this level on can add, each by the first of its options that is free, as far as it matters: the
   * count ends when they cannot better the best. Puts the request with the fewest free options at this level.
   */
  private boundFrom(level: number, lo: number, hi: number, own: number, value: number, rest: number): number {
    const { options, levels, levelCount, isInOrder } = this;
    const needed = this.value - value;
    let most = rest;
    if (this.isOverfull) {
      most = Math.min(rest, this.byFree[level * 64 + this.freeAtStart - (bitsIn(lo) + bitsIn(hi) - this.bitsAtStart)]!);
      if (most <= needed) return most;
      most = rest;
    }
    let fewest = Infinity;
    let next = level;
    for (let at = level; at < levelCount && most > needed; at++) {
      const { from, to } = levels[at]!;
      const enough = isInOrder ? 1 : Math.max(1, fewest);
      let free = 0;
      for (let i = from; i < to && free < enough; i++) {
        const option = options[i]!;
        if ((option.lo & lo) | (option.hi & hi) | (option.own & own)) continue;
        if (free++ === 0) most -= options[from]!.value - option.value;
      }
      if (free === 0) most -= options[from]!.value;
      if (free < fewest) {
        fewest = free;
        next = at;
      }
    }
    if (!isInOrder && next !== level) {
      const first = levels[level]!;
      levels[level] = levels[next]!;
      levels[next] = first;
    }
    return most;
  }

  /** Goes on from a mask, and returns what the requests from this level on can add at most, as far as is known then. */
  private search(level: number, done: number, lo: number, hi: number, own: number, value: number, rest: number): number {
    const { levelCount, chosen, best, options, seen } = this;
    if (value > this.value) {
      this.value = value;
      for (let i = 0; i < level; i++) best[i] = chosen[i]!;
      best.fill(-1, level, levelCount);
    }
    if (level === levelCount) return 0;
    if (this.value >= this.most) return rest;
    const known = seen.mostFrom(done, lo, hi, own);
    if (value + known <= this.value) return known;
    const bound = this.boundFrom(level, lo, hi, own, value, rest);
    if (value + bound <= this.value) return bound;
    const { from, to, most, bit } = this.levels[level]!;
    const after = levelCount > mostInAnyOrder ? level + 1 : done | bit;
    let others = -1;
    let found = 0;
    for (let i = from; i < to; i++) {
      const option = options[i]!;
      if ((option.lo & lo) | (option.hi & hi) | (option.own & own)) continue;
      if (others < 0) others = bound - option.value;
      if (value + option.value + others <= this.value) {
        found = Math.max(found, option.value + others);
        break;
      }
      chosen[level] = i;
      found = Math.max(
        found,
        option.value + this.search(level + 1, after, lo | option.lo, hi | option.hi, own | option.own, value + option.value, rest - most),
      );
    }
    chosen[level] = -1;
    if (others < 0) others = bound;
    found = Math.max(found, value + others > this.value ? this.search(level + 1, after, lo, hi, own, value, rest - most) : others);
    found = Math.min(bound, found);
    seen.learn(done, lo, hi, own, found);
    return found;
  }
}

/** The most that the requests which are left can add beside each mask, as far as it is known: a hash table that is forgotten by counting on. */
class Memory {
  private size = 4096;
  private count = 0;
  private search = 1;
  private searchOf = new Int32Array(this.size);
  /** The requests that are decided, low word, high word, own word, the most. */
  private entries = new Int32Array(this.size * 5);

  forget(): void {
    this.count = 0;
    this.search++;
  }

  /** What is known; a great deal where nothing is. */
  mostFrom(done: number, lo: number, hi: number, own: number): number {
    const at = this.placeOf(done, lo, hi, own);
    return this.searchOf[at] === this.search ? this.entries[at * 5 + 4]! : unknown;
  }

  learn(done: number, lo: number, hi: number, own: number, most: number): void {
    const at = this.placeOf(done, lo, hi, own);
    const { entries } = this;
    const entry = at * 5;
    entries[entry + 4] = most;
    if (this.searchOf[at] === this.search) return;
    this.searchOf[at] = this.search;
    entries[entry] = done;
    entries[entry + 1] = lo;
    entries[entry + 2] = hi;
    entries[entry + 3] = own;
    if (++this.count * 2 > this.size) this.grow();
  }

  /** Where a mask is, or would be. */
  private placeOf(done: number, lo: number, hi: number, own: number): number {
    const { searchOf, entries, search, size } = this;
    let mixed = Math.imul(lo ^ Math.imul(hi, 0x9e3779b1) ^ Math.imul(own, 0x85ebca6b) ^ Math.imul(done, 0xc2b2ae35), 0x27d4eb2f);
    mixed ^= mixed >>> 15;
    for (let at = mixed & (size - 1); ; at = (at + 1) & (size - 1)) {
      const entry = at * 5;
      if (searchOf[at] !== search) return at;
      if (entries[entry + 1] === lo && entries[entry + 2] === hi && entries[entry + 3] === own && entries[entry] === done) return at;
    }
  }

  private grow(): void {
    const { size, searchOf, entries, search } = this;
    this.size = size * 2;
    this.count = 0;
    this.searchOf = new Int32Array(this.size);
    this.entries = new Int32Array(this.size * 5);
    for (let at = 0; at < size; at++) {
      if (searchOf[at] !== search) continue;
      const [done, lo, hi, own, most] = entries.subarray(at * 5, at * 5 + 5);
      this.learn(done!, lo!, hi!, own!, most!);
    }
  }
}
