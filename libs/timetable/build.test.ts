import { describe, expect, test } from '@jest/globals';
import { type BuildCheckpoint, buildMaster } from './build.ts';
import { greedyMaster } from './greedy.ts';
import { loadStudents } from './load.ts';
import { type Random, randomFrom } from './random.ts';
import { concernsOf } from './rules/concernsOf.ts';
import { faultsOf } from './rules/faultsOf.ts';
import type { PlacedSection, Placement, School, Section, Teacher } from './school.ts';
import { oddSchool, placedAsTold, schoolOf, section, slotsNamed, student } from './smallSchools.ts';
import { type Trial, Valuation } from './valuation.ts';

const seeds = Array.from({ length: 12 }, (_, n) => n + 1);

/** A clock that goes on by a millisecond each time somebody looks. */
const ticking = () => {
  let at = 0;
  return () => (at += 1);
};

const teacher = (id: string, courseIds: readonly string[], more: Partial<Teacher> = {}): Teacher => ({
  id,
  name: id,
  courseIds,
  maxSlotsPerTerm: 20,
  unavailable: [],
  preparationSlots: 0,
  ...more,
});
const room = (id: string, more: Partial<School['rooms'][number]> = {}): School['rooms'][number] => ({
  id,
  name: id,
  capacity: 99,
  groups: [],
  shared: false,
  ...more,
});

/** An odd school whose sections may be put anew, with teachers and rooms that do not quite suffice. */
function openSchool(random: Random): School {
  const school = oddSchool(random, { slots: 8, courses: 8, students: 25, requests: 5 });
  const slots = school.slots.map(({ id }) => id);
  const sections = school.sections.map((one): Section => {
    const length = one.possible[0]!.length;
    const possible: Placement[] = Array.from({ length: 4 }, () => random.shuffle(slots).slice(0, length));
    const locked = random.below(6) === 0;
    return {
      ...one,
      placement: locked ? one.placement : null,
      possible: [...one.possible, ...possible],
      roomGroups: random.below(4) === 0 ? ['lab'] : [],
      coTeacherIds: random.below(8) === 0 ? ['T0'] : [],
    };
  });
  const teachers = Array.from({ length: 6 }, (_, n) =>
    teacher(
      `T${n}`,
      school.courses.filter((_, at) => at % 3 === n % 3).map(({ id }) => id),
      { maxSlotsPerTerm: 3, unavailable: [slots[n]!], preparationSlots: 1 },
    ),
  );
  const rooms = [room('1'), room('2'), room('3'), room('4'), room('lab', { groups: ['lab'], capacity: 3 })];
  return { ...school, sections, teachers, rooms };
}

/** Everything that is wrong with a master schedule, but what locks make impossible: they are put as they are told. */
const faultsOfBuild = (school: School, ...answer: [Parameters<typeof faultsOf>[1], Parameters<typeof faultsOf>[2]]) => {
  const lockedSections = new Set(school.sections.filter((one) => one.placement !== null).map(({ id }) => id));
  return faultsOf(school, ...answer)
    .filter((fault) => !fault.sectionIds.every((id) => lockedSections.has(id)) && !['STUDENT_LOCK_BROKEN'].includes(fault.code))
    .map(({ code, sentence }) => `${code}: ${sentence}`);
};

/** Three classes of one section each, asked for by the same students, in three periods: a single way to seat everybody. */
const crossed = (more: Partial<School> = {}): School => {
  const periods = ['1', '2', '3'];
  const anywhere = { placement: null, possible: periods.map((one) => [one]) };
  return schoolOf(
    ['A', 'B', 'C'].map((id) => section(`${id}-1`, id, ['1'], 4, anywhere)),
    ['x', 'y'].map((id) => student(id, ['A', 'B', 'C'])),
    { slots: slotsNamed(...periods), teachers: [teacher('T', ['A', 'B', 'C'])], rooms: [room('1')], ...more },
  );
};

describe('a greedy master schedule', () => {
  test.each(seeds)('keeps every hard rule about what it decides (seed %i)', (seed) => {
    const school = openSchool(randomFrom(seed));
    expect(faultsOfBuild(school, greedyMaster(school, { seed }), [])).toEqual([]);
  });

  test('puts what the same students want at different times', () => {
    const apart = crossed({ teachers: ['A', 'B', 'C'].map((id) => teacher(id, [id])), rooms: [room('1'), room('2'), room('3')] });
    expect(new Set(greedyMaster(apart, { seed: 1 }).map(({ placement }) => placement.join())).size).toBe(3);
  });

  test('makes room for a section that is left over', () => {
    // B fits in period 1 alone, and is placed last, as it has two teachers to choose from and A one.
    const school = crossed();
    const narrow = school.sections.map((one) =>
      one.courseId === 'B' ? { ...one, possible: [['1']] } : { ...one, possible: [['1'], ['2'], ['3']] },
    );
    expect(greedyMaster({ ...school, sections: narrow }, { seed: 3 }).every((one) => one.teacherId === 'T')).toBe(true);
  });

  test('leaves a section without a teacher when nobody may teach it, and the concerns name it', () => {
    const untaught = crossed({ teachers: [teacher('T', ['A', 'B'])] });
    const placed = greedyMaster(untaught, { seed: 1 });
    expect(placed.find((one) => one.sectionId === 'C-1')?.teacherId).toBeNull();
    expect(concernsOf(untaught, placed, []).map(({ reason }) => reason)).toEqual(['C (C-1) has no teacher yet.']);
  });

  test('keeps combined sections together, in a room that holds both', () => {
    const school = crossed({ rooms: [room('small', { capacity: 7 }), room('large', { capacity: 8 })] });
    const combined = { ...school, sections: school.sections.map((one) => (one.courseId === 'C' ? one : { ...one, combinedWith: 'AB' })) };
    const [a, b] = greedyMaster(combined, { seed: 1 });
    expect(a).toMatchObject({ roomId: 'large', placement: b!.placement });
    expect(faultsOf(combined, greedyMaster(combined, { seed: 1 }), [])).toEqual([]);
  });
});

