import { describe, expect, test } from '@jest/globals';
import { conflictMatrix, seatsByGradeAndSlot } from './matrix.ts';
import { roomNeeds, teacherNeeds } from './needs.ts';
import type { School, Section, Student, Teacher } from './school.ts';
import { recommendSectionCounts } from './sectionCounts.ts';

const section = (courseId: string, number: string, more: Partial<Section> = {}): Section => ({
  id: `${courseId} ${number}`,
  courseId,
  number,
  seats: 2,
  reservations: [],
  placement: null,
  possible: [['1'], ['2']],
  teacherId: null,
  coTeacherIds: [],
  roomId: null,
  roomGroups: [],
  combinedWith: null,
  link: null,
  team: null,
  track: null,
  ...more,
});

/** Students who ask for courses; "Band|Choir" asks for Band with Choir as its alternate. */
const student = (id: string, grade: string, asked: readonly string[]): Student => ({
  id,
  name: id,
  grade,
  programs: [],
  team: null,
  track: null,
  requests: asked.map((words, nth) => {
    const [courseId = '', ...alternates] = words.split('|');
    return { id: `${id} ${nth}`, courseId, priority: 1, alternates };
  }),
  locked: [],
  current: [],
  released: [],
});

const teacher = (id: string, courseIds: readonly string[], slots = 3): Teacher => ({
  id,
  name: id,
  courseIds,
  maxSlotsPerTerm: slots,
  unavailable: [],
  preparationSlots: 0,
});

const school: School = {
  slots: ['1', '2', '3'].map((period) => ({ id: period, term: 'Year', day: '', period, order: Number(period) })),
  courses: ['Band', 'Choir', 'Math'].map((id) => ({ id, title: id, core: false, credits: 10 })),
  teachers: [teacher('Ana', ['Band', 'Choir']), teacher('Ben', ['Math'])],
  rooms: ['1', '2'].map((name) => ({ id: name, name, capacity: 30, groups: [], shared: false })),
  sections: [section('Band', '1'), section('Choir', '1'), section('Math', '1'), section('Math', '2')],
  students: [
    student('a', '9', ['Band|Choir', 'Math']),
    student('b', '9', ['Band', 'Math']),
    student('c', '10', ['Band|Choir', 'Choir']),
    student('d', '10', ['Math']),
  ],
};

describe('the conflict matrix', () => {
  test('counts students who ask for both, by first choices alone', () => {
    expect(conflictMatrix(school).pairs).toEqual([
      { a: 'Band', b: 'Math', students: 2 },
      { a: 'Band', b: 'Choir', students: 1 },
    ]);
  });

  test('tells which courses with one section or two stand in the way of each other', () => {
    const { singletons, doubletons } = conflictMatrix(school);
    expect(singletons.map((one) => one.courseId)).toEqual(['Band', 'Choir']);
    expect(doubletons).toEqual([
      { courseId: 'Math', title: 'Math', sections: 2, requests: 3, conflicts: [{ courseId: 'Band', sections: 1, students: 2 }] },
    ]);
  });

  test('tells what each course is asked for, by grade and as an alternate, and what it offers', () => {
    expect(conflictMatrix(school).courses[0]).toEqual({
      courseId: 'Band',
      title: 'Band',
      requests: 3,
      asAlternate: 0,
      requestsByGrade: { 9: 2, 10: 1 },
      sections: 1,
      seats: 2,
    });
    expect(conflictMatrix(school).courses[1]?.asAlternate).toBe(2);
  });

  test('a student who asks twice for a course is counted once in a pair', () => {
    const twice = { ...school, students: [student('a', '9', ['Band', 'Band', 'Math'])] };
    expect(conflictMatrix(twice).pairs).toEqual([{ a: 'Band', b: 'Math', students: 1 }]);
  });
});

test('seats of a slot are shared out among grades as they ask, and released students need none', () => {
  const released = { ...school, students: school.students.map((one) => (one.id === 'd' ? { ...one, released: ['2'] } : one)) };
  const placed = [
    { sectionId: 'Band 1', placement: ['1'], teacherId: null, roomId: null },
    { sectionId: 'Math 1', placement: ['1'], teacherId: null, roomId: null },
  ];
  const twoSlots = { ...released, slots: released.slots.slice(0, 2) };
  expect(seatsByGradeAndSlot(twoSlots, placed)).toEqual([
    { grade: '9', slotId: '1', students: 2, seats: 2.7, without: 2, left: 4 },
    { grade: '9', slotId: '2', students: 2, seats: 0, without: 2, left: 0 },
    { grade: '10', slotId: '1', students: 2, seats: 1.3, without: 2, left: 4 },
    { grade: '10', slotId: '2', students: 1, seats: 0, without: 1, left: 0 },
  ]);
  const seats = ['a', 'b'].map((studentId) => ({ studentId, sectionId: 'Math 1', requestId: null, alternate: 0 }));
  const ninth = {
    ...twoSlots,
    students: twoSlots.students.map((one) => (one.grade === '10' ? { ...one, requests: one.requests.slice(1) } : one)),
  };
  expect(seatsByGradeAndSlot(ninth, placed, seats).map(({ without, left }) => [without, left])).toEqual([
    [0, 2],
    [2, 0],
    [2, 0],
    [1, 0],
  ]);
});

