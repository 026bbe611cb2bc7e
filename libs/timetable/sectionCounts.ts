import { type School, type Section, shareOfAlternate, worth } from './school.ts';

/** How many sections a course should have, and what one more or less would change. */
export interface CourseRecommendation {
  readonly courseId: string;
  readonly title: string;
  /** Students who ask for it first, and requests of which it is an alternate. */
  readonly requests: number;
  readonly asAlternate: number;
  /** Seats in one section, as in the course's sections that are planned already; otherwise as most of the school's. */
  readonly classSize: number;
  readonly planned: number;
  /** Seats in the sections that are planned already. */
  readonly plannedSeats: number;
  /** Sections that the requests are enough for, and of these, those that teachers and rooms reach for. */
  readonly wanted: number;
  readonly recommended: number;
  /** Students who find no seat in it with the recommended number, whether or not an alternate takes them. */
  readonly withoutSeat: number;
  /** Slots of the timetable that one section fills. */
  readonly slots: number;
  /**
   * By one section more: students who would get the course, requests met that were not (alternates counted), and worth gained; null where
   * no teacher or room is left for it.
   */
  readonly oneMore: { readonly students: number; readonly requestsMet: number; readonly worth: number } | null;
  /** What is missing for one section more; null where nothing is. */
  readonly missingForOneMore: 'TEACHER' | 'ROOM' | null;
  /** By one section less: students who would lose the course, requests that go unmet, and worth lost. */
  readonly oneLess: { readonly students: number; readonly requestsLost: number; readonly worth: number };
  /** Why, in a sentence. */
  readonly reason: string;
}

/** Sections that have nobody to teach them, or nowhere to meet. */
export interface Shortage {
  readonly kind: 'TEACHER' | 'ROOM';
  /** The course that wants a teacher, or the room groups ("science or lab"; "any") that are full. */
  readonly what: string;
  readonly sections: number;
  readonly sentence: string;
}

export interface SectionCounts {
  readonly courses: readonly CourseRecommendation[];
  readonly shortages: readonly Shortage[];
}

/** What a section of a course takes: its seats, its slots, the rooms that would do. */
export interface Kind {
  readonly courseId: string;
  readonly title: string;
  readonly size: number;
  readonly slots: number;
  readonly groups: readonly string[];
  readonly planned: number;
  readonly plannedSeats: number;
}

const middle = (numbers: readonly number[]): number | undefined => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

export function kindsOf(school: School): Kind[] {
  const sections = Map.groupBy(school.sections, (section) => section.courseId);
  const slotsOf = (section: Section) => (section.placement ?? section.possible[0] ?? []).length;
  const usualSize = middle(school.sections.map((section) => section.seats)) ?? 30;
  // Where nothing is planned yet: one period, all year.
  const usualSlots = middle(school.sections.map(slotsOf)) ?? new Set(school.slots.map(({ term, day }) => JSON.stringify([term, day]))).size;
  return school.courses.map((course) => {
    const own = sections.get(course.id) ?? [];
    return {
      courseId: course.id,
      title: course.title,
      size: Math.max(1, middle(own.map((section) => section.seats)) ?? usualSize),
      slots: Math.max(1, middle(own.map(slotsOf)) ?? usualSlots),
      groups: own[0]?.roomGroups ?? [],
      planned: own.length,
      plannedSeats: own.reduce((sum, section) => sum + section.seats, 0),
    };
  });
}

/** A student's wish for one course, with the courses (by place in the list) that would do, the wanted one first. */
interface Wish {
  readonly worth: number;
  readonly courses: readonly number[];
}

/** The wishes of all students, requirements before choices: the order in which seats are given out. */
function wishesOf(school: School): Wish[] {
  const placeOf = new Map(school.courses.map((course, at) => [course.id, at]));
  return school.students
    .flatMap((student) => student.requests)
    .toSorted((a, b) => a.priority - b.priority)
    .map((request) => ({
      worth: worth[request.priority],
      courses: [request.courseId, ...request.alternates].map((id) => placeOf.get(id) ?? -1),
    }));
}

/** Who would be seated if time were no matter: first everybody's wish, then the alternates of those who are left. */
function seated(wishes: readonly Wish[], kinds: readonly Kind[], counts: readonly number[]) {
  const left = counts.map((count, at) => count * (kinds[at]?.size ?? 0));
  const without = counts.map(() => 0);
  let [met, value] = [0, 0];
  const take = (wish: Wish, nth: number): boolean => {
    const at = wish.courses[nth];
    if (at === undefined || (left[at] ?? 0) < 1) return false;
    left[at] = (left[at] ?? 0) - 1;
    met += 1;
    value += wish.worth * shareOfAlternate(nth);
    return true;
  };
  const unseated = wishes.filter((wish) => !take(wish, 0));
  for (const wish of unseated) {
    const wanted = wish.courses[0];
    if (wanted !== undefined && wanted >= 0) without[wanted] = (without[wanted] ?? 0) + 1;
    wish.courses.some((_, nth) => nth > 0 && take(wish, nth));
  }
  return { met, value, without };
}