describe('what a master schedule is worth', () => {
  /** Moves one or two open sections at a time, at random, and hands each trial that stands to `then`. */
  function stir(
    school: School,
    random: Random,
    placed: PlacedSection[],
    then: (valuation: Valuation, trial: Trial, move: () => void) => void,
  ) {
    const valuation = new Valuation(school, placed);
    const sections = new Map(school.sections.map((one) => [one.id, one]));
    const open = [...placed.keys()].filter((at) => sections.get(placed[at]!.sectionId)!.placement === null);
    let stood = 0;
    for (let nth = 0; nth < 60; nth += 1) {
      const moved = random.shuffle(open).slice(0, 1 + random.below(2));
      const to = moved.map((at) => {
        const { possible } = sections.get(placed[at]!.sectionId)!;
        return possible[random.below(possible.length)]!;
      });
      const sectionAt = (at: number) => valuation.indexed.sectionIndex.get(placed[at]!.sectionId)!;
      const trial = valuation.try(
        moved.map((at, n) => ({ section: sectionAt(at), to: valuation.bitsOf(to[n]!) })),
        -random.below(4000),
      );
      if (trial === null) continue;
      stood += 1;
      then(valuation, trial, () => moved.forEach((at, n) => (placed[at] = { ...placed[at]!, placement: to[n]! })));
    }
    expect(stood).toBeGreaterThan(0);
  }
  /** Of two schedules of the same weight a student may have either. */
  const withoutTies = (one: Valuation) => [one.value, one.missingCount];
  const told = (one: Valuation) => [one.value, one.worth, one.unmet, one.missingCount];

  test.each(seeds)(
    'with seats for all is the same whether sections moved one by one or stood there from the beginning (seed %i)',
    (seed) => {
      const random = randomFrom(seed);
      const tight = openSchool(random);
      const school = { ...tight, sections: tight.sections.map((one) => ({ ...one, seats: 99, reservations: [] })) };
      const placed = [...greedyMaster(tight, { seed })];
      stir(school, random, placed, (valuation, trial, move) => {
        const before = valuation.value;
        if (random.below(3) === 0) return valuation.takeBack(trial);
        valuation.keep(trial);
        expect(valuation.value).toBe(before + trial.change);
        move();
        expect(withoutTies(valuation)).toEqual(withoutTies(new Valuation(school, placed)));
      });
    },
  );

  test.each(seeds)('changes by what the trial says, and not at all when it is taken back (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const school = openSchool(random);
    const placed = [...greedyMaster(school, { seed })];
    let before = told(new Valuation(school, placed));
    stir(school, random, placed, (valuation, trial) => {
      if (random.below(2) === 0) {
        valuation.takeBack(trial);
        expect(told(valuation)).toEqual(before);
      } else {
        valuation.keep(trial);
        expect(valuation.value).toBe(before[0]! + trial.change);
        before = told(valuation);
      }
    });
  });

  test.each(seeds)('does not exceed its bound (seed %i)', (seed) => {
    const school = openSchool(randomFrom(seed));
    const placed = greedyMaster(school, { seed });
    const { worth, bound } = new Valuation(school, placed);
    expect(worth).toBeLessThanOrEqual(bound);
    expect(loadStudents(school, placed, { seed, steps: 200, now: () => 0 }).value).toBeLessThanOrEqual(bound);
  });

  test('is less when two classes of everybody are full at the same time', () => {
    const both = (a: string, b: string) =>
      schoolOf([section('A-1', 'A', [a], 1), section('A-2', 'A', [b], 1)], [student('x', ['A']), student('y', ['A'])], {
        slots: slotsNamed('1', '2'),
      });
    const worth = (school: School) => new Valuation(school, placedAsTold(school)).value;
    expect(worth(both('1', '2'))).toBe(2000);
    const one = both('1', '2');
    expect(worth({ ...one, sections: one.sections.slice(0, 1) })).toBe(1700);
  });
});

