/* eslint-disable @typescript-eslint/no-explicit-any -- answers are as the graph says; the assertions are their types */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ownOperations } from '@rollbook/gateway/warmUp.ts';
import { randomUUIDv7 } from 'node:crypto';
import { rmSync } from 'node:fs';
import { inBothTopologies } from './day.ts';
import { ask, inDatabases, today, type System } from './topologies.ts';

const teacherDay = ownOperations().find(({ name }) => name === 'TeacherDay')!.query;
const takeRoll = `mutation ($input: TakeRollInput!) { takeRoll(input: $input) { outcome code message replayed roll { state revision } } }`;
const saveMarks = `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { replayed rows { studentId outcome code revision } } }`;
const meetingsQuery = `query ($date: Date!) { myDay(date: $date) { sectionId periodId section { roster(on: $date) { student { id } latestMark { value revision gradingPeriod { id } } } } roll { state revision } } }`;

inBothTopologies((open, reopen) => {
  let system: System;
  let dir: string;
  beforeAll(async () => {
    ({ system, dir } = await open());
  }, 180_000);
  afterAll(async () => {
    await system?.close();
    if (dir) rmSync(dir, { recursive: true, force: true });
  });

  test("the teacher's day is what the four databases say", async () => {
    const answer = await ask(system, await system.token('teacher'), teacherDay, { date: today });
    expect(answer.errors).toBeUndefined();
    expect(answer.data.myDay.length).toBeGreaterThanOrEqual(4);
    await system.close();
    const expected = await inDatabases(dir, (sql) => dayBySql(sql, answer.data.me.id));
    system = await reopen(dir);
    const seen = answer.data.myDay.flatMap((meeting: any) =>
      meeting.section.roster.map((row: any) => [
        ...[meeting.startsAt, meeting.period.name, meeting.section.id, row.student.id, row.student.displayName],
        ...[row.latestMark?.value ?? null, meeting.roll?.state ?? 'NOT_SUBMITTED'],
      ]),
    );
    expect(seen.map(String).sort()).toEqual(expected.map(String).sort());
    expect(seen.length).toBeGreaterThan(30);
  }, 60_000);

  test('a roll that was taken and marks that were saved are there after a restart', async () => {
    const token = await system.token('teacher');
    const { data } = await ask(system, token, meetingsQuery, { date: today });
    const meeting = data.myDay[0];
    const row = meeting.section.roster.find((r: { latestMark: unknown }) => r.latestMark);
    const roll = {
      saveId: randomUUIDv7(),
      sectionId: meeting.sectionId,
      periodId: meeting.periodId,
      date: today,
      baseRevision: meeting.roll?.revision ?? 0,
    };
    const taken = await ask(system, token, takeRoll, { input: { ...roll, exceptions: [{ studentId: row.student.id, code: 'T' }] } });
    expect(taken.data.takeRoll).toMatchObject({ outcome: 'SAVED', roll: { state: 'SUBMITTED' } });
    const mark = { saveId: randomUUIDv7(), sectionId: meeting.sectionId, gradingPeriodId: row.latestMark.gradingPeriod.id };
    const value = row.latestMark.value === 'B' ? 'C' : 'B';
    const cells = [{ studentId: row.student.id, baseRevision: row.latestMark.revision, value }];
    const saved = await ask(system, token, saveMarks, { input: { ...mark, cells } });
    expect(saved.data.saveMarks.rows).toEqual([
      { studentId: row.student.id, outcome: 'SAVED', code: null, revision: row.latestMark.revision + 1 },
    ]);

    await system.close();
    system = await reopen(dir);
    const again = await ask(system, await system.token('teacher'), meetingsQuery, { date: today });
    const sameMeeting = again.data.myDay.find((m: typeof meeting) => m.sectionId === meeting.sectionId);
    expect(sameMeeting.roll).toMatchObject({ state: 'SUBMITTED', revision: roll.baseRevision + 1 });
    expect(sameMeeting.section.roster.find((r: typeof row) => r.student.id === row.student.id).latestMark.value).toBe(value);
  }, 60_000);
});

type Sql = (service: string, text: string, params?: unknown[]) => Promise<any[]>;

/** The same day by another road: plain SQL over each database, joined here. */
async function dayBySql(sql: Sql, teacherId: string): Promise<unknown[][]> {
  const weekday = 'WEDNESDAY';
  const meetings = await sql(
    'scheduling',
    `select s.id as section_id, m.period_id, p.name as period, s.school_id
       from teacher_assignment t join section s on s.id = t.section_id join meeting_pattern m on m.section_id = s.id join period p on p.id = m.period_id
      where t.staff_id = $1 and daterange(t.begins, t.ends) @> $2::date and daterange(m.begins, m.ends) @> $2::date
        and daterange(s.begins, s.ends) @> $2::date and s.cancelled_on is null and m.day_label in ('', $3)`,
    [teacherId, today, weekday],
  );
  const rows: unknown[][] = [];
  for (const { section_id, period_id, period, school_id } of meetings) {
    const [bell] = await sql(
      'scheduling',
      `select to_char(t.starts_at, 'HH24:MI') as starts_at from bell_schedule b join bell_schedule_time t on t.bell_schedule_id = b.id
        where b.school_id = $1 and b.name = 'Regular day' and t.period_id = $2`,
      [school_id, period_id],
    );
    const [roll] = await sql('attendance', 'select 1 from roll where section_id = $1 and date = $2 and period_id = $3', [
      section_id,
      today,
      period_id,
    ]);
    const roster = await sql(
      'scheduling',
      'select student_id from section_enrollment where section_id = $1 and daterange(begins, ends) @> $2::date',
      [section_id, today],
    );
    for (const { student_id } of roster) {
      const [person] = await sql(
        'student',
        `select given_name, family_name, preferred_given_name, preferred_family_name from student where id = $1`,
        [student_id],
      );
      const [mark] = await sql(
        'grading',
        `select m.value from mark m join grading_period g on g.id = m.grading_period_id where m.section_id = $1 and m.student_id = $2 order by g.begins desc limit 1`,
        [section_id, student_id],
      );
      const name = `${person.preferred_given_name ?? person.given_name} ${person.preferred_family_name ?? person.family_name}`;
      rows.push([bell.starts_at, period, section_id, student_id, name, mark?.value ?? null, roll ? 'SUBMITTED' : 'NOT_SUBMITTED']);
    }
  }
  return rows;
}
