import { describe, expect, test } from '@jest/globals';
import { boundOf } from './bound.ts';
import { generateSchool } from './generate.ts';
import { greedyMaster } from './greedy.ts';
import { indexSchool, indexStudent, offeringOf, seatsLeft, takeSeat } from './indexed.ts';
import { randomFrom } from './random.ts';
import type { School, Section, Student } from './school.ts';
import { shareOfAlternate, worth } from './school.ts';
import { course, oddSchool, placedAsTold, schoolOf, section, slotsNamed, student } from './smallSchools.ts';
import { StudentSolver } from './student.ts';

/**
 * The best value by trying everything, from the words of the contract: no masks, no order, no bound.
 * @param must sections of which one is taken; -1 when that cannot be.
 */
function bestByTrying(school: School, who: Student, hasSeat: (section: Section) => boolean, must?: readonly Section[]): number {
  const closure = (ids: readonly string[]): Section[] => {
    const links = new Set(school.sections.filter(({ id }) => ids.includes(id)).flatMap(({ link }) => link ?? []));
    return school.sections.filter(({ id, link }) => ids.includes(id) || (link !== null && links.has(link)));
  };
  const locked = closure(who.locked);
  const mayTake = (one: Section): boolean =>
    hasSeat(one) && (one.team === null || one.team === who.team) && (one.track === null || one.track === who.track);
  let best = must ? -1 : 0;
  const judge = (choice: ReadonlyMap<string, string>): void => {
    const seats = closure([...choice.values(), ...who.locked]);
    const slots = seats.flatMap(({ placement }) => placement!);
    const isSound =
      (!must || must.some((one) => seats.includes(one) && !locked.includes(one))) &&
      new Set(slots).size === slots.length &&
      new Set(seats.map(({ courseId }) => courseId)).size === seats.length &&
      new Set(choice.values()).size === choice.size &&
      !slots.some((slot) => who.released.includes(slot)) &&
      seats.every((seat) => locked.includes(seat) || mayTake(seat)) &&
      // A linked section answers a request where it can.
      seats.every(
        (seat) =>
          locked.includes(seat) ||
          [...choice.values()].includes(seat.id) ||
          who.requests.every(
            ({ id, courseId, alternates }) =>
              ![courseId, ...alternates].includes(seat.courseId) ||
              seats.some((other) => other.link === seat.link && choice.get(id) === other.id),
          ),
      );
    if (!isSound) return;
    const value = who.requests.reduce((sum, { id, courseId, alternates, priority }) => {
      const taken = school.sections.find((one) => one.id === choice.get(id));
      return taken ? sum + worth[priority] * shareOfAlternate([courseId, ...alternates].indexOf(taken.courseId)) : sum;
    }, 0);
    best = Math.max(best, value);
  };
  const tryFrom = (n: number, choice: ReadonlyMap<string, string>): void => {
    if (n === who.requests.length) return judge(choice);
    const { id, courseId, alternates } = who.requests[n]!;
    tryFrom(n + 1, choice);
    for (const one of school.sections) {
      if ([courseId, ...alternates].includes(one.courseId)) tryFrom(n + 1, new Map([...choice, [id, one.id]]));
    }
  };
  tryFrom(0, new Map());
  return Math.round(best);
}

const solved = (school: School, n: number, seats: 'any' | 'left' = 'left') => {
  const indexed = indexSchool(school);
  const solver = new StudentSolver();
  const value = solver.solve(indexed.students[n]!, offeringOf(indexed, placedAsTold(school)), seats);
  return { value, taken: solver.schedule() };
};
const times = (school: School, n = 0) =>
  solved(school, n).taken.map(({ offer, section: index }) =>
    offer ? school.sections[offer.sections[0]!]!.id : school.sections[index]!.id,
  );

