import { Board, groupsOf, none } from './board.ts';
import { studentsOfPairs } from './matrix.ts';
import { moveGroup } from './moves.ts';
import { type Random, randomFrom } from './random.ts';
import type { PlacedSection, School } from './school.ts';

/** What a placement costs by the conflict matrix: the students who would have to be in two places, if sections were filled evenly. */
class Conflicts {
  private readonly pairs: Map<number, Map<number, number>>;
  private readonly requests: number[];
  private readonly sections: number[];
  private readonly courseOf: number[];
  /** By slot: how many sections of each course meet then. */
  private readonly inSlot: Map<number, number>[];

  constructor(school: School) {
    const courseAt = new Map(school.courses.map((course, at) => [course.id, at]));
    this.pairs = studentsOfPairs(school);
    this.courseOf = school.sections.map((section) => courseAt.get(section.courseId) ?? none);
    this.sections = school.courses.map((_, course) => Math.max(1, this.courseOf.filter((one) => one === course).length));
    this.requests = school.courses.map(() => 0);
    for (const { requests } of school.students) {
      for (const { courseId } of requests) {
        const course = courseAt.get(courseId);
        if (course !== undefined) this.requests[course]! += 1;
      }
    }
    this.inSlot = school.slots.map(() => new Map<number, number>());
  }

  /** Students for whom this section is the only one: those of a singleton can be nowhere else. */
  dependOn(section: number): number {
    const course = this.courseOf[section]!;
    return course === none ? 0 : this.requests[course]! / this.sections[course]! ** 2;
  }

  private both(a: number, b: number): number {
    if (a === b) return this.requests[a]!;
    return (a < b ? this.pairs.get(a)?.get(b) : this.pairs.get(b)?.get(a)) ?? 0;
  }

  cost(section: number, slots: readonly number[]): number {
    const course = this.courseOf[section]!;
    if (course === none) return 0;
    let cost = 0;
    for (const slot of slots) {
      for (const [other, count] of this.inSlot[slot]!)
        cost += (this.both(course, other) * count) / (this.sections[course]! * this.sections[other]!);
    }
    return cost / slots.length;
  }

  add(section: number, slots: readonly number[]): void {
    const course = this.courseOf[section]!;
    for (const slot of slots) this.inSlot[slot]!.set(course, (this.inSlot[slot]!.get(course) ?? 0) + 1);
  }
}

/** How often other groups are asked to make room for one that fits nowhere; each time other ones. */
const triesToMakeRoom = 8;

/** Puts the groups that are locked at a time; where their teacher or room is open and nobody is free, it stays open. */
function putLocked(board: Board, school: School): void {
  const isLocked = (group: number) => board.groups[group]!.sections.some((at) => school.sections[at]!.placement !== null);
  const lockedTo = (group: number, what: 'teacherId' | 'roomId') =>
    board.groups[group]!.sections.some((at) => school.sections[at]![what] !== null);
  const locked = [...board.groups.keys()].filter((group) => isLocked(group) && board.groups[group]!.placements.length > 0);
  // Who is named goes first, so that nobody named is given away.
  for (const group of locked.toSorted((a, b) => Number(lockedTo(b, 'teacherId')) - Number(lockedTo(a, 'teacherId')))) {
    const { placements, teachers, rooms } = board.groups[group]!;
    const slots = placements[0]!;
    const teacher = lockedTo(group, 'teacherId') ? (teachers[0] ?? none) : board.teacherFor(group, slots, none);
    const room = lockedTo(group, 'roomId') ? (rooms[0] ?? none) : board.roomFor(group, slots, none);
    board.put(group, 0, teacher, room);
  }
}

