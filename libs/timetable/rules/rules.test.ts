import { describe, expect, test } from '@jest/globals';
import type { PlacedSection, School, Seat, Section, Student } from '../school.ts';
import { concernsOf } from './concernsOf.ts';
import { faultsOf, hardRules } from './faultsOf.ts';

const slots = ['S1', 'S2'].flatMap((term) =>
  ['1', '2', '3'].map((period) => ({ id: `${term} ${period}`, term, day: '', period, order: Number(period) })),
);
const year = (period: number) => [`S1 ${period}`, `S2 ${period}`];

const section = (id: string, courseId: string, more: Partial<Section> = {}): Section => ({
  id,
  courseId,
  number: id.slice(1),
  seats: 2,
  reservations: [],
  placement: null,
  possible: [year(1), year(2), year(3)],
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

const student = (id: string, courseIds: readonly string[], more: Partial<Student> = {}): Student => ({
  id,
  name: id,
  grade: '9',
  programs: [],
  team: null,
  track: null,
  requests: courseIds.map((courseId) => ({ id: `${id} ${courseId}`, courseId, priority: 1, alternates: [] })),
  locked: [],
  current: [],
  released: [],
  ...more,
});

/** Two teachers, three rooms, algebra twice and biology once, and three students: nothing is wrong with it. */
const school: School = {
  slots,
  courses: ['Algebra', 'Biology'].map((title) => ({ id: title, title, core: true, credits: 10 })),
  teachers: ['Ms. Ada', 'Mr. Bo'].map((name) => ({
    id: name,
    name,
    courseIds: ['Algebra', 'Biology'],
    maxSlotsPerTerm: 2,
    unavailable: [],
    preparationSlots: 1,
  })),
  rooms: ['101', '102', 'Lab'].map((name) => ({ id: name, name, capacity: 2, groups: name === 'Lab' ? ['science'] : [], shared: false })),
  sections: [section('A1', 'Algebra'), section('A2', 'Algebra'), section('B1', 'Biology', { roomGroups: ['science'] })],
  students: [student('Kim', ['Algebra', 'Biology']), student('Lee', ['Algebra']), student('Max', ['Biology'])],
};
const placed: readonly PlacedSection[] = [
  { sectionId: 'A1', placement: year(1), teacherId: 'Ms. Ada', roomId: '101' },
  { sectionId: 'A2', placement: year(2), teacherId: 'Ms. Ada', roomId: '101' },
  { sectionId: 'B1', placement: year(2), teacherId: 'Mr. Bo', roomId: 'Lab' },
];
const seat = (studentId: string, sectionId: string, courseId: string | null, alternate = 0): Seat => ({
  studentId,
  sectionId,
  requestId: courseId && `${studentId} ${courseId}`,
  alternate,
});
const seats: readonly Seat[] = [seat('Kim', 'A1', 'Algebra'), seat('Kim', 'B1', 'Biology'), seat('Lee', 'A2', 'Algebra')];

const withSection = (id: string, more: Partial<Section>): School => ({
  ...school,
  sections: school.sections.map((one) => (one.id === id ? { ...one, ...more } : one)),
});
const withTeacher = (id: string, more: Partial<School['teachers'][number]>): School => ({
  ...school,
  teachers: school.teachers.map((one) => (one.id === id ? { ...one, ...more } : one)),
});
const withRoom = (id: string, more: Partial<School['rooms'][number]>): School => ({
  ...school,
  rooms: school.rooms.map((one) => (one.id === id ? { ...one, ...more } : one)),
});
const withStudent = (id: string, more: Partial<Student>): School => ({
  ...school,
  students: school.students.map((one) => (one.id === id ? { ...one, ...more } : one)),
});
const put = (id: string, more: Partial<PlacedSection>): PlacedSection[] =>
  placed.map((one) => (one.sectionId === id ? { ...one, ...more } : one));

/** The codes and sentences of a schedule's faults. */
const wrong = (of: School, at: readonly PlacedSection[] = placed, who: readonly Seat[] = seats) =>
  faultsOf(of, at, who).map(({ code, sentence }) => `${code}: ${sentence}`);

test('a schedule that keeps every rule has no fault', () => {
  expect(wrong(school)).toEqual([]);
});

test('every hard rule has a name of its own', () => {
  expect(new Set(hardRules.map((rule) => rule.name)).size).toBe(hardRules.length);
});

test('a schedule that names what the school does not have is refused by name', () => {
  expect(() => faultsOf(school, put('A1', { placement: ['S3 1'] }), [])).toThrow('There is no slot "S3 1" in this school.');
  expect(() => faultsOf(school, [...placed, ...placed], [])).toThrow('Algebra (1) is placed twice.');
  expect(() => faultsOf(school, placed, [seat('Nobody', 'A1', null)])).toThrow('There is no student "Nobody"');
});

describe('teachers', () => {
  test('teach one class at a time', () => {
    expect(wrong(school, put('A2', { placement: year(1), roomId: '102' }))).toEqual([
      'TEACHER_DOUBLE_BOOKED: Ms. Ada would teach Algebra (1) and Algebra (2) at the same time, in period 1.',
    ]);
  });
  test('are in one class at a time as co-teachers, too', () => {
    expect(wrong(withSection('B1', { coTeacherIds: ['Ms. Ada'] }))).toEqual([
      'CO_TEACHER_DOUBLE_BOOKED: Ms. Ada would be in Algebra (2) and Biology (1) at the same time, in period 2.',
    ]);
  });
  test('teach what they may teach, or what a counselor locked', () => {
    const untaught = withTeacher('Mr. Bo', { courseIds: ['Algebra'] });
    expect(wrong(untaught)).toEqual(['TEACHER_NOT_QUALIFIED: Mr. Bo may not teach Biology, and is given Biology (1).']);
    const locked = { ...untaught, sections: withSection('B1', { teacherId: 'Mr. Bo' }).sections };
    expect(wrong(locked)).toEqual([]);
  });
  test('keep to their load in each term', () => {
    expect(wrong(withTeacher('Ms. Ada', { maxSlotsPerTerm: 1 }))[0]).toBe(
      'TEACHER_OVERLOADED: Ms. Ada would have classes in 2 slots of S1, 1 more than the 1 of their load.',
    );
  });
  test('keep their slots for preparation', () => {
    expect(wrong(withTeacher('Ms. Ada', { preparationSlots: 2 }))).toContain(
      'PREPARATION_MISSING: Ms. Ada would keep 1 free slots in S2, and is to have 2 for preparation.',
    );
  });
  test('do not teach when they are not available', () => {
    expect(wrong(withTeacher('Mr. Bo', { unavailable: ['S2 2', 'S1 3'] }))).toEqual([
      'TEACHER_UNAVAILABLE: Mr. Bo is not available in period 2 in S2, when Biology (1) meets.',
    ]);
  });
});

describe('rooms', () => {
  const both = put('B1', { placement: year(1), roomId: '101' });
  const bothFit = { ...school, sections: withSection('B1', { roomGroups: [] }).sections };
  const alone = [seat('Lee', 'A2', 'Algebra')];
  test('hold one class at a time, unless they are shared', () => {
    expect(wrong(bothFit, both, alone)).toEqual([
      'ROOM_DOUBLE_BOOKED: Algebra (1) and Biology (1) would be in room 101 at the same time, in period 1.',
    ]);
    expect(wrong({ ...bothFit, rooms: withRoom('101', { shared: true }).rooms }, both, alone)).toEqual([]);
  });
  test('are fit for what is taught in them', () => {
    expect(wrong(school, put('B1', { roomId: '102' }))).toEqual([
      'ROOM_NOT_FIT: Biology (1) needs a room for science, and is given room 102.',
    ]);
    expect(wrong(school, put('B1', { roomId: '999' }))).toEqual([
      'ROOM_NOT_FIT: Biology (1) is given the room 999, which the school does not have.',
    ]);
  });
  test('hold the seats of the class', () => {
    expect(wrong(withRoom('Lab', { capacity: 1 }))).toEqual([
      'ROOM_TOO_SMALL: Biology (1) with 2 seats would be in room Lab, which holds 1.',
    ]);
  });
});

describe('sections', () => {
  test('meet at a time that is possible for them', () => {
    expect(wrong(withSection('A1', { possible: [year(3)] }))).toEqual([
      'PLACEMENT_NOT_POSSIBLE: Algebra (1) would meet in period 1, which is not one of the times possible for it.',
    ]);
  });
  test('stay as they are locked', () => {
    const locked = withSection('A1', { placement: year(3), teacherId: 'Mr. Bo', roomId: '102' });
    expect(wrong(locked)).toEqual(['SECTION_LOCK_BROKEN: Algebra (1) is locked in period 3 with Mr. Bo in room 102.']);
    expect(wrong(locked, put('A1', { placement: year(3), teacherId: 'Mr. Bo', roomId: '102' }))).toEqual([]);
  });
  test('are together when they are combined, and are then one class', () => {
    const combined = {
      ...school,
      rooms: withRoom('101', { capacity: 4 }).rooms,
      sections: [section('A1', 'Algebra', { combinedWith: 'x' }), section('A2', 'Algebra', { combinedWith: 'x' }), school.sections[2]!],
    };
    expect(wrong(combined)).toEqual(['COMBINED_APART: Algebra (1) and Algebra (2) are combined, and would not have the same time.']);
    expect(wrong(combined, put('A2', { placement: year(1) }))).toEqual([]);
    expect(wrong({ ...combined, rooms: school.rooms }, put('A2', { placement: year(1) }))).toEqual([
      'ROOM_TOO_SMALL: Algebra (1) and Algebra (2) with 4 seats would be in room 101, which holds 2.',
    ]);
  });
  test('that are linked do not meet at the same time', () => {
    const linked = { ...school, sections: school.sections.map((one) => (one.id === 'A1' ? one : { ...one, link: 'block' })) };
    expect(wrong(linked, placed, [])).toEqual([
      'LINK_OVERLAPS: Algebra (2) and Biology (1) are taken together, and would meet at the same time, in period 2.',
    ]);
  });
});

test('a teacher or a student without a name is called so in the middle of a sentence, and told by id beside it', () => {
  const nameless = {
    ...school,
    teachers: school.teachers.map((one) => ({ ...one, name: 'A teacher' })),
    students: school.students.map((one) => ({ ...one, name: 'A student' })),
    sections: withSection('A2', { team: 'Blue' }).sections,
  };
  const [outside] = faultsOf(nameless, placed, seats);
  expect(outside).toMatchObject({ sentence: 'Algebra (2) is for team Blue, and a student is not in it.' });
  const [broken] = faultsOf({ ...school, ...nameless, sections: withSection('A1', { teacherId: 'Mr. Bo' }).sections }, placed, seats);
  expect(broken).toMatchObject({ sentence: 'Algebra (1) is locked with a teacher.', teacherIds: ['Mr. Bo'] });
  const [overloaded] = faultsOf({ ...nameless, teachers: withTeacher('Ms. Ada', { maxSlotsPerTerm: 1 }).teachers }, placed, []);
  expect(overloaded).toMatchObject({ code: 'TEACHER_OVERLOADED', teacherIds: ['Ms. Ada'] });
});

describe('students', () => {
  test('are in one class at a time', () => {
    expect(wrong(school, placed, [seat('Kim', 'A2', 'Algebra'), seat('Kim', 'B1', 'Biology')])).toEqual([
      'STUDENT_DOUBLE_BOOKED: Kim would be in Algebra (2) and Biology (1) at the same time, in period 2.',
    ]);
  });
  test('sit in sections that meet, once, and not where they are released', () => {
    expect(wrong(school, placed.slice(0, 2))).toEqual(['SECTION_NOT_PLACED: Kim would sit in Biology (1), which was given no time.']);
    expect(wrong(school, placed, [...seats, seats[0]!])).toContain('SEATED_TWICE: Kim would have two seats in Algebra (1).');
    expect(wrong(withStudent('Lee', { released: ['S2 2'] }))).toEqual([
      'STUDENT_RELEASED: Lee is released in period 2 in S2, when Algebra (2) meets.',
    ]);
  });
  test('sit where they asked to, once for each request', () => {
    expect(wrong(school, placed, [...seats, seat('Max', 'A1', 'Algebra')])).toEqual([
      'SEAT_ANSWERS_NOTHING: Max did not ask for Algebra (1).',
    ]);
    expect(wrong(school, placed, [seat('Lee', 'A1', 'Algebra'), seat('Lee', 'A2', 'Algebra')])).toEqual([
      'REQUEST_ANSWERED_TWICE: Lee would take Algebra (1) and Algebra (2) for one request.',
    ]);
  });
  test('need not ask for a section that is linked to one they asked for', () => {
    const linked = { ...school, sections: school.sections.map((one) => (one.id === 'A2' ? one : { ...one, link: 'block' })) };
    const beside = seat('Lee', 'B1', null);
    expect(wrong(linked, placed, [seat('Lee', 'A1', 'Algebra'), beside])).toEqual([]);
    expect(wrong(school, placed, [seat('Lee', 'A1', 'Algebra'), beside])).toEqual([
      'SEAT_ANSWERS_NOTHING: Lee did not ask for Biology (1).',
    ]);
  });
  test('may be given the alternate that the seat names, and no other', () => {
    const willing = withStudent('Max', { requests: [{ id: 'Max Biology', courseId: 'Biology', priority: 1, alternates: ['Algebra'] }] });
    expect(wrong(willing, placed, [seat('Max', 'A1', 'Biology', 1)])).toEqual([]);
    expect(wrong(willing, placed, [seat('Max', 'A1', 'Biology', 2)])).toEqual(['SEAT_ANSWERS_NOTHING: Max did not ask for Algebra (1).']);
  });
  test('are no more than the seats', () => {
    expect(wrong(withSection('A2', { seats: 0 }))).toEqual(['SEATS_EXCEEDED: Algebra (2) would have 1 students on 0 seats.']);
  });
  test('leave seats that are kept for a program', () => {
    const kept = withSection('A2', { reservations: [{ program: 'SPECIAL_EDUCATION', seats: 2 }] });
    expect(wrong(kept)).toEqual(['RESERVATION_TAKEN: Algebra (2) keeps 2 for SPECIAL_EDUCATION of its 2 seats: 1 others would sit on 0.']);
    expect(wrong({ ...kept, students: withStudent('Lee', { programs: ['SPECIAL_EDUCATION'] }).students })).toEqual([]);
  });
  test('of two programs leave a seat to who has only one of them', () => {
    const reservations = [
      { program: 'EL', seats: 1 },
      { program: 'SE', seats: 1 },
    ];
    const kept = {
      ...withSection('A2', { reservations }),
      students: [student('Kim', ['Algebra'], { programs: ['EL', 'SE'] }), student('Lee', ['Algebra'], { programs: ['EL'] })],
    };
    expect(wrong(kept, placed, [seat('Kim', 'A2', 'Algebra'), seat('Lee', 'A2', 'Algebra')])).toEqual([]);
  });
  test('are in all sections of a link or in none', () => {
    const linked = { ...school, sections: school.sections.map((one) => (one.id === 'A2' ? one : { ...one, link: 'block' })) };
    expect(wrong(linked)).toEqual([]);
    expect(wrong(linked, placed, seats.slice(0, 1))).toEqual([
      'LINK_BROKEN: Kim would sit in Algebra (1) without Biology (1), which belongs to it.',
    ]);
  });
  test('are in sections of their own team and track', () => {
    expect(wrong(withSection('A2', { team: 'Blue' }))).toEqual(['OUTSIDE_TEAM: Algebra (2) is for team Blue, and Lee is not in it.']);
    expect(wrong(withSection('A2', { track: 'C' }))).toEqual(['OUTSIDE_TRACK: Algebra (2) is for track C, and Lee is not on it.']);
  });
  test('may be locked where others of their kind may not be', () => {
    const kept = withSection('A2', { team: 'Blue', track: 'C', reservations: [{ program: 'SPECIAL_EDUCATION', seats: 2 }] });
    expect(wrong(kept)).toHaveLength(3);
    expect(wrong({ ...kept, students: withStudent('Lee', { locked: ['A2'] }).students })).toEqual([]);
  });
  test('stay where they are locked, also in a section they did not ask for', () => {
    const locked = withStudent('Max', { locked: ['A1'] });
    expect(wrong(locked)).toEqual(['STUDENT_LOCK_BROKEN: Max is locked in Algebra (1), and has no seat in it.']);
    expect(wrong(locked, placed, [...seats, seat('Max', 'A1', null)])).toEqual([]);
  });
});

describe('what is not forbidden has a cost and a reason', () => {
  const concerns = (of: School, at: readonly PlacedSection[] = placed, who: readonly Seat[] = []) =>
    concernsOf(of, at, who).map(({ code, cost, reason }) => `${code} ${cost}: ${reason}`);
  test('a section without teacher and room', () => {
    expect(concerns(school)).toEqual([]);
    expect(concerns(school, put('A1', { teacherId: null, roomId: null }).slice(0, 2))).toEqual([
      'STILL_OPEN 2: Algebra (1) has no teacher and room yet.',
      'STILL_OPEN 1: Biology (1) has no time yet.',
    ]);
  });
  test('a teacher with three different courses to prepare', () => {
    const three = { ...school, sections: [...school.sections.slice(0, 1), section('C2', 'Chess'), section('D3', 'Drama')] };
    const at = ['A1', 'C2', 'D3'].map((sectionId, of) => ({ sectionId, placement: year(of + 1), teacherId: 'Ms. Ada', roomId: '101' }));
    expect(concerns(three, at)).toEqual(['MANY_PREPARATIONS 1: Ms. Ada prepares 3 courses: Algebra, Chess and Drama.']);
  });
  test('a teacher who changes rooms between classes', () => {
    expect(concerns(school, put('A2', { roomId: '102' }))).toEqual(['ROOM_MOVES 2: Ms. Ada changes rooms 2 times between classes.']);
  });
  test('a full section beside an empty one', () => {
    const five = { ...school, students: Array.from({ length: 5 }, (_, at) => student(`s${at}`, ['Algebra'])) };
    const all = five.students.map((one) => seat(one.id, 'A1', 'Algebra'));
    expect(concerns(five, placed, all)).toContain('UNEVEN_SECTIONS 2: Algebra has 5 students in section 1 and 0 in section 2.');
  });
  test('a student with a second empty period in a term, but not one who is released then', () => {
    const told = (released: readonly string[]) =>
      concerns(withStudent('Kim', { released }), placed, [seat('Kim', 'A1', 'Algebra')]).filter((words) => words.startsWith('EMPTY'));
    expect(told([])).toEqual([
      'EMPTY_PERIODS 1: Kim has no class in 2 and 3 in S1.',
      'EMPTY_PERIODS 1: Kim has no class in 2 and 3 in S2.',
    ]);
    expect(told(year(2))).toEqual([]);
  });
});
