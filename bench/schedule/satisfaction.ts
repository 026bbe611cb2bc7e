import type { School, Seat } from '@rollbook/timetable';

/** How well seats answer what students asked for. */
export interface Satisfaction {
  /** Percent of all requests that got the very course. */
  readonly primaryPercent: number;
  /** Percent of the students who got every course they asked for. */
  readonly allPrimaryPercent: number;
  /** Requests that neither the course nor an alternate answers. */
  readonly unmet: number;
}

export function satisfactionOf({ students }: School, seats: readonly Seat[]): Satisfaction {
  const answered = Map.groupBy(
    seats.filter(({ requestId }) => requestId !== null),
    ({ studentId }) => studentId,
  );
  const requests = students.reduce((sum, student) => sum + student.requests.length, 0);
  const counts = students.map((student) => {
    const own = answered.get(student.id) ?? [];
    return { asked: student.requests.length, met: own.length, primary: own.filter(({ alternate }) => alternate === 0).length };
  });
  return {
    primaryPercent: (100 * counts.reduce((sum, { primary }) => sum + primary, 0)) / requests,
    allPrimaryPercent: (100 * counts.filter(({ asked, primary }) => asked === primary).length) / students.length,
    unmet: counts.reduce((sum, { asked, met }) => sum + asked - met, 0),
  };
}

/** A figure as it is reported: enough digits to compare. */
export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
