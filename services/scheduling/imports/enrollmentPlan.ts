import { laterOf, type IsoDate } from '@rollbook/school';
import type { TeacherRole } from '../sections/entities.ts';

/** Somebody in a section from a day on, as a student (no role) or as one of its teachers; ends is the first day no more. */
export interface Line {
  readonly id: string;
  readonly sectionId: string;
  readonly personId: string;
  readonly role: TeacherRole | null;
  readonly begins: IsoDate;
  readonly ends: IsoDate | null;
}

/** A line that is there, and whether its file (as far as it was read) still holds it. */
export interface PresentLine extends Line {
  readonly seen: boolean;
}

/** A line of the file. Without a beginning of its own it goes on as it was, or begins with the section. */
export interface WantedLine extends Line {
  readonly dated: boolean;
}

interface Reason {
  readonly code: string;
  readonly message: string;
}

export interface Plan<W> {
  readonly lines: readonly W[];
  /** Lines that are there under another id and are the same: old id -> new id. */
  readonly adopted: ReadonlyMap<string, string>;
  /** Lines that make room for a new one, with their new end. */
  readonly ended: readonly (PresentLine & { ends: IsoDate })[];
  readonly refused: readonly (Reason & { line: W })[];
}

const until = (ends: IsoDate | null) => ends ?? '9999-12-31';
const overlap = (a: Line, b: Line) =>
  a.begins < until(b.ends) && b.begins < until(a.ends) && a.begins < until(a.ends) && b.begins < until(b.ends);
const bothOfRecord = (a: Line, b: Line) => a.role === 'TEACHER_OF_RECORD' && b.role === 'TEACHER_OF_RECORD';
const inEachOthersWay = (a: Line, b: Line) =>
  a.sectionId === b.sectionId && (a.personId === b.personId || bothOfRecord(a, b)) && overlap(a, b);

/**
 * Fits a batch of lines in between those that are there, so that nobody is in a section twice at a time and a section has one
 * teacher of record at a time. A line that finds its place taken
 * - by what is over already, and says no beginning: begins after it;
 * - by the same person under an id that the file no longer holds (systems give new ids to old enrollments): takes its place;
 * - by a teacher of record whom the file no longer holds: ends that one's time today, or with its own beginning;
 * - by anything else: is refused.
 */
export function planLines<W extends WantedLine>(wanted: readonly W[], present: readonly PresentLine[], today: IsoDate): Plan<W> {
  // A refused line leaves what is there under its id as it is, which may be in the way of another: then all is fitted again.
  const there = new Set(present.map(({ id }) => id));
  const kept = new Map<string, Reason>();
  for (;;) {
    const plan = fit(wanted, present, kept, today);
    const alsoKept = plan.refused.filter(({ line }) => !kept.has(line.id) && there.has(line.id));
    if (!alsoKept.length) return plan;
    for (const { line, code, message } of alsoKept) kept.set(line.id, { code, message });
  }
}

function fit<W extends WantedLine>(
  wanted: readonly W[],
  present: readonly PresentLine[],
  kept: ReadonlyMap<string, Reason>,
  today: IsoDate,
): Plan<W> {
  const there = new Set(present.map(({ id }) => id));
  const inBatch = new Set(wanted.map(({ id }) => id));
  const obstacles = Map.groupBy<string, PresentLine>(
    present.filter(({ id }) => !inBatch.has(id) || kept.has(id)).map((p) => (inBatch.has(p.id) ? { ...p, seen: true } : p)),
    ({ sectionId }) => sectionId,
  );
  const lines: W[] = [];
  const adopted = new Map<string, string>();
  const ended = new Map<string, PresentLine & { ends: IsoDate }>();
  const refused: Plan<W>['refused'][number][] = [];
  for (const line of wanted) {
    const others = obstacles.get(line.sectionId) ?? [];
    const placed = kept.get(line.id) ?? place(line, others, there.has(line.id), today);
    if ('code' in placed) {
      refused.push({ line, ...placed });
      continue;
    }
    const gone = new Set([placed.takes?.id, ...placed.ends.map(({ id }) => id)]);
    if (placed.takes) {
      adopted.set(placed.takes.id, line.id);
      ended.delete(placed.takes.id);
    }
    for (const other of placed.ends) ended.set(other.id, other);
    lines.push(placed.line);
    obstacles.set(line.sectionId, [...others.filter(({ id }) => !gone.has(id)), ...placed.ends, { ...placed.line, seen: true }]);
  }
  return { lines, adopted, ended: [...ended.values()], refused };
}

interface Placed<W> {
  readonly line: W;
  readonly takes: PresentLine | undefined;
  readonly ends: readonly (PresentLine & { ends: IsoDate })[];
}

/** Finds a line its place among the others of its section, earliest first. One that is there itself takes nobody else's. */
function place<W extends WantedLine>(wanted: W, others: readonly PresentLine[], isThere: boolean, today: IsoDate): Placed<W> | Reason {
  let line = wanted;
  let takes: PresentLine | undefined;
  const ends: (PresentLine & { ends: IsoDate })[] = [];
  for (const other of others.toSorted((a, b) => (a.begins < b.begins ? -1 : 1))) {
    if (!inEachOthersWay(line, other)) continue;
    if (!line.dated && other.ends !== null && other.ends <= today) line = { ...line, begins: other.ends };
    else if (other.seen || takes) return reasonOf(line, other);
    else if (other.personId === line.personId && isThere) return reasonOf(line, other);
    else if (other.personId === line.personId) {
      takes = other;
      if (!line.dated) line = { ...line, begins: other.begins };
    } else {
      const change = line.dated ? line.begins : laterOf(laterOf(other.begins, line.begins), today);
      if (change < other.begins) return reasonOf(line, other);
      line = { ...line, begins: change };
      ends.push({ ...other, ends: change });
    }
    if (line.begins >= until(line.ends)) return reasonOf(line, other);
  }
  // Taking an older place may have moved the line back over what lies before it.
  const moved = new Set([takes?.id, ...ends.map(({ id }) => id)]);
  const inTheWay = [...others.filter(({ id }) => !moved.has(id)), ...ends].find((other) => inEachOthersWay(line, other));
  return inTheWay ? reasonOf(line, inTheWay) : { line, takes, ends };
}

function reasonOf(line: Line, other: Line): Reason {
  return line.personId === other.personId
    ? { code: 'ENROLLMENT_OVERLAPS', message: 'The same person is in this class on some of these days by another row.' }
    : { code: 'TEACHER_OF_RECORD_TAKEN', message: 'The class has another primary teacher on some of these days.' };
}
