import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { idOf, ids, newSaveId, openGrading, people, type Grading } from '../testing.ts';

const bookingFields = 'id student { id } teacher { id } beginsAt endsAt place interpreter cancelledAt';
const verbs = {
  addConference: `mutation ($input: AddConferenceInput!) { addConference(input: $input) { id title } }`,
  addConferenceSlots: `mutation ($input: AddConferenceSlotsInput!) { addConferenceSlots(input: $input) { id beginsAt endsAt place taken } }`,
  bookConference: `mutation ($input: BookConferenceInput!) { bookConference(input: $input) { ${bookingFields} } }`,
  moveConference: `mutation ($input: MoveConferenceInput!) { moveConference(input: $input) { ${bookingFields} } }`,
  cancelConference: `mutation ($input: CancelConferenceInput!) { cancelConference(input: $input) { ${bookingFields} } }`,
};

let service: Grading;
let conferenceId: string;
let slots: { id: string; beginsAt: string; endsAt: string }[];
let coSlots: typeof slots;
beforeAll(async () => {
  service = await openGrading();
});
beforeEach(async () => {
  service.clock.now = new Date('2026-10-19T17:00:00Z');
  for (const table of ['conference_booking', 'conference_slot', 'conference', 'mark']) await service.sql(`delete from ${table}`);
  await service.hear('scheduling', 'SectionChanged', service.algebra);
  const input = { schoolId: ids.school, title: 'Fall conferences', gradingPeriodId: ids.fall };
  conferenceId = (await act(people.clerk, 'addConference', { ...input, bookingOpensAt: '2026-10-18T00:00:00Z', bookingClosesAt: '2026-10-22T00:00:00Z' })).id; // prettier-ignore
  slots = await act(people.teacher, 'addConferenceSlots', slotsInput());
  coSlots = await act(people.clerk, 'addConferenceSlots', slotsInput({ staffId: people.coTeacher.subject, place: 'Room 9' }));
});
afterAll(() => service.close());

const slotsInput = (more: object = {}) => ({
  ...{ conferenceId, staffId: people.teacher.subject, beginsAt: '2026-10-22T23:00:00Z', endsAt: '2026-10-23T00:00:00Z' },
  ...{ minutes: 10, breakMinutes: 5, place: 'Room 8', ...more },
});
const act = async (viewer: Viewer, verb: keyof typeof verbs, input: object) => (await service.data(viewer, verbs[verb], { input }))[verb];
const refused = (viewer: Viewer, verb: keyof typeof verbs, input: object) => service.code(viewer, verbs[verb], { input });
const book = (viewer: Viewer, slotId: string, studentId: string, more: object = {}) =>
  act(viewer, 'bookConference', { slotId, studentId, ...more });
const list = async (viewer: Viewer, more = '') =>
  (
    await service.data(viewer, `query ($c: ID!) { conferenceBookings(conferenceId: $c ${more}) { nodes { ${bookingFields} } } }`, {
      c: conferenceId,
    })
  ).conferenceBookings.nodes;
const mine = async (viewer: Viewer) => (await service.data(viewer, `{ myConferences { nodes { ${bookingFields} } } }`)).myConferences.nodes;
const taken = async (viewer: Viewer = people.otherParent) => {
  const query = `query ($c: ID!, $t: ID) { conferenceSlots(conferenceId: $c, staffId: $t) { nodes { beginsAt taken } } }`;
  const { nodes } = (await service.data(viewer, query, { c: conferenceId, t: people.teacher.subject })).conferenceSlots;
  return nodes.map((slot: { taken: boolean }) => slot.taken);
};

describe('slots', () => {
  test('follow one another with breaks, and the last one ends in time', () => {
    const times = slots.map(({ beginsAt, endsAt }) => [beginsAt.slice(11, 16), endsAt.slice(11, 16)]);
    expect(times).toEqual([['23:00', '23:10'], ['23:15', '23:25'], ['23:30', '23:40'], ['23:45', '23:55']]); // prettier-ignore
  });

  test('of a teacher never overlap, and none of a day is added when one does', async () => {
    const overlapping = slotsInput({ beginsAt: '2026-10-22T22:00:00Z', minutes: 30, breakMinutes: 0 });
    expect(await refused(people.teacher, 'addConferenceSlots', overlapping)).toBe('TEACHER_BUSY');
    expect(await taken()).toHaveLength(4);
  });

  test.each([
    [{ minutes: 4 }, 'SLOTS_INVALID'],
    [{ minutes: 121 }, 'SLOTS_INVALID'],
    [{ breakMinutes: -1 }, 'SLOTS_INVALID'],
    [{ endsAt: '2026-10-22T19:00:00Z' }, 'SLOTS_INVALID'],
    [{ endsAt: '2026-10-25T00:00:00Z' }, 'SLOTS_INVALID'],
    [{ place: ' ' }, 'PLACE_INVALID'],
    [{ place: 'x'.repeat(256 * 1024) }, 'PLACE_INVALID'],
    [{ conferenceId: 'x' }, 'NOT_FOUND'],
    [{ staffId: 'x' }, 'NOT_FOUND'],
    [{ staffId: people.coTeacher.subject }, 'FORBIDDEN'],
  ])('that are wrong are refused by name (%#)', async (odd, code) => {
    expect(await refused(people.teacher, 'addConferenceSlots', slotsInput({ beginsAt: '2026-10-22T20:00:00Z', ...odd }))).toBe(code);
  });
});

