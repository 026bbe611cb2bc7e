import { describe, expect, test } from '@jest/globals';
import { courseAtATime } from './courseAtATime.ts';
import { explainUnmet, type Repair, type Unmet } from './explain.ts';
import { generateSchool } from './generate.ts';
import { greedyMaster } from './greedy.ts';
import { loadStudents } from './load.ts';
import { randomFrom } from './random.ts';
import type { School, Seat, Section, Student } from './school.ts';
import { oddSchool, placedAsTold, schoolOf, section, student } from './smallSchools.ts';
import { wrongWith } from './soundSeats.ts';

const sit = (studentId: string, sectionId: string, n: number | null): Seat => ({
  studentId,
  sectionId,
  requestId: n === null ? null : `${studentId}/${n}`,
  alternate: 0,
});
const told = (sections: readonly Section[], students: readonly Student[], seats: readonly Seat[], more: Partial<School> = {}) => {
  const school = schoolOf(sections, students, more);
  return explainUnmet(school, placedAsTold(school), seats).map(({ requestId, code, reason, repairs: [cheapest] }) => [
    requestId,
    code,
    reason,
    cheapest?.words ?? null,
  ]);
};
const art = (slot: string, seats = 9, more: Partial<Section> = {}) => section(`ART-${slot}`, 'ART', [slot], seats, more);
const english = (slot: string, seats = 9) => section(`ENG-${slot}`, 'ENG', [slot], seats);

