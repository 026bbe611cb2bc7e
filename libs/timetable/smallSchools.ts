import type { Random } from './random.ts';
import type { Course, CourseRequest, PlacedSection, School, Section, Slot, Student } from './school.ts';

/** Small schools for tests: said in a few words, or drawn by chance so that everything odd is in them. */

export const slotsNamed = (...ids: readonly string[]): Slot[] =>
  ids.map((id, order) => ({ id, term: id.includes(' ') ? id.split(' ')[0]! : 'Y', day: '', period: id.split(' ').at(-1)!, order }));

export const course = (id: string, more: Partial<Course> = {}): Course => ({ id, title: id, core: false, credits: 10, ...more });

/** A section of a course where it meets: `section('ENG-1', 'ENG', ['3'], 30)`. */
export const section = (
  id: string,
  courseId: string,
  placement: readonly string[],
  seats: number,
  more: Partial<Section> = {},
): Section => ({
  id,
  courseId,
  number: id,
  seats,
  reservations: [],
  placement,
  possible: [placement],
  teacherId: null,
  coTeacherIds: [],
  roomId: null,
  roomGroups: [],
  combinedWith: null,
  link: null,
  team: null,
  track: null,
  ...more,
});

/** Requests by course id, `['ENG', 'ART|MUSIC|DANCE']`: the course and its alternates; the first are the most important. */
export const student = (id: string, requests: readonly string[], more: Partial<Student> = {}): Student => ({
  id,
  name: id,
  grade: '9',
  programs: [],
  team: null,
  track: null,
  requests: requests.map((courses, n): CourseRequest => {
    const [courseId, ...alternates] = courses.split('|');
    return { id: `${id}/${n + 1}`, courseId: courseId!, priority: 2, alternates };
  }),
  locked: [],
  current: [],
  released: [],
  ...more,
});

/** A school of sections that stand where they stand, in the slots that they name. */
export const schoolOf = (sections: readonly Section[], students: readonly Student[], more: Partial<School> = {}): School => ({
  slots: slotsNamed(...new Set(sections.flatMap(({ placement, possible }) => [...(placement ?? []), ...possible.flat()]))),
  courses: [...new Set(sections.map(({ courseId }) => courseId))].map((id) => course(id)),
  teachers: [],
  rooms: [],
  sections,
  students,
  ...more,
});

/** The master schedule of sections that have a placement. */
export const placedAsTold = ({ sections }: Pick<School, 'sections'>): PlacedSection[] =>
  sections.flatMap(({ id, placement, teacherId, roomId }) => (placement ? [{ sectionId: id, placement, teacherId, roomId }] : []));

/** A few students and sections with links, teams, tracks, reservations, locks, released slots, full sections, shared alternates. */
export function oddSchool(random: Random, size: { slots: number; courses: number; students: number; requests: number }): School {
  const chance = (share: number): boolean => random.unit() < share;
  const pick = <T>(things: readonly T[]): T => things[random.below(things.length)]!;
  const slots = Array.from({ length: size.slots }, (_, n) => `S${1 + (n % 2)} ${n >> 1}`);
  const courses = Array.from({ length: size.courses }, (_, n) => `C${n}`);
  const sections = courses.flatMap((courseId, c) =>
    Array.from({ length: 1 + random.below(3) }, (_, n) => {
      const first = pick(slots);
      const placement = chance(0.4) ? [first] : [...new Set([first, pick(slots)])];
      const seats = random.below(4);
      return section(`${courseId}-${n}`, courseId, placement, seats, {
        reservations: chance(0.2) ? [{ program: pick(['EL', 'SPED']), seats: random.below(seats + 1) }] : [],
        team: chance(0.15) ? pick(['red', 'blue']) : null,
        track: chance(0.1) ? pick(['A', 'B']) : null,
        link: chance(0.25) && n < 2 ? `link ${c >> 1} ${n}` : null,
      });
    }),
  );
  const students = Array.from({ length: size.students }, (_, n) => {
    const requests = Array.from({ length: 1 + random.below(size.requests) }, () =>
      [pick(courses), ...(chance(0.5) ? [pick(courses)] : []), ...(chance(0.3) ? [pick(courses)] : [])].join('|'),
    );
    const told = student(`s${n}`, requests, {
      grade: pick(['9', '10']),
      programs: ['EL', 'SPED'].filter(() => chance(0.3)),
      team: chance(0.5) ? pick(['red', 'blue']) : null,
      track: chance(0.5) ? pick(['A', 'B']) : null,
      released: chance(0.1) ? [pick(slots)] : [],
    });
    const locked = chance(0.15) ? [pick(sections.filter(({ link }) => link === null))] : [];
    const fits = locked.filter(
      (one) =>
        one &&
        one.seats > 0 &&
        (one.team ?? told.team) === told.team &&
        (one.track ?? told.track) === told.track &&
        !one.placement!.some((slot) => told.released.includes(slot)),
    );
    return {
      ...told,
      locked: fits.map(({ id }) => id),
      requests: told.requests.map((request) => ({ ...request, priority: pick([1, 2, 3] as const) })),
    };
  });
  return schoolOf(sections, students, { slots: slotsNamed(...slots), courses: courses.map((id) => course(id, { core: chance(0.4) })) });
}