/** Slots of work given to those who can do them (teachers, rooms), as far as they reach; kept as it grows, one piece of work at a time. */
class Capacity {
  private readonly free: number[];
  private readonly fits: (work: number) => readonly number[];
  /** given[who]: slots by work. */
  private readonly given: Map<number, number>[];

  constructor(free: readonly number[], fits: (work: number) => readonly number[]) {
    this.free = [...free];
    this.fits = fits;
    this.given = free.map(() => new Map());
  }

  /** Gives one slot of this work to somebody, moving others' work when that makes room; false when nobody is left. */
  private giveOne(work: number): boolean {
    const cameFrom = new Map<number, { who: number; work: number } | null>();
    const queue: { work: number; from: { who: number; work: number } | null }[] = [{ work, from: null }];
    const tried = new Set([work]);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      for (const who of this.fits(next.work)) {
        if (cameFrom.has(who)) continue;
        cameFrom.set(who, next.from);
        if ((this.free[who] ?? 0) > 0) {
          this.shift(who, next.work, next.from, cameFrom);
          return true;
        }
        for (const [other, slots] of this.given[who] ?? []) {
          if (slots < 1 || tried.has(other)) continue;
          tried.add(other);
          queue.push({ work: other, from: { who, work: next.work } });
        }
      }
    }
    return false;
  }

  /** Passes one slot of each work along the chain that ends with somebody who is free. */
  private shift(
    last: number,
    lastWork: number,
    from: { who: number; work: number } | null,
    cameFrom: Map<number, { who: number; work: number } | null>,
  ) {
    this.free[last] = (this.free[last] ?? 0) - 1;
    let [who, work, before] = [last, lastWork, from];
    for (;;) {
      this.count(who, work, 1);
      if (before === null) return;
      this.count(before.who, work, -1);
      [who, work, before] = [before.who, before.work, cameFrom.get(before.who) ?? null];
    }
  }

  private count(who: number, work: number, by: number) {
    const row = this.given[who];
    row?.set(work, (row.get(work) ?? 0) + by);
  }

  /** Gives all slots of a piece of work, or none; says which. */
  give(work: number, slots: number): boolean {
    for (let done = 0; done < slots; done += 1) {
      if (this.giveOne(work)) continue;
      for (let back = 0; back < done; back += 1) this.takeBack(work);
      return false;
    }
    return true;
  }

  private takeBack(work: number) {
    const who = this.given.findIndex((row) => (row.get(work) ?? 0) > 0);
    this.count(who, work, -1);
    this.free[who] = (this.free[who] ?? 0) + 1;
  }

  /** Whether one more piece of work would find somebody; changes nothing. */
  couldGive(work: number, slots: number): boolean {
    const could = this.give(work, slots);
    if (could) for (let back = 0; back < slots; back += 1) this.takeBack(work);
    return could;
  }
}

/** The slots in which each teacher could teach in a year, by their load, preparation and when they are there. */
export function teacherSlots(school: School): number[] {
  const terms = [...Map.groupBy(school.slots, (slot) => slot.term).values()];
  return school.teachers.map((teacher) =>
    terms.reduce((sum, slots) => {
      const there = slots.filter((slot) => !teacher.unavailable.includes(slot.id)).length;
      return sum + Math.max(0, Math.min(teacher.maxSlotsPerTerm, there, slots.length - teacher.preparationSlots));
    }, 0),
  );
}

function capacities(school: School, kinds: readonly Kind[]): { teachers: Capacity; rooms: Capacity } {
  const qualified = kinds.map(({ courseId }) =>
    school.teachers.flatMap((teacher, at) => (teacher.courseIds.includes(courseId) ? [at] : [])),
  );
  const fit = kinds.map(({ groups, size }) =>
    school.rooms.flatMap((room, at) =>
      room.capacity >= size && (groups.length === 0 || groups.some((group) => room.groups.includes(group))) ? [at] : [],
    ),
  );
  const roomSlots = school.rooms.map((room) => (room.shared ? Number.MAX_SAFE_INTEGER : school.slots.length));
  return {
    teachers: new Capacity(teacherSlots(school), (work) => qualified[work] ?? []),
    rooms: new Capacity(roomSlots, (work) => fit[work] ?? []),
  };
}

