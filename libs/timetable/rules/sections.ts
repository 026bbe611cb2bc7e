import { type Fault, type LaidOut, type Meeting, clashes, inside, together } from './laidOut.ts';

const sameSlots = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && new Set([...a, ...b]).size === a.length;

/** A section meets at one of the times that are possible for it. */
export function placementNotPossible({ meetings, when }: LaidOut): Fault[] {
  return meetings
    .filter(({ section, at }) => section.placement === null && !section.possible.some((one) => sameSlots(one, at.placement)))
    .map(({ section, at, name }) => ({
      code: 'PLACEMENT_NOT_POSSIBLE',
      sentence: `${name} would meet in ${when(at.placement)}, which is not one of the times possible for it.`,
      sectionIds: [section.id],
      studentIds: [],
    }));
}

/** What a counselor locked on a section stays: its time, its teacher, its room. */
export function sectionLockBroken({ meetings, school, teachers, rooms, nameOf, when }: LaidOut): Fault[] {
  const met = new Map(meetings.map((one) => [one.section.id, one.at]));
  return school.sections.flatMap((section) => {
    const at = met.get(section.id);
    const broken: string[] = [];
    if (section.placement !== null && !(at && sameSlots(section.placement, at.placement))) broken.push(`in ${when(section.placement)}`);
    if (at && section.teacherId !== null && section.teacherId !== at.teacherId)
      broken.push(`with ${inside(teachers.get(section.teacherId)?.name ?? section.teacherId)}`);
    if (at && section.roomId !== null && section.roomId !== at.roomId)
      broken.push(`in room ${rooms.get(section.roomId)?.name ?? section.roomId}`);
    if (broken.length === 0) return [];
    return [
      {
        code: 'SECTION_LOCK_BROKEN',
        sentence: `${nameOf(section)} is locked ${broken.join(' ')}.`,
        sectionIds: [section.id],
        studentIds: [],
        ...(section.teacherId === null ? {} : { teacherIds: [section.teacherId] }),
      },
    ];
  });
}

/** Combined sections meet at the same time, with the same teacher, in one room. */
export function combinedApart({ meetings }: LaidOut): Fault[] {
  const groups = Map.groupBy(meetings, ({ section }) => section.combinedWith);
  return [...groups].flatMap(([key, combined]) => {
    const first = combined[0];
    if (key === null || first === undefined) return [];
    const differs = (than: (one: Meeting) => boolean) => combined.some((one) => !than(one));
    const apart = [
      differs((one) => sameSlots(one.at.placement, first.at.placement)) ? 'time' : '',
      differs((one) => one.at.teacherId === first.at.teacherId) ? 'teacher' : '',
      differs((one) => one.at.roomId === first.at.roomId) ? 'room' : '',
    ].filter((word) => word !== '');
    if (apart.length === 0) return [];
    const sentence = `${together(combined.map((one) => one.name))} are combined, and would not have the same ${together(apart)}.`;
    return [{ code: 'COMBINED_APART', sentence, sectionIds: combined.map((one) => one.section.id), studentIds: [] }];
  });
}

/** Sections that a student must take together do not meet at the same time. */
export function linkOverlaps({ meetings, when }: LaidOut): Fault[] {
  const links = Map.groupBy(meetings, ({ section }) => section.link);
  return [...links].flatMap(([link, linked]) =>
    link === null
      ? []
      : clashes(linked).map(({ a, b, slots }) => ({
          code: 'LINK_OVERLAPS',
          sentence: `${a.name} and ${b.name} are taken together, and would meet at the same time, in ${when(slots)}.`,
          sectionIds: [a.section.id, b.section.id],
          studentIds: [],
        })),
  );
}