describe('the best schedule of one student', () => {
  test('is as good as the best of all schedules, with links, teams, tracks, reservations, locks and full sections', () => {
    for (let seed = 1; seed <= 250; seed++) {
      const school = oddSchool(randomFrom(seed), { slots: 6, courses: 6, students: 3, requests: 4 });
      const indexed = indexSchool(school);
      const offering = offeringOf(indexed, placedAsTold(school));
      const solver = new StudentSolver();
      school.students.forEach((who, n) => {
        const offers = offering.ofCourse.flat();
        const offerWith = (one: Section) => offers.find(({ sections }) => sections.includes(school.sections.indexOf(one)));
        const left = (one: Section) => !!offerWith(one) && seatsLeft(offerWith(one)!, who) > 0;
        const told = { seed, student: who.id };
        expect({ ...told, any: solver.solve(indexed.students[n]!, offering, 'any') }).toEqual({
          ...told,
          any: bestByTrying(school, who, () => true),
        });
        expect({ ...told, left: solver.solve(indexed.students[n]!, offering, 'left') }).toEqual({
          ...told,
          left: bestByTrying(school, who, left),
        });
        expect(
          solver
            .schedule()
            .reduce(
              (sum, { ask, alternate }) =>
                sum + (ask < 0 ? 0 : Math.round(worth[who.requests[ask]!.priority] * shareOfAlternate(alternate))),
              0,
            ),
        ).toBe(solver.value);
      });
    }
  });

  test('with a section that is to be in it is the best of all that have it, whatever was asked of the student before', () => {
    const sizes = [
      { slots: 6, courses: 6, students: 3, requests: 4 },
      { slots: 4, courses: 7, students: 1, requests: 5 },
    ];
    for (let seed = 1; seed <= 120; seed++) {
      const school = oddSchool(randomFrom(seed), sizes[seed % 2]!);
      const indexed = indexSchool(school);
      const offering = offeringOf(indexed, placedAsTold(school));
      const offers = offering.ofCourse.flat();
      const solver = new StudentSolver();
      school.students.forEach((who, n) => {
        const left = (one: Section) =>
          offers.some((offer) => offer.sections.includes(school.sections.indexOf(one)) && seatsLeft(offer, who) > 0);
        const most = solver.solve(indexed.students[n]!, offering, 'left');
        for (const offer of randomFrom(seed).shuffle(offers)) {
          const sections = offer.sections.map((index) => school.sections[index]!);
          const told = { seed, student: who.id, section: sections[0]!.id };
          expect({ ...told, value: solver.around(offer, most) }).toEqual({ ...told, value: bestByTrying(school, who, left, sections) });
          const taken = solver.value < 0 ? [offer] : solver.schedule().map((one) => one.offer);
          expect(taken).toContain(offer);
        }
      });
    }
  });

  test('with a section that is to be in it is as good as the best of the other requests beside it, where days are full', () => {
    const seed = Math.floor(Math.random() * 1e6);
    const school = generateSchool({ students: 800, seed });
    const placed = greedyMaster(school, { seed });
    const indexed = indexSchool(school, placed);
    const offering = offeringOf(indexed, placed);
    const solver = new StudentSolver();
    for (const who of school.students.slice(0, 40)) {
      solver.solve(indexStudent(indexed, who, 0), offering, 'any');
      for (const [n, { courseId, priority }] of who.requests.entries()) {
        const others = who.requests.filter((_, other) => other !== n);
        for (const offer of offering.ofCourse[indexed.courseIndex.get(courseId)!]!) {
          const { placement } = placed.find(({ sectionId }) => sectionId === school.sections[offer.sections[0]!]!.id)!;
          if (placement.some((slot) => who.released.includes(slot))) continue;
          const beside = others.map((one) => ({ ...one, alternates: one.alternates.filter((id) => id !== courseId) }));
          const rest = { ...school, students: [{ ...who, requests: beside, released: [...who.released, ...placement] }] };
          const told = { seed, student: who.id, courseId, placement };
          const value = worth[priority] + boundOf(rest, placed).value;
          expect({ ...told, value: solver.around(offer, Infinity) }).toEqual({ ...told, value });
        }
      }
    }
  });

  test('is the same beyond 31 slots, where one word is not enough', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const small = oddSchool(randomFrom(seed), { slots: 6, courses: 6, students: 3, requests: 4 });
      const many = Array.from({ length: 46 }, (_, n) => `S1 more ${n}`);
      const filler = many.map((slot) => section(`filler ${slot}`, 'C0', [slot], 0, { team: 'nobody' }));
      const wide = { ...small, slots: [...slotsNamed(...many), ...small.slots], sections: [...small.sections, ...filler] };
      expect(indexSchool(wide).bits).toBeGreaterThan(46);
      for (const n of [0, 1, 2]) expect({ seed, n, value: solved(wide, n).value }).toEqual({ seed, n, value: solved(small, n).value });
    }
  });

  test('of a student who asks for more than fits is the best of what fits', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const school = oddSchool(randomFrom(seed), { slots: 4, courses: 7, students: 1, requests: 7 });
      const { value } = solved(school, 0, 'any');
      expect({ seed, value }).toEqual({ seed, value: bestByTrying(school, school.students[0]!, () => true) });
    }
  });

  test('gives up the wish, not the requirement', () => {
    const school = schoolOf(
      [section('ENG-1', 'ENG', ['1'], 30), section('ART-1', 'ART', ['1'], 30), section('DANCE-1', 'DANCE', ['1'], 30)],
      [student('ann', ['ART', 'ENG'])],
    );
    const [art, english] = school.students[0]!.requests;
    const asked = {
      ...school.students[0]!,
      requests: [
        { ...art!, priority: 3 as const },
        { ...english!, priority: 1 as const },
      ],
    };
    expect(times({ ...school, students: [asked] })).toEqual(['ENG-1']);
  });

  test('takes the emptier of two times that are as good', () => {
    const school = schoolOf([section('ENG-1', 'ENG', ['1'], 3), section('ENG-2', 'ENG', ['2'], 30)], [student('ann', ['ENG'])]);
    expect(times(school)).toEqual(['ENG-2']);
  });

  test('a course that two requests would take is taken once', () => {
    const school = schoolOf(
      [section('ART-1', 'ART', ['1'], 30), section('ART-2', 'ART', ['2'], 30)],
      [student('ann', ['ART', 'MUSIC|ART'])],
    );
    const { value, taken } = solved({ ...school, courses: [...school.courses, course('MUSIC')] }, 0);
    expect({ value, taken: taken.length }).toEqual({ value: 1_000, taken: 1 });
  });

  test('a lab comes with its lecture, asked for or not', () => {
    const linked = [
      section('CHEM-1', 'CHEM', ['1'], 9, { link: 'x' }),
      section('LAB-1', 'LAB', ['2'], 9, { link: 'x' }),
      section('ART-1', 'ART', ['2'], 9),
    ];
    expect(times(schoolOf(linked, [student('ann', ['CHEM'])])).sort()).toEqual(['CHEM-1', 'LAB-1']);
    expect(times(schoolOf(linked, [student('ann', ['CHEM', 'ART'], { released: ['1'] })]))).toEqual(['ART-1']);
  });

  test('seats kept for a program are for its students alone, and they may sit on the others too', () => {
    const kept = section('ENG-1', 'ENG', ['1'], 2, { reservations: [{ program: 'EL', seats: 1 }] });
    const school = schoolOf([kept], [student('ann', ['ENG']), student('bo', ['ENG'], { programs: ['EL'] })]);
    const indexed = indexSchool(school);
    const [offer] = offeringOf(indexed, placedAsTold(school)).ofCourse[0]!;
    takeSeat(offer!, school.students[0]!);
    expect(school.students.map((one) => seatsLeft(offer!, one))).toEqual([0, 1]);
    takeSeat(offer!, school.students[1]!);
    expect(school.students.map((one) => seatsLeft(offer!, one))).toEqual([0, 0]);
  });

  test('a locked section is kept, full or not, and answers the request for its course', () => {
    const school = schoolOf(
      [section('ENG-1', 'ENG', ['1'], 0), section('ART-1', 'ART', ['1'], 30)],
      [student('ann', ['ART', 'ENG'], { locked: ['ENG-1'] })],
    );
    expect(solved(school, 0).taken).toEqual([{ offer: null, section: 0, ask: 1, alternate: 0 }]);
  });
});

describe('a school read once', () => {
  test('slots that no class tells apart are one bit', () => {
    const year = [
      section('ENG-1', 'ENG', ['S1 1', 'S2 1'], 30),
      section('ART-1', 'ART', ['S1 2'], 30),
      section('ART-2', 'ART', ['S2 2'], 30),
    ];
    expect(indexSchool(schoolOf(year, [])).bits).toBe(3);
  });

  test('more slots than 53 are refused by their number', () => {
    const sections = Array.from({ length: 54 }, (_, n) => section(`A-${n}`, 'A', [`${n}`], 1));
    expect(() => indexSchool(schoolOf(sections, []))).toThrow('54 slots that classes tell apart; 53 is the most');
  });
});
