import { mostRequests } from './indexed.ts';
import type { Fault } from './rules/laidOut.ts';
import type { School, Section, Student } from './school.ts';
import { wordsFor } from './when.ts';

/** What is wrong with what a school gives before anything is built or loaded. */
export interface SchoolFault extends Fault {
  readonly courseIds: readonly string[];
  /** True: there is no sound schedule, or no telling what is meant; loaders refuse. False: it can be loaded, and something will be missed. */
  readonly stops: boolean;
}

type Ids = Partial<Pick<SchoolFault, 'sectionIds' | 'studentIds' | 'courseIds'>>;

const fault = (code: string, stops: boolean, sentence: string, { sectionIds = [], studentIds = [], courseIds = [] }: Ids): SchoolFault => ({
  code,
  sentence,
  sectionIds,
  studentIds,
  courseIds,
  stops,
});
const stop = (code: string, sentence: string, ids: Ids): SchoolFault => fault(code, true, sentence, ids);
const warn = (code: string, sentence: string, ids: Ids): SchoolFault => fault(code, false, sentence, ids);

/** A school's things by id. */
interface Known {
  readonly school: School;
  readonly sections: ReadonlyMap<string, Section>;
  readonly offered: ReadonlySet<string>;
  readonly courses: ReadonlySet<string>;
  readonly slots: ReadonlySet<string>;
  /** Of each course, the slots of its shortest section. */
  readonly fewestSlots: ReadonlyMap<string, number>;
}

/**
 * Everything that is wrong with a school as it is given, what stops a run first. A request for a course that nobody offers is a warning:
 * the student gets an alternate, or misses it.
 */
export function faultsOfSchool(school: School): SchoolFault[] {
  const known: Known = {
    school,
    sections: new Map(school.sections.map((one) => [one.id, one])),
    offered: new Set(school.sections.filter(({ seats }) => seats > 0).map(({ courseId }) => courseId)),
    courses: new Set(school.courses.map(({ id }) => id)),
    slots: new Set(school.slots.map(({ id }) => id)),
    fewestSlots: fewestSlotsOf(school),
  };
  const faults = [
    ...twice(school),
    ...school.sections.flatMap((one) => faultsOfSection(one, known)),
    ...faultsOfLinks(school),
    ...faultsOfLockedSeats(known),
    ...school.students.flatMap((one) => [...faultsOfRequests(one, known), ...faultsOfLocks(one, known)]),
  ];
  return faults.toSorted((a, b) => Number(b.stops) - Number(a.stops));
}

/** A school that contradicts itself: nothing can be built or loaded before that is put right. The message says what, in words. */
export class ContradictorySchool extends Error {
  override name = 'ContradictorySchool';
}

/** @throws ContradictorySchool that names the first things that keep this school from being scheduled, if there are any. */
export function refuseFaults(school: School): void {
  const stopping = faultsOfSchool(school).filter(({ stops }) => stops);
  if (stopping.length === 0) return;
  const told = [...Map.groupBy(stopping, ({ sentence }) => sentence).values()].map(asOne);
  const more = told.length > 5 ? ` And ${told.length - 5} more.` : '';
  throw new ContradictorySchool(told.slice(0, 5).join(' ') + more);
}

/** What is wrong in the same words for several students, who may have no names here, is said once. */
function asOne(same: readonly SchoolFault[]): string {
  const [{ sentence }] = same as [SchoolFault];
  const students = new Set(same.flatMap(({ studentIds }) => studentIds)).size;
  return students > 1 && same.length > 1 ? `${sentence.slice(0, -1)} (so for ${students} students).` : sentence;
}

function fewestSlotsOf({ sections }: School): Map<string, number> {
  const fewest = new Map<string, number>();
  for (const { courseId, placement, possible } of sections) {
    const lengths = (placement ? [placement] : possible).map((slots) => slots.length);
    fewest.set(courseId, Math.min(fewest.get(courseId) ?? Infinity, ...lengths));
  }
  return fewest;
}

/** An id names one thing. */
function twice({ slots, courses, sections, students }: School): SchoolFault[] {
  const requests = students.flatMap((one) => one.requests);
  const kinds = [
    ['slot', slots],
    ['course', courses],
    ['section', sections],
    ['student', students],
    ['request', requests],
  ] as const;
  return kinds.flatMap(([kind, things]) => {
    const seen = new Set<string>();
    const again = new Set<string>();
    for (const { id } of things) (seen.has(id) ? again : seen).add(id);
    return [...again].map((id) => stop('ID_TWICE', `There are two of the ${kind} "${id}".`, {}));
  });
}

