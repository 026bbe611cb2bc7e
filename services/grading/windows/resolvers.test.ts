import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { ids, idOf, newSaveId, openGrading, people, type Grading } from '../testing.ts';

const openWindow = `mutation ($input: OpenGradingWindowInput!) { openGradingWindow(input: $input) {
  id level opensAt closesAt isOpen reason gradingPeriod { id } school { id } } }`;
const extend = `mutation ($input: ExtendGradingWindowInput!) { extendGradingWindow(input: $input) {
  id level opensAt closesAt isOpen reason section { id } teacher { id } school { id } } }`;

let service: Grading;
beforeAll(async () => {
  service = await openGrading();
});
beforeEach(async () => {
  service.clock.now = new Date('2026-10-12T17:00:00Z');
  await service.sql('delete from grading_window');
  await service.sql('delete from mark');
});
afterAll(() => service.close());

const usual = { gradingPeriodId: ids.fall, opensAt: '2026-10-05T15:00:00Z', closesAt: '2026-10-10T00:00:00Z' };
const openForAll = () => service.data(people.administrator, openWindow, { input: usual });
const more = (place: object, closesAt = '2026-10-14T00:00:00Z') => ({
  input: { gradingPeriodId: ids.fall, closesAt, reason: 'the power was out', ...place },
});
const codeOfSave = async (viewer: Viewer = people.teacher) => {
  const cells = [{ studentId: ids.ana, baseRevision: 0, value: 'A', comment: newSaveId() }];
  const input = { saveId: newSaveId(), sectionId: ids.algebra, gradingPeriodId: ids.fall, cells };
  const { saveMarks } = await service.data(
    viewer,
    `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome code } } }`,
    { input },
  );
  await service.sql('delete from mark');
  return saveMarks.rows[0].code ?? saveMarks.rows[0].outcome;
};

test('without a window nothing is saved; with one for the district, every section saves', async () => {
  expect(await codeOfSave()).toBe('WINDOW_CLOSED');
  const { openGradingWindow: window } = await openForAll();
  expect(window).toMatchObject({ level: 'DISTRICT', isOpen: false, reason: null, school: null, gradingPeriod: { id: ids.fall } });
  service.clock.now = new Date('2026-10-06T17:00:00Z');
  expect(await codeOfSave()).toBe('SAVED');
});

