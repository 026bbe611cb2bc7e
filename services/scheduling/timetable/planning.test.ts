import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { clerk, colleague, counselor, id, north, openSchools, openSection, principal, southPrincipal, teacher } from '../testing.ts';

let service: TestSubgraph;
const algebra = id('course', 1);
const [band, chess] = [id('course', 2), id('course', 3)];
const pupil = (n: number) => id('student', n);
const period = (n: number) => id('period', n);
const semesters = [id('session', 2), id('session', 3)];

const does = async (viewer: Viewer, name: string, input: object, answer = 'id') =>
  (
    await service.data(
      viewer,
      `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${answer} } }`,
      { input },
    )
  )[name];
const refusal = async (name: string, input: object, answer = 'what') =>
  (
    await service.ask(
      counselor,
      `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${answer} } }`,
      { input },
    )
  ).errors?.[0]?.extensions['code'];
let plans = 0;
const plan = async (): Promise<string> =>
  (await does(counselor, 'addScenario', { schoolId: north, schoolYear: 2027, name: `Plan ${++plans}` })).id;
const seen = async (scenarioId: string, fields: string) =>
  (await service.data(counselor, `query ($id: ID!) { scenario(id: $id) { ${fields} } }`, { id: scenarioId }))['scenario'];

/** Pupils from `first` on, each of whom asks for the same courses; of priority 1. */
async function ask(first: number, count: number, courseIds: readonly string[], more: { grade?: string; programs?: string[] } = {}) {
  const students = Array.from({ length: count }, (_, n) => pupil(first + n));
  await service.sql(
    `insert into request_sheet (id, school_id, student_id, school_year, grade_level, programs)
       select v, $2, v, 2027, $3, $4 from unnest($1::uuid[]) v`,
    [students, north, more.grade ?? '09', more.programs ?? []],
  );
  await service.sql(
    `insert into course_request (sheet_id, school_id, student_id, school_year, course_id, priority, place, source)
       select s, $2, s, 2027, c, 1, n, 'ENTERED' from unnest($1::uuid[]) s, unnest($3::uuid[]) with ordinality as x (c, n)`,
    [students, north, courseIds],
  );
}
const capacity = (staffId: string, courseIds: readonly string[], maxSections = 3) =>
  service.sql(
    `insert into teaching_capacity (school_id, school_year, staff_id, course_ids, subjects, max_sections) values ($1, 2027, $2, $3, '{}', $4)`,
    [north, staffId, courseIds, maxSections],
  );

beforeAll(async () => {
  service = await openSchools();
  await service.sql(`insert into course (id, title, subjects) values ($1, 'Band', '{Music}'), ($2, 'Chess', '{}')`, [band, chess]);
});
afterAll(() => service.close());

const recommended = `courses { course { title } requests sections seats enoughFor recommended classSize withoutSeat reason
    oneMore { students requests } missingForOneMore oneLess { students requests } }
  teachers { subject slotsNeeded slotsShort slotsThere teachers { id } } rooms { groups rooms slotsNeeded slotsThere placed { at { period { name } } sections } }`;
const recommendation = async (scenarioId: string | null) =>
  (
    await service.data(
      counselor,
      `query ($s: ID) { recommendedSections(schoolId: "${north}", schoolYear: 2027, scenarioId: $s) { ${recommended} } }`,
      { s: scenarioId },
    )
  )['recommendedSections'];

