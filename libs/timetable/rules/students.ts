import { type Fault, type LaidOut, type Sitting, clashes, inside, together } from './laidOut.ts';

const about = (code: string, sentence: string, ...sittings: readonly Sitting[]): Fault => ({
  code,
  sentence,
  sectionIds: sittings.map((one) => one.section.id),
  studentIds: [...new Set(sittings.map((one) => one.student.id))],
});

/** A student is in one class at a time. */
export function studentDoubleBooked({ sittingsOf, when }: LaidOut): Fault[] {
  return [...sittingsOf.values()].flatMap((ofStudent) => {
    const met = new Map(ofStudent.flatMap((one) => (one.meeting ? [[one.meeting, one] as const] : [])));
    const student = ofStudent[0]?.student;
    return clashes([...met.keys()]).map(({ a, b, slots }) => ({
      code: 'STUDENT_DOUBLE_BOOKED',
      sentence: `${student?.name} would be in ${a.name} and ${b.name} at the same time, in ${when(slots)}.`,
      sectionIds: [a.section.id, b.section.id],
      studentIds: student ? [student.id] : [],
    }));
  });
}

/** A student sits in a section that meets, once, and in no slot that they were released from. */
export function seatNotPossible({ sittings, sittingsOf, nameOf, when }: LaidOut): Fault[] {
  const unmet = sittings
    .filter((one) => one.meeting === null)
    .map((one) => about('SECTION_NOT_PLACED', `${one.student.name} would sit in ${nameOf(one.section)}, which was given no time.`, one));
  const twice = [...sittingsOf.values()].flatMap((ofStudent) =>
    ofStudent
      .filter((one, at) => ofStudent.findIndex((other) => other.section.id === one.section.id) < at)
      .map((one) => about('SEATED_TWICE', `${one.student.name} would have two seats in ${nameOf(one.section)}.`, one)),
  );
  const released = sittings.flatMap((one) => {
    const slots = one.meeting?.at.placement.filter((slot) => one.student.released.includes(slot)) ?? [];
    if (slots.length === 0 || one.student.locked.includes(one.section.id)) return [];
    return [about('STUDENT_RELEASED', `${one.student.name} is released in ${when(slots)}, when ${nameOf(one.section)} meets.`, one)];
  });
  return [...unmet, ...twice, ...released];
}

/** Whether a student sits there only because the section belongs to one that answers a request. */
const comesWithAnother = ({ seat, section }: Sitting, all: readonly Sitting[]): boolean =>
  seat.requestId === null && section.link !== null && all.some((other) => other.section.link === section.link && other.request !== null);

/**
 * A seat answers a request of the student, by its course or by the alternate it names, and no request is answered twice. A locked seat may
 * answer none, and so may one in a section that is linked to another of the student's.
 */
export function seatAnswersNothing({ sittings, sittingsOf, nameOf }: LaidOut): Fault[] {
  const answered = new Map<string, Sitting>();
  return sittings.flatMap((one) => {
    const { seat, student, section, request } = one;
    if (seat.requestId === null && student.locked.includes(section.id)) return [];
    if (comesWithAnother(one, sittingsOf.get(student.id) ?? [])) return [];
    const wanted = seat.alternate === 0 ? request?.courseId : request?.alternates[seat.alternate - 1];
    if (request === null || wanted !== section.courseId)
      return [about('SEAT_ANSWERS_NOTHING', `${student.name} did not ask for ${nameOf(section)}.`, one)];
    const key = JSON.stringify([student.id, request.id]);
    const before = answered.get(key);
    // Linked sections of one course (lecture and lab) answer one request together.
    const linked = before !== undefined && before.section.link !== null && before.section.link === section.link;
    answered.set(key, before ?? one);
    if (before === undefined || linked) return [];
    return [
      about(
        'REQUEST_ANSWERED_TWICE',
        `${student.name} would take ${nameOf(before.section)} and ${nameOf(section)} for one request.`,
        before,
        one,
      ),
    ];
  });
}

/** No section has more students than seats. */
export function seatsExceeded({ sittings, nameOf }: LaidOut): Fault[] {
  return [...Map.groupBy(sittings, (one) => one.section)]
    .filter(([section, all]) => all.length > section.seats)
    .map(([section, all]) => ({
      code: 'SEATS_EXCEEDED',
      sentence: `${nameOf(section)} would have ${all.length} students on ${section.seats} seats.`,
      sectionIds: [section.id],
      studentIds: all.map((one) => one.student.id),
    }));
}

