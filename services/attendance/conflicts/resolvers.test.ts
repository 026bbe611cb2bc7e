import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import {
  clerk,
  correctAttendance,
  coTeacher,
  counselor,
  farClerk,
  farTeacher,
  id,
  newSaveId,
  now,
  openAttendance,
  otherTeacher,
  parent,
  principal,
  substitute,
  teacher,
  vendor,
  yesterday,
  type Attendance,
  type RollChanges,
} from '../testing.ts';

const list = `query ($s: ID!, $all: Boolean) { rollConflicts(sectionId: $s, includeResolved: $all, first: 50) { nodes { saveId kind baseRevision
  reason savedBy { id } resolution resolvedAt resolvedBy { id } roll { id revision } exceptions { student { id } code minutes comment } } } }`;
const resolve = `mutation ($input: ResolveRollConflictInput!) { resolveRollConflict(input: $input) {
  saveId outcome replayed code revision rows { studentId } roll { id revision entries { student { id } attendance { state code } } } } }`;

let service: Attendance;
let section: number;
beforeAll(async () => {
  service = await openAttendance();
});
beforeEach(async () => {
  section = await service.ownSection();
});
afterAll(() => service.close());

const conflictsFor = async (viewer: Viewer, all = false) =>
  (await service.data(viewer, list, { s: id('section', section), all }))['rollConflicts'].nodes;
/** Student 1 is absent, says the teacher; student 2 is tardy, says the co-teacher, who had not seen it. Answers the saving that lost. */
async function disagree(changes: RollChanges = {}): Promise<string> {
  await service.take(teacher, changes);
  const exceptions = [{ studentId: id('student', 2), code: 'T', minutes: 7, comment: 'bus' }];
  const lost = await service.take(coTeacher, { exceptions, ...changes });
  expect(lost.outcome).toBe('CONFLICT');
  return lost.saveId;
}
const inputOf = (lostSaveId: string, resolution: string, more: object = {}) => ({ saveId: newSaveId(), lostSaveId, resolution, ...more });
const keep = (lostSaveId: string, baseRevision = 1, more: object = {}) => inputOf(lostSaveId, 'KEEP_MINE', { baseRevision, ...more });
const resolved = async (viewer: Viewer, input: object) => (await service.data(viewer, resolve, { input }))['resolveRollConflict'];
const codeOf = (viewer: Viewer, input: object) => service.code(viewer, resolve, { input });
const statesOf = (answer: { roll: { entries: { attendance: { state: string } }[] } }) =>
  answer.roll.entries.map(({ attendance: { state } }) => state);
const nobodyElse = ['PRESENT', 'PRESENT', 'PRESENT'];

test('what somebody said of a roll and lost is shown to those who teach that day and to the office, with all of its words', async () => {
  const lost = await disagree();
  for (const viewer of [teacher, coTeacher, clerk, principal, counselor])
    expect(await conflictsFor(viewer)).toMatchObject([
      {
        ...{ saveId: lost, kind: 'TAKEN', baseRevision: 0, savedBy: { id: coTeacher.subject }, resolution: null, roll: { revision: 1 } },
        exceptions: [{ student: { id: id('student', 2) }, code: 'T', minutes: 7, comment: 'bus' }],
      },
    ]);
  for (const viewer of [otherTeacher, substitute]) expect(await conflictsFor(viewer)).toEqual([]);
  for (const viewer of [farTeacher, farClerk]) expect(await service.code(viewer, list, { s: id('section', section) })).toBe('NOT_FOUND');
  for (const viewer of [parent, vendor]) expect(await service.code(viewer, list, { s: id('section', section) })).toBe('FORBIDDEN');
});

test("a substitute sees and resolves what was said on the substitute's own day, and no other", async () => {
  const here = await disagree();
  const lost = await disagree({ date: yesterday });
  expect(await conflictsFor(substitute)).toMatchObject([{ saveId: lost }]);
  expect(await codeOf(substitute, keep(here))).toBe('FORBIDDEN');
  expect(await resolved(substitute, inputOf(lost, 'TAKE_THEIRS'))).toMatchObject({ outcome: 'SAVED' });
});