describe('before there is any section', () => {
  test('requests, teachers and rooms tell how many sections there should be, and what each more or less would change', async () => {
    await ask(1, 45, [algebra]);
    await ask(101, 20, [band]);
    await capacity(teacher.subject, [algebra]);
    for (const name of ['1', '2', '3']) await does(clerk, 'addRoom', { schoolId: north, name, capacity: 30 });
    const { courses, teachers, rooms } = await recommendation(null);
    expect(courses).toEqual([
      {
        ...{ course: { title: 'Algebra 1' }, requests: 45, sections: 0, seats: 0, enoughFor: 2, recommended: 2, classSize: 30 },
        ...{ withoutSeat: 0, reason: '45 students ask for it, in classes of 30.' },
        ...{ oneMore: { students: 0, requests: 0 }, missingForOneMore: null, oneLess: { students: 15, requests: 15 } },
      },
      {
        ...{ course: { title: 'Band' }, requests: 20, sections: 0, seats: 0, enoughFor: 1, recommended: 0, classSize: 30 },
        ...{ withoutSeat: 20, reason: '20 students ask for it, enough for 1 of 30; teachers or rooms reach for 0.' },
        ...{ oneMore: null, missingForOneMore: 'TEACHER', oneLess: { students: 0, requests: 0 } },
      },
    ]);
    expect(teachers).toEqual([
      { subject: 'Music', slotsNeeded: 2, slotsShort: 2, slotsThere: 0, teachers: [] },
      { subject: 'Algebra 1', slotsNeeded: 4, slotsShort: 0, slotsThere: 6, teachers: [{ id: teacher.subject }] },
    ]);
    expect(rooms).toEqual([{ groups: [], rooms: 3, slotsNeeded: 6, slotsThere: 18, placed: [] }]);
  });

  test('the sections are added to a scenario as one change, and taken back as one', async () => {
    await capacity(colleague.subject, [band]);
    const scenario = await plan();
    const added = await does(
      counselor,
      'addRecommendedSections',
      { scenarioId: scenario, baseRevision: 0 },
      'what sections { number seats course { title } sessions { title } meetings { day } teacher { id } } scenario { revision changes { nodes { id what } } }',
    );
    const one = { seats: 30, sessions: [{ title: 'Fall' }, { title: 'Spring' }], meetings: null, teacher: null };
    expect(added.sections).toEqual([
      { number: '001', course: { title: 'Algebra 1' }, ...one },
      { number: '002', course: { title: 'Algebra 1' }, ...one },
      { number: '001', course: { title: 'Band' }, ...one },
    ]);
    expect(added.what).toBe('3 recommended sections of 2 courses added');
    expect(added.scenario).toMatchObject({ revision: 1, changes: { nodes: [{ what: added.what }] } });
    expect(await refusal('addRecommendedSections', { scenarioId: scenario, baseRevision: 1 })).toBe('NOTHING_RECOMMENDED');
    await does(counselor, 'undoScenarioChange', { scenarioId: scenario, changeId: added.scenario.changes.nodes[0].id });
    expect(await seen(scenario, 'sections { nodes { number } }')).toEqual({ sections: { nodes: [] } });
  });
});

describe('beside sections that are there', () => {
  let live: string;
  beforeAll(async () => {
    live = await openSection(service, { number: '07', seatLimit: 20, sessionIds: [semesters[0]] });
    await does(principal, 'setMeetings', { sectionId: live, begins: '2026-08-17', meetings: [{ periodId: period(2) }] });
  });

  test('those that lack are counted from the live ones or from the scenario, and are as the course has them there', async () => {
    const lacks = async (scenarioId: string | null) =>
      (await recommendation(scenarioId)).courses.map(({ course, sections, recommended: all, classSize }: Record<string, unknown>) => [
        (course as { title: string }).title,
        ...[sections, all, classSize],
      ]);
    expect(await lacks(null)).toEqual([
      ['Algebra 1', 1, 2, 20],
      ['Band', 0, 1, 20],
    ]);
    const scenario = await plan();
    const { sections } = await does(
      counselor,
      'addRecommendedSections',
      { scenarioId: scenario, baseRevision: 0, courseIds: [algebra] },
      'sections { number seats sessions { title } }',
    );
    expect(sections).toEqual([{ number: '08', seats: 20, sessions: [{ title: 'Fall' }] }]);
    expect(await lacks(scenario)).toEqual([
      ['Band', 0, 1, 20],
      ['Algebra 1', 2, 2, 20],
    ]);
    expect(await seen(scenario, `recommendedSections { ${recommended} }`)).toEqual({ recommendedSections: await recommendation(scenario) });
    expect((await recommendation(scenario)).rooms[0].placed).toEqual([{ at: { period: { name: '2' } }, sections: 1 }]);
  });

  test('a scenario that was changed since, a course that nobody asks for, another school: nothing is added', async () => {
    const scenario = await plan();
    expect(await refusal('addRecommendedSections', { scenarioId: scenario, baseRevision: 7 })).toBe('CHANGED_MEANWHILE');
    expect(await refusal('addRecommendedSections', { scenarioId: scenario, baseRevision: 0, courseIds: [chess] })).toBe('COURSE_UNKNOWN');
    expect(await seen(scenario, 'revision')).toEqual({ revision: 0 });
    const question = `{ recommendedSections(schoolId: "${north}", schoolYear: 2027) { courses { requests } } }`;
    expect(await service.data(southPrincipal, question)).toEqual({ recommendedSections: null });
    const year = `{ recommendedSections(schoolId: "${north}", schoolYear: 2028, scenarioId: "${scenario}") { courses { requests } } }`;
    expect(await service.code(counselor, year)).toBe('BAD_USER_INPUT');
    const next = `{ recommendedSections(schoolId: "${north}") { courses { requests } } ofPlan: recommendedSections(schoolId: "${north}", scenarioId: "${scenario}") { courses { requests } } }`;
    expect(await service.data(counselor, next)).toEqual({
      recommendedSections: { courses: [] },
      ofPlan: { courses: [{ requests: 45 }, { requests: 20 }] },
    });
  });
});