/** Where a group fits with a teacher and a room, in the order of cost; where it fits without them when it fits nowhere else. */
function placeGroup(board: Board, conflicts: Conflicts, group: number, random: Random): void {
  const { placements, sections } = board.groups[group]!;
  const costOf = placements.map((slots) => sections.reduce((sum, section) => sum + conflicts.cost(section, slots), 0));
  const byCost = random.shuffle([...placements.keys()]).sort((a, b) => costOf[a]! - costOf[b]!);
  const free = byCost.find((nth) => {
    const slots = placements[nth]!;
    return board.isOpen(group, nth) && board.teacherFor(group, slots, none) !== none && board.roomFor(group, slots, none) !== none;
  });
  for (let tries = 0; free === undefined && tries < triesToMakeRoom; tries += 1) {
    if (byCost.some((nth) => moveGroup(board, group, nth, random) !== null)) return;
  }
  const nth = free ?? byCost.find((one) => board.isOpen(group, one));
  if (nth === undefined) return;
  const slots = placements[nth]!;
  board.put(group, nth, board.teacherFor(group, slots, none), board.roomFor(group, slots, none));
}

/** Puts the groups as another schedule has them, as far as teachers and rooms are free for it. */
function putAsBefore(board: Board, school: School, start: readonly PlacedSection[]): void {
  const before = new Map(start.map((one) => [one.sectionId, one]));
  const teacherAt = new Map(school.teachers.map((teacher, at) => [teacher.id, at]));
  const roomAt = new Map(school.rooms.map((room, at) => [room.id, at]));
  for (const [group, { sections, placementIds, placements, teachers, rooms }] of board.groups.entries()) {
    const was = before.get(school.sections[sections[0]!]!.id);
    if (board.at[group] !== none || was === undefined) continue;
    const nth = placementIds.findIndex((one) => one.length === was.placement.length && one.every((slot) => was.placement.includes(slot)));
    const [teacher, room] = [teacherAt.get(was.teacherId ?? '') ?? none, roomAt.get(was.roomId ?? '') ?? none];
    if (nth < 0 || !teachers.includes(teacher) || !rooms.includes(room)) continue;
    const slots = placements[nth]!;
    if (board.isOpen(group, nth) && board.isTeacherFree(teacher, slots) && board.isRoomFree(room, slots))
      board.put(group, nth, teacher, room);
  }
}

/**
 * The board of a school, filled from first to last by the conflict matrix: what is locked, then the groups that can be in the fewest places and
 * with the fewest teachers, and among those the ones on which most students depend.
 * @param start a schedule to begin with; what is not in it, or not possible any more, is placed anew.
 */
export function greedyBoard(school: School, random: Random, start: readonly PlacedSection[] = []): Board {
  const board = new Board(school, groupsOf(school));
  const conflicts = new Conflicts(school);
  putLocked(board, school);
  putAsBefore(board, school, start);
  const note = (group: number) => board.groups[group]!.sections.forEach((section) => conflicts.add(section, board.slotsOf(group)));
  for (const group of board.groups.keys()) note(group);
  const choices = (group: number) => {
    const { placements, teachers, rooms, coTeachers } = board.groups[group]!;
    return (placements.length * Math.min(teachers.length, rooms.length)) / (1 + coTeachers.length);
  };
  const depend = board.groups.map(({ sections }) => sections.reduce((sum, section) => sum + conflicts.dependOn(section), 0));
  const narrow = board.groups.map((_, group) => Math.floor(Math.log2(1 + choices(group))));
  const open = random.shuffle([...board.groups.keys()].filter((group) => board.at[group] === none));
  for (const group of open.sort((a, b) => narrow[a]! - narrow[b]! || depend[b]! - depend[a]!)) {
    placeGroup(board, conflicts, group, random);
    note(group);
  }
  return board;
}

/**
 * A master schedule by the conflict matrix alone: each section where the fewest students would have to be in two places, with a teacher
 * and a room that are free. Quick, and a baseline: what a build improves on. A section that no teacher or no room is left for is placed
 * without; one that fits nowhere is left out.
 * @param options.seed decides between equals.
 */
export function greedyMaster(school: School, { seed }: { readonly seed: number }): readonly PlacedSection[] {
  return greedyBoard(school, randomFrom(seed)).placed();
}
