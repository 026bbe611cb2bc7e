import { walkIn } from '@rollbook/timetable';
import { liveSchool, meetTogether, type LiveSection } from './liveSchool.ts';

/** What becomes of one student's classes when a section is cancelled or meets at another time. */
export interface Repair {
  readonly studentId: string;
  readonly drop: readonly string[];
  readonly add: readonly string[];
  /** There is no way to keep all courses: the student goes without the section. */
  readonly isUnplaced: boolean;
}

/** A section as it will be after the change; `left` is counted as students are placed. */
export type Place = LiveSection & { left: number };

/** The sections that a student sits in from the day of the change on. */
export interface Seated {
  readonly studentId: string;
  readonly sectionIds: readonly string[];
}

export interface SectionChange {
  readonly sectionId: string;
  readonly isCancelled: boolean;
}

/**
 * Places each student again who sits in the section, in the same courses, with the fewest changes: another section instead of it, or
 * instead of the class that it is in the way of, or both. So at most two classes of a student are others than before, nobody else's are,
 * and no seat is given twice. Who has the fewest ways comes first; of equally short ways the first by its sections is taken.
 */
export function repairSection(change: SectionChange, places: ReadonlyMap<string, Place>, students: readonly Seated[]): Repair[] {
  const waysNow = students.map((student) => ({ student, ways: [...waysOf(change, places, student)].length }));
  return waysNow
    .toSorted((a, b) => a.ways - b.ways || (a.student.studentId < b.student.studentId ? -1 : 1))
    .flatMap(({ student }) => {
      const [way] = waysOf(change, places, student);
      const { drop, add } = way ?? { drop: [change.sectionId], add: [] };
      for (const id of drop) places.get(id)!.left++;
      for (const id of add) places.get(id)!.left--;
      return drop.length ? [{ studentId: student.studentId, drop, add, isUnplaced: !way }] : [];
    });
}

interface Way {
  readonly drop: readonly string[];
  readonly add: readonly string[];
}

/** All ways for a student to keep every course, the fewest changes first: none, one class elsewhere, two. */
function* waysOf({ sectionId, isCancelled }: SectionChange, places: ReadonlyMap<string, Place>, { sectionIds }: Seated): Generator<Way> {
  const others = sectionIds.filter((id) => id !== sectionId);
  const released = [...(isCancelled ? [] : [[], ...others.map((id) => [id])]), [sectionId], ...others.map((id) => [sectionId, id])];
  for (const drop of released.toSorted((a, b) => a.length - b.length)) {
    const kept = sectionIds.filter((id) => !drop.includes(id));
    const moved = kept.includes(sectionId) ? places.get(sectionId)! : null;
    if (moved && kept.some((id) => id !== sectionId && meetTogether(places.get(id)!, moved))) continue;
    const add = elsewhere(drop, kept, places);
    if (add) yield { drop, add };
  }
}

/** Seats in other sections of these courses beside the classes that are kept; null when there are none. */
function elsewhere(drop: readonly string[], kept: readonly string[], places: ReadonlyMap<string, Place>): readonly string[] | null {
  if (!drop.length) return [];
  const courses = drop.map((id) => places.get(id)!.courseId);
  const here = [...places.values()]
    .filter(({ id, courseId }) => kept.includes(id) || (courses.includes(courseId) && !drop.includes(id)))
    .map((place) => ({ ...place, own: kept.includes(place.id) }));
  const requests = courses.map((courseId, n) => ({ id: `${n}`, courseId, priority: 1 as const, alternates: [] }));
  const track = kept.map((id) => places.get(id)!.track).find((each) => each !== '') ?? null;
  const { school, placed, asking } = liveSchool(here, { id: 'student', requests, track });
  if (asking.requests.length < requests.length) return null;
  const { best } = walkIn(school, placed, [], asking);
  return best.unmet.length ? null : best.seats.map(({ sectionId }) => sectionId);
}
