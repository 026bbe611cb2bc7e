import { expect, test } from '@jest/globals';
import { violations } from './check.ts';
import type { PlacedSection, Proposal, School, Seat, Section, Student } from './school.ts';

const section = (id: string, courseId: string, rest: Partial<Section> = {}): Section => ({
  id,
  courseId,
  number: '1',
  seats: 2,
  reservations: [],
  placement: null,
  possible: [['1'], ['2'], ['3']],
  teacherId: null,
  coTeacherIds: [],
  roomId: null,
  roomGroups: [],
  combinedWith: null,
  link: null,
  team: null,
  track: null,
  ...rest,
});

const student = (id: string, courses: readonly string[], rest: Partial<Student> = {}): Student => ({
  id,
  name: id,
  grade: '9',
  programs: [],
  team: null,
  track: null,
  requests: courses.map((courseId) => ({
    id: `${id}-${courseId}`,
    courseId,
    priority: 1,
    alternates: courseId === 'art' ? ['music'] : [],
  })),
  locked: [],
  current: [],
  released: [],
  ...rest,
});

/** Two teachers, two rooms, three periods of one term; art and music at the same school. */
const small: School = {
  slots: ['1', '2', '3'].map((id, order) => ({ id, term: 'S1', day: '', period: id, order })),
  courses: ['art', 'music', 'gym'].map((id) => ({ id, title: id, core: false, credits: 1 })),
  teachers: ['Ada', 'Ben'].map((id) => ({
    id,
    name: id,
    courseIds: ['art', 'music'],
    maxSlotsPerTerm: 2,
    unavailable: [],
    preparationSlots: 1,
  })),
  rooms: ['r1', 'r2'].map((id) => ({ id, name: id, capacity: 3, groups: ['studio'], shared: false })),
  sections: [section('A', 'art'), section('M', 'music')],
  students: [student('s1', ['art', 'music']), student('s2', ['art'])],
};
const placed: readonly PlacedSection[] = [
  { sectionId: 'A', placement: ['1'], teacherId: 'Ada', roomId: 'r1' },
  { sectionId: 'M', placement: ['2'], teacherId: 'Ben', roomId: 'r1' },
];
const seat = (studentId: string, sectionId: string, requestId: string | null, alternate = 0): Seat => ({
  studentId,
  sectionId,
  requestId,
  alternate,
});
const seats: readonly Seat[] = [seat('s1', 'A', 's1-art'), seat('s1', 'M', 's1-music'), seat('s2', 'A', 's2-art')];
const good: Proposal = { sections: placed, seats };

const codes = (school: School, proposal: Proposal): string[] => [...new Set(violations(school, proposal).map(({ code }) => code))].sort();
const withSections = (change: Partial<Section>, at = 0): School => ({
  ...small,
  sections: small.sections.map((one, index) => (index === at ? { ...one, ...change } : one)),
});
const withTeacher = (change: Partial<School['teachers'][number]>): School => ({
  ...small,
  teachers: small.teachers.map((one, index) => (index === 0 ? { ...one, ...change } : one)),
});
const withRoom = (change: Partial<School['rooms'][number]>): School => ({
  ...small,
  rooms: small.rooms.map((one, index) => (index === 0 ? { ...one, ...change } : one)),
});
const withStudent = (change: Partial<Student>): School => ({
  ...small,
  students: small.students.map((one, index) => (index === 0 ? { ...one, ...change } : one)),
});
const at = (first: Partial<PlacedSection>, second: Partial<PlacedSection> = {}): Proposal => ({
  sections: [
    { ...placed[0]!, ...first },
    { ...placed[1]!, ...second },
  ],
  seats,
});

test('a proposal that keeps every rule has no violation', () => {
  expect(violations(small, good)).toEqual([]);
});

const three = { ...small, students: [...small.students, student('s3', ['art'])] };
const allThree = { sections: placed, seats: [...seats, seat('s3', 'A', 's3-art')] };
const kept = [{ program: 'X', seats: 1 }];