function faultsOfSection(section: Section, { courses, slots, school }: Known): SchoolFault[] {
  const { id, courseId, seats, reservations, placement, possible } = section;
  const name = calledBy(school, section);
  const faults: SchoolFault[] = [];
  const ids = { sectionIds: [id], courseIds: [courseId] };
  if (!courses.has(courseId))
    faults.push(stop('UNKNOWN_COURSE', `Section ${section.number} is of the course "${courseId}", which the school does not have.`, ids));
  const unknown = new Set([...(placement ?? []), ...possible.flat()].filter((slot) => !slots.has(slot)));
  if (unknown.size > 0)
    faults.push(stop('UNKNOWN_SLOT', `${name} would meet in ${[...unknown].join(', ')}, which the timetable does not have.`, ids));
  if (placement === null && possible.length === 0)
    faults.push(stop('NO_PLACEMENT', `${name} has no place, and none that would be possible.`, ids));
  if (!Number.isInteger(seats) || seats < 0) faults.push(stop('SEATS_NOT_A_NUMBER', `${name} has ${seats} seats.`, ids));
  if (seats === 0) faults.push(warn('NO_SEATS', `${name} has 0 seats: nobody gets into it.`, ids));
  const kept = reservations.reduce((sum, one) => sum + one.seats, 0);
  if (kept > Math.max(0, seats))
    faults.push(warn('RESERVED_MORE_THAN_SEATS', `${name} keeps ${kept} seats for programs and has ${seats}.`, ids));
  return faults;
}

function faultsOfLinks(school: School): SchoolFault[] {
  const { sections } = school;
  const linked = Map.groupBy(
    sections.filter(({ link }) => link !== null),
    ({ link }) => link!,
  );
  return [...linked].flatMap(([link, together]) => {
    const courseIds = together.map(({ courseId }) => courseId);
    const sectionIds = together.map(({ id }) => id);
    const names = together.map((one) => calledBy(school, one)).join(', ');
    const faults: SchoolFault[] = [];
    if (new Set(courseIds).size < courseIds.length) {
      faults.push(
        stop('LINK_OF_ONE_COURSE', `The link ${link} ties ${names}, of which two are of one course: nobody can be in both.`, {
          sectionIds,
          courseIds,
        }),
      );
    }
    if (together.length === 1)
      faults.push(warn('LINK_OF_ONE', `The link ${link} ties ${names} to no other section.`, { sectionIds, courseIds }));
    return faults;
  });
}

function faultsOfRequests(who: Student, known: Known): SchoolFault[] {
  const { id, name, requests, released } = who;
  const { courses, offered, slots } = known;
  const faults: SchoolFault[] = [];
  const ids = { studentIds: [id] };
  const titleOf = (courseId: string) => titleIn(known.school, courseId);
  for (const { courseId, alternates } of requests) {
    const asked = { ...ids, courseIds: [courseId] };
    if (!offered.has(courseId)) {
      const why = courses.has(courseId) ? 'has no section with seats' : 'is not among the courses of the school';
      faults.push(warn('NOT_OFFERED', `${name} asks for ${titleOf(courseId)}, which ${why}.`, asked));
    }
    for (const other of alternates.filter((one) => !offered.has(one))) {
      faults.push(
        warn('ALTERNATE_NOT_OFFERED', `${name} would take ${titleOf(other)} instead of ${titleOf(courseId)}: it is not offered.`, {
          ...ids,
          courseIds: [other],
        }),
      );
    }
    if (alternates.includes(courseId) || new Set(alternates).size < alternates.length) {
      faults.push(
        warn(
          'ALTERNATE_REPEATED',
          `${name} names a course twice among ${titleOf(courseId)} and its alternates: it counts once, where it stands first.`,
          asked,
        ),
      );
    }
    if (requests.filter((other) => other.courseId === courseId).length > 1) {
      faults.push(warn('REQUEST_TWICE', `${name} asks for ${titleOf(courseId)} twice: one of them is met at most.`, asked));
    }
  }
  faults.push(...alternatesInCircle(who, known), ...moreThanFits(who, known));
  if (requests.length > mostRequests) {
    faults.push(
      stop('TOO_MANY_REQUESTS', `${name} has ${requests.length} requests; ${mostRequests} is the most that can be looked at.`, ids),
    );
  }
  const unknown = released.filter((slot) => !slots.has(slot));
  if (unknown.length > 0)
    faults.push(stop('UNKNOWN_SLOT', `${name} is released in ${unknown.join(', ')}, which the timetable does not have.`, ids));
  return [...new Map(faults.map((one) => [`${one.sentence} ${one.courseIds.join()}`, one])).values()];
}