describe('of a schedule that is planned', () => {
  let scenario: string;
  const seat = (n: number, sectionIds: readonly string[]) =>
    does(counselor, 'setScenarioSeats', { scenarioId: scenario, studentId: pupil(n), sectionIds, seenSectionIds: [] });
  beforeAll(async () => {
    await service.sql(`update course_request set status = 'WITHDRAWN' where school_id = $1`, [north]);
    await ask(201, 5, [chess], { grade: '11' });
    await ask(211, 1, [chess, band], { grade: '12', programs: ['ENGLISH_LEARNER'] });
    await ask(212, 1, [], { grade: '12', programs: ['SPECIAL_EDUCATION'] });
    scenario = await plan();
    const add = async (number: string, periodId: string): Promise<string> =>
      (
        await does(
          counselor,
          'addScenarioSection',
          {
            scenarioId: scenario,
            courseId: chess,
            number,
            sessionIds: semesters,
            seats: 6,
            meetings: [{ periodId }],
            teacherId: colleague.subject,
          },
          'sectionId',
        )
      ).sectionId;
    const [full] = [await add('1', period(1)), await add('2', period(3))];
    for (const n of [201, 202, 203, 204, 211]) await seat(n, [full!]);
  });

  test('what is not good is told with its cost, the dearest first, and summed up by rule', async () => {
    const { concerns, concernTotals } = await seen(
      scenario,
      'concerns(first: 2) { code sentence cost sectionIds students { id } teacher { id } } concernTotals { code concerns cost }',
    );
    expect(concernTotals).toEqual([
      { code: 'STILL_OPEN', concerns: 3, cost: 4 },
      { code: 'UNEVEN_SECTIONS', concerns: 1, cost: 2 },
      { code: 'EMPTY_PERIODS', concerns: 10, cost: 10 },
    ]);
    expect(concerns.map(({ code, cost }: Record<string, unknown>) => [code, cost])).toEqual([
      ['STILL_OPEN', 2],
      ['UNEVEN_SECTIONS', 2],
    ]);
    expect(concerns[1].sentence).toBe('Chess has 5 students in section 1 and 0 in section 2.');
    expect(concerns[1].students).toHaveLength(5);
    const empty = (await seen(scenario, 'concerns(code: "EMPTY_PERIODS") { sentence students { id } }')).concerns;
    expect(empty).toHaveLength(10);
    expect(empty[0]).toEqual({ sentence: 'A student has no class in 2 and 3 in Fall.', students: [{ id: pupil(201) }] });
    expect(await service.code(counselor, `{ scenario(id: "${scenario}") { concerns(first: 501) { code } } }`)).toBe('BAD_USER_INPUT');
  });

  test('seats by grade and period tell who has no class then, and where somebody could still be seated', async () => {
    const { seatsByGrade } = await seen(
      scenario,
      'seatsByGrade { grade at { session { title } period { name } } students withoutClass seats seatsLeft }',
    );
    const fall = seatsByGrade.filter(
      ({ grade, at }: { grade: string; at: { session: { title: string } } }) => grade === '11' && at.session.title === 'Fall',
    );
    expect(fall).toEqual([
      { grade: '11', at: { session: { title: 'Fall' }, period: { name: '1' } }, students: 5, withoutClass: 1, seats: 5, seatsLeft: 1 },
      { grade: '11', at: { session: { title: 'Fall' }, period: { name: '2' } }, students: 5, withoutClass: 5, seats: 0, seatsLeft: 0 },
      { grade: '11', at: { session: { title: 'Fall' }, period: { name: '3' } }, students: 5, withoutClass: 5, seats: 5, seatsLeft: 6 },
    ]);
  });

  test('each student who asked has a line, who fared worst first, page by page, by grade and by program', async () => {
    const lines = async (which: string) =>
      (
        await seen(
          scenario,
          `fairness(${which}) { nodes { student { id } primary requests percent bestPercent gradeMedianPercent byPriority { priority primary requests } sentence }
             pageInfo { hasNextPage endCursor } }`,
        )
      ).fairness;
    const first = await lines('first: 2');
    expect(first.nodes).toEqual([
      {
        ...{ student: { id: pupil(205) }, primary: 0, requests: 1, percent: 0, bestPercent: 100, gradeMedianPercent: 100 },
        byPriority: [{ priority: 1, primary: 0, requests: 1 }],
        sentence:
          '0 of 1 request is met as asked: 0.0 % of what was asked, weighed by priority; with endless seats this timetable would hold 100.0 %. The median of grade 11 is 100.0 %.',
      },
      {
        ...{ student: { id: pupil(211) }, primary: 1, requests: 2, percent: 50, bestPercent: 50, gradeMedianPercent: 50 },
        byPriority: [{ priority: 1, primary: 1, requests: 2 }],
        sentence:
          '1 of 2 requests are met as asked: 50.0 % of what was asked, weighed by priority; no loading of this timetable could give this student more. The median of grade 12 is 50.0 %.',
      },
    ]);
    const rest = await lines(`after: "${first.pageInfo.endCursor}"`);
    expect(rest.nodes.map(({ student }: { student: { id: string } }) => student.id)).toEqual([201, 202, 203, 204].map(pupil));
    expect(rest.pageInfo.hasNextPage).toBe(false);
    const students = async (which: string) => (await lines(which)).nodes.map(({ student }: { student: { id: string } }) => student.id);
    expect(await students('program: "ENGLISH_LEARNER"')).toEqual([pupil(211)]);
    expect(await students('grade: "12"')).toEqual([pupil(211)]);
    expect(await students(`studentId: "${pupil(203)}"`)).toEqual([pupil(203)]);
    expect(await students(`studentId: "${pupil(212)}"`)).toEqual([]);
  });

  test('satisfaction counts every grade and program, and those who asked for nothing apart', async () => {
    const { satisfaction } = await seen(
      scenario,
      'satisfaction { group students withoutRequests requests primaryPercent completePercent }',
    );
    expect(satisfaction.filter(({ group }: { group: string }) => !group.startsWith('GRADE 09'))).toEqual([
      { group: 'ALL', students: 6, withoutRequests: 66, requests: 7, primaryPercent: (100 * 5) / 7, completePercent: (100 * 4) / 6 },
      { group: 'GRADE 11', students: 5, withoutRequests: 0, requests: 5, primaryPercent: 80, completePercent: 80 },
      { group: 'GRADE 12', students: 1, withoutRequests: 1, requests: 2, primaryPercent: 50, completePercent: 0 },
      { group: 'PROGRAM ENGLISH_LEARNER', students: 1, withoutRequests: 0, requests: 2, primaryPercent: 50, completePercent: 0 },
      { group: 'PROGRAM SPECIAL_EDUCATION', students: 0, withoutRequests: 1, requests: 0, primaryPercent: 100, completePercent: 100 },
    ]);
  });

  test('a missed request has its reason, and repairs as words and as what the verbs take, in periods and titles and not in ids', async () => {
    const { unmet } = await seen(
      scenario,
      `unmet { student { id } code reason repair noRepair repairs { kind words alternate sectionId seats movedSectionId course { title }
         meetings { period { name } } teacher { id } room { id } students { id } alsoMoved { student { id } fromSectionId toSectionId } } }`,
    );
    const [full, open] = (await seen(scenario, `sections(courseId: "${chess}") { nodes { sectionId number } }`)).sections.nodes.map(
      ({ sectionId }: { sectionId: string }) => sectionId,
    );
    expect([full, open]).toHaveLength(2);
    const none = { seats: null, movedSectionId: null, meetings: null, teacher: null, room: null, students: [], alsoMoved: [] };
    const last = unmet.find(({ student }: { student: { id: string } }) => student.id === pupil(205));
    expect(last).toMatchObject({ code: 'COULD_BE_SEATED', repair: 'Seat Chess (1) in 1.', noRepair: null });
    expect(last.repairs).toEqual([
      {
        ...{ kind: 'SEAT', words: last.repair, alternate: 0, sectionId: full, course: { title: 'Chess' } },
        ...none,
      },
    ]);
    expect(unmet.find(({ student }: { student: { id: string } }) => student.id === pupil(211))).toEqual({
      ...{ student: { id: pupil(211) }, code: 'NOT_OFFERED', reason: 'Band is not offered: no section with seats is placed.' },
      ...{ repair: null, repairs: [], noRepair: expect.stringMatching(/^The student has no class in 2 and 3\. No section of Band/) },
    });
  });
});

