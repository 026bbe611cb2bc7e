import type { PlacedSection, School } from './school.ts';

/** Sections that meet as one, with one teacher and in one room: a single one, or those that are combined. */
export interface Group {
  /** By their places in the school's list. */
  readonly sections: readonly number[];
  /** Where it could meet, as places of slots in the school's list; one when that is locked, none when combined sections share none. */
  readonly placements: readonly (readonly number[])[];
  /** The placements' slot ids, in the same order. */
  readonly placementIds: readonly (readonly string[])[];
  /** Who could teach it, and where it could be held, by places in the school's lists. */
  readonly teachers: readonly number[];
  readonly rooms: readonly number[];
  readonly coTeachers: readonly number[];
  /** Groups that must not meet at the same time, as they are linked. */
  readonly apart: number[];
}

/** Nobody, nowhere, at no time. */
export const none = -1;

const samePlacement = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((slot) => b.includes(slot));

/** The groups of a school: one for each section, and one for all that are combined. */
export function groupsOf(school: School): Group[] {
  const slotAt = new Map(school.slots.map((slot, at) => [slot.id, at]));
  const teacherAt = new Map(school.teachers.map((teacher, at) => [teacher.id, at]));
  const combined = Map.groupBy(school.sections.keys(), (at) => school.sections[at]?.combinedWith ?? at);
  const groups = [...combined.values()].map((sections): Group => {
    const all = sections.flatMap((at) => school.sections[at] ?? []);
    const possible = all.map((section) => (section.placement === null ? section.possible : [section.placement]));
    const shared = (possible[0] ?? []).filter((one) => possible.every((others) => others.some((other) => samePlacement(one, other))));
    const placementIds = shared.filter((one) => one.length > 0 && one.every((slot) => slotAt.has(slot)));
    const lockedTeacher = all.find((section) => section.teacherId !== null)?.teacherId ?? null;
    const lockedRoom = all.find((section) => section.roomId !== null)?.roomId ?? null;
    const seats = all.reduce((sum, section) => sum + section.seats, 0);
    return {
      sections,
      placementIds,
      placements: placementIds.map((one) => one.flatMap((slot) => slotAt.get(slot) ?? [])),
      teachers: school.teachers.flatMap((teacher, at) => {
        const may =
          lockedTeacher === null ? all.every((section) => teacher.courseIds.includes(section.courseId)) : teacher.id === lockedTeacher;
        return may ? [at] : [];
      }),
      rooms: school.rooms.flatMap((room, at) => {
        const fits = all.every(({ roomGroups }) => roomGroups.length === 0 || roomGroups.some((group) => room.groups.includes(group)));
        return (lockedRoom === null ? fits && room.capacity >= seats : room.id === lockedRoom) ? [at] : [];
      }),
      coTeachers: [...new Set(all.flatMap((section) => section.coTeacherIds.flatMap((id) => teacherAt.get(id) ?? [])))],
      apart: [],
    };
  });
  const links = Map.groupBy(groups.keys(), (at) => linkOf(school, groups[at]));
  for (const [link, linked] of links) {
    if (link !== null) for (const at of linked) groups[at]?.apart.push(...linked.filter((other) => other !== at));
  }
  return groups;
}

const linkOf = (school: School, group: Group | undefined): string | null =>
  group?.sections.map((at) => school.sections[at]?.link ?? null).find((link) => link !== null) ?? null;

/**
 * A master schedule while it is made: where each group meets, with whom and in which room, and who and what is busy when. What it is
 * asked for keeps every hard rule about teachers and rooms; what is locked is put as it is locked, whatever else is there.
 */
export class Board {
  readonly groups: readonly Group[];
  /** By group: which of its placements, which teacher, which room; `none` where that is open. */
  readonly at: Int32Array;
  readonly teacherOf: Int32Array;
  readonly roomOf: Int32Array;
  private readonly school: School;
  private readonly slotCount: number;
  private readonly termOf: Int32Array;
  private readonly termCount: number;
  /** [teacher * slots + slot] and [room * slots + slot]: how many things keep them busy. */
  private readonly teacherBusy: Int16Array;
  private readonly roomBusy: Int16Array;
  /** The same places: the group that is there; `none` where nobody is, or something else keeps them. */
  private readonly teacherHolds: Int32Array;
  private readonly roomHolds: Int32Array;
  /** [teacher * terms + term]: slots that they could still teach. */
  private readonly loadLeft: Int32Array;
  private readonly coTaught: Uint8Array;

  constructor(school: School, groups: readonly Group[]) {
    this.school = school;
    this.groups = groups;
    this.slotCount = school.slots.length;
    const terms = [...new Set(school.slots.map((slot) => slot.term))];
    this.termCount = terms.length;
    this.termOf = Int32Array.from(school.slots, (slot) => terms.indexOf(slot.term));
    this.at = new Int32Array(groups.length).fill(none);
    this.teacherOf = new Int32Array(groups.length).fill(none);
    this.roomOf = new Int32Array(groups.length).fill(none);
    this.teacherBusy = new Int16Array(school.teachers.length * this.slotCount);
    this.roomBusy = new Int16Array(school.rooms.length * this.slotCount);
    this.teacherHolds = new Int32Array(this.teacherBusy.length).fill(none);
    this.roomHolds = new Int32Array(this.roomBusy.length).fill(none);
    this.loadLeft = new Int32Array(school.teachers.length * this.termCount);
    this.coTaught = Uint8Array.from(groups, (group) => (group.coTeachers.length > 0 ? 1 : 0));
    for (const [teacher, { unavailable, maxSlotsPerTerm, preparationSlots }] of school.teachers.entries()) {
      for (const [slot, { id }] of school.slots.entries())
        if (unavailable.includes(id)) this.teacherBusy[teacher * this.slotCount + slot] = 1;
      for (const [term, name] of terms.entries()) {
        const slots = school.slots.filter((slot) => slot.term === name).length;
        this.loadLeft[teacher * this.termCount + term] = Math.min(maxSlotsPerTerm, slots - preparationSlots);
      }
    }
  }

