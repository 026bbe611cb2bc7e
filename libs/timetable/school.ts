/**
 * What a school schedules, as the algorithms of this library are given it and as they answer: plain data, that JSON can hold, without
 * database and without GraphQL. Everything is named by the ids of whoever asks.
 */

/**
 * The cells of the timetable that a class can fill: one for each term, kind of day and period, such as "S1 A 3". A student, a teacher
 * and a room are in one place in each. A year course that meets in period 3 every day fills the cells of period 3 of all terms and
 * days; what no class ever tells apart may be one cell. At most 53.
 */
export interface Slot {
  readonly id: string;
  /** The part of the year it is in: "S1". Terms with the same number of slots are the rule, not a must. */
  readonly term: string;
  /** The kind of day: "A" of a rotation; empty where all days are alike. */
  readonly day: string;
  /** The period's name, and its place in the day: a double period needs two that follow one another. */
  readonly period: string;
  readonly order: number;
}

/** Where a class meets: slot ids, all of them. A year course in period 3 of two semesters: ["S1 3", "S2 3"]. */
export type Placement = readonly string[];

export interface Course {
  readonly id: string;
  readonly title: string;
  /** Counts toward what everybody must take; its misses are told apart in the reports. */
  readonly core: boolean;
  readonly credits: number;
}

export interface Teacher {
  readonly id: string;
  readonly name: string;
  /** Ids of the courses that they may teach. */
  readonly courseIds: readonly string[];
  /** The most sections' slots in one term: five classes of six periods are 5 in each term. */
  readonly maxSlotsPerTerm: number;
  /** Slots in which they never teach: part time, preparation, duties. */
  readonly unavailable: readonly string[];
  /** How many slots of each term must stay free of classes, for preparation. */
  readonly preparationSlots: number;
}

export interface Room {
  readonly id: string;
  readonly name: string;
  readonly capacity: number;
  /** What it is fit for: "science", "gym"; a section names the groups that would do. */
  readonly groups: readonly string[];
  /** A gym may hold several sections at once. */
  readonly shared: boolean;
}

/** Seats kept for students of a program, as in a co-taught section: nobody else takes them. */
export interface Reservation {
  readonly program: string;
  readonly seats: number;
}

/** A group that takes a course together. What is null is for the build to decide; what is not null is locked. */
export interface Section {
  readonly id: string;
  readonly courseId: string;
  readonly number: string;
  readonly seats: number;
  readonly reservations: readonly Reservation[];
  /** Where it meets; null while that is open. */
  readonly placement: Placement | null;
  /** Where it could meet: chosen from when `placement` is null, never empty. */
  readonly possible: readonly Placement[];
  readonly teacherId: string | null;
  /** Others who are there every time. */
  readonly coTeacherIds: readonly string[];
  readonly roomId: string | null;
  /** A room of one of these groups; empty: any room. */
  readonly roomGroups: readonly string[];
  /** Sections with the same value meet at the same time, with the same teacher and in one room (combined classes). */
  readonly combinedWith: string | null;
  /** A student in one section of a link is in the others of the same link (lecture and lab, a team's block). */
  readonly link: string | null;
  /** Only for students of this team or house; null: for all. */
  readonly team: string | null;
  /** Only for students of this track of a year-round school; null: for all. */
  readonly track: string | null;
}

/** One course that a student asked for. */
export interface CourseRequest {
  readonly id: string;
  readonly courseId: string;
  /** 1 is what must not be missed (a graduation requirement), 2 what was chosen, 3 what would be nice. */
  readonly priority: 1 | 2 | 3;
  /** Courses that would do instead, the best first. */
  readonly alternates: readonly string[];
}

export interface Student {
  readonly id: string;
  readonly name: string;
  readonly grade: string;
  /** Programs as they are named in reservations and reports: "SPECIAL_EDUCATION", "ENGLISH_LEARNER". */
  readonly programs: readonly string[];
  readonly team: string | null;
  readonly track: string | null;
  readonly requests: readonly CourseRequest[];
  /** Sections in which the student stays, whatever happens. */
  readonly locked: readonly string[];
  /** Sections in which the student sits now; used where as little as possible is to change. */
  readonly current: readonly string[];
  /** Slots that the student leaves free: an approved late start, a job. */
  readonly released: readonly string[];
}

/** Everything that one run knows. */
export interface School {
  readonly slots: readonly Slot[];
  readonly courses: readonly Course[];
  readonly teachers: readonly Teacher[];
  readonly rooms: readonly Room[];
  readonly sections: readonly Section[];
  readonly students: readonly Student[];
}

/** Where a section meets and who is there: a line of the master schedule. */
export interface PlacedSection {
  readonly sectionId: string;
  readonly placement: Placement;
  readonly teacherId: string | null;
  readonly roomId: string | null;
}

/** A student's seat, and the request it answers: itself, or the n-th alternate (from 1). */
export interface Seat {
  readonly studentId: string;
  readonly sectionId: string;
  /** Null for a seat that was locked, or came with a linked one, and answers no request. */
  readonly requestId: string | null;
  /** 0: the course that was asked for; n: the n-th alternate. */
  readonly alternate: number;
}

/** What a run proposes. Whoever commits it checks it again. */
export interface Proposal {
  readonly sections: readonly PlacedSection[];
  readonly seats: readonly Seat[];
}

/**
 * What a met request is worth, by its priority; an alternate is worth less the further down it stands. A run is judged by the sum over
 * all students. So that a requirement is never given up for two wishes, each priority outweighs what a period could hold of the next.
 */
export const worth: Readonly<Record<CourseRequest['priority'], number>> = { 1: 10_000, 2: 1_000, 3: 100 };

/** The share of a request's worth that its n-th alternate has; 0: the course itself. */
export const shareOfAlternate = (n: number): number => (n === 0 ? 1 : Math.max(0.1, 0.6 - 0.1 * (n - 1)));

/** How a long run tells what it has so far. */
export interface Progress {
  /** The worth of the best found so far, and what no schedule can exceed. */
  readonly best: number;
  readonly bound: number;
  /** Requests that the best leaves unmet, alternates counted as met. */
  readonly unmet: number;
  readonly secondsLeft: number;
}