test.each<[string, string[], School, Proposal]>([
  [
    'a section that the school does not have',
    ['UNKNOWN_SECTION'],
    small,
    { ...good, sections: [...placed, { sectionId: 'Z', placement: ['3'], teacherId: 'Ada', roomId: 'r1' }] },
  ],
  ['a section that is placed twice', ['PLACED_TWICE'], small, { ...good, sections: [...placed, { ...placed[0]!, placement: ['3'] }] }],
  ['a seat of nobody', ['UNKNOWN_STUDENT'], small, { ...good, seats: [...seats.slice(0, 2), seat('s9', 'A', 's9-art')] }],
  ['a seat in a section that is placed nowhere', ['SEAT_WITHOUT_SECTION'], small, { ...good, sections: [placed[0]!] }],
  ['a time that is not possible', ['TIME_NOT_POSSIBLE'], withSections({ possible: [['2']] }), good],
  ['another time than the locked one', ['TIME_NOT_POSSIBLE'], withSections({ placement: ['3'] }), good],
  ['another teacher than the locked one', ['TEACHER_LOCK'], withSections({ teacherId: 'Ben' }), good],
  ['another room than the locked one', ['ROOM_LOCK'], withSections({ roomId: 'r2' }), good],
  ['nobody to teach', ['NO_TEACHER'], small, at({ teacherId: null })],
  ['a teacher without the qualification', ['NOT_QUALIFIED'], withTeacher({ courseIds: ['music'] }), good],
  ['no room', ['NO_ROOM'], small, at({ roomId: null })],
  ['a room of the wrong kind', ['ROOM_NOT_FIT'], withSections({ roomGroups: ['gym'] }), good],
  ['a room that is too small', ['ROOM_TOO_SMALL'], withRoom({ capacity: 1 }), good],
  [
    'a teacher in two classes at once',
    ['TEACHER_TWICE'],
    { ...small, students: [] },
    { sections: at({}, { placement: ['1'], teacherId: 'Ada', roomId: 'r2' }).sections, seats: [] },
  ],
  [
    'a co-teacher in two classes at once',
    ['TEACHER_TWICE'],
    { ...withSections({ coTeacherIds: ['Ben'] }), students: [] },
    { sections: at({}, { placement: ['1'], roomId: 'r2' }).sections, seats: [] },
  ],
  [
    'two classes in a room at once',
    ['ROOM_TWICE'],
    { ...small, students: [] },
    { sections: at({}, { placement: ['1'] }).sections, seats: [] },
  ],
  ['a load above the most', ['TEACHER_OVERLOADED'], withTeacher({ maxSlotsPerTerm: 0 }), good],
  ['no slot left for preparation', ['NO_PREPARATION'], withTeacher({ preparationSlots: 3 }), good],
  ['a teacher who is not there', ['TEACHER_UNAVAILABLE'], withTeacher({ unavailable: ['1'] }), good],
  [
    'combined sections apart',
    ['COMBINED_APART'],
    { ...small, sections: small.sections.map((one) => ({ ...one, seats: 1, combinedWith: 'both' })) },
    { ...good, seats: [seats[0]!, seats[1]!] },
  ],
  [
    'combined sections too large for their room',
    ['ROOM_TOO_SMALL'],
    { ...small, students: [], sections: small.sections.map((one) => ({ ...one, combinedWith: 'both' })) },
    { sections: at({}, { placement: ['1'], teacherId: 'Ada' }).sections, seats: [] },
  ],
  ['more students than seats', ['TOO_MANY_STUDENTS'], three, allThree],
  ['a kept seat taken by another', ['RESERVED_SEAT_TAKEN'], withSections({ reservations: kept }), good],
  ['a student in two classes at once', ['STUDENT_TWICE'], small, at({}, { placement: ['1'], roomId: 'r2' })],
  ['a class in a released slot', ['RELEASED_SLOT'], withStudent({ released: ['2'] }), good],
  ['a seat that nobody asked for', ['SEAT_UNASKED'], small, { ...good, seats: [...seats, seat('s2', 'M', null)] }],
  ['an answer to an unknown request', ['UNKNOWN_REQUEST'], small, { ...good, seats: [seat('s1', 'A', 'nonsense')] }],
  ['an answer by another course', ['ANSWER_WRONG'], small, { ...good, seats: [seat('s1', 'M', 's1-art')] }],
  ['an alternate said to be the course itself', ['ANSWER_WRONG'], small, { ...good, seats: [seat('s2', 'M', 's2-art', 0)] }],
  ['a request answered twice', ['ANSWERED_TWICE'], small, { ...good, seats: [seat('s2', 'A', 's2-art'), seat('s2', 'M', 's2-art', 1)] }],
  [
    'a course taken twice',
    ['COURSE_TWICE'],
    { ...small, sections: [...small.sections, section('A2', 'art')], students: [student('s1', ['art', 'art'])] },
    {
      sections: [...placed, { sectionId: 'A2', placement: ['3'], teacherId: 'Ada', roomId: 'r1' }],
      seats: [seat('s1', 'A', 's1-art'), seat('s1', 'A2', null)],
    },
  ],
  ['a locked student moved', ['STUDENT_LOCK'], withStudent({ locked: ['M'] }), { ...good, seats: [seats[0]!] }],
  ['a section of another team', ['OTHER_TEAM'], withSections({ team: 'red' }), good],
  ['a section of another track', ['OTHER_TRACK'], withSections({ track: 'C' }), good],
  [
    'one section of a link without the other',
    ['LINK_BROKEN'],
    { ...small, sections: small.sections.map((one) => ({ ...one, link: 'both' })) },
    good,
  ],
])('%s is seen', (_, expected, school, proposal) => {
  expect(codes(school, proposal)).toEqual(expect.arrayContaining(expected));
});

test('what is allowed is not taken for a violation: kept seats for their program, a right alternate, a shared room, a lock', () => {
  expect(
    violations(
      { ...withSections({ reservations: kept }), students: [student('s1', ['art', 'music'], { programs: ['X'] }), small.students[1]!] },
      good,
    ),
  ).toEqual([]);
  expect(violations(small, { ...good, seats: [seat('s2', 'M', 's2-art', 1)] })).toEqual([]);
  const sharing = { sections: at({}, { placement: ['1'] }).sections, seats: [seat('s2', 'A', 's2-art')] };
  expect(violations(withRoom({ shared: true }), sharing)).toEqual([]);
  expect(violations({ ...small, students: [student('s1', [], { locked: ['A'] })] }, { ...good, seats: [seat('s1', 'A', null)] })).toEqual(
    [],
  );
});

test('two programs with kept seats: one student of both fills one seat, and nobody else takes what is left', () => {
  const school = {
    ...withSections({ reservations: [...kept, { program: 'Y', seats: 1 }] }),
    students: [student('s1', ['art'], { programs: ['X', 'Y'] }), student('s2', ['art'], { programs: ['Y'] })],
  };
  const both = { sections: placed, seats: [seat('s1', 'A', 's1-art'), seat('s2', 'A', 's2-art')] };
  expect(violations(school, both)).toEqual([]);
  const twoOfY = { ...school, students: school.students.map((one) => ({ ...one, programs: ['Y'] })) };
  expect(codes(twoOfY, both)).toEqual(['RESERVED_SEAT_TAKEN']);
});