describe('the number of sections', () => {
  const of = (courseId: string, changed: School = school) =>
    recommendSectionCounts(changed).courses.find((one) => one.courseId === courseId);

  test('is what students ask for in classes of the usual size, from half a class on', () => {
    expect(recommendSectionCounts(school).courses.map(({ courseId, recommended }) => [courseId, recommended])).toEqual([
      ['Band', 2],
      ['Choir', 1],
      ['Math', 2],
    ]);
    const few = { ...school, sections: school.sections.map((one) => ({ ...one, seats: 10 })) };
    expect(of('Choir', few)?.reason).toBe('1 student asks for it, fewer than half a class of 10.');
  });

  test('is no more than teachers reach for, and says who is missing', () => {
    const changed = { ...school, teachers: [teacher('Ana', ['Band', 'Choir']), teacher('Ben', ['Math'], 1)] };
    expect(of('Math', changed)?.recommended).toBe(1);
    expect(of('Math', changed)?.oneMore).toBeNull();
    expect(recommendSectionCounts(changed).shortages).toEqual([
      { kind: 'TEACHER', what: 'Math', sections: 1, sentence: '1 section of Math would have no teacher.' },
    ]);
  });

  test('moves work between teachers who share a qualification before it calls one missing', () => {
    const changed = { ...school, teachers: [teacher('Both', ['Math', 'Band', 'Choir']), teacher('Math only', ['Math'], 2)] };
    expect(recommendSectionCounts(changed).shortages).toEqual([]);
  });

  test('says which rooms are full', () => {
    const lab = { ...school, sections: school.sections.map((one) => ({ ...one, roomGroups: one.courseId === 'Math' ? ['lab'] : [] })) };
    expect(recommendSectionCounts(lab).shortages).toEqual([
      { kind: 'ROOM', what: 'lab', sections: 2, sentence: '2 sections would find no room for lab.' },
    ]);
  });

  test('one section more gains those who find no seat and whom no alternate takes', () => {
    // Three ask for Band with one section of two; c's alternate Choir is asked for by c only, and has a seat left for one of them.
    const band = of('Band', { ...school, teachers: [teacher('Ana', ['Band', 'Choir'], 3), teacher('Ben', ['Math', 'Band'])] });
    expect(band).toMatchObject({ recommended: 2, withoutSeat: 0, oneLess: { students: 1, requestsLost: 0, worth: 4000 } });
    expect(band?.oneMore).toEqual({ students: 0, requestsMet: 0, worth: 0 });
    expect(of('Math')).toMatchObject({ oneLess: { students: 1, requestsLost: 1, worth: 10_000 } });
  });

  test('one section more tells who would get the course, or what is missing for it', () => {
    const five = { ...school, students: ['a', 'b', 'c', 'd', 'e'].map((id) => student(id, '9', ['Math'])) };
    const inFours = { ...five, sections: school.sections.map((one) => ({ ...one, seats: 4 })) };
    expect(of('Math', inFours)).toMatchObject({ wanted: 1, recommended: 1, withoutSeat: 1, oneMore: { students: 1, requestsMet: 1 } });
    expect(of('Math', { ...inFours, teachers: [teacher('Ben', ['Math'], 1)] })).toMatchObject({
      oneMore: null,
      missingForOneMore: 'TEACHER',
    });
    expect(of('Math', { ...inFours, rooms: [], teachers: [] })).toMatchObject({ wanted: 1, recommended: 0, oneLess: { students: 0 } });
  });

  test('of what nobody asks for is none', () => {
    expect(of('Band', { ...school, students: [] })).toMatchObject({ recommended: 0, reason: 'Nobody asks for it.' });
  });
});

describe('what the sections need', () => {
  const recommended = recommendSectionCounts(school);

  test('of teachers: slots by subject, against those of all who may teach it', () => {
    const subjects = new Map([
      ['Band', 'Music'],
      ['Choir', 'Music'],
    ]);
    expect(teacherNeeds(school, recommended, subjects)).toEqual([
      { subject: 'Music', courseIds: ['Band', 'Choir'], slotsNeeded: 3, slotsShort: 0, teacherIds: ['Ana'], slotsThere: 3 },
      { subject: 'Math', courseIds: ['Math'], slotsNeeded: 2, slotsShort: 0, teacherIds: ['Ben'], slotsThere: 3 },
    ]);
    const away = {
      ...school,
      teachers: [teacher('Ana', ['Band', 'Choir'], 2), { ...teacher('Ben', ['Math']), unavailable: ['1', '2', '3'] }],
    };
    expect(teacherNeeds(away, recommendSectionCounts(away), subjects)).toMatchObject([
      { subject: 'Math', slotsNeeded: 2, slotsShort: 2, slotsThere: 0 },
      { subject: 'Music', slotsNeeded: 3, slotsShort: 1, slotsThere: 2 },
    ]);
  });

  test('of rooms: slots by group, and by period what is placed already, combined sections once', () => {
    const inLab = (one: Section) => (one.courseId === 'Math' ? { ...one, roomGroups: ['lab'], combinedWith: 'both' } : one);
    const lab = {
      ...school,
      rooms: [...school.rooms, { id: '3', name: '3', capacity: 12, groups: ['lab'], shared: false }],
      sections: school.sections.map(inLab),
    };
    const placed = ['Math 1', 'Math 2', 'Band 1'].map((sectionId) => ({ sectionId, placement: ['1'], teacherId: null, roomId: null }));
    expect(roomNeeds(lab, placed, recommendSectionCounts(lab))).toEqual([
      { groups: ['lab'], rooms: 1, largest: 12, slotsNeeded: 2, slotsThere: 3, placed: [{ slotId: '1', sections: 1 }] },
      { groups: [], rooms: 3, largest: 30, slotsNeeded: 3, slotsThere: 9, placed: [{ slotId: '1', sections: 1 }] },
    ]);
  });
});
