/** Judges a proposal from what `school.ts` says alone. It knows nothing of what builds and loads, so that a mistake made there is seen here. */
import type { PlacedSection, Proposal, Reservation, School, Seat, Section, Student } from './school.ts';

export interface Violation {
  readonly code: string;
  readonly sentence: string;
}

/** Everything in a proposal that the school does not allow; empty when it could be committed as it is. */
export function violations(school: School, proposal: Proposal): Violation[] {
  const look = lookAt(school, proposal);
  return [
    ...names(look),
    ...lines(look),
    ...whoIsTwiceAtOnce(look),
    ...loads(look),
    ...roomSizes(look),
    ...combined(look),
    ...fullSections(look),
    ...look.school.students.flatMap((student) => [...timesOf(student, look), ...answersOf(student, look), ...placesOf(student, look)]),
  ];
}

const wrong = (code: string, sentence: string): Violation => ({ code, sentence });

/** A section with where the proposal places it. */
interface Line {
  readonly section: Section;
  readonly at: PlacedSection;
}

interface Look {
  readonly school: School;
  readonly proposal: Proposal;
  /** The first placement of each known section. */
  readonly lines: ReadonlyMap<string, Line>;
  readonly sections: ReadonlyMap<string, Section>;
  readonly students: ReadonlyMap<string, Student>;
  readonly seatsOf: ReadonlyMap<string, readonly Seat[]>;
  readonly termOf: ReadonlyMap<string, string>;
}

function lookAt(school: School, proposal: Proposal): Look {
  const sections = new Map(school.sections.map((section) => [section.id, section]));
  const known = proposal.sections.filter(({ sectionId }) => sections.has(sectionId)).reverse();
  return {
    school,
    proposal,
    sections,
    lines: new Map(known.map((at) => [at.sectionId, { section: sections.get(at.sectionId)!, at }])),
    students: new Map(school.students.map((student) => [student.id, student])),
    seatsOf: Map.groupBy(proposal.seats, ({ studentId }) => studentId),
    termOf: new Map(school.slots.map(({ id, term }) => [id, term])),
  };
}

/** What the proposal names must be the school's, and be named once. */
function names({ proposal, sections, lines, students }: Look): Violation[] {
  const placed = Map.groupBy(proposal.sections, ({ sectionId }) => sectionId);
  return [
    ...[...placed.keys()]
      .filter((id) => !sections.has(id))
      .map((id) => wrong('UNKNOWN_SECTION', `Section ${id} is placed, and the school does not have it.`)),
    ...[...placed].filter(([, all]) => all.length > 1).map(([id]) => wrong('PLACED_TWICE', `Section ${id} is placed twice.`)),
    ...proposal.seats
      .filter(({ studentId }) => !students.has(studentId))
      .map((seat) => wrong('UNKNOWN_STUDENT', `${seat.studentId} has a seat in ${seat.sectionId}, and is no student of the school.`)),
    ...proposal.seats
      .filter(({ sectionId }) => !lines.has(sectionId))
      .map((seat) => wrong('SEAT_WITHOUT_SECTION', `${seat.studentId} has a seat in ${seat.sectionId}, which is placed nowhere.`)),
  ];
}

const samePlacement = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.toSorted().join('\n') === b.toSorted().join('\n');

/** Each line by itself: its time, its teacher and its room are such as the section may have. */
function lines({ school, lines: all }: Look): Violation[] {
  const teachers = new Map(school.teachers.map((teacher) => [teacher.id, teacher]));
  const rooms = new Map(school.rooms.map((room) => [room.id, room]));
  return [...all.values()].flatMap(({ section, at }) => {
    const found: Violation[] = [];
    const allowed = section.placement === null ? section.possible : [section.placement];
    if (!allowed.some((one) => samePlacement(one, at.placement)))
      found.push(wrong('TIME_NOT_POSSIBLE', `Section ${section.id} cannot meet in ${at.placement.join(', ')}.`));
    if (section.teacherId !== null && at.teacherId !== section.teacherId)
      found.push(wrong('TEACHER_LOCK', `Section ${section.id} belongs to ${section.teacherId}, not ${at.teacherId}.`));
    if (section.roomId !== null && at.roomId !== section.roomId)
      found.push(wrong('ROOM_LOCK', `Section ${section.id} belongs in ${section.roomId}, not ${at.roomId}.`));
    if (at.teacherId === null) found.push(wrong('NO_TEACHER', `Section ${section.id} has nobody to teach it.`));
    else if (!teachers.get(at.teacherId)?.courseIds.includes(section.courseId))
      found.push(wrong('NOT_QUALIFIED', `${at.teacherId} may not teach ${section.courseId}.`));
    const room = at.roomId === null ? undefined : rooms.get(at.roomId);
    if (!room) found.push(wrong('NO_ROOM', `Section ${section.id} has no room of the school (${at.roomId}).`));
    else if (section.roomGroups.length > 0 && !section.roomGroups.some((group) => room.groups.includes(group)))
      found.push(wrong('ROOM_NOT_FIT', `Room ${room.id} is not of ${section.roomGroups.join(' or ')}, which ${section.id} needs.`));
    return found;
  });
}