describe('a build', () => {
  const build = (school: School, more: Partial<Parameters<typeof buildMaster>[1]> = {}) =>
    buildMaster(school, { seed: 1, seconds: 6, now: ticking(), moves: 600, ...more });

  test.each(seeds)('keeps every hard rule about what it decides (seed %i)', (seed) => {
    const school = openSchool(randomFrom(seed));
    const { sections, seats, value, bound } = build(school, { seed });
    expect(faultsOfBuild(school, sections, seats)).toEqual([]);
    expect(value).toBeLessThanOrEqual(bound);
  });

  test('finds the way in which everybody has everything', () => {
    const school = crossed();
    const together = school.sections.map((one, at) => (at === 0 ? { ...one, placement: ['2'] } : one));
    const built = build({ ...school, sections: together });
    expect(built.value).toBe(built.bound);
    expect(built.seats).toHaveLength(6);
    expect(built.sections[0]?.placement).toEqual(['2']);
  });

  test('is worth more than the greedy schedule it begins with, over several schools', () => {
    const gains = seeds.map((seed) => {
      const school = openSchool(randomFrom(seed));
      const greedy = new Valuation(school, greedyMaster(school, { seed })).value;
      return new Valuation(school, build(school, { seed }).sections).value - greedy;
    });
    expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeGreaterThan(0);
    expect(gains.filter((gain) => gain > 0).length).toBeGreaterThan(seeds.length / 2);
  });

  test('is the same again with the same seed and number of moves', () => {
    const school = openSchool(randomFrom(5));
    expect(build(school)).toEqual(build(school));
  });

  test('that is stopped ends with the best so far, and moves no more', () => {
    const school = openSchool(randomFrom(6));
    let looks = 0;
    const after = 5 + 4 * school.students.length; // when it has asked for each student what the schedule is worth
    const stopped = build(school, { moves: Infinity, seconds: 1e6, stop: () => (looks += 1) > after });
    expect(looks - after).toBeLessThan(15);
    expect(stopped.seats.length).toBeGreaterThan(10);
    expect(faultsOfBuild(school, stopped.sections, stopped.seats)).toEqual([]);
    expect(new Valuation(school, stopped.sections).value).toBeGreaterThanOrEqual(
      new Valuation(school, greedyMaster(school, { seed: 1 })).value,
    );
  });

  test('that is stopped while it looks at its first schedule ends with that one, and seats everybody in it', () => {
    const school = openSchool(randomFrom(6));
    const saved: BuildCheckpoint[] = [];
    let looks = 0;
    const stopped = build(school, { stop: () => (looks += 1) > 3, checkpoint: (state) => saved.push(state) });
    expect(looks).toBeLessThan(school.students.length);
    expect(saved[0]).toEqual({ sections: greedyMaster(school, { seed: 1 }), done: 0 });
    expect(stopped.sections).toEqual(saved[0]!.sections);
    expect(stopped.bound).toBe(build(school).bound);
    expect(stopped.seats).toEqual(loadStudents(school, stopped.sections, { seed: 1, steps: 0, now: ticking() }).seats);
  });

  test('tells each second how far it is, and is never over its bound', () => {
    const told: number[] = [];
    let at = 0;
    build(openSchool(randomFrom(7)), {
      now: () => (at += 100),
      seconds: 10,
      moves: Infinity,
      onProgress: ({ best, bound, secondsLeft }) => {
        expect(best).toBeLessThanOrEqual(bound);
        told.push(Math.floor(secondsLeft));
      },
    });
    expect(told.slice(0, 3)).toEqual([9, 8, 7]);
  });

  test('goes on from a checkpoint that went through JSON, and loses nothing of it', () => {
    const school = openSchool(randomFrom(8));
    const saved: BuildCheckpoint[] = [];
    let at = 0;
    build(school, { now: () => (at += 500), seconds: 60, moves: Infinity, checkpoint: (state) => saved.push(state) });
    expect(saved.length).toBeGreaterThan(2);
    const start = JSON.parse(JSON.stringify(saved[1])) as BuildCheckpoint;
    expect(start.done).toBeGreaterThan(0);
    const resumed = build(school, { start, moves: 200 });
    expect(new Valuation(school, resumed.sections).value).toBeGreaterThanOrEqual(new Valuation(school, start.sections).value);
  });

  test('of a school where nothing can move loads its students', () => {
    const locked = { ...crossed(), sections: crossed().sections.map((one, at) => ({ ...one, placement: [String(at + 1)] })) };
    expect(build(locked).seats).toHaveLength(6);
  });

  test('of a section with no possible time, or in an unknown slot, is refused by name', () => {
    const school = crossed();
    const changed = (more: Partial<Section>) => ({
      ...school,
      sections: school.sections.map((one, at) => (at === 0 ? { ...one, ...more } : one)),
    });
    expect(() => build(changed({ possible: [] }))).toThrow('A (A-1) has no place, and none that would be possible.');
    expect(() => build(changed({ possible: [['9']] }))).toThrow('A-1');
  });
});
