import { type Board, none } from './board.ts';
import type { Random } from './random.ts';

/** Where a group was before a move: enough to take the move back. */
export interface Moved {
  readonly group: number;
  readonly at: number;
  readonly teacher: number;
  readonly room: number;
}

/** More groups than these are not moved out of the way at once: what so many stand in the way of is seldom worth it. */
const mostInTheWay = 3;

function liftAll(board: Board, groups: readonly number[]): Moved[] {
  return groups.map((group) => {
    const was = { group, at: board.at[group]!, teacher: board.teacherOf[group]!, room: board.roomOf[group]! };
    if (was.at !== none) board.lift(group);
    return was;
  });
}

/** Takes a move back. */
export function undo(board: Board, moved: readonly Moved[]): void {
  for (const { group } of moved) if (board.at[group] !== none) board.lift(group);
  for (const { group, at, teacher, room } of moved) if (at !== none) board.put(group, at, teacher, room);
}

/** Puts a group that is off the board there, if a teacher and a room are free; the ones it had stay when they can. */
function settle(board: Board, { group, teacher, room }: Moved, placement: number): boolean {
  if (!board.isOpen(group, placement)) return false;
  const slots = board.groups[group]!.placements[placement]!;
  const [newTeacher, newRoom] = [board.teacherFor(group, slots, teacher), board.roomFor(group, slots, room)];
  if (newTeacher === none || newRoom === none) return false;
  board.put(group, placement, newTeacher, newRoom);
  return true;
}

/** The placements of a group, with those that use any of these slots first; `mixed` decides among the others. */
function placementsNear(board: Board, group: number, slots: readonly number[], random: Random): number[] {
  const { placements } = board.groups[group]!;
  const mixed = random.shuffle([...placements.keys()]);
  return [...mixed.filter((one) => placements[one]!.some((slot) => slots.includes(slot))), ...mixed].slice(0, placements.length);
}

/** One of many, or `none`. */
const anyOf = (many: readonly number[], random: Random): number => (many.length === 0 ? none : many[random.below(many.length)]!);

/** The groups in the way of a group in these slots: those of its teacher if none is free, and of a room if none is. */
function inTheWay(board: Board, { group, teacher, room }: Moved, slots: readonly number[], random: Random): number[] {
  const { teachers, rooms, coTeachers, apart } = board.groups[group]!;
  const blockers = apart.filter((other) => board.slotsOf(other).some((slot) => slots.includes(slot)));
  for (const coTeacher of coTeachers) blockers.push(...board.heldBy(coTeacher, slots));
  if (board.teacherFor(group, slots, teacher) === none) {
    const displaced = teacher === none ? anyOf(teachers, random) : teacher;
    if (displaced !== none) blockers.push(...board.heldBy(displaced, slots));
  }
  if (board.roomFor(group, slots, room) === none) {
    const displaced = room === none || random.below(2) === 0 ? anyOf(rooms, random) : room;
    if (displaced !== none) blockers.push(...board.heldIn(displaced, slots));
  }
  return [...new Set(blockers)];
}

/**
 * Moves a group to one of its placements. Where its teacher teaches already, or the room is full, what is in the way moves to where the
 * group was, or to wherever it can. Keeps all hard rules about teachers and rooms.
 * @returns what moved, for `undo`; null when it cannot be done, and then nothing moved.
 */
export function moveGroup(board: Board, group: number, placement: number, random: Random): readonly Moved[] | null {
  const slots = board.groups[group]!.placements[placement]!;
  const left = board.slotsOf(group);
  const moved = liftAll(board, [group]);
  if (settle(board, moved[0]!, placement)) return moved;
  const others = inTheWay(board, moved[0]!, slots, random);
  const movable = others.length > 0 && others.length <= mostInTheWay && others.every((other) => board.groups[other]!.placements.length > 1);
  if (movable) {
    moved.push(...liftAll(board, others));
    const done =
      settle(board, moved[0]!, placement) &&
      moved
        .slice(1)
        .every((one) => placementsNear(board, one.group, left, random).some((nth) => nth !== one.at && settle(board, one, nth)));
    if (done) return moved;
  }
  undo(board, moved);
  return null;
}