/** How many of these students can be given a reserved seat of a program of theirs, each seat once. */
function reservedSeatsUsed(students: readonly Sitting[], reserved: readonly string[]): number {
  const holder = new Map<number, Sitting>();
  const give = (one: Sitting, tried: Set<number>): boolean =>
    reserved.some((program, seat) => {
      if (tried.has(seat) || !one.student.programs.includes(program)) return false;
      tried.add(seat);
      const before = holder.get(seat);
      if (before !== undefined && !give(before, tried)) return false;
      holder.set(seat, one);
      return true;
    });
  return students.filter((one) => give(one, new Set())).length;
}

/** Seats kept for a program are taken by its students alone, and by those whom a counselor locked there. */
export function reservationTaken({ sittings, nameOf }: LaidOut): Fault[] {
  return [...Map.groupBy(sittings, (one) => one.section)].flatMap(([section, all]) => {
    const reserved = section.reservations.flatMap(({ program, seats }) => Array.from({ length: seats }, () => program));
    if (reserved.length === 0) return [];
    const open = Math.max(0, section.seats - reserved.length);
    const others = all.length - reservedSeatsUsed(all, reserved);
    const lockedThere = all.filter(({ student }) => student.locked.includes(section.id)).length;
    if (others <= open + lockedThere) return [];
    const kept = together(section.reservations.map(({ program, seats }) => `${seats} for ${program}`));
    return [
      about(
        'RESERVATION_TAKEN',
        `${nameOf(section)} keeps ${kept} of its ${section.seats} seats: ${others} others would sit on ${open}.`,
        ...all,
      ),
    ].map((fault) => ({ ...fault, sectionIds: [section.id] }));
  });
}

/** A student in one section of a link is in all its sections. */
export function linkBroken({ school, sittingsOf, nameOf }: LaidOut): Fault[] {
  const links = Map.groupBy(school.sections, (section) => section.link);
  return [...sittingsOf.values()].flatMap((ofStudent) => {
    const sits = new Set(ofStudent.map((one) => one.section.id));
    return ofStudent.flatMap((one) => {
      if (one.section.link === null) return [];
      const missing = (links.get(one.section.link) ?? []).filter((other) => !sits.has(other.id));
      if (missing.length === 0) return [];
      const sentence = `${one.student.name} would sit in ${nameOf(one.section)} without ${together(missing.map(nameOf))}, which belongs to it.`;
      return [about('LINK_BROKEN', sentence, one)];
    });
  });
}

/** A section of a team is for students of that team, and for those whom a counselor locked there. */
export function outsideTeam({ sittings, nameOf }: LaidOut): Fault[] {
  return sittings
    .filter(({ section, student }) => section.team !== null && section.team !== student.team && !student.locked.includes(section.id))
    .map((one) =>
      about('OUTSIDE_TEAM', `${nameOf(one.section)} is for team ${one.section.team}, and ${inside(one.student.name)} is not in it.`, one),
    );
}

/** A section of a track is for students of that track, and for those whom a counselor locked there. */
export function outsideTrack({ sittings, nameOf }: LaidOut): Fault[] {
  return sittings
    .filter(({ section, student }) => section.track !== null && section.track !== student.track && !student.locked.includes(section.id))
    .map((one) =>
      about(
        'OUTSIDE_TRACK',
        `${nameOf(one.section)} is for track ${one.section.track}, and ${inside(one.student.name)} is not on it.`,
        one,
      ),
    );
}

/** A student stays in the sections that are locked for them. */
export function studentLockBroken({ school, sittingsOf, nameOf }: LaidOut): Fault[] {
  const sections = new Map(school.sections.map((section) => [section.id, section]));
  return school.students.flatMap((student) => {
    const sits = new Set(sittingsOf.get(student.id)?.map((one) => one.section.id));
    return student.locked
      .filter((id) => !sits.has(id))
      .map((id) => {
        const section = sections.get(id);
        const sentence = `${student.name} is locked in ${section ? nameOf(section) : `a section "${id}" that the school does not have`}, and has no seat in it.`;
        return { code: 'STUDENT_LOCK_BROKEN', sentence, sectionIds: [id], studentIds: [student.id] };
      });
  });
}
