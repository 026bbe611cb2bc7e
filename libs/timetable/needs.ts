import type { PlacedSection, School, Section } from './school.ts';
import { kindsOf, teacherSlots, type SectionCounts } from './sectionCounts.ts';

/** What a subject takes of teachers' time in a year, against what those have who may teach it. */
export interface TeacherNeed {
  readonly subject: string;
  readonly courseIds: readonly string[];
  /** Slots that the sections would fill for which there are requests enough. */
  readonly slotsNeeded: number;
  /** Of these, those of sections for which teachers and rooms do not reach. */
  readonly slotsShort: number;
  /** Teachers who may teach at least one of the courses. */
  readonly teacherIds: readonly string[];
  /** All slots in which they could teach; whoever teaches two subjects counts in both. */
  readonly slotsThere: number;
}

/** What sections take of the rooms that would do for them. */
export interface RoomNeed {
  /** A room of one of these groups; empty: any room. */
  readonly groups: readonly string[];
  readonly rooms: number;
  /** The seats of the largest of these rooms. */
  readonly largest: number;
  /** Slots that the sections would fill for which there are requests enough; and those of the rooms, null where one of them holds any number of classes. */
  readonly slotsNeeded: number;
  readonly slotsThere: number | null;
  /** As the sections are placed: classes that need such a room, for each slot in which there is one. */
  readonly placed: readonly { readonly slotId: string; readonly sections: number }[];
}

/** Teachers' time by subject, the scarcest first. A course without a subject is one by itself. */
export function teacherNeeds(school: School, { courses }: SectionCounts, subjectOf: ReadonlyMap<string, string>): TeacherNeed[] {
  const slotsOf = teacherSlots(school);
  const bySubject = Map.groupBy(courses, ({ courseId, title }) => subjectOf.get(courseId) ?? title);
  const needs = [...bySubject].map(([subject, own]): TeacherNeed => {
    const courseIds = own.map(({ courseId }) => courseId);
    const among = new Set(courseIds);
    const qualified = school.teachers.flatMap((teacher, at) => (teacher.courseIds.some((id) => among.has(id)) ? [at] : []));
    return {
      ...{ subject, courseIds },
      slotsNeeded: own.reduce((sum, { wanted, slots }) => sum + wanted * slots, 0),
      slotsShort: own.reduce((sum, { wanted, recommended, slots }) => sum + (wanted - recommended) * slots, 0),
      teacherIds: qualified.map((at) => school.teachers[at]!.id),
      slotsThere: qualified.reduce((sum, at) => sum + slotsOf[at]!, 0),
    };
  });
  return needs.sort((a, b) => a.slotsThere - a.slotsNeeded - (b.slotsThere - b.slotsNeeded) || a.subject.localeCompare(b.subject));
}

const keyOf = (groups: readonly string[]): string => JSON.stringify(groups.toSorted());

/** Rooms by what is asked of them, those for any room last. */
export function roomNeeds(school: School, placed: readonly PlacedSection[], { courses }: SectionCounts): RoomNeed[] {
  const wantedOf = new Map(courses.map((one) => [one.courseId, one]));
  const kinds = Map.groupBy(kindsOf(school), ({ groups }) => keyOf(groups));
  const sections = new Map(school.sections.map((section) => [section.id, section]));
  return [...kinds.values()]
    .map((own): RoomNeed => {
      const groups = own[0]!.groups;
      const fit = school.rooms.filter((room) => groups.length === 0 || groups.some((group) => room.groups.includes(group)));
      const key = keyOf(groups);
      const classes = placed.flatMap((at) => {
        const section = sections.get(at.sectionId);
        return section && keyOf(section.roomGroups) === key ? [{ section, at }] : [];
      });
      return {
        ...{ groups, rooms: fit.length, largest: Math.max(0, ...fit.map(({ capacity }) => capacity)) },
        slotsNeeded: own.reduce(
          (sum, { courseId }) => sum + (wantedOf.get(courseId)?.wanted ?? 0) * (wantedOf.get(courseId)?.slots ?? 0),
          0,
        ),
        slotsThere: fit.some(({ shared }) => shared) ? null : fit.length * school.slots.length,
        placed: classesBySlot(classes),
      };
    })
    .sort((a, b) => Number(a.groups.length === 0) - Number(b.groups.length === 0) || keyOf(a.groups).localeCompare(keyOf(b.groups)));
}

/** Combined sections are one class. */
function classesBySlot(classes: readonly { readonly section: Section; readonly at: PlacedSection }[]): RoomNeed['placed'] {
  const bySlot = new Map<string, Set<string>>();
  for (const { section, at } of classes) {
    for (const slot of at.placement) bySlot.set(slot, (bySlot.get(slot) ?? new Set()).add(section.combinedWith ?? section.id));
  }
  return [...bySlot].map(([slotId, all]) => ({ slotId, sections: all.size }));
}
