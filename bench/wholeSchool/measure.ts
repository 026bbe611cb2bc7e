/**
 * A whole school through the graph alone, as a counselor would: the package imported, requests counted, a scenario made, built, compared,
 * explained and committed, until the teacher's roll shows who sits there; and runs that are cancelled, and one whose service is killed. The
 * system is five processes over a PostgreSQL of its own; all questions are HTTP requests to the gateway.
 *
 *   npm run bench -- wholeSchool --seed S [--students 3200] [--seconds 60] [--only school,interruptions]
 */
import { GraphError, type GraphClient } from '@rollbook/district/importing/graphClient.ts';
import { generateSchool, type School } from '@rollbook/timetable';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { does, isOver, openOffice, runOf, until, wait, type Office } from './counselor.ts';
import { cancelRuns, killInTheMiddle } from './interruptions.ts';
import { bringPeople, bringYear, importing, packageOf, personId, schoolId, year } from './school.ts';

interface Options {
  readonly seed: number;
  readonly students: number;
  readonly seconds: number;
  readonly parts: readonly string[];
}

function optionsOf(args: string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      ...{ seed: text, students: { ...text, default: '3200' }, seconds: { ...text, default: '60' } },
      only: { ...text, default: 'school,interruptions' },
    },
  });
  const [seed, students, seconds] = (['seed', 'students', 'seconds'] as const).map((name) => {
    const number = Number(values[name]);
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} must be a whole number from 1, not "${values[name]}".`);
    return number;
  }) as [number, number, number];
  return { seed, students, seconds, parts: values.only.split(',') };
}

export async function measure(args: string[]): Promise<Record<string, unknown>> {
  const { seed, students, seconds, parts } = optionsOf(args);
  const school = generateSchool({ seed, students });
  const dir = mkdtempSync(join(tmpdir(), 'rollbook-whole-school-'));
  const office = await openOffice(dir);
  try {
    await timed('the people come in', () => bringPeople(office.administrator, school));
    const imported = await importSchool(office, school);
    const planned = await plan(office, seconds, seed);
    const committed = parts.includes('school') ? await commit(office, school, planned.scenarioId) : {};
    const interrupted = parts.includes('interruptions') ? await interrupt(office, planned.firstId, planned.scenarioId, seconds) : {};
    const { scenarioId: _, firstId: __, ...figures } = planned;
    return { seed, students, ...imported, ...figures, ...committed, ...interrupted };
  } finally {
    await office.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Does a step, and tells how long it took. */
async function timed<T>(what: string, work: () => Promise<T>): Promise<{ answer: T; seconds: number }> {
  const begun = performance.now();
  const answer = await work();
  const seconds = Math.round(performance.now() - begun) / 1_000;
  console.log(`  ${seconds.toFixed(2).padStart(7)} s  ${what}`);
  return { answer, seconds };
}

async function importSchool({ administrator, counselor }: Office, school: School) {
  await bringYear(administrator, school);
  // Who is enrolled is told to the scheduling service by events; what a sheet asks for does not wait for them.
  const parts = packageOf(school);
  const imported = await timed(`the package comes in, ${parts.length} calls`, async () => {
    for (const part of parts) {
      const answer = await does<{ refused: number; rows: { code: string | null }[] }>(
        counselor,
        'importRequests',
        { ...importing, files: [part] },
        'refused rows { file line column code message }',
      );
      if (answer.refused) throw new Error(`The package is refused: ${JSON.stringify(answer.rows.find(({ code }) => code))}`);
    }
  });
  const tally = await timed('requests are counted', () =>
    counselor.ask<{ requestTally: { requests: number }[] }>(
      'query ($s: ID!, $y: Int!) { requestTally(schoolId: $s, schoolYear: $y) { course { number } requests asAlternate sections seats } }',
      { s: schoolId, y: year.schoolYear },
    ),
  );
  const requests = tally.answer.requestTally.reduce((sum, row) => sum + row.requests, 0);
  return { importSeconds: imported.seconds, tallyMs: Math.round(tally.seconds * 1_000), requests };
}

const figureFields = 'primaryPercent metPercent completePercent holes';
interface Figures {
  readonly primaryPercent: number;
}
interface Group {
  readonly group: string;
  readonly completePercent: number;
}

/** Two scenarios: the live sections as they are, and a copy of them that is built. */
async function plan({ counselor }: Office, seconds: number, seed: number) {
  const { schoolYear } = year;
  const first = await timed('a scenario is made', () =>
    does<{ id: string }>(counselor, 'addScenario', { schoolId, schoolYear, name: 'First' }),
  );
  const firstId = first.answer.id;
  const { id: scenarioId } = await does<{ id: string }>(counselor, 'copyScenario', { scenarioId: firstId, name: 'Built' });
  const built = await timed(`it is built, with ${seconds} s given`, async () => {
    const { id } = await does<{ id: string }>(counselor, 'startRun', { scenarioId, kind: 'BUILD', seconds, seed });
    return until(1_000, 3 * seconds + 60, async () => {
      const run = await runOf(counselor, id);
      if (run.best && Math.round(run.secondsLeft) % 10 === 0)
        console.log(`             best ${run.best} of ${run.bound}, ${run.unmet} unmet, ${Math.round(run.secondsLeft)} s left`);
      return isOver(run) ? run : null;
    });
  });
  if (!built.answer.applied) throw new Error('What was built is not in its scenario.');
  const compared = await timed('both are compared', () =>
    counselor.ask<{ compareScenarios: { scenarios: Figures[]; differingStudents: unknown[] } }>(
      `query ($ids: [ID!]!) { compareScenarios(ids: $ids) { scenarios { ${figureFields} } differingStudents { id } } }`,
      { ids: [firstId, scenarioId] },
    ),
  );
  const explained = await timed('what is missed is explained', () =>
    counselor.ask<{ scenario: { unmet: unknown[] } }>(
      'query ($id: ID!) { scenario(id: $id) { unmet { requestId student { id } code reason repair } } }',
      { id: scenarioId },
    ),
  );
  const satisfied = await timed('who is satisfied', () =>
    counselor.ask<{ scenario: { satisfaction: Group[]; faults: unknown[] } }>(
      'query ($id: ID!) { scenario(id: $id) { satisfaction { group students primaryPercent completePercent } faults { code sentence } } }',
      { id: scenarioId },
    ),
  );
  return {
    ...{ scenarioId, firstId, buildSeconds: built.seconds, compareSeconds: compared.seconds, explainSeconds: explained.seconds },
    primaryPercent: rounded(compared.answer.compareScenarios.scenarios[1]!.primaryPercent),
    allPrimaryPercent: rounded(satisfied.answer.scenario.satisfaction.find(({ group }) => group === 'ALL')!.completePercent),
    unmet: explained.answer.scenario.unmet.length,
    ...{ faults: satisfied.answer.scenario.faults.length, satisfactionSeconds: satisfied.seconds },
  };
}

/** Commits while somebody at the office goes on holding seats, and looks at the teachers' rolls until they show who sits there. */
async function commit(office: Office, school: School, scenarioId: string) {
  const { counselor } = office;
  const { scenario } = await counselor.ask<{ scenario: { revision: number; sections: { nodes: ScenarioSection[] } } }>(
    'query ($id: ID!) { scenario(id: $id) { revision sections(first: 100) { nodes { sectionId seats seatsTaken } } } }',
    { id: scenarioId },
  );
  const spacious = scenario.sections.nodes.find(({ seats, seatsTaken }) => seats - seatsTaken > 1)!;
  const holding = holdSeats(counselor, spacious.sectionId, personId(school.students[0]!.id));
  const input = { scenarioId, baseRevision: scenario.revision, reason: 'Next year', begins: year.begins };
  const committed = await timed('it is committed', () => does(counselor, 'commitScenario', input, 'status'));
  const held = await holding.end();
  console.log(
    `             a seat was held ${held.times} times meanwhile; the longest took ${held.longestMs} ms, ${held.refused} were refused`,
  );
  const shown = await timed("the teachers' rolls show who sits there", () => untilRollsShow(office, school));
  return {
    ...{ commitSeconds: committed.seconds, holdWaitedMs: held.longestMs, holdsRefused: held.refused },
    rollShowsAfterMs: Math.round(shown.seconds * 1_000),
  };
}

interface ScenarioSection {
  readonly sectionId: string;
  readonly seats: number;
  readonly seatsTaken: number;
}

/** A walk-in at the office, all the time: a seat is held and given back. */
function holdSeats(counselor: GraphClient, sectionId: string, studentId: string) {
  const held = { times: 0, longestMs: 0, refused: 0 };
  let isOver = false;
  const working = (async () => {
    while (!isOver) {
      const begun = performance.now();
      try {
        const { id } = await does<{ id: string }>(counselor, 'holdSeats', { sectionIds: [sectionId], studentId });
        await does(counselor, 'releaseHold', { holdId: id });
      } catch (error) {
        if (!(error instanceof GraphError)) throw error;
        held.refused++;
      }
      held.times++;
      held.longestMs = Math.max(held.longestMs, Math.round(performance.now() - begun));
      await wait(20);
    }
    return held;
  })();
  return { end: () => ((isOver = true), working) };
}

interface Day {
  readonly myDay: { section: { id: string }; roll: { entries: { student: { id: string } }[] } | null }[];
}

/** Of each teacher's first day: until every roll of the attendance service has just the students whom the scenario seats there. */
async function untilRollsShow(office: Office, school: School): Promise<void> {
  const { counselor } = office;
  const [teacher] = school.sections.flatMap(({ teacherId }) => (teacherId ? [personId(teacherId)] : []));
  const asTeacher = await office.as({ subject: teacher!, grants: [{ role: 'TEACHER', schoolId }], students: [] });
  const seated = new Map<string, string>();
  await until(20, 60, async () => {
    const { myDay } = await asTeacher.ask<Day>(
      'query ($on: Date!) { myDay(date: $on) { section { id } roll { entries { student { id } } } } }',
      {
        on: year.begins,
      },
    );
    for (const { section } of myDay) if (!seated.has(section.id)) seated.set(section.id, await seatedIn(counselor, section.id));
    const asSeated = ({ section, roll }: Day['myDay'][number]) =>
      roll?.entries
        .map(({ student }) => student.id).sort().join() === seated.get(section.id); // prettier-ignore
    return myDay.length > 0 && myDay.every(asSeated) ? true : null;
  });
}

/** The students of a section, as the live roster has them now. */
async function seatedIn(counselor: GraphClient, sectionId: string): Promise<string> {
  const { section } = await counselor.ask<{ section: { roster: { student: { id: string } }[] } }>(
    'query ($id: ID!, $on: Date!) { section(id: $id) { roster(on: $on) { student { id } } } }',
    { id: sectionId, on: year.begins },
  );
  return section.roster.map(({ student }) => student.id).sort().join(); // prettier-ignore
}

/** Runs that are cancelled, on copies of a school that is not placed yet (builds) and of one that is (loads), and one that is killed. */
async function interrupt(office: Office, firstId: string, builtId: string, seconds: number) {
  const { counselor } = office;
  const copy = async (scenarioId: string, name: string) => (await does<{ id: string }>(counselor, 'copyScenario', { scenarioId, name })).id;
  const cancelled = [
    ...(await cancelRuns(counselor, 'BUILD', await copy(firstId, 'Builds that end early'))),
    ...(await cancelRuns(counselor, 'LOAD', await copy(builtId, 'Loads that end early'))),
  ];
  for (const { kind, after, ms, kept } of cancelled)
    console.log(`  ${String(ms).padStart(7)} ms a ${kind} is cancelled, ${after}${kept ? '' : '; it had nothing yet'}`);
  const resumed = await killInTheMiddle(office, await copy(firstId, 'Killed'), Math.min(seconds, 30));
  console.log(`             killed: the checkpoint was ${resumed.checkpointAgeSeconds} s old; the run ended as ${resumed.endedAs}`);
  return {
    cancelMs: Math.max(...cancelled.map(({ ms }) => ms)),
    cancelledWithNothing: cancelled.filter(({ kept }) => !kept).length,
    ...{ resumeCheckpointAgeSeconds: rounded(resumed.checkpointAgeSeconds), resumedAfterSeconds: rounded(resumed.resumedAfterSeconds) },
    resumedEndedAs: resumed.endedAs,
  };
}