/** Requests that name each other as alternates: when one is missed, the other is no way out, for it is asked for already. */
function alternatesInCircle({ id, name, requests }: Student, { school }: Known): SchoolFault[] {
  const leadsTo = new Map(requests.map(({ courseId, alternates }) => [courseId, alternates]));
  const circleFrom = (path: readonly string[]): readonly string[] | null => {
    for (const next of leadsTo.get(path.at(-1)!) ?? []) {
      if (next === path[0] && path.length > 1) return path;
      const circle = path.includes(next) || !leadsTo.has(next) ? null : circleFrom([...path, next]);
      if (circle) return circle;
    }
    return null;
  };
  const first = requests.map(({ courseId }) => circleFrom([courseId])).find((circle) => circle !== null);
  if (!first) return [];
  const sentence = `${name} asks for ${first.map((courseId) => titleIn(school, courseId)).join(' and ')}, each of which is to replace another of them: each is taken once at most.`;
  return [warn('ALTERNATES_IN_CIRCLE', sentence, { studentIds: [id], courseIds: first })];
}

/** Twelve requests for eight periods: what is least important will be missed. */
function moreThanFits({ id, name, requests, released }: Student, { school, fewestSlots }: Known): SchoolFault[] {
  const wanted = requests.reduce((sum, { courseId }) => sum + (fewestSlots.get(courseId) ?? 0), 0);
  const free = school.slots.length - new Set(released).size;
  if (wanted <= free) return [];
  const sentence = `${name} asks for ${requests.length} courses, which fill ${wanted} slots at least, and has ${free}: something will be missed.`;
  return [warn('MORE_THAN_FITS', sentence, { studentIds: [id] })];
}

function faultsOfLocks(who: Student, { sections, school }: Known): SchoolFault[] {
  const { id, name, team, track, released } = who;
  const called = (section: Section) => calledBy(school, section);
  const ids = { studentIds: [id] };
  const unknown = who.locked.filter((one) => !sections.has(one));
  const faults = unknown.map((one) => stop('UNKNOWN_SECTION', `${name} is locked in ${one}, which is not a section of the school.`, ids));
  const named = who.locked.flatMap((one) => sections.get(one) ?? []);
  const links = new Set(named.flatMap(({ link }) => link ?? []));
  const locked =
    links.size === 0 ? named : [...new Set([...named, ...school.sections.filter(({ link }) => link !== null && links.has(link))])];
  for (const [n, one] of locked.entries()) {
    const told = { ...ids, sectionIds: [one.id] };
    const inReleased = one.placement?.filter((slot) => released.includes(slot)) ?? [];
    if (inReleased.length > 0) {
      faults.push(
        stop(
          'LOCK_IN_RELEASED_SLOT',
          `${name} is locked in ${called(one)}, which meets in period ${wordsFor(school, inReleased)}: there the student is released.`,
          told,
        ),
      );
    }
    if ((one.team ?? team) !== team || (one.track ?? track) !== track) {
      faults.push(stop('LOCK_OUTSIDE_TEAM', `${name} is locked in ${called(one)}, which is for another team or track.`, told));
    }
    for (const other of locked.slice(0, n)) {
      const both = { ...ids, sectionIds: [other.id, one.id] };
      const shared = one.placement?.filter((slot) => other.placement?.includes(slot)) ?? [];
      if (one.courseId === other.courseId)
        faults.push(stop('LOCKS_OF_ONE_COURSE', `${name} is locked in ${called(other)} and ${called(one)}, both of one course.`, both));
      else if (shared.length > 0) {
        faults.push(
          stop(
            'LOCKS_OVERLAP',
            `${name} is locked in ${called(other)} and ${called(one)}, which both meet in period ${wordsFor(school, shared)}.`,
            both,
          ),
        );
      }
    }
  }
  return faults;
}

/** A course as counselors call it; one that the school does not have, by its id. */
const titleIn = ({ courses }: School, courseId: string): string => courses.find(({ id }) => id === courseId)?.title ?? courseId;

/** A section as counselors call it: "Algebra 1 (02)". */
const calledBy = (school: School, { courseId, number }: Section): string => `${titleIn(school, courseId)} (${number})`;

/** More students locked in a section than it has seats: they stay, and nobody else gets in. */
function faultsOfLockedSeats({ school, sections }: Known): SchoolFault[] {
  const lockedIn = new Map<string, string[]>();
  for (const { id, locked } of school.students) for (const one of locked) lockedIn.set(one, [...(lockedIn.get(one) ?? []), id]);
  return [...lockedIn].flatMap(([id, studentIds]) => {
    const section = sections.get(id);
    if (!section || studentIds.length <= section.seats) return [];
    return [
      warn(
        'LOCKED_MORE_THAN_SEATS',
        `${studentIds.length} students are locked in ${calledBy(school, section)}, which has ${section.seats} seats.`,
        {
          sectionIds: [id],
          studentIds,
        },
      ),
    ];
  });
}
