import type { PlacedSection, School, Seat } from '../school.ts';
import { wordsFor } from '../when.ts';
import { type LaidOut, type Meeting, laidOut, together } from './laidOut.ts';

/** A soft rule that is not kept: nothing forbids it, and somebody pays for it. */
export interface Concern {
  /** Which rule, for programs: "MANY_PREPARATIONS". */
  readonly code: string;
  /** How much, in the unit that the rule names; added up to compare two schedules. */
  readonly cost: number;
  /** What it is, for a counselor. */
  readonly reason: string;
  readonly sectionIds: readonly string[];
  /** Who pays for it. */
  readonly studentIds: readonly string[];
  readonly teacherId: string | null;
}

const preparationsThatAreFine = 2;
const spreadThatIsFine = 3;

/** Every section meets, with a teacher, in a room. Cost: 1 for each that is missing. */
export function stillOpen({ school, meetings, sittings, nameOf }: LaidOut): Concern[] {
  const sitting = Map.groupBy(sittings, ({ section }) => section.id);
  const met = new Map(meetings.map((one) => [one.section.id, one]));
  return school.sections.flatMap((section) => {
    const meeting = met.get(section.id);
    const open = meeting === undefined ? ['time'] : [...(meeting.at.teacherId ? [] : ['teacher']), ...(meeting.at.roomId ? [] : ['room'])];
    if (open.length === 0) return [];
    return [
      {
        ...{ code: 'STILL_OPEN', cost: open.length, reason: `${nameOf(section)} has no ${together(open)} yet.` },
        ...{ sectionIds: [section.id], studentIds: (sitting.get(section.id) ?? []).map(({ student }) => student.id), teacherId: null },
      },
    ];
  });
}

/** A teacher prepares at most two different courses. Cost: 1 for each course more. */
export function manyPreparations({ meetings, courses }: LaidOut): Concern[] {
  return [...Map.groupBy(meetings, (one) => one.teacher)].flatMap(([teacher, taught]) => {
    const titles = [...new Set(taught.map(({ section }) => section.courseId))].map((id) => courses.get(id)?.title ?? id);
    if (teacher === null || titles.length <= preparationsThatAreFine) return [];
    const reason = `${teacher.name} prepares ${titles.length} courses: ${together(titles)}.`;
    return [
      {
        code: 'MANY_PREPARATIONS',
        cost: titles.length - preparationsThatAreFine,
        reason,
        ...{ sectionIds: taught.map(({ section }) => section.id), studentIds: [], teacherId: teacher.id },
      },
    ];
  });
}

/** A teacher stays in one room from class to class. Cost: 1 for each move between classes that follow one another on a day. */
export function roomMoves({ meetings, slots }: LaidOut): Concern[] {
  return [...Map.groupBy(meetings, (one) => one.teacher)].flatMap(([teacher, taught]) => {
    if (teacher === null) return [];
    const classes = taught
      .flatMap((one) => one.at.placement.flatMap((id) => ({ one, slot: slots.get(id) })))
      .filter(({ slot }) => slot !== undefined);
    const days = Map.groupBy(classes, ({ slot }) => JSON.stringify([slot?.term, slot?.day]));
    const moved = new Set<Meeting>();
    let moves = 0;
    for (const day of days.values()) {
      const inOrder = day.toSorted((a, b) => (a.slot?.order ?? 0) - (b.slot?.order ?? 0));
      for (const [at, { one }] of inOrder.entries()) {
        const before = inOrder[at - 1]?.one;
        if (before === undefined || before.room === null || one.room === null || before.room === one.room) continue;
        moves += 1;
        moved.add(before).add(one);
      }
    }
    if (moves === 0) return [];
    const reason = `${teacher.name} changes rooms ${moves} times between classes.`;
    const sectionIds = [...moved].map(({ section }) => section.id);
    return [{ code: 'ROOM_MOVES', cost: moves, reason, sectionIds, studentIds: [], teacherId: teacher.id }];
  });
}

/** Sections of one course have about as many students each. Cost: the students by which the fullest exceeds the emptiest, beyond three. */
export function unevenSections({ meetings, sittings, courses }: LaidOut): Concern[] {
  const sitting = Map.groupBy(sittings, ({ section }) => section.id);
  const equal = Map.groupBy(meetings, ({ section: { courseId, team, track, seats } }) => JSON.stringify([courseId, team, track, seats]));
  return [...equal.values()].flatMap((alike) => {
    const inOrder = alike.map((one) => ({ one, count: sitting.get(one.section.id)?.length ?? 0 })).sort((a, b) => a.count - b.count);
    const [least, most] = [inOrder[0], inOrder.at(-1)];
    if (least === undefined || most === undefined || most.count - least.count <= spreadThatIsFine) return [];
    const course = courses.get(least.one.section.courseId)?.title ?? least.one.section.courseId;
    const reason = `${course} has ${most.count} students in section ${most.one.section.number} and ${least.count} in section ${least.one.section.number}.`;
    return [
      {
        code: 'UNEVEN_SECTIONS',
        cost: most.count - least.count - spreadThatIsFine,
        reason,
        ...{ sectionIds: alike.map(({ section }) => section.id), teacherId: null },
        studentIds: (sitting.get(most.one.section.id) ?? []).map(({ student }) => student.id),
      },
    ];
  });
}

/** A student has at most one period without a class in a term, what is released not counted. Cost: 1 for each such cell of a day beyond the first. */
export function emptyPeriods({ school, sittingsOf }: LaidOut): Concern[] {
  const terms = [...Map.groupBy(school.slots, ({ term }) => term)];
  return school.students.flatMap((student) => {
    const own = sittingsOf.get(student.id) ?? [];
    if (own.length === 0) return [];
    const taken = new Set([...own.flatMap(({ meeting }) => meeting?.at.placement ?? []), ...student.released]);
    return terms.flatMap(([, slots]) => {
      const days = [...Map.groupBy(slots, ({ day }) => day).values()].map((all) => all.filter(({ id }) => !taken.has(id)));
      const worst = days.reduce((most, day) => (day.length > most.length ? day : most), []);
      if (worst.length < 2) return [];
      const reason = `${student.name} has no class in ${wordsFor(
        school,
        worst.map(({ id }) => id),
      )}.`;
      return [{ code: 'EMPTY_PERIODS', cost: worst.length - 1, reason, sectionIds: [], studentIds: [student.id], teacherId: null }];
    });
  });
}

/** Every soft rule. */
export const softRules: readonly ((all: LaidOut) => readonly Concern[])[] = [
  stillOpen,
  manyPreparations,
  roomMoves,
  unevenSections,
  emptyPeriods,
];

/**
 * What is not forbidden and not good either, in the order of the rules.
 * @throws Error when the schedule names a section, a student or a slot that the school does not have.
 */
export function concernsOf(school: School, placed: readonly PlacedSection[], seats: readonly Seat[]): Concern[] {
  const all = laidOut(school, placed, seats);
  return softRules.flatMap((rule) => rule(all));
}