describe('one mutation extends a window, at any level, for whom it names and nobody else', () => {
  beforeEach(openForAll);

  test('for the district', async () => {
    const { extendGradingWindow: window } = await service.data(people.administrator, extend, more({}));
    expect(window).toMatchObject({ level: 'DISTRICT', closesAt: '2026-10-14T00:00:00.000Z', isOpen: true, reason: 'the power was out' });
    expect(await codeOfSave()).toBe('SAVED');
    const [before] = await service.sql(`select before, reason from history where row_id = $1`, [window.id]);
    expect(before).toMatchObject({ before: { closes_at: '2026-10-10T00:00:00+00:00' }, reason: 'the power was out' });
  });

  test('for a school', async () => {
    expect((await service.data(people.principal, extend, more({ schoolId: ids.school }))).extendGradingWindow).toMatchObject({
      ...{ level: 'SCHOOL', opensAt: '2026-10-12T17:00:00.000Z', school: { id: ids.school } },
    });
    expect(await codeOfSave()).toBe('SAVED');
  });

  test('for another school it changes nothing here', async () => {
    await service.data(people.administrator, extend, more({ schoolId: ids.otherSchool }));
    expect(await codeOfSave()).toBe('WINDOW_CLOSED');
  });

  test('for a section', async () => {
    const { extendGradingWindow: window } = await service.data(people.principal, extend, more({ sectionId: ids.algebra }));
    expect(window).toMatchObject({ level: 'SECTION', section: { id: ids.algebra }, school: { id: ids.school } });
    expect(await codeOfSave()).toBe('SAVED');
  });

  test('for one teacher of a section with two', async () => {
    const place = { schoolId: ids.school, teacherId: people.teacher.subject };
    expect((await service.data(people.principal, extend, more(place))).extendGradingWindow).toMatchObject({
      ...{ level: 'TEACHER', teacher: { id: people.teacher.subject } },
    });
    expect(await codeOfSave()).toBe('SAVED');
    expect(await codeOfSave(people.coTeacher)).toBe('WINDOW_CLOSED');
  });

  test('more time for the district is more time for those who had some already', async () => {
    await service.data(people.principal, extend, more({ sectionId: ids.algebra }, '2026-10-13T00:00:00Z'));
    await service.data(people.administrator, extend, more({}, '2026-10-20T00:00:00Z'));
    service.clock.now = new Date('2026-10-19T00:00:00Z');
    expect(await codeOfSave()).toBe('SAVED');
  });

  test('twenty extensions at the same moment leave the latest close', async () => {
    const hours = Array.from({ length: 20 }, (_, n) => `2026-10-15T${String(n).padStart(2, '0')}:00:00Z`);
    await Promise.all(hours.map((closesAt) => service.ask(people.administrator, extend, more({}, closesAt))));
    expect(await service.sql(`select closes_at = '2026-10-15T19:00:00Z' as latest from grading_window`)).toEqual([{ latest: true }]);
  });

  test.each([
    [people.principal, more({}), 'FORBIDDEN'],
    [people.principal, more({ schoolId: ids.otherSchool }), 'NOT_FOUND'],
    [people.principal, more({ sectionId: ids.otherSection }), 'NOT_FOUND'],
    [people.administrator, more({ sectionId: ids.algebra, schoolId: ids.otherSchool }), 'NOT_FOUND'],
    [people.administrator, more({ schoolId: idOf('no school') }), 'NOT_FOUND'],
    [people.administrator, more({ schoolId: 'x' }), 'NOT_FOUND'],
    [people.administrator, more({ sectionId: ids.algebra, teacherId: people.teacher.subject }), 'LEVEL_INVALID'],
    [people.administrator, more({ teacherId: people.teacher.subject }), 'LEVEL_INVALID'],
    [people.administrator, more({}, '2026-10-12T16:59:59Z'), 'NOT_AN_EXTENSION'],
    [people.administrator, more({ reason: '  ' }), 'REASON_REQUIRED'],
    [people.administrator, more({ gradingPeriodId: idOf('none') }), 'GRADING_PERIOD_UNKNOWN'],
    [people.teacher, more({ sectionId: ids.algebra }), 'FORBIDDEN'],
    [people.counselor, more({ schoolId: ids.school }), 'FORBIDDEN'],
    [people.clerk, more({ schoolId: ids.school }), 'FORBIDDEN'],
    [people.parent, more({}), 'FORBIDDEN'],
  ])('an extension that must not be is refused and changes nothing (%#)', async (viewer, variables, code) => {
    const before = await service.sql('select * from grading_window');
    expect(await service.code(viewer, extend, variables)).toBe(code);
    expect(await service.sql('select * from grading_window')).toEqual(before);
  });

  test('an extension is later than what it extends', async () => {
    await service.data(people.administrator, extend, more({}));
    expect(await service.code(people.administrator, extend, more({}))).toBe('NOT_AN_EXTENSION');
  });
});

test('a window is opened once, by who leads the place, and closes after it opens', async () => {
  await openForAll();
  const code = (viewer: Viewer, odd: object) => service.code(viewer, openWindow, { input: { ...usual, ...odd } });
  expect(await code(people.administrator, {})).toBe('WINDOW_EXISTS');
  expect(await code(people.administrator, { gradingPeriodId: ids.winter, closesAt: usual.opensAt })).toBe('WINDOW_INVALID');
  expect(await code(people.principal, { gradingPeriodId: ids.winter })).toBe('FORBIDDEN');
  expect(await code(people.principal, { schoolId: ids.otherSchool })).toBe('NOT_FOUND');
  expect(await code(people.teacher, { schoolId: ids.school })).toBe('FORBIDDEN');
});

test('a section tells the window that counts for it and for who asks', async () => {
  await openForAll();
  const ask = async (viewer: Viewer, sectionId = ids.algebra) => {
    const { data } = await service.entities(
      viewer,
      [{ __typename: 'Section', id: sectionId }],
      `... on Section { gradingWindow(gradingPeriodId: "${ids.fall}") { level closesAt isOpen } }`,
    );
    return (data!['_entities'] as { gradingWindow: object | null }[])[0]?.gradingWindow ?? null;
  };
  expect(await ask(people.teacher)).toEqual({ level: 'DISTRICT', closesAt: '2026-10-10T00:00:00.000Z', isOpen: false });
  await service.data(people.principal, extend, more({ schoolId: ids.school, teacherId: people.teacher.subject }));
  expect(await ask(people.teacher)).toEqual({ level: 'TEACHER', closesAt: '2026-10-14T00:00:00.000Z', isOpen: true });
  expect(await ask(people.coTeacher)).toMatchObject({ level: 'DISTRICT' });
  expect(await ask(people.stranger)).toBeNull();
});