describe('why a request was missed', () => {
  test('not offered; for another team; only when the student is released', () => {
    const sections = [section('TEAM-1', 'TEAM', ['1'], 9, { team: 'red' }), art('2')];
    expect(told(sections, [student('ann', ['LATIN', 'TEAM', 'ART'], { released: ['2'] })], [])).toEqual([
      ['ann/1', 'NOT_OFFERED', 'LATIN is not offered: no section with seats is placed.', null],
      ['ann/2', 'OTHER_TEAM', 'All sections of TEAM are for other teams or tracks.', null],
      ['ann/3', 'RELEASED_SLOT', 'ART meets only when the student is released: 2.', null],
    ]);
  });

  test('a conflict names the class in the way, and moving that class is the repair', () => {
    const sections = [art('1'), english('1'), english('2'), section('PE-3', 'PE', ['3'], 9)];
    expect(told(sections, [student('ann', ['ENG', 'ART'])], [sit('ann', 'ENG-1', 1)])).toEqual([
      [
        'ann/2',
        'TIME_CONFLICT',
        'ART meets only in 1, when the student has ENG (ENG-1).',
        'Move ENG (ENG-1) to ENG (ENG-2) in 2: then ART (ART-1) is free.',
      ],
    ]);
  });

  test('an alternate that has a seat is the cheapest repair', () => {
    const sections = [art('1'), english('1'), section('PE-3', 'PE', ['3'], 9)];
    const [[, code, , repair]] = told(sections, [student('ann', ['ENG', 'ART|PE'])], [sit('ann', 'ENG-1', 1)]) as [string[]];
    expect([code, repair]).toEqual(['TIME_CONFLICT', 'Take the alternate PE (PE-3) in 3.']);
  });

  describe('a section meets at another time', () => {
    const possible = [['1'], ['2'], ['3']];
    const sections = [art('1', 9, { possible }), english('1'), section('PE-2', 'PE', ['2'], 9), section('PE-3', 'PE', ['3'], 9)];
    const students = [student('ann', ['ENG', 'ART']), student('bo', ['ART', 'PE'])];
    const seats = [sit('ann', 'ENG-1', 1), sit('bo', 'ART-1', 1), sit('bo', 'PE-2', 2)];
    const moves = (open: readonly Section[], who = students, more: Partial<School> = {}, taken = seats) =>
      explainUnmet(schoolOf(open, who, more), more.rooms ? inStudio : placedAsTold({ sections }), taken)
        .flatMap(({ repairs }) => repairs)
        .find(({ kind }) => kind === 'MOVE_SECTION');
    const opened = sections.map((one) => ({ ...one, placement: null }));
    const inStudio = placedAsTold({ sections }).map((at) => ({ ...at, roomId: at.sectionId.startsWith('ENG') ? null : 'studio' }));

    test('when nobody in it loses a class: where that asks the least of the others', () => {
      expect(moves(opened)).toEqual({
        ...{ kind: 'MOVE_SECTION', sectionId: 'ART-1', alternate: 0, movedSectionId: 'ART-1', placement: ['3'], roomId: null },
        ...{ touched: ['bo'], alsoMoved: [], words: 'Move ART (ART-1) to 3: of 1 student in it nobody loses a class.' },
      });
    });

    test('others in it take a class of theirs in another section, if that has a seat', () => {
      const twoTimes = opened.map((one) => ({ ...one, possible: one.possible.filter(([slot]) => slot !== '3' || one.courseId !== 'ART') }));
      expect(moves(twoTimes)).toMatchObject({
        ...{ placement: ['2'], alsoMoved: [{ studentId: 'bo', fromSectionId: 'PE-2', toSectionId: 'PE-3' }] },
        words: 'Move ART (ART-1) to 2: of 1 student in it nobody loses a class; 1 of them takes another class in another section.',
      });
      expect(moves(twoTimes.map((one) => (one.id === 'PE-3' ? { ...one, seats: 0 } : one)))).toBeUndefined();
    });

    test('not when it is locked, its teacher teaches then, every room is in use or somebody is released then', () => {
      expect(moves(sections)).toBeUndefined();
      const busy = { id: 'Bo', name: 'Bo', courseIds: ['ART', 'PE'], maxSlotsPerTerm: 6, unavailable: ['2', '3'], preparationSlots: 0 };
      const art1 = (more: Partial<Section>) => opened.map((one) => (one.id === 'ART-1' ? { ...one, ...more } : one));
      expect(moves(art1({ coTeacherIds: ['Bo'] }), students, { teachers: [busy] })).toBeUndefined();
      expect(moves(art1({ coTeacherIds: ['Bo'] }), students, { teachers: [{ ...busy, unavailable: [] }] })).toBeDefined();
      expect(moves(opened, [students[0]!, { ...students[1]!, released: ['3', '2'] }])).toBeUndefined();
      const room = (id: string, capacity = 9) => ({ id, name: id, capacity, groups: [], shared: false });
      expect(moves(opened, students, { rooms: [room('studio'), room('closet', 8)] })).toBeUndefined();
      expect(moves(opened, students, { rooms: [room('studio'), room('hall', 90), room('annex')] })).toMatchObject({ roomId: 'annex' });
    });

    test('or the class that is in the way of it does', () => {
      const englishMoves = sections.map((one) => (one.id === 'ENG-1' ? { ...one, placement: null, possible: [['1'], ['2']] } : one));
      expect(moves(englishMoves)).toMatchObject({ sectionId: 'ART-1', movedSectionId: 'ENG-1', placement: ['2'], touched: ['ann'] });
    });
  });

  test('one seat more needs a chair in the room', () => {
    const students = [student('ann', ['ART']), student('bo', ['ART'])];
    const school = (capacity: number) =>
      schoolOf([art('1', 1, { roomId: 'studio' })], students, {
        rooms: [{ id: 'studio', name: 'Studio', capacity, groups: [], shared: false }],
      });
    const told = (capacity: number) => explainUnmet(school(capacity), placedAsTold(school(capacity)), [sit('bo', 'ART-1', 1)])[0]!;
    expect(told(2).repairs).toMatchObject([{ kind: 'ONE_SEAT_MORE', sectionId: 'ART-1', seats: 2 }]);
    expect(told(1)).toMatchObject({
      repairs: [],
      noRepair:
        'The student has no class in 1. No section of ART can meet then without somebody losing a class, nobody is known who may teach one more, and no course that others of the grade ask for has a seat then.',
    });
  });

  test('an alternate that the student did not name: one that others name beside it, or else the grade asks for', () => {
    const sections = [art('1', 1), section('MUS-1', 'MUS', ['1'], 9), section('PE-1', 'PE', ['1'], 9)];
    const students = [student('ann', ['ART']), student('bo', ['ART|MUS']), student('cy', ['PE', 'MUS']), student('di', ['PE'])];
    const alternate = (who: readonly Student[]) =>
      explainUnmet(schoolOf(sections, who), placedAsTold({ sections }), [sit('bo', 'ART-1', 1)])[0]!.repairs.find(
        ({ kind }) => kind === 'NEW_ALTERNATE',
      )?.words;
    expect(alternate(students)).toBe(
      'Ask the student about MUS as an alternate: MUS (MUS-1) has a seat in 1, and 1 student who asks for ART names it.',
    );
    expect(alternate(students.with(1, student('bo', ['ART'])))).toBe(
      'Ask the student about PE as an alternate: PE (PE-1) has a seat in 1, and 2 students of grade 9 ask for it.',
    );
    expect(alternate([students[0]!, student('bo', ['ART']), student('cy', ['PE', 'MUS'], { grade: '12' })])).toBeUndefined();
  });

  test('one section more, when somebody who may teach it is free and has hours left', () => {
    const sections = [art('1', 1, { possible: [['1'], ['2'], ['3']] }), english('2')];
    const students = [student('ann', ['ART', 'ENG']), student('bo', ['ART'])];
    const more = (maxSlotsPerTerm: number, unavailable: readonly string[] = []) => {
      const kim = { id: 'Kim', name: 'Kim', courseIds: ['ART'], maxSlotsPerTerm, unavailable, preparationSlots: 0 };
      const withKim = sections.map((one) => (one.id === 'ART-1' ? { ...one, teacherId: 'Kim' } : one));
      const school = schoolOf(withKim, students, { teachers: [kim] });
      return explainUnmet(school, placedAsTold(school), [sit('ann', 'ENG-2', 2), sit('bo', 'ART-1', 1)])[0]!.repairs.find(
        ({ kind }) => kind === 'ADD_SECTION',
      );
    };
    expect(more(2)).toEqual({
      ...{ kind: 'ADD_SECTION', courseId: 'ART', placement: ['3'], teacherId: 'Kim', roomId: null, missedBy: 1, alsoMoved: [] },
      words: 'One section more of ART in 3, when a teacher and a room are free: 1 student who asks for it has none.',
    });
    expect(more(1)).toBeUndefined();
    expect(more(2, ['3'])).toBeUndefined();
  });

  test('full sections, and seats that are kept for others', () => {
    const students = [student('ann', ['ART']), student('bo', ['ART'])];
    expect(told([art('1', 1)], students, [sit('bo', 'ART-1', 1)])).toEqual([
      ['ann/1', 'SECTIONS_FULL', 'Full: ART (ART-1) in 1.', 'One seat more in ART (ART-1) in 1.'],
    ]);
    const kept = art('1', 2, { reservations: [{ program: 'EL', seats: 1 }] });
    expect(told([kept], students, [sit('bo', 'ART-1', 1)])[0]!.slice(1, 3)).toEqual([
      'SEATS_RESERVED',
      'The seats left in ART (ART-1) are kept for EL.',
    ]);
  });

  test('more requests than slots; and a seat that was overlooked', () => {
    const students = [student('ann', ['ENG', 'ART', 'PE'])];
    const sections = [art('1'), english('2'), section('PE-1', 'PE', ['1'], 9)];
    expect(told(sections, students, [sit('ann', 'ART-1', 2), sit('ann', 'ENG-2', 1)])[0]![1]).toBe('MORE_THAN_FITS');
    expect(told(sections, students, [sit('ann', 'ART-1', 2)])[0]).toEqual([
      'ann/1',
      'COULD_BE_SEATED',
      'ENG (ENG-2) has a seat and meets when the student is free.',
      'Seat ENG (ENG-2) in 2.',
    ]);
  });

  /** The school and its seats after a repair; null for what the words of the contract say nothing about (links). */
  function repaired(school: School, seats: readonly Seat[], one: Unmet, repair: Repair): { school: School; seats: Seat[] } | null {
    const swaps =
      'alsoMoved' in repair
        ? repair.alsoMoved
        : repair.kind === 'MOVE_OTHER'
          ? [{ studentId: one.studentId, fromSectionId: repair.fromSectionId, toSectionId: repair.toSectionId }]
          : [];
    const swapped = seats.map((seat) => {
      const swap = swaps.find(({ studentId, fromSectionId }) => studentId === seat.studentId && fromSectionId === seat.sectionId);
      return swap ? { ...seat, sectionId: swap.toSectionId } : seat;
    });
    let { sections, students } = school;
    const sectionId = 'sectionId' in repair ? repair.sectionId : 'one more';
    if (repair.kind === 'ONE_SEAT_MORE') sections = sections.map((at) => (at.id === sectionId ? { ...at, seats: repair.seats } : at));
    if (repair.kind === 'MOVE_SECTION')
      sections = sections.map((at) => (at.id === repair.movedSectionId ? { ...at, placement: repair.placement } : at));
    if (repair.kind === 'ADD_SECTION') {
      const model = sections.find(({ courseId }) => courseId === repair.courseId)!;
      sections = [
        ...sections,
        { ...model, id: sectionId, placement: repair.placement, seats: 1, reservations: [], team: null, track: null },
      ];
    }
    const { link, courseId } = sections.find(({ id }) => id === sectionId)!;
    if (link !== null) return null;
    const request = school.students.find(({ id }) => id === one.studentId)!.requests.find(({ id }) => id === one.requestId)!;
    if (repair.kind === 'NEW_ALTERNATE') {
      const asking = { ...request, alternates: [...request.alternates, repair.courseId] };
      students = students.map((who) => ({ ...who, requests: who.requests.map((own) => (own === request ? asking : own)) }));
    }
    const alternate =
      repair.kind === 'NEW_ALTERNATE' ? request.alternates.length + 1 : [request.courseId, ...request.alternates].indexOf(courseId);
    return {
      school: { ...school, sections, students },
      seats: [...swapped, { studentId: one.studentId, sectionId, requestId: one.requestId, alternate }],
    };
  }

  test('every request without a seat is explained, and what a repair promises is sound', () => {
    const kinds = new Set<string>();
    for (let seed = 1; seed <= 150; seed++) {
      const drawn = oddSchool(randomFrom(seed), { slots: 6, courses: 6, students: 14, requests: 5 });
      const teachers = drawn.courses.map(({ id }) => ({
        ...{ id: `teacher of ${id}`, name: id, courseIds: [id], maxSlotsPerTerm: 9, unavailable: [], preparationSlots: 0 },
      }));
      const school = { ...drawn, teachers };
      const placed = placedAsTold(school);
      // What a loader leaves that moves nobody again, and what one leaves that does.
      const seats =
        seed % 2 ? courseAtATime(school, placed, { seed }) : loadStudents(school, placed, { seed, steps: 20, now: () => 0 }).seats;
      const answered = new Set(seats.map(({ requestId }) => requestId));
      const unmet = school.students.flatMap(({ requests }) => requests).filter(({ id }) => !answered.has(id)).length;
      const slots = school.slots.map(({ id }) => [id]);
      const open = school.sections.map((one) => ({ ...one, placement: null, possible: [one.placement!, ...slots] }));
      const explained = explainUnmet({ ...school, sections: open }, placed, seats);
      expect(explained.length).toBe(unmet);
      for (const one of explained) {
        expect({ ...one, hasOne: one.repairs.length > 0 }).toMatchObject({ hasOne: one.noRepair === null });
        for (const repair of one.repairs) {
          const after = repaired(school, seats, one, repair);
          if (after) kinds.add(repair.kind);
          if (after) expect({ seed, one, repair, wrong: wrongWith(after.school, after.seats) }).toEqual({ seed, one, repair, wrong: [] });
        }
      }
    }
    expect([...kinds].sort()).toEqual(['ADD_SECTION', 'MOVE_OTHER', 'MOVE_SECTION', 'NEW_ALTERNATE', 'ONE_SEAT_MORE', 'SEAT']);
  });

  test.each([20261, 1, 2, 3, 4, Number(process.env['SEED'] ?? Date.now() % 1_000_000)])(
    'four of five misses of a generated school have a repair, and one of five has one that gives the very course (seed %i)',
    (seed) => {
      const school = generateSchool({ students: 600, seed });
      const placed = greedyMaster(school, { seed });
      const { seats } = loadStudents(school, placed, { seed, steps: 500, now: () => 0 });
      const explained = explainUnmet(school, placed, seats);
      const shareWith = (wanted: (repair: Repair) => boolean) =>
        explained.filter(({ repairs }) => repairs.some(wanted)).length / explained.length;
      const gives = (repair: Repair) => repair.kind === 'ADD_SECTION' || ('alternate' in repair && repair.alternate === 0);
      expect({ any: shareWith(() => true) >= 0.8, course: shareWith(gives) >= 0.2 }).toEqual({ any: true, course: true });
    },
  );
});
