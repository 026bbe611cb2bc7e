import type { PlacedSection, School, Seat, Student } from './school.ts';

/** A course as the planner sees it before anything is placed. */
export interface CourseDemand {
  readonly courseId: string;
  readonly title: string;
  /** Students who ask for it first, and those for whom it is an alternate. */
  readonly requests: number;
  readonly asAlternate: number;
  readonly requestsByGrade: Readonly<Record<string, number>>;
  readonly sections: number;
  readonly seats: number;
}

/** How many students ask for both courses. `a` stands before `b` in the list of courses. */
export interface CoursePair {
  readonly a: string;
  readonly b: string;
  readonly students: number;
}

/** A course with one section or two: whoever asks for two such courses depends on where both are placed. */
export interface RareCourse {
  readonly courseId: string;
  readonly title: string;
  readonly sections: 1 | 2;
  readonly requests: number;
  /** Other singletons and doubletons that the same students ask for, the most students first. */
  readonly conflicts: readonly { readonly courseId: string; readonly sections: 1 | 2; readonly students: number }[];
}

export interface ConflictMatrix {
  /** Courses that are asked for or have sections, in the school's order. */
  readonly courses: readonly CourseDemand[];
  /** Pairs that at least one student asks for; the most students first. A front end draws them as a triangle. */
  readonly pairs: readonly CoursePair[];
  readonly singletons: readonly RareCourse[];
  readonly doubletons: readonly RareCourse[];
}

/** What each course is asked for and offered, in the school's order; courses that are neither are left out. */
export function courseDemands(school: School): CourseDemand[] {
  const demands = new Map(
    school.courses.map(({ id, title }) => [
      id,
      { courseId: id, title, requests: 0, asAlternate: 0, requestsByGrade: {} as Record<string, number>, sections: 0, seats: 0 },
    ]),
  );
  for (const student of school.students) {
    for (const request of student.requests) {
      const asked = demands.get(request.courseId);
      if (asked) {
        asked.requests += 1;
        asked.requestsByGrade[student.grade] = (asked.requestsByGrade[student.grade] ?? 0) + 1;
      }
      for (const id of new Set(request.alternates)) {
        const alternate = demands.get(id);
        if (alternate) alternate.asAlternate += 1;
      }
    }
  }
  for (const section of school.sections) {
    const offered = demands.get(section.courseId);
    if (!offered) continue;
    offered.sections += 1;
    offered.seats += section.seats;
  }
  return [...demands.values()].filter((one) => one.requests + one.asAlternate + one.sections > 0);
}

/** For each pair of courses, the students who ask for both as a first choice; by the places of the courses in the school's list. */
export function studentsOfPairs(school: School): Map<number, Map<number, number>> {
  const placeOf = new Map(school.courses.map((course, at) => [course.id, at]));
  const pairs = new Map<number, Map<number, number>>();
  for (const student of school.students) {
    const asked = [...new Set(student.requests.map((one) => placeOf.get(one.courseId)))]
      .filter((at) => at !== undefined)
      .sort((a, b) => a - b);
    for (const [nth, a] of asked.entries()) {
      const row = pairs.get(a) ?? new Map<number, number>();
      for (const b of asked.slice(nth + 1)) row.set(b, (row.get(b) ?? 0) + 1);
      pairs.set(a, row);
    }
  }
  return pairs;
}

function rareCourses(demands: readonly CourseDemand[], pairs: readonly CoursePair[], sections: 1 | 2): RareCourse[] {
  const rare = new Map(demands.flatMap((one) => (one.sections === 1 || one.sections === 2 ? [[one.courseId, one.sections] as const] : [])));
  const conflicts = new Map<string, { courseId: string; sections: 1 | 2; students: number }[]>();
  for (const { a, b, students } of pairs) {
    const [ofA, ofB] = [rare.get(a), rare.get(b)];
    if (ofA === undefined || ofB === undefined) continue;
    conflicts.set(a, [...(conflicts.get(a) ?? []), { courseId: b, sections: ofB, students }]);
    conflicts.set(b, [...(conflicts.get(b) ?? []), { courseId: a, sections: ofA, students }]);
  }
  return demands
    .filter((one) => one.sections === sections)
    .map(({ courseId, title, requests }) => ({ courseId, title, sections, requests, conflicts: conflicts.get(courseId) ?? [] }));
}