describe('taking theirs', () => {
  test('leaves the roll that stands, and the conflict is shown on request only, with who dismissed it and when', async () => {
    const lost = await disagree();
    const answer = await resolved(coTeacher, inputOf(lost, 'TAKE_THEIRS'));
    expect(answer).toMatchObject({ outcome: 'SAVED', replayed: false, revision: null, rows: [], roll: { revision: 1 } });
    expect(statesOf(answer)).toEqual(['ABSENT', 'PRESENT', ...nobodyElse]);
    expect(await conflictsFor(teacher)).toEqual([]);
    expect(await conflictsFor(teacher, true)).toMatchObject([
      { saveId: lost, resolution: 'TAKE_THEIRS', resolvedAt: now().toISOString(), resolvedBy: { id: coTeacher.subject } },
    ]);
  });
});

describe('keeping mine', () => {
  test('takes the roll once more with what was said, on the revision that was seen now', async () => {
    const lost = await disagree();
    const answer = await resolved(coTeacher, keep(lost));
    expect(answer).toMatchObject({ outcome: 'SAVED', revision: 2, roll: { revision: 2 } });
    expect(statesOf(answer)).toEqual(['PRESENT', 'TARDY', ...nobodyElse]);
    expect(await conflictsFor(teacher)).toEqual([]);
  });

  test('of a correction corrects once more with its reason, and is for the office', async () => {
    await service.take(teacher);
    const { exceptions: _, ...roll } = service.ownRoll();
    const correct = async (viewer: Viewer, code: string) => {
      const corrections = [{ studentId: id('student', 1), code }];
      const input = { ...roll, saveId: newSaveId(), baseRevision: 1, reason: 'a parent called', corrections };
      return (await service.data(viewer, correctAttendance, { input }))['correctAttendance'];
    };
    await correct(clerk, 'E');
    expect(await correct(principal, 'T')).toMatchObject({ outcome: 'CONFLICT' });
    const [conflict] = await conflictsFor(principal);
    expect(conflict).toMatchObject({ kind: 'CORRECTED', reason: 'a parent called', baseRevision: 1 });
    for (const input of [keep(conflict.saveId, 2), inputOf(conflict.saveId, 'TAKE_THEIRS')])
      expect(await codeOf(teacher, input)).toBe('FORBIDDEN');
    const answer = await resolved(principal, keep(conflict.saveId, 2));
    expect(answer).toMatchObject({ outcome: 'SAVED', revision: 3 });
    expect(statesOf(answer)[0]).toBe('TARDY');
  });

  test('on a revision that has passed is a conflict again: the roll that stands is shown, and the new saving is the conflict', async () => {
    const lost = await disagree();
    await service.take(teacher, { baseRevision: 1, exceptions: [] });
    const input = keep(lost);
    expect(await resolved(coTeacher, input)).toMatchObject({ outcome: 'CONFLICT', revision: null, roll: { revision: 2 } });
    expect(await conflictsFor(coTeacher)).toMatchObject([
      { saveId: input.saveId, baseRevision: 1, exceptions: [{ code: 'T', comment: 'bus' }] },
    ]);
    expect(await resolved(coTeacher, keep(input.saveId, 2))).toMatchObject({ outcome: 'SAVED', revision: 3 });
  });

  test('of a roll that has closed for teachers is refused as any roll is, and the conflict stays for the office', async () => {
    const lost = await disagree();
    service.clock.now = new Date('2026-12-18T18:00:00Z');
    expect(await resolved(coTeacher, keep(lost))).toMatchObject({ outcome: 'REFUSED', code: 'ROLL_CLOSED', roll: { revision: 1 } });
    expect(await conflictsFor(coTeacher)).toHaveLength(1);
    expect(await resolved(clerk, keep(lost))).toMatchObject({ outcome: 'SAVED', revision: 2 });
  });
});

