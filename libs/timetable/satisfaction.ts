import type { IndexedStudent } from './indexed.ts';
import { indexSchool, offeringOf, valueOf } from './indexed.ts';
import type { CourseRequest, PlacedSection, School, Seat, Student } from './school.ts';
import { StudentSolver } from './student.ts';

/** How many requests of a group of students were met. */
export interface Satisfied {
  /** What the group has in common: "grade 10", "program ENGLISH_LEARNER", "priority 1", "core courses", "all". */
  readonly group: string;
  readonly requests: number;
  /** Met by the course that was asked for. */
  readonly primary: number;
  /** Met by an alternate. */
  readonly alternates: number;
  readonly students: number;
  /** Students of the group for whom every one of these requests is met by the course that was asked for. */
  readonly studentsWithAll: number;
}

/** Requests met in all, by grade, program and priority, and those for core courses: a group for each that occurs, in that order. */
export function satisfaction(school: School, seats: readonly Seat[]): Satisfied[] {
  const core = new Set(school.courses.filter((course) => course.core).map(({ id }) => id));
  const alternateOf = new Map(seats.flatMap(({ requestId, alternate }) => (requestId === null ? [] : [[requestId, alternate] as const])));
  const groups = new Map<string, Map<Student, string[]>>();
  const put = (group: string, student: Student, requestId: string): void => {
    const students = groups.get(group) ?? new Map<Student, string[]>();
    groups.set(group, students.set(student, [...(students.get(student) ?? []), requestId]));
  };
  for (const student of school.students) {
    for (const { id, priority, courseId } of student.requests) {
      const programs = [...new Set(student.programs)].map((program) => `program ${program}`);
      const own = ['all', `grade ${student.grade}`, ...programs, `priority ${priority}`, ...(core.has(courseId) ? ['core courses'] : [])];
      for (const group of own) put(group, student, id);
    }
  }
  const kinds = ['all', 'grade', 'program', 'priority', 'core'];
  const kindOf = (group: string): number => kinds.indexOf(group.split(' ')[0]!);
  const inOrder = [...groups].sort(([a], [b]) => kindOf(a) - kindOf(b) || a.localeCompare(b, 'en', { numeric: true }));
  return inOrder.map(([group, students]) => {
    const requests = [...students.values()].flat();
    return {
      group,
      requests: requests.length,
      primary: requests.filter((id) => alternateOf.get(id) === 0).length,
      alternates: requests.filter((id) => (alternateOf.get(id) ?? 0) > 0).length,
      students: students.size,
      studentsWithAll: [...students.values()].filter((own) => own.every((id) => alternateOf.get(id) === 0)).length,
    };
  });
}

/** Of the requests of one priority, how many are met, by the course itself and by an alternate. */
export interface MetOfPriority {
  readonly priority: CourseRequest['priority'];
  readonly requests: number;
  readonly primary: number;
  readonly alternates: number;
}

/** How one student came off, beside what was possible and beside the others of the grade. */
export interface Fairness {
  readonly studentId: string;
  readonly grade: string;
  readonly requests: number;
  readonly primary: number;
  readonly alternates: number;
  readonly byPriority: readonly MetOfPriority[];
  /** The worth of what was asked for, of what the student has, and of the best schedule if no section were full. */
  readonly asked: number;
  readonly value: number;
  readonly best: number;
  /** The last two in percent of the first, and the median of the first of these two in the student's grade. */
  readonly percent: number;
  readonly bestPercent: number;
  readonly gradeMedianPercent: number;
  /** The same in words, without the student's name. */
  readonly sentence: string;
}

const percentOf = (part: number, whole: number): number => (whole === 0 ? 100 : (100 * part) / whole);

/**
 * A line for each student who asked for something, for a parent who asks whether others were preferred; who fared worst comes first: by
 * the share of what was asked, then by how far below the best possible. Students who asked for nothing have none.
 */
export function fairness(school: School, placed: readonly PlacedSection[], seats: readonly Seat[]): Fairness[] {
  const indexed = indexSchool(school, placed);
  const offering = offeringOf(indexed, placed);
  const solver = new StudentSolver();
  const seatsOf = Map.groupBy(seats, ({ studentId }) => studentId);
  const lines = indexed.students
    .filter(({ asks }) => asks.length > 0)
    .map((who) => ({ ...metOf(who, seatsOf.get(who.student.id) ?? []), best: solver.solve(who, offering, 'any') }))
    .map((line) => ({ ...line, percent: percentOf(line.value, line.asked), bestPercent: percentOf(line.best, line.asked) }));
  const medians = new Map(
    [...Map.groupBy(lines, ({ grade }) => grade)].map(([grade, own]) => [grade, median(own.map(({ percent }) => percent))]),
  );
  return lines
    .map((line) => ({ ...line, gradeMedianPercent: medians.get(line.grade)! }))
    .map((line) => ({ ...line, sentence: inWords(line) }))
    .sort((a, b) => a.percent - b.percent || b.bestPercent - a.bestPercent || a.studentId.localeCompare(b.studentId));
}

function metOf({ student, asks }: IndexedStudent, seats: readonly Seat[]) {
  const seatOf = new Map(seats.map((seat) => [seat.requestId, seat]));
  const answers = asks.map(({ request, answers: all }) => {
    const seat = seatOf.get(request.id);
    return { request, answer: seat && all.find(({ alternate }) => alternate === seat.alternate) };
  });
  const count = (own: typeof answers) => {
    const primary = own.filter(({ answer }) => answer?.alternate === 0).length;
    return { requests: own.length, primary, alternates: own.filter(({ answer }) => answer).length - primary };
  };
  const byPriority = ([1, 2, 3] as const)
    .map((priority) => ({ priority, ...count(answers.filter(({ request }) => request.priority === priority)) }))
    .filter(({ requests }) => requests > 0);
  return {
    ...{ studentId: student.id, grade: student.grade, ...count(answers), byPriority },
    asked: asks.reduce((sum, { request }) => sum + valueOf(request, 0), 0),
    value: answers.reduce((sum, { answer }) => sum + (answer?.value ?? 0), 0),
  };
}

function median(numbers: readonly number[]): number {
  const inOrder = numbers.toSorted((a, b) => a - b);
  const half = inOrder.length / 2;
  return (inOrder[Math.ceil(half) - 1]! + inOrder[Math.floor(half)]!) / 2;
}

function inWords(line: Omit<Fairness, 'sentence'>): string {
  const { requests, primary, alternates, value, best, grade } = line;
  const met = `${primary} of ${requests} ${requests === 1 ? 'request is' : 'requests are'} met as asked${alternates > 0 ? ` and ${alternates} by an alternate` : ''}`;
  const own = `${line.percent.toFixed(1)} % of what was asked, weighed by priority`;
  const possible =
    value >= best
      ? 'no loading of this timetable could give this student more'
      : `with endless seats this timetable would hold ${line.bestPercent.toFixed(1)} %`;
  return `${met}: ${own}; ${possible}. The median of grade ${grade} is ${line.gradeMedianPercent.toFixed(1)} %.`;
}