/** A teacher, a co-teacher and an unshared room are in one place in each slot; combined sections are one place. */
function whoIsTwiceAtOnce({ school, lines: all }: Look): Violation[] {
  const shared = new Set(school.rooms.filter((room) => room.shared).map(({ id }) => id));
  const meetings = new Map<string, Set<string>>();
  const meet = (code: string, who: string, { section, at }: Line): void => {
    for (const slot of at.placement) {
      const key = JSON.stringify([code, who, slot]);
      meetings.set(
        key,
        (meetings.get(key) ?? new Set()).add(section.combinedWith === null ? `section ${section.id}` : `group ${section.combinedWith}`),
      );
    }
  };
  for (const line of all.values()) {
    for (const id of teachersOf(line)) meet('TEACHER_TWICE', id, line);
    if (line.at.roomId !== null && !shared.has(line.at.roomId)) meet('ROOM_TWICE', line.at.roomId, line);
  }
  return [...meetings]
    .filter(([, places]) => places.size > 1)
    .map(([key, places]) => {
      const [code, who, slot] = JSON.parse(key) as [string, string, string];
      return wrong(code, `${who} is in ${[...places].join(' and ')} at once, in ${slot}.`);
    });
}

const teachersOf = ({ section, at }: Line): string[] => [...new Set([at.teacherId, ...section.coTeacherIds])].filter((id) => id !== null);

/** No teacher has more slots in a term than their load, fewer free ones than their preparation, or a class when they are not there. */
function loads({ school, lines: all }: Look): Violation[] {
  const busy = new Map<string, Set<string>>();
  for (const line of all.values())
    for (const id of teachersOf(line)) busy.set(id, new Set([...(busy.get(id) ?? []), ...line.at.placement]));
  const terms = Map.groupBy(school.slots, ({ term }) => term);
  return school.teachers.flatMap((teacher) => {
    const own = busy.get(teacher.id) ?? new Set<string>();
    const away = teacher.unavailable
      .filter((slot) => own.has(slot))
      .map((slot) => wrong('TEACHER_UNAVAILABLE', `${teacher.id} teaches in ${slot}, and is not there.`));
    const perTerm = [...terms].flatMap(([term, slots]) => {
      const used = slots.filter(({ id }) => own.has(id)).length;
      const found: Violation[] = [];
      if (used > teacher.maxSlotsPerTerm)
        found.push(
          wrong('TEACHER_OVERLOADED', `${teacher.id} teaches in ${used} slots of ${term}, and ${teacher.maxSlotsPerTerm} are the most.`),
        );
      if (used > 0 && slots.length - used < teacher.preparationSlots)
        found.push(wrong('NO_PREPARATION', `${teacher.id} has ${slots.length - used} free slots in ${term}.`));
      return found;
    });
    return [...away, ...perTerm];
  });
}

/** A room holds the seats of a section, and of all that are combined in it. */
function roomSizes({ school, lines: all }: Look): Violation[] {
  const rooms = new Map(school.rooms.map((room) => [room.id, room]));
  const together = Map.groupBy(all.values(), ({ section, at }) =>
    JSON.stringify([at.roomId, section.combinedWith ?? ['alone', section.id]]),
  );
  return [...together.values()].flatMap((group) => {
    const room = rooms.get(group[0]!.at.roomId ?? '');
    const seats = group.reduce((sum, { section }) => sum + section.seats, 0);
    if (!room || seats <= room.capacity) return [];
    return [
      wrong(
        'ROOM_TOO_SMALL',
        `Room ${room.id} holds ${room.capacity}, and ${group.map(({ section }) => section.id).join(' and ')} have ${seats} seats.`,
      ),
    ];
  });
}

function combined({ lines: all }: Look): Violation[] {
  const groups = Map.groupBy(
    [...all.values()].filter(({ section }) => section.combinedWith !== null),
    ({ section }) => section.combinedWith!,
  );
  return [...groups].flatMap(([name, group]) => {
    const ways = new Set(group.map(({ at }) => JSON.stringify([at.placement.toSorted(), at.teacherId, at.roomId])));
    return ways.size > 1 ? [wrong('COMBINED_APART', `The sections combined as ${name} do not meet as one.`)] : [];
  });
}

/**
 * Who sits in a section fits on its seats, and whoever is in none of some programs fits on the seats that are kept for none of them. By
 * Hall's theorem it is enough to ask this of every choice of programs.
 */