describe('a family books', () => {
  test('for its own child with a teacher of that child, and everybody concerned finds it in the order of the day', async () => {
    await book(people.otherParent, slots[1]!.id, ids.ben);
    const booked = await book(people.parent, slots[0]!.id, ids.ana, { interpreter: 'HY' });
    expect(booked).toMatchObject({
      student: { id: ids.ana },
      teacher: { id: people.teacher.subject },
      place: 'Room 8',
      interpreter: 'hy',
      cancelledAt: null,
    });
    expect((await list(people.clerk)).map(({ student }: { student: { id: string } }) => student.id)).toEqual([ids.ana, ids.ben]);
    expect(await list(people.clerk, 'withInterpreter: true')).toEqual([booked]);
    expect((await list(people.teacher)).length).toBe(2);
    expect(await list(people.coTeacher)).toEqual([]);
    expect(await mine(people.parent)).toEqual([booked]);
    expect(await mine(people.ana)).toHaveLength(1);
    expect((await mine(people.teacher)).length).toBe(2);
    expect(await taken()).toEqual([true, true, false, false]);
  });

  test('of a hundred parents who want one slot at once exactly one has it, and the others are told', async () => {
    const parents = Array.from({ length: 100 }, (_, n) => ({
      ...people.parent,
      subject: idOf(`parent ${n}`),
      students: [idOf(`child ${n}`)],
    }));
    const students = parents.map(({ students: [studentId] }) => ({ studentId, begins: '2026-08-17', ends: null }));
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, students });
    const answers = await Promise.all(
      parents.map((parent) =>
        service.ask(parent, verbs.bookConference, { input: { slotId: slots[0]!.id, studentId: parent.students[0] } }),
      ),
    );
    const codes = Map.groupBy(answers, ({ errors }) => errors?.[0]?.extensions['code'] ?? 'BOOKED');
    expect([...codes].map(([code, some]) => [code, some.length]).toSorted()).toEqual([['BOOKED', 1], ['SLOT_TAKEN', 99]]); // prettier-ignore
    expect(await list(people.clerk)).toHaveLength(1);
    expect(await service.sql('select deadlocks from pg_stat_database where datname = current_database()')).toEqual([{ deadlocks: '0' }]);
  });

  test('no child and no parent is in two conferences at once, also when both are asked for at the same moment', async () => {
    await service.hear('scheduling', 'SectionChanged', service.algebra);
    const both = { ...people.parent, students: [ids.ana, ids.ben] };
    for (let round = 0; round < 5; round++) {
      await service.sql('delete from conference_booking');
      const inputs = [
        { slotId: slots[0]!.id, studentId: ids.ana },
        { slotId: coSlots[0]!.id, studentId: round % 2 ? ids.ana : ids.ben },
      ];
      const answers = await Promise.all(inputs.map((input) => service.ask(both, verbs.bookConference, { input })));
      const codes = answers.map(({ errors }) => errors?.[0]?.extensions['code'] ?? 'BOOKED').toSorted();
      expect(codes[0]).toBe('BOOKED');
      expect(round % 2 ? ['STUDENT_BUSY', 'PARENT_BUSY'] : ['PARENT_BUSY']).toContain(codes[1]);
    }
  });

  test.each([
    ['a child of others', people.parent, { studentId: ids.ben }, 'NOT_FOUND'],
    ['a slot that is none', people.parent, { slotId: 'x' }, 'NOT_FOUND'],
    ['a teacher who does not teach the child', people.parent, { colleague: true }, 'NOT_A_TEACHER_OF'],
    ['before families may', people.parent, { at: '2026-10-17T23:59:59Z' }, 'BOOKING_CLOSED'],
    ['in the instant in which booking closes', people.parent, { at: '2026-10-22T00:00:00Z' }, 'BOOKING_CLOSED'],
    ['with an interpreter of no language', people.parent, { interpreter: 'not a language' }, 'LANGUAGE_INVALID'],
    ['as the student', people.ana, {}, 'FORBIDDEN'],
    ['as a teacher', people.teacher, {}, 'FORBIDDEN'],
    ['as the office without a reason', people.clerk, {}, 'REASON_REQUIRED'],
    ['as the office without saying for whom', people.clerk, { reason: 'by telephone' }, 'PARENT_REQUIRED'],
    ['as the office of another school', people.otherPrincipal, { reason: 'x' }, 'NOT_FOUND'],
  ] as readonly [string, Viewer, { at?: string; colleague?: true }, string][])(
    '%s is refused by name',
    async (_, viewer, { at, colleague, ...odd }, code) => {
      if (at) service.clock.now = new Date(at);
      const [slot] = colleague ? await act(people.clerk, 'addConferenceSlots', slotsInput({ staffId: people.colleague.subject })) : slots;
      expect(await refused(viewer, 'bookConference', { slotId: slot!.id, studentId: ids.ana, ...odd })).toBe(code);
      expect(await list(people.clerk)).toEqual([]);
    },
  );

  test('the office books for a parent, with a reason, also when booking is closed', async () => {
    service.clock.now = new Date('2026-10-22T18:00:00Z');
    const by = { parentId: people.parent.subject, reason: 'by telephone' };
    await book(people.clerk, slots[0]!.id, ids.ana, by);
    expect(await mine(people.parent)).toHaveLength(1);
    expect(await service.sql('select parent_id, reason from conference_booking')).toEqual([
      { parent_id: people.parent.subject, reason: 'by telephone' },
    ]);
  });
});