/**
 * What must not be placed at the same time: how many students ask for both of two courses, and which courses have so few sections
 * that it matters. Looks at first choices alone; a course nobody asks for together with another has no pair.
 */
export function conflictMatrix(school: School): ConflictMatrix {
  const courses = courseDemands(school);
  const pairs = [...studentsOfPairs(school)]
    .flatMap(([a, row]) => [...row].map(([b, students]) => ({ a: school.courses[a]?.id ?? '', b: school.courses[b]?.id ?? '', students })))
    .sort((x, y) => y.students - x.students);
  return { courses, pairs, singletons: rareCourses(courses, pairs, 1), doubletons: rareCourses(courses, pairs, 2) };
}

/** One cell of the picture "are there seats for this grade in this slot?". */
export interface GradeInSlot {
  readonly grade: string;
  readonly slotId: string;
  /** Students of the grade who are in school then: the others are released. */
  readonly students: number;
  /**
   * Seats offered then to this grade: each section's seats are shared out among the grades as its course is asked for. Fewer than
   * `students` means empty periods for somebody. Rounded to a tenth.
   */
  readonly seats: number;
  /** Of the students, those who have no class then; and the seats left then in sections of courses that somebody of the grade asks for. */
  readonly without: number;
  readonly left: number;
}

/** Of each grade, the courses that somebody asks for, alternates counted. */
const coursesOfGrades = (grades: ReadonlyMap<string, readonly Student[]>): Map<string, Set<string>> =>
  new Map(
    [...grades].map(([grade, students]) => {
      const requests = students.flatMap((student) => student.requests);
      return [grade, new Set(requests.flatMap(({ courseId, alternates }) => [courseId, ...alternates]))];
    }),
  );

/**
 * Seats against students by grade and slot, for a master schedule: where a grade has too few seats, someone will sit nowhere; and where it
 * has seats left when its students have no class, someone could still be seated. One cell for each grade and slot, grades in the order in
 * which students name them.
 */
export function seatsByGradeAndSlot(school: School, placed: readonly PlacedSection[], taken: readonly Seat[] = []): GradeInSlot[] {
  const sections = new Map(school.sections.map((section) => [section.id, section]));
  const demands = new Map(courseDemands(school).map((one) => [one.courseId, one]));
  const seats = new Map<string, number>();
  const cell = (grade: string, slotId: string) => JSON.stringify([grade, slotId]);
  for (const { sectionId, placement } of placed) {
    const section = sections.get(sectionId);
    const demand = section && demands.get(section.courseId);
    if (!section || !demand) continue;
    for (const [grade, requests] of Object.entries(demand.requestsByGrade)) {
      for (const slot of placement) {
        const key = cell(grade, slot);
        seats.set(key, (seats.get(key) ?? 0) + (section.seats * requests) / demand.requests);
      }
    }
  }
  const grades = Map.groupBy(school.students, (student) => student.grade);
  const asked = coursesOfGrades(grades);
  const placementOf = new Map(placed.map(({ sectionId, placement }) => [sectionId, placement]));
  const takenOf = Map.groupBy(taken, ({ sectionId }) => sectionId);
  const busy = new Map<string, Set<string>>();
  for (const { studentId, sectionId } of taken)
    for (const slot of placementOf.get(sectionId) ?? []) busy.set(studentId, (busy.get(studentId) ?? new Set()).add(slot));
  const leftOf = placed.flatMap(({ sectionId, placement }) => {
    const section = sections.get(sectionId);
    const left = section ? section.seats - (takenOf.get(sectionId)?.length ?? 0) : 0;
    return section && left > 0 ? [{ courseId: section.courseId, placement, left }] : [];
  });
  return [...grades].flatMap(([grade, students]) => {
    const open = leftOf.filter(({ courseId }) => asked.get(grade)?.has(courseId));
    return school.slots.map(({ id }) => {
      const there = students.filter((student) => !student.released.includes(id));
      return {
        ...{ grade, slotId: id, students: there.length, seats: Math.round((seats.get(cell(grade, id)) ?? 0) * 10) / 10 },
        without: there.filter((student) => !busy.get(student.id)?.has(id)).length,
        left: open.reduce((sum, { placement, left }) => sum + (placement.includes(id) ? left : 0), 0),
      };
    });
  });
}