function fullSections({ proposal, sections, students }: Look): Violation[] {
  const rosters = Map.groupBy(proposal.seats, ({ sectionId }) => sectionId);
  return [...rosters].flatMap(([id, seats]) => {
    const section = sections.get(id);
    if (!section) return [];
    const roster = seats.flatMap(({ studentId }) => students.get(studentId) ?? []);
    return choicesOf(section.reservations).flatMap((kept) => {
      const programs = kept.map(({ program }) => program);
      const others = roster.filter((student) => !programs.some((program) => student.programs.includes(program))).length;
      const left = section.seats - kept.reduce((sum, one) => sum + one.seats, 0);
      if (others <= left) return [];
      if (!kept.length) return [wrong('TOO_MANY_STUDENTS', `Section ${id} has ${others} students on ${left} seats.`)];
      return [
        wrong(
          'RESERVED_SEAT_TAKEN',
          `Section ${id} has ${others} students who are not of ${programs.join(' or ')} on the ${left} seats that are not kept for these.`,
        ),
      ];
    });
  });
}

const choicesOf = (reservations: readonly Reservation[]): (readonly Reservation[])[] =>
  reservations.reduce<(readonly Reservation[])[]>((choices, one) => [...choices, ...choices.map((choice) => [...choice, one])], [[]]);

/** A student is in one class at a time, and in none in the slots they are released from. */
function timesOf(student: Student, { seatsOf, lines: all }: Look): Violation[] {
  const inSlot = new Map<string, string[]>();
  for (const id of new Set((seatsOf.get(student.id) ?? []).map(({ sectionId }) => sectionId))) {
    for (const slot of all.get(id)?.at.placement ?? []) inSlot.set(slot, [...(inSlot.get(slot) ?? []), id]);
  }
  return [...inSlot].flatMap(([slot, ids]) => [
    ...(ids.length > 1 ? [wrong('STUDENT_TWICE', `${student.id} is in ${ids.join(' and ')} at once, in ${slot}.`)] : []),
    ...(student.released.includes(slot) ? [wrong('RELEASED_SLOT', `${student.id} is in ${ids[0]} in ${slot}, which stays free.`)] : []),
  ]);
}

/** Each seat answers what it says, each request is answered once, and no course is taken twice. */
function answersOf(student: Student, { seatsOf, sections }: Look): Violation[] {
  const seats = seatsOf.get(student.id) ?? [];
  const requests = new Map(student.requests.map((request) => [request.id, request]));
  const linked = new Set(seats.flatMap(({ sectionId, requestId }) => (requestId === null ? [] : (sections.get(sectionId)?.link ?? []))));
  const courseOf = ({ sectionId }: Seat): string => sections.get(sectionId)?.courseId ?? sectionId;
  const found = seats.flatMap((seat) => {
    if (seat.requestId === null) {
      const belongs = student.locked.includes(seat.sectionId) || linked.has(sections.get(seat.sectionId)?.link ?? '');
      return belongs ? [] : [wrong('SEAT_UNASKED', `${student.id} sits in ${seat.sectionId}, which answers no request.`)];
    }
    const request = requests.get(seat.requestId);
    if (!request) return [wrong('UNKNOWN_REQUEST', `${student.id} has no request ${seat.requestId}.`)];
    const asked = seat.alternate === 0 ? request.courseId : request.alternates[seat.alternate - 1];
    return asked === courseOf(seat)
      ? []
      : [wrong('ANSWER_WRONG', `${seat.sectionId} is not what request ${request.id} asks for as its alternate ${seat.alternate}.`)];
  });
  const answered = Map.groupBy(
    seats.filter(({ requestId }) => requestId !== null),
    ({ requestId }) => requestId,
  );
  const courses = Map.groupBy(seats, courseOf);
  return [
    ...found,
    ...[...answered]
      .filter(([, all]) => all.length > 1)
      .map(([id]) => wrong('ANSWERED_TWICE', `Request ${id} of ${student.id} is answered twice.`)),
    ...[...courses].filter(([, all]) => all.length > 1).map(([id]) => wrong('COURSE_TWICE', `${student.id} takes ${id} twice.`)),
  ];
}

/** Locks, teams, tracks and links hold. */
function placesOf(student: Student, { seatsOf, sections, school }: Look): Violation[] {
  const sitsIn = new Set((seatsOf.get(student.id) ?? []).map(({ sectionId }) => sectionId));
  const own = [...sitsIn].flatMap((id) => sections.get(id) ?? []);
  const links = new Set(own.flatMap(({ link }) => link ?? []));
  const missing = links.size ? school.sections.filter(({ id, link }) => link !== null && links.has(link) && !sitsIn.has(id)) : [];
  return [
    ...student.locked
      .filter((id) => !sitsIn.has(id))
      .map((id) => wrong('STUDENT_LOCK', `${student.id} is locked in ${id}, and has no seat there.`)),
    ...own
      .filter(({ id, team }) => team !== null && team !== student.team && !student.locked.includes(id))
      .map(({ id, team }) => wrong('OTHER_TEAM', `${student.id} sits in ${id}, which is for team ${team}.`)),
    ...own
      .filter(({ id, track }) => track !== null && track !== student.track && !student.locked.includes(id))
      .map(({ id, track }) => wrong('OTHER_TRACK', `${student.id} sits in ${id}, which is for track ${track}.`)),
    ...missing.map(({ id, link }) => wrong('LINK_BROKEN', `${student.id} is in link ${link}, and not in its section ${id}.`)),
  ];
}
