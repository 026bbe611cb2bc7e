import type { Course, PlacedSection, School, Section, Student } from '@rollbook/timetable';

/** One meeting of a section in a period, from when to before when. */
export interface LiveMeeting {
  readonly periodId: string;
  readonly dayLabel: string;
  readonly begins: string;
  readonly ends: string;
}

/** A section as it can be taken now. */
export interface LiveSection {
  readonly id: string;
  readonly courseId: string;
  readonly number: string;
  readonly track: string;
  /** Seats that are neither taken nor held for somebody else. */
  readonly left: number;
  /** Does the student sit in it? */
  readonly own: boolean;
  readonly meetings: readonly LiveMeeting[];
}

const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
/** What is free everywhere is this many seats. */
export const asManyAsCome = 9_999;

/** Do two sections meet at the same time some day? A day of the rotation falls on any weekday. */
export function meetTogether(a: LiveSection, b: LiveSection): boolean {
  const sameDay = (one: string, other: string) =>
    one === '' || other === '' || one === other || weekdays.includes(one) !== weekdays.includes(other);
  return a.meetings.some((one) =>
    b.meetings.some(
      (other) =>
        one.periodId === other.periodId && one.begins < other.ends && other.begins < one.ends && sameDay(one.dayLabel, other.dayLabel),
    ),
  );
}

export type LiveStudent = Pick<Student, 'id' | 'requests' | 'track'>;

/** When sections meet, as the algorithms are told it. */
interface Times {
  readonly slots: School['slots'];
  placementOf(section: LiveSection): readonly string[];
}

/** A slot is a part of the days in which no meeting begins or ends, a weekday and a day of the rotation as far as meetings tell them apart, and a period. */
export function timesOf(sections: readonly LiveSection[]): Times {
  const meetings = sections.flatMap((section) => section.meetings);
  const bounds = [...new Set(meetings.flatMap(({ begins, ends }) => [begins, ends]))].sort();
  const labels = new Set(meetings.map(({ dayLabel }) => dayLabel));
  const days = weekdays.filter((day) => labels.has(day));
  const rotation = [...labels].filter((label) => label !== '' && !weekdays.includes(label));
  // The other weekdays, and the other days of the rotation, are one more day each: a class of every day meets then too.
  const kinds = ['', ...days].flatMap((day) => ['', ...rotation].map((label) => ({ day, label, name: `${day}|${label}` })));
  const periodOf = new Map<string, string>();
  const placements = new Map(
    sections.map(({ id, meetings }) => {
      const slots = meetings.flatMap(({ periodId, dayLabel, begins, ends }) =>
        bounds
          .filter((from) => begins <= from && from < ends)
          .flatMap((from) =>
            kinds
              .filter(({ day, label }) => dayLabel === '' || dayLabel === day || dayLabel === label)
              .map(({ name }) => {
                const slot = `${from} ${name} ${periodId}`;
                periodOf.set(slot, periodId);
                return slot;
              }),
          ),
      );
      return [id, slots] as const;
    }),
  );
  return {
    slots: [...periodOf].map(([id, period], order) => ({ id, term: '', day: '', period, order })),
    placementOf: ({ id }) => placements.get(id)!,
  };
}

/** A section with its seats, for the algorithms; everything else about it is decided. */
export const sectionOf = ({ id, courseId, number, track }: LiveSection, placement: readonly string[], seats: number): Section => ({
  ...{ id, courseId, number, seats, reservations: [], placement, possible: [], teacherId: null, coTeacherIds: [], roomId: null },
  ...{ roomGroups: [], combinedWith: null, link: null, team: null, track: track === '' ? null : track },
});

export const courseOf = (id: string): Course => ({ id, title: id, core: false, credits: 0 });

/**
 * What is left of a school for one student. The student keeps the classes they have, also two at once that another system gave them:
 * their slots are not free, and their courses are not asked for any more.
 */
export function liveSchool(
  sections: readonly LiveSection[],
  student: LiveStudent,
): { school: School; placed: readonly PlacedSection[]; asking: Student } {
  const { slots, placementOf } = timesOf(sections);
  const offered = sections.filter(({ own }) => !own);
  const placed = offered.map((section) => ({ sectionId: section.id, placement: placementOf(section), teacherId: null, roomId: null }));
  const busy = sections.filter(({ own }) => own).flatMap(placementOf);
  const had = new Set(sections.filter(({ own }) => own).map(({ courseId }) => courseId));
  const requests = student.requests
    .filter(({ courseId }) => !had.has(courseId))
    .map((request) => ({ ...request, alternates: request.alternates.filter((id) => !had.has(id)) }));
  const courseIds = new Set([
    ...offered.map(({ courseId }) => courseId),
    ...requests.flatMap((each) => [each.courseId, ...each.alternates]),
  ]);
  const school: School = {
    ...{ slots, teachers: [], rooms: [], students: [], courses: [...courseIds].map(courseOf) },
    sections: offered.map((section) => {
      const one = sectionOf(section, placementOf(section), section.left);
      return student.track === null ? { ...one, track: null } : one;
    }),
  };
  const nothing = { programs: [], team: null, locked: [], current: [] };
  return { school, placed, asking: { ...student, ...nothing, name: student.id, grade: '', requests, released: busy } };
}
