import { type Fault, type LaidOut, clashes, together } from './laidOut.ts';

/** A room holds one class at a time; a shared room may hold several. */
export function roomDoubleBooked({ meetings, when }: LaidOut): Fault[] {
  const held = Map.groupBy(meetings, (one) => one.room);
  return [...held].flatMap(([room, inRoom]) =>
    room === null || room.shared
      ? []
      : clashes(inRoom).map(({ a, b, slots }) => ({
          code: 'ROOM_DOUBLE_BOOKED',
          sentence: `${a.name} and ${b.name} would be in room ${room.name} at the same time, in ${when(slots)}.`,
          sectionIds: [a.section.id, b.section.id],
          studentIds: [],
        })),
  );
}

/** A section meets in a room of the school that is fit for it; whichever a counselor locked there is. */
export function roomNotFit({ meetings }: LaidOut): Fault[] {
  return meetings.flatMap(({ at, section, room, name }) => {
    if (at.roomId === null || at.roomId === section.roomId) return [];
    const fit = room !== null && (section.roomGroups.length === 0 || section.roomGroups.some((group) => room.groups.includes(group)));
    if (fit) return [];
    const sentence =
      room === null
        ? `${name} is given the room ${at.roomId}, which the school does not have.`
        : `${name} needs a room for ${section.roomGroups.join(' or ')}, and is given room ${room.name}.`;
    return [{ code: 'ROOM_NOT_FIT', sentence, sectionIds: [section.id], studentIds: [] }];
  });
}

/** A class fits into its room: combined sections are counted together, several classes in a shared room each by itself. */
export function roomTooSmall({ meetings }: LaidOut): Fault[] {
  const classes = Map.groupBy(meetings, ({ section, at }) =>
    JSON.stringify([section.combinedWith ?? section.id, section.combinedWith !== null, at.roomId]),
  );
  return [...classes.values()].flatMap((combined) => {
    const room = combined[0]?.room ?? null;
    const seats = combined.reduce((sum, one) => sum + one.section.seats, 0);
    const locked = combined.every(({ section, at }) => section.roomId === at.roomId);
    if (room === null || seats <= room.capacity || locked) return [];
    const sentence = `${together(combined.map((one) => one.name))} with ${seats} seats would be in room ${room.name}, which holds ${room.capacity}.`;
    return [{ code: 'ROOM_TOO_SMALL', sentence, sectionIds: combined.map((one) => one.section.id), studentIds: [] }];
  });
}