function shortagesOf(kinds: readonly Kind[], noTeacher: readonly number[], noRoom: readonly number[]): Shortage[] {
  const sectionsOf = (n: number) => (n === 1 ? '1 section' : `${n} sections`);
  const teachers = kinds.flatMap(({ title }, at): Shortage[] => {
    const sections = noTeacher[at] ?? 0;
    return sections === 0
      ? []
      : [{ kind: 'TEACHER', what: title, sections, sentence: `${sectionsOf(sections)} of ${title} would have no teacher.` }];
  });
  const full = new Map<string, number>();
  for (const [at, { groups }] of kinds.entries()) {
    const what = groups.length === 0 ? 'any' : groups.join(' or ');
    full.set(what, (full.get(what) ?? 0) + (noRoom[at] ?? 0));
  }
  const rooms = [...full].flatMap(([what, sections]): Shortage[] =>
    sections === 0
      ? []
      : [{ kind: 'ROOM', what, sections, sentence: `${sectionsOf(sections)} would find no room${what === 'any' ? '' : ` for ${what}`}.` }],
  );
  return [...teachers, ...rooms];
}

function reasonFor(kind: Kind, requests: number, wanted: number, recommended: number): string {
  const people = requests === 1 ? '1 student asks' : `${requests} students ask`;
  if (requests === 0) return 'Nobody asks for it.';
  if (wanted === 0) return `${people} for it, fewer than half a class of ${kind.size}.`;
  if (recommended < wanted) return `${people} for it, enough for ${wanted} of ${kind.size}; teachers or rooms reach for ${recommended}.`;
  return `${people} for it, in classes of ${kind.size}.`;
}

/**
 * How many sections each course should have, from what students ask for, class sizes, who may teach and which rooms there are. A course
 * opens for half a class, and opens one more section for each half class that is left. Teachers and rooms are given to the courses that most
 * students need first. Time is not looked at: that is what the build is for. Alternates count in what one section more or less changes.
 */
export function recommendSectionCounts(school: School): SectionCounts {
  const kinds = kindsOf(school);
  const wishes = wishesOf(school);
  const requests = kinds.map(() => 0);
  for (const { courses } of wishes) if (courses[0] !== undefined && courses[0] >= 0) requests[courses[0]] = (requests[courses[0]] ?? 0) + 1;
  const wanted = kinds.map((kind, at) => Math.round((requests[at] ?? 0) / kind.size));
  const counts = kinds.map(() => 0);
  const [noTeacher, noRoom] = [kinds.map(() => 0), kinds.map(() => 0)];
  const { teachers, rooms } = capacities(school, kinds);
  // One section of each course in turn, so that a shortage costs the third section of something before the first of something else.
  const order = kinds.map((_, at) => at).sort((a, b) => (requests[b] ?? 0) - (requests[a] ?? 0));
  for (let round = 1; round <= Math.max(0, ...wanted); round += 1) {
    for (const at of order.filter((one) => (wanted[one] ?? 0) >= round)) {
      const slots = kinds[at]?.slots ?? 1;
      const room = rooms.give(at, slots);
      if (!room) noRoom[at] = (noRoom[at] ?? 0) + 1;
      const teacher = teachers.give(at, slots);
      if (!teacher) noTeacher[at] = (noTeacher[at] ?? 0) + 1;
      if (room && teacher) counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  const asAlternate = kinds.map(() => 0);
  for (const { courses } of wishes) for (const at of new Set(courses.slice(1))) if (at >= 0) asAlternate[at] = (asAlternate[at] ?? 0) + 1;
  const now = seated(wishes, kinds, counts);
  const changed = (at: number, by: 1 | -1) => seated(wishes, kinds, counts.with(at, Math.max(0, (counts[at] ?? 0) + by)));
  const courses = kinds.map((kind, at): CourseRecommendation => {
    const [more, less] = [changed(at, 1), changed(at, -1)];
    const missing = missingFor(at, kind.slots, teachers, rooms);
    const without = now.without[at] ?? 0;
    return {
      ...{ courseId: kind.courseId, title: kind.title, requests: requests[at] ?? 0, asAlternate: asAlternate[at] ?? 0 },
      ...{ classSize: kind.size, slots: kind.slots, planned: kind.planned, plannedSeats: kind.plannedSeats },
      ...{ wanted: wanted[at] ?? 0, recommended: counts[at] ?? 0, withoutSeat: without },
      oneMore: missing
        ? null
        : {
            students: without - (more.without[at] ?? 0),
            requestsMet: more.met - now.met,
            worth: Math.round(more.value - now.value),
          },
      missingForOneMore: missing,
      oneLess: {
        students: (less.without[at] ?? 0) - without,
        requestsLost: now.met - less.met,
        worth: Math.round(now.value - less.value),
      },
      reason: reasonFor(kind, requests[at] ?? 0, wanted[at] ?? 0, counts[at] ?? 0),
    };
  });
  return { courses, shortages: shortagesOf(kinds, noTeacher, noRoom) };
}

const missingFor = (work: number, slots: number, teachers: Capacity, rooms: Capacity): 'TEACHER' | 'ROOM' | null => {
  if (!teachers.couldGive(work, slots)) return 'TEACHER';
  return rooms.couldGive(work, slots) ? null : 'ROOM';
};
