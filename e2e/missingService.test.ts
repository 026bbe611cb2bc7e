import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ownOperations } from '@rollbook/gateway/warmUp.ts';
import { randomUUIDv7 } from 'node:crypto';
import { ask, demoDirectory, fiveProcesses, today, type System } from './topologies.ts';

const teacherDay = ownOperations().find(({ name }) => name === 'TeacherDay')!.query;
let system: System;
let remove: () => void;
beforeAll(async () => {
  const demo = await demoDirectory();
  remove = demo.remove;
  system = await fiveProcesses(demo.dir);
}, 180_000);
afterAll(async () => {
  await system?.close();
  remove?.();
});

test('F03 with scheduling gone a roll is taken and marks are saved; with it back the day shows them', async () => {
  const token = await system.token('teacher');
  const query = `query ($date: Date!) { myDay(date: $date) { sectionId periodId section { roster(on: $date) { student { id } latestMark { revision gradingPeriod { id } } } } roll { revision } } }`;
  const { data } = await ask(system, token, query, { date: today });
  const meeting = data.myDay.at(-1);
  const row = meeting.section.roster.find((r: { latestMark: unknown }) => r.latestMark);
  await system.stopService!('scheduling');

  const day = await ask(system, token, teacherDay, { date: today });
  expect(day.status).toBe(200);
  expect(day.errors!.map((error) => [error.extensions['serviceName'], error.extensions['code']])).toContainEqual([
    'scheduling',
    'SUBGRAPH_UNAVAILABLE',
  ]);

  const me = await ask(system, token, '{ me { displayName } myDay { date } }');
  expect(me.data?.me?.displayName ?? me.errors!.map((error) => error.message)).toEqual(expect.any(String));

  const roll = {
    saveId: randomUUIDv7(),
    sectionId: meeting.sectionId,
    periodId: meeting.periodId,
    date: today,
    baseRevision: meeting.roll?.revision ?? 0,
  };
  const taken = await ask(system, token, 'mutation ($input: TakeRollInput!) { takeRoll(input: $input) { outcome } }', {
    input: { ...roll, exceptions: [] },
  });
  expect(taken).toMatchObject({ data: { takeRoll: { outcome: 'SAVED' } } });
  const input = {
    ...{ saveId: randomUUIDv7(), sectionId: meeting.sectionId, gradingPeriodId: row.latestMark.gradingPeriod.id },
    cells: [{ studentId: row.student.id, baseRevision: row.latestMark.revision, value: 'A' }],
  };
  const saved = await ask(system, token, 'mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { rows { outcome } } }', { input });
  expect(saved.data.saveMarks.rows).toEqual([{ outcome: 'SAVED' }]);

  await system.startService!('scheduling');
  const back = await ask(system, token, teacherDay, { date: today });
  expect(back.errors).toBeUndefined();
  const again = back.data.myDay.find((m: { section: { id: string } }) => m.section.id === meeting.sectionId);
  expect(again.roll.state).toBe('SUBMITTED');
  expect(again.section.roster.find((r: { student: { id: string } }) => r.student.id === row.student.id).latestMark.value).toBe('A');
}, 120_000);

test.each(['student', 'grading', 'attendance'])(
  'with %s gone the day answers with what it has and says what is missing',
  async (name) => {
    const token = await system.token('teacher');
    await system.stopService!(name);
    try {
      const day = await ask(system, token, teacherDay, { date: today });
      expect(new Set(day.errors!.map((error) => error.extensions['serviceName']))).toEqual(new Set([name]));
      if (name !== 'student') expect(day.data.myDay[0].section.roster[0].student.displayName).toEqual(expect.any(String));
    } finally {
      await system.startService!(name);
    }
  },
  120_000,
);