describe('moving and cancelling', () => {
  test('a moved booking frees its slot at the same moment; one that cannot be moved stays', async () => {
    const { id } = await book(people.parent, slots[0]!.id, ids.ana);
    await book(people.otherParent, slots[1]!.id, ids.ben);
    expect(await refused(people.parent, 'moveConference', { bookingId: id, slotId: slots[1]!.id })).toBe('SLOT_TAKEN');
    expect(await taken()).toEqual([true, true, false, false]);
    expect(await act(people.parent, 'moveConference', { bookingId: id, slotId: slots[3]!.id })).toMatchObject({
      id,
      beginsAt: slots[3]!.beginsAt,
    });
    expect(await taken()).toEqual([false, true, false, true]);
    const [before] = await service.sql(`select before ->> 'slot_id' as slot from history where row_id = $1`, [id]);
    expect(before).toEqual({ slot: slots[0]!.id });
  });

  test('a cancelled booking gives the slot back, stays known, and is not moved', async () => {
    const { id } = await book(people.parent, slots[0]!.id, ids.ana);
    const cancelled = await act(people.parent, 'cancelConference', { bookingId: id });
    expect(cancelled.cancelledAt).toBe('2026-10-19T17:00:00.000Z');
    service.clock.now = new Date('2026-10-20T17:00:00Z');
    expect(await act(people.parent, 'cancelConference', { bookingId: id })).toEqual(cancelled);
    expect(await mine(people.parent)).toEqual([]);
    await book(people.otherParent, slots[0]!.id, ids.ben);
    expect(await refused(people.parent, 'moveConference', { bookingId: id, slotId: slots[2]!.id })).toBe('CONFERENCE_CANCELLED');
  });

  test('not by others; by the teacher and the office with a reason', async () => {
    const { id } = await book(people.parent, slots[0]!.id, ids.ana);
    for (const [viewer, code] of [
      [people.otherParent, 'NOT_FOUND'],
      [people.colleague, 'NOT_FOUND'],
      [people.otherPrincipal, 'NOT_FOUND'],
      [people.clerk, 'REASON_REQUIRED'],
      [people.teacher, 'REASON_REQUIRED'],
    ] as const)
      expect(await refused(viewer, 'cancelConference', { bookingId: id })).toBe(code);
    expect(await refused(people.otherParent, 'moveConference', { bookingId: id, slotId: slots[2]!.id })).toBe('NOT_FOUND');
    await act(people.teacher, 'cancelConference', { bookingId: id, reason: 'ill' });
    expect(await taken()).toEqual([false, false, false, false]);
  });
});