describe('once', () => {
  test.each(['TAKE_THEIRS', 'KEEP_MINE'])(
    '%s sent again is answered the same and changes nothing; its saveId serves nothing else',
    async (resolution) => {
      const input = inputOf(await disagree(), resolution, { baseRevision: 1 });
      const first = await resolved(coTeacher, input);
      await service.take(teacher, { baseRevision: first.roll.revision, exceptions: [] });
      const again = await resolved(coTeacher, input);
      expect(again).toMatchObject({ outcome: first.outcome, revision: first.revision, replayed: true });
      expect(statesOf(again)).toEqual(['PRESENT', 'PRESENT', ...nobodyElse]);
      expect(await codeOf(teacher, input)).toBe('SAVE_ID_REUSED');
      expect(await codeOf(coTeacher, { ...input, resolution: resolution === 'KEEP_MINE' ? 'TAKE_THEIRS' : 'KEEP_MINE' })).toBe(
        'SAVE_ID_REUSED',
      );
    },
  );

  test('a resolution does not take the id of a saving that was made before', async () => {
    const lost = await disagree();
    for (const resolution of ['TAKE_THEIRS', 'KEEP_MINE'])
      expect(await codeOf(coTeacher, inputOf(lost, resolution, { saveId: lost, baseRevision: 1 }))).toBe('SAVE_ID_REUSED');
    expect(await conflictsFor(coTeacher)).toHaveLength(1);
  });

  test('twenty copies of one resolution at the same moment have one effect', async () => {
    const input = keep(await disagree());
    const answers = await Promise.all(Array.from({ length: 20 }, () => resolved(coTeacher, input)));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(answers.every(({ roll }) => roll.revision === 2)).toBe(true);
  });

  test('of two who resolve one conflict at once one does, and the other is told', async () => {
    for (let round = 0; round < 10; round++) {
      section = await service.ownSection();
      const lost = await disagree();
      const answers = await Promise.all([
        service.ask(coTeacher, resolve, { input: keep(lost) }),
        service.ask(teacher, resolve, { input: inputOf(lost, 'TAKE_THEIRS') }),
      ]);
      const codes = answers.map(({ errors }) => errors?.[0]?.extensions['code'] ?? 'DONE');
      expect(codes.toSorted()).toEqual(['CONFLICT_RESOLVED', 'DONE']);
      expect(await conflictsFor(teacher)).toEqual([]);
    }
  });
});

test.each([
  ['a saving that won', async () => keep((await service.take(teacher)).saveId), 'NOT_FOUND'],
  ['a saving that is none', async () => keep(newSaveId()), 'NOT_FOUND'],
  ['an id that is none', async () => keep(''), 'NOT_FOUND'],
  ['a saveId that is none', async () => keep(await disagree(), 1, { saveId: 'x' }), 'BAD_USER_INPUT'],
  ['no revision', async () => inputOf(await disagree(), 'KEEP_MINE'), 'BAD_USER_INPUT'],
  ['a revision below 0', async () => keep(await disagree(), -1), 'BAD_USER_INPUT'],
])('%s is told by name', async (_, input, code) => {
  expect(await codeOf(coTeacher, await input())).toBe(code);
});

test.each([
  ['a teacher without this class', otherTeacher, 'FORBIDDEN'],
  ['the counselor', counselor, 'FORBIDDEN'],
  ['a parent', parent, 'FORBIDDEN'],
  ['a vendor', vendor, 'FORBIDDEN'],
  ['a teacher of another school', farTeacher, 'NOT_FOUND'],
  ['the office of another school', farClerk, 'NOT_FOUND'],
])('%s resolves nothing', async (_, viewer, code) => {
  const lost = await disagree();
  for (const input of [keep(lost), inputOf(lost, 'TAKE_THEIRS')]) expect(await codeOf(viewer, input)).toBe(code);
  expect(await conflictsFor(teacher)).toHaveLength(1);
});
