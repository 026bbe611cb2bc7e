import type { Course, PlacedSection, Reservation, School, Section, Student } from '@rollbook/timetable';
import { meetTogether, timesForOne } from './times.ts';

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
  /** Seats that are neither taken nor held for somebody else; below 0 when more are. */
  readonly left: number;
  /** Does the student sit in it? */
  readonly own: boolean;
  /** Whoever is in one section of a link is in the others. */
  readonly link: string | null;
  readonly meetings: readonly LiveMeeting[];
}

/** What is free everywhere is this many seats. */
export const asManyAsCome = 9_999;

export type LiveStudent = Pick<Student, 'id' | 'requests' | 'track'>;

/** Whom a section is for, and how many may sit in it. */
type Seats = Pick<Section, 'seats'> & Partial<Pick<Section, 'reservations' | 'team' | 'track'>>;
export const noReservations: readonly Reservation[] = [];

/** A section with its seats, for the algorithms; everything else about it is decided. */
export const sectionOf = ({ id, courseId, number, link }: LiveSection, placement: readonly string[], seats: Seats): Section => ({
  ...{ id, courseId, number, placement, possible: [], teacherId: null, coTeacherIds: [], roomId: null, roomGroups: [], combinedWith: null },
  ...{ reservations: noReservations, link, team: null, track: null, ...seats },
});

export const courseOf = (id: string): Course => ({ id, title: id, core: false, credits: 0 });

/** Without the links that nobody can keep any more: one section is left of them, two are of one course, or meet at the same time. */
export function withSoundLinks<T extends LiveSection>(sections: readonly T[]): T[] {
  const links = Map.groupBy(sections, ({ link }) => link);
  const sound = new Set(
    [...links].flatMap(([link, together]) => {
      const clash = together.some((one, n) =>
        together.slice(0, n).some((other) => one.courseId === other.courseId || meetTogether(one, other)),
      );
      return link === null || together.length === 1 || clash ? [] : [link];
    }),
  );
  return sections.map((section) => (sound.has(section.link!) ? section : { ...section, link: null }));
}

/**
 * What a student may take beside the sections they have: of a link of which they have a part, the rest of it and no other section of these
 * courses; no link of which a course would be taken twice.
 */
function offeredBeside(own: readonly LiveSection[], others: readonly LiveSection[]): LiveSection[] {
  const had = new Set(own.map(({ courseId }) => courseId));
  const begun = new Set(own.flatMap(({ link }) => link ?? []));
  const rest = others.filter(({ link }) => link !== null && begun.has(link));
  const toComplete = new Set(rest.map(({ courseId }) => courseId));
  const excluded = new Set(others.flatMap(({ link, courseId }) => (link !== null && had.has(courseId) ? [link] : [])));
  const free = others.filter(({ link, courseId }) => !toComplete.has(courseId) && (link === null || !excluded.has(link)));
  return withSoundLinks([...rest, ...free].toSorted((a, b) => (a.id < b.id ? -1 : 1)));
}

/**
 * What is left of a school for one student. The student keeps the classes they have, also two at once that another system gave them:
 * nothing that meets with them is offered, and their courses are not asked for any more.
 * @param sections for such as this student
 * @returns null when the classes meet at more different times than can be looked at together
 */
export function liveSchool(
  sections: readonly LiveSection[],
  student: LiveStudent,
): { school: School; placed: readonly PlacedSection[]; asking: Student } | null {
  const own = sections.filter((section) => section.own);
  const sound = withSoundLinks(sections);
  const offered = offeredBeside(
    sound.filter((section) => section.own),
    sound.filter((section) => !section.own && (student.track === null || section.track === '' || section.track === student.track)),
  );
  const times = timesForOne(offered, own);
  if (!times) return null;
  const { slots, placementOf, busy } = times;
  const placed = offered.map((section) => ({ sectionId: section.id, placement: placementOf(section), teacherId: null, roomId: null }));
  const had = new Set(own.map(({ courseId }) => courseId));
  const requests = student.requests
    .filter(({ courseId }) => !had.has(courseId))
    .map((request) => ({ ...request, alternates: request.alternates.filter((id) => !had.has(id)) }));
  const courseIds = new Set([
    ...offered.map(({ courseId }) => courseId),
    ...requests.flatMap((each) => [each.courseId, ...each.alternates]),
  ]);
  const school: School = {
    ...{ slots, teachers: [], rooms: [], students: [], courses: [...courseIds].map(courseOf) },
    sections: offered.map((section) => sectionOf(section, placementOf(section), { seats: section.left })),
  };
  const nothing = { programs: [], team: null, locked: [], current: [] };
  return { school, placed, asking: { ...student, ...nothing, name: student.id, grade: '', requests, released: busy } };
}