describe('a packet', () => {
  const packet = `{ myConferences { nodes { packet { title section { id } mark { value status } missing } } } }`;
  const of = async (viewer: Viewer) => (await service.data(viewer, packet)).myConferences.nodes[0].packet;

  test('tells what is posted so far, and of what is not that it is missing: a draft is no more there than nothing', async () => {
    await book(people.parent, slots[0]!.id, ids.ana);
    const empty = [{ title: 'Algebra 1', section: { id: ids.algebra }, mark: null, missing: ['MARK'] }];
    expect(await of(people.parent)).toEqual(empty);
    service.clock.now = new Date('2026-10-05T17:00:00Z');
    await service.sql('delete from grading_window');
    await service.sql(`insert into grading_window (grading_period_id, opens_at, closes_at) values ($1, '2026-10-01Z', '2026-10-10Z')`, [ids.fall]); // prettier-ignore
    const place = { sectionId: ids.algebra, gradingPeriodId: ids.fall };
    const save = `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome } } }`;
    const post = `mutation ($input: PostMarksInput!) { postMarks(input: $input) { rows { outcome } } }`;
    const cells = [{ studentId: ids.ana, baseRevision: 0, value: 'B' }];
    await service.data(people.teacher, save, { input: { saveId: newSaveId(), ...place, cells } });
    for (const viewer of [people.parent, people.teacher]) expect(await of(viewer)).toEqual(empty);
    await service.data(people.teacher, post, {
      input: { saveId: newSaveId(), ...place, cells: [{ studentId: ids.ana, baseRevision: 1 }] },
    });
    for (const viewer of [people.parent, people.teacher])
      expect(await of(viewer)).toEqual([{ ...empty[0], mark: { value: 'B', status: 'POSTED' }, missing: [] }]);
  });

  test('of a day is read in the order of the day by the office; a teacher finds those they teach', async () => {
    await book(people.parent, slots[0]!.id, ids.ana);
    await service.hear('scheduling', 'SectionChanged', { ...service.algebra, id: idOf('Art'), title: 'Art', teachers: [] });
    const day = `query ($c: ID!) { conferenceBookings(conferenceId: $c) { nodes { packet { title } } } }`;
    const titles = async (viewer: Viewer) =>
      (await service.data(viewer, day, { c: conferenceId })).conferenceBookings.nodes[0].packet.map(
        ({ title }: { title: string }) => title,
      );
    expect(await titles(people.counselor)).toEqual(['Algebra 1', 'Art']);
    expect(await titles(people.teacher)).toEqual(['Algebra 1']);
    await service.sql(`delete from section_seat where section_id = $1`, [idOf('Art')]);
    await service.sql(`delete from section_roster where section_id = $1`, [idOf('Art')]);
  });
});

test('a family sees nothing of other families, also without the checks of the service', async () => {
  await book(people.otherParent, slots[1]!.id, ids.ben);
  expect(await mine(people.parent)).toEqual([]);
  const seen = await service.database.transaction(people.parent, null, ({ query }) => query('select from conference_booking'));
  expect(seen).toEqual([]);
  await expect(
    service.database.transaction(
      people.parent,
      null,
      ({ query }) =>
      query(`insert into conference_booking (conference_id, school_id, slot_id, staff_id, student_id, parent_id, begins_at, ends_at)
        select conference_id, school_id, id, staff_id, $1, $2, begins_at, ends_at from conference_slot limit 1`, [ids.ben, people.parent.subject]), // prettier-ignore
    ),
  ).rejects.toThrow('row-level security');
});

test.each([
  [people.teacher, {}, 'FORBIDDEN'],
  [people.otherPrincipal, {}, 'NOT_FOUND'],
  [people.clerk, { title: ' ' }, 'TITLE_INVALID'],
  [people.clerk, { title: 'Fall conferences' }, 'CONFERENCE_EXISTS'],
  [people.clerk, { gradingPeriodId: ids.ana }, 'GRADING_PERIOD_UNKNOWN'],
  [people.clerk, { bookingClosesAt: '2026-10-18T00:00:00Z' }, 'BOOKING_SPAN_INVALID'],
])('a conference that is wrong, or not theirs to announce, is refused by name (%#)', async (viewer, odd, code) => {
  const input = { schoolId: ids.school, title: 'Spring conferences', gradingPeriodId: ids.fall };
  const span = { bookingOpensAt: '2026-10-18T00:00:00Z', bookingClosesAt: '2026-10-22T00:00:00Z' };
  expect(await refused(viewer, 'addConference', { ...input, ...span, ...odd })).toBe(code);
});
