import type { School, Seat } from './school.ts';
import { shareOfAlternate, worth } from './school.ts';

/** What tests hold seats against: the words of the contract, one by one, and nothing of the loaders. */

/** What is wrong with seats, by the words of the contract. */
export function wrongWith(school: School, seats: readonly Seat[]): string[] {
  const wrong: string[] = [];
  const sections = new Map(school.sections.map((one) => [one.id, one]));
  for (const who of school.students) {
    const own = seats.filter(({ studentId }) => studentId === who.id);
    const taken = own.map(({ sectionId }) => sections.get(sectionId)!);
    const slots = taken.flatMap(({ placement }) => placement!);
    if (new Set(slots).size < slots.length) wrong.push(`${who.id} is in two places at once`);
    if (new Set(taken.map(({ courseId }) => courseId)).size < taken.length) wrong.push(`${who.id} takes a course twice`);
    if (slots.some((slot) => who.released.includes(slot))) wrong.push(`${who.id} has a class in a released slot`);
    for (const id of who.locked) if (!taken.includes(sections.get(id)!)) wrong.push(`${who.id} lost the locked ${id}`);
    for (const one of taken) {
      const isLocked = who.locked.includes(one.id);
      if (!isLocked && one.team !== null && one.team !== who.team) wrong.push(`${who.id} is in ${one.id} of another team`);
      if (!isLocked && one.track !== null && one.track !== who.track) wrong.push(`${who.id} is in ${one.id} of another track`);
      if (one.link !== null && school.sections.some((other) => other.link === one.link && !taken.includes(other)))
        wrong.push(`${who.id} is in a part of ${one.link}`);
    }
    const answered = own.flatMap(({ requestId }) => requestId ?? []);
    if (new Set(answered).size < answered.length) wrong.push(`${who.id} has a request answered twice`);
    for (const { sectionId, requestId, alternate } of own) {
      const request = who.requests.find(({ id }) => id === requestId);
      const asked = request && [request.courseId, ...request.alternates][alternate];
      if (request ? asked !== sections.get(sectionId)!.courseId : !who.locked.includes(sectionId) && sections.get(sectionId)!.link === null)
        wrong.push(`${who.id} did not ask for ${sectionId}`);
    }
  }
  for (const one of school.sections) {
    const roster = school.students.filter(({ id }) => seats.some(({ studentId, sectionId }) => studentId === id && sectionId === one.id));
    const locked = roster.filter((who) => who.locked.includes(one.id));
    if (roster.length > Math.max(one.seats, locked.length)) wrong.push(`${one.id} is overfull: ${roster.length} of ${one.seats}`);
    const unused = one.reservations.map(
      ({ program, seats: kept }) => kept - roster.filter(({ programs }) => programs.includes(program)).length,
    );
    const kept = unused.reduce((sum, n) => sum + Math.max(0, n), 0);
    if (locked.length === 0 && roster.length > one.seats - kept) wrong.push(`${one.id}: somebody sits on one of the ${kept} kept seats`);
  }
  return wrong;
}

/** The worth of all requests that seats answer. */
export const valueOfSeats = (school: School, seats: readonly Seat[]): number => {
  const requests = new Map(school.students.flatMap((one) => one.requests.map((request) => [request.id, request])));
  return Math.round(
    seats.reduce(
      (sum, { requestId, alternate }) =>
        requestId === null ? sum : sum + worth[requests.get(requestId)!.priority] * shareOfAlternate(alternate),
      0,
    ),
  );
};
