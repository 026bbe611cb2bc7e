import type { Placement, Teacher } from './school.ts';
import type { Mask, Seen } from './unmetCase.ts';
import { overlaps, slotMask } from './unmetCase.ts';

const none: Mask = { lo: 0, hi: 0 };
const both = (a: Mask, b: Mask): Mask => ({ lo: a.lo | b.lo, hi: a.hi | b.hi });
const without = (a: Mask, b: Mask): Mask => ({ lo: a.lo & ~b.lo, hi: a.hi & ~b.hi });

/** Who and which room is free when, as a master schedule stands: where one section could move, or one more could meet. */
export class FreeTimes {
  private readonly seen: Seen;
  private readonly teachers: ReadonlyMap<string, Teacher>;
  /** When teachers teach and rooms are in use. */
  private readonly busy = new Map<string, Mask>();
  private readonly inRoom = new Map<string, Mask>();
  /** Slots that each teacher teaches in each term: by teacher and term. */
  private readonly load = new Map<string, Map<string, number>>();
  private readonly termOf: ReadonlyMap<string, string>;
  private readonly slotsIn: ReadonlyMap<string, number>;

  constructor(seen: Seen) {
    this.seen = seen;
    const { teachers, sections, slots } = seen.school;
    this.teachers = new Map(teachers.map((teacher) => [teacher.id, teacher]));
    this.termOf = new Map(slots.map(({ id, term }) => [id, term]));
    this.slotsIn = new Map([...Map.groupBy(slots, ({ term }) => term)].map(([term, own]) => [term, own.length]));
    for (const { id, unavailable } of teachers) this.busy.set(id, slotMask(seen, unavailable));
    const counted = new Set<string>();
    for (const section of sections) {
      const at = seen.placedAs.get(section.id);
      if (!at) continue;
      const mask = slotMask(seen, at.placement);
      if (at.roomId !== null) this.inRoom.set(at.roomId, both(this.inRoom.get(at.roomId) ?? none, mask));
      for (const teacherId of this.teachersOf(section.id)) {
        this.busy.set(teacherId, both(this.busy.get(teacherId) ?? none, mask));
        const key = JSON.stringify([teacherId, section.combinedWith ?? section.id]);
        if (!counted.has(key)) this.count(teacherId, at.placement);
        counted.add(key);
      }
    }
  }

  private teachersOf(sectionId: string): string[] {
    const section = this.seen.school.sections[this.seen.indexed.sectionIndex.get(sectionId)!]!;
    const teacherId = this.seen.placedAs.get(sectionId)?.teacherId;
    return [...(teacherId ? [teacherId] : []), ...section.coTeacherIds];
  }

  private count(teacherId: string, placement: Placement): void {
    const terms = this.load.get(teacherId) ?? new Map<string, number>();
    for (const slot of placement) terms.set(this.termOf.get(slot)!, (terms.get(this.termOf.get(slot)!) ?? 0) + 1);
    this.load.set(teacherId, terms);
  }

  /** Whether a teacher's load allows these slots, in place of others. */
  private isWithinLoad(teacherId: string, placement: Placement, instead: Placement): boolean {
    const teacher = this.teachers.get(teacherId);
    if (!teacher) return true;
    return [...this.slotsIn].every(([term, slots]) => {
      const inTerm = (all: Placement) => all.filter((slot) => this.termOf.get(slot) === term).length;
      if (inTerm(placement) === 0) return true;
      const taught = (this.load.get(teacherId)?.get(term) ?? 0) + inTerm(placement) - inTerm(instead);
      return taught <= Math.min(teacher.maxSlotsPerTerm, slots - teacher.preparationSlots);
    });
  }

  /** Whether all teachers of a section could teach it then. */
  teachersCould(section: number, placement: Placement): boolean {
    const { id } = this.seen.school.sections[section]!;
    const before = this.seen.placedAs.get(id)?.placement ?? [];
    const added = without(slotMask(this.seen, placement), slotMask(this.seen, before));
    return this.teachersOf(id).every(
      (teacherId) => !overlaps(this.busy.get(teacherId) ?? none, added) && this.isWithinLoad(teacherId, placement, before),
    );
  }

  /** Somebody who may teach a course and is free then; null when there is nobody. */
  teacherFor(courseId: string, placement: Placement): string | null {
    const mask = slotMask(this.seen, placement);
    const found = this.seen.school.teachers.find(
      ({ id, courseIds }) => courseIds.includes(courseId) && !overlaps(this.busy.get(id)!, mask) && this.isWithinLoad(id, placement, []),
    );
    return found?.id ?? null;
  }

  /**
   * A room for a section at a time: its own if that is free, else the smallest that is fit and free; null when the school tells of no rooms or the
   * section has none, undefined when every room is in use.
   * @param isAnother for another section like this one, which has no room yet.
   */
  roomFor(section: number, placement: Placement, isAnother = false): string | null | undefined {
    const { id, seats, roomGroups, roomId: locked } = this.seen.school.sections[section]!;
    const at = this.seen.placedAs.get(id);
    const { rooms } = this.seen.school;
    if (rooms.length === 0 || (!isAnother && at?.roomId == null)) return null;
    const mask = slotMask(this.seen, placement);
    const added = isAnother ? mask : without(mask, slotMask(this.seen, at?.placement ?? []));
    const isFree = (roomId: string, needs: Mask) => !overlaps(this.inRoom.get(roomId) ?? none, needs);
    const own = rooms.find((room) => room.id === at?.roomId);
    if (!isAnother && own && (own.shared || isFree(own.id, added))) return own.id;
    if (!isAnother && locked !== null) return undefined;
    const needed = isAnother ? seats : Math.max(seats, this.seen.studentsIn.get(id)?.length ?? 0);
    const fit = rooms.filter(
      (room) =>
        room.capacity >= needed &&
        (roomGroups.length === 0 || roomGroups.some((group) => room.groups.includes(group))) &&
        (room.shared || isFree(room.id, mask)),
    );
    return fit.sort((a, b) => a.capacity - b.capacity)[0]?.id;
  }
}
