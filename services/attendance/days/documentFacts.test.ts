import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addDays } from '@rollbook/school';
import { administrator, id, newSaveId, openAttendance, seats, sectionFact, type Attendance } from '../testing.ts';

const school = id('school', 1);
const seed = Number(process.env['ROLLBOOK_SEED'] ?? Date.now() % 1_000_000);
const [begins, ends] = ['2026-11-02', '2026-11-18'];
let service: Attendance;
beforeAll(async () => {
  service = await openAttendance();
  for (const n of [2, 3])
    await service.hear(
      'scheduling',
      'SectionChanged',
      sectionFact(n, {
        students: [...seats(3), { studentId: id('student', 4), begins: '2026-08-17', ends: '2026-11-10' }],
        meetings: [{ periodId: id('period', n), periodName: `Period ${n}`, days: [], begins: '2026-08-17', ends: null }],
      }),
    );
  // its meeting pattern is not known: it meets once on every school day
  await service.hear('scheduling', 'SectionChanged', sectionFact(4, { students: seats(2), meetings: [] }));
});
afterAll(() => service.close());

const told = async (studentIds: string[], range: { begins: string | null; ends: string | null }) => {
  const before = (await service.told()).length;
  await service.hear('grading', 'DocumentFactsAsked', { requestId: newSaveId(), schoolId: school, studentIds, on: ends, ...range });
  return (await service.told()).slice(before);
};

test(`what is told for a document is what the days of each student add up to (seed ${seed})`, async () => {
  let state = seed;
  const random = (below: number) => ((state = (state * 48271 + 11) % 2147483647), state % below);
  for (let date = begins; date < ends; date = addDays(date, 1))
    for (const n of [1, 2, 3, 4])
      if (random(4))
        await service.sql(
          `with r as (insert into roll select $1, $2, $3, $4, $5, 1, now(), $6
               where (select is_open from school_day($5, $3)) returning *)
             insert into roll_entry (section_id, date, period_id, student_id, roll_id, school_id, revision, taken_state, office_state)
               select r.section_id, r.date, r.period_id, s.id, r.id, r.school_id, 1, s.state, s.office
                 from r, unnest($7::uuid[], $8::text[], $9::text[]) s (id, state, office)`,
          [
            ...[newSaveId(), id('section', n), date, id('period', n), school, id('teacher', 1)],
            [1, 2, 3].map((s) => id('student', s)),
            [1, 2, 3].map(() => ['PRESENT', 'ABSENT', 'ABSENT', 'TARDY'][random(4)]),
            [1, 2, 3].map(() => ['PRESENT', null, null, null, 'ABSENT'][random(5)]),
          ],
        );
  const students = [1, 2, 3, 4, 9].map((n) => id('student', n));
  const [event] = await told(students, { begins, ends });
  const summaries = event!.payload.students as { id: string }[];
  expect(summaries).toHaveLength(5);
  for (const summary of summaries) {
    const { data } = await service.entities(
      administrator,
      [{ __typename: 'Student', id: summary.id }],
      `... on Student { attendance(from: "${begins}", to: "${addDays(ends, -1)}") { state periods { attendance { state } } } }`,
    );
    type Day = { state: string; periods: { attendance: { state: string } }[] };
    const [student] = data!['_entities'] as ({ attendance: Day[] } | null)[];
    const days = student?.attendance ?? []; // null: sits in no class
    const count = (wanted: string) => days.filter(({ state }) => state === wanted).length;
    expect(summary).toEqual({
      id: summary.id,
      daysEnrolled: days.length,
      daysAbsent: count('ABSENT'),
      daysTardy: count('TARDY'),
      rollsMissing: days.flatMap(({ periods }) => periods).filter(({ attendance }) => attendance.state === 'NOT_SUBMITTED').length,
    });
  }
  expect(summaries.at(-1)).toMatchObject({ daysEnrolled: 0, rollsMissing: 0 });
});

test('a document that says nothing of attendance asks nothing of it', async () => {
  expect(await told([id('student', 1)], { begins: null, ends: null })).toEqual([]);
});