  /** The slots in which a group meets now; none when it has no place. */
  slotsOf(group: number): readonly number[] {
    return this.groups[group]!.placements[this.at[group]!] ?? [];
  }

  /** Whether a group could meet there as far as its co-teachers and the groups linked to it go. */
  isOpen(group: number, placement: number): boolean {
    const { placements, coTeachers, apart } = this.groups[group]!;
    const slots = placements[placement]!;
    if (this.coTaught[group] === 1 && !coTeachers.every((teacher) => this.isTeacherFree(teacher, slots))) return false;
    return apart.every((other) => this.slotsOf(other).every((slot) => !slots.includes(slot)));
  }

  /** Whether a teacher is there, has no class in any of these slots, and has load left for them. */
  isTeacherFree(teacher: number, slots: readonly number[]): boolean {
    for (const slot of slots) if (this.teacherBusy[teacher * this.slotCount + slot]! > 0) return false;
    if (this.termCount === 1) return this.loadLeft[teacher]! >= slots.length;
    for (const slot of slots) {
      const term = this.termOf[slot]!;
      let needed = 0;
      for (const other of slots) if (this.termOf[other] === term) needed += 1;
      if (this.loadLeft[teacher * this.termCount + term]! < needed) return false;
    }
    return true;
  }

  isRoomFree(room: number, slots: readonly number[]): boolean {
    if (this.school.rooms[room]!.shared) return true;
    for (const slot of slots) if (this.roomBusy[room * this.slotCount + slot]! > 0) return false;
    return true;
  }

  /** A teacher for a group in these slots: the preferred one when free, else whoever could teach the fewest other courses; or `none`. */
  teacherFor(group: number, slots: readonly number[], preferred: number): number {
    const { teachers, coTeachers } = this.groups[group]!;
    if (preferred !== none && this.isTeacherFree(preferred, slots)) return preferred;
    let [best, fewest] = [none, Infinity];
    for (const teacher of teachers) {
      if (coTeachers.includes(teacher) || !this.isTeacherFree(teacher, slots)) continue;
      const narrow = this.school.teachers[teacher]!.courseIds.length * 100 - this.loadLeft[teacher * this.termCount]!;
      if (narrow < fewest) [best, fewest] = [teacher, narrow];
    }
    return best;
  }

  /** A room for a group in these slots: the preferred one when free, else the one that is fit for least else; or `none`. */
  roomFor(group: number, slots: readonly number[], preferred: number): number {
    if (preferred !== none && this.isRoomFree(preferred, slots)) return preferred;
    let [best, fewest] = [none, Infinity];
    for (const room of this.groups[group]!.rooms) {
      if (!this.isRoomFree(room, slots)) continue;
      const { groups, capacity } = this.school.rooms[room]!;
      const narrow = groups.length * 1000 + capacity;
      if (narrow < fewest) [best, fewest] = [room, narrow];
    }
    return best;
  }

  /** The groups that keep a teacher busy in these slots. */
  heldBy(teacher: number, slots: readonly number[]): number[] {
    return [...new Set(slots.map((slot) => this.teacherHolds[teacher * this.slotCount + slot]!))].filter((group) => group !== none);
  }

  /** The groups that fill a room in these slots. */
  heldIn(room: number, slots: readonly number[]): number[] {
    return [...new Set(slots.map((slot) => this.roomHolds[room * this.slotCount + slot]!))].filter((group) => group !== none);
  }

  put(group: number, placement: number, teacher: number, room: number): void {
    this.at[group] = placement;
    this.teacherOf[group] = teacher;
    this.roomOf[group] = room;
    this.count(group, 1);
  }

  /** Takes a group off the board. */
  lift(group: number): void {
    this.count(group, -1);
    this.at[group] = none;
    this.teacherOf[group] = none;
    this.roomOf[group] = none;
  }

  private count(group: number, by: 1 | -1): void {
    const slots = this.slotsOf(group);
    const { coTeachers } = this.groups[group]!;
    const [teacher, room] = [this.teacherOf[group]!, this.roomOf[group]!];
    for (const slot of slots) {
      if (teacher !== none) this.occupy(group, teacher, slot, by);
      for (const other of coTeachers) if (other !== teacher) this.occupy(group, other, slot, by);
      if (room === none) continue;
      this.roomBusy[room * this.slotCount + slot]! += by;
      this.roomHolds[room * this.slotCount + slot] = by === 1 ? group : none;
    }
  }

  private occupy(group: number, teacher: number, slot: number, by: 1 | -1): void {
    this.teacherBusy[teacher * this.slotCount + slot]! += by;
    this.teacherHolds[teacher * this.slotCount + slot] = by === 1 ? group : none;
    this.loadLeft[teacher * this.termCount + this.termOf[slot]!]! -= by;
  }

  /** The master schedule as it stands; groups without a place are left out. */
  placed(): PlacedSection[] {
    return this.groups.flatMap(({ sections, placementIds }, group) => {
      const placement = placementIds[this.at[group]!];
      if (placement === undefined) return [];
      const teacherId = this.school.teachers[this.teacherOf[group]!]?.id ?? null;
      const roomId = this.school.rooms[this.roomOf[group]!]?.id ?? null;
      return sections.map((at) => ({ sectionId: this.school.sections[at]!.id, placement, teacherId, roomId }));
    });
  }
}
