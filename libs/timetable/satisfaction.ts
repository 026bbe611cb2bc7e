import { indexSchool, offeringOf } from './indexed.ts';
import type { PlacedSection, School, Seat, Student } from './school.ts';
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

/** How one student came off, beside what was possible and beside the others of the grade. */
export interface Fairness {
  readonly studentId: string;
  readonly requests: number;
  readonly primary: number;
  readonly alternates: number;
  /** The worth of what the student has, and of the best schedule if no section were full. */
  readonly value: number;
  readonly best: number;
  readonly sentence: string;
}

/** A line for each student, for a parent who asks whether others were preferred. */
export function fairness(school: School, placed: readonly PlacedSection[], seats: readonly Seat[]): Fairness[] {
  const indexed = indexSchool(school, placed);
  const offering = offeringOf(indexed, placed);
  const solver = new StudentSolver();
  const seatsOf = Map.groupBy(seats, ({ studentId }) => studentId);
  const lines = indexed.students.map((who) => {
    const { student, asks } = who;
    const answers = asks.flatMap(({ request, answers: all }) => {
      const seat = (seatsOf.get(student.id) ?? []).find(({ requestId }) => requestId === request.id);
      return seat ? (all.find(({ alternate }) => alternate === seat.alternate) ?? []) : [];
    });
    const primary = answers.filter(({ alternate }) => alternate === 0).length;
    const value = answers.reduce((sum, answer) => sum + answer.value, 0);
    return {
      student,
      requests: asks.length,
      primary,
      alternates: answers.length - primary,
      value,
      best: solver.solve(who, offering, 'any'),
    };
  });
  const byGrade = Map.groupBy(lines, ({ student }) => student.grade);
  const average = new Map([...byGrade].map(([grade, own]) => [grade, shareOf(own)]));
  return lines.map(({ student, ...line }) => {
    const { requests, primary, alternates, value, best } = line;
    const has = `${student.name} has ${primary} of ${requests} requests as asked${alternates > 0 ? ` and ${alternates} by an alternate` : ''}`;
    const possible =
      value >= best ? 'no loading of this timetable could do better' : 'with endless seats this timetable would hold a better schedule';
    const sentence = `${has}; ${possible}. In grade ${student.grade} ${average.get(student.grade)} % of requests are met as asked.`;
    return { studentId: student.id, ...line, sentence };
  });
}

function shareOf(lines: readonly { readonly requests: number; readonly primary: number }[]): string {
  const requests = lines.reduce((sum, line) => sum + line.requests, 0);
  const primary = lines.reduce((sum, line) => sum + line.primary, 0);
  return (requests === 0 ? 100 : (100 * primary) / requests).toFixed(1);
}
