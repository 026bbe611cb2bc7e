import type { Offer } from './indexed.ts';
import { indexStudent } from './indexed.ts';
import type { PlacedSection, School, Seat } from './school.ts';
import type { Case } from './unmetCase.ts';
import {
  hasSeat,
  isFor,
  listed,
  name,
  overlaps,
  released,
  sectionOf,
  see,
  slotMask,
  slotsOfSections,
  time,
  title,
  whole,
} from './unmetCase.ts';
import { Repairs, type Repair } from './unmetRepairs.ts';

export type { Repair } from './unmetRepairs.ts';

/** Why a request was missed. */
export type WhyUnmet =
  | 'NOT_OFFERED'
  | 'OTHER_TEAM'
  | 'RELEASED_SLOT'
  | 'MORE_THAN_FITS'
  | 'TIME_CONFLICT'
  | 'SECTIONS_FULL'
  | 'SEATS_RESERVED'
  | 'COULD_BE_SEATED';

export interface Unmet {
  readonly studentId: string;
  readonly requestId: string;
  readonly code: WhyUnmet;
  readonly reason: string;
  /** The cheapest of each kind, the cheapest first; each alone would meet the request. */
  readonly repairs: readonly Repair[];
  /** Why there is none, in words; null where there is one. */
  readonly noRepair: string | null;
}

/** For each request without a seat: why, in words, and what would meet it. The same schedule is told the same each time. */
export function explainUnmet(school: School, placed: readonly PlacedSection[], seats: readonly Seat[]): Unmet[] {
  const seen = see(school, placed, seats);
  const met = new Set(seats.map(({ requestId }) => requestId));
  const repairs = new Repairs(seen, met);
  return school.students.flatMap((student, index) => {
    const unmet = student.requests.filter(({ id }) => !met.has(id));
    if (unmet.length === 0) return [];
    const who = indexStudent(seen.indexed, student, index);
    const sitsIn = seen.sectionsOf.get(student.id) ?? [];
    const { lo, hi } = slotsOfSections(seen.offering, sitsIn);
    return unmet.map((request): Unmet => {
      const one = { seen, who, request, sitsIn, lo, hi };
      return { studentId: student.id, requestId: request.id, ...whyUnmet(one), ...repairs.of(one) };
    });
  });
}

/** The first reason that leaves no section of the course. */
function whyUnmet(one: Case): { code: WhyUnmet; reason: string } {
  const { seen, who, request } = one;
  const course = seen.indexed.courseIndex.get(request.courseId);
  const wanted = course === undefined ? request.courseId : title(seen, course);
  const offers =
    course === undefined ? [] : seen.offering.ofCourse[course]!.filter((offer) => seen.school.sections[sectionOf(offer)]!.seats > 0);
  if (offers.length === 0) return { code: 'NOT_OFFERED', reason: `${wanted} is not offered: no section with seats is placed.` };
  const own = offers.filter((offer) => isFor(offer, who.student));
  if (own.length === 0) return { code: 'OTHER_TEAM', reason: `All sections of ${wanted} are for other teams or tracks.` };
  const atSchool = own.filter((offer) => !overlaps(whole(one, offer), released(one)));
  if (atSchool.length === 0) {
    return {
      code: 'RELEASED_SLOT',
      reason: `${wanted} meets only when the student is released: ${listed(own.map((offer) => time(seen, sectionOf(offer))))}.`,
    };
  }
  const free = atSchool.filter((offer) => !overlaps(whole(one, offer), one));
  if (free.length === 0) return whyNoTime(one, wanted, atSchool);
  const open = free.find((offer) => hasSeat(one, offer));
  if (open) return { code: 'COULD_BE_SEATED', reason: `${name(seen, sectionOf(open))} has a seat and meets when the student is free.` };
  const others = atSchool.length > free.length ? ' The other sections meet when the student has another class.' : '';
  const kept = free.filter((offer) => offer.kept.some(({ left }) => left > 0));
  if (kept.length > 0) {
    const programs = listed(kept.flatMap((offer) => offer.kept.map(({ program }) => program)));
    return {
      code: 'SEATS_RESERVED',
      reason: `The seats left in ${listed(kept.map((offer) => name(seen, sectionOf(offer))))} are kept for ${programs}.${others}`,
    };
  }
  return {
    code: 'SECTIONS_FULL',
    reason: `Full: ${listed(free.map((offer) => `${name(seen, sectionOf(offer))} in ${time(seen, sectionOf(offer))}`))}.${others}`,
  };
}

function whyNoTime(one: Case, wanted: string, offers: readonly Offer[]): { code: WhyUnmet; reason: string } {
  const { seen, who, sitsIn, lo, hi } = one;
  const isDayFull = seen.school.slots.every(
    ({ id }) => overlaps(slotMask(seen, [id]), { lo: lo | who.releasedLo, hi: hi | who.releasedHi }) || !seen.indexed.bitOf.has(id),
  );
  const requests = who.student.requests.length;
  if (isDayFull && requests > sitsIn.length) {
    return {
      code: 'MORE_THAN_FITS',
      reason: `The student asked for ${requests} courses, and the ${sitsIn.length} classes taken fill every slot; ${wanted} found none.`,
    };
  }
  const clashes = offers.map((offer) => {
    const inTheWay = sitsIn.filter((section) =>
      overlaps({ lo: seen.offering.lo[section]!, hi: seen.offering.hi[section]! }, whole(one, offer)),
    );
    return `${time(seen, sectionOf(offer))}, when the student has ${inTheWay.map((section) => name(seen, section)).join(' and ')}`;
  });
  return { code: 'TIME_CONFLICT', reason: `${wanted} meets only in ${listed(clashes)}.` };
}