describe('the curve of a run', () => {
  const points = async (run: string): Promise<{ seconds: number; best: number }[]> =>
    (await service.data(counselor, `{ scheduleRun(id: "${run}") { curve { seconds best bound unmet } } }`))['scheduleRun'].curve;
  const comes = (run: string, left: number, best: number) =>
    service.sql('update schedule_run set best = $2, bound = 9000, unmet = 3, seconds_left = $3 where id = $1', [run, best, left]);

  test('has a point for each time that it came further, at most 200, from the first to the last', async () => {
    const run = id('run', 1);
    // Over already, so that no process takes it up.
    await service.sql(
      `insert into schedule_run (id, scenario_id, school_id, kind, seconds, seed, status, scenario_revision, seconds_left, ended_at)
         values ($1, $2, $3, 'BUILD', 900, 1, 'DONE', 0, 900, now())`,
      [run, await plan(), north],
    );
    expect(await points(run)).toEqual([]);
    await comes(run, 899, 1);
    await comes(run, 898, 1);
    await comes(run, 897, 5);
    const first = { seconds: 1, best: 1, bound: 9000, unmet: 3 };
    expect(await points(run)).toEqual([first, { ...first, seconds: 3, best: 5 }]);
    for (let n = 1; n <= 450; n++) await comes(run, 897 - n, 5 + n);
    const all = await points(run);
    expect(all.length).toBeGreaterThan(100);
    expect(all.length).toBeLessThanOrEqual(200);
    expect([all[0], all.at(-1)!.best]).toEqual([first, 455]);
    expect(all.map(({ seconds }) => seconds)).toEqual(all.map(({ seconds }) => seconds).toSorted((a, b) => a - b));
  });

  test('is that of what a run found', async () => {
    const scenario = await plan();
    const { id: run } = await does(counselor, 'startRun', { scenarioId: scenario, kind: 'LOAD', seconds: 5 });
    const over = async (): Promise<void> => {
      const { scheduleRun } = await service.data(counselor, `{ scheduleRun(id: "${run}") { endedAt } }`);
      if (scheduleRun.endedAt) return;
      await new Promise((done) => setTimeout(done, 50));
      return over();
    };
    await over();
    const { best } = (await service.data(counselor, `{ scheduleRun(id: "${run}") { best } }`))['scheduleRun'];
    expect((await points(run)).at(-1)).toMatchObject({ best });
  });
});
